"""Builds the mailboxes on a server from their section of the configuration: one module each, imported only when chosen."""

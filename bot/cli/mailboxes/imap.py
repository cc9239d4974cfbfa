"""Builds the mailbox of kind "imap"."""

from bot.config.mailboxes import Imap
from bot.errors import ConfigError
from bot.mailbox.base import Mailbox


def connect(config: Imap) -> Mailbox:
    """The mailbox; nothing is connected before the first call. Raises ConfigError."""
    raise ConfigError(f"[mailbox] kind {config.kind} does not work in this version; use maildir.")

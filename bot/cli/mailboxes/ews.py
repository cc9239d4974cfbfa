"""Builds the mailbox of kind "ews"."""

from bot.config.mailboxes import Ews
from bot.errors import ConfigError
from bot.mailbox.base import Mailbox


def connect(config: Ews) -> Mailbox:
    """The mailbox; nothing is connected before the first call. Raises ConfigError."""
    raise ConfigError(f"[mailbox] kind {config.kind} does not work in this version; use maildir.")

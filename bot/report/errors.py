"""What can go wrong with a document."""

from bot.errors import BotError


class ReportError(BotError):
    """A document that cannot be written: the format's library is not installed, or the folder does not take it."""

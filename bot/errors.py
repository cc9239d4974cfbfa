"""Our own errors: what went wrong, in one plain sentence that says what to do. The sender's faults are flaws (`rules.model.Flaw`)."""

from datetime import timedelta


class BotError(Exception):
    """Something that an operator must know. `again` says whether the same step may succeed later; `code` is the exit code."""

    code = 1

    def __init__(self, message: str, *, again: bool = False) -> None:
        super().__init__(message)
        self.again = again


class ConfigError(BotError):
    """Usage or configuration: a person must change something first."""

    code = 2


class StoreError(BotError):
    """The database is out of reach, locked, full or damaged."""

    code = 3


class MailboxError(BotError):
    """The mailbox is out of reach or refused what was asked.

    `again` says whether the server may take it later (transient) or never without a person's help (permanent). `wait`: how long the
    server itself asks to be left alone.
    """

    code = 3

    def __init__(self, message: str, *, again: bool = False, wait: timedelta | None = None) -> None:
        super().__init__(message, again=again)
        self.wait = wait


class MailboxDenied(MailboxError):
    """The server does not believe us: password, certificate or rights. Trying often would lock the account; the jobs try seldom."""


class MailRefused(MailboxError):
    """The server will never take this one mail; the others may go. Any other MailboxError means that they all must wait."""

    code = 1


class RegisterError(BotError):
    """A register file that cannot be read as a whole; nothing was changed."""


class TemplateError(BotError):
    """A mail template that cannot be rendered."""

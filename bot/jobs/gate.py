"""Leaves a mail server alone that asked for it, or that does not believe us: trying on would lock the account."""

from datetime import datetime, timedelta

from pydantic import SecretStr

from bot.errors import MailboxDenied, MailboxError
from bot.jobs.office import Office
from bot.store import engine as db
from bot.store import jobs

DENIED = timedelta(minutes=20)  # at most three tries an hour
LONGEST = timedelta(hours=1)
_NAME = "mailbox_rest"
DENIED_UNTIL = "mailbox_denied"
"""What is remembered for the judgement of health: until when the mailbox is left alone because it does not believe us."""


def shut(office: Office, now: datetime, error: MailboxError) -> None:
    """Notes until when the mailbox is left alone after this error, if at all."""
    rest = DENIED if isinstance(error, MailboxDenied) else min(error.wait or timedelta(), LONGEST)
    if rest > timedelta():
        with db.write(office.engine) as tx:
            jobs.remember(tx, _NAME, f"{(now + rest).isoformat()} {_connection(office)} {error}")
            jobs.remember(tx, DENIED_UNTIL, (now + rest).isoformat() if isinstance(error, MailboxDenied) else "")


def check(office: Office, now: datetime) -> None:
    """Raises MailboxError, with what was wrong, while the mailbox is to be left alone. A changed connection is tried at once."""
    with db.read(office.engine) as tx:
        until, _, rest = jobs.recall(tx, _NAME).partition(" ")
    connection, _, problem = rest.partition(" ")
    if until and connection == _connection(office) and now < (end := datetime.fromisoformat(until)) <= now + LONGEST:
        at = end.astimezone(office.config.bot.timezone)
        raise MailboxError(f"{problem} It is tried again at {at:%H:%M}; a changed [mailbox] is tried at once.", again=True)


def _connection(office: Office) -> str:
    """A keyed hash of everything in [mailbox], passwords too."""
    values = office.config.mailbox.model_dump().items()
    return office.key(*(f"{k}={v.get_secret_value() if isinstance(v, SecretStr) else v}" for k, v in values))

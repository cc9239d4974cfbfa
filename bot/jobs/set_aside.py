"""What an operator does with letters in quarantine."""

from datetime import datetime

from sqlalchemy import Connection, RowMapping

from bot.errors import ConfigError
from bot.jobs.office import Office
from bot.mailbox.base import LetterId
from bot.store import engine as db
from bot.store import letters
from rules.model import Folder


def in_quarantine(tx: Connection, letter: int) -> RowMapping:
    """The ledger row of a letter in quarantine. Raises ConfigError when there is none."""
    row = letters.get(tx, letter)
    if row is None or row["folder"] != Folder.QUARANTINE:
        raise ConfigError(f"There is no letter {letter} in quarantine; `ivobot quarantine list` shows them.")
    return row


def retry(office: Office, letter: int, now: datetime) -> None:
    """Lets a letter be read once more, from the beginning: it loses its ledger row and lies in the inbox.

    Only one that could not be read: any other was read, and may have been answered. Killed in between, it can be retried again.
    """
    with db.read(office.engine) as tx:
        row = in_quarantine(tx, letter)
    if not row["reason"].startswith("unreadable:"):
        raise ConfigError(f"Letter {letter} was read, and is kept for what it holds; ask its sender to send a new one.")
    office.mailbox.prepare()
    moved = office.mailbox.file({LetterId(row["mailbox_id"]): Folder.INBOX})
    if not moved:
        raise ConfigError(f"Letter {letter} is no longer where it was put; if it is still wanted, move it to the inbox by hand.")
    with db.write(office.engine) as tx:
        letters.forget(tx, letter)


def drop(office: Office, letter: int, now: datetime) -> None:
    """Deletes a letter from the mailbox; the ledger keeps that it was there."""
    with db.read(office.engine) as tx:
        row = in_quarantine(tx, letter)
    office.mailbox.prepare()
    office.mailbox.delete([LetterId(row["mailbox_id"])])
    with db.write(office.engine) as tx:
        letters.change(tx, letter, folder=Folder.DONE, found_in=Folder.DONE, reason=f"{row['reason']}:dropped", filed=now, settled=now)

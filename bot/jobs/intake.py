"""Reads what waits in the inbox: each letter in one transaction, then each is filed."""

from collections.abc import Iterator, Sequence
from datetime import datetime
from itertools import islice

from bot.errors import BotError, MailboxError
from bot.jobs.office import Office
from bot.jobs.take_in import take_in, take_in_unreadable
from bot.log import Logger
from bot.mailbox.base import Folder, Letter, LetterId, Unreadable
from bot.stop import Stop
from bot.store import engine as db
from bot.store import letters

BATCH = 50  # letters fetched together: bounds memory, and how long a stop waits

log = Logger("intake")


def intake(office: Office, now: datetime, stop: Stop) -> int:
    """Reads every new letter once; gives how many. May be run any number of times.

    A letter without a ledger row is unprocessed. What a killed run read but did not file is filed first.
    """
    file_waiting(office, now)
    count = 0
    for batch in _batches(office):
        for item in office.mailbox.fetch(batch):
            count += _take_in(office, item, now)
            if stop.wanted:
                break
        file_waiting(office, now)
        if stop.wanted:
            break
    return count


def _take_in(office: Office, item: Letter | Unreadable, now: datetime) -> int:
    """One letter in one transaction; 1 when it is new. One that the program itself fails on is kept in quarantine, and the next is read."""
    if isinstance(item, Letter):
        try:
            with db.write(office.engine) as tx:
                return int(take_in(tx, office, item, now) is not None)
        except Exception as error:
            if isinstance(error, BotError) and error.again:
                raise  # database or mailbox out of reach: this letter waits with the others
            log.error("letter_failed", error=error)
            item = Unreadable(item.id, "failed")
    with db.write(office.engine) as tx:
        return int(take_in_unreadable(tx, item, now) is not None)


def _batches(office: Office) -> Iterator[Sequence[LetterId]]:
    """The inbox's letters that have no ledger row, oldest first."""
    waiting = iter(office.mailbox.waiting())
    while chunk := list(islice(waiting, BATCH)):
        with db.read(office.engine) as tx:
            known = letters.known(tx, chunk)
        if new := [letter_id for letter_id in chunk if letter_id not in known]:
            yield new


def file_waiting(office: Office, now: datetime) -> int:
    """Moves every letter that is read to the folder where it belongs; gives how many. In mode dry nothing is moved."""
    if office.dry:
        return 0
    with db.read(office.engine) as tx:
        waiting = letters.unfiled(tx)
    if not waiting:
        return 0
    moves = {LetterId(row["mailbox_id"]): Folder(row["folder"]) for row in waiting if row["folder"] != Folder.INBOX}
    moved = office.mailbox.file(moves) if moves else {}
    with db.write(office.engine) as tx:
        letters.filed(
            tx,
            # One that is gone was moved or deleted by a person meanwhile; it waits for nothing more.
            {row["id"]: (moved.get(LetterId(row["mailbox_id"]), row["mailbox_id"]), row["folder"]) for row in waiting},
            now,
        )
    return len(moved)


def watch(office: Office, now: datetime) -> int:
    """Honours what people moved by hand: the ledger notes where each letter lies, and which are reported to IVO. Gives how many."""
    if office.dry:
        return 0
    changed = 0
    for folder in Folder:
        if folder is Folder.SENT:
            continue
        try:
            here = list(office.mailbox.waiting() if folder is Folder.INBOX else office.mailbox.listing(folder))
        except MailboxError as error:
            if not error.again:
                raise
            log.warning("folder_not_listed")
            continue
        with db.write(office.engine) as tx:
            changed += letters.found(tx, folder, here, now, reported=folder is Folder.REPORTED)
    return changed

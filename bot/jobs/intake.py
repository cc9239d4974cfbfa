"""Reads what waits in the inbox: each letter in one transaction, then each is filed."""

from collections.abc import Iterator, Sequence
from datetime import datetime

from bot.errors import BotError
from bot.jobs import commands, mailed
from bot.jobs.looking import Look, same_letter
from bot.jobs.office import Office
from bot.jobs.take_in import take_in, take_in_unreadable
from bot.log import Logger
from bot.mailbox.base import Folder, Letter, LetterId, Unreadable
from bot.stop import Stop
from bot.store import engine as db
from bot.store import letters

TRIES = 3  # so often the server may fail to give a letter before it is set aside
BATCH = 50  # letters fetched together: bounds memory, and how long a stop waits

log = Logger("intake")


def intake(office: Office, now: datetime, stop: Stop, seen: Look | None = None) -> int:
    """Reads every new letter once; gives how many. May be run any number of times. `seen`: the round's look, if there was one.

    A letter without a ledger row is unprocessed. What a killed run read but did not file is filed first.
    """
    file_waiting(office, now)
    seen = {Folder.INBOX: tuple(office.mailbox.waiting())} if seen is None else seen
    count = 0
    for batch in _batches(office, seen[Folder.INBOX]):
        for item in office.mailbox.fetch(batch):
            count += _take_in(office, item, seen, now)
            if stop.wanted:
                break
        file_waiting(office, now)
        if stop.wanted:
            break
    return count


def _take_in(office: Office, item: Letter | Unreadable, seen: Look, now: datetime) -> int:
    """One letter in one transaction; 1 when it is new. One that the program itself fails on is kept in quarantine, and the next is read."""
    if item.fingerprint and not office.dry and same_letter(office, seen, item.id, item.fingerprint, now):
        return 0  # moved back by a person, or under a new id because the server counts anew
    if isinstance(item, Letter):
        try:
            with db.read(office.engine) as tx:
                brings_register = mailed.is_register(tx, office, item, now)
            if brings_register and not office.dry:
                return mailed.take_mailed(office, item, now)
            with db.write(office.engine) as tx:
                if commands.take(tx, office, item, now) is not None:
                    return 1
                return int(take_in(tx, office, item, now) is not None)
        except Exception as error:
            if isinstance(error, BotError) and error.again:
                raise  # database or mailbox out of reach: this letter waits with the others
            log.error("letter_failed", error=error)
            item = Unreadable(item.id, "failed", item.fingerprint)
    with db.write(office.engine) as tx:
        if item.again and letters.failed_again(tx, item.id) < TRIES:
            log.warning("letter_not_given", reason=item.reason)
            return 0
        return int(take_in_unreadable(tx, office, item, now) is not None)


def _batches(office: Office, waiting: Sequence[LetterId]) -> Iterator[Sequence[LetterId]]:
    """The inbox's letters that have no ledger row, oldest first."""
    for start in range(0, len(waiting), BATCH):
        chunk = waiting[start : start + BATCH]
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

"""What the mail balance asks of the database, and what it keeps there."""

from collections.abc import Collection, Sequence
from datetime import datetime

from sqlalchemy import Connection, and_, func, or_, select, update
from sqlalchemy.dialects.sqlite import insert

from bot.store.pruning import WAITING
from bot.store.rows import chunks
from bot.store.schema import letter, stranger
from rules.balance import Expected, Stranger, Weighed
from rules.model import Folder

c, s = letter.c, stranger.c


def expected(tx: Connection, since: datetime) -> list[Expected]:
    """The letters that must lie somewhere: those read since an instant, and older ones that someone still waits for.

    What was left in the inbox is people's own, and they clear it as they like; so is an older letter that is done with.
    """
    there = and_(c.filed.is_not(None), c.folder != Folder.INBOX, c.deleted.is_(None), c.fingerprint != "", ~c.reason.endswith(":dropped"))
    wanted = or_(c.seen >= since, and_(c.folder.in_(WAITING), c.settled.is_(None)), c.missed.is_not(None))
    query = select(c.id, c.mailbox_id, c.fingerprint, c.missed.is_not(None)).where(there, wanted)
    return [Expected(*found) for found in tx.execute(query.order_by(c.id))]


def strangers(tx: Connection) -> list[Stranger]:
    """The letters in the folders that no ledger row is about, as of the last look."""
    return [Stranger(*found) for found in tx.execute(select(s.mailbox_id, s.fingerprint, s.folder, s.told).order_by(s.mailbox_id))]


def printed(tx: Connection, prints: Collection[str]) -> set[str]:
    """Which of these fingerprints (keyed hashes) the ledger knows."""
    found: set[str] = set()
    for chunk in chunks(sorted(prints)):
        found.update(tx.execute(select(c.fingerprint).where(c.fingerprint.in_(chunk))).scalars())
    return found


def keep(tx: Connection, weighed: Weighed, now: datetime) -> None:
    """Keeps what a look found."""
    for ids, at in ((weighed.missed, now), (weighed.found, None)):
        for chunk in chunks(ids):
            tx.execute(update(letter).where(c.id.in_(chunk)).values(missed=at))
    for chunk in chunks(weighed.gone):
        tx.execute(stranger.delete().where(s.mailbox_id.in_(chunk)))
    for former, each in weighed.moved.items():
        tx.execute(update(stranger).where(s.mailbox_id == former).values(mailbox_id=each.mailbox_id, folder=each.folder))
    for each in weighed.new:
        values = {"mailbox_id": each.mailbox_id, "fingerprint": each.fingerprint, "folder": each.folder, "seen": now, "told": each.told}
        tx.execute(insert(stranger).values(values).on_conflict_do_nothing(index_elements=[s.mailbox_id]))


def missed_since(tx: Connection, since: datetime) -> Sequence[int]:
    """The letters of which it was noticed after an instant that they lie nowhere, and that have not turned up again."""
    return tx.execute(select(c.id).where(c.missed > since).order_by(c.id)).scalars().all()


def strangers_since(tx: Connection, since: datetime) -> dict[str, int]:
    """How many letters turned up after an instant in which folders without having come through the inbox."""
    query = select(s.folder, func.count()).where(s.told, s.seen > since).group_by(s.folder).order_by(s.folder)
    return {folder: number for folder, number in tx.execute(query)}

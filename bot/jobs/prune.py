"""Gallring: what is done with goes, as far as [prune] says so. Everything is off until the board has decided it.

Letters go to the deleted items some days after the reporter's tick. What the ledger and the outbox know of people goes when the letters are
gone. Closed rows become anonymous facts, which statistics count on. Each may be run any number of times, and be killed anywhere.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import TypeVar

from bot.clock import local_instant
from bot.jobs import kept as texts
from bot.jobs.office import Office
from bot.log import Logger
from bot.mailbox.base import Folder, LetterId
from bot.stop import Stop
from bot.store import engine as db
from bot.store import jobs, letters, pruning
from rules.pruning import done_with

BATCH = 50  # letters deleted together
JUMP = timedelta(days=7)
T = TypeVar("T")

log = Logger("prune")


@dataclass(frozen=True, slots=True)
class Pruned:
    """How many letters were deleted, ledger rows and mails lost what they held of people, rows became facts, and kept texts went."""

    letters: int = 0
    ledger: int = 0
    mails: int = 0
    rows: int = 0
    texts: int = 0

    @property
    def all(self) -> int:
        """Everything together."""
        return self.letters + self.ledger + self.mails + self.rows + self.texts


def daily(office: Office, now: datetime, stop: Stop) -> int:
    """Prunes once a local day; gives how much. What a stop or a fault left is done at the next tick.

    What cannot be undone waits for a second day when more than a week lies between two days, for then the clock may simply be wrong.
    """
    today = office.today(now)
    with db.read(office.engine) as tx:
        last = jobs.recall(tx, "prune")
    if last == str(today):
        return 0
    steady = bool(last) and abs(today - date.fromisoformat(last)) <= JUMP
    done = prune(office, now, stop, for_good=steady)
    if not stop.wanted:
        with db.write(office.engine) as tx:
            jobs.remember(tx, "prune", str(today))
    return done.all


def prune(office: Office, now: datetime, stop: Stop, *, dry_run: bool = False, for_good: bool = True) -> Pruned:
    """Prunes all that [prune] lets go by now, or with dry_run only counts it. In mode dry the mailbox keeps its letters.

    for_good: also what cannot be undone; letters only go to the deleted items.

    Raises MailboxError and StoreError; what was done until then stays done.
    """
    settings = office.config.prune
    deleted = _letters(office, now, stop, dry_run=dry_run) if settings.delete_reported_letters and not office.dry else 0
    ledger, mails = _people(office, now, stop, dry_run=dry_run) if settings.ledger_days and for_good else (0, 0)
    rows = _rows(office, now, stop, dry_run=dry_run) if settings.closed_days and for_good else 0
    done = Pruned(deleted, ledger, mails, rows, 0 if dry_run or stop.wanted else texts.prune_kept(office, now))
    if done.all and not dry_run:
        log.info("pruned", letters=done.letters, ledger=done.ledger, mails=done.mails, rows=done.rows, texts=done.texts)
    return done


def _before(office: Office, now: datetime, days: int) -> datetime:
    """The instant before which something lies so many whole local days back."""
    return local_instant(office.today(now) - timedelta(days=days - 1), time(0), office.config.bot.timezone)


def _letters(office: Office, now: datetime, stop: Stop, *, dry_run: bool) -> int:
    """Deletes letters that were ticked so long ago and lie among the reported ones at this very look.

    Noted first, deleted then: one that a kill left where it is is simply deleted again, and none is missed.
    """
    before = _before(office, now, office.config.prune.after_days)
    lying = tuple(office.mailbox.listing(Folder.REPORTED))
    with db.read(office.engine) as tx:
        due = pruning.ticked(tx, lying, before)
    if dry_run:
        return len(due)
    for batch in _parts(due, stop):
        with db.write(office.engine) as tx:
            pruning.note_deleted(tx, [letter_id for letter_id, _ in batch], now)
        office.mailbox.delete([LetterId(mailbox_id) for _, mailbox_id in batch])
    return len(due)


def _people(office: Office, now: datetime, stop: Stop, *, dry_run: bool) -> tuple[int, int]:
    """Takes senders and ids from old ledger rows whose letters lie nowhere, and addresses and facts from old mails."""
    before = _before(office, now, office.config.prune.ledger_days)
    with db.read(office.engine) as tx:
        old, mails = pruning.old_letters(tx, before), pruning.old_mails(tx, before)
    gone = _gone(office, old) if old else []
    if dry_run:
        return len(gone), mails
    for batch in _parts(gone, stop):
        with db.write(office.engine) as tx:
            pruning.forget_letters(tx, batch)
    if mails:
        with db.write(office.engine) as tx:
            mails = pruning.forget_mails(tx, before)
    return len(gone), mails


def _gone(office: Office, old: Sequence[tuple[int, str, str]]) -> list[int]:
    """Those of these letters that lie nowhere: neither under their id nor, moved by a person just now, under another."""
    lying = {id for folder in Folder if folder is not Folder.SENT for id in office.mailbox.listing(folder)}
    away = [each for each in old if each[1] not in lying]
    if not away:
        return []
    with db.read(office.engine) as tx:
        unknown = sorted(lying - letters.known(tx, sorted(lying)))
    prints = {office.key("letter", found) for found in office.mailbox.fingerprints(unknown).values()} if unknown else set()
    return [letter_id for letter_id, _, fingerprint in away if fingerprint not in prints]


def _rows(office: Office, now: datetime, stop: Stop, *, dry_run: bool) -> int:
    """Makes closed rows anonymous, newest first, so that one that another followed goes in the same run."""
    today = office.today(now)
    through = closed_through(office, today)
    count = 0
    while through is not None and not stop.wanted:
        with db.read(office.engine) as tx:
            found = [row.id for row in pruning.closed(tx, through) if done_with(row, today)]
            waiting = pruning.unreported(tx, found)
        done = [row_id for row_id in found if row_id not in waiting]
        if dry_run or not done:
            return len(done) if dry_run else count
        with db.write(office.engine) as tx:
            pruning.anonymise(tx, done, today, now)
        count += len(done)
    return count


def closed_through(office: Office, today: date) -> date | None:
    """Rows closed on this day or before are pruned and do not come back; None when none ever is."""
    days = office.config.prune.closed_days
    return today - timedelta(days=days) if days else None


def _parts(items: Sequence[T], stop: Stop) -> Iterator[Sequence[T]]:
    """The items a batch at a time, until a stop is wished for."""
    for start in range(0, len(items), BATCH):
        if stop.wanted:
            return
        yield items[start : start + BATCH]

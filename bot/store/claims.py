"""What is due of each row, and which milestones are taken: the insert is the claim."""

from collections.abc import Iterable, Sequence
from datetime import date

from sqlalchemy import Connection, select
from sqlalchemy.dialects.sqlite import insert

from bot.store.bulk import execute_many, iso
from bot.store.rows import chunks, load
from bot.store.schema import claim, register_row
from rules.model import Closing, Entry, Row
from rules.plan import Claim, Planner

c = register_row.c


def claims(tx: Connection, ids: Sequence[int]) -> dict[int, dict[tuple[int, str], Claim]]:
    """What is taken of each row's present start."""
    found: dict[int, dict[tuple[int, str], Claim]] = {row_id: {} for row_id in ids}
    for chunk in chunks(ids):
        query = (
            select(claim)
            .join(register_row, register_row.c.id == claim.c.row_id)
            .where(claim.c.row_id.in_(chunk), claim.c.start == register_row.c.start)
        )
        for r in tx.execute(query).mappings():
            found[r["row_id"]][r["k"], r["milestone"]] = Claim(r["day"], sent=r["mail_id"] is not None)
    return found


def take(tx: Connection, row: Row, k: int, milestone: str, day: date, mail_id: int | None, noted: date | None = None) -> bool:
    """Takes a milestone's key; False when it was taken before. No mail_id: it is superseded, as was noted on `noted` (default: `day`)."""
    values = {"row_id": row.id, "start": row.entry.start, "k": k, "milestone": milestone, "day": day, "mail_id": mail_id}
    values["noted"] = noted or day
    return tx.execute(insert(claim).values(values).on_conflict_do_nothing(index_elements=list(claim.primary_key))).rowcount == 1


class FirstDays:
    """The next days of rows that enter the register together: as `Planner.next_day` gives them, but each sum is done once.

    Such a row has neither reports nor claims, so that its next day hangs on two things that a register repeats: which milestones are for
    it, and its days.
    """

    def __init__(self, planner: Planner, entered: date, silent_before: date) -> None:
        self._planner, self._entered, self._silent_before = planner, entered, silent_before
        self._meant: dict[object, frozenset[str]] = {}
        self._days: dict[object, date | None] = {}

    def day(self, entry: Entry, closing: Closing | None) -> date | None:
        """The first day on which something is due for the row; None when nothing ever will be."""
        if self._planner.never(closing, self._silent_before):
            return None
        kind = (entry.insats, entry.form, entry.external, entry.sort, tuple(name for name, _ in entry.dates))
        meant = self._meant.get(kind)
        if meant is None:
            routine = self._planner.routine
            owner = routine.owner(entry)
            meant = self._meant[kind] = frozenset(each.name for each in routine.milestone if each.when.holds(entry, owner))
        days = (meant, entry.judgment, entry.start, closing, entry.ended is None, entry.dates)
        if days not in self._days:
            row = Row(0, entry, self._entered, self._silent_before, closing)
            self._days[days] = self._planner.next_day(row, {})
        return self._days[days]


def reschedule(tx: Connection, planner: Planner, ids: Iterable[int]) -> None:
    """Sets the next day of rows whose state, entry or claims have changed."""
    for chunk in chunks(sorted(set(ids))):
        taken = claims(tx, chunk)
        coming = ((row.id, planner.next_day(row, taken[row.id])) for row in load(tx, c.id.in_(chunk)))
        days = [(iso(day) if day else None, row_id) for row_id, day in coming]
        execute_many(tx, "UPDATE register_row SET next_due = ? WHERE id = ?", days)


def reschedule_all(tx: Connection, planner: Planner) -> None:
    """Sets every row's next day, after the routine or the calendar has changed."""
    reschedule(tx, planner, tx.execute(select(c.id).where(c.pruned.is_(None))).scalars().all())


def any_due(tx: Connection, today: date) -> bool:
    """Whether any row has something to do on `today` or before."""
    return tx.execute(select(c.id).where(c.next_due <= today).limit(1)).first() is not None


def any_planned(tx: Connection, today: date) -> bool:
    """Whether any row's planned closing day has come."""
    return tx.execute(select(c.id).where(c.planned_on <= today).limit(1)).first() is not None


def due(tx: Connection, today: date) -> list[Row]:
    """Rows with something to do on `today` or before; the index on next_due answers it."""
    return load(tx, c.next_due <= today, by=c.next_due)  # by id it would walk the whole table

"""What is due of each row, and which milestones are taken: the insert is the claim."""

from collections.abc import Iterable, Sequence
from datetime import date

from sqlalchemy import Connection, bindparam, select, update
from sqlalchemy.dialects.sqlite import insert

from bot.store.rows import chunks, load
from bot.store.schema import claim, register_row
from rules.model import Row
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


def reschedule(tx: Connection, planner: Planner, ids: Iterable[int]) -> None:
    """Sets the next day of rows whose state, entry or claims have changed."""
    for chunk in chunks(sorted(set(ids))):
        taken = claims(tx, chunk)
        days = [{"row": row.id, "day": planner.next_day(row, taken[row.id])} for row in load(tx, c.id.in_(chunk))]
        if days:
            tx.execute(update(register_row).where(c.id == bindparam("row")).values(next_due=bindparam("day")), days)


def reschedule_all(tx: Connection, planner: Planner) -> None:
    """Sets every row's next day, after the routine or the calendar has changed."""
    reschedule(tx, planner, tx.execute(select(c.id)).scalars().all())


def any_due(tx: Connection, today: date) -> bool:
    """Whether any row has something to do on `today` or before."""
    return tx.execute(select(c.id).where(c.next_due <= today).limit(1)).first() is not None


def any_planned(tx: Connection, today: date) -> bool:
    """Whether any row's planned closing day has come."""
    return tx.execute(select(c.id).where(c.planned_on <= today).limit(1)).first() is not None


def due(tx: Connection, today: date) -> list[Row]:
    """Rows with something to do on `today` or before; the index on next_due answers it."""
    return load(tx, c.next_due <= today, by=c.next_due)  # by id it would walk the whole table

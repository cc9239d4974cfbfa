"""What an import leaves behind besides the rows themselves: missing rows, closings to come, lists of a quarter, links."""

from collections.abc import Collection, Iterable, Mapping
from datetime import date

from sqlalchemy import Connection, select, update

from bot.store.bulk import execute_many, insert_many, iso
from bot.store.rows import by_id, chunks, close
from bot.store.schema import claim, letter, listing, register_row, report
from rules.model import ClosedBy, Closing, Outcome, Row

c = register_row.c


def missing(tx: Connection) -> set[int]:
    """The open rows that were not in the last register file."""
    return set(tx.execute(select(c.id).where(c.missing)).scalars())


def note_missing(tx: Connection, ids: Collection[int]) -> None:
    """Which open rows the register file that is being taken in does not have."""
    before, gone = missing(tx), set(ids)
    for found, is_missing in ((before - gone, False), (gone - before, True)):
        for chunk in chunks(sorted(found)):
            tx.execute(update(register_row).where(c.id.in_(chunk)).values(missing=is_missing))


def planned(tx: Connection) -> dict[int, Outcome]:
    """The rows that a closing day to come is kept for, and what it will be."""
    found = tx.execute(select(c.id, c.planned_outcome).where(c.planned_on.is_not(None)))
    return {row_id: Outcome(outcome) for row_id, outcome in found}


def plan_closing(tx: Connection, row_id: int, closing: Closing | None) -> None:
    """That the register names a closing day to come for a row, or none any more."""
    plan_closings(tx, {row_id: closing})


def plan_closings(tx: Connection, plans: Mapping[int, Closing | None]) -> None:
    """The closing days to come of many rows: row id → how it will be closed, or None."""
    values = (
        (closing.outcome.value if closing else None, iso(closing.on) if closing else None, row_id) for row_id, closing in plans.items()
    )
    execute_many(tx, "UPDATE register_row SET planned_outcome = ?, planned_on = ? WHERE id = ?", values)


def close_planned(tx: Connection, today: date) -> list[int]:
    """Closes open rows whose planned closing day has come; gives their ids."""
    found = tx.execute(select(c.id, c.planned_outcome, c.planned_on).where(c.planned_on <= today, c.closed_on.is_(None))).all()
    for row_id, outcome, on in found:
        close(tx, row_id, Closing(Outcome(outcome), on, ClosedBy.REGISTER))
        plan_closing(tx, row_id, None)
    return [row_id for row_id, _, _ in found]


def list_in(tx: Connection, quarter: str, ids: Iterable[int]) -> None:
    """That these rows stood in a list of that quarter; a later list of the same quarter takes the former's place.

    Rows that were pruned stay in it: no file can name them any more.
    """
    pruned = select(c.id).where(c.pruned.is_not(None))
    tx.execute(listing.delete().where(listing.c.quarter == quarter, listing.c.row_id.not_in(pruned)))
    new = set(ids) - listed_in(tx, quarter)
    insert_many(tx, listing, ("quarter", "row_id"), ((quarter, row_id) for row_id in sorted(new)))


def listed_in(tx: Connection, quarter: str) -> set[int]:
    """The rows of the list that named that quarter."""
    return set(tx.execute(select(listing.c.row_id).where(listing.c.quarter == quarter)).scalars())


def follow(tx: Connection, row_id: int, former_id: int) -> None:
    """That a decision follows a former one that ran out."""
    tx.execute(update(register_row).where(c.id == row_id).values(former_id=former_id))


def follow_many(tx: Connection, links: Mapping[int, int]) -> None:
    """That decisions follow former ones: row id → former row id. What stands so already is not written again."""
    for chunk in chunks(sorted(links)):
        known = {row_id: former_id for row_id, former_id in tx.execute(select(c.id, c.former_id).where(c.id.in_(chunk)))}
        new = [(links[row_id], row_id) for row_id in chunk if known[row_id] != links[row_id]]
        execute_many(tx, "UPDATE register_row SET former_id = ? WHERE id = ?", new)


def former(tx: Connection, row_id: int) -> Row | None:
    """The row of the decision that this one follows."""
    found = tx.execute(select(c.former_id).where(c.id == row_id)).scalar()
    return by_id(tx, [found])[0] if found else None


def drop_provisional(tx: Connection, row_id: int, into: int) -> None:
    """Takes away a provisional row whose letter turned out to be about another row; its letters point to that one from now on."""
    if not any(row.provisional for row in by_id(tx, [row_id])):
        return
    tx.execute(update(letter).where(letter.c.row_id == row_id).values(row_id=into))
    for table in (report, claim, listing):
        tx.execute(table.delete().where(table.c.row_id == row_id))
    tx.execute(register_row.delete().where(c.id == row_id))

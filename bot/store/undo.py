"""What the last imports changed, kept so that an import can be undone whole."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import Connection, func, select, update
from sqlalchemy.dialects.sqlite import insert

from bot.store.bulk import insert_many
from bot.store.rows import chunks
from bot.store.schema import claim, import_row, import_run, letter, listing, register_row, report
from bot.store.states import Difference

KEPT = 3  # imports that can be undone, the newest
Reports = Sequence[Mapping[str, Any]]


@dataclass(frozen=True, slots=True)
class Run:
    """An import that changed something. `audited`: its last entry in the audit trail. `listed`: its quarter's rows before."""

    number: int
    at: datetime
    audited: int
    quarter: str
    listed: tuple[int, ...]
    undone: bool


@dataclass(frozen=True, slots=True)
class Kept:
    """What an import changed of one row, and the row's reports before where they were counted anew."""

    change: Difference
    reports: Reports


def reports_of(tx: Connection, ids: Iterable[int]) -> dict[int, list[dict[str, Any]]]:
    """The reports of rows as the database holds them; days as ISO dates."""
    found: dict[int, list[dict[str, Any]]] = {}
    for chunk in chunks(sorted(set(ids))):
        for r in tx.execute(select(report).where(report.c.row_id.in_(chunk)).order_by(report.c.id)).mappings():
            found.setdefault(r["row_id"], []).append(dict(r) | {"mark": r["mark"].isoformat(), "day": r["day"].isoformat()})
    return found


def keep(
    tx: Connection,
    now: datetime,
    audited: int,
    changes: Iterable[Difference],
    created: range,
    reports: Mapping[int, Reports],
    quarter: str = "",
    listed: Collection[int] = (),
) -> int:
    """Keeps what an import changed of rows that were there and which it `created`; lets go of the oldest, and gives the import's number."""
    number = (tx.execute(select(func.max(import_run.c.number))).scalar() or 0) + 1
    values = {"number": number, "at": now, "audited": audited, "quarter": quarter, "listed": sorted(listed)}
    tx.execute(insert(import_run).values(values))
    rows = [
        {
            "run": number,
            "row_id": each.row,
            "created": False,
            "before": dict(each.before),
            "after": dict(each.after),
            "reports": list(reports.get(each.row, ())),
        }
        for each in changes
    ]
    if rows:
        tx.execute(insert(import_row), rows)
    new = ((number, row_id, 1, "{}", "{}", "[]") for row_id in created)  # of a row that was not there, nothing is to be put back
    insert_many(tx, import_row, ("run", "row_id", "created", "before", "after", "reports"), new)
    tx.execute(import_row.delete().where(import_row.c.run <= number - KEPT))
    tx.execute(import_run.delete().where(import_run.c.number <= number - KEPT))
    return number


def runs(tx: Connection) -> list[Run]:
    """The imports that are kept, newest first, those that were undone too."""
    query = select(import_run).order_by(import_run.c.number.desc())
    return [Run(r.number, r.at, r.audited, r.quarter, tuple(r.listed), r.undone is not None) for r in tx.execute(query)]


def kept(tx: Connection, number: int) -> list[Kept]:
    """What an import changed, row by row."""
    query = select(import_row).where(import_row.c.run == number).order_by(import_row.c.row_id)
    return [Kept(Difference(r.row_id, r.created, r.before, r.after), r.reports) for r in tx.execute(query)]


def note_undone(tx: Connection, number: int, now: datetime) -> None:
    """That an import is undone; it never is again."""
    tx.execute(update(import_run).where(import_run.c.number == number).values(undone=now))


def referred_to(tx: Connection, ids: Collection[int], leaving: Collection[int]) -> set[int]:
    """Which of these rows a letter, a report or a sent mail is about, or a row follows that is not leaving itself."""
    wanted, going = set(ids), set(leaving)
    queries = (
        select(letter.c.row_id).where(letter.c.row_id.is_not(None)),
        select(report.c.row_id),
        select(claim.c.row_id).where(claim.c.mail_id.is_not(None)),
    )
    found = {row_id for query in queries for row_id in tx.execute(query.distinct()).scalars()} & wanted
    links = tx.execute(select(register_row.c.id, register_row.c.former_id).where(register_row.c.former_id.is_not(None))).all()
    while more := {former for newer, former in links if former in wanted - found and (newer not in going or newer in found)}:
        found |= more
    return found


def remove(tx: Connection, ids: Iterable[int]) -> None:
    """Takes rows away that nothing refers to, with what was only noted of them."""
    for chunk in chunks(sorted(ids)):
        tx.execute(claim.delete().where(claim.c.row_id.in_(chunk)))
        tx.execute(listing.delete().where(listing.c.row_id.in_(chunk)))
        tx.execute(update(register_row).where(register_row.c.id.in_(chunk)).values(former_id=None))
    for chunk in chunks(sorted(ids)):
        tx.execute(register_row.delete().where(register_row.c.id.in_(chunk)))


def put_back_reports(tx: Connection, reports: Reports) -> None:
    """Enters reports of marks again that were dropped when a start was corrected; those that are there stay as they are."""
    for r in (each for each in reports if each["k"]):
        values = dict(r) | {"mark": date.fromisoformat(r["mark"]), "day": date.fromisoformat(r["day"])}
        tx.execute(insert(report).values(values).on_conflict_do_nothing())


def taken(tx: Connection, row_id: int, identity: Mapping[str, Any]) -> bool:
    """Whether another row has this case, insats, sort and start."""
    c = register_row.c
    same = (c[name] == (date.fromisoformat(value) if name == "start" else value) for name, value in identity.items())
    return tx.execute(select(c.id).where(c.id != row_id, *same)).first() is not None

"""The register's rows with their reports and claims."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import fields
from datetime import date
from typing import Any

from sqlalchemy import Column, ColumnElement, Connection, RowMapping, func, or_, select, update
from sqlalchemy.dialects.sqlite import insert

from bot.store.schema import register_row, report
from rules.body import case_key
from rules.model import ClosedBy, Closing, Entry, Kind, Outcome, Report, Row, Sort

_ENTRY = tuple(field.name for field in fields(Entry))
_CHUNK = 500  # values in one IN (…): SQLite's limit on variables is far above it
c = register_row.c
_REPORT = [report.c.row_id, report.c.k]


def load(tx: Connection, *where: ColumnElement[bool], by: Column[Any] = c.id) -> list[Row]:
    """Rows with their reports, in the order of one column."""
    found = tx.execute(select(register_row).where(*where).order_by(by)).mappings().all()
    reports = _reports(tx, [r["id"] for r in found])
    return [_row(r, reports.get(r["id"], ())) for r in found]


def by_id(tx: Connection, ids: Iterable[int]) -> list[Row]:
    """Rows by their ids."""
    return [row for chunk in chunks(sorted(set(ids))) for row in load(tx, c.id.in_(chunk))]


def named(tx: Connection, keys: Iterable[str], persons: Iterable[str] = ()) -> list[Row]:
    """Rows of these cases or aliases (keys of `rules.body.case_key`) or persons (hashes)."""
    found: dict[int, Row] = {}
    for chunk in chunks(sorted(set(keys) - {""})):
        found |= {row.id: row for row in load(tx, or_(c.case_key.in_(chunk), c.alias_key.in_(chunk)))}
    for chunk in chunks(sorted(set(persons) - {""})):
        found |= {row.id: row for row in load(tx, c.person.in_(chunk))}
    return list(found.values())


def of_insats(tx: Connection, insats: str) -> list[Row]:
    """Every row of one insats, closed ones too."""
    return load(tx, c.insats == insats)


def open_rows(tx: Connection) -> list[Row]:
    """Every open row."""
    return load(tx, c.closed_on.is_(None))


def knows_persons(tx: Connection) -> bool:
    """Whether the register holds identity numbers (as hashes) at all."""
    return tx.execute(select(c.id).where(c.person != "").limit(1)).first() is not None


def _reports(tx: Connection, ids: Sequence[int]) -> dict[int, tuple[Report, ...]]:
    found: dict[int, tuple[Report, ...]] = {}
    for chunk in chunks(ids):
        for r in tx.execute(select(report).where(report.c.row_id.in_(chunk)).order_by(report.c.id)).mappings():
            found[r["row_id"]] = (*found.get(r["row_id"], ()), Report(r["k"], Kind(r["kind"]), r["day"], r["letter_id"] or 0))
    return found


def _row(r: RowMapping, reports: tuple[Report, ...]) -> Row:
    entry = Entry(**{name: r[name] for name in _ENTRY} | {"sort": Sort(r["sort"])})
    closing = Closing(Outcome(r["closed_outcome"]), r["closed_on"], ClosedBy(r["closed_by"])) if r["closed_on"] else None
    return Row(r["id"], entry, r["entered"], r["silent_before"], closing, r["first_mark"], reports)


def _columns(entry: Entry) -> dict[str, Any]:
    return {name: getattr(entry, name) for name in _ENTRY} | {"case_key": case_key(entry.case), "alias_key": case_key(entry.alias)}


def _closing_columns(closing: Closing | None) -> dict[str, Any]:
    if closing is None:
        return {"closed_outcome": None, "closed_on": None, "closed_by": None}
    return {"closed_outcome": closing.outcome, "closed_on": closing.on, "closed_by": closing.by}


def add(
    tx: Connection,
    entry: Entry,
    *,
    entered: date,
    silent_before: date,
    closing: Closing | None = None,
    first_mark: date | None = None,
) -> int:
    """A new row; gives its id. Its next day is still to be set by `reschedule`."""
    values = _columns(entry) | _closing_columns(closing)
    values |= {"entered": entered, "silent_before": silent_before, "first_mark": first_mark}
    return int(tx.execute(insert(register_row).values(values).returning(c.id)).scalar_one())


def add_many(tx: Connection, new: Sequence[tuple[Entry, Closing | None]], *, entered: date, silent_before: date) -> list[int]:
    """New rows, as `add` makes them, in one statement; gives their ids. The transaction must be a writing one: nobody else takes an id."""
    first = (tx.execute(select(func.max(c.id))).scalar() or 0) + 1
    same = {"entered": entered, "silent_before": silent_before}
    values = [_columns(entry) | _closing_columns(closing) | same | {"id": first + n} for n, (entry, closing) in enumerate(new)]
    if values:
        tx.execute(insert(register_row), values)
    return [row["id"] for row in values]


def change(tx: Connection, row_id: int, entry: Entry, closing: Closing | None) -> None:
    """What the register says of a row now. A row that the register names is no longer provisional."""
    tx.execute(update(register_row).where(c.id == row_id).values(_columns(entry) | _closing_columns(closing) | {"first_mark": None}))


def close(tx: Connection, row_id: int, closing: Closing | None) -> None:
    """Closes a row, or with None opens it again."""
    tx.execute(update(register_row).where(c.id == row_id).values(_closing_columns(closing)))


def add_report(tx: Connection, row_id: int, k: int, kind: Kind, mark: date, day: date, letter_id: int | None) -> None:
    """That a report came for the k:th mark (k = 0: a final report). A second one for the same mark is left out."""
    values = {"row_id": row_id, "k": k, "kind": kind, "mark": mark, "day": day, "letter_id": letter_id}
    tx.execute(insert(report).values(values).on_conflict_do_nothing(index_elements=_REPORT))


def everything(tx: Connection) -> list[Row]:
    """The whole register."""
    return load(tx)


def reported_marks(tx: Connection, row_id: int) -> list[tuple[int, date]]:
    """(k, mark) of every report of a row that stands for a mark."""
    found = tx.execute(select(report.c.k, report.c.mark).where(report.c.row_id == row_id, report.c.k > 0))
    return [(k, mark) for k, mark in found]


def renumber(tx: Connection, row_id: int, numbers: Mapping[int, int]) -> None:
    """Gives a row's reports other marks, after its start was corrected: old k → new k. Where two meet, the older stays."""
    kept = tx.execute(select(report).where(report.c.row_id == row_id, report.c.k > 0).order_by(report.c.id)).mappings().all()
    tx.execute(report.delete().where(report.c.row_id == row_id, report.c.k > 0))
    for r in kept:
        tx.execute(insert(report).values(dict(r) | {"k": numbers.get(r["k"], r["k"])}).on_conflict_do_nothing(index_elements=_REPORT))


def empty(tx: Connection) -> bool:
    """Whether no import has brought a row yet; provisional rows do not count."""
    return tx.execute(select(func.count()).select_from(register_row).where(c.first_mark.is_(None))).scalar_one() == 0


def chunks(values: Sequence[Any]) -> Iterable[Sequence[Any]]:
    """The values in parts that fit into one IN (…)."""
    return (values[i : i + _CHUNK] for i in range(0, len(values), _CHUNK))

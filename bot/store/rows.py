"""The register's rows with their reports."""

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from datetime import date
from typing import Any

from sqlalchemy import Column, ColumnElement, Connection, func, or_, select, update
from sqlalchemy.dialects.sqlite import insert

from bot.store import plain
from bot.store.bulk import execute_many, insert_many, iso
from bot.store.schema import register_row, report
from rules.body import case_key
from rules.former import Identity
from rules.merge import Created, Same
from rules.model import Closing, Entry, Kind, Report, Row, Sort

New = tuple[Entry, Closing | None, date | None]
"""A new row: its entry, how it is closed, and its next day."""

_CHUNK = 500  # values in one IN (…): SQLite's limit on variables is far above it
c = register_row.c
_REPORT = [report.c.row_id, report.c.k]
_NEW = ("id", *plain.SAID, "entered", "silent_before", "missing", *plain.CLOSING, "next_due")


def load(tx: Connection, *where: ColumnElement[bool], by: Column[Any] = c.id) -> list[Row]:
    """Rows with their reports, in the order of one column."""
    return list(stream(tx, *where, by=by))


def stream(tx: Connection, *where: ColumnElement[bool], by: Column[Any] = c.id) -> Iterator[Row]:
    """Rows as `load` gives them, some hundred at a time: for what looks at the whole register and keeps little of it."""
    found = tx.execute(select(*plain.SELECTED).where(*where).order_by(by))
    for part in found.partitions(_CHUNK):
        reports = _reports(tx, [r[0] for r in part])
        for r in part:
            yield plain.row(r, reports.get(r[0], ()))


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
    """Every row of one insats, closed ones too, but none that was pruned."""
    return load(tx, c.insats == insats, c.pruned.is_(None))


def open_rows(tx: Connection) -> list[Row]:
    """Every open row."""
    return load(tx, c.closed_on.is_(None))


def knows_persons(tx: Connection) -> bool:
    """Whether the register holds identity numbers (as hashes) at all."""
    return tx.execute(select(c.id).where(c.person != "").limit(1)).first() is not None


def _reports(tx: Connection, ids: Sequence[int]) -> dict[int, tuple[Report, ...]]:
    found: dict[int, tuple[Report, ...]] = {}
    for chunk in chunks(ids):
        least, most = min(chunk), max(chunk)
        # A part of the whole register is a range, which is far cheaper to ask for than its ids; what it holds besides is left.
        near = report.c.row_id.between(least, most) if most - least < 2 * len(chunk) else report.c.row_id.in_(chunk)
        for r in tx.execute(select(report).where(near).order_by(report.c.id)):
            found[r.row_id] = (*found.get(r.row_id, ()), Report(r.k, Kind(r.kind), r.day, r.letter_id or 0))
    return found


def _columns(entry: Entry) -> dict[str, Any]:
    return {name: getattr(entry, name) for name in plain.ENTRY} | {"case_key": case_key(entry.case), "alias_key": case_key(entry.alias)}


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


def add_many(tx: Connection, new: Iterable[New], *, entered: date, silent_before: date) -> range:
    """New rows, as `add` makes them and with their next day; gives their ids, which follow each other.

    The transaction must be a writing one: nobody else takes an id meanwhile.
    """
    first = (tx.execute(select(func.max(c.id))).scalar() or 0) + 1
    same = (iso(entered), iso(silent_before), 0)
    last = first

    def values() -> Iterator[tuple[Any, ...]]:
        nonlocal last
        for entry, closing, due in new:
            yield (last, *plain.said(entry), *same, *plain.closing_values(closing), iso(due) if due else None)
            last += 1

    insert_many(tx, register_row, _NEW, values())
    return range(first, last)


def change(tx: Connection, row_id: int, entry: Entry, closing: Closing | None) -> None:
    """What the register says of a row now. A row that the register names is no longer provisional."""
    change_many(tx, [(row_id, entry, closing)])


def change_many(tx: Connection, changed: Iterable[tuple[int, Entry, Closing | None]]) -> None:
    """What the register says of many rows now, as `change` writes it."""
    said = ", ".join(f'"{name}" = ?' for name in (*plain.SAID, *plain.CLOSING))
    values = ((*plain.said(entry), *plain.closing_values(closing), row_id) for row_id, entry, closing in changed)
    execute_many(tx, f"UPDATE register_row SET {said}, first_mark = NULL WHERE id = ?", values)


def close(tx: Connection, row_id: int, closing: Closing | None) -> None:
    """Closes a row, or with None opens it again."""
    tx.execute(update(register_row).where(c.id == row_id).values(_closing_columns(closing)))


def add_report(tx: Connection, row_id: int, k: int, kind: Kind, mark: date, day: date, letter_id: int | None) -> None:
    """That a report came for the k:th mark (k = 0: a final report). A second one for the same mark is left out."""
    values = {"row_id": row_id, "k": k, "kind": kind, "mark": mark, "day": day, "letter_id": letter_id}
    tx.execute(insert(report).values(values).on_conflict_do_nothing(index_elements=_REPORT))


def everything(tx: Connection) -> list[Row]:
    """The whole register, with the anonymous facts of what was pruned."""
    return load(tx)


def compare(tx: Connection, said: Mapping[Identity, Entry], new: Callable[[Entry], Created]) -> Iterator[Row | Same]:
    """The register but what was pruned, as a stream, beside what a file says; a row that stands as `new` would make it is `Same`.

    Compared as the database holds both: most of a register is as it was, and such a row need not be built.
    """
    query = select(*plain.SELECTED, c.case_key).where(c.pruned.is_(None)).order_by(c.id)
    for part in tx.execute(query).partitions(_CHUNK):
        unlike = []
        for *found, key in part:
            which = plain.identity(found, key)
            entry = said.get(which)
            made = new(entry) if entry is not None else None
            if made is not None and plain.stands(found, made.entry, made.closing):
                yield Same(found[0], which, open=found[-1] is None)
            else:
                unlike.append(found)
        reports = _reports(tx, [found[0] for found in unlike])
        yield from (plain.row(found, reports.get(found[0], ())) for found in unlike)


def ids(tx: Connection, which: Collection[Identity]) -> dict[Identity, int]:
    """The ids of the rows with these identities; a row that the register names goes before a provisional one."""
    found: dict[Identity, int] = {}
    wanted = set(which)
    query = select(c.id, c.case_key, c.insats, c.sort, c.start).order_by(c.first_mark.is_(None), c.id)
    for chunk in chunks(sorted({each[0] for each in wanted})):
        for row_id, key, insats, sort, start in tx.execute(query.where(c.case_key.in_(chunk))):
            each = (key, insats, Sort(sort), start)
            if each in wanted:
                found[each] = row_id
    return found


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

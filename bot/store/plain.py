"""A row of the register as the database holds it, and back: plain values in a fixed order, for reading and writing many rows at once."""

import json
from collections.abc import Callable, Sequence
from dataclasses import fields
from datetime import date
from operator import attrgetter
from typing import Any

from sqlalchemy import Column, type_coerce

from bot.store.bulk import Plain, day, iso, reading
from bot.store.schema import register_row
from rules.body import case_key
from rules.former import Identity
from rules.model import ClosedBy, Closing, Entry, Outcome, Report, Row, Sort

ENTRY = tuple(field.name for field in fields(Entry))
SAID = ("case_key", "alias_key", *ENTRY)
"""The columns that an entry fills, in the table's order."""

CLOSING = ("closed_outcome", "closed_on", "closed_by")
_SELECTED = ("id", *ENTRY, "entered", "silent_before", "first_mark", *CLOSING)
SELECTED = [type_coerce(register_row.c[name], Plain()) for name in _SELECTED]
"""What `row` takes."""

SORTS = {each.value: each for each in Sort}


def _dates(text: str) -> tuple[tuple[str, date], ...]:
    return tuple((name, day(on)) for name, on in json.loads(text).items()) if text != "{}" else ()


def _reader(column: Column[Any]) -> Callable[[Any], Any] | None:
    own: dict[str, Callable[[Any], Any]] = {"sort": SORTS.__getitem__, "dates": _dates}
    return own.get(column.name) or reading(column)


_READ = [(place, read) for place, name in enumerate(ENTRY) if (read := _reader(register_row.c[name]))]
_INSATS, _START = _SELECTED.index("insats"), _SELECTED.index("start")
_SORT, _DATES = ENTRY.index("sort"), ENTRY.index("dates")
_fields = attrgetter(*ENTRY)


def row(found: Sequence[Any], reports: tuple[Report, ...]) -> Row:
    """A row of what was SELECTED."""
    row_id, *values, entered, silent_before, first_mark, outcome, on, by = found
    for place, read in _READ:
        if (value := values[place]) is not None:
            values[place] = read(value)
    closing = Closing(Outcome(outcome), day(on), ClosedBy(by)) if on else None
    return Row(row_id, Entry(*values), day(entered), day(silent_before), closing, day(first_mark) if first_mark else None, reports)


def identity(found: Sequence[Any], case_key: str) -> Identity:
    """What identifies a row of what was SELECTED."""
    return case_key, found[_INSATS], SORTS[found[_SORT + 1]], day(found[_START])


def stands(found: Sequence[Any], entry: Entry, closing: Closing | None) -> bool:
    """Whether a row of what was SELECTED is named by a register, says what an entry says, and is closed so.

    How a letter or a hand closed a row, no register changes.
    """
    *_, first_mark, outcome, on, by = found
    if first_mark is not None or list(found[1 : len(ENTRY) + 1]) != _values(entry):
        return False
    return by in (ClosedBy.LETTER, ClosedBy.HAND) or (outcome, on, by) == closing_values(closing)


def said(entry: Entry) -> list[Any]:
    """The values of an entry's columns."""
    return [case_key(entry.case), case_key(entry.alias) if entry.alias else "", *_values(entry)]


def _values(entry: Entry) -> list[Any]:
    values = [iso(value) if value.__class__ is date else value for value in _fields(entry)]
    values[_SORT] = entry.sort.value
    values[_DATES] = json.dumps({name: iso(on) for name, on in entry.dates}) if entry.dates else "{}"
    return values


def closing_values(closing: Closing | None) -> tuple[str | None, str | None, str | None]:
    """The values of the columns that say how a row is closed."""
    return (closing.outcome.value, iso(closing.on), closing.by.value) if closing else (None, None, None)

"""The columns that a row can do without: how each is read, and the warning for a cell that cannot be."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import partial
from typing import Any

from bot.register import values
from bot.register.cause import cause
from bot.register.columns import DATES
from bot.register.person import is_person, may_be_person, person
from bot.register.table import Cell
from bot.register.values import Unread

Day = Callable[[Cell], date | Unread | None]


@dataclass(frozen=True, slots=True)
class Said:
    """What a cell says: its value (nothing where it is empty or cannot be read), and the code of a warning or ""."""

    value: Any = None
    code: str = ""


@dataclass(frozen=True, slots=True)
class Column:
    """A column of the file: its place, the field of `Entry` that it fills, and for one of the routine's date columns its name there."""

    place: int
    field: str
    read: Callable[[Cell], Said]
    date: str = ""


def soft_columns(
    at: Mapping[str, int],
    day: Day,
    today: date,
    hash_person: Callable[[str], str],
    remember: Callable[[Callable[[Cell], Said]], Callable[[Cell], Said]],
) -> list[Column]:
    """The soft columns that a file has. `at`: field → place. `remember` keeps what a reader gave for a cell; it never gets a person's."""
    soft_day = partial(_day, day=day)
    readers: dict[str, Callable[[Cell], Said]] = {
        "officer": _contact,
        "unit": _text,
        "provider": _contact,
        "external": lambda cell: _yes(values.external(cell)),
        "advance_ruling": lambda cell: Said(values.advance_ruling(cell)),
        "sex": lambda cell: Said(values.sex(cell)),
        "partly_from": soft_day,
        "cause": _cause,
        "protected": lambda cell: Said(values.protected(cell)),
        "alias": lambda cell: Said(values.text(cell)[:200]),
        "relative": lambda cell: _yes(values.flag(cell)),
        "previous": partial(_previous, today=today),
        "valid_from": soft_day,
    }
    found = [Column(at[name], name, remember(read)) for name, read in readers.items() if name in at]
    if "person" in at:
        found.append(Column(at["person"], "person", partial(_person, today=today, hash_person=hash_person)))
    dates = sorted(name.removeprefix(DATES) for name in at if name.startswith(DATES))
    return found + [Column(at[DATES + name], "dates", remember(soft_day), name) for name in dates]


def judgment(cell: Cell, day: Day) -> tuple[bool, Said]:
    """Whether there is a judgment, and the day on which it became final where the cell tells that day instead of yes."""
    said = values.flag(cell)
    return (said, Said()) if said is not None else (True, _day(cell, day))


def _day(cell: Cell, day: Day) -> Said:
    found = day(cell)
    return Said(code="unreadable_date") if isinstance(found, Unread) else Said(found)


def _yes(found: bool | None) -> Said:
    return Said(found, "unclear_yes_no" if found is None else "")


def _text(cell: Cell) -> Said:
    """A text of at most 300 characters; not an identity number, which has no place there."""
    said = values.text(cell)
    return Said(code="personal_data") if may_be_person(said) else Said(said[:300])


def _contact(cell: Cell) -> Said:
    said = values.contact(cell)
    return Said(code="personal_data") if may_be_person(said) else Said(said)


def _cause(cell: Cell) -> Said:
    said = values.text(cell)
    if may_be_person(said):
        return Said(code="personal_data")
    found, known = cause(said)
    return Said(found, "" if known else "unknown_cause")


def _previous(cell: Cell, today: date) -> Said:
    said = values.case(cell)
    return Said(code="unusable_previous_case") if isinstance(said, Unread) or is_person(said, today) else Said(said)


def _person(cell: Cell, today: date, hash_person: Callable[[str], str]) -> Said:
    found = person(cell, today, hash_person)
    return Said(found, "unusable_identity_number" if found is None else "")

"""Dates with the name of a month: `15 april 2026`, `15:e apr`, `april 15, 2026`, `2026 april`."""

from collections.abc import Callable, Sequence
from typing import Final, NamedTuple

from rules.title.dates import Day, full
from rules.title.scan import Sign

Month = Callable[[str], int | None]
"""Gives the number of the month that a written word names, else None."""

_ORDINAL: Final = frozenset({"e", "a", "de", "d"})
_SHORTEST: Final = 3  # letters of a month's name


class Found(NamedTuple):
    """A date, and the first sign after it."""

    day: Day
    after: int


def from_number(signs: Sequence[Sign], at: int, month: Month) -> Found | None:
    """Gives the date that begins with the number here, None if no month follows it."""
    number = signs[at].text
    if len(number) == 4:
        named = _month(signs, at + 1, month)
        return _year_first(signs, at, named) if named else None
    if len(number) > 2:
        return None
    following = at + 1
    if _form(signs, following) == "word" and signs[following].text.lower() in _ORDINAL:
        following += 1
    named = _month(signs, following, month)
    if named is None:
        return None
    dom, year = int(number), following + 1
    if _digits(signs, year) == 4:
        return Found(full(int(signs[year].text), named, dom), year + 1)
    # a year of two digits is not read after a month's name, but it is part of this broken date
    close = _digits(signs, year) == 2 and signs[year].start - signs[following].end <= len(" - ")
    return Found(Day(None, None, named, dom), year + 1 if close else year)


def from_word(signs: Sequence[Sign], at: int, month: Month) -> Found | None:
    """Gives the date that begins with the month's name here, None if no number follows it."""
    if _form(signs, at + 1) != "number":
        return None
    named = _month(signs, at, month)
    if named is None:
        return None
    if _digits(signs, at + 1) <= 2 and _digits(signs, at + 2) == 4:
        return Found(full(int(signs[at + 2].text), named, int(signs[at + 1].text)), at + 3)
    if _digits(signs, at + 1) == 4:
        return Found(Day(None, int(signs[at + 1].text), named), at + 2)
    return None


def _year_first(signs: Sequence[Sign], at: int, named: int) -> Found:
    year = int(signs[at].text)
    if 0 < _digits(signs, at + 2) <= 2:
        return Found(full(year, named, int(signs[at + 2].text)), at + 3)
    return Found(Day(None, year, named), at + 2)


def _month(signs: Sequence[Sign], at: int, month: Month) -> int | None:
    return month(signs[at].text) if _form(signs, at) == "word" and len(signs[at].text) >= _SHORTEST else None


def _form(signs: Sequence[Sign], at: int) -> str:
    return signs[at].form if at < len(signs) else ""


def _digits(signs: Sequence[Sign], at: int) -> int:
    """How many digits the number here has, 0 if there is none."""
    return len(signs[at].text) if _form(signs, at) == "number" else 0

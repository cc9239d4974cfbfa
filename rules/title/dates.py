"""The dates of a title: every spelling that a person reads without doubt, and what a broken or incomplete one still says."""

import re
from collections.abc import Callable, Sequence
from datetime import date, timedelta
from typing import Final, NamedTuple

from rules.model import Flaw

EARLIEST: Final = date(1994, 1, 1)
"""The day LSS (1993:387) came into force: no date before it is a decision date."""
AHEAD: Final = timedelta(days=31)
"""How far after today a date in a title may lie."""
SHORT_YEARS_BACK: Final = 2
"""A year of two digits is only read for days from this many years before today."""

_NUMBER = re.compile("[0-9]+")


class Day(NamedTuple):
    """A date as it was read. `day` is None if there is no such day or a field is missing; then the fields say what is known.

    weak: so little of a date that it is one only where the title has no other.
    """

    day: date | None
    year: int | None = None
    month: int | None = None
    dom: int | None = None
    weak: bool = False

    def agrees(self, other: date) -> bool:
        """Whether each known field is that of the other date."""
        return (
            (self.year, self.month, self.dom) != (None, None, None)
            and self.year in (None, other.year)
            and self.month in (None, other.month)
            and self.dom in (None, other.day)
        )


class Found(NamedTuple):
    """What the dates of a title come to: the one date, or the flaw, and how many weak ones were something else."""

    day: date | None
    flaw: Flaw | None
    left_over: int = 0
    repeated: bool = False


def full(year: int, month: int, dom: int, *, weak: bool = False) -> Day:
    """Gives the date with these fields; one without a `day` if the calendar has no such day."""
    try:
        return Day(date(year, month, dom), year, month, dom)
    except (ValueError, OverflowError):
        return Day(None, year, month, dom, weak)


def read(form: str, text: str, today: date) -> Day:
    """Gives the date that a group of signs says; `form` is one of `scan.DATES`. No errors: a broken date is a Day without `day`."""
    return _READERS[form](text, today)


def number(text: str) -> Day | None:
    """Gives the weak date that a bare number may be: a year, or a date with a digit too many or too few; else None."""
    if len(text) == 4 and text[:2] in ("19", "20"):
        return Day(None, year=int(text), weak=True)
    if 7 <= len(text) <= 9 and text[:2] in ("19", "20"):
        return Day(None, weak=True)
    return None


def settle(days: Sequence[Day], today: date) -> Found:
    """Gives the date of a title from everything in it that is a date.

    The same day twice, or a day and a part of it, is one date. Two different ones are `multiple_dates`.
    """
    if not days:
        return Found(None, Flaw.MISSING_DATE)
    if len(days) == 1 and (only := days[0].day) is not None:
        return Found(only, None) if EARLIEST <= only <= today + AHEAD else Found(None, Flaw.IMPLAUSIBLE_DATE)
    complete = {item.day for item in days if item.day is not None}
    rest = [item for item in days if item.day is None and not any(item.agrees(day) for day in complete)]
    strong = {item for item in rest if not item.weak}
    distinct = len(complete) + len(strong)
    repeated = len(days) > 1
    if distinct == 0:
        return Found(None, Flaw.INVALID_DATE if rest else Flaw.MISSING_DATE, 0, repeated)
    weak = len(rest) - sum(not item.weak for item in rest)
    if distinct > 1:
        return Found(None, Flaw.MULTIPLE_DATES, weak)
    if strong:
        return Found(None, Flaw.INVALID_DATE, weak, repeated)
    day = complete.pop()
    if not EARLIEST <= day <= today + AHEAD:
        return Found(None, Flaw.IMPLAUSIBLE_DATE, weak, repeated)
    return Found(day, None, weak, repeated)


def short_year(year: int, month: int, dom: int, today: date, *, weak: bool = False) -> Day:
    """Gives the date of a year of two digits (20YY), without `day` unless it lies near today."""
    day = full(2000 + year, month, dom, weak=weak)
    if day.day is None or _years_before(today, SHORT_YEARS_BACK) <= day.day <= today + AHEAD:
        return day
    return Day(None, *day[1:4])


def _years_before(today: date, years: int) -> date:
    try:
        return today.replace(year=today.year - years)
    except ValueError:  # 29 February
        return today.replace(year=today.year - years, day=28)


def _fields(text: str) -> list[int]:
    return [int(part) for part in _NUMBER.findall(text)]


def _iso(text: str, today: date) -> Day:
    try:
        day = date.fromisoformat(text)
    except ValueError:
        return _ymd(text, today)
    return Day._make((day, day.year, day.month, day.day, False))


def _ymd(text: str, today: date) -> Day:
    year, month, dom = _fields(text)
    return full(year, month, dom)


def _eight(text: str, today: date) -> Day:
    digits = "".join(_NUMBER.findall(text))
    forward = full(int(digits[:4]), int(digits[4:6]), int(digits[6:]))
    if forward.day is not None and digits[:2] in ("19", "20"):
        return forward
    if digits[4:6] in ("19", "20"):  # the year last: the day comes first
        back = full(int(digits[4:]), int(digits[2:4]), int(digits[:2]))
        if back.day is not None:
            return back
    return forward if digits[:2] in ("19", "20") else Day(None, weak=True)


def _six(text: str, today: date) -> Day:
    year, month, dom = int(text[:2]), int(text[2:4]), int(text[4:])
    return short_year(year, month, dom, today, weak=not (1 <= month <= 12 and 1 <= dom <= 31))


def _dmy(text: str, today: date) -> Day:
    dom, month, year = _fields(text)
    return full(year, month, dom)


def _dmyy(text: str, today: date) -> Day:
    dom, month, year = _fields(text)
    return short_year(year, month, dom, today)


def _yymd(text: str, today: date) -> Day:
    year, month, dom = _fields(text)
    return short_year(year, month, dom, today)


def _broken(text: str, today: date) -> Day:
    fields = _NUMBER.findall(text)
    short = all(len(field) <= 2 for field in fields)
    like = len(fields) == 3 and (short or any(len(field) in (4, 5) and field[:2] in ("19", "20") for field in fields))
    return Day(None, weak=not like)


def _ym(text: str, today: date) -> Day:
    year, month = _fields(text)
    return Day(None, year, month, weak=month > 12)


def _my(text: str, today: date) -> Day:
    month, year = _fields(text)
    return Day(None, year, month, weak=month > 12)


def _dm(text: str, today: date) -> Day:
    dom, month = _fields(text)
    return Day(None, None, month, dom, weak=not (1 <= month <= 12 and 1 <= dom <= 31))


def _dotted(text: str, today: date) -> Day:
    dom, month = _fields(text)
    return Day(None, None, month, dom, weak=True)


_READERS: Final[dict[str, Callable[[str, date], Day]]] = {
    "iso": _iso,
    "ymd": _ymd,
    "tight": _eight,
    "eight": _eight,
    "six": _six,
    "dmy": _dmy,
    "dmyy": _dmyy,
    "yymd": _yymd,
    "broken": _broken,
    "ym": _ym,
    "my": _my,
    "dm": _dm,
    "dotted": _dotted,
}

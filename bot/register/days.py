"""One cell → a day. Every spelling that titles allow, and what spreadsheets make of a date: serial numbers and times of day."""

import datetime as dt
import re
from datetime import date

from bot.register.grammar import spelled_day
from bot.register.table import Cell
from bot.register.text import folded, tidy
from bot.register.values import Unread
from bot.register.words import words

_TIME = re.compile(r"[ T][0-9]{1,2}[:.][0-9]{2}(?:[:.][0-9]{2}(?:[.,][0-9]+)?)?(?:Z|[+-][0-9]{2}:?[0-9]{2})?$")
_SERIAL = re.compile(r"([0-9]{5})(?:[.,][0-9]+)?")
_EPOCH = date(1899, 12, 30)  # day 0 of Excel's own count, as it counts after February 1900
UNREADABLE = Unread("Datumet går inte att läsa; skriv det som ÅÅÅÅ-MM-DD.")


def day(cell: Cell, today: date) -> date | Unread | None:
    """The day in a cell; None for an empty one and for words such as "ej verkställt". `today` bounds years written with two digits."""
    if isinstance(cell, str):
        if len(cell) == 10 and cell[4] == "-" == cell[7]:
            try:
                return _meant(date.fromisoformat(cell))
            except ValueError:
                pass
        return _written(cell, today)
    if isinstance(cell, dt.datetime):
        return _meant(cell.date())
    if isinstance(cell, date):
        return _meant(cell)
    if isinstance(cell, bool):
        return UNREADABLE if cell else None
    if isinstance(cell, int | float):
        return _number(cell, today)
    return UNREADABLE  # a time of day or a length of time


def _meant(found: date) -> date | None:
    return None if found.isoformat() in words().no_day else found


def _number(cell: float, today: date) -> date | Unread | None:
    if cell == 0:
        return None
    if 10_000 <= cell < 100_000:
        return _meant(date.fromordinal(_EPOCH.toordinal() + int(cell)))
    return _written(str(int(cell)), today) if float(cell).is_integer() else UNREADABLE  # neither is infinity


def _written(cell: str, today: date) -> date | Unread | None:
    said = tidy(cell)
    key = folded(said)
    if not key or key in words().not_yet or key in words().empty or said in words().no_day:
        return None
    said = _TIME.sub("", said)
    if serial := _SERIAL.fullmatch(said):
        return _number(int(serial[1]), today)
    found = spelled_day(said, today)
    return UNREADABLE if found is None else _meant(found)

"""One cell → its value: texts, yes and no, sex, addresses. What cannot be read is an `Unread` with a reason that never repeats the cell."""

import datetime as dt
import re
from dataclasses import dataclass

from bot.register.table import Cell
from bot.register.text import folded, tidy
from bot.register.words import words

_MANGLED = re.compile(r"[0-9](?:[.,][0-9]+)?E\+[0-9]+", re.IGNORECASE)  # what Excel makes of a long number
_ADDRESS = re.compile(r"[^\s<>,;:()\[\]\"]+@[^\s<>,;:()\[\]\"@]+\.[^\s<>,;:()\[\]\"@.]+")
GIRL_OR_WOMAN = "F"


@dataclass(frozen=True, slots=True)
class Unread:
    """A cell that cannot be read. `reason` is a plain Swedish sentence for the person who exports the register."""

    reason: str


def text(cell: Cell) -> str:
    """What a person reads in the cell, on one line; whole numbers without decimals, words for nothing ("-", "null", "saknas") as ""."""
    if isinstance(cell, str):
        said = tidy(cell)
    elif isinstance(cell, bool):
        said = "ja" if cell else "nej"
    elif isinstance(cell, float) and cell.is_integer():
        said = str(int(cell))
    elif isinstance(cell, dt.datetime) and cell.time() == dt.time():
        said = cell.date().isoformat()
    else:
        said = str(cell)
    if len(said) > 24 or said[-1:].isdigit():  # no word for nothing
        return said
    return "" if said in ("", "-") or said.casefold() in ("–", "—") or folded(said) in words().empty else said


def case(cell: Cell) -> str | Unread:
    """The case's number as written; "" when the cell is empty."""
    said = text(cell)
    if _MANGLED.fullmatch(said):
        return Unread("Ärendenumret är förstört av Excel; gör kolumnen till text och exportera igen.")
    if len(said) > 100:
        return Unread("Ärendenumret är längre än 100 tecken.")
    return said


def flag(cell: Cell) -> bool | None:
    """Yes, no (also for an empty cell), or None for what is neither."""
    key = folded(text(cell))
    if key in words().yes:
        return True
    return False if not key or key in words().no else None


def external(cell: Cell) -> bool | None:
    """As `flag`, with the words for who carries an insats out (extern, privat, egen regi …)."""
    found = flag(cell)
    return words().external.get(folded(text(cell))) if found is None else found


def protected(cell: Cell) -> bool:
    """Whether the person is protected; anything but no and nothing is a yes, since a wrong no would show a name."""
    return flag(cell) is not False


def advance_ruling(cell: Cell) -> bool:
    """Yes or no, where the register has the column: an empty cell is a no, a date or any other content a yes."""
    if not text(cell):
        return False
    found = flag(cell)
    return True if found is None else found


def sex(cell: Cell) -> str:
    """man, woman, boy or girl; "" when not known. "F" alone gives GIRL_OR_WOMAN: which one, the rest of the column tells."""
    key = folded(text(cell))
    return GIRL_OR_WOMAN if key == "f" else words().sex.get(key, "")


def contact(cell: Cell) -> str:
    """An address out of "Namn <address>" in lower case, else the name or signature as written."""
    said = text(cell)
    if "@" in said and (found := _ADDRESS.findall(said)) and len(found) == 1:
        return str(found[0]).removeprefix("mailto:").lower()
    return said[:200]

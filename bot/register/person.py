"""One cell → the keyed hash of an identity number. The number itself is never kept, returned or told."""

from collections.abc import Callable
from datetime import date

from bot.register.table import Cell
from bot.register.values import text
from rules import identity


def person(cell: Cell, today: date, hash_person: Callable[[str], str]) -> str | None:
    """The hash of the number's normal form; "" for an empty cell, None for a number that is unusable (masked, or rounded: 1,91212E+11).

    Leading zeros that a spreadsheet took are put back when the check digit then is right. `today` tells the century of ten digits.
    """
    said = text(cell)
    if not said:
        return ""
    if said.isascii() and said.isdigit() and 7 <= len(said) <= 9:
        number = next(iter(identity.numbers(said.zfill(10), today)), None)
    else:
        number = identity.normalise(said, today)
    if number is None:
        return None
    try:
        return hash_person(number)
    except ValueError:  # its text may hold the number
        return None


def is_person(said: str, today: date) -> bool:
    """Whether a case number is or holds an identity number, judged as in a letter's body: bare ten digits need their check digit."""
    return bool(said) and bool(identity.numbers(said, today))


def may_be_person(said: str) -> bool:
    """Whether any other text may hold an identity number, judged as in a title: rather once too often."""
    return bool(said) and bool(identity.find(said))

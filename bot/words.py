"""Small Swedish words for templates: dates with their weekday, plurals, lists, the name of an insats, a bar without images."""

import re
from collections.abc import Callable, Iterable, Mapping
from datetime import date
from typing import Any, TypeVar

from rules.mails import Digest, ReadyTitle, Reminder, ReminderRow

_ORDINALS = ("första", "andra", "tredje", "fjärde")
_QUARTER = re.compile(r"([0-9]{4})Q([1-4])")
_FOR_INFORMATION = frozenset({"postponed", "superseded", "coming"})  # sections of the digest that ask nothing of anybody

T = TypeVar("T", bound=str)

_WEEKDAYS = ("måndag", "tisdag", "onsdag", "torsdag", "fredag", "lördag", "söndag")
_PARAGRAPH = re.compile(r"^\s*9 ?§ ?[0-9]{1,2}\b[\s,:–-]*")  # the option list's texts begin with it
_HINT = re.compile(r"\s*\(väljs [^)]*\)\s*$", re.IGNORECASE)  # the e-service's advice to the person who chooses


def day(value: date) -> str:
    """A date as people read it: "onsdag 2026-04-15". The words do not follow the machine's language."""
    return f"{_WEEKDAYS[value.weekday()]} {value.isoformat()}"


def cap(value: T) -> T:
    """The first letter as a capital, the rest as it is. Markup stays markup; it may not begin with a tag."""
    return type(value)(value[:1].upper() + value[1:])


def squeeze(value: T) -> T:
    """One line: runs of white space (line breaks too) become one space. Markup stays markup."""
    return type(value)(" ".join(value.split()))


def count(n: int, one: str, many: str) -> str:
    """A number with its noun: "1 dag", "2 dagar". Swedish uses the singular for one only."""
    return f"{n} {one if n == 1 else many}"


def listed(items: Iterable[object], last: str = "och") -> str:
    """ "a", "a och b", "a, b och c"."""
    *most, end = [str(item) for item in items] or [""]
    return f"{', '.join(most)} {last} {end}" if most else end


def months(n: int) -> str:
    """The true number of months that have passed, in figures: "3 månader"."""
    return count(n, "månad", "månader")


def months_between(start: date, mark: date) -> int:
    """How many whole months lie between a start and one of its marks. A mark keeps its month also where its day is rounded down."""
    return 12 * (mark.year - start.year) + mark.month - start.month


def insats(row: ReminderRow) -> str:
    """Paragraph and name, the paragraph once and written as in a title: "9§4 Kontaktperson"."""
    name = _HINT.sub("", _PARAGRAPH.sub("", row.insats_text)).strip()
    return f"{row.insats} {name}".rstrip()


def mailto(title: ReadyTitle) -> str:
    """The link of a ready title. Raises ValueError for any other scheme: nothing else may become a link in a mail."""
    if not title.mailto.startswith("mailto:"):
        raise ValueError("not a mailto link")
    return title.mailto


def quarter(value: str) -> str:
    """A quarter in words: "2026Q1" is "första kvartalet 2026". Anything else stays as it is."""
    found = _QUARTER.fullmatch(value)
    return f"{_ORDINALS[int(found[2]) - 1]} kvartalet {found[1]}" if found else value


def bar_cells(done: int, total: int, width: int = 20) -> tuple[int, int]:
    """How many of `width` cells are filled and empty. Filled to the end only when all is done, empty only when nothing is."""
    if total <= 0:
        return (width, 0)
    filled = min(max(round(width * done / total), 1 if done else 0), width - 1 if done < total else width)
    return (filled, width - filled)


def reader(mail: Reminder) -> str:
    """For whom a reminder is worded: officer, unit or provider. The reporter reads it as the one in whose place it comes."""
    if mail.role != "reporter":
        return mail.role
    if mail.in_place_of == "provider":
        return "provider"
    return "unit" if mail.owner and mail.in_place_of != "officer" else "officer"


def todo(digest: Digest) -> int:
    """How many things the digest asks its reader to look at: rows left out count too, what is only told does not."""
    asked = sum(len(section.rows) + section.more for section in digest.sections if section.name not in _FOR_INFORMATION)
    return asked + len(digest.health) + (1 if digest.balance.unexplained else 0)


def quiet(digest: Digest) -> bool:
    """Whether a digest has nothing at all to tell."""
    return not (digest.sections or digest.health or digest.balance.unexplained)


FILTERS: Mapping[str, Callable[..., Any]] = {
    "day": day,
    "cap": cap,
    "squeeze": squeeze,
    "listed": listed,
    "months": months,
    "quarter": quarter,
    "insats": insats,
    "mailto": mailto,
}
GLOBALS: Mapping[str, Callable[..., Any]] = {
    "count": count,
    "months_between": months_between,
    "bar_cells": bar_cells,
    "reader": reader,
    "todo": todo,
    "quiet": quiet,
}

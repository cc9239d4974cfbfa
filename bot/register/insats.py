"""One cell → an insats 9§1–9§10, and its form where the text tells it. Names and forms are those of the option list."""

import datetime as dt
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import TYPE_CHECKING

from bot.register.grammar import spelled_insats
from bot.register.table import Cell
from bot.register.text import folded, spellings
from bot.register.values import Unread, text
from bot.register.words import words
from rules import options as ivo
from rules.model import Flaw

if TYPE_CHECKING:
    from rules.title import Insatser

_CLOCK = re.compile(r"0?9:(0?[1-9]|10)(?::00)?")  # what spreadsheets make of 9:10
_PARAGRAPH = re.compile(r"^.*[0-9§][\s:.–-]*(?:LSS\b)?[\s:.–-]*", re.IGNORECASE)
_OTHER_LAW = re.compile(r"\b(?:sol|hsl|lvu|lvm)\b|socialtjänstlag", re.IGNORECASE)
MISSING = Unread("Insats saknas.")
UNKNOWN = Unread("Insatsen går inte att läsa; skriv paragraf och punkt, till exempel 9 § 10.")
NO_LSS = Unread("Insatsen är ingen av 9 § 1–10 LSS.")
SEVERAL = Unread("Cellen anger mer än en insats, eller en paragraf och ett namn som inte hör ihop; skriv ett beslut på varje rad.")


@dataclass(frozen=True, slots=True)
class Insats:
    """An insats, `9§10`, and the key of its form, "" when not told."""

    code: str
    form: str = ""


@cache
def options() -> Mapping[str, Mapping[str, str]]:
    """Per insats the folded texts, keys and words of its forms → key, by IVO's option list."""
    forms: dict[str, dict[str, str]] = {}
    for each in ivo.options()["insats"]:
        own = forms.setdefault(each["key"], {})
        for choice in each["forms"]:
            for said in (choice["key"], choice["text"], _bare(choice["text"])):
                own |= dict.fromkeys(spellings(said), choice["key"]) if said else {}
    for word, target in words().forms.items():
        code, _, key = target.partition("/")
        forms[code].setdefault(word, key)
    return forms


def _bare(said: str) -> str:
    """A text of the option list without its paragraph and its remark in brackets."""
    return re.sub(r"\(.*", "", re.sub(r"^9 § [0-9]+ ", "", said)).strip()


def insats(cell: Cell, today: date, names: "Insatser | None" = None) -> Insats | Unread:
    """Reads an insats as a title would. `names`: the names to know, else the default ones."""
    if isinstance(cell, dt.time):
        return Insats(f"9§{cell.minute}") if cell.hour == 9 and 1 <= cell.minute <= 10 else UNKNOWN
    said = text(cell)
    if not said:
        return MISSING
    if clock := _CLOCK.fullmatch(said):
        return Insats(f"9§{int(clock[1])}")
    code = spelled_insats(said, today, names)
    if isinstance(code, Flaw):
        return {Flaw.MULTIPLE_INSATS: SEVERAL, Flaw.UNKNOWN_INSATS: NO_LSS}.get(code, UNKNOWN)
    return Insats(code, _form(code, said) or "")


def _form(code: str, said: str) -> str | None:
    """The key of the form that a text names, with or without the paragraph before it; None when the insats has no such form."""
    forms = options().get(code, {})
    for each in (said, _PARAGRAPH.sub("", said)):
        if (key := forms.get(folded(each))) is not None:
            return key
    return None


def form(cell: Cell, code: str) -> tuple[str, bool]:
    """The key of a form cell for that insats, and whether something stood there that the insats does not have."""
    said = text(cell)
    key = _form(code, said) if said else ""
    return key or "", key is None


def other_law(cell: Cell) -> bool:
    """Whether a column for the law names another law than LSS."""
    said = text(cell)
    return bool(_OTHER_LAW.search(said)) and "lss" not in said.lower()

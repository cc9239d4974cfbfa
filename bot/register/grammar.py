"""The title grammar on a single cell: a day or an insats that is spelled as in a title. Loaded when the first such cell comes."""

from collections.abc import Iterable, Mapping
from datetime import date
from typing import TYPE_CHECKING

from rules.model import Flaw

if TYPE_CHECKING:
    from rules.title import Insatser
    from rules.title.items import Item
    from rules.title.words import Words


def names_with(further: Mapping[str, Iterable[str]]) -> "Insatser":
    """The names of insatser with those of `further`: insats ("9§6") → names."""
    from rules.title import insatser

    return insatser(further)


def spelled_day(said: str, today: date) -> date | None:
    """The day that a text is and nothing besides, also one long past; else None. `today` bounds years of two digits."""
    from rules.title.vocabulary import Role

    items, _, _ = _items(said, today, None)
    days = [item.value.day for item in items if item.role is Role.DATE]
    others = any(item.role not in (Role.DATE, Role.LINK, Role.DROPPED, Role.BEFORE) for item in items)
    return days[0] if len(days) == 1 and not others and isinstance(days[0], date) else None


def spelled_insats(said: str, today: date, names: "Insatser | None") -> str | Flaw:
    """The insats that a text says ("9§10"), by paragraph, by name, or by both when they agree; else the flaw that a title would have."""
    from rules.title.pieces import Gathering

    items, text, words = _items(said, today, names)
    found = Gathering(text, items, words.vocabulary.units).pieces(today).insats
    return found.insats or found.flaw or Flaw.MISSING_INSATS


def _items(said: str, today: date, names: "Insatser | None") -> "tuple[list[Item], str, Words]":
    from rules.title import default_insatser
    from rules.title.items import Reading
    from rules.title.scan import signs
    from rules.title.text import clean
    from rules.title.words import words_of

    text = clean(said)
    words = words_of(names or default_insatser())
    return Reading(text, list(signs(text)), words, today).items(), text, words

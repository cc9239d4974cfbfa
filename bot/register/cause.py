"""One cell → a cause of IVO's option list. What is no known cause is not kept: free text may hold a name."""

import tomllib
from collections.abc import Iterator, Mapping
from functools import cache
from importlib.resources import files

from bot.register.text import folded
from rules import options as ivo

OTHER = "Annat"
"""What stands for a cause that is not in the list: it counts as another cause, and IVO's sheet asks the reporter to explain it."""

_OTHER_WORDS = ("annat", "annan", "annan orsak", "annat skäl", "annan anledning", "övrigt", "övriga", "other")
_LEAST = 8  # letters of a text that is compared with its faults, or as a beginning
_ALIKE = 88.0  # per cent of equal letters; "saknar inte plats" and "saknar plats" are 85


def cause(said: str) -> tuple[str, bool]:
    """The cause that a text names, as the list writes it ("" for no text), and whether it was known; unknown ones are OTHER.

    Known: a text of the option list with or without its bracket, misspelled, cut off, or with more after it; and the words of the quarterly
    report ("Tackat nej"), which name several of the list's causes at once.
    """
    text = _words(said)
    if not text:
        return "", True
    found = _known().get(text) or _beginning(text) or _alike(text)
    return found or OTHER, found is not None


def _words(said: str) -> str:
    """The words of a text, folded, with single spaces."""
    return " ".join(word for each in said.replace("/", " ").replace("_", " ").split() if (word := folded(each)))


@cache
def _known() -> Mapping[str, str]:
    """The words of every text that names one cause → that cause as it is stored. The option list goes before the quarterly words."""
    listed = [str(each["text"]) for reason in ivo.options()["reason"] for each in reason["causes"]]
    found: dict[str, str] = {}
    for text in listed:
        found.setdefault(_words(text), text)
        found.setdefault(_words(text.partition("(")[0]), text)
    for text in _quarterly():
        found.setdefault(_words(text), text)
    return found | {_words(text): OTHER for text in _OTHER_WORDS}


def _quarterly() -> Iterator[str]:
    raw = tomllib.loads((files("rules") / "data" / "quarter_causes.toml").read_text("utf-8"))
    return (text for listed in raw.values() if isinstance(listed, list) for text in listed)


def _beginning(text: str) -> str | None:
    """The cause with which a text begins, the longest of them; else the only one that begins with the text."""
    if longest := max((known for known in _known() if text.startswith(f"{known} ")), key=len, default=None):
        return _known()[longest]
    fits = {stored for known, stored in _known().items() if len(text) >= _LEAST and known.startswith(text)}
    return fits.pop() if len(fits) == 1 else None


def _alike(text: str) -> str | None:
    """The cause whose text is nearly this one."""
    if len(text) < _LEAST:
        return None
    from rapidfuzz import fuzz, process

    found = process.extractOne(text, _known().keys(), scorer=fuzz.ratio, score_cutoff=_ALIKE)
    return _known()[found[0]] if found else None

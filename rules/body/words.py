"""The words of a body in the form in which they are compared, and the data of `data/body.toml` in that form."""

import re
import tomllib
from collections.abc import Iterator, Mapping
from functools import cache, lru_cache
from importlib.resources import files
from typing import Any, Final, NamedTuple

WORD: Final = re.compile(r"[?\ufffd]?[^\W_]+(?:[?\ufffd|][^\W_]+)*")
"""A word, also one with a lost letter (`?rende`) or a bar for an l."""

MASK: Final = "[personnummer]"
"""Stands for an identity number, or what may be one, in everything that is kept."""
_LETTERS: Final = str.maketrans("åäáàâãæöóòôõøéèêëüúùíìîï", "aaaaaaaooooooeeeeuuuiiii")
_SCANNED: Final = str.maketrans("015|!\ufffd", "oisii?")
_LOST: Final = re.compile("[åäö]")
_BECAUSE: Final = re.compile(r"\b(?:p\.? ?g\.? ?a\b\.?|på grund av)", re.IGNORECASE)


class Word(NamedTuple):
    """A word's key and where it stands."""

    key: str
    start: int
    end: int


@cache
def data() -> Mapping[str, Any]:
    """Everything in `data/body.toml`."""
    return tomllib.loads((files("rules") / "data" / "body.toml").read_text("utf-8"))


@cache
def pattern(name: str) -> re.Pattern[str]:
    """One of `[patterns]`, compiled when it is first needed."""
    written: str = data()["patterns"][name]
    return re.compile(_PART.sub(lambda found: str(data()["parts"][found[1]]), written))


_PART: Final = re.compile("<<([a-z_]+)>>")


@lru_cache(4096)
def key(word: str) -> str:
    """A word without what a scanner, a telephone or haste may change: letter case, å ä ö, 0 for O, 1 for l, rn for m."""
    plain = word.casefold().translate(_LETTERS).translate(_SCANNED)
    return plain.replace("l", "i").replace("rn", "m")


def words(text: str, start: int = 0, end: int | None = None) -> Iterator[Word]:
    """The words of a text in order."""
    for found in WORD.finditer(text, start, len(text) if end is None else end):
        yield Word(key(found[0]), found.start(), found.end())


def phrase(text: str) -> str:
    """Words as they are compared in a value: keys with a space between, the usual short words written out."""
    return " ".join(_short().get(word.key, word.key) for word in words(_BECAUSE.sub("pga", text)))


@cache
def _short() -> Mapping[str, str]:
    return {key(short): key(long) for short, long in data()["short"].items()}


@cache
def word_list(name: str) -> frozenset[str]:
    """One of `[lists]`, as phrases."""
    return frozenset(phrase(each) for each in data()["lists"][name])


def spellings(label: str) -> Iterator[str]:
    """The keys of a label without spaces: with its letters, with `?` for a lost å ä ö, and with nothing there."""
    low = label.casefold()
    for lost in (low, _LOST.sub("?", low), _LOST.sub("", low)):
        yield "".join(key(part) for part in re.findall(r"[\w?]+", lost))


@cache
def labels() -> Mapping[str, str]:
    """Each label's key → the field that it names. The first field that names it has it."""
    found: dict[str, str] = {}
    for field, names in data()["labels"].items():
        for name in names:
            found.setdefault(next(spellings(name)), field)
    for field, names in data()["labels"].items():
        for name in names:
            for spelling in spellings(name):
                if len(spelling) > 4:
                    found.setdefault(spelling, field)
    return found


@cache
def beginnings() -> frozenset[str]:
    """Every beginning of a label's key: where to stop looking for a longer one."""
    return frozenset(label[:length] for label in labels() for length in range(1, len(label) + 1))


@cache
def long_labels() -> Mapping[int, tuple[str, ...]]:
    """The labels that may hold a slip of the pen, by their length."""
    found: dict[int, list[str]] = {}
    for label in labels():
        if len(label) >= LEAST_FOR_SLIP and "?" not in label:
            found.setdefault(len(label), []).append(label)
    return {length: tuple(names) for length, names in found.items()}


LEAST_FOR_SLIP: Final = 8
"""Letters of the shortest label that is read with a wrong letter; two from `TWO_SLIPS`."""
TWO_SLIPS: Final = 18


@cache
def phrases(group: str) -> frozenset[str]:
    """One list of `[values]`, as phrases."""
    return frozenset(filter(None, (phrase(each) for each in data()["values"][group])))


@cache
def raw_values(group: str) -> tuple[str, ...]:
    """One list of `[values]` as written: marks that are no words."""
    return tuple(data()["values"][group])


def says_nothing(text: str) -> bool:
    """Whether a whole value says that there is nothing: "-", "Nej", "ej aktuellt", a gap that was not filled."""
    bare = _GAP.sub("", text).strip(" \t\n.,;:()*_…-–")
    return not bare or phrase(bare) in phrases("nothing")


def begins_with(text: str, group: str) -> str:
    """The longest of a group's phrases that the text begins with; "" if with none."""
    begun = phrase(text[:80]).split()
    for length in range(min(4, len(begun)), 0, -1):
        if (said := " ".join(begun[:length])) in phrases(group):
            return said
    return ""


_GAP: Final = re.compile("[Åå]{4}-?MM-?DD|9 ?§ ?_+|YYYY-?MM-?DD")

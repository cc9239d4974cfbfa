"""The words a title may hold and what each means: `words.toml` and the option list, made ready for look-ups."""

import re
from collections.abc import Iterable, Iterator, Mapping
from enum import IntEnum, auto
from functools import cache, lru_cache
from typing import Any, Final, NamedTuple

from rules.model import Kind, Outcome
from rules.title.text import LOST, fold


class Role(IntEnum):
    """What a word, or a group of signs, does in a title."""

    IVO = auto()
    KIND = auto()
    PART = auto()
    REPORT = auto()
    OUTCOME = auto()
    NO_OUTCOME = auto()
    PARTLY = auto()
    INTERRUPTION = auto()
    ADVANCE = auto()
    NAME = auto()
    PARAGRAPH = auto()
    LSS = auto()
    OTHER_LAW = auto()
    DATE = auto()
    MONTH = auto()
    LINK = auto()
    DROPPED = auto()
    BEFORE = auto()
    DATE_LABEL = auto()
    INSATS_LABEL = auto()
    PLACEHOLDER = auto()
    DECISION_DATE = auto()
    CLOCK = auto()
    NUMBER = auto()
    OTHER = auto()


class Meaning(NamedTuple):
    """A role, and what fills it: a Kind, an Outcome, a month's number, the paragraphs that a name can mean."""

    role: Role
    value: Any = None


class Insatser:
    """Names of insatser: the folded name without spaces → the paragraphs it can mean (`9§4`).

    words: the short names' single words. spelled: the names as they are written.
    Never changed once made; two are the same only if they are one object.
    """

    __slots__ = ("names", "spelled", "words")

    def __init__(self, names: Mapping[str, frozenset[str]], words: frozenset[str], spelled: tuple[str, ...]) -> None:
        self.names, self.words, self.spelled = names, words, spelled


class Vocabulary(NamedTuple):
    """Everything that look-ups need; keys are folded.

    phrases: words joined without spaces. beginnings: every beginning of a phrase. parts: words that occur inside phrases only.
    lost: a spelling with each å ä ö lost → the folded word. near: words that a misspelling may mean or be confused with → tolerance in
    letters (0: another meaning, never read). proper: right spellings, small letters.
    """

    phrases: Mapping[str, Meaning]
    beginnings: frozenset[str]
    parts: frozenset[str]
    lost: Mapping[str, str]
    near: Mapping[str, int]
    small: frozenset[str]
    exact: frozenset[str]
    proper: frozenset[str]
    units: frozenset[str]
    months: Mapping[str, int]


LONG: Final = 8
"""From this length a word may have two wrong letters; from MIDDLE one."""
MIDDLE: Final = 6
LONGEST: Final = 24
"""Longer words and phrases are read to the letter."""
_SHORT_NAME: Final = 6  # words; the statute's long sentences are read to the letter
_WORDS = re.compile(r"[^\W_]+")


@cache
def words_file() -> Mapping[str, Any]:
    """Gives `rules/data/words.toml`."""
    return _load("words.toml")


@cache
def default_insatser() -> Insatser:
    """Gives the names of IVO's option list, of the statute (LSS 9 §) and of `words.toml`."""
    return insatser({})


def insatser(extra: Mapping[str, Iterable[str]]) -> Insatser:
    """Gives the default names and the local ones of `extra`: insats (`9§6`) → names."""
    names: dict[str, set[str]] = {}
    words: set[str] = set()
    spelled = [*words_file()["ambiguous_names"], *(name for _, name in _names(extra))]
    for key, name in _names(extra):
        names.setdefault(joined(name), set()).add(key)
        parts = [fold(word) for word in _WORDS.findall(name)]
        if len(parts) <= _SHORT_NAME:
            words.update(parts)
    for name, keys in words_file()["ambiguous_names"].items():
        names.setdefault(joined(name), set()).update(keys)
        words.update(fold(word) for word in _WORDS.findall(name))
    return Insatser({name: frozenset(keys) for name, keys in names.items()}, frozenset(words), tuple(spelled))


def joined(phrase: str) -> str:
    """Gives a phrase as it is looked up: folded, without spaces and signs, and without the connecting words after its first."""
    first, *others = _WORDS.findall(fold(phrase))
    return "".join([first, *(word for word in others if word not in _links())])


@cache
def _links() -> frozenset[str]:
    return frozenset(fold(word) for word in words_file()["no_information"]["connecting"])


@lru_cache(maxsize=8)
def vocabulary(names: Insatser) -> Vocabulary:
    """Gives the vocabulary with these names of insatser."""
    data = words_file()
    phrases: dict[str, Meaning] = {name: Meaning(Role.NAME, keys) for name, keys in names.names.items()}
    spelled: list[str] = []
    for phrase, meaning in _fixed(data):
        phrases[joined(phrase)] = meaning
        spelled.append(phrase)
    months = {fold(name): number for form in ("full", "short") for number, name in enumerate(data["months"][form], 1)}
    months |= data["months"]["also"]
    for name in data["months"]["full"]:
        phrases[fold(name)] = Meaning(Role.MONTH, months[fold(name)])
    confusable = {joined(word) for word in data["other_meaning"]["words"]} - phrases.keys()
    other = confusable | ({joined(word) for word in data["other_meaning"]["inflected"]} - phrases.keys())
    phrases.update({word: Meaning(Role.OTHER) for word in other})
    parts = names.words | {fold(word) for phrase in spelled for word in _WORDS.findall(phrase)}
    near = {word: tolerance(word) for word in {*parts, *names.names} if MIDDLE <= len(word) <= LONGEST}
    near = {word: tolerance for word, tolerance in near.items() if word not in other} | dict.fromkeys(confusable, 0)
    swedish = [*spelled, *data["months"]["full"], *names.spelled]
    return Vocabulary(
        phrases=phrases,
        beginnings=frozenset(phrase[:end] for phrase in phrases if phrase not in other for end in range(1, len(phrase))),
        parts=frozenset(parts),
        lost={_without(word): fold(word) for phrase in swedish for word in _WORDS.findall(phrase) if _without(word) != word.lower()},
        near=near,
        small=frozenset(data["no_information"]["connecting_small"]),
        exact=frozenset(data["no_information"]["connecting_exact"]),
        proper=frozenset(word for phrase in swedish for word in _WORDS.findall(phrase.lower())),
        units=frozenset(fold(word) for word in data["units"]["after_number"]),
        months=months,
    )


def _fixed(data: Mapping[str, Any]) -> Iterator[tuple[str, Meaning]]:
    """Each phrase of words.toml with its meaning; the names of insatser and the months apart."""
    for table, role, values in (("kinds", Role.KIND, Kind), ("parts", Role.PART, Kind), ("outcomes", Role.OUTCOME, Outcome)):
        for key, phrases in data[table].items():
            yield from ((phrase, Meaning(role, values(key))) for phrase in phrases)
    outcomes = [word for words in data["outcomes"].values() for word in words]
    for table, role in (("negated", Role.NO_OUTCOME), ("partly", Role.PARTLY)):
        yield from ((f"{before} {word}", Meaning(role)) for before in data[table]["before"] for word in outcomes)
    yield from ((word, Meaning(Role.NO_OUTCOME)) for word in data["negated"]["whole"])
    pieces, quiet = data["pieces"], data["no_information"]
    for phrases, role in (
        (pieces["ivo"], Role.IVO),
        (pieces["lss"], Role.LSS),
        (pieces["other_law"], Role.OTHER_LAW),
        (pieces["interruption"], Role.INTERRUPTION),
        (pieces["advance_ruling"], Role.ADVANCE),
        (quiet["report"], Role.REPORT),
        (quiet["dropped"], Role.DROPPED),
        (quiet["before"], Role.BEFORE),
        (quiet["connecting"], Role.LINK),
        (quiet["date_label"], Role.DATE_LABEL),
        (quiet["insats_label"], Role.INSATS_LABEL),
        (data["placeholders"]["date"], Role.PLACEHOLDER),
        (data["placeholders"]["decision_date"], Role.DECISION_DATE),
    ):
        yield from ((phrase, Meaning(role)) for phrase in phrases)


def _names(extra: Mapping[str, Iterable[str]]) -> Iterator[tuple[str, str]]:
    """Insats and name, of the option list (its texts without paragraph and bracket, and whole), the statute and `extra`."""
    for option in _load("ivo_options.toml")["insats"]:
        texts = [re.sub(r"^9 § [0-9]+ ", "", form["text"]) for form in option["forms"]]
        for name in (*texts, *(text.partition(" (")[0] for text in texts), *option["names"]):
            yield option["key"], name
    for table in (words_file()["names"], extra):
        for key, names in table.items():
            yield from ((key, name) for name in names)


def tolerance(word: str) -> int:
    """How many wrong letters a word of the vocabulary may have."""
    return 2 if len(word) >= LONG else 1


def _without(word: str) -> str:
    return re.sub("[åäöé]", LOST, word.lower())


def _load(name: str) -> Mapping[str, Any]:
    import pkgutil  # a title in canonical form needs neither these modules nor the file
    import tomllib

    content = pkgutil.get_data("rules", f"data/{name}")
    if content is None:
        raise FileNotFoundError(name)
    return tomllib.loads(content.decode())

"""Which of IVO's reasons and causes a text names: exactly one, or none. The texts are the option list's, other words `data/body.toml`'s."""

import re
from collections.abc import Iterable
from functools import cache, lru_cache
from typing import Final, NamedTuple

from rules.body.words import WORD, data, phrase, word_list
from rules.options import options

_BRACKETS: Final = re.compile(r"\([^()]{0,200}(?:\)|$)")
_CLAUSE: Final = re.compile(
    r"[,;:.!?\n]|\s[-–—/]+\s|\boch\b|\bsamt\b|\bmen\b|\beller\b|\bel\b|\beftersom\b|\bdå\b|(?:^|\s)[-–•*]\s|[-–—]>|\t|\|"
)
ANYTHING: Final = "Annat"
"""The end of the causes that need an explanation."""
DECLINED: Final = "Den enskilde har tackat nej"
"""The beginning of the causes that need the date of an offer."""
_ANYTHING: Final = "annat"
_LEAST_FOR_SLIP: Final = 8
_LEAST_BEGINNING: Final = 12
_MOST: Final = 600


class Chosen(NamedTuple):
    """The alternatives that a text names, as IVO writes them: one is an answer, several are none. `rest`: the text after the first."""

    texts: frozenset[str]
    rest: str = ""

    @property
    def only(self) -> str | None:
        """The alternative, when it is one."""
        return next(iter(self.texts)) if len(self.texts) == 1 else None


def reason(text: str) -> Chosen:
    """The main reasons that a value begins with or is made of."""
    return _chosen(text, "reason")


def cause(text: str) -> Chosen:
    """The causes that a value names at the beginning of its clauses."""
    return _chosen(text, "cause")


def begins(text: str, sort: str) -> bool:
    """Whether a value begins with one of the reasons (`reason`) or causes (`cause`), spelled as the lists have it."""
    return any(True for _ in _exact(phrase(_BRACKETS.sub(" ", text[:200])), _phrases(sort)))


def is_one(text: str) -> bool:
    """Whether a text is one of the reasons or causes, word for word."""
    said = phrase(text)
    return said in _phrases("reason") or said in _phrases("cause")


@cache
def _phrases(sort: str) -> dict[str, str]:
    """Each spelling of an alternative, as a phrase → IVO's text."""
    found: dict[str, str] = {}
    if sort == "reason":
        for group in options()["reason"]:
            for name in (group["text"], *data()["reasons"].get(group["key"], ())):
                found[phrase(name)] = group["text"]
        return found
    texts = dict.fromkeys(each["text"] for group in options()["reason"] for each in group["causes"])
    for text in texts:
        found[phrase(text)] = text
        found[phrase(_BRACKETS.sub("", text))] = text
    for group in data()["causes"]:
        for text in (each for each in texts if each.startswith(group["text"]) and (each == group["text"] or group["text"] != "Annat")):
            for name in group["also"]:
                found.setdefault(phrase(name), text)
    return found


def _chosen(text: str, sort: str) -> Chosen:
    return _choose(text[:_MOST], sort)


@lru_cache(256)
def _choose(text: str, sort: str) -> Chosen:
    known = _phrases(sort)
    plain = _BRACKETS.sub(" ", text)
    whole = phrase(plain)
    if whole in known:
        return Chosen(frozenset({known[whole]}))
    if len(whole) >= _LEAST_BEGINNING and " " in whole:
        begun = {each for name, each in known.items() if name.startswith(whole + " ")}
        if len(begun) == 1:
            return Chosen(frozenset(begun))
    first = _first(plain, known)
    if sort == "reason":
        # Only what the value begins with: "kunden" further on is a person, not a reason.
        return Chosen(frozenset({known[first]}), _after(plain, first)) if first else Chosen(_slip(whole, known))
    found = {first: known[first]} if first else {}
    for clause in _CLAUSE.split(plain)[:40]:
        if (name := _leading(phrase(clause), known)) and name != _ANYTHING and not any(name in each for each in found):
            found[name] = known[name]
    if found:
        return Chosen(frozenset(found.values()))
    return Chosen(_slip(whole, known))


def _first(text: str, known: dict[str, str]) -> str:
    """The longest spelling that a value begins with, with or without words that say nothing."""
    return _leading(phrase(text), known)


def _leading(said: str, known: dict[str, str]) -> str:
    best = max(_exact(said, known), key=len, default="")
    words = said.split()
    while not best and words and words[0] in word_list("filler"):
        words = words[1:]
        best = max((each for each in _exact(" ".join(words), known) if each != _ANYTHING), key=len, default="")
    return best


def _exact(said: str, known: dict[str, str]) -> Iterable[str]:
    """The spellings that a phrase begins with as whole words."""
    words = said.split()
    for count in range(1, min(len(words), 24) + 1):
        if (name := " ".join(words[:count])) in known:
            yield name


def _after(text: str, name: str) -> str:
    """What stands after the words of a phrase that a text begins with."""
    needed = len(name.split())
    for count, found in enumerate(WORD.finditer(text), 1):
        if count == needed:
            return text[found.end() :].strip(" \t,;:.-–—/>|")
    return ""


def _slip(said: str, known: dict[str, str]) -> frozenset[str]:
    """The alternative that a value is a misspelling of: one wrong letter in eight, none as near, the same negations."""
    from rapidfuzz import process
    from rapidfuzz.distance import OSA

    if not _LEAST_FOR_SLIP <= len(said) <= 160:
        return frozenset()
    joined = said.replace(" ", "")  # a scanner may part every syllable
    if together := {text for name, text in known.items() if len(joined) >= _LEAST_FOR_SLIP and name.replace(" ", "") == joined}:
        return frozenset(together)
    allowed = max(1, len(said) // 9)
    names = [name for name in known if len(name) >= _LEAST_FOR_SLIP and abs(len(name) - len(said)) <= allowed]
    close = process.extract(said, names, scorer=OSA.distance, score_cutoff=allowed, limit=None)
    close = [each for each in close if _negations(each[0]) == _negations(said)]
    if not close:
        return frozenset()
    least = min(distance for _, distance, _ in close)
    near = {known[name] for name, distance, _ in close if distance <= least + 1}
    return frozenset(near) if len(near) == 1 else frozenset()


def _negations(said: str) -> int:
    return sum(word in word_list("negated") for word in said.split())

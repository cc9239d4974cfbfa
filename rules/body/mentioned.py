"""What a body mentions without a label: its case, its insats, the reason and the cause. Only what is mentioned alone of its sort."""

import re
from collections.abc import Iterable, Iterator, Sequence
from functools import cache
from itertools import islice
from typing import Final

from rules.body import insats as names
from rules.body.sentences import sentences
from rules.body.values import case_of
from rules.body.words import data, key, pattern, words
from rules.options import options

_MOST: Final = 250
_MOST_WORDS: Final = 9
_LONGEST: Final = 700
_ENDINGS: Final = ("en", "et", "n", "t", "s", "ens", "ets")
_LEAST_SLIP: Final = 10
_MOST_SLIPS: Final = 150
_LEAST_BEGUN: Final = 4
_LEAST_ENDING: Final = 6
_PLAIN: Final = str.maketrans("åäáàâãæöóòôõøéèêü0", "aaaaaaaooooooeeeuo")
_ONE: Final = re.compile(r"(?<=[a-z])1|1(?=[a-z])")
_BRACKETS: Final = re.compile(r"\([^()]{0,200}\)")


def case(lines: Iterable[str]) -> str:
    """The one word that can be a case number and nothing else; "" when there are several. A quoted earlier case is another's."""
    found: dict[str, str] = {}
    for line in islice(lines, _MOST):
        for each in islice(pattern("mentioned_case").finditer(line[:_LONGEST]), _MOST_WORDS):
            if pattern("mentioned_another_case").search(line[: each.start()][-40:]):
                continue
            if read := case_of(each["case"] or each["bare"]):
                found.setdefault("".join(read.casefold().split()), read)
    return found.popitem()[1] if len(found) == 1 else "" if found else _first_case(lines)


def _first_case(lines: Iterable[str]) -> str:
    """A bare number that begins the body, when the name of an insats follows it: "26/512 servicebostad"."""
    line = next((each for each in lines if each.strip()), "")
    begun = pattern("mentioned_first_case").match(line)
    return begun["case"] if begun and any(len(meant) == 1 for meant in _named(line[begun.end() : begun.end() + 40])) else ""


def insats(lines: Iterable[str]) -> tuple[str, str]:
    """The one insats that is named, and its form when one is. Lines about an offer, other support or an earlier decision do not count."""
    told: set[frozenset[str]] = set()
    forms: set[str] = set()
    for line in islice(_sentences(lines), _MOST):
        if pattern("mentioned_not_the_insats").search(line):
            continue
        told |= {frozenset({each}) for each in names.paragraphs(line)} | set(_named(line))
    sure = {next(iter(each)) for each in told if len(each) == 1} or _misspelled(lines)
    if len(sure) != 1:
        return "", ""
    only = sure.pop()
    for line in islice(_sentences(lines), _MOST):
        if not pattern("mentioned_not_the_insats").search(line):
            forms.add(form(line, only))
    forms -= {""}
    return only, forms.pop() if len(forms) == 1 else ""


def _misspelled(lines: Iterable[str]) -> set[str]:
    """What the names with a wrong letter mean, in a short body: a telephone's "kontaktprson"."""
    from rapidfuzz import process
    from rapidfuzz.distance import OSA

    found: set[str] = set()
    every = [
        word.key for line in lines if not pattern("mentioned_not_the_insats").search(line[:_LONGEST]) for word in words(line[:_LONGEST])
    ]
    long_names = [name for name in _known() if len(name) >= _LEAST_SLIP]
    for at in range(len(every) if len(every) <= _MOST_SLIPS else 0):
        for said in (every[at], " ".join(every[at : at + 2])):
            if len(said) >= _LEAST_SLIP and (
                near := process.extractOne(said, long_names, scorer=OSA.distance, score_cutoff=1 + (len(said) > 14))
            ):
                found |= _known()[near[0]] if len(_known()[near[0]]) == 1 else set()
    return found


def form(line: str, only: str) -> str:
    """The form of an insats that a line names, also in the definite."""
    return names.form_of(" ".join(_stem(word.key) for word in words(line[:_LONGEST])), only) or names.form_of(line[:_LONGEST], only)


def _sentences(lines: Iterable[str]) -> Iterator[str]:
    for line in lines:
        for sentence in sentences([line[: 4 * _LONGEST]]):
            yield sentence[:_LONGEST]


def _named(line: str) -> Iterator[frozenset[str]]:
    """What each name of an insats in a line can mean, the longest name at each place."""
    keys = [word.key for word in words(line)]
    at = 0
    while at < len(keys):
        if keys[at][:_LEAST_BEGUN] not in _beginnings():
            at += 1
            continue
        for count in range(min(_MOST_WORDS, len(keys) - at), 0, -1):
            several = keys[at : at + count]
            whole = " ".join(several)
            for said in (whole, " ".join([*several[:-1], _stem(several[-1])]), whole.replace(" ", "")):
                if meant := _known().get(said):
                    yield meant
                    at += count - 1
                    break
            else:
                continue
            break
        at += 1


@cache
def _known() -> dict[str, frozenset[str]]:
    """The names that are one in running text too: none that is an everyday word there."""
    everyday = {" ".join(key(word) for word in each.split()) for each in data()["lists"]["everyday"]}
    known = {name: meant for name, meant in names.all_names().items() if name not in everyday}
    return {**{name.replace(" ", ""): meant for name, meant in known.items() if len(name) >= _LEAST_ENDING}, **known}


@cache
def _beginnings() -> frozenset[str]:
    """The first letters of every name: most words begin none."""
    return frozenset(name.split()[0][:_LEAST_BEGUN] for name in names.all_names())


def _stem(word: str) -> str:
    """A word without the ending of its definite form, when a name is left."""
    for ending in _ENDINGS:
        stem = word.removesuffix(ending)
        if stem != word and len(stem) >= _LEAST_ENDING and stem in _stems():
            return stem
    return word


@cache
def _stems() -> frozenset[str]:
    return frozenset(name.split()[-1] for name in names.all_names())


def plain(text: str) -> str:
    """A text as the patterns of reasons and causes are written: small letters without marks, single spaces."""
    return _ONE.sub("l", " ".join(text.casefold().split()).translate(_PLAIN))


def reason(lines: Sequence[str]) -> str:
    """IVO's main reason, when the text names one and no other."""
    found: set[str] = set()
    for line in islice(_sentences(lines), _MOST):
        said = plain(line)
        for name, written in _reasons().items():
            for each in islice(pattern(name).finditer(said), _MOST_WORDS):
                if not pattern("mentioned_negated").search(said, 0, each.start()):
                    found.add(written)
    return found.pop() if len(found) == 1 else ""


def cause(lines: Sequence[str], reason: str) -> str:
    """IVO's cause, when the text names one and no other, and it can stand under the reason."""
    if any(pattern("mentioned_several").search(plain(line)) for line in islice(lines, _MOST)):
        return ""
    found = causes(lines) or causes(lines, "told")
    only = next(iter(found)) if len(found) == 1 else ""
    return only if only and (not reason or reason in reasons_of(only)) else ""


def causes(lines: Iterable[str], how: str = "said") -> set[str]:
    """Every cause of IVO's that a text names; with "told" those that it describes."""
    found: set[str] = set()
    for line in islice(_sentences(lines), _MOST):
        said = plain(_BRACKETS.sub(" ", line)) if len(line) > len(_BRACKETS.sub("", line)) + 40 else plain(line)
        for text, written in _causes(how):
            for each in islice(written.finditer(said), _MOST_WORDS):
                if not pattern("mentioned_negated").search(said, 0, each.start()):
                    found.add(text)
    return found


@cache
def reasons_of(cause: str) -> frozenset[str]:
    """The main reasons that a cause can stand under."""
    return frozenset(group["text"] for group in options()["reason"] if any(each["text"] == cause for each in group["causes"]))


@cache
def _reasons() -> dict[str, str]:
    return {f"mentioned_reason_{each['key']}": each["text"] for each in options()["reason"]}


@cache
def _causes(how: str) -> tuple[tuple[str, re.Pattern[str]], ...]:
    texts = dict.fromkeys(each["text"] for group in options()["reason"] for each in group["causes"])
    return tuple(
        (next(text for text in texts if text.startswith(group["text"])), re.compile(group[how]))
        for group in data()["causes"]
        if how in group
    )

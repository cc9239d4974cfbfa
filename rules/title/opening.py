"""What mail programs put before a title: prefixes, bracketed tags, and the marks of an automatic letter."""

import re
from functools import cache
from typing import Final, NamedTuple

from rules.title.text import LOST, fold
from rules.title.vocabulary import words_file

_TAG = re.compile(r"[\[({<]([^\[\](){}<>]{0,80})[\])}>]")
_AHEAD: Final = 80  # characters; the longest mark of an automatic letter has fewer
_SIGNS: Final = " -:,;.*"
_LETTERS = re.compile(r"[^\W\d_]+")


class Opening(NamedTuple):
    """Where the title itself begins, whether something was taken off, and whether a machine wrote it."""

    end: int
    taken: bool
    automatic: bool


def opening(text: str) -> Opening:
    """Gives what stands before the title in a cleaned text. No errors."""
    at, taken = 0, False
    while True:
        while at < len(text) and text[at] in _SIGNS:
            at += 1
        if text[at : at + 3].lower() == "ivo":
            return Opening(at, taken, False)
        prefix = _prefixes().match(text, at)
        if prefix is None and _is_automatic(text[at : at + _AHEAD]):
            return Opening(at, taken, True)
        prefix = prefix or _before().match(text, at)
        if prefix:
            at, taken = prefix.end(), True
            continue
        tag = _TAG.match(text, at)
        if tag and _is_tag(tag[1]):
            at, taken = tag.end(), True
            continue
        return Opening(at, taken, False)


def _is_automatic(ahead: str) -> bool:
    """Whether this text begins with the mark of an automatic letter."""
    if ":" not in ahead and " -" not in ahead:
        return False
    pattern, first = _automatic()
    return fold(ahead[0]) in first and pattern.match(re.sub(f"{LOST}+", LOST, fold(ahead))) is not None


def _is_tag(inside: str) -> bool:
    if inside.lower() in _tags():
        return True
    words = _LETTERS.findall(fold(inside.replace("-", "")))
    return bool(words) and not any(char.isdigit() for char in inside) and all(word in _tags() for word in words)


@cache
def _tags() -> frozenset[str]:
    spelled = {form for word in words_file()["opening"]["tags"] for form in (word.replace("-", ""), *word.split("-"))}
    return frozenset(form for word in spelled for form in (fold(word), _lost(word)))


@cache
def _prefixes() -> re.Pattern[str]:
    """`SV:`, `Re[2]:`; also without a colon where the title's own first word follows."""
    known = "|".join(words_file()["opening"]["prefixes"])
    kinds = "|".join(["ivo", *(word[:5] for words in words_file()["kinds"].values() for word in words)])
    return re.compile(rf"(?i:(?:{known}) ?(?:[\[(][0-9]{{1,3}}[\])] ?)?(?::+|(?=(?: (?:{known})){{0,4}} (?:{kinds}))))")


@cache
def _before() -> re.Pattern[str]:
    """`Kopia av`, `Påminnelse:`, with its å ä ö or without them."""
    known = sorted(words_file()["no_information"]["before"], key=len, reverse=True)
    loose = "|".join(re.sub("[åäö]", f"[åäöao{LOST}]{{1,2}}", phrase) for phrase in known)
    return re.compile(rf"(?i:(?:{loose})(?![^\W_]) ?:*)")


@cache
def _automatic() -> tuple[re.Pattern[str], frozenset[str]]:
    """The marks of an automatic letter, and the letters that they begin with."""
    known = {form for phrase in words_file()["opening"]["automatic"] for form in (fold(phrase), _lost(phrase))}
    longest_first = sorted(map(re.escape, known), key=lambda phrase: (-len(phrase), phrase))
    return re.compile(rf"(?:{'|'.join(longest_first)}) ?(?::| -)"), frozenset(phrase[0] for phrase in known)


def _lost(word: str) -> str:
    return re.sub("[åäö]", LOST, word.lower())

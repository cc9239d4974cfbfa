"""Whom a letter's body concerns: case numbers. (Identity numbers are `rules.identity`'s.)"""

import re
import unicodedata
from dataclasses import dataclass

_LABEL = re.compile(
    r"(?<![^\W\d_])[äa]rende(?:nummer|nr|n:r|id|[^\S\n]nr)?[^\S\n]{0,3}"
    r"(?:[:=]\s{0,8}|[.\-–]{0,2}[^\S\n]{0,8})(?=([^\s,;][^\n,;]{0,60}))",
    re.IGNORECASE,
)
_WORD = re.compile(r"[^\s,;()\[\]<>\"”’'|]+")
_CASE = re.compile(r"[^\W_][\w./:\-–]{0,39}")
_MOST_WORDS = 3_000


def case_key(text: str) -> str:
    """The form in which case numbers are compared: NFC, one case, no white space around or doubled."""
    return " ".join(unicodedata.normalize("NFC", text).casefold().split())


@dataclass(frozen=True, slots=True)
class Named:
    """What a body may name: `labelled` values after the label "Ärende", as written; `words`, keys that may be case numbers anywhere."""

    labelled: tuple[str, ...]
    words: frozenset[str]

    @property
    def keys(self) -> frozenset[str]:
        """Every key worth asking the register about."""
        return self.words | {case_key(value) for value in self.labelled}


def named(body: str) -> Named:
    """Collects what may be case numbers: words with a figure in them. A bare number counts only after the label. Linear in the length."""
    body = unicodedata.normalize("NFC", body)
    labelled: list[str] = []
    for found in _LABEL.finditer(body):
        value = found[1].strip().rstrip(".!?:")
        first = value.split()[0].rstrip(".!?:") if value.split() else ""
        labelled += [v for v in dict.fromkeys((first, value)) if v and any(c.isalnum() for c in v)]
    words: set[str] = set()
    for found in _WORD.finditer(body):
        word = found[0].strip(".:!?-–*_#")
        if len(word) <= 40 and not word.isdigit() and any("0" <= c <= "9" for c in word):
            words.add(case_key(word))
            if len(words) >= _MOST_WORDS:
                break
    return Named(tuple(dict.fromkeys(labelled))[:20], frozenset(words))


def unknown_case(found: Named) -> str:
    """The case number that a body names by its label, as written, when the register knows none; "" when nothing looks like one."""
    for value in found.labelled:
        if " " not in value and _CASE.fullmatch(value) and any("0" <= c <= "9" for c in value):
            return value
    return ""

"""The signs of a title: one pass that cuts a cleaned text into words, paragraphs, dates, times and numbers.

Every pattern is linear: no repeated group holds another repetition of the same characters. The order of the alternatives
matters: a paragraph goes before a date, the longer date before the shorter.
"""

import re
from collections.abc import Iterator
from functools import cache
from typing import Final, NamedTuple


class Sign(NamedTuple):
    """A group of signs: the name of its form below, its text, and where it stands."""

    form: str
    text: str
    start: int
    end: int


# A paragraph that follows without a space may touch the date: "2026-04-159§10".
_END: Final = r"(?:(?![0-9])(?!(?<=9)§)|(?=9 ?§))"
_IN: Final = r" ?[-/._] ?"
_POINT: Final = r"(?:punkten|punkt|pkt|p)"
_PARAGRAPH: Final = r"(?:§{1,3}|[Pp](?:aragrafen|aragraf|ar\b)\.?|PARAGRAF)"

_FORMS: Final = {
    # The paragraph as nearly everybody writes it, with nothing after it that could be part of it.
    "plain": r"9 ?§ ?(?:10|[1-9])(?![0-9])(?! ?[-/.:pPʔ])(?! [0-9])",
    "paragraph": (
        rf"(?:[0-9]{{1,2}} ?[Kk]ap(?:\.|itlet)? ?)?[0-9]{{1,3}}(?::?e)? ?[a-hA-H]? ?{_PARAGRAPH}"
        rf"|{_PARAGRAPH} ?[0-9]{{1,3}}(?![0-9])"
        rf"|0?9(?= ?{_POINT}\.? ?[0-9])|9(?=ʔ{{1,2}}[0-9])"
        rf"|§+"
    ),
    "word": r"[^\W\d_]+",
    "ymd": rf"[0-9]{{4}}{_IN}[0-9]{{1,2}}{_IN}[0-9]{{1,2}}{_END}|(?:19|20)[0-9]{{2}} [0-9]{{1,2}} [0-9]{{1,2}}(?![0-9])(?! ?§)",
    "tight": rf"(?:19|20)[0-9]{{2}}[-/._ ]?[0-9]{{2}}[-/._ ]?[0-9]{{2}}{_END}",
    "eight": rf"[0-9]{{8}}{_END}",
    "six": rf"[0-9]{{6}}{_END}",
    "dmy": rf"[0-9]{{1,2}}(?:{_IN}| )[0-9]{{1,2}}(?: ?[-/.,_] ?| )[0-9]{{4}}(?![0-9])(?!{_IN}[0-9]{{1,2}}{_IN}[0-9])",
    "dmyy": r"[0-9]{1,2} ?/ ?[0-9]{1,2} ?- ?[0-9]{2}(?![0-9])|[0-9]{1,2} ?\. ?[0-9]{1,2} ?\. ?[0-9]{2}(?![0-9])",
    "yymd": rf"[0-9]{{2}} ?- ?[0-9]{{1,2}} ?- ?[0-9]{{1,2}}{_END}",
    "broken": r"[0-9]+(?:[-/.][0-9]+){2,}(?! ?§)|[0-9]{1,2}(?: | ?/ ?)[0-9]{1,2} [0-9]{2}(?![0-9])(?! ?§)",
    "ym": rf"(?:19|20)[0-9]{{2}}{_IN}[0-9]{{1,2}}(?![0-9])(?! ?§)",
    "my": rf"[0-9]{{1,2}}{_IN}(?:19|20)[0-9]{{2}}(?![0-9])(?!{_IN}[0-9]{{1,2}}{_IN}[0-9])",
    "dm": r"[0-9]{1,2} ?/ ?[0-9]{1,2}(?![0-9])(?! ?§)",
    "dotted": r"[0-9]{1,2}\.[0-9]{1,2}(?![0-9])(?! ?§)",
    "clock": r"[0-9]{1,3} ?: ?[0-9]{1,3}(?::[0-9]{2})?(?![0-9])",
    "number": r"[0-9]+",
    "foreign": r"\d+",
}
COMPLETE: Final = frozenset({"ymd", "tight", "eight", "six", "dmy", "dmyy", "yymd"})
"""The forms that hold year, month and day."""
DATES: Final = frozenset({*COMPLETE, "broken", "ym", "my", "dm", "dotted"})

_MONTH_DATE = re.compile(r"[0-9]{1,2}(?::?[ade]{1,2}\b)?\.? ?(?i:jan|feb|mar|apr|maj|jun|jul|aug|sep|okt|nov|dec)")
# What may stand between 9 § and its number, the number (or a gap for one), and what may stand after it.
_NUMBER_AFTER = re.compile(
    rf"(?: ?LSS)?(?: ?[-.:/]| ?,(?= ?(?i:{_POINT}\b)))? ?(?i:{_POINT}\b\.?|{_POINT}(?=[0-9])|nr\b\.?|nummer\b)? ?:?ʔ{{0,2}}"
    rf"([0-9]{{1,3}}(?![0-9])|(?:10|[1-9])(?=(?:19|20)[0-9]{{2}}-?[01][0-9]-?[0-3][0-9]))(?::?e\b)?(?: ?(?i:{_POINT})\b\.?)?"
)
_HEAD = re.compile(r"([0-9]+)(?::?e)? ?([a-hA-H]?)(?= ?[§pPʔ]|$)")
_GAP_AFTER = re.compile(r" ?_+")


@cache
def _sign() -> re.Pattern[str]:
    """Compiled when the first title needs it: one in canonical form does not.

    It takes a little punctuation before a sign with it: that saves a try of every form at each of those characters.
    """
    return re.compile("[^\\w§]{0,3}+(?:" + "|".join(f"(?P<{form}>{pattern})" for form, pattern in _FORMS.items()) + ")")


@cache
def _date() -> re.Pattern[str]:
    return re.compile("|".join(f"(?P<{form}>{_FORMS[form]})" for form in _FORMS if form in COMPLETE))


def signs(text: str) -> Iterator[Sign]:
    """Gives the signs of a cleaned text in order; what lies between them is punctuation."""
    at, pattern = 0, _sign()
    while found := pattern.match(text, at) or pattern.search(text, at):  # a match fails before a _ or much punctuation
        form = found.lastgroup or ""
        sign = _whole_paragraph(text, found) if form == "paragraph" else Sign(form, found[form], found.start(form), found.end())
        yield sign
        at = sign.end


def _whole_paragraph(text: str, found: re.Match[str]) -> Sign:
    """The paragraph with its number, unless that number begins a date; text is `9§10`, `9§` where the number is missing."""
    first = _HEAD.search(found["paragraph"])
    head = f"{int(first[1])}{first[2].lower()}" if first else ""
    number = _NUMBER_AFTER.match(text, found.end())
    if number and not _starts_date(text, number.start(1), text[found.end() : number.start(1)] == ""):
        return Sign("paragraph", f"{head}§{number[1]}", found.start("paragraph"), number.end())
    gap = _GAP_AFTER.match(text, found.end())
    return Sign("paragraph", f"{head}§", found.start("paragraph"), gap.end() if gap else found.end())


def _starts_date(text: str, at: int, tight: bool) -> bool:
    """Whether the number here is a day: "9§ 15 april 2026". One that touches its § belongs to that: "9§4 augusti"."""
    return bool(_date().match(text, at) or (not tight and _MONTH_DATE.match(text, at)))

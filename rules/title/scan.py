"""The signs of a title: one pass that cuts a cleaned text into words, paragraphs, dates, times and numbers.

Every pattern is linear: no repeated group holds another repetition of the same characters. The order of the alternatives
matters: a paragraph goes before a date, the longer date before the shorter.
"""

import re
from functools import cache, partial
from typing import Final, NamedTuple


class Sign(NamedTuple):
    """A group of signs: the name of its form below, its text, and where it stands."""

    form: str
    text: str
    start: int
    end: int


_new_sign: Final = partial(tuple.__new__, Sign)  # a Sign of its four values, in half the time

# A paragraph that follows without a space may touch the date: "2026-04-159§10".
_END: Final = r"(?:(?![0-9])(?!(?<=9)§)|(?=9 ?§))"
_IN: Final = r" ?[-/._] ?"
_POINT: Final = r"(?:punkten|punkt|pkt|p)"
_SIGN: Final = r"(?:§{1,3}|[Pp](?:aragrafen|aragraf|ar\b)\.?|PARAGRAF)"

_PARAGRAPH: Final = (
    rf"(?:[0-9]{{1,2}} ?[Kk]ap(?:\.|itlet)? ?)?[0-9]{{1,3}}(?::?e)? ?[a-hA-H]? ?{_SIGN}"
    rf"|{_SIGN} ?[0-9]{{1,3}}(?![0-9])"
    rf"|0?9(?= ?{_POINT}\.? ?[0-9])|9(?=ʔ{{1,2}}[0-9])"
    rf"|§+"
)

_FORMS: Final = (
    # Most signs are words, and of those only one with a P can begin a paragraph.
    ("word", r"(?![Pp])[^\W\d_]+"),
    ("iso", rf"[0-9]{{4}}-[0-9]{{2}}-[0-9]{{2}}{_END}"),
    # A number before what no other form holds in that place: told at once, for it would have to fail as all of them.
    ("number", r"[0-9]{1,5}+(?= ?(?:[^\W\d_a-hA-HkKpPʔ]|[^\w §:./-]|$))"),
    # The paragraph as nearly everybody writes it, with nothing after it that could be part of it.
    ("plain", r"9 ?§ ?(?:10|[1-9])(?![0-9])(?! ?[-/.:pPʔ])(?! [0-9])"),
    ("paragraph", _PARAGRAPH),
    ("word", r"[^\W\d_]+"),
    ("ymd", rf"[0-9]{{4}}{_IN}[0-9]{{1,2}}{_IN}[0-9]{{1,2}}{_END}|(?:19|20)[0-9]{{2}} [0-9]{{1,2}} [0-9]{{1,2}}(?![0-9])(?! ?§)"),
    ("tight", rf"(?:19|20)[0-9]{{2}}[-/._ ]?[0-9]{{2}}[-/._ ]?[0-9]{{2}}{_END}"),
    ("eight", rf"[0-9]{{8}}{_END}"),
    ("six", rf"[0-9]{{6}}{_END}"),
    ("dmy", rf"[0-9]{{1,2}}(?:{_IN}| )[0-9]{{1,2}}(?: ?[-/.,_] ?| )[0-9]{{4}}(?![0-9])(?!{_IN}[0-9]{{1,2}}{_IN}[0-9])"),
    ("dmyy", r"[0-9]{1,2} ?/ ?[0-9]{1,2} ?- ?[0-9]{2}(?![0-9])|[0-9]{1,2} ?\. ?[0-9]{1,2} ?\. ?[0-9]{2}(?![0-9])"),
    ("yymd", rf"[0-9]{{2}} ?- ?[0-9]{{1,2}} ?- ?[0-9]{{1,2}}{_END}"),
    ("broken", r"[0-9]+(?:[-/.][0-9]+){2,}(?! ?§)|[0-9]{1,2}(?: | ?/ ?)[0-9]{1,2} [0-9]{2}(?![0-9])(?! ?§)"),
    ("ym", rf"(?:19|20)[0-9]{{2}}{_IN}[0-9]{{1,2}}(?![0-9])(?! ?§)"),
    ("my", rf"[0-9]{{1,2}}{_IN}(?:19|20)[0-9]{{2}}(?![0-9])(?!{_IN}[0-9]{{1,2}}{_IN}[0-9])"),
    ("dm", r"[0-9]{1,2} ?/ ?[0-9]{1,2}(?![0-9])(?! ?§)"),
    ("dotted", r"[0-9]{1,2}\.[0-9]{1,2}(?![0-9])(?! ?§)"),
    ("clock", r"[0-9]{1,3} ?: ?[0-9]{1,3}(?::[0-9]{2})?(?![0-9])"),
    ("number", r"[0-9]+"),
    ("foreign", r"\d+"),
)
_NAMES: Final = ("", *(form for form, _ in _FORMS))
COMPLETE: Final = frozenset({"iso", "ymd", "tight", "eight", "six", "dmy", "dmyy", "yymd"})
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
    return re.compile("[^\\w§]{0,3}+(?:" + "|".join(f"({pattern})" for _, pattern in _FORMS) + ")")


@cache
def _date() -> re.Pattern[str]:
    return re.compile("|".join(pattern for form, pattern in _FORMS if form in COMPLETE))


def signs(text: str) -> list[Sign]:
    """Gives the signs of a cleaned text in order; what lies between them is punctuation."""
    found: list[Sign] = []
    add, pattern, at = found.append, _sign(), 0
    while at >= 0:
        began, at = at, -1
        for match in pattern.finditer(text, began):
            group = match.lastindex or 0
            form = _NAMES[group]
            start, end = match.span(group)
            if form != "paragraph":
                add(_new_sign((form, text[start:end], start, end)))
                continue
            add(_whole_paragraph(text, start, end))
            if found[-1].end > end:  # the next sign begins later than the match knows
                at = found[-1].end
                break
    return found


def _whole_paragraph(text: str, start: int, end: int) -> Sign:
    """The paragraph with its number, unless that number begins a date; text is `9§10`, `9§` where the number is missing."""
    first = _HEAD.search(text[start:end])
    head = f"{int(first[1])}{first[2].lower()}" if first else ""
    number = _NUMBER_AFTER.match(text, end)
    if number and not _starts_date(text, number.start(1), number.start(1) == end):
        return Sign("paragraph", f"{head}§{number[1]}", start, number.end())
    gap = _GAP_AFTER.match(text, end)
    return Sign("paragraph", f"{head}§", start, gap.end() if gap else end)


def _starts_date(text: str, at: int, tight: bool) -> bool:
    """Whether the number here is a day: "9§ 15 april 2026". One that touches its § belongs to that: "9§4 augusti"."""
    return bool(_date().match(text, at) or (not tight and _MONTH_DATE.match(text, at)))

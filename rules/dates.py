"""Dates in running Swedish text: every spelling that a person reads without doubt, where it stands, and nothing guessed.

A title has a reader of its own, which also judges what a broken date says. Here a date that is incomplete, impossible or can
mean two days is found, so that its figures are not taken for something else, but has no `day`.
"""

import re
from collections.abc import Iterator
from datetime import date, timedelta
from functools import cache
from typing import Final, NamedTuple

EARLIEST: Final = date(1994, 1, 1)
"""The day LSS (1993:387) came into force."""
AHEAD: Final = timedelta(days=31)
"""How far after today a day without its whole year may lie; with a year the reader of the text judges."""
BACK: Final = timedelta(days=300)
"""How far back a day without a year may lie: with `AHEAD` less than a year, so that no day fits twice."""
_SHORT_YEARS: Final = 10


class Found(NamedTuple):
    """A date in a text: where it stands, the day, and the last day if it is a range (`1/3–5/3`).

    day: None if there is no such day, a field is missing or it can be read in two ways. `yearless`: the year was not written.
    """

    start: int
    end: int
    day: date | None
    last: date | None = None
    yearless: bool = False


_MONTHS: Final = {
    name: number
    for number, names in enumerate(
        (
            # The right spellings, and what a scanner makes of them.
            "januari jan januarl", "februari feb febr februarl", "mars mar rnars rnar", "april apr apri1 aprii aprll", "maj rnaj",
            "juni jun junl jun1", "juli jul ju1i jull juii", "augusti aug augustl", "september sep sept septernber",
            "oktober okt 0ktober", "november nov novernber", "december dec decernber",
        ),
        1,
    )
    for name in names.split()
}  # fmt: skip
_D: Final = "[0-9OoIl|]"  # what a scanner makes of figures
_N: Final = "(?<![\\w§|])(?<![^\\W0-9_][-–/])"  # nothing that the figures could be part of
_MONTH: Final = "(?P<{}>" + "|".join(sorted(_MONTHS, key=len, reverse=True)) + r")(?![^\W\d_])\.?"
_DEN: Final = r"(?:[Dd]en )?"
_SHORT: Final = r"(?: ?[-–] ?| ?['’´])"
_DOM: Final = "(?=[OoIl|]?[0-9])[0-3OoIl|]?[0-9OoIl|]"
_UNIT: Final = r"(?! ?(?:tim|h\b|min|dag|pass|gång|ggr|kväll|natt|nätter|dygn|vecko|procent|%|tjänst|pers|av\b|st\b|kr\b|mån\b|månad))"

_FORMS: Final = {
    "ymd": rf"{_N}(?=[0-9]*[0-9]){_D}{{4}} ?[-–./] ?{_D}{{1,2}} ?[-–./] ?{_D}{{1,2}}(?![\w|])(?![-–./][0-9])(?! ?§)",
    "spaced": rf"{_N}(?:19|20)[0-9]{{2}} [01][0-9] [0-3][0-9](?![\w])(?! ?[§:.][0-9])",
    "dmy": rf"{_N}[0-9]{{1,2}} ?[-–./] ?[0-9]{{1,2}} ?(?:[-–./]| ) ?(?:19|20)[0-9]{{2}}(?!\w)(?![-–./][0-9])",
    "eight": rf"{_N}(?:19|20)[0-9]{{6}}(?!\w)(?![-–./:][0-9])",
    "six": rf"{_N}(?:[0-9]{{6}}|[0-9](?=[0-9]{{0,4}}[OoIl|]){_D}{{5}})(?![\w|])(?![-–./:][0-9])(?! ?kr)",
    "named": (
        rf"{_N}(?P<nd>{_DOM})(?::?[ea]\b)?\.? ?{_MONTH.format('nm')}"
        rf"(?:,? ?(?P<ny>(?:19|20)[0-9]{{2}})(?!\w)|(?:{_SHORT}| )(?P<ns>[0-9]{{2}})(?!\w)(?!(?: ?[-–/]|[:.,])[0-9]){_UNIT})?"
    ),
    "short": rf"{_N}[0-9]{{1,2}} ?([-–./]) ?[0-9]{{1,2}} ?[-–./] ?[0-9]{{2}}(?!\w)(?! ?[-–/.] ?[0-9]|:[0-9]){_UNIT}",
    "dm": (
        rf"{_N}(?P<md>{_DOM}) ?/ ?(?P<mm>{_DOM})(?!\w)(?! ?[/:] ?[0-9])(?! ?[-–] ?[0-9]{{1,4}}(?![0-9 ]*/)){_UNIT}"
        rf"(?: (?P<ms>[0-9]{{2}})(?!\w)(?!(?: ?[-–/]|[:.,])[0-9]){_UNIT})?"
    ),
}
_RANGE: Final = re.compile(r" ?(?:[-–—]|till och med|t\.? ?o\.? ?m\.?|tom|till|och fram till) ?(?:den )?", re.IGNORECASE)
_LEFT_DAY: Final = re.compile(r"(?<![\w§/.:,-])([0-3]?[0-9])(?::?[ea])? ?(?P<to>[-–—]|till|t\.?o\.?m\.?|och|o) ?(?:den )?$")
_ROUND_THE_CLOCK: Final = re.compile(r"[^\W\d_] ?$")
_SCANNED: Final = str.maketrans("OoIiLl|", "0011111")
_NUMBER: Final = re.compile("[0-9]+")


@cache
def _pattern() -> re.Pattern[str]:
    return re.compile("|".join(f"(?P<{form}>{pattern})" for form, pattern in _FORMS.items()), re.IGNORECASE)


def find(text: str, today: date) -> tuple[Found, ...]:
    """Gives every date of a text in order, a range as one. Linear in the length of the text. No errors.

    today: the local day on which the text is read; it decides the year of `12 april` (300 days back to 31 days ahead) and of `3/3-26`.
    """
    found: list[Found] = []
    for item in _single(text, today):
        last = found[-1] if found else None
        if last and last.day and last.last is None and item.day and _RANGE.fullmatch(text, last.end, item.start):
            found[-1] = _range(last.start, item.end, last.day, item.day, last.yearless and not item.yearless)
            continue
        found.append(item)
    return tuple(found)


def plausible(day: date | None, today: date) -> bool:
    """Whether a day can be one of a report's: from the day LSS began to 31 days after today."""
    return day is not None and EARLIEST <= day <= today + AHEAD


def year_of(dom: int, month: int, today: date) -> date | None:
    """Gives the only day with that number and month from 300 days before today to 31 days after; None if there is none."""
    for year in (today.year - 1, today.year, today.year + 1):
        day = _day(year, month, dom)
        if day and today - BACK <= day <= today + AHEAD:
            return day
    return None


def _range(start: int, end: int, first: date, last: date, year_from_last: bool) -> Found:
    """From one day to another; no days if they stand the wrong way round: which of the two is wrong nobody knows."""
    day: date | None = first
    if year_from_last:
        day = _day(last.year - (first.month > last.month), first.month, first.day)
    return Found(start, end, day, last) if day and day <= last else Found(start, end, None)


def _single(text: str, today: date) -> Iterator[Found]:
    for match in _pattern().finditer(text):
        start, end = match.span()
        match match.lastgroup:
            case "dm":
                dom, month = (int(match[name].translate(_SCANNED)) for name in ("md", "mm"))
                if (dom, month) == (24, 7) and _ROUND_THE_CLOCK.search(text, max(0, start - 2), start):
                    continue  # "stöd 24/7"
                if not (1 <= dom <= 31 and 1 <= month <= 12):
                    continue  # "2/14" is no date at all
                day = _only({_day(2000 + int(match["ms"]), month, dom)}, today) if match["ms"] else year_of(dom, month, today)
                yearless = not match["ms"]
            case "named":
                day, yearless = _named(match, today), not (match["ny"] or match["ns"])
            case form:
                day, yearless = _numeric(form or "", match[0], today), False
        left = _LEFT_DAY.search(text, max(0, start - 16), start) if match.lastgroup in ("named", "dm") else None
        if left:  # "12–14 april"
            first = _day(day.year, day.month, int(left[1])) if day and left["to"] not in ("och", "o") else None
            yield Found(left.start(), end, first if first and day and first <= day else None, day, yearless)
        else:
            yield Found(start, end, day, None, yearless)


def _named(match: re.Match[str], today: date) -> date | None:
    dom, month = int(match["nd"].translate(_SCANNED)), _MONTHS[match["nm"].lower()]
    if match["ny"]:
        return _day(int(match["ny"]), month, dom)
    if match["ns"]:
        return _only({_day(2000 + int(match["ns"]), month, dom)}, today)
    return year_of(dom, month, today)


def _numeric(form: str, text: str, today: date) -> date | None:
    """The day of figures alone; None where two readings are both days of the last years, as in 24/05/26."""
    fields = [int(part) for part in _NUMBER.findall(text.translate(_SCANNED) if form in ("ymd", "six") else text)]
    match form, fields:
        case (("ymd" | "spaced"), [year, month, dom]):
            return _day(year, month, dom)
        case "dmy", [dom, month, year]:
            return _day(year, month, dom)
        case "eight", [number]:
            return _day(number // 10000, number // 100 % 100, number % 100)
        case "six", [number]:
            return _only({_day(2000 + number // 10000, number // 100 % 100, number % 100)}, today)
        case "short", [first, second, third]:
            day_first = _day(2000 + third, second, first)
            if re.search(r"/ ?[0-9]+ ?[-–]", text) or re.fullmatch(r"[0-9 ]+\.[0-9 ]+\.[0-9 ]+", text):
                return _only({day_first}, today)
            return _only({day_first, _day(2000 + first, second, third)} if "-" not in text and "–" not in text
                         else {_day(2000 + first, second, third)}, today)  # fmt: skip
    return None


def _only(days: set[date | None], today: date) -> date | None:
    """The one of these days that lies in the last ten years or the next month."""
    near = [day for day in days if day and today.year - _SHORT_YEARS <= day.year and day <= today + AHEAD]
    return near[0] if len(near) == 1 else None


def _day(year: int, month: int, dom: int) -> date | None:
    try:
        return date(year, month, dom)
    except ValueError:
        return None

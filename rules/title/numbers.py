"""Numbers that are more than a number: a paragraph, a time of day, two dates without anything between."""

import re
from collections.abc import Sequence
from datetime import date
from typing import Final

from rules.title import dates, insatser
from rules.title.vocabulary import Meaning, Role

_TIME: Final = re.compile(r"([0-9]+) ?: ?([0-9]+)")
_TWO_DATES: Final = frozenset({12, 14, 16})
_REPORTING_DUTY: Final = frozenset({"28f§", "28g§", "28h§"})


def paragraph(text: str) -> Meaning:
    """Gives what a written paragraph means. 28 f-h §§ LSS, which demand the report, are no insats and no information."""
    return Meaning(Role.DROPPED) if text in _REPORTING_DUTY else Meaning(Role.PARAGRAPH, insatser.paragraph(text))


def clock(text: str, after_hour: bool) -> Meaning:
    """Gives what two numbers with a colon mean; after_hour: "kl" stands before them.

    `9:10` is an insats; `09:10` and `14:30` are times; `9:30` could be either, which only the rest of the title tells.
    """
    found = _TIME.match(text)
    head, tail = (found[1], found[2]) if found else ("", "")
    if after_hour or text.count(":") > 1 or head != "9" or (len(tail) == 2 and tail[0] == "0"):
        return Meaning(Role.PARAGRAPH, frozenset({f"{head}§{tail}"})) if len(tail) == 1 and not after_hour else Meaning(Role.CLOCK)
    number = int(tail)
    return Meaning(Role.CLOCK, number) if 10 < number < 60 else Meaning(Role.PARAGRAPH, insatser.paragraph(f"9§{number}"))


def two_dates(text: str, today: date) -> Sequence[dates.Day]:
    """Gives the two dates that a run of digits is, `2026041520260715`, else none; an identity number is no longer in the title here."""
    if len(text) in _TWO_DATES:
        for cut in (6, 8):
            halves = text[:cut], text[cut:]
            if all(len(half) in (6, 8) for half in halves):
                days = [dates.read("six" if len(half) == 6 else "eight", half, today) for half in halves]
                if all(day.day is not None for day in days):
                    return days
    return ()

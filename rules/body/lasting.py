"""What lasts from a day on: partly executed, compensating support."""

import re
from collections.abc import Sequence
from datetime import date
from typing import Final, NamedTuple

from rules import dates
from rules.body.entries import EDGES, text_of, trimmed
from rules.body.events import is_no
from rules.body.values import leading_date
from rules.body.words import pattern, phrase, says_nothing, word_list

_YES_FIRST: Final = re.compile(r"^(?:ja|jo|är|har|består av)\b[\s,.:;–-]*", re.IGNORECASE)


class Lasting(NamedTuple):
    """What began on a day: the day, how, and whether a second date leaves it in doubt."""

    day: date | None
    how: str
    clear: bool = True


def lasting(lines: Sequence[str], today: date, when: str = "") -> Lasting:
    """The beginning and the manner of what lasts (partly executed, compensating). "Nej" is nothing at all."""
    text = " ".join(" ".join(lines).split())
    if _negative(text):
        return Lasting(None, "")
    found = dates.find(text, today)
    stamp = leading_date(when, today).day if when else None
    leading = leading_date(text, today)
    first = None if leading.day else next((each for each in found if pattern("events_begins").search(text, 0, each.start)), None)
    if (
        first is None
        and found
        and (leading.day or found[0].last)
        and not pattern("events_from_before").sub("", text[: found[0].start]).strip()
    ):
        first = found[0]
    if first is None and len(found) == 1 and not _anothers(text[: found[0].start]):
        first = found[0]
    if first is None:
        return Lasting(stamp if not found else None, _how(text), not found)
    day = first.day if dates.plausible(first.day, today) else None
    before, after = pattern("events_from_before").sub("", text[: first.start]).rstrip(" ,;:("), text[first.end :]
    how = f"{before}, {after.strip(EDGES + ')')}" if before.strip(EDGES) else after
    return Lasting(day, _how(how), day is not None)


def _anothers(before: str) -> bool:
    """Whether one of the last two words before a date makes it another's."""
    return any(phrase(word) in word_list("another_date") for word in before.split()[-2:])


def _how(text: str) -> str:
    bare = trimmed(text)
    bare = _YES_FIRST.sub("", bare)
    return "" if says_nothing(bare) else text_of(trimmed(bare))


def _negative(text: str) -> bool:
    return (
        says_nothing(text)
        or is_no(text)
        or pattern("events_not_begun").search(text) is not None
        or pattern("lasting_none").search(text) is not None
    )

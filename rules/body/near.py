"""Dates that a word right beside them names, wherever they stand: "rapporten 14 augusti", "2026-06-23 (beslut)"."""

import re
from collections.abc import Sequence
from datetime import date
from itertools import islice
from typing import Final

from rules import dates
from rules.body.words import pattern

FIELDS: Final = ("report_date", "decision_date")
_BEFORE: Final = 90
_AFTER: Final = 40
_MOST_LINES: Final = 300
_MOST_LINE: Final = 1_200
_MOST_DATES: Final = 30
_DEN: Final = re.compile(r"(?i)\bden\b")
_SPACE: Final = re.compile(r"[\s*_|]+")


def near(lines: Sequence[str], today: date) -> dict[str, set[date]]:
    """Gives for each field the days that a word beside them names. Linear: long lines are cut."""
    told: dict[str, set[date]] = {}
    for line in islice((each for each in lines if each.strip()), _MOST_LINES):
        line = _SPACE.sub(" ", line[:_MOST_LINE]).strip()
        at = 0
        found = dates.find(line, today)[:_MOST_DATES]
        for place, each in enumerate(found):
            before, at = line[max(at, each.start - _BEFORE) : each.start], each.end
            if each.day is None or each.last is not None or not dates.plausible(each.day, today):
                continue
            ends = found[place + 1].start if place + 1 < len(found) else len(line)
            if name := _named(before, line[each.end : min(ends, each.end + _AFTER)]):
                told.setdefault(name, set())
                if not (name == "decision_date" and each.day > today):
                    told[name].add(each.day)
    return told


def _named(before: str, after: str) -> str:
    """The field that the words before a date name, else the one that the words after it do."""
    if pattern("near_anothers").search(before) or pattern("near_refused").match(after):
        return ""
    for name in FIELDS:
        if pattern(f"near_{name}").search(before):
            return name
    if _DEN.sub("", before).strip(" -–•*.()0123456789") and not before.rstrip().endswith((".", ",", ";")):
        return ""
    for name in FIELDS:
        if pattern(f"near_{name}_after").match(after):
            return name
    return ""

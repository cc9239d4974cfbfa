"""What one value says: a date, a case, an insats. Everything that can be read in two ways is not read."""

import re
from datetime import date
from typing import Final, NamedTuple

from rules import dates
from rules.body.words import MASK, begins_with, pattern, phrase, raw_values

_NEGATED: Final = re.compile(r"\b(?:ej|inte|icke|ännu|inget|saknas)\b", re.IGNORECASE)
_CASE: Final = re.compile(r"[^\W_][\w./:–-]{0,39}")
_CASE_PREFIX: Final = re.compile(r"(?:(?:nr|nummer|dnr|n:r)\b[.:]?\s*|#\s*)", re.IGNORECASE)
_SCANNED: Final = str.maketrans("OoIl|", "00111")
_SCANNED_NUMBER: Final = re.compile("(?=[0-9OoIl|]*[0-9])[0-9OoIl|]+")
_CLAUSE_END: Final = re.compile(r"[;\n]|\.(?:\s|$)")


class Dated(NamedTuple):
    """A day and the text beside it. `clear`: the text does not hold a second reading."""

    day: date | None
    rest: str = ""
    clear: bool = True


def leading_date(text: str, today: date) -> Dated:
    """The date that a value begins with, and what comes after; without a day if it begins with none, or with a broken one."""
    begun = pattern("values_before_date").match(text)
    begin = begun.end() if begun else 0
    found = dates.find(text[: begin + 40], today)
    if not found or found[0].start > begin:
        return Dated(None, text)
    first = found[0]
    return Dated(first.day if first.last is None else None, text[first.end :], first.last is None)


def date_of(text: str, today: date) -> Dated:
    """The one date of a value such as a decision date: what it begins with, unless another reading stands beside it."""
    text = re.sub(r"^\s*ja\b[\s,.:;–-]*", "", text, flags=re.IGNORECASE)
    read = leading_date(text, today)
    if read.day is None:
        return Dated(None, "", not dates.find(text[:200], today))
    clause = _CLAUSE_END.split(read.rest, maxsplit=1)[0]
    doubt = pattern("values_doubt")
    if doubt.search(text[: len(text) - len(read.rest)]) or doubt.search(clause[:80]) or _NEGATED.search(re.split("[,(]", clause)[0][:30]):
        return Dated(None, "", False)
    others = (each for each in dates.find(clause[:200], today) if each.day != read.day)
    if any(not pattern("values_other_date").search(clause[: each.start]) for each in others) or not dates.plausible(read.day, today):
        return Dated(None, "", False)
    return read


def yes_or_no(text: str) -> bool:
    """Whether a text begins with a yes or a no."""
    return bool(begins_with(text, "yes") or begins_with(text, "no"))


def case_of(text: str) -> str:
    """The case number that a value begins with; "" when nothing there looks like one. Never an identity number."""
    text = text.strip(" \t\"'”*_()[]<>")
    if text.startswith(MASK.strip("[]")) or MASK in text[:30]:
        return ""
    if prefix := _CASE_PREFIX.match(text):
        text = text[prefix.end() :]
    if spaced := pattern("values_spaced_case").match(text):
        return _figures(spaced[0].rstrip(".:-/"))
    if first := _CASE.match(text):
        said = first[0].rstrip(".:-–/_")
        if any("0" <= sign <= "9" for sign in said) and not re.match(r"[\w]*\s*§", text[first.end() - 1 :]):
            return _figures(said)
    return ""


def after_case(text: str) -> str:
    """What stands after the case number in its value."""
    case = case_of(text)
    place = text.translate(_SCANNED).find(case.translate(_SCANNED)) if case else -1
    return text[place + len(case) :] if place >= 0 else ""


def _figures(case: str) -> str:
    """A case number as it was before it was scanned: O and l among figures are 0 and 1."""
    return re.sub(r"[^-/.:_–]+", lambda part: part[0].translate(_SCANNED) if _SCANNED_NUMBER.fullmatch(part[0]) else part[0], case)


def ticked(text: str) -> bool | None:
    """What a box or a yes or no says; None for anything else."""
    bare = text.strip(" \t.,:;")
    if any(bare.lower().startswith(mark) for mark in raw_values("ticked")) or bare in ("X", "x"):
        return True
    if any(bare.startswith(mark) for mark in raw_values("unticked")):
        return False
    first = phrase(bare).split()[:1]
    if first and first[0] in ("ja", "jo"):
        return True
    return False if first == ["nej"] or phrase(bare) in ("inte", "inga", "ingen") else None

"""All that one body says, labelled and in sentences, while it is settled what it comes to."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Final

from rules import dates
from rules.body import prose, values
from rules.body.breaks import broken
from rules.body.insats import exact_insats, paragraphs
from rules.body.pieces import DATES
from rules.body.segments import Segment, cut
from rules.body.sentences import Said

_PARTS: Final = re.compile(r"[,.;/(:]|\s-\s")
_BARE_CASE: Final = re.compile(r"([A-ZÅÄÖ]{1,5}[-/ ]?(?:[0-9]{1,6}[-/:]?){1,3}(?<=[0-9]))(?=[ ,:]+(?:LSS )?(?:9 ?§|[a-zåäöA-ZÅÄÖ])|$)")
_STOP: Final = re.compile(r"[.!] +(?=\w)")
_LONG_INSATS: Final = 60
_LONGEST_LINE: Final = 2_000


@dataclass(slots=True)
class Evidence:
    """The labelled values, what the sentences say, and the fields that turned out to have two readings."""

    segments: Sequence[Segment]
    said: Said
    lines: Sequence[str]
    prose: Sequence[str]
    today: date
    unclear: list[str] = field(default_factory=list)

    def of(self, *fields: str) -> list[Segment]:
        """The labelled values of these fields, in order."""
        return [each for each in self.segments if each.field in fields]

    def spoken(self, name: str) -> set[object]:
        """What sentences say of a field."""
        return set(self.said.values.get(name, set()))

    def one(self, name: str, labelled: Sequence[object] = ()) -> object:
        """The one value that labels and sentences agree on; None when there is none, or, and then it is told, when they differ."""
        every = {each for each in labelled if each} | self.spoken(name)
        if len({str(each).casefold() for each in every}) > 1:
            self.unclear.append(name)
            return None
        return min(every, key=str) if every else None


def gather(lines: Sequence[str], today: date) -> Evidence:
    """Gives what a body's lines say."""
    whole = tuple(broken(_with_its_label(lines), today))
    found = cut(whole, today)
    said = prose.read([*_left_over(found.segments, today), *found.prose], today)
    _beside_the_case(found.segments, said)
    return Evidence(found.segments, said, whole, found.prose, today)


def _left_over(segments: Sequence[Segment], today: date) -> list[str]:
    """What stands after a short value in its line: sentences like any other."""
    rests: list[str] = []
    for each in segments:
        if each.field == "case":
            rests += [values.after_case(each.text), ""]
        elif each.field == "insats" and (len(each.text) > _LONG_INSATS or any("0" <= sign <= "9" for sign in each.text[12:])):
            rests += [f"Insatsen {each.text}", ""]
        elif each.field in ("reason", "cause", "reason_cause") and (stop := _STOP.search(each.text)):
            rests += [each.text[stop.end() :], ""]
        elif each.field in DATES:
            read = values.date_of(each.text, today)
            rests += [read.rest.lstrip(" ,.;:)-–") if read.day else "" if dates.find(each.text, today) else each.text, ""]
    return [rest for rest in rests if len(rest) < _LONGEST_LINE]


def _beside_the_case(segments: Sequence[Segment], said: Said) -> None:
    """The name of an insats right after the case: "Ärende E-1, kontaktperson"."""
    for each in segments:
        if each.field != "case":
            continue
        for part in _PARTS.split(values.after_case(each.text)[:120])[:3]:
            if insats := exact_insats(part):
                said.add("insats", insats)


def _with_its_label(lines: Sequence[str]) -> Sequence[str]:
    """The lines; with a case number that begins the body, and has no label, given one."""
    for at, line in enumerate(lines):
        if line.strip():
            bare = _BARE_CASE.match(line.strip())
            if bare and (line.strip()[bare.end() : bare.end() + 1] in (",", ":", "") or paragraphs(line[: bare.end() + 30])):
                return [*lines[:at], f"Ärende {bare[1]}, {line.strip()[bare.end() :].lstrip(' ,:')}", *lines[at + 1 :]]
            break
    return lines

"""The sentences of a body's prose, and what they come to."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import islice
from typing import Final

from rules.body.model import Answer, Event
from rules.body.words import pattern

_STOP: Final = re.compile(r"[.!?]+[)\"”]?[ ]+(?=[A-ZÅÄÖ0-9\"”(])|;[ ]+")
_LAX_STOP: Final = re.compile(r"[.!?]+[)\"”]?[ ]+(?=[\w\"”(])|;[ ]+")
_CAPITAL: Final = re.compile(r"[.!?] +[A-ZÅÄÖ]")
_GO_ON: Final = re.compile(r"[a-zåäö,;(–/-]")
_STAMP: Final = re.compile(r"(?:19|20)[0-9]{2}-[0-9]{2}-[0-9]{2}\b")
_MOST: Final = 1_000
_MOST_STOPS: Final = 300
_FULL_LINE: Final = 45
_LONG_LINE: Final = 60


@dataclass(slots=True)
class Said:
    """What the sentences say; a set with more than one value is a field in doubt."""

    values: dict[str, set[object]] = field(default_factory=dict)
    contacts: list[Event] = field(default_factory=list)
    offers: list[Event] = field(default_factory=list)
    answers: list[Answer] = field(default_factory=list)
    bare_answers: list[Answer] = field(default_factory=list)
    end_reason: str = ""
    partly_how: str = ""
    compensating_how: str = ""
    other: str = ""
    summary: str = ""

    def add(self, name: str, value: object) -> None:
        """Keeps one reading of a field."""
        self.values.setdefault(name, set()).add(value)


def sentences(lines: Sequence[str]) -> Iterator[str]:
    """The sentences of the prose: a line that goes on in the next is joined to it, unless no line ends with a stop, as on a telephone."""
    joined: list[str] = []
    before = ""
    stopped = any(line.rstrip()[-1:] in (".", "!", "?") for line in lines)
    for line in lines:
        bare = line.strip(" \t*_#>|•-–")
        if joined and joined[-1] and bare and _unfinished(before, bare) and (stopped or before.rstrip()[-1:] == ","):
            joined[-1] = f"{joined[-1]} {bare}"
        else:
            joined.append(bare)
        before = line
    for paragraph in joined[:_MOST]:
        begin = 0
        # A telephone writes no capitals: then any word begins a sentence.
        stops = _STOP if _CAPITAL.search(paragraph) else _LAX_STOP
        for stop in islice(stops.finditer(paragraph), _MOST_STOPS):
            if pattern("prose_abbreviation").search(paragraph, max(0, stop.start() - 8), stop.start() + 1) and not stop[0].startswith(";"):
                continue
            yield paragraph[begin : stop.end()].strip()
            begin = stop.end()
        if paragraph[begin:].strip():
            yield paragraph[begin:].strip()


def _unfinished(line: str, below: str) -> bool:
    """Whether a line was broken by its length and goes on below."""
    if len(line.strip()) <= _FULL_LINE or line.rstrip()[-1:] in ".!?:" or _STAMP.match(below):
        return False
    return bool(_GO_ON.match(below)) or len(line) > _LONG_LINE

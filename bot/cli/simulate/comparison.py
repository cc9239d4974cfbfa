"""`simulate --against FILE`: what differs from a former `--json`, so that a change is seen before it is made."""

from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from bot.cli.milestones import milestone_words
from bot.cli.simulate.events import as_json
from bot.cli.simulate.former import Identity, Line, read
from bot.jobs.office import Office
from bot.jobs.reminder_mail import Ready
from rules.explain import weekday

Pair = tuple[Line, Line]


@dataclass(frozen=True, slots=True)
class Difference:
    """Lines that came, went or changed; a pair is before and now. One pair may both be moved and go to others."""

    more: Sequence[Line]
    fewer: Sequence[Line]
    moved: Sequence[Pair]
    others: Sequence[Pair]
    days: Sequence[Pair]


def compare(before: Sequence[Line], now: Sequence[Line]) -> Difference:
    """The difference between two simulations. Of a case with several rows of one insats, equal lines belong together, then the nearest."""
    groups: defaultdict[Identity, tuple[list[Line], list[Line]]] = defaultdict(lambda: ([], []))
    for n, lines in enumerate((before, now)):
        for line in lines:
            groups[line.identity][n].append(line)
    more: list[Line] = []
    fewer: list[Line] = []
    pairs: list[Pair] = []
    for old, new in groups.values():
        for same in [line for line in old if line in new]:
            if same in new:
                old.remove(same)
                new.remove(same)
        pairs += zip(sorted(old), sorted(new), strict=False)
        fewer += sorted(old)[len(new) :]
        more += sorted(new)[len(old) :]
    pairs.sort()
    return Difference(
        sorted(more),
        sorted(fewer),
        [(a, b) for a, b in pairs if a.send_on != b.send_on],
        [(a, b) for a, b in pairs if (a.to, a.cc) != (b.to, b.cc)],
        [(a, b) for a, b in pairs if a.send_on == b.send_on and (a.mark, a.due) != (b.mark, b.due)],
    )


class Comparison:
    """Gathers the days and prints the difference at the end."""

    def __init__(self, office: Office, file: Path, first: date, last: date) -> None:
        self._office, self._file = office, file
        self._before, self._outside = read(file, first, last)
        self._now: list[Line] = []

    def day(self, day: date, going: Sequence[Ready]) -> None:
        """The day's lines."""
        self._now += [Line.of(as_json(one, self._office)) for one in going]

    def end(self) -> None:
        """What differs, counted and listed."""
        found = compare(self._before, self._now)
        counted = [
            (found.more, "mejl fler"),
            (found.fewer, "mejl färre"),
            (found.moved, "flyttat" if len(found.moved) == 1 else "flyttade"),
            (found.others, "till någon annan"),
            (found.days, "med andra datum i mejlet"),
        ]
        told = [f"{len(lines)} {words}" for lines, words in counted if lines]
        head = f"{', '.join(told)}." if told else "Inga skillnader."
        print(f"{head} Nu {len(self._now)} mejl, i {self._file.name} {len(self._before)}.")
        if self._outside:
            print(f"{self._outside} mejl i filen ligger utanför dagarna och är inte jämförda.")
        _list("Fler", found.more, lambda one: f"{_day(one.send_on)}  {_what(one)}  till {_whom(one)}")
        _list("Färre", found.fewer, lambda one: f"{_day(one.send_on)}  {_what(one)}  till {_whom(one)}")
        _list("Flyttade", found.moved, lambda pair: f"{_day(pair[0].send_on)} → {_day(pair[1].send_on)}  {_what(pair[1])}")
        _list(
            "Till någon annan",
            found.others,
            lambda pair: f"{_day(pair[1].send_on)}  {_what(pair[1])}  {_whom(pair[0])} → {_whom(pair[1])}",
        )
        _list("Andra datum i mejlet", found.days, lambda pair: f"{_day(pair[1].send_on)}  {_what(pair[1])}  {_dates(*pair)}")


def _list(head: str, items: Sequence[object], write: Callable[..., str]) -> None:
    if items:
        print(f"\n{head}")
    for item in items:
        print(f"  {write(item)}")


def _day(iso: str) -> str:
    return f"{weekday(date.fromisoformat(iso))[:3]} {iso}"


def _what(line: Line) -> str:
    return f"{line.case}, {line.insats}, k = {line.k}: {milestone_words(line.milestone)}"


def _whom(line: Line) -> str:
    return ", ".join(line.to) + (f" (kopia {', '.join(line.cc)})" if line.cc else "")


def _dates(before: Line, now: Line) -> str:
    said = [("gräns", before.mark, now.mark), ("senast", before.due or "–", now.due or "–")]
    return "; ".join(f"{name} {old} → {new}" for name, old, new in said if old != new)

"""The decision before: which row a new decision follows after the former ran out without having been executed."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from rules.body import case_key
from rules.model import Entry, Outcome, Row, Sort

Identity = tuple[str, str, Sort, date]


def identity(entry: Entry) -> Identity:
    """What makes a row the same row in two files: case (as case numbers are compared), insats, sort and start."""
    return case_key(entry.case), entry.insats, entry.sort, entry.start


@dataclass(frozen=True, slots=True)
class Link:
    """A decision and the former one that it follows."""

    newer: Identity
    former: Identity


@dataclass(frozen=True, slots=True)
class _Former:
    entry: Entry
    ended: date | None


def links(entries: Iterable[Entry], others: Sequence[Row]) -> tuple[Link, ...]:
    """The links of a file's entries to each other and to the rows that the file does not speak of.

    By `previous` (the former's case), else by `valid_from`, the day after the former's `ended`, in the same case or for the same person.
    The former is a decision of the same insats, with an earlier start, and never executed; of several the latest.
    """
    said = [entry for entry in entries if entry.sort is Sort.DECISION]
    newer = [entry for entry in said if entry.previous or entry.valid_from is not None]
    if not newer:
        return ()
    formers = [_Former(entry, entry.ended) for entry in said if entry.executed is None]
    formers += [_Former(row.entry, row.closing.on if row.closing else row.entry.ended) for row in others if _unexecuted(row)]
    by_case: dict[str, list[_Former]] = defaultdict(list)
    by_person: dict[str, list[_Former]] = defaultdict(list)
    for former in formers:
        by_case[case_key(former.entry.case)].append(former)
        if former.entry.person:
            by_person[former.entry.person].append(former)
    found = [(entry, _former(entry, by_case, by_person)) for entry in newer]
    return tuple(sorted((Link(identity(entry), former) for entry, former in found if former), key=lambda link: (link.newer, link.former)))


def _former(entry: Entry, by_case: Mapping[str, Sequence[_Former]], by_person: Mapping[str, Sequence[_Former]]) -> Identity | None:
    if entry.previous:
        near = list(by_case.get(case_key(entry.previous), ()))
    else:
        last = entry.valid_from - timedelta(days=1) if entry.valid_from else None
        near = [former for former in (*by_case.get(case_key(entry.case), ()), *by_person.get(entry.person, ())) if former.ended == last]
    fits = [former.entry for former in near if former.entry.insats == entry.insats and former.entry.start < entry.start]
    return max(((each.start, identity(each)) for each in fits), default=(None, None))[1]


def _unexecuted(row: Row) -> bool:
    decision = row.entry.sort is Sort.DECISION and not row.provisional
    return decision and row.entry.executed is None and (row.closing is None or row.closing.outcome is not Outcome.EXECUTED)

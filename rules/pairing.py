"""Which row of the register an entry of a file speaks of."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence

from rules.body import case_key
from rules.former import Identity, identity
from rules.mark import count
from rules.model import Entry, Row, Sort

Group = tuple[str, str, Sort]


def pairs(
    rows: Sequence[Row], said: Mapping[Identity, Entry], left: Mapping[Identity, Entry], unread: Collection[str]
) -> dict[int, Identity]:
    """Row id → the entry that speaks of it, for rows that no entry names by their identity.

    A provisional row by its identity all the same, then a row as a corrected start, then a provisional one by being taken over. Each entry
    is given to one row at most. `said`: all that the file says; `left`: those entries that no row has yet. `unread`: cases with a line that
    could not be read; no start of theirs is taken as corrected.
    """
    paired: dict[int, Identity] = {}
    broken = {case_key(case) for case in unread}
    free = dict(left)
    for row in sorted((row for row in rows if row.provisional), key=lambda row: (not row.open, row.id)):
        if free.pop(identity(row.entry), None) is not None:
            paired[row.id] = identity(row.entry)
    for row, found in _corrected([row for row in rows if row.id not in paired and case_key(row.entry.case) not in broken], said, free):
        paired[row.id] = found
        del free[found]
    for row, found in _taken_over([row for row in rows if row.id not in paired], free):
        paired[row.id] = found
    return paired


def _corrected(left: Sequence[Row], said: Mapping[Identity, Entry], free: Mapping[Identity, Entry]) -> list[tuple[Row, Identity]]:
    """Open rows whose start the file has no more, where case, insats and sort are there once, and stand once among such rows.

    Source: the register's rule for corrected starts. Where more than one row or line is possible, nothing is guessed.
    """
    gone: dict[Group, list[Row]] = defaultdict(list)
    for row in left:
        if row.open and not row.provisional:
            gone[identity(row.entry)[:3]].append(row)
    in_file: dict[Group, list[Identity]] = defaultdict(list)
    for each in said if gone else ():
        if each[:3] in gone:
            in_file[each[:3]].append(each)
    found = []
    for group, rows in gone.items():
        there = in_file.get(group, ())
        if len(there) == 1 == len(rows) and there[0] in free and not _is_new(said[there[0]], rows[0].entry):
            found.append((rows[0], there[0]))
    return found


def _is_new(entry: Entry, former: Entry) -> bool:
    """Whether an entry is a later decision in the same case, and not the former one with its date put right.

    A correction would lose the former's clock, so it must change the start alone: with another `valid_from` too, the decision is another.
    """
    return case_key(entry.previous) == case_key(entry.case) or (entry.valid_from is not None and entry.valid_from != former.valid_from)


def _taken_over(left: Sequence[Row], free: Mapping[Identity, Entry]) -> list[tuple[Row, Identity]]:
    """Provisional rows with an entry of their case and insats: of the same sort if there is one, then by the mark that was reported."""
    waiting = [row for row in sorted(left, key=lambda row: row.id) if row.provisional and row.entry.case]
    by_case: dict[tuple[str, str], list[Identity]] = defaultdict(list)
    for each in free if waiting else ():
        by_case[each[:2]].append(each)
    found = []
    for row in waiting:
        fits = by_case.get(identity(row.entry)[:2], [])
        if fits:
            best = min(fits, key=lambda each: _distance(row, free[each]))
            fits.remove(best)
            found.append((row, best))
    return found


def _distance(row: Row, entry: Entry) -> tuple[bool, bool, int, Identity]:
    """How far an entry is from a provisional row: its sort, whether the report's date is one of its marks, days between the starts."""
    named = row.first_mark
    marks = count(Row(0, entry, entry.start, entry.start))
    is_mark = named is not None and marks.mark(marks.first_at(named)) == named
    return entry.sort is not row.entry.sort, not is_mark, abs((entry.start - row.entry.start).days), identity(entry)

"""Which cells of one table (sex, age, cause …) are hidden, so that no count of few can be known or worked out.

A row of the table is an insats; its cells are hidden together, so that which of them was small is not told. Hidden are rows with a count
of 1 to `threshold` − 1, and rows in which all share one category, which would say it of each of them. Of the total only as many cells as
needed. Then rows, last the total, are hidden besides until no hidden cell of this or an earlier quarter can be worked out
(`rules.suppress_moves`). Zeros that anybody can work out stay shown.
"""

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from rules.suppress_moves import TOTAL, Bits, Cell, People, Unknowable, unknowable


@dataclass(frozen=True, slots=True)
class Person:
    """One open row in a table: its insats, what tells it apart for everyone (sort and start), and its category ("" when not known)."""

    insats: str
    known_by: tuple[str, date]
    category: str


@dataclass(frozen=True, slots=True)
class Hidden:
    """The hidden cells of a table: an insats, or `TOTAL`, and a category."""

    cells: frozenset[Cell] = frozenset()


@dataclass(frozen=True, slots=True)
class Table:
    """Who was counted in a table in one quarter, and, in an earlier one, what was hidden when it was published."""

    people: Sequence[Person]
    hidden: Hidden = Hidden()


def hide(now: Table, past: Sequence[Table], categories: tuple[str, ...], threshold: int, quiet: Collection[str] = ()) -> Hidden:
    """What to hide of a quarter's table (`now.hidden` is not looked at), given what was published of earlier ones, oldest first.

    categories: that a row can have. quiet: those that all may share without harm ("not partly executed"). threshold: counts from this
    on are shown; at least 2.
    """
    puzzle = _Puzzle.of((*past, now), categories)
    counts = _counts(now.people, categories)
    counts[TOTAL] = sum(counts.values(), Counter())
    rows = [insats for insats, row in counts.items() if insats and _tells(row, threshold, quiet)]
    totals = _of_total(counts[TOTAL], threshold, quiet, categories)
    spare = [insats for insats, row in counts.items() if insats and insats not in rows and any(row.values())]
    spare.sort(key=lambda insats: (sum(counts[insats].values()), insats))
    best = puzzle.safe(_whole([*rows, *spare, TOTAL], categories))
    chosen: frozenset[Cell] = frozenset()
    for some, of_total in _steps(rows, spare, totals, categories):
        chosen = _whole(some, categories) | {(TOTAL, category) for category in of_total}
        if not puzzle.lost(chosen, counts, best):
            break
    if puzzle.exposed(chosen, counts, quiet):
        chosen |= _whole([TOTAL], categories)
    return Hidden(_without_known(chosen, puzzle, counts, best, quiet))


def _whole(rows: Iterable[str], categories: tuple[str, ...]) -> frozenset[Cell]:
    return frozenset((insats, category) for insats in rows for category in categories)


def _without_known(
    chosen: frozenset[Cell], puzzle: "_Puzzle", counts: Mapping[str, Mapping[str, int]], best: Unknowable, quiet: Collection[str]
) -> frozenset[Cell]:
    """Without the zeros that anybody can work out, which stay shown.

    Plain sums show some: a total of 0, or nothing but shown zeros below it. Others follow from the quarters before; they are shown where
    that tells nothing of the other cells of their row. A quiet cell that is left alone in its row is shown too.
    """
    safe = puzzle.safe(chosen)
    known = {cell for cell in chosen if not safe.cells.get(cell, 0) & puzzle.last}
    telling = puzzle.exposed(chosen, counts, quiet)
    known = {cell for cell in known if cell[0] not in telling}
    rest = chosen - known
    if puzzle.lost(rest, counts, best):
        rest |= {cell for cell in known if cell[0] == TOTAL}
    rest -= {(i, c) for i, c in rest if not counts[TOTAL][c] and (TOTAL, c) not in rest}
    below = {category for insats, category in rest if insats != TOTAL}
    return rest - {(i, c) for i, c in rest if i == TOTAL and not counts[TOTAL][c] and c not in below}


def _steps(
    rows: list[str], spare: list[str], totals: Collection[str], categories: tuple[str, ...]
) -> Iterator[tuple[list[str], Collection[str]]]:
    """What to try, the least loss first: each row besides, then two of them, then the total, then more and more rows with it."""
    yield rows, totals
    for one in spare:
        yield [*rows, one], totals
    for n, one in enumerate(spare):
        for other in spare[n + 1 :]:
            yield [*rows, one, other], totals
    if len(spare) > 2:
        yield [*rows, *spare[:3]], totals
    for n in range(len(spare) + 1):
        yield [*rows, *spare[:n]], categories


def _counts(people: Iterable[Person], categories: tuple[str, ...]) -> dict[str, Counter[str]]:
    found: dict[str, Counter[str]] = defaultdict(Counter)
    for person in people:
        row = found[person.insats]
        if person.category in categories:
            row[person.category] += 1
    return dict(found)


def _tells(row: Mapping[str, int], threshold: int, quiet: Collection[str]) -> bool:
    """Whether a row's counts say too much: a count of few, or all alike; and few at all, so that hiding says nothing of the category."""
    some = [n for n in row.values() if n]
    alike = len(some) == 1 and not any(row.get(category) for category in quiet)
    return bool(some) and (min(some) < threshold or alike)


def _of_total(total: Mapping[str, int], threshold: int, quiet: Collection[str], categories: tuple[str, ...]) -> Collection[str]:
    """The total's cells to hide: all of few, and the smallest ones, zeros too, until at least two stand for `threshold` rows together."""
    if not _tells(total, threshold, quiet):
        return ()
    chosen: list[str] = []
    for category in sorted(categories, key=lambda name: (total.get(name, 0), name)):
        few = 0 < total.get(category, 0) < threshold
        if not few and len(chosen) >= 2 and sum(total.get(name, 0) for name in chosen) >= threshold:
            break
        chosen.append(category)
    return chosen


@dataclass(frozen=True, slots=True)
class _Puzzle:
    """All quarters together: who waited when, and what was hidden in the earlier ones."""

    people: People
    cells: Mapping[Cell, Bits]
    last: Bits

    @classmethod
    def of(cls, tables: Sequence[Table], categories: tuple[str, ...]) -> "_Puzzle":
        cells: dict[Cell, Bits] = defaultdict(int)
        for n, table in enumerate(tables[:-1]):
            for cell in table.hidden.cells:
                cells[cell] |= 1 << n
        kinds = {insats: frozenset(found) for insats, found in _followed(tables, categories).items()}
        return cls(People(categories, kinds), cells, 1 << (len(tables) - 1))

    def safe(self, chosen: Iterable[Cell]) -> Unknowable:
        """What cannot be known when these cells are hidden in the last quarter."""
        cells = dict(self.cells)
        for cell in chosen:
            cells[cell] = cells.get(cell, 0) | self.last
        return unknowable(self.people, cells)

    def exposed(self, chosen: Iterable[Cell], counts: Mapping[str, Mapping[str, int]], quiet: Collection[str]) -> set[str]:
        """The rows in which a chosen cell that is not zero might be known whatever is hidden now, since earlier quarters tell so much."""
        safe = self.safe(chosen)
        return {i for i, c in chosen if counts[i][c] and c not in quiet and not safe.cells.get((i, c), 0) & self.last}

    def lost(self, chosen: Iterable[Cell], counts: Mapping[str, Mapping[str, int]], best: Unknowable) -> bool:
        """Whether a cell could be known that need not be: one that an earlier quarter hid, or that is chosen now and is not zero."""
        safe = self.safe(chosen)
        wanted = dict(self.cells)
        for insats, category in chosen:
            if counts[insats][category]:
                wanted[insats, category] = wanted.get((insats, category), 0) | self.last
        if any(bits & best.cells.get(cell, 0) & ~safe.cells.get(cell, 0) for cell, bits in wanted.items()):
            return True
        # Who waits now in a hidden row may be alone in a cell next quarter: what is not told of them must stay unknown today.
        rows = {insats for insats, _ in chosen}
        return any(insats in rows and bits & self.last for insats, bits in best.groups - safe.groups)


def _followed(tables: Sequence[Table], categories: tuple[str, ...]) -> Mapping[str, set[tuple[Bits, str]]]:
    """Each row through the quarters: in which it waited, with the same category. Rows that nobody can tell apart are taken in turn."""
    found: dict[str, set[tuple[Bits, str]]] = defaultdict(set)
    numbers: dict[Person, list[int]] = defaultdict(lambda: [0] * len(tables))
    for n, table in enumerate(tables):
        for person in table.people:
            if person.category in categories:
                numbers[person][n] += 1
    for person, counts in numbers.items():
        while any(counts):
            bits = sum(1 << n for n, count in enumerate(counts) if count)
            least = min(count for count in counts if count)
            found[person.insats].add((bits, person.category))
            counts[:] = [count - least if count else 0 for count in counts]
    return found

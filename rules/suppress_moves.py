"""Whether a hidden cell stays unknown: there is another world that gives everything published and another number in that cell.

Rows are people who wait, counted in cells (insats, category) for one or several quarters; each cell and each total over all insatser is
shown or hidden. How many wait in each insats, and since when, is always known, so that everyone can follow each row through the quarters.
Two rows that exchange their categories, or one that takes another, make another world. A *move* is such a change within one insats; it is
possible when it changes hidden cells only, and when the shown totals stay, by itself or by opposite moves in other insatser. A cell that
a possible move changes has at least two values that nobody can tell apart, as whole numbers too, whatever method is used. Rows whose
category is not known never move. Sound, not complete: a cell may be safe in ways that are not looked for, and more is hidden then.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass

TOTAL = ""
Cell = tuple[str, str]
"""An insats, or `TOTAL`, and a category."""
Bits = int
"""Quarters as bits of a number: bit 0 is the oldest."""


@dataclass(frozen=True, slots=True)
class People:
    """Who waits: for each insats, the categories and the sets of quarters (`Bits`) of its rows; equal ones stand once.

    `categories` are all that a row can have, in their order.
    """

    categories: tuple[str, ...]
    kinds: Mapping[str, frozenset[tuple[Bits, str]]]


_Steps = Mapping[str, AbstractSet[tuple[str, str]]]
"""From a category, by a row of some insats, to another category."""


@dataclass(frozen=True, slots=True)
class _Move:
    """In one insats: rows of `one` become `other` in quarters `away`, and rows of `other` become `one` in quarters `back`.

    `whose`: the sets of quarters of the rows that take part, in every way to make this change.
    """

    insats: str
    one: str
    other: str
    away: Bits
    back: Bits
    whose: AbstractSet[Bits]


@dataclass(frozen=True, slots=True)
class Unknowable:
    """What cannot be known: cells, in which quarters; and the category of those rows of an insats that wait in a set of quarters."""

    cells: Mapping[Cell, Bits]
    groups: AbstractSet[tuple[str, Bits]]


def unknowable(people: People, hidden: Mapping[Cell, Bits]) -> Unknowable:
    """In which quarters each cell cannot be known, and whose category. hidden: in which each is hidden."""
    by_sign: dict[tuple[Bits, Bits], dict[str, set[tuple[str, str]]]] = defaultdict(lambda: defaultdict(set))
    moves = [*_moves(people, hidden)]
    signs = []
    for move in moves:
        # Where both totals are hidden, they may change; everywhere else others must change back what this move changes.
        shown = ~(hidden.get((TOTAL, move.one), 0) & hidden.get((TOTAL, move.other), 0))
        sign = (move.away & shown, move.back & shown)
        by_sign[sign][move.one].add((move.other, move.insats))
        by_sign[sign[::-1]][move.other].add((move.one, move.insats))
        signs.append(sign)
    found: dict[Cell, Bits] = defaultdict(int)
    groups: set[tuple[str, Bits]] = set()
    back: dict[tuple[tuple[Bits, Bits], str, str, str], bool] = {}
    for move, sign in zip(moves, signs, strict=True):
        alone = sign == (0, 0)
        key = (sign, move.insats, move.one, move.other)
        if not alone and key not in back:
            back[key] = _leads(by_sign[sign], move.other, move.one, frozenset({move.insats}))
        if alone or back[key]:
            groups |= {(move.insats, bits) for bits in move.whose}
            for category in (move.one, move.other):
                found[move.insats, category] |= move.away | move.back
                found[TOTAL, category] |= move.away | move.back if alone else 0
    return Unknowable(dict(found), groups)


def _leads(steps: _Steps, here: str, goal: str, used: frozenset[str]) -> bool:
    """Whether steps in different insatser lead from one category to the goal."""
    return any(
        other == goal or _leads({c: to for c, to in steps.items() if c != here}, other, goal, used | {insats})
        for other, insats in steps.get(here, ())
        if insats not in used
    )


def _moves(people: People, hidden: Mapping[Cell, Bits]) -> Iterator[_Move]:
    """Every move that changes hidden cells only, within one insats, once with `one` before `other` in the categories' order."""
    order = {category: n for n, category in enumerate(people.categories)}
    for insats, kinds in people.kinds.items():
        for one, other in ((a, b) for a in order for b in order if order[a] < order[b]):
            both = hidden.get((insats, one), 0) & hidden.get((insats, other), 0)
            if not both:
                continue
            ones = {bits for bits, category in kinds if category == one} | {0}
            others = {bits for bits, category in kinds if category == other} | {0}
            for (away, back), whose in _exchanges(ones, others).items():
                if not (away | back) & ~both:
                    yield _Move(insats, one, other, away, back, whose)


def _exchanges(ones: Iterable[Bits], others: Iterable[Bits]) -> dict[tuple[Bits, Bits], set[Bits]]:
    """What an exchange changes: where both wait, nothing. 0 stands for nobody: then one row takes the other category by itself."""
    found: dict[tuple[Bits, Bits], set[Bits]] = defaultdict(set)
    for a in ones:
        for b in others:
            if a != b:
                found[a & ~b, b & ~a] |= {a, b} - {0}
    return found

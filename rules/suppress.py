"""Suppression: what a report for others than the board must not tell, and what would reveal it.

Number, kind and time since each decision are always published (28 h § LSS). What the law does not demand (sex, age, cause, partly
executed, ongoing decisions and their share) is hidden where a count is 1 to threshold − 1, together with what it could be worked out from:
rows, totals, the waits that everyone can follow from quarter to quarter, and the quarters published before.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from rules.stats import CHILDREN, MEN, Counted
from rules.stats_causes import CAUSES
from rules.suppress_cells import Hidden, Person, Table, hide

EARLIER = 4
"""How many earlier quarters are looked at; each makes the search longer."""


class Sorting(NamedTuple):
    """One table: its categories, which of them a row has ("" when not known), and those that all may share without harm."""

    categories: tuple[str, ...]
    of: Callable[[Counted], str]
    quiet: tuple[str, ...] = ()


TABLES: Mapping[str, Sorting] = {
    "sexes": Sorting(("men", "women"), lambda one: ("men" if one.sex in MEN else "women") if one.sex else ""),
    "ages": Sorting(("children", "adults"), lambda one: ("children" if one.sex in CHILDREN else "adults") if one.sex else ""),
    "causes": Sorting(CAUSES, lambda one: one.cause),
    "partly": Sorting(("partly", "whole"), lambda one: "partly" if one.partly else "whole", ("whole",)),
}
"""The tables by their names: fields of an insats' row in the report."""


@dataclass(frozen=True, slots=True)
class Published:
    """A quarter as the public knows it: who was counted, and by table what was hidden."""

    counted: Sequence[Counted]
    hidden: Mapping[str, Hidden]


def suppress(now: Sequence[Counted], past: Sequence[Published], threshold: int) -> Mapping[str, Hidden]:
    """What to hide of a quarter, by table. past: the quarters published before it, oldest first; the last few are looked at."""
    found = {}
    for name, sort in TABLES.items():
        earlier = [Table(_people(one.counted, sort), one.hidden.get(name, Hidden())) for one in past[-EARLIER:]]
        found[name] = hide(Table(_people(now, sort)), earlier, sort.categories, threshold, sort.quiet)
    return found


def _people(counted: Sequence[Counted], sort: Sorting) -> list[Person]:
    return [Person(one.insats, (one.sort, one.start), sort.of(one)) for one in counted if one.outcome is None]

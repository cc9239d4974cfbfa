"""Which ongoing totals (from the input file) are hidden: small ones, shares of few, and what would reveal them or a hidden sex."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class OngoingRow:
    """Ongoing decisions of an insats by sex, and how many of its decisions are open; `sexes_hidden`: the open ones' sex is not shown."""

    men: int
    women: int
    open: int
    open_men: int
    open_women: int
    sexes_hidden: bool

    @property
    def total(self) -> int:
        """Both sexes together."""
        return self.men + self.women

    def tells(self, threshold: int) -> bool:
        """Whether its figures say too much: a count of few, a share of few, or a limit for the open ones' hidden sex."""
        few = any(0 < n < threshold for n in (self.men, self.women, self.total, self.open))
        binds = self.sexes_hidden and (min(self.men, self.women) < self.open or self.total == self.open)
        return few or binds


def hide_ongoing(rows: Mapping[str, OngoingRow], threshold: int) -> tuple[frozenset[str], bool]:
    """The insatser whose ongoing totals and share are hidden, and whether the total's are.

    An insats' men, women, sum and share are hidden together. One hidden alone could be worked out from the total: then the smallest other
    one is hidden besides; the total is hidden where even so the hidden ones' sum tells too much.
    """
    chosen = {insats for insats, row in rows.items() if row.tells(threshold)}
    if len(chosen) == 1 and len(rows) > 1:
        chosen.add(min(rows.keys() - chosen, key=lambda insats: (rows[insats].total, insats)))
    total = whole(rows, rows)
    return frozenset(chosen), bool(rows) and (total.tells(threshold) or (bool(chosen) and _sum_tells(rows, chosen)))


def _sum_tells(rows: Mapping[str, OngoingRow], chosen: Collection[str]) -> bool:
    """Whether the sum of the hidden ones, which the total gives away, leaves too little room."""
    rest = whole(rows, chosen)
    room = min(rest.men - rest.open, rest.women - rest.open) if any(rows[i].sexes_hidden for i in chosen) else min(rest.men, rest.women)
    fits = rest.men > rest.open_men and rest.women > rest.open_women and rest.total > rest.open + 1
    return len(chosen) < 2 or room < 1 or not fits


def whole(rows: Mapping[str, OngoingRow], chosen: Iterable[str]) -> OngoingRow:
    """Some insatser together."""
    some = [rows[insats] for insats in chosen]
    return OngoingRow(
        sum(row.men for row in some),
        sum(row.women for row in some),
        sum(row.open for row in some),
        sum(row.open_men for row in some),
        sum(row.open_women for row in some),
        any(row.sexes_hidden for row in some),
    )

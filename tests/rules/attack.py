"""An attacker with everything that was ever published, and linear programming: which hidden cells can be worked out?"""

import random
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import asdict, replace
from datetime import date, timedelta
from typing import TypeVar

import numpy as np
from scipy.optimize import linprog
from scipy.sparse import csr_matrix

from rules.model import Outcome, Sort
from rules.report import InsatsRow, QuarterReport
from rules.stats import Counted
from rules.suppress import TABLES
from rules.window import Quarter

UNKNOWN = "unknown"
MANY = 10_000  # nobody believes in more
Key = TypeVar("Key", bound=tuple)  # type: ignore[type-arg]
INSATSER = tuple(f"9§{n}" for n in range(2, 11))


def town(seed: int, quarters: Sequence[Quarter]) -> list[list[Counted]]:
    """Random quarters of one municipality, one after the other: rows come, wait and are closed. Each keeps sex and cause."""
    rng = random.Random(seed)
    insatser = rng.sample(INSATSER, rng.randint(1, len(INSATSER)))
    men, known = rng.choice([0.1, 0.5, 0.9]), rng.choice([1.0, 1.0, 0.8])
    causes = rng.choices(["no_housing", "no_staff", "declined", "other"], k=rng.randint(1, 4))
    people = []
    for row in range(rng.choice([5, 20, 60, 200])):
        start = quarters[0].first - timedelta(days=rng.randint(0, 900) - rng.choice([0, 0, 400]))
        end = start + timedelta(days=95 + int(rng.expovariate(1 / rng.choice([150, 700]))))
        sex = rng.choice(["man", "boy"] if rng.random() < men else ["woman", "girl"]) if rng.random() < known else ""
        cause = rng.choice(causes) if rng.random() < known else ""
        sort = rng.choice(list(Sort))
        people.append((Counted(rng.choice(insatser), sort, start, sex=sex, cause=cause, partly=rng.random() < 0.1, row=row + 1), end))
    return [
        [_seen(one, end, quarter) for one, end in people if one.start + timedelta(days=92) <= quarter.last and end >= quarter.first]
        for quarter in quarters
    ]


def _seen(one: Counted, end: date, quarter: Quarter) -> Counted:
    return one if end > quarter.last else replace(one, outcome=Outcome.EXECUTED, closed_on=end)


Shown = Mapping[tuple[str, str], int | None]
"""What a quarter's table shows: (insats, category) → count, None where hidden; insats "" is the total."""
Found = tuple[int, str, str, int]
"""Quarter, insats, category, and the one value that the cell can have."""


def shown(report: QuarterReport, name: str) -> Shown:
    """One table of a published report. How many there are of unknown category is told too."""
    return {(row.insats, c): n for row in (*report.rows, report.total) for c, n in _cells(row, name).items()}


def _cells(row: InsatsRow, name: str) -> Mapping[str, int | None]:
    if name == "partly":
        return {"partly": row.partly, "whole": None if row.partly is None else row.open - row.partly, UNKNOWN: 0}
    return asdict(getattr(row, name))


def worked_out(reports: Sequence[QuarterReport], name: str) -> list[Found]:
    """Every hidden cell of a table that can have one whole number only, by all that these reports tell.

    People are followed from quarter to quarter by their published waits, and are taken to keep their category.
    """
    categories = (*TABLES[name].categories, UNKNOWN)
    groups = _groups(reports)
    column = {key: n for n, key in enumerate((group, c) for group in groups for c in categories)}
    system = System(len(column))
    for group, size in groups.items():
        system.add({column[group, c]: 1 for c in categories}, size)
    sums: dict[tuple[int, str, str], dict[int, float]] = defaultdict(dict)
    for (insats, bits), c in column:
        for t in range(len(reports)):
            if bits >> t & 1:
                sums[t, insats, c][column[(insats, bits), c]] = 1
                sums[t, "", c][column[(insats, bits), c]] = 1
    hidden = []
    for t, report in enumerate(reports):
        for (insats, c), value in shown(report, name).items():
            if value is None:
                hidden.append((t, insats, c))
            elif sums[t, insats, c]:
                system.add(sums[t, insats, c], value)
    return [(*cell, value) for cell, value in system.single({cell: sums[cell] for cell in hidden}).items() if cell[2] != "whole"]


def _groups(reports: Sequence[QuarterReport]) -> dict[tuple[str, int], int]:
    """How many wait in an insats in the same quarters, by the published waits: the quarter's last day less the wait is the start."""
    counts: dict[tuple[str, str, date], list[int]] = defaultdict(lambda: [0] * len(reports))
    for t, report in enumerate(reports):
        for row in report.rows:
            for sort, waits in (("decision", row.waits), ("interruption", row.waits_interruptions)):
                for wait in waits.days:
                    counts[row.insats, sort, report.quarter.last - timedelta(days=wait)][t] += 1
    groups: Counter[tuple[str, int]] = Counter()
    for (insats, _, _), numbers in counts.items():
        while any(numbers):
            least = min(n for n in numbers if n)
            groups[insats, sum(1 << t for t, n in enumerate(numbers) if n)] += least
            numbers[:] = [n - least if n else 0 for n in numbers]
    return dict(groups)


def ongoing_worked_out(report: QuarterReport) -> list[tuple[str, str, int]]:
    """Every hidden ongoing total, and every hidden sex of open rows, that can be worked out from both tables of one report.

    The attacker takes it that no more decisions of a sex can be open than are ongoing, where that is so in truth.
    """
    rows = {row.insats: row for row in report.rows if row.ongoing.given}
    kinds = ("open_men", "open_women", "men", "women")
    column = {key: n for n, key in enumerate((i, kind) for i in rows for kind in kinds)}
    system = System(len(column))
    sums: dict[tuple[str, str], dict[int, float]] = {}
    for insats, row in rows.items():
        told = (row.sexes.men, row.sexes.women, row.ongoing.men, row.ongoing.women)
        for kind, value in zip(kinds, told, strict=True):
            sums[insats, kind] = {column[insats, kind]: 1}
            if value is not None:
                system.add(sums[insats, kind], value)
        system.add({column[insats, "open_men"]: 1, column[insats, "open_women"]: 1}, row.open - (row.sexes.unknown or 0))
        for sex in ("men", "women"):
            system.below({column[insats, f"open_{sex}"]: 1, column[insats, sex]: -1}, 0)
    total = report.total
    for kind, value in zip(kinds, (total.sexes.men, total.sexes.women, total.ongoing.men, total.ongoing.women), strict=True):
        if value is not None:
            system.add({column[i, kind]: 1 for i in rows}, value)
    hidden = {(i, kind): line for (i, kind), line in sums.items() if _hides(rows[i], kind)}
    return [(*cell, value) for cell, value in system.single(hidden).items()]


def _hides(row: InsatsRow, kind: str) -> bool:
    known = {"open_men": row.sexes.men, "open_women": row.sexes.women, "men": row.ongoing.men, "women": row.ongoing.women}
    return known[kind] is None


class System:
    """Sums that are known, over unknown whole numbers that are not negative."""

    def __init__(self, width: int) -> None:
        self.width = width
        self.equal: tuple[list[dict[int, float]], list[float]] = ([], [])
        self.most: tuple[list[dict[int, float]], list[float]] = ([], [])

    def add(self, line: dict[int, float], value: float) -> None:
        """The sum is this."""
        self.equal[0].append(line)
        self.equal[1].append(value)

    def below(self, line: dict[int, float], value: float) -> None:
        """The sum is at most this."""
        self.most[0].append(line)
        self.most[1].append(value)

    def single(self, cells: Mapping[Key, dict[int, float]]) -> dict[Key, int]:
        """The sums with one whole number between their least and their most. Worlds in random directions settle most of them at once."""
        if not cells:
            return {}
        least, most = dict.fromkeys(cells, np.inf), dict.fromkeys(cells, -np.inf)

        def look(goal: "np.ndarray") -> None:
            for side in (goal, -goal):
                done = linprog(
                    side,
                    A_eq=self._matrix(self.equal),
                    b_eq=self.equal[1] or None,
                    A_ub=self._matrix(self.most),
                    b_ub=self.most[1] or None,
                    bounds=(0, MANY),
                    method="highs",
                )
                assert done.status == 0, done.message
                for cell, line in cells.items():
                    value = sum(done.x[k] for k in line)
                    least[cell], most[cell] = min(least[cell], value), max(most[cell], value)

        def single(cell: Key) -> bool:
            return bool(np.floor(most[cell] + 1e-6) - np.ceil(least[cell] - 1e-6) < 1)

        rng = np.random.default_rng(1)
        for _ in range(2):
            look(rng.normal(size=self.width))
        for cell in [*filter(single, cells)]:
            goal = np.zeros(self.width)
            goal[[*cells[cell]]] = 1
            look(goal)
        return {cell: round(most[cell]) for cell in cells if single(cell)}

    def _matrix(self, lines: tuple[list[dict[int, float]], list[float]]) -> "csr_matrix | None":
        if not lines[0]:
            return None
        entries = [(n, k, v) for n, line in enumerate(lines[0]) for k, v in line.items()]
        row, column, value = zip(*entries, strict=True)
        return csr_matrix((value, (row, column)), shape=(len(lines[0]), self.width))

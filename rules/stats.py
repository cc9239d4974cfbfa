"""The figures of a quarter: how many wait, for how long, and what was wrong in the list. Internal figures; nothing is suppressed here."""

import tomllib
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from rules.mark import count
from rules.model import Outcome, Row, Sort
from rules.options import insatser
from rules.window import Quarter

CAUSES = ("no_housing", "no_staff", "declined", "other")
MEN, WOMEN = ("man", "boy"), ("woman", "girl")


@dataclass(frozen=True, slots=True)
class Figures:
    """The counts of one insats, or of all together (`insats` "").

    `open_…` at the quarter's last day; `reported` all that count in the quarter. Waits in days from the start to the quarter's last day,
    sorted, of open rows only; interruptions stand in a list of their own.
    """

    insats: str
    open_men: int
    open_women: int
    open: int
    executed: int
    ended: int
    reported: int
    interruptions_open: int
    cause: tuple[tuple[str, int], ...]
    waits_days: tuple[int, ...]
    waits_days_interruptions: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Finding:
    """A row that should not stand in the quarter's list as it does: executed_before_mark, ended_before_mark, closed_before_quarter."""

    case: str
    code: str


@dataclass(frozen=True, slots=True)
class QuarterFigures:
    """A quarter's figures: one row for each insats that has any, and the total."""

    quarter: Quarter
    rows: tuple[Figures, ...]
    total: Figures
    findings: tuple[Finding, ...]


def quarter_figures(rows: Iterable[Row], listed: Collection[int], quarter: Quarter) -> QuarterFigures:
    """Counts a quarter. `listed`: ids of rows that came in a list naming this quarter; they all count as reported in it.

    Source: 28 h § LSS (1993:387).
    """
    members = [row for row in rows if row.id in listed or counts(row, quarter)]
    by_insats = [_figures(key, [row for row in members if row.entry.insats == key], quarter) for key in insatser()]
    findings = [Finding(row.entry.shown, code) for row in members for code in faults(row, quarter)]
    return QuarterFigures(quarter, tuple(f for f in by_insats if f.reported), _figures("", members, quarter), tuple(findings))


def counts(row: Row, quarter: Quarter) -> bool:
    """Whether a row counts in a quarter: a mark passed in it or before while the row was open, and it was open when the quarter began."""
    if row.entry.judgment:
        return False
    first_mark = count(row).mark(1)
    if first_mark > quarter.last:
        return False
    return row.closing is None or (row.closing.on >= quarter.first and row.closing.on > first_mark)


def faults(row: Row, quarter: Quarter) -> Iterable[str]:
    """What is wrong with a row's standing in the quarter's list."""
    if row.closing is None:
        return
    if row.closing.on <= count(row).mark(1):
        yield f"{row.closing.outcome.value}_before_mark"
    if row.closing.on < quarter.first:
        yield "closed_before_quarter"


def _figures(insats: str, rows: Sequence[Row], quarter: Quarter) -> Figures:
    waiting = [row for row in rows if row.closing is None or row.closing.on > quarter.last]
    closed = [row.closing.outcome for row in rows if row.closing is not None and row.closing.on <= quarter.last]
    causes = [quarterly_cause(row.entry.cause) for row in waiting if row.entry.cause]
    return Figures(
        insats=insats,
        open_men=sum(row.entry.sex in MEN for row in waiting),
        open_women=sum(row.entry.sex in WOMEN for row in waiting),
        open=len(waiting),
        executed=closed.count(Outcome.EXECUTED),
        ended=closed.count(Outcome.ENDED),
        reported=len(rows),
        interruptions_open=sum(row.entry.sort is Sort.INTERRUPTION for row in waiting),
        cause=tuple((name, causes.count(name)) for name in CAUSES),
        waits_days=_waits(waiting, Sort.DECISION, quarter),
        waits_days_interruptions=_waits(waiting, Sort.INTERRUPTION, quarter),
    )


def _waits(rows: Iterable[Row], sort: Sort, quarter: Quarter) -> tuple[int, ...]:
    return tuple(sorted((quarter.last - row.entry.start).days for row in rows if row.entry.sort is sort))


@cache
def quarterly_cause(cause: str) -> str:
    """Which of the quarterly report's causes an IVO cause counts as: exactly one."""
    said = cause.casefold()
    for name, beginnings in _table().items():
        if any(said.startswith(beginning) for beginning in beginnings):
            return name
    return "other"


@cache
def _table() -> dict[str, tuple[str, ...]]:
    raw = tomllib.loads((files("rules") / "data" / "quarter_causes.toml").read_text("utf-8"))
    return {name: tuple(text.casefold() for text in raw[name]) for name in CAUSES if name in raw}

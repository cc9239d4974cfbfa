"""The figures of a quarter: how many wait, for how long, and what was wrong in the list. Internal figures; nothing is suppressed here."""

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from rules.mark import count
from rules.model import Outcome, Row, Sort
from rules.options import insatser
from rules.stats_causes import CAUSES, quarterly_cause
from rules.window import Quarter

MEN, WOMEN = ("man", "boy"), ("woman", "girl")
CHILDREN, ADULTS = ("boy", "girl"), ("man", "woman")


@dataclass(frozen=True, slots=True)
class Counted:
    """What a quarter's figures need of one row, and no more: nothing here names a person or a case, so that it may outlive the row.

    `outcome` None: open at the quarter's last day. `cause` is a quarterly cause, "" when none is given. `partly`: partly executed by then.
    `row` is the register's number of the row.
    """

    insats: str
    sort: Sort
    start: date
    outcome: Outcome | None = None
    closed_on: date | None = None
    sex: str = ""  # man, woman, boy, girl or unknown ("")
    cause: str = ""
    partly: bool = False
    row: int = 0


@dataclass(frozen=True, slots=True)
class Figures:
    """The counts of one insats, or of all together (`insats` "").

    `open…`, sexes, ages, causes and `partly` at the quarter's last day; `reported` all that count in the quarter. Waits in days from the
    start to the quarter's last day, sorted, of open rows only; interruptions stand in a list of their own. What the register does not tell
    is in neither of two counts.
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
    children: int = 0
    adults: int = 0
    partly: int = 0


@dataclass(frozen=True, slots=True)
class Finding:
    """A row that should not stand in the quarter's list as it does: executed_before_mark, ended_before_mark, closed_before_quarter."""

    case: str
    code: str
    row: int = 0


@dataclass(frozen=True, slots=True)
class QuarterFigures:
    """A quarter's figures: one row for each insats that has any, and the total. `counted`: the rows behind them, in the order given."""

    quarter: Quarter
    rows: tuple[Figures, ...]
    total: Figures
    findings: tuple[Finding, ...]
    counted: tuple[Counted, ...] = ()


def quarter_figures(rows: Iterable[Row], listed: Collection[int], quarter: Quarter) -> QuarterFigures:
    """Counts a quarter. `listed`: ids of rows that came in a list naming this quarter; they all count as reported in it.

    Source: 28 h § LSS (1993:387).
    """
    members = [row for row in rows if row.id in listed or counts(row, quarter)]
    findings = tuple(Finding(row.entry.shown, code, row.id) for row in members for code in faults(row, quarter))
    return figures_of([counted(row, quarter) for row in members], quarter, findings)


def figures_of(members: Sequence[Counted], quarter: Quarter, findings: tuple[Finding, ...] = ()) -> QuarterFigures:
    """The figures that these rows give."""
    by_insats: dict[str, list[Counted]] = defaultdict(list)
    for one in members:
        by_insats[one.insats].append(one)
    rows = tuple(figures_in(key, by_insats[key], quarter) for key in insatser() if by_insats.get(key))
    return QuarterFigures(quarter, rows, figures_in("", members, quarter), findings, tuple(members))


def counts(row: Row, quarter: Quarter) -> bool:
    """Whether a row counts in a quarter: a mark passed in it or before while the row was open, and it was open when the quarter began."""
    if row.entry.judgment:
        return False
    first_mark = count(row).mark(1)
    if first_mark > quarter.last:
        return False
    return row.closing is None or (row.closing.on >= quarter.first and row.closing.on > first_mark)


def counted(row: Row, quarter: Quarter) -> Counted:
    """A row as the quarter sees it; what was closed after the quarter's last day was open then."""
    entry, closing = row.entry, row.closing
    if closing is not None and closing.on > quarter.last:
        closing = None
    return Counted(
        insats=entry.insats,
        sort=entry.sort,
        start=entry.start,
        outcome=closing.outcome if closing else None,
        closed_on=closing.on if closing else None,
        sex=entry.sex,
        cause=quarterly_cause(entry.cause) if entry.cause else "",
        partly=entry.partly_from is not None and entry.partly_from <= quarter.last,
        row=row.id,
    )


def faults(row: Row, quarter: Quarter) -> Iterable[str]:
    """What is wrong with a row's standing in the quarter's list."""
    if row.closing is None:
        return
    if row.closing.on <= count(row).mark(1):
        yield f"{row.closing.outcome.value}_before_mark"
    if row.closing.on < quarter.first:
        yield "closed_before_quarter"


def figures_in(insats: str, rows: Sequence[Counted], quarter: Quarter) -> Figures:
    """The figures of one insats ("" for all together) that these rows give."""
    waiting = [row for row in rows if row.outcome is None]
    closed = Counter(row.outcome for row in rows)
    causes = Counter(row.cause for row in waiting)
    sexes = Counter(row.sex for row in waiting)
    return Figures(
        insats=insats,
        open_men=sum(sexes[word] for word in MEN),
        open_women=sum(sexes[word] for word in WOMEN),
        open=len(waiting),
        executed=closed[Outcome.EXECUTED],
        ended=closed[Outcome.ENDED],
        reported=len(rows),
        interruptions_open=sum(row.sort is Sort.INTERRUPTION for row in waiting),
        cause=tuple((name, causes[name]) for name in CAUSES),
        waits_days=_waits(waiting, Sort.DECISION, quarter),
        waits_days_interruptions=_waits(waiting, Sort.INTERRUPTION, quarter),
        children=sum(sexes[word] for word in CHILDREN),
        adults=sum(sexes[word] for word in ADULTS),
        partly=sum(row.partly for row in waiting),
    )


def _waits(rows: Iterable[Counted], sort: Sort, quarter: Quarter) -> tuple[int, ...]:
    return tuple(sorted((quarter.last - row.start).days for row in rows if row.sort is sort))

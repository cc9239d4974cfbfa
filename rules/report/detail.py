"""Row by row: decisions, faults of the list, and exposure to the fee."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date

from rules.facts import in_force
from rules.mark import add_months, count
from rules.model import Outcome, Row
from rules.report.lists import Decision, Exposure, Fault
from rules.report.values import Reader
from rules.report.words import name_of, word
from rules.stats import Counted, Finding
from rules.window import Quarter

MOST_EXPOSED = 50
"""So many rows that have waited longest are shown with their exposure."""
_ACT = date(1994, 1, 1)


def faults(findings: Iterable[Finding]) -> tuple[Fault, ...]:
    """The findings with their Swedish sentence."""
    return tuple(Fault(one.row, one.case, one.code, word("faults", one.code)) for one in findings)


def exposures(rows: Iterable[Row], quarter: Quarter) -> tuple[Exposure, ...]:
    """The rows open at the quarter's last day that have waited longest, judgments too, with the fee that a court may set.

    The range is that of the decision date's law; the two years run from the decision, the interruption, or the day a judgment became final.
    Sources: 28 a, 28 b, 28 e §§ LSS (1993:387).
    """
    open_then = (row for row in rows if row.closing is None or row.closing.on > quarter.last)
    waiting = [row for row in open_then if not row.provisional and count(row).mark(1) <= quarter.last]
    waiting.sort(key=lambda row: (row.entry.start, row.id))
    return tuple(_exposure(row, quarter) for row in waiting[:MOST_EXPOSED])


def _exposure(row: Row, quarter: Quarter) -> Exposure:
    entry = row.entry
    fee = in_force("fee", max(entry.decision_date or entry.start, _ACT))
    counted_from = entry.judgment_final if entry.judgment else entry.start
    last_day = _last_day(counted_from) if counted_from else None
    return Exposure(
        row=row.id,
        case=entry.shown,
        insats=entry.insats,
        name=name_of(entry.insats, entry.form),
        sort=entry.sort,
        judgment=entry.judgment,
        start=entry.start,
        wait_days=(quarter.last - entry.start).days,
        lowest=int(fee.values["lowest"]),
        highest=int(fee.values["highest"]),
        counted_from=counted_from,
        last_day=last_day,
        days_left=(last_day - quarter.last).days if last_day else None,
        ref=fee.ref,
    )


def _last_day(begins: date) -> date:
    return add_months(begins, 12 * int(in_force("fee_application", max(begins, _ACT)).values["years"]))


def decisions(counted: Sequence[Counted], reader: Reader, quarter: Quarter, rows: Mapping[int, Row]) -> tuple[Decision, ...]:
    """The list per decision, by insats and then longest wait first. rows: what the register still has, by its number of the row.

    Revisorerna read what 28 f § LSS demands (insats, time, the reason in short) and of executed ones the day (28 g § LSS), nothing of the
    person; the board reads everything. Without a row in the register (pruned), case and unit stay empty.
    """
    order = sorted(counted, key=lambda one: (int(one.insats.removeprefix("9§")), one.outcome is not None, one.start, one.row))
    make = _internal if reader is Reader.INTERNAL else _for_revisorer
    return tuple(make(number, one, quarter, rows.get(one.row)) for number, one in enumerate(order, 1))


def _wait(one: Counted, quarter: Quarter) -> int:
    return ((one.closed_on or quarter.last) - one.start).days


def _for_revisorer(number: int, one: Counted, quarter: Quarter, row: Row | None) -> Decision:
    return Decision(
        number=number,
        insats=one.insats,
        name=name_of(one.insats),
        sort=one.sort,
        wait_days=_wait(one, quarter),
        outcome=one.outcome,
        closed_on=one.closed_on if one.outcome is Outcome.EXECUTED else None,
        cause=word("causes", one.cause),
    )


def _internal(number: int, one: Counted, quarter: Quarter, row: Row | None) -> Decision:
    entry = row.entry if row else None
    return Decision(
        number=number,
        insats=one.insats,
        name=name_of(one.insats, entry.form if entry else ""),
        sort=one.sort,
        wait_days=_wait(one, quarter),
        outcome=one.outcome,
        closed_on=one.closed_on,
        cause=word("causes", one.cause),
        partly=one.partly,
        row=one.row,
        case=entry.shown if entry else "",
        unit=entry.unit if entry else "",
        sex=word("sexes", one.sex),
        start=one.start,
        partly_from=entry.partly_from if entry and one.partly else None,
    )

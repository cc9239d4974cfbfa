"""Which report a row's sheet is for, the work lists of IVO's window, and the line to document."""

from typing import Any

import pytest

from rules.model import Report, Row
from rules.sheet import Target, chosen, documented, final_done, targets, work
from tests.rules.made import ENDED, EXECUTED, FINAL, FOLLOW_UP, INTERRUPTION, NEW, closed, day, provisional, row

FIRST = Report(1, NEW, day("2026-04-16"), 7)
SECOND = Report(2, FOLLOW_UP, day("2026-07-16"), 8)
LAST = Report(0, FINAL, day("2026-08-04"), 9)
TICK = {7: day("2026-04-20")}
EXECUTED_ROW = closed("executed 2026-08-03")


@pytest.mark.parametrize("of, ticked, today, expected", [
    (row(), {}, "2026-02-01", (NEW, 1, 0)),  # nothing is due: what comes next
    (row(), {}, "2026-04-20", (NEW, 1, 0)),  # waited for
    (row(reports=(FIRST,)), {}, "2026-04-20", (NEW, 1, 7)),
    (row(reports=(FIRST,)), TICK, "2026-04-20", (FOLLOW_UP, 2, 0)),  # ticked off: the next
    (row(reports=(FIRST, SECOND)), TICK, "2026-07-20", (FOLLOW_UP, 2, 8)),
    (row(reports=(FIRST, LAST), closing=EXECUTED_ROW), TICK, "2026-08-05", (FINAL, 0, 9)),
    (row(reports=(FIRST, LAST), closing=EXECUTED_ROW), TICK | {9: day("2026-08-05")}, "2026-08-05", (FINAL, 0, 9)),
    (row(reports=(LAST,), closing=EXECUTED_ROW), {}, "2026-08-05", (NEW, 0, 9)),
    (row(closing=EXECUTED_ROW), {}, "2026-08-05", (NEW, 0, 0)),
    (row(reports=(FIRST,), closing=EXECUTED_ROW), {}, "2026-08-05", (FINAL, 0, 0)),
    (provisional("2026-04-15", start="2026-01-15", reports=(FIRST,)), {}, "2026-04-20", (NEW, 1, 7)),
])  # fmt: skip
def test_the_sheet_is_for(of: Row, ticked: Any, today: str, expected: tuple[Any, int, int]) -> None:
    found = chosen(of, ticked, day(today))
    assert (found.kind, found.k, found.letter) == expected


def test_a_report_that_waits_goes_before_one_without_a_letter() -> None:
    of = row(reports=(FIRST,))
    assert [one.k for one in targets(of, {}, day("2026-07-20"))] == [1, 2]
    assert chosen(of, {}, day("2026-07-20")).letter == 7


@pytest.mark.parametrize("of, ticked, done", [
    (row(), {}, False),
    (row(reports=(FIRST, LAST), closing=EXECUTED_ROW), TICK, False),
    (row(reports=(FIRST, LAST), closing=EXECUTED_ROW), {9: day("2026-08-05")}, True),
    (row(closing=closed("executed 2026-02-03")), {}, True),  # never to be reported
    (row(closing=EXECUTED_ROW), {}, False),  # the final report is still to come
    (row(closing=EXECUTED_ROW, judgment=True), {}, True),
])  # fmt: skip
def test_when_nothing_more_is_reported(of: Row, ticked: Any, done: bool) -> None:
    assert final_done(of, ticked) is done


def listed(rows: list[Row], ticked: Any, today: str) -> dict[str, list[tuple[int, int]]]:
    found = work(rows, ticked, day(today))
    return {name: [(item.row.id, item.target.k) for item in getattr(found, name)] for name in ("new", "follow_up", "final")}


def test_the_windows_lists() -> None:
    rows = [
        row(id=1, reports=(FIRST,)),
        row("2025-10-15", id=2, reports=(Report(1, NEW, day("2026-01-16"), 3), Report(2, FOLLOW_UP, day("2026-04-16"), 4))),
        row(id=3),  # waited for
        row("2026-03-15", id=4),  # its mark belongs to the next window
        row(
            id=5, reports=(Report(1, NEW, day("2026-04-16"), 5), Report(0, FINAL, day("2026-07-06"), 6)), closing=closed("ended 2026-07-03")
        ),
        row(id=6, judgment=True, reports=(Report(1, NEW, day("2026-04-16"), 10),)),
    ]
    ticked = {3: day("2026-01-20"), 5: day("2026-07-20")}
    assert listed(rows, ticked, "2026-07-10") == {"new": [(1, 1), (3, 1), (4, 1)], "follow_up": [(2, 2)], "final": [(5, 0)]}
    assert str(work([], {}, day("2026-07-10")).window.quarter) == "2026Q2"


def test_a_mark_after_the_windows_quarter_waits_for_the_next() -> None:
    rows = [row("2026-04-05", id=1)]
    assert listed(rows, {}, "2026-07-10")["new"] == []
    assert [item.target.k for item in work(rows, {}, day("2026-07-10"), "window_end").new] == [1]


def test_ticking_off_takes_it_away_and_a_later_tick_counts_for_the_earlier() -> None:
    rows = [row(reports=(FIRST, SECOND))]
    assert listed(rows, {}, "2026-07-20") == {"new": [(1, 1)], "follow_up": [], "final": []}
    assert listed(rows, {}, "2026-10-05") == {"new": [(1, 1)], "follow_up": [(1, 2)], "final": []}
    assert listed(rows, {8: day("2026-10-05")}, "2026-10-05") == {"new": [], "follow_up": [], "final": []}


def test_a_row_closed_before_it_entered_is_not_asked_for() -> None:
    rows = [row("2024-01-15", silent_before="2026-01-01", closing=closed("executed 2025-03-01"))]
    assert listed(rows, {}, "2026-01-10")["final"] == []


@pytest.mark.parametrize("of, target, line", [
    (row(), Target(NEW, 1, day("2026-04-15")), "2026-04-20: Rapporterat till IVO. Nyrapportering för 2026-04-15: 9 § 4 Kontaktperson, beslut 2026-01-15."),
    (row(sort=INTERRUPTION), Target(FOLLOW_UP, 2, day("2026-07-15")), "2026-04-20: Rapporterat till IVO. Återrapportering för 2026-07-15: 9 § 4 Kontaktperson, avbrott från 2026-01-15."),
    (row(), Target(FINAL, 0, day("2026-04-18"), outcome=EXECUTED), "2026-04-20: Rapporterat till IVO att beslutet är verkställt 2026-04-18: 9 § 4 Kontaktperson, beslut 2026-01-15."),
    (row(), Target(NEW, 0, day("2026-04-18"), outcome=ENDED), "2026-04-20: Rapporterat till IVO att beslutet är avslutat 2026-04-18: 9 § 4 Kontaktperson, beslut 2026-01-15. Beslutet var inte rapporterat tidigare."),
    (provisional("2026-04-15", start="2026-01-15"), Target(NEW, 1, day("2026-04-15")), "2026-04-20: Rapporterat till IVO. Nyrapportering för 2026-04-15: 9 § 4 Kontaktperson."),
])  # fmt: skip
def test_the_line_to_document(of: Row, target: Target, line: str) -> None:
    assert documented(of, target, day("2026-04-20")) == line

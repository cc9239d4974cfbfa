"""Report meets register: every outcome of the table, several cases each."""

import pytest

from rules.handling import name
from rules.match import (
    Ambiguous,
    Closed,
    DateDiffers,
    Duplicate,
    KindDiffers,
    Matched,
    Meeting,
    NotReportable,
    Premature,
    Register,
    Untracked,
    meet,
)
from rules.model import Row, Title
from tests.rules.made import (
    ENDED,
    EXECUTED,
    FINAL,
    FOLLOW_UP,
    INTERRUPTION,
    NEW,
    OFFICE,
    closed,
    day,
    provisional,
    row,
    title,
    told,
)


def met(one: Title, *rows: Row, today: str = "2026-04-16", named: str = "", unknown: str = "", own: str = "all") -> Meeting:
    """named and own: row ids; by default every row is the sender's and the body names none."""
    own_ids = frozenset(r.id for r in rows) if own == "all" else frozenset(map(int, own.split()))
    return meet(one, Register(rows, frozenset(map(int, named.split())), unknown, own_ids), OFFICE, day(today))


def said(meeting: Meeting) -> str:
    """The outcome with its row and what is particular to it, in few words."""
    match meeting:
        case Matched(r, k) | Premature(r, k) | Duplicate(r, k):
            more = f"row {r.id} k {k}"
        case KindDiffers(r, k, what):
            more = f"row {r.id} k {k} {' '.join(what)}"
        case DateDiffers(r, what):
            more = f"row {r.id} {what}"
        case NotReportable(r, closing):
            more = f"row {r.id}" + (f" {closing.outcome} {closing.on}" if closing else "")
        case Closed(r, closing, unreported):
            more = f"row {r.id} {closing.outcome} {closing.on} unreported {unreported}"
        case Ambiguous(reason, rows):
            more = " ".join([reason, *(str(r.id) for r in rows)])
        case Untracked(case):
            more = case
    return f"{name(meeting)} {more}".strip()


A, B = row(), row("2026-01-20", "E-2", id=2)
SAME_DAY = row("2026-01-15", "E-2", id=2)
BREAK = row("2026-01-15", id=3, sort=INTERRUPTION, decision_date=day("2024-05-02"))
OTHER = row("2026-01-15", "E-9", id=9, insats="9§9")


@pytest.mark.parametrize("one, rows, today, expected", [
    # the mark itself, or a day after it through its report day
    (title(NEW, "2026-04-15"), [A], "2026-04-16", "matched row 1 k 1"),
    (title(NEW, "2026-04-16"), [A], "2026-04-16", "matched row 1 k 1"),
    (title(NEW, "2026-04-17"), [A], "2026-04-17", "ambiguous none 1"),
    (title(NEW, "2026-04-14"), [A], "2026-04-16", "ambiguous none 1"),
    (title(NEW, "2026-04-03"), [row("2026-01-03")], "2026-04-07", "matched row 1 k 1"),  # långfredag …
    (title(NEW, "2026-04-07"), [row("2026-01-03")], "2026-04-07", "matched row 1 k 1"),  # … through Tuesday after Easter
    (title(NEW, "2026-04-08"), [row("2026-01-03")], "2026-04-08", "ambiguous none 1"),
    (title(NEW, "2025-12-29"), [row("2025-09-24")], "2025-12-29", "matched row 1 k 1"),  # julafton
    (title(NEW, "2025-12-30"), [row("2025-09-24")], "2025-12-30", "ambiguous none 1"),
    (title(NEW, "2026-02-28"), [row("2025-11-30")], "2026-03-02", "matched row 1 k 1"),  # short month
    (title(NEW, "2026-03-02"), [row("2025-11-30")], "2026-03-02", "matched row 1 k 1"),
    # later marks, and old ones
    (title(FOLLOW_UP, "2026-07-15"), [row(reports=told(1))], "2026-07-16", "matched row 1 k 2"),
    (title(NEW, "2026-07-15"), [A], "2026-07-16", "matched row 1 k 2"),  # nothing reported: every mark asks for a new report
    (title(NEW, "2026-04-15"), [A], "2027-01-16", "matched row 1 k 1"),
    (title(FOLLOW_UP, "2026-04-15"), [row(reports=told(2))], "2026-07-20", "matched row 1 k 1"),
    # from the summary day a report is kept
    (title(NEW, "2026-04-15"), [A], "2026-04-14", "matched row 1 k 1"),
    (title(NEW, "2026-04-15"), [A], "2026-04-13", "premature row 1 k 1"),
    (title(NEW, "2026-02-28"), [row("2025-11-30")], "2026-02-27", "matched row 1 k 1"),
    (title(NEW, "2026-02-28"), [row("2025-11-30")], "2026-02-26", "premature row 1 k 1"),
    (title(NEW, "2026-04-03"), [row("2026-01-03")], "2026-04-02", "matched row 1 k 1"),
    (title(NEW, "2026-04-07"), [row("2026-01-03")], "2026-04-01", "premature row 1 k 1"),
    (title(FOLLOW_UP, "2026-07-15"), [row(reports=told(1))], "2026-07-13", "premature row 1 k 2"),
    # the date itself goes before a day after another's mark
    (title(NEW, "2026-04-16"), [A, row("2026-01-16", "E-2", id=2)], "2026-04-16", "matched row 2 k 1"),
    (title(NEW, "2026-04-15"), [A, SAME_DAY], "2026-04-16", "ambiguous several 1 2"),
    # decision and interruption
    (title(NEW, "2026-04-15"), [A, BREAK], "2026-04-16", "matched row 1 k 1"),
    (title(NEW, "2026-04-15", cause=INTERRUPTION), [A, BREAK], "2026-04-16", "matched row 3 k 1"),
    (title(FOLLOW_UP, "2026-07-15"), [row(reports=told(1)), BREAK], "2026-07-16", "ambiguous several 1 3"),
    # another insats is another decision
    (title(NEW, "2026-04-15"), [OTHER], "2026-04-16", "untracked"),
    (title(NEW, "2026-04-15", "9§9"), [A, OTHER], "2026-04-16", "matched row 9 k 1"),
    # a judgment or a partly executed decision is a row like others
    (title(NEW, "2026-04-15"), [row(judgment=True)], "2026-04-16", "matched row 1 k 1"),
    (title(NEW, "2026-04-15"), [row(partly_from=day("2026-03-01"))], "2026-04-16", "matched row 1 k 1"),
])  # fmt: skip
def test_matched_and_premature(one: Title, rows: list[Row], today: str, expected: str) -> None:
    """One row and one mark; not before the summary day."""
    assert said(met(one, *rows, today=today)) == expected


@pytest.mark.parametrize("one, rows, today, expected", [
    (title(NEW, "2026-07-15"), [row(reports=told(1))], "2026-07-16", "kind_differs row 1 k 2 kind"),
    (title(FOLLOW_UP, "2026-04-15"), [A], "2026-04-16", "kind_differs row 1 k 1 kind"),
    (title(FOLLOW_UP, "2026-07-15"), [A], "2026-07-16", "kind_differs row 1 k 2 kind"),
    (title(NEW, "2026-04-15", cause=INTERRUPTION), [A], "2026-04-16", "kind_differs row 1 k 1 sort"),
    (title(NEW, "2026-04-15"), [BREAK], "2026-04-16", "kind_differs row 3 k 1 sort"),
    (title(NEW, "2026-04-15", advance_ruling=True), [row(advance_ruling=False)], "2026-04-16", "kind_differs row 1 k 1 advance_ruling"),
    (title(NEW, "2026-04-15"), [row(advance_ruling=True)], "2026-04-16", "kind_differs row 1 k 1 advance_ruling"),
    (title(NEW, "2026-04-15", cause=INTERRUPTION), [row(advance_ruling=True)], "2026-04-16", "kind_differs row 1 k 1 sort advance_ruling"),
    # what the register does not tell is not judged
    (title(NEW, "2026-04-15", advance_ruling=True), [A], "2026-04-16", "matched row 1 k 1"),
    # taken as reported: the program has seen nothing, so both kinds are right
    (title(NEW, "2026-07-15"), [row(silent_before="2026-05-01")], "2026-07-16", "matched row 1 k 2"),
    (title(FOLLOW_UP, "2026-07-15"), [row(silent_before="2026-05-01")], "2026-07-16", "matched row 1 k 2"),
    (title(NEW, "2026-10-15"), [row(silent_before="2026-05-01", reports=told(2))], "2026-10-16", "kind_differs row 1 k 3 kind"),
    (title(NEW, "2026-04-15"), [row(silent_before="2026-05-01")], "2026-05-04", "matched row 1 k 1"),
])  # fmt: skip
def test_kind_differs(one: Title, rows: list[Row], today: str, expected: str) -> None:
    """Counts as what it must be; judged only against what the program has seen or the register tells."""
    assert said(met(one, *rows, today=today)) == expected


@pytest.mark.parametrize("one, rows, today, expected", [
    (title(FOLLOW_UP, "2026-04-15"), [row(reports=told(1))], "2026-07-16", "matched row 1 k 2"),
    (title(FOLLOW_UP, "2026-04-15"), [row(reports=told(1))], "2026-10-20", "matched row 1 k 3"),
    (title(FOLLOW_UP, "2026-04-15"), [row(reports=told(1, 3))], "2026-10-20", "matched row 1 k 2"),
    (title(FOLLOW_UP, "2026-04-16"), [row(reports=told(1))], "2026-07-16", "matched row 1 k 2"),
    (title(FOLLOW_UP, "2026-04-15"), [row(silent_before="2026-05-01")], "2026-07-16", "matched row 1 k 2"),
    (title(FOLLOW_UP, "2026-04-15"), [provisional("2026-04-15", start="2026-01-15")], "2026-07-16", "matched row 1 k 2"),
    # only the first mark has that second meaning
    (title(FOLLOW_UP, "2026-07-15"), [row(reports=told(1, 2))], "2026-10-16", "duplicate row 1 k 2"),
    (title(NEW, "2026-04-15"), [row(reports=told(1))], "2026-07-16", "duplicate row 1 k 1"),
])  # fmt: skip
def test_follow_up_that_repeats_the_first_mark(one: Title, rows: list[Row], today: str, expected: str) -> None:
    """It means the latest passed mark without a report."""
    assert said(met(one, *rows, today=today)) == expected


@pytest.mark.parametrize("one, rows, more, expected", [
    # one row by case or person, other date
    (title(NEW, "2026-04-20"), [A], {"named": "1"}, "date_differs row 1 date"),
    (title(NEW, "2026-01-15"), [A], {"named": "1"}, "date_differs row 1 date"),
    (title(NEW, "2026-04-20"), [A, B], {"named": "2", "own": "1"}, "matched row 2 k 1"),
    (title(NEW, "2026-04-15"), [A, B], {"named": "2"}, "date_differs row 2 date"),
    # by sender and insats alone when the date is the decision or the interruption
    (title(NEW, "2026-01-15"), [A], {}, "date_differs row 1 date"),
    (title(NEW, "2026-01-15", cause=INTERRUPTION), [BREAK], {}, "date_differs row 3 date"),
    (title(NEW, "2024-05-02", cause=INTERRUPTION), [BREAK], {}, "date_differs row 3 date"),
    (title(NEW, "2026-01-20"), [A, B], {}, "date_differs row 2 date"),
    (title(NEW, "2026-01-15"), [A, SAME_DAY], {}, "ambiguous none 1 2"),
    (title(NEW, "2026-01-15"), [A], {"own": ""}, "untracked"),  # not the sender's
    # none fits, no case is named, and the sender owns open rows
    (title(NEW, "2026-04-10"), [A, B], {}, "ambiguous none 1 2"),
    (title(NEW, "2026-04-10"), [A, B], {"own": "2"}, "ambiguous none 2"),
    (title(NEW, "2026-04-10"), [A, B], {"own": ""}, "untracked"),
    (title(NEW, "2026-04-10"), [row(closing=closed("executed 2026-05-01"))], {}, "untracked"),
    (title(NEW, "2026-04-15"), [], {}, "untracked"),
    # the named case rules out every other row
    (title(NEW, "2026-04-15"), [A, SAME_DAY], {"named": "2"}, "matched row 2 k 1"),
    (title(NEW, "2026-04-15"), [A], {"unknown": "E-77"}, "untracked E-77"),
    (title(FINAL, "2026-04-10", outcome=EXECUTED), [A], {"unknown": "E-77"}, "untracked E-77"),
    (title(NEW, "2026-04-15"), [A, OTHER], {"named": "9"}, "ambiguous other_insats 9"),
    (title(FINAL, "2026-04-15", outcome=ENDED), [A, OTHER], {"named": "9"}, "ambiguous other_insats 9"),
    (title(NEW, "2026-04-15"), [A, SAME_DAY], {"named": "1 2"}, "ambiguous several 1 2"),
    (title(NEW, "2026-04-15"), [A, B], {"named": "1 2"}, "matched row 1 k 1"),
    # the sender's rows come first, others' count too
    (title(NEW, "2026-04-15"), [A, SAME_DAY], {"own": "2"}, "matched row 2 k 1"),
    (title(NEW, "2026-04-15"), [A, SAME_DAY], {"own": ""}, "ambiguous several 1 2"),
    (title(NEW, "2026-04-15"), [A], {"own": ""}, "matched row 1 k 1"),
    (title(NEW, "2026-04-15"), [A, B], {"own": "2"}, "matched row 1 k 1"),
    (title(NEW, "2026-04-16"), [A, row("2026-01-16", "E-2", id=2)], {"own": "1"}, "matched row 1 k 1"),
])  # fmt: skip
def test_which_row(one: Title, rows: list[Row], more: dict[str, str], expected: str) -> None:
    """By case or person, by the sender, or none."""
    assert said(met(one, *rows, today="2026-05-04", **more)) == expected


@pytest.mark.parametrize("closing, reports, one, more, expected", [
    # executed or ended on or before its first mark
    ("executed 2026-04-15", (), title(NEW, "2026-04-15"), {}, "not_reportable row 1"),
    ("ended 2026-03-01", (), title(NEW, "2026-04-15"), {}, "not_reportable row 1"),
    ("ended 2026-03-01", (), title(NEW, "2026-05-05"), {"named": "1"}, "not_reportable row 1"),
    ("executed 2026-04-16", (), title(NEW, "2026-04-15"), {}, "matched row 1 k 1"),  # passed unreported
    ("executed 2026-04-16", (1,), title(NEW, "2026-04-15"), {}, "duplicate row 1 k 1"),
    ("executed 2026-08-01", (1,), title(FOLLOW_UP, "2026-07-15"), {}, "matched row 1 k 2"),
    ("executed 2026-07-15", (1,), title(FOLLOW_UP, "2026-07-15"), {"named": "1"}, "date_differs row 1 other_closing"),
])  # fmt: skip
def test_reports_for_closed_rows(closing: str, reports: tuple[int, ...], one: Title, more: dict[str, str], expected: str) -> None:
    """Not to be reported, or late."""
    assert said(met(one, row(closing=closed(closing), reports=told(*reports)), today="2026-09-01", **more)) == expected


def done(on: str, outcome: str = "executed", insats: str = "9§4") -> Title:
    return title(FINAL, on, insats, outcome=EXECUTED if outcome == "executed" else ENDED)


BREAK_OF_A = row("2026-02-10", id=3, sort=INTERRUPTION)
KEPT = row(reports=told(1))


@pytest.mark.parametrize("one, rows, more, expected", [
    (done("2026-05-04"), [KEPT], {}, "closed row 1 executed 2026-05-04 unreported None"),
    (done("2026-05-04", "ended"), [KEPT], {}, "closed row 1 ended 2026-05-04 unreported None"),
    (done("2026-05-04"), [A], {}, "closed row 1 executed 2026-05-04 unreported 1"),
    (done("2026-07-20"), [KEPT], {}, "closed row 1 executed 2026-07-20 unreported 2"),
    (done("2026-07-15"), [KEPT], {}, "closed row 1 executed 2026-07-15 unreported None"),
    (done("2026-07-20"), [row(silent_before="2026-07-18")], {}, "closed row 1 executed 2026-07-20 unreported None"),
    (done("2026-05-04"), [row(judgment=True)], {}, "closed row 1 executed 2026-05-04 unreported None"),
    # on or before the first mark
    (done("2026-04-15"), [A], {}, "not_reportable row 1 executed 2026-04-15"),
    (done("2026-01-15"), [A], {}, "not_reportable row 1 executed 2026-01-15"),
    (done("2026-04-16"), [A], {}, "closed row 1 executed 2026-04-16 unreported 1"),
    (done("2026-04-15"), [KEPT], {}, "not_reportable row 1 executed 2026-04-15"),  # a report that was kept since the summary day
    # impossible days
    (done("2026-01-14"), [A], {}, "date_differs row 1 before_start"),
    (done("2026-09-02"), [A], {}, "premature row 1 k 0"),
    (done("2026-09-01"), [KEPT], {}, "closed row 1 executed 2026-09-01 unreported 2"),
    # by case, sender, or as the only one
    (done("2026-05-04"), [KEPT, B], {"named": "2"}, "closed row 2 executed 2026-05-04 unreported 1"),
    (done("2026-05-04"), [KEPT, B], {"own": "2"}, "closed row 2 executed 2026-05-04 unreported 1"),
    (done("2026-05-04"), [KEPT], {"own": ""}, "closed row 1 executed 2026-05-04 unreported None"),
    (done("2026-05-04"), [KEPT, B], {}, "ambiguous several 1 2"),
    (done("2026-05-04"), [KEPT, B], {"own": ""}, "ambiguous several 1 2"),
    (done("2026-05-04", insats="9§9"), [KEPT], {}, "untracked"),
    (done("2026-05-04"), [], {}, "untracked"),
    # an open interruption goes before its decision
    (done("2026-05-20"), [KEPT, BREAK_OF_A], {}, "closed row 3 executed 2026-05-20 unreported 1"),
    (done("2026-05-20"), [KEPT, BREAK_OF_A], {"named": "1 3"}, "closed row 3 executed 2026-05-20 unreported 1"),
    (done("2026-05-20"), [KEPT, row("2026-02-10", id=3, sort=INTERRUPTION, closing=closed("executed 2026-03-01"))], {},
     "closed row 1 executed 2026-05-20 unreported None"),
    (done("2026-05-20"), [KEPT, row("2026-02-10", "E-2", id=3, sort=INTERRUPTION)], {}, "ambiguous several 1 3"),
    # a provisional row
    (done("2026-05-04"), [provisional("2026-04-15", start="2026-01-15")], {}, "closed row 1 executed 2026-05-04 unreported None"),
])  # fmt: skip
def test_final_reports(one: Title, rows: list[Row], more: dict[str, str], expected: str) -> None:
    """Which row is closed, with which mark unreported."""
    assert said(met(one, *rows, today="2026-09-01", **more)) == expected


SHUT = row(closing=closed("executed 2026-05-04"), reports=told(1, 0))
BY_REGISTER = row(closing=closed("executed 2026-05-04"), reports=told(1))


@pytest.mark.parametrize("one, rows, more, expected", [
    (done("2026-05-04"), [SHUT], {}, "duplicate row 1 k 0"),
    (done("2026-05-04"), [SHUT], {"named": "1"}, "duplicate row 1 k 0"),
    (done("2026-05-04"), [SHUT], {"own": ""}, "duplicate row 1 k 0"),
    (done("2026-05-05"), [SHUT], {"named": "1"}, "date_differs row 1 other_closing"),
    (done("2026-05-04", "ended"), [SHUT], {"named": "1"}, "date_differs row 1 other_closing"),
    (done("2026-05-05"), [SHUT], {}, "untracked"),
    # the register knew first
    (done("2026-05-04"), [BY_REGISTER], {}, "closed row 1 executed 2026-05-04 unreported None"),
    (done("2026-05-04"), [row(closing=closed("executed 2026-05-04"))], {}, "closed row 1 executed 2026-05-04 unreported 1"),
    (done("2026-05-06"), [BY_REGISTER], {"named": "1"}, "date_differs row 1 other_closing"),
    (done("2026-04-10"), [row(closing=closed("executed 2026-04-10"))], {}, "not_reportable row 1"),
    (done("2026-05-04"), [BY_REGISTER, B], {}, "closed row 1 executed 2026-05-04 unreported None"),
])  # fmt: skip
def test_final_reports_of_closed_rows(one: Title, rows: list[Row], more: dict[str, str], expected: str) -> None:
    """The same again is a duplicate; the register's closing is confirmed; another day or outcome differs."""
    assert said(met(one, *rows, today="2026-09-01", **more)) == expected


def test_a_repeated_final_report_closes_nothing_else() -> None:
    """The same report again, from the same sender, is not counted twice: not for the sender's next row of that insats either."""
    again = met(done("2026-05-04"), SHUT, B, today="2026-09-01")
    assert isinstance(again, Duplicate | Ambiguous), said(again)


@pytest.mark.parametrize("one, today, expected", [
    (title(NEW, "2026-04-15"), "2026-04-17", "duplicate row 1 k 1"),
    (title(FOLLOW_UP, "2026-07-15"), "2026-07-16", "matched row 1 k 2"),
    (title(NEW, "2026-07-15"), "2026-07-16", "kind_differs row 1 k 2 kind"),
    (title(FOLLOW_UP, "2026-07-15"), "2026-07-13", "premature row 1 k 2"),
    (title(FOLLOW_UP, "2026-10-15"), "2026-10-16", "matched row 1 k 3"),
    (title(FOLLOW_UP, "2026-05-05"), "2026-07-16", "ambiguous none 1"),
])  # fmt: skip
def test_provisional_rows(one: Title, today: str, expected: str) -> None:
    """Made by a report: its mark 1 is reported, its later marks are counted from it."""
    assert said(met(one, provisional("2026-04-15", start="2026-01-15"), today=today)) == expected


def test_a_title_without_a_date_does_not_meet() -> None:
    """Only readable reports meet the register."""
    with pytest.raises(ValueError, match="date"):
        met(title(NEW), A)

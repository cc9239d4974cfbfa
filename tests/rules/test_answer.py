"""Which right titles an answer gives, and when it is held back."""

from collections.abc import Callable

import pytest

from rules.answer import Limits, held, right_titles
from rules.asked import asked, must_be, next_unreported, title_at
from rules.model import Row, Title, Verdict
from rules.title import read, suggest
from tests.rules.made import (
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
    shown,
    title,
    told,
)

A = row()
NEW_1 = "IVO – Nyrapportering 2026-04-15, 9§4"
TODAY = "2026-04-20"


def right(text: str, *rows: Row, today: str = TODAY) -> list[str]:
    """The titles for one received title; with the row's id before, when they come from the register."""
    one = read(text, day(today))
    assert one.verdict is Verdict.REJECTED, one
    found = right_titles(one, rows, OFFICE, day(today), suggest)
    return [f"{found.row.id}: {t}" if found.row else t for t in found.titles]


@pytest.mark.parametrize("text, rows, expected", [
    # from the register, when exactly one open row fits
    ("IVO – Nyrapportering 9§4", [A], [f"1: {NEW_1}"]),
    ("IVO – Nyrapportering 2026-04-15", [A], [f"1: {NEW_1}"]),
    ("IVO – Nyrapportering", [A], [f"1: {NEW_1}"]),
    ("IVO – Nyrapportering 2026-04-16", [A], [f"1: {NEW_1}"]),  # the report day means the mark
    ("IVO – 2026-04-15, 9§4", [A], [f"1: {NEW_1}"]),
    ("IVO – Nyrapportering 9§4", [row(reports=told(1))], ["1: IVO – Återrapportering 2026-07-15, 9§4"]),
    ("IVO – Nyrapportering 9§4", [row(sort=INTERRUPTION)], ["1: IVO – Nyrapportering avbrott 2026-04-15, 9§4"]),
    ("IVO – Nyrapportering 9§4", [row(advance_ruling=True)], ["1: IVO – Nyrapportering 2026-04-15, Förhandsbesked, 9§4"]),
    ("IVO – Slutrapportering, verkställt 2026-04-17", [A], ["1: IVO – Slutrapportering, verkställt 2026-04-17, 9§4"]),
    ("IVO – Slutrapportering 2026-04-17, 9§4", [A],
     ["1: IVO – Slutrapportering, verkställt 2026-04-17, 9§4", "1: IVO – Slutrapportering, avslutat 2026-04-17, 9§4"]),
    # several fit, none fits, or the row is closed: gaps
    ("IVO – Nyrapportering 9§4", [A, row("2026-01-20", "E-2", id=2)], ["IVO – Nyrapportering ÅÅÅÅ-MM-DD, 9§4"]),
    ("IVO – Nyrapportering 2026-04-15", [A, row("2026-01-20", "E-2", id=2)], [f"1: {NEW_1}"]),
    ("IVO – Nyrapportering 9§4", [], ["IVO – Nyrapportering ÅÅÅÅ-MM-DD, 9§4"]),
    ("IVO – Nyrapportering 2026-04-15", [], ["IVO – Nyrapportering 2026-04-15, 9§__"]),
    ("IVO – Nyrapportering 9§9", [A], ["IVO – Nyrapportering ÅÅÅÅ-MM-DD, 9§9"]),
    ("IVO – Nyrapportering 2026-04-10", [A], ["IVO – Nyrapportering 2026-04-10, 9§__"]),
    ("IVO – Nyrapportering 9§4", [row(closing=closed("executed 2026-04-17"))], ["IVO – Nyrapportering ÅÅÅÅ-MM-DD, 9§4"]),
    ("IVO – Slutrapportering, verkställt 2026-01-10", [A], ["IVO – Slutrapportering, verkställt 2026-01-10, 9§__"]),
    ("IVO – Slutrapportering 9§4", [], [
        "IVO – Slutrapportering, verkställt ÅÅÅÅ-MM-DD, 9§4", "IVO – Slutrapportering, avslutat ÅÅÅÅ-MM-DD, 9§4"]),
])  # fmt: skip
def test_right_titles(text: str, rows: list[Row], expected: list[str]) -> None:
    """In full where it can be known, else with gaps; each possible one on its own."""
    assert right(text, *rows) == expected


@pytest.mark.parametrize("received, today, earliest", [
    ("IVO – Nyrapportering 9§4", "2026-04-01", "Tue 2026-04-14"),
    ("IVO – Nyrapportering 2026-04-15", "2026-04-01", "Tue 2026-04-14"),
    ("IVO – Nyrapportering 9§4", "2026-04-14", ""),
    ("IVO – Nyrapportering 2026-04-15", "2026-04-20", ""),
])  # fmt: skip
def test_the_day_from_which_it_may_be_sent(received: str, today: str, earliest: str) -> None:
    """A right title that would be premature tells when to send it, wherever the mark was known from."""
    found = right_titles(read(received, day(today)), [A], OFFICE, day(today), suggest)
    assert found.titles == (NEW_1,)
    assert (shown(found.earliest) if found.earliest else "") == earliest


def test_only_what_is_asked_for_is_suggested() -> None:
    """The register is not asked when two rows fit: the suggestion is made of the title alone."""
    seen: list[Title] = []
    watch: Callable[[Title], tuple[str, ...]] = lambda t: (seen.append(t), ("gap",))[1]  # type: ignore[func-returns-value]  # noqa: E731
    one = title(NEW, verdict=Verdict.REJECTED)
    assert right_titles(one, [A], OFFICE, day(TODAY), watch).row is A
    assert seen == []
    assert right_titles(one, [A, row(id=2)], OFFICE, day(TODAY), watch).titles == ("gap",)
    assert seen == [one]


LIMITS = Limits(per_sender_a_day=10, per_hour=100)


@pytest.mark.parametrize("today, last_hour, why", [
    ([], 0, ""), (["b"], 0, ""), (["a"], 0, "repeated"), (["b", "a", "c"], 0, "repeated"),
    (list("bcdefghij"), 0, ""), (list("bcdefghijk"), 0, "sender"), (list("bcdefghijkl"), 0, "sender"),
    ([], 99, ""), ([], 100, "brake"), (["a"], 100, "repeated"),
])  # fmt: skip
def test_limits(today: list[str], last_hour: int, why: str) -> None:
    """One answer to one question a day, ten to one sender, and a brake on all together."""
    assert held("a", today, last_hour, LIMITS) == why


@pytest.mark.parametrize("one, today, expected", [
    (A, "2026-03-01", f"{NEW_1} from 2026-04-14"),
    (A, "2026-04-14", NEW_1),
    (A, "2026-04-16", NEW_1),
    (A, "2026-07-16", "IVO – Nyrapportering 2026-07-15, 9§4"),
    (row(reports=told(1)), "2026-04-16", "IVO – Återrapportering 2026-07-15, 9§4 from 2026-07-14"),
    (row(reports=told(1)), "2026-07-20", "IVO – Återrapportering 2026-07-15, 9§4"),
    (row(reports=told(2)), "2026-07-20", "IVO – Återrapportering 2026-04-15, 9§4"),
    (row(silent_before="2026-05-01"), "2026-05-04", "IVO – Återrapportering 2026-07-15, 9§4 from 2026-07-14"),
    (row(closing=closed("executed 2026-05-04"), reports=told(1)), "2026-05-05", "IVO – Slutrapportering, verkställt 2026-05-04, 9§4"),
    (row(closing=closed("ended 2026-05-04"), reports=told(1)), "2026-05-05", "IVO – Slutrapportering, avslutat 2026-05-04, 9§4"),
    (provisional("2026-04-15", start="2026-01-15"), "2026-07-16", "IVO – Återrapportering 2026-07-15, 9§4"),
    (row("2025-11-30"), "2026-02-27", "IVO – Nyrapportering 2026-02-28, 9§4"),
])  # fmt: skip
def test_what_a_row_asks_for(one: Row, today: str, expected: str) -> None:
    """The latest passed mark without a report, else the next; a closed row its final report."""
    found = asked(one, OFFICE, day(today))
    assert found.title + (f" from {found.earliest}" if found.earliest else "") == expected


@pytest.mark.parametrize("one, k, expected", [
    (A, 1, NEW), (A, 3, NEW), (row(reports=told(1)), 2, FOLLOW_UP), (row(reports=told(2)), 1, FOLLOW_UP),
    (row(reports=told(1)), 1, NEW), (row(silent_before="2026-05-01"), 2, None),
    (row(silent_before="2026-05-01", reports=told(2)), 3, FOLLOW_UP),
    (row(reports=told(0)), 2, NEW),
])  # fmt: skip
def test_kind_that_a_mark_asks_for(one: Row, k: int, expected: object) -> None:
    """New until something is reported, then follow-ups; None where nobody here can know."""
    assert must_be(one, k) == expected


def test_reported_marks_to_come_are_passed_over() -> None:
    """A report that was kept since the summary day leaves the next mark to ask for."""
    assert next_unreported(row(reports=told(1)), day("2026-04-14")) == 2
    assert next_unreported(A, day("2026-04-15")) == 1
    assert title_at(row(reports=told(1)), 2) == "IVO – Återrapportering 2026-07-15, 9§4"
    final = title(FINAL, "2026-04-17", verdict=Verdict.REJECTED, outcome=EXECUTED)
    assert right_titles(final, [A], OFFICE, day(TODAY), suggest).titles == ("IVO – Slutrapportering, verkställt 2026-04-17, 9§4",)

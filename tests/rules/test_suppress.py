"""Suppression: what must be hidden is, what the law demands is shown, and nothing that is hidden can be worked out."""

import random
from collections.abc import Sequence
from datetime import date

import pytest

from rules.model import Outcome, Sort
from rules.report import QuarterReport, Reader
from rules.report.build import as_past, build, compared
from rules.report.given import Given, OngoingGiven
from rules.report.taken import Taken, hidden_cells
from rules.stats import Counted
from rules.suppress import TABLES
from rules.window import Quarter
from tests.rules.attack import ongoing_worked_out, shown, town, worked_out

FIRST = Quarter(2023, 2)
QUARTERS = (FIRST, FIRST.next, FIRST.next.next, FIRST.next.next.next)


def taken(counted: Sequence[Counted], quarter: Quarter, former: Sequence[Taken] = (), ongoing: Sequence[OngoingGiven] = ()) -> Taken:
    """A quarter after the ones that were frozen before it."""
    hidden = hidden_cells(counted, former, 5)
    found = Taken(quarter, quarter.next.first, "", 5, tuple(counted), (), (), Given(tuple(ongoing)), (), hidden)
    past = [as_past(build(one, Reader.FULLMAKTIGE, {})) for one in former]
    return Taken(quarter, quarter.next.first, "", 5, tuple(counted), (), (), Given(tuple(ongoing)), compared(found, past, ()), hidden)


def published(seed: int) -> list[QuarterReport]:
    """One to four quarters of a random town, as they were published one after the other; the last one is the one that is attacked."""
    quarters = QUARTERS[: 1 + seed % 4]
    kept: list[Taken] = []
    for counted, quarter in zip(town(seed, quarters), quarters, strict=True):
        kept.append(taken(counted, quarter, kept, ongoing(seed, counted)))
    return [build(one, Reader.FULLMAKTIGE, {}) for one in kept]


def ongoing(seed: int, counted: Sequence[Counted]) -> list[OngoingGiven]:
    """Ongoing totals, small and large ones, never fewer than the open decisions of that sex."""
    rng = random.Random(seed)
    found = []
    for insats in sorted({one.insats for one in counted}):
        more = [rng.choice([0, rng.randint(0, 6), rng.randint(0, 300)]) for _ in range(2)]
        waiting = [one for one in counted if one.insats == insats and one.outcome is None and one.sex]
        men = sum(one.sex in ("man", "boy") for one in waiting)
        found.append(OngoingGiven(insats, men + more[0], len(waiting) - men + more[1]))
    return found


def attack(seeds: range) -> None:
    """Nothing hidden is worked out, nor any small count shown, in any of these towns."""
    for seed in seeds:
        reports = published(seed)
        for name in TABLES:
            assert worked_out(reports, name) == [], (seed, name)
            for report in reports:
                small = {cell: n for cell, n in shown(report, name).items() if n and n < 5 and cell[1] not in ("unknown", "whole")}
                assert small == {}, (seed, name)
        assert ongoing_worked_out(reports[-1]) == [], seed


def test_nothing_hidden_can_be_worked_out() -> None:
    """Linear programming over the table, its totals, the waits and the quarters before, in sixty random towns."""
    attack(range(60))


@pytest.mark.slow
@pytest.mark.timeout(900)
@pytest.mark.parametrize("part", range(4))
def test_nothing_hidden_can_be_worked_out_in_a_thousand_towns(part: int) -> None:
    attack(range(60 + 250 * part, 60 + 250 * (part + 1)))


def lot(insats: str, start: int = 1, **sexes: int) -> list[Counted]:
    """Open rows of one insats: so many of each sex, each from a day of its own."""
    words = [sex for sex, n in sexes.items() for _ in range(n)]
    return [Counted(insats, Sort.DECISION, date.fromordinal(738000 + start * 60 + n), sex=sex) for n, sex in enumerate(words)]


def sexes(found: Taken) -> dict[str, tuple[int | None, int | None]]:
    """Men and women of each insats, and of all ("")."""
    report = build(found, Reader.FULLMAKTIGE, {})
    return {row.insats: (row.sexes.men, row.sexes.women) for row in (*report.rows, report.total)}


@pytest.mark.parametrize(
    "rows, expected",
    [
        ([lot("9§3", man=5, woman=5)], {"9§3": (5, 5), "": (5, 5)}),
        ([lot("9§3", man=4, woman=5)], {"9§3": (None, None), "": (None, None)}),
        ([lot("9§3", man=7)], {"9§3": (None, None), "": (None, None)}),  # all alike: it would say it of each
        ([lot("9§3", man=7, woman=8), lot("9§4", 2, man=2, woman=1)], {"9§3": (None, None), "9§4": (None, None), "": (9, 9)}),
        (
            [lot("9§3", man=7, woman=8), lot("9§4", 2, man=2, woman=1), lot("9§5", 3, man=1, woman=3)],
            {"9§3": (7, 8), "9§4": (None, None), "9§5": (None, None), "": (10, 12)},
        ),
        (  # two hidden rows with men only would give each other away
            [lot("9§3", man=7, woman=8), lot("9§4", 2, man=2), lot("9§5", 3, man=3)],
            {"9§3": (None, None), "9§4": (None, None), "9§5": (None, None), "": (12, 8)},
        ),
    ],
)
def test_rows_and_what_would_reveal_them(rows: list[list[Counted]], expected: dict[str, tuple[int | None, int | None]]) -> None:
    assert sexes(taken([one for row in rows for one in row], FIRST)) == expected


def test_a_row_that_the_quarter_before_would_reveal() -> None:
    """The same people as last quarter: what was hidden then stays hidden, though it could be shown by itself now."""
    before = [*lot("9§3", man=6, woman=6), *lot("9§4", 2, man=2, woman=2), *lot("9§5", 3, man=20, woman=20)]
    first = taken(before, FIRST)
    assert sexes(first) == {"9§3": (None, None), "9§4": (None, None), "9§5": (20, 20), "": (28, 28)}
    second = taken([one for one in before if one.insats != "9§4"], FIRST.next, [first])
    assert sexes(second)["9§3"] == (None, None)


def test_what_the_law_demands_is_always_shown() -> None:
    """Number, kind and time since each decision, and interruptions apart; executed and ended besides."""
    rows = [*lot("9§4", man=1), Counted("9§4", Sort.INTERRUPTION, date(2023, 1, 2), sex="woman")]
    rows.append(Counted("9§4", Sort.DECISION, date(2022, 1, 2), Outcome.EXECUTED, date(2023, 5, 2), "woman"))
    report = build(taken(rows, FIRST), Reader.FULLMAKTIGE, {})
    row = report.rows[0]
    assert (row.open, row.interruptions_open, row.executed, row.ended, row.reported) == (2, 1, 1, 0, 3)
    assert (len(row.waits.days), row.waits_interruptions.days) == (1, (179,))
    assert (row.sexes.men, row.ages.adults, row.partly) == (None, None, None)
    assert report.decisions == report.exposures == report.faults == () and report.quality is None
    assert any(note.startswith("..") for note in report.notes)


def test_the_threshold_is_a_setting() -> None:
    rows = lot("9§3", man=3, woman=3)
    assert "sexes" not in {cell.table for cell in hidden_cells(rows, (), 3)}
    assert {cell.table for cell in hidden_cells(rows, (), 4)} >= {"sexes"}


def test_internal_and_revisorer() -> None:
    """The board sees all; revisorerna the causes too, since they read the reason of each decision."""
    rows = [Counted("9§4", Sort.DECISION, date(2022, 1, 2), sex="woman", cause="declined", row=1)]
    found = taken(rows, FIRST)
    internal, revisorer = (build(found, reader, {}).rows[0] for reader in (Reader.INTERNAL, Reader.REVISORER))
    assert (internal.sexes.women, internal.causes.declined, internal.partly) == (1, 1, 0)
    assert (revisorer.sexes.women, revisorer.causes.declined, revisorer.partly) == (None, 1, None)
    one = build(found, Reader.REVISORER, {}).decisions[0]
    assert (one.case, one.row, one.sex, one.start, one.cause) == ("", 0, "", None, "den enskilde har tackat nej")


def test_ongoing_totals() -> None:
    """A small one is hidden with another; the share goes with them, also where few are open."""
    rows = [*lot("9§3", man=8, woman=9), *lot("9§4", 2, man=6, woman=7), *lot("9§5", 3, man=1, woman=1)]
    given = [OngoingGiven("9§3", 300, 200), OngoingGiven("9§4", 90, 3), OngoingGiven("9§5", 50, 60), OngoingGiven("9§6", 70, 80)]
    report = build(taken(rows, FIRST, (), given), Reader.FULLMAKTIGE, {})
    told = {row.insats: (row.ongoing.men, row.ongoing.women, row.ongoing.total, row.ongoing.share) for row in report.rows}
    nothing = (None, None, None, None)
    assert told == {"9§3": (300, 200, 500, 34), "9§4": nothing, "9§5": nothing, "9§6": (70, 80, 150, 0)}
    assert report.total.ongoing.total == 853

"""The quarterly report from its figures: waits, texts, exposure to the fee, comparison, changes, quality."""

from datetime import date

import pytest

from bot.samples.quarters import sample
from rules.model import Flaw, Outcome, Sort
from rules.quality import DEFINITIONS, Noted, common_flaws, quality
from rules.report import Flaws, Past, QualityLine, QuarterReport, Reader
from rules.report.build import compared, references
from rules.report.changes import changes
from rules.report.detail import exposures
from rules.report.given import Given
from rules.report.taken import Taken
from rules.report.words import waits
from rules.stats import Counted, figures_of
from rules.window import Quarter
from tests.mails.test_words import FORBIDDEN
from tests.rules.made import OFFICE, closed, day, row, told

QUARTER = Quarter(2025, 4)


@pytest.mark.parametrize(
    "days, median, longest, bands",
    [
        ((), None, None, [0, 0, 0, 0, 0]),
        ((182,), 182, 182, [1, 0, 0, 0, 0]),
        ((400, 183), 292, 400, [0, 1, 1, 0, 0]),  # 291,5
        ((95, 364, 365, 730, 1095), 365, 1095, [1, 1, 1, 1, 1]),
    ],
)
def test_waits(days: tuple[int, ...], median: int | None, longest: int | None, bands: list[int]) -> None:
    found = waits(days)
    assert (found.median, found.longest, [band.count for band in found.bands]) == (median, longest, bands)
    assert found.days == tuple(sorted(days))


@pytest.mark.parametrize(
    "said, expected",
    [
        ({"start": "2025-06-30"}, (10_000, 1_000_000, "2025-06-30", "2027-06-30", 546)),
        (
            {"start": "2025-08-01", "sort": Sort.INTERRUPTION, "decision_date": day("2020-01-02")},
            (10_000, 1_000_000, "2025-08-01", "2027-08-01", 578),
        ),
        (
            {"start": "2024-02-29", "judgment": True, "judgment_final": day("2024-04-30")},
            (10_000, 1_000_000, "2024-04-30", "2026-04-30", 120),
        ),
        ({"start": "2024-02-29", "judgment": True}, (10_000, 1_000_000, None, None, None)),
    ],
)
def test_exposure(said: dict[str, object], expected: tuple[object, ...]) -> None:
    """The range by the decision date's law; two years from the decision, the interruption or the judgment that became final."""
    (found,) = exposures([row(**said)], QUARTER)  # type: ignore[arg-type]
    days = [str(one) if one else None for one in (found.counted_from, found.last_day)]
    assert (found.lowest, found.highest, *days, found.days_left) == expected


def test_exposure_of_a_decision_of_2026() -> None:
    """The higher range holds for decisions from 2026 on only."""
    rows = [
        row("2026-01-01", "N", id=2),
        row("2025-12-31", "O", id=1),
        row("2026-04-01", "later", id=3),
        row("2025-01-01", "C", id=4, closing=closed("executed 2026-02-01")),
    ]
    assert [(one.case, one.lowest) for one in exposures(rows, Quarter(2026, 2))] == [("O", 10_000), ("N", 15_000)]


def test_references_are_those_of_the_day() -> None:
    refs = [one.ref for one in references(date(2025, 6, 30), Reader.INTERNAL)]
    assert "16 kap. 6 f–6 h §§ SoL (2001:453)" in refs
    assert "34 kap. 1–4 §§ SoL (2025:400)" in [one.ref for one in references(date(2025, 7, 1), Reader.INTERNAL)]
    assert [one.ref for one in references(date(2025, 7, 1), Reader.FULLMAKTIGE)] == ["28 h § LSS (1993:387)"]


def everything_said(report: QuarterReport) -> list[str]:
    return [
        report.title,
        *report.summary,
        *report.notes,
        *(paragraph for text in report.texts for paragraph in text.paragraphs),
        *(fault.text for fault in report.faults),
        *(change.text for change in report.changes),
        *(one.text for one in DEFINITIONS),
    ]


@pytest.mark.parametrize("reader", list(Reader))
def test_texts_never_allow_waiting(reader: Reader) -> None:
    """No text of a report reads as if three months were an allowed waiting time; and the law's word stands there."""
    said = everything_said(sample(reader, frozen=True))
    assert [(word, text) for word in FORBIDDEN for text in said if word in text.lower()] == []
    assert any("utan dröjsmål" in text for text in said)


def test_who_sees_what() -> None:
    """Cases and exact starts internally only; the list per decision not for fullmäktige."""
    public, revisorer, internal = (sample(reader) for reader in Reader)
    assert public.decisions == () and public.faults == public.exposures == () and public.quality is None
    assert {(one.case, one.unit, one.sex, one.start, one.row) for one in revisorer.decisions} == {("", "", "", None, 0)}
    assert {one.closed_on is not None for one in revisorer.decisions if one.outcome is Outcome.EXECUTED} == {True}
    assert {one.closed_on for one in revisorer.decisions if one.outcome is not Outcome.EXECUTED} == {None}
    assert internal.decisions and all(one.case and one.start for one in internal.decisions)
    assert "Fiktiv 12" in {one.case for one in internal.decisions} and "E-7" not in {one.case for one in internal.decisions}
    assert internal.quality and internal.exposures and internal.faults
    for report in (public, revisorer, internal):
        assert report.total.reported == report.total.open + report.total.executed + report.total.ended
        assert len(report.total.waits.days) + report.total.interruptions_open == report.total.open


def test_a_text_says_what_its_row_says() -> None:
    text = next(one for one in sample().texts if one.insats == "9§3")
    row_ = next(one for one in sample().rows if one.insats == "9§3")
    assert text.heading == "9 § 3 Ledsagarservice"
    assert f"var {row_.open} beslut om ledsagarservice ej verkställda, {row_.interruptions_open} av dem avbrott" in text.paragraphs[0]
    assert "män" not in " ".join(text.paragraphs)  # hidden in the row, so not told in the text


def test_comparison() -> None:
    """Four quarters back, oldest first; what the program kept goes before what the input file says."""
    given = [Past(Quarter(2025, 3), "input", 1), Past(Quarter(2024, 4), "input", 2), Past(Quarter(2024, 3), "input", 3)]
    empty = Taken(QUARTER, date(2026, 1, 2), "", 5, (), (), (), Given(), (), ())
    found = compared(empty, [Past(Quarter(2025, 3), "frozen", 9)], given)
    assert [(str(one.quarter), one.source, one.open) for one in found] == [("2024Q4", "input", 2), ("2025Q3", "frozen", 9)]


def counted(number: int, start: str = "2025-05-05", outcome: str = "", insats: str = "9§4") -> Counted:
    what, _, on = outcome.partition(" ")
    return Counted(insats, Sort.DECISION, day(start), Outcome(what) if what else None, day(on) if on else None, row=number)


def test_changes() -> None:
    """Each figure that differs; the board's own version says why; a pruned row is no change."""
    frozen = [counted(1), counted(2), counted(3), counted(4, insats="9§10")]
    now = [counted(1, outcome="executed 2025-11-01"), counted(2, start="2025-05-06")]
    rows = {1: row(case="E-1")}
    public = changes(frozen, now, {4}, QUARTER, Reader.FULLMAKTIGE, rows)
    assert [(one.insats, one.figure, one.frozen, one.now) for one in public] == [
        ("9§4", "open", 3, 1), ("9§4", "executed", 0, 1), ("9§4", "reported", 3, 2),
        ("", "open", 4, 2), ("", "executed", 0, 1), ("", "reported", 4, 3),
    ]  # fmt: skip
    assert public[0].text == "9 § 4 Kontaktperson, ej verkställda: 3 när kvartalet frystes, nu 1."
    internal = changes(frozen, now, {4}, QUARTER, Reader.INTERNAL, rows)
    assert "Ärende E-1: var ej verkställt, nu verkställt 2025-11-01." in internal[0].text
    assert "datumet är rättat från 2025-05-05 till 2025-05-06" in internal[0].text and "Ett beslut: räknas inte längre." in internal[0].text
    assert changes(frozen, frozen, (), QUARTER, Reader.INTERNAL, rows) == ()
    moved = changes(frozen[:1], [counted(1, start="2025-04-05")], (), QUARTER, Reader.FULLMAKTIGE, {})
    assert [one.figure for one in moved] == ["waits", "waits"]


def test_figures_tell_what_is_unknown() -> None:
    """A sex that the register does not tell is in neither count."""
    total = figures_of([Counted("9§4", Sort.DECISION, day("2025-05-05"), sex=sex) for sex in ("man", "girl", "")], QUARTER).total
    assert (total.open, total.open_men, total.open_women, total.children, total.adults) == (3, 1, 1, 1, 1)


@pytest.mark.parametrize(
    "reports, today, expected",
    [
        (told(1), "2026-06-30", "on_time"),  # a report for mark 1 on 2026-01-01, before its day
        ((), "2026-06-14", "waiting"),
        ((), "2026-06-15", "missing"),  # the next follow-up day, five months after the start
        (None, "2026-04-15", ""),  # the report day has not come
    ],
)
def test_how_a_mark_was_reported(reports: tuple, today: str, expected: str) -> None:  # type: ignore[type-arg]
    """Mark 2026-04-15, report day 2026-04-16, next follow-up day 2026-06-15."""
    one = row("2026-01-15", reports=reports or ())
    found = quality(Noted([one], [], {}, {1: ("officer", "anna")}), Quarter(2026, 2), OFFICE, day(today))
    assert found.lines[0] == QualityLine("all", "Alla", int(bool(expected)), **({expected: 1} if expected else {}))
    assert [line.name for line in found.lines[1:]] == (["anna"] if expected else [])


def test_marks_that_count_nowhere() -> None:
    """Taken as reported, closed by the mark, or a judgment."""
    rows = [
        row("2026-01-15", id=1, silent_before="2026-05-01"),
        row("2026-01-15", id=2, closing=closed("executed 2026-04-15")),
        row("2026-01-15", id=3, judgment=True),
    ]
    found = quality(Noted(rows, [], {}, dict.fromkeys((1, 2, 3), ("officer", "anna"))), Quarter(2026, 2), OFFICE, day("2026-06-30"))
    assert found.lines == (QualityLine("all", "Alla"),)


def test_common_flaws() -> None:
    """Which flaws how often, the commonest first."""
    found = common_flaws([(Flaw.MISSING_DATE, Flaw.EXTRA_INFORMATION), (Flaw.MISSING_DATE,), ()])
    assert found == (Flaws(Flaw.MISSING_DATE, 2), Flaws(Flaw.EXTRA_INFORMATION, 1))

"""The year wheel and the line of a case: the days in them, and what is drawn of them."""

import re
from dataclasses import replace
from datetime import date
from itertools import pairwise
from pathlib import Path

import pytest

from bot.cli.pictures import of_case, of_year
from bot.cli.register import take_file
from bot.errors import BotError, ConfigError
from bot.report.timeline import timeline_page, timeline_svg
from bot.report.wheel import wheel_page, wheel_svg
from rules.model import ClosedBy, Closing, Entry, Kind, Outcome, Report, Row, Sort
from rules.plan import Planner
from rules.routine import packaged
from rules.wheel import MARK, Happening, case_line, year_wheel
from rules.workday import Workdays
from tests.report.reading import Page
from tests.report.test_access import audit

PLANNER = Planner(packaged("ivo-lss"), Workdays(()))
TODAY = date(2026, 4, 14)
ENTRY = Entry("K-1", "9§10", Sort.DECISION, date(2025, 11, 30))


def row(entry: Entry = ENTRY, **more: object) -> Row:
    return Row(1, entry, date(2025, 12, 1), date(2025, 12, 1), **more)  # type: ignore[arg-type]


def test_wheel_of_one_decision() -> None:
    """Marks from 30 November: 28 February, 30 May, 30 August, 30 November. IVO's windows as they lie in the year."""
    wheel = year_wheel([row()], PLANNER, 2026, TODAY)
    assert [one.day.isoformat() for one in wheel.days if one.kind == MARK] == ["2026-02-28", "2026-05-30", "2026-08-30", "2026-11-30"]
    assert [(one.first.isoformat(), one.last.isoformat()) for one in wheel.windows] == [
        ("2026-01-01", "2026-01-31"), ("2026-04-01", "2026-04-30"), ("2026-07-01", "2026-08-31"), ("2026-10-01", "2026-10-31"),
    ]  # fmt: skip
    assert {one.kind for one in wheel.days} == {MARK, *PLANNER.milestones}
    assert wheel.rows == 1 and wheel.today == TODAY
    assert year_wheel([row()], PLANNER, 2027, TODAY).today is None


def test_wheel_leaves_out_closed_rows_and_judgments() -> None:
    closed = row(closing=Closing(Outcome.ENDED, date(2026, 1, 2), ClosedBy.REGISTER))
    judged = row(replace(ENTRY, judgment=True))
    wheel = year_wheel([closed, judged], PLANNER, 2026, TODAY)
    assert wheel.rows == 0 and wheel.days == ()
    audit(Page(wheel_page(wheel, {})))


def test_wheel_page_shows_every_count() -> None:
    wheel = year_wheel([row(), row(), row(replace(ENTRY, start=date(2025, 9, 24)))], PLANNER, 2026, TODAY)
    page = Page(wheel_page(wheel, {"two_months": "påminnelse om kontakter"}))
    audit(page)
    (rows,) = page.tables().values()
    assert rows[0][:4] == ["Månad", "IVO tar emot rapporter", "Tremånadersdagar", "Påminnelse om kontakter"]
    assert rows[2][2] == "2" and rows[3][2] == "1"
    assert rows[-1][2] == str(sum(one.count for one in wheel.days if one.kind == MARK)) == "12"
    assert [row[1] for row in rows[1:13]].count("–") == 7
    assert "februari 2" in page.all("desc")[0][2]


def test_case_line() -> None:
    """Two months is the follow-up day, three the mark; a mark on the day of closing is none."""
    closing = Closing(Outcome.EXECUTED, date(2026, 5, 30), ClosedBy.LETTER)
    line = case_line(row(closing=closing, reports=(Report(1, Kind.NEW, date(2026, 3, 2)),)), TODAY, date(2026, 12, 1))
    assert [(one.day.isoformat(), one.what, one.k) for one in line.days] == [
        ("2025-11-30", Happening.START, 0),
        ("2026-01-30", Happening.FOLLOW_UP, 1),
        ("2026-02-28", Happening.MARK, 1),
        ("2026-03-02", Happening.REPORTED, 1),
        ("2026-04-14", Happening.TODAY, 0),
        ("2026-04-30", Happening.FOLLOW_UP, 2),
        ("2026-05-30", Happening.EXECUTED, 0),
    ]
    assert line.days[-1].days == 181


def test_an_open_line_goes_on_to_the_last_day() -> None:
    line = case_line(row(), TODAY, date(2026, 9, 1))
    assert line.days[-1].day == date(2026, 8, 30) and line.days[-1].months == 9
    assert not {Happening.EXECUTED, Happening.ENDED} & {one.what for one in line.days}


@pytest.mark.parametrize("sort", Sort)
def test_timeline_page(sort: Sort) -> None:
    hostile = replace(ENTRY, case='<b onload="x">&', sort=sort, partly_from=date(2026, 1, 5))
    line = case_line(row(hostile), TODAY, date(2026, 12, 1))
    html = timeline_page([line, case_line(row(), TODAY, date(2027, 12, 1))])
    audit(Page(html))
    assert "<b onload" not in html
    assert ("Avbrottet börjar" in html) is (sort is Sort.INTERRUPTION)


def test_a_protected_person_is_shown_by_alias_only() -> None:
    html = timeline_page([case_line(row(replace(ENTRY, protected=True, alias="A-7")), TODAY, TODAY)])
    assert "A-7" in html and "K-1" not in html


def test_labels_never_overlap() -> None:
    """A decision that has waited for twelve years: each label keeps a line of its own."""
    line = case_line(row(replace(ENTRY, start=date(2014, 1, 31))), TODAY, date(2026, 12, 1))
    heights = sorted({float(y) for y in re.findall(r'<text x="[0-9.]+" y="([0-9.]+)"', timeline_svg(line, "l"))})
    assert len(heights) == len(line.days) and min(b - a for a, b in pairwise(heights)) >= 20


def test_pictures_are_drawn_within_their_frame() -> None:
    svg = wheel_svg(year_wheel([row()], PLANNER, 2026, TODAY))
    width, height = map(float, re.findall(r'viewBox="0 0 (\d+) (\d+)"', svg)[0])
    for x, y in re.findall(r'<text x="([0-9.]+)" y="([0-9.]+)"', svg):
        assert 0 < float(x) < width and 0 < float(y) < height
    assert svg == wheel_svg(year_wheel([row()], PLANNER, 2026, TODAY))


def test_command(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Pictures of a register that was imported: a page to read, an SVG file alone, and what cannot be drawn."""
    config, now = tmp_path / "config.toml", "2026-04-14T08:00"
    config.write_text((Path(__file__).parents[2] / "config.example.toml").read_text("utf-8"), "utf-8")
    (tmp_path / "r.csv").write_text(
        "Ärende;Insats;Beslutsdatum;Datum för avbrott\nK-1;9§10;2025-11-30;\nK-1;9§4;2025-01-10;2025-12-05\n", "utf-8"
    )
    take_file(config, tmp_path / "r.csv", dry_run=False, force=False, sheet=None, quarter="", as_json=False, now=now)
    of_year(config, "2026", tmp_path / "w.svg", now)
    assert (tmp_path / "w.svg").read_text("utf-8").startswith("<svg ") and (tmp_path / "w.svg").stat().st_mode & 0o777 == 0o600
    of_case(config, "K-1", tmp_path / "c.html", now)
    page = Page((tmp_path / "c.html").read_text("utf-8"))
    audit(page)
    assert [text for _, _, text in page.all("h2")] == [
        "9 § 10 Daglig verksamhet, beslut 2025-11-30",
        "9 § 4 Kontaktperson, avbrott från 2025-12-05",
    ]
    capsys.readouterr()
    of_case(config, "K-1", None, now)
    assert "Tidslinje för K-1" in capsys.readouterr().out
    with pytest.raises(BotError, match="2 rows"):
        of_case(config, "K-1", tmp_path / "c.svg", now)
    with pytest.raises(BotError, match="No row"):
        of_case(config, "finns-inte", None, now)
    with pytest.raises(ConfigError, match="2026"):
        of_year(config, "26", None, now)

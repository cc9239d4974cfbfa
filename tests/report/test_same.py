"""All four formats show the values, the same ones, and nothing but these."""

import re
from dataclasses import replace
from datetime import date
from io import BytesIO

import pytest

from bot.report import FORMS, content
from bot.report.outline import outline
from bot.report.parts import Cell, Gap, Shape, Table, WaitList
from bot.report.show import shown, waits_rows, waits_table
from bot.report.workbook_rows import defused
from rules.report import QuarterReport, Reader
from rules.report.build import as_past
from tests.report import sample
from tests.report.reading import Page, docx_tables, known_numbers, made, numbers, xlsx_tables

pytestmark = pytest.mark.slow

REPORTS = {
    "fullmaktige": sample.report(Reader.FULLMAKTIGE),
    "revisorer": sample.report(Reader.REVISORER),
    "internal": sample.report(),
    "small": sample.small(),
    "empty": sample.empty(),
    "suppressed": sample.suppressed(),
    "hostile": sample.hostile(),
}
every = pytest.mark.parametrize("report", REPORTS.values(), ids=REPORTS)


def tables(report: QuarterReport) -> list[Table]:
    return [
        waits_table(part) if isinstance(part, WaitList) else part for part in outline(report).parts if isinstance(part, Table | WaitList)
    ]


def texts(table: Table) -> list[list[str]]:
    """A table as text, the header first."""
    shapes = [column.shape for column in table.columns]
    return [[column.label for column in table.columns]] + [[shown(c, s) for c, s in zip(row, shapes, strict=True)] for row in table.rows]


@every
def test_html_shows_each_table(report: QuarterReport) -> None:
    page = Page(made(report, "html").decode("utf-8"))
    assert page.tables() == {table.caption: texts(table) for table in tables(report)}


@every
def test_docx_shows_each_table(report: QuarterReport) -> None:
    assert docx_tables(made(report, "docx")) == [texts(table) for table in tables(report)]


@every
def test_xlsx_holds_each_table_as_numbers_and_dates(report: QuarterReport) -> None:
    """Figures are numbers and days are dates; a gap is text; nothing can be a formula."""
    found = xlsx_tables(made(report, "xlsx"))

    def held(value: Cell, shape: Shape) -> object:
        if isinstance(value, Gap):
            return value.value
        if isinstance(value, int):
            return value / 1000 if shape is Shape.SHARE else value
        return value if isinstance(value, date) else defused(value) or None

    expected = [
        waits_rows(part) if isinstance(part, WaitList) else part for part in outline(report).parts if isinstance(part, Table | WaitList)
    ]
    assert list(found) == [table.sheet for table in expected]
    for table in expected:
        head, *rows = found[table.sheet]
        assert head == [column.label for column in table.columns]
        shapes = [column.shape for column in table.columns]
        assert rows[: len(table.rows)] == [[held(c, s) for c, s in zip(row, shapes, strict=True)] for row in table.rows]
        hidden = any(value is Gap.HIDDEN for row in table.rows for value in row)
        assert len(rows) == len(table.rows) + (2 if hidden else 0)


@every
def test_no_number_is_invented(report: QuarterReport) -> None:
    """What html and docx show stands in the values; of the present quarter's comparison, in the same measure of the values."""
    from docx import Document

    known = known_numbers(report) | known_numbers(as_past(report))
    known |= {part for table in tables(report) for row in table.rows for cell in row if isinstance(cell, int) for part in (cell,)}
    page = Page(made(report, "html").decode("utf-8"))
    words = [text for _, _, text in page.all("p", "li", "dd", "h1", "h2", "h3", "td", "desc")]
    document = Document(BytesIO(made(report, "docx")))
    words += [paragraph.text for paragraph in document.paragraphs]
    many = {n for part in outline(report).parts if isinstance(part, WaitList) for _, days in part.lines for n in range(1, len(days) + 1)}
    shown_numbers = {n for text in words for n in numbers(text)}
    assert shown_numbers <= known | many | {9, 3, 1}, shown_numbers - known


def test_tables_hold_the_values() -> None:
    """The outline against the values themselves, figure by figure."""
    report = REPORTS["internal"]
    by_key = {table.key: table for table in tables(report)}
    for row, cells in zip((*report.rows, report.total), by_key["insatser"].rows, strict=True):
        assert cells == (row.name, row.open, row.interruptions_open, row.executed, row.ended, row.reported)
    for row, cells in zip((*report.rows, report.total), by_key["kon"].rows, strict=True):
        assert cells == (row.name, row.sexes.men, row.sexes.women, row.ages.children, row.ages.adults)
    for row, cells in zip((*report.rows, report.total), by_key["orsaker"].rows, strict=True):
        causes = row.causes
        assert cells == (row.name, causes.no_housing, causes.no_staff, causes.declined, causes.other)
    waiting = [row for row in report.rows if row.waits.days]
    for row, cells in zip((*waiting, report.total), by_key["vantetid-beslut-tabell"].rows, strict=True):
        assert cells == (row.name, *(band.count for band in row.waits.bands), row.waits.median, row.waits.longest)
    assert len(by_key["beslut-tabell"].rows) == len(report.decisions)
    assert [cells[1] for cells in by_key["beslut-tabell"].rows] == [one.case for one in report.decisions]
    assert [cells[5:7] for cells in by_key["avgift-tabell"].rows] == [(one.lowest, one.highest) for one in report.exposures]
    assert report.quality
    assert by_key["kvalitet-tabell"].rows[0][2:] == (21, 14, 3, 2, 2, 6, 5, 1)


@pytest.mark.parametrize("form", ["html", "docx"])
def test_hidden_figures_show_two_full_stops(form: str) -> None:
    report = REPORTS["suppressed"]
    written = made(report, form)
    found = list(Page(written.decode("utf-8")).tables().values()) if form == "html" else docx_tables(written)
    people = next(rows for rows in found if "Män och pojkar" in rows[0] and rows[0][0] == "Insats")
    assert all(cell == ".." for row in people[1:] for cell in row[1:])


def test_readers_differ_by_their_values_only() -> None:
    """The same values give the same parts, whoever reads; only the reader's name and the columns of the list per decision differ."""
    report = REPORTS["fullmaktige"]
    same = [replace(report, reader=reader) for reader in Reader]
    assert len({tuple(tables(one)) for one in same}) == 1
    html = made(report, "html").decode("utf-8")
    assert "LSS-2025" not in html and "Särskild avgift" not in html and "Hur rapporteringen" not in html
    assert "LSS-2025" not in made(REPORTS["revisorer"], "html").decode("utf-8")


@pytest.mark.slow
@pytest.mark.parametrize("form", FORMS)
def test_same_report_same_bytes(form: str) -> None:
    report = sample.report(Reader.REVISORER)
    assert content(report, form) == content(report, form)


@pytest.mark.parametrize("reader", Reader)
def test_no_english(reader: Reader) -> None:
    """Neither a library's words nor ours."""
    report = sample.report(reader)
    html = made(report, "html").decode("utf-8")
    text = " ".join(
        words for _, _, words in Page(html).all("p", "li", "th", "td", "dt", "dd", "h1", "h2", "h3", "caption", "figcaption", "desc")
    )
    assert not re.search(r"\b(the|of|table|total|page|figure|open|closed|decision|quarter|unknown|none)\b", text, re.I)

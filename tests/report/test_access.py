"""Accessibility of HTML and PDF, Word's structure, and a workbook's set-up. Sources: WCAG 2.1 AA; PDF/UA-1."""

import re
from io import BytesIO
from itertools import pairwise

import pytest

from bot.report.wheel import wheel_page
from rules.report import QuarterReport, Reader
from rules.wheel import YearWheel
from tests.mails.test_html import contrast
from tests.report import sample
from tests.report.reading import Page, made, xml_of
from tests.report.test_same import every

FULL, HOSTILE = sample.report(), sample.hostile()


@pytest.fixture(scope="module")
def docx() -> bytes:
    return made(FULL, "docx")


def audit(page: Page) -> None:
    """What a page must have, whatever it shows."""
    assert not page.wrong and not page.open
    (html,) = page.all("html")
    assert html[1]["lang"] == "sv"
    assert page.all("title")[0][2].strip()
    levels = [int(tag[1]) for tag, _, _ in page.all("h1", "h2", "h3", "h4")]
    assert levels[0] == 1 and levels.count(1) == 1
    assert all(later <= earlier + 1 for earlier, later in pairwise(levels))
    assert all(text.strip() for _, _, text in page.all("h1", "h2", "h3", "figcaption", "caption", "th"))
    for _, attributes, _ in page.all("th"):
        assert attributes["scope"] in ("col", "row")
    assert len(page.all("table")) == len(page.all("caption"))
    ids = [attributes["id"] for _, attributes, _, _ in page.elements if "id" in attributes]
    assert len(ids) == len(set(ids))
    for tag, attributes, _, around in page.elements:
        for name in ("aria-labelledby", "href"):
            if (value := attributes.get(name)) and (name != "href" or value.startswith("#")):
                assert set(value.replace("#", "").split()) <= set(ids), (tag, value)
        if tag == "svg":
            assert attributes["role"] == "img" and attributes["aria-labelledby"]
        if tag in ("table", "svg"):
            assert "div" in around, "it scrolls in a box of its own"
        if attributes.get("class") == "scroll":
            assert attributes["tabindex"] == "0" and attributes["role"] == "region"
            assert attributes.get("aria-labelledby") or attributes.get("aria-label")
    assert not page.all("img", "script", "link", "iframe")
    assert "main" in {tag for tag, *_ in page.elements}


@every
def test_html(report: QuarterReport) -> None:
    html = made(report, "html").decode("utf-8")
    audit(Page(html))
    assert html.startswith("<!DOCTYPE html>") or html.strip().startswith("<!DOCTYPE html>")
    fetched = re.sub(
        r'xmlns(?::xlink)?="[^"]*"|rdf:about="[^"]*"', "", re.sub(r"<(p|li|td|th|h\d|dd|desc|title|meta)\b[^>]*>[^<]*", "", html)
    )
    assert not re.search(r"url\(\s*['\"]?https?:|src=|@import", fetched)


def test_colours_of_the_page_have_contrast() -> None:
    """Each colour of text on each ground: 4.5 (1.4.3). Lines and the signs of charts: 3 (1.4.11)."""
    css = made(FULL, "html").decode("utf-8")
    colours = dict(re.findall(r"--(\w+): (#[0-9a-f]{6})", css))
    for ink in ("ink", "soft", "blue"):
        for ground in ("paper", "pale"):
            assert contrast(colours[ink], colours[ground]) >= 4.5
    used = set(re.findall(r"(?:color|background|fill): (#[0-9a-f]{3,6})", css.split("</style>")[0])) - set(colours.values())
    assert not used
    from bot.report.drawing import DARK, LIGHT, LINE

    assert contrast(DARK, "#ffffff") >= 4.5 and contrast(LINE, LIGHT) >= 4.5
    assert contrast(DARK, LIGHT) >= 3, "the two kinds of bars differ in print without colour, too"


def test_pictures_tell_their_figures() -> None:
    page = Page(made(FULL, "html").decode("utf-8"))
    told = [text for _, _, text in page.all("desc")]
    assert len(told) == 3
    assert "9 § 4 Kontaktperson: 27, varav avbrott 6" in told[0]
    assert "beslut" in told[1] and "avbrott" in told[1]
    assert "okänt" in told[2], "a quarter that is not known is said to be"


def test_wheel_page() -> None:
    audit(Page(wheel_page(YearWheel(2026, (), (), (), 0), {})))


def test_docx_structure(docx: bytes) -> None:
    from docx import Document

    read = Document(BytesIO(docx))
    headings = [p.style.name for p in read.paragraphs if p.style and p.style.name.startswith(("Title", "Heading"))]
    assert headings[0] == "Title" and headings.count("Title") == 1
    levels = [0 if name == "Title" else int(name[-1]) for name in headings]
    assert all(later <= earlier + 1 for earlier, later in pairwise(levels))
    assert read.core_properties.language == "sv-SE" and read.core_properties.author == FULL.board
    assert read.core_properties.title == FULL.title and read.core_properties.comments == ""
    assert str(read.core_properties.modified)[:10] == FULL.day.isoformat()
    assert set(re.findall(r'w:lang [^>]*w:val="([^"]*)"', xml_of(docx, "word/styles.xml"))) == {"sv-SE"}
    body = xml_of(docx, "word/document.xml")
    assert body.count("<w:tblHeader/>") == len(read.tables) == body.count("<w:tblCaption ")
    assert [len(re.findall(r'descr="[^"]{40,}"', picture)) for picture in re.findall(r"<wp:docPr[^>]*>", body)] == [1, 1, 1]
    assert re.findall(r'w:orient="(\w+)"', body).count("landscape") == 1


def test_xlsx_set_up() -> None:
    from openpyxl import load_workbook

    book = load_workbook(BytesIO(made(FULL, "xlsx")))
    for sheet in book.worksheets:
        assert (
            sheet.page_setup.orientation == "landscape"
            and sheet.page_setup.fitToWidth == 1
            and sheet.sheet_properties.pageSetUpPr.fitToPage
        )
    for sheet in book.worksheets[1:]:
        assert sheet.freeze_panes == "B3" and sheet.print_title_rows == "$2:$2"
        assert all(sheet.column_dimensions[cell.column_letter].width >= 8 for cell in sheet[2])
    assert book.properties.title == FULL.title and book.properties.modified.date() == FULL.day
    days = book["Beslut för beslut"]
    assert days["F3"].is_date and days["F3"].value.date() == FULL.decisions[0].start and days["G3"].data_type == "n"
    assert book["Delvis och pågående"]["F3"].number_format == "0.0%"


def test_no_cell_is_a_formula() -> None:
    from openpyxl import load_workbook

    book = load_workbook(BytesIO(made(HOSTILE, "xlsx")))
    texts = [cell.value for sheet in book for row in sheet.iter_rows() for cell in row if isinstance(cell.value, str)]
    assert not [text for text in texts if text[:1] in tuple("=+-@\t\r")]
    assert '\'=HYPERLINK("http://example.invalid","x")' in texts and "– En punkt i en lista" in texts
    assert 't="f"' not in "".join(xml_of(made(HOSTILE, "xlsx"), f"xl/worksheets/sheet{n}.xml") for n in range(1, 5))


@pytest.mark.parametrize("reader", Reader)
def test_pdf_is_tagged_and_says_its_language(reader: Reader) -> None:
    """typst itself refuses what breaks PDF/UA-1 in a way that it can see: missing alternative texts, title, headings out of order."""
    written = made(sample.report(reader), "pdf")
    assert written.startswith(b"%PDF-")
    assert b"/Marked true" in written and b"/Lang" in written and b"sv-SE" in written and b"pdfuaid:part" in written


def test_pdf_takes_hostile_texts_as_texts() -> None:
    """Nothing that looks like markup is read as such: it would stop the making, or draw over the page."""
    assert made(HOSTILE, "pdf").startswith(b"%PDF-")

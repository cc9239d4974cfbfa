"""The files: their names, rights and wholeness, what is told when a library lacks, and how long a huge report takes."""

import os
import subprocess
import sys
import time
from dataclasses import replace
from pathlib import Path

import pytest

from bot.report import FORMS, ReportError, content, file_name, write
from bot.report.clean import clean, paragraphs
from bot.report.show import ROWS, cut, number, waits_text
from bot.report.workbook_rows import defused
from rules.report import Reader
from tests.report import sample
from tests.report.reading import Page, xlsx_tables, xml_of


@pytest.mark.parametrize("form", FORMS)
def test_write(form: str, tmp_path: Path) -> None:
    """The name holds quarter and reader only; the file is its owner's, and nothing else is left beside it."""
    report = replace(sample.small(), title="../../etc/x", board="../y")
    path = write(report, form, tmp_path / "new")
    assert path == tmp_path / "new" / f"ej-verkstallda-beslut-2025Q4-fullmaktige.{form}"
    assert path.stat().st_mode & 0o777 == 0o600
    assert os.listdir(path.parent) == [path.name]
    assert write(report, form, tmp_path / "new").read_bytes() == content(report, form)


def test_names_of_the_readers() -> None:
    assert [file_name(sample.report(reader), "pdf").split("-")[-1] for reader in Reader] == [
        "fullmaktige.pdf",
        "revisorer.pdf",
        "internal.pdf",
    ]


def test_a_folder_that_cannot_be_written_is_told(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("x")
    with pytest.raises(ReportError, match="cannot be written"):
        write(sample.empty(), "html", tmp_path / "file")
    with pytest.raises(ReportError, match="no format 'odt'"):
        content(sample.empty(), "odt")


@pytest.mark.parametrize(("form", "library"), [("docx", "docx"), ("xlsx", "openpyxl"), ("pdf", "typst"), ("html", "matplotlib")])
def test_a_missing_library_is_told_in_one_sentence(form: str, library: str) -> None:
    code = (
        f"import sys; sys.modules['{library}'] = None\n"
        "from bot.report import ReportError, content\nfrom tests.report.sample import small\n"
        f"try: content(small(), '{form}')\nexcept ReportError as error: print(error)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False, cwd=Path(__file__).parents[2])
    assert "pip install 'ivobot[report]'" in done.stdout, done.stderr


def test_importing_the_package_loads_no_heavy_library() -> None:
    code = "import sys, bot.report, bot.report.wheel, bot.report.timeline; print([m for m in ('matplotlib', 'docx', 'openpyxl', 'typst') if m in sys.modules])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


@pytest.mark.parametrize(
    ("received", "kept"),
    [
        ("  två   ord\t och\nen rad ", "två ord och en rad"),
        ("a\x00b\x1bc\u202ed\ufeff\ud800e", "abcde"),
        ("12\u00a0345 kr", "12\u00a0345 kr"),
        ("", ""),
    ],
)
def test_clean(received: str, kept: str) -> None:
    assert clean(received) == kept


def test_small_helpers() -> None:
    assert paragraphs("ett\r\n\n två \n") == ("ett", "två")
    assert number(1_234_567) == "1\u00a0234\u00a0567" and number(-3) == "−3"
    assert waits_text((91, 91, 120)) == "91 (2\u00a0st), 120"
    assert [defused(text) for text in ("=1", "+1", "-1", "@a", "- a", "a=1", "–")] == ["'=1", "'+1", "'-1", "'@a", "– a", "a=1", "–"]


@pytest.mark.slow
def test_a_long_list_is_cut_and_the_workbook_has_all() -> None:
    report = sample.huge(5000)
    page = Page(content(report, "html").decode("utf-8"))
    (caption,) = [text for _, _, text in page.all("caption") if text.startswith("Varje beslut")]
    assert "Här visas de 1\u00a0000 första av 5\u00a0000 rader. Alla rader finns i rapportens Excel-fil." in caption
    assert len(page.tables()[caption]) == ROWS + 1
    tables = xml_of(content(report, "docx"), "word/document.xml").split("<w:tbl>")
    assert max(table.count("<w:tr>") for table in tables) == ROWS + 1
    assert len(xlsx_tables(content(report, "xlsx"))["Beslut för beslut"]) == 5001


def test_a_total_is_never_cut_off() -> None:
    from bot.report.parts import Column, Table

    table = Table("k", "s", "c", (Column("a"),), tuple((n,) for n in range(ROWS + 5)), total=True)
    rows, told = cut(table)
    assert len(rows) == ROWS and rows[-1] == (ROWS + 4,) and told


@pytest.mark.slow
def test_a_hundred_thousand_decisions(tmp_path: Path) -> None:
    """All formats in a bounded time: the documents by what they show, the workbook by its rows."""
    report = sample.huge()
    start = time.process_time()
    for form in FORMS:
        write(report, form, tmp_path)
    assert time.process_time() - start < 60

"""What fuzzing found in the reader of register files, kept: files that ended the process, and characters that no cell should bring in."""

import io
import re
import subprocess
import sys
import zipfile
from datetime import date
from pathlib import Path

import pytest

from bot.errors import RegisterError
from bot.register import xlsxsize
from bot.register.reader import RegisterFile, read
from tests.bot.tiny_xlsx import sheet as worksheet
from tests.bot.tiny_xlsx import workbook

ROWS = [["Ärende", "Insats", "Beslutsdatum"], ["F-1", "9§4", "2026-01-15"]]

FAR = {  # rows that are put in after the last one, as they stand in the file
    "a row of 32 bits": '<row r="4294967295"><c><v>1</v></c></row>',
    "a row before the first": '<row r="0"><c><v>1</v></c></row>',
    "a cell after the last column": '<row r="3"><c r="XFD3"><v>1</v></c><c><v>1</v></c></row><row r="400000"><c><v>1</v></c></row>',
    "single quotes": "<row r='1048576'><c r='XFD3'><v>1</v></c><c><v>1</v></c></row>",
    "a cell of another row": '<row r="300000"><c r="XFC3"><v>1</v></c><c><v>1</v></c></row>',
    "small letters": '<row r="3"><c r="xfd1048576"><v>1</v></c></row>',
    "small and large letters": '<row r="3"><c r="xFd1048576"><v>1</v></c></row>',
    "eight figures": '<row r="3"><c r="A99999999"><v>1</v></c></row>',
    "ten figures": '<row r="3"><c r="A4294967295"><v>1</v></c></row>',
    "four letters": '<row r="3"><c r="ZZZZ1000000"><v>1</v></c></row>',
    "leading noughts": '<row r="3"><c r="A0000000001048576"><v>1</v></c><c r="XFD3"><v>1</v></c></row>',
    "an attribute before with an angle": '<row r="3"><c s=">" r="XFD1048576"><v>1</v></c></row>',
    "two places": '<row r="3"><c r="A3" r="XFD1048576"><v>1</v></c></row>',
    "a place far behind the tag's beginning": f'<row r="3"><c s="{"1" * 5000}" r="XFD1048576"><v>1</v></c></row>',
    "a prefix": '<row r="3"><x:c xmlns:x="x" r="XFD1048576"><v>1</v></x:c></row>',
    "a strange prefix": '<row r="3"><é-b:c xmlns:é-b="x" r="XFD1048576"><v>1</v></é-b:c></row>',
    "white space of other kinds": '<row r="3"><c\n\t r\n=\n"XFD1048576"><v>1</v></c></row>',
    "a reference": '<row r="3"><c r="&#88;FD1048576"><v>1</v></c></row>',
    "a tag of six megabytes": f'<row r="3"><c s="{" " * 6_000_000}" r="XFD1048576"><v>1</v></c></row>',
}


def book(more: str, sheet: str = "xl/worksheets/sheet1.xml", **others: bytes) -> bytes:
    """A workbook with some text put in after its last row; `sheet`: what the sheet's part is called."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(workbook({"A": worksheet(ROWS)}))) as source, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as target:
        for name in source.namelist():
            content = source.read(name)
            if name == "xl/worksheets/sheet1.xml":
                target.writestr(sheet, content.replace(b"</sheetData>", more.encode() + b"</sheetData>"))
            else:
                target.writestr(name, content.replace(b"worksheets/sheet1.xml", sheet.removeprefix("xl/").encode()))
        for name, content in others.items():
            target.writestr(name.replace("__", ".").replace("_", "/"), content)
    return out.getvalue()


def _read(raw: bytes) -> RegisterFile:
    return read(raw, today=date(2026, 4, 15), hash_person=str)


@pytest.fixture
def apart(tmp_path: Path):
    """Reads a file in a process of its own, since what is tested may end it."""

    def run(raw: bytes) -> str:
        (tmp_path / "register.xlsx").write_bytes(raw)
        code = (
            "import sys, datetime; from bot.register.reader import read; from bot.errors import RegisterError\n"
            f"try: print(len(read({str(tmp_path / 'register.xlsx')!r}, today=datetime.date(2026, 4, 15), hash_person=str).entries))\n"
            "except RegisterError as error: print(error)"
        )
        done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False, cwd=Path(__file__).parents[2])
        assert done.returncode == 0, done.stderr[:300]
        return done.stdout.strip()

    return run


def test_the_workbook_itself_is_read(apart) -> None:
    assert apart(book("")) == "1"


@pytest.mark.parametrize("name", FAR)
def test_values_far_out_are_refused(name: str, apart) -> None:
    """Each of these made calamine ask for hundreds of gigabytes, or nearly, which ends the process: nothing could catch it."""
    assert re.fullmatch("The Excel file (is damaged|has values far).*", apart(book(FAR[name])))


@pytest.mark.parametrize("sheet", ["xl/other/sheet1.xml", "xl/media/image1.png", "xl/worksheets/sheet1.bin", "xl/vbaProject.bin"])
def test_a_sheet_is_measured_whatever_it_is_called(sheet: str, apart) -> None:
    """The workbook says which part is a sheet; no name is trusted."""
    assert apart(book("", sheet)) == "1"
    assert "far" in apart(book(FAR["small letters"], sheet))


@pytest.mark.parametrize("name", ["content__xml", "xl_workbook__bin"])
def test_a_workbook_of_two_kinds_is_refused(name: str) -> None:
    """Where the one is damaged, calamine reads the other, which nobody measured."""
    with pytest.raises(RegisterError, match="no Excel table"):
        _read(book("", **{name: b"<x/>"}))


def test_a_long_text_before_the_sheet_hides_nothing(apart) -> None:
    """The measure looks at pieces of a part; what begins in one and ends in the next is seen."""
    for size in (1_048_500, 4_194_200, 4_194_290, 4_194_304, 5_000_000):
        raw = io.BytesIO()
        with zipfile.ZipFile(io.BytesIO(book(FAR["small letters"]))) as source, zipfile.ZipFile(raw, "w") as target:
            for name in source.namelist():
                content = source.read(name)
                if "sheet1" in name:
                    place = content.index(b"<sheetData")
                    content = content[:place] + b"x" * size + content[place:]
                target.writestr(name, content)
        assert "The Excel file" in apart(raw.getvalue())


@pytest.mark.parametrize(
    "rows, entries",
    [
        ('<row><c t="str"><v>F-2</v></c><c t="str"><v>9§4</v></c><c t="str"><v>2026-01-15</v></c></row>', 2),  # no places at all
        ("<row r='3'><c r='A3' t='str'><v>F-2</v></c><c r='B3' t='str'><v>9§4</v></c><c r='C3' t='str'><v>2026-01-15</v></c></row>", 2),
        ('<row r="3"><c s="1" r="XFD3"/></row><row r="1048576"><c r="A1048576" s="2"/></row>', 1),  # colours chosen far out
        ('<row r="3"><c x="1" r="XFD3"/></row><row r="1048576"><c x="1" r="A1048576"></c></row>', 1),
    ],
)
def test_other_ways_to_write_a_sheet_are_read(rows: str, entries: int, apart) -> None:
    assert apart(book(rows)) == str(entries)


def test_a_declaration_is_refused(apart) -> None:
    """What a document type declares is read in one way by the one and in another way by the other."""
    odd = book("<row r='3'><c r='A3'><v>1</v></c></row>")
    raw = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(odd)) as source, zipfile.ZipFile(raw, "w") as target:
        for name in source.namelist():
            content = source.read(name)
            if "sheet1" in name:
                content = re.sub(rb"^(<\?xml[^>]*\?>)?", rb"\1<!DOCTYPE x [<!ENTITY a 'b'>]>", content, count=1)
            target.writestr(name, content)
    assert "damaged" in apart(raw.getvalue())


@pytest.mark.parametrize("sign", [*map(chr, range(32)), "\x7f", "\x85", "\x9f", "\u2028"])
def test_no_control_character_comes_in(sign: str) -> None:
    """A case that began with one was stored, and stood so in mails and lists."""
    if sign in '\r\n"':
        return
    raw = f"Ärende;Insats;Beslutsdatum;Handläggare\nF{sign}1{sign};9§4;2026-01-15;anna@kommun.example\n"
    if sign == "\0":
        raw = " " * 5000 + "\n" + raw  # further on than where UTF-16 is looked for
    found = _read(raw.encode())
    assert [entry.case for _, entry in found.entries] == ["F 1"]


@pytest.mark.parametrize("value", ["1E999", "-1e999", "nan", "9e99", "1e308", "-1", "0"])
@pytest.mark.parametrize("column", "ABC")
def test_a_number_that_is_none(value: str, column: str) -> None:
    """Infinity, no number, and those that are too large for a date: the row is refused or read, the program goes on."""
    text = re.sub(rf'<c r="{column}2".*?</c>', f'<c r="{column}2"><v>{value}</v></c>', worksheet(ROWS))
    assert f"<v>{value}</v>" in text
    found = _read(workbook({"A": text}))
    assert len(found.entries) + len({fault.row for fault in found.errors}) == 1 or not found.entries


def test_the_bounds_are_those_of_the_reader() -> None:
    assert xlsxsize.MOST_ROWS * xlsxsize.MOST_COLUMNS > xlsxsize.MOST_CELLS

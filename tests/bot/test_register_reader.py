"""Every register file in tests/data/registers gives the result that stands beside it."""

import csv
import dataclasses
import io
import json
import subprocess
import sys
import time
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.errors import ConfigError, RegisterError
from bot.register.reader import RegisterFile, read
from rules.model import Entry
from rules.window import Quarter
from tests.bot import register_files
from tests.bot.tiny_xlsx import sheet, workbook

TODAY = date(2026, 6, 30)
FILES = sorted(path for path in register_files.FOLDER.iterdir() if path.suffix != ".json")
UNSAID = {each.name: each.default for each in dataclasses.fields(Entry) if each.default is not dataclasses.MISSING}


def hashed(number: str) -> str:
    """Stands for the keyed hash."""
    return "#"


def load(source: Any, **more: Any) -> RegisterFile:
    """Reads with the tests' day and hash."""
    return read(source, today=TODAY, hash_person=hashed, **more)


def shown(entry: Entry) -> dict[str, Any]:
    """What an entry says, without what it leaves unsaid, as JSON has it."""
    said = {name: value for name, value in dataclasses.asdict(entry).items() if name not in UNSAID or value != UNSAID[name]}
    return {name: value.isoformat() if isinstance(value, date) else value for name, value in said.items()}


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_file(path: Path) -> None:
    """Entries with their row numbers, errors, warnings and ignored columns; or the refusal."""
    expected = json.loads(path.with_name(path.name + ".json").read_text("utf-8"))
    if "refused" in expected:
        with pytest.raises(RegisterError, match=expected["refused"]) as caught:
            load(path)
        assert str(caught.value).endswith(".")
        return
    found = load(path)
    assert [[row, shown(entry)] for row, entry in found.entries] == expected["entries"]
    assert [[fault.row, fault.column] for fault in found.errors] == expected["errors"]
    assert sorted([notice.row, notice.code] for notice in found.warnings) == sorted(expected["warnings"])
    assert list(found.ignored) == expected["ignored"]
    assert found == load(path.read_bytes())


def test_files_are_those_of_the_script() -> None:
    """Nobody changes a file or a result by hand."""
    made = {name: (data, result) for name, data, result in register_files.files()}
    assert sorted(made) == [path.name for path in FILES]
    for path in FILES:
        assert path.read_bytes() == made[path.name][0] or path.suffix in (".xlsx", ".xlsm"), path.name  # zlib packs as it likes
        assert json.loads(path.with_name(path.name + ".json").read_text("utf-8")) == json.loads(json.dumps(made[path.name][1])), path.name
    assert len(FILES) >= 40


def test_ordinary_files_cost_no_heavy_import() -> None:
    """The package loads neither calamine nor pydantic nor the title grammar before a file needs them."""
    heavy = "('python_calamine', 'pydantic', 'rules.title', 'openpyxl')"
    code = f"import sys, bot.register.reader; print([name for name in sys.modules if name.startswith({heavy})])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=register_files.FOLDER.parents[2])
    assert done.stdout.strip() == "[]"


PUBLISHED = register_files.FOLDER.parents[3] / "shared" / "data" / "vasteras_2023q4.csv"


@pytest.mark.skipif(not PUBLISHED.exists(), reason="the published list is about real people and stays outside the repository")
def test_published_list() -> None:
    """The published list of the fourth quarter 2023 imports as it is, and its known faults are found."""
    found = load(PUBLISHED, quarter=Quarter.parse("2023Q4"))
    assert (len(found.entries), found.errors, found.ignored) == (88, (), ())
    case = {row: entry.case for row, entry in found.entries}
    expected = {
        ("13", "executed_before_mark"),
        ("2", "closed_before_quarter"),
        ("9", "closed_before_quarter"),
        ("41", "closed_before_quarter"),
    }
    assert {(case[notice.row], notice.code) for notice in found.warnings} == expected
    assert sum(entry.sort == "interruption" for _, entry in found.entries) == 56


@pytest.mark.parametrize(
    "said", ["191212121212", "19121212-1212", "19121212 1212", "121212+1212", "19121212–1212", "19121212-1212 ", "191212121212,0"]
)
def test_identity_number_is_hashed_in_one_form(said: str) -> None:
    """Whatever the spelling, the hash is made of the same twelve digits, and the number stands nowhere in the result."""
    seen: list[str] = []
    lines = f"Ärende;Insats;Beslutsdatum;Personnummer\nD-1;9§4;2026-01-15;{said}"
    found = read(lines.encode(), today=TODAY, hash_person=lambda number: str(seen.append(number)) and "hash")
    if said.endswith(",0"):
        assert (seen, [notice.code for notice in found.warnings]) == ([], ["unusable_identity_number"])
    else:
        assert seen == ["191212121212"]
        assert found.entries[0][1].person == "hash"
    assert "1212" not in repr(found).replace("2012-12-12", "")


def test_identity_number_as_a_number() -> None:
    """A workbook holds it as a number; one that was rounded is unusable."""
    rows = [
        ("Ärende", "Insats", "Beslutsdatum", "Personnummer"),
        ("1", "9§4", "2026-01-15", 191212121212),
        ("2", "9§4", "2026-01-15", 1.91e11),
    ]
    found = load(workbook({"Blad1": sheet(rows)}))
    assert [entry.person for _, entry in found.entries] == ["#", ""]
    assert [(notice.row, notice.code) for notice in found.warnings] == [(3, "unusable_identity_number")]


def test_own_columns() -> None:
    """A municipality's own headers go before the known ones, and a column can be shut out."""
    lines = "Vår ref;Ärende;Stöd;Start;Slutdatum\nA1;17;9§4;2026-01-15;2026-02-01"
    own = {"Vår ref": "Ärende", "Stöd": "insats", "start": "Beslutsdatum", "Slutdatum": ""}
    found = load(lines.encode(), columns=own)
    assert found.ignored == ("Ärende", "Slutdatum")
    assert shown(found.entries[0][1]) == {
        "case": "A1",
        "insats": "9§4",
        "sort": "decision",
        "start": "2026-01-15",
        "decision_date": "2026-01-15",
    }
    assert found.told == {"case", "insats", "decision_date"}
    with pytest.raises(ConfigError, match="Beslutsdag X"):
        load(lines.encode(), columns={"Start": "Beslutsdag X"})


def test_own_names_and_officers() -> None:
    """Further names of insatser are read; an officer without an address is told when the known ones are given."""
    lines = (
        "Ärende;Insats;Beslutsdatum;Handläggare\n1;Kompisstöd;2026-01-15;ANEK\n2;9§4;2026-01-15;Bo Li\n3;9§4;2026-01-15;c@kommun.example"
    )
    assert load(lines.encode()).errors[0].row == 2
    found = load(lines.encode(), names={"9§4": ["Kompisstöd"]}, officers=["anek"])
    assert [entry.insats for _, entry in found.entries] == ["9§4"] * 3
    assert [(notice.row, notice.code) for notice in found.warnings] == [(3, "officer_without_address")]


def test_named_sheet() -> None:
    """A named sheet is read, also when another has a better header; a wrong name lists those there are."""
    small = sheet((("Ärende", "Insats", "Beslutsdatum"), ("X-1", "9§4", "2026-01-15")))
    book = workbook({"Stor": sheet((register_files.HEAD, *register_files.ROWS)), "Liten": small})
    assert [load(book).sheet, load(book, sheet="Liten").sheet] == ["Stor", "Liten"]
    with pytest.raises(RegisterError, match="Stor, Liten"):
        load(book, sheet="Mellan")


def test_refused_rows_are_not_gone() -> None:
    """The case of a refused row is told, unless it is what may not be kept."""
    lines = "Ärende;Insats;Beslutsdatum\nD-1;9§4;snart\n19121212-1212;9§4;2026-01-15\n;9§4;2026-01-15"
    found = load(lines.encode())
    assert found.unread == {"D-1"}
    assert [(fault.row, fault.column) for fault in found.errors] == [(2, "Beslutsdatum"), (3, "Ärende"), (4, "Ärende")]


def test_unknown_path(tmp_path: Path) -> None:
    """A missing file, a folder and a file of two gigabytes are refused before anything is read."""
    for path, said in ((tmp_path / "saknas.csv", "no file"), (tmp_path, "folder")):
        with pytest.raises(RegisterError, match=said):
            load(path)
    huge = tmp_path / "huge.csv"
    with huge.open("wb") as file:
        file.truncate(2 * 2**30)  # a hole: takes no room
    with pytest.raises(RegisterError, match="larger than"):
        load(huge)


SECRET = "Hemlig Hemligsson 19121212-1212"


@pytest.mark.parametrize("field", range(len(register_files.HEAD)))
def test_errors_and_warnings_tell_no_cell(field: int) -> None:
    """What stands in a cell never stands in a reason."""
    row = list(register_files.ROWS[2])
    row[field] = SECRET
    found = load(register_files.text((register_files.HEAD, row)).encode())
    assert "emlig" not in repr((found.errors, found.warnings))
    assert "1212-1212" not in repr(found)


@settings(deadline=None)
@given(st.binary(max_size=300))
def test_any_bytes(data: bytes) -> None:
    """Whatever a file holds, it is read or refused with our own error."""
    for start in (b"", b"\xc3\x84rende;Insats;Beslutsdatum\r\n", b"PK\x03\x04", b"\xff\xfe", b"\xef\xbb\xbf"):
        try:
            load(start + data)
        except RegisterError as error:
            assert str(error).endswith(".")


@settings(deadline=None)
@given(
    st.lists(
        st.lists(
            st.text(alphabet=st.characters(blacklist_characters=';"\r\n\x00', blacklist_categories=["Cs"]), max_size=12),
            min_size=8,
            max_size=8,
        )
    )
)
def test_any_cells(rows: list[list[str]]) -> None:
    """Every row with content is an entry, an error or a warning: none is lost."""
    found = load(register_files.text((register_files.HEAD, *rows)).encode("utf-8"))
    told = {row for row, _ in found.entries} | {fault.row for fault in found.errors} | {notice.row for notice in found.warnings}
    filled = {number for number, cells in enumerate(rows, 2) if any(cell.strip() for cell in cells)}
    assert filled - told == set() or any("summa" in cell.casefold() for cells in rows for cell in cells)


@settings(deadline=None)
@given(st.dates(date(1994, 1, 1), date(2026, 6, 30)))
def test_days_in_csv_and_excel_agree(day: date) -> None:
    """A day is the same as text, as serial number and as a workbook's date."""
    rows = [("Ärende", "Insats", "Beslutsdatum")]
    serial = (day - date(1899, 12, 30)).days
    csv = register_files.text([*rows, ("1", "9§4", f"{day}"), ("2", "9§4", str(serial)), ("3", "9§4", f"{day.day}/{day.month} {day.year}")])
    book = workbook({"Blad1": sheet([*rows, ("1", "9§4", day), ("2", "9§4", serial), ("3", "9§4", int(f"{day:%Y%m%d}"))])})
    for source in (csv.encode(), book):
        assert [entry.start for _, entry in load(source).entries] == [day] * 3


@pytest.mark.slow
def test_hundred_thousand_rows() -> None:
    """A register of a hundred thousand rows is read within sixty times the time that the csv module takes alone."""
    lines = [";".join(register_files.HEAD)]
    lines += [
        f"D-{n};9 § 10 Daglig verksamhet;20{10 + n % 16}-0{1 + n % 9}-1{n % 10};;h{n % 300}@kommun.example;Man;;" for n in range(100_000)
    ]
    text = "\r\n".join(lines)
    began = time.perf_counter()
    assert sum(1 for _ in csv.reader(io.StringIO(text), delimiter=";")) == 100_001
    alone = time.perf_counter() - began
    began = time.perf_counter()
    assert len(load(text.encode()).entries) == 100_000
    assert time.perf_counter() - began < 60 * alone

"""The register files of the tests and what each must give. `python -m tests.bot.register_files` writes them to tests/data/registers.

The names of case systems say only that a file is shaped as such an export may be; none is taken from one.
"""

import io
import json
import zipfile
from collections.abc import Iterator
from datetime import date, datetime, time
from pathlib import Path
from typing import Any

from tests.bot.tiny_xlsx import Formula, sheet, workbook

FOLDER = Path(__file__).parents[1] / "data" / "registers"
Case = tuple[str, bytes, dict[str, Any]]

HEAD = ("Ärende", "Insats", "Beslutsdatum", "Datum för avbrott", "Handläggare", "Kön", "Verkställt", "Avslutat")
ROWS = (
    ("D-01", "9§4", "2026-01-15", "", "anna@kommun.example", "Kvinna", "", ""),
    ("D-02", "9§10", "2025-11-30", "", "Åsa Öberg", "Man", "2026-03-20", ""),
    ("D-03", "9§8", "2025-03-01", "2026-03-09", "cia@kommun.example", "Pojke", "", "2026-05-04"),
)
FIRST = {
    "case": "D-01",
    "insats": "9§4",
    "sort": "decision",
    "start": "2026-01-15",
    "decision_date": "2026-01-15",
    "officer": "anna@kommun.example",
    "sex": "woman",
}
SECOND = {
    "case": "D-02",
    "insats": "9§10",
    "sort": "decision",
    "start": "2025-11-30",
    "decision_date": "2025-11-30",
    "officer": "Åsa Öberg",
    "sex": "man",
}
SECOND |= {"executed": "2026-03-20"}
THIRD = {
    "case": "D-03",
    "insats": "9§8",
    "sort": "interruption",
    "start": "2026-03-09",
    "decision_date": "2025-03-01",
    "officer": "cia@kommun.example",
}
THIRD |= {"sex": "boy", "ended": "2026-05-04"}
BASE = (FIRST, SECOND, THIRD)


def want(*entries: tuple[int, dict[str, Any]], errors: Any = (), warnings: Any = (), ignored: Any = ()) -> dict[str, Any]:
    """The expected result: entries with their rows, errors as row and column, warnings as row and code, ignored headers."""
    return {"entries": list(entries), "errors": list(errors), "warnings": list(warnings), "ignored": list(ignored)}


def base(first: int = 2, **more: Any) -> dict[str, Any]:
    """The result of the three rows, the first of them standing in that row."""
    return want(*enumerate(BASE, first), **more)


def text(rows: Any, separator: str = ";", end: str = "\r\n") -> str:
    """Rows as CSV; a cell that holds the separator or a quotation mark is quoted."""

    def quoted(cell: str) -> str:
        return '"' + cell.replace('"', '""') + '"' if any(sign in cell for sign in (separator, '"', "\n")) else cell

    return "".join(separator.join(quoted(str(cell)) for cell in row) + end for row in rows)


def dated(spell: Any) -> tuple[tuple[Any, ...], ...]:
    """The three rows with every day spelled anew."""
    return tuple(tuple(spell(date.fromisoformat(cell)) if len(cell) == 10 and cell[4] == "-" else cell for cell in row) for row in ROWS)


MONTHS = ("januari", "februari", "mars", "april", "maj", "juni", "juli", "augusti", "september", "oktober", "november", "december")


def encodings() -> Iterator[Case]:
    """Every encoding with every separator."""
    for sign, name in ((";", "semicolon"), (",", "comma"), ("\t", "tab")):
        said = text((HEAD, *ROWS), sign)
        yield f"utf8_{name}.csv", said.encode(), base()
        yield f"utf8_bom_{name}.csv", said.encode("utf-8-sig"), base()
        yield f"cp1252_{name}.csv", said.encode("cp1252"), base()
        yield f"utf16_{name}.csv", said.encode("utf-16"), base()
    yield "utf16_big_endian.csv", b"\xfe\xff" + text((HEAD, *ROWS)).encode("utf-16-be"), base()
    yield "utf16_without_mark.csv", text((HEAD, *ROWS)).encode("utf-16-le"), base()
    yield "line_ends_unix.csv", text((HEAD, *ROWS), end="\n").encode(), base()
    yield "line_ends_old_mac.csv", text((HEAD, *ROWS), end="\r").encode(), base()


def dates() -> Iterator[Case]:
    """Every spelling of a day, in CSV and in XLSX."""
    spellings: dict[str, Any] = {
        "tight": lambda day: f"{day:%Y%m%d}",
        "slash": lambda day: f"{day:%Y/%m/%d}",
        "dot": lambda day: f"{day:%Y.%m.%d}",
        "no_zeros": lambda day: f"{day.year}-{day.month}-{day.day}",
        "named": lambda day: f"{day.day} {MONTHS[day.month - 1]} {day.year}",
        "named_den": lambda day: f"den {day.day} {MONTHS[day.month - 1][:3]} {day.year}",
        "slash_last": lambda day: f"{day.day}/{day.month} {day.year}",
        "dot_last": lambda day: f"{day.day}.{day.month}.{day.year}",
        "slash_short": lambda day: f"{day.day}/{day.month}-{day:%y}",
        "six": lambda day: f"{day:%y%m%d}",
        "short": lambda day: f"{day:%y-%m-%d}",
        "midnight": lambda day: f"{day} 00:00:00",
        "iso_time": lambda day: f"{day}T00:00:00.000",
        "serial": lambda day: str((day - date(1899, 12, 30)).days),
        "spaces": lambda day: f" {day}\u00a0",
    }
    for name, spell in spellings.items():
        yield f"date_{name}.csv", text((HEAD, *dated(spell))).encode(), base()
    yield "date_cells.xlsx", workbook({"Blad1": sheet((HEAD, *dated(lambda day: day)))}), base()
    yield "date_times.xlsx", workbook({"Blad1": sheet((HEAD, *dated(lambda day: datetime(day.year, day.month, day.day, 9, 30))))}), base()
    yield "date_serials.xlsx", workbook({"Blad1": sheet((HEAD, *dated(lambda day: (day - date(1899, 12, 30)).days)))}), base()
    yield "date_numbers.xlsx", workbook({"Blad1": sheet((HEAD, *dated(lambda day: int(f"{day:%Y%m%d}"))))}), base()
    yield "date_texts.xlsx", workbook({"Blad1": sheet((HEAD, *ROWS))}), base()
    bad = [
        ("D-1", "9§4", day, "", "", "", "", "")
        for day in ("2026-02-30", "januari 2026", "2026-04", "4/15/2026", "1993-12-31", "", "12-03-18", "9:10")
    ]
    yield "date_faults.csv", text((HEAD, *bad)).encode(), want(errors=[(row, "Beslutsdatum") for row in range(2, 10)])


def headers() -> Iterator[Case]:
    """Header rows of all kinds."""
    english = ("Case", "Support", "Decision date", "Interruption date", "Officer", "Sex", "Executed", "Ended")
    yield "header_english.csv", text((english, *ROWS), ",").encode(), base()
    shouted = tuple(name.upper() for name in HEAD)
    yield "header_upper.csv", text((shouted, *ROWS)).encode(), base()
    ascii_only = tuple(name.translate(str.maketrans("äöåÄÖÅ", "aoaAOA")) for name in HEAD)
    yield "header_ascii.csv", text((ascii_only, *ROWS)).encode(), base()
    yield "header_question_marks.csv", text((tuple(name.encode("ascii", "replace").decode() for name in HEAD), *ROWS)).encode(), base()
    yield "header_letters_gone.csv", text((tuple(name.encode("ascii", "ignore").decode() for name in HEAD), *ROWS)).encode(), base()
    yield "header_mojibake.csv", text((tuple(name.encode().decode("cp1252") for name in HEAD), *ROWS)).encode(), base()
    remarks = (
        "Ärende *",
        "Insats:",
        "Beslutsdatum (ÅÅÅÅ-MM-DD)",
        "Datum för\navbrott",
        " Handläggare ",
        "Kön [barn/vuxen]",
        "Verkställt?",
        "Avslutat.",
    )
    yield "header_remarks.csv", text((remarks, *ROWS)).encode(), base()
    turned = [tuple(reversed(row)) for row in (HEAD, *ROWS)]
    yield "header_any_order.csv", text(turned).encode(), base()
    titled = [
        ("Ej verkställda beslut LSS",),
        ("Utskrivet", "2026-06-30"),
        (),
        HEAD,
        (),
        ROWS[0],
        ("", "", ""),
        *ROWS[1:],
        (),
        ("Totalt: 3",),
    ]
    yield "titles_and_empty_rows.csv", text(titled).encode(), want((6, FIRST), (8, SECOND), (9, THIRD))
    padded = [(*row, "", "", "") for row in (HEAD, *ROWS)]
    yield "empty_columns_at_the_end.csv", text(padded).encode(), base()
    more = [("Noteringar", *HEAD, "Telefon"), *(("ringt två gånger; väntar", *row, "070-1740605") for row in ROWS)]
    yield "unknown_columns.csv", text(more).encode(), base(ignored=["Noteringar", "Telefon"])
    yield "sep_line.csv", ("sep=,\r\n" + text((HEAD, *ROWS), ",")).encode(), base(3)
    twice = [(*HEAD, "Löpnr"), *((*row, str(number)) for number, row in enumerate(ROWS, 1))]
    yield "case_before_serial.csv", text(twice).encode(), base(ignored=["Löpnr"])


def sheets() -> Iterator[Case]:
    """Workbooks as people keep them."""
    notes = sheet((("Anteckningar",), ("Ring Boendeteamet",)))
    first = {"Info": notes, "Beslut 2026": sheet((HEAD, *ROWS))}
    yield "second_sheet.xlsx", workbook(first), base()
    yield (
        "hidden_sheet.xlsx",
        workbook({"Gammalt": sheet((HEAD, ("D-99", "9§4", "2024-01-15"))), "Nytt": sheet((HEAD, *ROWS))}, hidden="Gammalt"),
        base(),
    )
    titled = [("Ej verkställda beslut enligt LSS, kvartal 2",), (), HEAD, *ROWS, (), ("Summa", 3)]
    yield "merged_title.xlsx", workbook({"Blad1": sheet(titled, merged=["A1:H1"])}), base(4)
    yield "starts_in_c5.xlsx", workbook({"Blad1": sheet((HEAD, *ROWS), top=5, left=2)}), base(6)
    yield "formulas.xlsx", workbook({"Blad1": sheet((HEAD, *(tuple(Formula(cell) for cell in row) for row in ROWS)))}), base()
    macros = {"xl/vbaProject.bin": b"\xd0\xcf\x11\xe0", "xl/externalLinks/externalLink1.xml": b"<externalLink/>"}
    yield "macros_and_links.xlsm", workbook({"Blad1": sheet((HEAD, *ROWS))}, macros), base()
    clock = [
        ("Ärende", "Insats", "Beslutsdatum", "Externt"),
        (1207, time(9, 10), date(2026, 1, 15), True),
        ("1208", "9 § 4", date(2026, 1, 15), False),
    ]
    entry = {"insats": "9§10", "sort": "decision", "start": "2026-01-15", "decision_date": "2026-01-15"}
    rows = (2, entry | {"case": "1207", "external": True}), (3, entry | {"case": "1208", "insats": "9§4"})
    yield "excel_own_values.xlsx", workbook({"Blad1": sheet(clock)}), want(*rows)


def faults() -> Iterator[Case]:
    """Files that are refused as a whole, with a part of the sentence."""
    good = workbook({"Blad1": sheet((HEAD, *ROWS))})
    yield "refused_empty.csv", b"", {"refused": "is empty"}
    yield "refused_only_separators.csv", b";;;\r\n;;;\r\n", {"refused": "is empty"}
    yield "refused_no_case.csv", text((("Insats", "Beslutsdatum"), ("9§4", "2026-01-15"))).encode(), {"refused": '"Ärende"'}
    yield "refused_no_insats.csv", text((("Ärende", "Beslutsdatum"), ("D-1", "2026-01-15"))).encode(), {"refused": '"Insats"'}
    yield "refused_no_start.csv", text((("Ärende", "Insats"), ("D-1", "9§4"))).encode(), {"refused": '"Beslutsdatum"'}
    valid = (("Ärende", "Insats", "Gäller från"), ("D-1", "9§4", "2026-01-15"))
    yield "refused_valid_from_only.csv", text(valid).encode(), {"refused": "from when a decision is valid"}
    yield (
        "refused_open_quote.csv",
        (text((HEAD, ROWS[0])) + 'D-02;"9§10;2025-11-30\r\nD-03;9§4;2026-01-15\r\n').encode(),
        {"refused": "row 3"},
    )
    yield "refused_old_excel.xlsx", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), {"refused": "old Excel file"}
    locked = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600) + "EncryptedPackage".encode("utf-16-le") + bytes(600)
    yield "refused_password.xlsx", locked, {"refused": "password"}
    yield "refused_web_page.xls", b"<html><table><tr><td>Insats</td></tr></table></html>", {"refused": "web page"}
    yield "refused_pdf.csv", b"%PDF-1.7\n%\xe2\xe3\xcf\xd3", {"refused": "no table"}
    yield "refused_damaged.xlsx", good[: len(good) // 2], {"refused": "damaged"}
    document = io.BytesIO()
    with zipfile.ZipFile(document, "w") as archive:
        archive.writestr(zipfile.ZipInfo("word/document.xml", (2026, 1, 1, 0, 0, 0)), "<document/>")
    yield "refused_word.xlsx", document.getvalue(), {"refused": "no Excel table"}
    far = f'<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>{"{}"}</sheetData></worksheet>'
    cells = '<row r="1"><c r="A1"><v>1</v></c></row><row r="1048576"><c r="XFD1048576"><v>2</v></c></row>'
    yield "refused_far_cell.xlsx", workbook({"Blad1": far.format(cells)}), {"refused": "far from its list"}
    bomb = workbook({"Blad1": sheet((HEAD, *ROWS))}, {"xl/media/image1.bin": bytes(20 * 2**20)})
    yield "refused_bomb.xlsx", bomb, {"refused": "far larger inside"}


def files() -> Iterator[Case]:
    """Every file: its name, its bytes, its result."""
    from tests.bot.register_exports import exports

    for part in (encodings, dates, headers, sheets, faults, exports):
        yield from part()


def main() -> None:
    """Writes the files and their results."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    for name, data, result in files():
        (FOLDER / name).write_bytes(data)
        (FOLDER / f"{name}.json").write_text(json.dumps(result, ensure_ascii=False, indent=1) + "\n", "utf-8")


if __name__ == "__main__":
    main()

"""A register file as a header and raw rows, whatever it is made of. Row numbers are those that a person sees in a spreadsheet, from 1."""

import datetime as dt
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import chain
from pathlib import Path

from bot.errors import RegisterError

Cell = str | int | float | bool | dt.date | dt.datetime | dt.time | dt.timedelta
Raw = tuple[int, Sequence[Cell]]
Source = str | Path | bytes

MOST_BYTES = 100 * 2**20  # a register of a hundred thousand rows is some ten megabytes
HEADER_WITHIN = 40  # rows in which the header is looked for


@dataclass(frozen=True, slots=True)
class Table:
    """A header with its row number, and the rows below it as they come; rows without any content are left out. Read `rows` once."""

    number: int
    header: Sequence[Cell]
    rows: Iterator[Raw]
    sheet: str = ""


def filled(cells: Sequence[Cell]) -> bool:
    """Whether any cell of a row has content."""
    first = cells[0] if cells else ""
    if isinstance(first, str) and first and not first.isspace():  # nearly every row of a register
        return True
    return any(cell != "" and not (isinstance(cell, str) and cell.isspace()) for cell in cells)


def below_header(rows: Iterator[Raw], score: Callable[[Sequence[Cell]], int]) -> tuple[int, Table]:
    """The table whose header is the best of the first rows, and that header's score; title rows above it are passed over."""
    first: list[Raw] = []
    for row in rows:
        if filled(row[1]):
            first.append(row)
            if len(first) == HEADER_WITHIN:
                break
    if not first:
        return 0, Table(1, (), iter(()))
    scores = [score(cells) for _, cells in first]
    place = scores.index(max(scores))
    number, header = first[place]
    rest = (row for row in chain(first[place + 1 :], rows) if filled(row[1]))
    return scores[place], Table(number, header, rest)


def table(source: Source, score: Callable[[Sequence[Cell]], int], sheet: str | None = None) -> Table:
    """Opens a file by its path or its bytes; what it is, its content says, not its name.

    `score` says how many columns a row names; the best row is the header, the best sheet the register, unless `sheet` names it.
    Raises RegisterError for whatever is neither CSV nor XLSX, is too large, or cannot be read.
    """
    data = source if isinstance(source, bytes) else _bytes(Path(source))
    if len(data) > MOST_BYTES:
        raise RegisterError(_TOO_LARGE)
    if not data.strip(b"\x00\t\r\n ;,\xef\xbb\xbf"):
        raise RegisterError("The file is empty; export the register again.")
    if data.startswith(b"PK\x03\x04"):
        from bot.register.xlsxfile import xlsx_table

        return xlsx_table(data, score, sheet)
    _refuse(data[:4096], data)
    from bot.register.csvfile import csv_table

    return csv_table(data, score)


_TOO_LARGE = f"The file is larger than {MOST_BYTES // 2**20} MB and is no register; export only the columns and rows that are needed."


def _bytes(path: Path) -> bytes:
    try:
        if path.is_dir():
            raise RegisterError(f"{path} is a folder; give the register file in it.")
        if path.stat().st_size > MOST_BYTES:
            raise RegisterError(_TOO_LARGE)
        with path.open("rb") as file:
            return file.read(MOST_BYTES + 1)
    except FileNotFoundError:
        raise RegisterError(f"There is no file {path}; check its name and folder.") from None
    except PermissionError:
        raise RegisterError(f"The file {path} may not be read; close it elsewhere or change its rights.") from None
    except OSError as error:
        said = f"The file {path} cannot be read ({error.strerror}); copy it to this machine and try again."
        raise RegisterError(said, again=True) from None


def _refuse(start: bytes, data: bytes) -> None:
    """Raises for the formats that are known and not read."""
    if start.startswith(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"):  # OLE container: an old .xls, or a modern file under a password
        if "EncryptedPackage".encode("utf-16-le") in data:
            raise RegisterError("The file is protected by a password; save it without one and import it again.")
        raise RegisterError("The file is an old Excel file (.xls), whatever its name says; open it and save it as .xlsx or CSV.")
    text = start.lstrip(b"\xef\xbb\xbf\r\n\t ").lower()
    if text.startswith((b"<html", b"<!doctype", b"<table", b"<?xml", b"<workbook", b"<meta")):
        raise RegisterError("The file is a web page or XML, whatever its name says; open it in Excel and save it as .xlsx or CSV.")
    if start.startswith((b"%PDF", b"{\\rtf", b"\x1f\x8b", b"7z\xbc\xaf", b"Rar!", b"PK", b"\x89PNG", b"\xff\xd8\xff")):
        raise RegisterError("The file is no table; export the register as .xlsx or CSV.")

"""An XLSX file as a table, read by calamine after its size has been checked. Formulas give values; macros and links are not followed."""

import io
import re
import zipfile
from collections.abc import Callable, Iterator, Sequence
from typing import TYPE_CHECKING

from bot.errors import RegisterError
from bot.register.table import Cell, Raw, Table, below_header

if TYPE_CHECKING:
    from python_calamine import CalamineSheet, CalamineWorkbook

MOST_UNPACKED = 200 * 2**20  # bytes
MOST_RATIO = 200  # unpacked to packed; a workbook is 5 to 30
SMALL = 10 * 2**20  # bytes unpacked that are never a bomb, whatever the ratio
MOST_MEMBERS = 5_000
MOST_CELLS = 5_000_000  # calamine lays a sheet out in full, up to its last cell with a value

_NO_TABLE = "The file is packed but holds no Excel table; export the register as .xlsx or CSV."
_DAMAGED = "The Excel file is damaged; open it in Excel, save it again as .xlsx and import that file."
_BOMB = "The Excel file is far larger inside than a register can be; copy the rows into a new file and import that one."
_FAR = "The Excel file has values far from its list, or too many of them; delete everything beside the list, or copy it into a new file."
# The place of a cell with a value; an empty one ends in "/>". The groups that give nothing back keep it linear whatever the file holds.
_CELL = re.compile(rb"""<(?:\w+:)?c\b(?>[^<>]*?\br\s*=\s*["']([A-Z]{1,3})([0-9]{1,7})["'])[^<>]*+(?<!/)>""")

# A place outside the first 25 columns and 199 999 rows: a sheet without any has fewer than MOST_CELLS cells and needs no closer look.
_BEYOND = re.compile(rb"""r\s*=\s*["'](?:Z|[A-Z]{2,3}|[A-Z][2-9][0-9]{5}|[A-Z][0-9]{7})[0-9]*["']""")


def xlsx_table(data: bytes, score: Callable[[Sequence[Cell]], int], sheet: str | None) -> Table:
    """The sheet that `sheet` names, else the one with the best header, the first among equals. Raises RegisterError."""
    check(data)
    with _guarded():
        from python_calamine import CalamineWorkbook

        book = CalamineWorkbook.from_filelike(io.BytesIO(data))
        names = [sheet] if sheet is not None else _sheets(book)
        if sheet is not None and sheet not in book.sheet_names:
            raise RegisterError(f'The file has no sheet "{sheet}"; give one of: {", ".join(book.sheet_names)}.')
        best: tuple[int, Table] | None = None
        for name in names:
            found, table = below_header(_rows(book.get_sheet_by_name(name)), score)  # laid out once; only the best one is kept
            if best is None or found > best[0]:
                best = (found, Table(table.number, table.header, table.rows, name))
        if best is None:
            raise RegisterError(_NO_TABLE)
        return best[1]


def check(data: bytes) -> None:
    """Raises RegisterError unless the file is an Excel workbook whose parts are of a bearable size, and as large as they say."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            parts = archive.infolist()
            if any(part.flag_bits & 1 for part in parts):
                raise RegisterError("The file is protected by a password; save it without one and import it again.")
            if not {part.filename for part in parts} & {"xl/workbook.xml"}:
                raise RegisterError(_NO_TABLE)
            unpacked = sum(part.file_size for part in parts)
            if len(parts) > MOST_MEMBERS or unpacked > MOST_UNPACKED or (unpacked > SMALL and unpacked > MOST_RATIO * len(data)):
                raise RegisterError(_BOMB)
            for part in parts:
                _measure(archive, part)
    except (zipfile.BadZipFile, NotImplementedError, EOFError, OSError, ValueError, RuntimeError):
        raise RegisterError(_DAMAGED) from None
    except Exception as error:  # zlib.error, which is no subclass of anything
        if isinstance(error, RegisterError):
            raise
        raise RegisterError(_DAMAGED) from None


def _measure(archive: zipfile.ZipFile, part: zipfile.ZipInfo) -> None:
    """Unpacks one part once, which proves its size and checksum; a sheet's last row and column with a value must not lie too far out.

    A single value in the last cell of a sheet makes calamine ask for 512 GB and ends the process.
    """
    sheet = part.filename.startswith("xl/worksheets/") and part.filename.endswith(".xml")
    beyond = False
    for chunk in _chunks(archive, part):
        beyond = beyond or (sheet and _BEYOND.search(chunk) is not None)
    if not beyond:
        return
    last_row, widest = 0, b"A"
    for chunk in _chunks(archive, part):
        if places := _CELL.findall(chunk):
            letters, numbers = map(set, zip(*places, strict=True))
            last_row = max(last_row, *map(int, numbers))
            widest = max(widest, *letters, key=lambda each: (len(each), each))
    if last_row * _number(widest) > MOST_CELLS:
        raise RegisterError(_FAR)


def _chunks(archive: zipfile.ZipFile, part: zipfile.ZipInfo) -> Iterator[bytes]:
    """A part unpacked in pieces of a megabyte, each with the end of the one before it, in which a tag may have begun."""
    kept = b""
    with archive.open(part) as stream:
        while chunk := stream.read(2**20):
            chunk = kept + chunk
            yield chunk
            kept = chunk[-256:] if b"<" in chunk[-256:] else b""


def _number(letters: bytes) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + letter - 64
    return number


def _sheets(book: "CalamineWorkbook") -> list[str]:
    """The sheets in the workbook's order, hidden ones last."""
    from python_calamine import SheetTypeEnum, SheetVisibleEnum

    ordinary = [meta for meta in book.sheets_metadata if meta.typ == SheetTypeEnum.WorkSheet]
    return [meta.name for meta in sorted(ordinary, key=lambda meta: meta.visible != SheetVisibleEnum.Visible)]


def _rows(sheet: "CalamineSheet") -> Iterator[Raw]:
    """Rows from the sheet's first; calamine leaves out empty columns on the left only, so that places agree within a sheet."""
    if sheet.start is None:
        return
    yield from enumerate(sheet.iter_rows(), 1)


class _guarded:
    """Turns whatever calamine raises into a RegisterError: its own errors, and the panics of Rust, which are no Exception."""

    def __enter__(self) -> None: ...

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: object) -> None:
        from python_calamine import CalamineError, PasswordError

        if isinstance(error, PasswordError):
            raise RegisterError("The file is protected by a password; save it without one and import it again.") from None
        if isinstance(error, (CalamineError, OSError, UnicodeError)) or type(error).__name__ == "PanicException":
            raise RegisterError(_DAMAGED) from None

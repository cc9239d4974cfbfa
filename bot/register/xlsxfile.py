"""An XLSX file as a table, read by calamine after its size has been checked. Formulas give values; macros and links are not followed."""

import io
import zipfile
from collections.abc import Callable, Iterator, Sequence
from typing import TYPE_CHECKING

from bot.errors import RegisterError
from bot.register.table import Cell, Raw, Table, below_header
from bot.register.xlsxsize import DAMAGED, measure

if TYPE_CHECKING:
    from python_calamine import CalamineSheet, CalamineWorkbook

MOST_UNPACKED = 200 * 2**20  # bytes
MOST_RATIO = 200  # unpacked to packed; a workbook is 5 to 30
SMALL = 10 * 2**20  # bytes unpacked that are never a bomb, whatever the ratio
MOST_MEMBERS = 5_000

_NO_TABLE = "The file is packed but holds no Excel table; export the register as .xlsx or CSV."
_BOMB = "The Excel file is far larger inside than a register can be; copy the rows into a new file and import that one."


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
            names = {part.filename.casefold() for part in parts}
            # Where the one is damaged, calamine tries the next kind of workbook, whose sheets are not measured.
            if "xl/workbook.xml" not in {part.filename for part in parts} or names & {"content.xml", "xl/workbook.bin"}:
                raise RegisterError(_NO_TABLE)
            unpacked = sum(part.file_size for part in parts)
            if len(parts) > MOST_MEMBERS or unpacked > MOST_UNPACKED or (unpacked > SMALL and unpacked > MOST_RATIO * len(data)):
                raise RegisterError(_BOMB)
            for part in parts:
                measure(archive, part)
    except (zipfile.BadZipFile, NotImplementedError, EOFError, OSError, ValueError, RuntimeError):
        raise RegisterError(DAMAGED) from None
    except Exception as error:  # zlib.error, which is no subclass of anything
        if isinstance(error, RegisterError):
            raise
        raise RegisterError(DAMAGED) from None


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
            raise RegisterError(DAMAGED) from None

"""A CSV file as a table: encoding and separator are found out, never asked for."""

import codecs
import csv
import io
from collections.abc import Callable, Iterator, Sequence

from bot.errors import RegisterError
from bot.register.table import HEADER_WITHIN, Cell, Raw, Table, below_header

SEPARATORS = (";", "\t", ",")  # Swedish Excel writes the first


def csv_table(data: bytes, score: Callable[[Sequence[Cell]], int]) -> Table:
    """Reads CSV in UTF-8, UTF-16 or cp1252; the separator is the one that makes the best header. Raises RegisterError."""
    name = encoding(data)
    best: tuple[int, int, int] | None = None
    separator = SEPARATORS[0]
    for place, each in enumerate(SEPARATORS):
        found, table = below_header(_rows(data, name, each, 4 * HEADER_WITHIN), score)
        rank = (found, len(table.header), -place)
        if best is None or rank > best:
            best, separator = rank, each
    return below_header(_rows(data, name, separator), score)[1]


def encoding(data: bytes) -> str:
    """The name of a text's encoding: by its BOM, else UTF-8 if all of it is, else cp1252. Raises RegisterError for what is no text."""
    if data.startswith(codecs.BOM_UTF8):
        name = "utf-8-sig"
    elif data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        name = "utf-16"
    elif b"\x00" in data[:4096]:
        # UTF-16 without a mark has its NULs in every other place; anything else with NULs is no text.
        even, odd = data[0:4096:2].count(0), data[1:4096:2].count(0)
        if max(even, odd) < 4 * min(even, odd) or max(even, odd) * 4 < len(data[:4096:2]):
            raise RegisterError("The file is no table; export the register as .xlsx or CSV.")
        name = "utf-16-le" if odd > even else "utf-16-be"
    else:
        name = "utf-8"
    try:
        for _ in _chunks(data, name):
            pass
    except UnicodeError:
        if name != "utf-8":
            raise RegisterError("The file's letters are damaged; export it again as CSV in UTF-8.") from None
        return "cp1252"
    return name


def _chunks(data: bytes, name: str) -> Iterator[str]:
    """Decodes in pieces, so that the whole text never stands in memory beside its bytes."""
    decoder = codecs.getincrementaldecoder(name)()
    for place in range(0, len(data), 2**20):
        yield decoder.decode(data[place : place + 2**20])
    yield decoder.decode(b"", final=True)


def _rows(data: bytes, name: str, separator: str, most: int | None = None) -> Iterator[Raw]:
    text = io.TextIOWrapper(io.BytesIO(data), encoding=name, errors="replace", newline="")
    reader = csv.reader(text, delimiter=separator, strict=True)
    number = 0
    try:
        for number, cells in enumerate(reader, 1):
            if cells:
                yield number, cells
            if number == most:
                return
    except csv.Error:
        # A quotation mark that is never closed would swallow the rows after it without a word.
        if most is not None:
            return
        raise RegisterError(
            f"The quotation marks in or after row {number + 1} do not match; remove or double them there and import the file again."
        ) from None

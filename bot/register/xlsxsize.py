"""How far out the values of a workbook's sheets lie, found before calamine lays them out.

calamine lays a sheet out in full up to its last value, and where it asks for more memory than there is, Rust ends the whole process: no
error comes that could be caught. So the bound must hold for whatever calamine may read as a cell, not only for what Excel writes. What
Excel and its like write is measured by patterns; anything else by an XML parser, which refuses what is not well-formed.
"""

import re
import zipfile
from collections.abc import Iterator
from xml.parsers import expat

from bot.errors import RegisterError

MOST_CELLS = 5_000_000
MOST_ROWS, MOST_COLUMNS = 1_048_576, 16_384  # Excel's own
DAMAGED = "The Excel file is damaged; open it in Excel, save it again as .xlsx and import that file."
FAR = "The Excel file has values far from its list, or too many of them; delete everything beside the list, or copy it into a new file."

_CHUNK = 2**20
_SHEET = b"sheetData"  # without it calamine finds no cell in a part, whatever the part is called
_MORE = rb'(?: (?:s|t|i|l|cm|vm|ph)="[^"<>]*")* ?'  # what else Excel says of a cell
# A cell in the first 25 columns and 199 999 rows; a sheet with no others has fewer than MOST_CELLS and needs no closer look.
_NOT_NEAR = re.compile(rb'<c(?:[\t-\r/>]| (?!r="[A-Y](?:[1-9][0-9]{0,4}|1[0-9]{5})"' + _MORE + rb"/?>))")
_PREFIXED = re.compile(rb":c(?=[\s/>])")
_OPENING = re.compile(rb"<(?:[^\s<>/:!?]*:)?c(?=[\s/>])")
# A cell as Excel writes it; one that ends in "/>" is empty and lies wherever somebody once chose a colour.
_USUAL = re.compile(rb'<(?:\w+:)?c r="([A-Z]{1,3})([1-9][0-9]{0,6})"' + _MORE + rb"(/?)>")
_PLACE = re.compile(r"([A-Za-z]{1,7})0*([1-9][0-9]{0,9})")


def measure(archive: zipfile.ZipFile, part: zipfile.ZipInfo) -> None:
    """Unpacks one part, which proves its size and checksum, and again where its cells lie far out or are not as Excel writes them.

    Raises RegisterError when its values lie too far out for the memory.
    """
    sheet, near = False, True
    for text in _whole_tags(archive, part):
        sheet = sheet or _SHEET in text
        near = near and not _NOT_NEAR.search(text) and not _PREFIXED.search(text)
    if not sheet or near:
        return
    last_row, widest = 0, b"A"
    for text in _whole_tags(archive, part):
        cells = _USUAL.findall(text)
        if len(cells) != len(_OPENING.findall(text)):
            _measure_carefully(archive, part)
            return
        if places := [(letters, digits) for letters, digits, empty in cells if not empty]:
            letters, numbers = map(set, zip(*places, strict=True))
            last_row = max(last_row, *map(int, numbers))
            widest = max(widest, *letters, key=lambda each: (len(each), each))
    if last_row * _number(widest.decode()) > MOST_CELLS:
        raise RegisterError(FAR)


def _whole_tags(archive: zipfile.ZipFile, part: zipfile.ZipInfo) -> Iterator[bytes]:
    """A part unpacked in pieces of about a megabyte, none of which ends inside a tag. Raises RegisterError for a tag of four megabytes."""
    kept = b""
    with archive.open(part) as stream:
        while chunk := stream.read(_CHUNK):
            text = kept + chunk
            cut = text.rfind(b">") + 1 or text.find(b"<")
            cut = len(text) if cut < 0 else cut  # a picture's piece without any
            if len(text) - cut > 4 * _CHUNK:
                raise RegisterError(DAMAGED)
            kept = text[cut:]
            yield text[:cut]
    yield kept


def _number(letters: str) -> int:
    number = 0
    for letter in letters.upper():
        number = number * 26 + ord(letter) - 64
    return number


def _measure_carefully(archive: zipfile.ZipFile, part: zipfile.ZipInfo) -> None:
    """The same with a parser. A cell without a place comes after the one before it, a row without a number after the row before."""
    extent = _Extent()
    parser = expat.ParserCreate()
    parser.StartElementHandler = extent.start
    parser.EndElementHandler = extent.end
    parser.StartDoctypeDeclHandler = extent.refuse  # what it declares, calamine reads in another way
    try:
        with archive.open(part) as stream:
            while chunk := stream.read(_CHUNK):
                parser.Parse(chunk, False)
            parser.Parse(b"", True)
    except expat.ExpatError:
        raise RegisterError(DAMAGED) from None


class _Extent:
    """The last row and column with a value so far."""

    def __init__(self) -> None:
        self.row = self.column = self.last_row = self.last_column = 0
        self.place: tuple[int, int] | None = None

    def start(self, tag: str, values: dict[str, str]) -> None:
        """A tag's beginning. Raises RegisterError as soon as the values lie too far out."""
        name, place = tag.rpartition(":")[2], values.get("r")
        if self.place is not None:  # a cell with something in it
            self.last_row, self.last_column = max(self.last_row, self.place[0]), max(self.last_column, self.place[1])
            self.place = None
        if name == "row":
            self.column = 0
            self.row = self.row + 1 if place is None else int(place) if re.fullmatch("[0-9]{1,10}", place) else 0
            if self.row == 0:
                self.refuse()
        elif name == "c":
            self.column += 1
            if place is not None:
                found = _PLACE.fullmatch(place)
                if found is None:
                    self.refuse()
                else:  # the next cell without a place may belong to this row or to the one that the row's own number says
                    self.column, self.row = _number(found[1]), max(self.row, int(found[2]))
            self.place = (self.row, self.column)
        if self.row > MOST_ROWS or self.column > MOST_COLUMNS or self.last_row * self.last_column > MOST_CELLS:
            raise RegisterError(FAR)

    def end(self, tag: str) -> None:
        """A tag's end: a cell that was left without anything in it does not count."""
        if tag.rpartition(":")[2] == "c":
            self.place = None

    def refuse(self, *_given: object) -> None:
        """What Excel never writes."""
        raise RegisterError(DAMAGED)

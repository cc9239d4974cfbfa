"""Writes the smallest workbooks that Excel would, for tests: the same bytes every time."""

import io
import zipfile
from collections.abc import Mapping, Sequence
from datetime import date, datetime, time
from xml.sax.saxutils import escape

_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_REL = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_TYPES = "application/vnd.openxmlformats-officedocument.spreadsheetml"
_STYLES = (
    f'<styleSheet xmlns="{_MAIN}"><cellXfs count="4"><xf numFmtId="0"/><xf numFmtId="14"/><xf numFmtId="22"/><xf numFmtId="20"/></cellXfs>'
    "</styleSheet>"
)


class Formula(str):
    """A cell whose value Excel has worked out; the text is that value."""


def letters(place: int) -> str:
    """The column name of a place from 0: A, B … AA."""
    name = ""
    while place >= 0:
        name = chr(65 + place % 26) + name
        place = place // 26 - 1
    return name


def cell(value: object, where: str) -> str:
    """One cell's XML. Days and times become numbers with a format, as Excel keeps them."""
    match value:
        case None | "":
            return ""
        case bool():
            return f'<c r="{where}" t="b"><v>{int(value)}</v></c>'
        case datetime():
            days = value - datetime(1899, 12, 30)
            return f'<c r="{where}" s="2"><v>{days.total_seconds() / 86400}</v></c>'
        case date():
            return f'<c r="{where}" s="1"><v>{(value - date(1899, 12, 30)).days}</v></c>'
        case time():
            return f'<c r="{where}" s="3"><v>{(value.hour * 60 + value.minute) / 1440}</v></c>'
        case int() | float():
            return f'<c r="{where}"><v>{value}</v></c>'
        case Formula():
            return f'<c r="{where}" t="str"><f>CONCAT("a","b")</f><v>{escape(value)}</v></c>'
    return f'<c r="{where}" t="inlineStr"><is><t xml:space="preserve">{escape(str(value))}</t></is></c>'


def sheet(rows: Sequence[Sequence[object]], merged: Sequence[str] = (), top: int = 1, left: int = 0) -> str:
    """A sheet's XML; `top` and `left` say where the first cell stands."""
    lines = []
    for number, row in enumerate(rows, top):
        cells = "".join(cell(value, f"{letters(place)}{number}") for place, value in enumerate(row, left))
        lines.append(f'<row r="{number}">{cells}</row>')
    cells = "".join(f'<mergeCell ref="{ref}"/>' for ref in merged)
    joined = f"<mergeCells>{cells}</mergeCells>" if merged else ""
    return f'<worksheet xmlns="{_MAIN}"><sheetData>{"".join(lines)}</sheetData>{joined}</worksheet>'


def workbook(sheets: Mapping[str, str], more: Mapping[str, bytes] | None = None, hidden: str = "") -> bytes:
    """A workbook of sheets' XML by their names; `more` adds parts, `hidden` names a sheet that is not shown."""
    numbers = range(1, len(sheets) + 1)
    state = {name: ' state="hidden"' if name == hidden else "" for name in sheets}
    listed = "".join(
        f'<sheet name="{escape(name)}" sheetId="{number}"{state[name]} r:id="rId{number}"/>'
        for number, name in zip(numbers, sheets, strict=True)
    )
    links = "".join(f'<Relationship Id="rId{number}" Type="{_REL}/worksheet" Target="worksheets/sheet{number}.xml"/>' for number in numbers)
    types = "".join(f'<Override PartName="/xl/worksheets/sheet{number}.xml" ContentType="{_TYPES}.worksheet+xml"/>' for number in numbers)
    package = "http://schemas.openxmlformats.org/package/2006"
    parts: dict[str, bytes | str] = {
        "[Content_Types].xml": f'<Types xmlns="{package}/content-types"><Default Extension="rels" '
        'ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Default Extension="xml" ContentType="application/xml"/>'
        f'<Override PartName="/xl/workbook.xml" ContentType="{_TYPES}.sheet.main+xml"/>{types}'
        f'<Override PartName="/xl/styles.xml" ContentType="{_TYPES}.styles+xml"/></Types>',
        "_rels/.rels": f'<Relationships xmlns="{package}/relationships"><Relationship Id="rId1" Type="{_REL}/officeDocument" '
        'Target="xl/workbook.xml"/></Relationships>',
        "xl/workbook.xml": f'<workbook xmlns="{_MAIN}" xmlns:r="{_REL}"><sheets>{listed}</sheets></workbook>',
        "xl/_rels/workbook.xml.rels": f'<Relationships xmlns="{package}/relationships">{links}'
        f'<Relationship Id="rId0" Type="{_REL}/styles" Target="styles.xml"/></Relationships>',
        "xl/styles.xml": _STYLES,
        **{f"xl/worksheets/sheet{number}.xml": xml for number, xml in zip(numbers, sheets.values(), strict=True)},
        **(more or {}),
    }
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(zipfile.ZipInfo(name, (2026, 1, 1, 0, 0, 0)), content, zipfile.ZIP_DEFLATED)
    return out.getvalue()

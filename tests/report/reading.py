"""Documents read back: what stands in each, and the figures of a report that must stand there."""

import re
import zipfile
from collections.abc import Iterator
from dataclasses import fields, is_dataclass
from datetime import date, datetime
from functools import cache
from html.parser import HTMLParser
from io import BytesIO
from typing import Any

from bot.report import content
from rules.report import QuarterReport

VOID = {"meta", "br", "link", "img", "hr"}
NUMBER = re.compile(r"(?<![\w.,§-])−?[0-9]{1,3}(?:\u00a0[0-9]{3})+(?![\w])|(?<![\w.,§-])−?[0-9]+(?![\w§-])")


@cache
def made(report: QuarterReport, form: str) -> bytes:
    """A document, written once for all tests that read it."""
    return content(report, form)


class Page(HTMLParser):
    """An HTML page as a list of (tag, attributes, text directly within, path of tags around it)."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.open: list[int] = []
        self.elements: list[tuple[str, dict[str, str | None], list[str], tuple[str, ...]]] = []
        self.wrong: list[str] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        around = tuple(self.elements[n][0] for n in self.open)
        self.elements.append((tag, dict(attrs), [], around))
        if tag not in VOID:
            self.open.append(len(self.elements) - 1)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        around = tuple(self.elements[n][0] for n in self.open)
        self.elements.append((tag, dict(attrs), [], around))

    def handle_endtag(self, tag: str) -> None:
        if not self.open or self.elements[self.open[-1]][0] != tag:
            self.wrong.append(tag)
        else:
            self.open.pop()

    def handle_data(self, data: str) -> None:
        for n in self.open:
            self.elements[n][2].append(data)

    def all(self, *tags: str) -> list[tuple[str, dict[str, str | None], str]]:
        """The elements of these tags, with all the text within."""
        return [(tag, attributes, "".join(words)) for tag, attributes, words, _ in self.elements if tag in tags]

    def tables(self) -> dict[str, list[list[str]]]:
        """Caption → rows of cells, the header first."""
        found: dict[str, list[list[str]]] = {}
        rows: list[list[str]] = []
        for tag, _, words, _ in self.elements:
            match tag:
                case "caption":
                    rows = found.setdefault("".join(words).strip(), [])
                case "tr":
                    rows.append([])
                case "th" | "td":
                    rows[-1].append("".join(words))
        return found


def docx_tables(content: bytes) -> list[list[list[str]]]:
    """The tables of a Word document, as rows of cells."""
    from docx import Document

    return [[[cell.text for cell in row.cells] for row in table.rows] for table in Document(BytesIO(content)).tables]


def xlsx_tables(content: bytes) -> dict[str, list[list[Any]]]:
    """Sheet → rows below its caption. Dates without their hour."""
    from openpyxl import load_workbook

    book = load_workbook(BytesIO(content))
    return {
        sheet.title: [
            [value.date() if isinstance(value, datetime) else value for value in row]
            for row in sheet.iter_rows(min_row=2, values_only=True)
        ]
        for sheet in book.worksheets[1:]
    }


def xml_of(content: bytes, name: str) -> str:
    """One file of an Office document."""
    with zipfile.ZipFile(BytesIO(content)) as archive:
        return archive.read(name).decode("utf-8")


def numbers(text: str) -> list[int]:
    """The whole numbers in a text; dates and the numbers of paragraphs are none."""
    plain = re.sub(r"[0-9]{4}-[0-9]{2}-[0-9]{2}|[0-9]{4} kv\u00a0[0-9]|9 § [0-9]+|[0-9]+,[0-9]\u00a0%", " ", text)
    return [int(found.replace("\u00a0", "").replace("−", "-")) for found in NUMBER.findall(plain)]


def values_of(value: object) -> Iterator[object]:
    """Every plain value within frozen values, as deep as they go."""
    if is_dataclass(value):
        for field in fields(value):
            yield from values_of(getattr(value, field.name))
    elif isinstance(value, tuple):
        for one in value:
            yield from values_of(one)
    else:
        yield value


def known_numbers(report: object) -> set[int]:
    """The numbers that a document may show: those of the values, and those in their texts."""
    found: set[int] = set()
    for value in values_of(report):
        if isinstance(value, int):
            found.add(int(value))
        elif isinstance(value, str):
            found.update(numbers(value))
        elif isinstance(value, date):
            found.add(value.year)
    return found

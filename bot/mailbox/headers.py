"""The header block of a letter: cut at 64 kB, sliced at the blank line, read by one linear pattern.

The standard library's header objects are not used on letters: copying one injected a Bcc line, and some inputs take minutes.
"""

import re
from collections.abc import Iterable, Mapping
from typing import Final

from bot.mailbox.encoded import guess

HEADER_LIMIT: Final = 65_536  # bytes
BLANK: Final = re.compile(rb"[\r\n]+")
FIELD: Final = re.compile(rb"^([!-9;-~]+)[ \t]*:((?:[^\n]*)(?:\n[ \t][^\n]*)*)", re.MULTILINE)
FIELD_TEXT: Final = re.compile(FIELD.pattern.decode("ascii"), re.MULTILINE | re.ASCII)
PARAMETER: Final = re.compile(r';[ \t]*([A-Za-z0-9*-]{1,40})[ \t]*=[ \t]*(?:"([^"]*)"|([^;"\s]+))')

Fields = Mapping[str, tuple[str, ...]]


def split(raw: bytes, start: int = 0, end: int | None = None) -> tuple[bytes, int]:
    """The header block, at most 64 kB with plain line feeds, and where the body begins in `raw`."""
    end = len(raw) if end is None else end
    leading = BLANK.match(raw, start, end)  # some programs leave blank lines before the first header
    start = leading.end() if leading else start
    blank = [(at, len(mark)) for mark in (b"\n\n", b"\n\r\n") if (at := raw.find(mark, start, end)) >= 0]
    stop, width = min(blank, default=(end, 0))
    block = raw[start : min(stop, start + HEADER_LIMIT)]
    if not blank and b"\n" not in block and b"\r" in block:  # line ends of old Macs: the blank line is a double return
        at = raw.find(b"\r\r", start, end)
        stop, width = (at, 2) if at >= 0 else (end, 0)
        return raw[start : min(stop, start + HEADER_LIMIT)].replace(b"\r", b"\n"), stop + width
    # A lone return is no line end in mail (RFC 5322 2.3); as white space it cannot begin a second From.
    return block.replace(b"\r\n", b"\n").removesuffix(b"\r").replace(b"\r", b" "), stop + width


def fields(block: bytes) -> dict[str, tuple[str, ...]]:
    """Every header by its name in lower case, topmost first, unfolded (RFC 5322 2.2.3), raw 8-bit bytes as UTF-8 or Windows-1252.

    Encoded words stand as they came.
    """
    found: dict[str, list[str]] = {}
    for name, value in _pairs(block):
        found.setdefault(name.lower(), []).append(value.replace("\n", "").replace("\t", " ").strip(" "))
    return {name: tuple(values) for name, values in found.items()}


def _pairs(block: bytes) -> Iterable[tuple[str, str]]:
    """Names and values. A block that is UTF-8 throughout is decoded at once, any other value by value."""
    try:
        return FIELD_TEXT.findall(block.decode("utf-8"))
    except UnicodeDecodeError:
        return ((name.decode("ascii"), guess(value.replace(b"\n", b""))) for name, value in FIELD.findall(block))


def first(found: Fields, name: str) -> str:
    """The topmost header of that name, or ""."""
    return found.get(name, ("",))[0]


def value_of(text: str) -> str:
    """What stands before the parameters, in lower case and without a comment (RFC 2045 5.1): "text/plain" of a Content-Type."""
    return text.partition(";")[0].partition("(")[0].strip().lower()


def parameters(text: str) -> dict[str, str]:
    """The parameters of a MIME header (RFC 2045 5.1), the first of each name; RFC 2231 pieces and languages are taken as they begin."""
    out: dict[str, str] = {}
    for name, quoted, bare in PARAMETER.findall(text[:4_000]):
        value = quoted or bare
        if name.endswith("*"):
            value = value.rpartition("'")[2]
        out.setdefault(name.partition("*")[0].lower(), value)
    return out

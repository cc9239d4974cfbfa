"""A letter's body as plain text, from its text or its HTML.

HTML is read by a scanner of our own: the standard library's needs a minute for 80 kB of "<a <a <a" on the patch levels people run.
"""

import html
import re
from collections.abc import Sequence
from typing import Final

from bot.mailbox.encoded import BODY_CONTROLS, body_text
from bot.mailbox.parts import Part

BODY_LIMIT: Final = 64_000  # characters
PLAIN_BYTES: Final = 4 * BODY_LIMIT
HTML_BYTES: Final = 1_000_000  # programs put large style sheets before the first word
BREAKS: Final = re.compile(r"address|blockquote|br|d[dlt]|div|h[1-6r]|li|[ou]l|p|pre|table|tr")
GAPS: Final = frozenset({"td", "th"})
DROPPED: Final = frozenset({"head", "script", "style", "template", "title"})
CODE: Final = frozenset({"script", "style"})
NAME: Final = re.compile(r"/?([A-Za-z][A-Za-z0-9]{0,20})")
SPACE: Final = re.compile(r"[\s\u200b\ufeff]+")
LONG_REFERENCE: Final = re.compile(r"&#[xX]?[0-9A-Fa-f]{9,};?")  # html.unescape raises on thousands of digits
SPACES: Final = re.compile(" {2,}")
LINES: Final = re.compile(r" ?\n[ \n]*")


def body(raw: bytes, parts: Sequence[Part]) -> str:
    """The first plain text part, or the first HTML part as text where that is empty; at most 64 000 characters, lines end at \\n."""
    for part in _first(parts, "text/plain"):
        content, cut = part.content(raw, PLAIN_BYTES)
        text = body_text(content, part.charset, cut=cut)
        text = BODY_CONTROLS.sub(" ", text.replace("\r\n", "\n").replace("\r", "\n"))
        if text.strip():
            return text[:BODY_LIMIT]
    for part in _first(parts, "text/html"):
        content, cut = part.content(raw, HTML_BYTES)
        return plain(body_text(content, part.charset, cut=cut))[:BODY_LIMIT]
    return ""


def _first(parts: Sequence[Part], kind: str) -> list[Part]:
    return [part for part in parts if part.kind == kind and not part.attached][:1]


def plain(source: str) -> str:
    """The text of HTML: one line a block, scripts, styles and comments left out. Linear in the length; never fails."""
    out: list[str] = []
    at, lower = 0, _ascii_lower(source)
    endless: set[str] = set()  # asked once each, or many of them would make the reading quadratic
    while True:
        tag = source.find("<", at)
        out.append(SPACE.sub(" ", source[at : tag if tag >= 0 else len(source)]))
        if tag < 0:
            break
        if source.startswith("<!--", tag):
            at = _after(source, "-->", tag + 4)
            continue
        name = NAME.match(lower, tag + 1)
        if not name and source[tag + 1 : tag + 2] not in ("!", "?", "/"):  # "3 < 4" is text
            out.append("<")
            at = tag + 1
            continue
        at = _after(source, ">", tag + 1)
        if not name:
            continue
        if name[1] in DROPPED and lower[tag + 1] != "/" and name[1] not in endless:
            close = lower.find(f"</{name[1]}", at)
            if close >= 0:
                at = _after(source, ">", close)
            elif name[1] in CODE:
                break
            else:  # a head or a title without its end must not swallow the letter
                endless.add(name[1])
        elif BREAKS.fullmatch(name[1]):
            out.append("\n")
        elif name[1] in GAPS:
            out.append(" ")
    text = html.unescape(LONG_REFERENCE.sub("\ufffd", "".join(out)))
    return LINES.sub("\n", SPACES.sub(" ", BODY_CONTROLS.sub(" ", text.replace("\xa0", " ")))).strip()


def _ascii_lower(text: str) -> str:
    """Lower case that keeps every place: str.lower may change the length."""
    return text.translate({code: code + 32 for code in range(65, 91)})


def _after(text: str, mark: str, start: int) -> int:
    found = text.find(mark, start)
    return found + len(mark) if found >= 0 else len(text)

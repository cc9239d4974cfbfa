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
BREAKS: Final = frozenset(
    (
        "address",
        "blockquote",
        "br",
        "dd",
        "div",
        "dl",
        "dt",
        "h1",
        "h2",
        "h3",
        "h4",
        "h5",
        "h6",
        "hr",
        "li",
        "ol",
        "p",
        "pre",
        "table",
        "tr",
        "ul",
    )
)
GAPS: Final = frozenset({"td", "th"})
DROPPED: Final = frozenset({"head", "script", "style", "template", "title"})
CODE: Final = frozenset({"script", "style"})
CLOSING: Final = {name: re.compile(f"</{name}", re.ASCII | re.IGNORECASE) for name in DROPPED}
# Whatever begins a tag, up to its end or the text's: "3 < 4" does not.
TAG: Final = re.compile(r"<(?:(!--)|(/?)([A-Za-z][A-Za-z0-9]{0,20})[^>]*>?|[!?/][^>]*>?)")
# Blocks and cells straight after a block's edge, with only white space between, are the same line's end: all are taken at once.
EDGES: Final = re.compile(rf"(?>(?>\s*)</?(?:{'|'.join(sorted(BREAKS | GAPS))})(?![A-Za-z0-9])[^>]*>)+", re.ASCII | re.IGNORECASE)
EDGE_BEGINS: Final = frozenset("< \t\r\n")
SPACE: Final = re.compile(r"[\s\u200b\ufeff]+")
# What the standard library reads as a reference, and the same again and again, as long as each ends where the first did.
REFERENCES: Final = re.compile(r"(&(?:#[0-9]+;?|#[xX][0-9a-fA-F]+;?|[^\t\n\f <&#;]{1,32};?))(?:\1(?![^\t\n\f <&#]))*")
LONG_REFERENCE: Final = re.compile(r"&#[xX]?[0-9A-Fa-f]{9,};?")  # html.unescape raises on thousands of digits
SPACES: Final = re.compile(" {2,}")
LINES: Final = re.compile(r" ?\n[ \n]*")
BREAK: Final = "\0"  # a line's end while white space is still to be joined; the text itself has none
MARGIN: Final = 1_000  # characters beyond those asked for, in which a reference or a space that was cut off disappears


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


def plain(source: str, limit: int = BODY_LIMIT) -> str:
    """The text of HTML: one line a block, scripts, styles and comments left out. Linear in the length; never fails.

    At least the first `limit` characters, if there are so many: what comes long after them is not looked at.
    """
    out: list[str] = []
    at, gathered, enough = 0, 0, limit + 2 * MARGIN
    source = source.replace(BREAK, " ")
    search, endless = TAG.search, set[str]()  # asked once each, or many of them would make the reading quadratic
    while True:
        tag = search(source, at)
        end, after = tag.span() if tag else (len(source), len(source))
        if end > at:
            out.append(source[at:end])
            gathered += end - at
        if gathered > enough:
            text = _clean("".join(out), limit)
            if len(text) >= limit + MARGIN:
                return text
            enough = 4 * gathered
        if tag is None:
            return _clean("".join(out), limit)
        at = after
        comment, closing, name = tag.groups("")
        if comment:
            at = _after(source, "-->", at)
            continue
        name = name.lower()
        if name in DROPPED and not closing and name not in endless:
            if close := CLOSING[name].search(source, at):
                at = _after(source, ">", close.end())
            elif name in CODE:
                at = len(source)
            else:  # a head or a title without its end must not swallow the letter
                endless.add(name)
        elif name in BREAKS:
            out.append(BREAK)
            if source[at : at + 1] in EDGE_BEGINS and (edges := EDGES.match(source, at)):
                at = edges.end()
        elif name in GAPS:
            out.append(" ")


def _clean(text: str, limit: int) -> str:
    """The text with its white space joined and its references read; of a long one only as much as gives `limit` characters."""
    taken = 4 * limit
    while True:
        begin = SPACE.sub(" ", text[:taken]).replace(BREAK, "\n")
        begin = REFERENCES.sub(_meant, LONG_REFERENCE.sub("\ufffd", begin))
        begin = LINES.sub("\n", SPACES.sub(" ", BODY_CONTROLS.sub(" ", begin.replace("\xa0", " ")))).strip()
        if taken >= len(text) or len(begin) > limit + MARGIN:
            return begin[: limit + MARGIN] if taken < len(text) else begin
        taken *= 4


def _meant(found: re.Match[str]) -> str:
    """What a run of one reference stands for, looked up once."""
    return html.unescape(found[1]) * (len(found[0]) // len(found[1]))


def _after(text: str, mark: str, start: int) -> int:
    found = text.find(mark, start)
    return found + len(mark) if found >= 0 else len(text)

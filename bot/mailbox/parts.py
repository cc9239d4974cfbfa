"""The parts of a letter (MIME, RFC 2046) as places in its bytes: nothing is copied or decoded before somebody asks."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from bot.mailbox import encoded
from bot.mailbox.headers import Fields, fields, first, parameters, split, value_of

PART_LIMIT: Final = 200
DEPTH_LIMIT: Final = 10
BLANK: Final = re.compile(rb"\r?\n|\r")
BOUNDARY_LIMIT: Final = 200
MARK_LIMIT: Final = 10_000
LINE_LIMIT: Final = 100  # what may follow on the boundary's line


@dataclass(frozen=True, slots=True)
class Part:
    """A part that holds no others. `kind` is its media type in lower case; `start` and `end` bound its body in the letter's bytes.

    `name`: the file's name as the letter gives it, cut at 200 characters, never to be used as a path; "" for none.
    """

    kind: str
    charset: str
    encoding: str
    attached: bool
    start: int
    end: int
    name: str = ""

    def content(self, raw: bytes, limit: int) -> tuple[bytes, bool]:
        """The decoded bytes, at most `limit` and a little, and whether more would have come."""
        match self.encoding:
            case "base64":
                cut = raw[self.start : min(self.end, self.start + 2 * limit)]
                return encoded.base64(cut)[:limit], self.end - self.start > len(cut)
            case "quoted-printable":
                cut = raw[self.start : min(self.end, self.start + 3 * limit)]
                return encoded.quoted(cut)[:limit], self.end - self.start > len(cut)
            case _:
                return raw[self.start : min(self.end, self.start + limit)], self.end - self.start > limit


def parts(raw: bytes, head: Fields, start: int) -> list[Part]:
    """The letter's parts in order, at most 200, at most ten levels deep; deeper or damaged ones are plain text as they stand."""
    out: list[Part] = []
    _walk(raw, head, start, len(raw), 0, out)
    return out


def boundary_of(head: Fields) -> bytes:
    """What separates the parts that a part's headers announce (RFC 2046 5.1.1); b"" when it holds none."""
    content_type = first(head, "content-type")
    if not value_of(content_type).startswith("multipart/"):
        return b""
    return parameters(content_type).get("boundary", "").rstrip()[:BOUNDARY_LIMIT].encode("utf-8", "replace")


def leaf(head: Fields, start: int, end: int) -> Part:
    """The part that these headers describe and that holds no others."""
    content_type, disposition = first(head, "content-type"), first(head, "content-disposition")
    kind, values = value_of(content_type), parameters(content_type)
    return Part(
        kind if "/" in kind and not kind.startswith("multipart/") else "text/plain",  # RFC 2045 5.2
        values.get("charset", ""),
        value_of(first(head, "content-transfer-encoding")),
        value_of(disposition) == "attachment",
        start,
        end,
        encoded.one_line(encoded.words(parameters(disposition).get("filename") or values.get("name", "")))[:200],
    )


def _walk(raw: bytes, head: Fields, start: int, end: int, depth: int, out: list[Part]) -> None:
    boundary = boundary_of(head) if depth < DEPTH_LIMIT else b""
    if boundary:
        inside = 0
        for low, high in _pieces(raw, boundary, start, end):
            if len(out) >= PART_LIMIT:
                return
            inside += 1
            # A part may begin with the blank line at once: then it has no headers (RFC 2046 5.1).
            block, body = (b"", low + blank.end()) if (blank := BLANK.match(raw[low : low + 2])) else split(raw, low, high)
            _walk(raw, fields(block), min(body, high), high, depth + 1, out)
        if inside:
            return
    out.append(leaf(head, start, end))


def _pieces(raw: bytes, boundary: bytes, start: int, end: int) -> Iterator[tuple[int, int]]:
    """Where the pieces between the boundary lines begin and end; a missing last boundary ends at the end."""
    mark = b"--" + boundary
    low, tries = -1, 0
    at = raw.find(mark, start, end)
    while at >= 0 and tries < MARK_LIMIT:
        tries += 1
        after = at + len(mark)
        line = raw.find(b"\n", after, min(end, after + LINE_LIMIT))
        rest = raw[after : line if line >= 0 else min(end, after + LINE_LIMIT)].strip()
        # The boundary of another part may begin with ours: only the whole line counts.
        if (at == start or raw[at - 1 : at] in (b"\n", b"\r")) and rest in (b"", b"--"):
            if low >= 0:
                yield low, max(low, at - (2 if raw[at - 2 : at] == b"\r\n" else 1))
            if rest or line < 0:
                return
            low = line + 1
        at = raw.find(mark, after, end)
    if low >= 0:
        yield low, end

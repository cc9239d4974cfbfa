"""What to fetch of a large letter: its parts by BODYSTRUCTURE (RFC 3501 6.4.5), with only as much of each as is read."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise, takewhile
from typing import Final

from bot.mailbox.headers import HEADER_LIMIT, fields, split
from bot.mailbox.imap_syntax import Value, body
from bot.mailbox.letter import ATTACHED, STATUS, Piece, wanted
from bot.mailbox.parts import DEPTH_LIMIT, PART_LIMIT, Part, boundary_of, parts

TEXTS: Final = ("text/plain", "text/html")
MARK: Final = 210  # bytes of a boundary line of which only the beginning is seen
MIME: Final = HEADER_LIMIT + 1_000  # bytes of a part's header block, of which no more is read
LIKELY_EMPTY: Final = 256  # bytes: a plain text so short may be only white space, and then the HTML is read


@dataclass(frozen=True, slots=True)
class Section:
    """A part that holds no others, by its number (RFC 3501 6.4.5; "TEXT" for a letter's only one).

    `octets`: how long its body is, as the server says; `size`: how much of it is looked at.
    """

    number: str
    octets: int
    size: int = 0

    @property
    def asked(self) -> list[str]:
        """What a FETCH asks for it: one byte more than is read tells whether there is more."""
        head = [] if self.number == "TEXT" else [f"BODY.PEEK[{self.number}.MIME]<0.{MIME}>"]
        return [*head, *([f"BODY.PEEK[{self.number}]<0.{self.size + 1}>"] if self.size else [])]


@dataclass(frozen=True, slots=True)
class Plan:
    """A letter's parts in order, and those that hold the parts; `octets`: about how many will come."""

    sections: tuple[Section, ...]
    holders: tuple[str, ...]
    octets: int

    @property
    def asked(self) -> str:
        """The items of a FETCH."""
        return " ".join(
            ["UID", *(f"BODY.PEEK[{one}.MIME]<0.{MIME}>" for one in self.holders), *(a for one in self.sections for a in one.asked)]
        )


def plan(structure: Value) -> Plan | None:
    """What to fetch of a letter with this BODYSTRUCTURE; None when it is odd and the letter is better fetched whole."""
    leaves: list[tuple[str, list[Value]]] = []
    holders: list[str] = []
    if not isinstance(structure, list) or not _walk(structure, "", 0, leaves, holders) or not 0 < len(leaves) <= PART_LIMIT:
        return None
    marks = sorted(_boundaries(structure, 0))
    if any(after.startswith(before) for before, after in pairwise(marks)):  # whose a boundary line is could be seen in two ways
        return None
    described = [(number, part) for number, leaf in leaves if (part := _described(leaf)) is not None]
    if len(described) != len(leaves):
        return None
    first = {kind: next((number for number, part in described if part.kind == kind and not part.attached), "") for kind in TEXTS}
    short = all(part.end < LIKELY_EMPTY for number, part in described if number == first["text/plain"])
    texts = {first["text/plain"], *([first["text/html"]] if short else [])}
    sections = tuple(
        Section(number, part.end, wanted(part) if number in texts or part.kind in STATUS | ATTACHED else 0) for number, part in described
    )
    octets = sum(min(section.size, section.octets) for section in sections)
    return Plan(sections, tuple(holders), octets + 1_000 * len(sections))


def _walk(node: list[Value], number: str, depth: int, leaves: list[tuple[str, list[Value]]], holders: list[str]) -> bool:
    """Whether the structure is one that our own reading of the letter would surely give too."""
    if not node or depth > DEPTH_LIMIT:
        return False
    if not isinstance(node[0], list):
        leaves.append((number or "TEXT", node))
        return True
    if number:
        holders.append(number)
    children = [one for one in takewhile(lambda one: isinstance(one, list), node) if isinstance(one, list)]
    return depth < DEPTH_LIMIT and all(
        _walk(child, f"{number}.{n}" if number else str(n), depth + 1, leaves, holders) for n, child in enumerate(children, 1)
    )


def _boundaries(node: list[Value], depth: int) -> list[bytes]:
    """Every boundary that is announced anywhere, in letters inside the letter too."""
    out: list[bytes] = []
    for before, value in pairwise([None, *node]):
        if isinstance(value, list) and depth < 3 * DEPTH_LIMIT:
            out += _boundaries(value, depth + 1)
        elif isinstance(before, bytes) and before.lower() == b"boundary" and isinstance(value, bytes):
            out.append(value)
    return out


def _described(leaf: list[Value]) -> Part | None:
    """What the server says of a part; only to decide what to fetch, for its headers are read by our own code."""
    if len(leaf) < 7 or not isinstance(leaf[0], bytes) or not isinstance(leaf[1], bytes):
        return None
    kind = (leaf[0] + b"/" + leaf[1]).decode("ascii", "replace").lower()
    encoding = leaf[5].decode("ascii", "replace").lower() if isinstance(leaf[5], bytes) else ""
    octets = int(leaf[6]) if isinstance(leaf[6], bytes) and leaf[6].isdigit() and len(leaf[6]) < 12 else -1
    attached = any(isinstance(v, list) and v and isinstance(v[0], bytes) and v[0].lower() == b"attachment" for v in leaf[7:])
    return Part(kind, "", encoding, attached, 0, octets) if octets >= 0 else None


def pieces(told: Mapping[bytes, Value], chosen: Plan, beginning: bytes) -> list[Piece] | None:
    """The letter's parts out of the answer, or None where the server's view of them is not ours: then only the whole letter tells.

    beginning: the letter's first bytes, its whole header block among them.
    """
    block, start = split(beginning)
    holders = [fields(split(body(told, f"{one}.MIME".encode()) or b"")[0]) for one in chosen.holders]
    top = fields(block)
    if bool(boundary_of(top)) != (chosen.sections[0].number != "TEXT") or not all(boundary_of(head) for head in holders):
        return None
    out: list[Piece] = []
    for section in chosen.sections:
        header = block + b"\n\n" if section.number == "TEXT" else body(told, f"{section.number}.MIME".encode())
        content = body(told, section.number.encode()) if section.size else b""
        if header is None or content is None:
            return None
        out.append(Piece(header, content[: section.size], len(content) > section.size))
    ours = [piece.part() for piece in out]
    if any(boundary_of(fields(split(piece.header)[0])) for piece in out) or not _enough(ours, out, chosen.sections):
        return None
    return out if _alike(parts(beginning, top, start), ours, out, chosen.sections, beginning) else None


def _enough(ours: Sequence[Part], got: Sequence[Piece], sections: Sequence[Section]) -> bool:
    """Whether everything was fetched that our own reading of the headers asks for."""
    first = {kind: next((n for n, part in enumerate(ours) if part.kind == kind and not part.attached), -1) for kind in TEXTS}
    needed = {n for n, part in enumerate(ours) if part.kind in STATUS | ATTACHED} | set(first.values()) - {-1}
    plain = first["text/plain"]
    if plain >= 0 and ours[plain].content(got[plain].content, LIKELY_EMPTY)[0].strip():
        needed.discard(first["text/html"])
    return all(sections[n].size >= wanted(ours[n]) for n in needed)


def _alike(seen: Sequence[Part], ours: Sequence[Part], got: Sequence[Piece], sections: Sequence[Section], beginning: bytes) -> bool:
    """Whether the parts in the letter's first bytes, found by our own code, are those that the server told of.

    The last part that is seen may be cut, its headers and the boundary after it too.
    """
    ended = len(beginning) - MARK  # a last part that ends before this was not cut: nothing comes after it
    if len(seen) > len(ours) or (seen and seen[-1].end < ended and len(seen) < len(ours)):
        return False
    for n, (one, other) in enumerate(zip(seen, ours, strict=False)):
        cut = one.end >= ended
        length = one.end - one.start
        content = got[n].content
        both = min(len(content), length)
        if content[:both] != beginning[one.start : one.start + both]:
            return False
        if _told(one) != _told(other) or (length > sections[n].octets + MARK if cut else length != sections[n].octets):
            return False
        if content and not got[n].more and len(content) != sections[n].octets:
            return False
    return True


def _told(part: Part) -> tuple[str, str, str, bool, str]:
    return part.kind, part.charset, part.encoding, part.attached, part.name

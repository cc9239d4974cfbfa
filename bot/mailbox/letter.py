"""A received letter: from bytes that anybody may have made to the little that the program may know. Every backend reads with this."""

import hashlib
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final, TypeVar

from bot.mailbox import address, encoded, text
from bot.mailbox.base import Letter, LetterId, Unreadable
from bot.mailbox.headers import HEADER_LIMIT, Fields, fields, first, parameters, split, value_of
from bot.mailbox.parts import BLANK, Part, leaf, parts
from rules import automatic

T = TypeVar("T")
Strings = tuple[str, ...]

HEADER_CUT: Final = 998  # characters of one header that is kept, RFC 5322 2.1.1
HEADER_COUNT: Final = 20  # headers of one name that are kept
CONCERN_BYTES: Final = 65_536
# A file is a letter when it has one of these; every mail server writes some of them.
TELLING: Final = frozenset(
    {"content-type", "date", "delivered-to", "from", "message-id", "mime-version", "received", "return-path", "sender", "subject", "to"}
)
# Of these only that they are there matters, and their values may hold names.
PRESENCE: Final = frozenset({"in-reply-to", "list-id", "list-post", "list-unsubscribe", "references", "x-failed-recipients"})
STATUS: Final = frozenset({"message/delivery-status", "message/global-delivery-status"})
ATTACHED: Final = frozenset(
    {"message/rfc822", "message/global", "text/rfc822-headers", "message/global-headers", "message/disposition-notification"}
)
STATED_ID: Final = re.compile(rb"^[A-Za-z-]{0,40}message-id:([^\n]{0,998}(?:\n[ \t][^\n]{0,998})?)", re.IGNORECASE | re.MULTILINE)
ACTION: Final = re.compile(rb"^action:[ \t]*([a-z]{1,20})", re.IGNORECASE | re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Piece:
    """One part of a letter that was not fetched whole: its own header block, the beginning of its body, and whether the body goes on.

    A body that goes on must be at least as long as `wanted` says for the part.
    """

    header: bytes
    content: bytes = b""
    more: bool = False

    def part(self, start: int = 0) -> Part:
        """What the headers say of it, its body beginning at `start`."""
        # A part may begin with the blank line at once: then it has no headers (RFC 2046 5.1).
        block = b"" if BLANK.match(self.header[:2]) else split(self.header)[0]
        return leaf(fields(block), start, start + len(self.content) + self.more)


def parse(id: LetterId, raw: bytes, received: datetime) -> Letter | Unreadable:
    """The letter in these bytes, whatever they hold: nothing is raised, and a field that cannot be read is empty.

    received: when the mailbox got it, UTC; the letter's own Date is never trusted. Unreadable's reason is `empty` (nothing, or only zeros
    and white space), `no_header` (no header that mail has) or `damaged`. The time grows no faster than the length.
    """
    try:
        if not raw.strip(b"\0 \t\r\n"):
            return Unreadable(id, "empty", fingerprint(raw))
        block, start = split(raw)
        head = fields(block)
        if TELLING.isdisjoint(head):
            return Unreadable(id, "no_header", fingerprint(raw))
        pieces: Sequence[Part] = _guard((), lambda: tuple(parts(raw, head, start)))
        return _letter(id, raw, pieces, head, received, lambda: fingerprint(raw))
    except Exception:  # the one guard per letter: the next one must be read whatever is wrong here
        return Unreadable(id, "damaged", fingerprint(raw))


def assemble(id: LetterId, beginning: bytes, pieces: Sequence[Piece], received: datetime) -> Letter | Unreadable:
    """The same letter as `parse` gives, out of its beginning (with the whole header block) and its parts in order, as far as wanted."""
    try:
        head = fields(split(beginning)[0])
        if TELLING.isdisjoint(head):
            return Unreadable(id, "no_header", fingerprint(beginning))
        found: list[Part] = []
        start = 0
        for piece in pieces:
            found.append(piece.part(start))
            start += len(piece.content)
        raw = b"".join(piece.content for piece in pieces)
        return _letter(id, raw, found, head, received, lambda: fingerprint(beginning))
    except Exception:
        return Unreadable(id, "damaged", fingerprint(beginning))


def wanted(part: Part) -> int:
    """How many bytes of a part's body, as they stand in the letter, are read at most; 0 when it is not looked into."""
    times = {"base64": 2, "quoted-printable": 3}.get(part.encoding, 1)
    if part.kind in STATUS | ATTACHED:
        return times * CONCERN_BYTES
    return 0 if part.attached else times * {"text/plain": text.PLAIN_BYTES, "text/html": text.HTML_BYTES}.get(part.kind, 0)


def _letter(id: LetterId, raw: bytes, pieces: Sequence[Part], head: Fields, received: datetime, mark: Callable[[], str]) -> Letter:
    nothing: tuple[Strings, Strings] = ((), ())
    actions, concerns = _guard(nothing, lambda: _concerns(raw, pieces))
    message_id = _guard("", lambda: next(iter(address.message_ids(head.get("message-id", ())[:1], 1)), ""))
    sender = _guard(None, lambda: address.sender(head.get("from", ())))
    bare: dict[str, Strings] = {}
    kept = _guard(bare, lambda: _kept(head, sender))
    return Letter(
        id=id,
        subject=_guard("", lambda: encoded.one_line(encoded.words(first(head, "subject")))),
        sender=sender,
        received=received,
        message_id=message_id,
        headers=kept | ({"action": actions} if actions else {}),
        answers=_guard((), lambda: _answers(head)),
        concerns=concerns,
        body=_guard("", lambda: text.body(raw, pieces)),
        fingerprint=message_id or mark(),
        files=tuple(ending for part in pieces if (ending := ending_of(part.name))),
    )


def fingerprint(raw: bytes) -> str:
    """What a letter keeps when it is moved: its Message-ID, else a hash of its header block. `raw` may be the header block alone."""
    block, _ = split(raw[: 2 * HEADER_LIMIT])
    nothing: Strings = ()
    stated = _guard(nothing, lambda: address.message_ids(fields(block).get("message-id", ())[:1], 1))
    return next(iter(stated), "") or f"headers:{hashlib.sha256(block).hexdigest()[:40]}"


def ending_of(name: str) -> str:
    """The ending of a file's name in lower case with its dot, ".csv"; "" when it has none of at most five letters and figures."""
    found = re.search(r"\.[A-Za-z0-9]{1,5}\Z", name)
    return found[0].lower() if found else ""


def attached(raw: bytes, suffixes: Sequence[str], limit: int) -> list[tuple[str, bytes]]:
    """The attached files whose names end so (in lower case, with the dot): ending and content, at most `limit` bytes each.

    A file that is larger is cut, so that its reader finds it damaged.
    """
    block, start = split(raw)
    found = [(part, ending_of(part.name)) for part in parts(raw, fields(block), start)]
    return [(suffix, part.content(raw, limit)[0]) for part, suffix in found if suffix in suffixes]


def _guard(default: T, read: Callable[[], T]) -> T:
    """One guard per field: a letter loses the field that cannot be read, not the others."""
    try:
        return read()
    except Exception:
        return default


def _kept(head: Fields, sender: str | None) -> dict[str, Strings]:
    """What `rules.automatic` asks about, without names: of From only the checked address, or that a mail system wrote it."""
    kept = {
        name: tuple("yes" if name in PRESENCE else encoded.one_line(value)[:HEADER_CUT] for value in head[name][:HEADER_COUNT])
        for name in sorted(automatic.HEADERS & head.keys() - {"from", "action", "content-type"})
    }
    author = sender or address.robot(head.get("from", ()))
    content_type = first(head, "content-type")  # its other parameters may be a file's name
    report = encoded.one_line(parameters(content_type).get("report-type", ""))[:40]
    kind = encoded.one_line(value_of(content_type))[:100] + (f"; report-type={report}" if report else "")
    return kept | ({"content-type": (kind,)} if kind else {}) | ({"from": (author,)} if author else {})


def _answers(head: Fields) -> Strings:
    """In-Reply-To, then References with the nearest first: of a long thread the latest letters are kept."""
    nearest = reversed(address.message_ids(head.get("references", ())[:1], limit=10_000))
    return address.message_ids((*head.get("in-reply-to", ())[:1], *nearest))


def _concerns(raw: bytes, pieces: Sequence[Part]) -> tuple[Strings, Strings]:
    """The Action words of a delivery status (RFC 3464 2.3.3), and the Message-IDs that status parts and attached letters name."""
    actions: list[str] = []
    stated: list[str] = []
    for part in pieces:
        if part.kind in STATUS | ATTACHED:
            content, _ = part.content(raw, CONCERN_BYTES)
            if part.kind in STATUS:
                block = content.replace(b"\r\n", b"\n")
                actions += [found.decode("ascii").lower() for found in ACTION.findall(block)]
            else:
                block = split(content)[0]
            stated += [encoded.guess(found.replace(b"\n", b"")) for found in STATED_ID.findall(block)]
    return tuple(dict.fromkeys(actions))[:HEADER_COUNT], address.message_ids(stated)

"""The grammar of IMAP answers (RFC 3501 9): nested values out of what imaplib gives, and sets of UIDs. Hostile answers raise ValueError."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Final, TypeAlias

Value: TypeAlias = "bytes | list[Value] | None"
Chunk: TypeAlias = bytes | tuple[bytes, bytes]

TOKEN: Final = re.compile(rb'([()])|"((?:[^"\\]|\\.)*)"|((?:[^\s()"\[]|\[[^\]]*\])+)')
ESCAPED: Final = re.compile(rb"\\(.)")
RANGE: Final = re.compile(rb"([0-9]{1,10})(?::([0-9]{1,10}))?")
DATE: Final = re.compile(rb" ?([0-9]{1,2})-([A-Za-z]{3})-([0-9]{4}) ([0-9]{2}):([0-9]{2}):([0-9]{2}) ([+-])([0-9]{2})([0-9]{2})")
MONTHS: Final = (b"jan", b"feb", b"mar", b"apr", b"may", b"jun", b"jul", b"aug", b"sep", b"oct", b"nov", b"dec")
EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
DEPTH_LIMIT: Final = 60
UID_LIMIT: Final = 500_000


def responses(data: Iterable[Chunk | None]) -> Iterator[list[Chunk]]:
    """One list a response: imaplib gives text before a literal and the literal as a pair, and ends each response with a plain text."""
    group: list[Chunk] = []
    for item in data:
        if item is not None:
            group.append(item)
            if isinstance(item, bytes):
                yield group
                group = []


def values(chunks: Iterable[Chunk]) -> list[Value]:
    """The values of one response: strings and atoms as bytes, NIL as None, what stands in parentheses as a list."""
    root: list[Value] = []
    stack = [root]
    for chunk in chunks:
        text, literal = chunk if isinstance(chunk, tuple) else (chunk, None)
        if literal is not None:
            text = text[: text.rfind(b"{")]
        for token in TOKEN.finditer(text):
            mark, quoted, atom = token.groups()
            if mark == b"(":
                if len(stack) > DEPTH_LIMIT:
                    raise ValueError("too deep")
                inner: list[Value] = []
                stack[-1].append(inner)
                stack.append(inner)
            elif mark:
                if len(stack) > 1:
                    stack.pop()
            elif quoted is not None:
                stack[-1].append(ESCAPED.sub(rb"\1", quoted) if b"\\" in quoted else quoted)
            else:
                stack[-1].append(None if atom.upper() == b"NIL" else atom)
        if literal is not None:
            stack[-1].append(literal)
    return root


def fetched(data: Iterable[Chunk | None]) -> dict[int, dict[bytes, Value]]:
    """What a FETCH gave, by UID; an answer without a UID is news of flags and passed over (RFC 3501 7.4.2)."""
    found: dict[int, dict[bytes, Value]] = {}
    for chunks in responses(data):
        parts = values(chunks)
        items = parts[1] if len(parts) > 1 and isinstance(parts[1], list) else []
        told = {name.upper(): value for name, value in zip(items[::2], items[1::2], strict=False) if isinstance(name, bytes)}
        uid = told.get(b"UID")
        if isinstance(uid, bytes) and uid.isdigit() and len(uid) <= 10:
            found.setdefault(int(uid), {}).update(told)
    return found


def body(told: Mapping[bytes, Value], section: bytes = b"") -> bytes | None:
    """The bytes of one section out of a FETCH, whole or its beginning; None when the server had none."""
    name = b"BODY[" + section.upper() + b"]"
    for key, value in told.items():
        if key == name or key.startswith(name + b"<"):
            return value if isinstance(value, bytes) else None
    return None


def received(told: Mapping[bytes, Value]) -> datetime:
    """INTERNALDATE in UTC; 1970 when it cannot be read."""
    written = told.get(b"INTERNALDATE")
    found = DATE.fullmatch(written) if isinstance(written, bytes) else None
    if not found:
        return EPOCH
    try:
        month = MONTHS.index(found[2].lower()) + 1
        offset = timedelta(hours=int(found[8]), minutes=int(found[9]))
        local = datetime(int(found[3]), month, int(found[1]), int(found[4]), int(found[5]), int(found[6]), tzinfo=UTC)
        return local - offset if found[7] == b"+" else local + offset
    except (ValueError, OverflowError):
        return EPOCH


def uid_set(uids: Iterable[int]) -> str:
    """As a command names them, neighbours as a range: "1:3,7"."""
    out: list[str] = []
    low = high = 0
    for uid in sorted(set(uids)):
        if high and uid == high + 1:
            high = uid
            continue
        if high:
            out.append(f"{low}:{high}" if high > low else f"{low}")
        low = high = uid
    return ",".join([*out, f"{low}:{high}" if high > low else f"{low}"] if high else out)


def expand(text: bytes) -> list[int]:
    """The UIDs of a set in the order written; a range may be written backwards. At most half a million, or ValueError."""
    out: list[int] = []
    for found in RANGE.finditer(text):
        low, high = int(found[1]), int(found[2] or found[1])
        step = 1 if high >= low else -1
        if len(out) + abs(high - low) >= UID_LIMIT:
            raise ValueError("too many")
        out += range(low, high + step, step)
    return out


def quoted(name: bytes) -> bytes:
    """A string for a command. ValueError where it would end the line."""
    if re.search(rb"[\r\n\0]", name):
        raise ValueError("line end")
    return b'"' + name.replace(b"\\", b"\\\\").replace(b'"', b'\\"') + b'"'


def flags(value: Value) -> frozenset[bytes]:
    """Flags and attributes in lower case."""
    return frozenset(flag.lower() for flag in value if isinstance(flag, bytes)) if isinstance(value, list) else frozenset()


def numbers(value: Value) -> dict[bytes, int]:
    """The pairs of a STATUS answer (RFC 3501 7.2.4)."""
    items: Sequence[Value] = value if isinstance(value, list) else ()
    return {
        name.upper(): int(number)
        for name, number in zip(items[::2], items[1::2], strict=False)
        if isinstance(name, bytes) and isinstance(number, bytes) and number.isdigit() and len(number) < 20
    }

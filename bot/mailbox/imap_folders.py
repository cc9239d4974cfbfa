"""Which folder of the server is which of ours: under the inbox or at the top, Sent and Trash under the server's own names."""

import unicodedata
from collections.abc import Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from typing import Final

from imap_tools.imap_utf7 import utf7_decode, utf7_encode

from bot.mailbox.base import Folder
from bot.mailbox.imap_faults import Refused
from bot.mailbox.imap_session import Session
from bot.mailbox.imap_syntax import Value, flags, quoted, responses, values

DELETED: Final = "Borttaget"
INBOX: Final = b"INBOX"
UNUSABLE: Final = frozenset({b"\\noselect", b"\\nonexistent"})


@dataclass(frozen=True, slots=True)
class Found:
    """A folder as the server names it; `plain` is what staff see, with its path."""

    wire: bytes
    plain: str
    attributes: frozenset[bytes]


@dataclass(frozen=True, slots=True)
class Layout:
    """The folders of ours that are there, by the server's names, the one for deleted letters, and where new ones are to be made."""

    names: Mapping[Folder, bytes]
    trash: bytes | None
    bases: tuple[str, ...]

    def folder_of(self, wire: bytes) -> Folder | None:
        """Which of ours it is."""
        return next((folder for folder, name in self.names.items() if name == wire), None)

    @property
    def missing(self) -> tuple[Folder, ...]:
        """Ours that are not there."""
        return tuple(folder for folder in Folder if folder not in self.names)


def plain(wire: bytes) -> str:
    """The name that staff see: modified UTF-7 (RFC 3501 5.1.3), or UTF-8 where a server sends that; what is neither stays readable."""
    if not wire.isascii():
        return unicodedata.normalize("NFC", wire.decode("utf-8", "backslashreplace"))
    try:
        return unicodedata.normalize("NFC", utf7_decode(wire))
    except (ValueError, IndexError):
        return wire.decode("ascii")


def look_up(session: Session) -> Layout:
    """Ask for the folders: inbox, what lies directly under it, and the top. Raises Refused, Lost."""
    prefix, separator = _personal(session)
    patterns = dict.fromkeys([INBOX, INBOX + separator + b"%", prefix + b"%"] if separator else [INBOX, b"%"])
    found = _list(session, list(patterns))
    special = [one for one in found if one.attributes & {b"\\sent", b"\\trash"}]
    if "SPECIAL-USE" in session.capabilities and "LIST-EXTENDED" in session.capabilities and len(special) < 2:
        special += _entries(session.run("LIST", "(SPECIAL-USE)", '""', '"*"').get("LIST", []))  # they may lie deeper
    under, top = plain(INBOX + separator), plain(prefix)
    return _arranged(found, special, tuple(dict.fromkeys((under, top) if separator else (top,))))


def _arranged(found: Iterable[Found], special: Iterable[Found], bases: tuple[str, ...]) -> Layout:
    """Under the inbox before the top, where both have a folder. New ones are made where most of ours are, else at the top if allowed."""
    by_name = {("INBOX" + one.plain[5:] if one.plain[:6].upper().startswith("INBOX") else one.plain): one for one in found}
    sent = next((one.wire for one in special if b"\\sent" in one.attributes), None)
    trash = next((one.wire for one in special if b"\\trash" in one.attributes), None)
    names: dict[Folder, bytes] = {Folder.INBOX: INBOX}
    homes: list[str] = []
    for folder in Folder:
        for base in bases:
            if folder not in names and (one := by_name.get(base + folder.value)):
                names[folder] = one.wire
                homes.append(base)
    if sent is not None:
        names[Folder.SENT] = sent
    if trash is None:
        trash = next((by_name[base + DELETED].wire for base in bases if base + DELETED in by_name), None)
    first = max(bases, key=homes.count) if homes else bases[-1]
    return Layout(names, trash, (first, *(base for base in bases if base != first)))


def make(session: Session, layout: Layout, name: str) -> None:
    """Make a folder beside the others, or under the inbox where the server allows no other place, and show it in mail programs."""
    for base in layout.bases:
        wire = quoted(utf7_encode(base + name))
        try:
            session.run("CREATE", wire)
        except Refused as refused:
            if refused.code == "ALREADYEXISTS":
                return
            if base == layout.bases[-1]:
                raise
            continue
        with suppress(Refused):
            session.run("SUBSCRIBE", wire)
        return


def _personal(session: Session) -> tuple[bytes, bytes]:
    """The prefix of the account's own folders and the separator (RFC 2342), b"" for a server without a hierarchy."""
    if "NAMESPACE" in session.capabilities:
        for chunks in responses(session.run("NAMESPACE").get("NAMESPACE", [])):
            spaces = values(chunks)
            first = spaces[0][0] if spaces and isinstance(spaces[0], list) and spaces[0] else None
            if isinstance(first, list) and len(first) > 1 and isinstance(first[0], bytes):
                return first[0], first[1] if isinstance(first[1], bytes) else b""
    for chunks in responses(session.run("LIST", '""', '""').get("LIST", [])):
        parts = values(chunks)
        return b"", parts[1] if len(parts) > 1 and isinstance(parts[1], bytes) else b""
    return b"", b""


def others(session: Session) -> list[tuple[bytes, bytes]]:
    """Prefix and separator of the places where other people's folders would be seen (RFC 2342)."""
    if "NAMESPACE" not in session.capabilities:
        return []
    out = []
    for chunks in responses(session.run("NAMESPACE").get("NAMESPACE", [])):
        for space in values(chunks)[1:3]:
            for one in space if isinstance(space, list) else []:
                if isinstance(one, list) and len(one) > 1 and isinstance(one[0], bytes) and isinstance(one[1], bytes):
                    out.append((one[0], one[1]))
    return out


def _list(session: Session, patterns: list[bytes]) -> list[Found]:
    if "LIST-EXTENDED" in session.capabilities:  # RFC 5258: one command for all patterns
        special = [b"RETURN (SPECIAL-USE)"] if "SPECIAL-USE" in session.capabilities else []
        got = session.run("LIST", '""', b"(" + b" ".join(quoted(one) for one in patterns) + b")", *special)
        return _entries(got.get("LIST", []))
    return [one for pattern in patterns for one in _entries(session.run("LIST", '""', quoted(pattern)).get("LIST", []))]


def _entries(data: Iterable[bytes | tuple[bytes, bytes]]) -> list[Found]:
    out: dict[bytes, Found] = {}
    for chunks in responses(data):
        parts: list[Value] = values(chunks)
        if len(parts) > 2 and isinstance(parts[2], bytes) and not set(b"\r\n\0") & set(parts[2]):
            attributes = flags(parts[0])
            if not attributes & UNUSABLE:
                out.setdefault(parts[2], Found(parts[2], plain(parts[2]), attributes))
    return list(out.values())

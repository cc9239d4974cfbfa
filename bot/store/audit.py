"""The audit trail: append-only entries in a chain of hashes, so that a changed, dropped or cut-off entry shows.

An entry's `digest` is that of its salted contents; its `hash` is that of the former entry's hash, its own columns and its digest. The
contents can be forgotten (set to nothing, with their salt, without which the digest tells nobody anything) and the chain still holds.
New entries continue from the head that `setting` remembers, never from the table, so that what was cut off leaves a gap for good.
"""

import json
import secrets
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from hashlib import sha256
from typing import Any

from sqlalchemy import Connection, Row, func, select, update

from bot.store.bulk import insert_many, plain_instant
from bot.store.jobs import recall, remember
from bot.store.rows import chunks
from bot.store.schema import audit

BY_PERSONS = (
    "added",
    "closed",
    "reopened",
    "corrected",
    "provisional",
    "reported",
    "reported_to_ivo",
    "postponed",
    "settled",
    "taken_back",
)
"""What people do to a row, by hand or by letter; the other words are an import's or its undoing's."""

REMOVED = "removed"  # a row is gone; its id may be given to another later
_SHORT = 12  # hex digits of the head that people compare
_HEAD, _COUNT = "audit_head", "audit_count"
_encode = json.JSONEncoder(sort_keys=True).encode  # one encoder for all: `json.dumps` would make one for each entry
c = audit.c


@dataclass(frozen=True, slots=True)
class Note:
    """What is to be entered: one word, the row, and the contents (JSON values), which can be forgotten later."""

    what: str
    row: int | None
    contents: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Noted:
    """An entry as it stands in the trail. `contents` is None when it was forgotten."""

    number: int
    at: datetime
    who: str
    what: str
    contents: Mapping[str, Any] | None


@dataclass(frozen=True, slots=True)
class Verified:
    """The trail is whole: how many entries, how many of them without their contents, and the head."""

    entries: int
    forgotten: int
    head: str


@dataclass(frozen=True, slots=True)
class Broken:
    """The first entry at which the trail is not as it was written, and why, in words that follow "entry N"."""

    number: int
    why: str


def write(tx: Connection, now: datetime, who: str, notes: Iterable[Note]) -> int:
    """Appends entries, all at the same instant and by the same hand; gives the last one's number. `notes` may be made on the way."""
    number, hash_ = int(recall(tx, _COUNT) or 0), recall(tx, _HEAD)
    if not hash_:  # what was remembered is gone: the chain is not mended, and `verify` finds the seam
        number = tx.execute(select(func.max(c.number))).scalar() or 0
    before, at, stored = number, now.astimezone(UTC).isoformat(), plain_instant(now)

    salts = _salts()

    def entries() -> Iterator[tuple[Any, ...]]:
        nonlocal number, hash_
        for note in notes:
            number += 1
            contents = _encode(dict(note.contents))
            salt = next(salts)
            digest = _digest(salt, contents)
            hash_ = _hash(hash_, number, at, who, note.what, note.row, digest)
            yield number, stored, who, note.what, note.row, contents, salt, digest, hash_

    insert_many(tx, audit, tuple(column.name for column in c), entries())
    if number > before:
        remember(tx, _COUNT, str(number))
        remember(tx, _HEAD, hash_)
    return number


def count(tx: Connection) -> int:
    """How many entries were ever written."""
    return int(recall(tx, _COUNT) or 0)


def head(tx: Connection) -> str:
    """The first twelve hex digits of the newest entry's hash; "" when there is none. Kept elsewhere, it proves later what the trail was."""
    return recall(tx, _HEAD)[:_SHORT]


def verify(tx: Connection) -> Verified | Broken:
    """Reads the whole trail and compares it with itself and with the remembered head and count."""
    remembered, count = recall(tx, _HEAD), int(recall(tx, _COUNT) or 0)
    seen = forgotten = 0
    former = ""
    for r in tx.execute(select(audit).order_by(c.number)):
        seen += 1
        if r.number != seen:
            return Broken(seen, "is missing")
        if not _as_written(r, former):
            return Broken(seen, "is not as it was written, or the one before it was exchanged")
        forgotten += r.contents is None
        former = r.hash
    if seen < count:
        return Broken(seen + 1, "is missing, and everything after it")
    if seen > count:
        return Broken(count + 1, "was not written by this program")
    return Verified(seen, forgotten, former[:_SHORT]) if former == remembered else Broken(seen, "is not the one that was written last")


def history(tx: Connection, row_id: int) -> list[Noted]:
    """A row's entries, oldest first; those of a removed row that had the same id are another's."""
    removed = select(func.max(c.number)).where(c.row_id == row_id, c.what == REMOVED).scalar_subquery()
    query = select(audit).where(c.row_id == row_id, c.number > func.coalesce(removed, 0)).order_by(c.number)
    return [Noted(r.number, r.at, r.who, r.what, json.loads(r.contents) if r.contents else None) for r in tx.execute(query)]


def touched_since(tx: Connection, number: int) -> set[int]:
    """The rows that people have changed, by hand or by letter, after an entry."""
    found = tx.execute(select(c.row_id).where(c.number > number, c.what.in_(BY_PERSONS), c.row_id.is_not(None))).scalars()
    return {row_id for row_id in found if row_id is not None}


def forget(tx: Connection, row_ids: Iterable[int]) -> None:
    """Takes the contents of these rows' entries away; that something was done, when and by whom stays, and so does the chain."""
    for chunk in chunks(sorted(set(row_ids))):
        tx.execute(update(audit).where(c.row_id.in_(chunk)).values(contents=None, salt=None))


def _as_written(r: Row[Any], former: str) -> bool:
    whole = (r.contents is None) == (r.salt is None) and (r.contents is None or _digest(r.salt, r.contents) == r.digest)
    return whole and bool(_hash(former, r.number, r.at.astimezone(UTC).isoformat(), r.who, r.what, r.row_id, r.digest) == r.hash)


def _digest(salt: str, contents: str) -> str:
    return sha256(f"{salt}{contents}".encode("utf-8", "surrogatepass")).hexdigest()


def _hash(former: str, number: int, at: str, who: str, what: str, row: int | None, digest: str) -> str:
    said = f"{former}\n{number}\n{at}\n{len(who)}:{who}\n{what}\n{row}\n{digest}"  # each part is told from the next, whatever it holds
    return sha256(said.encode("utf-8", "surrogatepass")).hexdigest()


def _salts() -> Iterator[str]:
    """Random salts of 128 bits as 32 hex digits; the system is asked for many at once."""
    while True:
        many = secrets.token_hex(16 * 256)
        yield from (many[start : start + 32] for start in range(0, len(many), 32))

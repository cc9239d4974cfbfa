"""Letters out of the inbox: what Graph says of them and their MIME, small ones many at a time, large ones alone.

Sources: https://learn.microsoft.com/en-us/graph/api/message-get, https://learn.microsoft.com/en-us/graph/outlook-get-mime-message,
https://learn.microsoft.com/en-us/graph/json-batching (a body that is no JSON comes in base64)
"""

import base64
import binascii
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Final

from bot.errors import MailboxError
from bot.mailbox.address import message_ids
from bot.mailbox.base import Letter, LetterId, Unreadable
from bot.mailbox.graph_answer import Answer, Json
from bot.mailbox.graph_errors import fault, gone
from bot.mailbox.graph_http import Call, Graph, part
from bot.mailbox.graph_look import FIELDS
from bot.mailbox.letter import fingerprint, parse

TOGETHER: Final = 10  # letters whose particulars and MIME fit in one batch of 20
EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
BOUNDARY: Final = re.compile(
    rb'^content-type:\s*multipart/[^\n]*(?:\n[ \t][^\n]*)*?boundary="?([^"\s;]{1,200})', re.IGNORECASE | re.MULTILINE
)


@dataclass(frozen=True, slots=True)
class Known:
    """What Graph says of a letter. `small`: it has no attached files, so that its MIME fits among others in an answer."""

    folder: str
    received: datetime
    message_id: str
    small: bool


def known(row: Json) -> Known:
    """A message's particulars. What is missing or odd is empty."""
    message_id = row.get("internetMessageId")
    found = message_ids([message_id], 1) if isinstance(message_id, str) else ()
    return Known(
        str(row.get("parentFolderId", "")), _instant(row.get("receivedDateTime")), "".join(found), row.get("hasAttachments") is False
    )


def _instant(value: object) -> datetime:
    """A dateTimeOffset, in UTC (https://learn.microsoft.com/en-us/graph/api/resources/message)."""
    try:
        read = datetime.fromisoformat(str(value))
        return read.astimezone(UTC) if read.tzinfo else EPOCH
    except (ValueError, OverflowError):
        return EPOCH


def item(id: LetterId, tail: str = "") -> str:
    """The path of a letter, wherever it lies."""
    return f"/messages/{part(id)}{tail}"


def particulars(graph: Graph, ids: Sequence[LetterId]) -> dict[LetterId, Known]:
    """What Graph says of these letters; those that are gone are left out. Raises MailboxError."""
    answers = graph.batch([Call("GET", item(id, f"?$select={FIELDS}")) for id in ids])
    return {id: known(found.json()) for id, answer in zip(ids, answers, strict=True) if (found := _there(answer)) is not None}


def _there(answer: Answer) -> Answer | None:
    if answer.good:
        return answer
    if gone(answer):
        return None
    raise fault(answer)


def fetch(graph: Graph, inbox: str, ids: Sequence[LetterId], hints: Mapping[LetterId, Known]) -> Iterator[Letter | Unreadable]:
    """These letters, in their order. hints: what the last listing said of them; only which letters are small is taken from it."""
    for start in range(0, len(ids), TOGETHER):
        chunk = ids[start : start + TOGETHER]
        small = [id for id in chunk if id in hints and hints[id].small]
        about_all, bodies = _together(graph, chunk, small)
        for id, answer in zip(chunk, about_all, strict=True):
            found = _there(answer)
            if found is None or (about := known(found.json())).folder != inbox:
                continue  # deleted, or moved by a person
            if (body := bodies.get(id)) is not None and body.status == 429:
                raise fault(body)  # it concerns the mailbox, not this letter
            raw = _decoded(body)
            if raw is None:
                one = _alone(graph, id, about)
                if one is not None:
                    yield one
            else:
                yield _read(id, raw, about)


def _together(graph: Graph, chunk: Sequence[LetterId], small: Sequence[LetterId]) -> tuple[list[Answer], dict[LetterId, Answer]]:
    """Letters' particulars, and the MIME of small ones. When that is too much for the server, the particulars alone."""
    plain = [Call("GET", item(id, f"?$select={FIELDS}")) for id in chunk]
    try:
        answers = graph.batch([*plain, *(Call("GET", item(id, "/$value")) for id in small)])
        heavy = bool(small) and any(answer.status >= 500 and answer.wait is None for answer in answers[: len(chunk)])
    except MailboxError as error:
        if not small or not error.again:
            raise
        heavy = True
    if heavy:
        return graph.batch(plain), {}
    return answers[: len(chunk)], dict(zip(small, answers[len(chunk) :], strict=True))


def _read(id: LetterId, raw: bytes, about: Known) -> Letter | Unreadable:
    return replace(parse(id, raw, about.received), fingerprint=about.message_id or fingerprint(raw))


def _decoded(answer: Answer | None) -> bytes | None:
    """The MIME in a batch's answer; None for anything that is not certainly base64 and whole."""
    if answer is None or answer.status != 200 or not isinstance(answer.body, str):
        return None
    try:
        return base64.b64decode(answer.body, validate=True)
    except (binascii.Error, ValueError):
        return None


def _alone(graph: Graph, id: LetterId, about: Known) -> Letter | Unreadable | None:
    """One letter by itself. When the server gives everything but this, it is this letter that cannot be read; the next one is."""
    try:
        raw = whole(graph, id)
    except MailboxError as error:
        if not error.again or (error.wait or timedelta()) > timedelta():
            raise
        if not particulars(graph, [id]):  # raises when the server gives nothing at all
            return None
        return Unreadable(id, "server", about.message_id, again=True)
    return None if raw is None else _read(id, raw, about)


def whole(graph: Graph, id: LetterId) -> bytes | None:
    """A letter's bytes, or None when it is gone. One that lacks its end is asked for again: an answer may be cut without a word."""
    best = b""
    for _ in range(2):
        answer, raw = graph.mime(item(id, "/$value"))
        if gone(answer):
            return None
        if not answer.good:
            raise fault(answer)
        best = max(best, raw, key=len)
        if _ends(best):
            break
    return best


def _ends(raw: bytes) -> bool:
    """Whether a letter is whole, so far as can be told: its header block ends, and so do its parts (RFC 5322 2.1, RFC 2046 5.1.1)."""
    if b"\r\n\r\n" not in raw and b"\n\n" not in raw:
        return False
    found = BOUNDARY.search(raw[:65_536])
    return found is None or b"--" + found[1] + b"--" in raw

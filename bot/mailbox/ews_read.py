"""Reads letters: many in one question, a large or a broken one by itself."""

import base64
import binascii
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from typing import Final

from bot.errors import MailboxError
from bot.mailbox.address import message_ids
from bot.mailbox.base import Letter, LetterId, Unreadable
from bot.mailbox.ews_batch import DOING, Batches
from bot.mailbox.ews_errors import BUSY, DENIED, GONE, failure
from bot.mailbox.ews_folders import Folders
from bot.mailbox.ews_words import Element, Garbled, Message, field, find, instant, item_ids, shape, words
from bot.mailbox.letter import fingerprint, parse

TOGETHER: Final = 200  # letters in one question
BYTES: Final = 8_000_000  # of letters in one question, by the sizes that the list told
UNKNOWN: Final = 80_000  # what a letter counts whose size is not known: a hundred of them are one question
FAILURES: Final = 2  # calls in one reading that may fail on a suspected letter; then the server is out of reach


class Reader:
    """Reads letters by their ids. `sizes`: what the lists told."""

    def __init__(self, batches: Batches, folders: Folders) -> None:
        self._batches, self._folders = batches, folders
        self._suspects: set[str] = set()  # letters of a question that the server did not come through; each is asked for alone
        self.sizes: Mapping[str, int] = {}

    def fetch(self, ids: Sequence[LetterId]) -> Iterator[Letter | Unreadable]:
        """As the protocol asks."""
        failed = 0
        for chunk in self._chunks(ids):
            try:
                messages = self._ask(chunk, mime=True)
            except MailboxError as error:
                if not error.again or type(error) is not MailboxError:
                    raise
                self._suspects |= set(chunk)
                failed += 1
                if len(chunk) > 1 or error.wait is not None or failed >= FAILURES:
                    raise
                yield Unreadable(chunk[0], "server", again=True)
                continue
            self._suspects -= set(chunk)
            for id, message in zip(chunk, messages, strict=True):
                if (got := self._letter(id, message)) is not None:
                    yield got

    def _chunks(self, ids: Sequence[LetterId]) -> Iterator[list[LetterId]]:
        chunk: list[LetterId] = []
        weight = 0
        for id in ids:
            size = self.sizes.get(id) or UNKNOWN
            if id in self._suspects:
                size = BYTES
            if chunk and (len(chunk) >= TOGETHER or weight + size > BYTES):
                yield chunk
                chunk, weight = [], 0
            chunk.append(id)
            weight += size
        if chunk:
            yield chunk

    def _ask(self, ids: Sequence[LetterId], *, mime: bool) -> list[Message | None]:
        """A message for each: …/web-service-reference/getitem-operation. None where the answer could not be read.

        An answer that cannot be read as a whole is asked for letter by letter: one of them spoils it.
        """

        def parts(some: Sequence[LetterId]) -> Sequence[Element]:
            fields = (field(name) for name in ("item:DateTimeReceived", "item:ParentFolderId", "message:InternetMessageId"))
            return [shape("m:ItemShape", *fields, mime=mime), item_ids(some)]

        try:
            return list(self._batches.each("GetItem", ids, parts))
        except Garbled:
            if len(ids) == 1:
                return [None]
            out: list[Message | None] = []
            for id in ids:
                try:
                    out += self._batches.each("GetItem", [id], parts)
                except Garbled:
                    out.append(None)
            return out

    def _letter(self, id: LetterId, message: Message | None) -> Letter | Unreadable | None:
        """None when the letter is gone, or lies elsewhere on a server whose ids outlive a move."""
        if message is None:
            return Unreadable(id, "garbled", again=True)
        if message.code in GONE:
            return None
        if message.code in DENIED or message.code == "ErrorServerBusy":
            raise failure(message.code, DOING["GetItem"], wait=message.wait)
        if not message.good:
            return Unreadable(id, "server", again=message.code in BUSY or message.code == "ErrorInternalServerError")
        item = message.first("m:Items")
        if item is None:
            return Unreadable(id, "no_content")
        parent = find(item, "t:ParentFolderId")
        if parent is not None and parent.get("Id") and parent.get("Id") != self._folders.known.standard["inbox"]:
            return None
        mime = mime_of(item)
        if mime is None:
            return Unreadable(id, "no_content", _lasting(item, b""))
        received = instant(words(item, "t:DateTimeReceived")) or datetime.fromtimestamp(0, UTC)
        return replace(parse(id, mime, received), fingerprint=_lasting(item, mime))

    def fingerprints(self, ids: Sequence[LetterId]) -> Mapping[LetterId, str]:
        """The Message-IDs that the server holds; the letters that have none are read."""
        out: dict[LetterId, str] = {}
        nameless: list[LetterId] = []
        for mime, wanted in ((False, ids), (True, nameless)):
            for chunk in self._chunks(wanted) if mime else _cut(wanted):
                for id, message in zip(chunk, self._ask(chunk, mime=mime), strict=True):
                    item = message.first("m:Items") if message is not None and message.good else None
                    if message is None:
                        raise Garbled("The Exchange server's answer cannot be read; it is asked again later.", again=True)
                    if item is None:
                        if message.code not in GONE:
                            self._batches.need("GetItem", message)
                        continue
                    if mark := _lasting(item, mime_of(item) or b"" if mime else None):
                        out[id] = mark
                    else:
                        nameless.append(id)
        return {id: out[id] for id in ids if id in out}

    def raw(self, id: LetterId) -> bytes | None:
        """A letter's bytes, wherever it lies; None when it is gone."""
        (message,) = self._ask([id], mime=True)
        if message is None:
            raise Garbled("The Exchange server's answer cannot be read; it is asked again later.", again=True)
        if message.code in GONE:
            return None
        item = self._batches.need("GetItem", message).first("m:Items")
        return mime_of(item) if item is not None else None


def _cut(ids: Sequence[LetterId]) -> Iterator[Sequence[LetterId]]:
    return (ids[at : at + TOGETHER] for at in range(0, len(ids), TOGETHER))


def _lasting(item: Element, mime: bytes | None) -> str:
    """What the letter keeps when it is moved; "" when the server has no Message-ID and the bytes (None) are not at hand."""
    held = next(iter(message_ids((words(item, "t:InternetMessageId"),), 1)), "")
    return held or ("" if mime is None else fingerprint(mime))


def mime_of(item: Element) -> bytes | None:
    """The letter's bytes (…/web-service-reference/mimecontent); None when there are none, as for a contact."""
    found = find(item, "t:MimeContent")
    if found is None:
        return None
    try:
        return base64.b64decode(found.text or "")
    except (binascii.Error, ValueError):
        return None

"""Counts what is asked of the mailbox, by call, and what fails."""

import threading
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TypeVar

from bot.errors import MailboxError
from bot.mailbox.base import Folder, Letter, LetterId, Mailbox, OutgoingMail, Receipt, Trial, Unreadable

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Counts:
    """How often each call was made, and how often it failed, since the start."""

    calls: Counter[str] = field(default_factory=Counter)
    errors: Counter[str] = field(default_factory=Counter)
    lock: threading.Lock = field(default_factory=threading.Lock)

    def note(self, call: str, *, failed: bool = False) -> None:
        """One call more, or that it failed."""
        with self.lock:
            (self.errors if failed else self.calls)[call] += 1

    def seen(self) -> tuple[dict[str, int], dict[str, int]]:
        """Calls and errors as they are now."""
        with self.lock:
            return dict(self.calls), dict(self.errors)


class Counted:
    """A mailbox that passes everything on."""

    def __init__(self, inner: Mailbox, counts: Counts) -> None:
        self._inner, self._counts = inner, counts

    def _ask(self, call: str, ask: Callable[[], T]) -> T:
        self._counts.note(call)
        try:
            return ask()
        except MailboxError:
            self._counts.note(call, failed=True)
            raise

    def _each(self, call: str, ask: Callable[[], Iterable[T]]) -> Iterator[T]:
        """What comes bit by bit may fail at any of them."""
        self._counts.note(call)
        try:
            yield from ask()
        except MailboxError:
            self._counts.note(call, failed=True)
            raise

    def prepare(self) -> None:
        self._ask("prepare", self._inner.prepare)

    def waiting(self) -> Iterator[LetterId]:
        return self._each("waiting", self._inner.waiting)

    def fetch(self, ids: Sequence[LetterId]) -> Iterator[Letter | Unreadable]:
        return self._each("fetch", lambda: self._inner.fetch(ids))

    def file(self, moves: Mapping[LetterId, Folder]) -> Mapping[LetterId, LetterId]:
        return self._ask("file", lambda: self._inner.file(moves))

    def listing(self, folder: Folder) -> Iterator[LetterId]:
        return self._each("listing", lambda: self._inner.listing(folder))

    def look(self) -> Iterator[tuple[Folder, Sequence[LetterId]]]:
        return self._each("look", self._inner.look)

    def fingerprints(self, ids: Sequence[LetterId]) -> Mapping[LetterId, str]:
        return self._ask("fingerprints", lambda: self._inner.fingerprints(ids))

    def raw(self, id: LetterId) -> bytes | None:
        return self._ask("raw", lambda: self._inner.raw(id))

    def send(self, mail: OutgoingMail) -> Receipt:
        return self._ask("send", lambda: self._inner.send(mail))

    def find_sent(self, message_id: str) -> Receipt | None:
        return self._ask("find_sent", lambda: self._inner.find_sent(message_id))

    def delete(self, ids: Sequence[LetterId]) -> None:
        self._ask("delete", lambda: self._inner.delete(ids))

    def examine(self) -> Iterator[Trial]:
        return self._each("examine", self._inner.examine)

    def close(self) -> None:
        self._inner.close()

"""A mailbox in Exchange Online, by Microsoft Graph. https://learn.microsoft.com/en-us/graph/api/resources/mail-api-overview

The token decides what may be read: rights for one mailbox only are given by RBAC for Applications, see docs/mailbox-graph.md.
"""

import ssl
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from bot.errors import MailboxError
from bot.mailbox import graph_fetch, graph_send
from bot.mailbox.base import Folder, Letter, LetterId, OutgoingMail, Receipt, Trial, Unreadable
from bot.mailbox.graph_fetch import Known, known, particulars, whole
from bot.mailbox.graph_folders import Found, find, prepared
from bot.mailbox.graph_http import Graph, Tokens
from bot.mailbox.graph_look import Looker, ids_path, inbox_path
from bot.mailbox.graph_move import move
from bot.mailbox.graph_wire import Wire
from bot.mailbox.letter import fingerprint


@dataclass(frozen=True, slots=True)
class Connection:
    """How to reach a mailbox.

    base: the cloud's address, such as https://graph.microsoft.com. deadline: seconds for one request. must_not_read: an address whose
    mailbox must be closed to us, "" for none. certificate: the PEM file that we sign in with, if it is one. trust: whom to believe.
    """

    address: str
    base: str
    deadline: float = 45.0
    must_not_read: str = ""
    certificate: Path | None = None
    trust: ssl.SSLContext | None = None


class GraphMailbox:
    """As `bot.mailbox.base.Mailbox` asks. Nothing is connected before the first call. An id is Graph's immutable one."""

    def __init__(
        self,
        connection: Connection,
        tokens: Tokens,
        *,
        monotonic: Callable[[], float] = time.monotonic,
        pause: Callable[[float], None] = time.sleep,
    ) -> None:
        self.connection = connection
        self._graph = Graph(connection.base, connection.address, tokens, Wire(connection.deadline, connection.trust))
        self._monotonic, self._pause = monotonic, pause
        self._folders: Found | None = None
        self._looker = Looker()
        self._hints: dict[LetterId, Known] = {}  # what the last listing said of the inbox's letters

    def prepare(self) -> None:
        """One request at first, three when folders must be made, then none."""
        if self._found().missing:
            self._folders = prepared(self._graph, self._found())

    def _found(self) -> Found:
        """The folders that are there: who only looks makes none."""
        if self._folders is None:
            self._folders = find(self._graph)
        return self._folders

    def _target(self, folder: Folder) -> str:
        if folder not in self._found().ids:
            self.prepare()
        return self._found().ids[folder]

    def waiting(self) -> Iterator[LetterId]:
        """The inbox by the time of arrival."""
        return self.listing(Folder.INBOX)

    def listing(self, folder: Folder) -> Iterator[LetterId]:
        """One folder by the time of arrival."""
        id = self._found().ids.get(folder)
        if id is None:
            return iter(())
        if folder is Folder.INBOX:
            return iter(self._noted({LetterId(str(row.get("id"))): known(row) for row in self._graph.pages(inbox_path(id))}))
        return iter(dict.fromkeys(LetterId(str(row.get("id"))) for row in self._graph.pages(ids_path(id))))

    def _noted(self, inbox: dict[LetterId, Known]) -> tuple[LetterId, ...]:
        self._hints = inbox
        return tuple(inbox)

    def look(self) -> Iterator[tuple[Folder, Sequence[LetterId]]]:
        """One request when nothing has changed; now and then the folders are found anew, for a person may have moved one."""
        now = self._monotonic()
        if self._looker.stale(now):
            self._folders = None
        try:
            inbox, changed = self._looker.look(self._graph, self._found().ids, now)
        except MailboxError:
            self._folders = None  # a folder may be gone
            raise
        yield Folder.INBOX, self._noted({LetterId(str(row.get("id"))): known(row) for row in inbox})
        yield from changed
        yield from ((folder, ()) for folder in self._found().missing)

    def fetch(self, ids: Sequence[LetterId]) -> Iterator[Letter | Unreadable]:
        """Letters without attached files ten in a request, others one by one."""
        if not ids:
            return iter(())
        return graph_fetch.fetch(self._graph, self._found().ids[Folder.INBOX], ids, self._hints)

    def fingerprints(self, ids: Sequence[LetterId]) -> Mapping[LetterId, str]:
        """Message-IDs, twenty in a request; a letter without one is read."""
        out: dict[LetterId, str] = {}
        for id, about in particulars(self._graph, ids).items():
            if about.message_id:
                out[id] = about.message_id
            elif (raw := whole(self._graph, id)) is not None:
                out[id] = fingerprint(raw)
        return out

    def raw(self, id: LetterId) -> bytes | None:
        """The MIME that Exchange makes of a letter, wherever it lies."""
        return whole(self._graph, id)

    def file(self, moves: Mapping[LetterId, Folder]) -> Mapping[LetterId, LetterId]:
        """Twenty letters in a request. All are tried before an error is told; filing again is no error."""
        by_folder: dict[Folder, list[LetterId]] = {}
        for id, folder in moves.items():
            by_folder.setdefault(folder, []).append(id)
        out: dict[LetterId, LetterId] = {}
        first: MailboxError | None = None
        for folder, ids in by_folder.items():
            moved, error = move(self._graph, ids, self._target(folder), self._pause)
            out |= moved
            first = first or error
            if error is not None and error.wait is not None:
                break
        if first is not None:
            raise first
        return out

    def delete(self, ids: Sequence[LetterId]) -> None:
        """Move to Deleted Items."""
        if ids:
            _, error = move(self._graph, ids, self._found().deleted, self._pause)
            if error is not None:
                raise error

    def send(self, mail: OutgoingMail) -> Receipt:
        """Three requests: look, draft, send."""
        return graph_send.send(self._graph, self._found(), mail, self._pause)

    def find_sent(self, message_id: str) -> Receipt | None:
        """One request."""
        return graph_send.find_sent(self._graph, self._found(), message_id)

    def examine(self) -> Iterator[Trial]:
        """Rights, the certificate's days, the clock."""
        from bot.mailbox.graph_examine import examine

        yield from examine(self._graph, self.connection)

    def close(self) -> None:
        """What was learnt of the mailbox stays known; only the connection goes."""
        self._graph.wire.close()

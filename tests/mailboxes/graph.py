"""Exchange Online as our own Graph test server has it; letters are put into its inbox as Exchange's transport does, a second apart."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from bot.mailbox.base import Mailbox
from bot.mailbox.graph import Connection, GraphMailbox
from bot.mailbox.token import TokenSource
from tests.mailboxes.base import SENDER
from tests.servers.graph import GraphServer, running
from tests.servers.graph_box import Item
from tests.servers.graph_token import CLIENT, SECRET, TENANT


class GraphBackend:
    """A `tests.mailboxes.base.Backend`."""

    def __init__(self, server: GraphServer, *, deadline: float = 20, must_not_read: str = "") -> None:
        self.server, self.deadline, self.must_not_read = server, deadline, must_not_read
        self.pauses: list[float] = []
        self.mailbox: Mailbox = self._fresh()

    def _fresh(self) -> GraphMailbox:
        tokens = TokenSource(
            TENANT, CLIENT, scope=self.server.identity.scope, secret=SECRET, authority=self.server.url, deadline=self.deadline
        )
        connection = Connection(SENDER, self.server.url, self.deadline, self.must_not_read)
        return GraphMailbox(connection, tokens, pause=self.pauses.append)

    @property
    def environ(self) -> Mapping[str, str]:
        values = {
            "KIND": "graph",
            "ADDRESS": SENDER,
            "GRAPH_URL": self.server.url,
            "AUTHORITY": self.server.url,
            "TENANT": TENANT,
            "CLIENT_ID": CLIENT,
        }
        return {f"IVOBOT_MAILBOX__{key}": value for key, value in (values | {"CLIENT_SECRET": SECRET}).items()}

    def deliver(self, raw: bytes) -> None:
        self.server.box.add(raw)

    def folder(self, name: str) -> list[bytes]:
        found = self.server.box.named(name)
        return [one.raw for one in sorted(found.items.values(), key=lambda one: one.received)] if found else []

    def _items(self, key: str) -> list[Item]:
        mark = f"<{key}@kommun.example>".encode()
        return [one for one in self.server.box.items.values() if mark in one.raw[:2000]]

    def folder_of(self, key: str) -> list[str]:
        box = self.server.box
        return sorted("INBOX" if one.folder == box.folders["inbox"].id else box.folders[one.folder].name for one in self._items(key))

    def move_by_hand(self, key: str, folder: str) -> None:
        box = self.server.box
        target = box.named(folder) or box.make("inbox", folder)
        assert target
        for one in self._items(key):
            one.seen = True
            box.move(one, target.id)

    def delete_by_hand(self, key: str) -> None:
        for one in self._items(key):
            self.server.box.remove(one)

    def restart(self) -> Mailbox:
        self.mailbox.close()
        self.mailbox = self._fresh()
        return self.mailbox


@contextmanager
def backend(home: Path) -> Iterator[GraphBackend]:
    """A fresh mailbox; requests that the documentation does not know fail the test."""
    with running(SENDER) as server:
        made = GraphBackend(server)
        try:
            yield made
        finally:
            made.mailbox.close()
        assert server.violations == []
        assert server.most_at_once <= 4

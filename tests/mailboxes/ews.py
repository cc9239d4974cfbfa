"""A mailbox on the test server of `tests.servers.ews`, signed in to by NTLM as a delegate."""

import dataclasses
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from bot.mailbox.base import Mailbox
from bot.mailbox.ews import EwsMailbox
from bot.mailbox.ews_http import Connection
from tests.mailboxes.base import SENDER
from tests.servers.ews import EwsServer, ews_server

USER, PASSWORD = "KOMMUN\\ivobot", "hemligt-1"


class EwsBackend:
    """A `tests.mailboxes.base.Backend`. `again` makes a mailbox object with other settings."""

    def __init__(self, server: EwsServer) -> None:
        self.server = server
        self.connection = Connection(server.url, SENDER, user=USER, password=PASSWORD, version="Exchange2016", deadline=30)
        self.mailbox: Mailbox = EwsMailbox(self.connection)

    @property
    def environ(self) -> Mapping[str, str]:
        values = {"KIND": "ews", "ADDRESS": SENDER, "URL": self.server.url, "USER": USER, "PASSWORD": PASSWORD, "VERSION": "Exchange2016"}
        return {f"IVOBOT_MAILBOX__{key}": value for key, value in values.items()}

    def deliver(self, raw: bytes) -> None:
        with self.server.lock:
            self.server.store.add(self.server.store.standard("inbox").id, raw)

    def folder(self, name: str) -> list[bytes]:
        entry = self.server.store.named(name)
        return [item.raw for item in self.server.store.within(entry.id)] if entry else []

    def folder_of(self, key: str) -> list[str]:
        return sorted(self.server.store.name_of(item) for item in self.server.store.by_key(key))

    def move_by_hand(self, key: str, folder: str) -> None:
        store = self.server.store
        entry = store.named(folder) or store.add_folder(folder, store.standard("inbox").id)
        with self.server.lock:
            for item in store.by_key(key):
                store.move(item, entry.id)

    def delete_by_hand(self, key: str) -> None:
        with self.server.lock:
            for item in self.server.store.by_key(key):
                self.server.store.remove(item)

    def restart(self) -> Mailbox:
        return self.again()

    def again(self, **changes: Any) -> Mailbox:
        self.mailbox.close()
        self.connection = dataclasses.replace(self.connection, **changes)
        self.mailbox = EwsMailbox(self.connection)
        return self.mailbox


@contextmanager
def backend(home: Path) -> Iterator[EwsBackend]:
    """A fresh mailbox on a fresh server."""
    with ews_server(home, SENDER, {USER: PASSWORD}) as server:
        made = EwsBackend(server)
        yield made
        made.mailbox.close()

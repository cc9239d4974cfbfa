"""What lies in the mailboxes of the test server. Ids change when an item is moved, as Exchange's do; times are UTC."""

import base64
import itertools
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from bot.mailbox.address import message_ids
from bot.mailbox.headers import fields, first, split

STANDARD = {
    "root": "",
    "msgfolderroot": "Top of Information Store",
    "inbox": "Inkorgen",
    "sentitems": "Skickat",
    "deleteditems": "Borttaget",
    "drafts": "Utkast",
    "outbox": "Utkorgen",
}
NAMES = {"INBOX": "inbox", "Skickat": "sentitems", "Borttaget": "deleteditems", "Utkast": "drafts"}


@dataclass(slots=True)
class Item:
    """A letter or mail. `tag`: the item class by which it is shown. `broken`: "" or how GetItem fails on it, "error" or "xml"."""

    id: str
    key: str
    folder: str
    raw: bytes
    received: datetime
    message_id: str
    tag: str = "Message"
    broken: str = ""
    properties: dict[str, str] = field(default_factory=dict)
    _encoded: str = ""

    def encoded(self) -> str:
        """Its bytes in base64, made once when small: a server's own work is not what is measured."""
        if self._encoded:
            return self._encoded
        text = base64.b64encode(self.raw).decode()
        if len(text) < 20_000:
            self._encoded = text
        return text


@dataclass(slots=True)
class FolderEntry:
    id: str
    name: str
    parent: str
    distinguished: str = ""


class Store:
    """One mailbox."""

    def __init__(self, address: str) -> None:
        self.address = address
        self._count = itertools.count(1)
        self.folders: dict[str, FolderEntry] = {}
        self.items: dict[str, Item] = {}
        self.outgoing: list[bytes] = []  # what the world got
        self.changes: list[tuple[str, str, str]] = []  # folder, what, item: for SyncFolderItems
        self.keep_ids = False
        self._time = datetime(2026, 3, 2, 8, tzinfo=UTC)
        for distinguished, name in STANDARD.items():
            parent = {"root": "", "msgfolderroot": self.standard("root").id if distinguished != "root" else ""}.get(distinguished, "")
            self.add_folder(
                name,
                parent or (self.standard("msgfolderroot").id if distinguished not in ("root", "msgfolderroot") else parent),
                distinguished,
            )

    def new_id(self, mark: str) -> str:
        return f"AAMk{mark}{next(self._count):08d}="

    def standard(self, distinguished: str) -> FolderEntry:
        return next(entry for entry in self.folders.values() if entry.distinguished == distinguished)

    def add_folder(self, name: str, parent: str, distinguished: str = "") -> FolderEntry:
        entry = FolderEntry(self.new_id("Fo"), name, parent, distinguished)
        self.folders[entry.id] = entry
        return entry

    def below(self, parent: str) -> list[FolderEntry]:
        return [entry for entry in self.folders.values() if entry.parent == parent]

    def add(self, folder: str, raw: bytes, received: datetime | None = None) -> Item:
        self._time += timedelta(seconds=1)
        stated = message_ids(fields(split(raw)[0]).get("message-id", ())[:1], 1)
        item = Item(self.new_id("It"), "CQAA1", folder, raw, received or self._time, next(iter(stated), ""))
        self.items[item.id] = item
        self.changes.append((folder, "Create", item.id))
        return item

    def move(self, item: Item, folder: str) -> Item:
        if folder == item.folder:
            return item
        del self.items[item.id]
        self.changes.append((item.folder, "Delete", item.id))
        if not self.keep_ids:
            item.id = self.new_id("It")
        item.folder = folder
        self.items[item.id] = item
        self.changes.append((folder, "Create", item.id))
        return item

    def remove(self, item: Item) -> None:
        del self.items[item.id]
        self.changes.append((item.folder, "Delete", item.id))

    def within(self, folder: str) -> list[Item]:
        """Oldest first."""
        return sorted((item for item in self.items.values() if item.folder == folder), key=lambda item: item.received)

    # What a person sees and does.

    def named(self, name: str) -> FolderEntry | None:
        if name in NAMES:
            return self.standard(NAMES[name])
        return next((entry for entry in self.folders.values() if entry.name == name and not entry.distinguished), None)

    def by_key(self, key: str) -> Iterator[Item]:
        mark = f"<{key}@kommun.example>".encode()
        return (item for item in list(self.items.values()) if mark in item.raw[:2000])

    def name_of(self, item: Item) -> str:
        entry = self.folders[item.folder]
        return next(
            (name for name, distinguished in NAMES.items() if distinguished == entry.distinguished and entry.distinguished), entry.name
        )

    def header(self, item: Item, name: str) -> str:
        return first(fields(split(item.raw)[0]), name)

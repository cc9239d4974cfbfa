"""A mailbox as Exchange Online keeps it, behind the test server for Microsoft Graph: folders, letters with two kinds of id, and its changes.

Ids: https://learn.microsoft.com/en-us/graph/outlook-immutable-id. Well-known names: https://learn.microsoft.com/en-us/graph/api/resources/mailfolder
"""

import base64
import re
import threading
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from email.message import EmailMessage
from typing import Any

WELL_KNOWN = {
    "msgfolderroot": "Top of Information Store",
    "inbox": "Inkorgen",
    "drafts": "Utkast",
    "sentitems": "Skickat",
    "deleteditems": "Borttaget",
    "outbox": "Utkorgen",
}
HEADER = re.compile(rb"^%s:[ \t]*((?:[^\n]|\n[ \t])*)", re.IGNORECASE | re.MULTILINE)
START = datetime(2026, 4, 1, 8, 0, tzinfo=UTC)


def header(raw: bytes, name: str) -> str:
    """One header of a letter, unfolded, or ""."""
    found = re.search(HEADER.pattern % name.encode(), re.split(rb"\r?\n\r?\n", raw, maxsplit=1)[0], HEADER.flags)
    return re.sub(r"\s+", " ", found[1].decode("latin-1")).strip() if found else ""


@dataclass
class Folder:
    id: str
    name: str
    parent: str
    items: dict[str, "Item"] = field(default_factory=dict)


@dataclass
class Item:
    id: str  # immutable
    rest: str  # the usual id: another one after each move
    raw: bytes
    folder: str
    received: datetime
    modified: datetime
    draft: bool = False
    seen: bool = False
    message_id: str = ""
    in_flight: int = 0  # so many requests until a sent mail shows in the sent folder

    def row(self, *, immutable: bool, select: list[str]) -> dict[str, Any]:
        """https://learn.microsoft.com/en-us/graph/api/resources/message"""
        whole = {
            "id": self.id if immutable else self.rest,
            "receivedDateTime": f"{self.received:%Y-%m-%dT%H:%M:%SZ}",
            "sentDateTime": f"{self.received:%Y-%m-%dT%H:%M:%SZ}",
            "lastModifiedDateTime": f"{self.modified:%Y-%m-%dT%H:%M:%SZ}",
            "createdDateTime": f"{self.received:%Y-%m-%dT%H:%M:%SZ}",
            "hasAttachments": b"multipart/mixed" in self.raw[:4000],
            "internetMessageId": self.message_id or None,
            "subject": header(self.raw, "Subject"),
            "parentFolderId": self.folder,
            "isRead": self.seen,
            "isDraft": self.draft,
        }
        return {"@odata.etag": f'W/"{self.rest[-8:]}"'} | {
            key: whole[key] for key in (["id", *select] if select else whole) if key in whole
        }


class Box:
    """One user's mailbox. All methods take the lock themselves."""

    def __init__(self, address: str) -> None:
        self.address, self.lock = address, threading.RLock()
        self.folders: dict[str, Folder] = {}
        self.items: dict[str, Item] = {}
        self.rest: dict[str, str] = {}
        self.events: list[tuple[str, str]] = []  # folder, letter: something happened to it there
        self.outgoing: list[tuple[str, bytes]] = []  # what has left the house: Message-ID and bytes
        self.generation = 0  # a delta token of an earlier one is not known (410)
        self.blind = False  # a search by Message-ID finds nothing yet
        self.delay = 0  # requests until a sent mail shows in the sent folder
        self.keeps_ids = True  # a draft from MIME keeps its Message-ID
        self._count, self.now = 0, START
        for name, shown in WELL_KNOWN.items():
            self.folders[name] = Folder(self._id("AAMkFolder"), shown, "" if name == "msgfolderroot" else self.folders["msgfolderroot"].id)
        self.folders |= {one.id: one for one in list(self.folders.values())}

    def _id(self, kind: str) -> str:
        self._count += 1
        return kind + base64.urlsafe_b64encode(f"{self._count:024d}".encode()).decode().rstrip("=") + "="

    def clock(self) -> datetime:
        """A second passes with each thing that happens."""
        self.now += timedelta(seconds=1)
        return self.now

    def find(self, id: str) -> Item | None:
        return self.items.get(id) or self.items.get(self.rest.get(id, ""))

    def add(self, raw: bytes, folder: str = "inbox", *, draft: bool = False) -> Item:
        with self.lock:
            message_id = header(raw, "Message-ID")
            if draft and (not message_id or not self.keeps_ids):
                message_id = f"<{self._count}@server.example>"
            item = Item(self._id("AAkALg"), "", raw, self.folders[folder].id, self.clock(), self.now, draft, message_id=message_id)
            self.items[item.id] = item
            self._put(item, folder)
            return item

    def _put(self, item: Item, folder: str) -> None:
        item.folder, item.rest, item.modified = self.folders[folder].id, self._id("AAMkLetter"), self.clock()
        self.rest[item.rest] = item.id
        self.folders[item.folder].items[item.id] = item
        self.events.append((item.folder, item.id))

    def _take(self, item: Item) -> None:
        self.rest.pop(item.rest, None)
        self.folders[item.folder].items.pop(item.id, None)
        self.events.append((item.folder, item.id))

    def move(self, item: Item, folder: str) -> None:
        with self.lock:
            self._take(item)
            self._put(item, folder)

    def remove(self, item: Item) -> None:
        with self.lock:
            self._take(item)
            del self.items[item.id]

    def touch(self, item: Item) -> None:
        """A person reads it."""
        with self.lock:
            item.seen, item.modified = True, self.clock()
            self.events.append((item.folder, item.id))

    def send(self, item: Item) -> None:
        with self.lock:
            self.outgoing.append((item.message_id, item.raw))
            item.draft, item.received = False, self.clock()
            self._take(item)
            if self.delay:
                item.in_flight = self.delay
                item.folder = self.folders["outbox"].id
                del self.items[item.id]
                self._flying = [*getattr(self, "_flying", []), item]
            else:
                self._put(item, "sentitems")

    def tick(self) -> None:
        """A request comes in: what is on its way comes nearer."""
        with self.lock:
            for item in getattr(self, "_flying", []):
                item.in_flight -= 1
                if item.in_flight <= 0:
                    self.items[item.id] = item
                    self._put(item, "sentitems")
            self._flying = [item for item in getattr(self, "_flying", []) if item.in_flight > 0]

    def make(self, parent: str, name: str) -> Folder | None:
        """A new folder, or None when there is one of that name."""
        with self.lock:
            if any(one.name.casefold() == name.casefold() for one in self.children(parent)):
                return None
            made = Folder(self._id("AAMkFolder"), name, self.folders[parent].id)
            self.folders[made.id] = made
            return made

    def children(self, parent: str) -> list[Folder]:
        own = self.folders[parent].id
        return list({one.id: one for one in self.folders.values() if one.parent == own}.values())

    def named(self, name: str) -> Folder | None:
        """A folder by the name that staff see, "INBOX" for the inbox."""
        if name == "INBOX":
            return self.folders["inbox"]
        near = [*self.children("inbox"), *self.children("msgfolderroot")]
        return next((one for one in near if one.name.casefold() == name.casefold()), None)


def from_json(body: dict[str, Any], sender: str) -> bytes:
    """The letter that a JSON draft becomes. Headers are x- headers, five at most; Auto-Submitted and the like are refused before."""
    made = EmailMessage()
    made["From"], made["Subject"] = sender, body.get("subject", "")
    made["To"] = ", ".join(one["emailAddress"]["address"] for one in body.get("toRecipients", []))
    for one in body.get("internetMessageHeaders", []):
        made[one["name"]] = one["value"]
    made.set_content(body.get("body", {}).get("content", ""))
    return bytes(made)

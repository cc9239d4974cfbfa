"""The mailbox's folders, by their ids: looked for once, made under the inbox where they are missing."""

import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

from bot.errors import MailboxError
from bot.mailbox.base import Folder
from bot.mailbox.ews_batch import DOING, Batches
from bot.mailbox.ews_errors import GONE, NO_FOLDER, failure
from bot.mailbox.ews_words import Element, Message, children, find, folder_ref, make, own_folder, shape, words
from bot.mailbox.ews_words import field as uri

PAGE: Final = 500
NAMED: Final = tuple(folder for folder in Folder if folder not in (Folder.INBOX, Folder.SENT))
STANDARD: Final = ("inbox", "sentitems", "deleteditems", "drafts", "msgfolderroot", "outbox")
OPTIONAL: Final = frozenset({"msgfolderroot", "outbox"})  # the program can do without the right to see these


@dataclass(frozen=True, slots=True)
class Known:
    """The ids. `standard` holds the server's own folders by their distinguished names, `rights` what may be done in each that told it."""

    standard: Mapping[str, str]
    named: Mapping[Folder, str]
    rights: Mapping[str, Mapping[str, bool]] = field(default_factory=dict)

    def of(self, folder: Folder) -> str:
        """The id of one of the protocol's folders."""
        if folder is Folder.INBOX:
            return self.standard["inbox"]
        return self.standard["sentitems"] if folder is Folder.SENT else self.named[folder]

    @property
    def sending(self) -> tuple[str, ...]:
        """Where a mail of ours may lie: Sent Items, the outbox on its way there, Drafts."""
        return tuple(self.standard[name] for name in ("sentitems", "outbox", "drafts") if name in self.standard)


class Folders:
    """Finds and makes the folders; `known` costs nothing once they are known."""

    def __init__(self, batches: Batches) -> None:
        self._batches = batches
        self._known: Known | None = None

    @property
    def known(self) -> Known:
        """All ids; the folders are looked for, and made, when they are not known yet. Raises MailboxError."""
        if self._known is None:
            self._known = self.look(create=True)
        return self._known

    def forget(self) -> None:
        """Look for the folders anew at the next occasion."""
        self._known = None

    def check(self, message: Message, operation: str) -> None:
        """Raises the error of a message; when it says that a folder is gone, the folders are looked for anew."""
        if message.code in NO_FOLDER or (message.code in GONE and operation == "FindItem"):
            self.forget()
            raise failure("ErrorFolderNotFound", DOING[operation])
        self._batches.need(operation, message)

    def look(self, *, create: bool) -> Known:
        """GetFolder for the server's own folders, FindFolder below the inbox and the top, CreateFolder for all that are missing."""
        standard, rights = self._standard()
        parents = [standard[name] for name in ("inbox", "msgfolderroot") if name in standard]
        found: dict[str, str] = {}
        for listing in self._below(parents):
            for name, id in listing.items():
                found.setdefault(name, id)  # the inbox comes first
        named: dict[Folder, str] = {folder: found[_plain(folder.value)] for folder in NAMED if _plain(folder.value) in found}
        if create and (missing := [folder for folder in NAMED if folder not in named]):
            named |= self._create(standard["inbox"], missing)
        return Known(standard, named, rights)

    def _standard(self) -> tuple[dict[str, str], dict[str, Mapping[str, bool]]]:
        """…/web-service-reference/getfolder-operation."""
        address = self._batches.connection.address
        said = self._batches.each(
            "GetFolder",
            STANDARD,
            lambda names: [
                shape("m:FolderShape", uri("folder:EffectiveRights")),
                make("m:FolderIds", *(own_folder(name, address) for name in names)),
            ],
        )
        ids: dict[str, str] = {}
        rights: dict[str, Mapping[str, bool]] = {}
        for name, message in zip(STANDARD, said, strict=True):
            if not message.good and name in OPTIONAL:
                continue
            if message.code in GONE | NO_FOLDER:
                raise MailboxError(
                    f"The mailbox {address} has no folder {name} that may be seen; check address and access under [mailbox]."
                )
            self._batches.need("GetFolder", message)
            folder = message.first("m:Folders")
            ids[name] = _id(folder)
            told = find(folder, "t:EffectiveRights") if folder is not None else None
            if told is not None:
                rights[name] = {
                    child.tag.rpartition("}")[2]: (child.text or "").strip().lower() in ("true", "1") for child in children(told)
                }
        return ids, rights

    def _below(self, parents: Sequence[str]) -> list[dict[str, str]]:
        """The folders right below each parent, by name: …/web-service-reference/findfolder-operation."""
        listings: list[dict[str, str]] = [{} for _ in parents]
        offset, left = 0, list(range(len(parents)))
        while left:
            said = self._batches.each(
                "FindFolder",
                [parents[n] for n in left],
                lambda ids, offset=offset: [  # type: ignore[misc]
                    shape("m:FolderShape", uri("folder:DisplayName")),
                    make("m:IndexedPageFolderView", MaxEntriesReturned=PAGE, Offset=offset, BasePoint="Beginning"),
                    make("m:ParentFolderIds", *(folder_ref(id) for id in ids)),
                ],
                Traversal="Shallow",
            )
            again = []
            for n, message in zip(left, said, strict=True):
                self.check(message, "FindFolder")
                root = find(message.element, "m:RootFolder")
                items = find(root, "t:Folders") if root is not None else None
                new = {_plain(words(one, "t:DisplayName")): _id(one) for one in children(items)} if items is not None else {}
                if (
                    root is not None
                    and root.get("IncludesLastItemInRange", "true").lower() in ("false", "0")
                    and not new.keys() <= listings[n].keys()
                ):
                    again.append(n)
                listings[n] = new | listings[n]
            left, offset = again, offset + PAGE
        return listings

    def _create(self, parent: str, missing: Sequence[Folder]) -> dict[Folder, str]:
        """…/web-service-reference/createfolder-operation."""
        said = self._batches.each(
            "CreateFolder",
            missing,
            lambda folders: [
                make("m:ParentFolderId", folder_ref(parent)),
                make("m:Folders", *(make("t:Folder", make("t:DisplayName", folder.value)) for folder in folders)),
            ],
        )
        made = {}
        for folder, message in zip(missing, said, strict=True):
            if message.code == "ErrorFolderExists":  # made meanwhile, by a person or by a call whose answer was lost
                raise failure("ErrorFolderNotFound", DOING["CreateFolder"])
            made[folder] = _id(self._batches.need("CreateFolder", message).first("m:Folders"))
        return made


def _id(folder: Element | None) -> str:
    found = find(folder, "t:FolderId") if folder is not None else None
    if found is None or not found.get("Id"):
        raise failure("ErrorInternalServerError", DOING["GetFolder"])
    return str(found.get("Id"))


def _plain(name: str) -> str:
    """As people compare names: å is one letter however it is written, and case does not count."""
    return unicodedata.normalize("NFC", name).strip().casefold()

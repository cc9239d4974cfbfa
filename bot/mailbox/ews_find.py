"""Lists letters: page by page, several folders in one question.

No sync state is kept: FindItem over all folders costs the same one request as SyncFolderItems over one, and what lies in the inbox is
what is unprocessed, whatever a sync state says.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from bot.mailbox.base import Folder, LetterId
from bot.mailbox.ews_batch import Batches
from bot.mailbox.ews_folders import NAMED, Folders
from bot.mailbox.ews_words import Element, Message, children, field, find, folder_ref, instant, make, shape, words

LOOK: Final = 100  # newest letters of each folder that a look asks for
PAGE: Final = 1000  # what Exchange gives in one page by its throttling policy (EWSFindCountLimit)
FULL_LOOK: Final = 3600.0  # seconds after which every folder is listed whole
FIELDS: Final = ("item:DateTimeReceived", "item:Size", "message:InternetMessageId")


@dataclass(frozen=True, slots=True)
class Found:
    """An item in a list. `size` in bytes, 0 when the server does not tell; `message_id` as the server holds it."""

    id: str
    change_key: str
    received: datetime | None
    size: int
    message_id: str


@dataclass(frozen=True, slots=True)
class Page:
    """A part of a folder's list: how many letters the folder holds, and where the next part begins, None after the last."""

    total: int
    items: tuple[Found, ...]
    next: int | None


class Lists:
    """Lists folders. `sizes` keeps what the last lists told about the inbox's letters; `clock` gives seconds."""

    def __init__(self, batches: Batches, folders: Folders, clock: Callable[[], float]) -> None:
        self._batches, self._folders, self._clock = batches, folders, clock
        self._seen: dict[Folder, tuple[int, tuple[str, ...]]] = {}
        self._full_at: float | None = None
        self.sizes: dict[str, int] = {}

    def look(self) -> Iterator[tuple[Folder, Sequence[LetterId]]]:
        """As the protocol asks: one request when nothing is new. A folder with the count and newest letters of before is passed over."""
        full = self._full_at is None or self._clock() - self._full_at >= FULL_LOOK
        if full and self._full_at is not None:
            self._folders.forget()  # a person may have moved or deleted one; its id would still work
        started = self._clock()
        known = self._folders.known
        watched = (Folder.INBOX, *NAMED)
        pages = self.pages([known.of(folder) for folder in watched], LOOK)
        for folder, page in zip(watched, pages, strict=True):
            mark = (page.total, tuple(item.id for item in page.items))
            if folder is Folder.INBOX or full or self._seen.get(folder) != mark:
                yield folder, self._ids(folder, page)
                self._seen[folder] = mark  # only now: who failed on this folder is given it again
        if full:
            self._full_at = started

    def listing(self, folder: Folder) -> Sequence[LetterId]:
        """All letters of a folder, oldest first."""
        (page,) = self.pages([self._folders.known.of(folder)], PAGE)
        return self._ids(folder, page)

    def _ids(self, folder: Folder, page: Page) -> tuple[LetterId, ...]:
        items = self._rest(self._folders.known.of(folder), page)
        if folder is Folder.INBOX:
            self.sizes = {item.id: item.size for item in items}
        items.reverse()
        if all(item.received for item in items):
            items.sort(key=lambda item: item.received.timestamp() if item.received else 0.0)
        return tuple(LetterId(item.id) for item in items)

    def _rest(self, folder: str, page: Page) -> list[Found]:
        """The whole list that begins with this page, each letter once."""
        found = {item.id: item for item in page.items}
        while page.next is not None:
            (page,) = self.pages([folder], PAGE, page.next)
            if not page.items or found.keys() >= {item.id for item in page.items}:
                break  # a server that does not know offsets
            found |= {item.id: item for item in page.items}
        return list(found.values())

    def pages(self, folders: Sequence[str], size: int, offset: int = 0, restriction: Element | None = None) -> list[Page]:
        """A page of each folder, newest first: …/web-service-reference/finditem-operation. Raises MailboxError."""

        def parts(ids: Sequence[str]) -> Sequence[Element]:
            return [
                shape("m:ItemShape", *(field(name) for name in FIELDS)),
                make("m:IndexedPageItemView", MaxEntriesReturned=size, Offset=offset, BasePoint="Beginning"),
                *([restriction] if restriction is not None else []),
                make("m:SortOrder", make("t:FieldOrder", field("item:DateTimeReceived"), Order="Descending")),
                make("m:ParentFolderIds", *(folder_ref(id) for id in ids)),
            ]

        said = self._batches.each("FindItem", folders, parts, Traversal="Shallow")
        for message in said:
            self._folders.check(message, "FindItem")
        return [_page(message, offset) for message in said]


def _page(message: Message, offset: int) -> Page:
    """…/web-service-reference/rootfolder-finditemresponsemessage."""
    root = find(message.element, "m:RootFolder")
    container = find(root, "t:Items") if root is not None else None
    items = tuple(found for one in children(container) if (found := _found(one))) if container is not None else ()
    if root is None:
        return Page(0, (), None)
    last = root.get("IncludesLastItemInRange", "true").lower() in ("true", "1")
    total, following = root.get("TotalItemsInView", ""), root.get("IndexedPagingOffset", "")
    step = int(following) if following.isdecimal() and int(following) > offset else offset + len(items)
    return Page(int(total) if total.isdecimal() else len(items), items, None if last or not items else step)


def _found(item: Element) -> Found | None:
    id = find(item, "t:ItemId")
    if id is None or not id.get("Id"):
        return None
    size = words(item, "t:Size")
    return Found(
        id.get("Id"),
        id.get("ChangeKey", ""),
        instant(words(item, "t:DateTimeReceived")),
        int(size) if size.isdecimal() else 0,
        words(item, "t:InternetMessageId").strip(),
    )


def with_message_id(message_id: str) -> Element:
    """Restriction to one Message-ID: …/web-service-reference/restriction."""
    constant = make("t:FieldURIOrConstant", make("t:Constant", Value=message_id))
    return make("m:Restriction", make("t:IsEqualTo", field("message:InternetMessageId"), constant))

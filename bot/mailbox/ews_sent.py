"""What is known of the mails that were sent: by their Message-IDs, from Sent Items, from Drafts, and from what this program did itself."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Final

from bot.mailbox.ews_batch import Batches
from bot.mailbox.ews_find import PAGE, Found, Lists, with_message_id
from bot.mailbox.ews_folders import Folders
from bot.mailbox.ews_read import mime_of
from bot.mailbox.ews_words import item_ids, shape
from bot.mailbox.letter import fingerprint

KEPT: Final = 5_000  # Message-IDs that are remembered
TRIED: Final = 20  # items that are read one by one on a server whose lists tell no Message-ID


@dataclass(slots=True)
class Traces:
    """Where copies of one mail lie: how many in Sent Items or on their way there, and the drafts."""

    sent: int = 0
    drafts: list[Found] = field(default_factory=list)


class Sent:
    """Remembers and looks up. `horizon`: mails younger than this are all remembered; None when it is not known."""

    def __init__(self, batches: Batches, folders: Folders, lists: Lists) -> None:
        self._batches, self._folders, self._lists = batches, folders, lists
        self._ids: dict[str, None] = {}
        self.loaded = False
        self.everything = False
        self.horizon: datetime | None = None

    def __contains__(self, message_id: str) -> bool:
        return message_id in self._ids

    def add(self, message_id: str) -> None:
        """This one went."""
        self._ids[message_id] = None
        while len(self._ids) > KEPT:
            self.everything = False
            self._ids.pop(next(iter(self._ids)))

    def load(self) -> dict[str, list[Found]]:
        """Remember the newest mails of Sent Items, one request; gives the drafts by their Message-IDs."""
        places = self._folders.known.sending
        *sent, drafts = self._lists.pages(places, PAGE)
        items = [item for page in sent for item in page.items]
        for item in reversed(items):
            if item.message_id:
                self.add(item.message_id)
        told = all(item.message_id for item in items)
        self.everything = told and all(page.next is None for page in sent)
        oldest = [item.received for item in sent[0].items if item.received]
        self.horizon = min(oldest) if told and oldest and len(sent[0].items) == len(oldest) else None
        self.loaded = True
        found: dict[str, list[Found]] = {}
        for item in drafts.items:
            found.setdefault(item.message_id, []).append(item)
        return found

    def search(self, message_id: str) -> Traces:
        """Ask the server for one mail: one request, unless its lists tell no Message-ID."""
        *sent, drafts = self._lists.pages(self._folders.known.sending, PAGE, restriction=with_message_id(message_id))
        copies = [item for page in sent for item in page.items if self._is(item, message_id)]
        if copies:
            self.add(message_id)
        return Traces(len(copies), [item for item in drafts.items[:TRIED] if self._is(item, message_id)])

    def _is(self, item: Found, message_id: str) -> bool:
        """A server may pass over the restriction; so each item is looked at."""
        if item.message_id:
            return item.message_id == message_id
        (message,) = self._batches.each("GetItem", [item.id], lambda ids: [shape("m:ItemShape", mime=True), item_ids(ids)])
        element = message.first("m:Items") if message.good else None
        raw = mime_of(element) if element is not None else None
        return raw is not None and fingerprint(raw) == message_id

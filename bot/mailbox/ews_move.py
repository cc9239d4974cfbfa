"""Moves letters: one question for each target folder, and the ids that they have there."""

from collections.abc import Mapping, Sequence
from typing import Final

from bot.mailbox.base import Folder, LetterId
from bot.mailbox.ews_batch import Batches
from bot.mailbox.ews_errors import GONE
from bot.mailbox.ews_folders import Folders
from bot.mailbox.ews_words import Element, find, folder_ref, item_ids, make

TOGETHER: Final = 500  # letters in one question


class Mover:
    """Moves letters, and deletes by moving: DeleteItem would remove for good what already lies among the deleted ones."""

    def __init__(self, batches: Batches, folders: Folders) -> None:
        self._batches, self._folders = batches, folders

    def file(self, moves: Mapping[LetterId, Folder]) -> Mapping[LetterId, LetterId]:
        """As the protocol asks."""
        targets: dict[Folder, list[LetterId]] = {}
        for id, folder in moves.items():
            targets.setdefault(folder, []).append(id)
        moved: dict[LetterId, LetterId] = {}
        for folder, ids in targets.items():
            moved |= self._move(ids, self._folders.known.of(folder))
        return {id: moved[id] for id in moves if id in moved}

    def delete(self, ids: Sequence[LetterId]) -> None:
        """Move letters to Deleted Items."""
        self._move(ids, self._folders.known.standard["deleteditems"])

    def _move(self, ids: Sequence[LetterId], target: str) -> dict[LetterId, LetterId]:
        """…/web-service-reference/moveitem-operation. Raises MailboxError when one that is still there could not be moved."""

        def parts(some: Sequence[LetterId]) -> Sequence[Element]:
            return [make("m:ToFolderId", folder_ref(target)), item_ids(some)]

        moved: dict[LetterId, LetterId] = {}
        for at in range(0, len(ids), TOGETHER):
            chunk = ids[at : at + TOGETHER]
            for id, message in zip(chunk, self._batches.each("MoveItem", chunk, parts), strict=True):
                if message.code in GONE:
                    continue
                self._folders.check(message, "MoveItem")
                item = message.first("m:Items")
                new = find(item, "t:ItemId") if item is not None else None
                moved[id] = LetterId(new.get("Id")) if new is not None and new.get("Id") else id
        return moved

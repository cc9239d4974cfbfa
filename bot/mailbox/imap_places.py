"""Where a letter lies: ids that name a folder, its UIDVALIDITY and the UID, and what is known of the folders."""

import re
from collections.abc import Iterable, Mapping
from typing import Final

from bot.mailbox.base import Folder, LetterId
from bot.mailbox.imap_faults import MISSING, Refused
from bot.mailbox.imap_folders import DELETED, Layout, look_up, make, plain
from bot.mailbox.imap_session import Open, Session

ID: Final = re.compile(r"([0-9]{1,10})/([0-9]{1,10})/(.+)", re.DOTALL)


class Places:
    """The folders of one mailbox. Asked for once; asked again when one of them turns out to have vanished."""

    def __init__(self, session: Session) -> None:
        self._session = session
        self._layout: Layout | None = None

    @property
    def layout(self) -> Layout:
        """The folders that are there. Raises Refused, Lost."""
        if self._layout is None:
            self._layout = look_up(self._session)
        return self._layout

    @property
    def whole(self) -> bool:
        """Whether all folders are known to be there, without asking."""
        return self._layout is not None and not self._layout.missing

    def forget(self) -> None:
        """Ask again before the next use."""
        self._layout = None

    def prepare(self) -> None:
        """Find or make all of ours."""
        self._make([folder.value for folder in self.layout.missing])

    def trash(self) -> bytes:
        """The folder of deleted letters, made if need be."""
        if self.layout.trash is None:
            self._make([DELETED])
        if self.layout.trash is None:
            raise Refused("NONEXISTENT")
        return self.layout.trash

    def wire(self, folder: Folder) -> bytes:
        """The server's name of one of ours, made if need be."""
        if folder not in self.layout.names:
            self._make([folder.value])
        if folder not in self.layout.names:
            raise Refused("NONEXISTENT")
        return self.layout.names[folder]

    def _make(self, names: list[str]) -> None:
        layout = self.layout
        for name in names:
            make(self._session, layout, name)
            self.forget()

    def select(self, name: bytes, *, fresh: bool = False) -> Open:
        """Open a folder. Where it is not there any more, all are asked for again at the next use."""
        try:
            return self._session.select(name, fresh=fresh)
        except Refused:
            self.forget()
            raise

    def id(self, here: Open, uid: int) -> LetterId:
        """The id of a letter in an open folder."""
        return LetterId(f"{here.validity}/{uid}/{plain(here.name)}")

    def sorted(self, ids: Iterable[LetterId]) -> Mapping[bytes, Mapping[int, list[tuple[LetterId, int]]]]:
        """Ids by folder, then by the folder's UIDVALIDITY when they were given; ids of no folder that is there are left out."""
        known = {plain(name): name for name in (*self.layout.names.values(), *filter(None, [self.layout.trash]))}
        out: dict[bytes, dict[int, list[tuple[LetterId, int]]]] = {}
        for id in dict.fromkeys(ids):
            if (found := ID.fullmatch(id)) and found[3] in known:
                out.setdefault(known[found[3]], {}).setdefault(int(found[1]), []).append((id, int(found[2])))
        return out

    def opened(self, ids: Iterable[LetterId], *, only: Folder | None = None) -> Iterable[tuple[Open, list[tuple[LetterId, int]]]]:
        """Each folder opened in turn, with the ids that hold there; those of an older UIDVALIDITY are gone (RFC 3501 2.3.1.1)."""
        for name, by_validity in self.sorted(ids).items():
            if only is not None and name != self.layout.names.get(only):
                continue
            try:
                here = self.select(name)
            except Refused as refused:
                if refused.code in MISSING:
                    continue
                raise
            if here.validity in by_validity:
                yield here, by_validity[here.validity]

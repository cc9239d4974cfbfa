"""What changed in the folders since the last look, in two commands where the server allows it.

A UID is never given twice and UIDNEXT only grows (RFC 3501 2.3.1.1), so UIDNEXT and the number of letters together tell every coming and
going; HIGHESTMODSEQ (RFC 7162) tells too when a letter is marked as deleted.
"""

from collections.abc import Iterator
from typing import Final

from bot.mailbox.base import Folder, LetterId
from bot.mailbox.imap_faults import Refused
from bot.mailbox.imap_places import Places
from bot.mailbox.imap_session import Session
from bot.mailbox.imap_syntax import numbers, quoted, responses, values

FULL: Final = 3_600  # seconds after which all is looked at again, whatever the server says
State = tuple[tuple[bytes, int], ...]


class Looker:
    """Remembers how the folders were when they were last given out."""

    def __init__(self, session: Session, places: Places) -> None:
        self._session, self._places = session, places
        self._states: dict[Folder, State] = {}
        self._inbox: tuple[LetterId, ...] = ()
        self._full_at: float | None = None

    def changed(self) -> list[tuple[Folder, State]]:
        """The folders that may have changed, the inbox always and last. Raises Refused, Lost."""
        now = self._session.deadline.now()
        if self._full_at is None or now - self._full_at >= FULL:
            self._states.clear()
            self._full_at = now
        told = dict(self._statuses())
        folders = [folder for folder in Folder if folder not in (Folder.INBOX, Folder.SENT)]
        return [
            (folder, told[folder])
            for folder in (*folders, Folder.INBOX)
            if folder in told and (folder is Folder.INBOX or not told[folder] or self._states.get(folder) != told[folder])
        ]

    def letters(self, folder: Folder, state: State) -> tuple[LetterId, ...]:
        """What lies in it; the inbox is not asked for where nothing changed."""
        if folder is Folder.INBOX and state and self._states.get(folder) == state:
            return self._inbox
        found: tuple[LetterId, ...] = ()
        if dict(state).get(b"MESSAGES") != 0:
            here = self._places.select(self._places.wire(folder), fresh=True)
            found = tuple(self._places.id(here, uid) for uid in self._session.everything())
        if folder is Folder.INBOX:
            self._inbox = found
        return found

    def given(self, folder: Folder, state: State) -> None:
        """The caller has taken it. A change since the state was asked for will be seen at the next look."""
        self._states[folder] = state

    def _statuses(self) -> Iterator[tuple[Folder, State]]:
        """Each folder's state, also of those that are missing: an empty one, which means to look."""
        what = b"(MESSAGES UIDNEXT UIDVALIDITY" + (b" HIGHESTMODSEQ)" if "CONDSTORE" in self._session.capabilities else b")")
        names = {folder: name for folder, name in self._places.layout.names.items() if folder is not Folder.SENT}
        got = []
        if "LIST-STATUS" in self._session.capabilities:  # RFC 5819
            patterns = b"(" + b" ".join(quoted(name) for name in names.values()) + b")"
            got = self._session.run("LIST", '""', patterns, b"RETURN (STATUS " + what + b")").get("STATUS", [])
        else:
            for name in names.values():
                try:
                    got += self._session.run("STATUS", quoted(name), what).get("STATUS", [])
                except Refused:
                    self._places.forget()
        told: dict[bytes, State] = {}
        for chunks in responses(got):
            parts = values(chunks)
            if len(parts) > 1 and isinstance(parts[0], bytes):
                name = b"INBOX" if parts[0].upper() == b"INBOX" else parts[0]
                told[name] = tuple(sorted(numbers(parts[-1]).items()))
        if not names.items() <= {folder: name for folder, name in names.items() if name in told}.items():
            self._places.forget()  # a folder has vanished
        for folder, name in names.items():
            if name in told or folder is Folder.INBOX:
                yield folder, told.get(name, ())

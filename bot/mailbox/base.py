"""What a mail server must do for us, and what a letter and a mail are to the rest of the program."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import NewType, Protocol

from rules.model import Folder as Folder

LetterId = NewType("LetterId", str)


@dataclass(frozen=True, slots=True)
class Letter:
    """A letter as received, reduced to what the program may know.

    `sender` is one strictly checked address in lower case, or None when the From line does not give exactly one.
    `received` is UTC. `headers` holds the few headers that `rules.automatic` asks about, names in lower case, each cut at 998 characters.
    `answers` are the Message-IDs in In-Reply-To and References; `concerns` those that a bounce or an attached message names.
    `body` is plain text (HTML turned to text), at most 64 000 characters. `fingerprint` is what the letter keeps when it is moved: its
    Message-ID, or where it has none, something as lasting that the server tells. `files`: the endings of the attached files' names,
    such as ".csv": a name may hold a person's.
    """

    id: LetterId
    subject: str
    sender: str | None
    received: datetime
    message_id: str = ""
    headers: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    answers: tuple[str, ...] = ()
    concerns: tuple[str, ...] = ()
    body: str = ""
    fingerprint: str = ""
    files: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Unreadable:
    """A letter that could not be read; it goes to quarantine as it is. `reason` is one word of ours, never the letter's text.

    `again`: the server could not give it now; it is tried again, and set aside only when it has failed several times.
    """

    id: LetterId
    reason: str
    fingerprint: str = ""
    again: bool = False


@dataclass(frozen=True, slots=True)
class OutgoingMail:
    """A mail, frozen: these bytes are sent, once, under this Message-ID."""

    message_id: str
    sender: str
    recipients: tuple[str, ...]
    raw: bytes


@dataclass(frozen=True, slots=True)
class Receipt:
    """The sent copy: where it lies, and which recipients the server refused for good."""

    id: str
    refused: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Trial:
    """One thing that was tried on a mailbox: whether it is as it should be, what was seen, and what to do about it if not."""

    good: bool
    seen: str
    mend: str = ""


class Mailbox(Protocol):
    """A mail server. Raises MailboxError and nothing else. Every method may be called again after a crash.

    Every call has a deadline; none tries anything twice by itself except what certainly did not happen. Ids may change when a letter is
    moved, by us (`file` tells the new one) or by a person (`fingerprints` tells which letter it is).
    """

    def prepare(self) -> None:
        """Find or make the folders; costs nothing once they are known. A missing mailbox is an error; it is never made."""

    def waiting(self) -> Iterator[LetterId]:
        """What lies in the inbox, oldest first, read or not."""

    def fetch(self, ids: Sequence[LetterId]) -> Iterator[Letter | Unreadable]:
        """These letters from the inbox; one that has vanished meanwhile is passed over in silence."""

    def file(self, moves: Mapping[LetterId, Folder]) -> Mapping[LetterId, LetterId]:
        """Move letters to the folder named, one call for each target folder; gives each letter's id after the move.

        Filing twice is no error. A letter that is gone is left out of the answer; one that a person has moved meanwhile is moved if the
        server still knows its id, else left where it lies and left out of the answer.
        """

    def listing(self, folder: Folder) -> Iterator[LetterId]:
        """The letters in one folder."""

    def look(self) -> Iterator[tuple[Folder, Sequence[LetterId]]]:
        """All folders but Skickat whose content may have changed since the last look, with all that lies in them; the inbox is always one.

        In as few calls as the server allows. A server's word that nothing changed is a hint: now and then, and at first, all are given.
        """

    def fingerprints(self, ids: Sequence[LetterId]) -> Mapping[LetterId, str]:
        """What these letters keep when they are moved, as in `Letter.fingerprint`, wherever they lie; those that are gone are left out."""

    def raw(self, id: LetterId) -> bytes | None:
        """A letter's bytes as received, wherever it lies; None when it is gone."""

    def send(self, mail: OutgoingMail) -> Receipt:
        """Send once and keep the copy in Skickat, under the Message-ID given. Sending the same mail again is no error."""

    def find_sent(self, message_id: str) -> Receipt | None:
        """The copy in Skickat, if there is one."""

    def delete(self, ids: Sequence[LetterId]) -> None:
        """Move letters to the folder of deleted items, from which the server or a person clears them. What is gone is no error."""

    def examine(self) -> Iterator[Trial]:
        """Tries the rights that the program needs, and those that it must not have; `ivobot check` shows each. Changes nothing."""

    def close(self) -> None:
        """Let go of connections. The next call connects again."""

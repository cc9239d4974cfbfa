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
    `body` is plain text (HTML turned to text), at most 64 000 characters.
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


@dataclass(frozen=True, slots=True)
class Unreadable:
    """A letter that could not be read; it goes to quarantine as it is. `reason` is one word of ours, never the letter's text."""

    id: LetterId
    reason: str


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


class Mailbox(Protocol):
    """A mail server. Raises MailboxError and nothing else. Every method may be called again after a crash."""

    def prepare(self) -> None:
        """Find or make the folders. A missing mailbox is an error; it is never made."""

    def waiting(self) -> Iterator[LetterId]:
        """What lies in the inbox, oldest first, read or not."""

    def fetch(self, ids: Sequence[LetterId]) -> Iterator[Letter | Unreadable]:
        """These letters from the inbox; one that has vanished meanwhile is passed over in silence."""

    def file(self, moves: Mapping[LetterId, Folder]) -> Mapping[LetterId, LetterId]:
        """Move letters from wherever they lie to the folder named; gives each letter's id after the move.

        Filing twice is no error. A letter that is gone is left out of the answer.
        """

    def listing(self, folder: Folder) -> Iterator[LetterId]:
        """The letters in one folder."""

    def send(self, mail: OutgoingMail) -> Receipt:
        """Send once and keep the copy in Skickat, under the Message-ID given. Sending the same mail again is no error."""

    def find_sent(self, message_id: str) -> Receipt | None:
        """The copy in Skickat, if there is one."""

    def close(self) -> None:
        """Let go of connections."""

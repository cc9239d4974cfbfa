"""A mailbox on Exchange Server, by Exchange Web Services."""

from collections.abc import Callable, Iterator, Mapping, Sequence

from bot.clock import SystemClock
from bot.mailbox.base import Folder, Letter, LetterId, OutgoingMail, Receipt, Trial, Unreadable
from bot.mailbox.ews_batch import Batches
from bot.mailbox.ews_examine import trials
from bot.mailbox.ews_find import Lists
from bot.mailbox.ews_folders import Folders
from bot.mailbox.ews_http import Connection
from bot.mailbox.ews_move import Mover
from bot.mailbox.ews_read import Reader
from bot.mailbox.ews_send import Sender
from bot.mailbox.ews_sent import Sent


class EwsMailbox:
    """As `bot.mailbox.base.Mailbox` asks. The constructor connects to nothing.

    clock: seconds, for what is done hourly. A letter's id is the server's and changes when it is moved; `received` is the server's time,
    UTC. A receipt's id is the Message-ID: by it the copy is found in Sent Items, whose own ids change.
    """

    def __init__(self, connection: Connection, clock: Callable[[], float] | None = None) -> None:
        self._connection = connection
        self._batches = Batches(connection)
        self._folders = Folders(self._batches)
        self._lists = Lists(self._batches, self._folders, clock or SystemClock().monotonic)
        self._reader = Reader(self._batches, self._folders)
        self._mover = Mover(self._batches, self._folders)
        self._sender = Sender(self._batches, self._folders, Sent(self._batches, self._folders, self._lists))

    def prepare(self) -> None:
        """At most three requests, and one for each version that an unknown server refuses; then none."""
        _ = self._folders.known

    def waiting(self) -> Iterator[LetterId]:
        """One request for each thousand letters."""
        yield from self._lists.listing(Folder.INBOX)

    def fetch(self, ids: Sequence[LetterId]) -> Iterator[Letter | Unreadable]:
        """One request for two hundred letters or 8 MB."""
        self._reader.sizes = self._lists.sizes
        yield from self._reader.fetch(ids)

    def file(self, moves: Mapping[LetterId, Folder]) -> Mapping[LetterId, LetterId]:
        """One request for each target folder (and each five hundred letters)."""
        return self._mover.file(moves)

    def listing(self, folder: Folder) -> Iterator[LetterId]:
        """One request for each thousand letters."""
        yield from self._lists.listing(folder)

    def look(self) -> Iterator[tuple[Folder, Sequence[LetterId]]]:
        """One request when nothing is new; once an hour all folders whole."""
        yield from self._lists.look()

    def fingerprints(self, ids: Sequence[LetterId]) -> Mapping[LetterId, str]:
        """The Message-IDs that the server holds."""
        return self._reader.fingerprints(ids)

    def raw(self, id: LetterId) -> bytes | None:
        """One request."""
        return self._reader.raw(id)

    def send(self, mail: OutgoingMail) -> Receipt:
        """Two requests; two more in all for the first mail of a process. The server tells of no single recipient that it refused."""
        return self._sender.send(mail)

    def find_sent(self, message_id: str) -> Receipt | None:
        """One request. A mail on its way in the outbox counts as sent."""
        return self._sender.find(message_id)

    def delete(self, ids: Sequence[LetterId]) -> None:
        """Move letters to Deleted Items."""
        self._mover.delete(ids)

    def examine(self) -> Iterator[Trial]:
        """Looks; makes no folder, sends nothing."""
        yield from trials(self._batches)

    def close(self) -> None:
        """Hang up."""
        self._batches.line.close()

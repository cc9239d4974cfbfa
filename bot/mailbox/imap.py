"""A mailbox read by IMAP (RFC 3501 and what has grown around it) and sent from by SMTP."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from typing import Final

from bot.errors import MailboxError
from bot.mailbox.base import Folder, Letter, LetterId, OutgoingMail, Receipt, Trial, Unreadable
from bot.mailbox.imap_faults import Lost, Refused, spoken
from bot.mailbox.imap_looking import Looker
from bot.mailbox.imap_moving import move
from bot.mailbox.imap_places import Places
from bot.mailbox.imap_reading import Items, fingerprints, read, refused_one, whole
from bot.mailbox.imap_sending import Sender
from bot.mailbox.imap_session import Session
from bot.mailbox.imap_settings import Connection
from bot.mailbox.imap_trials import trials
from bot.mailbox.smtp import Smtp
from bot.mailbox.timed_socket import Deadline

TOGETHER: Final = 500  # letters in one command: at most 16 MB, and as many more for the parts of large ones
POISON: Final = 2  # letters on which the connection may break before the server is thought to be away
IDLE_LIMIT: Final = 29 * 60  # seconds (RFC 2177)


class ImapMailbox:
    """As `bot.mailbox.base.Mailbox` asks. The constructor connects to nothing. Not for use by two threads at once.

    A call has the deadline in all; `fetch` has it for each command's worth of letters, `send` once until the mail is handed over and once
    for that. A connection that broke while it lay idle is made anew in silence; nothing else is tried twice.
    """

    def __init__(self, connection: Connection) -> None:
        self.connection = connection
        self._deadline = Deadline(connection.deadline)
        self._session = Session(connection, self._deadline)
        self._places = Places(self._session)
        self._looker = Looker(self._session, self._places)
        self._smtp = Smtp(connection.smtp, connection.smtp_login, self._deadline, connection.ca_file)
        self._sender = Sender(self._session, self._places, self._smtp)
        self._careful = False  # the last batch broke the connection: now one letter at a time

    @property
    def commands(self) -> int:
        """How many IMAP commands were given, signing in not counted."""
        return self._session.commands

    @contextmanager
    def _call(self, *, ask: bool = False) -> Iterator[None]:
        """One call: its time counts from here, the connection answers, and every error comes out as MailboxError."""
        self._deadline.start()
        try:
            self._session.live(ask=ask)
            yield
        except Refused as error:
            if error.code in ("NONEXISTENT", "TRYCREATE"):
                self._places.forget()
            raise spoken(error, "IMAP") from error
        except MailboxError:
            raise
        except Exception as error:  # an answer that makes no sense: what comes next on this connection cannot be trusted
            self._session.drop()
            raise spoken(error, "IMAP") from error

    def prepare(self) -> None:
        """Find or make the folders; no command once they are known."""
        if not self._places.whole:
            with self._call():
                self._places.prepare()

    def waiting(self) -> Iterator[LetterId]:
        """The inbox in the order of arrival. One command where nothing has changed."""
        return self.listing(Folder.INBOX)

    def listing(self, folder: Folder) -> Iterator[LetterId]:
        """One folder; none where it is not there."""
        with self._call():
            if folder not in self._places.layout.names:
                return iter(())
            here = self._places.select(self._places.layout.names[folder], fresh=True)
            return iter([self._places.id(here, uid) for uid in self._session.everything()])

    def look(self) -> Iterator[tuple[Folder, Sequence[LetterId]]]:
        """Two commands where nothing has changed on a server with LIST-STATUS; all folders once an hour."""
        with self._call(ask=True):
            changed = self._looker.changed()
        for folder, state in changed:
            with self._call():
                found = self._looker.letters(folder, state)
            yield folder, found
            self._looker.given(folder, state)

    def fetch(self, ids: Sequence[LetterId]) -> Iterator[Letter | Unreadable]:
        """Read them, 500 in a command; where one breaks the command or the connection, one at a time."""
        step = 1 if self._careful else TOGETHER
        broken = 0
        at = 0
        while at < len(ids):
            some = ids[at : at + step]
            try:
                with self._call():
                    found = self._read(some, alone=step == 1)
            except MailboxError as error:
                if not isinstance(error.__cause__, Lost) or (step == 1 and broken >= POISON):
                    self._careful = isinstance(error.__cause__, Lost)
                    raise
                if step == 1:
                    broken += 1
                    yield Unreadable(some[0], "refused", again=True)
                    at += 1
                step = 1
                continue
            yield from found
            at += len(some)
        self._careful = False

    def _read(self, ids: Sequence[LetterId], *, alone: bool) -> list[Letter | Unreadable]:
        out: list[Letter | Unreadable] = []
        for _, items in self._places.opened(ids, only=Folder.INBOX):
            try:
                out += read(self._session, items)
            except Refused:
                if alone:
                    out += [Unreadable(id, "refused", again=True) for id, _ in items]
                else:
                    out += self._one_by_one(items)
        return out

    def _one_by_one(self, items: Items) -> Iterator[Letter | Unreadable]:
        """The server refused to give some of them: which one, and why, only single questions tell."""
        for id, uid in items:
            self._deadline.start()
            if (found := refused_one(self._session, id, uid)) is not None:
                yield found

    def file(self, moves: Mapping[LetterId, Folder]) -> Mapping[LetterId, LetterId]:
        """One command for each pair of folders."""
        if not moves:
            return {}
        with self._call():
            targets: dict[bytes, list[LetterId]] = {}
            for id, folder in moves.items():
                targets.setdefault(self._places.wire(folder), []).append(id)
            return move(self._session, self._places, targets)

    def fingerprints(self, ids: Sequence[LetterId]) -> Mapping[LetterId, str]:
        """Read the beginnings of the letters."""
        out: dict[LetterId, str] = {}
        for at in range(0, len(ids), TOGETHER):
            with self._call():
                for _, items in self._places.opened(ids[at : at + TOGETHER]):
                    out |= fingerprints(self._session, items)
        return out

    def raw(self, id: LetterId) -> bytes | None:
        """The whole letter, at most 64 MB."""
        with self._call():
            for _, items in self._places.opened([id]):
                return whole(self._session, items[0][1])
        return None

    def send(self, mail: OutgoingMail) -> Receipt:
        """See `imap_sending` for what keeps a mail from going twice."""
        with self._call():
            return self._sender.send(mail)

    def find_sent(self, message_id: str) -> Receipt | None:
        """By a search for the Message-ID; a copy that is still marked as a draft was never seen to go."""
        with self._call():
            return self._sender.find(message_id)

    def delete(self, ids: Sequence[LetterId]) -> None:
        """Move letters to the server's own folder for deleted ones, else to Borttaget."""
        if ids:
            with self._call():
                move(self._session, self._places, {self._places.trash(): ids})

    def examine(self) -> Iterator[Trial]:
        """Try what is needed, in both servers."""
        return trials(self.connection, self._deadline)

    def wait(self, seconds: float) -> bool:
        """Wait until the server tells of news in the inbox (IDLE, RFC 2177), at most so long; whether it did. A hint and no more.

        False at once where the server cannot.
        """
        with self._call():
            if "IDLE" not in self._session.capabilities:
                return False
            self._places.select(b"INBOX")
            return self._session.idle(min(seconds, IDLE_LIMIT))

    def close(self) -> None:
        """Sign out of both servers."""
        with suppress(Exception):
            self._session.close()
        with suppress(Exception):
            self._smtp.close()

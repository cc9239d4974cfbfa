"""A signed-in IMAP session: connects when it must, knows which folder is open, and runs one command at a time."""

import imaplib
import itertools
import select
import ssl
from collections.abc import Sequence
from contextlib import suppress
from typing import Any, Final

from bot.errors import MailboxError
from bot.mailbox.imap_faults import Lost, Refused, code_of, spoken
from bot.mailbox.imap_settings import Connection
from bot.mailbox.imap_signing import sign_in
from bot.mailbox.imap_syntax import Value, expand, fetched, quoted, uid_set, values
from bot.mailbox.imap_wire import USUAL_LIMIT, NoTls, Wire
from bot.mailbox.timed_socket import Deadline, tls

IDLE_LIMIT: Final = 30  # seconds without a word after which a connection is tried before it is used
TRIAL: Final = 10  # seconds that such a trial may take: firewalls drop quiet connections without a word
UNDELETED: Final = "UNDELETED"  # a letter marked as deleted has been dealt with, by a person or by a move on a server without MOVE

Got = dict[str, list[Any]]


class Open:
    """The folder that is open on the server. `uids`: what lies in it, as long as the server has told of no change."""

    def __init__(self, name: bytes, validity: int, *, read_only: bool, kept_flags: frozenset[bytes]) -> None:
        self.name, self.validity, self.read_only, self.kept_flags = name, validity, read_only, kept_flags
        self.uids: list[int] | None = None


class Session:
    """Runs commands. Raises MailboxError from `connect`, Refused and Lost from the others; after Lost the next `live` connects anew.

    `commands` counts what was asked of the server since the object was made.
    """

    def __init__(self, connection: Connection, deadline: Deadline) -> None:
        self._connection, self.deadline = connection, deadline
        self._context: ssl.SSLContext | None = None
        self._client: Wire | None = None
        self._used = 0.0
        self.capabilities: frozenset[str] = frozenset()
        self.open: Open | None = None
        self.commands = 0

    def live(self, *, ask: bool = False) -> None:
        """A connection that answers: the one there is, or silently a new one where it was dropped meanwhile. `ask`: by a NOOP, always."""
        if self._client is not None:
            client = self._client
            quiet = client.silent and not _readable(client.sock, 0)
            if not ask and quiet and self.deadline.now() - self._used < IDLE_LIMIT:
                return
            self.deadline.start(min(TRIAL, self.deadline.seconds))
            with suppress(Lost, Refused):
                self.noop()
                self.deadline.start()
                return
            self.drop()
            self.deadline.start()
        self.connect()

    def connect(self) -> None:
        """Connect and sign in, once. Raises MailboxError, MailboxDenied."""
        self.drop()
        server = self._connection.imap
        try:
            if server.tls != "none" and self._context is None:
                self._context = tls(self.deadline, self._connection.ca_file)
            self._client = Wire(server, self.deadline, self._context)
            self.capabilities = sign_in(self._client, self._connection.login)
        except NoTls:
            self.drop()
            raise MailboxError('The IMAP server offers no STARTTLS; set tls = "tls" under [mailbox], or ask its provider.') from None
        except Exception as error:
            self.drop()
            raise spoken(error, "IMAP") from error
        self._used = self.deadline.now()

    @property
    def client(self) -> Wire:
        """The connection. Raises Lost when there is none."""
        if self._client is None:
            raise Lost
        return self._client

    def drop(self) -> None:
        """Forget the connection without a word."""
        client, self._client, self.open = self._client, None, None
        if client is not None:
            with suppress(Exception):
                client.shutdown()

    def close(self) -> None:
        """Say goodbye, shortly."""
        if self._client is not None:
            self.deadline.start(min(2.0, self.deadline.seconds))
            with suppress(Exception):
                self._client.logout()
        self.drop()

    def run(self, name: str, *args: str | bytes, literal: bytes | None = None, limit: int = USUAL_LIMIT) -> Got:
        """One command; gives the untagged answers by their names, imaplib's way. Raises Refused, Lost."""
        client = self.client
        self.commands += 1
        client.bound(limit)
        client.untagged_responses = {}
        client.literal = literal  # type: ignore[assignment]
        try:
            kind, data = client._simple_command(name, *args)
        except imaplib.IMAP4.abort as error:
            self.drop()
            raise Lost from error
        except imaplib.IMAP4.error as error:  # so imaplib tells of BAD
            self._used = self.deadline.now()
            raise Refused(bad=True) from error
        except Exception as error:  # whatever imaplib meets in an answer, nothing more can be understood on this connection
            self.drop()
            raise Lost from error
        self._used = self.deadline.now()
        got: Got = client.untagged_responses
        client.untagged_responses = {}
        if self.open is not None and not {"EXISTS", "EXPUNGE", "VANISHED"}.isdisjoint(got):
            self.open.uids = None
        if kind != "OK":
            raise Refused(code_of(data[0] or b"" if data else b""), bad=kind == "BAD")
        return got

    def noop(self) -> None:
        """Ask for news of the open folder."""
        if "FETCH" in self.run("NOOP") and self.open is not None:
            self.open.uids = None  # a flag changed, maybe the one that marks a letter as deleted

    def select(self, name: bytes, *, fresh: bool = False) -> Open:
        """Open a folder; `fresh`: with the news since it was opened. Raises Refused where it is not there or the right is lacking."""
        if self.open is not None and self.open.name == name:
            if fresh:
                self.noop()
            return self.open
        self.open = None
        self.client.state = "AUTH"
        got = self.run("SELECT", quoted(name))
        self.client.state = "SELECTED"
        validity = _number(got.get("UIDVALIDITY"))
        kept = got.get("PERMANENTFLAGS", [b""])[-1] or b""
        self.open = Open(name, validity, read_only="READ-ONLY" in got, kept_flags=frozenset(kept.strip(b"() ").lower().split()))
        return self.open

    def search(self, *what: str | bytes) -> list[int]:
        """UIDs in the open folder, rising, which is the order in which they came into it."""
        if "ESEARCH" in self.capabilities:
            got = self.run("UID", "SEARCH RETURN (ALL)", *what)
            found = [uid for line in got.get("ESEARCH", []) for uid in expand(_all_of(values([line])))]
        else:
            lines = [line for line in self.run("UID", "SEARCH", *what).get("SEARCH", []) if line]
            found = [uid for line in lines for word in line.split() for uid in expand(word)]
        return sorted(set(found))

    def everything(self) -> list[int]:
        """All UIDs of the open folder that are not marked as deleted; asked once while nothing changes."""
        if self.open is None:
            raise Lost
        if self.open.uids is None:
            here = self.open
            found = self.search(UNDELETED)
            here.uids = found
        return self.open.uids or []

    def fetch(self, uids: Sequence[int], what: str, *, limit: int = USUAL_LIMIT) -> dict[int, dict[bytes, Value]]:
        """What the open folder's letters are asked for; a UID that is gone is not in the answer."""
        if not uids:
            return {}
        got = self.run("UID", "FETCH", uid_set(uids), what, limit=limit).get("FETCH", [])
        return fetched(got)

    def idle(self, seconds: float) -> bool:
        """Wait in the open folder for a word of the server (RFC 2177); whether one came. The way of imap_tools reads past our deadline."""
        client = self.client
        self.commands += 1
        client.bound()
        client.untagged_responses = {}
        try:
            tag = client._command("IDLE")
            while client._get_response():
                if client.tagged_commands[tag]:
                    raise Refused
            news = bool(client.untagged_responses) or not client.silent or _readable(client.sock, seconds)
            self.deadline.start()
            client.send(b"DONE\r\n")
            client._command_complete("IDLE", tag)
        except Refused:
            raise
        except Exception as error:
            self.drop()
            raise Lost from error
        self._used = self.deadline.now()
        if self.open is not None:
            self.open.uids = None
        return news

    def store(self, uids: Sequence[int], change: str) -> dict[int, dict[bytes, Value]]:
        """Change flags, such as "-FLAGS (\\Draft)"; gives the flags after that, as the server tells them."""
        return fetched(self.run("UID", "STORE", uid_set(uids), change).get("FETCH", []))


def _readable(sock: Any, seconds: float) -> bool:
    """Whether something lies there to be read, or comes in this time: news, or that the server has closed."""
    if hasattr(select, "poll"):
        poll = select.poll()
        poll.register(sock.fileno(), select.POLLIN)
        return bool(poll.poll(seconds * 1000))
    return bool(select.select([sock], [], [], seconds)[0])


def _number(lines: list[Any] | None) -> int:
    text = bytes(lines[-1] or b"") if lines else b""
    return int(text) if text.isdigit() and len(text) <= 10 else 0


def _all_of(parts: list[Value]) -> bytes:
    """The set in an ESEARCH answer (RFC 4731 3.1); b"" when nothing was found."""
    for name, value in itertools.pairwise(parts):
        if isinstance(name, bytes) and name.upper() == b"ALL" and isinstance(value, bytes):
            return value
    return b""

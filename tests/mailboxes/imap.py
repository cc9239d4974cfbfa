"""A mailbox on a real Dovecot with Maildir storage and a real SMTP server; seen from outside by plain imaplib, as a mail program would."""

import imaplib
import itertools
import os
import re
import smtplib
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from imap_tools.imap_utf7 import utf7_decode, utf7_encode

from bot.mailbox.base import Mailbox
from bot.mailbox.imap import ImapMailbox
from bot.mailbox.imap_settings import Connection, Login, Server
from tests.mailboxes.base import SENDER
from tests.servers.dovecot import PASSWORD, Dovecot, dovecot, required
from tests.servers.smtp import SmtpServer

USERS = itertools.count(1)
SPECIAL = {"Skickat": rb"\Sent", "Borttaget": rb"\Trash"}
LINE = re.compile(rb'\(([^)]*)\) (?:"(.)"|NIL) "?([^"]*)"?')


class ImapBackend:
    """A `tests.mailboxes.base.Backend`. `prefix`: where the folders lie; `settings`: Dovecot's, for this user only."""

    def __init__(self, server: Dovecot, *, prefix: str = "", **settings: str) -> None:
        self.server, self.prefix = server, prefix
        self.user = f"u{next(USERS)}-{os.getpid()}"
        self.box = server.add(self.user, **settings)
        self.smtp = SmtpServer(SENDER, self.box, server.give, user=self.user, password=PASSWORD)
        self._sender = smtplib.SMTP("127.0.0.1", self.smtp.port, "test")
        self._sender.ehlo()
        self.mailbox: Mailbox = ImapMailbox(self.connection())

    def connection(self, **changes: Any) -> Connection:
        """How the program reaches it."""
        login = Login(self.user, PASSWORD)
        usual: dict[str, Any] = {
            "address": SENDER,
            "imap": Server("127.0.0.1", self.server.port, "none"),
            "login": login,
            "smtp": Server("127.0.0.1", self.smtp.port, "none"),
            "smtp_login": login,
            "deadline": 30,
        }
        return Connection(**{**usual, **changes})

    @property
    def imap(self) -> ImapMailbox:
        assert isinstance(self.mailbox, ImapMailbox)
        return self.mailbox

    @property
    def environ(self) -> Mapping[str, str]:
        values = {
            "kind": "imap",
            "address": SENDER,
            "host": "127.0.0.1",
            "port": str(self.server.port),
            "tls": "none",
            "user": self.user,
            "password": PASSWORD,
            "smtp_port": str(self.smtp.port),
            "smtp_tls": "none",
        }
        return {f"IVOBOT_MAILBOX__{key.upper()}": value for key, value in values.items()}

    def deliver(self, raw: bytes) -> None:
        refused = self._sender.sendmail("anna@kommun.example", [SENDER], raw)
        assert not refused

    @contextmanager
    def person(self) -> Iterator[imaplib.IMAP4]:
        """Somebody else's mail program."""
        client = imaplib.IMAP4("127.0.0.1", self.server.port)
        client.authenticate("PLAIN", lambda _: f"\0{self.user}\0{PASSWORD}".encode())
        try:
            yield client
        finally:
            client.logout()

    def _listed(self, client: imaplib.IMAP4) -> dict[str, bytes]:
        """What staff see → the server's name."""
        out: dict[str, bytes] = {}
        kind, lines = client._simple_command("LIST", '""', '"*"', "RETURN (SPECIAL-USE)")  # type: ignore[attr-defined]
        kind, lines = client._untagged_response(kind, lines, "LIST")  # type: ignore[attr-defined]
        for line in lines:
            found = LINE.fullmatch(line)
            assert found, line
            seen = next((name for name, flag in SPECIAL.items() if flag in found[1].split()), "")
            out[seen or utf7_decode(found[3]).removeprefix(self.prefix)] = found[3]
        return out

    @staticmethod
    def _with(client: imaplib.IMAP4, key: str) -> list[bytes]:
        mark = f'"<{key}@kommun.example>"'
        found = client.uid("SEARCH", "UNDELETED", "OR", "HEADER", "Message-ID", mark, "HEADER", "X-Key", mark)[1][0]
        return bytes(found or b"").split()

    def folder(self, name: str) -> list[bytes]:
        with self.person() as client:
            wire = self._listed(client).get(name)
            if wire is None:
                return []
            client.select(b'"' + wire + b'"', readonly=True)  # type: ignore[arg-type]
            uids = bytes(client.uid("SEARCH", "UNDELETED")[1][0] or b"").split()
            return [client.uid("FETCH", uid.decode(), "(BODY.PEEK[])")[1][0][1] for uid in uids]  # type: ignore[index,misc]

    def folder_of(self, key: str) -> list[str]:
        out = []
        with self.person() as client:
            for name, wire in self._listed(client).items():
                client.select(b'"' + wire + b'"', readonly=True)  # type: ignore[arg-type]
                out += [name] * len(self._with(client, key))
        return sorted(out)

    def move_by_hand(self, key: str, folder: str) -> None:
        with self.person() as client:
            listed = self._listed(client)
            if folder not in listed:
                listed[folder] = utf7_encode(self.prefix + folder)
                client.create(b'"' + listed[folder] + b'"')  # type: ignore[arg-type]
            for name, wire in list(listed.items()):
                client.select(b'"' + wire + b'"')  # type: ignore[arg-type]
                for uid in self._with(client, key):
                    client.uid("STORE", uid.decode(), "+FLAGS", r"(\Seen)")
                    if name != folder:
                        client.uid("MOVE", uid.decode(), b'"' + listed[folder] + b'"')  # type: ignore[arg-type]
                        return

    def delete_by_hand(self, key: str) -> None:
        with self.person() as client:
            for wire in self._listed(client).values():
                client.select(b'"' + wire + b'"')  # type: ignore[arg-type]
                for uid in self._with(client, key):
                    client.uid("STORE", uid.decode(), "+FLAGS", r"(\Deleted)")
                    client.uid("EXPUNGE", uid.decode())

    def restart(self) -> Mailbox:
        self.mailbox.close()
        self.mailbox = ImapMailbox(self.connection())
        return self.mailbox

    def stop(self) -> None:
        self.mailbox.close()
        self._sender.close()
        self.smtp.stop()


@contextmanager
def backend(home: Path | None = None, *, prefix: str = "", **settings: str) -> Iterator[ImapBackend]:
    """A fresh mailbox for a user of its own."""
    server = dovecot()
    if server is None:
        required("Dovecot")
        raise AssertionError
    made = ImapBackend(server, prefix=prefix, **settings)
    try:
        yield made
    finally:
        made.stop()

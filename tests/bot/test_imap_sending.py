"""Sending by SMTP with the copy kept by IMAP: once, whatever breaks, and what the server refuses is told."""

from collections.abc import Iterator

import pytest

from bot.errors import MailboxDenied, MailboxError, MailRefused
from bot.mailbox.base import OutgoingMail
from bot.mailbox.imap import ImapMailbox
from bot.mailbox.imap_settings import Login, Server
from bot.mailbox.smtp import clean
from tests.mailboxes import imap
from tests.mailboxes.base import SENDER
from tests.mailboxes.imap import ImapBackend
from tests.servers.dovecot import PASSWORD
from tests.servers.imap_proxy import Proxy
from tests.servers.smtp import SmtpServer
from tests.test_mailbox_contract import mail

TWO = ("anna@kommun.example", "bo@kommun.example")


@pytest.fixture
def backend() -> Iterator[ImapBackend]:
    with imap.backend() as made:
        made.mailbox.prepare()
        yield made


def to(*recipients: str, key: str = "m1") -> OutgoingMail:
    one = mail(key)
    return OutgoingMail(one.message_id, one.sender, recipients, one.raw)


def drafts(backend: ImapBackend) -> int:
    with backend.person() as client:
        client.select("Skickade", readonly=True)
        return len((client.uid("SEARCH", "DRAFT")[1][0] or b"").split())


def test_what_goes_out(backend: ImapBackend) -> None:
    """The bytes as they were frozen, to every recipient at once, and the copy the same and no draft."""
    backend.mailbox.send(to(*TWO))
    (sent,) = backend.smtp.sent
    assert (sent.sender, sent.recipients, sent.raw) == (SENDER, list(TWO), mail("m1").raw + b"\r\n")
    assert backend.folder("Skickat") == [mail("m1").raw] and drafts(backend) == 0


def test_a_mail_to_oneself(backend: ImapBackend) -> None:
    """It comes into the inbox, and the copy is another letter."""
    backend.mailbox.send(to(SENDER))
    assert backend.folder_of("m1") == ["INBOX", "Skickat"]


def test_some_recipients_are_refused(backend: ImapBackend) -> None:
    """The others get the mail, and the receipt tells; all refused is a mail that cannot be sent."""
    backend.smtp.faults.recipients = {"bo@kommun.example": 550}
    assert backend.mailbox.send(to(*TWO)).refused == ("bo@kommun.example",)
    assert backend.smtp.sent[0].recipients == ["anna@kommun.example"]
    with pytest.raises(MailRefused):
        backend.mailbox.send(to("bo@kommun.example", key="m2"))
    assert backend.folder_of("m2") == [] and len(backend.smtp.sent) == 1


@pytest.mark.parametrize(
    "fault, error, again",
    [
        ({"recipients": {"anna@kommun.example": 451}}, MailboxError, True),
        ({"sender": 451}, MailboxError, True),
        ({"sender": 553}, MailboxDenied, False),
        ({"sender": 552}, MailRefused, False),
        ({"content": 451}, MailboxError, True),
        ({"content": 554}, MailRefused, False),
    ],
)
def test_a_no_leaves_no_copy(backend: ImapBackend, fault: dict[str, object], error: type[MailboxError], again: bool) -> None:
    """What the server refused is not in Skickat, and when it takes it later it goes once."""
    for name, value in fault.items():
        setattr(backend.smtp.faults, name, value)
    with pytest.raises(error) as caught:
        backend.mailbox.send(to(*TWO))
    assert type(caught.value) is error and caught.value.again is again
    assert backend.folder("Skickat") == [] and backend.smtp.sent == [] and backend.mailbox.find_sent("<m1@kommun.example>") is None
    backend.smtp.handler.faults = type(backend.smtp.faults)()
    backend.mailbox.send(to(*TWO))
    assert len(backend.smtp.sent) == 1 and drafts(backend) == 0 and backend.folder_of("m1") == ["Skickat"]


@pytest.mark.parametrize("drop", ["before", "after"])
def test_an_answer_that_is_lost(backend: ImapBackend, drop: str) -> None:
    """Nobody knows whether it went: the draft does not count as sent, the error says to wait, and one copy is left in the end."""
    backend.smtp.faults.drop = drop
    with pytest.raises(MailboxError, match="did not say") as caught:
        backend.mailbox.send(mail("m1"))
    assert caught.value.again and caught.value.wait is not None and caught.value.wait.total_seconds() == 600
    assert drafts(backend) == 1 and backend.restart().find_sent("<m1@kommun.example>") is None
    backend.mailbox.send(mail("m1"))
    assert backend.folder_of("m1") == ["Skickat"] and drafts(backend) == 0
    assert len(backend.smtp.sent) == (2 if drop == "after" else 1)  # as SMTP is


def test_a_server_that_thinks_too_long(backend: ImapBackend) -> None:
    """The deadline ends it."""
    backend.smtp.faults.hang = 3
    box = ImapMailbox(backend.connection(deadline=1))
    with pytest.raises(MailboxError, match="did not say"):
        box.send(mail("m1"))


@pytest.mark.parametrize("command, count", [("APPEND", 1), ("UID STORE", 1), ("UID SEARCH", 1)])
@pytest.mark.parametrize("after", [False, True])
def test_the_imap_side_breaks(backend: ImapBackend, command: str, count: int, after: bool) -> None:
    """Wherever the line to the IMAP server is cut: one mail goes out in the end, and one copy is left."""
    proxy = Proxy(backend.server.port)
    box = ImapMailbox(backend.connection(imap=Server("127.0.0.1", proxy.port, "none")))
    box.prepare()
    proxy.clear()
    proxy.cut_at, proxy.cut_answer = command, after
    try:
        box.send(mail("m1"))
    except MailboxError as error:
        assert error.again
    proxy.cut_answer = False
    if box.find_sent("<m1@kommun.example>") is None:
        box.send(mail("m1"))
    assert proxy.cut_at == "" and len(backend.smtp.sent) == 1
    assert backend.folder_of("m1") == ["Skickat"] and drafts(backend) == 0
    box.close()
    proxy.stop()


def test_a_connection_that_the_server_closed_meanwhile(backend: ImapBackend) -> None:
    """The next mail goes over a new one."""
    backend.mailbox.send(mail("m1"))
    client = backend.imap._smtp._client
    assert client is not None and client.sock is not None
    client.sock.close()
    backend.mailbox.send(mail("m2"))
    assert len(backend.smtp.sent) == 2


@pytest.mark.parametrize("off", [(), ("PLAIN",)])
def test_a_wrong_password_is_tried_once(backend: ImapBackend, off: tuple[str, ...]) -> None:
    """smtplib would try every way that the server offers, each a wrong password more."""
    smtp = SmtpServer(SENDER, backend.box, backend.server.give, user=backend.user, password=PASSWORD, mechanisms_off=off)
    for password, right in (("fel", False), (PASSWORD, True)):
        smtp.logins.clear()
        login = Login(backend.user, password)
        box = ImapMailbox(backend.connection(smtp=Server("127.0.0.1", smtp.port, "none"), smtp_login=login))
        if right:
            box.send(mail("m1"))
        else:
            with pytest.raises(MailboxDenied, match="smtp_user"):
                box.send(mail("m1"))
            assert backend.folder("Skickat") == []
        assert len(smtp.logins) == 1
        box.close()
    smtp.stop()


def test_a_server_that_asks_for_no_sign_in(backend: ImapBackend) -> None:
    """Many servers inside a municipality's network know who may send by where they are."""
    smtp = SmtpServer(SENDER, backend.box, backend.server.give)
    box = ImapMailbox(backend.connection(smtp=Server("127.0.0.1", smtp.port, "none")))
    box.send(mail("m1"))
    assert len(smtp.sent) == 1 and smtp.logins == []
    box.close()
    smtp.stop()


@pytest.mark.parametrize(
    "raw, expected",
    [
        (b"a\nb\r\nc\rd", b"a\r\nb\r\nc\r\nd"),
        (b"x\n.\nMAIL FROM:<evil@x.example>\n", b"x\r\n.\r\nMAIL FROM:<evil@x.example>\r\n"),
    ],
)
def test_line_ends(raw: bytes, expected: bytes) -> None:
    """A dot alone on a line with odd ends must not end the mail."""
    assert clean(raw) == expected


def test_a_dot_alone_on_a_line(backend: ImapBackend) -> None:
    """Goes through as it is."""
    raw = mail("m1").raw + b"\r\n.\r\nDATA\r\n..\r\n"
    backend.mailbox.send(OutgoingMail("<m1@kommun.example>", SENDER, TWO, raw))
    assert backend.smtp.sent[0].raw == raw and backend.folder("Skickat") == [raw]


def test_an_almost_equal_message_id_is_another_mail(backend: ImapBackend) -> None:
    """Servers search for parts of words."""
    backend.mailbox.send(mail("m10"))
    for other in ("<m1@kommun.example>", "<0@kommun.example>", "m10@kommun.example", "<M10@kommun.example>", '<"@x>', "<å@x>"):
        assert backend.mailbox.find_sent(other) is None
    assert backend.mailbox.find_sent("<m10@kommun.example>") is not None

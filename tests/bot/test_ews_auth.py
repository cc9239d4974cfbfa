"""Signing in to an Exchange server, acting as a mailbox, and what `ivobot check` says of it."""

import datetime as dt
import ipaddress
import logging
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from bot.cli.mailboxes.ews import connect
from bot.config.mailboxes import Ews
from bot.errors import MailboxDenied, MailboxError
from bot.mailbox.ews import EwsMailbox
from bot.mailbox.ews_errors import BUSY, DENIED, GONE, NO_FOLDER, REFUSED, STALE, VERSION
from bot.mailbox.ews_http import Connection
from tests.mailboxes.base import SENDER
from tests.mailboxes.ews import PASSWORD, USER, EwsBackend, backend
from tests.servers.ews import EwsServer, ews_server
from tests.test_mailbox_contract import keys, letter, mail

OTHER = "chef@kommun.example"


@pytest.fixture
def box(tmp_path: Path) -> Iterator[EwsBackend]:
    with backend(tmp_path) as made:
        yield made


class Tokens:
    """Gives one token after the other."""

    def __init__(self, *tokens: str | MailboxError) -> None:
        self.tokens, self.asked = list(tokens), 0

    def token(self) -> str:
        self.asked += 1
        token = self.tokens[min(self.asked, len(self.tokens)) - 1]
        if isinstance(token, MailboxError):
            raise token
        return token


def test_ntlm_signs_in_once_for_a_connection(box: EwsBackend) -> None:
    """Three exchanges for the first question, one for each later one."""
    box.server.gate.schemes = ("NTLM",)
    box.mailbox.prepare()
    list(box.mailbox.look())
    assert (box.server.gate.logins, box.server.count, box.server.exchanges) == (1, 4, 6)


@pytest.mark.parametrize("auth, schemes", [("ntlm", ("NTLM",)), ("basic", ("Basic",)), ("ntlm", ("Negotiate", "NTLM", "Basic"))])
@pytest.mark.parametrize("password", ["fel", "", "hemligt-1 "])
def test_a_wrong_password_is_tried_once(box: EwsBackend, auth: str, schemes: tuple[str, ...], password: str) -> None:
    """Told as denied; how often it is tried is for the jobs to say, not for a library."""
    box.server.gate.schemes = schemes
    mailbox = box.again(auth=auth, password=password)
    with pytest.raises(MailboxDenied):
        mailbox.prepare()
    assert box.server.gate.logins <= 1 and box.server.count == 0
    box.again(password=PASSWORD).prepare()


def test_basic(box: EwsBackend) -> None:
    """With the first request, so that nothing is asked twice."""
    box.again(auth="basic").prepare()
    assert box.server.exchanges == box.server.count == 3


def test_a_way_of_signing_in_that_the_server_does_not_know(box: EwsBackend) -> None:
    """NTLM is offered by no one: denied, without a guess at another way."""
    box.server.gate.schemes = ("Basic",)
    with pytest.raises(MailboxDenied):
        box.mailbox.prepare()
    assert box.server.gate.logins == 0


def test_tokens(box: EwsBackend) -> None:
    """Asked for each request, since only their source knows their age; one that is refused is denied."""
    box.server.gate.tokens = {"t1"}
    tokens = Tokens("t1")
    mailbox = box.again(auth="oauth", access="impersonation", tokens=tokens)
    box.deliver(letter("a"))
    assert keys(mailbox) == ["a"] and tokens.asked == box.server.count
    box.server.gate.tokens = {"t2"}
    with pytest.raises(MailboxDenied):
        list(mailbox.waiting())


def test_an_identity_service_that_is_down_does_not_hang_the_next_call(box: EwsBackend) -> None:
    """Its own error comes through, whatever its kind, and the next call goes on."""
    box.server.gate.tokens = {"t1"}
    tokens = Tokens("t1", MailboxError("The identity service is down.", again=True), MailboxDenied("The secret has ended."), "t1")
    mailbox = box.again(auth="oauth", access="impersonation", tokens=tokens, version="Exchange2016")
    with pytest.raises(MailboxError, match="down"):
        mailbox.prepare()
    with pytest.raises(MailboxDenied, match="ended"):
        mailbox.prepare()
    mailbox.prepare()


def test_impersonation(box: EwsBackend) -> None:
    """The header names the mailbox; without the right it is denied."""
    box.server.operations.allowed["KOMMUN\\ivobot"] = {SENDER}
    mailbox = box.again(access="impersonation")
    mailbox.prepare()
    assert b"<t:ExchangeImpersonation><t:ConnectingSID><t:PrimarySmtpAddress>ivo-rapportor-lss@kommun.example" in box.server.bodies[-1]
    assert box.server.headers[-1]["X-AnchorMailbox"] == SENDER
    box.server.add_mailbox(OTHER)
    with pytest.raises(MailboxDenied):
        box.again(access="impersonation", address=OTHER).prepare()


def test_delegation_without_the_right(box: EwsBackend) -> None:
    """A mailbox that is closed to the account."""
    box.server.add_mailbox(OTHER)
    box.server.operations.closed = {OTHER}
    with pytest.raises(MailboxError, match="check address and access"):
        box.again(address=OTHER).prepare()
    with pytest.raises(MailboxDenied, match="ErrorNonExistentMailbox"):
        box.again(address="ingen@kommun.example").prepare()


def seen(mailbox: Any) -> dict[bool, str]:
    trials = list(mailbox.examine())
    assert all(trial.good or trial.mend for trial in trials)
    return {good: "\n".join(f"{one.seen}: {one.mend}" for one in trials if one.good is good) for good in (True, False)}


@pytest.mark.parametrize("access", ["delegate", "impersonation"])
def test_examine_a_right_mailbox(box: EwsBackend, access: str) -> None:
    """Before the first start, without making a folder; another mailbox is closed, as it should be."""
    box.server.add_mailbox(OTHER)
    box.server.operations.closed = {OTHER}
    told = seen(box.again(access=access, must_not_read=OTHER))
    assert told[False] == "" and "made at the first start" in told[True] and f"{OTHER} cannot be read" in told[True]
    assert box.server.store.named("Klart") is None


@pytest.mark.parametrize("access, line", [("delegate", "Remove-MailboxPermission"), ("impersonation", "CustomRecipientWriteScope")])
def test_examine_too_many_rights(box: EwsBackend, access: str, line: str) -> None:
    """The account can read what it must not."""
    box.server.add_mailbox(OTHER)
    told = seen(box.again(access=access, must_not_read=OTHER))
    assert f"can read {OTHER}" in told[False] and line in told[False]


def test_examine_too_few_rights(box: EwsBackend) -> None:
    """Each that is lacking, with the line that gives it."""
    box.server.quirks.read_only = True
    told = seen(box.mailbox)
    assert "no right in inbox to move letters out" in told[False] and "no right to make the folders" in told[False]
    assert 'Add-MailboxPermission -Identity "ivo-rapportor-lss@kommun.example" -User "KOMMUN\\ivobot"' in told[False]


def test_examine_a_wrong_password(box: EwsBackend) -> None:
    """One trial, no exception."""
    told = seen(box.again(password="fel"))
    assert "denied access" in told[False] and told[True] == ""


def test_examine_the_clock(box: EwsBackend) -> None:
    """By the Date of the answers."""
    box.server.date = "Mon, 02 Mar 2020 08:00:00 GMT"
    assert "clock differs" in seen(box.mailbox)[False]


def test_examine_exchange_online() -> None:
    """Said with its dates, before anything is asked."""
    connection = Connection("https://outlook.office365.com/EWS/Exchange.asmx", SENDER, user="x", password="y")
    first = next(iter(EwsMailbox(connection).examine()))
    assert not first.good and "2026-10-01" in first.seen and "2027-04-01" in first.seen and 'kind = "graph"' in first.mend


@pytest.mark.parametrize("days, good", [(10, False), (90, True)])
def test_examine_the_certificate(box: EwsBackend, tmp_path: Path, days: int, good: bool) -> None:
    """How long the application's certificate lasts; and that a token needs impersonation."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "ivobot")])
    now = dt.datetime.now(dt.UTC)
    made = x509.CertificateBuilder(name, name, key.public_key(), 1, now, now + dt.timedelta(days=days, hours=1)).sign(key, hashes.SHA256())
    file = tmp_path / "ivobot.pem"
    file.write_bytes(made.public_bytes(serialization.Encoding.PEM))
    box.server.gate.tokens = {"t1"}
    told = seen(box.again(auth="oauth", tokens=Tokens("t1"), certificate=file))
    assert f"in {days} days" in told[good] and "must act as one" in told[False]


def test_kerberos_needs_its_library() -> None:
    """Not tried beyond that: it needs a domain."""
    pytest.importorskip("exchangelib")
    from exchangelib.transport import AUTH_TYPE_MAP, GSSAPI, SSPI

    if {GSSAPI, SSPI} & AUTH_TYPE_MAP.keys():
        pytest.skip("a Kerberos library is installed")
    with pytest.raises(MailboxError, match="requests-gssapi"):
        EwsMailbox(Connection("https://mail.kommun.example/EWS/Exchange.asmx", SENDER, auth="kerberos")).prepare()


def test_an_authority_of_ones_own_is_told_when_it_cannot_be_read(box: EwsBackend, tmp_path: Path) -> None:
    """ca_file names no file."""
    url = box.server.url.replace("http://", "https://")
    with pytest.raises(MailboxError, match="ca_file"):
        box.again(url=url, ca_file=tmp_path / "none.pem").prepare()


@pytest.fixture
def secure(tmp_path: Path) -> Iterator[tuple[EwsServer, Path]]:
    """A server with a certificate of its own making."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "127.0.0.1")])
    now = dt.datetime.now(dt.UTC)
    made = (
        x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number(), now, now + dt.timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address("127.0.0.1"))]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    certificate, both = tmp_path / "ca.pem", tmp_path / "both.pem"
    certificate.write_bytes(made.public_bytes(serialization.Encoding.PEM))
    secret = key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    both.write_bytes(certificate.read_bytes() + secret)
    with ews_server(tmp_path, SENDER, {USER: PASSWORD}, both) as server:
        yield server, certificate


@pytest.mark.parametrize("auth", ["ntlm", "basic"])
def test_tls_with_an_authority_of_ones_own(secure: tuple[EwsServer, Path], auth: Any) -> None:
    """Trusted by ca_file; NTLM is bound to the TLS channel."""
    server, certificate = secure
    mailbox = EwsMailbox(Connection(server.url, SENDER, auth, USER, PASSWORD, ca_file=certificate))
    mailbox.prepare()
    assert server.count == 3
    mailbox.close()


def test_tls_that_is_not_trusted(secure: tuple[EwsServer, Path]) -> None:
    """A person must do something, and is told what; nothing was sent."""
    server, _ = secure
    with pytest.raises(MailboxError, match="ca_file") as told:
        EwsMailbox(Connection(server.url, SENDER, user=USER, password=PASSWORD)).prepare()
    assert not told.value.again and server.exchanges == 0


def test_tls_that_drips(secure: tuple[EwsServer, Path]) -> None:
    """Is cut off at the deadline too."""
    server, certificate = secure
    mailbox = EwsMailbox(Connection(server.url, SENDER, user=USER, password=PASSWORD, ca_file=certificate, deadline=0.5))
    mailbox.prepare()
    server.faults.add("drip", "FindItem")
    began = time.monotonic()
    with pytest.raises(MailboxError, match="longer than") as told:
        list(mailbox.look())
    assert told.value.again and time.monotonic() - began < 2
    assert dict(mailbox.look())


def test_a_connection_from_the_configuration(box: EwsBackend) -> None:
    """All keys arrive; with oauth a source of tokens for this server is made."""
    made = connect(Ews(kind="ews", address=SENDER, url=box.server.url, user=USER, password=PASSWORD))
    box.deliver(letter("a"))
    made.prepare()
    assert keys(made) == ["a"]
    made.close()
    connect(
        Ews(
            kind="ews",
            address=SENDER,
            url=box.server.url,
            auth="oauth",
            tenant="t",
            client_id="c",
            client_secret="s",
            access="impersonation",
        )
    )


def test_a_library_does_not_log_requests(box: EwsBackend, caplog: pytest.LogCaptureFixture) -> None:
    """exchangelib writes whole requests to its log when something unexpected is raised."""

    class Broken:
        def token(self) -> str:
            raise AttributeError("nothing")

    caplog.set_level(logging.WARNING)
    with pytest.raises(MailboxError, match="AttributeError") as told:
        box.again(auth="oauth", tokens=Broken()).send(mail("m1"))
    assert told.value.again and caplog.text == ""


def test_no_code_stands_in_two_lists() -> None:
    """A response code means one thing."""
    lists = [BUSY, DENIED, GONE, NO_FOLDER, REFUSED, STALE, VERSION]
    assert sum(map(len, lists)) == len(frozenset().union(*lists))

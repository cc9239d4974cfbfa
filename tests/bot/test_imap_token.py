"""Signing in by a token: the identity service is a real HTTP server, and both mail servers check what they are shown."""

import json
import threading
import time
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs

import pytest

from bot.cli.mailboxes.imap import connect
from bot.config.mailboxes import of_kind
from bot.errors import MailboxDenied, MailboxError
from bot.mailbox.imap import ImapMailbox
from bot.mailbox.imap_settings import Login
from bot.mailbox.token import TokenSource
from tests.mailboxes import imap
from tests.mailboxes.imap import ImapBackend
from tests.servers.certificate import make
from tests.test_mailbox_contract import keys, letter, mail

SCOPE = "https://outlook.office365.com/.default"


class Identity:
    """Gives tokens. `answers`: what the next askings get, status, body and headers; the usual one when they are used up."""

    def __init__(self) -> None:
        outer = self
        self.asked: list[dict[str, list[str]]] = []
        self.requests = 0
        self.answers: list[tuple[int, dict[str, Any], dict[str, str]]] = []
        self.token, self.lasts, self.hang, self.drip = "good", 3_600, 0.0, 0.0
        self.user = ""

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"
            disable_nagle_algorithm = True

            def do_GET(self) -> None:
                base = f"https://127.0.0.1:{outer.port}/kommun"
                outer.requests += 1
                known = self.path.startswith("/kommun/")
                found = {"token_endpoint": f"{base}/token", "authorization_endpoint": f"{base}/authorize", "issuer": base}
                self.say(200 if known else 400, found if known else {"error": "invalid_tenant"}, {})

            def do_POST(self) -> None:
                outer.requests += 1
                form = parse_qs(self.rfile.read(int(self.headers["Content-Length"])).decode())
                if self.path == "/introspect":
                    good = form.get("token") == ["good"]
                    return self.say(200, {"active": good, "username": outer.user} if good else {"active": False}, {})
                outer.asked.append(form)
                time.sleep(outer.hang)
                usual = (200, {"token_type": "Bearer", "expires_in": outer.lasts, "access_token": outer.token}, {})
                self.say(*(outer.answers.pop(0) if outer.answers else usual))

            def say(self, status: int, body: dict[str, Any], headers: dict[str, str]) -> None:
                raw = json.dumps(body).encode()
                self.send_response(status)
                for name, value in {"Content-Type": "application/json", "Content-Length": str(len(raw)), **headers}.items():
                    self.send_header(name, value)
                self.end_headers()
                for at in range(0, len(raw), 1 if outer.drip else len(raw)):
                    self.wfile.write(raw[at : at + (1 if outer.drip else len(raw))])
                    time.sleep(outer.drip)

            def log_message(self, *args: object) -> None:
                pass

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.port = int(self._server.server_address[1])
        threading.Thread(target=self._server.serve_forever, daemon=True).start()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def stop(self) -> None:
        self._server.shutdown()
        self._server.server_close()


@pytest.fixture
def identity() -> Iterator[Identity]:
    made = Identity()
    yield made
    made.stop()


class Ticks:
    now = 0.0

    def __call__(self) -> float:
        return self.now


def source(identity: Identity, **changes: Any) -> TokenSource:
    return TokenSource("kommun", "ivobot", **{"scope": SCOPE, "secret": "hemlig", "authority": identity.url, "deadline": 5, **changes})


def test_a_token_is_kept_until_five_minutes_before_its_end(identity: Identity) -> None:
    """Asked for once, then anew in time; the discovery of the service once."""
    ticks = Ticks()
    made = source(identity, clock=ticks)
    assert identity.requests == 0
    assert made.token() == made.token() == "good" and len(identity.asked) == 1
    form = identity.asked[0]
    assert (form["client_id"], form["scope"], form["grant_type"]) == (["ivobot"], [SCOPE], ["client_credentials"])
    assert form["client_secret"] == ["hemlig"]
    ticks.now = 3_299
    made.token()
    assert len(identity.asked) == 1
    ticks.now = 3_300
    identity.token = "newer"
    made.forget()
    assert made.token() == "newer" and len(identity.asked) == 2


def test_a_short_token_is_asked_for_each_time(identity: Identity) -> None:
    """One that lasts less than five minutes is used and not kept."""
    identity.lasts = 200
    made = source(identity)
    made.token()
    made.token()
    assert len(identity.asked) == 2


def test_a_certificate(identity: Identity, tmp_path: Path) -> None:
    """Signed with its key; the key stays here."""
    files = make(tmp_path)
    both = tmp_path / "both.pem"
    both.write_bytes(rsa_pair())
    made = source(identity, secret="", certificate=both)
    assert made.token() == "good"
    form = identity.asked[0]
    assert "client_secret" not in form and form["client_assertion"][0].count(".") == 2
    for wrong in (files.certificate, tmp_path / "none.pem"):
        with pytest.raises(MailboxError, match="certificate") as caught:
            source(identity, secret="", certificate=wrong).token()
        assert not caught.value.again


def rsa_pair() -> bytes:
    """A certificate and its key as an administrator makes them for Entra."""
    from datetime import UTC, datetime, timedelta

    from cryptography import x509
    from cryptography.hazmat.primitives import hashes, serialization
    from cryptography.hazmat.primitives.asymmetric import rsa
    from cryptography.x509.oid import NameOID

    key = rsa.generate_private_key(65_537, 2_048)
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "ivobot")])
    begun = x509.CertificateBuilder().subject_name(name).issuer_name(name).public_key(key.public_key())
    begun = begun.serial_number(1).not_valid_before(datetime.now(UTC)).not_valid_after(datetime.now(UTC) + timedelta(days=30))
    pkcs8, plain = serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    signed = begun.sign(key, hashes.SHA256()).public_bytes(serialization.Encoding.PEM)
    return signed + key.private_bytes(serialization.Encoding.PEM, pkcs8, plain)


@pytest.mark.parametrize(
    "answer, denied, wait",
    [
        ((401, {"error": "invalid_client", "error_codes": [7000215], "error_description": "Anna"}, {}), True, None),
        ((400, {"error": "invalid_grant", "error_description": "Anna"}, {}), True, None),
        ((400, {"error": "unauthorized_client"}, {}), True, None),
        ((503, {"error": "temporarily_unavailable"}, {"Retry-After": "77"}), False, 77),
        ((429, {"error": "too_many"}, {"Retry-After": "5"}), False, 5),
        ((500, {}, {}), False, None),
        ((200, {"token_type": "Bearer"}, {}), False, None),
        ((302, {}, {"Location": "http://127.0.0.1:1/"}), False, None),
    ],
)
def test_no_token(identity: Identity, answer: tuple[int, dict[str, Any], dict[str, str]], denied: bool, wait: int | None) -> None:
    """Refused for good, or not now; the service's text is not repeated, its number is."""
    identity.answers = [answer]
    made = source(identity)
    with pytest.raises(MailboxError) as caught:
        made.token()
    assert isinstance(caught.value, MailboxDenied) is denied and caught.value.again is not denied
    assert "Anna" not in str(caught.value) and ("AADSTS7000215" in str(caught.value)) is ("error_codes" in answer[1])
    assert wait is None or (caught.value.wait is not None and caught.value.wait.total_seconds() == wait)


def test_an_unknown_tenant(identity: Identity) -> None:
    """Told as a fault of the settings."""
    with pytest.raises(MailboxDenied, match="tenant"):
        TokenSource("other", "ivobot", scope=SCOPE, secret="x", authority=identity.url, deadline=5).token()


@pytest.mark.parametrize("fault", ["hang", "drip", "gone"])
def test_a_service_that_does_not_answer(identity: Identity, fault: str) -> None:
    """The deadline counts for everything together; afterwards it works again."""
    made = source(identity, deadline=0.6)
    match fault:
        case "hang":
            identity.hang = 2
        case "drip":
            identity.drip = 0.1
        case _:
            made = TokenSource("kommun", "ivobot", scope=SCOPE, secret="x", authority="http://127.0.0.1:1", deadline=0.6)
    began = time.monotonic()
    with pytest.raises(MailboxError) as caught:
        made.token()
    assert caught.value.again and time.monotonic() - began < 2
    identity.hang = identity.drip = 0
    if fault != "gone":
        made.forget()
        assert made.token() == "good"


@pytest.fixture
def backend(identity: Identity) -> Iterator[ImapBackend]:
    with imap.backend() as made:
        identity.user = made.user
        made.server.introspect(f"{identity.url}/introspect")
        yield made


def test_both_servers_take_the_token(backend: ImapBackend, identity: Identity) -> None:
    """XOAUTH2 to a real Dovecot, in one command, and to the SMTP server; one token for both."""
    login = Login(backend.user, token=source(identity))
    box = ImapMailbox(backend.connection(login=login, smtp_login=login))
    until = time.monotonic() + 5
    while time.monotonic() < until:  # the server takes a moment to read its settings anew
        try:
            box.prepare()
            break
        except MailboxError:
            time.sleep(0.2)
    backend.deliver(letter("a"))
    assert keys(box) == ["a"]
    asked = len(identity.asked)
    box.send(mail("m1"))
    assert len(identity.asked) == asked and backend.smtp.logins == [f"user={backend.user}\1auth=Bearer good\1\1"]
    box.close()


def test_a_token_that_is_not_taken(backend: ImapBackend, identity: Identity) -> None:
    """Denied after one try; the next call asks for a new one."""
    identity.token = "bad"
    login = Login(backend.user, token=source(identity))
    box = ImapMailbox(backend.connection(login=login))
    for n in (1, 2):
        with pytest.raises(MailboxDenied):
            box.prepare()
        assert len(identity.asked) == n


def test_the_settings_build_it(identity: Identity) -> None:
    """From the section of the configuration to the token, over the usual ports."""
    section = {"kind": "imap", "address": "ivo@kommun.example", "host": "outlook.office365.com", "user": "ivo@kommun.example"}
    token = {"auth": "xoauth2", "tenant": "kommun", "client_id": "ivobot", "client_secret": "x", "authority": identity.url}
    box = connect(of_kind({**section, **token}))  # type: ignore[arg-type]
    assert isinstance(box, ImapMailbox)
    made = box.connection
    assert (made.imap.port, made.imap.tls, made.smtp.port, made.smtp.tls, made.smtp.host) == (993, "tls", 587, "starttls", made.imap.host)
    assert made.login.token is not None and made.smtp_login.token is made.login.token and made.login.token.token() == "good"

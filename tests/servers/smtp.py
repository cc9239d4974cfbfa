"""A real SMTP server (aiosmtpd) in a thread: takes letters for one mailbox into a Maildir, keeps the others, fails as it is told."""

import asyncio
import os
import ssl
from collections.abc import Callable
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, AuthResult, Envelope, Session

from tests.servers.certificate import Certificate
from tests.servers.dovecot import free_port

COUNT = count(1)


@dataclass
class Faults:
    """What goes wrong from now on. Codes of RFC 5321; 0 is no fault.

    `recipients`: address → code. `drop`: "before" the answer to the mail's end but not taking it, or "after" having taken it.
    `hang`: seconds before that answer.
    """

    sender: int = 0
    recipients: dict[str, int] = field(default_factory=dict)
    content: int = 0
    drop: str = ""
    hang: float = 0


@dataclass
class Mailed:
    """What came for others."""

    sender: str
    recipients: list[str]
    raw: bytes


class _Handler:
    def __init__(self, address: str, take: Callable[[bytes], None]) -> None:
        self.address, self.take = address, take
        self.faults = Faults()
        self.sent: list[Mailed] = []
        self.logins: list[str] = []

    async def handle_MAIL(self, server: SMTP, _session: Session, envelope: Envelope, address: str, options: list[str]) -> str:
        if self.faults.sender:
            return f"{self.faults.sender} not from you"
        envelope.mail_from = address
        envelope.mail_options.extend(options)
        return "250 OK"

    async def handle_RCPT(self, server: SMTP, _session: Session, envelope: Envelope, address: str, options: list[str]) -> str:
        if code := self.faults.recipients.get(address):
            return f"{code} no"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: SMTP, _session: Session, envelope: Envelope) -> str:
        faults = self.faults
        if faults.hang:
            await asyncio.sleep(faults.hang)
        if faults.content:
            return f"{faults.content} no"
        if faults.drop != "before":
            raw = bytes(envelope.content or b"")
            if self.address in envelope.rcpt_tos:
                self.take(raw)
            if others := [one for one in envelope.rcpt_tos if one != self.address]:
                self.sent.append(Mailed(str(envelope.mail_from), others, raw))
        if faults.drop:
            faults.drop = ""
            server.transport.abort()
        return "250 taken"

    async def auth_XOAUTH2(self, server: SMTP, args: list[str]) -> AuthResult:
        import base64

        words = base64.b64decode(args[1]) if len(args) > 1 else b""
        self.logins.append(words.decode())
        good = words.endswith(b"auth=Bearer good\1\1")
        return AuthResult(success=good, auth_data=words)


class _Server(SMTP):
    line_length_limit = 64 * 1024 * 1024  # a test mail is one line of 25 MB


class SmtpServer:
    """A running server. `password`: "" asks for no sign-in. `tls`: "none", "tls" or "starttls" with this certificate."""

    def __init__(
        self,
        address: str,
        maildir: Path,
        give: Callable[[Path], None],
        *,
        user: str = "",
        password: str = "",
        tls: str = "none",
        certificate: Certificate | None = None,
        mechanisms_off: tuple[str, ...] = (),
    ) -> None:
        self.maildir, self.give, self.port = maildir, give, free_port()
        self.handler = _Handler(address, self.deliver)
        context = None
        if certificate is not None and tls != "none":
            context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            context.load_cert_chain(certificate.certificate, certificate.key)
        self.logins = self.handler.logins

        def authenticate(_server: SMTP, _session: Session, _envelope: Envelope, mechanism: str, data: object) -> AuthResult:
            told = (getattr(data, "login", b"").decode(), getattr(data, "password", b"").decode())
            self.logins.append(f"{mechanism} {told[0]}")
            return AuthResult(success=told == (user, password), handled=False)

        def factory() -> SMTP:
            return _Server(
                self.handler,
                hostname="mx.kommun.example",
                data_size_limit=64 * 1024 * 1024,
                authenticator=authenticate if password else None,
                auth_require_tls=False,
                auth_exclude_mechanism=mechanisms_off if password else ("LOGIN", "PLAIN", "XOAUTH2"),
                tls_context=context if tls == "starttls" else None,
                require_starttls=tls == "starttls",
                enable_SMTPUTF8=True,
                timeout=300,
                loop=asyncio.get_event_loop(),
            )

        class Made(Controller):
            def factory(self) -> SMTP:
                return factory()

        self._controller = Made(
            self.handler, hostname="127.0.0.1", port=self.port, ssl_context=context if tls == "tls" else None, ready_timeout=10
        )
        self._controller.start()

    @property
    def faults(self) -> Faults:
        return self.handler.faults

    @property
    def sent(self) -> list[Mailed]:
        """What came for others."""
        return self.handler.sent

    def deliver(self, raw: bytes) -> None:
        """Put a letter into the mailbox, each a second younger than the one before."""
        n = next(COUNT)
        name = f"{1_770_000_000 + n}.M1P1.mx{n:07d}"  # Dovecot tells names apart quickly by their ends
        path = self.maildir / "tmp" / name
        path.write_bytes(raw)
        self.give(path)
        os.rename(path, self.maildir / "new" / name)

    def stop(self) -> None:
        self._controller.stop(no_assert=True)

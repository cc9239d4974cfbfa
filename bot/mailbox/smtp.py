"""Sending by SMTP (RFC 5321), in steps: what comes before the handing over is harmless to repeat, and the handing over is told apart."""

import base64
import re
import smtplib
import socket
import ssl
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any, Final

from bot.errors import MailboxDenied, MailboxError, MailRefused
from bot.mailbox.imap_faults import spoken
from bot.mailbox.imap_settings import Login, Server
from bot.mailbox.timed_socket import Deadline, dial, tls

LINE_END: Final = re.compile(rb"\r\n|\r|\n")
TOO_LARGE: Final = 552  # RFC 1870 6.1
KEEP: Final = 60  # seconds a connection is kept for the next mail: most servers close after five minutes
AGAIN: Final = "The SMTP server takes no mail now; it is tried again."


class Unanswered(Exception):
    """The mail was handed over and no answer came: nobody knows whether it goes out."""


class Smtp:
    """One connection for sending, made when needed and kept for a while. Raises MailboxError, MailRefused; `hand_over` also Unanswered."""

    def __init__(self, server: Server, login: Login, deadline: Deadline, ca_file: Path | None) -> None:
        self._server, self._login, self.deadline, self._ca_file = server, login, deadline, ca_file
        self._context: ssl.SSLContext | None = None
        self._client: smtplib.SMTP | None = None
        self._used = 0.0

    def connect(self) -> None:
        """A connection that answers and has signed in; the one there is, or a new one. One try to sign in, in one way."""
        if self._client is not None:
            with suppress(smtplib.SMTPException, OSError):
                if self.deadline.now() - self._used < KEEP and self._client.rset()[0] == 250:
                    return
            self.drop()
        try:
            self._client = self._signed_in()
        except Exception as error:
            self.drop()
            raise _told(error) from error
        self._used = self.deadline.now()

    def address(self, sender: str, recipients: Sequence[str], raw: bytes) -> tuple[str, ...]:
        """Name sender and recipients; gives those that the server refuses for good. Nothing is sent yet.

        Raises MailRefused where it takes none or not the sender, and MailboxError where it may take them later (4xx).
        """
        client = self._ready()
        options = [f"size={len(raw)}"] if client.has_extn("size") else []
        if not raw.isascii() and client.has_extn("8bitmime"):
            options.append("body=8bitmime")
        try:
            code = client.mail(sender, options)[0]
            if 500 <= code < 600 and code != TOO_LARGE:  # every mail would be refused: that is no fault of this one
                raise MailboxDenied("The SMTP server takes no mail from this address; give the account the right to send as the mailbox.")
            self._check(code, "The mail is larger than the SMTP server takes; send less in one mail.")
            refused = []
            for recipient in recipients:
                code = client.rcpt(recipient)[0]
                if 500 <= code < 600:
                    refused.append(recipient)
                else:
                    self._check(code, AGAIN)
        except (smtplib.SMTPException, OSError, ValueError) as error:
            self.drop()
            raise _told(error) from error
        if len(refused) == len(recipients):
            raise MailRefused("The SMTP server refuses every recipient of this mail; correct the addresses.")
        return tuple(refused)

    def hand_over(self, raw: bytes) -> None:
        """Send the text. When this returns the mail is on its way. Raises Unanswered where it may or may not be."""
        client = self._ready()
        ended = False  # until the mail's last line is out, the server cannot have taken it
        try:
            code = client.docmd("DATA")[0]
            if code == 354:
                client.send(b"".join((re.sub(rb"(?m)^\.", b"..", raw), b"" if raw.endswith(b"\r\n") else b"\r\n", b".\r\n")))
                ended = True
                code = client.getreply()[0]
            self._used = self.deadline.now()
        except (smtplib.SMTPException, OSError) as error:
            self.drop()
            if ended:
                raise Unanswered from error
            raise _told(error) from error
        if not 200 <= code < 300 and code != 354:
            self._check(code, "The SMTP server refuses this mail's content; the server's log says why.")

    def _check(self, code: int, words: str) -> None:
        """Raises for an answer that is no yes; 421 is a goodbye."""
        if 200 <= code < 300:
            return
        if 500 <= code < 600:
            if code in (530, 535, 538):
                raise MailboxDenied("The SMTP server wants a sign-in for this mail; set smtp_user and smtp_password under [mailbox].")
            raise MailRefused(words)
        self.drop()
        raise MailboxError(AGAIN, again=True)

    def _ready(self) -> smtplib.SMTP:
        if self._client is None:
            raise MailboxError(AGAIN, again=True)
        return self._client

    def _signed_in(self) -> smtplib.SMTP:
        if self._server.tls != "none" and self._context is None:
            self._context = tls(self.deadline, self._ca_file)
        client = self._client = _Client(self._server, self.deadline, self._context)
        client.greet()
        if (offered := client.esmtp_features.get("auth", "").upper().split()) and self._login.user:
            self._sign_in(client, offered)
        return client

    def _sign_in(self, client: smtplib.SMTP, offered: Sequence[str]) -> None:
        """smtplib's own login tries one way after the other, each a wrong password more."""
        token = self._login.token
        if token is not None:
            words = f"user={self._login.user}\1auth=Bearer {token.token()}\1\1"
        else:
            words = f"\0{self._login.user}\0{self._login.password}"  # RFC 4616
        way = next((way for way in (("PLAIN", "LOGIN") if token is None else ("XOAUTH2",)) if way in offered), "")
        if not way:
            raise MailboxError("The SMTP server offers no way of signing in that the program knows; check auth and smtp_tls.")
        first = [] if way == "LOGIN" else [words]
        code = client.docmd(" ".join(["AUTH", way, *map(_coded, first)]))[0]
        for word in [self._login.user, self._login.password] if way == "LOGIN" else [""]:
            if code == 334:  # to LOGIN's two questions the answers; to XOAUTH2's reason for its no, nothing
                code = client.docmd(_coded(word))[0]
        if 200 <= code < 300:
            return
        if 400 <= code < 500:
            raise MailboxError(AGAIN, again=True)
        if token is not None:
            token.forget()
        raise MailboxDenied("The SMTP server does not accept the sign-in; correct smtp_user and smtp_password.")

    @property
    def sock(self) -> Any:
        """The connection's socket, for its certificate; None when there is none."""
        return None if self._client is None else self._client.sock

    def drop(self) -> None:
        """Forget the connection without a word."""
        client, self._client = self._client, None
        if client is not None:
            client.close()

    def close(self) -> None:
        """Say goodbye, shortly."""
        if self._client is not None:
            self.deadline.start(min(2.0, self.deadline.seconds))
            with suppress(smtplib.SMTPException, OSError):
                self._client.quit()
        self.drop()


class _Client(smtplib.SMTP):
    """smtplib over a connection with a deadline. The name for EHLO is given, for asking the network for it may take a minute."""

    def __init__(self, server: Server, deadline: Deadline, context: ssl.SSLContext | None) -> None:
        self._made = (server, deadline, context)
        name = socket.gethostname()
        super().__init__(local_hostname=name if re.fullmatch(r"[A-Za-z0-9.-]{1,200}", name) else "localhost")
        self._host = server.host
        code, _ = self.connect(server.host, server.port)
        if code != 220:
            raise smtplib.SMTPConnectError(code, "")

    def _get_socket(self, host: str, port: int, timeout: float) -> socket.socket:
        server, deadline, context = self._made
        made = dial(host, port, deadline)
        return context.wrap_socket(made, server_hostname=host) if server.tls == "tls" and context is not None else made

    def greet(self) -> None:
        """EHLO, and STARTTLS where it is wanted: never on without it."""
        server, _, context = self._made
        self.ehlo_or_helo_if_needed()
        if server.tls == "starttls":
            if not self.has_extn("starttls"):
                raise MailboxError('The SMTP server offers no STARTTLS; set smtp_tls = "tls" under [mailbox], or ask its provider.')
            code, _ = self.starttls(context=context)
            if code != 220:
                raise MailboxError(AGAIN, again=True)
            self.ehlo_or_helo_if_needed()


def _coded(words: str) -> str:
    return base64.b64encode(words.encode()).decode("ascii")


def clean(raw: bytes) -> bytes:
    """The mail with the line ends that SMTP wants: a lone return or line feed could end the mail early on some servers."""
    return LINE_END.sub(b"\r\n", raw)


def _told(error: Exception) -> MailboxError:
    match error:
        case MailboxError():
            return error
        case smtplib.SMTPServerDisconnected() if isinstance(error.__context__, OSError):
            return spoken(error.__context__, "SMTP")
        case smtplib.SMTPResponseException(smtp_code=code) if 500 <= code < 600:
            return MailboxError("The SMTP server turns the program away; the server's log says why.")
        case smtplib.SMTPException():
            return MailboxError(AGAIN, again=True)
        case _:
            return spoken(error, "SMTP")

"""Signing in to an IMAP server: once, in one way, because every wrong try brings an account nearer to being locked."""

import base64
import imaplib

from bot.errors import MailboxDenied, MailboxError
from bot.mailbox.imap_faults import PASSING, code_of
from bot.mailbox.imap_settings import Login
from bot.mailbox.imap_wire import Wire

DENIED = "The IMAP server does not accept the sign-in; correct user and password (or the token's keys) under [mailbox]."


def sign_in(client: Wire, login: Login) -> frozenset[str]:
    """Gives what the server can do for who signed in. Raises MailboxDenied, MailboxError, OSError and imaplib's errors."""
    client.bound()
    client.untagged_responses = {}
    kind, data = _by_token(client, login) if login.token else _by_password(client, login)
    if kind != "OK":
        code = code_of(data[0] or b"" if data else b"")
        if code in PASSING - {""}:
            raise MailboxError("The IMAP server takes no sign-in now; it is tried again.", again=True)
        if login.token:
            login.token.forget()
        raise MailboxDenied(DENIED)
    client.state = "AUTH"
    told = client.untagged_responses.get("CAPABILITY")
    if not told:  # RFC 3501 6.2.3: what was told before signing in may be less
        kind, data = client._simple_command("CAPABILITY")
        told = client.untagged_responses.get("CAPABILITY")
    line = told[-1] if told else None
    return frozenset(line.decode("ascii", "replace").upper().split() if isinstance(line, bytes) else client.capabilities)


def _by_password(client: Wire, login: Login) -> tuple[str, list[bytes]]:
    if login.user.isascii() and login.password.isascii() and not set("\r\n\0") & set(login.user + login.password):
        if "LOGINDISABLED" in client.capabilities:
            raise MailboxError("The IMAP server takes no password on this connection; check tls and auth under [mailbox].")
        return _command(client, "LOGIN", client._quote(login.user), client._quote(login.password))
    return _sasl(client, "PLAIN", b"\0" + login.user.encode() + b"\0" + login.password.encode())  # RFC 4616


def _by_token(client: Wire, login: Login) -> tuple[str, list[bytes]]:
    """https://learn.microsoft.com/exchange/client-developer/legacy-protocols/how-to-authenticate-an-imap-pop-smtp-application-by-using-oauth"""
    token = login.token.token() if login.token else ""
    return _sasl(client, "XOAUTH2", f"user={login.user}\1auth=Bearer {token}\1\1".encode())


class _Words:
    """What is said when the server asks: the answer once, then nothing, as a server tells the reason of its no by one more question."""

    def __init__(self, *words: bytes) -> None:
        self._words = list(words)

    def next(self, _challenge: bytes) -> bytes:
        return self._words.pop(0) if self._words else b""


def _sasl(client: Wire, mechanism: str, answer: bytes) -> tuple[str, list[bytes]]:
    """AUTHENTICATE, in one command where the server allows it (SASL-IR, RFC 4959)."""
    coded = base64.b64encode(answer)
    early = "SASL-IR" in client.capabilities
    client.literal = (_Words() if early else _Words(coded)).next  # type: ignore[assignment]
    return _command(client, "AUTHENTICATE", mechanism, *([coded] if early else []))


def _command(client: Wire, name: str, *args: str | bytes) -> tuple[str, list[bytes]]:
    try:
        kind, data = client._simple_command(name, *args)
    except imaplib.IMAP4.abort:
        raise
    except imaplib.IMAP4.error as error:  # imaplib raises for BAD itself
        raise MailboxDenied(DENIED) from error
    return kind, data

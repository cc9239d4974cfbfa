"""exchangelib's connection to the service, with what it lacks: a deadline for a whole call, tokens, an own certificate authority.

exchangelib signs in (NTLM, Kerberos, Basic), keeps the session and builds the envelope. Its FaultTolerance is not used: it can send
twice, and tries a wrong password for an hour.
"""

import logging
import socket
import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Any, Final, Literal, Protocol
from weakref import WeakSet

from exchangelib.configuration import Configuration
from exchangelib.credentials import Credentials
from exchangelib.protocol import BaseProtocol, FailFast
from exchangelib.transport import AUTH_TYPE_MAP, BASIC, GSSAPI, NTLM, SSPI
from requests import PreparedRequest, Response
from requests.adapters import HTTPAdapter
from requests.auth import AuthBase
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.connectionpool import HTTPConnectionPool, HTTPSConnectionPool

from bot.errors import MailboxDenied, MailboxError
from bot.mailbox.ews_errors import shortened

TOKEN: Final = "token"
BUSY_STATUS: Final = frozenset({408, 425, 429, 500, 502, 503, 504})


class Tokens(Protocol):
    """Who gives access tokens."""

    def token(self) -> str:
        """A token that is still good. Raises MailboxError."""


@dataclass(frozen=True, slots=True)
class Connection:
    """What is needed to reach one mailbox. deadline: seconds for one call. tokens: only with auth "oauth". version: "" asks the server."""

    url: str
    address: str
    auth: Literal["ntlm", "basic", "kerberos", "oauth"] = "ntlm"
    user: str = ""
    password: str = field(default="", repr=False)
    access: Literal["delegate", "impersonation"] = "delegate"
    version: str = ""
    deadline: float = 45
    ca_file: Path | None = None
    must_not_read: str = ""
    tokens: Tokens | None = field(default=None, repr=False)
    certificate: Path | None = None


class TokenAuth(AuthBase):
    """Puts the token into each request. exchangelib's OAuth loses its session when the identity service fails, and then waits for ever."""

    def __init__(self, tokens: Tokens) -> None:
        self.tokens = tokens

    def __call__(self, request: PreparedRequest) -> PreparedRequest:
        """The request with its Authorization header (RFC 6750 2.1)."""
        request.headers["Authorization"] = f"Bearer {self.tokens.token()}"
        return request


class Strict(FailFast):  # type: ignore[misc]
    """Reads a refusal by its status, and keeps what the server says about waiting; exchangelib's own drops both for most of them."""

    def raise_response_errors(self, response: Response) -> None:
        """Raises MailboxDenied for 401 and 403, MailboxError for what is no SOAP answer."""
        status = response.status_code
        soap = "xml" in response.headers.get("Content-Type", "").lower()
        if status == 200 or (soap and status >= 400 and status not in (401, 403, 429, 503)):
            return
        if status in (401, 403):
            raise MailboxDenied(
                f"The Exchange server denied access (HTTP {status}); check user, password, auth and access under [mailbox], "
                "and that the account is not locked."
            )
        if status in BUSY_STATUS:
            raise MailboxError(
                f"The Exchange server is busy (HTTP {status}); it is asked again later.", again=True, wait=_retry_after(response)
            )
        raise MailboxError(f"The Exchange server answered with HTTP {status}; check url under [mailbox].")


def _retry_after(response: Response) -> timedelta | None:
    """Retry-After in seconds (RFC 9110 10.2.3); a date there is passed over."""
    text = response.headers.get("Retry-After", "").strip()
    return shortened(timedelta(seconds=int(text))) if text.isdecimal() and len(text) < 8 else None


class Watched:
    """The sockets of one adapter, so that a call that drips on beyond its deadline is cut off: a socket's timeout counts each byte anew."""

    def __init__(self) -> None:
        self._connections: WeakSet[HTTPConnection] = WeakSet()

    def add(self, connection: HTTPConnection) -> None:
        """A connection that is about to be made."""
        self._connections.add(connection)

    def cut(self) -> None:
        """End every exchange now; whoever reads gets the end of the stream."""
        for connection in list(self._connections):
            if (sock := connection.sock) is not None:
                with suppress(OSError, ValueError):
                    socket.socket.shutdown(sock, socket.SHUT_RDWR)  # the plain one: TLS's own would wait for an answer

    @contextmanager
    def within(self, seconds: float) -> Iterator[threading.Event]:
        """Cut what is still going on after so many seconds; the event tells whether that was done."""
        late = threading.Event()

        def end() -> None:
            late.set()
            self.cut()

        timer = threading.Timer(seconds, end)
        timer.daemon = True
        timer.start()
        try:
            yield late
        finally:
            timer.cancel()


class WatchedAdapter(HTTPAdapter):
    """An adapter whose connections are watched, and which trusts what the machine trusts and the authority given.

    The authority goes in by the TLS context: requests takes the variable REQUESTS_CA_BUNDLE instead of what a session was told.
    """

    def __init__(self, watched: Watched, url: str, ca_file: Path | None, **options: Any) -> None:
        self._watched = watched
        self._context = ssl.create_default_context() if url.startswith("https:") else None
        if self._context is not None and ca_file is not None:
            self._context.load_verify_locations(ca_file)
        super().__init__(**options)

    def init_poolmanager(self, *args: Any, **options: Any) -> None:
        """As requests does, with pools whose connections tell that they are made."""
        super().init_poolmanager(*args, **options, ssl_context=self._context)
        watched = self._watched

        class Plain(HTTPConnection):
            def connect(self) -> None:
                watched.add(self)
                super().connect()

        class Safe(HTTPSConnection):
            def connect(self) -> None:
                watched.add(self)
                super().connect()

        class PlainPool(HTTPConnectionPool):
            ConnectionCls = Plain

        class SafePool(HTTPSConnectionPool):
            ConnectionCls = Safe

        self.poolmanager.pool_classes_by_scheme = {"http": PlainPool, "https": SafePool}


class Service(BaseProtocol):  # type: ignore[misc]
    """exchangelib's protocol object for one mailbox: one session, made once. Its cached sister would hand an old one to a new mailbox."""

    USERAGENT = "ivobot"

    def __init__(self, connection: Connection) -> None:
        # exchangelib logs whole requests, letters too, when something unexpected is raised. What went wrong is told by the error.
        logging.getLogger("exchangelib").setLevel(logging.CRITICAL + 1)
        AUTH_TYPE_MAP[TOKEN] = TokenAuth
        self.connection, self.watched = connection, Watched()
        super().__init__(_configuration(connection))
        self.TIMEOUT = connection.deadline

    def get_auth_type(self) -> str:
        """The configured one; nothing is guessed."""
        return str(self.config.auth_type)

    def create_session(self) -> Any:
        """A session that has not signed in yet."""
        if self.config.auth_type == TOKEN:
            session = self.raw_session(self.service_endpoint)
            session.auth = AUTH_TYPE_MAP[TOKEN](self.connection.tokens)
            session.session_id = session.usage_count = 0
        else:
            session = super().create_session()
        url, options = self.connection.url, {"pool_connections": 1, "pool_maxsize": 1, "max_retries": 0}
        session.mount(url, WatchedAdapter(self.watched, url, self.connection.ca_file, **options))
        return session


def _configuration(connection: Connection) -> Configuration:
    """Raises MailboxError when Kerberos is asked for and its library is not there."""
    kind = {"ntlm": NTLM, "basic": BASIC, "oauth": TOKEN, "kerberos": GSSAPI if GSSAPI in AUTH_TYPE_MAP else SSPI}[connection.auth]
    if kind not in AUTH_TYPE_MAP:  # Kerberos is not tried by the tests: it needs a domain
        raise MailboxError("auth = kerberos needs a library more: pip install requests-gssapi (on Windows requests-negotiate-sspi).")
    named = kind in (NTLM, BASIC)
    return Configuration(
        credentials=Credentials(connection.user, connection.password) if named else None,
        service_endpoint=connection.url,
        auth_type=kind,
        retry_policy=Strict(),
        max_connections=1,
    )

"""One IMAP connection: imaplib's words over a connection with a deadline, and a bound on what a server may pour out."""

import imaplib
import ssl
from typing import TYPE_CHECKING, Final

from bot.mailbox.imap_settings import Server
from bot.mailbox.timed_socket import Deadline, dial

if TYPE_CHECKING:
    from _typeshed import ReadableBuffer as Buffer

BLOCK: Final = 262_144
LINE_LIMIT: Final = 16 * 1024 * 1024  # bytes of one line without its literals: half a million UIDs spelled out
USUAL_LIMIT: Final = 64 * 1024 * 1024  # bytes of all answers to one command


class Wire(imaplib.IMAP4):
    """imaplib with reading of its own; every wait ends at the deadline. Raises OSError, IMAP4.abort and IMAP4.error.

    `bound` says how many bytes the next command's answers may have: a hostile server could otherwise fill the memory.
    """

    def __init__(self, server: Server, deadline: Deadline, context: ssl.SSLContext | None) -> None:
        self._server, self._deadline, self._context = server, deadline, context
        self._buffer = bytearray()
        self._room = USUAL_LIMIT
        super().__init__(server.host, server.port)
        if server.tls == "starttls":
            if "STARTTLS" not in self.capabilities:
                raise NoTls
            self.starttls(context)
            if self._buffer:  # said before the connection was safe, so by nobody knows whom
                raise self.abort("early words")
        self.is_readonly = True  # imaplib would raise on a folder that may only be read; the session looks for itself

    def open(self, host: str = "", port: int = 0, timeout: float | None = None) -> None:
        """Connect."""
        self.host, self.port = host, port
        self.sock = dial(host, port, self._deadline)
        if self._server.tls == "tls" and self._context is not None:
            self.sock = self._context.wrap_socket(self.sock, server_hostname=host)

    def bound(self, size: int = USUAL_LIMIT) -> None:
        """At most so many bytes from now on."""
        self._room = size

    def read(self, size: int) -> bytes:
        """A literal."""
        if size > self._room:
            raise self.abort("too much")
        while len(self._buffer) < size and self._fill():
            pass
        return self._take(size)

    def readline(self) -> bytes:
        """A line with its end; b"" when the connection has ended."""
        start = 0
        while (at := self._buffer.find(b"\n", start)) < 0:
            start = len(self._buffer)
            if start > LINE_LIMIT:
                raise self.abort("endless line")
            if not self._fill():
                return b""
        return self._take(at + 1)

    def send(self, data: "Buffer") -> None:
        """Write all of it."""
        self.sock.sendall(data)

    def shutdown(self) -> None:
        """Close the connection without a word."""
        self.sock.close()

    @property
    def silent(self) -> bool:
        """Whether nothing is left to be read of what the server has sent."""
        return not self._buffer

    def _fill(self) -> int:
        block = self.sock.recv(BLOCK)
        self._room -= len(block)
        if self._room < 0:
            raise self.abort("too much")
        self._buffer += block
        return len(block)

    def _take(self, size: int) -> bytes:
        taken = bytes(self._buffer[:size])
        del self._buffer[:size]
        return taken

    def _log(self, line: str) -> None:
        """imaplib would keep the last commands, the password among them."""


class NoTls(Exception):
    """The server offers no STARTTLS."""

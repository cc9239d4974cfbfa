"""Connections that hold a deadline in all: a server that drips a byte a second must not hang a call for ever."""

import socket
import ssl
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any, Final

LEAST: Final = 0.001  # seconds; a timeout of 0 would mean "do not wait at all"


class Deadline:
    """How long one call may take, however many packets it needs. `seconds`: the whole; `clock`: seconds that never go back."""

    def __init__(self, seconds: float, clock: Callable[[], float] = time.monotonic) -> None:
        self.seconds = seconds
        self._clock = clock
        self._until = clock() + seconds

    def start(self, seconds: float | None = None) -> None:
        """A call begins; `seconds` where it has less time than usual."""
        self._until = self._clock() + (self.seconds if seconds is None else seconds)

    def now(self) -> float:
        """Seconds of its clock."""
        return self._clock()

    def left(self) -> float:
        """Seconds that are left. Raises TimeoutError when there are none."""
        if (left := self._until - self._clock()) <= 0:
            raise TimeoutError("deadline")
        return max(left, LEAST)


def dial(host: str, port: int, deadline: Deadline) -> socket.socket:
    """A connection whose every wait, also that of all of them together, ends at the deadline. Raises OSError."""
    fault: OSError = OSError("no address")
    for family, kind, protocol, _, address in socket.getaddrinfo(host, port, type=socket.SOCK_STREAM):
        made = _plain(deadline)(family, kind, protocol)
        try:
            made.settimeout(deadline.left())
            made.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            made.setsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE, 1)
            made.connect(address)
            return made
        except OSError as error:
            made.close()
            fault = error
    raise fault


def tls(deadline: Deadline, ca_file: Path | None = None, *, only: bool = True) -> ssl.SSLContext:
    """How servers are checked: by the machine's list of authorities, or by those in a PEM file; not `only`: by both. Raises OSError."""
    context = ssl.create_default_context(cafile=None if ca_file is None else str(ca_file))
    if ca_file is not None and not only:
        context.load_default_certs()
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    context.sslsocket_class = _secure(deadline)
    return context


def _plain(deadline: Deadline) -> type[socket.socket]:
    class Plain(socket.socket):
        def recv_into(self, *args: Any, **kwargs: Any) -> int:
            self.settimeout(deadline.left())
            return super().recv_into(*args, **kwargs)

        def recv(self, *args: Any, **kwargs: Any) -> bytes:
            self.settimeout(deadline.left())
            return super().recv(*args, **kwargs)

        def sendall(self, *args: Any, **kwargs: Any) -> None:
            self.settimeout(deadline.left())  # of the whole, since Python 3.5
            super().sendall(*args, **kwargs)

    return Plain


def _secure(deadline: Deadline) -> type[ssl.SSLSocket]:
    class Secure(ssl.SSLSocket):
        def recv_into(self, *args: Any, **kwargs: Any) -> int:
            self.settimeout(deadline.left())
            return super().recv_into(*args, **kwargs)

        def recv(self, *args: Any, **kwargs: Any) -> bytes:
            self.settimeout(deadline.left())
            return super().recv(*args, **kwargs)

        def send(self, *args: Any, **kwargs: Any) -> int:
            self.settimeout(deadline.left())  # sendall of a secured connection is many of these
            return super().send(*args, **kwargs)

    return Secure

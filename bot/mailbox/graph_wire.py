"""One HTTP connection with a deadline in total: however slowly a server drips, a request ends when its seconds are over."""

import socket
import ssl
import threading
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from typing import Any, Final

import httpx

from bot.errors import MailboxError

KEEP_ALIVE: Final = 90  # seconds; an idle connection that is older may be closed by the server at the moment of its use
CONNECT: Final = 15.0  # seconds
LARGEST: Final = 128 * 1024 * 1024  # bytes of one answer; Exchange Online takes letters of at most 150 MB, and none of ours is near that


@dataclass(frozen=True, slots=True)
class Response:
    """What came back: status, headers (names in lower case) and the whole body."""

    status: int
    headers: Mapping[str, str]
    content: bytes


class Wire:
    """Sends one request at a time over one connection that is kept open. Nothing is tried twice, no redirection is followed.

    deadline: seconds for one request, from connecting to the last byte. Raises MailboxError, with `again`: out of reach, cut off, too slow.
    """

    def __init__(self, deadline: float, trust: ssl.SSLContext | None = None) -> None:
        self.deadline = deadline
        self._trust = trust
        self._client: httpx.Client | None = None
        self._socket: Any = None
        self._over = False

    def exchange(self, method: str, url: str, headers: Mapping[str, str], content: bytes | None) -> Response:
        """One request and its answer."""
        self._over = False
        client = self._client or self._connect()
        alarm = threading.Timer(self.deadline, self._cut)
        alarm.daemon = True
        alarm.start()
        try:
            with client.stream(method, url, headers=headers, content=content, extensions={"trace": self._trace}) as response:
                body = bytearray()
                for piece in response.iter_bytes():
                    body += piece
                    if len(body) > LARGEST:
                        raise self._fault("gave an answer that is too long")
                return Response(response.status_code, {k.lower(): v for k, v in response.headers.items()}, bytes(body))
        except MailboxError:
            self.close()
            raise
        except (httpx.HTTPError, httpx.StreamError, OSError, ValueError, AttributeError) as error:
            # ValueError and AttributeError: what ssl and h11 say when the socket is shut down under them.
            self.close()
            raise self._told(error) from None
        finally:
            alarm.cancel()

    def close(self) -> None:
        """Let go of the connection; the next request opens another."""
        client, self._client, self._socket = self._client, None, None
        if client is not None:
            with suppress(OSError, httpx.HTTPError):
                client.close()

    def _connect(self) -> httpx.Client:
        if self._trust is None:
            self._trust = ssl.create_default_context()  # the machine's own list of authorities
        limits = httpx.Limits(max_connections=1, max_keepalive_connections=1, keepalive_expiry=KEEP_ALIVE)
        timeout = httpx.Timeout(self.deadline, connect=min(self.deadline, CONNECT))
        self._client = httpx.Client(verify=self._trust, limits=limits, timeout=timeout)
        return self._client

    def _trace(self, event: str, info: Mapping[str, Any]) -> None:
        """Remembers the socket, and ends what has gone on too long (https://www.python-httpx.org/advanced/extensions/#trace)."""
        if event.endswith(("connect_tcp.complete", "start_tls.complete")):
            self._socket = info["return_value"].get_extra_info("socket")
        if self._over:
            raise TimeoutError

    def _cut(self) -> None:
        """The deadline is over: whoever waits on the socket wakes up. The plain socket's method, since TLS would wait for a last word."""
        self._over = True
        if self._socket is not None:
            with suppress(OSError):
                socket.socket.shutdown(self._socket, socket.SHUT_RDWR)

    def _told(self, error: Exception) -> MailboxError:
        if self._over or isinstance(error, httpx.TimeoutException | TimeoutError):
            return self._fault(f"did not answer within {self.deadline:g} seconds")
        if "CERTIFICATE_VERIFY_FAILED" in str(error):
            return MailboxError("Microsoft Graph shows a certificate that this machine does not trust; see [mailbox] ca_file and cloud.")
        if isinstance(error, httpx.ConnectError | httpx.ProxyError):
            return self._fault("cannot be reached")
        return self._fault("broke the connection off")

    @staticmethod
    def _fault(what: str) -> MailboxError:
        return MailboxError(f"Microsoft Graph {what}; the program tries again, see to the network if it lasts.", again=True)

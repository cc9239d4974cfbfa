"""How the identity service is asked: one small HTTP client with a deadline in all, in the shape that msal wants (`http_client`)."""

import http.client
import urllib.error
import urllib.request
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final
from urllib.parse import urlencode

from bot.mailbox.timed_socket import Deadline, dial, tls

LIMIT: Final = 1_000_000  # bytes of an answer; a token has a few thousand


@dataclass(frozen=True, slots=True)
class Answer:
    """What msal reads of an answer."""

    status_code: int
    text: str
    headers: Mapping[str, str] = field(default_factory=dict)

    def raise_for_status(self) -> None:
        """Raises OSError for an answer that tells of an error."""
        if self.status_code >= 400:
            raise OSError(f"HTTP {self.status_code}")


class TokenHttp:
    """Asks by the proxy that the environment names (HTTPS_PROXY), as other programs on the machine do. Raises OSError or HTTPException.

    `deadline`: seconds for all requests since `begin`. `plain`: the one host and port that http is spoken with, on this machine itself.
    `status` and `wait`: the last answer's status, 0 for none, and for how many seconds it asks to be left alone.
    """

    def __init__(self, deadline: float, ca_file: Path | None, *, plain: str = "") -> None:
        self._deadline = Deadline(deadline)
        self._ca_file, self._plain = ca_file, plain
        self._opener: urllib.request.OpenerDirector | None = None
        self.status = self.wait = 0

    def begin(self) -> None:
        """A call begins: its time counts from now."""
        self._deadline.start()
        self.status = self.wait = 0

    def get(self, url: str, *, params: Mapping[str, str] | None = None, headers: Mapping[str, str] | None = None, **_: Any) -> Answer:
        """Ask for a page."""
        return self._ask(url, params, None, headers)

    def post(
        self,
        url: str,
        *,
        params: Mapping[str, str] | None = None,
        data: Mapping[str, str] | str | None = None,
        headers: Mapping[str, str] | None = None,
        **_: Any,
    ) -> Answer:
        """Send a form."""
        form = data if isinstance(data, str) else urlencode(data or {})
        return self._ask(url, params, form.encode(), headers)

    def close(self) -> None:
        """Nothing is held."""

    def _ask(self, url: str, params: Mapping[str, str] | None, data: bytes | None, headers: Mapping[str, str] | None) -> Answer:
        where = url + (f"{'&' if '?' in url else '?'}{urlencode(params)}" if params else "")
        if self._plain and where.startswith(f"https://{self._plain}/"):
            where = where.replace("https://", "http://", 1)
        request = urllib.request.Request(where, data, dict(headers or {}))
        self._opener = self._opener or self._made()
        self.status = 0
        try:
            with self._opener.open(request, timeout=self._deadline.left()) as reply:
                return self._answer(reply.status, reply.headers, reply.read(LIMIT))
        except urllib.error.HTTPError as error:
            with error:
                return self._answer(error.code, error.headers, error.read(LIMIT))

    def _answer(self, status: int, headers: Any, body: bytes) -> Answer:
        told = {str(name): str(value) for name, value in headers.items()}
        wait = next((value for name, value in told.items() if name.lower() == "retry-after"), "")
        self.status, self.wait = status, min(int(wait), 3_600) if wait.isascii() and wait.isdigit() and len(wait) < 6 else 0
        return Answer(status, body.decode("utf-8", "replace"), told)

    def _made(self) -> urllib.request.OpenerDirector:
        deadline, context = self._deadline, tls(self._deadline, self._ca_file, only=False)

        class Plain(http.client.HTTPConnection):
            def __init__(self, *args: Any, **kwargs: Any) -> None:
                super().__init__(*args, **kwargs)
                self._create_connection = lambda address, *_: dial(address[0], address[1], deadline)

        class Secure(http.client.HTTPSConnection):
            def __init__(self, *args: Any, **kwargs: Any) -> None:
                super().__init__(*args, **{**kwargs, "context": context})
                self._create_connection = lambda address, *_: dial(address[0], address[1], deadline)

        class PlainHandler(urllib.request.HTTPHandler):
            def http_open(self, req: urllib.request.Request) -> http.client.HTTPResponse:
                return self.do_open(Plain, req)

        class SecureHandler(urllib.request.HTTPSHandler):
            def https_open(self, req: urllib.request.Request) -> http.client.HTTPResponse:
                return self.do_open(Secure, req)

        class NoRedirect(urllib.request.HTTPRedirectHandler):
            def redirect_request(self, *args: Any, **kwargs: Any) -> None:  # a form with the secret goes nowhere else
                return None

        return urllib.request.build_opener(PlainHandler, SecureHandler(context=context), NoRedirect)

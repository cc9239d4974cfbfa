"""Requests to one mailbox in Microsoft Graph, singly and in batches. What an answer means to us is said in graph_errors.

Every request carries `Prefer: IdType="ImmutableId"`, so that a letter keeps its id when it is moved
(https://learn.microsoft.com/en-us/graph/outlook-immutable-id).
"""

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Final, Protocol
from urllib.parse import quote

from bot.mailbox.graph_answer import Answer, Json, garbled, seconds
from bot.mailbox.graph_errors import fault
from bot.mailbox.graph_wire import Response, Wire

IMMUTABLE: Final = 'IdType="ImmutableId"'
BATCH: Final = 20  # requests in one $batch, https://learn.microsoft.com/en-us/graph/json-batching
VERSION: Final = "/v1.0"


class Tokens(Protocol):
    """Who signs in for us."""

    def token(self) -> str:
        """An access token that is good now. Raises MailboxDenied, or MailboxError with `again`."""

    def forget(self) -> None:
        """The last token was not taken: the next call asks for a new one."""


@dataclass(frozen=True, slots=True)
class Call:
    """One request. `path`: from the mailbox on ("/messages/…"), parts of it quoted. `prefer`: more wishes besides immutable ids."""

    method: str
    path: str
    body: Json | None = None
    prefer: str = ""

    @property
    def wishes(self) -> str:
        """The Prefer header."""
        return f"{IMMUTABLE}, {self.prefer}" if self.prefer else IMMUTABLE


def part(text: str) -> str:
    """One part of a path, quoted."""
    return quote(text, safe="")


class Graph:
    """One mailbox. base: the cloud's address, without version. Every call raises MailboxError when no answer came."""

    def __init__(self, base: str, address: str, tokens: Tokens, wire: Wire) -> None:
        self.root = base.rstrip("/") + VERSION
        self.tokens = tokens
        self.wire = wire
        self.mailbox = self.of(address)
        self._believed = False  # whether Graph has ever taken a token of ours
        self.date = ""  # the Date header of the last answer: what the server's clock shows

    @staticmethod
    def of(address: str) -> str:
        """The path of a mailbox."""
        return f"/users/{part(address)}"

    def ask(self, call: Call, *, mailbox: str = "") -> Answer:
        """One request alone; its answer is JSON, or nothing."""
        return self._read(self._send(call.method, self._path(call, mailbox), call.wishes, _json(call.body)))

    def mime(self, path: str) -> tuple[Answer, bytes]:
        """A letter's bytes; the answer says why there are none (https://learn.microsoft.com/en-us/graph/outlook-get-mime-message)."""
        got = self._send("GET", self.mailbox + path, IMMUTABLE, None)
        return (Answer(200), got.content) if got.status == 200 else (self._read(got), b"")

    def post_mime(self, path: str, base64: bytes) -> Answer:
        """A letter in MIME, given in base64 (https://learn.microsoft.com/en-us/graph/api/user-post-messages)."""
        return self._read(self._send("POST", self.mailbox + path, IMMUTABLE, base64, "text/plain"))

    def batch(self, calls: Sequence[Call]) -> list[Answer]:
        """Requests in as few $batch as there must be, answers in their order. One that the server left out has status 0."""
        return [answer for start in range(0, len(calls), BATCH) for answer in self._batch(calls[start : start + BATCH])]

    def _batch(self, calls: Sequence[Call]) -> Iterator[Answer]:
        requests = []
        for n, call in enumerate(calls):
            headers = {"Prefer": call.wishes} | ({"Content-Type": "application/json"} if call.body is not None else {})
            request: dict[str, Any] = {"id": str(n), "method": call.method, "url": self._path(call), "headers": headers}
            requests.append(request | ({"body": call.body} if call.body is not None else {}))
        answer = self._read(self._send("POST", "/$batch", IMMUTABLE, _json({"requests": requests})))
        if not answer.good:
            yield from [answer] * len(calls)
            return
        responses = answer.json().get("responses")
        if not isinstance(responses, list):
            raise garbled()
        found = {str(one.get("id")): _answer(one) for one in responses if isinstance(one, dict)}
        yield from (found.get(str(n), Answer(0)) for n in range(len(calls)))

    def pages(self, path: str) -> Iterator[Json]:
        """The rows of a listing, page after page (https://learn.microsoft.com/en-us/graph/paging). Raises what `fault` says."""
        while path:
            answer = self.ask(Call("GET", path))
            if not answer.good:
                raise fault(answer)
            yield from answer.rows()
            path = self.rest(answer.json().get("@odata.nextLink"))

    def rest(self, link: object) -> str:
        """A link that the server gave, as a path of ours: wherever it leads, our token goes to no other server. "" for none."""
        if not isinstance(link, str) or VERSION not in link:
            return ""
        return link.partition(VERSION)[2]

    def _path(self, call: Call, mailbox: str = "") -> str:
        return call.path if call.path.startswith("/users") else (mailbox or self.mailbox) + call.path

    def _send(self, method: str, path: str, prefer: str, content: bytes | None, kind: str = "application/json") -> Response:
        headers = {"Prefer": prefer, "Accept": "*/*"} | ({"Content-Type": kind} if content is not None else {})
        for _ in range(2):
            token = {"Authorization": f"Bearer {self.tokens.token()}"}
            got = self.wire.exchange(method, self.root + path, token | headers, content)
            self.date = got.headers.get("date", self.date)
            if got.status != 401:
                self._believed = True
                break
            self.tokens.forget()
            if not self._believed:
                break  # it was wrong from the beginning; asking on would only make noise
            self._believed = False  # one taken back before its time: nothing was done, and a new one may be good
        return got

    @staticmethod
    def _read(got: Response) -> Answer:
        body: Any = None
        if got.content.strip():
            try:
                body = json.loads(got.content)
            except (ValueError, RecursionError):
                if got.status < 300:
                    raise garbled() from None
        return Answer(got.status, body, seconds(got.headers.get("retry-after")))


def _json(body: Json | None) -> bytes | None:
    return None if body is None else json.dumps(body, ensure_ascii=False).encode()


def _answer(one: Json) -> Answer:
    status, headers = one.get("status"), one.get("headers")
    given = {str(k).lower(): v for k, v in headers.items()} if isinstance(headers, dict) else {}
    return Answer(status if isinstance(status, int) else 0, one.get("body"), seconds(given.get("retry-after")))

"""A Microsoft Graph of our own for tests: one mailbox over real HTTP, its identity service, and faults to order.

It does what the documentation says and refuses what the documentation does not know; such a request stands in `violations`.
Limits: 20 requests in a batch (https://learn.microsoft.com/en-us/graph/json-batching), four requests at once for a mailbox
(https://learn.microsoft.com/en-us/graph/throttling-limits#outlook-service-limits).
"""

import base64
import json
import random
import threading
from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from tests.servers.graph_acts import Reply, act, error
from tests.servers.graph_box import Box
from tests.servers.graph_shapes import Violation, Wish, understand
from tests.servers.graph_socket import Door
from tests.servers.graph_token import TENANT, Identity

AT_ONCE = 4
TRANSPORT = ("drop_before", "drop_after", "hang", "drip", "slow", "cut")
STATUS = ("401", "403", "429", "503", "504", "504_after", "410")
CODES = {"401": "InvalidAuthenticationToken", "403": "ErrorAccessDenied", "429": "ApplicationThrottled", "410": "syncStateNotFound"}


class GraphServer:
    """`url`: its address. `counts`: HTTP requests by name, and all of them under "http"; those inside batches under "in batch:NAME".

    `fail(op, kind)` orders a fault for the next request of that name: drop_before, drop_after (it was done, the answer is lost), hang,
    drip, slow, cut (right length, half the content), a status, or 504_after. `chaos` orders them at random.
    """

    def __init__(self, address: str) -> None:
        self.box = Box(address)
        self.identity = Identity("https://graph.microsoft.com/.default")
        self.others: set[str] = set()  # other mailboxes that may be read
        self.known: set[str] = set()  # other mailboxes that exist
        self.rights = {"read", "write", "send"}
        self.counts: Counter[str] = Counter()
        self.violations: list[str] = []
        self.retry_after = 7
        self.hits_batches = True  # whether faults ordered for a request also meet it inside a batch
        self._orders: dict[str, list[str]] = {}
        self._chaos: tuple[random.Random, float, tuple[str, ...]] | None = None
        self._flying, self._lock = 0, threading.Lock()
        self.most_at_once = 0
        self.door = Door(self)
        self.url = self.door.url

    def fail(self, op: str, *kinds: str) -> None:
        self._orders.setdefault(op, []).extend(kinds)

    def chaos(self, seed: int, rate: float, kinds: tuple[str, ...]) -> None:
        self._chaos = (random.Random(seed), rate, kinds) if rate else None

    def calm(self) -> None:
        self._chaos, self._orders = None, {}

    def order(self, op: str, among: tuple[str, ...]) -> str:
        """The fault that is due for this request, or ""."""
        with self._lock:
            due = self._orders.get(op, [])
            if due and due[0] in among:
                return due.pop(0)
            if self._chaos and self._chaos[0].random() < self._chaos[1]:
                kind = self._chaos[0].choice(self._chaos[2])
                return kind if kind in among and kind != "410" else ""
        return ""

    def token(self, form: str) -> Reply:
        self.counts["token"] += 1
        return self.identity.answer(form, f"https://{self.door.host}/{TENANT}/oauth2/v2.0/token")

    def request(self, method: str, target: str, headers: Mapping[str, str], body: bytes) -> tuple[str, Reply, str]:
        """One HTTP request: its name, the reply, and the transport fault to play."""
        with self._lock:
            self._flying += 1
            self.most_at_once = max(self.most_at_once, self._flying)
            crowd = self._flying > AT_ONCE
        try:
            return self._request(method, target, headers, body, crowd=crowd)
        finally:
            with self._lock:
                self._flying -= 1

    def _request(self, method: str, target: str, headers: Mapping[str, str], body: bytes, *, crowd: bool) -> tuple[str, Reply, str]:
        path = target.removeprefix("/v1.0")
        name = "batch" if path == "/$batch" else ""
        try:
            parsed = _json(headers, body)
            wish = None if name else understand(method, path, headers, parsed, batch=False)
        except Violation as said:
            return "violation", self._violated(str(said)), ""
        name = name or (wish.op if wish else "")
        self.counts["http"] += 1
        self.counts[name] += 1
        if headers.get("authorization", "").removeprefix("Bearer ") not in self.identity.good:
            return name, error(401, "InvalidAuthenticationToken"), ""
        if crowd:
            return name, error(429, "ApplicationThrottled"), ""
        fault = self.order(name, (*TRANSPORT, *STATUS))
        if fault == "drop_before":
            return name, (0, None), fault
        if fault in STATUS and fault != "504_after":
            return name, self._status(fault), ""
        reply = self._batch(parsed) if wish is None else self._one(wish)
        return name, (self._status("504") if fault == "504_after" else reply), fault

    def _status(self, kind: str) -> Reply:
        if kind == "401":
            self.identity.good.clear()
        return error(int(kind[:3]), CODES.get(kind, "ErrorServerBusy" if kind == "503" else "UnknownError"))

    def _one(self, wish: Wish) -> Reply:
        if wish.user.lower() != self.box.address:
            if wish.user in self.others:
                return 200, {"id": "AAMkOther", "value": []}
            return error(403, "ErrorAccessDenied") if wish.user in self.known else error(404, "ErrorInvalidUser")
        right = {"send": "send", "move": "write", "newfolder": "write", "draft": "write", "patch": "write", "delete": "write"}.get(
            wish.op, "read"
        )
        if right not in self.rights:
            return error(403, "ErrorAccessDenied")
        return act(self.box, wish, f"{self.url}/v1.0")

    def _batch(self, parsed: Any) -> Reply:
        """https://learn.microsoft.com/en-us/graph/json-batching; each part has a status and headers of its own, in any order."""
        requests = parsed.get("requests") if isinstance(parsed, dict) else None
        if not isinstance(requests, list) or not 1 <= len(requests) <= 20 or len({one.get("id") for one in requests}) != len(requests):
            return self._violated("batch: 1 to 20 requests with ids of their own are required")
        responses = [self._part(one) for one in requests]
        return 200, {"responses": responses[1::2] + responses[::2]}

    def _part(self, one: dict[str, Any]) -> dict[str, Any]:
        headers = {str(k).lower(): str(v) for k, v in one.get("headers", {}).items()}
        try:
            if not isinstance(one.get("id"), str) or set(one) - {"id", "method", "url", "headers", "body", "dependsOn"}:
                raise Violation("batch: a request has id, method, url, headers, body")
            wish = understand(one["method"], one["url"], headers, one.get("body"), batch=True)
        except Violation as said:
            status, body = self._violated(str(said))
            return {"id": str(one.get("id")), "status": status, "body": body}
        self.counts[f"in batch:{wish.op}"] += 1
        fault = self.order(wish.op, STATUS) if self.hits_batches else ""
        reply = self._status(fault) if fault and fault != "504_after" else self._one(wish)
        status, body = self._status("504") if fault == "504_after" else reply
        told: dict[str, Any] = {"id": one["id"], "status": status, "headers": {"Content-Type": "application/json"}}
        if status == 429:
            told["headers"]["Retry-After"] = str(self.retry_after)
        if isinstance(body, bytes):  # what is no JSON comes in base64
            return told | {"headers": {"Content-Type": "text/plain"}, "body": base64.b64encode(body).decode()}
        return told | ({"body": body} if body is not None else {})

    def _violated(self, said: str) -> Reply:
        self.violations.append(said)
        return error(400, "BadRequest")


def _json(headers: Mapping[str, str], body: bytes) -> Any:
    if not body or headers.get("content-type", "").startswith("text/plain"):
        return body or None
    try:
        return json.loads(body)
    except ValueError:
        raise Violation("the body is no JSON") from None


@contextmanager
def running(address: str) -> Iterator[GraphServer]:
    """A server on a free port of this machine."""
    server = GraphServer(address)
    server.door.open()
    try:
        yield server
    finally:
        server.door.shut()

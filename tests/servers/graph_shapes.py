"""Which requests Microsoft Graph's documentation knows. A request of any other shape is a violation: it is refused, and the test fails.

One line a request: what it is called here, method, path, its query options, its body, the page.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import unquote

DOCS = "https://learn.microsoft.com/en-us/graph/"
SHAPES = (
    ("folders", "GET", r"/mailFolders", "$select $top $skip includeHiddenFolders", "", "api/user-list-mailfolders"),
    ("folder", "GET", r"/mailFolders/(?P<folder>[^/]+)", "$select", "", "api/mailfolder-get"),
    (
        "folders",
        "GET",
        r"/mailFolders/(?P<folder>[^/]+)/childFolders",
        "$select $top $skip includeHiddenFolders",
        "",
        "api/mailfolder-list-childfolders",
    ),
    ("newfolder", "POST", r"/mailFolders/(?P<folder>[^/]+)/childFolders", "", "json", "api/mailfolder-post-childfolders"),
    ("list", "GET", r"(?:/mailFolders/(?P<folder>[^/]+))?/messages", "$select $top $skip $orderby $filter", "", "api/user-list-messages"),
    (
        "delta",
        "GET",
        r"/mailFolders/(?P<folder>[^/]+)/messages/delta",
        "$select $top $deltatoken $skiptoken changeType",
        "",
        "api/message-delta",
    ),
    ("get", "GET", r"/messages/(?P<item>[^/]+)", "$select", "", "api/message-get"),
    ("value", "GET", r"/messages/(?P<item>[^/]+)/\$value", "", "", "outlook-get-mime-message"),
    ("draft", "POST", r"/messages", "", "json mime", "api/user-post-messages"),
    ("patch", "PATCH", r"/messages/(?P<item>[^/]+)", "", "json", "api/message-update"),
    ("delete", "DELETE", r"/messages/(?P<item>[^/]+)", "", "", "api/message-delete"),
    ("move", "POST", r"/messages/(?P<item>[^/]+)/move", "", "json", "api/message-move"),
    ("send", "POST", r"/messages/(?P<item>[^/]+)/send", "", "", "api/message-send"),
)
MESSAGE = "id receivedDateTime sentDateTime lastModifiedDateTime createdDateTime hasAttachments internetMessageId subject parentFolderId isRead isDraft"
PEOPLE = "sender from toRecipients ccRecipients bccRecipients replyTo body bodyPreview internetMessageHeaders conversationId importance"
FOLDER = "displayName childFolderCount unreadItemCount totalItemCount isHidden"
FIELDS = frozenset(f"{MESSAGE} {PEOPLE} {FOLDER}".split())
ORDERS = frozenset({"receivedDateTime", "receivedDateTime asc", "receivedDateTime desc", "sentDateTime desc", "lastModifiedDateTime desc"})
FILTER = re.compile(r"internetMessageId eq '((?:[^']|'')*)'")


class Violation(Exception):
    """The request is not one that the documentation knows."""


@dataclass(frozen=True)
class Wish:
    """A request that is understood."""

    op: str
    user: str
    folder: str
    item: str
    query: Mapping[str, str]
    immutable: bool
    page: int
    body: Any  # JSON, bytes of MIME in base64, or None

    @property
    def select(self) -> list[str]:
        return [one for one in self.query.get("$select", "").split(",") if one]


def understand(method: str, target: str, headers: Mapping[str, str], body: Any, *, batch: bool) -> Wish:
    """target: the path after /v1.0 with its query. headers: names in lower case. body: in a batch JSON, else bytes. Raises Violation."""
    path, _, query_text = target.partition("?")
    user, rest = _user(path)
    query = _query(query_text)
    same = [shape for shape in SHAPES if re.fullmatch(shape[2], rest)]
    for op, wanted, pattern, options, bodies, page in same:
        if wanted != method:
            continue
        found = re.fullmatch(pattern, rest)
        groups = {k: unquote(v or "") for k, v in found.groupdict().items()} if found else {}
        if unknown := set(query) - set(options.split()):
            raise Violation(f"{op}: query options {sorted(unknown)} are not in {DOCS}{page}")
        _check_query(op, query)
        prefer = headers.get("prefer", "")
        if 'IdType="ImmutableId"' not in prefer:
            raise Violation(f"{op}: the house asks for immutable ids in every request")
        maximum = re.search(r"odata\.maxpagesize=([0-9]+)", prefer)
        content = _content(op, bodies, headers, body, batch=batch)
        return Wish(op, user, groups.get("folder", ""), groups.get("item", ""), query, True, int(maximum[1]) if maximum else 10, content)
    raise Violation(f"{method} {re.sub('/AA[^/]+', '/{id}', rest)} is in no page of the documentation that we use")


def _user(path: str) -> tuple[str, str]:
    found = re.fullmatch(r"/users/([^/]+)(/.*)?", path)
    if not found:
        raise Violation("a path must begin with /users/{id | userPrincipalName}")
    return unquote(found[1]), found[2] or ""


def _query(text: str) -> dict[str, str]:
    out: dict[str, str] = {}
    for one in text.split("&") if text else []:
        key, mark, value = one.partition("=")
        if not mark or unquote(key) in out:
            raise Violation("a query option stands twice or without value")
        out[unquote(key)] = unquote(value)
    return out


def _check_query(op: str, query: Mapping[str, str]) -> None:
    if unknown := {one for one in query.get("$select", "id").split(",")} - FIELDS:
        raise Violation(f"{op}: there are no properties {sorted(unknown)}")
    for key in ("$top", "$skip"):
        if key in query and not (query[key].isdigit() and (key == "$skip" or 1 <= int(query[key]) <= 1000)):
            raise Violation(f"{op}: {key} must be a number, from 1 to 1000 for $top")
    if "$orderby" in query and query["$orderby"] not in ORDERS:
        raise Violation(f"{op}: $orderby {query['$orderby']} is not documented")
    if "$filter" in query and (not FILTER.fullmatch(query["$filter"]) or "$orderby" in query):
        raise Violation(f"{op}: this $filter is not documented, or stands with an $orderby of another property (InefficientFilter)")
    if ("$deltatoken" in query or "$skiptoken" in query) and len(query) > 1:
        raise Violation(f"{op}: a token holds the other options already")


def _content(op: str, bodies: str, headers: Mapping[str, str], body: Any, *, batch: bool) -> Any:
    kind = headers.get("content-type", "").partition(";")[0]
    if not bodies:
        if body:
            raise Violation(f"{op}: do not supply a request body")
        if op == "send" and not batch and headers.get("content-length") != "0":
            raise Violation("send: Content-Length 0 is required")
        return None
    if kind == "text/plain" and "mime" in bodies and not batch:
        return body
    if kind != "application/json":
        raise Violation(f"{op}: Content-Type is required, application/json{' or text/plain' if 'mime' in bodies else ''}")
    if not isinstance(body, dict):
        raise Violation(f"{op}: the body must be a JSON object")
    wanted = {"move": {"destinationId"}, "newfolder": {"displayName"}}.get(op)
    if wanted and set(body) - {"isHidden"} != wanted:
        raise Violation(f"{op}: the body must have {sorted(wanted)}")
    return body

"""What each request does to the mailbox, and the answer's shape. The page of each is named in graph_shapes."""

import base64
import binascii
import re
from typing import Any
from urllib.parse import quote

from tests.servers.graph_box import Box, Folder, Item, from_json
from tests.servers.graph_shapes import FILTER, Wish

Reply = tuple[int, Any]  # status and body: JSON, bytes, or None
ID = re.compile(r"AA[A-Za-z0-9_-]{20,}=*")
LARGEST_MIME = 40_000_000  # bytes of base64


def error(status: int, code: str) -> Reply:
    """https://learn.microsoft.com/en-us/graph/errors"""
    return status, {"error": {"code": code, "message": "as the test server says", "innerError": {"request-id": "0"}}}


def act(box: Box, wish: Wish, base: str) -> Reply:
    """Do it. base: the server's address with /v1.0, for links."""
    box.tick()
    with box.lock:
        return ACTS[wish.op](box, wish, base)


def _folder(box: Box, name: str) -> Folder | None:
    return box.folders.get(name) or box.folders.get(name.lower())


def _shown(box: Box, folder: Folder) -> dict[str, Any]:
    return {
        "id": folder.id,
        "displayName": folder.name,
        "parentFolderId": folder.parent,
        "childFolderCount": len(box.children(folder.id)),
        "unreadItemCount": sum(not item.seen for item in folder.items.values()),
        "totalItemCount": len(folder.items),
        "isHidden": False,
    }


def folders(box: Box, wish: Wish, base: str) -> Reply:
    if not (parent := _folder(box, wish.folder or "msgfolderroot")):
        return error(404, "ErrorItemNotFound")
    where = f"/mailFolders/{quote(wish.folder)}/childFolders" if wish.folder else "/mailFolders"
    select = wish.select
    rows = [{k: v for k, v in _shown(box, one).items() if not select or k in (*select, "id")} for one in box.children(parent.id)]
    return _page(rows, wish, base, where)


def folder(box: Box, wish: Wish, base: str) -> Reply:
    found = _folder(box, wish.folder)
    return (200, _shown(box, found)) if found else error(404, "ErrorItemNotFound")


def newfolder(box: Box, wish: Wish, base: str) -> Reply:
    if not (parent := _folder(box, wish.folder)):
        return error(404, "ErrorItemNotFound")
    made = box.make(parent.id, wish.body["displayName"])
    return (201, _shown(box, made)) if made else error(409, "ErrorFolderExists")


def listing(box: Box, wish: Wish, base: str) -> Reply:
    if wish.folder and not _folder(box, wish.folder):
        return error(404, "ErrorItemNotFound")
    found = _folder(box, wish.folder) if wish.folder else None
    items = list(found.items.values() if found else box.items.values())
    if match := FILTER.fullmatch(wish.query.get("$filter", "")):
        wanted = match[1].replace("''", "'")
        items = [one for one in items if one.message_id == wanted and not box.blind]
    order = wish.query.get("$orderby", "receivedDateTime desc")  # newest first unless asked otherwise
    key = {"received": "received", "sentDate": "received", "lastMod": "modified"}
    field = next(value for start, value in key.items() if order.startswith(start))
    items.sort(key=lambda one: getattr(one, field), reverse=order.endswith(" desc"))
    where = f"/mailFolders/{quote(wish.folder)}/messages" if wish.folder else "/messages"
    return _page([one.row(immutable=wish.immutable, select=wish.select) for one in items], wish, base, where)


def _page(rows: list[Any], wish: Wish, base: str, where: str) -> Reply:
    """https://learn.microsoft.com/en-us/graph/paging: ten rows unless asked otherwise, and the link to the next."""
    top, skip = int(wish.query.get("$top", 10)), int(wish.query.get("$skip", 0))
    body: dict[str, Any] = {"@odata.context": f"{base}/$metadata#x", "value": rows[skip : skip + top]}
    if skip + top < len(rows):
        options = {**wish.query, "$skip": str(skip + top)}
        query = "&".join(f"{quote(k, safe='$')}={quote(v, safe='')}" for k, v in options.items())
        body["@odata.nextLink"] = f"{base}/users/{quote(wish.user)}{where}?{query}"
    return 200, body


def delta(box: Box, wish: Wish, base: str) -> Reply:
    """Tokens hold: folder, generation, since which event, up to which, how many were told, $select."""
    if not (found := _folder(box, wish.folder)):
        return error(404, "ErrorItemNotFound")
    token = wish.query.get("$deltatoken") or wish.query.get("$skiptoken")
    if token:
        try:
            kind, generation, since, until, offset, select = base64.urlsafe_b64decode(token).decode().split("|")
        except (ValueError, binascii.Error):
            return error(400, "ErrorInvalidUrlQuery")
        if int(generation) != box.generation:
            return error(410, "syncStateNotFound")
        start, end, done, chosen = int(since), int(until), int(offset), [one for one in select.split(",") if one]
    else:
        kind, start, end, done, chosen = "new", -1, len(box.events), 0, wish.select
    if kind == "delta":
        kind, start, end, done = "more", end, len(box.events), 0
    if start < 0:
        rows = [one.row(immutable=wish.immutable, select=chosen) for one in found.items.values()]
    else:
        touched = list(dict.fromkeys(id for folder_id, id in box.events[start:end] if folder_id == found.id))
        rows = [
            found.items[id].row(immutable=wish.immutable, select=chosen)
            if id in found.items
            else {"id": id, "@removed": {"reason": "deleted"}}
            for id in touched
        ]
    page = rows[done : done + wish.page]
    over = done + wish.page >= len(rows)
    told = f"{'delta' if over else 'more'}|{box.generation}|{start}|{end}|{done + len(page)}|{','.join(chosen)}"
    name = "$deltatoken" if over else "$skiptoken"
    link = f"{base}/users/{quote(wish.user)}/mailFolders/{quote(wish.folder)}/messages/delta?{name}={quote(base64.urlsafe_b64encode(told.encode()).decode())}"
    return 200, {"value": page, "@odata.deltaLink" if over else "@odata.nextLink": link}


def _item(box: Box, wish: Wish) -> Item | Reply:
    if not ID.fullmatch(wish.item):
        return error(400, "ErrorInvalidIdMalformed")
    return box.find(wish.item) or error(404, "ErrorItemNotFound")


def get(box: Box, wish: Wish, base: str) -> Reply:
    found = _item(box, wish)
    return (200, found.row(immutable=wish.immutable, select=wish.select)) if isinstance(found, Item) else found


def value(box: Box, wish: Wish, base: str) -> Reply:
    found = _item(box, wish)
    return (200, found.raw) if isinstance(found, Item) else found


def draft(box: Box, wish: Wish, base: str) -> Reply:
    if isinstance(wish.body, bytes):
        if len(wish.body) > LARGEST_MIME:
            return error(413, "ErrorMessageSizeExceeded")
        try:
            raw = base64.b64decode(wish.body, validate=True)
        except ValueError:
            return error(400, "ErrorMimeContentInvalidBase64String")
    else:
        names = [str(one.get("name", "")) for one in wish.body.get("internetMessageHeaders", [])]
        if len(names) > 5 or not all(name.lower().startswith("x-") for name in names):
            return error(400, "InvalidInternetMessageHeader" if len(names) <= 5 else "InvalidInternetMessageHeaders")
        raw = from_json(wish.body, box.address)
    made = box.add(raw, "drafts", draft=True)
    return 201, made.row(immutable=wish.immutable, select=[])


def patch(box: Box, wish: Wish, base: str) -> Reply:
    found = _item(box, wish)
    if not isinstance(found, Item):
        return found
    if "internetMessageId" in wish.body:
        if not found.draft:
            return error(400, "ErrorInvalidPropertySet")
        found.message_id = wish.body["internetMessageId"]
    if "isRead" in wish.body:
        found.seen = bool(wish.body["isRead"])
    return 200, found.row(immutable=wish.immutable, select=[])


def delete(box: Box, wish: Wish, base: str) -> Reply:
    found = _item(box, wish)
    if isinstance(found, Item):
        box.move(found, "deleteditems")
        return 204, None
    return found


def move(box: Box, wish: Wish, base: str) -> Reply:
    found = _item(box, wish)
    if not isinstance(found, Item):
        return found
    if not (target := _folder(box, wish.body["destinationId"])):
        return error(404, "ErrorFolderNotFound")
    box.move(found, target.id)
    return 201, found.row(immutable=wish.immutable, select=[])


def send(box: Box, wish: Wish, base: str) -> Reply:
    found = _item(box, wish)
    if not isinstance(found, Item):
        return found
    if not found.draft:
        return error(404, "ErrorItemNotFound")
    if b"To: refused@" in found.raw[:4000]:
        return error(400, "ErrorInvalidRecipients")
    box.send(found)
    return 202, None


ACTS = {
    **{"folders": folders, "folder": folder, "newfolder": newfolder, "list": listing, "delta": delta, "get": get, "value": value},
    **{"draft": draft, "patch": patch, "delete": delete, "move": move, "send": send},
}

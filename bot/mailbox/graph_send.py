"""Sending once: a draft from the frozen bytes, then the draft is sent, then the folder of sent mail decides.

The draft is the claim: it is found again by its Message-ID, and an item can be sent only once. Never /sendMail, which leaves nothing to
look for when its answer is lost. A draft from MIME keeps the standard headers that JSON refuses.
Sources: https://learn.microsoft.com/en-us/graph/api/user-post-messages, https://learn.microsoft.com/en-us/graph/api/message-send,
https://learn.microsoft.com/en-us/graph/outlook-immutable-id (the draft's id is that of the sent copy)
"""

import base64
import time
from collections.abc import Callable, Iterable
from contextlib import suppress
from dataclasses import dataclass
from typing import Final

from bot.errors import MailboxError
from bot.mailbox.base import Folder, LetterId, OutgoingMail, Receipt
from bot.mailbox.graph_answer import Json, garbled
from bot.mailbox.graph_errors import fault, gone, refusal
from bot.mailbox.graph_fetch import item
from bot.mailbox.graph_folders import Found, messages
from bot.mailbox.graph_http import Call, Graph, part

NEWEST: Final = 50  # a search by Message-ID may lag behind; the newest are listed besides
LOOKS: Final = 3  # times that a mail whose answer was lost is looked for, a second apart

Pause = Callable[[float], None]


@dataclass(frozen=True, slots=True)
class Trace:
    """What the mailbox holds of a mail: the sent copy's id, a draft's, and whether it is on its way out. "" for none."""

    sent: str = ""
    draft: str = ""
    leaving: bool = False


def look_up(graph: Graph, folders: Found, message_id: str) -> Trace:
    """What there is of a mail, in one request."""
    sent, drafts = messages(folders.ids[Folder.SENT]), messages(folders.drafts)
    wanted = f"$filter=internetMessageId eq '{part(message_id.replace(chr(39), chr(39) * 2))}'&$select=id,internetMessageId"
    newest = f"$select=id,internetMessageId&$top={NEWEST}&$orderby="
    paths = [
        f"{sent}?{wanted}",
        f"{sent}?{newest}sentDateTime desc",
        f"{drafts}?{wanted}",
        f"{drafts}?{newest}lastModifiedDateTime desc",
        f"{messages('outbox')}?{wanted}",
    ]
    answers = graph.batch([Call("GET", path) for path in paths])
    for answer in answers[:4]:
        if not answer.good:
            raise fault(answer)
    found = [_with(answer.rows() if answer.good else [], message_id) for answer in answers]
    return Trace(found[0] or found[1], found[2] or found[3], bool(found[4]))


def _with(rows: Iterable[Json], message_id: str) -> str:
    return next((str(row["id"]) for row in rows if row.get("internetMessageId") == message_id and row.get("id")), "")


def find_sent(graph: Graph, folders: Found, message_id: str) -> Receipt | None:
    """The sent copy."""
    found = look_up(graph, folders, message_id)
    return Receipt(found.sent) if found.sent else None


def send(graph: Graph, folders: Found, mail: OutgoingMail, pause: Pause = time.sleep) -> Receipt:
    """Send, unless it was sent; a draft that a killed run left is sent, not made anew.

    Raises MailRefused for a mail that will never go, MailboxError with `again` when nobody knows yet whether it went: the next try tells.
    """
    trace = look_up(graph, folders, mail.message_id)
    if trace.sent:
        return Receipt(trace.sent)
    if trace.leaving:
        raise _unknown()
    draft = trace.draft or _draft(graph, folders, mail)
    try:
        answer = graph.ask(Call("POST", item(LetterId(draft), "/send")))
    except MailboxError as error:
        if not error.again:
            raise
        return _reconciled(graph, folders, mail, draft, pause)
    if answer.good:
        return Receipt(draft)  # accepted: the copy keeps the draft's id, though it may take a while to appear
    if answer.status in (401, 403, 429):
        raise fault(answer)
    if answer.status >= 500 or answer.status in (0, 408, 409) or gone(answer):
        return _reconciled(graph, folders, mail, draft, pause)
    raise _refused(graph, folders, draft, refusal(answer))


def _draft(graph: Graph, folders: Found, mail: OutgoingMail) -> str:
    """Makes the draft; its id. A lost answer is no harm: the next try finds the draft by its Message-ID."""
    answer = graph.post_mime("/messages", base64.b64encode(mail.raw))
    if not answer.good:
        raise refusal(answer)
    row = answer.json()
    id = row.get("id")
    if not isinstance(id, str) or not id:
        raise garbled()
    if row.get("internetMessageId") != mail.message_id:
        # Without our Message-ID nobody would know the copy again; it can be set while it is a draft
        # (https://learn.microsoft.com/en-us/graph/api/message-update).
        changed = graph.ask(Call("PATCH", item(LetterId(id)), {"internetMessageId": mail.message_id}))
        if not changed.good:
            raise _refused(graph, folders, id, fault(changed))
    return id


def _reconciled(graph: Graph, folders: Found, mail: OutgoingMail, draft: str, pause: Pause) -> Receipt:
    """The answer to a send was lost: the copy with the draft's id lies in the sent folder, or nobody knows."""
    for n in range(LOOKS):
        if n:
            pause(1.0)
        answer = graph.ask(Call("GET", item(LetterId(draft), "?$select=id,parentFolderId,isDraft")))
        if answer.good:
            if answer.json().get("parentFolderId") == folders.ids[Folder.SENT]:
                return Receipt(draft)
            if answer.json().get("parentFolderId") == folders.drafts:
                break  # still a draft: the next try sends this very one, and it can go only once
        elif not gone(answer):
            raise fault(answer)
    trace = look_up(graph, folders, mail.message_id)
    if trace.sent:
        return Receipt(trace.sent)
    raise _unknown()


def _unknown() -> MailboxError:
    return MailboxError(
        "Microsoft Graph did not say whether a mail went; the program looks in Sent Items before it sends again.", again=True
    )


def _refused(graph: Graph, folders: Found, draft: str, error: MailboxError) -> MailboxError:
    """A draft that will never go must not lie about until a person sends it."""
    if not error.again:
        with suppress(MailboxError):
            graph.ask(Call("POST", item(LetterId(draft), "/move"), {"destinationId": folders.deleted}))
    return error

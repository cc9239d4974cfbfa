"""Sends mail once: a draft from the frozen bytes, then SendItem; two requests. What happened to an answer that was lost is looked up."""

import base64
from collections.abc import Sequence
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import Final

from bot.errors import MailboxError, MailRefused
from bot.mailbox.base import OutgoingMail, Receipt
from bot.mailbox.ews_batch import DOING, Batches
from bot.mailbox.ews_errors import GONE, REFUSED, STALE, failure
from bot.mailbox.ews_find import Found
from bot.mailbox.ews_folders import Folders
from bot.mailbox.ews_sent import Sent, Traces
from bot.mailbox.ews_words import Element, find, folder_ref, item_ids, make
from bot.mailbox.headers import fields, first, split

Draft = tuple[str, str]  # id and change key

SLACK: Final = timedelta(days=1)  # between the clock that wrote a mail's Date and the server's
SUPPRESS: Final = ("PropertyTag", "0x3FDF", "Integer")  # PidTagAutoResponseSuppress, MS-OXOMSG 2.2.1.77
MESSAGE_ID: Final = ("PropertyTag", "0x1035", "String")  # PidTagInternetMessageId, MS-OXOMSG 2.2.1.12


class Sender:
    """Sends. A copy in Sent Items decides that a mail went, never the draft alone: some servers keep the draft, some leave no copy."""

    def __init__(self, batches: Batches, folders: Folders, sent: Sent) -> None:
        self._batches, self._folders, self._sent = batches, folders, sent
        self._doubt: set[str] = set()  # mails whose draft or sending was asked for without an answer
        self._asked: set[str] = set()  # those of them whose draft was there, and SendItem was asked
        self._watched = False  # whether it was looked what this server does with draft and copy
        self._keeps_draft = self._leaves_copy = True
        self._loses_id = False

    def send(self, mail: OutgoingMail) -> Receipt:
        """As the protocol asks. Raises MailRefused for a mail that the server will never take."""
        id = mail.message_id
        if id not in self._sent:
            draft = self._settled(mail) if self._must_look(mail) else None
            if id not in self._sent:
                self._submit(mail, draft or self._first(mail))
        return Receipt(id)

    def find(self, message_id: str) -> Receipt | None:
        """The copy in Sent Items; a draft that a killed run left beside it is removed."""
        traces = self._sent.search(message_id)
        if traces.sent:
            self._settle(message_id)
            with suppress(MailboxError):
                self._remove(traces.drafts)
            return Receipt(message_id)
        if traces.drafts:
            self._doubt.add(message_id)
        return Receipt(message_id) if message_id in self._asked and not traces.drafts else None

    def _must_look(self, mail: OutgoingMail) -> bool:
        """Whether the server must be asked for this one: its answer was lost, or it is older than what is remembered of Sent Items."""
        return mail.message_id in self._doubt or (self._sent.loaded and not self._sent.everything and self._unsure(mail))

    def _unsure(self, mail: OutgoingMail) -> bool:
        """Whether it may have gone before what is remembered of Sent Items begins."""
        written = _date(mail.raw)
        return self._sent.horizon is None or written is None or written - SLACK <= self._sent.horizon

    def _settled(self, mail: OutgoingMail) -> Draft | None:
        """The draft to go on with, or None. The mail is in `_sent` afterwards when it went."""
        id = mail.message_id
        traces = self._sent.search(id)
        if traces.sent or (id in self._asked and not traces.drafts):  # the draft is gone: it was taken, the copy is on its way
            self._settle(id)
            with suppress(MailboxError):
                self._remove(traces.drafts)
            return None
        if id in self._asked and self._watched and self._keeps_draft and not self._leaves_copy:
            raise MailRefused("It cannot be known whether this mail went: the server keeps drafts and leaves no copy; ask a recipient.")
        return self._one(traces)

    def _one(self, traces: Traces) -> Draft | None:
        if not traces.drafts:
            return None
        with suppress(MailboxError):
            self._remove(traces.drafts[1:])
        return traces.drafts[0].id, traces.drafts[0].change_key

    def _first(self, mail: OutgoingMail) -> Draft:
        """A new draft.

        At the first of all, one request shows at once what was sent before, which drafts a killed run left, and whether the server kept
        the Message-ID.
        """
        draft = self._create(mail)
        if self._sent.loaded:
            return draft
        drafts = self._sent.load()
        same = drafts.get(mail.message_id, [])
        older = not self._sent.everything and self._unsure(mail)
        if mail.message_id in self._sent or (older and self._sent.search(mail.message_id).sent):
            self._settle(mail.message_id)
            with suppress(MailboxError):
                self._remove(same)
            return draft
        stated = [one.message_id for found in drafts.values() for one in found if one.id == draft[0]]
        if stated and stated[0] and stated[0] != mail.message_id:
            self._loses_id = True
            self._remove([Found(draft[0], draft[1], None, 0, "")])
            return self._one(Traces(0, same)) or self._create(mail)
        with suppress(MailboxError):
            self._remove([one for one in same if one.id != draft[0]])
        return draft

    def _create(self, mail: OutgoingMail) -> Draft:
        """CreateItem, SaveOnly, from MIME: …/web-service-reference/createitem-operation-email-message."""
        extra = [_property(SUPPRESS, "-1")] + ([_property(MESSAGE_ID, mail.message_id)] if self._loses_id else [])
        content = make("t:MimeContent", base64.b64encode(mail.raw).decode("ascii"), CharacterSet="UTF-8")
        self._doubt.add(mail.message_id)
        (message,) = self._batches.each(
            "CreateItem",
            [mail],
            lambda _: [
                make("m:SavedItemFolderId", folder_ref(self._folders.known.standard["drafts"])),
                make("m:Items", make("t:Message", content, *extra)),
            ],
            MessageDisposition="SaveOnly",
        )
        if not message.good:
            self._folders.check(message, "CreateItem") if message.code not in REFUSED else None
            raise failure(message.code, DOING["CreateItem"], wait=message.wait, sending=True)
        item = message.first("m:Items")
        id = find(item, "t:ItemId") if item is not None else None
        if id is None or not id.get("Id"):
            raise failure("ErrorInternalServerError", DOING["CreateItem"])
        return id.get("Id"), id.get("ChangeKey", "")

    def _submit(self, mail: OutgoingMail, draft: Draft) -> None:
        """SendItem with the copy in the mailbox's own Sent Items: …/web-service-reference/senditem-operation."""
        if mail.message_id in self._sent:  # `_first` has found that it went long ago
            return
        sent = self._folders.known.standard["sentitems"]
        self._doubt.add(mail.message_id)
        self._asked.add(mail.message_id)
        (message,) = self._batches.each(
            "SendItem",
            [draft],
            lambda drafts: [item_ids(drafts), make("m:SavedItemFolderId", folder_ref(sent))],
            SaveItemToFolder="true",
        )
        if message.good:
            self._settle(mail.message_id)
            with suppress(MailboxError):
                self._tidy(mail.message_id, draft)
            return
        if message.code not in GONE:
            self._asked.discard(mail.message_id)  # the server said no: it did not go
        if message.code in STALE | GONE:
            raise failure("ErrorInternalServerError", DOING["SendItem"])
        if message.code in REFUSED:
            with suppress(MailboxError):
                self._remove([Found(draft[0], draft[1], None, 0, "")])
        raise failure(message.code, DOING["SendItem"], wait=message.wait, sending=True)

    def _tidy(self, message_id: str, draft: Draft) -> None:
        """A draft that the server keeps is removed, or becomes the copy where there is none. What it does is seen at the first mail."""
        if self._watched and not self._keeps_draft:
            return
        if not self._watched:
            traces = self._sent.search(message_id)
            self._keeps_draft, self._leaves_copy, self._watched = bool(traces.drafts), bool(traces.sent), True
            if not self._keeps_draft:
                return
        if self._leaves_copy:
            self._remove([Found(draft[0], draft[1], None, 0, "")])
        else:
            target = make("m:ToFolderId", folder_ref(self._folders.known.standard["sentitems"]))
            self._batches.each("MoveItem", [draft], lambda drafts: [target, item_ids(drafts)])

    def _remove(self, drafts: Sequence[Found]) -> None:
        """Drafts of ours whose mail has its copy, for good: …/web-service-reference/deleteitem-operation."""
        if drafts:
            self._batches.each("DeleteItem", [draft.id for draft in drafts], lambda ids: [item_ids(ids)], DeleteType="HardDelete")

    def _settle(self, message_id: str) -> None:
        self._sent.add(message_id)
        self._doubt.discard(message_id)
        self._asked.discard(message_id)


def _property(tag: tuple[str, str, str], value: str) -> Element:
    """…/web-service-reference/extendedproperty."""
    return make(
        "t:ExtendedProperty",
        make("t:ExtendedFieldURI", **{tag[0]: tag[1], "PropertyType": tag[2]}),
        make("t:Value", value),
    )


def _date(raw: bytes) -> datetime | None:
    """When the mail was frozen, by its own Date; it cannot have been sent before."""
    try:
        written = parsedate_to_datetime(first(fields(split(raw)[0]), "date"))
    except (TypeError, ValueError, OverflowError):
        return None
    return written.replace(tzinfo=UTC) if written.tzinfo is None else written

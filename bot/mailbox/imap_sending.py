"""Sending once: the copy in Skickat is put there before the mail goes, marked as a draft, and the mark is taken away when it has gone.

A crash before the mail was handed over leaves a draft, which does not count, and the mail is sent. A crash after the mark was taken away
leaves a copy that counts, and it is not. What is left is the time between the SMTP server's yes and one short IMAP command, some
milliseconds, and an answer to the mail's end that never comes (RFC 5321 4.5.3.2.6): SMTP has no question by which to ask what became of
a mail, so then it is sent again, after a wait. Appending the copy only afterwards would leave a longer gap, and a full mailbox would
have the mail sent again at every try.
"""

from collections.abc import Mapping, Sequence
from contextlib import suppress
from datetime import timedelta
from typing import Final

from bot.errors import MailboxError
from bot.mailbox.base import Folder, LetterId, OutgoingMail, Receipt
from bot.mailbox.headers import fields
from bot.mailbox.imap_faults import Lost, Refused
from bot.mailbox.imap_moving import remove
from bot.mailbox.imap_places import Places
from bot.mailbox.imap_session import Open, Session
from bot.mailbox.imap_syntax import body, flags, quoted
from bot.mailbox.smtp import Smtp, Unanswered, clean

DRAFT: Final = b"\\draft"
BEFORE: Final = 0.6  # of the deadline for all that comes before the mail is handed over, so that a whole one is left for that
AFTER: Final = 10  # seconds for taking the mark away
UNSURE: Final = timedelta(minutes=10)  # so long a server may think about a mail's end (RFC 5321 4.5.3.2.6)
FIELD: Final = b"HEADER.FIELDS (MESSAGE-ID)"


class Sender:
    """Sends and finds what was sent. Raises Refused and Lost of the IMAP side, MailboxError and MailRefused of the SMTP side."""

    def __init__(self, session: Session, places: Places, smtp: Smtp) -> None:
        self._session, self._places, self._smtp = session, places, smtp
        self._unmarked: dict[str, None] = {}  # sent, but the mark could not be taken away then

    def find(self, message_id: str) -> Receipt | None:
        """The copy of a mail that has gone. A draft was never seen to go."""
        self._settle()
        here = self._sent()
        return self._receipt(here, self._copies(message_id))

    def send(self, mail: OutgoingMail) -> Receipt:
        """Send, unless its copy says that it has gone."""
        deadline = self._session.deadline
        deadline.start(deadline.seconds * BEFORE)
        self._settle()
        here = self._sent()
        copies = self._copies(mail.message_id)
        if (sent := self._receipt(here, copies)) is not None:
            return sent
        raw = clean(mail.raw)
        self._smtp.connect()
        refused = self._smtp.address(mail.sender, mail.recipients, raw)
        marked = DRAFT in here.kept_flags  # else there is no choice but to put the copy there afterwards
        copy = next(iter(copies), 0) if marked else 0
        if marked and not copy:
            copy = self._append(here, raw, mail.message_id, r"(\Seen \Draft)")
        deadline.start()
        try:
            self._smtp.hand_over(raw)
        except Unanswered as error:
            raise MailboxError(
                "The SMTP server did not say whether it took a mail; the mail is sent again after a while.", again=True, wait=UNSURE
            ) from error
        except MailboxError:
            self._take_back(copy)
            raise
        deadline.start(min(AFTER, deadline.seconds))
        return Receipt(self._confirmed(here, copy, raw, mail.message_id), refused)

    def _receipt(self, here: Open, copies: Mapping[int, bool]) -> Receipt | None:
        gone = [uid for uid, draft in copies.items() if not draft]
        return Receipt(self._places.id(here, gone[0])) if gone else None

    def _sent(self) -> Open:
        return self._places.select(self._places.wire(Folder.SENT), fresh=True)

    def _copies(self, message_id: str) -> dict[int, bool]:
        """UIDs in the open folder with just this Message-ID, and whether each is a draft. A search finds parts of words too."""
        if not message_id.isascii():
            return {}
        found = self._session.search("HEADER", "Message-ID", quoted(message_id.encode("ascii")))
        told = self._session.fetch(found[:100], f"(UID FLAGS BODY.PEEK[{FIELD.decode()}])")
        return {
            uid: DRAFT in flags(one.get(b"FLAGS"))
            for uid, one in sorted(told.items())
            if uid in found and message_id in fields((body(one, FIELD) or b"").replace(b"\r\n", b"\n")).get("message-id", ())
        }

    def _append(self, here: Open, raw: bytes, message_id: str, marks: str) -> int:
        """Put a copy into Skickat; gives its UID, 0 when it cannot be found."""
        got = self._session.run("APPEND", quoted(here.name), marks, literal=raw)
        for line in got.get("APPENDUID", []):  # RFC 4315 3
            words = (line or b"").split()
            if len(words) >= 2 and words[0] == str(here.validity).encode() and words[1].isdigit():
                return int(words[1])
        self._places.select(here.name, fresh=True)
        return next(reversed(self._copies(message_id)), 0)

    def _confirmed(self, here: Open, copy: int, raw: bytes, message_id: str) -> LetterId:
        """The mail has gone, and nothing that happens now may make it go again: the copy's id, or a stand-in where it cannot be had."""
        for attempt in (1, 2):
            try:
                if attempt == 2:
                    self._session.live(ask=True)
                here = self._places.select(here.name)
                if not copy:
                    return self._places.id(here, self._append(here, raw, message_id, r"(\Seen)"))
                if self._unmark([copy]):
                    return self._places.id(here, copy)
                # The server keeps the mark whatever is asked, or a person has moved the draft: a copy of its own, then.
                new = self._append(here, raw, message_id, r"(\Seen)")
                remove(self._session, [copy])
                return self._places.id(here, new)
            except (Refused, Lost, MailboxError):
                continue
        self._unmarked[message_id] = None
        return LetterId(f"{here.validity}/{copy}/{message_id}")

    def _unmark(self, uids: Sequence[int]) -> bool:
        got = self._session.store(uids, r"-FLAGS (\Draft)")
        return all(uid in got and DRAFT not in flags(got[uid].get(b"FLAGS")) for uid in uids)

    def _settle(self) -> None:
        """Takes marks away that could not be taken away before."""
        for message_id in list(self._unmarked):
            self._sent()
            drafts = [uid for uid, draft in self._copies(message_id).items() if draft]
            if not drafts or self._unmark(drafts):
                del self._unmarked[message_id]

    def _take_back(self, copy: int) -> None:
        """The server said no: the draft would only puzzle people."""
        if copy:
            with suppress(Refused, Lost):
                self._sent()
                remove(self._session, [copy])

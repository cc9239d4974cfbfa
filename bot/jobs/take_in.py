"""One letter: read, met with the register, entered in the ledger, acted on and answered, all in the caller's transaction."""

from dataclasses import replace
from datetime import date, datetime
from typing import Any

from sqlalchemy import Connection

from bot.jobs import acting, answering, kept
from bot.jobs.office import Office
from bot.log import Logger
from bot.mailbox.base import Letter, Unreadable
from bot.store import letters, outbox, rows
from rules import body, differs, handling, identity
from rules.answer import question
from rules.automatic import authentic, automatic
from rules.duty import address, concerned
from rules.handling import Handling, Origin
from rules.match import meet
from rules.model import Flaw, Folder, Row, Title, Verdict
from rules.outcomes import Meeting, Register
from rules.routine import OWNER
from rules.title import read

log = Logger("intake")


def take_in(tx: Connection, office: Office, letter: Letter, now: datetime) -> int | None:
    """Takes in one letter; gives its ledger id, or None when it was there already."""
    today = office.today(now)
    ours = outbox.ours(tx, [*letter.answers, *letter.concerns])
    origin = origin_of(office, letter, bool(ours))
    title = read(letter.subject, today)
    handled = handling.unmet(origin, title)
    reads_body = handled is None or bool(handled.answer)
    register = gather(tx, office, title, letter, today) if reads_body else Register(())
    meeting: Meeting | None = None
    if handled is None:
        meeting = meet(title, register, office.planner.workdays, today)
        reply = office.config.reply
        handled = handling.met(meeting, title, receipt_normalised=reply.normalised, receipt_matched=reply.matched)
    unreached = _unreached(ours, letter) if origin.automatic in handling.NOT_REACHED else ""
    row = differs.row_of(meeting) or _only_named(register)
    about = row.entry.case if row else register.unknown
    values = ledger_values(office, letter, title, handled, about, now) | {
        "meeting": handling.name(meeting) if meeting else "",
        "case": row.entry.shown if row else "",
        "row_id": row.id if row else None,
        "unreached": unreached,
        "not_owner": row is not None and meeting is not None and not _owns(office, row, letter.sender or "", today),
    }
    ledger_id = letters.add(tx, values)
    if ledger_id is None:
        return None
    missing: tuple[str, ...] = ()
    if meeting is not None:
        acting.act(tx, office, meeting, title, ledger_id, letter.sender or "", today, now)
        if handling.settles(meeting) and handled.folder is not Folder.UNCLEAR:
            acting.settle(tx, office, title, letter.sender or "", row, ledger_id, now)
        came = office.today(min(letter.received, now))
        items = kept.keep(tx, office, letter.body, came, ledger_id, meeting, row, register)
        missing = kept.lacking(office, items, title, meeting, row, letter.sender or "", today) if office.config.reply.missing else ()
        if not handled.answer and kept.asks_for_more(office, missing, handled.folder):
            handled = replace(handled, answer="receipt")
    answered = answering.answer(tx, office, ledger_id, letter.sender or "", handled, title, meeting, register, now, missing)
    if Flaw.PERSONAL_DATA in title.errors and office.config.reply.incident:
        answering.incident(tx, office, ledger_id, answered=answered, now=now)
    told = {"outcome": values["meeting"], "reason": handled.reason}
    log.info("letter", letter=ledger_id, verdict=title.verdict.value, **{name: word for name, word in told.items() if word})
    return ledger_id


def take_in_unreadable(tx: Connection, office: Office, item: Unreadable, now: datetime) -> int | None:
    """A letter that cannot be read is kept as it is, in quarantine."""
    log.warning("letter_unreadable", reason=item.reason)
    nothing = dict.fromkeys(("sender", "message_id", "asked_hash", "meeting", "case", "answer", "unreached"), "")
    values = {
        "mailbox_id": item.id,
        "fingerprint": office.key("letter", item.fingerprint),
        "received": now,
        "seen": now,
        "verdict": Verdict.NOT_A_REPORT,
        "errors": [],
        "unrecognised": 0,
        "advance_ruling": False,
        "not_owner": False,
        "reason": f"unreadable:{item.reason}",
        "folder": Folder.QUARANTINE,
        "found_in": Folder.INBOX,
    }
    return letters.add(tx, nothing | values)


def origin_of(office: Office, letter: Letter, to_ours: bool) -> Origin:
    """Where a letter comes from. to_ours: it answers or concerns one of our own mails."""
    server = office.config.mailbox.authserv_id
    return Origin(
        automatic=automatic(letter.headers, letter.subject),
        own=_own(office, letter),
        authentic=_authentic(letter, server) if server else None,
        to_ours=to_ours,
    )


def _without_numbers(text: str) -> str:
    """The text without anything that may be an identity number, or a part of one: it must not become a case in clear."""
    for first, end in reversed(identity.find(text)):
        text = f"{text[:first]}\n{text[end:]}"
    return text


def _own(office: Office, letter: Letter) -> bool:
    """Whether the sender has an address in the own domains, and one that may be kept: no identity number."""
    return letter.sender is not None and office.people.own(letter.sender) and not identity.find(letter.sender)


def _authentic(letter: Letter, server: str) -> bool | None:
    domain = (letter.sender or "").rpartition("@")[2]
    return authentic(letter.headers.get("authentication-results", ()), server, domain)


def gather(tx: Connection, office: Office, title: Title, letter: Letter, today: date) -> Register:
    """What of the register a letter can be about: its insats, the cases and persons that its body names, the sender's rows."""
    found = body.named(letter.body)
    hashes = [h for number in identity.numbers(letter.body, today) for h in office.keys.hashes("person", number)]
    named = rows.named(tx, found.keys, hashes)
    pool = {row.id: row for row in (rows.of_insats(tx, title.insats) if title.insats else rows.open_rows(tx))}
    pool |= {row.id: row for row in named}
    own = frozenset(row.id for row in pool.values() if letter.sender in concerned(row.entry, office.planner.routine, office.people, today))
    unknown = "" if named else body.unknown_case(body.named(_without_numbers(letter.body)))
    if not named and not unknown and hashes and rows.knows_persons(tx):
        unknown = NAMELESS
    return Register(tuple(pool.values()), frozenset(row.id for row in named), unknown, own)


NAMELESS = "-"
"""Stands for a person whom the body names and the register does not know: known to be unknown, without a case."""


def _only_named(register: Register) -> Row | None:
    named = [row for row in register.rows if row.id in register.named]
    return named[0] if len({row.entry.case for row in named}) == 1 else None


def _owns(office: Office, row: Row, sender: str, today: date) -> bool:
    """Whether the sender is the one who is to send this row's reports. Another is no flaw, but the reporter is told."""
    return sender == address(OWNER, row.entry, office.planner.routine, office.people, today)


def _unreached(ours: dict[str, tuple[str, ...]], letter: Letter) -> str:
    """The recipients of those of our mails that a bounce or an out-of-office answer is about; only the answerer, if it is one of them."""
    reached = dict.fromkeys(address for recipients in ours.values() for address in recipients)
    return letter.sender if letter.sender in reached else " ".join(reached)


def ledger_values(office: Office, letter: Letter, title: Title, handled: Handling, about: str, now: datetime) -> dict[str, Any]:
    """What the ledger keeps of any letter. about: the case that it names, for the hash of what it asks."""
    own = _own(office, letter)
    safe_id = own and not identity.find(letter.message_id)
    return {
        "mailbox_id": letter.id,
        "fingerprint": office.key("letter", letter.fingerprint),
        "received": min(letter.received, now),
        "seen": now,
        "sender": letter.sender if own else office.keys.hash("sender", letter.sender or ""),
        "message_id": letter.message_id if safe_id else "",
        "asked_hash": office.keys.hash("title", f"{question(letter.subject, title)}\0{body.case_key(about)}"),
        "verdict": title.verdict,
        "kind": title.kind,
        "cause": title.cause,
        "outcome": title.outcome,
        "date": title.date,
        "insats": title.insats,
        "advance_ruling": title.advance_ruling,
        "errors": list(title.errors),
        "unrecognised": title.unrecognised,
        "reason": handled.reason,
        "folder": handled.folder,
        "found_in": Folder.INBOX,
        "answer": "",
    }

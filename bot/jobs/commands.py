"""A reporter's reply to a digest: which digest and which rows it means, what is done, and the one mail that tells what became of it."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import Connection, RowMapping

from bot import facts as facts_json
from bot.errors import TemplateError
from bot.jobs.commanding import Reply, carry_out, undo
from bot.jobs.office import Office
from bot.jobs.take_in import ledger_values, origin_of
from bot.log import Logger
from bot.mailbox.base import Letter
from bot.store import commands as store
from bot.store import letters, outbox
from rules import handling
from rules.commands import Command, Said, Unread, Verb, possible, read
from rules.handling import Handling
from rules.mails import AnsweredLine, Digest, DigestAnswer, DigestRow
from rules.model import Folder, Title
from rules.title import read as read_title

GOOD_FOR = timedelta(days=14)
"""For so long a digest can be answered, and what a reply did be taken back."""
NAME, REASON = "digest_answer", "commands"

# The digest's subject, with what mail programs put before it: only a letter that bears it is told that its digest is not known.
_SUBJECT = re.compile(r"(?:[a-zåäö]{2,3} ?: ?|\[[a-zåäö -]{1,20}\] ?){0,6}läget [0-9]{4}-[0-9]{2}-[0-9]{2}\b", re.IGNORECASE)

log = Logger("commands")

Rows = Mapping[int, tuple[str, DigestRow]]
"""The digest's rows by their numbers, each with its section."""


@dataclass(frozen=True, slots=True)
class _Asked:
    """The digest that a reply means: its number in the outbox, the day it tells of, its rows; or why it cannot be used."""

    mail: int = 0
    day: date | None = None
    rows: Rows | None = None
    problem: str = ""


def take(tx: Connection, office: Office, letter: Letter, now: datetime) -> int | None:
    """Carries out a reporter's reply to a digest; gives its ledger number, or None when the letter is none, and is to be read as any other.

    Only from a configured reporter in the own domains, and where the own server's name is configured, only if that server calls the sender
    authentic. Never for an automatic letter. What is done, its ledger row and its answer are the caller's one transaction. The same letter
    once more does nothing.
    """
    if letter.sender not in office.people.reporter:
        return None
    title = read_title(letter.subject, office.today(now))
    asked = _asked(tx, office, letter, title, now)
    if asked is None:
        return None
    said = read(letter.body, office.today(now))
    if not said:
        return None
    handled = Handling(Folder.DONE, REASON, NAME)
    values = ledger_values(office, letter, title, handled, "", now)
    again = any(each["reason"] == REASON for each in letters.printed(tx, values["fingerprint"]))
    number = letters.add(tx, values | {"meeting": "", "case": "", "row_id": None, "unreached": "", "not_owner": False, "settled": now})
    if number is None:
        return None
    if again:
        letters.change(tx, number, answer="held:repeated")
        return number
    store.forget(tx, now - GOOD_FOR)
    reply = Reply(number, letter.sender or "", now, office.today(now), asked.day or office.today(now))
    lines = () if asked.rows is None else tuple(line for one in said for line in _one(tx, office, reply, one, asked.rows))
    received = office.today(min(letter.received, now))
    facts = office.dump(DigestAnswer(received, lines, asked.day, asked.mail, asked.problem))
    key = office.key("answer", values["fingerprint"], values["asked_hash"])
    posted = outbox.post(tx, key=key, name=NAME, to=[reply.who], cc=[], facts=facts, now=now, letter_id=number)
    letters.change(tx, number, answer=NAME if posted is not None else "held:repeated")
    log.info("commands", letter=number, count=sum(line.done for line in lines), failed=sum(not line.done for line in lines))
    return number


def _asked(tx: Connection, office: Office, letter: Letter, title: Title, now: datetime) -> _Asked | None:
    """The digest that a letter answers; None when it answers none, or may not."""
    ours = outbox.ours(tx, [*letter.answers, *letter.concerns])
    origin = origin_of(office, letter, bool(ours))
    if office.config.mailbox.authserv_id and origin.authentic is not True:
        return None
    handled = handling.unmet(origin, title)
    if handled == Handling(Folder.UNCLEAR, "answers_ours"):
        found = store.answered(tx, letter.answers)
        return _of_mail(tx, found, now) if found is not None and found["name"] in store.ANSWERED else None
    if handled == Handling(Folder.INBOX, "not_a_report") and _SUBJECT.match(letter.subject):
        return _Asked(problem="unknown")
    return None


def _of_mail(tx: Connection, found: RowMapping, now: datetime) -> _Asked:
    """The rows of a digest, or of the one that an answer of ours was about."""
    try:
        facts = facts_json.load(found["name"], found["facts"])
        if isinstance(facts, DigestAnswer):
            former = outbox.get(tx, facts.digest)
            if former is None or former["name"] != "digest":
                return _Asked(problem=facts.problem or "unknown")
            found, facts = former, facts_json.load("digest", former["facts"])
    except TemplateError:  # taken away by pruning, or of a version that knew other facts
        return _Asked(problem="unknown")
    if not isinstance(facts, Digest):
        return _Asked(problem="unknown")
    if now - found["created"] > GOOD_FOR:
        return _Asked(found["id"], facts.day, problem="old")
    return _Asked(found["id"], facts.day, {row.n: (section.name, row) for section in facts.sections for row in section.rows})


def _one(tx: Connection, office: Office, reply: Reply, said: Said, rows: Rows) -> list[AnsweredLine]:
    """What becomes of one thing that was said."""
    section, row = rows.get(said.n, ("", DigestRow(said.n, "")))
    match said:
        case Command(verb=Verb.UNDO):
            return undo(tx, office, reply, reply.now - GOOD_FOR)
        case Unread(n, fault, verb):
            can = possible(section, row) if section else ()
            return [AnsweredLine(n, verb or "", why=fault, case=row.case, insats=row.insats, letter=row.letter, can=can)]
        case Command() if not section:
            return [AnsweredLine(said.n, said.verb, why="no_row")]
        case Command():
            return [carry_out(tx, office, reply, said, section, row)]

"""Answers to letters: one per sender, title and case a day, and a brake on all of them together."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta

from sqlalchemy import Connection

from bot.jobs.office import Office
from bot.log import Logger
from bot.store import letters, outbox
from rules.answer import Limits, Right, held, right_titles
from rules.differs import differs, read_title, row_of
from rules.explain import law
from rules.facts import in_force
from rules.handling import Handling
from rules.mails import AskCase, Incident, MailFacts, Receipt, ReportDiffers, TitleRejected
from rules.model import Row, Title, Verdict
from rules.outcomes import Ambiguous, DateDiffers, KindDiffers, Meeting, NotReportable, Premature, Register
from rules.title import suggest

log = Logger("answer")

Met = AskCase | ReportDiffers | Receipt
"""The answers to a letter that met the register."""


def answer(
    tx: Connection,
    office: Office,
    ledger_id: int,
    sender: str,
    handled: Handling,
    title: Title,
    meeting: Meeting | None,
    register: Register,
    now: datetime,
    missing: Sequence[str] = (),
) -> bool:
    """Puts the letter's answer in the outbox, unless none is wanted or the limits hold it back; gives whether. The ledger says which.

    missing: sentences about what the report's text lacks; a receipt tells them.
    """
    if not handled.answer or (handled.answer == "title_rejected" and not office.config.reply.rejected):
        return False
    ledger = letters.get(tx, ledger_id)
    if ledger is None:
        return False
    today = letters.answers_to(tx, sender, office.midnight(now))
    limits = Limits(office.config.reply.per_sender_a_day, office.config.reply.per_hour)
    last_hour = letters.answers_since(tx, now - timedelta(hours=1))
    if why := held(ledger["asked_hash"], today, last_hour, limits):
        letters.change(tx, ledger_id, answer=f"held:{why}")
        log.warning("answer_held_back", letter=ledger_id, reason=why)
        return False
    received = office.today(ledger["received"])
    cited = law(office.today(now), title.kind)
    if meeting is None:
        right = right_titles(title, _knowable(register), office.planner.workdays, office.today(now), suggest)
        facts: MailFacts = _rejected(office, title, right, received, cited)
        if right.row is not None:
            letters.change(tx, ledger_id, row_id=right.row.id, case=right.row.entry.shown)
    else:
        facts = replace(_facts(office, handled.answer, title, meeting, register, now), received=received, law=cited)
        facts = replace(facts, missing=tuple(missing)) if isinstance(facts, Receipt) else facts
    # Of the letter and not of its number: a ledger that is read in again after a restore gives the same keys.
    key = office.key("answer", ledger["fingerprint"], ledger["asked_hash"])
    went = outbox.post(tx, key=key, name=handled.answer, to=[sender], cc=[], facts=office.dump(facts), now=now, letter_id=ledger_id)
    letters.change(tx, ledger_id, answer=handled.answer if went is not None else "held:repeated")
    return went is not None


def _facts(office: Office, name: str, title: Title, meeting: Meeting, register: Register, now: datetime) -> Met:
    today, workdays = office.today(now), office.planner.workdays
    match meeting:
        case Ambiguous(reason):
            again = office.ready(read_title(title))
            return AskCase(reason, read_title(title), again)
        case KindDiffers(row) | DateDiffers(row) | Premature(row) | NotReportable(row) if name == "report_differs":
            return differs(meeting, title, workdays, today, office.ready, told=row.id in register.own)
        case _:
            about = row_of(meeting)
            case = about.entry.shown if about and about.id in register.own else ""
            return Receipt(read_title(title), title.verdict is Verdict.ACCEPTED, matched=case != "", case=case)


def _rejected(office: Office, title: Title, right: Right, received: date, cited: str) -> TitleRejected:
    case = right.row.entry.shown if right.row else ""
    return TitleRejected(received, title.errors, tuple(office.ready(t, case) for t in right.titles), case, right.earliest, cited)


def _knowable(register: Register) -> Sequence[Row]:
    """The rows from which a title may be completed for this sender: the sender's own, and of these only the named ones, if any are."""
    if register.unknown:
        return ()
    return [row for row in register.rows if row.id in register.own and (not register.named or row.id in register.named)]


def incident(tx: Connection, office: Office, ledger_id: int, *, answered: bool, now: datetime) -> None:
    """Tells the reporter at once that a title held personal data."""
    notice = in_force("incident_notice", office.today(now))
    facts = office.dump(Incident(ledger_id, office.today(now), answered, notice.values["hours"], notice.ref))
    ledger = letters.get(tx, ledger_id)
    key = office.key("incident", ledger["fingerprint"] if ledger else ledger_id)
    outbox.post(tx, key=key, name="incident", to=office.people.reporter, cc=[], facts=facts, now=now)

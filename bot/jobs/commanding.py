"""Each thing that a reply to a digest can do, in the caller's transaction: with the functions that serve letters and changes by hand."""

from dataclasses import dataclass, replace
from datetime import date, datetime, time

from sqlalchemy import Connection

from bot.clock import local_instant
from bot.errors import BotError
from bot.jobs import settling
from bot.jobs.by_hand import shut
from bot.jobs.hand_steps import By
from bot.jobs.office import Office
from bot.store import audit, claims, kept, letters, rows
from bot.store import commands as store
from rules.asked import must_be
from rules.body import case_key
from rules.commands import Command, Verb, possible
from rules.mails import AnsweredLine, DigestRow
from rules.mark import count
from rules.model import ClosedBy, Closing, Folder, Kind, Outcome, Row, Verdict
from rules.sheet import Target, documented, targets
from rules.standing import awaited, reported


@dataclass(frozen=True, slots=True)
class Reply:
    """The reply that is carried out: its ledger number, whose it is, when it is read, and of which day the digest was."""

    letter: int
    who: str
    now: datetime
    today: date
    digest_day: date

    def by(self, n: int) -> By:
        """Whose hand it is, for the audit trail."""
        return By(self.who, self.now, f"svar på morgonmejlet {self.digest_day}, rad {n}")


def carry_out(tx: Connection, office: Office, reply: Reply, command: Command, section: str, row: DigestRow) -> AnsweredLine:
    """Does one thing to one row of the digest, and keeps how it is taken back; tells what became of it."""
    line = AnsweredLine(row.n, command.verb, case=row.case, insats=row.insats, letter=row.letter, can=possible(section, row))
    if command.verb not in line.can:
        return replace(line, why="not_here" if line.can else "only_told")
    row_ids, letter_ids = _concerned(tx, command, row)
    before = store.photo(tx, row_ids, letter_ids)
    match command.verb:
        case Verb.REPORTED if row.letter:
            line = _letter_reported(tx, office, reply, command, line)
        case Verb.REPORTED:
            line = _mark_reported(tx, office, reply, command, row, line, of_mark=section != "coming")
        case Verb.EXECUTED | Verb.ENDED:
            line = _closed(tx, office, reply, command, row, line)
        case Verb.POSTPONED:
            line = _postponed(tx, office, reply, command, row, line)
        case _:
            line = _settled(tx, office, reply, command, line)
    if line.done:
        changed = store.changes(before, store.photo(tx, row_ids, letter_ids))
        k = row.k or None
        store.note(
            tx, letter=reply.letter, who=reply.who, at=reply.now, n=row.n, verb=command.verb, row_id=row.row or None, k=k, changed=changed
        )
    return line


def _concerned(tx: Connection, command: Command, row: DigestRow) -> tuple[set[int], set[int]]:
    """All rows and letters that a command can change."""
    row_ids, letter_ids = {row.row} - {0}, {row.letter} - {0}
    ledger = letters.get(tx, row.letter) if row.letter else None
    if ledger is not None and command.verb is Verb.IS:
        row_ids |= {ledger["row_id"]} - {None}
        row_ids |= {each.id for each in rows.named(tx, [case_key(command.case)])}
        letter_ids |= {waiting["id"] for waiting in letters.waiting_of(tx, ledger["sender"])}
    return row_ids, letter_ids


def _of_the_register(tx: Connection, row: DigestRow) -> Row | None:
    return next(iter(rows.by_id(tx, [row.row])), None) if row.row else None


def _letter_reported(tx: Connection, office: Office, reply: Reply, command: Command, line: AnsweredLine) -> AnsweredLine:
    """The reporter's tick of a letter: as if it were moved to the folder of the reported, and the program moves it there."""
    ledger = letters.get(tx, line.letter)
    if ledger is None:
        return replace(line, why="gone")
    if ledger["reported_to_ivo"] is not None:
        return replace(line, why="already")
    if ledger["folder"] != Folder.TO_REPORT:
        return replace(line, why="moved")
    at = min(reply.now, local_instant(command.day, time(12), office.config.bot.timezone)) if command.day else reply.now
    letters.change(tx, line.letter, folder=Folder.REPORTED, filed=None, settled=reply.now, reported_to_ivo=at)
    kept.release(tx, [line.letter])
    audit.write(
        tx, reply.now, reply.who, [audit.Note("reported_to_ivo", ledger["row_id"], {"letter": line.letter, "why": reply.by(line.n).why})]
    )
    row = next(iter(rows.by_id(tx, [ledger["row_id"]])), None) if ledger["row_id"] else None
    if row is None:
        return line
    day = office.today(at)
    target = next((each for each in targets(row, {line.letter: day}, day) if each.letter == line.letter), None)
    return replace(line, document=documented(row, target, day) if target else "", kind=target.kind if target else "")


def _mark_reported(
    tx: Connection, office: Office, reply: Reply, command: Command, row: DigestRow, line: AnsweredLine, *, of_mark: bool
) -> AnsweredLine:
    """A mark that was reported to IVO without a letter here. The reply stands as its letter, ticked, so that nothing waits for another."""
    found = _of_the_register(tx, row)
    if found is None:
        return replace(line, why="gone")
    line = replace(line, case=found.entry.shown)
    if (came := next((report for report in found.reports if report.k == row.k), None)) is not None:
        ledger = letters.get(tx, came.letter) if came.letter else None
        ticked = ledger is None or ledger["reported_to_ivo"] is not None
        return replace(line, why="already" if ticked else "came", letter=came.letter)
    mark = count(found).mark(row.k)
    if of_mark and mark != row.day:
        return replace(line, why="changed")  # the start was corrected since
    if mark > reply.today:
        return replace(line, why="not_yet")
    if _closed_since(found, mark):
        return replace(line, why="closed")
    kind, day = must_be(found, row.k) or Kind.FOLLOW_UP, command.day or reply.today
    rows.add_report(tx, found.id, row.k, kind, mark, day, reply.letter)
    letters.change(tx, reply.letter, reported_to_ivo=reply.now)
    said = {"k": row.k, "kind": kind, "mark": mark.isoformat(), "why": reply.by(row.n).why}
    audit.write(tx, reply.now, reply.who, [audit.Note("reported", found.id, said)])
    claims.reschedule(tx, office.planner, [found.id])
    target = Target(kind, row.k, mark, reply.letter, day, reported=day)
    return replace(line, kind=kind, day=mark, document=documented(found, target, day))


def _closed_since(row: Row, mark: date) -> bool:
    """Whether a row's mark asks for nothing any more because the row is closed; the register's word alone leaves it to be reported."""
    return row.closing is not None and (row.closing.by is not ClosedBy.REGISTER or mark >= row.closing.on or reported(row, 0))


def _closed(tx: Connection, office: Office, reply: Reply, command: Command, row: DigestRow, line: AnsweredLine) -> AnsweredLine:
    found = _of_the_register(tx, row)
    if found is None or command.day is None:
        return replace(line, why="gone")
    outcome = Outcome.EXECUTED if command.verb is Verb.EXECUTED else Outcome.ENDED
    line = replace(line, case=found.entry.shown, insats=found.entry.insats, day=command.day)
    if found.closing is not None:
        same = (found.closing.outcome, found.closing.on) == (outcome, command.day)
        return replace(line, why="already" if same else "closed")
    if command.day < found.entry.start:
        return replace(line, why="before_start", day=found.entry.start)
    waits = awaited(found, command.day)
    shut(tx, office, found, Closing(outcome, command.day, ClosedBy.HAND), reply.by(row.n))
    told = ("mark_unreported",) if waits else ("tell_ivo",) if any(report.k for report in found.reports) else ()
    return replace(line, told=told)


def _postponed(tx: Connection, office: Office, reply: Reply, command: Command, row: DigestRow, line: AnsweredLine) -> AnsweredLine:
    found = _of_the_register(tx, row)
    if found is None or command.day is None:
        return replace(line, why="gone")
    line = replace(line, case=found.entry.shown, day=command.day)
    if reported(found, row.k):
        return replace(line, why="came", letter=0)
    if _closed_since(found, count(found).mark(row.k)):
        return replace(line, why="closed")
    store.postpone(tx, found.id, found.entry.start, row.k, command.day, command.why, reply.who, reply.today)
    said = {"k": row.k, "until": command.day.isoformat(), "why": command.why}
    audit.write(tx, reply.now, reply.who, [audit.Note("postponed", found.id, said)])
    claims.reschedule(tx, office.planner, [found.id])
    return line


def _settled(tx: Connection, office: Office, reply: Reply, command: Command, line: AnsweredLine) -> AnsweredLine:
    """The letter is about that case, as `ivobot letters settle` says it."""
    ledger = letters.get(tx, line.letter)
    if ledger is None:
        return replace(line, why="gone")
    if ledger["verdict"] not in (Verdict.OK, Verdict.ACCEPTED):
        return replace(line, why="unreadable")
    if ledger["meeting"] in settling.SETTLED:
        return replace(line, why="already", case=ledger["case"])
    if not rows.named(tx, [case_key(command.case)]):
        return replace(line, why="unknown_case")
    try:
        outcome = settling.settle(tx, office, line.letter, command.case, reply.now)
    except BotError as error:
        if error.again:
            raise
        return replace(line, why="ambiguous")
    now = letters.get(tx, line.letter)
    row_id = now["row_id"] if now is not None else None
    said = {"letter": line.letter, "outcome": outcome, "why": reply.by(line.n).why}
    audit.write(tx, reply.now, reply.who, [audit.Note("settled", row_id, said)])
    return replace(line, outcome=outcome, case=now["case"] if now is not None else "")


def undo(tx: Connection, office: Office, reply: Reply, since: datetime) -> list[AnsweredLine]:
    """Takes back what the reporter's last reply did, its last command first; what was changed since stays and is told."""
    found = store.last(tx, reply.who, since)
    if not found:
        return [AnsweredLine(0, Verb.UNDO, why="nothing_to_undo")]
    told = []
    for command, changed in found:
        row = next(iter(rows.by_id(tx, [command["row_id"]])), None) if command["row_id"] else None
        line = AnsweredLine(command["n"], Verb.UNDO, undid=command["verb"], case=row.entry.shown if row else "")
        if not store.stands(tx, changed):
            told.append(replace(line, why="changed"))
            continue
        store.take_back(tx, changed)
        store.note_undone(tx, command["id"], reply.now)
        touched = sorted({each.key for each in changed if each.table == "register_row"})
        row_ids = {command["row_id"], *(int(key.strip("[]")) for key in touched)} - {None}
        claims.reschedule(tx, office.planner, row_ids)
        said = {"letter": reply.letter, "verb": command["verb"], "k": command["k"]}
        audit.write(tx, reply.now, reply.who, [audit.Note("taken_back", row_id, said) for row_id in sorted(row_ids) or [None]])
        told.append(line)
    return told[::-1]

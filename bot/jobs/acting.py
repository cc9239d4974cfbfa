"""What a met report changes: reports, closings, provisional rows, and what it settles."""

from datetime import date, datetime

from sqlalchemy import Connection, RowMapping

from bot.jobs.office import Office
from bot.store import audit, claims, letters, rows, states
from rules.asked import must_be
from rules.mark import add_months, count
from rules.model import Closing, Entry, Folder, Kind, Row, Sort, Title
from rules.outcomes import Closed, KindDiffers, Matched, Meeting, NotReportable, Untracked
from rules.workday import DAY


def act(
    tx: Connection,
    office: Office,
    meeting: Meeting,
    title: Title,
    ledger_id: int,
    sender: str,
    today: date,
    now: datetime | None = None,
) -> None:
    """Carries out what the meeting decided, and enters it in the audit trail. Outcomes that change nothing are passed over.

    now: the instant for the trail; by default the one at which the letter was read.
    """
    match meeting:
        case Matched(row, k) | KindDiffers(row, k, _):
            kind = must_be(row, k) or title.kind or Kind.NEW
            rows.add_report(tx, row.id, k, kind, count(row).mark(k), today, ledger_id)
            letters.change(tx, ledger_id, k=k)
            said = {"k": k, "kind": kind, "mark": count(row).mark(k).isoformat()}
            _note(tx, audit.Note("reported", row.id, said), ledger_id=ledger_id, now=now)
        case Closed(row, closing, _):
            _close(tx, row, closing, ledger_id, today, now)
        case NotReportable(row, closing) if closing is not None:
            _close(tx, row, closing, ledger_id, today, now)
        case Untracked(case) if title.kind is not Kind.FINAL:
            row_id = _provisional(tx, office, case, title, ledger_id, sender, today)
            _note(tx, *(states.note("provisional", each) for each in states.differences(tx, {}, [row_id])), ledger_id=ledger_id, now=now)
            claims.reschedule(tx, office.planner, [row_id])
            return
        case _:
            return
    claims.reschedule(tx, office.planner, [row.id])


def _close(tx: Connection, row: Row, closing: Closing, ledger_id: int, today: date, now: datetime | None) -> None:
    before = states.of(tx, [row.id])
    rows.close(tx, row.id, closing)
    rows.add_report(tx, row.id, 0, Kind.FINAL, closing.on, today, ledger_id)
    _note(tx, *(states.note("closed", each) for each in states.differences(tx, before, [row.id])), ledger_id=ledger_id, now=now)


def _note(tx: Connection, *notes: audit.Note, ledger_id: int, now: datetime | None) -> None:
    """Enters in the audit trail what a letter did."""
    ledger = letters.get(tx, ledger_id)
    if ledger is None:
        raise ValueError("only a letter of the ledger changes the register")
    audit.write(tx, now or ledger["seen"], f"letter {ledger_id}", notes)


def _provisional(tx: Connection, office: Office, case: str, title: Title, ledger_id: int, sender: str, today: date) -> int:
    """A row for a decision that only this report tells of: its first mark is the title's date, and it is reported."""
    if title.date is None or title.insats is None or title.kind is None:
        raise ValueError("only a whole title makes a row")
    entry = Entry(
        case=case if any(c.isalnum() for c in case) else f"oklar-{ledger_id}",
        insats=title.insats,
        sort=title.cause or Sort.DECISION,
        start=add_months(title.date, -3),
        officer="" if office.people.is_unit(sender) else sender,
        advance_ruling=True if title.advance_ruling else None,
    )
    row_id = rows.add(tx, entry, entered=today, silent_before=title.date + DAY, first_mark=title.date)
    rows.add_report(tx, row_id, 1, title.kind, title.date, today, ledger_id)
    letters.change(tx, ledger_id, case=entry.case, row_id=row_id, k=1)
    return row_id


def settle(tx: Connection, office: Office, title: Title, sender: str, row: Row | None, ledger_id: int, now: datetime) -> None:
    """Settles the sender's earlier letters that this one puts right; those that were sent back or unclear move on to Klart."""
    for waiting in letters.waiting_of(tx, sender):
        if waiting["id"] == ledger_id or not _puts_right(waiting, title, row):
            continue
        moves = waiting["folder"] in (Folder.FIX_TITLE, Folder.UNCLEAR)
        changes = {"folder": Folder.DONE, "filed": None} if moves else {}
        letters.change(tx, waiting["id"], settled=now, **changes)


def _puts_right(waiting: RowMapping, title: Title, row: Row | None) -> bool:
    """Whether nothing that was read of the waiting letter speaks against its being the same report."""
    if waiting["insats"] not in (None, title.insats):
        return False
    if waiting["kind"] is not None and (waiting["kind"] == Kind.FINAL) != (title.kind is Kind.FINAL):
        return False
    if row is None:
        return waiting["date"] in (None, title.date)
    if waiting["row_id"] is not None:
        return bool(waiting["row_id"] == row.id or waiting["case"] == row.entry.shown)
    return waiting["date"] in (None, title.date, row.entry.start, row.entry.decision_date)

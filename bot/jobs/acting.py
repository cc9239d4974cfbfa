"""What a met report changes: reports, closings, provisional rows, and what it settles."""

from datetime import date, datetime

from sqlalchemy import Connection, RowMapping

from bot.jobs.office import Office
from bot.store import claims, letters, rows
from rules.asked import must_be
from rules.mark import add_months, count
from rules.model import Entry, Folder, Kind, Row, Sort, Title
from rules.outcomes import Closed, KindDiffers, Matched, Meeting, NotReportable, Untracked
from rules.workday import DAY


def act(tx: Connection, office: Office, meeting: Meeting, title: Title, ledger_id: int, sender: str, today: date) -> None:
    """Carries out what the meeting decided. Outcomes that change nothing are passed over."""
    match meeting:
        case Matched(row, k) | KindDiffers(row, k, _):
            kind = must_be(row, k) or title.kind or Kind.NEW
            rows.add_report(tx, row.id, k, kind, count(row).mark(k), today, ledger_id)
            letters.change(tx, ledger_id, k=k)
        case Closed(row, closing, _):
            rows.close(tx, row.id, closing)
            rows.add_report(tx, row.id, 0, Kind.FINAL, closing.on, today, ledger_id)
        case NotReportable(row, closing) if closing is not None:
            rows.close(tx, row.id, closing)
            rows.add_report(tx, row.id, 0, Kind.FINAL, closing.on, today, ledger_id)
        case Untracked(case) if title.kind is not Kind.FINAL:
            row_id = _provisional(tx, office, case, title, ledger_id, sender, today)
            claims.reschedule(tx, office.planner, [row_id])
            return
        case _:
            return
    claims.reschedule(tx, office.planner, [row.id])


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

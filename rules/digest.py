"""The reporter's morning mail: what is most urgent first, each section of bounded length."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import date, timedelta

from rules.asked import asked, must_be, title_at
from rules.mails import Digest, DigestRow, DigestSection, WindowFacts
from rules.mark import count
from rules.model import Folder, Kind, Row
from rules.morning import Morning, Noted, Rows, case, held_back, incidents, new_reports, unreached, waiting
from rules.plan import Planner, postponable
from rules.remind import ready
from rules.standing import reported
from rules.window import Window, counted_through, current_window, window_of
from rules.workday import DAY

__all__ = ["COMING_DAYS", "LONGEST", "Morning", "Noted", "digest"]

LONGEST = 10  # rows of one section; the rest is "och N till"
COMING_DAYS = 10


def digest(morning: Morning, planner: Planner) -> Digest:
    """Builds the digest of a day. Sections without rows are left out; rows are numbered through."""
    by_id = {row.id: row for row in morning.rows}
    window = current_window(morning.day)
    lacking, done = _window(morning, planner, window, by_id)
    overdue = _overdue(morning, planner)
    sections = (
        ("incidents", incidents(morning)),
        ("overdue", [row for row in overdue if not _waits(morning, row)]),
        ("window", [row for row in lacking if not _waits(morning, row)]),
        ("new_reports", new_reports(morning, by_id)),
        ("sent_back", waiting(morning, by_id, Folder.FIX_TITLE, planner.workdays)),
        ("unclear", waiting(morning, by_id, Folder.UNCLEAR, planner.workdays)),
        ("unreached", unreached(morning)),
        ("held_back", held_back(morning)),
        ("vanished", [_row(by_id[row_id]) for row_id in morning.vanished if row_id in by_id]),
        ("postponed", _postponed(morning, by_id)),
        ("superseded", _superseded(morning, by_id)),
        ("coming", _coming(morning, planner)),
    )
    left = (window.last if window.open(morning.day) else window.first) - morning.day
    facts = WindowFacts(str(window.quarter), window.first, window.last, window.open(morning.day), left.days, done, len(lacking))
    return Digest(morning.day, facts, tuple(_numbered(sections)), morning.balance, morning.health, morning.audit)


def _numbered(sections: Iterable[tuple[str, list[DigestRow]]]) -> Iterable[DigestSection]:
    n = 0
    for name, rows in sections:
        if not rows:
            continue
        shown = []
        for row in rows[:LONGEST]:
            n += 1
            shown.append(replace(row, n=n))
        yield DigestSection(name, tuple(shown), len(rows) - len(shown))


def _row(row: Row) -> DigestRow:
    return DigestRow(0, row.entry.sort.value, row.entry.shown, row.entry.insats, row.entry.start, row=row.id)


def _waits(morning: Morning, row: DigestRow) -> bool:
    """Whether the reporter has put the row's mark off to a later day."""
    return bool(row.k) and not row.letter and (row.row, row.k) in morning.postponed


def _postponed(morning: Morning, rows: Rows) -> list[DigestRow]:
    """Marks that the reporter has put off and that are still not reported, the soonest to come back first."""
    found = []
    for (row_id, k), (until, why) in morning.postponed.items():
        row = rows.get(row_id)
        if row is not None and not reported(row, k):
            what = (must_be(row, k) or Kind.FOLLOW_UP).value
            found.append(DigestRow(0, what, row.entry.shown, row.entry.insats, count(row).mark(k), k, row=row_id, until=until, why=why))
    return sorted(found, key=lambda r: (r.until or date.max, r.day or date.max, r.row))


def _overdue(morning: Morning, planner: Planner) -> list[DigestRow]:
    """Passed marks without a report after their report day, the longest first."""
    found = []
    for row in morning.rows:
        counted = count(row)
        end = row.closing.on if row.closing else morning.day
        for k in range(counted.first_at(row.silent_before), counted.last_passed(end) + 1):
            report_day = planner.workdays.report_day(counted.mark(k))
            if report_day < morning.day and not reported(row, k):
                title = _title(row, k, planner, morning)
                found.append(
                    DigestRow(
                        0,
                        (must_be(row, k) or Kind.FOLLOW_UP).value,
                        row.entry.shown,
                        row.entry.insats,
                        counted.mark(k),
                        k,
                        (morning.day - report_day).days,
                        title=ready(title, morning.mailbox, row.entry.shown),
                        row=row.id,
                    )
                )
    return sorted(found, key=lambda r: -(r.days or 0))


def _title(row: Row, k: int, planner: Planner, morning: Morning) -> str:
    return asked(row, planner.workdays, morning.day).title if row.closing else title_at(row, k)


def _window(morning: Morning, planner: Planner, window: Window, rows: Rows) -> tuple[list[DigestRow], int]:
    """What the open or next window lacks until all is reported to IVO, and how many reports of it are done."""
    first, last = _span(window, morning.cut_off)
    at_ivo = {letter.id for letter in morning.letters if letter.reported_to_ivo}
    lacking, done = [], 0
    for row in morning.rows:
        counted = count(row)
        end = min(last, row.closing.on - DAY) if row.closing else last
        for k in range(counted.first_at(max(first, row.silent_before)), counted.last_passed(end + DAY) + 1):
            mark = counted.mark(k)
            came = [report.letter for report in row.reports if report.k == k]
            if at_ivo.intersection(came):
                done += 1
            elif mark <= morning.day or came:
                what = (must_be(row, k) or Kind.FOLLOW_UP).value
                one = DigestRow(0, what, row.entry.shown, row.entry.insats, mark, k, letter=came[0] if came else 0, row=row.id)
                lacking.append(one if came else replace(one, title=ready(_title(row, k, planner, morning), morning.mailbox, one.case)))
    for letter in morning.letters:
        if letter.meeting != "closed" or letter.title.date is None:
            continue
        if not letter.reported_to_ivo:
            shown, row_id = case(rows, letter), letter.row or 0
            lacking.append(DigestRow(0, Kind.FINAL.value, shown, letter.insats, letter.title.date, letter=letter.id, row=row_id))
        elif first <= letter.title.date <= last:
            done += 1
    return sorted(lacking, key=lambda r: (r.letter == 0, r.day or date.max)), done


def _span(window: Window, cut_off: str) -> tuple[date, date]:
    """The marks that belong to a window: from after the former one's cut-off through its own."""
    return counted_through(window_of(window.quarter.former), cut_off) + DAY, counted_through(window, cut_off)


def _superseded(morning: Morning, rows: Rows) -> list[DigestRow]:
    return [
        DigestRow(0, milestone, rows[row_id].entry.shown, rows[row_id].entry.insats, day, k, row=row_id)
        for row_id, k, milestone, day in morning.superseded
        if row_id in rows
    ]


def _coming(morning: Morning, planner: Planner) -> list[DigestRow]:
    """Today's milestones and those of the next ten days, where they are not sent already; what is put off on the day it waits for."""
    last = morning.day + timedelta(days=COMING_DAYS)
    found = []
    for row in morning.rows:
        for event in planner.coming(row, morning.claims.get(row.id, {}), last):
            until, _ = morning.postponed.get((row.id, event.k), (event.day, ""))
            day = max(event.day, planner.workdays.on_or_after(until)) if postponable(event.milestone) else event.day
            if morning.day <= day <= last:
                found.append(DigestRow(0, event.milestone.name, row.entry.shown, row.entry.insats, day, event.k, row=row.id))
    return sorted(found, key=lambda r: (r.day or date.max, r.case))

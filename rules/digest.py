"""The reporter's morning mail: what is most urgent first, each section of bounded length."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta

from rules.asked import asked, must_be, title_at
from rules.mails import Balance, Digest, DigestRow, DigestSection, WindowFacts
from rules.mark import count
from rules.model import Flaw, Folder, Kind, Row, Title
from rules.plan import Claims, Planner
from rules.remind import ready
from rules.standing import reported
from rules.window import Window, counted_through, current_window, window_of
from rules.workday import DAY

LONGEST = 10  # rows of one section; the rest is "och N till"
COMING_DAYS = 10


@dataclass(frozen=True, slots=True)
class Noted:
    """A letter as the ledger tells it to the reporter. `sender` is an own address, or "" for any other."""

    id: int
    received: date
    sender: str
    title: Title
    meeting: str
    reason: str
    case: str
    insats: str
    folder: str
    answer: str
    unreached: str
    row: int | None
    settled: bool
    new: bool  # since the last digest
    reported_to_ivo: bool
    not_owner: bool = False


@dataclass(frozen=True, slots=True)
class Morning:
    """All that the digest is made of.

    `rows`: open rows, and closed ones with something left to report. `superseded`: noted since the last digest.
    """

    day: date
    rows: Sequence[Row]
    letters: Sequence[Noted]
    claims: dict[int, Claims]
    superseded: Sequence[tuple[int, int, str, date]]  # row id, k, milestone, day
    balance: Balance
    health: tuple[str, ...]
    mailbox: str
    cut_off: str = "quarter_end"
    audit: str = ""
    vanished: Sequence[int] = ()  # ids of open rows that the last register file did not have


def digest(morning: Morning, planner: Planner) -> Digest:
    """Builds the digest of a day. Sections without rows are left out; rows are numbered through."""
    by_id = {row.id: row for row in morning.rows}
    window = current_window(morning.day)
    lacking, done = _window(morning, planner, window)
    sections = (
        ("incidents", _incidents(morning)),
        ("overdue", _overdue(morning, planner)),
        ("window", lacking),
        ("new_reports", _new_reports(morning)),
        ("sent_back", _letters(morning, Folder.FIX_TITLE)),
        ("unclear", _letters(morning, Folder.UNCLEAR)),
        ("unreached", _unreached(morning)),
        ("held_back", _held_back(morning)),
        ("vanished", [_row(by_id[row_id]) for row_id in morning.vanished if row_id in by_id]),
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
    return DigestRow(0, row.entry.sort.value, row.entry.shown, row.entry.insats, row.entry.start)


def _incidents(morning: Morning) -> list[DigestRow]:
    return [
        DigestRow(
            0,
            "answered" if letter.answer and not letter.answer.startswith("held:") else "unanswered",
            day=letter.received,
            letter=letter.id,
        )
        for letter in morning.letters
        if letter.new and Flaw.PERSONAL_DATA in letter.title.errors
    ]


def _overdue(morning: Morning, planner: Planner) -> list[DigestRow]:
    """Passed marks without a report after their report day, the longest first."""
    found = []
    for row in morning.rows:
        counted = count(row)
        end = row.closing.on if row.closing else morning.day
        for k in range(counted.first_at(row.silent_before), counted.last_passed(end) + 1):
            report_day = planner.workdays.report_day(counted.mark(k))
            if report_day < morning.day and not reported(row, k):
                title = asked(row, planner.workdays, morning.day).title if row.closing else title_at(row, k)
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
                    )
                )
    return sorted(found, key=lambda r: -(r.days or 0))


def _window(morning: Morning, planner: Planner, window: Window) -> tuple[list[DigestRow], int]:
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
                lacking.append(DigestRow(0, what, row.entry.shown, row.entry.insats, mark, k, letter=came[0] if came else 0))
    for letter in morning.letters:
        if letter.meeting != "closed" or letter.title.date is None:
            continue
        if not letter.reported_to_ivo:
            lacking.append(DigestRow(0, Kind.FINAL.value, _case(morning, letter), letter.insats, letter.title.date, letter=letter.id))
        elif first <= letter.title.date <= last:
            done += 1
    return sorted(lacking, key=lambda r: (r.letter == 0, r.day or date.max)), done


def _span(window: Window, cut_off: str) -> tuple[date, date]:
    """The marks that belong to a window: from after the former one's cut-off through its own."""
    return counted_through(window_of(window.quarter.former), cut_off) + DAY, counted_through(window, cut_off)


def _case(morning: Morning, letter: Noted) -> str:
    """A letter's case as it may be shown: a protected person's is the alias."""
    return next((row.entry.shown for row in morning.rows if row.id == letter.row), letter.case)


def _new_reports(morning: Morning) -> list[DigestRow]:
    outcomes = ("matched", "kind_differs", "untracked", "closed")
    return [
        DigestRow(
            0,
            letter.meeting,
            _case(morning, letter),
            letter.insats,
            letter.title.date,
            letter=letter.id,
            to=letter.sender,
            not_owner=letter.not_owner,
        )
        for letter in morning.letters
        if letter.new and letter.meeting in outcomes
    ]


def _letters(morning: Morning, folder: Folder) -> list[DigestRow]:
    """Letters that wait in a folder until someone settles them, the oldest first."""
    return [
        DigestRow(
            0,
            letter.meeting or letter.reason,
            _case(morning, letter),
            letter.insats,
            letter.received,
            days=(morning.day - letter.received).days,
            letter=letter.id,
            to=letter.sender,
            count=letter.title.unrecognised,
        )
        for letter in morning.letters
        if letter.folder == folder and not letter.settled
    ]


def _unreached(morning: Morning) -> list[DigestRow]:
    return [
        DigestRow(0, letter.reason, day=letter.received, letter=letter.id, to=letter.unreached)
        for letter in morning.letters
        if letter.new and letter.unreached
    ]


def _held_back(morning: Morning) -> list[DigestRow]:
    return [
        DigestRow(0, letter.answer.removeprefix("held:"), day=letter.received, letter=letter.id, to=letter.sender)
        for letter in morning.letters
        if letter.new and letter.answer.startswith("held:")
    ]


def _superseded(morning: Morning, rows: dict[int, Row]) -> list[DigestRow]:
    return [
        DigestRow(0, milestone, rows[row_id].entry.shown, rows[row_id].entry.insats, day, k)
        for row_id, k, milestone, day in morning.superseded
        if row_id in rows
    ]


def _coming(morning: Morning, planner: Planner) -> list[DigestRow]:
    """Today's milestones and those of the next ten days, where they are not sent already."""
    last = morning.day + timedelta(days=COMING_DAYS)
    found = [
        DigestRow(0, event.milestone.name, row.entry.shown, row.entry.insats, event.day, event.k)
        for row in morning.rows
        for event in planner.coming(row, morning.claims.get(row.id, {}), last)
        if event.day >= morning.day
    ]
    return sorted(found, key=lambda r: (r.day or date.max, r.case))

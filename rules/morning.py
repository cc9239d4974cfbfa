"""What the digest is made of, and the sections of it that tell of letters."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from rules.asked import asked
from rules.mails import Balance, DigestRow, ReadyTitle
from rules.model import Flaw, Folder, Row, Title
from rules.plan import Claims
from rules.remind import ready
from rules.workday import Workdays


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

    `rows`: open rows, and closed ones with something left to report. `superseded`: noted since the last digest. `postponed`: by row id and k,
    until which day a mark waits and why; the reporter has put it off.
    """  # noqa: E501

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
    postponed: Mapping[tuple[int, int], tuple[date, str]] = field(default_factory=dict)


Rows = Mapping[int, Row]
"""The morning's rows by their ids."""


def incidents(morning: Morning) -> list[DigestRow]:
    """Letters with personal data in their titles: which, and whether they were answered; nothing of what they said."""
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


def new_reports(morning: Morning, rows: Rows) -> list[DigestRow]:
    """Reports that came since the last digest."""
    outcomes = ("matched", "kind_differs", "untracked", "closed")
    return [
        DigestRow(
            0,
            letter.meeting,
            case(rows, letter),
            letter.insats,
            letter.title.date,
            letter=letter.id,
            to=letter.sender,
            not_owner=letter.not_owner,
            row=letter.row or 0,
        )
        for letter in morning.letters
        if letter.new and letter.meeting in outcomes
    ]


def waiting(morning: Morning, rows: Rows, folder: Folder, workdays: Workdays) -> list[DigestRow]:
    """Letters that wait in a folder until someone settles them, the oldest first; with the right title where the row is known."""
    return [
        DigestRow(
            0,
            letter.meeting or letter.reason,
            case(rows, letter),
            letter.insats,
            letter.received,
            days=(morning.day - letter.received).days,
            letter=letter.id,
            to=letter.sender,
            count=letter.title.unrecognised,
            title=_right(morning, rows.get(letter.row or 0), workdays) if folder is Folder.FIX_TITLE else None,
            row=letter.row or 0,
        )
        for letter in morning.letters
        if letter.folder == folder and not letter.settled
    ]


def _right(morning: Morning, row: Row | None, workdays: Workdays) -> ReadyTitle | None:
    return ready(asked(row, workdays, morning.day).title, morning.mailbox, row.entry.shown) if row else None


def unreached(morning: Morning) -> list[DigestRow]:
    """Mails of ours that did not reach whom they were for."""
    return [
        DigestRow(0, letter.reason, day=letter.received, letter=letter.id, to=letter.unreached)
        for letter in morning.letters
        if letter.new and letter.unreached
    ]


def held_back(morning: Morning) -> list[DigestRow]:
    """Answers that the limits held back."""
    return [
        DigestRow(0, letter.answer.removeprefix("held:"), day=letter.received, letter=letter.id, to=letter.sender)
        for letter in morning.letters
        if letter.new and letter.answer.startswith("held:")
    ]


def case(rows: Rows, letter: Noted) -> str:
    """A letter's case as it may be shown: a protected person's is the alias."""
    row = rows.get(letter.row or 0)
    return row.entry.shown if row else letter.case

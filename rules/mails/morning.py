"""The reporter's morning mail, the digest. Dates are Stockholm calendar days."""

from dataclasses import dataclass
from datetime import date

from rules.mails.reminders import ReadyTitle


@dataclass(frozen=True, slots=True)
class DigestRow:
    """One numbered row. Which fields are set depends on its section; texts are the templates' business.

    `not_owner`: the sender is not who is to send this row's reports.
    `what` is a word that the section's template knows (a milestone, an outcome, a mail's name, a reason …).
    `row`: the register's row that it is about, for answers to the digest; 0 for none. `until`, `why`: of a postponed row.
    """

    n: int
    what: str
    case: str = ""
    insats: str = ""
    day: date | None = None
    k: int = 0
    days: int | None = None
    letter: int = 0
    to: str = ""
    title: ReadyTitle | None = None
    count: int = 0
    not_owner: bool = False
    row: int = 0
    until: date | None = None
    why: str = ""


@dataclass(frozen=True, slots=True)
class DigestSection:
    """Rows of one sort, worst first; `more` were left out ("och N till").

    `name`: incidents, overdue, window, new_reports, sent_back, unclear, unreached, held_back, vanished, postponed, superseded, coming.
    """

    name: str
    rows: tuple[DigestRow, ...]
    more: int = 0


@dataclass(frozen=True, slots=True)
class WindowFacts:
    """IVO's open or next reporting window and how much of it is done. `days_left` counts to `last` (open) or to `first` (not yet open)."""

    quarter: str
    first: date
    last: date
    open: bool
    days_left: int
    done: int
    lacking: int


@dataclass(frozen=True, slots=True)
class Balance:
    """The mail balance: in = filed + answered + quarantined + left; `unexplained` must be 0."""

    received: int
    filed: int
    answered: int
    quarantined: int
    left: int
    unexplained: int


@dataclass(frozen=True, slots=True)
class Digest:
    """The reporter's morning mail. `health` holds problems in plain Swedish words, none when all is well.

    `audit` is the head of the audit trail: kept in the mail, it shows later whether the trail was cut or changed.
    """

    day: date
    window: WindowFacts
    sections: tuple[DigestSection, ...]
    balance: Balance
    health: tuple[str, ...] = ()
    audit: str = ""

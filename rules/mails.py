"""What each mail says, as values: the facts that its templates put into Swedish words. Dates are Stockholm calendar days."""

from dataclasses import dataclass
from datetime import date

from rules.model import Flaw, Kind, Outcome, Sort


@dataclass(frozen=True, slots=True)
class ReadyTitle:
    """A title to copy, with the link that opens a message holding it (title and case only)."""

    title: str
    mailto: str


@dataclass(frozen=True, slots=True)
class ReminderRow:
    """One row in a reminder; a bundle holds several.

    `case` is the alias for a protected person. `months` is the true number that has passed (2, 5, 8 … or 3, 6, 9 …).
    `contact_by` is the last day for the contacts (follow-up day + 14); `late` says that this day, or for `day_before` the
    summary day, has passed already. `why` holds Swedish sentences that derive the day of the mail. `advice` holds the routine's own extra
    sentences for this insats and form. `waited_days` counts from `start`; with `former` (the case that this decision follows),
    `total_days` counts from the former's start. `title` is what to send: for a closed row its final report.
    `base` is the day of the execution or of the register's date column that the mail is counted from, `months` then how many lie between.
    `due` is the last day for what the mail asks, where the routine gives one.
    """

    case: str
    insats: str
    insats_text: str
    sort: Sort
    start: date
    k: int
    months: int
    mark: date
    follow_up_day: date
    contact_by: date
    summary_day: date
    report_day: date
    title: ReadyTitle
    why: tuple[str, ...]
    law: str
    advice: tuple[str, ...] = ()
    late: bool = False
    sent_back: bool = False
    outcome: Outcome | None = None
    closed_on: date | None = None
    waited_days: int = 0
    former: str = ""
    total_days: int = 0
    base: date | None = None
    due: date | None = None


@dataclass(frozen=True, slots=True)
class Reminder:
    """A reminder, or a bundle of them (more than one row).

    `role`: officer, unit, provider or reporter: who reads it. `owner` is the Swedish name of the unit that sends the report, or "".
    `in_place_of` names the role that had no known address when the reporter gets the mail instead, else "".
    `channel`: mailbox or case_system: how the unit sends its report. `routine` is the Swedish name of the routine that it comes from.
    `templates` is the folder with the routine's own mail templates, "" without one.
    """

    rows: tuple[ReminderRow, ...]
    role: str
    channel: str
    owner: str = ""
    in_place_of: str = ""
    routine: str = ""
    templates: str = ""


@dataclass(frozen=True, slots=True)
class TitleRejected:
    """Answer to a title with flaws. `titles` are right titles, with gaps where the truth is not known.

    `case` only where the register knows it. `earliest` is the day from which a known title may be sent, when that is still to come.
    """

    received: date
    flaws: tuple[Flaw, ...]
    titles: tuple[ReadyTitle, ...]
    case: str = ""
    earliest: date | None = None
    law: str = ""


@dataclass(frozen=True, slots=True)
class ReportDiffers:
    """A report came through, but one thing differs from the register.

    `what`: kind, sort (avbrott or not), advance_ruling, date, before_start, premature, premature_final, not_reportable, other_closing.
    `read` is the report's own title in canonical form. `titles` are the right ones (none when there is nothing to send).
    `counted` says that the report counts all the same. `send_on` is the day to send a premature one.
    """

    what: tuple[str, ...]
    case: str
    read: str
    counted: bool
    titles: tuple[ReadyTitle, ...] = ()
    sort: Sort = Sort.DECISION
    start: date | None = None
    mark: date | None = None
    send_on: date | None = None
    closed_on: date | None = None
    outcome: Outcome | None = None
    right_kind: Kind | None = None
    received: date | None = None
    law: str = ""


@dataclass(frozen=True, slots=True)
class AskCase:
    """Which decision is meant? `reason`: several (several fit), none (none fits, though the sender has open ones), other_insats."""

    reason: str
    read: str
    again: ReadyTitle
    received: date | None = None
    law: str = ""


@dataclass(frozen=True, slots=True)
class Receipt:
    """The report has come. `read` is its title in canonical form; `normalised` says that it was not written so."""

    read: str
    normalised: bool
    matched: bool
    case: str = ""
    received: date | None = None
    law: str = ""


@dataclass(frozen=True, slots=True)
class Incident:
    """A title held personal data. `letter` is the number in the ledger.

    `hours`: within how many from its discovery an incident must be notified, by the `law` cited.
    """

    letter: int
    received: date
    answered: bool
    hours: int = 0
    law: str = ""


@dataclass(frozen=True, slots=True)
class DigestRow:
    """One numbered row. Which fields are set depends on its section; texts are the templates' business.

    `not_owner`: the sender is not who is to send this row's reports.
    `what` is a word that the section's template knows (a milestone, an outcome, a mail's name, a reason …).
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


@dataclass(frozen=True, slots=True)
class DigestSection:
    """Rows of one sort, worst first; `more` were left out ("och N till").

    `name`: incidents, overdue, window, new_reports, sent_back, unclear, unreached, held_back, vanished, superseded, coming.
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


MailFacts = Reminder | TitleRejected | ReportDiffers | AskCase | Receipt | Incident | Digest

"""Reminders: what one row, or a bundle of rows, asks of its owner. Dates are Stockholm calendar days."""

from dataclasses import dataclass
from datetime import date

from rules.model import Outcome, Sort


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

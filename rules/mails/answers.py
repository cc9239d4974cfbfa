"""Answers to letters, and what the reporter is told of one at once. Dates are Stockholm calendar days."""

from dataclasses import dataclass
from datetime import date

from rules.mails.reminders import ReadyTitle
from rules.model import Flaw, Kind, Outcome, Sort


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
    """The report has come. `read` is its title in canonical form; `normalised` says that it was not written so.

    `missing`: Swedish sentences about what its text should have held.
    """

    read: str
    normalised: bool
    matched: bool
    case: str = ""
    received: date | None = None
    law: str = ""
    missing: tuple[str, ...] = ()


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

"""The frozen values that the rules speak in. Words are those of the README's table; dates are Europe/Stockholm calendar days."""

import datetime as dt
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum


class Kind(StrEnum):
    """Kind of report: nyrapportering, återrapportering, slutrapportering."""

    NEW = "new"
    FOLLOW_UP = "follow_up"
    FINAL = "final"


class Sort(StrEnum):
    """What is tracked: a decision, or an interruption (avbrott) in carrying it out. A title calls this its cause."""

    DECISION = "decision"
    INTERRUPTION = "interruption"


class Outcome(StrEnum):
    """How a row was closed: verkställt or avslutat."""

    EXECUTED = "executed"
    ENDED = "ended"


class Verdict(StrEnum):
    """What a title is to us."""

    OK = "ok"
    ACCEPTED = "accepted"
    REJECTED = "rejected"
    NOT_A_REPORT = "not_a_report"


class Flaw(StrEnum):
    """One fault in a title, answered with one plain sentence."""

    MISSING_KIND = "missing_kind"
    CONFLICTING_KINDS = "conflicting_kinds"
    MISSING_DATE = "missing_date"
    INVALID_DATE = "invalid_date"
    MULTIPLE_DATES = "multiple_dates"
    IMPLAUSIBLE_DATE = "implausible_date"
    MISSING_INSATS = "missing_insats"
    UNKNOWN_INSATS = "unknown_insats"
    MULTIPLE_INSATS = "multiple_insats"
    MISSING_OUTCOME = "missing_outcome"
    CONFLICTING_OUTCOMES = "conflicting_outcomes"
    MISPLACED_OUTCOME = "misplaced_outcome"
    EXTRA_INFORMATION = "extra_information"
    PERSONAL_DATA = "personal_data"


class Folder(StrEnum):
    """The mailbox's folders, by the names that the staff see."""

    INBOX = "INBOX"
    TO_REPORT = "Att rapportera"
    FIX_TITLE = "Åtgärda titel"
    UNCLEAR = "Oklara"
    QUARANTINE = "Karantän"
    DONE = "Klart"
    REPORTED = "Rapporterat till IVO"
    SENT = "Skickat"


@dataclass(frozen=True, slots=True)
class Title:
    """A title as read. Nothing in it repeats text that the grammar did not recognise.

    A rejected title has each piece that was read without doubt, else None. `cause` only for a new report,
    `outcome` only for a final one. `unrecognised` counts the words that the grammar did not know.
    """

    verdict: Verdict
    kind: Kind | None = None
    cause: Sort | None = None
    outcome: Outcome | None = None
    date: dt.date | None = None
    insats: str | None = None
    advance_ruling: bool = False
    errors: tuple[Flaw, ...] = ()
    notes: tuple[str, ...] = ()
    unrecognised: int = 0


KIND_WORD = {Kind.NEW: "Nyrapportering", Kind.FOLLOW_UP: "Återrapportering", Kind.FINAL: "Slutrapportering"}
OUTCOME_WORD = {Outcome.EXECUTED: "verkställt", Outcome.ENDED: "avslutat"}


def canonical(
    kind: Kind,
    day: date | None,
    insats: str | None,
    *,
    cause: Sort | None = None,
    outcome: Outcome | None = None,
    advance_ruling: bool = False,
) -> str:
    """The one right spelling of a title; a piece that is not known is a gap (`ÅÅÅÅ-MM-DD`, `9§__`).

    `cause` and `advance_ruling` count for a new report only, `outcome` (needed there) for a final one.
    """
    parts = [f"IVO – {KIND_WORD[kind]}"]
    if kind is Kind.FINAL:
        if outcome is None:
            raise ValueError("a final report needs its outcome")
        parts[0] += f", {OUTCOME_WORD[outcome]}"
    elif kind is Kind.NEW and cause is Sort.INTERRUPTION:
        parts[0] += " avbrott"
    parts[0] += f" {day.isoformat() if day else 'ÅÅÅÅ-MM-DD'}"
    if kind is Kind.NEW and advance_ruling:
        parts.append("Förhandsbesked")
    parts.append(insats or "9§__")
    return ", ".join(parts)


@dataclass(frozen=True, slots=True)
class Entry:
    """What the register says of one decision or interruption.

    `start` is the decision date, or the first day of the interruption. `officer`, `unit` and `provider` stand as the
    register writes them. `advance_ruling` is None where the register does not tell. `person` is a keyed hash, never a number.
    `dates` holds the routine's own date columns by their names.
    `valid_from` is never a decision date. `judgment_final` is the day a judgment became final.
    """

    case: str
    insats: str
    sort: Sort
    start: date
    form: str = ""
    decision_date: date | None = None
    officer: str = ""
    unit: str = ""
    provider: str = ""
    external: bool = False
    advance_ruling: bool | None = None
    sex: str = ""  # man, woman, boy, girl or unknown ("")
    executed: date | None = None
    ended: date | None = None
    partly_from: date | None = None
    cause: str = ""
    protected: bool = False
    alias: str = ""
    relative: bool = False
    judgment: bool = False
    judgment_final: date | None = None
    person: str = ""
    previous: str = ""
    valid_from: date | None = None
    dates: tuple[tuple[str, date], ...] = ()

    @property
    def shown(self) -> str:
        """The only name by which a person reads of this row: the case, or the alias of a protected person."""
        return self.alias if self.protected and self.alias else self.case


class ClosedBy(StrEnum):
    """Who said that a row is closed: the register file, a final report, or a person by hand."""

    REGISTER = "register"
    LETTER = "letter"
    HAND = "hand"


@dataclass(frozen=True, slots=True)
class Closing:
    """That a row was executed or ended, and on which day."""

    outcome: Outcome
    on: date
    by: ClosedBy


@dataclass(frozen=True, slots=True)
class Report:
    """A report that was received for a row. `k` counts its mark from 1; a final report has k = 0."""

    k: int
    kind: Kind
    day: date
    letter: int = 0


@dataclass(frozen=True, slots=True)
class Row:
    """One tracked row with its state.

    `entered`: the day it entered the register. A mark before `silent_before` is taken as reported.
    `first_mark` is set only on a provisional row, made by a report that no row fitted: its marks count from there.
    """

    id: int
    entry: Entry
    entered: date
    silent_before: date
    closing: Closing | None = None
    first_mark: date | None = None
    reports: tuple[Report, ...] = field(default=())

    @property
    def open(self) -> bool:
        """Still waiting: neither executed nor ended. Partly executed is open."""
        return self.closing is None

    @property
    def provisional(self) -> bool:
        """Known from a letter only; an import that brings the case takes it over."""
        return self.first_mark is not None

"""What a person types about a row, read as the cells of a register file are; but what an import only warns of and drops is an error."""

from collections.abc import Callable, Collection, Mapping
from contextlib import suppress
from dataclasses import replace
from datetime import date

from bot.errors import BotError, ConfigError
from bot.register.columns import Columns
from bot.register.days import day
from bot.register.rows import RowReader
from bot.register.values import GIRL_OR_WOMAN, Unread
from rules.body import case_key
from rules.identity import find
from rules.model import Entry, Outcome, Row, Sort

LONGEST_WHY = 500
CORRECTABLE = (
    "start", "case", "insats", "form", "officer", "unit", "provider", "external", "advance_ruling", "sex", "partly_from", "cause",
    "protected", "alias", "relative", "judgment", "previous", "valid_from",
)  # fmt: skip
_DAY = "must be a day such as 2026-01-15, not before LSS (1994-01-01)"
_HINTS = {
    "case": "The case must be a case number of at most 100 characters that is no identity number.",
    "insats": "The insats must be one of those in LSS; write its paragraph and point, as `ivobot register list` shows them.",
    "decision": f"The decision date {_DAY}; give it, or the first day of an interruption.",
    "interruption": f"The first day of the interruption {_DAY}.",
}
_DROPPED = {
    "personal_data": "One of the texts may hold an identity number; leave that out.",
    "unreadable_date": "One of the days cannot be read; write it such as 2026-01-15.",
    "unclear_yes_no": "One of the yes or no values cannot be read; write ja or nej.",
    "unknown_form": "That insats has no such form; write a key or a text of IVO's option list.",
    "unusable_previous_case": "The former case must be a case number that is no identity number.",
}
_OUTCOMES = {"executed": Outcome.EXECUTED, "verkställt": Outcome.EXECUTED, "ended": Outcome.ENDED, "avslutat": Outcome.ENDED}


def entry(said: Mapping[str, str], today: date, officers: Collection[str]) -> tuple[Entry, list[str]]:
    """An entry and its warnings (an import's codes) from column name → what was typed. Raises ConfigError that repeats nothing of it."""
    columns = Columns({name: place for place, name in enumerate(said)}, {}, ())
    reading = RowReader(columns, today=today, hash_person=_no_persons, officers=officers).read(list(said.values()))
    if reading.faults:
        raise ConfigError(_HINTS.get(reading.faults[0][0], f"The value of {reading.faults[0][0]} {_DAY}."))
    if dropped := next((code for code in reading.codes if code in _DROPPED), ""):
        raise ConfigError(_DROPPED[dropped])
    if reading.entry is None:
        raise ConfigError("That is no decision under LSS; only those are tracked.")
    found = reading.entry
    return replace(found, sex="woman") if found.sex == GIRL_OR_WOMAN else found, reading.codes


def corrected(row: Row, field: str, value: str, today: date, officers: Collection[str]) -> tuple[Entry, list[str]]:
    """A row's entry with one field put right. "" takes a value away. A new insats keeps the form only if it has that form too."""
    if field not in CORRECTABLE:
        raise ConfigError(f"There is no such field to correct; the fields are: {', '.join(CORRECTABLE)}.")
    old = row.entry
    start = "interruption" if old.sort is Sort.INTERRUPTION else "decision"
    said = {"case": old.case, "insats": old.insats, start: old.start.isoformat()}
    said |= {start if field == "start" else field: value}
    if field == "insats":
        read, codes = entry(said, today, officers)
        with suppress(ConfigError):  # the former form may be none of the new insats
            read, codes = entry(said | {"form": old.form}, today, officers)
        return replace(old, insats=read.insats, form=read.form), codes
    read, codes = entry(said, today, officers)
    names: tuple[str, ...] = ("judgment", "judgment_final") if field == "judgment" else (field,)
    if field == "start" and old.sort is Sort.DECISION:
        names = ("start", "decision_date")
    return replace(old, **{name: getattr(read, name) for name in names}), codes


def one_day(text: str, what: str, today: date) -> date:
    """A day that was typed. Raises ConfigError; `what` names it."""
    found = day(text, today)
    if found is None or isinstance(found, Unread):
        raise ConfigError(f"{what} must be a day such as 2026-01-15.")
    return found


def outcome(text: str) -> Outcome:
    """How a row is closed."""
    if text.casefold() not in _OUTCOMES:
        raise ConfigError("A row is closed as executed or ended; write one of the two.")
    return _OUTCOMES[text.casefold()]


def reason(why: str) -> str:
    """Why something is done, for the audit trail. Raises ConfigError for none, and for what may be an identity number."""
    said = " ".join(why.split())
    if not said or len(said) > LONGEST_WHY:
        raise ConfigError(f"Say why with --why, in at most {LONGEST_WHY} characters; it stands in the audit trail.")
    if find(said):
        raise ConfigError("The reason may hold an identity number; leave that out, for the audit trail keeps what is written.")
    return said


def pick(rows: Collection[Row], today: date, *, start: str, insats: str, fits: Callable[[Row], bool]) -> Row:
    """The one row of a case that is meant: by start and insats where they are given, then the only one that fits what is to be done."""
    if not rows:
        raise BotError("The register does not know that case; see `ivobot register list`.")
    if len({case_key(row.entry.case) for row in rows}) > 1:
        raise BotError("That is the alias of several cases; name the case itself.")
    left = list(rows)
    if start:
        first = one_day(start, "--start", today)
        left = [row for row in left if row.entry.start == first]
    if insats:
        left = [row for row in left if row.entry.insats == "".join(insats.split())]
    if not left:
        raise BotError("No row of that case has that start and insats; see `ivobot register show`.")
    if len(left) > 1:
        left = [row for row in left if fits(row)] or left
    if len(left) > 1:
        rows_there = ", ".join(f"{row.entry.insats} {row.entry.start}" for row in sorted(left, key=lambda row: (row.entry.start, row.id)))
        raise BotError(f"The case has several rows ({rows_there}); say which with --start, and --insats where they share it.")
    return left[0]


def _no_persons(_: str) -> str:
    raise ValueError("identity numbers are not typed on a command line")

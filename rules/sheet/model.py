"""A sheet as values: tabs of fields, each with where its value comes from and what is wrong with it."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from rules.model import Kind, Outcome


class Source(StrEnum):
    """Where a value comes from: the report's letter, the register, the configuration, or what follows from other values."""

    LETTER = "letter"
    REGISTER = "register"
    SETTINGS = "settings"
    DERIVED = "derived"
    NONE = ""


class Level(StrEnum):
    """An error must be mended before the sheet can be sent; a warning is something to look at."""

    ERROR = "error"
    WARNING = "warning"


@dataclass(frozen=True, slots=True)
class Problem:
    """What is wrong with a field: one word for programs, a plain Swedish sentence for the reporter."""

    code: str
    text: str
    level: Level = Level.ERROR


@dataclass(frozen=True, slots=True)
class Said:
    """What a field held in the report before, and the day on which that report came."""

    value: str
    day: date


@dataclass(frozen=True, slots=True)
class Field:
    """One field of the e-service. `key` is stable; `name` is what the reporter looks for; `value` is ready to paste, "" when unknown.

    `required`: the e-service does not take the report without it. `last`: what was said in the report before, in a follow-up.
    `limit`: the most characters that the field takes, 0 for a choice or a date.
    """

    key: str
    name: str
    value: str = ""
    source: Source = Source.NONE
    required: bool = False
    problems: tuple[Problem, ...] = ()
    last: Said | None = None
    limit: int = 0

    @property
    def complement(self) -> str | None:
        """What to write under "Komplettera" in a follow-up: the value where it is news, "" where it is the same, None without a former."""
        if self.last is None:
            return None
        return "" if self.value == self.last.value else self.value


@dataclass(frozen=True, slots=True)
class Tab:
    """One tab of the e-service with its fields in order."""

    name: str
    fields: tuple[Field, ...]


@dataclass(frozen=True, slots=True)
class Material:
    """Something that the letter tells and that no field asks for: what the reporter writes the free texts from."""

    name: str
    value: str
    day: date | None = None


@dataclass(frozen=True, slots=True)
class Target:
    """Which report a sheet is for.

    `kind` is what it is to IVO: a row that closes without ever having been reported is new, with its outcome. `k` counts the mark, 0 for
    the report that the row is closed. `day` is the mark or the closing day. `letter`: the ledger's number, 0 when no letter has come;
    `received`: the day it came. `reported`: the day on which the reporter ticked it off.
    """

    kind: Kind
    k: int
    day: date
    letter: int = 0
    received: date | None = None
    outcome: Outcome | None = None
    reported: date | None = None


@dataclass(frozen=True, slots=True)
class Sheet:
    """One report, ready for the e-service. `case` is the alias of a protected person. `lacking`: what the sender's text should have held.

    `notices` are Swedish sentences about the report as a whole.
    """

    row: int
    case: str
    insats: str
    form: str
    start: date
    target: Target
    tabs: tuple[Tab, ...]
    material: tuple[Material, ...] = ()
    lacking: tuple[str, ...] = ()
    notices: tuple[str, ...] = ()

    @property
    def fields(self) -> tuple[Field, ...]:
        """Every field in the e-service's order."""
        return tuple(field for tab in self.tabs for field in tab.fields)

    @property
    def missing(self) -> tuple[Field, ...]:
        """The required fields that have no value."""
        return tuple(field for field in self.fields if field.required and not field.value)

    @property
    def wrong(self) -> tuple[Field, ...]:
        """The fields with something that must be mended."""
        return tuple(field for field in self.fields if any(problem.level is Level.ERROR for problem in field.problems))

    @property
    def errors(self) -> tuple[Problem, ...]:
        """Everything that must be mended."""
        return tuple(problem for field in self.fields for problem in field.problems if problem.level is Level.ERROR)

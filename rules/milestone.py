"""The parts of a routine file: days counted from an anchor, which rows are meant, and the milestones themselves."""

from typing import Annotated, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field

from rules.model import Entry

OWNER, OFFICER, PROVIDER, REPORTER, MANAGER = "owner", "officer", "provider", "reporter", "manager"
MARKS, EXECUTED = ("start", "mark"), "executed"
GENERAL_ROLES = frozenset({OWNER, OFFICER, PROVIDER, REPORTER, MANAGER})


class Part(BaseModel):
    """A part of a routine file: it knows all its keys."""

    model_config = ConfigDict(extra="forbid", frozen=True)


Name = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]*$")]
Names = Annotated[tuple[str, ...], BeforeValidator(lambda value: (value,) if isinstance(value, str) else value)]
"""One name, or a list of them."""


class Offset(Part):
    """A day counted from an anchor: months first, then days, then workdays; `move` says where a day off is moved.

    anchor: `start` (again with every mark), `mark`, `executed`, or one of the routine's `columns`, a date column of the register.
    """

    anchor: Name
    months: int = 0
    days: int = 0
    workdays: int = 0
    move: Literal["stay", "next", "previous"] = "stay"


class Chain(Part):
    """So many workdays after the day on which another milestone of the same mark was sent."""

    milestone: str
    workdays: int = Field(ge=1)


class Selection(Part):
    """Which rows are meant. Empty means: all. `sort`: only decisions, or only interruptions."""

    insats: tuple[str, ...] = ()
    form: tuple[str, ...] = ()
    external: bool | None = None
    sort: Literal["decision", "interruption"] | None = None

    def fits(self, entry: Entry) -> bool:
        """Whether a row with this entry is meant."""
        return (
            (not self.insats or entry.insats in self.insats)
            and (not self.form or entry.form in self.form)
            and self.external in (None, entry.external)
            and self.sort in (None, entry.sort.value)
        )

    @property
    def everything(self) -> bool:
        """Whether every row is meant."""
        return not self.insats and not self.form and self.external is None and self.sort is None


class Duty(Selection):
    """Who sends the report for the rows that are meant: the officer, or the role of a unit."""

    owner: str


class Condition(Selection):
    """When a milestone is for a row. `owner`: only where the officer sends the report, or only where a unit does.

    `state`: while the row is open, or once it is executed; without it, executed for what is anchored there, else open.
    `missing`, `known`: only while these date columns of the register are all empty, or once they all have a date.
    """

    owner: Literal["officer", "unit"] | None = None
    state: Literal["open", "executed"] | None = None
    missing: Names = ()
    known: Names = ()

    def holds(self, entry: Entry, owner: str) -> bool:
        """Whether the condition holds for a row whose report `owner` (a role) sends."""
        if not (self.fits(entry) and (self.owner is None or (self.owner == OFFICER) == (owner == OFFICER))):
            return False
        if not (self.missing or self.known):
            return True
        dated = {name for name, _ in entry.dates}
        return dated.isdisjoint(self.missing) and dated.issuperset(self.known)


class Advice(Selection):
    """A sentence that the mail adds for the rows that are meant."""

    text: str


class Milestone(Part):
    """One mail of the routine.

    `until_reported`: not for a mark that is reported or taken as reported. `outlives_closing`: goes on when the register closes a row
    whose passed mark was never reported. `by_itself`: not one of the mails to the owner of which only the latest goes out.
    `again_months`: comes again after so many months, where the anchor is neither start nor mark, which come again by themselves.
    """

    name: Name
    template: str = ""
    day: Offset
    after: Chain | None = None
    due: Offset | None = None
    useful: Offset
    to: tuple[str, ...] = Field(min_length=1)
    cc: tuple[str, ...] = ()
    again_months: int = Field(default=0, ge=0)
    when: Condition = Condition()
    until_reported: bool = False
    outlives_closing: bool = False
    by_itself: bool = False
    advice: tuple[Advice, ...] = ()

    @property
    def recurs_with_marks(self) -> bool:
        """Whether it comes with every mark; otherwise it is counted from one day that is known or not."""
        return self.day.anchor in MARKS

    @property
    def state(self) -> str:
        """The state of a row for which it goes out."""
        return self.when.state or ("executed" if self.day.anchor == EXECUTED else "open")

    @property
    def mail(self) -> str:
        """The name of its templates."""
        return self.template or self.name

"""A municipality's routine as data: which mail on which day, to whom, and who is responsible. Checked when it is loaded."""

import tomllib
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from functools import cache
from importlib.resources import files
from typing import Annotated, Any, Literal, Self, TypeVar

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, PrivateAttr, ValidationError, model_validator

from rules.model import Entry

OWNER, OFFICER, PROVIDER, REPORTER, MANAGER = "owner", "officer", "provider", "reporter", "manager"
MARKS, EXECUTED = ("start", "mark"), "executed"
GENERAL_ROLES = frozenset({OWNER, OFFICER, PROVIDER, REPORTER, MANAGER})
COLUMNS = {"ordered": "Beställt", "confirmed": "Bekräftat", "plan_received": "Plan inkommen"}


class RoutineError(ValueError):
    """A routine file with faults: one line a fault, each with its place in the file."""


class _Part(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


Name = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]*$")]
Names = Annotated[tuple[str, ...], BeforeValidator(lambda value: (value,) if isinstance(value, str) else value)]
"""One name, or a list of them."""
_AnyPart = TypeVar("_AnyPart", bound=_Part)


class Offset(_Part):
    """A day counted from an anchor: months first, then days, then workdays; `move` says where a day off is moved.

    anchor: `start` (again with every mark), `mark`, `executed`, or one of the routine's `columns`, a date column of the register.
    """

    anchor: Name
    months: int = 0
    days: int = 0
    workdays: int = 0
    move: Literal["stay", "next", "previous"] = "stay"


class Chain(_Part):
    """So many workdays after the day on which another milestone of the same mark was sent."""

    milestone: str
    workdays: int = Field(ge=1)


class Selection(_Part):
    """Which rows are meant. Empty means: all."""

    insats: tuple[str, ...] = ()
    form: tuple[str, ...] = ()
    external: bool | None = None

    def fits(self, entry: Entry) -> bool:
        """Whether a row with this entry is meant."""
        return (
            (not self.insats or entry.insats in self.insats)
            and (not self.form or entry.form in self.form)
            and (self.external is None or self.external == entry.external)
        )

    @property
    def everything(self) -> bool:
        """Whether every row is meant."""
        return not self.insats and not self.form and self.external is None


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


class Milestone(_Part):
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


class Routine(_Part):
    """A whole routine.

    `roles` names its units: role → Swedish name. `columns` are the register's date columns that it counts from: name → header.
    """

    name: str
    since: date
    ref: str
    checked: date
    roles: dict[str, str] = {}
    columns: dict[Name, Annotated[str, Field(pattern=r"\w")]] = COLUMNS
    duty: tuple[Duty, ...]
    milestone: tuple[Milestone, ...]

    _templates: str = PrivateAttr(default="")

    @property
    def templates(self) -> str:
        """The folder with the routine's own mail templates, which go before the packaged ones; "" without one."""
        return self._templates

    @model_validator(mode="after")
    def _whole(self) -> Self:
        names = [m.name for m in self.milestone]
        if faults := list(
            _faults(self.roles, self.columns, dict(enumerate(self.duty)), len(self.duty), dict(enumerate(self.milestone)), names)
        ):
            raise ValueError("\n".join(faults))
        return self

    def owner(self, entry: Entry) -> str:
        """Who sends the report: `officer`, or the role of a unit. The first rule that fits counts."""
        return next(d.owner for d in self.duty if d.fits(entry))


def _faults(
    roles: Mapping[str, str],
    columns: Mapping[str, str],
    duty: Mapping[int, Duty],
    duties: int,
    milestones: Mapping[int, Milestone],
    names: Sequence[str],
) -> Iterable[str]:
    """What does not fit together in a file, of those of its parts (by their place) that can be read in themselves."""
    known, anchors = GENERAL_ROLES | set(roles), {*MARKS, EXECUTED, *columns}
    yield from (f"milestone {name}: stands twice" for name in sorted({n for n in names if n and names.count(n) > 1}))
    yield from (f"roles.{role}: is a role that every routine has" for role in sorted(GENERAL_ROLES & set(roles)))
    yield from (f"columns.{name}: is an anchor that every routine has" for name in columns if name in (*MARKS, EXECUTED))
    yield from (f"duty {i + 1}: unknown role {d.owner}" for i, d in duty.items() if d.owner not in {OFFICER, *roles})
    if not duties or (duties - 1 in duty and not duty[duties - 1].everything):
        yield "duty: the last rule must fit every row"
    for i, m in milestones.items():
        yield from (f"milestone {m.name}: unknown role {role}" for role in (*m.to, *m.cc) if role not in known)
        if m.after and m.after.milestone not in names[:i]:
            yield f"milestone {m.name}: after names no earlier milestone"
        parts = {"day": m.day, "useful": m.useful} | ({"due": m.due} if m.due else {})
        yield from (f"milestone.{i + 1}.{part}.anchor: unknown anchor {o.anchor}" for part, o in parts.items() if o.anchor not in anchors)
        for part, wanted in (("missing", m.when.missing), ("known", m.when.known)):
            yield from (f"milestone.{i + 1}.when.{part}: unknown column {name}" for name in wanted if name not in columns)
        if m.recurs_with_marks and {o.anchor for o in (m.useful, m.due) if o} - set(MARKS):
            yield f"milestone {m.name}: what comes with every mark is counted from start or mark throughout"
        if m.recurs_with_marks and m.again_months:
            yield f"milestone {m.name}: what comes with every mark needs no again_months"


def parse(text: str, templates: str = "") -> Routine:
    """Reads a routine file. Raises RoutineError with one line for each fault. `templates`: the folder of its own mail templates."""
    try:
        raw = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise RoutineError(str(error)) from None
    try:
        routine = Routine.model_validate(raw)
    except ValidationError as error:
        faults = [_fault(e["loc"], e["msg"]) for e in error.errors()]
        raise RoutineError("\n".join(faults + ([] if () in [e["loc"] for e in error.errors()] else _besides(raw)))) from None
    routine._templates = templates
    return routine


def _besides(raw: Mapping[str, Any]) -> list[str]:
    """What else does not fit together in a file with parts that cannot be read: every fault is told at once."""
    duty, milestones = _readable(raw.get("duty"), Duty), _readable(raw.get("milestone"), Milestone)
    listed = raw["milestone"] if isinstance(raw.get("milestone"), list) else []
    names = [str(m.get("name", "")) if isinstance(m, dict) else "" for m in listed]
    roles, columns = (found if isinstance(found, dict) else {} for found in (raw.get("roles"), raw.get("columns", COLUMNS)))
    duties = len(raw["duty"]) if isinstance(raw.get("duty"), list) else 1
    return list(_faults(roles, columns, duty, duties, milestones, names))


def _readable(parts: object, kind: type[_AnyPart]) -> dict[int, _AnyPart]:
    found: dict[int, _AnyPart] = {}
    for i, part in enumerate(parts if isinstance(parts, list) else []):
        try:
            found[i] = kind.model_validate(part)
        except ValidationError:
            continue
    return found


def _fault(place: Sequence[str | int], message: str) -> str:
    where = ".".join(str(p + 1) if isinstance(p, int) else p for p in place)
    return f"{where}: {message.removeprefix('Value error, ')}" if where else message.removeprefix("Value error, ")


@cache
def packaged(name: str) -> Routine:
    """A routine that ships with the program, by its file's name. Raises RoutineError for an unknown one."""
    folder = files("rules") / "data" / "routines"
    known = sorted(f.name.removesuffix(".toml") for f in folder.iterdir() if f.name.endswith(".toml"))
    if name not in known:
        raise RoutineError(f"there is no routine named {name}; the packaged ones are: {', '.join(known)}")
    return parse((folder / f"{name}.toml").read_text("utf-8"))

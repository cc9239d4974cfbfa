"""A municipality's routine as data: which mail on which day, to whom, and who is responsible. Checked when it is loaded."""

import tomllib
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from copy import deepcopy
from datetime import date
from functools import cache
from importlib.resources import files
from typing import Annotated, Any, Self, TypeVar

from pydantic import Field, PrivateAttr, ValidationError, model_validator

from rules.milestone import (
    EXECUTED,
    GENERAL_ROLES,
    MANAGER,
    MARKS,
    OFFICER,
    OWNER,
    PROVIDER,
    REPORTER,
    Condition,
    Duty,
    Milestone,
    Name,
    Offset,
    Part,
)
from rules.model import Entry

__all__ = [
    "COLUMNS",
    "EXECUTED",
    "MANAGER",
    "OFFICER",
    "OWNER",
    "PROVIDER",
    "REPORTER",
    "Condition",
    "Duty",
    "Milestone",
    "Offset",
    "Routine",
    "RoutineError",
    "packaged",
    "parse",
]

COLUMNS = {"ordered": "Beställt", "confirmed": "Bekräftat", "plan_received": "Plan inkommen"}
PLAIN = {"extra_forbidden": "there is no such key", "missing": "is missing"}
_AnyPart = TypeVar("_AnyPart", bound=Part)


class RoutineError(ValueError):
    """A routine file with faults: one line a fault, each with its place in the file."""


class Routine(Part):
    """A whole routine.

    `roles` names its units: role → Swedish name. `columns` are the register's date columns that it counts from: name → header.
    """

    name: str
    since: date
    ref: str
    checked: date
    roles: dict[Name, str] = Field(default={})
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
        duty, milestones = dict(enumerate(self.duty)), dict(enumerate(self.milestone))
        faults = list(_faults(self.roles, self.columns, duty, len(duty), milestones, [m.name for m in self.milestone]))
        if faults:
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
) -> Iterator[str]:
    """What does not fit together in a file, of those of its parts (by their place) that can be read in themselves."""
    known, anchors = GENERAL_ROLES | set(roles), {*MARKS, EXECUTED, *columns}
    yield from (f"milestone {name}: stands twice" for name in sorted({n for n in names if n and names.count(n) > 1}))
    yield from (f"roles.{role}: is a role that every routine has" for role in sorted(GENERAL_ROLES & set(roles)))
    yield from (f"columns.{name}: is an anchor that every routine has" for name in columns if name in (*MARKS, EXECUTED))
    headers = ["".join(str(header).casefold().split()) for header in columns.values()]
    yield from (
        f"columns.{name}: has the header of another column" for name, h in zip(columns, headers, strict=True) if headers.count(h) > 1
    )
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
        if m.recurs_with_marks and m.again_months:
            yield f"milestone {m.name}: what comes with every mark needs no again_months"
        others = {o.anchor for o in (m.useful, m.due) if o} & anchors - {*MARKS}
        if m.recurs_with_marks and others:
            yield f"milestone {m.name}: what comes with every mark is counted from start or mark throughout"
        elif m.day.anchor in anchors and others - {m.day.anchor, *m.when.known} - ({EXECUTED} if m.state == "executed" else set()):
            yield f"milestone {m.name}: due and useful are counted from its own anchor, from start or mark, or from a column in when.known"
        if m.day.anchor in m.when.missing or set(m.when.missing) & set(m.when.known):
            yield f"milestone {m.name}: never comes, for it wants a column both missing and known"


def parse(text: str, templates: str = "") -> Routine:
    """Reads a routine file. Raises RoutineError with one line for each fault. `templates`: the folder of its own mail templates."""
    try:
        raw = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise RoutineError(str(error)) from None
    try:
        routine = Routine.model_validate(raw)
    except ValidationError as error:
        faults = [_fault(e["loc"], PLAIN.get(e["type"], e["msg"])) for e in error.errors()]
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
    """The parts that can be read, by their place; of one with faults what is left without the faulty keys, if that is a part."""
    found: dict[int, _AnyPart] = {}
    for i, part in enumerate(parts if isinstance(parts, list) else []):
        try:
            found[i] = kind.model_validate(part)
        except ValidationError as error:
            with suppress(ValidationError):
                found[i] = kind.model_validate(_without(part, [e["loc"] for e in error.errors()]))
    return found


def _without(part: Any, places: Sequence[tuple[str | int, ...]]) -> Any:
    left = deepcopy(part)
    for *way, key in (place for place in places if place):
        node = left
        for step in way:
            node = node.get(step) if isinstance(node, dict) else None
        if isinstance(node, dict):
            node.pop(key, None)
    return left


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

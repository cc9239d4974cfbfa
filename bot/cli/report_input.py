"""The input file of the quarterly report (TOML): what the register does not know. The README shows one with every key."""

import tomllib
from datetime import date
from pathlib import Path
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field, StrictInt, StringConstraints, ValidationError

from bot.errors import ConfigError
from rules.options import insatser
from rules.report.given import Analysis, Given, OngoingGiven
from rules.report.lists import Request
from rules.report.values import Past, PastRow
from rules.window import Quarter

ALL = "alla"

Number = Annotated[StrictInt, Field(ge=0, le=1_000_000)]
Words = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=20_000)]


class _Part(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, hide_input_in_errors=True)


class _Ongoing(_Part):
    men: Number
    women: Number


class _Request(_Part):
    day: date
    text: Words
    answered: date | None = None


class _Quarter(_Part):
    name: Annotated[str, StringConstraints(pattern=r"^[0-9]{4}Q[1-4]$")]
    open: Number
    reported: Number | None = None
    executed: Number | None = None
    ended: Number | None = None
    interruptions_open: Number | None = None
    men: Number | None = None
    women: Number | None = None
    median: Number | None = None
    longest: Number | None = None
    insatser: dict[str, Number] = {}


class _File(_Part):
    ongoing: dict[str, _Ongoing] = {}
    analysis: dict[str, Words] = {}
    request: tuple[_Request, ...] = ()
    quarter: tuple[_Quarter, ...] = ()


def read(path: Path | None) -> Given:
    """What the file gives; nothing without one. Raises ConfigError that names the first fault's place."""
    if path is None:
        return Given()
    try:
        raw = tomllib.loads(path.read_text("utf-8-sig"))
    except OSError as error:
        raise ConfigError(f"The input file {path} cannot be read ({error.strerror}); correct the path or its rights.") from None
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise ConfigError(f"The input file {path} is not TOML: {error}.") from None
    try:
        found = _File.model_validate(raw)
    except ValidationError as error:
        raise ConfigError(f"The input file {path} needs a correction: {_told(error.errors()[0])}.") from None
    _known(path, "ongoing", found.ongoing)
    _known(path, "analysis", found.analysis.keys() - {ALL})
    for quarter in found.quarter:
        _known(path, f"quarter {quarter.name}, insatser", quarter.insatser)
    return Given(
        ongoing=tuple(OngoingGiven(insats, one.men, one.women) for insats, one in sorted(found.ongoing.items(), key=_order)),
        requests=tuple(Request(one.day, one.text, one.answered) for one in sorted(found.request, key=lambda one: one.day)),
        analysis=tuple(Analysis("" if insats == ALL else insats, text) for insats, text in found.analysis.items()),
        past=tuple(_past(quarter) for quarter in found.quarter),
    )


def _order(item: tuple[str, Any]) -> int:
    return insatser().index(item[0])


def _past(quarter: _Quarter) -> Past:
    rows = tuple(PastRow(insats, number) for insats, number in sorted(quarter.insatser.items(), key=_order))
    figures = quarter.model_dump(exclude={"name", "insatser"})
    return Past(Quarter.parse(quarter.name), "input", rows=rows, **figures)


def _known(path: Path, place: str, names: Any) -> None:
    for name in names:
        if name not in insatser():
            raise ConfigError(f'The input file {path} needs a correction: {place}: an insats is written as "9§1" to "9§10".')


def _told(fault: Any) -> str:
    place = ", ".join(str(part + 1 if isinstance(part, int) else part) for part in fault["loc"])
    if fault["type"] == "extra_forbidden":
        return f"{place}: there is no such key"
    return f"{place}: {fault['msg'][:1].lower()}{fault['msg'][1:]}"

"""Facts of law as dated data: each value with the day it began and its source. The data stand in `data/lss.toml`."""

import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from importlib.resources import files
from typing import Any


class NotInForce(ValueError):
    """No value of this fact had begun on that day."""


@dataclass(frozen=True, slots=True)
class Fact:
    """One dated value. `checked` is the day a person last compared it with its source, `ref`."""

    since: date
    ref: str
    checked: date
    values: Mapping[str, Any]


@cache
def histories() -> Mapping[str, tuple[Fact, ...]]:
    """Every fact's values, oldest first, by the fact's name."""
    raw = tomllib.loads((files("rules") / "data" / "lss.toml").read_text("utf-8"))
    return {name: tuple(_fact(entry) for entry in entries) for name, entries in raw.items()}


def _fact(entry: Mapping[str, Any]) -> Fact:
    rest = {key: value for key, value in entry.items() if key not in ("since", "ref", "checked")}
    return Fact(entry["since"], entry["ref"], entry["checked"], rest)


def newest(history: Sequence[Fact], day: date) -> Fact:
    """The last value of a history that had begun on `day`. Raises NotInForce before the first."""
    for fact in reversed(history):
        if fact.since <= day:
            return fact
    raise NotInForce(f"no value had begun on {day}")


@cache
def in_force(name: str, day: date) -> Fact:
    """The value of the named fact on `day`; which day counts (of the decision, of the act) is the caller's to know."""
    return newest(histories()[name], day)

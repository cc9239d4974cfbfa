"""Which column of a register file means what: header names are data (`headers.toml`), and a municipality may add its own."""

import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

from bot.errors import ConfigError, RegisterError
from bot.register.text import LOST, folded, lost_pattern, spellings, tidy

UNCLEAR = "decision_unclear"
DATES = "dates."  # the routine's date columns are fields of that name and this beginning
MOST_LOST = 6  # letters of a header; more of them are no header, and slow to guess
STARTS = ("decision", "interruption")


@dataclass(frozen=True, slots=True)
class Names:
    """The known header names: folded name → (field, rank); the lower rank is read where two columns mean one field."""

    known: Mapping[str, tuple[str, int]]
    labels: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Columns:
    """What a header row gives. `at` is field → place from 0, `headers` field → the header as the file has it.

    `unclear_start`: the decision date's header may also mean the day from which the decision is valid.
    """

    at: Mapping[str, int]
    headers: Mapping[str, str]
    ignored: tuple[str, ...]
    unclear_start: bool = False

    @property
    def dates(self) -> Mapping[str, int]:
        """The routine's date columns that the file has, by their names in the routine, with their places."""
        return {field.removeprefix(DATES): place for field, place in self.at.items() if field.startswith(DATES)}

    def name(self, field: str) -> str:
        """The column's name for a message: the file's own header, else the contract's."""
        return self.headers.get(field) or names().labels.get(field, field)


@cache
def _raw() -> Mapping[str, Any]:
    return tomllib.loads((files("bot.register") / "headers.toml").read_text("utf-8"))


@cache
def names() -> Names:
    """The header names of `headers.toml`. A spelling that two fields share is dropped unless it is the usual one of either."""
    raw = {field: table for field, table in _raw().items() if field != "dates"}
    usual: dict[str, tuple[str, int]] = {}
    other: dict[str, set[tuple[str, int]]] = {}
    for field, table in raw.items():
        listed = [(field, name) for name in table["names"]] + [(UNCLEAR, name) for name in table.get("unclear", ())]
        for rank, (meaning, name) in enumerate(listed):
            first, *rest = spellings(name)
            usual.setdefault(first, (meaning, rank))
            for each in rest:
                other.setdefault(each, set()).add((meaning, rank))
    for spelling, meanings in other.items():
        if spelling not in usual and len({field for field, _ in meanings}) == 1:
            usual[spelling] = min(meanings, key=lambda meaning: meaning[1])
    return Names(usual, {field: table["label"] for field, table in raw.items()})


def date_headers(dates: Mapping[str, str]) -> Mapping[str, tuple[str, int]]:
    """The known header names with those of a routine's date columns (name → header) added.

    Raises ConfigError for a header that is another column's already.
    """
    return _with_dates(tuple(sorted(dates.items())))


@cache
def _with_dates(dates: tuple[tuple[str, str], ...]) -> Mapping[str, tuple[str, int]]:
    found = dict(names().known)
    own: dict[str, str] = {}
    for name, header in dates:
        key = folded(header)
        taken = own.get(key) or (names().labels.get(names().known[key][0], "Gäller från") if key in names().known else "")
        if taken:
            raise ConfigError(f'The routine\'s column {name} has the header "{header}", which means {taken} already; give it another.')
        own[key] = header
        found |= {spelling: (DATES + name, 0) for spelling in spellings(header) if spelling not in names().known}
    for name, _ in dates:
        for rank, synonym in enumerate(_raw()["dates"].get(name, ()), 1):
            for spelling in spellings(synonym):
                found.setdefault(spelling, (DATES + name, rank))
    return found


def meaning(header: str, known: Mapping[str, tuple[str, int]] | None = None) -> tuple[str, int] | None:
    """The field that a header names and its rank; None when it is not known, or lost letters leave two fields possible."""
    known = known or names().known
    plain = header.partition("(")[0].partition("[")[0]
    for text in dict.fromkeys((header, plain)):
        key = folded(text)
        bare = key.replace("?", "").replace(LOST, "")
        if key and (found := known.get(key)):
            return found
        if bare != key and len(key) - len(bare) <= MOST_LOST:
            pattern = lost_pattern(key)
            fits = [value for name, value in known.items() if pattern.fullmatch(name)]
            if len({field for field, _ in fits}) == 1:
                return min(fits, key=lambda value: value[1])
            if not fits and bare and (found := known.get(bare)):
                return found
    return None


def _own(columns: Mapping[str, str], known: Mapping[str, tuple[str, int]]) -> dict[str, str]:
    own: dict[str, str] = {}
    for header, target in columns.items():
        if not target:
            own[folded(header)] = ""
        elif target in names().labels:
            own[folded(header)] = target
        elif found := meaning(target, known):
            own[folded(header)] = found[0]
        else:
            raise ConfigError(f'"{target}" is no column of a register; give one of {", ".join(names().labels.values())}.')
    return own


def recognise(header: Sequence[object], columns: Mapping[str, str], dates: Mapping[str, str] | None = None) -> Columns:
    """Reads a header row. `columns` maps further headers to a field or a known header name; to "" for one that is not to be read.

    `dates` holds the routine's date columns, name → header.
    """
    known = date_headers(dates or {})
    own = _own(columns, known)
    best: dict[str, tuple[int, int]] = {}  # field → (rank, place)
    texts = [tidy(str(cell)) for cell in header]
    for place, text in enumerate(texts):
        if not text:
            continue
        field = own.get(folded(text))
        found = meaning(text, known) if field is None else (field, -1)
        if found and found[0]:
            best[found[0]] = min(best.get(found[0], (found[1], place)), (found[1], place))
    unclear = best.pop(UNCLEAR, None)
    if unclear:
        best.setdefault("valid_from" if "decision" in best else "decision", unclear)
    if "insats" not in best and "law" in best:
        best["insats"] = best.pop("law")
    at = {field: place for field, (_, place) in best.items()}
    used = set(at.values())
    ignored = tuple(dict.fromkeys(text for place, text in enumerate(texts) if text and place not in used))
    return Columns(at, {field: texts[place] for field, place in at.items()}, ignored, bool(unclear) and best.get("decision") == unclear)


def demand(columns: Columns) -> None:
    """Raises RegisterError unless case, insats and a start date have their columns."""
    label = names().labels
    if not any(start in columns.at for start in STARTS):
        if "valid_from" in columns.at:
            raise RegisterError(
                f'The file has no decision date: "{columns.headers["valid_from"]}" says only from when a decision is valid; '
                f'add the column "{label["decision"]}" or "{label["interruption"]}" to the export.'
            )
        raise RegisterError(f'The file has no column for the start; add "{label["decision"]}" or "{label["interruption"]}" to the export.')
    for field in ("case", "insats"):
        if field not in columns.at:
            raise RegisterError(
                f'The file has no column "{label[field]}"; add it to the export, or say in the configuration which column holds it.'
            )

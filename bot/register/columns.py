"""Which column of a register file means what: header names are data (`headers.toml`), and a municipality may add its own."""

import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from bot.errors import ConfigError, RegisterError
from bot.register.text import LOST, folded, lost_pattern, spellings, tidy

UNCLEAR = "decision_unclear"
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

    def name(self, field: str) -> str:
        """The column's name for a message: the file's own header, else the contract's."""
        return self.headers.get(field) or names().labels.get(field, field)


@cache
def names() -> Names:
    """The header names of `headers.toml`. A spelling that two fields share is dropped unless it is the usual one of either."""
    raw = tomllib.loads((files("bot.register") / "headers.toml").read_text("utf-8"))
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


def meaning(header: str) -> tuple[str, int] | None:
    """The field that a header names and its rank; None when it is not known, or lost letters leave two fields possible."""
    known = names().known
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


def _own(columns: Mapping[str, str]) -> dict[str, str]:
    own: dict[str, str] = {}
    for header, target in columns.items():
        if not target:
            own[folded(header)] = ""
        elif target in names().labels:
            own[folded(header)] = target
        elif found := meaning(target):
            own[folded(header)] = found[0]
        else:
            raise ConfigError(f'"{target}" is no column of a register; give one of {", ".join(names().labels.values())}.')
    return own


def recognise(header: Sequence[object], columns: Mapping[str, str]) -> Columns:
    """Reads a header row. `columns` maps further headers to a field or a known header name; to "" for one that is not to be read."""
    own = _own(columns)
    best: dict[str, tuple[int, int]] = {}  # field → (rank, place)
    texts = [tidy(str(cell)) for cell in header]
    for place, text in enumerate(texts):
        if not text:
            continue
        field = own.get(folded(text))
        found = meaning(text) if field is None else (field, -1)
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

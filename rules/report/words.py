"""The report's Swedish words and the bands of waits. The data stand in `data/quarter_report.toml`."""

import tomllib
from collections.abc import Mapping, Sequence
from functools import cache
from importlib.resources import files
from typing import Any

from rules.options import options, text
from rules.report.values import Band, Waits
from rules.window import Quarter


@cache
def _data() -> Mapping[str, Any]:
    return tomllib.loads((files("rules") / "data" / "quarter_report.toml").read_text("utf-8"))


def word(part: str, key: str) -> str:
    """A Swedish word of one part of the file (causes, sexes, figures, faults); "" for the key ""."""
    return str(_data()[part][key]) if key else ""


def name_of(insats: str, form: str = "") -> str:
    """How an insats is called in the report; "Totalt" for all together."""
    return text(insats, form) if insats else "Totalt"


def plain_name(insats: str) -> str:
    """An insats without its number, in running text: "kontaktperson"."""
    return next((str(choice["names"][0]) for choice in options()["insats"] if choice["key"] == insats), insats)


def spoken(quarter: Quarter) -> str:
    """A quarter as people say it: "kvartal 4 2023"."""
    return f"kvartal {quarter.number} {quarter.year}"


def waits(days: Sequence[int]) -> Waits:
    """Waits in days, sorted, with bands, median (half days rounded up) and the longest."""
    ordered = tuple(sorted(days))
    starts = [(int(band["from_days"]), str(band["label"])) for band in _data()["band"]]
    ends = [start for start, _ in starts[1:]] + [None]
    bands = tuple(
        Band(label, sum(day >= start and (end is None or day < end) for day in ordered))
        for (start, label), end in zip(starts, ends, strict=True)
    )
    if not ordered:
        return Waits((), bands)
    low, high = ordered[(len(ordered) - 1) // 2], ordered[len(ordered) // 2]
    return Waits(ordered, bands, (low + high + 1) // 2, ordered[-1])

"""From IVO's causes to the quarterly report's four. The table stands in `data/quarter_causes.toml`."""

import tomllib
from functools import cache
from importlib.resources import files

CAUSES = ("no_housing", "no_staff", "declined", "other")


@cache
def quarterly_cause(cause: str) -> str:
    """Which of the quarterly report's causes an IVO cause counts as: exactly one."""
    said = cause.casefold()
    for name, beginnings in _table().items():
        if any(said.startswith(beginning) for beginning in beginnings):
            return name
    return "other"


@cache
def _table() -> dict[str, tuple[str, ...]]:
    raw = tomllib.loads((files("rules") / "data" / "quarter_causes.toml").read_text("utf-8"))
    return {name: tuple(text.casefold() for text in raw[name]) for name in CAUSES if name in raw}

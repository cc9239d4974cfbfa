"""Every data file of the core tells since when it holds, where it comes from, and when a person last compared it."""

import tomllib
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest

DATA = Path(__file__).parents[2] / "rules" / "data"
FILES = sorted(DATA.rglob("*.toml"))


def entries(file: Path) -> Iterator[dict[str, Any]]:
    """What must tell its source: the file as a whole, or in the law's figures each entry."""
    content = tomllib.loads(file.read_text("utf-8"))
    if file.name == "lss.toml":
        yield from (entry for history in content.values() for entry in history)
    else:
        yield content


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.name)
def test_every_fact_tells_its_source(file: Path) -> None:
    for entry in entries(file):
        assert isinstance(entry.get("since"), date), file.name
        assert isinstance(entry.get("checked"), date), file.name
        source = entry.get("ref", entry.get("source"))
        assert isinstance(source, str) and len(source) > 5, file.name
        assert entry["checked"] <= date(2026, 12, 31)


def test_the_law_stands_in_order() -> None:
    for history in tomllib.loads((DATA / "lss.toml").read_text("utf-8")).values():
        days = [entry["since"] for entry in history]
        assert days == sorted(set(days))


def test_there_are_files() -> None:
    assert {"lss.toml", "ivo_options.toml", "words.toml", "automatic.toml", "quarter_causes.toml", "ivo-lss.toml"} <= {
        f.name for f in FILES
    }

"""Some eight hundred titles with what each is, and the rule that decides it; written from the rules, not from the reader."""

import json
from datetime import date
from pathlib import Path

import pytest

from rules.title import as_json, read

TODAY = date(2026, 11, 22)
TABLE = [json.loads(line) for line in (Path(__file__).parents[1] / "data" / "titles_table.jsonl").read_text("utf-8").split("\n") if line]


@pytest.mark.parametrize("row", TABLE, ids=lambda row: row["why"][:60])
def test_title(row: dict[str, object]) -> None:
    """What the table says of a title holds; a rejected title need not tell every piece."""
    title = str(row["title"])
    found = as_json(title, read(title, TODAY))
    assert {key: found[key] for key in row if key not in ("title", "why")} == {key: row[key] for key in row if key not in ("title", "why")}

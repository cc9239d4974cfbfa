"""Properties are tried on the same examples in every run; the fuzzers in `bench/` try new ones. What tests measure is written down."""

import json
import os
from collections.abc import Callable

import pytest
from hypothesis import settings

settings.register_profile("repeatable", derandomize=True)
settings.load_profile("repeatable")


@pytest.fixture
def figure(request: pytest.FixtureRequest) -> Callable[[str, object], None]:
    """Notes a figure of this test's run in the file that IVOBOT_FIGURES names, if any; `tests/reliability.py` makes its table of them."""

    def note(name: str, value: object) -> None:
        if target := os.environ.get("IVOBOT_FIGURES"):
            line = json.dumps({"test": request.node.nodeid, "name": name, "value": value}, ensure_ascii=False)
            with open(target, "a", encoding="utf-8") as file:
                file.write(f"{line}\n")

    return note

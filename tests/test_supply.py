"""What the program is made of: bounded, locked with hashes, and told; and the table of promises names what is there."""

import json
import re
import tomllib
from pathlib import Path

from tests.reliability import KEPT, PROMISES, TABLE, table

ROOT = Path(__file__).parent.parent
LOCK = (ROOT / "requirements.lock").read_text("utf-8")
HASHES = (ROOT / "requirements-hashes.lock").read_text("utf-8")


def versions(lock: str) -> dict[str, set[str]]:
    """Name → versions; one that differs between machines stands more than once."""
    found: dict[str, set[str]] = {}
    for name, version in re.findall(r"(?m)^([A-Za-z0-9._-]+)==([^\s;\\]+)", lock):
        found.setdefault(name.lower(), set()).add(version)
    return found


def test_every_part_that_runs_is_locked_with_hashes() -> None:
    """The two lock files agree; each part has at least one SHA-256, and what the program needs is among them."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    extras = [wanted for name, part in project["optional-dependencies"].items() if name != "dev" for wanted in part]
    hashed, locked = versions(HASHES), versions(LOCK)
    for wanted in [*project["dependencies"], *extras]:
        assert re.split(r"[<>=\[ ]", wanted)[0].lower() in hashed, wanted
    assert {name: found for name, found in hashed.items() if found - locked.get(name, set())} == {}
    for entry in re.split(r"(?m)^(?=[A-Za-z0-9._-]+==)", HASHES)[1:]:
        assert re.search(r"--hash=sha256:[0-9a-f]{64}", entry), entry[:60]


def test_nothing_comes_from_elsewhere() -> None:
    """No part is fetched from an address, a folder or a repository."""
    for text in (LOCK, HASHES, (ROOT / "pyproject.toml").read_text("utf-8")):
        assert not re.search(r"(?m)(git\+|@ ?(https?|file):|^-e |--(extra-)?index-url)", text)


def test_the_readme_says_how_to_report() -> None:
    readme = (ROOT / "README.md").read_text("utf-8")
    part = readme.partition("\n## Security\n")[2].partition("\n## ")[0]
    assert "report" in part and "requirements-hashes.lock" in part and "docs/reliability.md" in part


def test_promises_name_tests_that_are_there() -> None:
    for one in PROMISES:
        assert one.tests or one.command
        for name in one.tests:
            path, _, test = name.partition("::")
            assert f"def {test}(" in (ROOT / path).read_text("utf-8") if test else (ROOT / path).is_file(), name
        if one.command:
            place = one.command[1].replace(".", "/") + ".py" if one.command[0] == "-m" else one.command[0]
            assert (ROOT / place).is_file(), place


def test_the_table_is_what_the_runs_left() -> None:
    """Nobody has typed a figure."""
    assert TABLE.read_text("utf-8") == table(json.loads(KEPT.read_text("utf-8")))

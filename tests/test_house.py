"""The house's conventions, each held by a check: floors, types, style, documents, secrecy."""

import re
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

from bot.samples import SAMPLES
from rules.identity import find
from rules.routine import packaged

ROOT = Path(__file__).parent.parent
BIN = Path(sys.executable).parent
README = (ROOT / "README.md").read_text("utf-8")
TEST_NUMBERS = ("1212121212", "191212121212")  # the Swedish Tax Agency's published test number, with and without century


@pytest.mark.parametrize(
    "command", [["ruff", "check", "."], ["ruff", "format", "--check", "."], ["mypy"], ["lint-imports"]], ids=lambda c: " ".join(c)
)
def test_tools_find_nothing(command: list[str]) -> None:
    """Style, types (strict) and floors. The tools are installed beside the interpreter that runs the tests."""
    done = subprocess.run([str(BIN / command[0]), *command[1:]], cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout[-4000:] + done.stderr[-2000:]


def tracked() -> list[Path]:
    """Every text file that belongs to the project."""
    folders = ("bot", "rules", "mail_templates", "tests", ".ci")
    files = [p for folder in folders for p in (ROOT / folder).rglob("*") if p.is_file() and "__pycache__" not in p.parts]
    return [*files, *(ROOT / name for name in ("README.md", "pyproject.toml", "config.example.toml"))]


def test_no_identity_number_but_the_test_number() -> None:
    """Identity numbers stand in the repository only as the tax agency's published test number and its spellings."""
    found = []
    for path in tracked():
        if path.suffix in (".xlsx", ".xls", ".lock"):
            continue
        text = path.read_bytes().decode("utf-8", "replace")
        for long in re.finditer(r"(?<![0-9])(?:19|20)?[0-9]{6}[-+ ]?[0-9]{4}(?![0-9])", text):
            digits = re.sub(r"[^0-9]", "", long[0])
            if digits.endswith(TEST_NUMBERS) or not _is_real(digits):
                continue
            found.append((path.relative_to(ROOT), long[0]))
    assert found == []


def _is_real(digits: str) -> bool:
    """Whether ten or twelve digits could be a person's number: a day, and the right check digit."""
    ten = digits[-10:]
    month, day = int(ten[2:4]), int(ten[4:6])
    if not (1 <= month <= 12 and (1 <= day <= 31 or 61 <= day <= 91)):
        return False
    total = sum(sum(divmod(int(d) * (2 - i % 2), 10)) for i, d in enumerate(ten[:9]))
    return (10 - total % 10) % 10 == int(ten[9])


def test_the_search_for_identity_numbers_finds_one() -> None:
    assert find("text 191212121212 text")
    assert _is_real("191212121212")


def test_readme_names_every_command() -> None:
    import typer.main

    from bot.cli import app

    group = typer.main.get_command(app)
    names = []
    for name, command in group.commands.items():  # type: ignore[attr-defined]
        names += [f"{name} {sub}" for sub in getattr(command, "commands", {})] or [name]
    missing = [name for name in names if f"ivobot {name}" not in README]
    assert missing == []


def test_readme_two_lines_are_whole() -> None:
    """The two first lines of use stand each on one line, for a machine that has git and Python only."""
    lines = [line for line in README.splitlines() if line.startswith("python3 -m venv ")]
    assert len(lines) == 2
    assert lines[0].endswith(".venv/bin/ivobot demo") and lines[1].endswith(".venv/bin/pytest")
    assert all("-c requirements.lock" in line for line in lines)


def test_a_milestone_has_its_mail_and_every_mail_its_three_files_and_a_sample() -> None:
    templates = ROOT / "mail_templates"
    names = {p.name.split(".")[0] for p in templates.glob("[a-z]*.subject.txt")}
    for name in names:
        assert all((templates / f"{name}{ending}").is_file() for ending in (".subject.txt", ".txt", ".html"))
    assert names == {sample.mail for sample in SAMPLES}
    for routine in (ROOT / "rules" / "data" / "routines").glob("*.toml"):
        assert {m.mail for m in packaged(routine.stem).milestone} <= names


def test_how_to_add_things_names_what_is_there() -> None:
    """The README's four recipes name real files, classes and functions."""
    recipes = README.split("## How the house is built")[1]
    for path in re.findall(r"`((?:bot|rules|mail_templates|tests)/[\w./-]+\.(?:py|toml))`", recipes):
        assert (ROOT / path).exists(), path
    for dotted in re.findall(r"`((?:bot|rules)(?:\.\w+)+)", recipes):
        module, _, name = dotted.rpartition(".")
        __import__(module)
        assert hasattr(sys.modules[module], name), dotted


def test_dependencies_have_bounds_and_are_locked() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    locked = {line.split("==")[0].strip().lower() for line in (ROOT / "requirements.lock").read_text("utf-8").splitlines()}
    extras = [wanted for part in project["optional-dependencies"].values() for wanted in part if not wanted.startswith("ivobot[")]
    for wanted in [*project["dependencies"], *extras]:
        name = re.split(r"[<>=\[]", wanted)[0].strip().lower()
        assert ">=" in wanted and "<" in wanted, wanted
        assert name in locked, name


LONGEST = {"segments.py": 400}  # how a body is cut into fields; it is to be split by noun


def test_no_module_is_long() -> None:
    """Modules stay small: past 250 lines split by noun."""
    long = [
        p.relative_to(ROOT)
        for f in ("bot", "rules")
        for p in (ROOT / f).rglob("*.py")
        if len(p.read_text("utf-8").splitlines()) > LONGEST.get(p.name, 250)
    ]
    assert long == []


def test_importing_has_no_effect_and_costs_little() -> None:
    """Neither the title reader nor `--help` imports what only the service needs."""
    code = "import sys, bot.cli.title, bot.cli; print([m for m in ('pydantic','sqlalchemy','jinja2','rich','alembic','holidays') if m in sys.modules])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"

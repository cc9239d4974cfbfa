"""What the documents name is there: commands, options, settings, mails, folders, files, error sentences; and the examples are true."""

import ast
import re
from collections.abc import Iterator
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

import click
import pytest
import typer.main

from bot.cli import app
from bot.cli.init_asking import OWN, OWN_KEYS
from bot.config.faults import KEYS, variable
from bot.config.sources import SECRETS
from bot.jobs.dropped import FAILED
from bot.mailbox.maildir import DELETED
from bot.samples import SAMPLES
from bot.store.commands import ANSWERED
from rules.commands import Command
from rules.commands import read as read_reply
from rules.model import Folder, Verdict
from rules.routine import packaged
from rules.title import read

ROOT = Path(__file__).parent.parent
DOCS = sorted((ROOT / "docs").glob("*.md"))
GUIDES = ("handlaggare", "ivo-rapportor", "administrator", "dataskydd", "inforande")
PAGES = [*DOCS, ROOT / "README.md"]
TODAY = date(2026, 8, 10)
FOREIGN = {"full_access_as_app", "imap_tools", "same_letter", "next_due", "misfire_grace_time"}
"""Words with an underscore that are other programs' or the code's own, looked for by name in `test_words_with_underscores`."""


def spans(page: Path) -> list[str]:
    """What stands between single backticks, outside fenced blocks, on one line each."""
    text = re.sub(r"(?ms)^ *```.*?^ *```", "", page.read_text("utf-8"))
    return [" ".join(one.split()) for one in re.findall(r"`([^`]+)`", text)]


def lines(page: Path) -> list[str]:
    """The lines of fenced shell blocks."""
    return [line.strip() for block in re.findall(r"(?ms)^ *```sh\n(.*?)^ *```", page.read_text("utf-8")) for line in block.splitlines()]


def commands(page: Path) -> Iterator[str]:
    """Every use of the program: in a span, or in a fenced line."""
    for text in [*spans(page), *lines(page)]:
        for part in re.split(r"&&|;", text):
            if found := re.match(r"(?:\.venv/bin/|/opt/ivobot/\.venv/bin/)?ivobot (?!=)(.+)", part.strip()):
                yield found[1]


@cache
def tree() -> Any:
    return typer.main.get_command(app)


def options_of(command: Any) -> set[str]:
    return {name for one in command.params for name in (*one.opts, *one.secondary_opts)} | {"--help", "-h", "--debug", "--config"}


@pytest.mark.parametrize("page", PAGES, ids=lambda p: p.stem)
def test_every_command_and_its_options_are_there(page: Path) -> None:
    wrong = []
    for text in commands(page):
        command, words = tree(), [word.strip("[]|") for word in text.split()]
        while words and isinstance(command, click.Group | typer.core.TyperGroup) and words[0] in command.commands:
            command = command.commands[words.pop(0)]
        if command is tree() and not (words and words[0].startswith("-")):
            wrong.append(text)
        wrong += [f"{text}: {word}" for word in words if word.startswith("--") and word.partition("=")[0] not in options_of(command)]
    assert wrong == []


def every_option() -> set[str]:
    found, left = set(), [tree()]
    while left:
        command = left.pop()
        found |= options_of(command)
        left += getattr(command, "commands", {}).values()
    return found


@pytest.mark.parametrize("page", PAGES, ids=lambda p: p.stem)
def test_every_option_by_itself_is_there(page: Path) -> None:
    assert [one for one in spans(page) if one.startswith("--") and one.split()[0] not in every_option()] == []


@pytest.mark.parametrize("page", PAGES, ids=lambda p: p.stem)
def test_every_setting_is_there(page: Path) -> None:
    """`[section]`, `[section] key`, `[section] key = …`, and variables."""
    wrong = []
    for one in spans(page):
        if found := re.match(r"\[([a-z_]+)(\.officers)?\](?: ([a-z_]+))?(?= |$)", one):
            section, officers, key = found.groups()
            known = OWN_KEYS if section == OWN else KEYS.get(section, ())
            if not known or (key and key not in known) or (officers and section != "people"):
                wrong.append(one)
        if found := re.match(r"IVOBOT_[A-Z]+__[A-Z_]+", one):
            names = {variable(section, key) for section, keys in KEYS.items() for key in keys}
            names |= {f"{variable(*place)}_FILE" for place in SECRETS}
            wrong += [one] if found[0] not in names and "<" not in one else []
    assert [one for one in wrong if not one.startswith(("[columns]", "[roles]", "[[", "[ongoing]", "[analysis]"))] == []


def words() -> set[str]:
    """Every word with an underscore that the program gives a meaning to."""
    mails = {sample.mail for sample in SAMPLES}
    milestones = {m.name for p in (ROOT / "rules" / "data" / "routines").glob("*.toml") for m in packaged(p.stem).milestone}
    return mails | milestones | {key for keys in KEYS.values() for key in keys} | set(OWN_KEYS)


@pytest.mark.parametrize("page", PAGES, ids=lambda p: p.stem)
def test_words_with_underscores_are_mails_milestones_or_keys(page: Path) -> None:
    """So that no mail is named that is not sent."""
    code = source()
    for one in spans(page):
        if re.fullmatch(r"[a-z]+(?:_[a-z0-9]+)+", one) and one not in words():
            assert one in FOREIGN or re.search(rf"\b{one}\b", code), one


@cache
def source() -> str:
    return "\n".join(p.read_text("utf-8") for folder in ("bot", "rules") for p in sorted((ROOT / folder).rglob("*.py")))


def test_the_mails_of_the_guides_are_sent() -> None:
    """What stands in brackets after what a mail is about is a mail's name."""
    mails = {sample.mail for sample in SAMPLES} | set(ANSWERED)
    for name in ("handlaggare", "ivo-rapportor"):
        text = (ROOT / "docs" / f"{name}.md").read_text("utf-8")
        named = [word for group in re.findall(r"\(((?:`[a-z_0-9]+`(?:, )?)+)\)", text) for word in re.findall(r"`([^`]+)`", group)]
        assert named and set(named) <= mails, set(named) - mails


@pytest.mark.parametrize("page", PAGES, ids=lambda p: p.stem)
def test_every_folder_is_there(page: Path) -> None:
    """A span that begins with a capital letter and holds only letters and spaces is a folder of the mailbox."""
    known = {*Folder, DELETED, FAILED}
    for one in spans(page):
        if re.fullmatch(r"[A-ZÅÄÖ][a-zåäö]+(?: [a-zA-Zåäö]+)*", one.lstrip(".")):
            assert one.lstrip(".") in known or re.search(rf"\b{re.escape(one)}\b", source()), one


@pytest.mark.parametrize("page", PAGES, ids=lambda p: p.stem)
def test_every_file_and_link_is_there(page: Path) -> None:
    text = page.read_text("utf-8")
    for target in re.findall(r"\]\(([^)\s]+)\)", text):
        if target.startswith(("http://", "https://", "mailto:")):
            continue
        path, _, anchor = target.partition("#")
        file = (page.parent / path) if path else page
        assert file.exists(), target
        headings = (
            [re.sub(r"[^\w -]", "", h.lower()).replace(" ", "-") for h in re.findall(r"(?m)^#+ (.+)$", file.read_text("utf-8"))]
            if anchor
            else []
        )
        assert not anchor or anchor in headings, target
    for one in spans(page):
        if re.match(r"(?:bot|rules|tests|docs|mail_templates)/", one) and not re.search(r"[A-Z*…<]", one):
            file, _, test = one.partition("::")
            assert (ROOT / file).exists() or any(ROOT.glob(f"{file}*")), one
            assert not test or f"def {test}(" in (ROOT / file).read_text("utf-8"), one


def test_the_readme_links_every_page() -> None:
    linked = set(re.findall(r"\]\((docs/[^)#]+)\)", (ROOT / "README.md").read_text("utf-8")))
    wanted = {f"docs/{name}.md" for name in (*GUIDES, "architecture", "decisions")}
    assert wanted <= linked


def test_the_administrator_finds_every_section() -> None:
    named = spans(ROOT / "docs" / "administrator.md")
    assert [section for section in KEYS if f"[{section}]" not in named] == []


@cache
def sentences() -> frozenset[str]:
    """Every text in the code, with … for what is filled in."""
    found = set()
    for folder in ("bot", "rules"):
        for path in (ROOT / folder).rglob("*.py"):
            for node in ast.walk(ast.parse(path.read_text("utf-8"))):
                if isinstance(node, ast.Constant) and isinstance(node.value, str):
                    found.add(node.value)
                elif isinstance(node, ast.JoinedStr):
                    found.add("".join(str(p.value) if isinstance(p, ast.Constant) else "…" for p in node.values))
    return frozenset(found)


def quoted() -> list[str]:
    """The error sentences that the administrator's guide quotes: spans of at least four words in the tables on what goes wrong."""
    part = (ROOT / "docs" / "administrator.md").read_text("utf-8").split("## Felsökning")[1]
    cells = [line.split("|")[1] for line in part.splitlines() if line.startswith("|")]
    return [one for cell in cells for one in re.findall(r"`([^`]+)`", cell) if len(one.split()) >= 4]


@pytest.mark.parametrize("said", quoted())
def test_every_error_that_is_quoted_is_said(said: str) -> None:
    """Piece by piece between what is filled in, in one sentence of the code."""
    pieces = [re.escape(piece.strip()) for piece in said.split("…") if piece.strip()]
    pattern = re.compile(".*".join(pieces), re.DOTALL)
    assert any(pattern.search(one) for one in sentences()), said


def test_some_errors_are_quoted() -> None:
    assert len(quoted()) >= 20


# The examples.


def tables(page: str) -> list[list[str]]:
    """The cells of every row of a guide's tables."""
    text = (ROOT / "docs" / f"{page}.md").read_text("utf-8")
    return [[cell.strip() for cell in line.strip("|").split("|")] for line in text.splitlines() if line.startswith("| ")]


def test_the_right_titles_are_right() -> None:
    """Each title in the first table is canonical; what is shown as read too is accepted."""
    right = [row[1].strip("`") for row in tables("handlaggare") if len(row) == 2 and row[1].startswith("`IVO")]
    assert len(right) == 6
    for title in right:
        assert read(title, TODAY).verdict is Verdict.OK, title
    assert read("nyrapport 15 april 2026 9 § 10", TODAY).verdict is Verdict.ACCEPTED


def test_the_wrong_titles_are_wrong_and_put_right_so() -> None:
    rows = [row for row in tables("handlaggare") if len(row) == 3 and row[0].startswith("`IVO")]
    assert len(rows) >= 6
    for wrong, _, right in rows:
        assert read(wrong.strip("`"), TODAY).verdict is Verdict.REJECTED, wrong
        if right.startswith("`"):
            assert read(right.strip("`"), TODAY).verdict is Verdict.OK, right


def test_what_can_be_answered_is_read() -> None:
    """Each example of a reply to the digest is a command, and nothing else."""
    rows = [row[0].strip("`") for row in tables("ivo-rapportor") if row[0].startswith(("`<", "`ångra"))]
    assert len(rows) >= 6
    for line in rows:
        said = read_reply(line, TODAY)
        assert said and all(isinstance(one, Command) for one in said), line


@pytest.mark.parametrize("name", GUIDES)
def test_no_guide_lets_three_months_be_a_time_to_wait(name: str) -> None:
    text = " ".join((ROOT / "docs" / f"{name}.md").read_text("utf-8").lower().split())
    for phrase in (
        "tre månader på dig",
        "inom tre månader",
        "fristen för att verkställa",
        "tre månader att verkställa",
        "senast tre månader",
    ):
        assert phrase not in text


@pytest.mark.parametrize("page", PAGES, ids=lambda p: p.stem)
def test_addresses_are_nobodys(page: Path) -> None:
    """Mail addresses lie under .example (RFC 2606)."""
    found = re.findall(r"[\w.+-]+@([\w-]+(?:\.[\w-]+)+)", page.read_text("utf-8"))
    assert [domain for domain in found if not domain.endswith(".example")] == []

"""`ivobot demo`: it shows every case of the rules, each letter ends where its data says, and nothing secret is written."""

import email
import email.policy
import io
import re
from collections import Counter
from collections.abc import Iterator
from contextlib import redirect_stdout
from importlib.resources import files
from pathlib import Path
from typing import NamedTuple

import pytest

from bot.cli import look
from bot.cli.demo import place, run, shown, story
from bot.cli.demo.letters import letters
from bot.cli.demo.story import Told
from bot.cli.letters import show as show_letters
from bot.config import load
from bot.errors import ConfigError
from rules.identity import find
from rules.model import Folder, Verdict
from rules.workday import Workdays

OUTCOMES = {"matched", "kind_differs", "date_differs", "premature", "not_reportable", "duplicate", "ambiguous", "untracked", "closed"}
MILESTONES = {"two_months", "day_before", "officer_notice", "overdue_1", "overdue_2"}
ANSWERS = {"title_rejected", "report_differs", "ask_case", "receipt", "incident", "digest"}
SECRETS = ("191212121212", "19121212-1212", "1212121212", "121212-1212", "Kan du ringa", "för Kim", "f=C3=B6r Kim", "akut!", "studiebesök")
NOW = f"{story.DAY}T08:00"


class Demo(NamedTuple):
    home: Path
    told: Told
    printed: str


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Demo]:
    """One run; the environment is that of a real service, which the demo must not touch."""
    home = tmp_path_factory.mktemp("demo") / "a folder"
    elsewhere = tmp_path_factory.mktemp("real")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("IVOBOT_MAILBOX__PATH", str(elsewhere))
        patch.setenv("IVOBOT_BOT__MODE", "dry")
        place.make(home)
        told = story.play(home)
        out = io.StringIO()
        with redirect_stdout(out):
            shown.everything(home, told)
    assert not list(elsewhere.iterdir())
    yield Demo(home, told, out.getvalue())


def test_the_story_has_workdays() -> None:
    """Reminders and the digest go out on workdays only."""
    assert story.IMPORTED in Workdays()
    assert story.DAY in Workdays()


def test_every_letter_ends_as_its_data_says(demo: Demo) -> None:
    wrong = []
    for seen in demo.told.outcome.seen:
        said, expect = seen.ledger, seen.letter.expect
        got = (said["verdict"], said["meeting"], "" if said["meeting"] else said["reason"], said["folder"], said["answer"])
        if got != (expect.verdict, expect.outcome, expect.reason, expect.folder, expect.answer):
            wrong.append((seen.letter.number, got))
    assert wrong == []
    assert len(demo.told.outcome.seen) == len(letters())


def test_letters_lie_in_their_folders(demo: Demo) -> None:
    """On the disk, not only in the ledger."""
    box = demo.home / place.BOX
    for seen in demo.told.outcome.seen:
        folder = box if seen.ledger["folder"] == Folder.INBOX else box / f".{seen.ledger['folder']}"
        assert [path for part in ("new", "cur") for path in (folder / part).glob(f"{seen.letter.file}*")], seen.letter.number


def test_every_verdict_outcome_folder_and_answer_occurs(demo: Demo) -> None:
    ledger = [seen.ledger for seen in demo.told.outcome.seen]
    assert {row["verdict"] for row in ledger} == set(Verdict)
    assert {row["meeting"] for row in ledger} - {""} == OUTCOMES
    assert {row["folder"] for row in ledger} == set(Folder) - {Folder.REPORTED, Folder.SENT}
    assert {mail.name for mail in demo.told.outcome.mails} == MILESTONES | ANSWERS


def test_reminders_shown_are_those_that_went(demo: Demo) -> None:
    went = Counter((mail.name, mail.to) for mail in demo.told.outcome.mails if mail.name in MILESTONES)
    assert went == Counter((one.name, ", ".join(one.to)) for one in demo.told.outcome.reminded)
    assert any(len(one.cases) > 1 for one in demo.told.outcome.reminded)
    assert any(one.missing for one in demo.told.outcome.reminded)


def test_balance_and_second_run(demo: Demo) -> None:
    outcome = demo.told.outcome
    assert outcome.balance.received == len(letters())
    assert outcome.balance.unexplained == 0
    assert outcome.failed == 0
    assert demo.told.again == 0


def test_register_has_warnings_and_no_errors(demo: Demo) -> None:
    assert demo.told.file.errors == ()
    assert {"executed_before_mark", "duplicate_row", "protected_without_alias"} <= {one.code for one in demo.told.file.warnings}
    assert {entry.insats for _, entry in demo.told.file.entries} == {f"9§{n}" for n in range(1, 11)}
    assert demo.told.imported.created == len(demo.told.file.entries)


def test_nothing_secret_is_written(demo: Demo) -> None:
    """What the program wrote: its folder and the sent mails, these also decoded. Received letters and the register lie beside."""
    sent = demo.home / place.BOX / f".{Folder.SENT}"
    found = []
    for path in [*(demo.home / "data").rglob("*"), *sent.rglob("*")]:
        if not path.is_file():
            continue
        raw = path.read_bytes()
        if sent in path.parents and path.name != "maildirfolder":
            mail = email.message_from_bytes(raw, policy=email.policy.default)
            texts = [part.get_content() for part in mail.walk() if part.get_content_maintype() == "text"]
            raw += "\n".join([*map(str, mail.values()), *texts]).encode()
        found += [(path.name, secret) for secret in SECRETS if secret.encode() in raw or secret.encode("utf-16-le") in raw]
    assert found == []


def test_printed(demo: Demo) -> None:
    """No control characters, narrow enough for a terminal, and every letter, reminder and folder of interest stands there."""
    lines = demo.printed.split("\n")
    tables = lines[: lines.index("Se själv")]
    assert "\x1b" not in demo.printed
    assert max(map(len, tables)) <= 100
    assert not [line for line in lines if line != line.rstrip()]
    assert f"låg {len(letters())} brev" in demo.printed
    assert "0 mejl skickade" in demo.printed
    assert f"--config '{demo.home}/config.toml'" in demo.printed
    assert "LSS-1801" not in demo.printed  # protected: only the alias is shown


def test_one_can_go_on(demo: Demo, capsys: pytest.CaptureFixture[str]) -> None:
    config = demo.home / place.CONFIG
    assert load(config, {}).findings() == ()
    look.status(config, NOW, as_json=False)
    assert "unexplained 0" in capsys.readouterr().out
    look.digest(config, NOW)
    assert str(story.DAY) in capsys.readouterr().out
    show_letters(config, "Klart", as_json=False)
    assert "ska inte rapporteras" in capsys.readouterr().out


def test_only_an_empty_folder_is_taken(tmp_path: Path) -> None:
    kept = tmp_path / "kept.txt"
    kept.write_text("mine")
    with pytest.raises(ConfigError, match="not empty; delete it, or name another with --dir"):
        run(tmp_path)
    with pytest.raises(ConfigError, match="name another with --dir"):
        run(kept)
    assert [path.name for path in tmp_path.iterdir()] == ["kept.txt"]


@pytest.mark.parametrize("name", [place.CONFIG, place.REGISTER, "letters.toml"])
def test_data_is_invented(name: str) -> None:
    """No address outside the example domains, and no identity number but the published test number."""
    text = (files("bot.cli.demo") / name).read_text("utf-8")
    assert {found.rpartition("@")[2] for found in re.findall(r"[\w.-]+@[\w.-]+", text)} <= {"kommun.example", "elsewhere.example"}
    bare = re.sub(r"19121212-?1212", "", text)
    assert not [cell for line in bare.splitlines() for cell in re.split(r"[;,\"]", line) if find(cell)]

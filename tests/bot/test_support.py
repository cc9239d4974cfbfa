"""`ivobot support-bundle`: everything that helps, and nobody's data."""

import json
import os
import zipfile
from pathlib import Path
from typing import get_args

import pytest

from bot.cli.support import configuration
from bot.config import load
from bot.config.model import SECTIONS
from bot.errors import MailRefused
from bot.logfile import both, last_lines
from tests.bot.town import EXAMPLE, MARK_DAY, RIGHT, WRONG, around, ivobot, letter, rows, run, town

SECRETS = ("kunigunda", "törnrosensten", "19121212", "1212121212", "121212-1212", "@", "e-17", "kommun.example", "hemligt-losenord")
PARTS = {"versions.json", "configuration.json", "check.txt", "status.json", "health.json", "jobs.json", "sizes.json", "log.txt"}


def test_nothing_is_personal(tmp_path: Path) -> None:
    place = town(
        tmp_path,
        rows("E-17"),
        IVOBOT_LOG__FILE=str(tmp_path / "ivobot.log"),
        IVOBOT_SECRECY__HASH_KEY="hemligt-losenord-hemligt-losenord-1",
        IVOBOT_PEOPLE__OFFICERS='{"Kunigunda Törnrosensten": {"address": "k@kommun.example", "absent": [["2026-07-01", "2026-07-31"]]}}',
        IVOBOT_BOT__TEAM='["kunigunda@kommun.example"]',
    )
    for title in (RIGHT, WRONG, "IVO – Nyrapportering 19121212-1212, 9§4", "Kunigunda Törnrosensten"):
        place.drop(letter(title, sender="kunigunda@kommun.example", body="Ärende: E-17\nTörnrosensten 1212121212"), MARK_DAY)
    with around(place, before={"send": [MailRefused("It refused kunigunda@kommun.example 19121212-1212; look.")] * 9}) as (office, _):
        run(office, MARK_DAY)
    place.drop(letter(WRONG, sender="kunigunda@kommun.example", body="Ärende: E-17"), MARK_DAY)
    assert ivobot(place, "run", "--once", "--now", "2026-04-15T09:02").code == 0
    done = ivobot(place, "support-bundle", str(tmp_path / "b.zip"), "--now", "2026-04-15T09:05")
    assert done.code == 0, done.err
    assert os.stat(tmp_path / "b.zip").st_mode & 0o077 == 0
    with zipfile.ZipFile(tmp_path / "b.zip") as made:
        found = {name: made.read(name).decode() for name in made.namelist()}
    assert found.keys() == PARTS
    for name, said in found.items():
        hidden = said.replace("Author-email", "") if name == "versions.json" else said
        assert [secret for secret in SECRETS if secret in hidden.casefold()] == [], name
        assert "not made" not in said, name
    assert json.loads(found["sizes.json"])["rows"]["register_row"] == 1
    assert json.loads(found["configuration.json"])["schedule"]["poll"] == "0:02:00"
    assert json.loads(found["health.json"]) and "event=" in found["log.txt"]
    assert "configuration: 1 findings" in found["check.txt"] and "templates: ok" in found["check.txt"]


def test_what_cannot_be_made_says_so(tmp_path: Path) -> None:
    """A damaged database is when help is asked for."""
    place = town(tmp_path)
    place.run(MARK_DAY)
    (tmp_path / "data" / "ivobot.db").write_bytes(b"no database" * 1000)
    done = ivobot(place, "support-bundle", str(tmp_path / "b.zip"))
    assert done.code == 0, done.err
    with zipfile.ZipFile(tmp_path / "b.zip") as made:
        assert {"versions.json", "configuration.json", "office.txt"} <= set(made.namelist())
        assert "damaged" in made.read("office.txt").decode()
    refused = ivobot(place, "support-bundle", str(tmp_path / "nowhere" / "b.zip"))
    assert refused.code == 1 and refused.plain


def test_no_text_of_the_configuration_is_told() -> None:
    """Numbers, times, flags and words from a fixed list only."""
    found = configuration(load(EXAMPLE, {}))
    words = {value for part in found.values() for value in part.values() if isinstance(value, str)}
    ours = {"set", "not set"} | {word for keys in SECTIONS.values() for field in keys.values() for word in get_args(field.annotation)}
    assert all(word in ours or word.endswith(" entries") or word[0].isdigit() for word in words), words


def test_the_log_is_rotated_and_read_back(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "log" / "ivobot.log"
    stream = both(file, 1, 2)
    line = "x" * 999
    for n in range(3500):
        stream.write(f"{n:05}{line}\n")
    stream.flush()
    assert sorted(path.name for path in file.parent.iterdir()) == ["ivobot.log", "ivobot.log.1", "ivobot.log.2"]
    assert all(path.stat().st_size <= 1_000_000 and path.stat().st_mode & 0o077 == 0 for path in file.parent.iterdir())
    assert [text[:5] for text in last_lines(file, 2, 1200)] == [f"{n:05}" for n in range(2300, 3500)]
    assert capsys.readouterr().err.count("\n") == 3500
    assert last_lines(tmp_path / "none", 2, 10) == []

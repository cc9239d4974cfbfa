"""`ivobot service`: the unit and the WinSW file, and that only what is ours is taken away."""

import shutil
import subprocess
import xml.etree.ElementTree as ElementTree
from pathlib import Path

import pytest

from bot.cli import service
from bot.cli.service_files import MARK, Place, unit
from bot.errors import ConfigError
from tests.bot.town import command, ivobot, town

PLACE = Place(
    Path("/opt/ivobot/bin/ivobot"), Path("/etc/ivobot/config.toml"), "ivobot", (Path("/var/lib/ivobot"), Path("/srv/ärenden i dag")), 1980
)


def written(folder: Path, **keys: str) -> Path:
    """A small configuration of its own."""
    file = folder / "config.toml"
    file.write_text(
        f'[bot]\nown_domains = ["kommun.example"]\ndata_dir = "{folder}/data"\n[mailbox]\naddress = "ivo@kommun.example"\npath = "{folder}/box"\n'
        '[people]\nreporter = "anna@kommun.example"\n[schedule]\npoll = "every 5 minutes"\nstall_minutes = 20\n',
        encoding="utf-8",
    )
    return file


@pytest.mark.skipif(not shutil.which("systemd-analyze"), reason="systemd is not here")
def test_the_unit_is_closed_and_read_without_a_word(tmp_path: Path) -> None:
    """systemd's own judgement, of ten: at most 1.5."""
    (tmp_path / "ivobot.service").write_text(unit(PLACE), encoding="utf-8")
    judged = subprocess.run(
        ["systemd-analyze", "security", "--offline=true", "--threshold=15", "--no-pager", str(tmp_path / "ivobot.service")],
        capture_output=True,
        text=True,
        check=False,
    )
    assert judged.returncode == 0, judged.stdout[-300:] + judged.stderr
    told = subprocess.run(["systemd-analyze", "verify", str(tmp_path / "ivobot.service")], capture_output=True, text=True, check=False)
    assert not [line for line in told.stderr.splitlines() if "ivobot.service" in line and "not executable" not in line]


def test_what_stands_in_the_unit() -> None:
    said = unit(PLACE)
    for line in (
        "Type=notify",
        "WatchdogSec=1980",
        "Restart=on-failure",
        "User=ivobot",
        "StateDirectory=ivobot",
        'ReadWritePaths="/srv/ärenden i dag"',
        "ExecStart=/opt/ivobot/bin/ivobot --config /etc/ivobot/config.toml run",
        "ProtectSystem=strict",
    ):
        assert line in said.splitlines(), line
    assert MARK in said and "#LoadCredential=mailbox.password:" in said


def test_a_per_cent_sign_in_a_path_stays_one() -> None:
    assert "/opt/50%%/ivobot" in unit(Place(Path("/opt/50%/ivobot"), Path("/etc/c.toml"), "ivobot", (Path("/srv/d"),), 60))


def test_show_tells_what_will_be_hidden(tmp_path: Path) -> None:
    done = command("--config", str(written(tmp_path)), "service", "show", "--systemd", "--user", "tjanst")
    assert done.code == 0 and "User=tjanst" in done.out and f"WatchdogSec={5 * 60 + 20 * 60 + 60}" in done.out
    assert f"ReadWritePaths={tmp_path}/data {tmp_path}/box" in done.out
    assert "will not see" in done.err


def test_install_and_remove(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    config, target = written(tmp_path), tmp_path / "ivobot.service"
    service.install(config, "ivobot", tmp_path, windows=False, hiding=())
    service.install(config, "ivobot", tmp_path, windows=False, hiding=())
    assert MARK in target.read_text("utf-8")
    assert "systemctl enable --now ivobot" in capsys.readouterr().out
    assert command("--config", str(config), "service", "remove", "--systemd", "--dir", str(tmp_path)).code == 0
    assert not target.exists()
    again = command("--config", str(config), "service", "remove", "--systemd", "--dir", str(tmp_path))
    assert again.code == 0 and "nothing to do" in again.out


def test_what_is_not_ours_stays(tmp_path: Path) -> None:
    config, target = written(tmp_path), tmp_path / "ivobot.service"
    target.write_text("[Service]\nExecStart=/bin/true\n")
    with pytest.raises(ConfigError, match="move it away"):
        service.install(config, "ivobot", tmp_path, windows=False, hiding=())
    refused = command("--config", str(config), "service", "remove", "--systemd", "--dir", str(tmp_path))
    assert refused.code == 2 and refused.plain and target.exists()


def test_a_place_that_the_service_cannot_see_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="cannot see"):
        service.install(written(tmp_path), "ivobot", tmp_path, windows=False, hiding=(str(tmp_path),))
    odd = command("--config", str(written(tmp_path)), "service", "show", "--systemd", "--user", "a b")
    assert odd.code == 2 and odd.plain


def test_a_folder_that_cannot_be_written(tmp_path: Path) -> None:
    done = command("--config", str(written(tmp_path)), "service", "install", "--windows", "--dir", str(tmp_path / "nowhere"))
    assert done.code == 1 and done.plain


def test_the_file_for_windows(tmp_path: Path) -> None:
    """Well-formed, with the keys that WinSW knows; `--` would end a comment."""
    config = written(tmp_path)
    assert command("--config", str(config), "service", "install", "--windows").code == 0
    tree = ElementTree.parse(tmp_path / "ivobot-service.xml").getroot()
    assert tree.findtext("arguments") == f'--config "{config}" run'
    assert {child.tag for child in tree} >= {"id", "executable", "stoptimeout", "onfailure", "log", "startmode"}
    assert command("--config", str(config), "service", "remove", "--windows").code == 0
    assert not (tmp_path / "ivobot-service.xml").exists()


def test_it_reads_the_configuration_only(tmp_path: Path) -> None:
    """Nothing is made by looking."""
    place = town(tmp_path)
    assert ivobot(place, "service", "show").code == 0
    assert not (tmp_path / "data").exists()

"""The body keys: made once, for the owner alone, newest first, and part of every backup."""

import os
import stat
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from pydantic import SecretStr

from bot.errors import ConfigError
from bot.jobs.backup import backup, restore
from bot.keys import body_keys, load_or_create, rotate
from bot.seal import SealError, seal_text, unseal_text
from bot.store import engine as db
from tests.bot.test_sheet import reported, sheet, values
from tests.bot.town import staffed
from tests.municipality import instant


def put(data_dir: Path, n: int, text: str) -> Path:
    file = data_dir / "keys" / f"body-{n}.key"
    file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    file.write_text(text)
    file.chmod(0o600)
    return file


def test_it_is_made_once_beside_the_hash_key(tmp_path: Path) -> None:
    load_or_create(tmp_path, SecretStr(""))
    (key,) = body_keys(tmp_path, make=True)
    assert len(key) == 32 and body_keys(tmp_path, make=True) == body_keys(tmp_path, make=False) == (key,)
    assert sorted(path.name for path in (tmp_path / "keys").iterdir()) == ["body-1.key", "hash-1.key"]


def test_two_processes_that_start_at_once_agree(tmp_path: Path) -> None:
    with ThreadPoolExecutor(8) as pool:
        assert len(set(pool.map(lambda _: body_keys(tmp_path, make=True), range(16)))) == 1


@pytest.mark.skipif(os.name == "nt", reason="Windows keeps rights elsewhere")
def test_rights(tmp_path: Path) -> None:
    before = os.umask(0)
    try:
        body_keys(tmp_path / "data", make=True)
    finally:
        os.umask(before)
    file = tmp_path / "data" / "keys" / "body-1.key"
    assert (stat.S_IMODE(file.stat().st_mode), stat.S_IMODE(file.parent.stat().st_mode)) == (0o600, 0o700)
    file.chmod(0o644)
    with pytest.raises(ConfigError, match="can be read by others"):
        body_keys(tmp_path / "data", make=True)


def test_a_key_that_is_lost_or_damaged_is_told_and_never_replaced(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="There is no body key"):
        body_keys(tmp_path, make=False)
    for damaged in ("", "0" * 40, "x" * 64):
        file = put(tmp_path, 1, damaged)
        with pytest.raises(ConfigError, match="damaged"):
            body_keys(tmp_path, make=True)
        assert file.read_text() == damaged


def test_a_hash_key_is_no_body_key(tmp_path: Path) -> None:
    load_or_create(tmp_path, SecretStr(""))
    (key,) = body_keys(tmp_path, make=True)
    rotate(tmp_path)
    assert body_keys(tmp_path, make=False) == (key,)
    put(tmp_path, 9, "a" * 64)
    assert body_keys(tmp_path, make=False) == (b"\xaa" * 32, key)
    with pytest.raises(SealError):
        unseal_text(seal_text("x", key), b"\xaa" * 32)


def test_an_older_key_still_opens_what_it_sealed(tmp_path: Path) -> None:
    place = reported(tmp_path)
    put(place.home / "data", 2, "b" * 64)
    assert values(sheet(place))["partly_how"] == "en timme av fyra"


def test_a_backup_brings_the_key_with_the_database(tmp_path: Path) -> None:
    place, kept = reported(tmp_path), tmp_path / "backup"
    with staffed(place) as office:
        backup(office, kept, instant("2026-04-16T10:00"))
        restore(office.config, kept, force=True)
    with staffed(place) as office, db.read(office.engine) as tx:
        assert tx.exec_driver_sql("SELECT count(*) FROM kept").scalar_one() == 1
    assert values(sheet(place))["partly_how"] == "en timme av fyra"

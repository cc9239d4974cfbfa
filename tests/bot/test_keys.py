"""The hash keys: made once, for the owner alone, and never replaced in silence."""

import hashlib
import hmac
import os
import re
import stat
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import SecretStr

from bot.errors import ConfigError
from bot.keys import Keys, load_or_create

ROOT = Path(__file__).parents[2]
NONE = SecretStr("")
PURPOSES = ("person", "title", "sender", "mail")
posix = pytest.mark.skipif(os.name == "nt", reason="Windows keeps rights elsewhere")


def put(data_dir: Path, n: int, text: str, mode: int = 0o600) -> Path:
    """A key file as an operator might put it there."""
    folder = data_dir / "keys"
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    file = folder / f"hash-{n}.key"
    file.write_text(text, "ascii")
    file.chmod(mode)
    return file


def test_first_start_makes_a_key(tmp_path):
    """One file of 256 random bits, owner-only, and the same key ever after."""
    keys = load_or_create(tmp_path / "data", NONE)
    folder = tmp_path / "data" / "keys"
    assert [f.name for f in folder.iterdir()] == ["hash-1.key"]
    assert re.fullmatch(r"[0-9a-f]{64}\n", (folder / "hash-1.key").read_text())
    assert load_or_create(tmp_path / "data", NONE).hash("person", "x") == keys.hash("person", "x")
    assert load_or_create(tmp_path / "other", NONE).hash("person", "x") != keys.hash("person", "x")


@posix
def test_rights(tmp_path):
    """Whatever the umask, nobody else reads the data folder, the key folder or the key."""
    before = os.umask(0)
    try:
        load_or_create(tmp_path / "data", NONE)
    finally:
        os.umask(before)
    for path, mode in [("data", 0o700), ("data/keys", 0o700), ("data/keys/hash-1.key", 0o600)]:
        assert stat.S_IMODE((tmp_path / path).stat().st_mode) == mode


def test_hash(tmp_path):
    """HMAC-SHA-256, hex, another for each purpose."""
    put(tmp_path, 1, "k" * 32 + "\n")
    keys = load_or_create(tmp_path, NONE)
    assert keys.hash("person", "å") == hmac.new(b"k" * 32, "person\0å".encode(), hashlib.sha256).hexdigest()
    assert len({keys.hash(p, "x") for p in PURPOSES}) == len(PURPOSES)
    assert keys.hashes("mail", "x") == (keys.hash("mail", "x"),)


@given(st.text(st.characters(codec=None)))
def test_any_text_has_a_hash(text):
    """Lone surrogates of a broken letter too."""
    assert re.fullmatch("[0-9a-f]{64}", Keys((b"k" * 32,)).hash("title", text))


def test_versions(tmp_path):
    """The highest number is current, as a number; all are tried, newest first."""
    for n in (2, 10, 1):
        put(tmp_path, n, f"{n}".rjust(32, "x"))
    (tmp_path / "keys" / "hash-11.key.bak").write_text("x")
    keys = load_or_create(tmp_path, NONE)
    alone = [Keys((f"{n}".rjust(32, "x").encode(),)).hash("person", "y") for n in (10, 2, 1)]
    assert keys.hash("person", "y") == alone[0] and keys.hashes("person", "y") == tuple(alone)


def test_configured_key_comes_first(tmp_path):
    """It makes no file; files that are there are tried after it; the same key in both places is one key."""
    configured = SecretStr("c" * 40)
    keys = load_or_create(tmp_path / "data", configured)
    assert not (tmp_path / "data").exists() and len(keys.hashes("mail", "x")) == 1
    put(tmp_path / "data", 1, "f" * 40)
    put(tmp_path / "data", 2, "c" * 40 + "\n")
    both = load_or_create(tmp_path / "data", configured)
    assert both.hash("mail", "x") == keys.hash("mail", "x") and len(both.hashes("mail", "x")) == 2


def test_never_shown(tmp_path):
    """Not in a repr, so not in a traceback's values either."""
    assert "c" * 40 not in repr(load_or_create(tmp_path, SecretStr("c" * 40)))


def refused(data_dir: Path, configured: SecretStr = NONE) -> str:
    """What is said of a key that is refused."""
    with pytest.raises(ConfigError) as caught:
        load_or_create(data_dir, configured)
    assert "hemlig" not in str(caught.value) and "\n" not in str(caught.value)
    return str(caught.value)


@pytest.mark.parametrize("text", ["", "\n", "hemlig", "hemlig" + " " * 60], ids=range(4))
def test_damaged(tmp_path, text):
    """An empty or short file is not replaced: with another key nothing stored would be found."""
    file = put(tmp_path, 1, text)
    said = f"The key file {file} is empty or damaged; put it back from a backup, for without it stored hashes match nothing."
    assert refused(tmp_path) == said and file.read_text() == text


def test_binary(tmp_path):
    """Bytes that are no text are damage too."""
    file = put(tmp_path, 1, "")
    file.write_bytes(b"\xff" * 64)
    assert "is empty or damaged" in refused(tmp_path)


def test_short_configured(tmp_path):
    """A key that a person made up is too short."""
    said = "[secrecy] hash_key is too short; give at least 32 random characters, or leave it empty."
    assert refused(tmp_path, SecretStr("hemlig")) == said


@posix
@pytest.mark.parametrize("mode", [0o640, 0o604, 0o660, 0o644])
def test_readable_by_others(tmp_path, mode):
    """A key that others may read is no key."""
    file = put(tmp_path, 1, "hemlig" * 10, mode)
    assert refused(tmp_path) == f"The key file {file} can be read by others; run: chmod 600 {file}"


@posix
def test_open_folder(tmp_path):
    """Nor one in a folder that others may enter."""
    folder = put(tmp_path, 1, "hemlig" * 10).parent
    folder.chmod(0o755)
    assert refused(tmp_path) == f"The key folder {folder} is open to others; run: chmod 700 {folder}"


@posix
def test_no_folder_can_be_made(tmp_path):
    """The reason, and what to do."""
    (tmp_path / "data").write_text("a file where the folder should be")
    folder = tmp_path / "data" / "keys"
    said = f"The key folder {folder} cannot be used (Not a directory); let the account that runs ivobot read and write it."
    assert refused(tmp_path / "data") == said


def test_many_first_starts_at_once(tmp_path):
    """Processes that start together agree on one key, and leave nothing else behind."""
    code = (
        "import sys; from pathlib import Path; from pydantic import SecretStr; from bot.keys import load_or_create; sys.stdin.readline();"
        "print(load_or_create(Path(sys.argv[1]), SecretStr('')).hash('mail', 'x'))"
    )
    call = [sys.executable, "-c", code, str(tmp_path / "data")]
    running = [subprocess.Popen(call, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) for _ in range(6)]
    hashes = {p.communicate("\n")[0] for p in running}
    assert len(hashes) == 1 and hashes != {""}
    assert [f.name for f in (tmp_path / "data" / "keys").iterdir()] == ["hash-1.key"]


def test_without_hard_links(tmp_path, monkeypatch):
    """A file system that has none works as well."""

    def no_link(*_args: object) -> None:
        raise PermissionError(1, "Operation not permitted")

    monkeypatch.setattr(os, "link", no_link)
    first = load_or_create(tmp_path / "data", NONE)
    assert load_or_create(tmp_path / "data", NONE).hash("mail", "x") == first.hash("mail", "x")

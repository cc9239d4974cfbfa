"""Backups: sealed, whole, and after a restore on an empty machine nothing is sent twice and no report is forgotten."""

import io
import os
import shutil
import stat
from pathlib import Path

import pytest

from bot.seal import PIECE, SealError, seal, seal_text, unseal, unseal_text
from tests.bot.town import ANNA, MARK_DAY, RIGHT, WRONG, ask, ivobot, letter, names, rows, town
from tests.municipality import Municipality

LATER = "2026-04-16T09:00"
LAST = "2026-05-04T09:00"


@pytest.mark.parametrize("size", [0, 1, PIECE - 1, PIECE, PIECE + 1, 3 * PIECE, 3 * PIECE + 7])
def test_a_seal_opens_to_what_was_sealed(size: int) -> None:
    content = os.urandom(size)
    made = io.BytesIO()
    seal([content[:10], content[10:]], made, "lösenfras")
    assert content[:64] not in made.getvalue() or size < 8
    assert b"".join(unseal(io.BytesIO(made.getvalue()), "lösenfras")) == content


@pytest.mark.parametrize("change", ["flip", "cut", "cut at a piece", "swap", "other key", "head", "more"])
def test_a_changed_seal_does_not_open(change: str) -> None:
    made = io.BytesIO()
    seal([os.urandom(3 * PIECE)], made, "rätt")
    raw, head, piece = bytearray(made.getvalue()), 39, PIECE + 16
    match change:
        case "flip":
            raw[-30] ^= 1
        case "cut":
            del raw[-100:]
        case "cut at a piece":
            del raw[head + 2 * piece :]
        case "swap":
            first, second = raw[head : head + piece], raw[head + piece : head + 2 * piece]
            raw[head : head + 2 * piece] = second + first
        case "head":
            raw[20] ^= 1
        case "more":
            raw += b"x"
    with pytest.raises(SealError):
        list(unseal(io.BytesIO(bytes(raw)), "fel" if change == "other key" else "rätt"))


def test_a_short_text() -> None:
    key = os.urandom(32)
    sealed = seal_text("Kontakt med å\ud800", key)
    assert unseal_text(sealed, key) == "Kontakt med å\ud800" and b"Kontakt" not in sealed
    for wrong in (sealed[:-1], b"", sealed[:12]):
        with pytest.raises(SealError):
            unseal_text(wrong, key)


def busy(home: Path, **environ: str) -> Municipality:
    """A municipality with a matched report, an answered letter and reminders sent."""
    place = town(home, rows("E-1", "E-2"), **environ)
    place.run("2026-03-16T09:00")
    place.drop(letter(RIGHT), MARK_DAY)
    place.drop(letter(WRONG, sender="bo@kommun.example"), MARK_DAY)
    place.run(MARK_DAY)
    return place


def test_the_file_is_sealed_and_the_owners_alone(tmp_path: Path) -> None:
    place = busy(tmp_path)
    file = tmp_path / "b.backup"
    said = ivobot(place, "backup", str(file), "--now", "2026-04-15T10:00")
    assert said.code == 0 and "b.backup.key" in said.out
    raw = file.read_bytes()
    assert b"SQLite" not in raw and b"E-1" not in raw and ANNA.encode() not in raw
    assert {stat.S_IMODE(each.stat().st_mode) for each in (file, tmp_path / "b.backup.key")} == {0o600}
    assert not list((place.home / "data").glob(".backup-*"))


def everything(place: Municipality) -> dict[str, object]:
    """What must be the same whether there was a restore or not: letters, reports, rows, and mails by key."""
    return {
        "letters": sorted(tuple(r) for r in ask(place, "SELECT fingerprint, verdict, meeting, folder, found_in, answer FROM letter")),
        "reports": sorted(tuple(r) for r in ask(place, "SELECT row_id, k, kind, mark FROM report")),
        "rows": sorted(tuple(r) for r in ask(place, 'SELECT "case", closed_on, closed_outcome, next_due FROM register_row')),
        "mails": sorted(tuple(r) for r in ask(place, "SELECT key, name, state FROM mail WHERE name <> 'digest'")),
    }


def goes_on(place: Municipality, now: str) -> None:
    """What happens after the backup: another report, one sent back, one closing, one ticked off by the reporter."""
    place.drop(letter("IVO – Nyrapportering 2026-04-15, 9§4", body="Ärende: E-2\n", sender="cecilia@kommun.example"), now)
    place.drop(letter("IVO – Nyrapportering, 9§10", sender="dan@kommun.example"), now)
    place.drop(letter("IVO – Slutrapportering, verkställt 2026-04-16, 9§4", body="Ärende: E-1\n"), now)
    place.drop(letter("Fråga om semester", sender="eva@kommun.example"), now)
    place.run(now)
    for path in place.folder("Att rapportera")[:1]:
        path.rename(place.box / ".Rapporterat till IVO" / "cur" / path.name)
    place.run("2026-04-16T11:00")


def test_restore_onto_an_empty_machine(tmp_path: Path) -> None:
    """The machine is lost a day after the backup: nothing is sent twice, nothing is missing, every state is as if nothing had happened."""
    place, file = busy(tmp_path / "a"), tmp_path / "b.backup"
    assert ivobot(place, "backup", str(file), "--now", "2026-04-15T10:00").code == 0
    goes_on(place, LATER)
    sent = names(place, "Skickat")
    shutil.copytree(place.home, tmp_path / "undisturbed", symlinks=True)
    shutil.rmtree(place.home / "data")
    assert ivobot(place, "restore", str(file)).code == 0
    place.run("2026-04-16T12:00")
    assert names(place, "Skickat") == sent
    place.run(LAST)
    other = Municipality.__new__(Municipality)
    other.__dict__.update(place.__dict__ | {"home": tmp_path / "undisturbed", "box": tmp_path / "undisturbed" / "mailbox"})
    other.environ = place.environ | {"IVOBOT_BOT__DATA_DIR": str(other.home / "data"), "IVOBOT_MAILBOX__PATH": str(other.box)}
    other.run("2026-04-16T12:00")
    other.run(LAST)
    mine, theirs = everything(place), everything(other)
    for part, found in mine.items():
        assert found == theirs[part], part
    mails = [str(m["X-Ivobot"]) for m in place.sent()]
    assert len(mails) == len(set(mails)) and [n for n in names(place, "Skickat")] == names(other, "Skickat")


def test_a_restore_overwrites_nothing(tmp_path: Path) -> None:
    place, file = busy(tmp_path), tmp_path / "b.backup"
    ivobot(place, "backup", str(file), "--now", "2026-04-15T10:00")
    refused = ivobot(place, "restore", str(file))
    assert refused.code == 2 and refused.plain
    assert ivobot(place, "restore", str(file), "--force").code == 0
    kept = place.home / "data" / "before-restore-1"
    assert (kept / "ivobot.db").is_file() and (kept / "keys" / "hash-1.key").is_file()
    place.run("2026-04-15T10:00")


@pytest.mark.parametrize("fault", ["no key", "wrong key", "cut", "no backup", "not there"])
def test_a_backup_that_cannot_be_used_changes_nothing(tmp_path: Path, fault: str) -> None:
    place, file = busy(tmp_path), tmp_path / "b.backup"
    ivobot(place, "backup", str(file), "--now", "2026-04-15T10:00")
    key = file.with_name("b.backup.key")
    match fault:
        case "no key":
            key.unlink()
        case "wrong key":
            key.write_text("något annat\n")
        case "cut":
            file.write_bytes(file.read_bytes()[:-50])
        case "no backup":
            file.write_text("hej")
        case "not there":
            file.unlink()
    before = {path: path.read_bytes() for path in (place.home / "data").rglob("*.key")} | {0: everything(place)}
    refused = ivobot(place, "restore", str(file), "--force")
    assert refused.code in (1, 2, 3) and refused.plain
    assert {path: path.read_bytes() for path in (place.home / "data").rglob("*.key")} | {0: everything(place)} == before


def test_a_backup_each_night(tmp_path: Path) -> None:
    """Once a day from its hour, sealed with the passphrase, the oldest taken away."""
    folder = tmp_path / "backups"
    folder.mkdir()
    set_up = {"IVOBOT_BACKUP__FOLDER": str(folder), "IVOBOT_BACKUP__KEEP": "2", "IVOBOT_BACKUP__PASSPHRASE": "en lång lösenfras"}
    place = town(tmp_path / "a", rows("E-1"), **set_up)
    for now in ("2026-03-02T02:00", "2026-03-02T03:00", "2026-03-02T09:00", "2026-03-03T09:00", "2026-03-04T02:31"):
        place.run(now)
    assert sorted(path.name for path in folder.iterdir()) == ["ivobot-2026-03-03.backup", "ivobot-2026-03-04.backup"]
    shutil.rmtree(place.home / "data")
    assert ivobot(place, "restore", str(folder / "ivobot-2026-03-04.backup")).code == 0


def test_db_commands(tmp_path: Path) -> None:
    place = town(tmp_path)
    assert "none" in ivobot(place, "db", "current").out and not (place.home / "data").exists()
    assert ivobot(place, "db", "upgrade").code == 0
    assert "none" not in ivobot(place, "db", "current").out

"""The same file once more is known at once, and says just what reading it again would have said."""

from pathlib import Path

import pytest

from bot.jobs.importing import Imported, import_file, read_file, take
from bot.register.reader import RegisterFile
from tests.bot.town import ANNA, HEAD, MARK_DAY, ask, ivobot, letter, staffed, town
from tests.municipality import Municipality, instant

NOW = "2026-01-20T08:00"
LINES = [f"{HEAD};Egen;Verkställt", f"E-1;9§4;2026-01-15;{ANNA};x;", f"E-2;9§4;;{ANNA};x;", f"E-3;9§4;2027-01-01;{ANNA};;", f"E-4;9§3;2026-01-02;{ANNA};;2026-01-10"]  # fmt: skip


def told(file: RegisterFile, done: Imported) -> tuple[object, ...]:
    return (file.errors, file.warnings, file.ignored, done.created, done.changed, done.unchanged, tuple(r.id for r in done.vanished))


def again(place: Municipality, file: Path, now: str = NOW) -> tuple[object, ...]:
    with staffed(place) as office:
        return told(*import_file(office, file, instant(now)))


def in_full(place: Municipality, file: Path, now: str = NOW) -> tuple[object, ...]:
    with staffed(place) as office:
        content = read_file(office, file, instant(now))
        return told(content, take(office, content, instant(now)))


@pytest.fixture
def place(tmp_path: Path) -> Municipality:
    return town(tmp_path / "a", [HEAD, f"E-9;9§4;2026-01-12;{ANNA}"])


def file_of(place: Municipality, lines: list[str] = LINES) -> Path:
    path = place.home / "uttag.csv"
    path.write_text("\n".join(lines) + "\n", "utf-8")
    return path


def test_it_says_the_same(place: Municipality, monkeypatch: pytest.MonkeyPatch) -> None:
    """Faults, warnings, columns that are not read, rows that the file lacks: as a second full reading says."""
    file = file_of(place)
    first = again(place, file)
    with monkeypatch.context() as patch:
        patch.setattr("bot.jobs.importing.read_file", lambda *_, **__: pytest.fail("the file was read again"))
        second = again(place, file)
    assert second == in_full(place, file) and second != first
    assert second[3:6] == (0, 0, 3) and second[6] and second[0] and second[1] and second[2] == ("Egen",)


@pytest.mark.parametrize("change", ["file", "day", "letter", "hand", "settings", "key", "undo"])
def test_it_is_read_again_when_anything_has_changed(place: Municipality, change: str) -> None:
    file, now = file_of(place), NOW
    again(place, file)
    match change:
        case "file":
            file_of(place, [*LINES, f"E-5;9§4;2026-01-15;{ANNA};;"])
        case "day":
            now = "2026-01-21T08:00"
        case "letter":
            place.drop(letter("IVO – Slutrapportering, verkställt 2026-04-15, 9§4"), MARK_DAY)
            place.run(MARK_DAY)
        case "hand":
            assert ivobot(place, "register", "close", "E-1", "executed", "2026-01-19", "--why", "fel", "--now", NOW).code == 0
        case "settings":
            place.environ["IVOBOT_REGISTER__COLUMNS"] = '{"Egen": "Kön"}'
        case "key":
            assert ivobot(place, "keys", "rotate").code == 0
        case "undo":
            assert ivobot(place, "register", "undo-import").code == 0
    read = []
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("bot.jobs.importing.read_file", lambda *a, **k: (read.append(1), read_file(*a, **k))[1])
        again(place, file, now)
    assert read == [1]


def test_nothing_of_the_file_stands_in_the_database(place: Municipality) -> None:
    """A header that is not read may hold a name."""
    again(place, file_of(place, [line.replace("Egen", "Testsson") for line in LINES]))
    assert again(place, place.home / "uttag.csv")[2] == ("Testsson",)
    assert all("Testsson" not in str(tuple(row)) for row in ask(place, "SELECT * FROM setting"))
    assert b"Testsson" not in b"".join(path.read_bytes() for path in (place.home / "data").glob("ivobot.db*"))

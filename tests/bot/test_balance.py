"""The mail balance of every day: from the ledger and from what lies in the mailbox. What nothing explains is told."""

import json
from pathlib import Path
from typing import Any

import pytest

from rules.balance import Expected, Stranger, weigh
from rules.model import Folder
from tests.bot.town import BO, RIGHT, WRONG, around, ivobot, letter, move, names, rows, run, town
from tests.municipality import Municipality, mail_name, text

EVENING, MORNING = "2026-04-15T16:00", "2026-04-16T08:00"  # a Wednesday, and the day after


def filed(home: Path) -> Municipality:
    """A morning with its digest, and in the afternoon three letters: right, wrong, and no report."""
    place = town(home, rows("E-1"))
    place.run("2026-04-15T08:00")
    for each in (letter(RIGHT), letter(WRONG, sender=BO), letter("Fråga om fika", sender="eva@kommun.example")):
        place.drop(each, "2026-04-15T15:50")
    place.run(EVENING)
    place.sent()
    return place


def status(place: Municipality, now: str) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(ivobot(place, "status", "--json", "--now", now).out)
    return found


def told(place: Municipality) -> str:
    """The text of the digest that went since the last look."""
    return " ".join(" ".join(text(m) for m in place.sent() if mail_name(m) == "digest").split())


def test_a_day_without_surprise(tmp_path: Path) -> None:
    place = filed(tmp_path)
    place.run(MORNING)
    assert "Alla är förklarade" in told(place)
    found = status(place, "2026-04-16T08:05")
    assert found["balance"] == {"in": 3, "filed": 1, "answered": 1, "quarantined": 0, "left": 1, "unexplained": 0}


def test_a_letter_that_lies_nowhere_is_an_incident_told_once(tmp_path: Path) -> None:
    place = filed(tmp_path)
    (lost,) = place.folder("Att rapportera")
    lost.unlink()
    place.run(MORNING)
    said = told(place)
    assert (
        "1 brev som ska ligga i en mapp finns inte i brevlådan (nr 1 i ivobot letters)" in said
        and "1 meddelande går inte att förklara" in said
    )
    found = status(place, "2026-04-16T08:05")
    assert found["balance"] == {"in": 3, "filed": 0, "answered": 1, "quarantined": 0, "left": 1, "unexplained": 1}
    assert any("lie nowhere: 1;" in problem for problem in found["problems"])
    place.run("2026-04-17T08:00")
    assert "finns inte i brevlådan" not in told(place)


def test_one_that_turns_up_again_is_explained(tmp_path: Path) -> None:
    place = filed(tmp_path)
    (lost,) = place.folder("Att rapportera")
    aside = tmp_path / "aside"
    lost.rename(aside)
    place.run(MORNING)
    aside.rename(lost)
    place.run("2026-04-17T08:00")
    assert "finns inte i brevlådan" in told(place)
    assert status(place, "2026-04-17T08:05")["balance"]["unexplained"] == 0


def test_an_old_letter_that_someone_waits_for_is_missed_but_not_one_that_is_done_with(tmp_path: Path) -> None:
    place = filed(tmp_path)
    place.run(MORNING)
    move(place, "Att rapportera", "Rapporterat till IVO")
    place.run("2026-04-16T09:00")
    place.run("2026-04-17T08:00")
    place.sent()
    for folder in ("Rapporterat till IVO", "Åtgärda titel", "INBOX"):  # done with; waited for; people's own
        for path in place.folder(folder):
            path.unlink()
    place.run("2026-04-20T08:00")
    assert "1 brev som ska ligga i en mapp finns inte i brevlådan (nr 2" in told(place)


def test_a_letter_that_a_person_moves_is_explained(tmp_path: Path) -> None:
    """Also under another id, as most servers give."""
    place = filed(tmp_path)
    (path,) = place.folder("Att rapportera")
    path.rename(place.box / ".Oklara" / "cur" / "1800000000.other.test:2,S")
    place.run(MORNING)
    assert "Alla är förklarade" in told(place)


def test_a_letter_that_moves_while_the_folders_are_looked_at(tmp_path: Path) -> None:
    place = filed(tmp_path)
    with around(place) as (office, box):
        listing, moved = box.inner.listing, []

        def slow(folder: Folder) -> Any:
            found = list(listing(folder))
            if folder is Folder.TO_REPORT and not moved and box.weighing:  # type: ignore[attr-defined]
                moved.append(1)
            elif folder is Folder.INBOX and box.weighing and not moved:  # type: ignore[attr-defined]
                move(place, "Att rapportera", "INBOX")  # into a folder that was listed already
            return iter(found)

        box.weighing = True  # type: ignore[attr-defined]
        box.inner.listing = slow  # type: ignore[method-assign]
        run(office, MORNING)
    assert "Alla är förklarade" in told(place)


def test_a_letter_put_into_a_folder_by_hand_unread_is_told(tmp_path: Path) -> None:
    """A person who files a letter before the program has read it: the report would count nowhere."""
    place = filed(tmp_path)
    place.run(MORNING)
    place.sent()
    path = place.drop(letter(RIGHT, sender=BO), "2026-04-16T10:00")
    path.rename(place.box / ".Att rapportera" / "cur" / path.name)
    place.run("2026-04-17T08:00")
    said = told(place)
    assert (
        "1 brev är inte läst: i Att rapportera, utan att ha kommit genom inkorgen." in said and "1 meddelande går inte att förklara" in said
    )
    assert status(place, "2026-04-17T08:05")["balance"] == {
        "in": 1,
        "filed": 0,
        "answered": 0,
        "quarantined": 0,
        "left": 0,
        "unexplained": 1,
    }
    for path in place.folder("Att rapportera"):
        if path.name.startswith("1700000003"):
            path.rename(place.box / ".Klart" / "cur" / f"18{path.name}")
    place.run("2026-04-20T08:00")
    assert "Alla är förklarade" in told(place), "told once, wherever it is moved"


def test_what_lay_there_before_the_program_came_is_no_surprise(tmp_path: Path) -> None:
    place = town(tmp_path, rows("E-1"))
    place.run("2026-04-14T06:00")  # makes the folders
    for n in range(3):
        path = place.drop(letter(f"Gammalt {n}"), "2020-04-14T08:00")
        path.rename(place.box / ".Klart" / "cur" / path.name)
    for now in ("2026-04-14T08:00", "2026-04-15T08:00"):
        place.run(now)
        assert "Alla är förklarade" in told(place)
    copy = place.folder("Klart")[0]
    (copy.parent / "1900000000.copy.test:2,S").write_bytes(copy.read_bytes())  # a copy of a stranger is a stranger
    place.run("2026-04-16T08:00")
    assert "1 brev är inte läst: i Klart" in told(place)


def test_a_dropped_letter_is_explained(tmp_path: Path) -> None:
    place = town(tmp_path, rows("E-1"))
    place.run("2026-04-15T08:00")
    place.drop({"raw": "inga huvuden alls"}, "2026-04-15T15:00")
    place.run(EVENING)
    place.sent()
    assert names(place, "Karantän") and ivobot(place, "quarantine", "drop", "1", "--yes", "--now", EVENING).code == 0
    place.run(MORNING)
    assert "Alla är förklarade" in told(place)


SOMEWHERE = {"a": "Klart", "b": "Oklara"}


@pytest.mark.parametrize(
    "expected, lying, prints, read, first, missed, found, told",
    [
        ([Expected(1, "a", "f", False)], SOMEWHERE, {}, (), False, (), (), []),
        ([Expected(1, "x", "f", False)], SOMEWHERE, {}, (), False, (1,), (), []),
        ([Expected(1, "x", "f", False)], SOMEWHERE, {"b": "f"}, ("f",), False, (), (), [False]),
        ([Expected(1, "x", "f", True)], SOMEWHERE, {}, (), False, (), (), []),
        ([Expected(1, "a", "f", True)], SOMEWHERE, {}, (), False, (), (1,), []),
        ([], SOMEWHERE, {"b": "new"}, (), False, (), (), [True]),
        ([], SOMEWHERE, {"b": "new"}, (), True, (), (), [False]),
        ([], {"b": "INBOX"}, {"b": "new"}, (), False, (), (), []),
    ],
    ids=["there", "nowhere", "moved", "still_nowhere", "again", "strange", "at_first", "not_read_yet"],
)
def test_weighing(expected: Any, lying: Any, prints: Any, read: Any, first: bool, missed: Any, found: Any, told: Any) -> None:
    done = weigh(expected, lying, [], prints, read, first=first)
    assert (done.missed, done.found, [each.told for each in done.new]) == (missed, found, told)


def test_a_stranger_keeps_its_name_when_it_is_moved_and_is_forgotten_when_it_is_gone() -> None:
    known = [Stranger("old", "f", "Klart", True), Stranger("gone", "g", "Klart", True)]
    done = weigh([], {"b": "Oklara"}, known, {"b": "f"}, (), first=False)
    assert done.new == () and done.moved == {"old": Stranger("b", "f", "Oklara", True)} and done.gone == ("gone",)

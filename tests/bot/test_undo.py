"""Undoing an import: the register is as it was before it, and what people did since stays."""

from datetime import date
from pathlib import Path

import pytest

from bot.store import engine as db
from bot.store import rows as store
from rules.model import ClosedBy, Row
from tests.bot.town import ANNA, BO, HEAD, IMPORTED, MARK_DAY, RIGHT, Ran, ask, ivobot, letter, rows, staffed, town
from tests.municipality import Municipality, mail_name, text

CLOSING = f"{HEAD};Verkställt;Avslutat"
WHY = ("--why", "fel i registret")
LATER = "2026-02-10T08:00"


def tracked(place: Municipality) -> dict[str, Row]:
    with staffed(place) as office, db.read(office.engine) as tx:
        return {f"{row.entry.case} {row.entry.start}": row for row in store.everything(tx)}


def dump(place: Municipality) -> list[tuple[object, ...]]:
    return [tuple(r) for table in ("register_row", "report", "claim", "mail", "listing") for r in ask(place, f"SELECT * FROM {table}")]


def undo(place: Municipality, *arguments: str, now: str = "2026-02-10T09:00") -> Ran:
    done = ivobot(place, "register", "undo-import", *arguments, "--now", now)
    assert ivobot(place, "audit", "verify").code == 0
    return done


def hand(place: Municipality, *arguments: str, now: str = LATER) -> None:
    done = ivobot(place, "register", *arguments, *WHY, "--now", now)
    assert done.code == 0, done.err


FIRST = [
    f"{CLOSING};Föregående ärende;Personnummer",
    f"E-1;9§4;2026-01-15;{ANNA};;;;",
    f"E-2;9§4;2026-01-15;{ANNA};2026-01-18;;;",
    f"E-3;9§8;2026-01-10;{ANNA};;;;19121212-1212",
    f"E-4;9§7;2026-01-11;{ANNA};;;;",
]
SECOND = [
    f"{CLOSING};Föregående ärende;Personnummer",
    f"E-1;9§4;2026-01-14;{BO};;;;",  # another start and officer
    f"E-2;9§4;2026-01-15;{ANNA};;;;",  # open again
    f"E-4;9§7;2026-01-11;{ANNA};2026-02-01;;;",  # closed; E-3 is gone
    f"E-5;9§8;2026-02-05;{BO};;;E-3;",  # new, and follows E-3
    f"E-6;9§4;2026-02-06;{BO};2026-03-01;;;",  # with a closing to come
]


def test_everything_is_as_it_was(tmp_path: Path) -> None:
    place = town(tmp_path, FIRST)
    place.run("2026-02-09T08:00")
    before = dump(place)
    place.import_register(SECOND, LATER)
    assert dump(place) != before
    done = undo(place)
    assert done.code == 0 and "2 rows removed, 4 as they were before" in done.out and "--number 1" in done.out
    assert dump(place) == before
    again = undo(place)
    assert again.code == 0 and "nothing was changed" in again.out and dump(place) == before


def test_the_same_file_can_be_taken_in_anew_and_undone_anew(tmp_path: Path) -> None:
    place = town(tmp_path, FIRST)
    before = dump(place)
    for number in (2, 3, 4, 5):
        place.import_register(SECOND, LATER)
        assert f"Import {number} " in undo(place).out and dump(place) == before


def test_the_first_import_can_be_undone(tmp_path: Path) -> None:
    place = town(tmp_path, FIRST)
    undo(place, now=IMPORTED)
    assert tracked(place) == {}
    place.import_register(FIRST, "2026-01-21T08:00")
    assert {row.silent_before for row in tracked(place).values()} == {date(2026, 1, 21)}, "it is the first import once more"


def test_the_last_three_are_kept_and_undone_from_the_newest_on(tmp_path: Path) -> None:
    place = town(tmp_path, rows("E-1"))
    states = []
    for day, officer in enumerate((BO, ANNA, BO, ANNA), 21):
        states.append(dump(place))
        place.import_register(rows("E-1", officer=officer), f"2026-01-{day}T08:00")
    assert [r["number"] for r in ask(place, "SELECT number FROM import_run")] == [3, 4, 5]
    early = undo(place, "--number", "4")
    assert early.code == 1 and early.plain and "--number 5" in early.err
    for number in (5, 4, 3):
        assert undo(place, "--number", str(number)).code == 0
        assert dump(place) == states[number - 2]
    gone = undo(place, "--number", "2")
    assert gone.code == 1 and gone.plain


def test_there_is_nothing_to_undo(tmp_path: Path) -> None:
    done = undo(town(tmp_path))
    assert done.code == 1 and done.plain


def test_an_import_that_changed_nothing_is_none_to_undo(tmp_path: Path) -> None:
    place = town(tmp_path, rows("E-1"))
    place.import_register(rows("E-1", "E-2"), "2026-01-21T08:00")
    place.import_register(rows("E-1", "E-2"), "2026-01-22T08:00")
    undo(place)
    assert list(tracked(place)) == ["E-1 2026-01-15"]


def test_missing_rows_are_missing_as_before(tmp_path: Path) -> None:
    place = town(tmp_path, rows("E-1", "E-2", "E-3"))
    place.import_register(rows("E-1", "E-2"), "2026-01-21T08:00")
    place.import_register(rows("E-1", "E-3"), "2026-01-22T08:00")
    undo(place)
    assert [r["case"] for r in ask(place, 'SELECT "case" FROM register_row WHERE missing')] == ["E-3"]


def test_the_list_of_a_quarter_is_the_former_one(tmp_path: Path) -> None:
    place = town(tmp_path)
    for cases in (("E-1",), ("E-1", "E-2")):
        (tmp_path / "list.csv").write_text("\n".join(rows(*cases)) + "\n", "utf-8")
        ivobot(place, "register", "import", str(tmp_path / "list.csv"), "--quarter", "2025Q4", "--now", IMPORTED)
    undo(place)
    assert [tuple(r) for r in ask(place, "SELECT quarter, row_id FROM listing")] == [("2025Q4", 1)]


# What people did since.


def test_a_created_row_that_a_letter_is_about_stays_and_is_told(tmp_path: Path) -> None:
    place = town(tmp_path, rows("E-1"))
    place.import_register(rows("E-1", "E-2", "E-3"), "2026-01-21T08:00")
    place.drop(letter(RIGHT, body="Ärende: E-2\n"), MARK_DAY)
    place.run(MARK_DAY)
    place.sent()
    hand(place, "correct", "E-3", "officer", BO, now=MARK_DAY)
    place.import_register(rows("E-1", "E-2", "E-3", "E-4"), "2026-04-15T10:00")
    undo(place, now="2026-04-15T11:00")
    done = undo(place, "--number", "2", now="2026-04-15T11:00")
    assert "0 rows removed" in done.out and "stays, since something refers to it: E-2" in done.out
    assert all(row.open for row in tracked(place).values()) and len(tracked(place)) == 3
    place.run("2026-04-16T08:00")
    (digest,) = [m for m in place.sent() if mail_name(m) == "digest"]
    assert "E-2" in text(digest) and "E-3" in text(digest), "the reporter reads of rows that no register vouches for"


def test_a_created_row_that_was_reminded_of_stays_and_is_not_reminded_of_twice(tmp_path: Path) -> None:
    place = town(tmp_path, rows("E-1"))
    place.import_register(rows("E-1", "E-2"), "2026-01-21T08:00")
    place.run("2026-03-16T08:00")
    assert len([m for m in place.sent() if mail_name(m) == "two_months"]) == 2
    undo(place, now="2026-03-16T09:00")
    assert "E-2 2026-01-15" in tracked(place)
    place.import_register(rows("E-1", "E-2"), "2026-03-16T10:00")
    place.run("2026-03-16T11:00")
    assert [m for m in place.sent() if mail_name(m) == "two_months"] == []


def test_a_removed_rows_id_has_another_history(tmp_path: Path) -> None:
    place = town(tmp_path, rows("E-1"))
    place.import_register(rows("E-1", "E-2"), "2026-01-21T08:00")
    undo(place)
    assert ivobot(place, "register", "add", "E-9", "9§4", "--decision", "2026-01-19", "--now", LATER).code == 0
    said = ivobot(place, "register", "show", "E-9", "--now", LATER).out
    assert "added" in said and "created" not in said and "removed" not in said


@pytest.mark.parametrize("who", [ClosedBy.LETTER, ClosedBy.HAND])
def test_closings_made_since_stay(tmp_path: Path, who: ClosedBy) -> None:
    place = town(tmp_path, rows("E-1"))
    place.import_register(rows("E-1", officer=BO), "2026-01-21T08:00")
    if who is ClosedBy.LETTER:
        place.drop(letter("IVO – Slutrapportering, avslutat 2026-02-09, 9§4", sender=BO), LATER)
        place.run(LATER)
    else:
        hand(place, "close", "E-1", "ended", "2026-02-09")
    done = undo(place)
    row = tracked(place)["E-1 2026-01-15"]
    assert row.closing and row.closing.by is who and row.entry.officer == ANNA and done.code == 0


def test_a_value_corrected_since_stays(tmp_path: Path) -> None:
    place = town(tmp_path, rows("E-1"))
    place.import_register([f"{HEAD};Enhet", f"E-1;9§4;2026-01-15;{BO};Norr"], "2026-01-21T08:00")
    hand(place, "correct", "E-1", "unit", "Syd")
    done = undo(place)
    entry = tracked(place)["E-1 2026-01-15"].entry
    assert (entry.officer, entry.unit) == (ANNA, "Syd") and "keeps what was changed since: E-1" in done.out


def test_what_was_opened_since_stays_open(tmp_path: Path) -> None:
    place = town(tmp_path, [CLOSING, f"E-1;9§4;2026-01-15;{ANNA};;"])
    place.import_register([CLOSING, f"E-1;9§4;2026-01-15;{ANNA};2026-02-01;"], LATER)
    hand(place, "reopen", "E-1")
    undo(place)
    assert tracked(place)["E-1 2026-01-15"].open


def test_a_closing_that_the_import_planned_is_undone_when_it_has_come(tmp_path: Path) -> None:
    place = town(tmp_path, [CLOSING, f"E-1;9§4;2026-01-15;{ANNA};;"])
    place.import_register([CLOSING, f"E-1;9§4;2026-01-15;{ANNA};2026-03-01;"], LATER)
    place.run("2026-03-02T08:00")
    assert not tracked(place)["E-1 2026-01-15"].open
    undo(place, now="2026-03-03T08:00")
    place.run("2026-03-03T08:10")
    assert tracked(place)["E-1 2026-01-15"].open


def test_reports_follow_a_start_that_goes_back(tmp_path: Path) -> None:
    """One report came before the import that moved the start, one after it."""
    place = town(tmp_path, rows("E-1"))
    place.drop(letter(RIGHT), MARK_DAY)
    place.run(MARK_DAY)
    place.import_register(rows("E-1", start="2026-01-13"), "2026-04-16T08:00")
    place.drop(letter("IVO – Återrapportering 2026-07-13, 9§4"), "2026-07-13T09:00")
    place.run("2026-07-13T09:00")
    undo(place, now="2026-07-14T08:00")
    row = tracked(place)["E-1 2026-01-15"]
    assert [report.k for report in row.reports] == [1, 2]


def test_a_provisional_row_is_provisional_again(tmp_path: Path) -> None:
    place = town(tmp_path, rows("E-1"))
    place.drop(letter(RIGHT, sender=BO, body="Ärende: N-1\n"), MARK_DAY)
    place.run(MARK_DAY)
    before = dump(place)
    place.import_register([*rows("E-1"), f"N-1;9§4;2026-01-14;{BO}"], "2026-04-16T08:00")
    assert not tracked(place)["N-1 2026-01-14"].provisional
    undo(place, now="2026-04-16T09:00")
    assert dump(place) == before and tracked(place)["N-1 2026-01-15"].provisional


def test_a_start_that_was_taken_meanwhile_is_not_taken_back(tmp_path: Path) -> None:
    place = town(tmp_path, rows("E-1"))
    place.import_register(rows("E-1", start="2026-01-13"), "2026-01-21T08:00")
    assert ivobot(place, "register", "add", "E-1", "9§4", "--decision", "2026-01-15", "--now", LATER).code == 0
    done = undo(place)
    assert done.code == 0 and "keeps what was changed since: E-1 9§4 2026-01-13" in done.out
    assert sorted(tracked(place)) == ["E-1 2026-01-13", "E-1 2026-01-15"]

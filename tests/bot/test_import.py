"""Taking a register file in: the same file changes nothing, much at once is braked, a letter's word goes before the file's."""

import json
import re
from datetime import date, timedelta
from pathlib import Path

import pytest

from bot.errors import RegisterError
from bot.jobs.importing import Imported
from bot.store import engine as db
from bot.store import rows as store
from rules.model import ClosedBy, Outcome, Row
from tests.bot.town import ANNA, BO, HEAD, IMPORTED, MARK_DAY, RIGHT, ask, ivobot, letter, rows, staffed, town
from tests.municipality import Municipality, mail_name, text

CLOSING = f"{HEAD};Verkställt;Avslutat"


def numbers(done: Imported) -> tuple[int, int, int, int]:
    """Created, changed, unchanged, vanished."""
    return done.created, done.changed, done.unchanged, len(done.vanished)


def tracked(place: Municipality) -> dict[str, Row]:
    with staffed(place) as office, db.read(office.engine) as tx:
        return {f"{row.entry.case} {row.entry.start}": row for row in store.everything(tx)}


def dump(place: Municipality) -> list[tuple[object, ...]]:
    return [tuple(r) for table in ("register_row", "report", "claim", "mail") for r in ask(place, f"SELECT * FROM {table}")]


def many(count: int, first: int = 0, start: str = "2026-01-15") -> list[str]:
    return rows(*(f"E-{n:03}" for n in range(first, first + count)), start=start)


def test_a_second_run_changes_nothing(tmp_path: Path) -> None:
    place = town(tmp_path)
    lines = [
        "Ärende;Insats;Form;Beslutsdatum;Datum för avbrott;Handläggare;Utförare;Externt;Förhandsbesked;Kön;"
        "Verkställt;Avslutat;Personnummer",
        f"E-1;9§4;;2026-01-15;;{ANNA};;;ja;Kvinna;;;19121212-1212",
        f"E-2;9§6;;2026-01-15;;{ANNA};Utföraren AB;ja;;Man;;;",
        f"E-3;9§10;;2025-01-15;2026-01-10;{BO};;;;Pojke;;;",
        f"E-4;9§8;;2025-06-01;;{BO};;;;Flicka;2026-01-05;;",
        f"E-5;9§8;;2025-06-01;;{BO};;;;;;2026-01-05;",
    ]
    assert numbers(place.import_register(lines, IMPORTED)) == (5, 0, 0, 0)
    before = dump(place)
    for now in (IMPORTED, "2026-02-20T08:00", "2026-06-20T08:00"):
        assert numbers(place.import_register(lines, now)) == (0, 0, 5, 0)
        assert dump(place) == before
    assert numbers(place.import_register([lines[0], *reversed(lines[1:])], IMPORTED)) == (0, 0, 5, 0)


PUBLISHED = Path(__file__).parents[3] / "shared" / "data" / "vasteras_2023q4.csv"


@pytest.mark.skipif(not PUBLISHED.exists(), reason="the published list is about real people and stays outside the repository")
def test_the_published_list_imports_as_it_is(tmp_path: Path) -> None:
    place = town(tmp_path)
    first = ivobot(place, "register", "import", str(PUBLISHED), "--json", "--now", "2024-01-15T08:00")
    found = json.loads(first.out)
    assert (first.code, found["created"], found["errors"]) == (0, 88, [])
    again = json.loads(ivobot(place, "register", "import", str(PUBLISHED), "--json", "--now", "2024-01-15T08:00").out)
    assert (again["created"], again["changed"], again["unchanged"], again["vanished"]) == (0, 0, 88, 0)


def test_a_dry_run_shows_and_changes_nothing(tmp_path: Path) -> None:
    place = town(tmp_path, rows("E-1", "E-2"))
    before = dump(place)
    lines = [*rows("E-1", officer=BO), f"E-9;9§4;2026-01-15;{ANNA}"]
    assert numbers(place.import_register(lines, "2026-01-21T08:00", dry_run=True)) == (1, 1, 0, 1)
    assert dump(place) == before
    assert numbers(place.import_register(lines, "2026-01-21T08:00")) == (1, 1, 0, 1)


# The brake.


@pytest.mark.parametrize(
    "register, gone, braked",
    [(100, 10, False), (100, 11, True), (20, 5, False), (20, 6, True), (6, 6, True), (5, 5, False)],
)
def test_the_brake(tmp_path: Path, register: int, gone: int, braked: bool) -> None:
    """More than 10 % of the register and more than five rows."""
    place = town(tmp_path, many(register))
    left = [*many(register - gone), f"N-1;9§4;2026-01-15;{ANNA}"]
    before = dump(place)
    if braked:
        with pytest.raises(RegisterError) as error:
            place.import_register(left, "2026-01-21T08:00")
        assert error.value.code == 1 and "--force" in str(error.value) and str(gone) in str(error.value)
        assert dump(place) == before
        assert numbers(place.import_register(left, "2026-01-21T08:00", force=True))[0] == 1
    else:
        assert numbers(place.import_register(left, "2026-01-21T08:00")) == (1, 0, register - gone, gone)
    assert all(row.open for row in tracked(place).values()) and len(tracked(place)) == register + 1


def test_the_brake_holds_for_changed_dates(tmp_path: Path) -> None:
    place = town(tmp_path, many(30))
    with pytest.raises(RegisterError):
        place.import_register(many(30, start="2026-01-16"), "2026-01-21T08:00")
    assert numbers(place.import_register(many(30, start="2026-01-16"), "2026-01-21T08:00", force=True)) == (0, 30, 0, 0)


def test_a_forced_import_need_not_be_forced_again(tmp_path: Path) -> None:
    """A second run of the same file changes nothing; it is not refused either."""
    place = town(tmp_path, many(40))
    place.import_register(many(20), "2026-01-21T08:00", force=True)
    assert numbers(place.import_register(many(20), "2026-01-22T08:00")) == (0, 0, 20, 20)


def test_the_command_tells_the_brake_in_one_sentence(tmp_path: Path) -> None:
    place = town(tmp_path, many(40))
    (tmp_path / "new.csv").write_text("\n".join(many(10)) + "\n", "utf-8")
    done = ivobot(place, "register", "import", str(tmp_path / "new.csv"), "--now", "2026-01-21T08:00")
    assert done.code == 1 and done.plain and "--force" in done.err and done.out == ""
    assert ivobot(place, "register", "import", str(tmp_path / "new.csv"), "--force", "--now", "2026-01-21T08:00").code == 0


def test_a_vanished_row_is_listed_to_the_reporter(tmp_path: Path) -> None:
    """It stays open, and the reporter reads of it; the import is run by someone else, or by a timer."""
    place = town(tmp_path, rows("E-1", "E-2"))
    place.run("2026-01-20T08:30")
    place.sent()
    place.import_register(rows("E-1"), "2026-01-20T16:00")
    assert tracked(place)["E-2 2026-01-15"].open
    place.run("2026-01-21T08:00")
    (digest,) = [m for m in place.sent() if mail_name(m) == "digest"]
    assert "E-2" in text(digest)


# The first import and later ones.


def test_the_first_import_takes_passed_marks_as_reported(tmp_path: Path) -> None:
    place = town(tmp_path, rows("E-1", start="2024-05-10"), imported="2026-05-20T08:00")
    assert tracked(place)["E-1 2024-05-10"].silent_before == date(2026, 5, 20)
    for day in ("2026-05-20", "2026-05-28", "2026-06-04"):
        place.run(f"{day}T08:10")
    assert not [m for m in place.sent() if mail_name(m) != "digest"]
    assert ivobot(place, "digest", "--print", "--now", "2026-06-04T09:00").out.count("E-1") == 0


def test_a_later_row_is_silent_before_the_quarter_only(tmp_path: Path) -> None:
    """E-2's marks: 2026-02-10 lies before the quarter, 2026-05-10 in it: the second is overdue, the first is taken as reported."""
    place = town(tmp_path, rows("E-1"))
    place.import_register([*rows("E-1"), f"E-2;9§4;2025-11-10;{ANNA}"], "2026-05-20T08:00")
    assert tracked(place)["E-2 2025-11-10"].silent_before == date(2026, 4, 1)
    place.run("2026-05-20T08:10")
    found = [(mail_name(m), text(m)) for m in place.sent() if mail_name(m) != "digest" and "E-2" in text(m)]
    assert [name for name, _ in found] == ["overdue_1"] and "2026-05-10" in found[0][1]


def test_a_report_before_the_register_does_not_make_the_import_a_later_one(tmp_path: Path) -> None:
    place = town(tmp_path)
    place.drop(letter(RIGHT, body="Ärende: F-1\n"), MARK_DAY)
    place.run(MARK_DAY)
    place.import_register([HEAD, f"F-1;9§4;2026-01-15;{ANNA}", f"E-1;9§4;2026-01-10;{ANNA}"], "2026-04-20T08:00")
    assert tracked(place)["E-1 2026-01-10"].silent_before == date(2026, 4, 20)


# Closing.


def test_the_register_closes_and_reopens_what_it_closed_itself(tmp_path: Path) -> None:
    place = town(tmp_path, [CLOSING, f"E-1;9§4;2026-01-15;{ANNA};;"])
    place.import_register([CLOSING, f"E-1;9§4;2026-01-15;{ANNA};2026-02-10;"], "2026-02-11T08:00")
    closing = tracked(place)["E-1 2026-01-15"].closing
    assert closing and (closing.outcome, closing.on, closing.by) == (Outcome.EXECUTED, date(2026, 2, 10), ClosedBy.REGISTER)
    place.run("2026-03-16T08:00")
    place.run("2026-04-14T08:00")
    assert not [m for m in place.sent() if mail_name(m) != "digest"]
    place.import_register([CLOSING, f"E-1;9§4;2026-01-15;{ANNA};;"], "2026-04-14T09:00")
    assert tracked(place)["E-1 2026-01-15"].open


def test_an_import_never_reopens_what_a_letter_closed(tmp_path: Path) -> None:
    place = town(tmp_path, [CLOSING, f"E-1;9§4;2026-01-15;{ANNA};;"])
    place.drop(letter(RIGHT), MARK_DAY)
    place.drop(letter("IVO – Slutrapportering, verkställt 2026-04-14, 9§4"), "2026-04-16T09:00")
    place.run("2026-04-16T09:00")
    closing = tracked(place)["E-1 2026-01-15"].closing
    assert closing and closing.by is ClosedBy.LETTER
    for line in (f"E-1;9§4;2026-01-15;{ANNA};;", f"E-1;9§4;2026-01-15;{BO};;", f"E-1;9§4;2026-01-15;{BO};2026-03-01;"):
        place.import_register([CLOSING, line], "2026-04-17T08:00")
        assert tracked(place)["E-1 2026-01-15"].closing == closing
    place.import_register([CLOSING, f"E-9;9§4;2026-01-15;{BO};;"], "2026-04-17T08:00")
    assert tracked(place)["E-1 2026-01-15"].closing == closing


def test_a_passed_mark_stays_asked_for_when_only_the_register_closed(tmp_path: Path) -> None:
    place = town(tmp_path, [CLOSING, f"E-1;9§4;2026-01-15;{ANNA};;"])
    place.import_register([CLOSING, f"E-1;9§4;2026-01-15;{ANNA};2026-04-17;"], "2026-04-20T08:00")
    place.run("2026-04-21T08:00")
    assert [mail_name(m) for m in place.sent() if mail_name(m) != "digest"] == ["overdue_1"]
    place.drop(letter("IVO – Slutrapportering, verkställt 2026-04-17, 9§4"), "2026-04-22T08:00")
    for day in range(22, 30):
        place.run(f"2026-04-{day}T08:00")
    assert not [m for m in place.sent() if mail_name(m) == "overdue_2"]


def test_a_closing_to_come_is_taken_when_its_day_has_come(tmp_path: Path) -> None:
    place = town(tmp_path, [CLOSING, f"E-1;9§4;2026-01-15;{ANNA};2026-03-01;"])
    assert tracked(place)["E-1 2026-01-15"].open
    place.import_register([CLOSING, f"E-1;9§4;2026-01-15;{ANNA};2026-03-01;"], "2026-03-02T08:00")
    assert not tracked(place)["E-1 2026-01-15"].open


# Links.


@pytest.mark.parametrize("column, value", [("Gäller från", "2026-03-01"), ("Föregående ärende", "E-1")])
def test_a_new_decision_is_linked_to_the_one_that_ran_out(tmp_path: Path, column: str, value: str) -> None:
    head = f"Ärende;Insats;Beslutsdatum;Handläggare;Avslutat;Personnummer;{column}"
    old = f"E-1;9§4;2025-09-01;{ANNA};2026-02-28;19121212-1212;"
    new = f"E-2;9§4;2026-02-20;{ANNA};;19121212-1212;{value}"
    place = town(tmp_path, [head, old, new], imported="2026-03-01T08:00")
    for _ in range(2):
        found = ask(place, 'SELECT a."case" AS newer, b."case" AS former FROM register_row a JOIN register_row b ON b.id = a.former_id')
        assert [tuple(r) for r in found] == [("E-2", "E-1")]
        place.import_register([head, new, old], "2026-03-02T08:00")
    place.run("2026-04-20T08:00")
    (mail,) = [m for m in place.sent() if mail_name(m) == "two_months"]
    waited = (date(2026, 4, 20) - date(2025, 9, 1)).days
    assert "E-1" in text(mail) and re.search(rf"\b{waited}\b", text(mail)), "the total wait is shown"


# Starts that are corrected.


def test_reports_follow_a_corrected_start(tmp_path: Path) -> None:
    place = town(tmp_path, rows("E-1"))
    place.drop(letter(RIGHT), MARK_DAY)
    place.run(MARK_DAY)
    place.import_register(rows("E-1", start="2026-01-13"), "2026-04-16T08:00")
    assert [(r.k, r.kind.value) for r in tracked(place)["E-1 2026-01-13"].reports] == [(1, "new")]
    place.sent()
    for n in range(12):
        place.run(f"{date(2026, 4, 20) + timedelta(days=n)}T08:00")
    assert not [m for m in place.sent() if mail_name(m).startswith("overdue")]


def test_two_interruptions_of_a_case_are_told_apart(tmp_path: Path) -> None:
    head = "Ärende;Insats;Beslutsdatum;Datum för avbrott;Handläggare"
    lines = [head, f"E-1;9§4;2025-01-15;;{ANNA}", f"E-1;9§4;2025-01-15;2025-10-01;{ANNA}", f"E-1;9§4;2025-01-15;2026-02-01;{ANNA}"]
    place = town(tmp_path, lines, imported="2026-02-05T08:00")
    assert sorted(tracked(place)) == ["E-1 2025-01-15", "E-1 2025-10-01", "E-1 2026-02-01"]
    assert numbers(place.import_register(lines, "2026-02-06T08:00")) == (0, 0, 3, 0)


def test_officers_may_stand_by_name(tmp_path: Path) -> None:
    place = town(tmp_path, rows("E-1", officer="Åsa Öberg"), IVOBOT_PEOPLE__OFFICERS='{"Åsa Öberg": "asa.oberg@kommun.example"}')
    place.run("2026-03-16T08:00")
    assert [str(m["To"]) for m in place.sent() if mail_name(m) == "two_months"] == ["asa.oberg@kommun.example"]

"""Changing the register by hand: add, close, reopen, correct; and looking at it: list, show."""

import json
from datetime import date
from pathlib import Path

import pytest

from bot.store import engine as db
from bot.store import rows as store
from rules.model import ClosedBy, Row
from tests.bot.town import ANNA, BO, HEAD, IMPORTED, MARK_DAY, RIGHT, Ran, ask, ivobot, letter, names, rows, staffed, town
from tests.municipality import Municipality, mail_name

WHY = ("--why", "fel i registret")
NOW = ("--now", "2026-02-10T08:00")
EXECUTED = "IVO – Slutrapportering, verkställt 2026-04-16, 9§4"


def tracked(place: Municipality) -> dict[str, Row]:
    with staffed(place) as office, db.read(office.engine) as tx:
        return {f"{row.entry.case} {row.entry.start}": row for row in store.everything(tx)}


def hand(place: Municipality, *arguments: str, now: str = "2026-02-10T08:00") -> Ran:
    return ivobot(place, "register", *arguments, "--now", now)


def shown(place: Municipality, case: str = "E-1") -> list[dict[str, object]]:
    return [json.loads(line) for line in hand(place, "show", case, "--json").out.splitlines()]


def words(place: Municipality) -> list[tuple[str, str]]:
    return [(r["what"], r["who"]) for r in ask(place, "SELECT what, who FROM audit ORDER BY number")]


def milestones(place: Municipality) -> list[str]:
    return sorted(mail_name(m) for m in place.sent() if mail_name(m) != "digest")


# Adding.


def test_a_row_is_added_and_its_clock_runs(tmp_path: Path) -> None:
    place = town(tmp_path, rows("E-1"))
    done = hand(place, "add", "E-2", "9 § 10", "--decision", "15 januari 2026", "--officer", BO, "--external", "--why", "glömd i exporten")
    assert (done.code, done.err) == (0, "") and done.out.startswith("E-2 9§10 2026-01-15 is tracked now")
    row = tracked(place)["E-2 2026-01-15"]
    assert (row.entry.officer, row.entry.external, row.silent_before) == (BO, True, date(2026, 1, 1))
    assert words(place)[-1][0] == "added" and shown(place, "E-2")[0]["history"][0]["why"] == "glömd i exporten"  # type: ignore[index]
    place.run("2026-03-16T08:00")
    assert milestones(place) == ["two_months", "two_months"]


def test_an_interruption_beside_its_decision(tmp_path: Path) -> None:
    place = town(tmp_path, rows("E-1"))
    assert hand(place, "add", "E-1", "9§4", "--decision", "2026-01-15", "--interruption", "2026-02-01").code == 0
    assert tracked(place)["E-1 2026-02-01"].entry.sort == "interruption"


def test_a_row_is_added_once(tmp_path: Path) -> None:
    place = town(tmp_path, rows("E-1"))
    done = hand(place, "add", "E-1", "9§4", "--decision", "2026-01-15")
    assert done.code == 1 and done.plain and "tracked already" in done.err and len(tracked(place)) == 1


def test_a_provisional_row_is_taken_over(tmp_path: Path) -> None:
    place = town(tmp_path, rows("E-1"))
    place.drop(letter(RIGHT, sender=BO, body="Ärende: N-1\n"), MARK_DAY)
    place.run(MARK_DAY)
    assert hand(place, "add", "N-1", "9§4", "--decision", "2026-01-14", now="2026-04-16T08:00").code == 0
    row = tracked(place)["N-1 2026-01-14"]
    assert not row.provisional and [report.k for report in row.reports] == [1] and len(tracked(place)) == 2


@pytest.mark.parametrize(
    "arguments",
    [
        ("19121212-1212", "9§4", "--decision", "2026-01-15"),
        ("E-2", "9§11", "--decision", "2026-01-15"),
        ("E-2", "9§4"),
        ("E-2", "9§4", "--decision", "1993-12-31"),
        ("E-2", "9§4", "--decision", "igår"),
        ("E-2", "9§4", "--interruption", "2026-02-30"),
        ("E-2", "9§4", "--decision", "2026-01-15", "--form", "slott"),
        ("E-2", "9§4", "--decision", "2026-01-15", "--officer", "Anna 19121212-1212"),
        ("E-2", "9§4", "--decision", "2026-01-15", "--why", "gäller 191212121212"),
        ("E-2", "9§4", "--decision", "2026-01-15", "--why", " "),
    ],
)
def test_what_an_import_refuses_or_drops_is_an_error(tmp_path: Path, arguments: tuple[str, ...]) -> None:
    place = town(tmp_path, rows("E-1"))
    done = hand(place, "add", *arguments)
    assert done.code == 2 and done.plain and "1212" not in done.err
    assert len(tracked(place)) == 1


def test_a_new_decision_follows_the_former(tmp_path: Path) -> None:
    place = town(tmp_path, rows("E-1"))
    hand(place, "close", "E-1", "ended", "2026-02-01", *WHY)
    assert hand(place, "add", "E-2", "9§4", "--decision", "2026-02-05", "--previous", "E-1").code == 0
    assert shown(place, "E-2")[0]["former"] == "E-1"


# Closing and opening again.


def test_a_row_is_closed_by_hand_and_no_import_opens_it(tmp_path: Path) -> None:
    place = town(tmp_path, rows("E-1"))
    done = hand(place, "close", "E-1", "executed", "2026-02-09", *WHY)
    assert done.code == 0 and "verkställt 2026-02-09" in done.out
    again = hand(place, "close", "E-1", "executed", "2026-02-09", *WHY)
    assert again.code == 0 and "nothing was changed" in again.out and words(place).count(("closed", words(place)[-1][1])) == 1
    place.import_register(rows("E-1", officer=BO), "2026-02-11T08:00")
    closing = tracked(place)["E-1 2026-01-15"].closing
    assert closing and closing.by is ClosedBy.HAND
    for day in ("2026-03-16", "2026-04-14", "2026-04-21"):
        place.run(f"{day}T08:00")
    assert milestones(place) == []


@pytest.mark.parametrize(
    "arguments, code",
    [
        (("E-1", "executed", "2026-02-11"), 2),  # to come
        (("E-1", "executed", "2026-01-14"), 2),  # before the start
        (("E-1", "paused", "2026-02-01"), 2),
        (("E-1", "ended", "någon gång"), 2),
        (("E-9", "ended", "2026-02-01"), 1),
        (("E-1", "ended", "2026-02-01", "--start", "2026-01-01"), 1),
        (("E-1", "ended", "2026-02-01", "--start", "x"), 2),
    ],
)
def test_what_cannot_be_closed(tmp_path: Path, arguments: tuple[str, ...], code: int) -> None:
    place = town(tmp_path, rows("E-1"))
    done = hand(place, "close", *arguments, *WHY)
    assert done.code == code and done.plain and tracked(place)["E-1 2026-01-15"].open


def test_the_row_is_named_where_a_case_has_several(tmp_path: Path) -> None:
    place = town(tmp_path, rows("E-1"))
    hand(place, "add", "E-1", "9§4", "--decision", "2026-01-15", "--interruption", "2026-02-01")
    done = hand(place, "close", "E-1", "ended", "2026-02-05", *WHY)
    assert done.code == 1 and done.plain and "2026-01-15" in done.err and "--start" in done.err
    assert hand(place, "close", "E-1", "ended", "2026-02-05", "--start", "2026-02-01", *WHY).code == 0
    assert hand(place, "close", "E-1", "ended", "2026-02-06", *WHY).code == 0, "only one is open now"
    assert hand(place, "reopen", "E-1", *WHY).code == 1


def test_an_unreported_mark_is_told_when_closing(tmp_path: Path) -> None:
    place = town(tmp_path, rows("E-1"))
    assert "2026-04-15" in hand(place, "close", "E-1", "executed", "2026-04-20", *WHY, now="2026-04-20T08:00").out
    assert "2026-04-15" not in shown(place, "E-1")[0]["reports"]


def test_the_clock_goes_on_as_if_the_row_had_never_been_closed(tmp_path: Path) -> None:
    """two_months went out before; it does not again, and what comes after does, on its own day."""
    place, other = town(tmp_path / "a", rows("E-1")), town(tmp_path / "b", rows("E-1"))
    for each in (place, other):
        each.run("2026-03-16T08:00")
        assert milestones(each) == ["two_months"]
    hand(place, "close", "E-1", "ended", "2026-03-17", *WHY, now="2026-03-17T08:00")
    place.run("2026-03-18T08:00")
    assert hand(place, "reopen", "E-1", *WHY, now="2026-03-19T08:00").code == 0
    for day in ("2026-03-20", "2026-04-14", "2026-04-16", "2026-04-21", "2026-04-28"):
        for each in (place, other):
            each.run(f"{day}T08:00")
    sent = milestones(place)
    assert sent == milestones(other) == ["day_before", "overdue_1", "overdue_2"]


def test_a_final_report_is_taken_back_with_a_trace(tmp_path: Path) -> None:
    place = town(tmp_path, rows("E-1"))
    place.drop(letter(RIGHT), MARK_DAY)
    place.drop(letter(EXECUTED), "2026-04-16T09:00")
    place.run("2026-04-16T09:00")
    done = hand(place, "reopen", "E-1", *WHY, now="2026-04-17T08:00")
    assert done.code == 0
    row = tracked(place)["E-1 2026-01-15"]
    assert row.open and [report.k for report in row.reports] == [1]
    entry = shown(place)[0]["history"][-1]  # type: ignore[index]
    assert (entry["what"], entry["why"], entry["final_report"]["day"]) == ("reopened", WHY[1], "2026-04-16")
    assert entry["fields"]["closed_on"] == ["2026-04-16", None]
    place.run("2026-04-17T09:00")
    assert len(names(place, "Klart")) == 1 and len(names(place, "Att rapportera")) == 1
    assert EXECUTED not in ivobot(place, "digest", "--now", "2026-04-17T10:00").out
    assert "already" in hand(place, "reopen", "E-1", *WHY, now="2026-04-17T10:00").out
    place.drop(letter(EXECUTED), "2026-04-20T09:00")
    place.run("2026-04-20T09:00")
    assert not tracked(place)["E-1 2026-01-15"].open, "the same report counts when it is sent anew"


def test_what_was_reported_to_ivo_is_told_when_it_is_taken_back(tmp_path: Path) -> None:
    place = town(tmp_path, rows("E-1"))
    place.drop(letter(EXECUTED), "2026-04-16T09:00")
    place.run("2026-04-16T09:00")
    for path in place.folder("Att rapportera"):
        path.rename(place.box / ".Rapporterat till IVO" / "cur" / path.name)
    place.run("2026-04-16T10:00")
    assert "tell IVO" in hand(place, "reopen", "E-1", *WHY, now="2026-04-17T08:00").out


# Correcting.


@pytest.mark.parametrize(
    "field, value, attribute, expected",
    [
        ("officer", BO, "officer", BO),
        ("unit", "Enhet Norr", "unit", "Enhet Norr"),
        ("provider", "Utföraren AB", "provider", "Utföraren AB"),
        ("external", "ja", "external", True),
        ("advance_ruling", "ja", "advance_ruling", True),
        ("alias", "Fågel Blå", "alias", "Fågel Blå"),
        ("insats", "9 § 6", "insats", "9§6"),
        ("start", "2026-01-14", "start", date(2026, 1, 14)),
        ("case", "E-7", "case", "E-7"),
        ("officer", "", "officer", ""),
        ("partly_from", "1 februari 2026", "partly_from", date(2026, 2, 1)),
    ],
)
def test_a_field_is_put_right(tmp_path: Path, field: str, value: str, attribute: str, expected: object) -> None:
    place = town(tmp_path, rows("E-1"))
    for _ in range(2):
        done = hand(place, "correct", "E-7" if "E-7" in "".join(tracked(place)) else "E-1", field, value, *WHY)
        assert done.code == 0, done.err
    (row,) = tracked(place).values()
    assert getattr(row.entry, attribute) == expected and "nothing was changed" in done.out
    assert [what for what, _ in words(place)].count("corrected") == 1


@pytest.mark.parametrize(
    "field, value",
    [("start", "imorgon"), ("start", ""), ("colour", "red"), ("insats", "9§11"), ("form", "slott"), ("case", "191212121212"),
     ("officer", "191212-121212"), ("external", "kanske"), ("executed", "2026-02-01")],
)  # fmt: skip
def test_what_cannot_be_corrected(tmp_path: Path, field: str, value: str) -> None:
    place = town(tmp_path, rows("E-1"))
    before = tracked(place)
    done = hand(place, "correct", "E-1", field, value, *WHY)
    assert done.code == 2 and done.plain and "1212" not in done.err and tracked(place) == before


def test_a_corrected_start_is_a_new_start_and_reports_follow(tmp_path: Path) -> None:
    place = town(tmp_path, rows("E-1"))
    place.run("2026-03-16T08:00")
    place.drop(letter(RIGHT), MARK_DAY)
    place.run(MARK_DAY)
    place.sent()
    assert hand(place, "correct", "E-1", "start", "2026-01-13", *WHY, now="2026-04-16T08:00").code == 0
    row = tracked(place)["E-1 2026-01-13"]
    assert [report.k for report in row.reports] == [1] and row.entry.decision_date == date(2026, 1, 13)
    for day in ("2026-04-16", "2026-04-20", "2026-04-27", "2026-06-15"):
        place.run(f"{day}T08:00")
    assert milestones(place) == ["two_months"]
    assert [m["start"] for m in shown(place)[0]["milestones"] if m["state"] == "sent"] == ["2026-01-15", "2026-01-13"]  # type: ignore[attr-defined]


def test_a_start_that_another_row_has(tmp_path: Path) -> None:
    place = town(tmp_path, [HEAD, f"E-1;9§4;2026-01-15;{ANNA}", f"E-1;9§4;2026-01-16;{ANNA}"])
    done = hand(place, "correct", "E-1", "start", "2026-01-16", "--start", "2026-01-15", *WHY)
    assert done.code == 1 and done.plain


def test_a_provisional_row_stays_one_until_its_start_is_known(tmp_path: Path) -> None:
    place = town(tmp_path, rows("E-1"))
    place.drop(letter(RIGHT, body="Ärende: N-1\n"), MARK_DAY)
    place.run(MARK_DAY)
    later = "2026-04-16T08:00"
    assert hand(place, "correct", "N-1", "officer", BO, *WHY, now=later).code == 0
    assert tracked(place)["N-1 2026-01-15"].provisional
    assert hand(place, "correct", "N-1", "start", "2026-01-15", *WHY, now=later).code == 0
    row = tracked(place)["N-1 2026-01-15"]
    assert not row.provisional and [report.k for report in row.reports] == [1]


# Looking.


def test_list_conditions_and_orders(tmp_path: Path) -> None:
    lines = [
        f"{HEAD};Enhet",
        f"C-1;9§4;2026-01-15;{ANNA};Norr",
        f"A-1;9§10;2026-01-20;{BO};Syd",
        f"B-1;9§4;2025-11-25;{BO};Norr",
    ]
    place = town(tmp_path, lines)

    def cases(*arguments: str) -> list[str]:
        return [json.loads(line)["case"] for line in hand(place, "list", "--json", *arguments).out.splitlines()]

    assert cases() == ["B-1", "C-1", "A-1"]
    assert cases("--sort", "case") == ["A-1", "B-1", "C-1"]
    assert cases("--sort", "mark") == ["B-1", "C-1", "A-1"]
    assert cases("--sort", "officer") == ["C-1", "B-1", "A-1"]
    assert cases("--officer", BO.upper()) == ["B-1", "A-1"] and cases("--unit", "norr") == ["B-1", "C-1"]
    assert cases("--due-within", "15") == ["B-1"] and cases("--due-within", "14") == [] and cases("--due-within", "64") == ["B-1", "C-1"]
    assert cases("--insats", "9 § p 10") == ["A-1"]
    hand(place, "close", "C-1", "ended", "2026-02-01", *WHY)
    assert cases("--open") == ["B-1", "A-1"] and cases("--due-within", "64") == ["B-1"]
    assert all(hand(place, "list", *wrong).plain for wrong in (("--sort", "age"), ("--insats", "9§12"), ("--due-within", "-1")))


def test_show_tells_all_of_a_row(tmp_path: Path) -> None:
    place = town(tmp_path, rows("E-1"))
    place.run("2026-03-16T08:00")
    place.drop(letter(RIGHT), MARK_DAY)
    place.run(MARK_DAY)
    hand(place, "correct", "E-1", "officer", BO, *WHY, now="2026-04-16T08:00")
    (told,) = shown(place)
    assert [each["what"] for each in told["history"]] == ["created", "reported", "corrected"]  # type: ignore[attr-defined]
    assert told["reports"] == [{"k": 1, "kind": "new", "mark": "2026-04-15", "day": "2026-04-15", "letter": 1}]
    assert ("two_months", "sent") in [(each["name"], each["state"]) for each in told["milestones"]]  # type: ignore[attr-defined]
    assert [each["outcome"] for each in told["letters"]] == ["matched"]  # type: ignore[attr-defined]
    plain = hand(place, "show", "E-1").out
    assert all(word in plain for word in ("ej verkställt", BO, "two_months", "Brev 1", WHY[1], "corrected"))
    assert hand(place, "show", "E-9").plain


def test_a_protected_row_is_shown_under_its_alias_only(tmp_path: Path) -> None:
    place = town(tmp_path, rows("E-1"))
    place.drop(letter(RIGHT), MARK_DAY)
    place.run(MARK_DAY)
    for field, value in (("case", "HEMLIG-1"), ("alias", "Fågel Blå"), ("previous", "HEMLIG-0"), ("protected", "ja")):
        assert hand(place, "correct", "HEMLIG-1" if field != "case" else "E-1", field, value, *WHY, now="2026-04-16T08:00").code == 0
    said = "".join(
        ivobot(place, *line).out
        for line in (
            ("register", "show", "HEMLIG-1"),
            ("register", "show", "Fågel Blå", "--json"),
            ("register", "list"),
            ("letters",),
            ("register", "close", "HEMLIG-1", "ended", "2026-04-16", *WHY, "--now", "2026-04-16T08:00"),
        )
    )
    assert said.count("Fågel Blå") >= 5 and "HEMLIG" not in said and "E-1" not in said


def test_whoever_runs_an_import_stands_in_the_trail(tmp_path: Path) -> None:
    place = town(tmp_path, rows("E-1"))
    file = tmp_path / "two.csv"
    file.write_text("\n".join(rows("E-1", "E-2")) + "\n", "utf-8")
    assert ivobot(place, "register", "import", str(file), "--now", IMPORTED).code == 0
    hand(place, "close", "E-2", "ended", "2026-02-01", *WHY)
    trail = words(place)
    assert [what for what, _ in trail] == ["import", "created", "import", "created", "closed"]
    assert trail[0][1] == "service" and trail[2][1] == trail[-1][1] != "service"

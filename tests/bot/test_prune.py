"""Gallring: what goes, what stays, and that nothing goes before it may."""

import json
import sqlite3
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from bot.errors import MailboxError
from bot.jobs import prune as job
from bot.stop import Stop
from bot.store import audit
from bot.store import engine as db
from tests.bot.test_quarter import LIST
from tests.bot.town import ANNA, BO, RIGHT, WRONG, Killed, around, ask, ivobot, letter, move, names, rows, run, staffed, town
from tests.municipality import Municipality, instant

DELETE = {"IVOBOT_PRUNE__DELETE_REPORTED_LETTERS": "true", "IVOBOT_PRUNE__AFTER_DAYS": "30"}
LEDGER = {"IVOBOT_PRUNE__LEDGER_DAYS": "200"}
CLOSED = {"IVOBOT_PRUNE__CLOSED_DAYS": "200"}
TICKED = "2026-04-16T09:00"
FINAL = "IVO – Slutrapportering, verkställt 2026-04-20, 9§4"


def pruned(place: Municipality, now: str, *options: str) -> dict[str, Any]:
    done = ivobot(place, "prune", "--json", "--now", now, *options)
    assert done.code == 0, done.err
    found: dict[str, Any] = json.loads(done.out)
    return found


def reported(home: Path, **environ: str) -> Municipality:
    """A report that came on 2026-04-15 and was ticked the day after."""
    place = town(home, rows("E-1"), **environ)
    place.drop(letter(RIGHT), "2026-04-15T08:00")
    place.run("2026-04-15T09:00")
    move(place, "Att rapportera", "Rapporterat till IVO")
    place.run(TICKED)
    return place


def finished(home: Path, **environ: str) -> Municipality:
    """A row that was reported, closed by a final report, and all of it ticked."""
    place = reported(home, **environ)
    place.drop(letter(FINAL), "2026-04-21T08:00")
    place.run("2026-04-21T09:00")
    move(place, "Att rapportera", "Rapporterat till IVO")
    place.run("2026-04-22T09:00")
    return place


# Letters.


def test_nothing_is_pruned_until_it_is_switched_on(tmp_path: Path) -> None:
    place = finished(tmp_path)
    before = [tuple(row) for table in ("letter", "register_row", "report") for row in ask(place, f"SELECT * FROM {table}")]
    place.run("2036-04-16T09:00")
    after = [tuple(row) for table in ("letter", "register_row", "report") for row in ask(place, f"SELECT * FROM {table}")]
    assert after == before and len(names(place, "Rapporterat till IVO")) == 2
    done = ivobot(place, "prune", "--now", "2036-04-16T10:00")
    assert done.code == 0 and done.out.count("stay:") == 3 and "0 letters were deleted by the pruning so far." in done.out


@pytest.mark.parametrize(
    "now, left",
    [
        ("2026-05-15T23:59", 1),  # Friday: 29 days after the tick
        ("2026-05-16T00:01", 0),  # Saturday: 30 days, by the calendar
    ],
)
def test_a_letter_goes_so_many_days_after_its_tick(tmp_path: Path, now: str, left: int) -> None:
    place = reported(tmp_path, **DELETE)
    assert place.run(now)["prune"] == 1 - left
    assert len(names(place, "Rapporterat till IVO")) == left and len(names(place, "Borttaget")) == 1 - left
    (row,) = ask(place, "SELECT deleted IS NOT NULL AS deleted, found_in FROM letter")
    assert (row["deleted"], row["found_in"]) == (1 - left, "Rapporterat till IVO")


def test_a_dry_run_and_a_dry_mode_change_nothing(tmp_path: Path) -> None:
    place = finished(tmp_path, **DELETE, **LEDGER, **CLOSED)
    before = place.written()
    found = pruned(place, "2027-04-16T09:00", "--dry-run")
    assert (found["letters"], found["rows"], found["dry_run"]) == (2, 1, True) and found["mails"] > 0
    assert len(names(place, "Rapporterat till IVO")) == 2 and not ask(place, "SELECT 1 FROM register_row WHERE pruned IS NOT NULL")
    assert set(place.written()) == set(before)
    place.environ["IVOBOT_BOT__MODE"] = "dry"
    assert pruned(place, "2027-04-16T09:00")["letters"] == 0
    assert len(names(place, "Rapporterat till IVO")) == 2


def test_only_what_the_ledger_calls_reported_and_lies_there_now_is_deleted(tmp_path: Path) -> None:
    place = reported(tmp_path, **DELETE)
    stranger = place.drop(letter("Hej", sender=BO), "2026-04-15T08:00")
    stranger.rename(place.box / ".Rapporterat till IVO" / "cur" / stranger.name)  # put there by a person, never read
    place.drop(letter(RIGHT, sender=BO, body="Ärende: E-9\n"), "2026-05-10T08:00")
    place.run("2026-05-11T09:00")
    move(place, "Att rapportera", "Rapporterat till IVO")
    place.run("2026-05-12T09:00")  # ticked four days ago by then
    assert len(names(place, "Rapporterat till IVO")) == 3
    assert pruned(place, "2026-05-16T09:00")["letters"] == 1
    assert len(names(place, "Rapporterat till IVO")) == 2
    # A letter that the reporter has taken out again at the last moment stays where it is.
    move(place, "Rapporterat till IVO", "Oklara")
    assert pruned(place, "2026-07-16T09:00")["letters"] == 0


def test_a_kill_between_the_note_and_the_deletion_deletes_once_more(tmp_path: Path) -> None:
    place = reported(tmp_path, **DELETE)
    with around(place, before={"delete": [Killed()]}) as (office, _), pytest.raises(Killed):
        run(office, "2026-05-18T09:00")
    assert len(names(place, "Rapporterat till IVO")) == 1
    place.run("2026-05-18T09:02")
    assert not names(place, "Rapporterat till IVO") and len(names(place, "Borttaget")) == 1
    place.run("2026-05-19T09:00")
    assert ivobot(place, "status", "--json", "--now", "2026-05-19T09:01").out.count('"unexplained": 0') == 1


def test_a_mailbox_out_of_reach_is_tried_again_the_same_day(tmp_path: Path) -> None:
    place = reported(tmp_path, **DELETE)
    with around(place, before={"delete": [MailboxError("Nobody answers.", again=True)]}) as (office, _), pytest.raises(MailboxError):
        run(office, "2026-05-18T09:00")
    place.run("2026-05-18T09:02")
    assert not names(place, "Rapporterat till IVO")


# The ledger and the mails.


def test_the_ledger_forgets_who_sent_what_lies_nowhere(tmp_path: Path) -> None:
    place = reported(tmp_path, **DELETE, **LEDGER)
    place.drop(letter(WRONG), "2026-04-16T10:00")
    place.run("2026-04-16T11:00")
    assert pruned(place, "2026-06-16T09:00")["letters"] == 1
    assert pruned(place, "2026-10-31T09:00")["ledger"] == 0, "199 days"
    found = pruned(place, "2026-11-05T09:00")
    assert found["ledger"] == 1 and found["mails"] > 2
    gone, there = ask(place, "SELECT * FROM letter ORDER BY id")
    nothing = ("sender", "message_id", "asked_hash", "fingerprint", "unreached")
    assert [gone[name] for name in nothing] == [""] * 5 and gone["mailbox_id"] == f"pruned-{gone['id']}"
    assert (gone["verdict"], gone["k"], gone["insats"]) == ("ok", 1, "9§4"), "how it was read stays"
    assert there["sender"] == ANNA, "a letter that lies in a folder is known again"
    mails = ask(place, "SELECT * FROM mail")
    assert {(m["to"], m["cc"], m["facts"], m["message_id"]) for m in mails} == {("[]", "[]", "", None)}
    assert len({m["key"] for m in mails}) == len(mails)


def test_forgotten_mails_never_go_out_again(tmp_path: Path) -> None:
    """Their keys stay."""
    place = town(tmp_path, rows("E-1"), **LEDGER)
    for day in ("2026-03-16", "2026-04-14", "2026-04-24", "2026-05-04"):
        place.run(f"{day}T09:00")
    went = len(place.sent())
    assert pruned(place, "2026-12-20T09:00")["mails"] == went
    with staffed(place) as office:
        job.prune(office, instant("2026-12-20T09:00"), Stop())
    place.run("2026-05-04T10:00")  # the clock set back: everything of that day is taken
    assert place.sent() == []


def test_a_letter_that_a_person_moves_at_that_moment_is_not_forgotten(tmp_path: Path) -> None:
    place = reported(tmp_path, **LEDGER)
    (path,) = place.folder("Rapporterat till IVO")
    path.rename(path.with_name("1800000000.new_name.test:2,S"))  # another id, the same letter
    assert pruned(place, "2027-01-05T09:00")["ledger"] == 0


# Rows.


def test_a_closed_row_becomes_an_anonymous_fact(tmp_path: Path) -> None:
    lines = [
        "Ärende;Insats;Beslutsdatum;Handläggare;Enhet;Utförare;Kön;Orsak;Personnummer;Skyddad;Alias;Föregående ärende",
        f"E-1;9§4;2026-01-15;{ANNA};Enhet Norr;utforare@kommun.example;Man;Annat;19121212-1212;Ja;Alias Ett;E-0",
    ]
    place = finished(tmp_path, **CLOSED)
    place.import_register(lines, "2026-04-22T10:00")
    assert pruned(place, "2026-11-05T09:00")["rows"] == 0, "closed 199 days ago"
    assert pruned(place, "2026-11-06T09:00")["rows"] == 1
    (row,) = ask(place, "SELECT * FROM register_row")
    stays = ("insats", "sort", "start", "closed_outcome", "closed_on", "sex")
    assert [row[name] for name in stays] == ["9§4", "decision", "2026-01-15", "executed", "2026-04-20", "man"] and row["cause"]
    gone = ("case_key", "alias", "alias_key", "officer", "unit", "provider", "person", "previous")
    assert [row[name] for name in gone] == [""] * 8 and row["case"] == f"gallrad-{row['id']}" and row["pruned"] == "2026-11-06"
    with staffed(place) as office, db.read(office.engine) as tx:
        assert isinstance(audit.verify(tx), audit.Verified)
    ask(place, "PRAGMA wal_checkpoint(TRUNCATE)")
    raw = (place.home / "data" / "ivobot.db").read_bytes()
    for word in (b"E-1", b"E-0", b"Alias Ett", b"Enhet Norr", b"utforare@kommun.example"):
        assert word not in raw, word
    assert not ask(place, "SELECT 1 FROM letter WHERE row_id IS NOT NULL OR \"case\" != ''")
    assert not ask(place, "SELECT 1 FROM claim") and not ask(place, "SELECT 1 FROM import_row")
    assert ivobot(place, "register", "show", "E-1").code == 1 and ivobot(place, "register", "show", f"gallrad-{row['id']}").code == 1


@pytest.mark.parametrize("waiting", ["unticked", "unreported", "followed", "open"])
def test_a_row_that_something_waits_for_stays(tmp_path: Path, waiting: str) -> None:
    if waiting == "unticked":
        place = reported(tmp_path, **CLOSED)
        place.drop(letter(FINAL), "2026-04-21T08:00")
        place.run("2026-04-21T09:00")
    elif waiting == "unreported":  # the register closed it after a mark that nobody reported
        head = "Ärende;Insats;Beslutsdatum;Handläggare;Verkställt"
        place = town(tmp_path, [head, f"E-1;9§4;2026-01-15;{ANNA};"], **CLOSED)
        place.run("2026-04-14T09:00")
        place.import_register([head, f"E-1;9§4;2026-01-15;{ANNA};2026-04-20"], "2026-04-21T08:00")
    elif waiting == "followed":
        place = finished(tmp_path, **CLOSED)
        head = "Ärende;Insats;Beslutsdatum;Handläggare;Avslutat;Föregående ärende"
        lines = [head, f"F-1;9§3;2025-12-20;{ANNA};2026-03-01;", f"F-2;9§3;2026-03-02;{ANNA};;F-1"]
        place.import_register(lines, "2026-04-22T10:00", force=True)
    else:
        place = reported(tmp_path, **CLOSED)
    for now in ("2027-01-04T09:00", "2027-01-05T09:00"):
        place.run(now)
    cases = {row["case"] for row in ask(place, 'SELECT "case" FROM register_row')}
    assert cases == ({"gallrad-1", "F-1", "F-2"} if waiting == "followed" else {"E-1"})


def test_an_import_does_not_bring_a_pruned_row_back(tmp_path: Path) -> None:
    place = finished(tmp_path, **CLOSED)
    head = "Ärende;Insats;Beslutsdatum;Handläggare;Verkställt"
    file = tmp_path / "uttag.csv"
    file.write_text("\n".join([head, f"E-1;9§4;2026-01-15;{ANNA};2026-04-20", f"E-2;9§4;2026-10-01;{ANNA};"]), "utf-8")
    pruned(place, "2026-11-10T09:00")
    for _ in range(2):  # the same file again says the same again
        done = ivobot(place, "register", "import", str(file), "--json", "--now", "2026-11-10T10:00")
        said = json.loads(done.out)
        assert done.code == 0 and said["warnings"] == [{"row": 2, "code": "pruned"}]
    assert said["created"] == 0 and [row["case"] for row in ask(place, 'SELECT "case" FROM register_row ORDER BY id')] == [
        "gallrad-1",
        "E-2",
    ]
    dry = ivobot(place, "register", "import", str(file), "--json", "--dry-run", "--now", "2026-11-10T11:00")
    assert json.loads(dry.out)["warnings"] == [{"row": 2, "code": "pruned"}]
    # A letter about it meets nothing: a final report is unclear, and no row is touched.
    place.drop(letter(FINAL), "2026-11-11T08:00")
    place.run("2026-11-11T09:00")
    assert len(names(place, "Oklara")) == 1


def test_what_is_closed_long_ago_stays_out_but_what_an_open_row_follows_comes_in(tmp_path: Path) -> None:
    head = "Ärende;Insats;Beslutsdatum;Handläggare;Avslutat;Föregående ärende"
    lines = [head, f"E-1;9§4;2020-01-15;{ANNA};2020-08-01;", f"E-2;9§3;2024-01-15;{ANNA};2024-08-01;", f"E-3;9§3;2024-08-02;{ANNA};;E-2"]
    place = town(tmp_path, lines, "2026-01-20T08:00", **CLOSED)
    assert sorted(row["case"] for row in ask(place, 'SELECT "case" FROM register_row')) == ["E-2", "E-3"]


def test_a_frozen_quarter_survives_pruning(tmp_path: Path) -> None:
    place = town(tmp_path, LIST, "2026-01-22T08:00", **CLOSED)

    def report(reader: str, now: str) -> str:
        done = ivobot(place, "report", "2025Q4", "--for", reader, "--now", now)
        assert done.code == 0, done.err
        return done.out

    assert ivobot(place, "report", "2025Q4", "--freeze", "--now", "2026-01-22T09:00").code == 0
    before = {reader: report(reader, "2026-01-22T09:00") for reader in ("fullmaktige", "revisorer", "internal")}
    assert pruned(place, "2026-12-01T09:00")["rows"] == 2
    after = {reader: json.loads(report(reader, "2026-12-02T09:00")) for reader in before}
    for reader, said in before.items():
        figures = json.loads(said)
        assert after[reader]["rows"] == figures["rows"] and after[reader]["total"] == figures["total"], reader
    place.environ |= {"IVOBOT_PRUNE__CLOSED_DAYS": "0"}
    assert not [row for row in ask(place, "SELECT * FROM frozen_quarter") if "A-2" in row["contents"]]


def test_unfrozen_figures_survive_pruning_too(tmp_path: Path) -> None:
    """Insats, days, sex and cause stay: the figures are counted on the facts."""
    place = town(tmp_path, LIST, "2026-01-22T08:00", **CLOSED)

    def report() -> Any:
        return json.loads(ivobot(place, "report", "2025Q4", "--internal", "--now", "2026-12-02T09:00").out)

    before = report()
    assert pruned(place, "2026-12-01T09:00")["rows"] == 2
    after = report()
    assert (after["rows"], after["total"]) == (before["rows"], before["total"])


def test_a_clock_that_jumps_prunes_nothing_for_good(tmp_path: Path) -> None:
    """What cannot be undone waits for a second day."""
    place = finished(tmp_path, **CLOSED, **LEDGER)
    place.run("2036-04-16T09:00")
    assert ask(place, 'SELECT "case" FROM register_row')[0]["case"] == "E-1"
    place.run("2026-04-23T09:00")  # the clock is right again
    place.run("2026-04-24T09:00")
    assert ask(place, 'SELECT "case" FROM register_row')[0]["case"] == "E-1"
    for now in ("2026-11-09T09:00", "2026-11-10T09:00"):
        place.run(now)
    assert ask(place, 'SELECT "case" FROM register_row')[0]["case"] == "gallrad-1"


def test_pruned_rows_are_left_alone_when_the_routine_changes(tmp_path: Path) -> None:
    place = finished(tmp_path, **CLOSED)
    pruned(place, "2026-11-10T09:00")
    place.environ["IVOBOT_CALENDAR__CLOSED_DAYS"] = '["2026-12-23"]'
    place.run("2026-11-11T09:00")
    assert [(row["next_due"], row["case_key"]) for row in ask(place, "SELECT next_due, case_key FROM register_row")] == [(None, "")]


def test_the_last_day_is_a_day(tmp_path: Path) -> None:
    place = town(tmp_path)
    with staffed(place) as office:
        assert job.closed_through(office, date(2026, 1, 1)) is None


def test_a_digest_of_these_days_can_still_be_answered_unless_it_names_what_went(tmp_path: Path) -> None:
    """What mails held goes when a case goes: all that is old, and of these days what names the case."""
    place = finished(tmp_path, **CLOSED)
    for now in ("2026-11-04T09:00", "2026-11-05T09:00"):
        place.run(now)
    with sqlite3.connect(place.home / "data" / "ivobot.db") as tx:
        (number,) = tx.execute("SELECT max(id) FROM mail WHERE name = 'digest'").fetchone()
        tx.execute("INSERT INTO mail SELECT id + 1000, key || 'x', name, \"to\", cc, facts, letter_id, created, state, not_before, NULL,"
                   " recipients, raw, tries, sends, problem, sent, refused FROM mail WHERE id = ?", (number,))  # fmt: skip
        tx.execute("UPDATE mail SET facts = facts || 'E-1' WHERE id = ?", (number + 1000,))
    assert pruned(place, "2026-11-06T08:00")["rows"] == 1
    left = {row["id"]: row["facts"] for row in ask(place, "SELECT id, facts FROM mail")}
    assert {each for each, facts in left.items() if facts} == {number - 1, number}, "the digests of the two days before"

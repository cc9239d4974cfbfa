"""Letters: each one exactly one ledger row, whatever happens meanwhile; what people move by hand; answers and their limits."""

import email
import hashlib
import json
import sqlite3
from collections import Counter
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import replace
from email.message import EmailMessage
from pathlib import Path
from typing import Any

import pytest

from bot.errors import ConfigError, MailboxError, StoreError
from bot.jobs.intake import intake
from bot.stop import Stop
from rules.duty import People
from tests.bot.town import (
    ANNA,
    BO,
    HEAD,
    MARK_DAY,
    RIGHT,
    WRONG,
    Killed,
    around,
    ask,
    ivobot,
    letter,
    move,
    names,
    rows,
    run,
    staffed,
    town,
)
from tests.municipality import Municipality, instant, mail_name, text

REPORTER = "ivo.rapportor@kommun.example"


ANSWERS = ("title_rejected", "report_differs", "ask_case", "receipt", "incident")


def answers(mails: list[EmailMessage]) -> list[tuple[str, str]]:
    """Every answer to a letter, and what a letter made us tell at once: its name and To."""
    return sorted((mail_name(m), str(m["To"])) for m in mails if mail_name(m) in ANSWERS)


def reminders(mails: list[EmailMessage]) -> list[tuple[str, str]]:
    """Every reminder: its name and To."""
    return sorted((mail_name(m), str(m["To"])) for m in mails if mail_name(m) not in (*ANSWERS, "digest"))


def digest(place: Municipality, now: str) -> str:
    """The digest as it would be at a time."""
    found = ivobot(place, "digest", "--print", "--now", now)
    assert found.code == 0, found.err
    return " ".join(found.out.split())


def status(place: Municipality, now: str) -> dict[str, Any]:
    found = ivobot(place, "status", "--json", "--now", now)
    assert found.code == 0, found.err
    return json.loads(found.out)


def tree(root: Path) -> dict[str, str]:
    """Every file and folder with its content."""
    return {
        str(path.relative_to(root)): hashlib.sha256(path.read_bytes()).hexdigest() if path.is_file() else "folder"
        for path in sorted(root.rglob("*"))
    }


# One ledger row for each letter.

MIXED: tuple[Mapping[str, Any], ...] = (
    letter(RIGHT),
    letter(WRONG),
    letter("Lunch på torsdag?"),
    letter("Automatiskt svar: IVO – Nyrapportering 2026-04-15, 9§4"),
    letter(RIGHT, sender="okand@annan.example"),
    letter("IVO – Nyrapportering 2026-04-15, 9§4 19121212-1212"),
    letter("Nyhetsbrev", List_Id="<nytt.kommun.example>", Precedence="bulk"),
    letter("", body=""),
    {"raw": ""},
    {"raw": "\0\0\0\0"},
    {"raw": "no header at all, only words\nand more words\n"},
    {"raw": "Subject: =?utf-8?b?////?=\nFrom: <><>,, @@\n\n\xff\xfe"},
    {"raw": f"From: {ANNA}\nSubject: {RIGHT}\nContent-Type: multipart/mixed; boundary=x\n\n--x\n".encode().decode("latin-1")},
)


def test_every_letter_gets_one_ledger_row(tmp_path: Path) -> None:
    place = town(tmp_path, rows("E-1"))
    for one in MIXED:
        place.drop(one, MARK_DAY)
    dropped = set(names(place, "INBOX"))
    done = place.run(MARK_DAY)
    assert done["intake"] == len(MIXED)
    assert Counter(r["mailbox_id"] for r in ask(place, "SELECT mailbox_id FROM letter")) == Counter(dropped)
    for again in ("2026-04-15T09:02", "2026-04-16T09:00"):
        assert place.run(again)["intake"] == 0
    assert {r[0] for r in ask(place, "SELECT mailbox_id FROM letter")} == dropped
    left = [name for folder in FOLDERS for name in names(place, folder)]
    assert sorted(left) == sorted(dropped), "every letter lies in one folder"


FOLDERS = ("INBOX", "Att rapportera", "Åtgärda titel", "Oklara", "Karantän", "Klart", "Rapporterat till IVO")


def test_unreadable_letters_are_kept_in_quarantine(tmp_path: Path) -> None:
    place = town(tmp_path)
    for raw in ("", "\0\0\0", "only words\nand more words\n"):
        place.drop({"raw": raw}, MARK_DAY)
    before = sorted(path.read_bytes() for path in place.folder("INBOX"))
    place.run(MARK_DAY)
    assert sorted(path.read_bytes() for path in place.folder("Karantän")) == before
    assert place.folder("INBOX") == []
    assert [r["reason"].split(":")[0] for r in ask(place, "SELECT reason FROM letter")] == ["unreadable"] * 3


class Breaking(People):
    """People among whom one sender makes the program fail, as a fault of ours would."""

    def own(self, address: str) -> bool:
        if address == "fel@kommun.example":
            raise RuntimeError("a fault in the program")
        return super().own(address)


def test_a_letter_that_breaks_the_program_does_not_stop_the_next(tmp_path: Path) -> None:
    """One bad letter never stops the next, and the operator is told of it."""
    place = town(tmp_path, rows("E-1"))
    place.drop(letter(RIGHT, sender="fel@kommun.example"), MARK_DAY)
    place.drop(letter(RIGHT), MARK_DAY)
    with staffed(place) as office:
        people = Breaking(office.people.reporter, office.people.roles, office.people.own_domains, office.people.officers)
        with suppress(Exception):  # told at the end, after the others
            intake(replace(office, people=people), instant(MARK_DAY), Stop())
    assert [r["meeting"] for r in ask(place, "SELECT meeting FROM letter WHERE sender = ?", ANNA)] == ["matched"]


def test_a_letter_that_the_database_refuses_does_not_stop_the_next(tmp_path: Path) -> None:
    place = town(tmp_path, rows("E-1"))
    connection = sqlite3.connect(place.home / "data" / "ivobot.db")
    connection.execute(
        "CREATE TRIGGER bad BEFORE INSERT ON letter WHEN NEW.sender = 'fel@kommun.example' BEGIN SELECT RAISE(ABORT, 'no'); END"
    )
    connection.commit()
    connection.close()
    place.drop(letter(RIGHT, sender="fel@kommun.example"), MARK_DAY)
    place.drop(letter(RIGHT), MARK_DAY)
    with suppress(StoreError):
        place.run(MARK_DAY)
    assert [r["meeting"] for r in ask(place, "SELECT meeting FROM letter WHERE sender = ?", ANNA)] == ["matched"]


# Killed anywhere.


def test_killed_between_ledger_and_filing(tmp_path: Path) -> None:
    place = town(tmp_path, rows("E-1"))
    place.drop(letter(RIGHT), MARK_DAY)
    with around(place, before={"file": [Killed()]}) as (office, box), pytest.raises(Killed):
        run(office, MARK_DAY)
    assert len(place.folder("INBOX")) == 1 and box.fetched
    with around(place) as (office, box):
        assert run(office, "2026-04-15T09:02")["intake"] == 0
    assert box.fetched == []
    assert len(place.folder("Att rapportera")) == 1 and not place.folder("INBOX")
    assert [(r["k"], r["kind"]) for r in ask(place, "SELECT k, kind FROM report")] == [(1, "new")]
    (row,) = ask(place, "SELECT filed, found_in FROM letter")
    assert row["filed"] and row["found_in"] == "Att rapportera"


def test_killed_between_filing_and_its_note(tmp_path: Path) -> None:
    place = town(tmp_path, rows("E-1"))
    place.drop(letter(WRONG), MARK_DAY)
    with around(place, after={"file": [Killed()]}) as (office, _), pytest.raises(Killed):
        run(office, MARK_DAY)
    assert place.run("2026-04-15T09:02")["intake"] == 0
    assert len(place.folder("Åtgärda titel")) == 1
    assert answers(place.sent()) == [("title_rejected", ANNA)]
    assert ask(place, "SELECT filed FROM letter")[0]["filed"]


def test_killed_after_each_letter_of_a_batch(tmp_path: Path) -> None:
    place = town(tmp_path, rows("E-1"))
    for _ in range(4):
        place.drop(letter("Lunch?"), MARK_DAY)
    for _ in range(3):
        with around(place, after={"fetch": [Killed()]}) as (office, _), pytest.raises(Killed):
            run(office, MARK_DAY)
    place.run(MARK_DAY)
    assert ask(place, "SELECT count(*) AS n FROM letter")[0]["n"] == 4


def test_a_mailbox_out_of_reach_while_filing_is_told_and_mended_later(tmp_path: Path) -> None:
    place = town(tmp_path, rows("E-1"))
    place.drop(letter(RIGHT), MARK_DAY)
    fault = MailboxError("The mailbox does not answer; try later.", again=True)
    with around(place, before={"file": [fault]}) as (office, _), pytest.raises(MailboxError):
        run(office, MARK_DAY)
    assert any("does not answer" in problem for problem in status(place, MARK_DAY)["problems"])
    place.run("2026-04-15T09:02")
    assert len(place.folder("Att rapportera")) == 1
    assert status(place, "2026-04-15T09:02")["problems"] == []


def test_a_mailbox_that_is_missing_is_told_by_status(tmp_path: Path) -> None:
    """Also when it fails before any job."""
    place = town(tmp_path, rows("E-1"))
    fault = MailboxError("The mailbox does not answer; try later.", again=True)
    with around(place, before={"prepare": [fault]}) as (office, _), pytest.raises(MailboxError):
        run(office, MARK_DAY)
    assert any("does not answer" in problem for problem in status(place, MARK_DAY)["problems"])


# Moved by hand.


def test_moved_to_reported_counts_as_reported_to_ivo(tmp_path: Path) -> None:
    place = town(tmp_path, rows("E-1"))
    place.drop(letter(RIGHT), MARK_DAY)
    place.run(MARK_DAY)
    move(place, "Att rapportera", "Rapporterat till IVO")
    place.run("2026-04-16T09:00")
    (row,) = ask(place, "SELECT * FROM letter")
    assert row["found_in"] == row["folder"] == "Rapporterat till IVO"
    assert row["reported_to_ivo"].startswith("2026-04-16 07:00") and row["settled"]
    assert json.loads(ivobot(place, "letters", "--json").out)["reported_to_ivo"] is True
    place.run("2026-04-17T09:00")
    assert ask(place, "SELECT reported_to_ivo AS at FROM letter")[0]["at"].startswith("2026-04-16"), "the first day stays"
    assert len(place.folder("Rapporterat till IVO")) == 1


@pytest.mark.parametrize("target", ["Klart", "Oklara", "Att rapportera"])
def test_moved_elsewhere_is_honoured_and_settled(tmp_path: Path, target: str) -> None:
    place = town(tmp_path, rows("E-1"))
    place.drop(letter(WRONG), MARK_DAY)
    place.run(MARK_DAY)
    assert "Tillbaka hos avsändaren" in digest(place, "2026-04-16T06:00")
    move(place, "Åtgärda titel", target)
    place.run("2026-04-16T06:30")
    (row,) = ask(place, "SELECT * FROM letter")
    assert (row["found_in"], row["folder"], row["reported_to_ivo"]) == (target, target, None) and row["settled"]
    assert len(place.folder(target)) == 1
    assert "Tillbaka hos avsändaren" not in digest(place, "2026-04-16T06:31")


def test_moved_back_into_the_inbox_is_not_read_twice(tmp_path: Path) -> None:
    place = town(tmp_path, rows("E-1"))
    place.drop(letter(WRONG), MARK_DAY)
    place.run(MARK_DAY)
    place.sent()
    move(place, "Åtgärda titel", "INBOX")
    for now in ("2026-04-15T09:02", "2026-04-17T09:00"):
        assert place.run(now)["intake"] == 0
    assert answers(place.sent()) == []
    assert len(place.folder("INBOX")) == 1
    assert [(r["found_in"], r["folder"]) for r in ask(place, "SELECT * FROM letter")] == [("INBOX", "INBOX")]


def test_taken_away_by_a_person_is_no_fault(tmp_path: Path) -> None:
    place = town(tmp_path, rows("E-1"))
    place.drop(letter(WRONG), MARK_DAY)
    with around(place, before={"file": [Killed()]}) as (office, _), pytest.raises(Killed):
        run(office, MARK_DAY)
    place.folder("INBOX")[0].unlink()
    place.run("2026-04-15T09:02")
    assert ask(place, "SELECT filed FROM letter")[0]["filed"]
    assert status(place, "2026-04-15T09:03")["oldest_letter_waiting"] is None


# Answers to our own mails.


def reminded(tmp_path: Path) -> tuple[Municipality, str]:
    """A town whose officer got a reminder; gives its Message-ID."""
    place = town(tmp_path, rows("E-1"))
    place.run("2026-03-16T08:00")
    (mail,) = [m for m in place.sent() if mail_name(m) == "two_months"]
    return place, str(mail["Message-ID"])


def bounce(message_id: str) -> dict[str, str]:
    raw = (
        "From: MAILER-DAEMON@kommun.example\nTo: ivo-rapportor-lss@kommun.example\nSubject: Undelivered Mail Returned to Sender\n"
        "Return-Path: <>\nAuto-Submitted: auto-replied\nMessage-ID: <b1@kommun.example>\nMIME-Version: 1.0\n"
        'Content-Type: multipart/report; report-type=delivery-status; boundary="b"\n\n--b\nContent-Type: text/plain\n\nSorry.\n'
        "--b\nContent-Type: message/delivery-status\n\nReporting-MTA: dns; mx.kommun.example\n\n"
        f"Final-Recipient: rfc822; {ANNA}\nAction: failed\nStatus: 5.1.1\n\n"
        f"--b\nContent-Type: message/rfc822\n\nFrom: ivo-rapportor-lss@kommun.example\nTo: {ANNA}\nMessage-ID: {message_id}\n"
        "Subject: x\n\nx\n--b--\n"
    )
    return {"raw": raw}


@pytest.mark.parametrize("sort", ["bounce", "out_of_office"])
def test_who_was_not_reached_is_told(tmp_path: Path, sort: str) -> None:
    place, ours = reminded(tmp_path)
    away = letter("Automatiskt svar: Två månader", In_Reply_To=ours, Auto_Submitted="auto-replied")
    place.drop(bounce(ours) if sort == "bounce" else away, "2026-03-16T10:00")
    place.run("2026-03-16T10:01")
    assert len(place.folder("Klart")) == 1 and not place.folder("INBOX")
    said = digest(place, "2026-03-17T07:30")
    assert "nådde inte fram" in said.lower() or "inte nådde fram" in said.lower()
    assert ANNA in said
    assert answers(place.sent()) == []


def test_a_bounce_of_another_mail_stays_in_the_inbox(tmp_path: Path) -> None:
    place, _ = reminded(tmp_path)
    place.drop(bounce("<other@kommun.example>"), "2026-03-16T10:00")
    place.run("2026-03-16T10:01")
    assert len(place.folder("INBOX")) == 1 and not place.folder("Klart")


@pytest.mark.parametrize("header", ["In_Reply_To", "References"])
def test_a_persons_answer_to_our_mail_changes_nothing(tmp_path: Path, header: str) -> None:
    place, ours = reminded(tmp_path)
    place.drop(letter(RIGHT, **{header: ours}), MARK_DAY)
    place.run(MARK_DAY)
    assert len(place.folder("Oklara")) == 1
    assert ask(place, "SELECT * FROM report") == []
    assert [name for name, _ in answers(place.sent())] == []
    assert "Oklara meddelanden" in digest(place, "2026-04-16T07:30")


# Who sent it.


@pytest.mark.parametrize(
    "results, folder",
    [
        ("mx.kommun.example; dmarc=fail header.from=kommun.example", "Oklara"),
        ("mx.kommun.example; spf=fail smtp.mailfrom=kommun.example", "Oklara"),
        ("mx.kommun.example; dmarc=pass header.from=kommun.example", "Att rapportera"),
        ("annan.example; dmarc=fail header.from=kommun.example", "Att rapportera"),  # another server's word: anybody can write it
        ("", "Att rapportera"),
    ],
)
def test_authentication_results_of_the_own_server(tmp_path: Path, results: str, folder: str) -> None:
    place = town(tmp_path, rows("E-1"), IVOBOT_MAILBOX__AUTHSERV_ID="mx.kommun.example")
    place.drop(letter(RIGHT, **({"Authentication_Results": results} if results else {})), MARK_DAY)
    place.run(MARK_DAY)
    assert len(place.folder(folder)) == 1
    assert bool(ask(place, "SELECT * FROM report")) == (folder == "Att rapportera")


def test_authentication_is_not_judged_without_the_servers_name(tmp_path: Path) -> None:
    place = town(tmp_path, rows("E-1"))
    place.drop(letter(RIGHT, Authentication_Results="mx.kommun.example; dmarc=fail"), MARK_DAY)
    place.run(MARK_DAY)
    assert len(place.folder("Att rapportera")) == 1


@pytest.mark.parametrize("subject", [WRONG, RIGHT])
def test_a_false_sender_gets_no_answer(tmp_path: Path, subject: str) -> None:
    place = town(tmp_path, rows("E-1"), IVOBOT_MAILBOX__AUTHSERV_ID="mx.kommun.example", IVOBOT_REPLY__MATCHED="true")
    place.drop(letter(subject, Authentication_Results="mx.kommun.example; dmarc=fail"), MARK_DAY)
    place.run(MARK_DAY)
    assert answers(place.sent()) == [] and len(place.folder("Oklara")) == 1


# Answers and their limits.


def test_one_answer_to_a_sender_title_and_case_a_day(tmp_path: Path) -> None:
    place = town(tmp_path, rows("E-1", "E-2"))
    for _ in range(3):
        place.drop(letter(WRONG), MARK_DAY)
    place.drop(letter(WRONG.upper()), MARK_DAY)  # the same title
    place.drop(letter(WRONG, body="Ärende: E-2\n"), MARK_DAY)  # another case
    place.drop(letter(WRONG, sender=BO), MARK_DAY)  # another sender
    place.drop(letter("IVO – Återrapportering, 9§4"), MARK_DAY)  # another title
    place.run(MARK_DAY)
    assert answers(place.sent()) == [("title_rejected", ANNA)] * 3 + [("title_rejected", BO)]
    assert "Svar som inte skickades" in digest(place, "2026-04-15T10:00")
    place.drop(letter(WRONG), "2026-04-16T00:01")
    place.run("2026-04-16T00:01")
    assert answers(place.sent()) == [("title_rejected", ANNA)], "a new day"


def test_cases_that_the_register_does_not_know_yet_are_told_apart(tmp_path: Path) -> None:
    place = town(tmp_path, rows("E-1"))
    for case in ("F-7", "F-8", "F-7"):
        place.drop(letter(WRONG, body=f"Ärende: {case}\n"), MARK_DAY)
    place.run(MARK_DAY)
    assert answers(place.sent()) == [("title_rejected", ANNA)] * 2


def test_ten_answers_a_day(tmp_path: Path) -> None:
    place = town(tmp_path, rows("E-1"))
    for n in range(1, 14):
        place.drop(letter(f"IVO – Nyrapportering 2026-02-{n + 10}, 9§99"), MARK_DAY)
    place.drop(letter(WRONG, sender=BO), MARK_DAY)
    place.run(MARK_DAY)
    assert Counter(answers(place.sent())) == {("title_rejected", ANNA): 10, ("title_rejected", BO): 1}
    said = digest(place, "2026-04-15T10:00")
    assert "Svar som inte skickades" in said
    assert len(place.folder("Åtgärda titel")) == 14


def storm(place: Municipality, letters: int, now: str) -> None:
    for n in range(letters):
        place.drop(letter(WRONG, sender=f"person{n}@kommun.example"), now)
    place.run(now)


def test_the_brake_holds_back_and_is_told(tmp_path: Path) -> None:
    place = town(tmp_path, rows("E-1"), IVOBOT_REPLY__PER_HOUR="3")
    storm(place, 7, MARK_DAY)
    assert len(answers(place.sent())) == 3
    assert len(place.folder("Åtgärda titel")) == 7, "no letter is lost"
    assert any("brake" in problem for problem in status(place, MARK_DAY)["problems"])
    said = digest(place, "2026-04-15T09:30")
    assert "broms" in said.lower() and "Svar som inte skickades" in said
    assert status(place, MARK_DAY)["balance"]["unexplained"] == 0
    assert status(place, "2026-04-15T10:01")["problems"] == []


def test_the_brake_is_on_answers_only(tmp_path: Path) -> None:
    """Reminders and digests are no answers: the brake does not hold them."""
    officers = [f"E-{n};9§4;2026-01-15;officer{n}@kommun.example" for n in range(7)]
    place = town(tmp_path, [HEAD, *officers], IVOBOT_REPLY__PER_HOUR="3")
    place.run("2026-03-16T07:05")
    assert len(reminders(place.sent())) == 7


# [reply].


@pytest.mark.parametrize(
    "subject, setting, expected",
    [
        (WRONG, {}, ["title_rejected"]),
        (WRONG, {"IVOBOT_REPLY__REJECTED": "false"}, []),
        (RIGHT, {}, []),
        (RIGHT, {"IVOBOT_REPLY__NORMALISED": "true"}, []),
        ("Re: ivo nyrapportering 20260415 9§4", {}, []),
        ("Re: ivo nyrapportering 20260415 9§4", {"IVOBOT_REPLY__NORMALISED": "true"}, ["receipt"]),
        (RIGHT, {"IVOBOT_REPLY__MATCHED": "true"}, ["receipt"]),
        (RIGHT.replace("Ny", "Åter"), {"IVOBOT_REPLY__MATCHED": "true"}, ["report_differs"]),
    ],
)
def test_reply_settings(tmp_path: Path, subject: str, setting: dict[str, str], expected: list[str]) -> None:
    place = town(tmp_path, rows("E-1"), **setting)
    place.drop(letter(subject), MARK_DAY)
    place.run(MARK_DAY)
    assert [name for name, _ in answers(place.sent())] == expected


NUMBER = "IVO – Nyrapportering 2026-04-15, 9§4 19121212-1212"


def test_an_incident_is_told_at_once_only_when_asked_for(tmp_path: Path) -> None:
    for name, setting in (("off", "false"), ("on", "true")):
        place = town(tmp_path / name, rows("E-1"), IVOBOT_REPLY__INCIDENT=setting)
        place.drop(letter(NUMBER), MARK_DAY)
        place.run("2026-04-15T06:00")
        found = {("title_rejected", ANNA), ("incident", REPORTER)} if setting == "true" else {("title_rejected", ANNA)}
        assert set(answers(place.sent())) == found
        assert "Personuppgifter i titlar" in digest(place, "2026-04-15T07:30")


@pytest.mark.parametrize("setting", [{"IVOBOT_REPLY__REJECTED": "false"}, {"IVOBOT_REPLY__PER_SENDER_A_DAY": "1"}])
def test_an_incident_mail_does_not_speak_of_an_answer_that_never_went(tmp_path: Path, setting: dict[str, str]) -> None:
    place = town(tmp_path, rows("E-1"), IVOBOT_REPLY__INCIDENT="true", **setting)
    if "IVOBOT_REPLY__PER_SENDER_A_DAY" in setting:
        place.drop(letter(WRONG), MARK_DAY)
    place.drop(letter(NUMBER), MARK_DAY)
    place.run("2026-04-15T06:00")
    (mail,) = [m for m in place.sent() if mail_name(m) == "incident"]
    facts = [json.loads(r["facts"]) for r in ask(place, "SELECT facts FROM mail WHERE name = 'incident'")]
    assert facts[0]["answered"] is False
    assert "Avsändaren har fått svar" not in " ".join(text(mail).split())


# Settling by the reporter.


def test_settle_an_ambiguous_letter(tmp_path: Path) -> None:
    place = town(tmp_path, rows("E-1", "E-2"))
    place.drop(letter(RIGHT, body="hej\n"), MARK_DAY)
    place.run(MARK_DAY)
    assert len(place.folder("Oklara")) == 1
    place.sent()
    done = ivobot(place, "letters", "settle", "1", "E-2", "--now", "2026-04-15T10:00")
    assert done.code == 0 and "matched" in done.out, done
    assert len(place.folder("Att rapportera")) == 1 and not place.folder("Oklara")
    found = ask(place, 'SELECT r."case" AS c, p.k FROM report p JOIN register_row r ON r.id = p.row_id')
    assert [(r["c"], r["k"]) for r in found] == [("E-2", 1)]
    again = ivobot(place, "letters", "settle", "1", "E-1", "--now", "2026-04-15T10:00")
    assert again.code == 1 and again.plain
    place.run("2026-04-15T10:02")
    assert answers(place.sent()) == []


def test_settle_an_untracked_letter_leaves_no_row_of_its_own(tmp_path: Path) -> None:
    """The decision that only that letter told of is one that the register has: it is not tracked twice."""
    place = town(tmp_path, rows("E-1"))
    place.drop(letter(RIGHT, sender=BO, body="Ärende: F-1\n"), MARK_DAY)  # a slip of the pen for E-1
    place.run(MARK_DAY)
    assert ask(place, "SELECT meeting FROM letter")[0]["meeting"] == "untracked"
    done = ivobot(place, "letters", "settle", "1", "E-1", "--now", "2026-04-15T10:00")
    assert done.code == 0 and "matched" in done.out, done
    listed = [json.loads(line) for line in ivobot(place, "register", "list", "--json").out.splitlines()]
    assert [(row["case"], row["reported"]) for row in listed] == [("E-1", [1])]
    coming = ivobot(place, "simulate", "--from", "2026-05-01", "--to", "2026-07-31", "--json").out
    assert {json.loads(line)["case"] for line in coming.splitlines()} == {"E-1"}


@pytest.mark.parametrize("number, case", [("77", "E-1"), ("1", "NO-SUCH"), ("2", "E-1")])
def test_settle_refuses_what_it_does_not_know(tmp_path: Path, number: str, case: str) -> None:
    place = town(tmp_path, rows("E-1", "E-2"))
    place.drop(letter(RIGHT, body="hej\n"), MARK_DAY)
    place.drop(letter(WRONG), MARK_DAY)
    place.run(MARK_DAY)
    before = [tuple(r) for r in ask(place, "SELECT * FROM letter")]
    done = ivobot(place, "letters", "settle", number, case, "--now", "2026-04-15T10:00")
    assert done.code == 1 and done.plain and "Something went wrong" not in done.err
    assert [tuple(r) for r in ask(place, "SELECT * FROM letter")] == before


# Reports before the register.


def test_an_import_takes_a_provisional_row_over(tmp_path: Path) -> None:
    place = town(tmp_path, rows("E-1"))
    place.drop(letter("IVO – Nyrapportering 2026-04-16, 9§7", body="Ärende: F-9\n"), "2026-04-16T09:00")
    place.run("2026-04-16T09:00")
    (row,) = ask(place, "SELECT * FROM register_row WHERE first_mark IS NOT NULL")
    assert (row["case"], row["start"], row["first_mark"], row["officer"]) == ("F-9", "2026-01-16", "2026-04-16", ANNA)
    done = place.import_register([*rows("E-1"), f"F-9;9§7;2026-01-15;{BO}"], "2026-04-17T08:00")
    assert (done.created, done.changed) == (0, 1)
    (row,) = ask(place, "SELECT * FROM register_row WHERE \"case\" = 'F-9'")
    assert (row["start"], row["first_mark"], row["officer"]) == ("2026-01-15", None, BO)
    assert [(r["k"], r["kind"]) for r in ask(place, "SELECT k, kind FROM report")] == [(1, "new")]
    place.drop(letter("IVO – Nyrapportering 2026-04-15, 9§7", sender=BO, body="Ärende: F-9\n"), "2026-04-17T09:00")
    place.run("2026-04-17T09:00")
    assert ask(place, "SELECT meeting FROM letter ORDER BY id DESC")[0]["meeting"] == "duplicate"
    assert answers(place.sent()) == []
    place.run("2026-04-21T09:00")
    assert [(mail_name(m), "F-9" in text(m)) for m in place.sent() if mail_name(m) == "overdue_1"] == [("overdue_1", False)]


def test_an_import_with_a_corrected_start_is_a_new_start(tmp_path: Path) -> None:
    place = town(tmp_path, rows("E-1"))
    place.run("2026-03-16T08:00")
    assert reminders(place.sent()) == [("two_months", ANNA)]
    done = place.import_register(rows("E-1", start="2026-01-19"), "2026-03-17T08:00")
    assert (done.created, done.changed, len(done.vanished)) == (0, 1, 0)
    place.run("2026-03-19T08:00")
    assert reminders(place.sent()) == [("two_months", ANNA)]
    place.drop(letter(RIGHT.replace("04-15", "04-19")), "2026-04-20T09:00")
    place.run("2026-04-20T09:00")
    assert ask(place, "SELECT meeting FROM letter")[0]["meeting"] == "matched"


# Modes.


TEAM = {"IVOBOT_BOT__MODE": "team", "IVOBOT_BOT__TEAM": '["prov@kommun.example"]'}


def test_mode_team_sends_to_the_team_only_and_says_for_whom(tmp_path: Path) -> None:
    place = town(tmp_path, rows("E-1"), **TEAM)
    place.drop(letter(WRONG), MARK_DAY)
    place.run("2026-03-16T08:00")
    place.run("2026-04-23T08:00")
    mails = place.sent()
    assert {mail_name(m) for m in mails} >= {"two_months", "title_rejected", "digest", "overdue_1"}
    meant = {"two_months": ANNA, "title_rejected": ANNA, "digest": REPORTER}
    for m in mails:
        assert str(m["To"]) == "prov@kommun.example" and m["Cc"] is None
        said = text(m)
        assert said.count(meant.get(mail_name(m), ANNA)) >= 1
        if mail_name(m) == "overdue_1":
            assert ANNA in said and REPORTER in said


def test_no_mail_leaves_the_own_domains_in_mode_team_either(tmp_path: Path) -> None:
    place = town(tmp_path, rows("E-1"), IVOBOT_BOT__MODE="team", IVOBOT_BOT__TEAM='["prov@kommun.example", "konsult@annan.example"]')
    place.run("2026-03-16T08:00")
    mails = place.sent()
    assert mails
    assert not [m for m in mails if "annan.example" in f"{m['To']} {m['Cc']}"]


@pytest.mark.parametrize("key, value", [("BOENDETEAMET", "chef@annan.example"), ("MANAGER", "chef@annan.example")])
def test_no_mail_leaves_the_own_domains(tmp_path: Path, key: str, value: str) -> None:
    place = town(tmp_path, rows("E-1"), **{f"IVOBOT_PEOPLE__{key}": value})
    for now in ("2026-03-16T08:00", "2026-04-14T08:00", "2026-04-21T08:00", "2026-04-28T08:00"):
        place.run(now)
    assert not [m for m in place.sent() if "annan.example" in f"{m['To']} {m['Cc']}"]


def test_a_reporter_outside_the_own_domains_is_refused(tmp_path: Path) -> None:
    """Without a reporter whom mail may reach nothing works: told at the start, not found in the outbox later."""
    place = Municipality(tmp_path, IVOBOT_PEOPLE__REPORTER="chef@annan.example")
    with pytest.raises(ConfigError, match="own_domains"):
        place.office()


def test_mode_dry_writes_files_and_leaves_the_mailbox_as_it_is(tmp_path: Path) -> None:
    place = town(tmp_path, rows("E-1"), IVOBOT_BOT__MODE="dry")
    place.drop(letter(WRONG), MARK_DAY)
    place.drop(letter(RIGHT), MARK_DAY)
    before = tree(place.box)
    for now in ("2026-03-16T08:00", "2026-03-17T09:00"):
        place.run(now)
    assert tree(place.box) == before
    written = [email.message_from_bytes(p.read_bytes(), policy=email.policy.default) for p in (place.home / "data" / "dry").glob("*.eml")]
    found = Counter(mail_name(m) for m in written)  # type: ignore[arg-type]
    assert found == {"two_months": 1, "title_rejected": 1, "report_differs": 1, "digest": 2}
    assert {str(m["To"]) for m in written} == {ANNA, REPORTER}
    assert oct((place.home / "data" / "dry").stat().st_mode)[-3:] == "700"
    assert {oct(path.stat().st_mode)[-3:] for path in (place.home / "data" / "dry").iterdir()} == {"600"}


def test_mode_dry_explains_every_letter(tmp_path: Path) -> None:
    place = town(tmp_path, rows("E-1"), IVOBOT_BOT__MODE="dry")
    for one in (letter(RIGHT), letter(WRONG), letter("Lunch?")):
        place.drop(one, MARK_DAY)
    place.run(MARK_DAY)
    found = status(place, MARK_DAY)["balance"]
    assert found["in"] == 3 and found["unexplained"] == 0


def test_from_dry_to_live_the_letters_are_filed(tmp_path: Path) -> None:
    place = town(tmp_path, rows("E-1"), IVOBOT_BOT__MODE="dry")
    for one in (letter(RIGHT), letter(WRONG), letter("Lunch?")):
        place.drop(one, MARK_DAY)
    place.run(MARK_DAY)
    place.environ["IVOBOT_BOT__MODE"] = "live"
    assert place.run("2026-04-15T09:05")["intake"] == 0
    assert [len(place.folder(f)) for f in ("INBOX", "Att rapportera", "Åtgärda titel")] == [1, 1, 1]


# The balance.


def test_every_letter_is_explained(tmp_path: Path) -> None:
    place = town(tmp_path, rows("E-1"))
    for one in MIXED:
        place.drop(one, MARK_DAY)
    place.run(MARK_DAY)
    found = status(place, MARK_DAY)["balance"]
    assert found["in"] == len(MIXED) == sum(found[part] for part in ("filed", "answered", "quarantined", "left"))
    assert found["unexplained"] == 0 and found["left"] == len(place.folder("INBOX"))
    assert found["quarantined"] == len(place.folder("Karantän"))


def test_a_letter_that_is_read_but_not_filed_is_unexplained(tmp_path: Path) -> None:
    place = town(tmp_path, rows("E-1"))
    place.drop(letter(RIGHT), MARK_DAY)
    with around(place, before={"file": [Killed()]}) as (office, _), pytest.raises(Killed):
        run(office, MARK_DAY)
    found = status(place, MARK_DAY)
    assert found["balance"]["unexplained"] == 1
    assert found["oldest_letter_waiting"] is not None


def test_a_rejected_letter_is_settled_by_the_right_one(tmp_path: Path) -> None:
    place = town(tmp_path, rows("E-1"))
    place.drop(letter(WRONG), MARK_DAY)
    place.drop(letter(RIGHT), MARK_DAY)
    place.run(MARK_DAY)
    found = ask(place, "SELECT verdict, settled, folder FROM letter ORDER BY id")
    assert (found[0]["verdict"], bool(found[0]["settled"]), found[0]["folder"]) == ("rejected", True, "Klart")
    assert len(place.folder("Klart")) == 1 and len(place.folder("Att rapportera")) == 1

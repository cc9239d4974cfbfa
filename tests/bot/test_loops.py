"""Machines that answer the program: at most one answer each, then silence, and the reporter is told.

Every case runs for three days, a round every half hour, and every mail of ours that the machine gets is answered at once.
"""

import re
from collections.abc import Callable
from datetime import date, timedelta
from email.message import EmailMessage
from pathlib import Path

import pytest

from rules.answer import question
from rules.title import read
from tests.bot.town import ANNA, IMPORTED, RIGHT, WRONG, ask, letter, rows, town
from tests.municipality import PEOPLE, Municipality, instant, mail_name, text

START = "2026-04-15T09:00"  # a Wednesday
OURS = "ivo-rapportor-lss@kommun.example"
ROUNDS = 3 * 24 * 2

Machine = Callable[[EmailMessage, int], bytes | None]
"""What a machine sends when it gets a mail, by how many it got before; None for nothing."""


def raw(subject: str, *headers: str, sender: str = ANNA, body: str = "Hej!\r\n") -> bytes:
    """A letter of a machine."""
    raw.count += 1  # type: ignore[attr-defined]
    lines = [f"From: {sender}", f"To: {OURS}", f"Subject: {subject}", f"Message-ID: <m{raw.count}@kommun.example>", *headers]  # type: ignore[attr-defined]
    return ("\r\n".join(lines) + "\r\n\r\n" + body).encode()


raw.count = 0  # type: ignore[attr-defined]


def days(place: Municipality, machine: Machine, address: str = ANNA, rounds: int = ROUNDS) -> list[EmailMessage]:
    """The mails of ours in some days. The machine behind the address answers each that it gets."""
    mails: list[EmailMessage] = []
    got = 0
    now = instant(START)
    for _ in range(rounds):
        place.run(now.isoformat())
        for mail in place.sent():
            mails.append(mail)
            if address in f"{mail['To']} {mail['Cc']}":
                if (answer := machine(mail, got)) is not None:
                    place.drop({"raw": answer.decode("latin-1")}, now.isoformat())
                got += 1
        now += timedelta(minutes=30)
    return mails


ANSWERS = ("title_rejected", "report_differs", "ask_case", "receipt", "register_report")


def answers(mails: list[EmailMessage], address: str = ANNA) -> list[str]:
    """Our answers to an address."""
    return [mail_name(mail) for mail in mails if address in str(mail["To"]) and mail_name(mail) in ANSWERS]


def digests(mails: list[EmailMessage]) -> str:
    return "\n".join(text(mail) for mail in mails if mail_name(mail) == "digest")


def subject_of(mail: EmailMessage) -> str:
    return str(mail["Subject"]).encode("ascii", "replace").decode()


def id_of(mail: EmailMessage) -> str:
    return str(mail["Message-ID"])


# Each is told of in the ledger as what it is; none gets more than the answer to the person's own letter.
SILENT: dict[str, Machine] = {
    "a vacation responder": lambda mail, n: raw(
        f"Automatiskt svar: {subject_of(mail)}", "Auto-Submitted: auto-replied", f"In-Reply-To: {id_of(mail)}"
    ),
    "a vacation responder without headers": lambda mail, n: raw(f"Frånvaro: {subject_of(mail)}"),
    "a vacation responder without headers or words": lambda mail, n: raw(f"Jag är ledig {n}", body="Jag är ledig till måndag.\r\n"),
    "a vacation responder that says Re": lambda mail, n: raw(f"Re: {subject_of(mail)}", f"In-Reply-To: {id_of(mail)}"),
    "one that threads and sends the title again": lambda mail, n: raw(WRONG, f"References: {id_of(mail)}"),
    "one that sends the title again": lambda mail, n: raw(WRONG),
    "one that quotes us": lambda mail, n: raw(f"SV: {subject_of(mail)}", body=text(mail).replace("\n", "\r\n")),
    "one that forwards us": lambda mail, n: raw(
        "VB: hej",
        "Content-Type: multipart/mixed; boundary=b",
        body=f"--b\r\nContent-Type: message/rfc822\r\n\r\nMessage-ID: {id_of(mail)}\r\n\r\n--b--\r\n",
    ),
    "a ticket system": lambda mail, n: raw(f"[Ticket#2026{n:04}] Vi har tagit emot ditt mejl", "Auto-Submitted: auto-generated"),
    "a ticket system that changes the subject": lambda mail, n: raw(f"[#{n:04}] Tack! Ditt mejl har fått nummer {n:04}"),
    "a ticket system that says the title with a number": lambda mail, n: raw(f"[Ticket#{n:04}] {WRONG}"),
    "a ticket system that says the title with a number behind": lambda mail, n: raw(f"{WRONG} (#{n:04})"),
    "a ticket system that says the title with a word": lambda mail, n: raw(f"Ärende {n:04}: {WRONG}"),
    "a ticket system with no brackets": lambda mail, n: raw(f"#{n:04} {WRONG}"),
    "a bouncing address, Postfix": lambda mail, n: bounce(mail, "MAILER-DAEMON@kommun.example"),
    "a bouncing address, Exchange": lambda mail, n: bounce(mail, "postmaster@kommun.example"),
    "a bouncing address without a report": lambda mail, n: raw(
        "Undelivered Mail Returned to Sender", f"In-Reply-To: {id_of(mail)}", sender="MAILER-DAEMON@kommun.example"
    ),
    "a list that sends it back": lambda mail, n: raw(f"[alla] {WRONG}", "List-Id: <alla.kommun.example>", "Precedence: list"),
    "a list that hides": lambda mail, n: raw(f"[alla] {subject_of(mail)}"),
    "a robot that sends our own mail back": lambda mail, n: bytes(mail).replace(OURS.encode(), ANNA.encode(), 1),
    "a robot that takes our headers away": lambda mail, n: raw(subject_of(mail), body=text(mail)),
    "a receipt": lambda mail, n: raw(
        f"Läst: {subject_of(mail)}",
        "Content-Type: multipart/report; report-type=disposition-notification; boundary=b",
        body=f"--b\r\nContent-Type: message/disposition-notification\r\n\r\nOriginal-Message-ID: {id_of(mail)}\r\n\r\n--b--\r\n",
    ),
}


def bounce(mail: EmailMessage, sender: str) -> bytes:
    status = "--b\r\nContent-Type: message/delivery-status\r\n\r\nReporting-MTA: dns; x\r\n\r\nAction: failed\r\nStatus: 5.1.1\r\n"
    back = f"{status}--b\r\nContent-Type: message/rfc822\r\n\r\nMessage-ID: {id_of(mail)}\r\n\r\n--b--\r\n"
    return raw("Kan inte levereras: x", "Content-Type: multipart/report; report-type=delivery-status; boundary=b", sender=sender, body=back)


@pytest.mark.parametrize("name", SILENT)
def test_at_most_one_answer_each_then_silence(tmp_path: Path, name: str) -> None:
    """A person's flawed title is answered once, and a machine that says a flawed title itself once; the rest is silence, on the next days too."""
    place = town(tmp_path, rows("E-1"), IMPORTED)
    place.drop(letter(WRONG), START)
    mails = days(place, SILENT[name])
    assert answers(mails) in ([["title_rejected"]] if name not in SAYING else [["title_rejected"], ["title_rejected"] * 2])


SAYING = [
    name for name in SILENT if "says the title" in name or name in ("a ticket system with no brackets", "one that sends the title again")
]


@pytest.mark.parametrize("name", ["a ticket system that says the title with a number", "one that sends the title again"])
def test_what_was_held_back_is_told(tmp_path: Path, name: str) -> None:
    """The digest says which answers did not go out."""
    place = town(tmp_path, rows("E-1"), IMPORTED)
    place.drop(letter(WRONG), START)
    assert "Svar som inte skickades" in digests(days(place, SILENT[name]))


@pytest.mark.parametrize("name", [name for name in SILENT if "bouncing" in name or name == "a vacation responder"])
def test_who_was_not_reached_is_told(tmp_path: Path, name: str) -> None:
    place = town(tmp_path, rows("E-1"), IMPORTED)
    place.drop(letter(WRONG), START)
    assert re.search(r"inte nådde fram.*anna@kommun\.example", digests(days(place, SILENT[name])), re.DOTALL)


def test_a_person_who_corrects_several_titles_is_answered_each_time(tmp_path: Path) -> None:
    """Different questions of a person are no loop: a title with another flaw is another question, and so is another case."""
    place = town(tmp_path, rows("E-1", "E-2"), IMPORTED)
    for n, (title, case) in enumerate(((WRONG, "E-1"), (WRONG, "E-2"), ("IVO – Nyrapportering 2026-04-15", "E-1"), ("IVO – 9§4", "E-1"))):
        place.drop(letter(title, body=f"Ärende: {case}\n") | {"id": f"<p{n}@kommun.example>"}, START)
    assert len(answers(days(place, lambda mail, n: None, rounds=2))) == 4


@pytest.mark.parametrize("stripped", [False, True], ids=["as they are", "through a gateway that takes headers away"])
def test_two_bots_face_each_other(tmp_path: Path, stripped: bool) -> None:
    """Two municipal mailboxes with the same program, each in the other's own domains: a letter that seems to come from the other."""
    other = "ivo-rapportor-sol@kommun.example"
    first = town(tmp_path / "a", rows("E-1"), IMPORTED)
    second = town(tmp_path / "b", rows("E-1"), IMPORTED, IVOBOT_MAILBOX__ADDRESS=other)
    first.drop(letter(WRONG, sender=other), START)
    now, said = instant(START), []
    for _ in range(40):
        for place, target, address in ((first, second, other), (second, first, OURS)):
            place.run(now.isoformat())
            for mail in place.sent():
                if address in str(mail["To"]):
                    said.append(mail_name(mail))
                    content = (
                        raw(subject_of(mail), sender=str(mail["From"]).split("<")[1][:-1], body=text(mail)) if stripped else bytes(mail)
                    )
                    target.drop({"raw": content.decode("latin-1")}, now.isoformat())
        now += timedelta(minutes=30)
    assert said == ["title_rejected"]


def test_the_reporters_own_absence(tmp_path: Path) -> None:
    """The reporter's machine answers the digest; the next digest goes out all the same, once a day, and says so."""
    place = town(tmp_path, rows("E-1"), IMPORTED)
    mails = days(
        place, lambda mail, n: raw("Automatiskt svar: x", f"In-Reply-To: {id_of(mail)}", sender=PEOPLE["REPORTER"]), PEOPLE["REPORTER"]
    )
    assert [mail_name(mail) for mail in mails].count("digest") == 3
    assert answers(mails, PEOPLE["REPORTER"]) == []


def test_a_right_title_again_and_again(tmp_path: Path) -> None:
    """Receipts on: a machine that sends the report back gets one, for what comes after is the same report."""
    place = town(tmp_path, rows("E-1"), IMPORTED, IVOBOT_REPLY__MATCHED="true", IVOBOT_REPLY__NORMALISED="true")
    place.drop(letter(RIGHT), START)
    mails = days(place, lambda mail, n: raw(RIGHT, body="Ärende: E-1\r\n"))
    assert answers(mails) == ["receipt"]
    assert ask(place, "SELECT count(*) AS n FROM letter WHERE meeting = 'duplicate'")[0]["n"] >= 1


def test_many_machines_at_once_meet_the_brake(tmp_path: Path) -> None:
    """A storm from many addresses stops at the hourly brake, and is told."""
    place = town(tmp_path, rows("E-1"), IMPORTED, IVOBOT_REPLY__PER_HOUR="20")
    for n in range(100):
        place.drop(letter(WRONG, sender=f"p{n}@kommun.example") | {"id": f"<s{n}@kommun.example>"}, START)
    mails = days(place, lambda mail, n: None, rounds=1)
    assert len([mail for mail in mails if mail_name(mail) == "title_rejected"]) == 20
    assert ask(place, "SELECT count(*) AS n FROM letter WHERE answer = 'held:brake'")[0]["n"] == 80


@pytest.mark.parametrize(
    "other", [f"[Ticket#0002] {WRONG}", f"{WRONG} (#0002)", f"Ärende 0002: {WRONG}", f"#0002 {WRONG}", f"  {WRONG.upper()} [sak-2]"]
)
def test_the_same_question_with_another_number(other: str) -> None:
    """A number that a ticket system put to a title makes no new question; what was read in it does."""
    day = date(2026, 4, 15)
    first = other.replace("0002", "0001").replace("-2]", "-1]")
    assert question(other, read(other, day)) == question(first, read(first, day))
    changed = other.replace("9§4", "9§7")
    assert question(changed, read(changed, day)) != question(first, read(first, day)) or "9§4" not in other


def test_dates_in_brackets_are_questions_of_their_own() -> None:
    day = date(2026, 4, 15)
    both = [question(title, read(title, day)) for title in ("IVO – Nyrapportering (2026-04-01)", "IVO – Nyrapportering (2026-04-02)")]
    assert both[0] != both[1]

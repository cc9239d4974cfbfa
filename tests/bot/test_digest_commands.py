"""The reporter answers the digest's rows: what is written is done once, told in one mail, and can be taken back."""

import re
from email.message import EmailMessage
from pathlib import Path

import pytest

from tests.bot.town import MARK_DAY, RIGHT, Killed, around, ask, ivobot, letter, names, rows, run, town
from tests.municipality import Municipality, mail_name, text

REPORTER = "ivo.rapportor@kommun.example"
NOW, LATER, LAST = "2026-04-22T08:00", "2026-04-22T09:00", "2026-04-22T10:00"  # a Wednesday, the report day of 2026-04-15 long past


def digest_of(place: Municipality) -> EmailMessage:
    (found,) = [m for m in place.sent() if mail_name(m) == "digest"]
    return found


def row_of(digest: EmailMessage, case: str) -> int:
    """The number of the first row about a case."""
    found = re.search(rf"(?m)^ *(\d+)\. [^\n]*{case}\b", text(digest))
    assert found is not None, text(digest)
    return int(found[1])


def reply(digest: EmailMessage, body: str, sender: str = REPORTER) -> dict[str, object]:
    quoted = "\n".join(f"> {line}" for line in text(digest).splitlines())
    made = letter(f"SV: {digest['Subject']}", sender=sender, body=f"{body}\n\nFrån: ivobot\nÄmne: {digest['Subject']}\n\n{quoted}\n")
    return made | {"headers": {"In-Reply-To": str(digest["Message-ID"])}}


def answers(place: Municipality) -> list[EmailMessage]:
    return [m for m in place.sent() if mail_name(m) == "digest_answer"]


@pytest.fixture
def place(tmp_path: Path) -> Municipality:
    made = town(tmp_path, rows("E-1", "E-2", "E-3"))
    made.run(NOW)
    return made


def test_several_commands_one_answer(place: Municipality) -> None:
    digest = digest_of(place)
    one, two, three = (row_of(digest, case) for case in ("E-1", "E-2", "E-3"))
    place.drop(reply(digest, f"<{one}> rapporterad\n<{two}> verkställd 2026-04-20\n<{three}> skjut upp 3 dagar: väntar på svar"), LATER)
    place.run(LATER)
    (answer,) = answers(place)
    said = text(answer)
    assert str(answer["To"]) == REPORTER and "inte gjort" not in said and said.count("På rad ") >= 3
    closed = {r["case"]: r["closed_outcome"] for r in ask(place, 'SELECT "case", closed_outcome FROM register_row')}
    assert closed["E-2"] == "executed" and closed["E-1"] is None
    assert [r["k"] for r in ask(place, "SELECT k FROM report")] and len(ask(place, "SELECT * FROM postponed")) == 1
    assert len(names(place, "Klart")) == 1
    place.run(LAST)
    assert answers(place) == []


def test_undo(place: Municipality) -> None:
    """What the last reply did is taken back."""
    digest = digest_of(place)
    before = [tuple(r) for r in ask(place, 'SELECT "case", closed_on, closed_outcome FROM register_row')]
    place.drop(reply(digest, f"{row_of(digest, 'E-2')} verkställd 20/4 2026"), LATER)
    place.run(LATER)
    (answer,) = answers(place)
    place.drop(reply(answer, "ÅNGRA"), LAST)
    place.run(LAST)
    (undone,) = answers(place)
    assert "taget tillbaka" in text(undone)
    assert [tuple(r) for r in ask(place, 'SELECT "case", closed_on, closed_outcome FROM register_row')] == before


@pytest.mark.parametrize("sender", ["anna@kommun.example", "ivo.rapportor@annan.example"])
def test_nobody_else_commands(place: Municipality, sender: str) -> None:
    digest = digest_of(place)
    place.drop(reply(digest, f"<{row_of(digest, 'E-1')}> rapporterad", sender=sender), LATER)
    place.run(LATER)
    assert answers(place) == [] and ask(place, "SELECT * FROM report") == [] and len(names(place, "Oklara")) == 1


def test_what_cannot_be_done_is_told(place: Municipality) -> None:
    digest = digest_of(place)
    place.drop(reply(digest, f"<{row_of(digest, 'E-1')}> verkställd\n<88> rapporterad"), LATER)
    place.run(LATER)
    (answer,) = answers(place)
    assert "datumet saknas" in text(answer) and "ingen rad med det numret" in text(answer)
    assert ask(place, "SELECT * FROM report") == []


def test_a_reply_without_a_command_stays_for_the_reporter(place: Municipality) -> None:
    digest = digest_of(place)
    place.drop(reply(digest, "Tack! Det är 3 dagar kvar."), LATER)
    place.run(LATER)
    assert answers(place) == [] and len(names(place, "Oklara")) == 1


def test_a_postponed_row_is_reminded_when_its_day_comes(place: Municipality) -> None:
    """Nothing is sent about it while it waits, and nothing is lost."""
    digest = digest_of(place)
    for case in ("E-2", "E-3"):
        place.drop(reply(digest, f"<{row_of(digest, case)}> rapporterad"), LATER)
    place.drop(reply(digest, f"<{row_of(digest, 'E-1')}> skjut upp 9 dagar: väntar"), LATER)
    place.run(LATER)
    answers(place)
    sent: dict[str, list[str]] = {}
    for day in ("2026-04-23", "2026-04-24", "2026-04-27", "2026-04-28", "2026-04-29", "2026-04-30", "2026-05-04"):
        place.run(f"{day}T08:00")
        sent[day] = [mail_name(m) for m in place.sent() if mail_name(m).startswith("overdue")]
    assert not any(found for day, found in sent.items() if day < "2026-05-01") and sent["2026-05-04"]


# Letters: ticked off and settled by a reply.


def ledger(place: Municipality) -> list[tuple[str, str, str, bool]]:
    """Outcome or reason, where it belongs, where it lies and whether it is reported, of every letter but replies."""
    return [
        (r["meeting"] or r["reason"], r["folder"], r["found_in"], r["reported_to_ivo"] is not None)
        for r in ask(place, "SELECT * FROM letter WHERE reason != 'commands' ORDER BY id")
    ]


@pytest.fixture
def with_letter(tmp_path: Path) -> Municipality:
    """A report that came and waits in Att rapportera, and is in the morning's digest."""
    made = town(tmp_path, rows("E-1"))
    made.drop(letter(RIGHT), MARK_DAY)
    made.run("2026-04-16T08:00")
    return made


def test_a_letter_is_ticked_off_and_back(with_letter: Municipality) -> None:
    """As if it had been moved to Rapporterat till IVO; the answer has the line to document; ångra brings it back."""
    place, digest = with_letter, digest_of(with_letter)
    place.drop(reply(digest, f"<{row_of(digest, 'E-1')}> rapporterad"), "2026-04-16T09:00")
    place.run("2026-04-16T09:00")
    (answer,) = answers(place)
    assert "2026-04-16: Rapporterat till IVO. Nyrapportering för 2026-04-15" in " ".join(text(answer).split())
    assert ledger(place) == [("matched", "Rapporterat till IVO", "Rapporterat till IVO", True)]
    assert len(names(place, "Rapporterat till IVO")) == 1 and names(place, "Att rapportera") == []
    place.run("2026-04-16T09:30")
    assert ledger(place) == [("matched", "Rapporterat till IVO", "Rapporterat till IVO", True)]
    place.drop(reply(answer, "ångra"), "2026-04-16T10:00")
    place.run("2026-04-16T10:00")
    place.run("2026-04-16T10:30")
    assert ledger(place) == [("matched", "Att rapportera", "Att rapportera", False)] and len(names(place, "Att rapportera")) == 1
    assert [r["k"] for r in ask(place, "SELECT k FROM report")] == [1], "that the report came is not taken back"


def test_an_unclear_letter_is_settled_and_back(tmp_path: Path) -> None:
    place = town(tmp_path, rows("E-1", "E-2"))
    place.drop(letter(RIGHT, body="Se bifogat.\n"), MARK_DAY)
    place.run("2026-04-16T08:00")
    digest = digest_of(place)
    assert ledger(place) == [("ambiguous", "Oklara", "Oklara", False)]
    n = int(re.findall(r"(?m)^ *(\d+)\. Meddelande 1:", text(digest))[-1])
    place.drop(reply(digest, f"{n} är okänt ärende\n<{n}> är E-99"), "2026-04-16T09:00")
    place.run("2026-04-16T09:00")
    assert "ärendenumret finns inte i registret" in " ".join(text(answers(place)[0]).split())
    place.drop(reply(digest, f"<{n}> är e-2"), "2026-04-16T09:30")
    place.run("2026-04-16T09:30")
    (answer,) = answers(place)
    assert "ärende E-2" in text(answer) and "Rapporten räknas" in text(answer)
    assert ledger(place) == [("matched", "Att rapportera", "Att rapportera", False)]
    place.drop(reply(answer, "Ångra!"), "2026-04-16T10:00")
    place.run("2026-04-16T10:00")
    assert ledger(place) == [("ambiguous", "Oklara", "Oklara", False)] and ask(place, "SELECT * FROM report") == []


def test_a_provisional_row_that_was_settled_away_comes_back(tmp_path: Path) -> None:
    """An untracked report made a row of its own; said to be another's it goes, and undoing brings it back with its report."""
    place = town(tmp_path, rows("E-1"))
    place.drop(letter(RIGHT, sender="bo@kommun.example", body="Ärende: E-77\n"), MARK_DAY)
    place.run("2026-04-16T08:00")
    digest = digest_of(place)
    before = [tuple(r) for r in ask(place, "SELECT row_id, k, letter_id FROM report")]
    place.drop(reply(digest, f"<{row_of(digest, 'E-77')}> är E-1"), "2026-04-16T09:00")
    place.run("2026-04-16T09:00")
    (answer,) = answers(place)
    assert [r["case"] for r in ask(place, 'SELECT "case" FROM register_row ORDER BY id')] == ["E-1"], text(answer)
    place.drop(reply(answer, "ångra"), "2026-04-16T10:00")
    place.run("2026-04-16T10:00")
    assert [r["case"] for r in ask(place, 'SELECT "case" FROM register_row ORDER BY id')] == ["E-1", "E-77"]
    assert [tuple(r) for r in ask(place, "SELECT row_id, k, letter_id FROM report")] == before


def test_a_mark_without_a_letter_counts_as_done(place: Municipality) -> None:
    """It is no longer overdue, and the window counts it among the reports that are done."""
    digest = digest_of(place)
    place.drop(reply(digest, f"<{row_of(digest, 'E-1')}> rapporterad till IVO i går"), LATER)
    place.run(LATER)
    (answer,) = answers(place)
    assert "2026-04-21: Rapporterat till IVO." in " ".join(text(answer).split())
    place.run("2026-07-02T08:00")
    (july,) = [m for m in place.sent() if mail_name(m) == "digest"]
    assert "1 av 3 rapporter är klara, 2 saknas" in " ".join(text(july).split())


# Whom it obeys, and what it does not.


def test_a_forged_reply_does_nothing(tmp_path: Path) -> None:
    """With the own server's name configured, its word that the sender is authentic is needed."""
    place = town(tmp_path, rows("E-1"), IVOBOT_MAILBOX__AUTHSERV_ID="mx.kommun.example")
    place.run(NOW)
    digest = digest_of(place)
    command = reply(digest, f"<{row_of(digest, 'E-1')}> rapporterad")
    for said in (None, "other.example; dmarc=pass", "mx.kommun.example; dmarc=fail"):
        more = {"Authentication-Results": said} if said else {}
        place.drop(command | {"headers": {**command["headers"], **more}}, LATER)  # type: ignore[dict-item]
    place.run(LATER)
    assert answers(place) == [] and ask(place, "SELECT * FROM report") == [] and len(names(place, "Oklara")) == 3
    place.drop(command | {"headers": {**command["headers"], "Authentication-Results": "mx.kommun.example; dmarc=pass"}}, LAST)  # type: ignore[dict-item]
    place.run(LAST)
    assert len(answers(place)) == 1 and len(ask(place, "SELECT * FROM report")) == 1


def test_an_automatic_reply_does_nothing(place: Municipality) -> None:
    digest = digest_of(place)
    command = reply(digest, f"<{row_of(digest, 'E-1')}> rapporterad")
    place.drop(command | {"headers": {**command["headers"], "Auto-Submitted": "auto-replied"}}, LATER)  # type: ignore[dict-item]
    place.run(LATER)
    assert answers(place) == [] and ask(place, "SELECT * FROM report") == []


def test_the_same_letter_twice_acts_once(place: Municipality) -> None:
    """Delivered twice it is one; sent again as a new letter, it is told that it is done."""
    digest = digest_of(place)
    command = reply(digest, f"<{row_of(digest, 'E-1')}> verkställd 2026-04-20")
    for _ in range(2):
        place.drop(command | {"id": "<twin@kommun.example>"}, LATER)
    place.run(LATER)
    assert len(answers(place)) == 1 and len(ask(place, "SELECT * FROM digest_command")) == 1 and len(names(place, "Klart")) == 2
    place.drop(command, LAST)
    place.run(LAST)
    (answer,) = answers(place)
    assert "det var redan gjort" in text(answer)


def test_killed_before_the_letter_is_filed(place: Municipality) -> None:
    digest = digest_of(place)
    place.drop(reply(digest, f"<{row_of(digest, 'E-1')}> rapporterad"), LATER)
    with around(place, before={"file": [Killed()]}) as (office, _), pytest.raises(Killed):
        run(office, LATER)
    place.run(LAST)
    assert len(answers(place)) == 1 and len(ask(place, "SELECT * FROM report")) == 1 and len(names(place, "Klart")) == 1


@pytest.mark.parametrize("now, word", [("2026-05-06T07:59", "gjort"), ("2026-05-06T08:01", "äldre än två veckor")])
def test_an_old_digest_is_not_answered(place: Municipality, now: str, word: str) -> None:
    digest = digest_of(place)
    place.drop(reply(digest, f"<{row_of(digest, 'E-1')}> rapporterad"), now)
    place.run(now)
    (answer,) = answers(place)
    assert word in " ".join(text(answer).split())
    assert len(ask(place, "SELECT * FROM report")) == (word == "gjort")


def test_an_unknown_digest_is_told(place: Municipality) -> None:
    """Numbers of a digest that is not known mean nothing."""
    digest = digest_of(place)
    strange = reply(digest, "<1> rapporterad") | {"headers": {"In-Reply-To": "<other@kommun.example>"}}
    place.drop(strange, LATER)
    place.drop(strange | {"subject": "Fråga om läget"}, LATER)
    place.run(LATER)
    (answer,) = answers(place)
    assert "vilket morgonmejl" in text(answer) and ask(place, "SELECT * FROM report") == []
    assert len(names(place, "INBOX")) == 1, "another subject is no reply to a digest"


def test_an_html_reply(place: Municipality) -> None:
    """Outlook's own form, without a text part and with the digest quoted below without a mark."""
    digest = digest_of(place)
    n = row_of(digest, "E-1")
    raw = (
        f"From: {REPORTER}\r\nTo: ivo-rapportor-lss@kommun.example\r\nSubject: SV: x\r\nMessage-ID: <h@kommun.example>\r\n"
        f"In-Reply-To: {digest['Message-ID']}\r\nMIME-Version: 1.0\r\nContent-Type: text/html; charset=iso-8859-1\r\n\r\n"
        f"<html><body><p>&lt;{n}&gt; verkst\xe4lld 2026-04-20</p><div><p><b>Fr\xe5n:</b> IVO<br><b>Skickat:</b> den 22 april 2026<br></p>"
        f"<p>&lt;{n + 1}&gt; avslutad 2026-04-20</p></div></body></html>\r\n"
    )
    place.drop({"raw": raw}, LATER)
    place.run(LATER)
    closed = {r["case"]: r["closed_on"] for r in ask(place, 'SELECT "case", closed_on FROM register_row')}
    assert closed == {"E-1": "2026-04-20", "E-2": None, "E-3": None}


# What has changed since.


def test_a_row_that_has_changed_since_is_told(place: Municipality) -> None:
    digest = digest_of(place)
    one, two, three = (row_of(digest, case) for case in ("E-1", "E-2", "E-3"))
    ivobot(place, "register", "close", "E-1", "ended", "2026-04-20", "--why", "flytt", "--now", "2026-04-22T08:30")
    place.drop(letter(RIGHT, body="Ärende: E-2\n"), LATER)
    place.run(LATER)
    ivobot(place, "register", "correct", "E-3", "start", "2026-01-10", "--why", "fel dag", "--now", "2026-04-22T09:10")
    place.drop(reply(digest, f"<{one}> verkställd 2026-04-20\n<{two}> rapporterad\n<{three}> rapporterad"), LAST)
    place.run(LAST)
    (answer,) = answers(place)
    said = " ".join(text(answer).split())
    assert "beslutet är redan stängt" in said and "en rapport har kommit sedan dess" in said and "något har ändrats sedan dess" in said
    assert "Inget är ändrat" in str(answer["Subject"])


def test_undo_leaves_what_others_changed_since(place: Municipality) -> None:
    digest = digest_of(place)
    one, two = row_of(digest, "E-1"), row_of(digest, "E-2")
    place.drop(reply(digest, f"<{one}> verkställd 2026-04-20\n<{two}> avslutad 2026-04-20"), LATER)
    place.run(LATER)
    answers(place)
    ivobot(place, "register", "reopen", "E-1", "--why", "fel", "--now", "2026-04-22T09:10")
    ivobot(place, "register", "close", "E-1", "ended", "2026-04-19", "--why", "rätt", "--now", "2026-04-22T09:20")
    found = []
    for now in (LAST, "2026-04-22T11:00"):
        place.drop(reply(digest, "ångra"), now)
        place.run(now)
        found += answers(place)
    first, second = found
    said = " ".join(text(first).split())
    assert "något har ändrats sedan dess" in said and "är taget tillbaka" in said
    assert {r["case"]: r["closed_on"] for r in ask(place, 'SELECT "case", closed_on FROM register_row')} == {
        "E-1": "2026-04-19",
        "E-2": None,
        "E-3": None,
    }
    assert "något har ändrats" in " ".join(text(second).split()), "what could not be taken back stays the last reply"
    assert ivobot(place, "audit", "verify").code == 0


def test_each_reporter_takes_back_the_own_reply(tmp_path: Path) -> None:
    other = "eva@kommun.example"
    place = town(tmp_path, rows("E-1"), IVOBOT_PEOPLE__REPORTER=f'["{REPORTER}", "{other}"]')
    place.run(NOW)
    mine = next(m for m in place.sent() if mail_name(m) == "digest" and str(m["To"]) == REPORTER)
    place.drop(reply(mine, f"<{row_of(mine, 'E-1')}> verkställd 2026-04-20"), LATER)
    place.drop(reply(mine, "ångra", sender=other), LATER)
    place.run(LATER)
    assert {str(m["To"]): "inget svar att ta tillbaka" in " ".join(text(m).split()) for m in answers(place)} == {
        REPORTER: False,
        other: True,
    }
    assert [r["closed_on"] for r in ask(place, "SELECT closed_on FROM register_row")] == ["2026-04-20"]


def test_the_trail_tells_whose_hand_it_was(place: Municipality) -> None:
    digest = digest_of(place)
    one, two, three = (row_of(digest, case) for case in ("E-1", "E-2", "E-3"))
    place.drop(reply(digest, f"<{one}> rapporterad\n<{two}> verkställd 2026-04-20\n<{three}> skjut upp 3 dagar: väntar"), LATER)
    place.run(LATER)
    place.drop(reply(digest, "ångra"), LAST)
    place.run(LAST)
    found = [
        (r["what"], r["who"]) for r in ask(place, "SELECT what, who FROM audit WHERE what NOT IN ('created', 'import') ORDER BY number")
    ]
    assert found == [(what, REPORTER) for what in ("reported", "closed", "postponed", "taken_back", "taken_back", "taken_back")]
    assert ivobot(place, "audit", "verify").code == 0 and ask(place, "SELECT * FROM postponed") == []


def test_what_is_not_understood_stands_nowhere(place: Municipality) -> None:
    """Neither the writer's other words nor an identity number in a reason is kept; the reason itself stands in the next digest."""
    digest = digest_of(place)
    one, two = row_of(digest, "E-1"), row_of(digest, "E-2")
    place.drop(reply(digest, f"Hej Hemligperson\n<{one}> skjut upp 5 dagar: väntar svar om 191212121212\n<{two}> är Gretahemlig 4"), LATER)
    place.run(LATER)
    place.run("2026-04-23T08:00")
    (again,) = [m for m in place.sent() if mail_name(m) == "digest"]
    shown = " ".join(text(again).split())
    assert "Uppskjutet" in shown and "kommer tillbaka måndag 2026-04-27. Skäl: väntar svar om ***" in shown
    written = b"".join(place.written().values())
    assert not [secret for secret in ("Hemligperson", "191212121212", "Gretahemlig") if secret.encode() in written]


# A morning with nothing to tell.


@pytest.mark.parametrize("configured, mails", [("line", 1), ("none", 0)])
def test_a_morning_with_nothing_to_tell(tmp_path: Path, configured: str, mails: int) -> None:
    """One line, or no mail; it is settled once a day, and is no fault."""
    place = town(tmp_path, IVOBOT_SCHEDULE__EMPTY_DIGEST=configured)
    assert [place.run(f"2026-04-22T{hour}")["digest"] for hour in ("07:29", "07:30", "07:32")] == [0, mails, 0]
    found = place.sent()
    assert len(found) == mails and all("Inget väntar på dig i dag" in text(m) for m in found)
    assert "digest_late" not in ivobot(place, "status", "--json", "--now", "2026-04-22T09:00").out

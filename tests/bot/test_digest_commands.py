"""The reporter answers the digest's rows: what is written is done once, told in one mail, and can be taken back."""

import re
from email.message import EmailMessage
from pathlib import Path

import pytest

from tests.bot.town import ask, letter, names, rows, town
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
    assert str(answer["To"]) == REPORTER and "inte gjort" not in said and said.count("Rad ") >= 3
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

"""What an operator looks at and mends: quarantine, outbox, and all about one mail."""

import json
from pathlib import Path

import pytest

from bot.errors import MailboxError, MailRefused
from tests.bot.town import MARK_DAY, RIGHT, WRONG, around, ask, ivobot, letter, names, rows, run, town
from tests.municipality import Municipality, mail_name

DELIVER = "2026-04-15T09:05"


def listed(place: Municipality, *arguments: str) -> list[dict[str, object]]:
    found = ivobot(place, *arguments, "--json")
    assert found.code == 0, found.err
    return [json.loads(line) for line in found.out.splitlines()]


def test_quarantine(tmp_path: Path) -> None:
    """An unreadable letter is listed with its reason, read again on wish, and can be deleted."""
    place = town(tmp_path, rows("E-1"))
    place.drop({"raw": "inga huvuden alls"}, MARK_DAY)
    place.run(MARK_DAY)
    (one,) = listed(place, "quarantine", "list")
    assert (one["id"], one["reason"]) == (1, "unreadable:no_header")
    assert "Karantän" in ivobot(place, "quarantine", "show", "1").out
    assert ivobot(place, "quarantine", "retry", "1", "--now", MARK_DAY).code == 0
    assert (len(names(place, "INBOX")), len(names(place, "Karantän"))) == (1, 0) and not listed(place, "quarantine", "list")
    place.run(DELIVER)
    (again,) = listed(place, "quarantine", "list")
    refused = ivobot(place, "quarantine", "drop", str(again["id"]), "--now", DELIVER)
    assert refused.code == 2 and refused.plain and len(names(place, "Karantän")) == 1
    assert ivobot(place, "quarantine", "drop", str(again["id"]), "--yes", "--now", DELIVER).code == 0
    assert (len(names(place, "Borttaget")), len(names(place, "Karantän"))) == (1, 0) and not listed(place, "quarantine", "list")
    assert json.loads(ivobot(place, "status", "--json", "--now", DELIVER).out)["balance"]["unexplained"] == 0


def test_what_was_read_is_not_read_again(tmp_path: Path) -> None:
    """A title with an identity number was answered; reading it anew would answer it twice. Nothing of it is shown."""
    place = town(tmp_path, rows("E-1"))
    place.drop(letter("IVO – Nyrapportering 2026-04-15, 9§4, 19121212-1212"), MARK_DAY)
    place.run(MARK_DAY)
    refused = ivobot(place, "quarantine", "retry", "1", "--now", MARK_DAY)
    assert refused.code == 2 and refused.plain
    shown = ivobot(place, "quarantine", "show", "1")
    assert "1212" not in shown.out + shown.err and "personal_data" in shown.out


@pytest.mark.parametrize(
    "command", [("quarantine", "show"), ("quarantine", "retry"), ("quarantine", "drop"), ("outbox", "retry"), ("outbox", "cancel")]
)
def test_an_unknown_number(tmp_path: Path, command: tuple[str, str]) -> None:
    place = town(tmp_path, rows("E-1"))
    extra = ["--yes"] if command[1] == "drop" else []
    refused = ivobot(place, *command, "77", *extra)
    assert refused.code == 2 and refused.plain


def test_outbox(tmp_path: Path) -> None:
    """A mail that the server refuses is listed, tried again on wish, and another is never sent."""
    place = town(tmp_path, rows("E-1"))
    place.drop(letter(WRONG), MARK_DAY)
    place.drop(letter(WRONG, sender="bo@kommun.example"), MARK_DAY)
    with around(place, before={"send": [MailRefused("The server will not take it; look at the address.")] * 9}) as (office, _):
        run(office, MARK_DAY)
    answers = [m for m in listed(place, "outbox", "list") if m["name"] == "title_rejected"]
    assert [m["state"] for m in answers] == ["failed", "failed"] and "look at" in str(answers[0]["problem"])
    again, never = (str(m["id"]) for m in answers)
    assert ivobot(place, "outbox", "retry", again).code == ivobot(place, "outbox", "cancel", never).code == 0
    place.run(DELIVER)
    assert [str(m["To"]) for m in place.sent() if mail_name(m) == "title_rejected"] == ["anna@kommun.example"]
    for command in ("retry", "cancel"):
        refused = ivobot(place, "outbox", command, again)
        assert refused.code == 2 and refused.plain and "sent" in refused.err


def test_trace(tmp_path: Path) -> None:
    """An answer leads to its letter, a reminder to its row; a mail whose answer was lost says that it may have come twice."""
    place = town(tmp_path, rows("E-1"))
    place.drop(letter(WRONG), MARK_DAY)
    place.run("2026-04-14T09:00")
    place.run(MARK_DAY)
    mails = {mail_name(m): m for m in place.sent()}
    key = mails["title_rejected"]["X-Ivobot"].partition("key=")[2]
    (answer,) = listed(place, "trace", key)
    assert (answer["state"], answer["to"], answer["sends"], answer["sent_again"]) == ("sent", ["anna@kommun.example"], 1, 0)
    assert isinstance(answer["letter"], dict) and answer["letter"]["id"] == 1 and answer["rows"] == []
    (reminder,) = listed(place, "trace", str(mails["day_before"]["Message-ID"]))
    assert isinstance(reminder["rows"], list) and [(r["case"], r["k"], r["milestone"]) for r in reminder["rows"]] == [
        ("E-1", 1, "day_before")
    ]
    assert "E-1" in ivobot(place, "trace", str(mails["day_before"]["Message-ID"])).out
    unknown = ivobot(place, "trace", "abcdef0123")
    assert unknown.code == 2 and unknown.plain


def test_a_mail_sent_again_says_so(tmp_path: Path) -> None:
    """The server's answer was lost and no copy is found: it goes again after the wait, and that is counted."""
    place = town(tmp_path, rows("E-1"))
    place.drop(letter(WRONG), MARK_DAY)
    with around(place, before={"send": [MailboxError("gone", again=True)]}) as (office, _), pytest.raises(MailboxError):
        run(office, MARK_DAY)
    place.run("2026-04-15T10:30")
    (key,) = (r["key"] for r in ask(place, "SELECT key FROM mail WHERE name = 'title_rejected'"))
    (found,) = listed(place, "trace", key)
    assert (found["state"], found["sends"], found["sent_again"]) == ("sent", 2, 1)
    assert "twice" in ivobot(place, "trace", key[:8]).out


def test_a_matched_report_is_not_in_quarantine(tmp_path: Path) -> None:
    place = town(tmp_path, rows("E-1"))
    place.drop(letter(RIGHT), MARK_DAY)
    place.run(MARK_DAY)
    assert listed(place, "quarantine", "list") == []
    assert ivobot(place, "quarantine", "show", "1").code == 2

"""Register files that come by mail: imported once, answered with what became of them, and only from who may send them."""

from email.message import EmailMessage
from pathlib import Path

import pytest

from bot.errors import StoreError
from tests.bot.town import HEAD, ask, names, rows, run, staffed, town
from tests.municipality import Municipality, mail_name, text

NOW = "2026-03-02T08:00"
IT = "it@kommun.example"
GOOD = f"{HEAD}\nE-1;9§4;2026-01-15;anna@kommun.example\n"


def place_of(home: Path, **environ: str) -> Municipality:
    return town(home, **{"IVOBOT_REGISTER__SENDERS": f'["{IT}"]', **environ})


def mailed(*files: tuple[str, bytes], sender: str = IT, subject: str = "Veckans uttag", **headers: str) -> dict[str, str]:
    m = EmailMessage()
    m["From"], m["To"], m["Subject"], m["Message-ID"] = (
        sender,
        "ivo-rapportor-lss@kommun.example",
        subject,
        f"<{len(files)}@kommun.example>",
    )
    for name, value in headers.items():
        m[name.replace("_", "-")] = value
    m.set_content("Här kommer filen.\n")
    for name, content in files:
        m.add_attachment(content, maintype="application", subtype="octet-stream", filename=name)
    return {"raw": bytes(m).decode("latin-1")}


def cases(place: Municipality) -> list[str]:
    return [r["case"] for r in ask(place, 'SELECT "case" FROM register_row ORDER BY id')]


def answers(place: Municipality) -> list[EmailMessage]:
    return [m for m in place.sent() if mail_name(m) == "register_report"]


def test_a_good_file(tmp_path: Path) -> None:
    """It is imported, its letter goes to Klart, and the sender reads what became of it; the audit trail says whose it was."""
    place = place_of(tmp_path)
    place.drop(mailed(("Uttag Anna Testsson.CSV", GOOD.encode())), NOW)
    place.run(NOW)
    assert cases(place) == ["E-1"] and len(names(place, "Klart")) == 1
    (answer,) = answers(place)
    assert str(answer["To"]) == IT and "1 ny" in text(answer) and "Testsson" not in text(answer) + str(answer["Subject"])
    assert str(answer["In-Reply-To"]) == "<1@kommun.example>" and answer["Auto-Submitted"] == "auto-replied"
    assert {r["who"] for r in ask(place, "SELECT who FROM audit")} == {IT}
    place.run("2026-03-02T09:00")
    assert answers(place) == []


def test_faults_and_several_files(tmp_path: Path) -> None:
    """The good rows go in, the bad ones are told, and the letter waits among the unclear for someone to look."""
    place = place_of(tmp_path)
    place.drop(mailed(("a.csv", GOOD.encode()), ("b.csv", f"{HEAD}\nE-2;9§4;;bo@kommun.example\n".encode()), ("bild.png", b"x")), NOW)
    place.run(NOW)
    (answer,) = answers(place)
    said = text(answer)
    assert "Fil 1" in said and "Fil 2" in said and "Fil 3" not in said and "Rad 2, Beslutsdatum" in said
    assert cases(place) == ["E-1"] and len(names(place, "Oklara")) == 1


@pytest.mark.parametrize("content", [b"PK\x03\x04 rubbish", b"", b"hej", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600])
def test_a_file_that_cannot_be_read(tmp_path: Path, content: bytes) -> None:
    """Nothing is changed, and the sender is told so."""
    place = place_of(tmp_path)
    place.drop(mailed(("uttag.xlsx", content)), NOW)
    place.run(NOW)
    (answer,) = answers(place)
    assert "inte inläst" in str(answer["Subject"]) and "ingenting är ändrat" in text(answer) and cases(place) == []


@pytest.mark.parametrize(
    "letter_",
    [
        mailed(("uttag.csv", GOOD.encode()), sender="anna@kommun.example"),
        mailed(("uttag.csv", GOOD.encode()), sender="it@annan.example"),
        mailed(("uttag.csv", GOOD.encode()), Auto_Submitted="auto-replied"),
        mailed(("uttag.pdf", GOOD.encode())),
        mailed(("uttag.csv", GOOD.encode()), subject="IVO – Nyrapportering 9§4"),
        mailed(("uttag.csv", GOOD.encode()), subject="Uttag för 19121212-1212"),
    ],
    ids=["not allowed", "outside", "automatic", "another file", "a report", "a title with personal data"],
)
def test_no_other_letter_brings_a_register(tmp_path: Path, letter_: dict[str, str]) -> None:
    place = place_of(tmp_path)
    place.drop(letter_, NOW)
    place.run(NOW)
    assert cases(place) == [] and answers(place) == []


def test_a_sender_that_the_own_server_calls_false(tmp_path: Path) -> None:
    place = place_of(tmp_path, IVOBOT_MAILBOX__AUTHSERV_ID="mx.kommun.example")
    false = "mx.kommun.example; spf=fail smtp.mailfrom=kommun.example; dkim=fail; dmarc=fail header.from=kommun.example"
    place.drop(mailed(("uttag.csv", GOOD.encode()), Authentication_Results=false), NOW)
    place.run(NOW)
    assert cases(place) == []


def test_nothing_is_imported_in_dry_mode(tmp_path: Path) -> None:
    place = place_of(tmp_path, IVOBOT_BOT__MODE="dry")
    place.drop(mailed(("uttag.csv", GOOD.encode())), NOW)
    place.run(NOW)
    assert cases(place) == []


def test_killed_between_the_import_and_its_note(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The import is done again and changes nothing; the letter is answered once."""
    place = place_of(tmp_path)
    place.drop(mailed(("uttag.csv", GOOD.encode())), NOW)
    with monkeypatch.context() as patch, staffed(place) as office, pytest.raises(StoreError):
        patch.setattr("bot.jobs.mailed.letters.add", lambda *_: (_ for _ in ()).throw(StoreError("locked", again=True)))
        run(office, NOW)
    assert cases(place) == ["E-1"] and len(names(place, "INBOX")) == 1
    place.run("2026-03-02T08:10")
    (answer,) = answers(place)
    assert "1 oförändrad" in text(answer) and cases(place) == ["E-1"] and len(names(place, "Klart")) == 1


def test_too_much_would_vanish(tmp_path: Path) -> None:
    """The brake holds for a mailed file as for any other."""
    place = place_of(tmp_path)
    place.import_register(rows(*(f"E-{n}" for n in range(20))), "2026-01-20T08:00")
    place.drop(mailed(("uttag.csv", GOOD.encode())), NOW)
    place.run(NOW)
    (answer,) = answers(place)
    assert "inte inläst" in str(answer["Subject"]) and len(cases(place)) == 20

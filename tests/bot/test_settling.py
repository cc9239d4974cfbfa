"""The reporter's word and hand: settling an unclear letter settles what it puts right, and a letter that was moved on stays there."""

from pathlib import Path

from bot.jobs.settling import settle
from bot.mailbox.base import Folder, LetterId
from bot.store import engine as db
from bot.store import letters
from tests.municipality import Municipality, instant, mail_name, text

REGISTER = [
    "Ärende;Insats;Beslutsdatum;Handläggare;Förhandsbesked",
    "N-1;9§4;2026-01-15;anna@kommun.example;",
    "N-2;9§4;2026-01-15;anna@kommun.example;",
    "N-3;9§9;2025-01-15;bo@kommun.example;ja",
]
NOW = "2026-04-16T08:00"


def letter(subject: str, body: str = "hej\n", sender: str = "anna@kommun.example") -> dict[str, str]:
    return {"from": sender, "subject": subject, "body": body}


def ledger(place: Municipality) -> list[tuple[str, str, str]]:
    with db.read(place.office().engine) as tx:
        return [(row["meeting"] or row["reason"], row["folder"], row["found_in"]) for row in letters.listed(tx, "")]


def settle_letter(place: Municipality, number: int, case: str) -> None:
    office = place.office()
    with db.write(office.engine) as tx:
        settle(tx, office, number, case, instant(NOW))


def test_settling_settles_what_was_sent_back_before(tmp_path: Path) -> None:
    place = Municipality(tmp_path)
    place.import_register(REGISTER, "2026-03-02T08:00")
    place.drop(letter("IVO – Nyrapportering, 9§4"), NOW)
    place.drop(letter("IVO – Nyrapportering 2026-04-15, 9§4"), NOW)
    place.run(NOW)
    assert [folder for _, folder, _ in ledger(place)] == [Folder.FIX_TITLE, Folder.UNCLEAR]
    settle_letter(place, 2, "N-1")
    place.run("2026-04-16T08:10")
    assert [found for _, _, found in ledger(place)] == [Folder.DONE, Folder.TO_REPORT]


def test_a_letter_moved_to_reported_stays_there_when_it_is_settled(tmp_path: Path) -> None:
    place = Municipality(tmp_path)
    place.import_register(REGISTER, "2026-03-02T08:00")
    place.drop(letter("IVO – Nyrapportering 2026-04-15, 9§4"), NOW)
    place.run(NOW)
    office = place.office()
    (lying,) = office.mailbox.listing(Folder.UNCLEAR)
    office.mailbox.file({LetterId(lying): Folder.REPORTED})
    place.run("2026-04-16T08:10")
    settle_letter(place, 1, "N-1")
    place.run("2026-04-16T08:20")
    assert [found for _, _, found in ledger(place)] == [Folder.REPORTED]
    assert len(place.folder(Folder.REPORTED)) == 1


def test_the_right_title_agrees_with_its_reasons(tmp_path: Path) -> None:
    """Whether an old decision was reported before the program's time nobody here knows: the sender's own kind stands in the right title."""
    place = Municipality(tmp_path)
    place.import_register(REGISTER, "2026-03-02T08:00")
    place.drop(letter("IVO – Nyrapportering 2026-04-15, 9§9", "Ärende: N-3\n", "boendeteamet@kommun.example"), NOW)
    place.run(NOW)
    (answer,) = [m for m in place.sent() if mail_name(m) == "report_differs"]
    assert "IVO – Nyrapportering 2026-04-15, Förhandsbesked, 9§9" in text(answer)
    assert "Återrapportering" not in text(answer)


def test_an_interruption_is_no_duplicate_of_its_decision(tmp_path: Path) -> None:
    """It may be news: its sender is told that the register knows of no interruption, and it is not passed over in silence."""
    place = Municipality(tmp_path)
    place.import_register(REGISTER, "2026-03-02T08:00")
    for subject in ("IVO – Nyrapportering 2026-04-15, 9§4", "IVO – Nyrapportering avbrott 2026-04-15, 9§4"):
        place.drop(letter(subject, "Ärende: N-1\n"), NOW)
    place.run(NOW)
    assert [meeting for meeting, _, _ in ledger(place)] == ["matched", "kind_differs"]
    assert "report_differs" in {mail_name(m) for m in place.sent()}


def test_a_sender_whose_address_is_an_identity_number_is_kept_as_a_hash(tmp_path: Path) -> None:
    place = Municipality(tmp_path)
    place.import_register(REGISTER, "2026-03-02T08:00")
    place.drop(letter("IVO – Nyrapportering, 9§4", sender="191212121212@kommun.example"), NOW)
    place.run(NOW)
    assert "title_rejected" not in {mail_name(m) for m in place.sent()}
    assert not any(b"191212121212" in raw for raw in place.written().values())

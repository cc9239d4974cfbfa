"""A new hash key: nothing is lost meanwhile, rows move to it at their next import, and nothing is sent twice."""

from pathlib import Path

from bot.keys import rotate
from bot.store import engine as db
from bot.store import rows
from tests.municipality import Municipality, mail_name

LINES = ["Ärende;Insats;Beslutsdatum;Handläggare;Personnummer", "E-1;9§4;2026-01-15;anna@kommun.example;19121212-1212"]
LETTER = {"from": "anna@kommun.example", "subject": "IVO – Nyrapportering 2026-04-15, 9§4", "body": "Gäller 191212121212\n"}


def person(place: Municipality) -> str:
    office = place.office()
    with db.read(office.engine) as tx:
        return rows.everything(tx)[0].entry.person


def test_a_person_is_found_under_the_old_key_and_moves_to_the_new(tmp_path: Path) -> None:
    place = Municipality(tmp_path)
    place.import_register(LINES, "2026-03-02T08:00")
    before = person(place)
    rotate(tmp_path / "data")
    place.drop(LETTER, "2026-04-16T08:00")
    place.run("2026-04-16T08:00")
    assert len(place.folder("Att rapportera")) == 1
    place.import_register(LINES, "2026-04-17T08:00")
    assert person(place) not in ("", before)
    assert place.import_register(LINES, "2026-04-17T09:00").unchanged == 1


def test_rotation_sends_nothing_twice(tmp_path: Path) -> None:
    place = Municipality(tmp_path)
    place.import_register(LINES, "2026-03-02T08:00")
    place.run("2026-03-16T08:00")
    assert {mail_name(m) for m in place.sent()} == {"digest", "two_months"}
    rotate(tmp_path / "data")
    place.run("2026-03-16T09:00")
    assert place.sent() == []

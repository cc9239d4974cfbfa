"""Register files dropped in the watched folder."""

import os
from pathlib import Path

from tests.municipality import Municipality

NOW = "2026-03-02T08:00"
HEAD = "Ärende;Insats;Beslutsdatum;Handläggare\n"


def town(home: Path) -> tuple[Municipality, Path]:
    folder = home / "register"
    folder.mkdir()
    return Municipality(home / "town", IVOBOT_REGISTER__WATCH=str(folder)), folder


def cases(place: Municipality) -> list[str]:
    from bot.store import engine as db
    from bot.store import rows

    office = place.office()
    with db.read(office.engine) as tx:
        return [row.entry.case for row in rows.everything(tx)]


def test_a_good_file_goes_to_klart_with_its_report(tmp_path: Path) -> None:
    place, folder = town(tmp_path)
    (folder / "uttag.csv").write_text(HEAD + "E-1;9§4;2026-01-15;anna@kommun.example\n", "utf-8")
    place.run(NOW)
    assert cases(place) == ["E-1"]
    assert sorted(p.name for p in (folder / "Klart").iterdir()) == ["uttag.csv", "uttag.csv.rapport.txt"]
    assert "1 ny" in (folder / "Klart" / "uttag.csv.rapport.txt").read_text("utf-8")
    assert [p.name for p in folder.iterdir()] == ["Klart"]


def test_a_refused_row_goes_to_fel_and_the_good_rows_in(tmp_path: Path) -> None:
    place, folder = town(tmp_path)
    (folder / "uttag.csv").write_text(HEAD + "E-1;9§4;2026-01-15;a@kommun.example\nE-2;9§4;;b@kommun.example\n", "utf-8")
    place.run(NOW)
    assert cases(place) == ["E-1"]
    assert "Rad 3" in (folder / "Fel" / "uttag.csv.rapport.txt").read_text("utf-8")


def test_a_file_that_is_no_register_changes_nothing_and_stops_nobody(tmp_path: Path) -> None:
    place, folder = town(tmp_path)
    (folder / "a.xlsx").write_bytes(b"PK\x03\x04 not a workbook")
    (folder / "b.csv").write_text(HEAD + "E-1;9§4;2026-01-15;a@kommun.example\n", "utf-8")
    place.run(NOW)
    assert cases(place) == ["E-1"]
    assert (folder / "Fel" / "a.xlsx").exists() and (folder / "Fel" / "a.xlsx.rapport.txt").exists()


def test_the_same_name_again_overwrites_nothing(tmp_path: Path) -> None:
    place, folder = town(tmp_path)
    for _ in range(2):
        (folder / "uttag.csv").write_text(HEAD + "E-1;9§4;2026-01-15;a@kommun.example\n", "utf-8")
        place.run(NOW)
    assert {"uttag.csv", "uttag-2.csv"} <= {p.name for p in (folder / "Klart").iterdir()}


def test_a_file_that_is_still_being_written_is_left_alone(tmp_path: Path) -> None:
    place, folder = town(tmp_path)
    file = folder / "uttag.csv"
    file.write_text(HEAD, "utf-8")
    just_now = 1772434799  # 2026-03-02T07:59:59 in Stockholm
    os.utime(file, (just_now - 3600 + 3600, just_now))
    place.run(NOW)
    assert file.exists()

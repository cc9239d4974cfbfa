"""`explain`: each coming date of a case with its derivation, law, setting and recipient."""

from pathlib import Path

from tests.bot.town import ANNA, BO, HEAD, MARK_DAY, RIGHT, ivobot, letter, rows, town
from tests.municipality import Municipality


def explain(place: Municipality, case: str, now: str = "2026-02-23T09:00") -> str:
    done = ivobot(place, "explain", case, "--now", now)
    assert (done.code, done.err) == (0, "")
    return done.out


def test_every_date_with_its_derivation(tmp_path: Path) -> None:
    out = explain(town(tmp_path, rows("E-1", start="2025-11-30")), "e-1")
    for said in (
        "beslut 30 november 2025 + 3 månader = lördag 28 februari 2026 (kortare månad: dess sista dag); "
        "sista arbetsdag innan = fredag 27 februari 2026; nästkommande arbetsdag = måndag 2 mars 2026",
        "28 f § LSS (1993:387), som den gäller 2025-11-30",
        "IVO: rapporteras 1 april 2026 – 30 april 2026 (kvartal 2026Q1); sista dag = torsdag 30 april 2026",
        "Nästa: IVO – Nyrapportering 2026-02-28, 9§4 (tas emot från fredag 27 februari 2026).",
        "2026-02-27 day_before: påminnelse om sammanfattning och rapport (gräns 1)",
        f"Till {ANNA}: handläggaren (den som skickar rapporten); registrets kolumn Handläggare, [people.officers]",
        "handläggaren skickar rapporten: ansvarsregel 4",
        "Beslut 30 november 2025 + 2 år = tisdag 30 november 2027",
        "10 000–1 000 000 kr, efter beslutets dag [28 b § LSS (1993:387), som den gäller 2025-11-30]",
    ):  # fmt: skip
        assert said in out, said
    for setting in ("[calendar] closed_days", "[bot] routine", "[schedule] reminders", "[people] manager", "[calendar] cut_off"):
        assert setting in out, setting


def test_what_is_reported_asks_for_the_next(tmp_path: Path) -> None:
    place = town(tmp_path, rows("E-1"))
    place.drop(letter(RIGHT), MARK_DAY)
    place.run(MARK_DAY)
    out = explain(place, "E-1", "2026-04-17T09:00")
    assert "rapporterad: nyrapportering inkom 15 april 2026" in out
    assert "Nästa: IVO – Återrapportering 2026-07-15, 9§4 (tas emot från tisdag 14 juli 2026)." in out
    assert "overdue_1: första påminnelsen, om ingen rapport har kommit (gräns 1)" not in out


def test_a_mail_that_went_is_no_coming_one(tmp_path: Path) -> None:
    place = town(tmp_path, rows("E-1"))
    assert "2026-03-16 two_months" in explain(place, "E-1", "2026-03-16T06:00")
    place.run("2026-03-16T08:00")
    assert "2026-03-16 two_months" not in explain(place, "E-1", "2026-03-16T09:00")


def test_what_is_taken_as_reported(tmp_path: Path) -> None:
    out = explain(town(tmp_path, rows("E-1", start="2025-10-17")), "E-1")
    assert "räknas som rapporterad: gränsen låg före 20 januari 2026" in out


def test_all_rows_of_a_case(tmp_path: Path) -> None:
    place = town(tmp_path, [f"{HEAD};Datum för avbrott", f"E-1;9§4;2025-12-01;{ANNA};", f"E-1;9§9;2025-12-01;{BO};2026-01-10"])
    out = explain(place, "E-1")
    assert "beslut 1 december 2025 + 3 månader" in out and "avbrott från 10 januari 2026 + 3 månader" in out
    assert "Boendeteamet skickar rapporten: ansvarsregel 2 ([[duty]]) gäller 9§9" in out
    assert "Avbrott från 10 januari 2026 + 2 år = måndag 10 januari 2028" in out


def test_the_fee_follows_the_decisions_day(tmp_path: Path) -> None:
    assert "15 000–1 500 000 kr" in explain(town(tmp_path, rows("E-1")), "E-1")


def test_a_closed_case_says_so_with_its_date(tmp_path: Path) -> None:
    place = town(
        tmp_path,
        [f"{HEAD};Verkställt", f"E-1;9§4;2025-11-01;{ANNA};2026-02-10", f"E-2;9§4;2025-12-01;{ANNA};2026-02-10"],
        "2026-02-15T08:00",
    )
    out = explain(place, "E-1")
    assert "Stängt 10 februari 2026 (2026-02-10): verkställt." in out and "Slutrapportering, verkställt 2026-02-10" in out
    assert "stängt inom tre månader, så det ska inte rapporteras" in explain(place, "E-2")


def test_a_protected_person_by_alias(tmp_path: Path) -> None:
    place = town(tmp_path, [f"{HEAD};Skyddad;Alias", f"HEMLIG-2;9§6;2026-01-15;{ANNA};ja;Z-9"])
    for case in ("HEMLIG-2", "Z-9"):
        out = explain(place, case)
        assert out.startswith("Z-9, 9§6") and "HEMLIG" not in out


def test_the_reporter_in_place_of_an_unknown_officer(tmp_path: Path) -> None:
    out = explain(town(tmp_path, rows("E-1", officer="AB")), "E-1")
    assert "Till ivo.rapportor@kommun.example: IVO-rapportören, för handläggaren (den som skickar rapporten) saknar känd adress" in out

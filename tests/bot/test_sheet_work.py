"""The work lists by the real program: what waits, who works on it, what to document, and the pages in a folder."""

import json
import os
import stat
from pathlib import Path
from typing import Any

import pytest

from bot.errors import ConfigError
from bot.jobs.sheets import write_sheets
from bot.jobs.worklist import release_done
from tests.bot.test_sheet import DONE, MARKED, NEW, PHRASES, reported
from tests.bot.town import ANNA, HEAD, ask, ivobot, letter, move, rows, staffed, town
from tests.municipality import Municipality, instant

TICKED = "2026-04-20T09:00"


def listed(place: Municipality, now: str = MARKED) -> list[dict[str, Any]]:
    ran = ivobot(place, "worklist", "--json", "--now", now)
    assert ran.code == 0, ran.err
    return [json.loads(line) for line in ran.out.splitlines()]


def tick(place: Municipality, now: str = TICKED) -> None:
    move(place, "Att rapportera", "Rapporterat till IVO")
    place.run(now)


def test_the_window_and_its_lists(tmp_path: Path) -> None:
    place = town(
        tmp_path, [HEAD, f"E-1;9§4;2026-01-02;{ANNA}", f"E-2;9§5;2025-12-30;{ANNA}", f"E-3;9§3;2026-01-05;{ANNA}"], "2026-01-07T08:00"
    )
    place.drop(letter("IVO – Nyrapportering 2026-03-30, 9§5", body="Ärende: E-2\n"), "2026-03-31T09:00")
    place.drop(letter("IVO – Slutrapportering, verkställt 2026-04-10, 9§3", body="Ärende: E-3\n"), "2026-04-10T09:00")
    place.run("2026-04-10T09:00")
    window, *items = listed(place, "2026-04-10T10:00")
    assert window == {"window": "2026Q1", "first": "2026-04-01", "last": "2026-04-30", "open": True}
    assert [(one["list"], one["case"], one["letter"], one["folder"]) for one in items] == [
        ("new", "E-2", 1, "Att rapportera"),
        ("final", "E-3", 2, "Att rapportera"),
    ]
    assert items[0]["missing"] == ["Ansvarig nämnd", "Huvudsakligt skäl", "Orsak"]
    assert (items[1]["kind"], items[1]["outcome"]) == ("new", "executed")
    shown = ivobot(place, "worklist", "--now", "2026-04-10T10:00").out
    assert "Nyrapporter: 1" in shown and "verkställt 2026-04-10, ny för IVO" in shown and "Återrapporter: inga." in shown


def test_a_passed_mark_without_a_letter_is_listed_as_such(tmp_path: Path) -> None:
    place = town(tmp_path, rows("E-1"))
    _, item = listed(place, "2026-07-02T09:00")
    assert (item["letter"], item["missing"], item["day"]) == (None, None, "2026-04-15")
    assert "rapporten har inte kommit" in ivobot(place, "worklist", "--now", "2026-07-02T09:00").out


def test_what_is_ticked_off_is_to_be_documented(tmp_path: Path) -> None:
    place = reported(tmp_path)
    tick(place)
    found = [one for one in listed(place, "2026-04-20T10:00")[1:]]
    line = "2026-04-20: Rapporterat till IVO. Nyrapportering för 2026-04-15: 9 § 4 Kontaktperson, beslut 2026-01-15."
    assert found == [{"list": "document", "case": "E-1", "letter": 1, "line": line}]
    assert line in ivobot(place, "worklist", "--now", "2026-04-20T10:00").out
    assert len(listed(place, "2026-05-20T10:00")) == 1


# Two reporters.


def take(place: Municipality, who: str, now: str, *more: str) -> tuple[int, str]:
    ran = ivobot(place, "worklist", "take", "1", "--who", who, "--now", now, *more)
    return ran.code, ran.out + ran.err


def taken(place: Municipality, now: str) -> str | None:
    found: str | None = listed(place, now)[1]["taken_by"]
    return found


def test_two_reporters_do_not_take_the_same_report(tmp_path: Path) -> None:
    place = reported(tmp_path)
    thursday, friday, monday = "2026-07-02T09:00", "2026-07-03T16:00", "2026-07-06T08:00"
    assert take(place, "Maj", thursday)[0] == 0 and take(place, "Maj", thursday)[1].endswith("redan.\n")
    code, said = take(place, "Olle", friday)
    assert code == 1 and said.startswith("Maj works on letter 1")
    assert taken(place, friday) == "Maj" and taken(place, monday) is None  # through the next workday
    assert take(place, "Olle", monday)[0] == 0 and taken(place, monday) == "Olle"
    assert take(place, "Olle", monday, "--release")[0] == 0 and taken(place, monday) is None


def test_a_tick_releases_a_report(tmp_path: Path) -> None:
    place = reported(tmp_path)
    assert take(place, "Maj", MARKED)[0] == 0
    tick(place)
    assert take(place, "Olle", TICKED) == (1, "Letter 1 is reported to IVO already.\n")
    with staffed(place) as office:
        release_done(office, instant(TICKED))
        assert release_done(office, instant(TICKED)) == 0
    assert ask(place, "SELECT * FROM desk") == []


@pytest.mark.parametrize("who, code", [("19121212-1212", 2), ("x" * 61, 2)])
def test_a_name_is_a_name(tmp_path: Path, who: str, code: int) -> None:
    place = reported(tmp_path)
    assert take(place, who, MARKED)[0] == code and ask(place, "SELECT * FROM desk") == []
    assert ivobot(place, "worklist", "take", "99", "--now", MARKED).code == 1


# The pages in a folder.


def written(place: Municipality, now: str) -> int:
    with staffed(place) as office:
        return write_sheets(office, instant(now))


def test_each_open_report_has_a_page_until_it_is_ticked_off(tmp_path: Path) -> None:
    folder = tmp_path / "underlag"
    place = reported(tmp_path, IVOBOT_SHEET__FOLDER=str(folder))
    place.run(MARKED)
    written(place, "2026-07-02T09:00")
    assert sorted(path.name for path in folder.iterdir()) == ["brev-1.html"]
    page = folder / "brev-1.html"
    assert "en timme av fyra" in page.read_text("utf-8") and "E-1" not in page.name
    assert os.name == "nt" or (stat.S_IMODE(folder.stat().st_mode), stat.S_IMODE(page.stat().st_mode)) == (0o700, 0o600)
    assert written(place, "2026-07-02T09:02") == 0
    tick(place, "2026-07-02T10:00")
    written(place, "2026-07-02T10:02")
    assert list(folder.iterdir()) == []


def test_a_report_that_has_not_come_has_the_rows_number(tmp_path: Path) -> None:
    folder = tmp_path / "underlag"
    place = town(tmp_path, rows("E-1"), IVOBOT_SHEET__FOLDER=str(folder))
    written(place, "2026-07-02T09:00")
    assert [path.name for path in folder.iterdir()] == ["rad-1-1.html"]


def test_other_files_in_the_folder_are_left_alone(tmp_path: Path) -> None:
    folder = tmp_path / "underlag"
    folder.mkdir(mode=0o700)
    for name in ("egen.html", "brev-1.html.txt", "brev-99.html"):
        (folder / name).write_text("x")
    place = town(tmp_path, rows("E-1"), IVOBOT_SHEET__FOLDER=str(folder))
    written(place, "2026-02-02T09:00")
    assert sorted(path.name for path in folder.iterdir()) == ["brev-1.html.txt", "egen.html"]


@pytest.mark.skipif(os.name == "nt", reason="Windows keeps rights elsewhere")
@pytest.mark.parametrize("mode, rights", [(0o700, 0o600), (0o750, 0o640), (0o770, 0o640)])
def test_whom_the_folder_lets_in_may_read(tmp_path: Path, mode: int, rights: int) -> None:
    folder = tmp_path / "underlag"
    folder.mkdir()
    folder.chmod(mode)
    place = reported(tmp_path, IVOBOT_SHEET__FOLDER=str(folder))
    written(place, "2026-07-02T09:00")
    assert stat.S_IMODE((folder / "brev-1.html").stat().st_mode) == rights


@pytest.mark.skipif(os.name == "nt", reason="Windows keeps rights elsewhere")
def test_a_folder_open_to_others_is_refused(tmp_path: Path) -> None:
    folder = tmp_path / "underlag"
    folder.mkdir()
    folder.chmod(0o755)
    place = reported(tmp_path)
    place.environ["IVOBOT_SHEET__FOLDER"] = str(folder)
    with pytest.raises(ConfigError, match="open to others"):
        written(place, "2026-07-02T09:00")
    assert list(folder.iterdir()) == []


def test_the_lists_hold_nothing_of_the_letters(tmp_path: Path) -> None:
    place = reported(tmp_path)
    out = ivobot(place, "worklist", "--now", "2026-07-02T09:00").out + json.dumps(listed(place, "2026-07-02T09:00"), ensure_ascii=False)
    assert "E-1" in out and not [phrase for phrase in PHRASES if phrase in out]


def test_final_reports_wait_for_no_window(tmp_path: Path) -> None:
    place = reported(tmp_path)
    tick(place)
    place.drop(letter(DONE.replace("08-03", "05-12"), body="Ärende: E-1\n"), "2026-05-13T09:00")
    place.run("2026-05-13T09:00")
    (item,) = [one for one in listed(place, "2026-05-13T09:00")[1:] if one["list"] != "document"]
    assert (item["list"], item["kind"]) == ("final", "final") and NEW

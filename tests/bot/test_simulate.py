"""`simulate`: the calendar, the calendar file, the mails as the service would send them, and what a change would change."""

import email
import email.policy
import json
from datetime import date
from itertools import pairwise
from pathlib import Path

import pytest
from icalendar import Calendar

from bot.cli.milestones import week_words
from bot.cli.simulate.comparison import compare
from bot.cli.simulate.events import spans
from bot.cli.simulate.former import Line
from tests.bot.town import ANNA, BO, HEAD, Ran, ivobot, rows, town
from tests.municipality import Municipality

REPORTER = "ivo.rapportor@kommun.example"
PERIOD = ("--from", "2026-03-16", "--to", "2026-04-28")


def simulate(place: Municipality, *more: str) -> Ran:
    done = ivobot(place, "simulate", *PERIOD, *more)
    assert (done.code, done.err) == (0, "")
    return done


# The calendar.


def test_the_calendar_stands_by_week_and_day_with_totals(tmp_path: Path) -> None:
    lines = simulate(town(tmp_path, rows("E-1"))).out.splitlines()
    assert [line for line in lines if line.startswith("Vecka")] == [
        "Vecka 12, 16–22 mars 2026", "Vecka 16, 13–19 april 2026", "Vecka 17, 20–26 april 2026", "Vecka 18, 27 april – 3 maj 2026",
    ]  # fmt: skip
    assert "  Måndag 16 mars" in lines and "  Tisdag 28 april" in lines
    assert any(line.split() == ["påminnelse", "om", "kontakter", "E-1", ANNA] for line in lines)
    assert any(line.startswith("4 mejl från 16 mars 2026 till 28 april 2026. De gäller 1 beslut") for line in lines)
    assert any(line.split() == [ANNA, "4", "0", "1"] for line in lines)
    assert any(line.split() == [REPORTER, "0", "2", "1"] for line in lines)


def test_a_bundle_is_one_mail(tmp_path: Path) -> None:
    done = simulate(town(tmp_path, rows(*(f"E-{n}" for n in range(1, 8)))))
    assert "E-1, E-2, E-3, E-4, E-5, E-6, E-7" in done.out
    assert "4 mejl från 16 mars 2026 till 28 april 2026 om 28 påminnelser" in done.out


def test_no_mail_is_said(tmp_path: Path) -> None:
    place = town(tmp_path, rows("E-1"))
    done = ivobot(place, "simulate", "--from", "2026-03-17", "--to", "2026-03-18")
    assert done.out == "Inga mejl från 17 mars 2026 till 18 mars 2026.\n"


@pytest.mark.parametrize("day, expected", [
    (date(2026, 3, 18), "vecka 12, 16–22 mars 2026"),
    (date(2026, 1, 1), "vecka 1, 29 december 2025 – 4 januari 2026"),
    (date(2026, 5, 3), "vecka 18, 27 april – 3 maj 2026"),
])  # fmt: skip
def test_weeks(day: date, expected: str) -> None:
    assert week_words(day) == expected


def test_ten_years_are_worked_out_in_parts_that_leave_no_day_out(tmp_path: Path) -> None:
    """The parts meet; a period over several of them gives what its halves give."""
    found = spans(date(2026, 1, 1), date(2035, 12, 31))
    assert len(found) > 1 and found[0][0] == date(2026, 1, 1) and found[-1][1] == date(2035, 12, 31)
    assert all((b[0] - a[1]).days == 1 for a, b in pairwise(found))
    place = town(tmp_path, rows("E-1", insats="9§10"))
    whole = ivobot(place, "simulate", "--from", "2026-01-01", "--to", "2035-12-31", "--json").out
    halves = [
        ivobot(place, "simulate", "--from", f"{a}-01-01", "--to", f"{b}-12-31", "--json").out for a, b in ((2026, 2030), (2031, 2035))
    ]
    assert whole == "".join(halves) and whole.count("\n") == 39 * 5 + 1, "39 marks, and the next one's first mail"


# Absence.


def test_a_substitute_gets_the_mail_on_days_of_absence(tmp_path: Path) -> None:
    absent = json.dumps({"AB": {"address": ANNA, "substitute": BO, "absent": [["2026-04-01", "2026-04-15"]]}})
    place = town(tmp_path, rows("E-1", officer="AB"), IVOBOT_PEOPLE__OFFICERS=absent)
    found = [json.loads(line) for line in simulate(place, "--json").out.splitlines()]
    assert [one["to"][0] for one in found] == [ANNA, BO, ANNA, ANNA]


# The calendar file.


def test_the_calendar_file(tmp_path: Path) -> None:
    lines = [f"{HEAD};Skyddad;Alias", f"E-1;9§4;2025-11-30;{ANNA};;", f"HEMLIG-2;9§6;2026-01-15;{ANNA};ja;Z-9"]
    place, file = town(tmp_path, lines), tmp_path / "k.ics"
    simulate(place, "--ics", str(file))
    raw = file.read_bytes()
    assert file.stat().st_mode & 0o077 == 0
    assert all(len(line) <= 75 for line in raw.split(b"\r\n")) and b"\n" not in raw.replace(b"\r\n", b"")
    entries = Calendar.from_ical(raw).walk("VEVENT")
    told = [json.loads(line) for line in simulate(place, "--json").out.splitlines()]
    assert sorted(str(e["uid"]) for e in entries) == sorted(f"{one['key']}@kommun.example" for one in told)
    assert sorted(e.decoded("dtstart").isoformat() for e in entries) == sorted(one["send_on"] for one in told)
    whole = raw.replace(b"\r\n ", b"").decode()
    assert "HEMLIG" not in whole and "9§" not in whole and "Z-9" in whole
    assert "Ärende Z-9: påminnelse om kontakter" in [str(e["summary"]) for e in entries]


def test_an_entry_keeps_its_uid_when_its_day_is_moved(tmp_path: Path) -> None:
    place, files = town(tmp_path, rows("E-1")), [tmp_path / "a.ics", tmp_path / "b.ics"]
    simulate(place, "--ics", str(files[0]))
    place.environ["IVOBOT_CALENDAR__CLOSED_DAYS"] = '["2026-03-16"]'
    simulate(place, "--ics", str(files[1]))
    first, second = ({str(e["uid"]): e.decoded("dtstart") for e in Calendar.from_ical(f.read_bytes()).walk("VEVENT")} for f in files)
    assert first.keys() == second.keys() and first != second


# The mails.


def test_the_mails_are_those_that_the_service_sends(tmp_path: Path) -> None:
    """Byte for byte, when the service runs at the reminders' hour: single mails, a bundle, and a provider's own."""
    head = f"{HEAD};Utförare"
    provider = "utforare@kommun.example"
    lines = [head, f"E-1;9§4;2026-01-15;{ANNA};{provider}", *(f"F-{n};9§10;2026-01-15;{BO};{provider if n < 3 else ''}" for n in range(7))]
    place, folder = town(tmp_path, lines), tmp_path / "eml"
    simulate(place, "--eml", str(folder))
    for day in ("2026-03-16", "2026-04-14", "2026-04-16", "2026-04-21", "2026-04-28"):
        place.run(f"{day}T07:00")
    sent = {path.read_bytes() for path in place.folder("Skickat") if b"name=digest" not in path.read_bytes()}
    assert {path.read_bytes() for path in folder.iterdir()} == sent and len(sent) == 10
    assert all(path.stat().st_mode & 0o077 == 0 for path in folder.iterdir())


def test_a_mail_has_the_date_of_its_day_and_the_alias(tmp_path: Path) -> None:
    place, folder = town(tmp_path, [f"{HEAD};Skyddad;Alias", f"HEMLIG-2;9§6;2026-01-15;{ANNA};ja;../Z 9"]), tmp_path / "eml"
    simulate(place, "--eml", str(folder), "--json")
    first = min(folder.iterdir())
    assert first.name.startswith("2026-03-16 two_months -Z-9 ") and first.suffix == ".eml"
    mail = email.message_from_bytes(first.read_bytes(), policy=email.policy.default)
    assert mail["Date"] == "Mon, 16 Mar 2026 07:00:00 +0100" and b"HEMLIG" not in first.read_bytes()


def test_mode_team_shows_as_the_team_would_see_it(tmp_path: Path) -> None:
    place, folder = town(tmp_path, rows("E-1"), IVOBOT_BOT__MODE="team", IVOBOT_BOT__TEAM=f'["{BO}"]'), tmp_path / "eml"
    simulate(place, "--eml", str(folder))
    mail = email.message_from_bytes(min(folder.iterdir()).read_bytes(), policy=email.policy.default)
    assert mail["To"] == BO and f"avsett för {ANNA}" in mail.get_body(("plain",)).get_content()  # type: ignore[union-attr]


# What a change would change.


def former(place: Municipality) -> str:
    file = place.home / "before.json"
    file.write_text(simulate(place, "--json").out, "utf-8")
    return str(file)


def test_no_change(tmp_path: Path) -> None:
    place = town(tmp_path, rows("E-1"))
    assert simulate(place, "--against", former(place)).out == "Inga skillnader. Nu 4 mejl, i before.json 4.\n"


def test_a_change_is_counted_and_listed(tmp_path: Path) -> None:
    place = town(tmp_path, [HEAD, f"E-1;9§4;2026-01-15;{ANNA}", f"E-2;9§9;2026-01-16;{BO}"])
    before = former(place)
    place.environ |= {"IVOBOT_CALENDAR__CLOSED_DAYS": '["2026-03-16"]', "IVOBOT_PEOPLE__MANAGER": BO}
    place.import_register(
        [HEAD, f"E-1;9§4;2026-01-15;{ANNA}", f"E-2;9§9;2026-01-16;{BO}", f"E-3;9§4;2026-02-16;{ANNA}"], "2026-03-01T08:00"
    )
    out = simulate(place, "--against", before).out
    assert out.startswith("1 mejl fler, 2 flyttade, 1 till någon annan.")
    assert "mån 2026-03-16 → tis 2026-03-17  E-1, 9§4, k = 1: påminnelse om kontakter" in out
    assert f"enhetschef@kommun.example (kopia {REPORTER}) → " in out
    assert "tor 2026-04-16  E-3, 9§4, k = 1: påminnelse om kontakter  till anna@kommun.example" in out


def line(day: str, case: str = "E-1", k: int = 1, to: str = ANNA, due: str = "") -> Line:
    return Line(day, case, "two_months", k, "9§4", "2026-04-15", due, (to,), ())


def test_what_is_the_same_mail_in_both() -> None:
    """Case, insats, k and milestone; of a case with several rows, equal lines belong together."""
    found = compare(
        [line("2026-03-16"), line("2026-03-20"), line("2026-06-16", k=2), line("2026-03-16", "E-2", due="2026-03-29")],
        [line("2026-03-20"), line("2026-03-17", to=BO), line("2026-03-16", "E-2", due="2026-03-30"), line("2026-03-16", "E-3")],
    )
    assert [one.case for one in found.more] == ["E-3"] and [one.k for one in found.fewer] == [2]
    assert found.moved == found.others == [(line("2026-03-16"), line("2026-03-17", to=BO))]
    assert [one.case for one, _ in found.days] == ["E-2"]


def test_lines_outside_the_days_are_told(tmp_path: Path) -> None:
    place = town(tmp_path, rows("E-1"))
    before = former(place)
    done = ivobot(place, "simulate", "--from", "2026-03-16", "--to", "2026-04-14", "--against", before)
    assert "Inga skillnader. Nu 2 mejl" in done.out and "2 mejl i filen ligger utanför dagarna" in done.out


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16"])
def test_a_file_that_a_windows_shell_wrote(tmp_path: Path, encoding: str) -> None:
    place = town(tmp_path, rows("E-1"))
    Path(before := former(place)).write_text(Path(before).read_text("utf-8"), encoding, newline="\r\n")
    assert simulate(place, "--against", before).out.startswith("Inga skillnader.")


# Files that cannot be used.


@pytest.mark.parametrize("content", ['{"a": 1}', "[]", "x", "\x00", '{"send_on": "2026-99-01"}'])
def test_a_former_file_that_is_none(tmp_path: Path, content: str) -> None:
    (tmp_path / "no.json").write_text(content, "utf-8")
    done = ivobot(town(tmp_path / "t", rows("E-1")), "simulate", *PERIOD, "--against", str(tmp_path / "no.json"))
    assert (done.code, done.plain) == (2, True) and "line 1" in done.err


def test_places_that_cannot_be_written(tmp_path: Path) -> None:
    place = town(tmp_path / "t", rows("E-1"))
    for more in (
        ("--ics", str(tmp_path / "none" / "k.ics")), ("--ics", str(tmp_path)), ("--eml", str(tmp_path)),
        ("--against", str(tmp_path / "none.json")), ("--json", "--against", __file__),
    ):  # fmt: skip
        done = ivobot(place, "simulate", *PERIOD, *more)
        assert (done.code, done.plain, done.out) == (2, True, ""), more

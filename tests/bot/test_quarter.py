"""The quarterly report from the command line: figures, readers, freezing, changes, the input file, quality, and the mail."""

import json
import sqlite3
from datetime import date
from pathlib import Path

import pytest

from bot.cli.report_input import read
from bot.config.sections import Report
from bot.jobs.quality import usual_flaws
from bot.jobs.quarter_mail import due_quarter, send_quarter
from bot.store import engine as db
from rules.model import Flaw
from rules.report import Flaws
from rules.window import Quarter
from tests.bot.town import ANNA, BO, RIGHT, WRONG, Ran, ivobot, letter, town
from tests.municipality import Municipality, instant, mail_name, text

PUBLISHED = Path(__file__).parents[3] / "shared" / "data" / "vasteras_2023q4.csv"
HEAD = "Ärende;Insats;Beslutsdatum;Datum för avbrott;Handläggare;Kön;Orsak;Verkställt;Avslutat"
LIST = [
    HEAD,
    *(f"M-{n};9§10;2025-0{n}-11;;{ANNA};Man;Saknar plats;;" for n in range(1, 8)),
    *(f"K-{n};9§10;2025-0{n}-12;;{BO};Kvinna;Har tackat nej;;" for n in range(1, 7)),
    f"A-1;9§4;;2025-03-02;{ANNA};Flicka;Annat;;",
    f"A-2;9§4;2025-02-03;;{ANNA};Man;;2025-11-03;",
    f"A-3;9§4;2025-02-04;;{ANNA};Man;;;2025-12-04",
]
AFTER = "2026-01-22T08:00"
INPUT = """
[ongoing]
"9§10" = { men = 300, women = 200 }
"9§4" = { men = 90, women = 80 }
[analysis]
alla = "Läget är oförändrat."
"9§10" = "Fler platser behövs."
[[request]]
day = 2025-11-07
text = "Begäran om yttrande."
[[quarter]]
name = "2024Q4"
open = 12
men = 6
[quarter.insatser]
"9§10" = 11
"""


@pytest.fixture
def place(tmp_path: Path) -> Municipality:
    return town(tmp_path, LIST, AFTER)


def report(place: Municipality, *options: str, quarter: str = "2025Q4", now: str = AFTER) -> Ran:
    return ivobot(place, "report", quarter, "--now", now, *options)


def figures(place: Municipality, *options: str, quarter: str = "2025Q4", now: str = AFTER) -> dict:  # type: ignore[type-arg]
    done = report(place, *options, quarter=quarter, now=now)
    assert done.code == 0, done.err
    return json.loads(done.out)  # type: ignore[no-any-return]


def test_json_for_fullmaktige_and_internal(place: Municipality) -> None:
    """The same keys for both; suppressed counts are null; number, kind and time are always there; cases only internally."""
    public, internal = figures(place), figures(place, "--internal")
    keys = {"open_men", "open_women", "executed", "ended", "reported", "interruptions_open", "cause", "ongoing_men", "ongoing_women",
            "waits_days", "waits_days_interruptions"}  # fmt: skip
    for found in (public, internal):
        assert set(found) == {"quarter", "rows", "total", "findings"} and set(found["total"]) == keys
        assert [set(row) for row in found["rows"]] == [keys | {"insats"}] * 2
    four, ten = public["rows"]
    assert (four["open_men"], four["open_women"], four["executed"], four["ended"], four["reported"]) == (None, None, 1, 1, 3)
    assert (four["interruptions_open"], four["waits_days"], four["waits_days_interruptions"]) == (1, [], [304])
    assert (ten["open_men"], ten["open_women"]) == (None, None)  # its neighbour would be known from the total
    assert public["total"]["open_men"] == 7 and public["total"]["open_women"] == 7
    assert internal["rows"][0]["open_women"] == 1
    assert internal["rows"][1]["cause"] == {"no_housing": 7, "no_staff": 0, "declined": 6, "other": 0}
    assert public["total"]["waits_days"] == internal["total"]["waits_days"]


def test_the_published_table_follows_from_its_list(tmp_path: Path) -> None:
    """Västerås, the fourth quarter 2023: what the municipality itself wrote of its list."""
    if not PUBLISHED.exists():
        pytest.skip("the published list is about real people and stays outside the repository")
    place = town(tmp_path)
    assert ivobot(place, "register", "import", str(PUBLISHED), "--quarter", "2023Q4", "--now", AFTER).code == 0
    total = figures(place, "--internal", quarter="2023Q4")["total"]
    assert (total["reported"], total["executed"], total["ended"]) == (88, 18, 13)
    assert (total["open_men"], total["open_women"], total["interruptions_open"]) == (33, 24, 36)
    assert len(total["waits_days"]) + len(total["waits_days_interruptions"]) == 57
    public = figures(place, quarter="2023Q4")
    shown = {row["insats"]: (row["open_men"], row["open_women"]) for row in public["rows"]}
    nothing = (None, None)
    assert shown == {"9§3": (5, 5), "9§4": nothing, "9§5": nothing, "9§6": nothing, "9§7": nothing, "9§9": (7, 7), "9§10": (8, 10)}
    assert (public["total"]["open_men"], public["total"]["open_women"]) == (33, 24) and public["findings"] == []


def test_freezing(place: Municipality) -> None:
    """Frozen figures stay, what was corrected since is told beside them, and freezing again changes nothing."""
    before = figures(place, "--internal")
    first = report(place, "--freeze")
    assert first.code == 0 and first.err == "2025Q4 is frozen now.\n"
    closed = [line.replace("Saknar plats;;", "Saknar plats;2025-12-20;") if line.startswith("M-1;") else line for line in LIST]
    place.import_register(closed, "2026-02-02T08:00")
    again = report(place, "--freeze", now="2026-02-02T09:00")
    assert again.err == "2025Q4 was frozen before; nothing was changed.\n"
    assert figures(place, "--internal") == before
    made = place.home / "out"
    pytest.importorskip("docx")
    done = report(place, "--format", "html", "--for", "internal,fullmaktige", "--out", str(made), now="2026-02-02T09:00")
    assert done.code == 0, done.err
    internal, public = ((made / f"ej-verkstallda-beslut-2025Q4-{reader}.html").read_text("utf-8") for reader in ("internal", "fullmaktige"))
    assert "ej verkställda: 14 när kvartalet frystes, nu 13" in internal and "M-1: var ej verkställt, nu verkställt 2025-12-20" in internal
    assert "ej verkställda: 14 när kvartalet frystes, nu 13" in public and "M-1" not in public


def test_a_frozen_quarter_survives_pruning_and_names_nobody(place: Municipality) -> None:
    """What is kept holds no case, and the figures stay when the rows are gone; that is no change."""
    before = figures(place, "--internal")
    assert report(place, "--freeze").code == 0
    with sqlite3.connect(place.home / "data" / "ivobot.db") as tx:
        contents = tx.execute("SELECT contents FROM frozen_quarter").fetchone()[0]
        assert not [name for name in ("M-1", "K-2", "A-3", ANNA, BO) if name in contents]
        for table in ("report", "claim", "listing", "import_row", "register_row"):
            tx.execute(f"DELETE FROM {table}")
    after = figures(place, "--internal")
    assert after["rows"] == before["rows"] and after["total"] == before["total"]
    assert report(place, "--format", "html", "--out", str(place.home / "out")).code == 0
    page = next((place.home / "out").glob("*.html")).read_text("utf-8")
    assert "när kvartalet frystes" not in page


def test_tampered_figures_are_told(place: Municipality) -> None:
    assert report(place, "--freeze").code == 0
    with sqlite3.connect(place.home / "data" / "ivobot.db") as tx:
        tx.execute("""UPDATE frozen_quarter SET contents = replace(contents, '"threshold":5', '"threshold":2')""")
    done = report(place)
    assert done.code == 3 and done.plain and "were changed in the database" in done.err


def test_a_quarter_is_frozen_after_its_end(place: Municipality) -> None:
    done = report(place, "--freeze", quarter="2026Q1")
    assert done.code == 1 and done.plain and "freeze it after that day" in done.err


def test_input_file(place: Municipality) -> None:
    """Ongoing totals, requests, analysis and earlier quarters; kept when the quarter is frozen."""
    file = place.home / "given.toml"
    file.write_text(INPUT, "utf-8")
    found = figures(place, "--internal", "--input", str(file), "--freeze")
    assert (found["total"]["ongoing_men"], found["total"]["ongoing_women"]) == (390, 280)
    assert figures(place, "--internal")["rows"][1]["ongoing_men"] == 300
    assert "what the input file gave then counts" in report(place, "--input", str(file)).err
    done = report(place, "--format", "html", "--out", str(place.home / "out"))
    page = next((place.home / "out").glob("*.html")).read_text("utf-8")
    assert done.code == 0 and "Fler platser behövs." in page and "Begäran om yttrande." in page


def test_the_input_file_of_the_readme(tmp_path: Path) -> None:
    """The example there holds every key and is read."""
    readme = (Path(__file__).parents[2] / "README.md").read_text("utf-8")
    file = tmp_path / "given.toml"
    file.write_text(readme.split("```toml")[1].split("```")[0], "utf-8")
    found = read(file)
    assert found.ongoing and found.requests[0].answered and len(found.analysis) == 2
    assert None not in [getattr(found.past[0], name) for name in found.past[0].__slots__] and len(found.past[0].rows) == 2


@pytest.mark.parametrize(
    "lines, said",
    [
        ("[ongoing", "is not TOML"),
        ("[ongoingg]", "ongoingg: there is no such key"),
        ('[ongoing]\n"9§12" = { men = 1, women = 2 }', 'ongoing: an insats is written as "9§1" to "9§10"'),
        ('[ongoing]\n"9§1" = { men = -1, women = 2 }', "ongoing, 9§1, men: "),
        ('[[quarter]]\nname = "2024"\nopen = 3', "quarter, 1, name: "),
        ('[[request]]\ntext = "x"', "request, 1, day: "),
    ],
)
def test_faults_of_the_input_file(place: Municipality, lines: str, said: str) -> None:
    file = place.home / "given.toml"
    file.write_text(lines, "utf-8")
    done = report(place, "--input", str(file))
    assert done.code == 2 and done.plain and said in done.err


@pytest.mark.parametrize(
    "options, said",
    [
        (("--format", "odt"), "--format takes"),
        (("--for", "ivo"), "--for takes"),
        (("--internal", "--for", "revisorer"), "keep one of them"),
        (("--format", "docx"), "add --out DIR"),
        (("--for", "revisorer,internal"), "add --out DIR"),
        (("--input", "nowhere.toml"), "cannot be read"),
    ],
)
def test_usage(place: Municipality, options: tuple[str, ...], said: str) -> None:
    done = report(place, *options)
    assert done.code == 2 and done.plain and said in done.err


def test_quality(tmp_path: Path) -> None:
    """On time, late, missing, sent back and reminders, by officer, from letters that really came."""
    head = "Ärende;Insats;Beslutsdatum;Handläggare;Utförare"
    lines = [head, f"E-1;9§4;2026-01-15;{ANNA};Utföraren AB", f"E-2;9§4;2026-01-16;{ANNA};", f"E-3;9§3;2026-01-19;{BO};"]
    place = town(tmp_path, lines)
    place.drop(letter(WRONG), "2026-04-15T08:00")
    place.run("2026-04-15T09:00")
    place.drop(letter(RIGHT), "2026-04-16T08:00")
    place.run("2026-04-16T09:00")
    for day in ("2026-04-23", "2026-05-05"):
        place.run(f"{day}T09:00")
    place.drop(letter("IVO – Nyrapportering 2026-04-16, 9§4", body="Ärende: E-2\n"), "2026-05-06T08:00")
    place.run("2026-05-06T09:00")
    done = ivobot(place, "quality", "2026Q2", "--json", "--now", "2026-06-30T12:00")
    assert done.code == 0, done.err
    found = {(line["kind"], line["name"]): line for line in map(json.loads, done.out.splitlines())}
    keys = ("due", "on_time", "late", "missing", "waiting", "sent_back", "wrong")
    assert [found["all", "Alla"][key] for key in keys] == [3, 1, 1, 1, 0, 1, 0]
    assert [found["officer", ANNA][key] for key in keys] == [2, 1, 1, 0, 0, 1, 0]
    assert [found["officer", BO][key] for key in keys] == [1, 0, 0, 1, 0, 0, 0]
    assert found["provider", "Utföraren AB"]["on_time"] == 1
    assert found["officer", BO]["reminders"] >= 1
    office = place.office()
    with db.read(office.engine) as tx:
        assert usual_flaws(tx, office, date(2026, 4, 30)) == (Flaws(Flaw.MISSING_DATE, 1),)
        assert usual_flaws(tx, office, date(2026, 5, 1)) == ()
    office.engine.dispose()
    table = ivobot(place, "quality", "2026Q2", "--now", "2026-06-30T12:00").out
    assert "Skulle komma:" in table and ANNA in table


@pytest.mark.parametrize(
    "send_on, today, expected",
    [
        ("", "2026-01-25", None),
        (25, "2026-01-24", None),
        (25, "2026-01-25", "2025Q4"),
        (25, "2026-02-24", "2025Q4"),
        (25, "2026-02-25", None),  # too late to be sent by itself
        (["01-25", "08-20"], "2026-01-26", "2025Q4"),
        (["01-25", "08-20"], "2026-08-20", "2026Q2"),
        (["12-30"], "2027-01-04", "2026Q3"),
    ],
)
def test_the_day_of_sending(send_on: object, today: str, expected: str | None) -> None:
    found = due_quarter(Report.model_validate({"send_on": send_on}), date.fromisoformat(today))
    assert (str(found) if found else None) == expected
    assert found is None or isinstance(found, Quarter)


def test_the_mail_goes_once_and_only_of_a_frozen_quarter(tmp_path: Path) -> None:
    """To each configured address in the own domains, without any single decision."""
    settings = {
        "IVOBOT_REPORT__SEND_ON": "20",
        "IVOBOT_REPORT__TO_FULLMAKTIGE": '["namnd@kommun.example"]',
        "IVOBOT_REPORT__TO_INTERNAL": '["chef@kommun.example", "x@annan.example"]',
        "IVOBOT_REPORT__BOARD": "Omsorgsnämnden",
    }
    place = town(tmp_path, LIST, AFTER, **settings)

    def send(now: str) -> int:
        office = place.office()
        try:
            return send_quarter(office, instant(now))
        finally:
            office.engine.dispose()

    assert send("2026-01-22T09:00") == 0  # not frozen yet
    assert report(place, "--freeze").code == 0
    assert send("2026-01-24T09:00") == 0  # a Saturday
    assert send("2026-01-26T09:00") == 2
    assert send("2026-01-26T09:05") == 0
    place.run("2026-01-26T09:10")
    mails = [mail for mail in place.sent() if mail_name(mail) == "quarter"]
    assert sorted(str(mail["To"]) for mail in mails) == ["chef@kommun.example", "namnd@kommun.example"]
    for mail in mails:
        assert mail["Subject"] == "Ej verkställda beslut, kvartal 4 2025, siffror frysta 2026-01-22"
        assert (
            "14 ej verkställda" in text(mail)
            and "Omsorgsnämnden" in text(mail)
            and not [case for case in ("M-1", "K-1", "A-1", ANNA) if case in text(mail)]
        )

"""A second municipality's routine from the register file to the sent mails, and one of a municipality's own beside its mail templates."""

import json
from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from email.utils import getaddresses
from importlib.resources import files
from pathlib import Path

import pytest

from bot.errors import ConfigError
from bot.jobs.importing import Imported, take
from bot.register.reader import RegisterFile, read
from bot.store import engine as db
from bot.store import rows as stored
from rules.routine import COLUMNS
from rules.workday import Workdays
from tests.bot.town import ANNA, ask, ivobot
from tests.municipality import Municipality, instant, mail_name, text

HEAD = "Ärende;Insats;Beslutsdatum;Handläggare;Utförare;Externt;Verkställt;Avslutat;Beställt;BEKRÄFTAT ;Genomförandeplan inkommen"
UNIT = "stodenheten@kommun.example"
OFFICE = Workdays()


class Island(Municipality):
    """A municipality whose import reads the date columns of its routine, as the command does."""

    def __init__(self, home: Path, routine: str = "gotland") -> None:
        super().__init__(home, IVOBOT_BOT__ROUTINE=routine)

    def import_register(self, lines: Sequence[str], now: str, **options: bool) -> Imported:
        office = self.office()
        try:
            file = load([HEAD, *lines], now, office.planner.routine.columns)
            return take(office, file, instant(now), **options)
        finally:
            office.engine.dispose()

    def live(self, first: str, last: str) -> list[tuple[str, str, str, tuple[str, ...]]]:
        """Runs twice every workday of a span; gives day, mail, case and the recipients of each reminder that went out."""
        found = []
        for today in days(first, last):
            if today not in OFFICE:
                continue
            for hour in ("08:00", "15:00"):
                self.run(f"{today}T{hour}")
                for mail in self.sent():
                    if mail_name(mail) != "digest":
                        to = tuple(sorted(address for _, address in getaddresses(mail.get_all("To", []))))
                        found.append((str(today), mail_name(mail), str(mail["Subject"]).split()[1].strip(":"), to))
        return found


def days(first: str, last: str) -> Iterable[date]:
    start, end = date.fromisoformat(first), date.fromisoformat(last)
    return (start + timedelta(days=n) for n in range((end - start).days + 1))


def load(lines: Sequence[str], now: str, dates: dict[str, str] | None = None) -> RegisterFile:
    return read("\n".join(lines).encode(), today=instant(now).date(), hash_person=str, dates=dates)


def row(case: str = "G-1", **more: str) -> str:
    """A line of the register: a decision of Thursday 15 January 2026, carried out by a unit of the municipality's own."""
    said = {"insats": "9§4", "decision": "2026-01-15", "officer": ANNA, "provider": UNIT, "external": "", "executed": "", "ended": ""}
    said |= {"ordered": "2026-01-19", "confirmed": "", "plan": ""} | more
    return ";".join([case, *said.values()])


@pytest.mark.slow
def test_from_the_order_to_the_second_follow_up(tmp_path: Path) -> None:
    """Each mail on its day, to officer and provider, none twice; the days that the register gets end what they answer."""
    place = Island(tmp_path)
    place.import_register([row()], "2026-01-20T07:00")
    both = (ANNA, UNIT)
    assert place.live("2026-01-20", "2026-03-20") == [
        ("2026-01-26", "confirm_order", "G-1", both),  # five workdays after Monday 19 January
        ("2026-03-16", "two_months", "G-1", (ANNA,)),  # the fifteenth is a Sunday
    ]
    place.import_register([row(confirmed="2026-03-20", executed="2026-03-31")], "2026-04-01T07:00")
    assert place.live("2026-04-01", "2026-05-29") == [("2026-05-04", "plan_missing", "G-1", both)]  # from 31 March: 30 April, then långhelg
    place.import_register([row(confirmed="2026-03-20", executed="2026-03-31", plan="2026-05-20")], "2026-06-01T07:00")
    assert place.live("2027-03-22", "2027-04-09") == [("2027-03-31", "yearly_follow_up", "G-1", (ANNA,))]
    assert place.live("2028-03-27", "2028-04-07") == [("2028-03-31", "yearly_follow_up", "G-1", (ANNA,))]
    place.import_register([row(executed="2026-03-31", ended="2028-06-01")], "2028-06-02T07:00")
    assert place.live("2029-03-26", "2029-04-06") == []


@pytest.mark.parametrize("more, span, wanted", [
    ({"confirmed": "2026-01-23"}, ("2026-01-20", "2026-02-27"), []),
    ({"ordered": ""}, ("2026-01-20", "2026-02-27"), []),
    ({"ordered": "2026-01-20 "}, ("2026-01-20", "2026-02-27"), [("2026-01-27", "confirm_order")]),
    ({"confirmed": "2026-01-23", "executed": "2026-02-10", "plan": "2026-03-10"}, ("2026-02-11", "2026-04-30"), []),
    ({"confirmed": "2026-01-23", "executed": "2026-02-10"}, ("2026-02-11", "2026-04-30"), [("2026-03-11", "plan_missing")]),
    ({"confirmed": "2026-01-23", "ended": "2026-02-10"}, ("2026-02-11", "2026-04-30"), []),
    ({"confirmed": "2026-01-23"}, ("2026-04-10", "2026-05-08"), [("2026-04-14", "day_before"), ("2026-04-21", "overdue_1"), ("2026-04-28", "overdue_2")]),
])  # fmt: skip
@pytest.mark.slow
def test_what_a_column_begins_and_ends(tmp_path: Path, more: dict[str, str], span: tuple[str, str], wanted: list[tuple[str, str]]) -> None:
    """A reminder goes out when its day is known and what it asks for is not; the law's marks stay as they are."""
    place = Island(tmp_path)
    place.import_register([row()], "2026-01-20T06:00")
    place.import_register([row(**more)], f"{span[0]}T07:00")
    assert [(day, name) for day, name, _, _ in place.live(*span)] == wanted


def test_a_private_provider_reports_to_the_officer(tmp_path: Path) -> None:
    """No mail leaves the own domains: the officer alone is reminded, and told who answers to whom."""
    place = Island(tmp_path)
    place.import_register([row(provider="info@utforare.example", external="ja")], "2026-01-20T07:00")
    place.run("2026-01-26T08:00")
    (mail,) = [mail for mail in place.sent() if mail_name(mail) == "confirm_order"]
    assert mail["To"] == ANNA
    assert "Utföraren är privat och bekräftar till handläggaren." in " ".join(text(mail).split())


def test_dates_survive_import_merge_and_database(tmp_path: Path) -> None:
    """A changed date is a change, the same file again is none, and a file without the columns leaves what is known."""
    place = Island(tmp_path)
    assert place.import_register([row(confirmed="23/1 2026")], "2026-01-27T07:00").created == 1
    assert place.import_register([row(confirmed="2026-01-23")], "2026-01-27T07:05").unchanged == 1
    assert place.import_register([row(confirmed="2026-01-24")], "2026-01-27T07:10").changed == 1
    office = place.office()
    assert take(office, load(["Ärende;Insats;Beslutsdatum", "G-1;9§4;2026-01-15"], "2026-01-28"), instant("2026-01-28")).unchanged == 1
    with db.read(office.engine) as tx:
        (one,) = stored.everything(tx)
    office.engine.dispose()
    assert one.entry.dates == (("confirmed", date(2026, 1, 24)), ("ordered", date(2026, 1, 19)))
    assert place.import_register([row(ordered="")], "2026-01-29T07:00").changed == 1  # a date that was taken away


@pytest.mark.parametrize("header, known", [
    ("Beställt", "ordered"), (" BESTÄLLT", "ordered"), ("Bestallt", "ordered"), ("Best\ufffdllt", "ordered"), ("Beställningsdatum", "ordered"),
    ("Bekräftat (datum)", "confirmed"), ("Datum för bekräftelse", "confirmed"), ("Plan inkommen", "plan_received"), ("Order date", "ordered"),
    ("Genomförandeplan", "plan_received"), ("Verkställt", ""), ("Beslut", ""), ("Notering", ""),
])  # fmt: skip
def test_date_columns_are_known_by_their_headers(header: str, known: str) -> None:
    """The routine's own header and its usual synonyms in any spelling; a header of the register itself stays what it is."""
    found = load([f"Ärende;Insats;Beslutsdatum;{header}", "G-1;9§4;2026-01-15;2026-01-19"], "2026-02-01", dict(COLUMNS))
    assert dict(found.entries[0][1].dates) == ({known: date(2026, 1, 19)} if known else {})
    assert not found.errors and (found.ignored == ()) == (header != "Notering" and header != "Beslut")


def test_a_date_that_cannot_be_read_is_a_warning() -> None:
    """The row goes in without it."""
    found = load([HEAD, row(confirmed="ja")], "2026-02-01", dict(COLUMNS))
    assert [w.code for w in found.warnings] == ["unreadable_date"] and dict(found.entries[0][1].dates) == {"ordered": date(2026, 1, 19)}


def test_a_header_that_means_something_else_is_refused() -> None:
    """A routine cannot take a column of the register's own."""
    with pytest.raises(ConfigError, match="means Verkställt already"):
        load([HEAD, row()], "2026-02-01", {"ordered": "Verkställt"})


def test_simulate(tmp_path: Path) -> None:
    """What the routine would cause, without a letter or another import."""
    place = Island(tmp_path)
    place.import_register([row(), row("G-2", confirmed="2026-01-22", decision="2026-01-16")], "2026-01-20T07:00")
    lines = [
        json.loads(line) for line in ivobot(place, "simulate", "--from", "2026-01-20", "--to", "2026-04-30", "--json").out.splitlines()
    ]
    assert [(one["send_on"], one["milestone"], one["case"]) for one in lines] == [
        ("2026-01-26", "confirm_order", "G-1"), ("2026-03-16", "two_months", "G-1"), ("2026-03-16", "two_months", "G-2"), ("2026-04-14", "day_before", "G-1"),
        ("2026-04-15", "day_before", "G-2"), ("2026-04-21", "overdue_1", "G-1"), ("2026-04-22", "overdue_1", "G-2"), ("2026-04-28", "overdue_2", "G-1"),
        ("2026-04-29", "overdue_2", "G-2"),
    ]  # fmt: skip
    assert lines[0]["to"] == [ANNA, UNIT] and lines[0]["due"] is None


OWN = """
[[milestone]]
name = "welcome"
day = { anchor = "ordered", workdays = 1 }
useful = { anchor = "ordered", months = 1 }
to = ["officer"]
by_itself = true
"""


def own(home: Path, more: str = OWN) -> Path:
    """A routine file of a municipality's own, with the templates of one mail beside it."""
    packaged = (files("rules") / "data" / "routines" / "gotland.toml").read_text("utf-8")
    folder = home / "rutin" / "mail_templates"
    folder.mkdir(parents=True)
    body = '{% extends "_base.END" %}{% block body %}Beställt {{ f.rows[0].base|day }}.{% endblock %}'
    (folder / "welcome.subject.txt").write_text("Ärende {{ f.rows[0].case }}: välkommen", "utf-8")
    for end in ("txt", "html"):
        (folder / f"welcome.{end}").write_text(body.replace("END", end), "utf-8")
    file = home / "rutin" / "rutin.toml"
    file.write_text(packaged + more, "utf-8")
    return file


def test_a_routine_and_a_mail_of_ones_own(tmp_path: Path) -> None:
    """A file and three templates outside the program, and the mail goes out."""
    place = Island(tmp_path, str(own(tmp_path)))
    place.import_register([row()], "2026-01-20T06:00")
    place.run("2026-01-20T08:00")
    (mail,) = [mail for mail in place.sent() if mail_name(mail) == "welcome"]
    assert mail["Subject"] == "Ärende G-1: välkommen" and "Beställt måndag 2026-01-19." in text(mail)
    assert ask(place, "SELECT count(*) AS n FROM mail WHERE name = 'welcome'")[0]["n"] == 1
    assert "routine: ok" in ivobot(place, "check", "--offline").out.splitlines()


def problems(place: Municipality) -> list[str]:
    done = ivobot(place, "check", "--offline")
    return [line for line in done.out.splitlines() if line.startswith("routine: ")]


def test_check_tells_every_fault_of_a_routine_file(tmp_path: Path) -> None:
    """A line for each, with its place, whatever else is wrong."""
    faulty = (
        OWN.replace('["officer"]', '["chefen"]').replace('"ordered", workdays', '"orderd", workdays')
        + 'urgent = true\nwhen = { missing = "x" }\n'
    )
    place = Island(tmp_path, str(own(tmp_path, OWN.replace('["officer"]', '["chefen"]') + faulty.replace('"welcome"', '"bye"'))))
    found = problems(place)
    assert all(line.startswith(f"routine: {tmp_path}/rutin/rutin.toml, ") for line in found)
    assert [line.partition("rutin.toml, ")[2] for line in found] == [
        "milestone.9.urgent: there is no such key; correct it.",
        "milestone welcome: unknown role chefen; correct it.",
        "milestone bye: unknown role chefen; correct it.",
        "milestone.9.day.anchor: unknown anchor orderd; correct it.",
        "milestone.9.when.missing: unknown column x; correct it.",
    ]
    (tmp_path / "rutin" / "rutin.toml").write_text("name = \n", "utf-8")
    assert ["line 1" in line for line in problems(place)] == [True]
    (tmp_path / "rutin" / "rutin.toml").unlink()
    assert ["cannot be read" in line for line in problems(place)] == [True]


def test_check_tells_what_is_wrong_with_its_mails(tmp_path: Path) -> None:
    """Files that are missing, templates that do not render, subjects that are reports, and files that nothing uses."""
    place = Island(tmp_path, str(own(tmp_path, OWN + OWN.replace('"welcome"', '"bye"').replace("workdays = 1", "workdays = 2"))))
    folder = tmp_path / "rutin" / "mail_templates"
    (folder / "welcome.txt").write_text("{{ f.rows[0].nothing }}", "utf-8")
    (folder / "two_months.subject.txt").write_text("IVO – Nyrapportering {{ f.rows[0].mark }}, {{ f.rows[0].insats }}", "utf-8")
    (folder / "wellcome.txt").write_text("", "utf-8")
    found = problems(place)
    for said in (
        "milestone two_months, mail two_months: its subject is empty, or can be read as a report",
        "milestone two_months, mail two_months: its subject holds the insats",
        "milestone welcome, mail welcome: The mail welcome could not be written",
        "milestone bye, mail bye: bye.subject.txt is missing",
        "milestone bye, mail bye: bye.txt is missing",
        "milestone bye, mail bye: bye.html is missing",
        "mail_templates/wellcome.txt belongs to no milestone",
    ):
        assert [line for line in found if said in line], (said, found)
    assert len(found) == 7

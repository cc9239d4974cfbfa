"""From a letter to the sheet, by the real program: what is kept is sealed, shown to the reporter alone, and deleted when it is done."""

import json
import os
import re
import stat
from base64 import b64encode
from hashlib import sha256
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest

from bot.jobs.kept import prune_kept
from bot.store import engine as db
from tests.bot.town import ANNA, HEAD, Ran, ask, ivobot, letter, move, rows, staffed, town
from tests.municipality import Municipality, instant, mail_name, text

MARKED = "2026-04-16T09:00"
BODY = """Ärende: E-1
Insats: 9 § 4 Kontaktperson
Datum för rapportering: 2026-04-15
Datum för gynnande beslut: 2026-01-15
Huvudsakligt skäl: Hos kommunen
Orsak: Personalrelaterade skäl
Kontakt med kund: 2026-03-10, pratat om tulpanlöken
Erbjudande: 2026-03-02, kontaktperson från Vallmogården
Svar på erbjudande: 2026-03-09, nej, kunden vill ha någon i Klockarbyn
Delvis verkställt: 2026-03-01, en timme av fyra
Kompenserande insats: 2026-02-01, ledsagning till simhallen
Sammanfattning från utföraren: Rekrytering av kontaktperson pågår i Syréndalen.
Övrigt av vikt för IVO: Ny kontaktperson väntas i juni, granbarrsvägen.
"""
PHRASES = ("tulpanlöken", "Vallmogården", "Klockarbyn", "en timme av fyra", "simhallen", "Syréndalen", "granbarrsvägen")
NEW = "IVO – Nyrapportering 2026-04-15, 9§4"
AGAIN = "IVO – Återrapportering 2026-07-15, 9§4"
DONE = "IVO – Slutrapportering, verkställt 2026-08-03, 9§4"


def reported(home: Path, body: str = BODY, **environ: str) -> Municipality:
    """A municipality whose only decision is reported in one letter."""
    place = town(home, rows("E-1"), IVOBOT_REPORT__BOARD="Omsorgsnämnden", **environ)
    place.drop(letter(NEW, body=body), MARKED)
    place.run(MARKED)
    return place


def sheet(place: Municipality, case: str = "E-1", now: str = MARKED, *more: str) -> dict[str, Any]:
    """The sheet as JSON; of a case with one row."""
    ran = ivobot(place, "sheet", case, "--format", "json", "--now", now, *more)
    assert ran.code == 0, ran.err
    (line,) = ran.out.splitlines()
    found: dict[str, Any] = json.loads(line)
    return found


def values(found: dict[str, Any]) -> dict[str, str]:
    return {field["key"]: field["value"] for tab in found["tabs"] for field in tab["fields"]}


def clear(place: Municipality) -> list[str]:
    """The phrases of the letter that any file of the program holds as they are."""
    held = [raw.decode("utf-8", "replace") + raw.decode("latin-1") for raw in place.written().values()]
    return [phrase for phrase in PHRASES if any(phrase.casefold() in one.casefold() for one in held)]


# From the letter to the sheet.


def test_from_a_letter_to_the_sheet(tmp_path: Path) -> None:
    place = reported(tmp_path)
    found = sheet(place)
    assert (found["case"], found["kind"], found["insats"], found["letter"], found["day"]) == ("E-1", "new", "9§4", 1, "2026-04-15")
    assert found["missing"] == [] and list(found)[:4] == ["case", "insats", "form", "start"]
    assert values(found) | {"cause": ""} == {
        "board": "Omsorgsnämnden",
        "area": "LSS FUNK",
        "again": "Ny rapport",
        "person": "E-1",
        "protected": "Nej",
        "insats": "9 § 4 Kontaktperson",
        "sort": "Gynnande beslut",
        "decision_date": "2026-01-15",
        "status": "Ej verkställt",
        "reason": "Hos kommunen",
        "cause": "",
        "relative": "Nej",
        "offer_date": "2026-03-02",
        "explanation": "",
        "partly_from": "2026-03-01",
        "partly_how": "en timme av fyra",
        "compensating": "2026-02-01: ledsagning till simhallen",
        "other": "Ny kontaktperson väntas i juni, granbarrsvägen.",
    }
    assert values(found)["cause"].startswith("Personalrelaterade skäl (ex.")
    assert {one["name"] for one in found["material"]} == {"Erbjudande", "Svar på erbjudande", "Sammanfattning från utföraren"}
    assert found["lacking"] == []


def test_a_follow_up_and_a_final_report(tmp_path: Path) -> None:
    place = reported(tmp_path)
    move(place, "Att rapportera", "Rapporterat till IVO")
    place.run("2026-04-20T09:00")
    place.drop(letter(AGAIN, body=BODY.replace("en timme av fyra", "två timmar av fyra")), "2026-07-16T09:00")
    place.run("2026-07-16T09:00")
    found = sheet(place, now="2026-07-16T10:00")
    assert (found["kind"], found["k"], found["letter"]) == ("follow_up", 2, 2)
    fields = {field["key"]: field for tab in found["tabs"] for field in tab["fields"]}
    assert fields["partly_how"]["last"] == {"value": "en timme av fyra", "day": "2026-04-16"}
    assert fields["partly_how"]["complement"] == "två timmar av fyra" and fields["other"]["complement"] == ""
    place.drop(letter(DONE, body="Ärende: E-1\nVerkställt: 2026-08-03\n"), "2026-08-04T09:00")
    place.run("2026-08-04T09:00")
    final = sheet(place, now="2026-08-04T10:00")
    assert (final["kind"], final["outcome"], values(final)["executed_on"]) == ("final", "executed", "2026-08-03")
    assert any("Rapporten för 2026-07-15 är inte avprickad" in notice for notice in final["notices"])


def test_a_final_report_of_an_unreported_row_is_new_with_its_outcome(tmp_path: Path) -> None:
    place = town(tmp_path, rows("E-1"))
    place.drop(letter(DONE.replace("08-03", "05-04"), body=BODY), "2026-05-05T09:00")
    place.run("2026-05-05T09:00")
    found = sheet(place, now="2026-05-05T10:00")
    assert (found["kind"], found["outcome"], values(found)["again"], values(found)["reason"]) == (
        "new",
        "executed",
        "Ny rapport",
        "Hos kommunen",
    )


def test_an_untracked_report_has_its_sheet(tmp_path: Path) -> None:
    place = town(tmp_path, rows("E-9", officer="bo@kommun.example", insats="9§5"))
    place.drop(letter(NEW, body=BODY.replace("E-1", "X-77")), MARKED)
    place.run(MARKED)
    assert values(sheet(place, "X-77"))["partly_how"] == "en timme av fyra"


def test_an_unclear_letter_keeps_its_text_until_it_is_settled(tmp_path: Path) -> None:
    place = town(tmp_path, rows("E-1", "E-2"))
    place.drop(letter(NEW, body=BODY.replace("Ärende: E-1\n", "")), MARKED)
    place.run(MARKED)
    assert values(sheet(place, "E-2"))["partly_how"] == ""
    assert ivobot(place, "letters", "settle", "1", "E-2", "--now", MARKED).code == 0
    place.run("2026-04-16T09:10")
    assert values(sheet(place, "E-2"))["partly_how"] == "en timme av fyra"
    assert values(sheet(place, "E-1"))["partly_how"] == ""


def test_what_was_missing_may_come_in_a_second_letter(tmp_path: Path) -> None:
    place = reported(tmp_path, BODY.replace("Huvudsakligt skäl: Hos kommunen\nOrsak: Personalrelaterade skäl\n", ""))
    assert sheet(place)["missing"] == ["Huvudsakligt skäl", "Orsak"]
    place.drop(letter(NEW, body="Ärende: E-1\nHuvudsakligt skäl: Hos kommunen\nOrsak: Saknar plats\n"), "2026-04-17T09:00")
    place.run("2026-04-17T09:00")
    found = sheet(place)
    assert (
        found["missing"] == [] and values(found)["cause"].startswith("Saknar plats") and values(found)["partly_how"] == "en timme av fyra"
    )
    assert [row["meeting"] for row in ask(place, "SELECT meeting FROM letter")] == ["matched", "duplicate"]


# Secrecy.


def test_nothing_of_the_text_is_kept_in_clear(tmp_path: Path) -> None:
    place = reported(tmp_path, IVOBOT_LOG__LEVEL="debug")
    for command in (("letters", "--json"), ("register", "show", "E-1"), ("status",), ("explain", "E-1")):
        ran = ivobot(place, *command)
        assert not [phrase for phrase in PHRASES if phrase in ran.out + ran.err], command
    assert clear(place) == []
    assert len(ask(place, "SELECT sealed FROM kept")) == 1
    key = place.home / "data" / "keys" / "body-1.key"
    assert re.fullmatch(r"[0-9a-f]{64}\n", key.read_text())
    assert os.name == "nt" or stat.S_IMODE(key.stat().st_mode) == 0o600


def test_of_a_contact_only_its_day_is_kept(tmp_path: Path) -> None:
    place = reported(tmp_path)
    assert "tulpanlöken" not in json.dumps(sheet(place), ensure_ascii=False)


def test_identity_numbers_never_reach_the_sheet(tmp_path: Path) -> None:
    body = BODY.replace("en timme av fyra", "en timme 19121212-1212").replace("granbarrsvägen", "191212121212")
    place = reported(tmp_path, body)
    for form in ("text", "html", "json"):
        out = ivobot(place, "sheet", "E-1", "--format", form, "--now", MARKED).out
        assert "1212121" not in out and "1212-1212" not in out and "[personnummer]" in out


def test_a_protected_person_is_an_alias_in_every_format(tmp_path: Path) -> None:
    place = town(tmp_path, [f"{HEAD};Skyddad;Alias", f"HEMLIG-1;9§4;2026-01-15;{ANNA};ja;Alias-5"])
    place.drop(letter(NEW, body=BODY.replace("E-1", "Alias-5")), MARKED)
    place.run(MARKED)
    out = "".join(ivobot(place, "sheet", "Alias-5", "--format", form, "--now", MARKED).out for form in ("text", "html", "json"))
    out += ivobot(place, "worklist", "--now", MARKED).out + ivobot(place, "worklist", "--json", "--now", MARKED).out
    assert "Alias-5" in out and "HEMLIG-1" not in out


def test_with_another_key_the_sheet_says_so_and_no_new_key_is_made(tmp_path: Path) -> None:
    place = reported(tmp_path)
    key = place.home / "data" / "keys" / "body-1.key"
    right = key.read_text()
    key.write_text(f"{'0' * 64}\n")
    assert "does not open" in failed(place).err
    key.unlink()
    assert "There is no body key" in failed(place).err
    place.drop(letter(AGAIN), "2026-07-16T09:00")
    place.run("2026-07-16T09:00")  # the letter is taken in all the same, and no second key hides that the first is lost
    assert [row["meeting"] for row in ask(place, "SELECT meeting FROM letter")] == ["matched", "matched"] and not key.exists()
    key.write_text(right)
    key.chmod(0o600)
    found = sheet(place, now="2026-07-16T10:00")
    assert any("Texten i brev 2 är inte sparad" in notice for notice in found["notices"])


def failed(place: Municipality) -> Ran:
    ran = ivobot(place, "sheet", "E-1", "--now", MARKED)
    assert ran.code != 0 and ran.plain
    return ran


def test_a_text_that_cannot_be_read_loses_no_report(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: object) -> None:
        raise ValueError("tulpanlöken")

    monkeypatch.setattr("rules.body.items", broken, raising=False)
    place = reported(tmp_path)
    assert ask(place, "SELECT meeting FROM letter")[0]["meeting"] == "matched" and ask(place, "SELECT * FROM kept") == []


# Deleting.


def finished(home: Path) -> Municipality:
    place = reported(home)
    move(place, "Att rapportera", "Rapporterat till IVO")
    place.drop(letter(DONE, body=BODY), "2026-08-04T09:00")
    place.run("2026-08-04T09:00")
    return place


def pruned(place: Municipality, now: str = "2026-08-05T09:00") -> int:
    with staffed(place) as office:
        return prune_kept(office, instant(now))


def test_what_is_kept_goes_when_the_closing_is_reported_to_ivo(tmp_path: Path) -> None:
    place = finished(tmp_path)
    assert pruned(place) == 0 and len(ask(place, "SELECT * FROM kept")) == 2
    move(place, "Att rapportera", "Rapporterat till IVO")
    place.run("2026-08-05T08:00")
    pruned(place)
    assert ask(place, "SELECT * FROM kept") == [] and pruned(place) == 0
    assert sheet(place, now="2026-08-05T09:00")["reported_to_ivo"] == "2026-08-05"


def test_what_was_sent_back_goes_when_it_is_put_right(tmp_path: Path) -> None:
    place = town(tmp_path, rows("E-1"))
    place.drop(letter(NEW.replace("04-15", "04-20"), body=BODY), MARKED)
    place.run(MARKED)
    assert pruned(place) == 0 and len(ask(place, "SELECT * FROM kept")) == 1
    place.drop(letter(NEW, body=BODY), "2026-04-17T09:00")
    place.run("2026-04-17T09:00")
    pruned(place)
    assert [row["letter_id"] for row in ask(place, "SELECT letter_id FROM kept")] == [2]


def test_a_deleted_letter_takes_its_text_with_it(tmp_path: Path) -> None:
    place = reported(tmp_path)
    with staffed(place) as office, db.write(office.engine) as tx:
        tx.exec_driver_sql("DELETE FROM mail")
        tx.exec_driver_sql("DELETE FROM report")
        tx.exec_driver_sql("DELETE FROM letter")
    assert ask(place, "SELECT * FROM kept") == []


def test_a_report_that_is_not_to_be_reported_is_not_kept(tmp_path: Path) -> None:
    place = town(tmp_path, rows("E-1"))
    place.drop(letter("IVO – Slutrapportering, verkställt 2026-02-03, 9§4", body=BODY), "2026-02-04T09:00")
    place.run("2026-02-04T09:00")
    assert ask(place, "SELECT * FROM kept") == []


# The sender is told.


@pytest.mark.parametrize("missing, expected", [("true", ["receipt"]), ("false", [])])
def test_the_sender_is_told_what_is_missing_where_it_is_configured(tmp_path: Path, missing: str, expected: list[str]) -> None:
    place = reported(tmp_path, BODY.replace("Orsak: Personalrelaterade skäl\n", ""), IVOBOT_REPLY__MISSING=missing)
    answers = [m for m in place.sent() if mail_name(m) != "digest" and ANNA in m["To"]]
    assert [mail_name(m) for m in answers] == expected
    for mail in answers:
        assert "Orsak saknas" in text(mail) and not [phrase for phrase in PHRASES if phrase in text(mail)]


def test_a_whole_report_gets_no_receipt_for_it(tmp_path: Path) -> None:
    place = reported(tmp_path, IVOBOT_REPLY__MISSING="true")
    assert [mail_name(m) for m in place.sent() if ANNA in m["To"]] == []


# Formats.


class Page(HTMLParser):
    """What a page holds: its tags with attributes, and the text between style and script tags."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.inner: dict[str, str] = {}
        self._in = ""
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))
        self._in = tag if tag in ("style", "script") else ""

    def handle_endtag(self, tag: str) -> None:
        self._in = ""

    def handle_data(self, data: str) -> None:
        if self._in:
            self.inner[self._in] = self.inner.get(self._in, "") + data


def hashed(text: str) -> str:
    return f"'sha256-{b64encode(sha256(text.encode()).digest()).decode()}'"


def test_the_page_runs_only_its_own_script_and_fetches_nothing(tmp_path: Path) -> None:
    place = reported(tmp_path, BODY.replace("granbarrsvägen", "<script>alert(1)</script><img src=x onerror=alert(2)>"))
    html = ivobot(place, "sheet", "E-1", "--format", "html", "--now", MARKED).out
    page = Page(html)
    (policy,) = [attrs["content"] for tag, attrs in page.tags if attrs.get("http-equiv") == "Content-Security-Policy"]
    assert policy == (
        f"default-src 'none'; style-src {hashed(page.inner['style'])}; script-src {hashed(page.inner['script'])}; "
        "base-uri 'none'; form-action 'none'"
    )
    names = [tag for tag, _ in page.tags]
    assert names.count("script") == names.count("style") == 1 and not {"img", "link", "iframe", "a", "form"} & set(names)
    assert not [attrs for _, attrs in page.tags if any(name.startswith("on") or name in ("style", "src", "href") for name in attrs)]
    assert ("html", {"lang": "sv"}) in page.tags


def test_each_filled_field_has_a_button_with_a_name_that_copies_its_value(tmp_path: Path) -> None:
    place = reported(tmp_path)
    found = sheet(place)
    page = Page(ivobot(place, "sheet", "E-1", "--format", "html", "--now", MARKED).out)
    ids = [attrs["id"] for _, attrs in page.tags if "id" in attrs]
    assert len(ids) == len(set(ids))
    buttons = [attrs for tag, attrs in page.tags if tag == "button"]
    filled = [field["name"] for tab in found["tabs"] for field in tab["fields"] if field["value"]]
    assert [b["aria-label"] for b in buttons][: len(filled)] == [f"Kopiera {name}" for name in filled]
    assert all(b["data-copy"] in ids and b["aria-describedby"] in ids and b["type"] == "button" for b in buttons)


def test_text_gives_each_field_on_a_line_of_its_own(tmp_path: Path) -> None:
    out = ivobot(reported(tmp_path), "sheet", "E-1", "--now", MARKED).out
    assert out.startswith("E-1: Nyrapportering 2026-04-15, 9 § 4 Kontaktperson\nBrev 1, inkom 2026-04-16.\n")
    assert "Delvis verkställt, på vilket sätt (krävs, från brevet):\n    en timme av fyra\n" in out


def test_a_case_with_several_rows(tmp_path: Path) -> None:
    place = town(tmp_path, [HEAD, f"E-1;9§4;2026-01-15;{ANNA}", f"E-1;9§5;2026-01-20;{ANNA}"])
    both = ivobot(place, "sheet", "E-1", "--format", "json", "--now", MARKED).out.splitlines()
    assert [json.loads(line)["insats"] for line in both] == ["9§4", "9§5"]
    assert sheet(place, "E-1", MARKED, "--insats", "9§5")["start"] == "2026-01-20"
    assert sheet(place, "E-1", MARKED, "--start", "2026-01-15")["insats"] == "9§4"
    assert ivobot(place, "sheet", "E-1", "--format", "html", "--now", MARKED).out.count("<section") == 2
    assert ivobot(place, "sheet", "E-1", "--insats", "9§1").code == 1


@pytest.mark.parametrize("arguments, code", [(("E-404",), 1), (("E-1", "--format", "pdf"), 2), (("E-1", "--start", "igår x"), 2)])
def test_what_is_wrong_is_one_sentence(tmp_path: Path, arguments: tuple[str, ...], code: int) -> None:
    ran = ivobot(town(tmp_path, rows("E-1")), "sheet", *arguments)
    assert ran.code == code and ran.plain


def test_files_are_written_whole_for_the_owner(tmp_path: Path) -> None:
    place, out = reported(tmp_path), tmp_path / "ut" / "e1.html"
    ran = ivobot(place, "sheet", "E-1", "--format", "html,json", "--out", str(out), "--now", MARKED)
    assert ran.code == 0 and {path.suffix for path in out.parent.iterdir()} == {".html", ".json"}
    assert os.name == "nt" or stat.S_IMODE(out.stat().st_mode) == 0o600


# The template of a text.


def test_mails_body_prints_a_template_that_reads_as_nothing(tmp_path: Path) -> None:
    from rules import body

    place = town(tmp_path)
    out = ivobot(place, "mails", "body", "--insats", "9§10", "--role", "unit").out
    assert "Insats och form: 9 § 10 Daglig verksamhet" in out and "Sammanfattning från utföraren:" in out and "Kontakt med" not in out
    found = body.items(out, instant(MARKED).date())
    assert (found.insats, found.reason, found.offers, found.report_date, found.unclear) == ("9§10", "", (), None, ())
    assert "Datum för avslut" in ivobot(place, "mails", "body", "--final", "ended").out
    assert "Saknar plats" in ivobot(place, "mails", "body", "--choices").out
    for wrong in (("--insats", "9§11"), ("--role", "x"), ("--final", "x")):
        assert ivobot(place, "mails", "body", *wrong).code == 2

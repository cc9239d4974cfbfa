"""The specification of titles as tables. Today is Sunday 2026-11-22; N, F, S are the kinds, `!` an interruption, `+` an advance ruling."""

import json
from datetime import date

import pytest

from rules.model import Kind, Outcome, Sort, Title, Verdict
from rules.title import as_json, insatser, read, suggest

TODAY = date(2026, 11, 22)
RIGHT = "IVO – Nyrapportering 2026-04-15, 9§10"
KIND = {Kind.NEW: "N", Kind.FOLLOW_UP: "F", Kind.FINAL: "S", None: "-"}
OUTCOME = {Outcome.EXECUTED: " verkställt", Outcome.ENDED: " avslutat", None: ""}


def said(title: Title) -> str:
    """The pieces of a title in one line: `N! 2026-04-15 9§10`."""
    signs = "!" * (title.cause is Sort.INTERRUPTION) + "+" * title.advance_ruling
    return f"{KIND[title.kind]}{signs}{OUTCOME[title.outcome]} {title.date} {title.insats}"


def good(text: str) -> str:
    """What a title says; the test fails if it is not read without complaint."""
    title = read(text, TODAY)
    assert title.verdict is Verdict.ACCEPTED, (text, title.errors)
    assert title.notes
    return said(title)


def flaws(text: str) -> str:
    """The flaws of a title, after its verdict has been checked."""
    title = read(text, TODAY)
    assert (title.verdict is Verdict.REJECTED) == bool(title.errors), title
    return " ".join(title.errors)


@pytest.mark.parametrize(
    ("text", "pieces"),
    [
        (RIGHT, "N 2026-04-15 9§10"),
        ("IVO - Nyrapportering 2026-04-15, Förhandsbesked, 9§10", "N+ 2026-04-15 9§10"),
        ("IVO – Nyrapportering avbrott 2026-04-15, 9§10", "N! 2026-04-15 9§10"),
        ("IVO – Nyrapportering avbrott 2026-04-15, Förhandsbesked, 9§10", "N!+ 2026-04-15 9§10"),
        ("IVO – Återrapportering 2026-07-15, 9§1", "F 2026-07-15 9§1"),
        ("IVO – Slutrapportering, verkställt 2026-08-03, 9§10", "S verkställt 2026-08-03 9§10"),
        ("IVO - Slutrapportering, avslutat 2026-08-03, 9§9", "S avslutat 2026-08-03 9§9"),
    ],
)
def test_right_spelling(text: str, pieces: str) -> None:
    title = read(text, TODAY)
    assert (title.verdict, said(title), title.notes) == (Verdict.OK, pieces, ())
    assert suggest(title) == (text.replace(" - ", " – "),)


NEW = "N 2026-04-15 9§10"


@pytest.mark.parametrize(
    "text",
    [
        RIGHT + ".",
        " " + RIGHT,
        "IVO—Nyrapportering—2026-04-15—9§10",
        "IVO_Nyrapportering_2026-04-15_9§10",
        "IVO: Nyrapportering 2026-04-15, 9§10",
        "IVO:Nyrapportering 2026-04-15, 9§10",
        "IVO, Nyrapportering, 2026-04-15; 9§10",
        "IVO (Nyrapportering) [2026-04-15] 9§10",
        "IVO Nyrapportering 2026-04-15 9§10",
        "IVO\u00a0–\u2009Nyrapportering\t2026‑04‑15,\u200b 9\u00a0§\u00a010",
        "IVONyrapportering2026-04-159§10",
        "Nyrapportering 2026-04-15 9§10",
        "2026-04-15 Nyrapportering 9§10",
        "ivo nyrapportering 2026-04-15 9§10",
        "SV: VB: RE: Fwd: FW: Fw: IVO – Nyrapportering 2026-04-15, 9§10",
        "Re[2]: [EXTERN] Vs: IVO – Nyrapportering 2026-04-15, 9§10",
        "[Säkert meddelande] IVO – Nyrapportering 2026-04-15, 9§10",
        "[EXTERNT E-POST] IVO – Nyrapportering 2026-04-15, 9§10",
        "[IVO] Nyrapportering 2026-04-15, 9§10",
        "Kopia av IVO – Nyrapportering 2026-04-15, 9§10",
        "Påminnelse: IVO – Nyrapportering 2026-04-15, 9§10",
        "Rättelse: SV: IVO – Nyrapportering 2026-04-15, 9§10",
        "IVO-rapportering: Nyrapportering 2026-04-15, 9§10",
        "IVO – Nyrapportering av gynnande beslut 2026-04-15, 9§10",
        "IVO – Nyrapportering ej verkställt beslut 2026-04-15, 9§10",
        "IVO – Nyrapportering enligt 28 f § LSS den 2026-04-15, 9§10",
        "IVO – Nyrapportering, datum: 2026-04-15, insats: 9§10",
        "IVO – Nyrapportering onsdagen den 15 april 2026, 9§10",
        "IVO – Nyrapportering Nyrapportering 2026-04-15 (15 april 2026), 9§10, 9 § 10",
        "IVO – Nyrapportering ２０２６－０４－１５, ９§１０",
        "IVO – N\u0443rapportering 2026-04-15, 9§10",
        "IVO – Ny rapportering 2026-04-15, 9§10",
        "IVO – Ny-rapport 2026-04-15, 9§10",
        "IVO – Nyrapport 2026-04-15, 9§10",
        "IVO – rapportering, ny 2026-04-15, 9§10",
        "IVO – Ny raportering 2026-04-15, 9§10",
        "IVO – Nyrapporering 2026-04-15, 9§10",
        "IVO – Nyraporterng 2026-04-15, 9§10",
        "IVO – Nyrapporteirng 2026-04-15, 9§10",
    ],
)
def test_new_report_is_read(text: str) -> None:
    assert good(text) == NEW


@pytest.mark.parametrize(
    ("word", "pieces"),
    [
        ("Åter-rapportering", "F"),
        ("åter rapport", "F"),
        ("Aterrapportering", "F"),
        ("A\u030aterrapportering", "F"),
        ("?terrapportering", "F"),
        ("\ufffd\ufffdterrapportering", "F"),
        ("Ã\x85terrapportering", "F"),
        ("Ã…terrapportering", "F"),
        ("Ny återrapportering", "F"),
        ("Återrapportering avbrott förhandsbesked", "F"),
        ("Nyrapportering av avbrott", "N!"),
        ("Nyrapportering avbrott i verkställigheten", "N!"),
        ("Nyrapportering avrbott", "N!"),
        ("Nyrapportering förhandsbesked", "N+"),
        ("Nyrapportering F?rhandsbesked", "N+"),
        ("Nyrapportering förhands besked", "N+"),
        ("Slutrapport verkställd", "S verkställt"),
        ("Slut rapport verkstält", "S verkställt"),
        ("Slutrapportering verkst\ufffdllt", "S verkställt"),
        ("Slutrapportering har avslutats", "S avslutat"),
        ("avslutat slutrapportering", "S avslutat"),
        ("Slutrapportering, avslutat avslutad", "S avslutat"),
        ("Sultrapportering avsultat", "S avslutat"),
    ],
)
def test_kind_and_outcome_words(word: str, pieces: str) -> None:
    assert good(f"IVO – {word} 2026-04-15 9§10") == f"{pieces} 2026-04-15 9§10"


def test_outcome_after_the_date() -> None:
    assert good("IVO – Slutrapportering 2026-08-03, 9§10, avslutat") == "S avslutat 2026-08-03 9§10"


@pytest.mark.parametrize(
    "written",
    [
        "20260415",
        "260415",
        "26-04-15",
        "2026/04/15",
        "2026.04.15",
        "2026-4-15",
        "2026 04 15",
        "15 april 2026",
        "den 15 april 2026",
        "15 apr 2026",
        "15 apr. 2026",
        "15:e april 2026",
        "15april2026",
        "april 15, 2026",
        "2026 april 15",
        "15/4 2026",
        "15/4-26",
        "15/4/2026",
        "15.4.2026",
        "15.04.26",
        "15-4-2026",
        "15 4 2026",
        "15042026",
    ],
)
@pytest.mark.parametrize("form", ["IVO – Nyrapportering {}, 9§10", "IVO – Nyrapportering 9§10, {}", "Nyrapportering 9 § 10 {}"])
def test_date_is_read(form: str, written: str) -> None:
    assert good(form.format(written)) == NEW


@pytest.mark.parametrize(
    ("written", "flaw"),
    [
        ("2026-04-31", "invalid_date"),
        ("2026-13-15", "invalid_date"),
        ("2026-04-155", "invalid_date"),
        ("31 april 2026", "invalid_date"),
        ("15 april", "invalid_date"),
        ("15 april 26", "invalid_date"),
        ("april 2026", "invalid_date"),
        ("april", "invalid_date"),
        ("2026", "invalid_date"),
        ("2026-04", "invalid_date"),
        ("15/4", "invalid_date"),
        ("15/4/26", "invalid_date"),
        ("26/04/15", "invalid_date"),
        ("26.04.15", "invalid_date"),  # a year of two digits is last in this form: 26 April 2015
        ("241121", "invalid_date"),  # two years and a day before today
        ("261224", "invalid_date"),  # 32 days after today
        ("2026-12-24", "implausible_date"),
        ("1993-12-31", "implausible_date"),
        ("2026-04-15 2026-07-15", "multiple_dates"),
        ("20260415 – 20260715", "multiple_dates"),
        ("2026041520260715", "multiple_dates"),
        ("260415-260715", "multiple_dates"),
        ("2026-04-31, 2026-04-15", "multiple_dates"),
        ("15/4, 2026-07-15", "multiple_dates"),
        ("", "missing_date"),
        ("den", "missing_date"),
        ("DATUM", "extra_information missing_date"),
        ("datum", "extra_information missing_date"),
        ("ÅÅÅÅ-MM-DD", "extra_information missing_date"),
        ("DATUM 2026-04-15", "extra_information"),
        ("beslutsdatum 2026-04-15", "extra_information"),
        ("2026-04-15 09:10", "extra_information"),
        ("2026-04-15 kvartal 2", "extra_information"),
    ],
)
def test_date_flaw(written: str, flaw: str) -> None:
    assert flaws(f"IVO – Nyrapportering {written}, 9§10") == flaw


@pytest.mark.parametrize("day", ["1994-01-01", "2026-12-23"])
def test_first_and_last_plausible_day(day: str) -> None:
    assert read(f"IVO – Nyrapportering {day}, 9§10", TODAY).verdict is Verdict.OK


@pytest.mark.parametrize("written", ["241122", "261223", "22/11-24"])
def test_first_and_last_day_of_a_short_year(written: str) -> None:
    good(f"IVO – Nyrapportering {written}, 9§10")


@pytest.mark.parametrize(
    "written",
    [
        "9 § 10",
        "9§10 LSS",
        "LSS 9§10",
        "9 § p 10",
        "9 § punkt 10",
        "9 paragraf 10",
        "9§ 10p",
        "§9 p10",
        "§ 9:10",
        "9:10",
        "9 § LSS p 10",
        "9 p 10",
        "9?10",
        "9Â§10",
        "paragraf 9 punkt 10",
        "daglig verksamhet",
        "Dagligverksamhet",
        "daglig verksamet",
        "9 § 10 Daglig verksamhet",
        "9 § daglig verksamhet",
        "9§10, 10",
        "9§10 och 9 § 10",
        "daglig verksamhet för personer i yrkesverksam ålder som saknar förvärvsarbete och inte utbildar sig",
    ],
)
def test_insats_is_read(written: str) -> None:
    assert good(f"IVO – Nyrapportering {written} 2026-04-15") == NEW
    assert read(f"IVO – Nyrapportering 2026-04-15 {written}", TODAY).insats == "9§10"


@pytest.mark.parametrize(
    ("written", "insats"),
    [
        ("kontakt person", "9§4"),
        ("ledsagarservis", "9§3"),
        ("korttids tilsyn", "9§7"),
        ("korttidstillsyn för skolungdom över 12 år", "9§7"),
        ("9 § 6 Korttidsvistelse (väljs ENDAST om form för korttidsvistelsen inte är känd)", "9§6"),
        ("korttidsvistelse i form av stödfamilj", "9§6"),
        ("SÄBO", "9§9"),
        ("9§9 boende", "9§9"),
        ("9§8 bostad med särskild service", "9§8"),
        ("bostad med särskild service för vuxna", "9§9"),
        ("boende barn och unga", "9§8"),
        ("9§04", "9§4"),
    ],
)
def test_name_of_an_insats(written: str, insats: str) -> None:
    assert good(f"IVO – Nyrapportering 2026-04-15, {written}") == f"N 2026-04-15 {insats}"


@pytest.mark.parametrize(
    ("written", "flaw"),
    [
        ("", "missing_insats"),
        ("9§", "missing_insats"),
        ("9§__", "missing_insats"),
        ("§ 9", "missing_insats"),
        ("INSATS", "extra_information missing_insats"),
        ("boende", "extra_information missing_insats"),
        ("bostad med särskild service", "extra_information missing_insats"),
        ("avlöning", "extra_information missing_insats"),
        ("09:10", "extra_information missing_insats"),
        ("9§11", "unknown_insats"),
        ("9§0", "unknown_insats"),
        ("8§4", "unknown_insats"),
        ("10 § 9", "unknown_insats"),
        ("9 a §", "unknown_insats"),
        ("9§10 SoL", "unknown_insats"),
        ("4 kap. 1 § SoL", "unknown_insats"),
        ("9§4 och 9§10", "multiple_insats"),
        ("9§4, 10", "multiple_insats"),
        ("9§4+5", "multiple_insats"),
        ("9§4/5", "multiple_insats"),
        ("9§4-5", "multiple_insats"),
        ("9§4 och 5", "multiple_insats"),
        ("9§4 och 9§12", "multiple_insats"),
        ("9§10 kontaktperson", "multiple_insats"),
        ("9§10 boende", "multiple_insats"),
        ("9§4, 2 st", "extra_information"),
        ("9§4, 3 timmar", "extra_information"),
        ("9§4 9:30", "extra_information"),
        ("9§4, 123456", "extra_information"),
    ],
)
def test_insats_flaw(written: str, flaw: str) -> None:
    assert flaws(f"IVO – Nyrapportering 2026-04-15, {written}") == flaw


@pytest.mark.parametrize(
    ("text", "flaw"),
    [
        ("IVO", "missing_date missing_insats missing_kind"),
        ("SV: IVO –", "missing_date missing_insats missing_kind"),
        ("Nyrapportering", "missing_date missing_insats"),
        ("IVO – 2026-04-15, 9§4", "missing_kind"),
        ("Rättelse: IVO – 2026-04-15, 9§4", "missing_kind"),
        ("IVO – avbrott 2026-04-15, 9§4", "missing_kind"),
        ("IVO – verkställt 2026-04-15, 9§4", "missing_kind"),
        ("IVO rapportering 2026-04-15, 9§4", "missing_kind"),
        ("IVO – Ny 2026-04-15, 9§4", "extra_information missing_kind"),
        ("IVO – Inrapportering 2026-04-15, 9§4", "extra_information missing_kind"),
        ("IVO – nrapportering 2026-04-15, 9§4", "extra_information missing_kind"),  # as near to "rapportering"
        ("IVO – Nyrapportering återrapportering 2026-04-15, 9§4", "conflicting_kinds"),
        ("IVO – Ny- och slutrapportering 2026-04-15, 9§4", "conflicting_kinds"),
        ("IVO – Ny/återrapportering 2026-04-15, 9§4", "conflicting_kinds"),
        ("IVO – Slutrapportering 2026-04-15, 9§4", "missing_outcome"),
        ("IVO – Slutrapportering, ej verkställt 2026-04-15, 9§4", "missing_outcome"),
        ("IVO – Slutrapportering, delvis verkställt 2026-04-15, 9§4", "extra_information missing_outcome"),
        ("IVO – Slutrapportering anslutat 2026-04-15, 9§4", "extra_information missing_outcome"),
        ("IVO – Slutrapportering verkställs 2026-04-15, 9§4", "extra_information missing_outcome"),
        ("IVO – Slutrapportering avslutas 2026-04-15, 9§4", "extra_information missing_outcome"),
        ("IVO – Slutrapportering verkställighet 2026-04-15, 9§4", "extra_information missing_outcome"),
        ("IVO – Slutrapportering, avslutat/verkställt 2026-04-15, 9§4", "conflicting_outcomes"),
        ("IVO – Nyrapportering verkställt 2026-04-15, 9§4", "misplaced_outcome"),
        ("IVO – Återrapportering avslutat 2026-04-15, 9§4", "misplaced_outcome"),
        (RIGHT + ", Kalle Karlsson", "extra_information"),
        (RIGHT + ", KK", "extra_information"),
        (RIGHT + " externt", "extra_information"),
        (RIGHT + " akut", "extra_information"),
        ("KK " + RIGHT, "extra_information"),
        ("[Kalle] " + RIGHT, "extra_information"),
        ("IVO – Nyrapportering [EXTERN] 2026-04-15, 9§10", "extra_information"),
        ("IVO – Nyrapportering verkställt 9§12 2026-04-31, Kalle", "extra_information invalid_date misplaced_outcome unknown_insats"),
        (RIGHT + " " * 998 + "Kalle", "extra_information"),
    ],
)
def test_flaws(text: str, flaw: str) -> None:
    assert flaws(text) == flaw


@pytest.mark.parametrize(
    "text",
    [
        "",
        " ",
        "–",
        "Fråga om utbildning i april",
        "Fråga om nyrapportering",
        "Fråga om IVO-rapportering",
        "VB: IVO begär yttrande i ärende",
        "IVO kommer på tillsyn 2026-05-12",
        "IVO:s nyhetsbrev om nyrapportering",
        "IVOs återrapportering",
        "IVO-rapportör LSS",
        "IVO-rapportering 2026-04-15, 9§4",
        "IVO frågar om ej verkställda beslut",
        "IVO avslutar tillsynen",
        "IVO har beslutat",
        "Daglig verksamhet 2026-04-15",
        "Automatiskt svar: " + RIGHT,
        "Autosvar: " + RIGHT,
        "SV: Frånvaro: " + RIGHT,
        "[EXTERN] Automatic reply: " + RIGHT,
        "Fr?nvaro: " + RIGHT,
        " " * 998 + RIGHT,
        "[EXTERN]",
        "SV:",
        "Möte 2026-05-12 kl 10",
    ],
)
def test_no_report(text: str) -> None:
    assert read(text, TODAY) == Title(Verdict.NOT_A_REPORT, unrecognised=read(text, TODAY).unrecognised)


@pytest.mark.parametrize(
    ("text", "flaw"),
    [
        (RIGHT + ", 191212-1212", "personal_data"),
        ("IVO – Nyrapportering 191212121212", "missing_date missing_insats personal_data"),
        ("IVO – Nyrapportering 19121212-1212 2026-04-15, 9§4", "personal_data"),
        ("IVO – 9§4 19121212-1212", "missing_date missing_kind personal_data"),
        ("Fråga om nyrapportering 19121212-1212", "extra_information missing_date missing_insats personal_data"),
        (RIGHT + " " * 2000 + "19121212-1212", "personal_data"),
    ],
)
def test_personal_data_in_a_report(text: str, flaw: str) -> None:
    assert flaws(text) == flaw


@pytest.mark.parametrize("text", ["Hej 19121212-1212", "Automatiskt svar: IVO – Nyrapportering 191212-1212", "IVO ringde om 191212-XXXX"])
def test_personal_data_elsewhere(text: str) -> None:
    title = read(text, TODAY)
    assert (title.verdict, title.errors, title.kind) == (Verdict.NOT_A_REPORT, ("personal_data",), None)


@pytest.mark.parametrize(
    ("text", "notes"),
    [
        ("SV: " + RIGHT, "prefix"),
        ("IVO – Nyraportering 2026-04-15, 9§10", "spelling"),
        ("IVO – nyrapportering 2026-04-15, 9§10", "case"),
        ("IVO – Nyrapportering 15/4 2026, 9§10", "date_format"),
        ("IVO – Nyrapportering 2026-04-15, 9 § 10", "insats_format"),
        ("IVO – Nyrapportering 9§10, 2026-04-15", "order"),
        ("IVO – Återrapportering avbrott 2026-04-15, 9§10", "redundant"),
        ("IVO – Nyrapportering 2026-04-15 9§10", "separator"),
        ("Nyrapportering 2026-04-15, 9§10", "ivo"),
    ],
)
def test_notes(text: str, notes: str) -> None:
    assert " ".join(read(text, TODAY).notes) == notes


@pytest.mark.parametrize(
    ("text", "right"),
    [
        ("IVO – Nyrapportering avbrott 9§4", ["IVO – Nyrapportering avbrott ÅÅÅÅ-MM-DD, 9§4"]),
        ("IVO – Återrapportering 2026-04-15, 9§12", ["IVO – Återrapportering 2026-04-15, 9§__"]),
        (
            "IVO – Slutrapportering 2026-04-15, 9§4",
            ["IVO – Slutrapportering, verkställt 2026-04-15, 9§4", "IVO – Slutrapportering, avslutat 2026-04-15, 9§4"],
        ),
        (
            "IVO – 2026-04-15, 9§4",
            [
                "IVO – Nyrapportering 2026-04-15, 9§4",
                "IVO – Återrapportering 2026-04-15, 9§4",
                "IVO – Slutrapportering, verkställt 2026-04-15, 9§4",
                "IVO – Slutrapportering, avslutat 2026-04-15, 9§4",
            ],
        ),
        (RIGHT + ", Kalle", [RIGHT]),
        ("Hej", []),
    ],
)
def test_suggestion(text: str, right: list[str]) -> None:
    title = read(text, TODAY)
    assert list(suggest(title)) == right
    assert as_json(text, title)["suggestion"] == (right[0] if len(right) == 1 else None)


def test_json_has_the_keys_of_the_contract() -> None:
    text = "SV: IVO – Nyrapportering 2026-04-15, 9§10"
    assert json.loads(json.dumps(as_json(text, read(text, TODAY)))) == {
        "title": text,
        "verdict": "accepted",
        "kind": "new",
        "cause": "decision",
        "outcome": None,
        "date": "2026-04-15",
        "insats": "9§10",
        "advance_ruling": False,
        "canonical": RIGHT,
        "errors": [],
        "notes": ["prefix"],
        "suggestion": None,
    }


def test_local_names() -> None:
    """A municipality's own names are known when they are configured, with slips of the pen, and only then."""
    local = insatser({"9§6": ["Korttids på Solgården"], "9§10": ["DV"]})
    for name, insats in (("korttids på Solgarden", "9§6"), ("DV", "9§10")):
        assert read(f"IVO – Nyrapportering 2026-04-15, {name}", TODAY, local).insats == insats
        assert "extra_information" in flaws(f"IVO – Nyrapportering 2026-04-15, {name}")


def test_nothing_unknown_is_kept() -> None:
    """What the grammar did not know is neither in the title that is given nor remembered."""
    from rules.title.vocabulary import default_insatser
    from rules.title.words import words_of

    title = read(RIGHT + ", Kalle Karlsson", TODAY)
    assert title.unrecognised == 2
    assert "arlsson" not in repr(title) + repr(vars(words_of(default_insatser()))).casefold()

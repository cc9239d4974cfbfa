"""Register files shaped as exports of case systems, lists that units keep by hand, and lists with faults in their cells."""

from collections.abc import Iterator
from datetime import date
from typing import Any

from tests.bot.register_files import Case, text, want
from tests.bot.tiny_xlsx import sheet, workbook


def entry(case: str, insats: str, start: str, **more: Any) -> dict[str, Any]:
    """A decision as it must be read."""
    return {"case": case, "insats": insats, "sort": "decision", "start": start, "decision_date": start} | more


def lifecare() -> Case:
    """Title lines, cp1252, own names for the days, a period beside the decision date."""
    rows = [
        ("Beslutslista LSS", "", "", "", "", "", "", ""),
        ("Urval: ej verkställda", "", "", "", "", "", "", ""),
        (
            "Ärendenr",
            "Insats",
            "Beslutsdatum",
            "Gäller fr.o.m.",
            "Gäller t.o.m.",
            "Ansvarig handläggare",
            "Verkställighetsdatum",
            "Avslutsdatum",
        ),
        ("LSS-2026-0012", "Daglig verksamhet", "2026-02-02", "2026-03-01", "2027-02-28", "ÅsÖbe", "", ""),
        ("LSS-2026-0013", "Korttidsvistelse utanför det egna hemmet", "2026-02-03", "", "", "BoLin", "2026-05-20", ""),
        ("LSS-2026-0014", "Ledsagarservice", "2026-02-04", "", "", "BoLin", "", "9999-12-31"),
    ]
    return "export_lifecare.csv", text(rows).encode("cp1252"), want(
        (4, entry("LSS-2026-0012", "9§10", "2026-02-02", valid_from="2026-03-01", officer="ÅsÖbe")),
        (5, entry("LSS-2026-0013", "9§6", "2026-02-03", officer="BoLin", executed="2026-05-20")),
        (6, entry("LSS-2026-0014", "9§3", "2026-02-04", officer="BoLin")),
        ignored=["Gäller t.o.m."],
    )  # fmt: skip


def treserva() -> Case:
    """UTF-16 with tabs, paragraph and name in one column, identity numbers."""
    rows = [
        ("Aktnr", "Personnr", "Kön", "Lagrum/insats", "Beslutsdatum", "Verkställd", "Avslutad", "Utförarenhet"),
        ("10031", "19121212-1212", "K", "9 § 4 LSS Kontaktperson", "20260302", "", "", "Fritid Väst"),
        ("10032", "", "M", "9 § 10 LSS Daglig verksamhet", "20260303", "", "20260610", "daglig@kommun.example"),
        ("10033", "", "F", "LSS 9 § 6 Stödfamilj", "20260304", "", "", ""),
    ]
    return "export_treserva.txt", text(rows, "\t").encode("utf-16"), want(
        (2, entry("10031", "9§4", "2026-03-02", sex="woman", provider="Fritid Väst", person="#")),
        (3, entry("10032", "9§10", "2026-03-03", sex="man", provider="daglig@kommun.example", ended="2026-06-10")),
        (4, entry("10033", "9§6", "2026-03-04", sex="girl", form="stodfamilj")),
    )  # fmt: skip


def combine() -> Case:
    """Everything in quotation marks, commas, and a decision date whose header also says from when."""
    lines = [
        '"Ärende-id","Insatstyp","Beslutsdatum fr.o.m.","Handläggare e-post","Handläggare","Extern utförare"',
        '"C/26-1","9 § 9 Bostad för vuxna i form av gruppboende","2026-01-07","Anna Ek <Anna.Ek@kommun.example>","Anna Ek","Nej"',
        '"C/26-2","9 § 8 Boende barn och ungdomar","2026-01-08","bo@kommun.example","Bo, ""Bosse""","Ja"',
    ]
    return "export_combine.csv", "\n".join(lines).encode(), want(
        (2, entry("C/26-1", "9§9", "2026-01-07", form="gruppboende", officer="anna.ek@kommun.example")),
        (3, entry("C/26-2", "9§8", "2026-01-08", officer="bo@kommun.example", external=True)),
        warnings=[(1, "unclear_decision_date")], ignored=["Handläggare"],
    )  # fmt: skip


def viva() -> Case:
    """Law and decision apart, other laws among the rows, days with a time."""
    rows = [
        ("Dnr", "Beslut", "Lagrum", "Beslutsdatum", "Verkställt datum", "Hdl", "Enhet"),
        ("V1", "Kontaktperson", "LSS 9 § 4", "2026-02-10 00:00:00", "", "ANEK", "Team 1"),
        ("V2", "Kontaktperson", "SoL 4 kap. 1 §", "2026-02-11 00:00:00", "", "ANEK", "Team 1"),
        ("V3", "Boende", "9 § 9", "2026-02-12 00:00:00", "2026-06-01 13:15:00", "BOLI", "Team 2"),
        ("V4", "Kontaktperson", "9 § 3", "2026-02-13 00:00:00", "", "BOLI", "Team 2"),
    ]
    return "export_viva.csv", text(rows).encode("utf-8-sig"), want(
        (2, entry("V1", "9§4", "2026-02-10", officer="ANEK", unit="Team 1")),
        (4, entry("V3", "9§9", "2026-02-12", officer="BOLI", unit="Team 2", executed="2026-06-01")),
        errors=[(5, "Beslut")], warnings=[(3, "not_lss")],
    )  # fmt: skip


def procapita() -> Case:
    """A workbook with serial numbers for days and numbers for cases, and the day from which a decision is valid."""
    rows = [
        ("Akt", "Insats", "Form av insats", "Beslutad", "Beslut fr.o.m.", "Föregående beslut", "Avbrott fr.o.m."),
        (30411, "Bostad med särskild service för vuxna", "Servicebostad", 46055, 46083, "", ""),
        (30412, "Korttidsvistelse", "Läger", 46056, "", 30100, 46121),
        (30413, "Korttidsvistelse", "Gruppboende", 46057, "", "", ""),
    ]
    return "export_procapita.xlsx", workbook({"Rapport": sheet(rows)}), want(
        (2, entry("30411", "9§9", "2026-02-02", form="serviceboende", valid_from="2026-03-02")),
        (3, entry("30412", "9§6", "2026-04-09", form="lager", sort="interruption", decision_date="2026-02-03", previous="30100")),
        (4, entry("30413", "9§6", "2026-02-04")),
        warnings=[(4, "unknown_form")],
    )  # fmt: skip


def by_hand() -> Case:
    """A list kept by hand: line breaks in headers, words for days, ticks, dashes for nothing, remarks below."""
    rows = [
        ("Bevakning ej verkställda", "", "", "", "", "", "", "", "", ""),
        ("Nr", "Insats\n(LSS)", "Beslut\ndatum", "Skyddad", "Alias", "Anhörig", "Dom", "Förhandsbesked", "Delvis verkställt från", "Orsak"),
        (1, "gruppbostad", "den 5 januari 2026", "", "", "x", "ja", "nej", "-", "Saknar plats"),
        (2, "9 § punkt 10", "5/1 2026", "sekretess", "Fiktiv Ett", "", date(2026, 2, 1), "ja", date(2026, 3, 1), "–"),
        (3, "råd och stöd", "6.1.2026", "ja", "", "-", "", "", "", ""),
        ("Summa 3", "", "", "", "", "", "", "", "", ""),
    ]
    return "list_by_hand.xlsx", workbook({"2026": sheet(rows, merged=["A1:J1"])}), want(
        (3, entry("1", "9§9", "2026-01-05", form="gruppboende", relative=True, judgment=True, advance_ruling=False,
                  cause="Saknar plats (ex. har kö, behov av/pågående sanering/renovering/ombyggnation)")),
        (4, entry("2", "9§10", "2026-01-05", protected=True, alias="Fiktiv Ett", judgment=True, judgment_final="2026-02-01",
                  advance_ruling=True, partly_from="2026-03-01")),
        (5, entry("3", "9§1", "2026-01-06", advance_ruling=False, protected=True)),
        warnings=[(5, "protected_without_alias")],
    )  # fmt: skip


def names() -> Case:
    """Insatser by the names and spellings that people use."""
    said = {
        "9§10": (
            "Daglig verksamhet",
            "9§10",
            "9 § 10",
            "9§ p 10",
            "9 § punkt 10 LSS",
            "§9 p10",
            "9 paragraf 10",
            "9:10",
            "LSS 9§10",
            "DAGLIG VERKSAMHET",
        ),
        "9§9": ("9 § 9 SÄBO", "SÄBO", "9§9 Bostad för vuxna", "gruppbostad"),
        "9§6": ("9 § 6 Korttidsboende", "Korttidsvistelse"),
        "9§5": ("9 § 5 Avlösarservice", "Avlosarservice i hemmet"),
        "9§2": ("Personlig assistans", "Biträde av personlig assistent"),
    }
    pairs = [(insats, spelled) for insats, listed in said.items() for spelled in listed]
    rows = [("Löpnr", "Insats", "Beslutsdatum"), *((f"N{number}", spelled, "2026-01-15") for number, (_, spelled) in enumerate(pairs, 2))]
    forms = {"gruppbostad": {"form": "gruppboende"}}
    found = [
        (number, entry(f"N{number}", insats, "2026-01-15", **forms.get(spelled, {}))) for number, (insats, spelled) in enumerate(pairs, 2)
    ]
    return "insats_names.csv", text(rows).encode(), want(*found)


def insats_faults() -> Case:
    """Insatser that leave a doubt are refused."""
    bad = ("9§11", "10 § 9", "9§10 SoL", "9§", "boende", "9§4, 9§3", "9§4 Ledsagarservice", "hemtjänst", "", "10")
    rows = [("Löpnr", "Insats", "Beslutsdatum"), *((f"N{number}", said, "2026-01-15") for number, said in enumerate(bad, 2))]
    return "insats_faults.csv", text(rows).encode(), want(errors=[(row, "Insats") for row in range(2, 2 + len(bad))])


def persons() -> Case:
    """Identity numbers in every state; those as case numbers are refused."""
    head = ("Ärende", "Personnummer", "Insats", "Beslutsdatum", "Handläggare")
    said = ("191212121212", "19121212-1212", "121212+1212", "1,91212E+11", "19121212-XXXX", "okänt")
    rows = [head, *((f"P{number}", number_, "9§4", "2026-01-15", "") for number, number_ in enumerate(said, 2))]
    rows += [
        ("19121212-1212", "", "9§4", "2026-01-15", ""),
        ("P9", "", "9§4", "2026-01-15", "191212121212"),
        ("1,2E+11", "", "9§4", "2026-01-15", ""),
    ]
    found = [(row, entry(f"P{row}", "9§4", "2026-01-15", **({"person": "#"} if row < 5 else {}))) for row in range(2, 8)]
    return "identity_numbers.csv", text(rows).encode(), want(
        *found, (9, entry("P9", "9§4", "2026-01-15")), errors=[(8, "Ärende"), (10, "Ärende")],
        warnings=[(5, "unusable_identity_number"), (6, "unusable_identity_number"), (9, "personal_data")],
    )  # fmt: skip


def warnings() -> Case:
    """One row for each warning of days."""
    head = ("Ärende", "Insats", "Beslutsdatum", "Datum för avbrott", "Verkställt", "Avslutat")
    rows = [
        ("W1", "9§4", "2026-01-15", "", "2026-04-15", ""),
        ("W2", "9§4", "2026-01-15", "", "2026-04-16", "2026-04-17"),
        ("W3", "9§4", "2026-07-15", "", "", ""),
        ("W4", "9§4", "2026-03-01", "2026-02-01", "", ""),
        ("W5", "9§4", "2026-01-15", "", "2026-01-01", ""),
        ("W6", "9§4", "2026-01-15", "", "", "2026-12-31"),
        ("W2", "9§4", "2026-01-15", "", "", ""),
        ("W8", "9§4", "2026-01-15", "", "ej verkställt", "nej"),
        ("W9", "9§4", "2026-01-15", "", "ja", ""),
        ("W10", "9§4", "2026-01-15", "", "snart", ""),
    ]
    return "warnings.csv", text((head, *rows)).encode(), want(
        (2, entry("W1", "9§4", "2026-01-15", executed="2026-04-15")),
        (3, entry("W2", "9§4", "2026-01-15", executed="2026-04-16", ended="2026-04-17")),
        (4, entry("W3", "9§4", "2026-07-15")),
        (5, entry("W4", "9§4", "2026-02-01", sort="interruption", decision_date="2026-03-01")),
        (6, entry("W5", "9§4", "2026-01-15", executed="2026-01-01")),
        (7, entry("W6", "9§4", "2026-01-15", ended="2026-12-31")),
        (9, entry("W8", "9§4", "2026-01-15")),
        errors=[(10, "Verkställt"), (11, "Verkställt")],
        warnings=[(2, "executed_before_mark"), (4, "start_in_future"), (5, "interruption_before_decision"), (6, "closed_before_start"),
                  (7, "closed_in_future"), (8, "duplicate_row")],
    )  # fmt: skip


def shifted() -> Case:
    """A separator inside a text shifts a row: it is refused, its neighbours are not."""
    lines = ["Ärende;Insats;Beslutsdatum;Handläggare", "S1;9§4;2026-01-15;Ek; Anna", "S2;9§4;2026-01-15;Ek Anna;;", "S3;9§4"]
    return "shifted_row.csv", "\n".join(lines).encode(), want(
        (3, entry("S2", "9§4", "2026-01-15", officer="Ek Anna")), errors=[(2, "Ärende"), (4, "Beslutsdatum")]
    )  # fmt: skip


def ivo_texts() -> Case:
    """The option list's own texts and keys in the column for the form."""
    rows = [
        ("Case", "Type of support", "Form", "Decision date", "Gender", "Judgment", "Reason"),
        ("I1", "9§9", "gruppboende", "2026-01-15", "M", "", ""),
        ("I2", "9§9", "9 § 9 Bostad för vuxna i form av anpassad bostad", "2026-01-15", "F", "true", ""),
        ("I3", "9 § 6 Korttidsvistelse i form av läger", "", "2026-01-15", "", "no", ""),
        ("I4", "9§9", "9 § 9 Bostad vuxna (väljs ENDAST om form för bostad inte är känd)", "2026-01-15", "male", "", ""),
        ("I5", "9§6", "stodfamilj", "2026-01-15", "female", "false", ""),
        ("I6", "9§6", "slott", "2026-01-15", "", "", ""),
    ]
    return "option_list_texts.csv", text(rows, ",").encode(), want(
        (2, entry("I1", "9§9", "2026-01-15", form="gruppboende", sex="man")),
        (3, entry("I2", "9§9", "2026-01-15", form="anpassad", sex="girl", judgment=True)),
        (4, entry("I3", "9§6", "2026-01-15", form="lager")),
        (5, entry("I4", "9§9", "2026-01-15", sex="man")),
        (6, entry("I5", "9§6", "2026-01-15", form="stodfamilj", sex="woman")),
        (7, entry("I6", "9§6", "2026-01-15")),
        warnings=[(7, "unknown_form")],
    )  # fmt: skip


def exports() -> Iterator[Case]:
    """All of them."""
    for make in (lifecare, treserva, combine, viva, procapita, by_hand, names, insats_faults, persons, warnings, shifted, ivo_texts):
        yield make()

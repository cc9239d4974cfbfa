"""The Swedish words in which the demo tells what the program keeps as short English ones."""

from typing import Final

VERDICT: Final = {"ok": "godkänd", "accepted": "godtagen", "rejected": "underkänd", "not_a_report": "ingen rapport"}

OUTCOME: Final = {
    "matched": "{case}, rapporten efter {months} månader",
    "kind_differs": "{case}: fel sorts rapport; räknas som den rätta, efter {months} månader",
    "date_differs": "{case}: datumet stämmer inte; räknas inte",
    "premature": "{case}: kommer för tidigt; räknas inte",
    "not_reportable": "{case}: klart inom tre månader, ska inte rapporteras",
    "duplicate": "{case}: samma rapport igen; räknas inte två gånger",
    "ambiguous": "flera beslut passar, eller inget",
    "untracked": "finns inte i registret; sparas som ny rad, {case}",
    "untracked_final": "finns inte i registret; inget att stänga",
    "closed": "{case} är stängt",
}
"""What came of a report that met the register (section 8 of the routine's rules). `{case}` is the case or the alias."""

REASON: Final = {
    "rejected": "inte läsbar",
    "settled": "inte läsbar, men den rätta kom sedan",
    "personal_data": "personuppgifter i titeln",
    "not_a_report": "lämnas orört",
    "outside": "kommer utifrån; ändrar ingenting",
    "out_of_office": "automatiskt svar",
    "unreached": "frånvarosvar på vårt mejl; rapportören får veta det",
    "bulk": "massutskick",
    "unreadable:empty": "filen är tom",
}
"""Why a letter did not meet the register."""

ANSWER: Final = {
    "": "–",
    "receipt": "kvitto",
    "report_differs": "stämmer inte",
    "ask_case": "vilket ärende?",
    "title_rejected": "rätta titeln",
    "held:repeated": "gick redan",
}

MAILS: Final = (
    "kvitto: titeln är läst, så här skrivs den · stämmer inte: vad som skiljer från registret och den rätta titeln · "
    "rätta titeln: varje fel och hur titeln ska se ut · vilket ärende?: skriv ärendenumret · gick redan: samma svar högst en gång om dagen"
)
"""What the short names of the answers stand for."""

FLAW: Final = {
    "missing_kind": "sorts rapport saknas",
    "conflicting_kinds": "två sorters rapport",
    "missing_date": "datum saknas",
    "invalid_date": "dagen finns inte",
    "multiple_dates": "flera datum",
    "implausible_date": "orimligt datum",
    "missing_insats": "insats saknas",
    "unknown_insats": "okänd insats",
    "multiple_insats": "flera insatser",
    "missing_outcome": "verkställt eller avslutat saknas",
    "conflicting_outcomes": "både verkställt och avslutat",
    "misplaced_outcome": "verkställt eller avslutat hör inte hit",
    "extra_information": "mer än vad som ska stå",
    "personal_data": "personuppgifter",
}

FOLDER: Final = {"INBOX": "inkorgen"}

MILESTONE: Final = {
    "two_months": "uppföljning",
    "day_before": "dagen före",
    "officer_notice": "besked till handläggaren",
    "overdue_1": "rapporten saknas",
    "overdue_2": "rapporten saknas, andra gången",
}

ROLE: Final = {"officer": "handläggaren", "manager": "chefen", "boendeteamet": "Boendeteamet", "centralen": "Centralen för sysselsättning"}

WARNING: Final = {
    "closed_before_start": "stängt före beslutet",
    "closed_in_future": "stängs i framtiden",
    "executed_before_mark": "verkställt inom tre månader",
    "unreadable_date": "dagen går inte att läsa",
    "not_lss": "inte LSS",
    "unknown_form": "okänd form",
    "officer_without_address": "handläggaren saknar adress",
    "protected_without_alias": "skyddad utan alias",
    "duplicate_row": "står två gånger",
    "unclear_yes_no": "varken ja eller nej",
}

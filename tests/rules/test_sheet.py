"""The sheet for IVO's e-service: each of its rules, and where each value comes from."""

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from rules.body import Answer, BodyItems, Event, Role
from rules.model import Report, Row
from rules.options import options
from rules.sheet import Field, Given, Level, Sheet, Source, Target, choices, chosen, merged, sheet
from rules.sheet.build import Former
from tests.rules.made import ENDED, EXECUTED, FINAL, FOLLOW_UP, INTERRUPTION, NEW, closed, day, entry, provisional, row

TODAY = day("Thu 2026-04-16")
REASONS = {reason["text"]: [cause["text"] for cause in reason["causes"]] for reason in options()["reason"]}
PLACE = "Saknar plats (ex. har kö, behov av/pågående sanering/renovering/ombyggnation)"
NO = "Den enskilde har tackat nej - Missnöjd med tid, omfattning, utförare"
FORMS = [(one["key"], form["key"], form["text"]) for one in options()["insats"] for form in one["forms"]]
FULL = BodyItems(
    case="E-1",
    reason="Hos kommunen",
    cause=PLACE,
    decision_date=day("2026-01-15"),
    partly_from=day("2026-03-01"),
    partly_how="2 av 5 timmar",
    compensating_from=day("2026-02-01"),
    compensating_how="avlösning varannan vecka",
    relative=True,
    other="Ny kontaktperson väntas i maj.",
)


def reported(k: int = 1, kind: Any = NEW, letter: int = 7, on: str = "2026-04-16") -> Report:
    return Report(k, kind, day(on), letter)


def made(items: BodyItems | None = FULL, of: Row | None = None, **more: Any) -> Sheet:
    """The sheet of a decision of 2026-01-15 whose first report came in letter 7, unless told otherwise."""
    what = of or row(reports=(reported(),))
    target = more.pop("target", None) or chosen(what, more.pop("ticked", {}), more.get("today", TODAY))
    known = more.pop("known", None)
    return sheet(Given(what, target, **({"today": TODAY, "items": items, "role": Role.OFFICER, "board": "Omsorgsnämnden"} | more)), known)


def field(of: Sheet, key: str) -> Field:
    return next(one for one in of.fields if one.key == key)


def codes(of: Sheet, key: str) -> list[str]:
    return [problem.code for problem in field(of, key).problems]


def values(of: Sheet) -> dict[str, str]:
    return {one.key: one.value for one in of.fields}


# Order and values.


def test_tabs_and_fields_stand_in_the_e_services_order() -> None:
    assert [(tab.name, [one.key for one in tab.fields]) for tab in made().tabs] == [
        ("Rapport", ["board", "area", "again"]),
        ("Den enskilde", ["person", "protected"]),
        ("Insats och beslut", ["insats", "sort", "decision_date"]),
        ("Verkställighet", ["status"]),
        ("Skäl och orsak", ["reason", "cause", "relative", "offer_date", "explanation"]),
        ("Under väntetiden", ["partly_from", "partly_how", "compensating"]),
        ("Övrigt", ["other"]),
    ]


def test_a_whole_report_lacks_nothing() -> None:
    whole = made()
    assert (whole.missing, whole.errors) == ((), ())
    assert values(whole) == {
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
        "cause": PLACE,
        "relative": "Ja",
        "offer_date": "",
        "explanation": "",
        "partly_from": "2026-03-01",
        "partly_how": "2 av 5 timmar",
        "compensating": "2026-02-01: avlösning varannan vecka",
        "other": "Ny kontaktperson väntas i maj.",
    }


def test_the_letter_goes_before_the_register_and_each_value_says_where_it_is_from() -> None:
    said = row(reports=(reported(),), cause="Byggplaner överklagade", relative=True, partly_from=day("2026-02-10"))
    from_register = made(BodyItems(), said)
    assert {key: (field(from_register, key).value, field(from_register, key).source) for key in ("cause", "relative", "partly_from")} == {
        "cause": ("Byggplaner överklagade", Source.REGISTER),
        "relative": ("Ja", Source.REGISTER),
        "partly_from": ("2026-02-10", Source.REGISTER),
    }
    from_letter = made(replace(FULL, relative=False), said)
    assert (field(from_letter, "cause").value, field(from_letter, "cause").source) == (PLACE, Source.LETTER)
    assert field(from_letter, "relative").value == "Nej"
    assert codes(from_letter, "partly_from") == ["differs_from_register"]
    assert (field(made(), "board").source, field(made(), "again").source) == (Source.SETTINGS, Source.DERIVED)


def test_nothing_is_filled_in_that_nobody_said() -> None:
    bare = made(BodyItems())
    assert [one.key for one in bare.missing] == ["reason", "cause"]
    assert [(one.key, one.source) for one in bare.fields if not one.value] == [
        (key, Source.NONE) for key in ("reason", "cause", "offer_date", "explanation", "partly_from", "partly_how", "compensating", "other")
    ]


def test_without_a_letter_the_register_stands_and_it_is_said() -> None:
    waiting = made(None, row(), role=None)
    assert waiting.target == Target(NEW, 1, day("2026-04-15"))
    assert any("Ingen rapport har kommit" in notice for notice in waiting.notices)
    unread = made(None, role=None)
    assert any("brev 7 är inte sparad" in notice for notice in unread.notices)
    assert unread.lacking == ()


# Insats.


def test_there_are_sixteen_choices_of_insats() -> None:
    assert len(FORMS) == 16


@pytest.mark.parametrize("insats, form, text", FORMS)
def test_each_insats_and_form_is_its_choice(insats: str, form: str, text: str) -> None:
    found = made(of=row(insats=insats, form=form, reports=(reported(),)))
    assert field(found, "insats").value == text
    assert codes(found, "insats") == (["form_unknown"] if not form and insats in ("9§6", "9§9") else [])


def test_the_form_of_the_letter_goes_first_but_only_of_the_same_insats() -> None:
    of = row(insats="9§9", form="gruppboende", reports=(reported(),))
    assert "serviceboende" in field(made(replace(FULL, insats="9§9", form="serviceboende"), of), "insats").value
    assert codes(made(replace(FULL, insats="9§9", form="serviceboende"), of), "insats") == ["differs_from_register"]
    other = made(replace(FULL, insats="9§6", form="stodfamilj"), of)
    assert "gruppboende" in field(other, "insats").value and codes(other, "insats") == ["other_insats"]


# Person.


def test_a_person_is_the_case_and_never_more() -> None:
    assert (field(made(), "person").name, field(made(), "person").value) == ("Ärende", "E-1")


def test_a_protected_person_is_the_alias_only() -> None:
    of = row(case="HEMLIG-1", protected=True, alias="Alias-5", reports=(reported(),))
    found = made(of=of)
    assert (field(found, "person").name, field(found, "person").value, field(found, "protected").value) == ("Alias", "Alias-5", "Ja")
    assert "HEMLIG-1" not in repr(found)


def test_a_protected_person_without_alias_shows_nothing() -> None:
    found = made(of=row(case="HEMLIG-1", protected=True, reports=(reported(),)))
    assert field(found, "person").value == "" and codes(found, "person") == ["alias_missing"]
    assert "HEMLIG-1" not in "".join(values(found).values())


# Decision and interruption.


def test_an_interruption_has_its_own_day() -> None:
    of = row("2026-01-15", sort=INTERRUPTION, decision_date=day("2025-03-01"), reports=(reported(),))
    found = made(BodyItems(interruption_date=day("2026-01-15")), of)
    assert (field(found, "sort").value, field(found, "decision_date").value) == ("Avbrott i verkställighet", "2025-03-01")
    assert (field(found, "interruption_date").value, field(found, "interruption_date").required) == ("2026-01-15", True)
    assert not field(found, "decision_date").required


def test_a_decision_date_that_differs_is_told() -> None:
    found = made(replace(FULL, decision_date=day("2026-01-10")))
    assert field(found, "decision_date").value == "2026-01-10" and codes(found, "decision_date") == ["differs_from_register"]


def test_the_start_that_a_provisional_row_is_given_is_no_decision_date() -> None:
    found = made(BodyItems(), provisional("2026-04-15", start="2026-01-15"))
    assert field(found, "decision_date").value == "" and field(found, "decision_date") in found.missing


def test_an_advance_ruling_is_named_in_a_new_report_only() -> None:
    of = row(advance_ruling=True, reports=(reported(),))
    assert field(made(of=of), "advance_ruling").value == "Ja"
    again = made(of=row(advance_ruling=True, reports=(reported(), reported(2, FOLLOW_UP, 8))), today=day("2026-07-16"))
    assert "advance_ruling" not in values(again)


# Reason and cause.


def test_there_are_seven_five_and_fourteen_causes() -> None:
    assert {reason: len(causes) for reason, causes in REASONS.items()} == {"Hos kommunen": 7, "Utanför kommunen": 5, "Hos den enskilde": 14}


@pytest.mark.parametrize("reason, cause", [(reason, cause) for reason, causes in REASONS.items() for cause in causes])
def test_each_cause_of_each_reason_is_taken(reason: str, cause: str) -> None:
    items = replace(FULL, reason=reason, cause=cause, offers=(Event(day("2026-03-02"), "plats"),))
    found = made(items)
    assert (field(found, "reason").value, field(found, "cause").value) == (reason, cause)
    assert found.errors == () and found.missing == ()
    assert field(found, "offer_date").required == cause.startswith("Den enskilde har tackat nej")
    assert field(found, "explanation").required == cause.endswith("Annat")


@pytest.mark.parametrize(
    "reason, cause",
    [
        (reason, cause)
        for reason in REASONS
        for other in REASONS
        if other != reason
        for cause in REASONS[other]
        if cause not in REASONS[reason]
    ],
)
def test_a_cause_of_another_reason_is_an_error(reason: str, cause: str) -> None:
    assert "cause_of_other_reason" in codes(made(replace(FULL, reason=reason, cause=cause)), "cause")


def test_a_reason_follows_from_a_cause_that_only_it_has() -> None:
    found = made(replace(FULL, reason=""))
    assert (field(found, "reason").value, field(found, "reason").source) == ("Hos kommunen", Source.DERIVED)
    assert field(made(replace(FULL, reason="", cause="Annat")), "reason").value == ""


@pytest.mark.parametrize("name, code", [("reason", "several_reasons"), ("cause", "several_causes")])
def test_of_several_none_is_chosen(name: str, code: str) -> None:
    found = made(replace(FULL, **{"reason": "", "cause": "", "unclear": (name,)}), row(cause=PLACE, reports=(reported(),)))
    assert field(found, name).value == "" and codes(found, name) == [code]


@pytest.mark.parametrize("cause", ["Tackat nej", "no_staff"])
def test_a_cause_of_the_register_that_is_no_choice_is_told(cause: str) -> None:
    found = made(BodyItems(), row(cause=cause, reports=(reported(),)))
    assert field(found, "cause").value == "" and codes(found, "cause") == ["cause_unknown"]


def test_the_registers_cause_does_not_speak_against_the_letters_reason() -> None:
    found = made(BodyItems(reason="Utanför kommunen"), row(cause=PLACE, reports=(reported(),)))
    assert field(found, "cause").value == "" and codes(found, "cause") == ["cause_of_other_reason"]


@pytest.mark.parametrize("insats, expected", [("9§4", ["cause_unlisted"]), ("9§9", [])])
def test_a_cause_that_is_not_listed_for_the_insats_is_a_warning(insats: str, expected: list[str]) -> None:
    edition = {**options(), "reason": [{"text": "Hos kommunen", "causes": [{"text": PLACE, "insats": ["9§9"]}]}]}
    found = made(of=row(insats=insats, form="gruppboende" if insats == "9§9" else "", reports=(reported(),)), known=choices(edition))
    assert codes(found, "cause") == expected and found.errors == () and field(found, "cause").value == PLACE
    assert all(problem.level is Level.WARNING for problem in field(found, "cause").problems)


# What a cause demands.


def test_who_declines_needs_the_date_of_the_offer() -> None:
    declined = replace(FULL, reason="Hos den enskilde", cause=NO)
    without = made(declined)
    assert codes(without, "offer_date") == ["missing"] and field(without, "offer_date") in without.missing
    offers = (Event(day("2026-02-02"), "plats på A"), Event(None, "plats"), Event(day("2026-03-02"), "plats på B"))
    found = made(replace(declined, offers=offers, answers=(Answer(day("2026-03-09"), False, "för långt bort"),)))
    assert (field(found, "offer_date").value, found.errors) == ("2026-03-02", ())
    assert [(one.name, one.day) for one in found.material][-1] == ("Svar på erbjudande", day("2026-03-09"))


def test_anything_else_needs_an_explanation() -> None:
    found = made(replace(FULL, cause="Annat"))
    assert field(found, "explanation").value == FULL.other and codes(found, "explanation") == ["from_other"]
    assert field(found, "other").value == "" and found.errors == ()
    without = made(replace(FULL, cause="Annat", other=""))
    assert codes(without, "explanation") == ["missing"] and field(without, "explanation") in without.missing
    assert codes(made(replace(FULL, reason="", cause="Annat", other="")), "explanation") == ["missing"]  # whichever reason it is


# Meanwhile.


@pytest.mark.parametrize("items, key, code", [
    (BodyItems(partly_from=day("2026-03-01")), "partly_how", "missing"),
    (BodyItems(partly_how="2 av 5 timmar"), "partly_from", "missing"),
    (BodyItems(partly_from=day("2026-01-01"), partly_how="x"), "partly_from", "before_start"),
    (BodyItems(partly_from=day("2026-05-01"), partly_how="x"), "partly_from", "in_future"),
    (BodyItems(compensating_how="avlösning"), "compensating", "date_first"),
    (BodyItems(compensating_from=day("2026-03-01")), "compensating", "how_missing"),
    (BodyItems(no_compensating=True), "compensating", "none"),
    (BodyItems(decision_date=day("1993-12-31")), "decision_date", "before_law"),
])  # fmt: skip
def test_what_is_half_said_is_marked(items: BodyItems, key: str, code: str) -> None:
    assert code in codes(made(items), key)


# Free texts.


FREE = {"partly_how": "partly_how", "compensating": "compensating_how", "other": "other"}


@pytest.mark.parametrize("key", FREE)
@pytest.mark.parametrize("over", [0, 1])
def test_a_free_text_has_at_most_4000_characters(key: str, over: int) -> None:
    used = len("2026-02-01: ") if key == "compensating" else 0
    found = made(replace(FULL, **{FREE[key]: "å" * (4000 - used + over)}))
    assert codes(found, key) == ["too_long"] * over
    assert len(field(found, key).value) == 4000 + over  # never cut


@pytest.mark.parametrize("key", FREE)
@pytest.mark.parametrize("number", ["191212121212", "19121212-1212", "121212+1212"])
def test_no_identity_number_reaches_the_sheet(key: str, number: str) -> None:
    found = made(replace(FULL, **{FREE[key]: f"pratat med {number} i dag"}))
    assert number not in repr(found) and codes(found, key) == ["identity_number_removed"]


def test_an_explanation_and_the_reason_for_an_ending_are_free_texts_too() -> None:
    assert codes(made(replace(FULL, cause="Annat", other="x" * 4001)), "explanation")[-1] == "too_long"
    ended = row(closing=closed("ended 2026-05-04"), reports=(reported(), Report(0, FINAL, day("2026-05-05"), 9)))
    found = made(BodyItems(end_reason="x" * 4001), ended, today=day("2026-05-05"))
    assert codes(found, "end_reason") == ["too_long"]


# Executed and ended.


@pytest.mark.parametrize("what, name, key", [("executed", "Verkställt", "executed_on"), ("ended", "Avslutat", "ended_on")])
def test_a_final_report_tells_outcome_and_day(what: str, name: str, key: str) -> None:
    of = row(closing=closed(f"{what} 2026-05-04"), reports=(reported(), Report(0, FINAL, day("2026-05-05"), 9)))
    found = made(BodyItems(end_reason="Beslutet löpte ut."), of, today=day("2026-05-05"))
    assert (found.target.kind, found.target.k, found.target.letter) == (FINAL, 0, 9)
    assert (field(found, "status").value, field(found, key).value, field(found, "again").value[:16]) == (
        name,
        "2026-05-04",
        "Återrapportering",
    )
    assert found.missing == () and not field(found, "reason").required


def test_an_ending_needs_its_reason() -> None:
    of = row(closing=closed("ended 2026-05-04"), reports=(reported(), Report(0, FINAL, day("2026-05-05"), 9)))
    assert [one.key for one in made(BodyItems(), of, today=day("2026-05-05")).missing] == ["end_reason"]


@pytest.mark.parametrize("outcome", [EXECUTED, ENDED])
def test_a_row_that_closes_with_its_mark_unreported_is_new_with_its_outcome(outcome: Any) -> None:
    of = row(closing=closed(f"{outcome} 2026-05-04"), reports=(Report(0, FINAL, day("2026-05-05"), 9),))
    found = made(replace(FULL, end_reason="Beslutet löpte ut."), of, today=day("2026-05-05"))
    assert (found.target.kind, found.target.outcome) == (NEW, outcome)
    assert field(found, "again").value == "Ny rapport" and field(found, "reason").required
    assert any("rapportera det som nytt, med utfallet" in notice for notice in found.notices)


def test_a_row_reported_before_the_programs_time_is_not_new() -> None:
    of = row("2025-01-15", silent_before="2026-04-01", closing=closed("executed 2026-05-04"))
    assert made(None, of, today=day("2026-05-05"), role=None).target.kind is FINAL


@pytest.mark.parametrize("of, words", [
    (row(judgment=True), "En dom följs"),
    (row(closing=closed("executed 2026-03-01")), "Det ska inte rapporteras"),
    (row("2026-04-01"), "Beslutet har ännu inte väntat till 1 juli 2026"),
    (row(reports=(reported(),)), "Rapporteras i perioden 2026-07-01 – 2026-08-31"),
    (provisional("2026-04-15", start="2026-01-15"), "Registret har inte ärendet än"),
])  # fmt: skip
def test_what_must_be_known_of_the_whole_is_said(of: Row, words: str) -> None:
    assert any(words in notice for notice in made(None, of, role=None).notices)


# Follow-ups.


def test_a_follow_up_shows_what_was_said_and_when_with_what_is_new() -> None:
    of = row(reports=(reported(), reported(2, FOLLOW_UP, 8, "2026-07-16")))
    last = Former(FULL, day("2026-04-16"))
    now = replace(
        FULL, cause="Annat", other="Rekryteringen har börjat om.", partly_how="3 av 5 timmar", compensating_from=None, compensating_how=""
    )
    found = made(now, of, last=last, today=day("2026-07-16"), ticked={7: day("2026-04-20")})
    assert (found.target.k, found.target.kind) == (2, FOLLOW_UP)
    said = {one.key: (one.last.value if one.last else None, one.complement) for one in found.fields}
    assert said["cause"] == (PLACE, "Annat")
    assert said["reason"] == ("Hos kommunen", "")
    assert said["partly_how"] == ("2 av 5 timmar", "3 av 5 timmar")
    assert said["compensating"] == ("2026-02-01: avlösning varannan vecka", "")
    assert said["explanation"] == (None, None) and said["person"] == (None, None)
    assert field(found, "cause").last.day == day("2026-04-16")  # type: ignore[union-attr]


def test_a_new_report_has_nothing_before_it() -> None:
    assert not [one for one in made(last=Former(FULL, day("2026-01-01"))).fields if one.last]


def test_a_report_that_was_not_ticked_off_is_told_in_the_next() -> None:
    of = row(reports=(reported(), reported(2, FOLLOW_UP, 8, "2026-07-16")))
    found = made(of=of, today=day("2026-07-16"), unticked=(day("2026-04-15"),))
    assert any("Rapporten för 2026-04-15 är inte avprickad" in notice for notice in found.notices)


# The decision before.


def test_a_former_decision_that_was_never_executed_is_noted_with_the_whole_wait() -> None:
    former = row("2025-01-15", "E-0", id=2, closing=closed("ended 2026-01-14"))
    found = made(former=former)
    assert field(found, "other").value == (
        "Ny kontaktperson väntas i maj. Beslutet följer på ett tidigare beslut från 2025-01-15 om samma insats, som aldrig verkställdes. "
        "Den sammanlagda väntetiden från det beslutet är 456 dagar."
    )
    again = row(reports=(reported(), reported(2, FOLLOW_UP, 8, "2026-07-16")))
    assert field(made(of=again, former=former, today=day("2026-07-16")), "other").value == FULL.other


# What the sender should have said, and several letters about one report.


def test_what_the_letter_lacks_is_judged_by_the_role() -> None:
    officer, unit = made(), made(role=Role.UNIT)
    assert any("Kontakt med kund" in sentence for sentence in officer.lacking)
    assert any("Sammanfattning från utföraren" in sentence for sentence in unit.lacking)
    assert not any("Kontakt med kund" in sentence for sentence in unit.lacking)


def test_a_later_letter_about_the_same_report_adds_what_was_missing() -> None:
    first = BodyItems(reason="Hos kommunen", other="a", unclear=("cause",))
    later = BodyItems(cause=PLACE, partly_from=date(2026, 3, 1))
    whole = merged([first, later])
    assert whole == BodyItems(reason="Hos kommunen", cause=PLACE, other="a", partly_from=date(2026, 3, 1))
    assert merged([]) is None


def test_every_sentence_is_plain_swedish_that_ends() -> None:
    found = [
        made(BodyItems()),
        made(replace(FULL, cause=NO)),
        made(None, row(judgment=True)),
        made(of=row(case="x", protected=True, reports=(reported(),))),
    ]
    told = [problem.text for one in found for part in one.fields for problem in part.problems] + [
        text for one in found for text in one.notices
    ]
    assert told and all(text[0].isupper() and text.endswith(".") and "None" not in text for text in told)


def test_entry_dates_are_days_of_the_register() -> None:
    assert entry().start == day("2026-01-15")

"""The tabs of the e-service, each with its fields in order."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from rules.body import BodyItems
from rules.model import Kind, Outcome, Row, Sort
from rules.sheet.checks import day, not_before_start, text
from rules.sheet.choices import Choices, Picked
from rules.sheet.model import Field, Level, Problem, Source, Target

AREA = "LSS FUNK"
STATUS = {None: "Ej verkställt", Outcome.EXECUTED: "Verkställt", Outcome.ENDED: "Avslutat"}
SORTS = {Sort.DECISION: "Gynnande beslut", Sort.INTERRUPTION: "Avbrott i verkställighet"}


@dataclass(frozen=True, slots=True)
class Filled:
    """What the fields are filled from. `waiting`: the report tells that the decision is, or long was, not executed."""

    row: Row
    target: Target
    items: BodyItems
    picked: Picked
    known: Choices
    board: str
    former: Row | None
    today: date

    @property
    def waiting(self) -> bool:
        return self.target.kind is not Kind.FINAL


def report(given: Filled) -> Iterator[Field]:
    """Who reports, and whether IVO knows of the decision."""
    yield Field("board", "Ansvarig nämnd", given.board, Source.SETTINGS if given.board else Source.NONE, required=True)
    yield Field("area", "Område", AREA, Source.DERIVED, required=True)
    again = "Ny rapport" if given.target.kind is Kind.NEW else "Återrapportering (komplettera den tidigare rapporten)"
    yield Field("again", "Ny eller återkommande", again, Source.DERIVED, required=True)


def person(given: Filled) -> Iterator[Field]:
    """Whom it concerns, by case or alias only. The program has no identity number to give."""
    entry = given.row.entry
    if entry.protected:
        none = "Personen är skyddad och registret har inget alias. Ange det fiktiva namn och nummer som nämnden har."
        told = () if entry.alias else (Problem("alias_missing", none),)
        yield Field("person", "Alias", entry.alias, Source.REGISTER if entry.alias else Source.NONE, True, told)
    else:
        unsure = Problem("case_unsure", "Ärendet finns inte i registret än. Kontrollera ärendenumret.", Level.WARNING)
        yield Field("person", "Ärende", entry.case, Source.REGISTER, required=True, problems=(unsure,) if given.row.provisional else ())
    yield Field("protected", "Skyddade personuppgifter", _yes(entry.protected), Source.REGISTER, required=True)


def decision(given: Filled) -> Iterator[Field]:
    """The insats with its form, and what is reported: a decision or an interruption, with its day."""
    entry, items = given.row.entry, given.items
    yield _insats(given)
    yield Field("sort", "Beslut eller avbrott", SORTS[entry.sort], Source.REGISTER, required=True)
    interrupted = entry.sort is Sort.INTERRUPTION
    own = None if given.row.provisional else entry.start
    decided = (items.decision_date, entry.decision_date if interrupted else own)
    yield day("decision_date", "Datum för gynnande beslut", decided, given.today, required=not interrupted)
    if interrupted:
        began = (items.interruption_date, own)
        yield day("interruption_date", "Datum för avbrott", began, given.today, required=True)
    if entry.advance_ruling and given.target.kind is Kind.NEW:
        yield Field("advance_ruling", "Förhandsbesked", "Ja", Source.REGISTER)


def status(given: Filled) -> Iterator[Field]:
    """Whether it is executed or ended, and when."""
    outcome, closing = given.target.outcome, given.row.closing
    on = closing.on if closing and outcome else None
    yield Field("status", "Verkställighet", STATUS[outcome], Source.DERIVED if outcome is None else Source.REGISTER, required=True)
    if outcome is Outcome.EXECUTED:
        told = (given.items.executed_on, on)
        yield not_before_start(day("executed_on", "Datum för verkställighet", told, given.today, required=True), given.row)
    if outcome is Outcome.ENDED:
        told = (given.items.ended_on, on)
        yield not_before_start(day("ended_on", "Datum för avslut", told, given.today, required=True), given.row)
        yield text("end_reason", "Anledning till avslut", given.items.end_reason, Source.LETTER, given.known.longest, required=True)


def why(given: Filled) -> Iterator[Field]:
    """One main reason, one cause, and what the cause demands."""
    items, entry, picked = given.items, given.row.entry, given.picked
    needed = given.waiting
    yield Field("reason", "Huvudsakligt skäl", picked.reason, picked.reason_source, needed, picked.reason_problems)
    yield Field("cause", "Orsak", picked.text, picked.text_source, needed, picked.text_problems)
    said = items.relative
    relative = entry.relative if said is None else said
    yield Field("relative", "Anhöriga tillgodoser behovet", _yes(relative), Source.REGISTER if said is None else Source.LETTER)
    offered = max((offer.day for offer in items.offers if offer.day), default=None)
    declined = "Datum för erbjudande krävs när den enskilde har tackat nej."
    yield day("offer_date", "Datum för erbjudande", (offered, None), given.today, required=picked.needs_offer_date, missing=declined)
    explained = items.other if picked.needs_text else ""
    told = []
    if picked.needs_text:
        told = [
            Problem("from_other", "Hämtad från Övrigt av vikt för IVO. Kontrollera att den förklarar orsaken.", Level.WARNING)
            if explained
            else Problem("missing", "Förklaring krävs när orsaken är Annat.")
        ]
    yield text(
        "explanation", "Förklaring till orsaken", explained, Source.LETTER, given.known.longest, required=picked.needs_text, problems=told
    )


def meanwhile(given: Filled) -> Iterator[Field]:
    """What the person has while waiting: a part of the insats, or other support."""
    items, limit = given.items, given.known.longest
    began = (items.partly_from, given.row.entry.partly_from)
    partly = not_before_start(
        day("partly_from", "Delvis verkställt från och med", began, given.today, required=bool(items.partly_how)), given.row
    )
    yield partly
    yield text("partly_how", "Delvis verkställt, på vilket sätt", items.partly_how, Source.LETTER, limit, required=bool(partly.value))
    support, told = "", []
    if items.compensating_from and items.compensating_how:
        support = f"{items.compensating_from}: {items.compensating_how}"
    elif items.compensating_how:
        support = items.compensating_how
        told.append(Problem("date_first", "Texten ska börja med datumet då insatsen började. Brevet säger inte vilket."))
    elif items.compensating_from:
        support = f"{items.compensating_from}: "
        told.append(Problem("how_missing", "Brevet säger när insatsen började men inte vilken den är. Fyll på texten."))
    elif items.no_compensating:
        told.append(Problem("none", "Brevet säger att det inte finns någon kompenserande insats. Lämna fältet tomt.", Level.WARNING))
    yield text("compensating", "Kompenserande insats (datum först)", support, Source.LETTER, limit, problems=told)


def other(given: Filled) -> Iterator[Field]:
    """What else IVO should know: the letter's words, unless they explain the cause, and that a former decision was never executed."""
    said = "" if given.picked.needs_text else given.items.other
    note = _never_executed(given)
    whole = " ".join(part for part in (said, note) if part)
    source = Source.LETTER if said else Source.REGISTER
    yield text("other", "Övrigt av vikt för IVO", whole, source, given.known.longest)


def _never_executed(given: Filled) -> str:
    """The note about the decision that this one follows, in a new report."""
    former = given.former
    if former is None or given.target.kind is not Kind.NEW:
        return ""
    waited = (given.target.day if given.target.outcome else given.today) - former.entry.start
    return (
        f"Beslutet följer på ett tidigare beslut från {former.entry.start} om samma insats, som aldrig verkställdes. "
        f"Den sammanlagda väntetiden från det beslutet är {waited.days} dagar."
    )


def _insats(given: Filled) -> Field:
    entry, items = given.row.entry, given.items
    told = []
    form, source = entry.form, Source.REGISTER
    if items.insats and items.insats != entry.insats:
        told.append(
            Problem("other_insats", f"Brevet gäller {items.insats}, registret säger {entry.insats}. Kontrollera vilket som stämmer.")
        )
    elif items.form:
        form, source = items.form, Source.LETTER
        if entry.form and entry.form != form:
            other_form = "Brevet och registret anger olika form. Kontrollera vilken som stämmer."
            told.append(Problem("differs_from_register", other_form, Level.WARNING))
    if (entry.insats, form) not in given.known.insatser:
        form = ""
    if not form and any(key == entry.insats and other for key, other in given.known.insatser):
        told.append(Problem("form_unknown", "Formen är inte känd. Välj den i e-tjänsten om du vet vilken det är.", Level.WARNING))
    chosen = given.known.insatser.get((entry.insats, form), "")
    if not chosen:
        told.append(Problem("missing", "Insatsen finns inte bland IVO:s val."))
    return Field("insats", "Insats", chosen, source if chosen else Source.NONE, True, tuple(told))


def _yes(value: bool) -> str:
    return "Ja" if value else "Nej"

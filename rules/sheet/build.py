"""Builds the sheet of one report.

Source of the fields and their order: IVO, Handbok för rapportering av ej verkställda beslut, juni 2024.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import date

from rules.ahead import window_for
from rules.body import BodyItems, Role, missing, sentence
from rules.explain import long_date
from rules.model import Kind, Row
from rules.sheet import parts
from rules.sheet.checks import demanded
from rules.sheet.choices import Choices, current, picked
from rules.sheet.model import Field, Material, Said, Sheet, Source, Tab, Target
from rules.sheet.targets import reportable

NOTHING = BodyItems()
_TABS: tuple[tuple[str, Callable[[parts.Filled], Iterator[Field]]], ...] = (
    ("Rapport", parts.report),
    ("Den enskilde", parts.person),
    ("Insats och beslut", parts.decision),
    ("Verkställighet", parts.status),
    ("Skäl och orsak", parts.why),
    ("Under väntetiden", parts.meanwhile),
    ("Övrigt", parts.other),
)


@dataclass(frozen=True, slots=True)
class Former:
    """What was said in the report before: its letter's items, and the day it came."""

    items: BodyItems
    day: date


@dataclass(frozen=True, slots=True)
class Given:
    """What a sheet is made of. Days are local calendar days.

    `items`: what the report's letter says, None when no letter has come or its text is not kept. `role`: who sent it.
    `last`: the report before, for a follow-up and a final report. `former`: the decision that this one follows, never executed.
    `board`: the configured name. `cut_off`: what a reporting window counts (`quarter_end` or `window_end`).
    `unticked`: days of marks that were reported to the mailbox before this report and not ticked off as reported to IVO.
    """

    row: Row
    target: Target
    today: date
    items: BodyItems | None = None
    role: Role | None = None
    last: Former | None = None
    former: Row | None = None
    board: str = ""
    cut_off: str = "quarter_end"
    unticked: tuple[date, ...] = ()


def sheet(given: Given, known: Choices | None = None) -> Sheet:
    """Gives the sheet: values from the letter first, then from the register; what is missing or cannot be is marked, nothing is guessed.

    known: another edition of the option list than the packaged one.
    """
    entry, items = given.row.entry, given.items or NOTHING
    known = known or current()
    filled = _filled(given, items, known)
    before = _values(given, known)
    tabs = tuple(Tab(name, tuple(_beside(demanded(field), before, given.last) for field in make(filled))) for name, make in _TABS)
    return Sheet(
        given.row.id,
        entry.shown,
        entry.insats,
        items.form or entry.form,
        entry.start,
        given.target,
        tabs,
        tuple(_material(items)),
        _lacking(given, items),
        tuple(_notices(given)),
    )


def _filled(given: Given, items: BodyItems, known: Choices) -> parts.Filled:
    return parts.Filled(
        given.row, given.target, items, picked(items, given.row.entry, known), known, given.board, given.former, given.today
    )


def _values(given: Given, known: Choices) -> dict[str, str]:
    """What the letter before said, field by field. What only the register says now is not known to have been said then."""
    if given.last is None or given.target.kind is Kind.NEW:
        return {}
    filled = _filled(replace(given, former=None), given.last.items, known)
    told = (field for _, make in _TABS for field in make(filled))
    return {
        field.key: field.value for field in told if field.value and field.source in (Source.LETTER, Source.DERIVED) and field.key in _SAID
    }


_SAID = frozenset(
    ("reason", "cause", "relative", "offer_date", "explanation", "partly_from", "partly_how", "compensating", "other", "end_reason")
)


def _beside(field: Field, before: dict[str, str], last: Former | None) -> Field:
    if last is None or not before.get(field.key):
        return field
    return replace(field, last=Said(before[field.key], last.day))


def _material(items: BodyItems) -> Iterator[Material]:
    for offer in items.offers:
        yield Material("Erbjudande", offer.text, offer.day)
    for answer in items.answers:
        said = {True: "Ja", False: "Nej", None: "Inväntas"}[answer.yes]
        yield Material("Svar på erbjudande", f"{said}. {answer.text[:1].upper()}{answer.text[1:]}".strip(), answer.day)
    if items.summary:
        yield Material("Sammanfattning från utföraren", items.summary)


def _lacking(given: Given, items: BodyItems) -> tuple[str, ...]:
    if given.items is None or given.role is None:
        return ()
    entry, target = given.row.entry, given.target
    kind = Kind.FINAL if target.k == 0 else target.kind
    found = missing(items, kind, target.outcome, entry.insats, given.role, external=entry.external, sort=entry.sort)
    return tuple(sentence(code) for code in found)


def _notices(given: Given) -> Iterator[str]:
    row, target = given.row, given.target
    if row.entry.judgment:
        yield "Det här är en dom. En dom följs, men rapporteras inte till IVO."
    elif not reportable(row):
        yield "Beslutet stängdes innan tre månader hade gått. Det ska inte rapporteras."
    elif target.reported:
        yield f"Rapporten är avprickad som rapporterad till IVO {target.reported}."
    elif target.k == 0:
        yield "Rapporteras genast: verkställda och avslutade beslut rapporteras också mellan perioderna."
    elif target.day > given.today:
        yield f"Beslutet har ännu inte väntat till {long_date(target.day)}. Rapporten behövs först då, om beslutet inte har verkställts."
    else:
        window = window_for(target.day, given.cut_off)
        yield f"Rapporteras i perioden {window.first} – {window.last}."
    if target.k == 0 and target.kind is Kind.NEW:
        yield "IVO känner inte till beslutet: rapportera det som nytt, med utfallet."
    if target.k and row.closing is not None and reportable(row):
        yield f"Beslutet är stängt sedan {row.closing.on}. Utfallet rapporteras i slutrapporten."
    for mark in given.unticked:
        yield f"Rapporten för {mark} är inte avprickad. Är den inte skickad till IVO: rapportera den först."
    if row.provisional:
        yield "Registret har inte ärendet än. Uppgifterna kommer från brevet."
    if not target.letter and reportable(row):
        yield "Ingen rapport har kommit till brevlådan än. Fälten visar det som registret vet."
    elif target.letter and given.items is None:
        yield f"Texten i brev {target.letter} är inte sparad. Öppna brevet och fyll i resten därifrån."

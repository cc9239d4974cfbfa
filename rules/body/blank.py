"""The text of a report with the routine's labels in its own order: gaps to fill in, or items that are known. `items` reads it back."""

from collections.abc import Iterator
from datetime import date

from rules.body.lacking import Role
from rules.body.model import Answer, BodyItems, Event
from rules.body.words import data
from rules.model import Kind, Outcome, Sort
from rules.options import options, text

DAY_GAP = "ÅÅÅÅ-MM-DD"
"""Stands for a date that is to be filled in."""
NOTHING = BodyItems()


def template(
    kind: Kind,
    outcome: Outcome | None,
    insats: str,
    role: Role,
    *,
    external: bool = False,
    sort: Sort | None = None,
    known: BodyItems = NOTHING,
) -> str:
    """Gives the text in Swedish, a label a line, ended by a line break; what is not known is a gap.

    Only the labels that the sender's role answers for, and any whose item is known. insats: `9§10` or "" for a gap. sort: which of the two
    start dates is asked for; None asks for both. `items` of the text gives the known items again and nothing of the gaps.
    """
    return "".join(f"{label}: {value}\n" for label, value in _lines(kind, outcome, insats or known.insats, role, external, sort, known))


def _lines(
    kind: Kind, outcome: Outcome | None, insats: str, role: Role, external: bool, sort: Sort | None, known: BodyItems
) -> Iterator[tuple[str, str]]:
    shown = data()["shown"]
    yield shown["case"], known.case
    yield shown["insats"], text(insats, known.form) if insats else "9§__"
    if kind is Kind.FINAL:
        if outcome is not Outcome.ENDED or known.executed_on:
            yield shown["executed_on"], _day(known.executed_on)
        if outcome is not Outcome.EXECUTED or known.ended_on:
            yield shown["ended_on"], _day(known.ended_on)
            yield shown["end_reason"], known.end_reason
    yield from _open(kind is not Kind.FINAL, insats, role, external, sort, known)


def _open(asked: bool, insats: str, role: Role, external: bool, sort: Sort | None, known: BodyItems) -> Iterator[tuple[str, str]]:
    """The items of a decision that is not executed. asked: also where nothing is known."""
    shown = data()["shown"]
    if asked or known.report_date:
        yield shown["report_date"], _day(known.report_date)
    for name, own, day in (
        ("decision_date", sort is not Sort.INTERRUPTION, known.decision_date),
        ("interruption_date", sort is not Sort.DECISION, known.interruption_date),
    ):
        if (asked and own) or day:
            yield shown[name], _day(day)
    for name, value in (("reason", known.reason), ("cause", known.cause)):
        if asked or value:
            yield shown[name], value
    officer = asked and role is Role.OFFICER and not (insats in ("9§9", "9§10") or (insats == "9§8" and external))
    yield from _events("contacts", known.contacts, officer)
    yield from _events("offers", known.offers, asked)
    yield from _answers(known.answers, asked)
    yield from _lasting("partly", known.partly_from, known.partly_how, asked, "")
    yield from _lasting("compensating", known.compensating_from, known.compensating_how, officer, "Nej" if known.no_compensating else "")
    if known.relative is not None or asked:
        yield shown["relative"], {True: "ja", False: "nej", None: ""}[known.relative]
    if known.summary or (asked and role is not Role.OFFICER):
        yield shown["summary"], known.summary
    if known.other or asked:
        yield shown["other"], known.other


def _events(name: str, events: tuple[Event, ...], asked: bool) -> Iterator[tuple[str, str]]:
    for each in events or ((None,) if asked else ()):
        yield data()["shown"][name], f"{_day(each.day)}, {each.text}" if each else f"{DAY_GAP}, "


def _answers(answers: tuple[Answer, ...], asked: bool) -> Iterator[tuple[str, str]]:
    label = data()["shown"]["answers"]
    for each in answers:
        yield (
            label,
            f"{_day(each.day)}, {'ja' if each.yes else 'nej'}, {each.text}" if each.yes is not None else f"{_day(each.day)}, {each.text}",
        )
    if asked and not answers:
        yield label, f"{DAY_GAP}, "


def _lasting(name: str, day: date | None, how: str, asked: bool, nothing: str) -> Iterator[tuple[str, str]]:
    if day or how or asked or nothing:
        yield data()["shown"][name], nothing or f"{_day(day)}, {how}"


def _day(day: date | None) -> str:
    return day.isoformat() if day else DAY_GAP


def alternatives() -> str:
    """IVO's main reasons, each with its causes, as a list to choose from beside the template; no part of the report."""
    return "".join(f"{each['text']}\n" + "".join(f"  {cause['text']}\n" for cause in each["causes"]) for each in options()["reason"])

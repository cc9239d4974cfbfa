"""Sample answers to letters: each flaw, each difference from the register, and what the reporter is told of an incident."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date

from bot.samples.base import Sample, linked
from rules.mails import AskCase, FileTaken, Incident, MailFacts, Receipt, RegisterReport, ReportDiffers, RowFault, RowNotice, TitleRejected
from rules.model import Flaw, Kind, Outcome, Sort, canonical


def answers() -> Iterator[Sample]:
    """Every answer, and the mail about an incident."""
    yield from _register_files()
    for sample in (*_rejected(), *_differing(), *_other_answers()):
        yield replace(sample, facts=_cited(sample.facts))


def _cited(facts: MailFacts) -> MailFacts:
    """The facts with the law and the day of receipt, as every answer has them."""
    match facts:
        case Incident():
            return replace(facts, hours=72, law="artikel 33 i EU:s dataskyddsförordning (2016/679)")
        case ReportDiffers(read=read) | AskCase(read=read) | Receipt(read=read):
            final = "Slutrapportering" in read
            return replace(facts, received=date(2026, 4, 21), law="28 g § LSS (1993:387)" if final else "28 f § LSS (1993:387)")
        case TitleRejected():
            return replace(facts, law="28 f § LSS (1993:387) och 28 g § LSS (1993:387)")
        case _:
            return facts


def _rejected() -> Iterator[Sample]:
    mail, received = "title_rejected", date(2026, 4, 21)
    known = linked("IVO – Nyrapportering 2026-04-20, 9§4", "F-2")
    yield Sample(mail, "known", TitleRejected(received, (Flaw.MISSING_DATE,), (known,), case="F-2"))
    early = TitleRejected(
        received, (Flaw.INVALID_DATE,), (linked("IVO – Nyrapportering 2026-05-04, 9§4", "F-5"),), "F-5", date(2026, 4, 30)
    )
    yield Sample(mail, "earliest", early)
    gap = linked("IVO – Nyrapportering ÅÅÅÅ-MM-DD, 9§__")
    yield Sample(mail, "gaps", TitleRejected(received, (Flaw.MISSING_DATE, Flaw.MISSING_INSATS), (gap,)))
    each = tuple(
        linked(canonical(kind, date(2026, 4, 20), "9§4", outcome=outcome))
        for kind, outcome in (
            (Kind.NEW, None),
            (Kind.FOLLOW_UP, None),
            (Kind.FINAL, Outcome.EXECUTED),
            (Kind.FINAL, Outcome.ENDED),
        )
    )
    yield Sample(mail, "several", TitleRejected(received, (Flaw.MISSING_KIND, Flaw.EXTRA_INFORMATION), each))
    final = tuple(linked(canonical(Kind.FINAL, None, "9§4", outcome=outcome)) for outcome in Outcome)
    yield Sample(mail, "final_gaps", TitleRejected(received, (Flaw.MISSING_OUTCOME, Flaw.MISSING_DATE), final))
    yield Sample(mail, "personal_data", TitleRejected(received, (Flaw.PERSONAL_DATA,), (known,), case="F-2"))
    for flaw in Flaw:
        yield Sample(mail, f"flaw_{flaw.value}", TitleRejected(received, (flaw,), (known,)))


def _differing() -> Iterator[Sample]:
    mail = "report_differs"
    right = (linked("IVO – Återrapportering 2026-07-15, 9§4", "E-7"),)
    read = "IVO – Nyrapportering 2026-07-15, 9§4"
    kind = ReportDiffers(
        ("kind",), "E-7", read, True, right, start=date(2026, 1, 15), mark=date(2026, 7, 15), right_kind=Kind.FOLLOW_UP
    )  # fmt: skip
    new = (linked("IVO – Nyrapportering 2026-04-15, 9§4", "E-7"),)
    base = ReportDiffers(
        ("date",), "E-7", "IVO – Nyrapportering 2026-01-15, 9§4", False, new, start=date(2026, 1, 15), mark=date(2026, 4, 15)
    )
    yield Sample(mail, "kind_follow_up", kind)
    yield Sample(mail, "kind_new", replace(kind, right_kind=Kind.NEW, titles=new, mark=date(2026, 4, 15)))
    yield Sample(mail, "kind_sort_advance_ruling", replace(kind, what=("kind", "sort", "advance_ruling"), sort=Sort.INTERRUPTION))
    yield Sample(mail, "sort_decision", replace(kind, what=("sort",), titles=new, mark=date(2026, 4, 15)))
    advance = "IVO – Nyrapportering 2026-04-15, Förhandsbesked, 9§4"
    yield Sample(mail, "advance_ruling", replace(kind, what=("advance_ruling",), read=advance, titles=new, mark=date(2026, 4, 15)))
    yield Sample(mail, "date", base)
    yield Sample(mail, "date_later", replace(base, send_on=date(2026, 4, 14)))
    yield Sample(mail, "date_interruption", replace(base, sort=Sort.INTERRUPTION))
    final = "IVO – Slutrapportering, verkställt 2026-01-03, 9§4"
    gap = (linked("IVO – Slutrapportering, verkställt ÅÅÅÅ-MM-DD, 9§4", "E-7"),)
    yield Sample(mail, "before_start", replace(base, what=("before_start",), read=final, titles=gap, mark=None))
    yield Sample(mail, "premature", replace(base, what=("premature",), read=new[0].title, send_on=date(2026, 4, 16)))
    coming = "IVO – Slutrapportering, verkställt 2026-05-04, 9§4"
    premature_final = replace(base, what=("premature_final",), read=coming, titles=(linked(coming, "E-7"),), mark=None)
    yield Sample(mail, "premature_final", replace(premature_final, send_on=date(2026, 5, 4)))
    none = replace(base, what=("not_reportable",), read=new[0].title, titles=())
    yield Sample(mail, "not_reportable", replace(none, closed_on=date(2026, 4, 9), outcome=Outcome.EXECUTED))
    yield Sample(mail, "not_reportable_ended", replace(none, closed_on=date(2026, 4, 15), outcome=Outcome.ENDED))
    closed = (linked("IVO – Slutrapportering, avslutat 2026-06-01, 9§4", "E-7"),)
    other = replace(base, what=("other_closing",), read=coming, titles=closed, mark=None)
    yield Sample(mail, "other_closing", replace(other, closed_on=date(2026, 6, 1), outcome=Outcome.ENDED))
    stranger = ReportDiffers((), "", read, False, (linked("IVO – Nyrapportering ÅÅÅÅ-MM-DD, 9§4"),))
    for what in ("kind", "sort", "advance_ruling"):
        yield Sample(mail, f"untold_{what}", replace(stranger, what=(what,), counted=True))
    for what in ("date", "before_start", "premature", "premature_final", "other_closing"):
        yield Sample(mail, f"untold_{what}", replace(stranger, what=(what,)))
    yield Sample(mail, "untold_not_reportable", replace(stranger, what=("not_reportable",), titles=()))


def _other_answers() -> Iterator[Sample]:
    read = "IVO – Nyrapportering 2026-04-20, 9§4"
    for reason in ("several", "none", "other_insats"):
        yield Sample("ask_case", reason, AskCase(reason, read, linked(read)))
    yield Sample("receipt", "matched", Receipt(read, normalised=False, matched=True, case="F-2"))
    yield Sample("receipt", "normalised", Receipt(read, normalised=True, matched=False))
    yield Sample("receipt", "normalised_matched", Receipt(read, normalised=True, matched=True, case="F-2"))
    lacks = ("Orsak saknas: ange ett av IVO:s alternativ.", "Svar på erbjudandet saknas: datum, ja eller nej och anledning.")
    yield Sample("receipt", "missing", Receipt(read, normalised=False, matched=True, case="F-2", missing=lacks))
    yield Sample("incident", "answered", Incident(412, date(2026, 4, 21), answered=True))
    yield Sample("incident", "unanswered", Incident(413, date(2026, 4, 21), answered=False))


def _register_files() -> Iterator[Sample]:
    mail, received = "register_report", date(2026, 4, 21)
    good = FileTaken(created=12, changed=1, unchanged=75, vanished=("F-2, 9§4, 2026-01-20",), ignored=3)
    yield Sample(mail, "taken", RegisterReport(received, (good,)))
    notices = (RowNotice(4, "start_in_future"), RowNotice(9, "officer_without_address"))
    faults = (RowFault(3, "Beslutsdatum", "Beslutsdatum eller datum för avbrott saknas."),)
    yield Sample(
        mail, "faults", RegisterReport(received, (replace(good, vanished=("F-2, 9§4", "F-3, 9§9"), faults=faults, notices=notices),))
    )
    refused = FileTaken(refused="Filen är skyddad med lösenord; spara den utan och skicka den igen.")
    yield Sample(mail, "refused", RegisterReport(received, (refused,)))
    yield Sample(mail, "several", RegisterReport(received, (good, replace(good, created=1, vanished=()))))

"""Sample quarterly reports: whole ones from an invented register, for every document's tests, and the mail of each reader."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date

from bot.samples.base import Sample
from rules.mails import Quarterly, QuarterlyRow
from rules.mark import add_months
from rules.model import ClosedBy, Closing, Entry, Kind, Outcome, Report, Row, Sort
from rules.quality import ALL, LetterFact, Noted, quality
from rules.report.build import build
from rules.report.detail import exposures, faults
from rules.report.given import Analysis, Given, OngoingGiven
from rules.report.lists import Change, Request
from rules.report.taken import Taken, hidden_cells
from rules.report.values import Past, PastRow, QuarterReport, Reader
from rules.stats import quarter_figures
from rules.window import Quarter
from rules.workday import Workdays

QUARTER = Quarter(2023, 4)
DAY = date(2024, 1, 22)
# insats, form, how many, first start, days between starts; sexes and causes are dealt out in turn
_LOTS = (
    ("9§3", "", 17, date(2021, 8, 3), 41),
    ("9§4", "", 6, date(2022, 2, 1), 66),
    ("9§5", "", 12, date(2022, 1, 12), 45),
    ("9§6", "stodfamilj", 9, date(2021, 5, 3), 77),
    ("9§7", "", 1, date(2023, 3, 9), 1),
    ("9§9", "gruppboende", 24, date(2020, 11, 2), 40),
    ("9§10", "", 33, date(2021, 3, 1), 29),
)
_SEXES = ("man", "woman", "man", "woman", "boy", "woman", "man", "girl", "")
_CAUSES = (
    "Den enskilde har tackat nej - Missnöjd med tid, omfattning, utförare",
    "Saknar plats (ex. har kö, behov av/pågående sanering/renovering/ombyggnation)",
    "Personalrelaterade skäl (ex. stor omsättning, långvarig sjukdom, rekryteringsproblem, arbetsmiljöproblem)",
    "Ny utredning pågår/kommunen utreder den enskildes förslag",
    "",
)


def sample(reader: Reader = Reader.FULLMAKTIGE, *, frozen: bool = False) -> QuarterReport:
    """A whole report with everything in it that this reader can have. All cases are invented."""
    rows = list(register())
    figures = quarter_figures(rows, {row.id for row in rows[:3]}, QUARTER)
    noted = Noted(
        rows,
        [LetterFact(("officer", "anna@kommun.example"), True, False), LetterFact(ALL, False, True)],
        {2: 1, 5: 2},
        {row.id: _who(row) for row in rows},
    )
    taken = Taken(
        quarter=QUARTER,
        day=DAY,
        board="Omsorgsnämnden",
        threshold=5,
        counted=figures.counted,
        faults=faults(figures.findings),
        exposures=exposures(rows, QUARTER),
        given=_given(),
        comparison=_past(),
        hidden=hidden_cells(figures.counted, (), 5),
        quality=quality(noted, QUARTER, Workdays(), DAY),
    )
    change = Change("", "open", 78, 77, "Totalt, ej verkställda: 78 när kvartalet frystes, nu 77.")
    more = {"frozen": DAY, "digest": "3f9a1c07be52" * 5 + "9d41", "changes": (change,)} if frozen else {}
    return build(taken, reader, {row.id: row for row in rows}, **more)  # type: ignore[arg-type]


def register() -> Iterator[Row]:
    """The invented register: one row after the other, some of them closed in the quarter, one of them a judgment."""
    number = 0
    for insats, form, count, first, step in _LOTS:
        for n in range(count):
            number += 1
            start = date.fromordinal(first.toordinal() + n * step)
            entry = Entry(
                case=f"E-{number}",
                insats=insats,
                sort=Sort.INTERRUPTION if n % 3 == 1 else Sort.DECISION,
                start=start,
                form=form,
                officer="anna@kommun.example" if n % 2 else "bo@kommun.example",
                unit="Enhet Nord" if n % 4 else "Enhet Syd",
                provider="Utföraren AB" if insats == "9§9" else "",
                external=insats == "9§9",
                sex=_SEXES[number % len(_SEXES)],
                partly_from=date(2023, 9, 1) if number % 11 == 0 else None,
                cause=_CAUSES[number % len(_CAUSES)],
                protected=number == 7,
                alias="Fiktiv 12" if number == 7 else "",
                judgment=number == 12,
                judgment_final=date(2023, 2, 1) if number == 12 else None,
            )
            yield Row(number, entry, start, start, _closing(number, start), reports=tuple(_reports(number, start)))


def _reports(number: int, start: date) -> Iterator[Report]:
    """Most in time, some late, some not at all."""
    for k in range(1, 13):
        if (number + k) % 7:
            mark = add_months(start, 3 * k)
            yield Report(
                k, Kind.NEW if k == 1 else Kind.FOLLOW_UP, date.fromordinal(mark.toordinal() + (9 if (number + k) % 5 == 0 else 0))
            )


def _closing(number: int, start: date) -> Closing | None:
    if number == 1:
        return Closing(Outcome.EXECUTED, date.fromordinal(start.toordinal() + 60), ClosedBy.REGISTER)
    if number % 5 == 0:
        return Closing(Outcome.EXECUTED if number % 2 else Outcome.ENDED, date(2023, 10 + number % 3, 4 + number % 20), ClosedBy.REGISTER)
    return None


def _who(row: Row) -> tuple[str, str]:
    return ("unit", "Boendeteamet") if row.entry.insats == "9§9" else ("officer", row.entry.officer)


def _given() -> Given:
    return Given(
        ongoing=tuple(
            OngoingGiven(insats, men, women)
            for insats, men, women in (("9§2", 61, 48), ("9§3", 210, 164), ("9§4", 305, 251), ("9§5", 77, 41), ("9§6", 96, 58),
                                       ("9§7", 38, 17), ("9§9", 402, 280), ("9§10", 611, 455))
        ),
        requests=(
            Request(date(2023, 11, 7), "Begäran om yttrande i ett ärende om bostad för vuxna.", date(2023, 11, 27)),
            Request(date(2023, 12, 14), "Begäran om komplettering i ett ärende om daglig verksamhet."),
        ),
        analysis=(
            Analysis("", "Antalet ej verkställda beslut är i stort sett oförändrat.\n\nNämnden följer särskilt bostad för vuxna."),
            Analysis("9§9", "Två gruppbostäder öppnar under året. Tills dess erbjuds servicebostad där det motsvarar behovet."),
        ),
    )  # fmt: skip


def _past() -> tuple[Past, ...]:
    rows = (("9§3", 9), ("9§4", 5), ("9§5", 9), ("9§6", 7), ("9§9", 17), ("9§10", 24))
    found = []
    for n, (quarter, source) in enumerate((("2022Q4", "input"), ("2023Q1", "input"), ("2023Q2", "frozen"), ("2023Q3", "frozen"))):
        known = source == "frozen"
        found.append(
            Past(
                quarter=Quarter.parse(quarter),
                source=source,
                open=sum(open for _, open in rows) + 2 * n,
                reported=96 + n if known else None,
                executed=15 - n if known else None,
                ended=9 if known else None,
                interruptions_open=24 + n if known else None,
                men=39 if known else None,
                women=32 + 2 * n if known else None,
                median=350 + 9 * n if known else None,
                longest=1004 + 92 * n if known else None,
                rows=tuple(PastRow(insats, open + 2 * n * (insats == "9§10"), open // 3 if known else None) for insats, open in rows),
            )
        )
    return tuple(found)


def quarters() -> Iterator[Sample]:
    """The mail of each reader; fixed figures, so that its words change only with its templates."""
    summary = ("Den 2023-12-31 var 57 beslut ej verkställda, 36 av dem avbrott i verkställigheten.",)
    rows = (
        QuarterlyRow("9 § 3 Ledsagarservice", 10, 9, 5, 2, 812),
        QuarterlyRow("9 § 7 Korttidstillsyn", 0, 0, 1, 0, None),
        QuarterlyRow("Totalt", 57, 36, 18, 13, 1388),
    )
    plain = Quarterly(
        quarter="2023Q4",
        reader="fullmaktige",
        title="Ej verkställda beslut enligt LSS, kvartal 4 2023",
        board="Omsorgsnämnden",
        frozen=DAY,
        hash="3f9a1c07be52" * 5,
        summary=summary,
        rows=rows,
        notes=("Väntetiden är räknad i dagar från beslutet till kvartalets sista dag, för avbrott från avbrottets första dag.",),
        references=("Statistik till kommunfullmäktige varje kvartal: 28 h § LSS (1993:387)",),
    )
    yield Sample("quarter", "fullmaktige", plain)
    changed = ("Totalt, ej verkställda: 57 när kvartalet frystes, nu 56.",)
    for reader in ("revisorer", "internal"):
        yield Sample("quarter", reader, replace(plain, reader=reader, board="", changes=changed))

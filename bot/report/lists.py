"""What is told line by line: requests, decisions, exposure to the fee, faults, changes, references."""

from collections.abc import Iterator

from bot.report.clean import clean
from bot.report.parts import Cell, Column, Gap, Heading, Paragraph, Part, Shape, Table
from bot.report.words import OUTCOMES, SORTS, clean_name, known
from rules.report import Decision, Exposure, QuarterReport, Reader

TEXT, DATE = Shape.TEXT, Shape.DATE


def requests(report: QuarterReport) -> Iterator[Part]:
    """Requests from IVO in the quarter."""
    if not report.requests:
        return
    yield Heading(2, "Begäran från IVO", "begaran")
    columns = (Column("Datum", DATE), Column("Vad IVO har begärt", TEXT, long=True), Column("Besvarad", DATE))
    rows = tuple((one.day, clean(one.text), one.answered or "ännu inte") for one in report.requests)
    yield Table("begaran-tabell", "Begäran från IVO", "Begäran från IVO under kvartalet", columns, rows)


def decisions(report: QuarterReport) -> Iterator[Part]:
    """The list per decision, for revisorer and the board itself."""
    if not report.decisions:
        return
    yield Heading(2, "Beslut för beslut", "beslut")
    internal = report.reader is Reader.INTERNAL
    if not internal:
        yield Paragraph("Listan visar varje beslut för sig. Den innehåller inga uppgifter om vem beslutet gäller.")
    columns = (
        Column("Nr"),
        *((Column("Ärende", TEXT), Column("Rad")) if internal else ()),
        Column("Insats", TEXT),
        Column("Gäller", TEXT),
        *((Column("Beslut eller avbrott", DATE),) if internal else ()),
        Column("Dagar"),
        Column("Läge", TEXT),
        Column("Datum", DATE),
        Column("Orsak", TEXT),
        *((Column("Delvis från", DATE), Column("Enhet", TEXT), Column("Kön", TEXT)) if internal else ()),
    )
    rows = tuple(_decision(one, internal=internal) for one in report.decisions)
    yield Table("beslut-tabell", "Beslut för beslut", "Varje beslut som räknas i kvartalet", columns, rows, wide=internal)


def _decision(one: Decision, *, internal: bool) -> tuple[Cell, ...]:
    partly: Cell = one.partly_from or ("ja" if one.partly else Gap.NONE)
    return (
        one.number,
        *((clean_name(one.case), one.row) if internal else ()),
        clean_name(one.name),
        SORTS[one.sort],
        *((one.start or Gap.NONE,) if internal else ()),
        one.wait_days,
        OUTCOMES[one.outcome],
        one.closed_on or Gap.NONE,
        clean_name(one.cause),
        *((partly, clean_name(one.unit), clean_name(one.sex)) if internal else ()),
    )


def exposures(report: QuarterReport) -> Iterator[Part]:
    """Open rows with the fee that a court may set, longest wait first."""
    if not report.exposures:
        return
    yield Heading(2, "Särskild avgift", "avgift")
    yield Paragraph(
        "Tabellen visar de beslut som har väntat längst, vilken avgift en domstol kan besluta om och till vilken dag IVO kan ansöka. "
        "Dagar kvar räknas från kvartalets sista dag. Beloppen är lagens gränser och säger inte vad avgiften skulle bli."
    )
    columns = (
        Column("Ärende", TEXT),
        Column("Insats", TEXT),
        Column("Gäller", TEXT),
        Column("Beslut eller avbrott", DATE),
        Column("Dagar"),
        Column("Lägsta avgift", Shape.KRONOR),
        Column("Högsta avgift", Shape.KRONOR),
        Column("Två år räknas från", DATE),
        Column("Ansökan senast", DATE),
        Column("Dagar kvar"),
        Column("Lagrum", TEXT),
    )
    rows = tuple(_exposure(one) for one in report.exposures)
    yield Table("avgift-tabell", "Särskild avgift", "Beslut som har väntat längst, med avgiftens gränser", columns, rows, wide=True)


def _exposure(one: Exposure) -> tuple[Cell, ...]:
    sort = "Dom" if one.judgment else SORTS[one.sort]
    limit = (one.counted_from or Gap.NONE, one.last_day or Gap.NONE, known(one.days_left))
    fee = (one.lowest, one.highest, *limit, clean(one.ref))
    return (clean_name(one.case), clean_name(one.name), sort, one.start, one.wait_days, *fee)


def faults(report: QuarterReport) -> Iterator[Part]:
    """Rows that do not stand in the list as they should."""
    if not report.faults:
        return
    yield Heading(2, "Fel i underlaget", "fel")
    columns = (Column("Ärende", TEXT), Column("Rad"), Column("Vad som inte stämmer", TEXT, long=True))
    rows = tuple((clean_name(one.case), one.row, clean(one.text)) for one in report.faults)
    yield Table("fel-tabell", "Fel i underlaget", "Rader som behöver ses över", columns, rows, wide=True)


def changes(report: QuarterReport) -> Iterator[Part]:
    """Figures of a frozen quarter that have changed since."""
    if not report.changes:
        return
    yield Heading(2, "Ändrat sedan rapporten fastställdes", "andringar")
    columns = (Column("Vad som har ändrats", TEXT, long=True), Column("Fastställt"), Column("Nu"))
    rows = tuple((clean(one.text), one.frozen, one.now) for one in report.changes)
    yield Table("andringar-tabell", "Ändrat", "Siffror som har ändrats", columns, rows)


def references(report: QuarterReport) -> Iterator[Part]:
    """The law of the day."""
    if not report.references:
        return
    yield Heading(2, "Vad rapporten bygger på", "lagrum")
    columns = (Column("Vad", TEXT, long=True), Column("Lagrum", TEXT))
    rows = tuple((clean(one.what), clean(one.ref)) for one in report.references)
    yield Table("lagrum-tabell", "Lagrum", "Lagrum som de gällde den dag då uppgifterna hämtades", columns, rows)

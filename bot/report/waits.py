"""How long each has waited: decisions, and interruptions in a part of their own (28 h § LSS)."""

from collections.abc import Callable, Iterator

from bot.report.charts import Bands
from bot.report.parts import Column, Heading, Paragraph, Part, Picture, Shape, Table, WaitList
from bot.report.words import clean_name, known
from rules.report import InsatsRow, QuarterReport, Waits

Of = Callable[[InsatsRow], Waits]


def waits(report: QuarterReport) -> Iterator[Part]:
    """Bands, median and longest for each insats, a chart, and every single wait."""
    if not report.rows:
        return
    yield Heading(2, "Väntetider", "vantetider")
    total = report.total
    if total.waits.days or total.waits_interruptions.days:
        yield _chart(total)
    yield Heading(3, "Väntetid sedan beslut", "vantetid-beslut")
    yield from _part(report, lambda row: row.waits, "beslut", "Inget beslut väntade vid kvartalets slut.")
    yield Heading(3, "Väntetid sedan avbrott", "vantetid-avbrott")
    yield from _part(report, lambda row: row.waits_interruptions, "avbrott", "Inget avbrott pågick vid kvartalets slut.")


def _part(report: QuarterReport, of: Of, word: str, none: str) -> Iterator[Part]:
    rows = [row for row in report.rows if of(row).days]
    if not rows:
        yield Paragraph(none)
        return
    labels = [band.label for band in of(report.total).bands]
    columns = (
        Column("Insats", Shape.TEXT),
        *(Column(clean_name(label)) for label in labels),
        Column("Median, dagar"),
        Column("Längst, dagar"),
    )
    cells = tuple(
        (clean_name(row.name), *(band.count for band in of(row).bands), known(of(row).median), known(of(row).longest))
        for row in (*rows, report.total)
    )
    caption = f"Hur länge de har väntat sedan {word}: antal efter väntetid"
    yield Table(f"vantetid-{word}-tabell", f"Väntetid {word}", caption, columns, cells, total=True)
    lines = tuple((clean_name(row.name), of(row).days) for row in rows)
    yield WaitList(f"vantetid-{word}-lista", f"Väntetid {word}, lista", f"Varje väntetid i dagar sedan {word}", lines)


def _chart(total: InsatsRow) -> Picture:
    first, second = total.waits.bands, total.waits_interruptions.bands
    labels = tuple(clean_name(band.label) for band in first)
    chart = Bands(labels, tuple(band.count for band in first), tuple(band.count for band in second))
    told = "; ".join(f"{label}: {one.count} beslut, {other.count} avbrott" for label, one, other in zip(labels, first, second, strict=True))
    return Picture(
        "bild-vantetider",
        "Väntetider för alla insatser",
        f"Liggande staplar efter väntetid, beslut och avbrott var för sig. {told}.",
        chart,
    )

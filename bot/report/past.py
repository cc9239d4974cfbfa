"""The quarter beside those before it."""

from collections.abc import Callable, Iterator

from bot.report.charts import Panels
from bot.report.parts import Cell, Column, Gap, Heading, Paragraph, Part, Picture, Shape, Table
from bot.report.words import clean_name, known, quarter_short, seen
from rules.report import Past, QuarterReport
from rules.report.build import as_past


def past(report: QuarterReport) -> Iterator[Part]:
    """The totals of each quarter, and for each insats how many were open. Nothing without earlier quarters."""
    if not report.comparison:
        return
    yield Heading(2, "Jämförelse med tidigare kvartal", "jamforelse")
    totals = _totals(report)
    yield totals
    if (table := _by_insats(report)) is not None:
        yield _chart(table)
        yield table
    if any(value is Gap.NONE for some in (totals, table) if some for row in some.rows for value in row):
        yield Paragraph(f"{Gap.NONE.value} betyder att uppgiften inte är känd för det kvartalet.")


_TOTALS = (
    Column("Kvartal", Shape.TEXT),
    Column("Ej verkställda"),
    Column("varav avbrott"),
    Column("Verkställda"),
    Column("Avslutade"),
    Column("Rapporterade totalt"),
    Column("Män och pojkar"),
    Column("Kvinnor och flickor"),
    Column("Median, dagar"),
    Column("Längst, dagar"),
)


def _totals(report: QuarterReport) -> Table:
    # The present quarter is measured as those before it were, so that the columns can be compared.
    rows = (*(_row(one, known) for one in report.comparison), _row(as_past(report), seen))
    caption = "Totalt, kvartal för kvartal. Median och längst gäller beslut och avbrott tillsammans"
    return Table("kvartal", "Jämförelse", caption, _TOTALS, rows, total=True)


def _row(one: Past, sex: Callable[[int | None], Cell]) -> tuple[Cell, ...]:
    """A figure that an earlier quarter lacks is not known; in the present quarter a count by sex can only be suppressed."""
    figures = map(known, (one.interruptions_open, one.executed, one.ended, one.reported))
    return (quarter_short(one.quarter), one.open, *figures, sex(one.men), sex(one.women), known(one.median), known(one.longest))


def _by_insats(report: QuarterReport) -> Table | None:
    """How many were open of each insats; one that a quarter's list lacks stands as not known."""
    before = [{row.insats: row.open for row in one.rows} for one in report.comparison]
    if not any(before) or not report.rows:
        return None
    columns = (
        Column("Insats", Shape.TEXT),
        *(Column(quarter_short(one.quarter)) for one in report.comparison),
        Column(quarter_short(report.quarter)),
    )
    rows: list[tuple[Cell, ...]] = [
        (clean_name(row.name), *(known(one.get(row.insats)) for one in before), row.open) for row in report.rows
    ]
    total: tuple[Cell, ...] = (clean_name(report.total.name), *(one.open for one in report.comparison), report.total.open)
    return Table(
        "kvartal-insats",
        "Jämförelse per insats",
        "Ej verkställda beslut per insats, kvartal för kvartal",
        columns,
        (*rows, total),
        total=True,
    )


def _chart(table: Table) -> Picture:
    """A panel for each insats, and the total."""
    quarters = tuple(column.label for column in table.columns[1:])
    panels = tuple((str(name), tuple(n if isinstance(n, int) else None for n in values)) for name, *values in table.rows)
    told = "; ".join(f"{name}: {', '.join('okänt' if n is None else str(n) for n in values)}" for name, values in panels)
    alt = f"En liten bild för varje insats med en stapel för varje kvartal ({', '.join(quarters)}). Ej verkställda: {told}."
    return Picture(
        "bild-kvartal", "Ej verkställda beslut, kvartal för kvartal (varje liten bild har sin egen skala)", alt, Panels(quarters, panels)
    )

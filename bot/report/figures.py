"""The figures for each insats: open, executed and ended; sex and age; causes; partly executed and ongoing ones."""

from collections.abc import Callable, Iterator

from bot.report.charts import Bars
from bot.report.clean import paragraphs
from bot.report.parts import Bullets, Cell, Column, Gap, Heading, Paragraph, Part, Picture, Shape, Table
from bot.report.words import clean_name, seen
from rules.report import InsatsRow, Ongoing, QuarterReport

_NAME = Column("Insats", Shape.TEXT)
Count = tuple[str, Callable[[InsatsRow], int | None]]


def figures(report: QuarterReport) -> Iterator[Part]:
    """The tables for each insats, and below them how they are to be read."""
    yield Heading(2, "Beslut per insats", "beslut-per-insats")
    if not report.rows:
        yield Paragraph("Inga beslut finns att redovisa för kvartalet.")
    else:
        yield from _tables(report)
    if lines := [line for note in report.notes for line in paragraphs(note)]:
        yield Heading(3, "Så läses siffrorna", "sa-lases")
        yield Bullets(tuple(map(Paragraph, lines)))


def _tables(report: QuarterReport) -> Iterator[Part]:
    yield _table(report, "insatser", "Beslut per insats", "Beslut per insats: ej verkställda, verkställda och avslutade", _STANDING)
    if any(row.open for row in report.rows):
        yield _chart(report)
    yield Heading(3, "Kön och ålder", "kon-och-alder")
    yield _table(report, "kon", "Kön och ålder", "Ej verkställda beslut efter kön och ålder", _told(report, _PEOPLE))
    yield Heading(3, "Orsaker", "om-orsaker")
    yield _table(report, "orsaker", "Orsaker", "Ej verkställda beslut efter orsak", _told(report, _CAUSES))
    yield Heading(3, "Delvis verkställda och pågående beslut", "om-delvis")
    yield _ongoing(report)


_STANDING: tuple[Count, ...] = (
    ("Ej verkställda", lambda row: row.open),
    ("varav avbrott", lambda row: row.interruptions_open),
    ("Verkställda", lambda row: row.executed),
    ("Avslutade", lambda row: row.ended),
    ("Rapporterade totalt", lambda row: row.reported),
)
_PEOPLE: tuple[Count, ...] = (
    ("Män och pojkar", lambda row: row.sexes.men),
    ("Kvinnor och flickor", lambda row: row.sexes.women),
    ("Kön saknas", lambda row: row.sexes.unknown),
    ("Barn", lambda row: row.ages.children),
    ("Vuxna", lambda row: row.ages.adults),
    ("Ålder saknas", lambda row: row.ages.unknown),
)
_CAUSES: tuple[Count, ...] = (
    ("Ingen bostad", lambda row: row.causes.no_housing),
    ("Ingen personal", lambda row: row.causes.no_staff),
    ("Den enskilde har tackat nej", lambda row: row.causes.declined),
    ("Annan orsak", lambda row: row.causes.other),
    ("Orsak saknas", lambda row: row.causes.unknown),
)


def _told(report: QuarterReport, counts: tuple[Count, ...]) -> tuple[Count, ...]:
    """Without a column of what the register lacks, where it lacks nothing."""
    rows = (*report.rows, report.total)
    return tuple((label, of) for label, of in counts if not label.endswith("saknas") or any(of(row) != 0 for row in rows))


def _table(report: QuarterReport, key: str, sheet: str, caption: str, counts: tuple[Count, ...]) -> Table:
    rows = tuple((clean_name(row.name), *(seen(of(row)) for _, of in counts)) for row in (*report.rows, report.total))
    return Table(key, sheet, caption, (_NAME, *(Column(label) for label, _ in counts)), rows, total=True)


def _ongoing(report: QuarterReport) -> Table:
    rows = (*report.rows, report.total)
    columns = [_NAME, Column("Delvis verkställda")]
    caption = "Delvis verkställda beslut bland de ej verkställda"
    if given := any(row.ongoing.given for row in rows):
        columns += [
            Column("Pågående, män"),
            Column("Pågående, kvinnor"),
            Column("Pågående totalt"),
            Column("Andel ej verkställda", Shape.SHARE),
        ]
        caption += ", och pågående beslut"
    cells = tuple((clean_name(row.name), seen(row.partly), *(_ongoing_cells(row.ongoing) if given else ())) for row in rows)
    return Table("delvis", "Delvis och pågående", caption, tuple(columns), cells, total=True)


def _ongoing_cells(of: Ongoing) -> tuple[Cell, ...]:
    """Hidden only where the input file gives a figure. A total of nothing has no share."""
    if not of.given:
        return (Gap.NONE,) * 4
    share = Gap.NONE if of.share is None and of.total is not None else seen(of.share)
    return (seen(of.men), seen(of.women), seen(of.total), share)


def _chart(report: QuarterReport) -> Picture:
    rows = [row for row in report.rows if row.open]
    chart = Bars(
        tuple(clean_name(row.name) for row in rows),
        tuple(row.open - row.interruptions_open for row in rows),
        tuple(row.interruptions_open for row in rows),
    )
    told = "; ".join(f"{clean_name(row.name)}: {row.open}, varav avbrott {row.interruptions_open}" for row in rows)
    return Picture("bild-insatser", "Ej verkställda beslut per insats", f"Liggande staplar, en för varje insats. {told}.", chart)

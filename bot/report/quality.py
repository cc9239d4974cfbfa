"""How well the reports came in, each measure with what it means."""

from collections.abc import Iterator

from bot.report.clean import clean
from bot.report.parts import Bullets, Cell, Column, Heading, Paragraph, Part, Shape, Table
from bot.report.words import KINDS, clean_name, quarter_words
from rules.report import QualityLine, QuarterReport


def quality(report: QuarterReport) -> Iterator[Part]:
    """The board's own table of who reported on time. The measures stand in the order of their definitions."""
    if (found := report.quality) is None or not found.lines:
        return
    yield Heading(2, "Hur rapporteringen har fungerat", "kvalitet")
    yield Paragraph(f"Tabellen gäller {quarter_words(found.quarter)}, som det såg ut {found.day.isoformat()}.")
    measures = [one for one in found.definitions if isinstance(getattr(QualityLine("", ""), one.key, None), int)]
    columns = (Column("Vem", Shape.TEXT), Column("Roll", Shape.TEXT), *(Column(clean(one.label)) for one in measures))
    rows: tuple[tuple[Cell, ...], ...] = tuple(
        (clean_name(line.name), KINDS.get(line.kind, clean(line.kind)), *(int(getattr(line, one.key)) for one in measures))
        for line in found.lines
    )
    yield Table("kvalitet-tabell", "Rapporteringskvalitet", "Rapporter som skulle komma in under kvartalet", columns, rows, wide=True)
    yield Heading(3, "Vad kolumnerna betyder", "kvalitet-ord")
    yield Bullets(tuple(Paragraph(clean(one.text), f"{clean(one.label)}:") for one in found.definitions))

"""What a chart shows, as values. How it is drawn stands in `bot.report.drawing`, which is imported only when one is drawn."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Bars:
    """Lying bars, one for each name: decisions, and interruptions joined to them with their own pattern."""

    names: tuple[str, ...]
    decisions: tuple[int, ...]
    interruptions: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Panels:
    """A small picture for each name with a bar for each quarter, the present quarter last; None where a figure is not known."""

    quarters: tuple[str, ...]
    panels: tuple[tuple[str, tuple[int | None, ...]], ...]


@dataclass(frozen=True, slots=True)
class Bands:
    """How many have waited how long: decisions to the left, interruptions to the right, a bar for each band."""

    bands: tuple[str, ...]
    decisions: tuple[int, ...]
    interruptions: tuple[int, ...]


Chart = Bars | Panels | Bands

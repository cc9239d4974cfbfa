"""Charts as SVG or PNG by matplotlib: in greys with patterns and a number on each bar, so that nothing is told by colour alone.

Letters are drawn as shapes of DejaVu Sans, which comes with matplotlib: no font is asked of the system. Same chart, same bytes.
"""

import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from io import BytesIO
from textwrap import wrap
from typing import Any

import matplotlib
from matplotlib.figure import Figure
from matplotlib.patches import Patch

from bot.report.charts import Bands, Bars, Chart, Panels
from bot.report.letters import printable

DARK, LIGHT, LINE = "#26547c", "#dbe6f0", "#1b1b1b"
HATCH = "////"
_WIDTH = 6.4  # inches: fits between the margins of an A4 page
_SETTINGS: dict[str, Any] = {
    "font.family": "DejaVu Sans",
    "font.size": 9,
    "text.parse_math": False,  # a dollar sign is a dollar sign
    "svg.fonttype": "path",
    "svg.hashsalt": "ivobot",
    "hatch.linewidth": 0.7,
    "axes.edgecolor": LINE,
    "axes.unicode_minus": True,
}
_ID = re.compile(r'(\bid="|url\(#|href="#)')


def svg(chart: Chart, name: str) -> str:
    """The chart as an SVG element without its XML head. name: unique in the document; every id in the picture begins with it."""
    with _drawn(chart) as figure:
        out = BytesIO()
        figure.savefig(out, format="svg", metadata={"Date": None, "Creator": None, "Format": None, "Type": None})
    text = out.getvalue().decode("utf-8")
    return _ID.sub(rf"\g<1>{name}-", text[text.index("<svg") :]).strip()


def png(chart: Chart) -> bytes:
    """The chart as a PNG, 200 dots an inch."""
    with _drawn(chart) as figure:
        out = BytesIO()
        figure.savefig(out, format="png", dpi=200, metadata={"Software": None})
    return out.getvalue()


@contextmanager
def _drawn(chart: Chart) -> Iterator[Figure]:
    with matplotlib.rc_context(_SETTINGS):  # type: ignore[arg-type]  # its type lists each name, ours are among them
        match chart:
            case Bars():
                yield _bars(chart)
            case Panels():
                yield _panels(chart)
            case Bands():
                yield _bands(chart)


def _bars(chart: Bars) -> Figure:
    names = [_folded(name, 30, 3) for name in chart.names]
    figure = Figure(figsize=(_WIDTH, 0.7 + sum(0.14 + 0.15 * (name.count("\n") + 1) for name in names)), layout="constrained")
    axes = figure.add_subplot()
    places = range(len(names))
    whole = [one + other for one, other in zip(chart.decisions, chart.interruptions, strict=True)]
    axes.barh(places, chart.decisions, 0.62, color=DARK, edgecolor=LINE, linewidth=0.6)
    axes.barh(places, chart.interruptions, 0.62, left=chart.decisions, color=LIGHT, edgecolor=LINE, linewidth=0.6, hatch=HATCH)
    for place, total, apart in zip(places, whole, chart.interruptions, strict=True):
        axes.text(total + max(whole) * 0.012, place, f"{total} (avbrott {apart})" if apart else f"{total}", va="center")
    axes.set_yticks(places, names)
    axes.invert_yaxis()
    axes.set_xlim(0, max(whole) * 1.28)
    axes.set_xticks([])
    _bare(axes, "bottom")
    _legend(figure)
    return figure


def _bands(chart: Bands) -> Figure:
    names = [_folded(name, 22, 2) for name in chart.bands]
    figure = Figure(figsize=(_WIDTH, 0.7 + 0.36 * len(names)), layout="constrained")
    both = figure.subplots(1, 2, sharey=True, sharex=True)
    most = max((*chart.decisions, *chart.interruptions), default=0) or 1
    series = (("Väntetid sedan beslut", chart.decisions, DARK, ""), ("Väntetid sedan avbrott", chart.interruptions, LIGHT, HATCH))
    for axes, (title, counts, colour, hatch) in zip(both, series, strict=True):
        axes.barh(range(len(names)), counts, 0.62, color=colour, edgecolor=LINE, linewidth=0.6, hatch=hatch)
        for place, count in enumerate(counts):
            axes.text(count + most * 0.02, place, f"{count}", va="center")
        axes.set_title(title, fontsize=9.5, loc="left", fontweight="bold")
        axes.set_yticks(range(len(names)), names)
        axes.set_xlim(0, most * 1.2)
        axes.set_xticks([])
        _bare(axes, "bottom")
    both[0].invert_yaxis()
    return figure


def _panels(chart: Panels) -> Figure:
    columns = 3
    lines = -(-len(chart.panels) // columns)
    figure = Figure(figsize=(_WIDTH, 0.35 + 1.45 * lines), layout="constrained")
    grid = figure.subplots(lines, columns, squeeze=False)
    places = range(len(chart.quarters))
    labels = [label.replace(" ", "\n", 1) for label in chart.quarters]
    for axes, panel in zip(grid.flat, (*chart.panels, *[None] * (lines * columns - len(chart.panels))), strict=True):
        if panel is None:
            axes.set_axis_off()
            continue
        name, counts = panel
        most = max((count for count in counts if count is not None), default=0) or 1
        bars = axes.bar(places, [count or 0 for count in counts], 0.7, color=LIGHT, edgecolor=LINE, linewidth=0.6)
        bars[-1].set_facecolor(DARK)
        for place, count in zip(places, counts, strict=True):
            axes.text(place, (count or 0) + most * 0.04, "–" if count is None else f"{count}", ha="center", fontsize=8)
        axes.set_title(_folded(name, 25, 2), fontsize=8, loc="left", fontweight="bold")
        axes.set_xticks(places, labels, fontsize=6.5)
        axes.set_ylim(0, most * 1.25)
        axes.set_yticks([])
        _bare(axes, "left")
    return figure


def _bare(axes: Any, scale: str) -> None:
    """No frame and no scale, on whichever side it would stand: each bar carries its number."""
    for side in ("top", "right", scale):
        axes.spines[side].set_visible(False)
    axes.tick_params(length=0)


def _legend(figure: Figure) -> None:
    handles = [
        Patch(facecolor=DARK, edgecolor=LINE, linewidth=0.6, label="Beslut"),
        Patch(facecolor=LIGHT, edgecolor=LINE, linewidth=0.6, hatch=HATCH, label="Avbrott"),
    ]
    figure.legend(handles=handles, loc="outside lower left", ncols=2, frameon=False)


def _folded(text: str, width: int, lines: int) -> str:
    """A name on a few short lines; what does not fit is cut with "…"."""
    found: Sequence[str] = wrap(printable(text), width, max_lines=lines, placeholder=" …") or [""]
    return "\n".join(found)

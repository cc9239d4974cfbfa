"""A case's days on a line: one SVG for each row of the register, and a page with the same in tables.

The line goes downwards with the same step between any two days, so that a decision that has waited for ten years reads like one of four
months, and no label ever covers another.
"""

from collections.abc import Sequence

from markupsafe import Markup

from bot.report.clean import clean
from bot.report.parts import Column, Gap, Shape, Table
from bot.report.svg import DARK, INK, PALE, SOFT, text, whole
from bot.report.web import environment, grid, style
from bot.words import cap
from rules.explain import weekday
from rules.model import Sort
from rules.options import text as insats_text
from rules.wheel import CaseLine, Happening, LineDay

_STEP, _TOP, _WIDTH, _LINE = 34, 30, 640, 170
_SHAPES = {
    Happening.START: '<path d="M{x} {u}L{r} {y}L{x} {d}L{l} {y}Z" fill="' + DARK + '" stroke="' + INK + '"/>',
    Happening.FOLLOW_UP: '<circle cx="{x}" cy="{y}" r="7" fill="#ffffff" stroke="' + INK + '" stroke-width="2"/>',
    Happening.MARK: '<circle cx="{x}" cy="{y}" r="9" fill="' + DARK + '" stroke="' + INK + '"/>',
    Happening.REPORTED: '<rect x="{l}" y="{u}" width="18" height="18" fill="' + PALE + '" stroke="' + INK + '" stroke-width="2"/>',
    Happening.PARTLY: '<path d="M{x} {u}L{r} {d}L{l} {d}Z" fill="' + PALE + '" stroke="' + INK + '" stroke-width="2"/>',
    Happening.TODAY: '<line x1="20" y1="{y}" x2="620" y2="{y}" stroke="' + INK + '" stroke-width="2" stroke-dasharray="7 4"/>',
}
_END = '<path d="M{l} {u}L{r} {u}L{r} {d}L{l} {d}Z" fill="' + DARK + '" stroke="' + INK + '"/>'


def timeline_svg(line: CaseLine, key: str) -> str:
    """One row of the register. key: unique in the page; its ids begin with it."""
    height = _TOP * 2 + _STEP * (len(line.days) - 1)
    parts = [f'<line x1="{_LINE}" y1="{_TOP}" x2="{_LINE}" y2="{height - _TOP}" stroke="{SOFT}" stroke-width="3"/>']
    for n, one in enumerate(line.days):
        y = _TOP + _STEP * n
        parts.append(_SHAPES.get(one.what, _END).format(x=_LINE, y=y, l=_LINE - 9, r=_LINE + 9, u=y - 9, d=y + 9))
        if one.what is Happening.TODAY:
            parts.append(f'<rect x="{_LINE + 18}" y="{y - 12}" width="78" height="24" fill="#ffffff"/>')
            parts.append(f'<rect x="10" y="{y - 12}" width="140" height="24" fill="#ffffff"/>')
        parts.append(text(_LINE - 22, y + 5, one.day.isoformat(), size=15, anchor="end"))
        parts.append(text(_LINE + 24, y + 5, _what(line, one), size=15, bold=one.what not in (Happening.FOLLOW_UP, Happening.REPORTED)))
    told = "; ".join(f"{one.day.isoformat()} {_what(line, one)}" for one in line.days)
    return whole(_WIDTH, height, _title(line), f"{told}.", "".join(parts), key)


def timeline_page(lines: Sequence[CaseLine]) -> str:
    """A page for the rows of one case, at least one."""
    shown = clean(lines[0].row.entry.shown)
    intro = "Linjen visar när beslutet ska följas upp och när det ska rapporteras till IVO. Ett beslut ska verkställas utan dröjsmål."
    pictures = [
        {"heading": _title(line), "svg": Markup(timeline_svg(line, f"linje-{n}")), "table": grid(_table(line, n))}
        for n, line in enumerate(lines, 1)
    ]
    template = environment().get_template("picture.html.j2")
    return template.render(title=f"Tidslinje för {shown}", css=style(), intro=(intro,), pictures=pictures)


def _title(line: CaseLine) -> str:
    entry = line.row.entry
    sort = "avbrott från" if entry.sort is Sort.INTERRUPTION else "dom" if entry.judgment else "beslut"
    return f"{insats_text(entry.insats, entry.form)}, {sort} {entry.start.isoformat()}"


def _what(line: CaseLine, one: LineDay) -> str:
    match one.what:
        case Happening.START:
            return "Avbrottet börjar" if line.row.entry.sort is Sort.INTERRUPTION else "Beslut"
        case Happening.FOLLOW_UP:
            return f"Uppföljning, {one.months} månader"
        case Happening.MARK:
            return f"Tremånadersdag, {one.months} månader"
        case Happening.REPORTED:
            return f"Rapport för {one.months} månader kom in" if one.k else "Slutrapport kom in"
        case Happening.PARTLY:
            return "Delvis verkställt från den här dagen"
        case Happening.EXECUTED:
            return "Verkställt"
        case Happening.ENDED:
            return "Avslutat"
        case Happening.TODAY:
            return "I dag"


def _table(line: CaseLine, n: int) -> Table:
    columns = (Column("Dag", Shape.DATE), Column("Veckodag", Shape.TEXT), Column("Vad", Shape.TEXT), Column("Dagar sedan start"))
    rows = tuple((one.day, cap(weekday(one.day)), _what(line, one), one.days if one.days >= 0 else Gap.NONE) for one in line.days)
    return Table(f"dagar-{n}", "Dagar", f"Samma dagar i tabell: {_title(line)}", columns, rows)

"""The year wheel: IVO's windows, marks and milestones round the year, as SVG and as a page with the same in a table.

Drawn by hand and not by the chart library, so that it needs nothing but the program itself. Nothing is told by colour alone.
"""

from collections import Counter
from datetime import date
from math import cos, pi, sin

from markupsafe import Markup

from bot.report.parts import Cell, Column, Shape, Table
from bot.report.svg import DARK, INK, PALE, SOFT, text, whole
from bot.report.web import environment, grid, style
from rules.explain import MONTHS
from rules.wheel import MARK, YearWheel

_CENTRE, _SIZE = 412.0, 824.0
_OUTER, _INNER = 390.0, 340.0  # the months
_WINDOW = (285.0, 332.0)
_RINGS = {"mark": (200.0, 68.0), "mail": (98.0, 62.0)}  # where the bars stand, and how long the longest is
_STEPS = 53  # a bar for each week of the year, counted from 1 January


def wheel_svg(wheel: YearWheel) -> str:
    """The wheel alone. January begins at the top, and the year goes clockwise."""
    marks, mails = _weeks(wheel, mark=True), _weeks(wheel, mark=False)
    parts = [*_months(wheel), *_windows(wheel)]
    parts += _bars(marks, *_RINGS["mark"], fill=DARK)
    parts += _bars(mails, *_RINGS["mail"], fill=PALE)
    for ring, mark in (("mark", True), ("mail", False)):
        for month, many in enumerate(_by_month(wheel, mark=mark)):
            x, y = _at(_RINGS[ring][0] - 15, (month + 0.5) / 12)
            parts.append(text(x, y + 5, str(many), size=13, anchor="middle"))
    parts.append(text(_CENTRE, _CENTRE + 2, str(wheel.year), size=30, anchor="middle", bold=True))
    parts.append(text(_CENTRE, _CENTRE + 24, f"{wheel.rows} öppna beslut", size=13, anchor="middle"))
    parts += _today(wheel)
    parts += _legend()
    return whole(_SIZE, _SIZE + 112, f"Årshjul {wheel.year}", _told(wheel), "".join(parts), "arshjul")


def wheel_page(wheel: YearWheel, words: dict[str, str]) -> str:
    """A page with the wheel and a table of the same. words: what each kind of milestone is called in Swedish."""
    intro = (
        f"Hjulet visar IVO:s rapporteringsperioder, och de tremånadersdagar och mejl som följer av de {wheel.rows} beslut som är öppna nu. "
        "Dagarna är räknade som om inget beslut verkställs eller avslutas och ingen rapport kommer in. "
        "Ett beslut ska verkställas utan dröjsmål."
    )
    picture = {"heading": "", "svg": Markup(wheel_svg(wheel)), "table": grid(_table(wheel, words))}
    template = environment().get_template("picture.html.j2")
    return template.render(title=f"Årshjul {wheel.year}", css=style(), intro=(intro,), pictures=[picture])


def _share(day: date) -> float:
    """How much of the year has passed when the day begins, each month being a twelfth: so the months are as wide as each other."""
    length = ((date(day.year + day.month // 12, day.month % 12 + 1, 1)) - day.replace(day=1)).days
    return (day.month - 1 + (day.day - 1) / length) / 12


def _at(radius: float, share: float) -> tuple[float, float]:
    angle = 2 * pi * share - pi / 2
    return _CENTRE + radius * cos(angle), _CENTRE + radius * sin(angle)


def _sector(low: float, high: float, start: float, end: float) -> str:
    """The outline of a piece of a ring. start, end: shares of the year."""
    big = int(end - start > 0.5)
    (ax, ay), (bx, by), (cx, cy), (dx, dy) = _at(high, start), _at(high, end), _at(low, end), _at(low, start)
    return (
        f"M{ax:.1f} {ay:.1f}A{high:.1f} {high:.1f} 0 {big} 1 {bx:.1f} {by:.1f}"
        f"L{cx:.1f} {cy:.1f}A{low:.1f} {low:.1f} 0 {big} 0 {dx:.1f} {dy:.1f}Z"
    )


def _months(wheel: YearWheel) -> list[str]:
    found = []
    for n, name in enumerate(MONTHS):
        fill = "#ffffff" if n % 2 else "#f4f4f4"
        found.append(f'<path d="{_sector(_INNER, _OUTER, n / 12, (n + 1) / 12)}" fill="{fill}" stroke="{SOFT}"/>')
        x, y = _at((_INNER + _OUTER) / 2, (n + 0.5) / 12)
        found.append(text(x, y + 5, name[:3], size=16, anchor="middle", bold=True))
    return found


def _windows(wheel: YearWheel) -> list[str]:
    found = []
    for window in wheel.windows:
        start = _share(window.first)
        end = _share(window.last) + 1 / 365
        found.append(f'<path d="{_sector(*_WINDOW, start, end)}" fill="{PALE}" stroke="{INK}" stroke-width="2.5"/>')
        x, y = _at(sum(_WINDOW) / 2, (start + end) / 2)
        found.append(text(x, y - 2, "IVO", size=13, anchor="middle", bold=True))
        found.append(text(x, y + 13, f"kv {window.quarter.number}", size=13, anchor="middle"))
    return found


def _weeks(wheel: YearWheel, *, mark: bool) -> list[int]:
    counts = [0] * _STEPS
    for one in wheel.days:
        if (one.kind == MARK) is mark:
            counts[min(int(_share(one.day) * _STEPS), _STEPS - 1)] += one.count
    return counts


def _by_month(wheel: YearWheel, *, mark: bool) -> list[int]:
    counts = [0] * 12
    for one in wheel.days:
        if (one.kind == MARK) is mark:
            counts[one.day.month - 1] += one.count
    return counts


def _bars(counts: list[int], low: float, length: float, *, fill: str) -> list[str]:
    most = max(counts) or 1
    found = [f'<circle cx="{_CENTRE}" cy="{_CENTRE}" r="{low}" fill="none" stroke="{SOFT}"/>']
    for n, many in enumerate(counts):
        if many:
            shape = _sector(low, low + max(length * many / most, 3), (n + 0.12) / _STEPS, (n + 0.88) / _STEPS)
            found.append(f'<path d="{shape}" fill="{fill}" stroke="{INK}" stroke-width="0.8"/>')
    return found


def _today(wheel: YearWheel) -> list[str]:
    """A wedge outside the months, where it covers nothing."""
    if wheel.today is None:
        return []
    share = _share(wheel.today)
    corners = (_at(_OUTER + 1, share), _at(_OUTER + 20, share - 0.005), _at(_OUTER + 20, share + 0.005))
    return [f'<polygon points="{" ".join(f"{x:.1f},{y:.1f}" for x, y in corners)}" fill="{INK}"/>']


def _legend() -> list[str]:
    """What the signs mean, below the wheel."""
    box = f'<rect x="20" y="{{y}}" width="26" height="14" stroke="{INK}" '
    signs = (
        (f'{box} fill="{PALE}" stroke-width="2.5"/>', "Yttre ringen: IVO tar emot rapporter för kvartalet"),
        (f'{box} fill="{DARK}"/>', "Mellersta ringen: tremånadersdagar, en stapel per vecka, antal per månad"),
        (f'{box} fill="{PALE}" stroke-width="0.8"/>', "Inre ringen: mejl till handläggare och enheter, på samma sätt"),
        (f'<polygon points="25,{{y}} 41,{{y}} 33,{{z}}" fill="{INK}"/>', "Utanför ringarna: i dag"),
    )
    found = []
    for n, (sign, words) in enumerate(signs):
        y = _SIZE + 12 + 25 * n
        found += [sign.format(y=y, z=y + 14), text(56, y + 12, words, size=15)]
    return found


def _told(wheel: YearWheel) -> str:
    windows = ", ".join(f"{one.first.isoformat()} till {one.last.isoformat()} för kvartal {one.quarter.number}" for one in wheel.windows)
    marks = ", ".join(f"{name} {many}" for name, many in zip(MONTHS, _by_month(wheel, mark=True), strict=True))
    mails = ", ".join(f"{name} {many}" for name, many in zip(MONTHS, _by_month(wheel, mark=False), strict=True))
    return f"IVO tar emot rapporter {windows}. Tremånadersdagar: {marks}. Mejl: {mails}."


def _table(wheel: YearWheel, words: dict[str, str]) -> Table:
    counts: Counter[tuple[int, str]] = Counter()
    for one in wheel.days:
        counts[one.day.month, one.kind] += one.count
    kinds = [kind for kind in wheel.kinds if any(name == kind for _, name in counts)]
    columns = (
        Column("Månad", Shape.TEXT),
        Column("IVO tar emot rapporter", Shape.TEXT),
        Column("Tremånadersdagar"),
        *(Column(words.get(kind, kind).capitalize()) for kind in kinds),
    )
    rows: list[tuple[Cell, ...]] = [
        (name, _window_words(wheel, n), *(counts[n, kind] for kind in (MARK, *kinds))) for n, name in enumerate(MONTHS, 1)
    ]
    total: tuple[Cell, ...] = ("hela året", "", *(sum(counts[n, kind] for n in range(1, 13)) for kind in (MARK, *kinds)))
    return Table("manader", "Månader", f"Samma uppgifter för {wheel.year}, månad för månad", columns, (*rows, total), total=True)


def _window_words(wheel: YearWheel, month: int) -> str:
    found = [one for one in wheel.windows if one.first.month <= month <= one.last.month]
    return ", ".join(f"kvartal {one.quarter.number} {one.quarter.year}" for one in found) or "–"

"""The rows of the report's table, with what its reader must not see left out."""

from collections.abc import Mapping

from rules.options import insatser
from rules.report.given import OngoingGiven
from rules.report.taken import Taken, hidden_by_table
from rules.report.values import Ages, Causes, InsatsRow, Ongoing, Reader, Sexes
from rules.report.words import name_of, waits
from rules.stats import Figures, figures_in
from rules.suppress_moves import TOTAL, Cell
from rules.suppress_ongoing import OngoingRow, hide_ongoing, whole

SHOWN: Mapping[Reader, frozenset[str]] = {
    Reader.FULLMAKTIGE: frozenset(),
    Reader.REVISORER: frozenset({"causes"}),  # 28 f § LSS: they read the reason of each decision
    Reader.INTERNAL: frozenset({"sexes", "ages", "causes", "partly", "ongoing"}),
}
"""Which tables a reader sees whole."""


def table(taken: Taken, reader: Reader) -> tuple[tuple[InsatsRow, ...], InsatsRow]:
    """The rows and the total as this reader may see them: every insats that has an open, closed or ongoing decision."""
    hidden = {name: cells for name, cells in hidden_by_table(taken.hidden).items() if name not in SHOWN[reader]}
    found = taken.figures
    figures = {row.insats: row for row in found.rows}
    for one in taken.given.ongoing:
        figures.setdefault(one.insats, figures_in(one.insats, (), taken.quarter))
    ongoing = _ongoing(figures, taken, hidden_by_table(taken.hidden).get("sexes", frozenset()), reader)
    rows = tuple(_row(figures[key], hidden, ongoing.get(key, Ongoing())) for key in insatser() if key in figures)
    return rows, _row(found.total, hidden, ongoing.get(TOTAL, Ongoing()))


def _row(of: Figures, hidden: Mapping[str, frozenset[Cell]], ongoing: Ongoing) -> InsatsRow:
    def seen(table: str, category: str, count: int) -> int | None:
        return None if (of.insats, category) in hidden.get(table, ()) else count

    causes = dict(of.cause)
    return InsatsRow(
        insats=of.insats,
        name=name_of(of.insats),
        open=of.open,
        interruptions_open=of.interruptions_open,
        executed=of.executed,
        ended=of.ended,
        reported=of.reported,
        waits=waits(of.waits_days),
        waits_interruptions=waits(of.waits_days_interruptions),
        sexes=Sexes(seen("sexes", "men", of.open_men), seen("sexes", "women", of.open_women), of.open - of.open_men - of.open_women),
        ages=Ages(seen("ages", "children", of.children), seen("ages", "adults", of.adults), of.open - of.children - of.adults),
        causes=Causes(
            no_housing=seen("causes", "no_housing", causes["no_housing"]),
            no_staff=seen("causes", "no_staff", causes["no_staff"]),
            declined=seen("causes", "declined", causes["declined"]),
            other=seen("causes", "other", causes["other"]),
            unknown=of.open - sum(causes.values()),
        ),
        partly=seen("partly", "partly", of.partly),
        ongoing=ongoing,
    )


def _ongoing(figures: Mapping[str, Figures], taken: Taken, sexes: frozenset[Cell], reader: Reader) -> dict[str, Ongoing]:
    """The ongoing totals of each insats that has any, and of all together when every insats in the report has one."""
    rows = {one.insats: _with_open(one, figures[one.insats], sexes) for one in taken.given.ongoing}
    if not rows:
        return {}
    hidden, total_hidden = hide_ongoing(rows, taken.threshold)
    if "ongoing" in SHOWN[reader]:
        hidden, total_hidden = frozenset(), False
    found = {insats: Ongoing(True) if insats in hidden else _shown(row) for insats, row in rows.items()}
    if rows.keys() >= figures.keys():
        found[TOTAL] = Ongoing(True) if total_hidden else _shown(whole(rows, rows))
    return found


def _with_open(given: OngoingGiven, of: Figures, sexes: frozenset[Cell]) -> OngoingRow:
    return OngoingRow(given.men, given.women, of.open, of.open_men, of.open_women, any(insats == of.insats for insats, _ in sexes))


def _shown(row: OngoingRow) -> Ongoing:
    """The share in tenths of a percent, half a tenth rounded up; None where nothing is ongoing."""
    share = (row.open * 2000 + row.total) // (2 * row.total) if row.total else None
    return Ongoing(True, row.men, row.women, row.total, share)

"""The quarterly report from the store: taken from the register, frozen once for all, and made for each reader."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime

from sqlalchemy import Connection

from bot import facts as facts_json
from bot.errors import BotError, StoreError
from bot.jobs.office import Office
from bot.jobs.quality import quality_of
from bot.store import engine as db
from bot.store import imports, report, rows
from rules.model import Row
from rules.report.build import as_past, build, compared
from rules.report.changes import changes
from rules.report.detail import exposures, faults
from rules.report.given import Given
from rules.report.taken import Taken, hidden_cells
from rules.report.values import QuarterReport, Reader
from rules.stats import quarter_figures
from rules.suppress import EARLIER
from rules.window import Quarter


@dataclass(frozen=True, slots=True)
class Quarterly:
    """The reports of a quarter. `kept`: the frozen quarter, None when it is not frozen."""

    reports: tuple[QuarterReport, ...]
    kept: report.Kept | None


def quarterly(tx: Connection, office: Office, quarter: Quarter, readers: Sequence[Reader], given: Given, now: datetime) -> Quarterly:
    """The reports of a quarter for these readers: of a frozen one the frozen figures with what has changed since, else as it is now.

    given: from an input file; of a frozen quarter what was given then counts. Raises StoreError when frozen figures were tampered with.
    """
    register = rows.everything(tx)
    kept = report.frozen(tx, str(quarter))
    if kept is None:
        taken = take(tx, office, quarter, register, given, now)
        by_number = {row.id: row for row in register}
        return Quarterly(tuple(build(taken, reader, by_number) for reader in readers), None)
    taken = _thaw(kept)
    by_number = _same(taken, register)
    present = quarter_figures(register, imports.listed_in(tx, str(quarter)), quarter).counted
    gone = report.gone(tx, [one.row for one in taken.counted])
    reports = tuple(
        build(
            taken,
            reader,
            by_number,
            frozen=office.today(kept.at),
            digest=kept.hash,
            changes=changes(taken.counted, present, gone, quarter, reader, {row.id: row for row in register}),
        )
        for reader in readers
    )
    return Quarterly(reports, kept)


def take(tx: Connection, office: Office, quarter: Quarter, register: Sequence[Row], given: Given, now: datetime) -> Taken:
    """A quarter as the register gives it now."""
    figures = quarter_figures(register, imports.listed_in(tx, str(quarter)), quarter)
    neighbours = _neighbours(tx, quarter)
    settings = office.config.report
    today = office.today(now)
    taken = Taken(
        quarter=quarter,
        day=today,
        board=settings.board,
        threshold=settings.threshold,
        counted=figures.counted,
        faults=faults(figures.findings),
        exposures=exposures(register, quarter),
        given=given,
        comparison=(),
        hidden=hidden_cells(figures.counted, neighbours, settings.threshold),
        quality=quality_of(tx, office, quarter, register, today),
    )
    kept = [as_past(build(one, Reader.FULLMAKTIGE, {})) for one in neighbours]
    return replace(taken, comparison=compared(taken, kept, given.past))


def freeze(office: Office, quarter: Quarter, given: Given, now: datetime) -> bool:
    """Keeps a quarter as it is reported, for good; False when it was frozen before. Raises BotError before the quarter has ended."""
    if office.today(now) <= quarter.last:
        raise BotError(f"{quarter} ends on {quarter.last}; freeze it after that day.")
    with db.write(office.engine) as tx:
        if str(quarter) in report.frozen_quarters(tx):
            return False
        taken = take(tx, office, quarter, rows.everything(tx), given, now)
        return report.freeze(tx, str(quarter), now, taken.day, facts_json.dump(taken.anonymous))


def _neighbours(tx: Connection, quarter: Quarter) -> list[Taken]:
    """The frozen quarters nearest to this one, those that reveal most last."""
    others = [Quarter.parse(name) for name in report.frozen_quarters(tx) if name != str(quarter)]
    others.sort(key=lambda other: (-abs((other.year - quarter.year) * 4 + other.number - quarter.number), other))
    found = (report.frozen(tx, str(other)) for other in others[-EARLIER:])
    return [_thaw(kept) for kept in found if kept is not None]


def _thaw(kept: report.Kept) -> Taken:
    try:
        return facts_json.read(kept.contents, Taken)
    except (TypeError, ValueError, KeyError) as error:
        raise StoreError(
            f"The frozen figures of {kept.quarter} are of another version ({type(error).__name__}); tell the developers."
        ) from error


def _same(taken: Taken, register: Sequence[Row]) -> dict[int, Row]:
    """The register's rows that a frozen quarter speaks of. A number may have been given to another row since: that one is left out."""
    frozen: dict[int, tuple[str, date]] = {one.row: (one.insats, one.start) for one in taken.exposures}
    frozen |= {one.row: (one.insats, one.start) for one in taken.counted}
    return {row.id: row for row in register if row.id in frozen and frozen[row.id][0] == row.entry.insats}

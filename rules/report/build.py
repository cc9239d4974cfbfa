"""From a quarter as it was taken to the report that one reader gets."""

from collections.abc import Iterable, Mapping
from datetime import date

from rules.facts import NotInForce, in_force
from rules.model import Row
from rules.report import texts
from rules.report.detail import decisions
from rules.report.lists import Change, Reference
from rules.report.rows import table
from rules.report.taken import Taken
from rules.report.values import InsatsRow, Past, PastRow, QuarterReport, Reader

LAWS = (
    ("statistics", "Statistik till kommunfullmäktige varje kvartal", tuple(Reader)),
    ("report_limit", "Rapportering till IVO och kommunens revisorer", (Reader.REVISORER, Reader.INTERNAL)),
    ("final_report", "Anmälan när ett rapporterat beslut har verkställts", (Reader.REVISORER, Reader.INTERNAL)),
    ("sol_twin", "Motsvarande skyldighet för beslut enligt socialtjänstlagen", (Reader.INTERNAL,)),
    ("fee", "Särskild avgift", (Reader.INTERNAL,)),
    ("fee_application", "Inom vilken tid IVO kan ansöka om särskild avgift", (Reader.INTERNAL,)),
)


def build(
    taken: Taken,
    reader: Reader,
    rows: Mapping[int, Row],
    *,
    frozen: date | None = None,
    digest: str = "",
    changes: tuple[Change, ...] = (),
) -> QuarterReport:
    """The report of a quarter for one reader.

    rows: the register's rows by number, for cases and units; what it no longer has stays empty. frozen, digest, changes: of a quarter that
    is frozen. Reasons of changes that name a case stand only in the board's own version; see `rules.report.changes`.
    """
    shown, total = table(taken, reader)
    internal = reader is Reader.INTERNAL
    with_cases = taken.with_cases({number: row.entry.shown for number, row in rows.items()}) if internal else taken
    return QuarterReport(
        quarter=taken.quarter,
        reader=reader,
        title=texts.title(taken.quarter),
        board=taken.board,
        day=taken.day,
        frozen=frozen,
        hash=digest,
        threshold=taken.threshold,
        summary=texts.summary(total, taken.quarter, taken.comparison),
        rows=shown,
        total=total,
        notes=texts.notes(reader, taken.threshold, any(_hides(row) for row in (*shown, total))),
        texts=texts.texts(shown, total, taken.quarter, taken.comparison, taken.given),
        comparison=taken.comparison,
        requests=taken.given.requests,
        decisions=() if reader is Reader.FULLMAKTIGE else decisions(taken.counted, reader, taken.quarter, rows),
        exposures=with_cases.exposures if internal else (),
        faults=with_cases.faults if internal else (),
        quality=taken.quality if internal else None,
        changes=changes,
        references=references(taken.day, reader),
    )


def references(day: date, reader: Reader) -> tuple[Reference, ...]:
    """The paragraphs that a report rests on, as they were in force on a day."""
    found = []
    for name, what, readers in LAWS:
        if reader in readers:
            try:
                found.append(Reference(what, in_force(name, day).ref))
            except NotInForce:  # the fact is younger than the report
                continue
    return tuple(found)


def _hides(row: InsatsRow) -> bool:
    causes = row.causes
    cells = (row.sexes.men, row.sexes.women, row.ages.children, row.ages.adults, row.partly)
    return None in cells or None in (causes.no_housing, causes.no_staff, causes.declined, causes.other) or _hides_ongoing(row)


def _hides_ongoing(row: InsatsRow) -> bool:
    return row.ongoing.given and row.ongoing.total is None


def as_past(report: QuarterReport) -> Past:
    """A frozen report to fullmäktige as later quarters compare themselves with it."""
    total = report.total
    every = sorted((*total.waits.days, *total.waits_interruptions.days))
    return Past(
        quarter=report.quarter,
        source="frozen",
        open=total.open,
        reported=total.reported,
        executed=total.executed,
        ended=total.ended,
        interruptions_open=total.interruptions_open,
        men=total.sexes.men,
        women=total.sexes.women,
        median=(every[(len(every) - 1) // 2] + every[len(every) // 2] + 1) // 2 if every else None,
        longest=every[-1] if every else None,
        rows=tuple(PastRow(row.insats, row.open, row.interruptions_open) for row in report.rows),
    )


def compared(taken: Taken, kept: Iterable[Past], given: Iterable[Past], quarters: int = 4) -> tuple[Past, ...]:
    """The quarters before this one, oldest first: what the program has kept goes before what the input file gives."""
    known = {past.quarter: past for past in (*given, *kept)}
    wanted, quarter = [], taken.quarter
    for _ in range(quarters):
        quarter = quarter.former
        wanted.append(quarter)
    return tuple(known[one] for one in sorted(wanted) if one in known)

"""The quarterly report as JSON, with the keys of the contract and no others. A suppressed count is null."""

import json
from typing import Any

from rules.report.values import InsatsRow, QuarterReport, Reader
from rules.stats_causes import CAUSES


def as_json(report: QuarterReport) -> str:
    """One line of JSON. `findings` are empty for others than the board: they name cases."""
    whole = report.reader is Reader.INTERNAL
    found = {
        "quarter": str(report.quarter),
        "rows": [{"insats": row.insats} | _figures(row, whole=whole) for row in report.rows],
        "total": _figures(report.total, whole=whole),
        "findings": [{"case": fault.case, "code": fault.code} for fault in report.faults],
    }
    return json.dumps(found, ensure_ascii=False)


def _figures(row: InsatsRow, *, whole: bool) -> dict[str, Any]:
    """One row's figures; the ongoing totals are null too where no input file gave them.

    For others than the board, causes of which none is known are null: four zeros would say that none of them is the cause.
    """
    none_known = not whole and row.open > 0 and row.causes.unknown == row.open
    return {
        "open_men": row.sexes.men,
        "open_women": row.sexes.women,
        "executed": row.executed,
        "ended": row.ended,
        "reported": row.reported,
        "interruptions_open": row.interruptions_open,
        "cause": {name: None if none_known else getattr(row.causes, name) for name in CAUSES},
        "ongoing_men": row.ongoing.men,
        "ongoing_women": row.ongoing.women,
        "waits_days": list(row.waits.days),
        "waits_days_interruptions": list(row.waits_interruptions.days),
    }

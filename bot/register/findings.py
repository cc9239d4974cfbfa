"""The warnings that a whole entry gives: each a word, none of them a reason to refuse the row."""

from collections.abc import Collection
from datetime import date

from rules.facts import in_force
from rules.mark import add_months
from rules.model import Entry, Sort
from rules.window import Quarter


def judged(entry: Entry, *, today: date, quarter: Quarter | None, officers: Collection[str] | None) -> list[str]:
    """The codes of an entry's warnings. `quarter`: the list's. `officers`: names with a known address, as `written` gives them.

    Executed on the mark itself is executed within the three months (28 f § LSS).
    """
    codes = []
    if entry.executed is not None or entry.ended is not None:
        codes += _closings(entry, today, quarter)
    if entry.start > today:
        codes.append("start_in_future")
    if entry.sort is Sort.INTERRUPTION and entry.decision_date is not None and entry.start < entry.decision_date:
        codes.append("interruption_before_decision")
    if entry.protected and not entry.alias:
        codes.append("protected_without_alias")
    if officers is not None and entry.officer and "@" not in entry.officer and written(entry.officer) not in officers:
        codes.append("officer_without_address")
    return codes


def _closings(entry: Entry, today: date, quarter: Quarter | None) -> list[str]:
    codes = []
    mark = add_months(entry.start, int(in_force("report_limit", entry.start).values["months"]))
    closings = [on for on in (entry.executed, entry.ended) if on is not None]
    after = [on for on in closings if on >= entry.start]
    if entry.executed is not None and entry.start <= entry.executed <= mark:
        codes.append("executed_before_mark")
    if quarter is not None and after and min(after) < quarter.first:
        codes.append("closed_before_quarter")
    if len(after) < len(closings):
        codes.append("closed_before_start")
    if any(on > today for on in closings):
        codes.append("closed_in_future")
    return codes


def written(name: str) -> str:
    """A name or signature as it is compared: small letters, single spaces."""
    return " ".join(name.lower().split())

"""Why a date is what it is, in Swedish words: the start, the rule, the day off that moved it, the law."""

from collections.abc import Callable
from datetime import date, timedelta

from rules.facts import in_force
from rules.mark import Count, add_months, count
from rules.model import Kind, Row, Sort
from rules.plan import Event, Planner
from rules.routine import EXECUTED
from rules.workday import Workdays

WEEKDAYS = ("måndag", "tisdag", "onsdag", "torsdag", "fredag", "lördag", "söndag")
MONTHS = (
    "januari", "februari", "mars", "april", "maj", "juni", "juli", "augusti", "september", "oktober", "november", "december",
)  # fmt: skip


def long_date(day: date) -> str:
    """ "28 februari 2026"."""
    return f"{day.day} {MONTHS[day.month - 1]} {day.year}"


def weekday(day: date) -> str:
    """ "lördag"."""
    return WEEKDAYS[day.weekday()]


Write = Callable[[date], str]
"""How dates are written: in full for `explain`, as figures in mails."""


def start_words(row: Row, write: Write = long_date) -> str:
    """Where the months are counted from: "beslut 30 november 2025"."""
    if row.first_mark is not None:
        return f"inrapporterad tremånadersdag {write(row.first_mark)}"
    word = "avbrott från" if row.entry.sort is Sort.INTERRUPTION else "beslut"
    return f"{word} {write(row.entry.start)}"


def months_words(row: Row, counted: Count, months: int, write: Write = long_date) -> str:
    """ "beslut 30 november 2025 + 3 månader = lördag 28 februari 2026 (kortare månad)"."""
    day = counted.after(months)
    added = months - counted.lead
    sum_ = f" + {_months(added)} = {weekday(day)} {write(day)}" if added else f", {weekday(day)}"
    short = " (kortare månad: dess sista dag)" if day.day != counted.origin.day else ""
    return f"{start_words(row, write)}{sum_}{short}"


def why(event: Event, planner: Planner, write: Write = long_date) -> tuple[str, ...]:
    """The day of a milestone, derived step by step, each step a Swedish sentence; the last names the day itself."""
    counted = count(event.row)
    offset = event.milestone.day
    workdays = planner.workdays
    match offset.anchor:
        case "start":
            day = counted.after(offset.months + counted.step * (event.k - 1))
            steps = [_sentence(months_words(event.row, counted, offset.months + counted.step * (event.k - 1), write))]
        case "mark":
            mark = counted.mark(event.k)
            day = add_months(mark, offset.months)
            steps = [_sentence(months_words(event.row, counted, counted.step * event.k, write))]
            steps += [f"{_months(offset.months)} därefter: {weekday(day)} {write(day)}."] if offset.months else []
        case anchor:
            months = offset.months + event.milestone.again_months * (event.k - 1)
            base = planner.base(anchor, event.row) or event.day
            day = add_months(base, months)
            word = "verkställt" if anchor == EXECUTED else planner.routine.columns.get(anchor, anchor).lower()
            sum_ = f" + {_months(months)} = {weekday(day)} {write(day)}" if months else f", {weekday(day)}"
            steps = [_sentence(f"{word} {write(base)}{sum_}")]
    if offset.days:
        day += timedelta(days=offset.days)
        steps.append(f"{abs(offset.days)} dagar {'efter' if offset.days > 0 else 'före'}: {weekday(day)} {write(day)}.")
    if offset.workdays:
        counted_to = workdays.shift(day, offset.workdays)
        steps.append(f"{_workdays(offset.workdays)}{_between(day, counted_to, workdays)}: {weekday(counted_to)} {write(counted_to)}.")
        day = counted_to
    if (moved := _moved(day, event, workdays)) != day:
        off = workdays.why_off(day)
        reason = "" if off == weekday(day) else f" ({off})"
        way = "nästa arbetsdag är" if moved > day else "närmaste arbetsdag före är"
        steps.append(f"Det är ingen arbetsdag{reason}; {way} {weekday(moved)} {write(moved)}.")
    if moved != event.day:
        later = event.milestone.after.workdays if event.milestone.after else 0
        steps.append(f"{later} arbetsdagar efter att mejlet före skickades: {weekday(event.day)} {write(event.day)}.")
    return tuple(steps)


def _moved(day: date, event: Event, workdays: Workdays) -> date:
    """Where a day off is moved; a mail goes out on a workday whatever the routine says."""
    if day in workdays:
        return day
    return workdays.shift(day, -1) if event.milestone.day.move == "previous" else workdays.on_or_after(day)


def _months(number: int) -> str:
    return f"{number} {'månad' if abs(number) == 1 else 'månader'}"


def _sentence(text: str) -> str:
    return f"{text[0].upper()}{text[1:]}."


def _workdays(number: int) -> str:
    match number:
        case -1:
            return "Sista arbetsdagen innan"
        case 1:
            return "Nästa arbetsdag efter"
        case n if n < 0:
            return f"{-n} arbetsdagar före"
        case n:
            return f"{n} arbetsdagar efter"


def _between(first: date, last: date, workdays: Workdays) -> str:
    """The named days off that the count stepped over; plain weekends explain themselves."""
    low, high = min(first, last), max(first, last)
    days = (low + timedelta(days=n) for n in range(1, (high - low).days))
    named = [f"{workdays.why_off(day)} {day.day}/{day.month}" for day in days if workdays.why_off(day) not in ("", "lördag", "söndag")]
    return f" (dagar emellan som inte är arbetsdagar: {', '.join(named)})" if named else ""


def law(day: date, kind: Kind | None = Kind.NEW) -> str:
    """The duty to send this kind of report, or any if it is unknown, as texts cite it on a day."""
    names = {Kind.FINAL: ("final_report",), None: ("report_limit", "final_report")}.get(kind, ("report_limit",))
    return " och ".join(in_force(name, day).ref for name in names)

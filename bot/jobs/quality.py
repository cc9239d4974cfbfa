"""Gathers what the reporting quality is counted from: rows and reports, letters sent back, reminders."""

from collections.abc import Sequence
from datetime import date, time, timedelta

from sqlalchemy import Connection

from bot.clock import local_instant
from bot.jobs.office import Office
from bot.store import report, rows
from rules.model import Entry, Row
from rules.quality import LetterFact as Letter
from rules.quality import Noted, common_flaws, quality
from rules.report.quality import Flaws, Quality
from rules.routine import OFFICER
from rules.window import Quarter

SENT_BACK = ("date_differs", "premature")


def quality_of(tx: Connection, office: Office, quarter: Quarter, register: Sequence[Row] | None, today: date) -> Quality:
    """The reporting quality of a quarter as it stands today. register: every row, None to read it here."""
    register = rows.everything(tx) if register is None else register
    zone = office.config.bot.timezone
    begins, ends = (local_instant(day, time(0), zone) for day in (quarter.first, quarter.last + timedelta(days=1)))
    letters = [
        Letter(_sender(office, one.sender), one.verdict == "rejected" or one.meeting in SENT_BACK, one.meeting == "not_reportable")
        for one in report.judged(tx, begins, ends)
    ]
    overdue = tuple(milestone.name for milestone in office.planner.routine.milestone if milestone.outlives_closing)
    noted = Noted(
        rows=register,
        letters=letters,
        reminders=report.reminders(tx, overdue, quarter.first, quarter.last),
        responsible={row.id: _responsible(office, row.entry, today) for row in register},
    )
    return quality(noted, quarter, office.planner.workdays, today)


def usual_flaws(tx: Connection, office: Office, month: date) -> tuple[Flaws, ...]:
    """ "Vanligaste felen" in the titles of one month (any day of it), for the units: which flaws how often, nothing of who or what."""
    zone = office.config.bot.timezone
    first = month.replace(day=1)
    end = (first + timedelta(days=31)).replace(day=1)
    found = report.judged(tx, local_instant(first, time(0), zone), local_instant(end, time(0), zone))
    return common_flaws(one.flaws for one in found)


def _responsible(office: Office, entry: Entry, today: date) -> tuple[str, str]:
    """Who sends the reports of a row: an officer, as the address where it is known, or a unit by its Swedish name."""
    owner = office.planner.routine.owner(entry)
    if owner != OFFICER:
        return "unit", office.planner.routine.roles.get(owner, owner)
    known = office.people.officers.get(" ".join(entry.officer.lower().split()))
    return "officer", known.address if known else entry.officer.strip().lower() or "handläggare saknas"


def _sender(office: Office, address: str) -> tuple[str, str]:
    role = next((role for role, known in office.people.roles.items() if known == address), "")
    return ("unit", office.planner.routine.roles.get(role, role)) if role else ("officer", address)

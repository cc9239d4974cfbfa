"""The reporter says which case a letter is about, and it is met with the register once more."""

from datetime import datetime

from sqlalchemy import Connection

from bot.errors import BotError
from bot.jobs import acting
from bot.jobs.kept import about
from bot.jobs.office import Office
from bot.store import audit, imports, kept, letters, rows
from rules import handling
from rules.body import case_key
from rules.differs import row_of
from rules.match import meet
from rules.model import Folder, Verdict
from rules.outcomes import Register

SETTLED = ("matched", "kind_differs", "closed", "duplicate", "not_reportable")


def settle(tx: Connection, office: Office, ledger_id: int, case: str, now: datetime) -> str:
    """Meets the letter's report with the rows of `case`; gives the outcome's name. The sender gets no answer: the reporter has settled it.

    Raises BotError when the letter or the case is not known, the letter is no readable report, or it counts already.
    """
    ledger = letters.get(tx, ledger_id)
    if ledger is None:
        raise BotError("No letter has that number; see `ivobot letters`.")
    if ledger["verdict"] not in (Verdict.OK, Verdict.ACCEPTED):
        raise BotError("That letter is no report that can be read; ask its sender for a right title.")
    if ledger["meeting"] in SETTLED:
        raise BotError("That letter counts already; see `ivobot letters`.")
    named = rows.named(tx, [case_key(case)])
    if not named:
        raise BotError("The register does not know that case; see `ivobot register list`.")
    title = letters.title_of(ledger)
    today = office.today(now)
    meeting = meet(title, Register(named, frozenset(row.id for row in named)), office.planner.workdays, today)
    outcome = handling.name(meeting)
    if outcome == "ambiguous":
        raise BotError("The report does not tell which row of that case is meant; correct the register or ask the sender.")
    acting.act(tx, office, meeting, title, ledger_id, ledger["sender"], today, now)
    folder = handling.met(meeting, title, receipt_normalised=False, receipt_matched=False).folder
    row = row_of(meeting)
    if ledger["meeting"] == "untracked" and ledger["row_id"] is not None and row is not None and row.id != ledger["row_id"]:
        imports.drop_provisional(tx, ledger["row_id"], row.id)
        audit.write(tx, now, "service", [audit.Note(audit.REMOVED, ledger["row_id"], {"into": row.id})])
    changes = {"meeting": outcome, "folder": folder, "filed": None if folder != ledger["folder"] else ledger["filed"]}
    changes |= {"case": row.entry.shown, "row_id": row.id} if row else {}
    if ledger["found_in"] == Folder.REPORTED:  # the reporter has moved it on already: there it stays
        changes |= {"folder": Folder.REPORTED, "filed": ledger["filed"]}
    letters.change(tx, ledger_id, settled=now if folder is not Folder.FIX_TITLE else None, **changes)
    kept.adds_to(tx, ledger_id, about(tx, meeting, ledger_id))
    if handling.settles(meeting):
        acting.settle(tx, office, title, ledger["sender"], row, ledger_id, now)
    return outcome

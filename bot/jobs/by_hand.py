"""Changing the register by hand. Each change is one transaction with its entry in the audit trail; the same one twice changes nothing."""

from typing import Any

from sqlalchemy import Connection

from bot.errors import BotError, ConfigError
from bot.jobs import hand_values as values
from bot.jobs.hand_steps import By, Done, Which, finish, pick, rewrite, warned
from bot.jobs.office import Office
from bot.store import engine as db
from bot.store import hand, imports, letters, rows, states
from rules.body import case_key
from rules.former import identity
from rules.mark import count
from rules.model import ClosedBy, Closing, Folder, Row
from rules.standing import awaited


def close(office: Office, which: Which, outcome: str, on: str, by: By) -> Done:
    """Closes a row as executed or ended; no import opens it again. Raises BotError when it is closed otherwise, ConfigError for its day."""
    today = office.today(by.now)
    closing = Closing(values.outcome(outcome), values.one_day(on, "The day", today), ClosedBy.HAND)
    if closing.on > today:
        raise ConfigError("That day is still to come; a row is closed when it has come.")
    with db.write(office.engine) as tx:
        row = pick(tx, which, today, is_open=True)
        if row.closing is not None:
            if (row.closing.outcome, row.closing.on) == (closing.outcome, closing.on):
                return Done(row, False)
            raise BotError("That row is closed already; open it again first, with `ivobot register reopen`.")
        if closing.on < row.entry.start:
            raise ConfigError(f"That day lies before the row's start, {row.entry.start}; correct one of the two.")
        k = awaited(row, closing.on)
        row = shut(tx, office, row, closing, by)
    told = f"The mark {count(row).mark(k)} had passed without a report; nothing reminds of it now, so see that it is reported." if k else ""
    return Done(row, True, (told,) if told else ())


def shut(tx: Connection, office: Office, row: Row, closing: Closing, by: By) -> Row:
    """Closes an open row in the caller's transaction, with its entry in the audit trail; gives it as it is then."""
    before = states.of(tx, [row.id])
    rows.close(tx, row.id, closing)
    imports.plan_closing(tx, row.id, None)
    return finish(tx, office, row.id, before, "closed", by)


def reopen(office: Office, which: Which, by: By) -> Done:
    """Opens a closed row again: its marks go on as if it had never been closed, and no milestone that went out goes out twice.

    A final report is taken back: the row asks for reports as before, its letter is no longer one to report, and the trail keeps its day.
    """
    today = office.today(by.now)
    told: tuple[str, ...] = ()
    with db.write(office.engine) as tx:
        row = pick(tx, which, today, is_open=False)
        if row.closing is None:
            return Done(row, False)
        before = states.of(tx, [row.id])
        rows.close(tx, row.id, None)
        final = hand.take_back_final(tx, row.id)
        contents: dict[str, Any] = {}
        if final is not None:
            contents["final_report"] = {"day": final.day.isoformat(), "letter": final.letter}
            told = _take_back(tx, final.letter)
        row = finish(tx, office, row.id, before, "reopened", by, contents)
    return Done(row, True, told)


def correct(office: Office, which: Which, field: str, value: str, by: By) -> Done:
    """Puts one field of a row right. A corrected start is a new start: its milestones are new, and reports follow to its marks."""
    today = office.today(by.now)
    with db.write(office.engine) as tx:
        row = pick(tx, which, today, is_open=True)
        new, codes = values.corrected(row, field, value, today, tuple(office.config.people.officers))
        if new == row.entry and not (field == "start" and row.provisional):
            return Done(row, False)
        if any(identity(each.entry) == identity(new) and each.id != row.id for each in rows.named(tx, [case_key(new.case)])):
            raise BotError("Another row has that case, insats and start already; close the one that is wrong instead.")
        if row.closing is not None and new.start > row.closing.on:
            raise ConfigError(f"The row was closed on {row.closing.on}, before that start; open it again first, or correct the day.")
        before = states.of(tx, [row.id])
        rewrite(tx, office, row, new, stays_provisional=field != "start")
        hand.rename(tx, row.id, new.shown)
        row = finish(tx, office, row.id, before, "corrected", by)
    told = "The next register file must say the same, or it puts its own value in place of this."
    return Done(row, True, (*warned(codes), told))


def _take_back(tx: Connection, letter_id: int | None) -> tuple[str, ...]:
    """The final report's letter counts no more, and leaves the folder of what is to be reported."""
    ledger = letters.get(tx, letter_id) if letter_id else None
    if ledger is None:
        return ()
    moves = {"folder": Folder.DONE, "filed": None} if ledger["folder"] == Folder.TO_REPORT else {}
    letters.change(tx, ledger["id"], meeting="", reason="taken_back", **moves)
    if ledger["reported_to_ivo"] is None:
        return ()
    return (f"Letter {letter_id}, the final report, was reported to IVO already; tell IVO that the decision is open.",)

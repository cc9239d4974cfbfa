"""What came of the demo's day: every letter with its ledger row, the reminders that went out, the mails, the balance."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import RowMapping

from bot.cli.demo.letters import Letter
from bot.cli.demo.place import OurMail
from bot.jobs.office import Office
from bot.jobs.reminder_mail import Ready, bundles
from bot.store import claims, rows
from bot.store import digest as asked
from bot.store import engine as db
from bot.store import letters as ledger
from rules.duty import recipients
from rules.explain import why
from rules.mails import Balance
from rules.model import Row, Title
from rules.plan import Event


@dataclass(frozen=True, slots=True)
class Seen:
    """A letter with what the ledger says of it. `case` is what a person may read: the alias of a protected person."""

    letter: Letter
    ledger: RowMapping
    title: Title
    case: str


@dataclass(frozen=True, slots=True)
class Reminded:
    """A reminder that went out: one row, or several in one mail.

    `why` derives the day of the first row. `missing` names the role in whose place the reporter gets it, or is "".
    """

    name: str
    to: tuple[str, ...]
    cc: tuple[str, ...]
    missing: str
    cases: tuple[str, ...]
    why: str


@dataclass(frozen=True, slots=True)
class Outcome:
    """All of it. `mails`: those that went out on the demo's day; `failed`: how many could not be made or sent."""

    seen: Sequence[Seen]
    reminded: Sequence[Reminded]
    mails: Sequence[OurMail]
    balance: Balance
    failed: int


def look(office: Office, now: datetime, letters: Iterable[Letter], mails: Sequence[OurMail]) -> Outcome:
    """Gathers what the run at `now` has done. Reads only."""
    with db.read(office.engine) as tx:
        tracked = rows.everything(tx)
        taken = claims.claims(tx, [row.id for row in tracked])
        entered = ledger.listed(tx, "")
        since = asked.last_digest(tx, office.midnight(now)) or office.midnight(now)
        balance, failed = asked.balance(tx, since), asked.failed_mails(tx)
    today = office.today(now)
    routine = office.planner.routine
    going = [
        Ready(event, routine.owner(row.entry), recipients(event.milestone, row.entry, routine, office.people, today))
        for row in tracked
        for event in _sent(office, row, today, [key for key, claim in taken[row.id].items() if claim.sent and claim.day == today])
    ]
    reminded = [_reminded(office, bundle) for bundle in bundles(going, office.config.reminders.bundle_from)]
    order = [milestone.name for milestone in routine.milestone]
    reminded.sort(key=lambda one: (order.index(one.name), one.to, one.cases))
    return Outcome(_seen(letters, entered, {row.id: row for row in tracked}), reminded, mails, balance, failed)


def _sent(office: Office, row: Row, today: date, keys: Iterable[tuple[int, str]]) -> list[Event]:
    milestones = {milestone.name: milestone for milestone in office.planner.routine.milestone}
    return [Event(row, k, milestones[name], today, today, None) for k, name in keys]


def _reminded(office: Office, bundle: Sequence[Ready]) -> Reminded:
    first = bundle[0]
    return Reminded(
        first.event.milestone.name,
        first.to.to,
        first.to.cc,
        first.to.missing,
        tuple(one.event.row.entry.shown for one in bundle),
        " ".join(why(first.event, office.planner)),
    )


def _seen(letters: Iterable[Letter], entered: Iterable[RowMapping], tracked: dict[int, Row]) -> list[Seen]:
    """The ledger's row of each letter is found by the name of its file, which stays when it is moved."""
    by_file = {row["mailbox_id"]: row for row in entered}
    return [
        Seen(letter, row, ledger.title_of(row), tracked[row["row_id"]].entry.shown if row["row_id"] else "")
        for letter in letters
        if (row := by_file.get(letter.file))
    ]

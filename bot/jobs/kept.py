"""What is kept of a report's text for its sheet: sealed at intake, opened for the reporter, deleted when nothing more is reported."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime

from sqlalchemy import Connection

from bot import facts, keys
from bot.jobs.office import Office
from bot.log import Logger
from bot.seal import SealError, seal_text, unseal_text
from bot.store import engine as db
from bot.store import kept, rows
from rules import body
from rules.body import BodyItems, Role
from rules.duty import address
from rules.model import Folder, Kind, Row, Title
from rules.outcomes import Closed, Duplicate, KindDiffers, Matched, Meeting, NotReportable, Register, Untracked
from rules.routine import PROVIDER
from rules.sheet import final_done

log = Logger("kept")


def keep(
    tx: Connection, office: Office, text: str, came: date, ledger_id: int, meeting: Meeting, row: Row | None, register: Register
) -> BodyItems | None:
    """Keeps what the sheet needs of a report's text, and gives it; None where nothing is kept.

    came: the local day on which the letter came. A letter that repeats a report adds to it. Nothing that goes wrong here is a reason to
    lose the report: it is logged, and the sheet tells the reporter to open the letter.
    """
    if isinstance(meeting, NotReportable):
        return None
    try:
        items = _needed(body.items(text, came), row if row and row.id in register.named else None)
        sealed = _seal(tx, office, facts.dump(items))
    except Exception as error:  # whatever the reader does with a hostile text
        log.error("text_not_kept", letter=ledger_id, error=error)
        return None
    kept.add(tx, ledger_id, about(tx, meeting, ledger_id), came, sealed)
    return items


def about(tx: Connection, meeting: Meeting, ledger_id: int) -> int:
    """The letter whose report a letter's text adds to: its own, or the one that it repeats."""
    return (kept.letter_of(tx, meeting.row.id, meeting.k) if isinstance(meeting, Duplicate) else 0) or ledger_id


def lacking(
    office: Office, items: BodyItems | None, title: Title, meeting: Meeting, row: Row | None, sender: str, today: date
) -> tuple[str, ...]:
    """What a report that counts should have said and does not, judged by the sender's role: Swedish sentences in the routine's words."""
    if items is None or not isinstance(meeting, Matched | KindDiffers | Closed | Untracked):
        return ()
    role = role_of(office, row, sender, today)
    external = row is not None and row.entry.external
    sort = row.entry.sort if row else title.cause if title.kind is Kind.NEW else None
    found = body.missing(items, title.kind, title.outcome, title.insats or "", role, external=external, sort=sort)
    return tuple(body.sentence(code) for code in found)


def asks_for_more(office: Office, told: Sequence[str], folder: Folder) -> bool:
    """Whether the sender gets a receipt because of what is missing."""
    return office.config.reply.missing and bool(told) and folder is Folder.TO_REPORT


def role_of(office: Office, row: Row | None, sender: str, today: date) -> Role:
    """As whom somebody reports: a unit from its function address, a provider of the row, else an officer."""
    if office.people.is_unit(sender):
        return Role.UNIT
    if row is not None and sender == address(PROVIDER, row.entry, office.planner.routine, office.people, today):
        return Role.PROVIDER
    return Role.OFFICER


@dataclass(frozen=True, slots=True)
class Opened:
    """A kept text in clear: its letter, the letter whose report it adds to, the sender, and the day it came."""

    letter: int
    about: int
    sender: str
    day: date
    items: BodyItems


def opened(tx: Connection, office: Office, row_ids: Iterable[int]) -> Mapping[int, Sequence[Opened]]:
    """What is kept for these rows, oldest first. Raises ConfigError without the key, SealError with another."""
    found = kept.of_rows(tx, row_ids)
    if not found:
        return {}
    known = keys.body_keys(office.config.bot.data_dir, make=False)
    clear = {row_id: [(each, _read(each.letter, _unseal(each.sealed, known))) for each in texts] for row_id, texts in found.items()}
    return {
        row_id: [Opened(each.letter, each.about, each.sender, each.day, items) for each, items in texts if items is not None]
        for row_id, texts in clear.items()
    }


def prune_kept(office: Office, now: datetime) -> int:
    """Deletes what no sheet needs any more; gives how many texts. May be run any number of times.

    That is: everything of a row that is closed and whose closing is reported to IVO or never is to be, and what belongs to no row and no
    longer waits to be settled. What a deleted letter or row leaves goes with it.
    """
    with db.read(office.engine) as tx:
        if not kept.any_kept(tx):
            return 0
        closed = rows.by_id(tx, kept.closed_rows(tx))
        ticked = kept.ticked(tx, closed, office.config.bot.timezone)
        strays = kept.has_strays(tx)
    done = [row.id for row in closed if final_done(row, ticked)]
    if not done and not strays:
        return 0
    with db.write(office.engine) as tx:
        return kept.prune_rows(tx, done) + kept.prune_strays(tx)


def _needed(items: BodyItems, named: Row | None) -> BodyItems:
    """Only what a sheet is made of. Of a contact: that there was one, and when. Whoever names the row's person need not name its case."""
    contacts = tuple(replace(contact, text="") for contact in items.contacts)
    return replace(items, contacts=contacts, case=items.case or (named.entry.case if named else ""))


def _seal(tx: Connection, office: Office, text: str) -> bytes:
    # With something sealed already, a key that is not there is lost, and a new one in silence would hide it.
    return seal_text(text, keys.body_keys(office.config.bot.data_dir, make=not kept.any_kept(tx))[0])


def _unseal(sealed: bytes, known: Sequence[bytes]) -> str:
    for key in known[:-1]:
        try:
            return unseal_text(sealed, key)
        except SealError:
            continue
    return unseal_text(sealed, known[-1])


def _read(letter: int, text: str) -> BodyItems | None:
    try:
        return facts.read(text, BodyItems)
    except (TypeError, ValueError, KeyError) as error:  # written by a version that knew other items
        log.error("text_not_read", letter=letter, error=error)
        return None

"""The mail balance of every day, from the ledger and the mailbox: before each digest everything in the folders is looked at once."""

from collections.abc import Sequence
from datetime import datetime

from bot.jobs.digest import since_last, unsent
from bot.jobs.office import Office
from bot.log import Logger
from bot.mailbox.base import Folder, LetterId
from bot.store import balance, jobs, letters
from bot.store import engine as db
from rules.balance import weigh as compare

WEIGHED = "weighed"
"""What is remembered: that the folders were looked over once, so that what is strange from then on is new."""

log = Logger("balance")


def weigh(office: Office, now: datetime) -> int:
    """Compares ledger and mailbox, if a digest is due; gives how many letters nothing explains. In mode dry it does nothing."""
    if office.dry or not unsent(office, now):
        return 0
    with db.read(office.engine) as tx:
        expected, strangers = balance.expected(tx, since_last(tx, office, now)), balance.strangers(tx)
        first = not jobs.recall(tx, WEIGHED)
    lying = _lying(office)
    if any(each.mailbox_id not in lying for each in expected):
        lying |= _lying(office)  # one that is moved while the folders are looked at may be in none of them: look again
    with db.read(office.engine) as tx:
        unknown = lying.keys() - letters.known(tx, sorted(lying)) - {each.mailbox_id for each in strangers}
    prints = _prints(office, sorted(unknown))
    with db.read(office.engine) as tx:
        read = balance.printed(tx, prints.values())
    found = compare(expected, lying, strangers, prints, read, first=first)
    with db.write(office.engine) as tx:
        balance.keep(tx, found, now)
        if first:
            jobs.remember(tx, WEIGHED, str(office.today(now)))
    strange = sum(each.told for each in found.new)
    if found.missed or strange:
        log.warning("letters_unexplained", missing=len(found.missed), strange=strange)
    return len(found.missed) + strange


def _lying(office: Office) -> dict[str, str]:
    """Every letter in the folders and the inbox, with where it lies."""
    return {id: folder.value for folder in Folder if folder is not Folder.SENT for id in office.mailbox.listing(folder)}


def _prints(office: Office, ids: Sequence[str]) -> dict[str, str]:
    """The fingerprints of letters, as the ledger keeps them."""
    found = office.mailbox.fingerprints([LetterId(id) for id in ids]) if ids else {}
    return {id: office.key("letter", fingerprint) for id, fingerprint in found.items()}

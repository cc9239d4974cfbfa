"""What lies in the mailbox: one look a round, shared by all that ask. What people moved by hand is honoured."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from bot.jobs import recover
from bot.jobs.office import Office
from bot.log import Logger
from bot.mailbox.base import Folder, LetterId
from bot.store import engine as db
from bot.store import letters

Look = Mapping[Folder, Sequence[LetterId]]
"""The folders that may have changed since the look before, with all that lies in them, oldest first. The inbox is always there."""

log = Logger("watch")


def look(office: Office) -> Look:
    """Asks the mailbox, in as few calls as it allows."""
    return dict(office.mailbox.look())


def watch(office: Office, seen: Look, now: datetime) -> int:
    """Notes in the ledger where each letter lies, and which are reported to IVO; gives how many moved. In mode dry nothing is."""
    if office.dry:
        return 0
    changed = 0
    for folder, here in seen.items():
        if folder is not Folder.INBOX:  # what is new in the inbox is read, and known again, by intake
            _know_again(office, seen, folder, here, now)
        with db.write(office.engine) as tx:
            changed += letters.found(tx, folder, here, now, reported=folder is Folder.REPORTED)
    return changed


def _know_again(office: Office, seen: Look, folder: Folder, here: Sequence[LetterId], now: datetime) -> None:
    """Letters under ids that the ledger does not know may be those that got a new id when a person, or a killed run, moved them."""
    with db.read(office.engine) as tx:
        known = letters.known(tx, here)
    strange = [id for id in here if id not in known and id not in office.strangers]
    if not strange:
        return
    prints = office.mailbox.fingerprints(strange)
    since = recover.restored(office, now)
    for id in strange:
        known_again = id in prints and same_letter(office, seen, id, prints[id], now)
        if not known_again and not (since is not None and recover.take_back(office, folder, id, since, now)):
            office.strangers.add(id)  # never came through the inbox: not asked about again by this process


def same_letter(office: Office, seen: Look, id: LetterId, fingerprint: str, now: datetime) -> bool:
    """Gives a letter's new id to its ledger row, if there is one whose letter is no longer where it was. False when there is none."""
    lying = {id for here in seen.values() for id in here}
    with db.write(office.engine) as tx:
        for row in letters.printed(tx, office.key("letter", fingerprint)):
            if row["mailbox_id"] not in lying and row["found_in"] in seen:
                letters.renamed(tx, row["id"], id, now)
                return True
    return False

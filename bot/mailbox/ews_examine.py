"""Tries the mailbox for `ivobot check`: the rights that the program needs, and that it has none too many. Changes nothing."""

from collections.abc import Iterator
from datetime import UTC, date
from typing import Final
from urllib.parse import urlsplit

from bot.clock import SystemClock
from bot.errors import MailboxDenied, MailboxError
from bot.mailbox import ews_mends as mends
from bot.mailbox.base import Trial
from bot.mailbox.ews_batch import Batches
from bot.mailbox.ews_errors import DENIED, GONE, NO_FOLDER
from bot.mailbox.ews_folders import NAMED, Folders, Known
from bot.mailbox.ews_words import make, own_folder, shape

BLOCKED: Final = date(2026, 10, 1)  # techcommunity.microsoft.com, "Retirement of Exchange Web Services in Exchange Online"
GONE_ON: Final = date(2027, 4, 1)
DRIFT: Final = 120  # seconds; Kerberos gives up at 300
WARN: Final = 30  # days before a certificate ends
# What the program does in each of the server's own folders: …/web-service-reference/effectiverights.
NEEDED: Final = {
    "inbox": {"Read": "read letters", "Delete": "move letters out", "CreateContents": "move letters back"},
    "sentitems": {"Read": "look for what was sent", "CreateContents": "keep the sent copy"},
    "drafts": {"Read": "look for drafts", "CreateContents": "make the mail that is sent", "Delete": "send it"},
    "deleteditems": {"CreateContents": "delete letters"},
}


def trials(batches: Batches) -> Iterator[Trial]:
    """One for each thing that was tried."""
    yield from _online(batches)
    yield from _access(batches)
    try:
        known = Folders(batches).look(create=False)
    except MailboxError as error:
        yield Trial(False, str(error), mends.reading(batches.connection))
        return
    yield Trial(True, f"the mailbox {batches.connection.address} opens")
    yield from _rights(batches, known)
    yield from _folders(batches, known)
    yield _sending(batches)
    yield from _must_not_read(batches)
    yield from _drift(batches)
    yield from _certificate(batches)


def _online(batches: Batches) -> Iterator[Trial]:
    host = (urlsplit(batches.connection.url).hostname or "").lower()
    if host in mends.ONLINE:
        seen = f"this is Exchange Online, where EWS is blocked since {BLOCKED} unless allow-listed, and gone on {GONE_ON}"
        yield Trial(False, seen, mends.graph(batches.connection))


def _access(batches: Batches) -> Iterator[Trial]:
    connection = batches.connection
    if connection.auth == "oauth" and connection.access == "delegate":
        seen = "an application with a token of its own has no mailbox and must act as one: set access = impersonation under [mailbox]"
        yield Trial(False, seen, mends.impersonation(connection))


def _rights(batches: Batches, known: Known) -> Iterator[Trial]:
    for name, needs in NEEDED.items():
        rights = known.rights.get(name)
        if rights is None:
            yield Trial(True, f"the server does not tell the rights to {name}")
            continue
        lacking = [what for right, what in needs.items() if not rights.get(right, False)]
        if lacking:
            yield Trial(False, f"no right in {name} to {', '.join(lacking)}", mends.reading(batches.connection))
        else:
            yield Trial(True, f"rights to {name}: {', '.join(needs.values())}")


def _folders(batches: Batches, known: Known) -> Iterator[Trial]:
    missing = [folder.value for folder in NAMED if folder not in known.named]
    if not missing:
        yield Trial(True, f"all {len(NAMED)} folders are there")
    elif known.rights.get("inbox", {}).get("CreateHierarchy", True):
        yield Trial(True, f"made at the first start: {', '.join(missing)}")
    else:
        yield Trial(False, f"no right to make the folders {', '.join(missing)} in the inbox", mends.reading(batches.connection))


def _sending(batches: Batches) -> Trial:
    connection = batches.connection
    if connection.access == "impersonation":
        return Trial(True, f"mail is sent as {connection.address}, which the account acts as")
    seen = f"whether the account may send as {connection.address} shows only in sending: ivobot check --roundtrip"
    return Trial(True, seen, mends.sending(connection))


def _must_not_read(batches: Batches) -> Iterator[Trial]:
    other = batches.connection.must_not_read
    if not other:
        return
    try:
        said = batches.line.ask("GetFolder", shape("m:FolderShape"), make("m:FolderIds", own_folder("inbox", other)), mailbox=other)
    except MailboxDenied:
        yield Trial(True, f"{other} cannot be read, as it should be")
        return
    code = said[0].code if said else ""
    if said and said[0].good:
        yield Trial(False, f"the account can read {other}, which it must not", mends.closing(batches.connection))
    elif code in DENIED | GONE | NO_FOLDER:
        yield Trial(True, f"{other} cannot be read, as it should be")
    else:
        yield Trial(
            False, f"whether {other} can be read could not be tried ({code or 'no answer'}); try again", mends.closing(batches.connection)
        )


def _drift(batches: Batches) -> Iterator[Trial]:
    """By the Date of the last answer (RFC 9110 6.6.1), whole seconds."""
    told = batches.line.date
    if told is None:
        return
    seconds = (SystemClock().now() - (told if told.tzinfo else told.replace(tzinfo=UTC))).total_seconds()
    if abs(seconds) > DRIFT:
        yield Trial(False, f"this machine's clock differs from the server's by {abs(seconds):.0f} s", mends.clock())
    else:
        yield Trial(True, "this machine's clock agrees with the server's")


def _certificate(batches: Batches) -> Iterator[Trial]:
    connection = batches.connection
    if connection.auth != "oauth":
        return
    if connection.certificate is None:
        yield Trial(True, "when the client secret ends stands in Entra only; note the day, or use a certificate", mends.secret(connection))
        return
    from cryptography import x509

    try:
        ends = x509.load_pem_x509_certificate(connection.certificate.read_bytes()).not_valid_after_utc
    except (OSError, ValueError):
        yield Trial(False, f"the certificate {connection.certificate} cannot be read", mends.secret(connection))
        return
    days = (ends - SystemClock().now()).days
    yield Trial(days >= WARN, f"the certificate ends on {ends.date()}, in {days} days", mends.secret(connection) if days < WARN else "")

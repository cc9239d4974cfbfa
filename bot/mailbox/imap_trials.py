"""What `ivobot check` tries on an IMAP mailbox. Nothing is changed and no mail is sent."""

import ssl
from collections.abc import Callable, Iterator
from typing import Any, Final

from bot.clock import SystemClock
from bot.mailbox.base import Folder, Trial
from bot.mailbox.imap_faults import Refused, spoken
from bot.mailbox.imap_folders import others, plain
from bot.mailbox.imap_places import Places
from bot.mailbox.imap_sending import DRAFT
from bot.mailbox.imap_session import Session
from bot.mailbox.imap_settings import Connection
from bot.mailbox.imap_syntax import quoted
from bot.mailbox.smtp import Smtp
from bot.mailbox.timed_socket import Deadline

SOON: Final = 21  # days before a certificate's end at which it is told
SERVER_FAULT: Final = "mend what is said here; the settings are under [mailbox]"
RIGHTS: Final = "give the account all rights to the mailbox's folders: to read, insert, mark and remove letters, and to make folders"


def trials(connection: Connection, deadline: Deadline) -> Iterator[Trial]:
    """Each trial on connections of its own, so that the mailbox's are left as they are."""
    session = Session(connection, deadline)
    smtp = Smtp(connection.smtp, connection.smtp_login, deadline, connection.ca_file)
    try:
        yield from _imap(session, Places(session), deadline, connection)
        yield from _tried(lambda: _smtp(smtp), deadline, "SMTP")
    finally:
        session.close()
        smtp.close()


def _imap(session: Session, places: Places, deadline: Deadline, connection: Connection) -> Iterator[Trial]:
    signed_in = list(_tried(lambda: _sign_in(session), deadline, "IMAP"))
    yield from signed_in
    if signed_in and signed_in[0].good:
        steps = [_inbox, _folders, _moving, lambda *_: _closed(session, connection.must_not_read)]
        for step in steps:
            yield from _tried(lambda step=step: step(session, places), deadline, "IMAP")  # type: ignore[misc]


def _tried(step: Callable[[], Iterator[Trial]], deadline: Deadline, server: str) -> Iterator[Trial]:
    deadline.start()
    try:
        yield from list(step())
    except Exception as error:
        told = spoken(error, server)
        yield Trial(False, str(told), SERVER_FAULT)


def _sign_in(session: Session) -> Iterator[Trial]:
    session.connect()
    yield Trial(True, "signed in to the IMAP server")
    yield from _certificate(session.client.sock, "IMAP")


def _certificate(sock: Any, server: str) -> Iterator[Trial]:
    if not isinstance(sock, ssl.SSLSocket):
        yield Trial(True, f"the way to the {server} server is not encrypted, which is allowed on this machine only")
        return
    ends = str((sock.getpeercert() or {}).get("notAfter", ""))
    days = int((ssl.cert_time_to_seconds(ends) - SystemClock().now().timestamp()) // 86_400)
    mend = "" if days >= SOON else f"renew the {server} server's certificate"
    yield Trial(days >= SOON, f"the {server} server's certificate holds {days} days more ({sock.version()})", mend)


def _inbox(session: Session, places: Places) -> Iterator[Trial]:
    here = places.select(b"INBOX")
    count = len(session.everything())
    if here.read_only:
        yield Trial(False, "the inbox may be read but not changed", RIGHTS)
    else:
        yield Trial(True, f"{count} letters wait in the inbox, which may be read and changed")


def _folders(session: Session, places: Places) -> Iterator[Trial]:
    layout = places.layout
    missing = [folder for folder in layout.missing if folder is not Folder.SENT]
    yield Trial(True, f"{len(missing)} folders will be made at the start" if missing else "all folders are there")
    for folder, name in layout.names.items():
        if folder not in (Folder.INBOX, Folder.SENT) and places.select(name).read_only:
            yield Trial(False, f"the folder {folder.value} may be read but not changed", RIGHTS)
    sent = layout.names.get(Folder.SENT)
    if sent is None:
        yield Trial(True, f"the folder {Folder.SENT.value} will be made at the start")
        return
    here = places.select(sent)
    if here.read_only:
        yield Trial(False, f"the folder {plain(sent)} for sent mail may be read but not changed", RIGHTS)
    elif DRAFT not in here.kept_flags:
        seen = f"the folder {plain(sent)} keeps no drafts' mark, so a crash while a mail is sent may send it twice"
        yield Trial(False, seen, "ask the server's provider to let the flag \\Draft be kept")
    else:
        yield Trial(True, f"copies of sent mails are kept in {plain(sent)}")


def _moving(session: Session, _places: Places) -> Iterator[Trial]:
    if session.capabilities & {"MOVE", "UIDPLUS"}:
        yield Trial(True, "letters are moved by " + ("MOVE" if "MOVE" in session.capabilities else "COPY and removal"))
    else:
        seen = "the server can neither MOVE nor remove single letters: what is filed stays in the inbox too, marked as deleted"
        yield Trial(False, seen, "ask the server's provider for MOVE or UIDPLUS, or tidy the inbox by hand")


def _closed(session: Session, address: str) -> Iterator[Trial]:
    """That another mailbox stays shut, tried by the names that servers give to other people's folders."""
    if not address:
        return
    spaces = others(session)
    if not spaces:
        yield Trial(True, f"this server shows nobody's mailbox but the account's own, {address} neither")
        return
    for prefix, separator in spaces:
        for user in (address, address.partition("@")[0]):
            for name in (prefix + user.encode(), prefix + user.encode() + separator + b"INBOX"):
                try:
                    session.run("EXAMINE", quoted(name))
                except Refused:
                    continue
                yield Trial(False, f"the account can read {address}", "take that right away: it needs its own mailbox only")
                return
    yield Trial(True, f"the account can not read {address}")


def _smtp(smtp: Smtp) -> Iterator[Trial]:
    smtp.connect()
    yield Trial(True, "signed in to the SMTP server; whether it lets the account send as the mailbox shows at the first mail")
    yield from _certificate(smtp.sock, "SMTP")

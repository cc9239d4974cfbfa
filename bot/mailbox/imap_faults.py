"""What goes wrong with a mail server, in the operator's words. A server's own text may hold names, so it is never passed on."""

import imaplib
import re
import socket
import ssl
from typing import Final

from bot.errors import MailboxDenied, MailboxError

CODE: Final = re.compile(rb"\[([A-Z][A-Z0-9-]{0,40})[\] ]", re.IGNORECASE)
# RFC 5530: what may pass by itself.
PASSING: Final = frozenset({"UNAVAILABLE", "INUSE", "LIMIT", "SERVERBUG", "EXPUNGEISSUED", "CORRUPTION", ""})
MISSING: Final = frozenset({"NONEXISTENT", "TRYCREATE"})
AWAY: Final = "It is tried again; if it lasts, check the server and the network."


class Refused(Exception):
    """The server said NO or BAD (`bad`) to one command; the connection is as good as before. `code`: RFC 5530's word, or ""."""

    def __init__(self, code: str = "", *, bad: bool = False) -> None:
        super().__init__(code)
        self.code = code
        self.bad = bad


class Lost(Exception):
    """The connection broke, or the deadline passed: nobody knows whether the last command was done."""


def code_of(text: bytes) -> str:
    """The response code that a tagged answer begins with, in upper case; "" for none."""
    found = CODE.match(text.strip())
    return found[1].decode("ascii").upper() if found else ""


def spoken(error: Exception, server: str) -> MailboxError:
    """The sentence for any error out of a connection. server: "IMAP" or "SMTP"."""
    match error:
        case MailboxError():
            return error
        case Refused(bad=True):
            return MailboxError(f"The {server} server does not know a command that it should; tell the developers which server it is.")
        case Refused(code="OVERQUOTA"):
            return MailboxError("The mailbox is full; make room in it.", again=True)
        case Refused(code="NOPERM" | "AUTHORIZATIONFAILED"):
            return MailboxDenied("The account may not do this in the mailbox; give it the right to read and change all folders.")
        case Refused(code=code) if code in MISSING:
            return MailboxError("A folder of the mailbox has vanished; it is made again at the next try.", again=True)
        case Refused(code=code):
            return MailboxError(f"The {server} server refused a command. {AWAY}", again=code in PASSING)
        case Lost() if isinstance(error.__cause__, Exception):
            return spoken(error.__cause__, server)
        case ssl.SSLCertVerificationError():
            todo = "check host, the server's certificate, and ca_file under [mailbox]"
            return MailboxError(f"The {server} server's certificate is not vouched for; {todo}.")
        case TimeoutError():
            return MailboxError(f"The {server} server did not answer in time. {AWAY}", again=True)
        case socket.gaierror():
            return MailboxError(f"The {server} server's name is not known on this network; check host under [mailbox].", again=True)
        case OSError() | imaplib.IMAP4.abort() | Lost():
            return MailboxError(f"The {server} server is out of reach. {AWAY}", again=True)
        case _:
            return MailboxError(f"The {server} server's answer cannot be understood. {AWAY}", again=True)

"""One line to the service: a question, one HTTP exchange, its answer. Nothing is asked twice, but the version, before anything was done."""

from collections.abc import Sequence
from datetime import datetime
from email.utils import parsedate_to_datetime
from typing import Any, Final

from exchangelib.account import Identity
from exchangelib.errors import ErrorTimeoutExpired, TransportError
from exchangelib.services.common import EWSService
from exchangelib.util import post_ratelimited

from bot.errors import BotError, MailboxDenied, MailboxError
from bot.mailbox.ews_errors import VERSION
from bot.mailbox.ews_http import Connection, Service
from bot.mailbox.ews_words import Element, Message, make, messages, read

# What an unknown server is asked with, one after the other; the first is taken by every Exchange Server that is still supported.
VERSIONS: Final = ("Exchange2013_SP1", "Exchange2016", "Exchange2010_SP2", "Exchange2010", "Exchange2007_SP1")


class Envelope(EWSService):  # type: ignore[misc]
    """exchangelib's SOAP envelope, with the mailbox that is acted as: …/exchange-web-services/impersonation-and-ews-in-exchange."""

    SERVICE_NAME = "Any"
    identity: Any = None

    @property
    def _account_to_impersonate(self) -> Any:
        return self.identity


class Line:
    """Asks the service; every call ends within the deadline. Raises MailboxError only. `date`: the server's clock at its last answer."""

    def __init__(self, connection: Connection) -> None:
        self.connection = connection
        self.date: datetime | None = None
        self._service: Service | None = None
        self._versions: Sequence[str] = (connection.version,) if connection.version else VERSIONS

    def ask(self, operation: str, *parts: Element, mailbox: str = "", attributes: dict[str, str] | None = None) -> list[Message]:
        """The response messages. mailbox: another one than the own, for a trial. A SOAP fault is one message."""
        question = make(f"m:{operation}", *parts, **(attributes or {}))
        while True:
            said = self._exchange(operation, question, mailbox)
            if len(self._versions) == 1:
                return said
            if len(said) == 1 and said[0].code in VERSION:
                self._versions = self._versions[1:]  # nothing was done: the server did not read the question
            else:
                self._versions = self._versions[:1]
                return said

    def _exchange(self, operation: str, question: Element, mailbox: str) -> list[Message]:
        connection = self.connection
        address = mailbox or connection.address
        try:
            service = self._service = self._service or Service(connection)
            envelope = Envelope(protocol=service)
            envelope.identity = Identity(primary_smtp_address=address) if connection.access == "impersonation" else None
            data = envelope.wrap(question, self._versions[0])
            headers = {"X-AnchorMailbox": address}  # …/webdav_101/best-practices-ews-authentication-and-access-issues
            with service.watched.within(connection.deadline) as late:
                try:
                    session = service.get_session()
                    answer, session = post_ratelimited(
                        service, session, service.service_endpoint, headers, data, False, connection.deadline
                    )
                    service.release_session(session)
                except Exception:
                    self.close()  # a session that got lost would let the next question wait for ever
                    if late.is_set():
                        raise self._late() from None
                    raise
            if late.is_set():
                self.close()
                raise self._late()
            self.date = _date(answer.headers.get("Date", ""))
            return messages(read(answer.content), operation)
        except BotError:
            raise
        except Exception as error:  # requests', spnego's, lxml's, exchangelib's, AttributeError: the libraries keep to no family
            raise _plain(error, connection) from None

    def _late(self) -> MailboxError:
        return MailboxError(f"The Exchange server took longer than {self.connection.deadline:g} s; it is asked again later.", again=True)

    def close(self) -> None:
        """Hang up; the next question dials again."""
        if self._service is not None:
            self._service.close()
        self._service = None


def _date(text: str) -> datetime | None:
    try:
        return parsedate_to_datetime(text)
    except (TypeError, ValueError, OverflowError):
        return None


def _plain(error: Exception, connection: Connection) -> MailboxError:
    """Our own error for a library's. Its words stay away: they may quote the request."""
    if isinstance(error, ErrorTimeoutExpired):
        return MailboxError("The Exchange server is out of reach or hung up; it is asked again later.", again=True)
    if isinstance(error, TransportError) and type(error) is TransportError:
        todo = "set ca_file under [mailbox] to your own authority's certificate, or renew the server's"
        return MailboxError(f"The Exchange server's certificate is not trusted; {todo}.")
    if isinstance(error, PermissionError):  # requests_ntlm: no challenge came
        return MailboxDenied("The Exchange server does not take this way of signing in; check auth under [mailbox].")
    if isinstance(error, OSError) and connection.ca_file is not None:  # of the network they come as exchangelib's
        return MailboxError(f"The file {connection.ca_file} cannot be read; correct ca_file under [mailbox].")
    return MailboxError(f"The question to the Exchange server failed ({type(error).__name__}); it is asked again later.", again=True)

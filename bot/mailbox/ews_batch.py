"""Questions about several things at once, and what is done when a server will not take several."""

from collections.abc import Callable, Sequence
from typing import Final, TypeVar

from bot.mailbox.ews_errors import BUSY, DENIED, failure
from bot.mailbox.ews_http import Connection
from bot.mailbox.ews_line import Line
from bot.mailbox.ews_words import Element, Garbled, Message

T = TypeVar("T")
DOING: Final = {
    "CreateFolder": "to make folders",
    "CreateItem": "to make a draft",
    "DeleteItem": "to delete a draft",
    "FindFolder": "to list folders",
    "FindItem": "to list letters",
    "GetFolder": "to open the mailbox",
    "GetItem": "to read letters",
    "MoveItem": "to move letters",
    "SendItem": "to send mail",
}


class Batches:
    """A line with questions that name several things; the answer has one message for each, in their order."""

    def __init__(self, connection: Connection) -> None:
        self.connection = connection
        self.line = Line(connection)
        self._one_each: set[str] = set()  # operations that this server does for one thing at a time only

    def each(
        self, operation: str, things: Sequence[T], parts: Callable[[Sequence[T]], Sequence[Element]], **attributes: str
    ) -> list[Message]:
        """A message for each thing. Raises MailboxError when the server is busy or denies the whole."""
        if operation in self._one_each or len(things) == 1:
            return [self._one(operation, parts([thing]), attributes) for thing in things]
        said = self.line.ask(operation, *parts(things), attributes=attributes)
        if len(said) == len(things) and not said[0].fault:
            return said
        if said and said[0].fault and said[0].code in BUSY | DENIED:
            raise failure(said[0].code, DOING[operation], wait=said[0].wait)
        singly = [self._one(operation, parts([thing]), attributes) for thing in things]
        if all(message.good for message in singly):
            self._one_each.add(operation)
        return singly

    def _one(self, operation: str, parts: Sequence[Element], attributes: dict[str, str]) -> Message:
        said = self.line.ask(operation, *parts, attributes=attributes)
        if len(said) != 1:
            raise Garbled("The Exchange server's answer is not whole; it is asked again later.", again=True)
        return said[0]

    def need(self, operation: str, message: Message) -> Message:
        """The message if all is well. Raises the MailboxError that its code means."""
        if not message.good:
            raise failure(message.code, DOING[operation], wait=message.wait)
        return message

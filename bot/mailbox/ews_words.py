"""The words of Exchange Web Services: requests are put together and answers taken apart here, without knowing what they are about.

Source: learn.microsoft.com/exchange/client-developer/web-service-reference/ews-xml-elements-in-exchange.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cache
from typing import Any, Final

from exchangelib.util import ENS, MNS, SOAPNS, TNS, create_element
from lxml import etree

from bot.errors import MailboxError
from bot.mailbox.ews_errors import OK

Element = Any  # an lxml element

RAW_CONTROL: Final = re.compile(rb"[\x00-\x08\x0b\x0c\x0e-\x1f]")
REFERENCE: Final = re.compile(rb"&#(?:x([0-9A-Fa-f]{1,6})|([0-9]{1,7}));")
RESPONSE_CLASS_ERROR: Final = "Error"


@dataclass(frozen=True, slots=True)
class Message:
    """One response message: its code ("NoError" when all is well), the server's wish to wait, and the element itself.

    fault: it stands for the answer as a whole.
    """

    code: str
    element: Element
    wait: timedelta | None = None
    fault: bool = False

    @property
    def good(self) -> bool:
        """Whether the server did what was asked."""
        return self.code == OK

    def first(self, *path: str) -> Element | None:
        """The first element inside the container of this path, whatever it is called: an item's class is nothing to us."""
        container = find(self.element, *path)
        return next(children(container), None) if container is not None else None


class Garbled(MailboxError):
    """The answer is no whole SOAP answer: cut, or from something that is no Exchange server."""


def make(tag: str, *inside: Element | str, **attributes: str | int | bool) -> Element:
    """An element such as "m:ItemIds" with its children, or with its text."""
    element = create_element(tag, attrs=attributes)
    for part in inside:
        if isinstance(part, str):
            element.text = part
        else:
            element.append(part)
    return element


def item_ids(ids: Sequence[str | tuple[str, str]]) -> Element:
    """ItemIds; a pair is an id with its change key, which SendItem asks for."""
    pairs = [(id, "") if isinstance(id, str) else id for id in ids]
    return make("m:ItemIds", *(make("t:ItemId", Id=id, **({"ChangeKey": key} if key else {})) for id, key in pairs))


def folder_ref(id: str) -> Element:
    """FolderId."""
    return make("t:FolderId", Id=id)


def own_folder(name: str, address: str) -> Element:
    """DistinguishedFolderId of a mailbox, as delegation asks: …/web-service-reference/distinguishedfolderid."""
    return make("t:DistinguishedFolderId", make("t:Mailbox", make("t:EmailAddress", address)), Id=name)


def shape(tag: str, *fields: Element, mime: bool = False) -> Element:
    """ItemShape or FolderShape with ids only, and these fields: …/web-service-reference/itemshape."""
    parts = [make("t:BaseShape", "IdOnly")]
    if mime:
        parts.append(make("t:IncludeMimeContent", "true"))
    if fields:
        parts.append(make("t:AdditionalProperties", *fields))
    return make(tag, *parts)


def field(uri: str) -> Element:
    """FieldURI, such as "item:Size"."""
    return make("t:FieldURI", FieldURI=uri)


def find(element: Element, *path: str) -> Element | None:
    """The element at a path of tags such as "m:RootFolder", "t:Items"."""
    for tag in path:
        element = next(element.iterchildren(_whole(tag)), None)
        if element is None:
            return None
    return element


@cache
def _whole(tag: str) -> str:
    """The tag with its namespace."""
    prefix, _, name = tag.partition(":")
    return f"{{{MNS if prefix == 'm' else TNS}}}{name}"


def words(element: Element, *path: str) -> str:
    """The text at a path, or ""."""
    found = find(element, *path)
    return (found.text or "") if found is not None else ""


def children(element: Element) -> Iterator[Element]:
    """The elements inside, without comments."""
    return (child for child in element if isinstance(child.tag, str))


def instant(text: str) -> datetime | None:
    """An xs:dateTime as UTC; one without a zone is UTC, as the service gives it."""
    try:
        when = datetime.fromisoformat(text.strip())
    except ValueError:
        return None
    return when.replace(tzinfo=UTC) if when.tzinfo is None else when.astimezone(UTC)


def read(content: bytes) -> Element:
    """The document's root. Control characters, which some servers put in though XML 1.0 forbids them, are dropped. Raises Garbled.

    Nothing is repaired: a parser that closes open elements takes a cut answer for a whole one.
    """
    try:
        return _parse(content)
    except etree.XMLSyntaxError:
        pass
    try:
        return _parse(REFERENCE.sub(_allowed, RAW_CONTROL.sub(b"", content)))
    except etree.XMLSyntaxError:
        raise Garbled(
            "The Exchange server's answer was cut or is no answer of such a server; it is asked again later.", again=True
        ) from None


def _parse(content: bytes) -> Element:
    # huge_tree: a letter of 25 MB is one text; entities stay closed, so that the answer cannot grow.
    return etree.fromstring(content, etree.XMLParser(huge_tree=True, resolve_entities=False, no_network=True, load_dtd=False))


def _allowed(found: re.Match[bytes]) -> bytes:
    number = int(found[1], 16) if found[1] else int(found[2])
    whole = number in (9, 10, 13) or 32 <= number <= 0xD7FF or 0xE000 <= number <= 0xFFFD or 0x10000 <= number <= 0x10FFFF
    return found[0] if whole else b""


def messages(root: Element, operation: str) -> list[Message]:
    """The response messages of an answer, in the order of what was asked; a SOAP fault is one message with its code. Raises Garbled."""
    body = root.find(f"{{{SOAPNS}}}Body")
    if body is None:
        raise Garbled("What answered is no Exchange server; check url under [mailbox].", again=True)
    response = body.find(f"{{{MNS}}}{operation}Response")
    if response is None:
        fault = body.find(f"{{{SOAPNS}}}Fault")
        if fault is None:
            raise Garbled("The Exchange server gave the answer to another question; it is asked again later.", again=True)
        return [_fault(fault)]
    inside = response.find(f"{{{MNS}}}ResponseMessages")
    return [_message(one) for one in children(response if inside is None else inside)]


def _message(element: Element) -> Message:
    code = words(element, "m:ResponseCode") or OK
    if element.get("ResponseClass") == RESPONSE_CLASS_ERROR and code == OK:
        code = "ErrorInternalServerError"
    if element.get("ResponseClass") == "Warning" and not code.startswith("ErrorBatch"):
        code = OK
    return Message(code, element, None if code == OK else _wait(element))


def _fault(fault: Element) -> Message:
    code = next((found.text for found in fault.iter(f"{{{ENS}}}ResponseCode") if found.text), "")
    stated = (fault.findtext("faultcode") or "").rpartition(":")[2].strip()
    code = code or (stated if stated.startswith("Error") else "ErrorInternalServerError")
    return Message("ErrorInternalServerError" if code == OK else code, fault, _wait(fault), fault=True)


def _wait(element: Element) -> timedelta | None:
    """BackOffMilliseconds: …/exchange-web-services/ews-throttling-in-exchange."""
    for value in element.iter(f"{{{TNS}}}Value"):
        if value.get("Name") == "BackOffMilliseconds" and (value.text or "").strip().isdecimal():
            return timedelta(milliseconds=min(int(value.text.strip()), 10**9))
    return None

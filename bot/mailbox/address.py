"""Addresses and Message-IDs out of a letter's headers: exactly one or none, plain printable ASCII, nothing that could inject a line."""

import re
from collections.abc import Iterable, Sequence
from itertools import islice
from typing import Final

ATOM: Final = r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+"
LABEL: Final = r"[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?"
ADDRESS: Final = re.compile(rf"{ATOM}(?:\.{ATOM})*@{LABEL}(?:\.{LABEL})+")
ANGLE: Final = re.compile(r"([^<>]*)<([^<>]*)>")
DOUBT: Final = re.compile(r'[@,;:()"\\]')
QUOTED: Final = re.compile(r'"(?:[^"\\]|\\.)*"')
COMMENT: Final = re.compile(r"\([^()]*\)")
MESSAGE_ID: Final = re.compile(r"<([!-;=?-~]{1,500})>")
ROBOT: Final = re.compile(r"(?<![a-z0-9])(mailer-daemon|postmaster)(?![a-z0-9])")
FROM_LIMIT: Final = 998  # RFC 5322 2.1.1
ANSWER_LIMIT: Final = 100


def is_address(text: str) -> bool:
    """Whether the text is one plain address (RFC 5321 4.1.2 without quoted local parts and address literals)."""
    return len(text) <= 254 and text.find("@") <= 64 and ADDRESS.fullmatch(text) is not None


def sender(values: Sequence[str]) -> str | None:
    """The one address of the From header in lower case, or None when there is not exactly one, or any doubt which.

    The name before it is never read and never kept. A name that shows another address (`a@own.example <b@x.example>`) is doubt;
    inside quotation marks it is only a name. Source: RFC 5322 3.4, 3.6.2.
    """
    if len(values) != 1 or len(values[0]) > FROM_LIMIT or not all(c.isprintable() for c in values[0]):
        return None
    # Quoted names and comments become a mark that no address can hold, so that nothing closes up around them.
    bare = COMMENT.sub("\0", QUOTED.sub("\0", values[0])).strip(" \0")
    if angle := ANGLE.fullmatch(bare):
        name, address = angle[1].strip(" \0").lower(), angle[2].lower()
        if name != address and DOUBT.search(name):
            return None
    else:
        address = bare.lower()
    return address if is_address(address) else None


def robot(values: Iterable[str]) -> str:
    """ "mailer-daemon" or "postmaster" when a From header names one, in whatever shape; else ""."""
    return next((found[1] for value in values if (found := ROBOT.search(value[:FROM_LIMIT].lower()))), "")


def message_ids(values: Iterable[str], limit: int = ANSWER_LIMIT) -> tuple[str, ...]:
    """The Message-IDs in some headers, with their brackets, each once, in order, at most `limit` (RFC 5322 3.6.4)."""
    found = (match[0] for value in values for match in MESSAGE_ID.finditer(value))
    return tuple(islice(dict.fromkeys(found), limit))

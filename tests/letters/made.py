"""How a letter of the corpus is made, and what is expected of it."""

import base64
import quopri
from collections.abc import Callable, Mapping
from dataclasses import dataclass

ANY = "any"  # as a sender: whatever the robot calls itself
RIGHT = "IVO – Nyrapportering 2026-04-15, 9§4"
WRONG = "IVO – Nyrapportering, 9§4"  # no date
ADDRESS = "ivo-rapportor-lss@kommun.example"
SERVER = "mx.kommun.example"  # how the own server signs its Authentication-Results


@dataclass(frozen=True, slots=True)
class Who:
    """What is each letter's own: its case in the register, who sends it, and a mail of ours that went to that person."""

    n: int
    case: str
    sender: str
    ours: str = "<ours@kommun.example>"

    @property
    def text(self) -> str:
        return f"Ärende: {self.case}\r\nPersonen väntar på en kontaktperson.\r\n"


@dataclass(frozen=True, slots=True)
class End:
    """What becomes of a letter: its folder, the ledger's meeting and reason, and the answer's name."""

    folder: str
    meeting: str = ""
    reason: str = ""
    answer: str = ""


MATCHED = End("Att rapportera", "matched")  # the case was read in its body: it is what tells the rows apart
ASKED = End("Oklara", "ambiguous", "several", "ask_case")  # a report whose body could not be read
REJECTED = End("Åtgärda titel", reason="rejected", answer="title_rejected")
LEFT = End("INBOX", reason="not_a_report")
OUTSIDE = End("Oklara", reason="outside")
FALSE = End("Oklara", reason="unauthentic")
OURS = End("Oklara", reason="answers_ours")
PERSONAL = End("Karantän", reason="personal_data", answer="title_rejected")
SILENT = End("Karantän", reason="personal_data")


def automatic(reason: str) -> End:
    """Left in the inbox: a machine sent it."""
    return End("INBOX", reason=reason)


def unreached(reason: str) -> End:
    """A machine says that a mail of ours was not read."""
    return End("Klart", reason=reason)


def unreadable(reason: str) -> End:
    return End("Karantän", reason=f"unreadable:{reason}")


@dataclass(frozen=True, slots=True)
class Hell:
    """One letter. `sender`: what the parser must give, "own" for the one that is given it. `words`: whether it must read the case in the body.

    `robot`: a machine sent it, which its end does not tell. What it is by itself (readable, automatic or not) follows from its end.
    """

    name: str
    make: Callable[[Who], bytes]
    end: End = MATCHED
    sender: str | None = "own"
    words: bool = True
    robot: bool = False

    @property
    def unreadable(self) -> str:
        return self.end.reason.removeprefix("unreadable:") if self.end.reason.startswith("unreadable:") else ""

    @property
    def is_automatic(self) -> bool:
        known = ("bounce", "notice", "read_receipt", "out_of_office", "auto_submitted", "auto_reply", "null_return_path", "list", "bulk")
        return self.robot or self.end.reason in (*known, "suppressed", "own_mail")


def line(name: str, value: str | bytes) -> bytes:
    """One header as it stands on the wire, non-ASCII as raw UTF-8."""
    return name.encode() + b": " + (value if isinstance(value, bytes) else value.encode("utf-8", "surrogatepass"))


def head(
    who: Who, *more: bytes, subject: str | bytes | None = RIGHT, sender: str | bytes | None = None, id: bytes | None = b"-"
) -> list[bytes]:
    """The usual headers, and more. None leaves one out."""
    found = [b"Received: from a.kommun.example by mx.kommun.example with ESMTPS id 1; Wed, 15 Apr 2026 08:00:00 +0200"]
    found.append(line("From", sender if sender is not None else f"Karin Testsson <{who.sender}>"))
    found += [line("To", ADDRESS), b"Date: Wed, 15 Apr 2026 08:00:00 +0200"]
    if subject is not None:
        found.append(line("Subject", subject))
    if id is not None:
        found.append(line("Message-ID", f"<hell-{who.n}@kommun.example>" if id == b"-" else id))
    return [*found, *more]


def joined(lines: list[bytes], body: bytes | str = b"", eol: bytes = b"\r\n") -> bytes:
    """Headers, a blank line, a body."""
    content = body.encode() if isinstance(body, str) else body
    return eol.join([*lines, b"", b""]) + content


def mail(
    who: Who, *more: bytes, subject: str | bytes | None = RIGHT, body: bytes | str | None = None, sender: str | bytes | None = None
) -> bytes:
    """A usual letter with more headers."""
    return joined(head(who, *more, subject=subject, sender=sender), who.text if body is None else body)


def typed(who: Who, content_type: str | bytes, body: bytes | str | None = None, *more: bytes, subject: str | bytes | None = RIGHT) -> bytes:
    """A letter of a media type."""
    return mail(who, b"MIME-Version: 1.0", line("Content-Type", content_type), *more, body=body, subject=subject)


def part(content_type: str, content: bytes | str, *more: bytes) -> bytes:
    """One part with its headers."""
    raw = content.encode() if isinstance(content, str) else content
    return b"\r\n".join([line("Content-Type", content_type), *more, b"", b""]) + raw


def multi(
    who: Who, kind: str, *parts: bytes, boundary: str = "gr-1", subject: str | bytes | None = RIGHT, more: tuple[bytes, ...] = ()
) -> bytes:
    """A letter of several parts."""
    return typed(who, f'multipart/{kind}; boundary="{boundary}"', between(parts, boundary), *more, subject=subject)


def between(parts: tuple[bytes, ...] | list[bytes], boundary: str = "gr-1") -> bytes:
    """The parts with their boundaries."""
    mark = b"--" + boundary.encode()
    return b"".join(mark + b"\r\n" + one + b"\r\n" for one in parts) + mark + b"--\r\n"


def html(who: Who, inner: str = "") -> str:
    return f"<html><body><p>Ärende: {who.case}</p>{inner}</body></html>"


def b64(text: str | bytes) -> bytes:
    return base64.encodebytes(text.encode() if isinstance(text, str) else text)


def qp(text: str) -> bytes:
    return quopri.encodestring(text.encode())


def word(text: str, charset: str = "utf-8") -> str:
    """One encoded word (RFC 2047)."""
    return f"=?{charset}?B?{base64.b64encode(text.encode(charset)).decode()}?="


def family(
    prefix: str, table: Mapping[str, Callable[[Who], bytes]], end: End = MATCHED, sender: str | None = "own", words: bool = True
) -> list[Hell]:
    """Letters that all must end alike."""
    return [Hell(f"{prefix}: {name}", make, end, sender, words) for name, make in table.items()]

"""From words to bytes: a rendered mail as MIME, with the headers that keep automatic mail from answering itself."""

import re
from collections.abc import Sequence
from datetime import datetime
from email.charset import QP, Charset
from email.header import Header
from email.mime.multipart import MIMEMultipart
from email.mime.text import MIMEText
from email.policy import Compat32
from email.utils import format_datetime
from hashlib import sha256
from html import escape
from typing import Literal

from bot.errors import TemplateError
from bot.render import Rendered

DISPLAY_NAME = "IVO-rapportör LSS"
MAX_SUBJECT = 200

Automatic = Literal["auto-generated", "auto-replied"]

# Strict on purpose: whatever stands in a header is made of these characters and no others, so that no value can begin a new header.
_ADDRESS = re.compile(r"[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]{1,64}@[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)*")
_MESSAGE_ID = re.compile(r"<[!-;=?-~]{1,248}>")
_NAME = re.compile(r"[a-z][a-z0-9_]{0,63}")
_KEY = re.compile(r"[A-Za-z0-9_-]{1,128}")
_BODY = re.compile(r"<body[^>]*>")


def compose(
    rendered: Rendered,
    *,
    name: str,
    key: str,
    message_id: str,
    sender: str,
    to: Sequence[str],
    cc: Sequence[str] = (),
    date: datetime,
    in_reply_to: str = "",
    references: Sequence[str] = (),
    automatic: Automatic = "auto-generated",
    team_note: str = "",
) -> bytes:
    """The mail as bytes with CRLF line ends, ready to send. The same arguments give the same bytes.

    name, key: what X-Ivobot tells; the key is a hash already. date: aware. in_reply_to, references: Message-IDs with their angle brackets;
    those that are malformed (they come from letters) are left out. automatic: auto-replied for an answer to a letter, else auto-generated.
    team_note: in mode team, the addresses for which the mail was meant; they stand first in text and HTML.
    Sources: RFC 5322 (headers), RFC 2046, 5.1.4 (alternative), RFC 3834, 5 (Auto-Submitted), [MS-OXCMAIL] (X-Auto-Response-Suppress).
    Raises TemplateError for an address, name, key or own Message-ID that is malformed, for a mail to nobody, and for a date without zone.
    """
    if date.tzinfo is None:
        raise TemplateError("A mail's date needs a time zone.")
    if not to:
        raise TemplateError("A mail needs somebody to go to.")
    mail = MIMEMultipart("alternative", boundary=_boundary(key, rendered))
    mail["From"] = f"{Header(DISPLAY_NAME, 'utf-8').encode()} <{_checked(_ADDRESS, sender, 'sender')}>"
    mail["To"] = ", ".join(_checked(_ADDRESS, one, "recipient") for one in to)
    if cc:
        mail["Cc"] = ", ".join(_checked(_ADDRESS, one, "recipient") for one in cc)
    mail["Subject"] = _subject(rendered.subject).encode()
    mail["Date"] = format_datetime(date)
    mail["Message-ID"] = _checked(_MESSAGE_ID, message_id, "Message-ID")
    if _MESSAGE_ID.fullmatch(in_reply_to):
        mail["In-Reply-To"] = in_reply_to
    # The thread's first letter and its latest ones: a long chain is cut in the middle, as RFC 5322, 3.6.4 leaves open.
    if known := [one for one in references if _MESSAGE_ID.fullmatch(one)]:
        mail["References"] = " ".join(known if len(known) <= 20 else [known[0], *known[-19:]])
    mail["Auto-Submitted"] = automatic
    mail["X-Auto-Response-Suppress"] = "All"
    mail["X-Ivobot"] = f"name={_checked(_NAME, name, 'name')}; key={_checked(_KEY, key, 'key')}"
    text, html = _with_note(rendered, team_note)
    mail.attach(_part(text, "plain"))
    mail.attach(_part(html, "html"))
    return mail.as_bytes(policy=Compat32(linesep="\r\n", max_line_length=78))


def _checked(pattern: re.Pattern[str], value: str, what: str) -> str:
    if not pattern.fullmatch(value):
        raise TemplateError(f"A mail's {what} is malformed.")  # never quoted: it may be a letter's text
    return value


def _subject(text: str) -> Header:
    """One line without control characters; encoded words of at most 75 characters (RFC 2047, 2)."""
    line = " ".join("".join(c if c.isprintable() else " " for c in text).split())[:MAX_SUBJECT]
    # Plain ASCII that looks like an encoded word would be decoded by the reader, so it is encoded too.
    plain = line.isascii() and "=?" not in line
    return Header(line, "us-ascii" if plain else "utf-8", header_name="Subject")


def _boundary(key: str, rendered: Rendered) -> str:
    """Fixed by what the mail holds, so that the same mail has the same bytes. Quoted-printable never holds `=_` (RFC 2045, 6.7)."""
    seed = "\0".join([key, rendered.subject, rendered.text, rendered.html])
    return f"=_{sha256(seed.encode()).hexdigest()[:40]}"


def _part(content: str, subtype: str) -> MIMEText:
    """Quoted-printable: short lines for every server (RFC 5322, 2.1.1), still readable in the raw file."""
    charset = Charset("utf-8")
    charset.body_encoding = QP
    part = MIMEText(content, subtype, charset)  # type: ignore[arg-type]  # typeshed knows only the name of a charset
    del part["MIME-Version"]  # belongs to the mail, not to its parts
    return part


_NOTE_STYLE = "margin:0 0 16px 0;padding:12px;background-color:#fff4ce;color:#1b1b1b;font-family:Arial,sans-serif;font-size:16px;"


def _with_note(rendered: Rendered, team_note: str) -> tuple[str, str]:
    if not team_note:
        return rendered.text, rendered.html
    note = f"Provläge: mejlet var avsett för {' '.join(team_note.split())}. Bara provgruppen får det."
    box = f'<p style="{_NOTE_STYLE}">{escape(note)}</p>'
    return f"{note}\n\n{rendered.text}", _BODY.sub(lambda found: f"{found[0]}\n{box}", rendered.html, count=1)

"""From a rendered mail to bytes: headers, MIME, safety."""

import email
import email.policy
import re
from datetime import UTC, datetime
from email.message import EmailMessage
from typing import Any, cast
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.compose import compose
from bot.errors import TemplateError
from bot.render import Rendered
from tests.mails.rendered import EVERY, Case, Page

STOCKHOLM = ZoneInfo("Europe/Stockholm")
WHEN = datetime(2026, 4, 14, 7, 0, tzinfo=STOCKHOLM)
MAIL = Rendered("Ärende E-7: skicka 2026-04-16", "Hej på dig\n", '<html>\n<body style="x">\n<p>Hej på dig</p>\n</body>\n</html>\n')
USUAL: dict[str, Any] = {
    "name": "day_before",
    "key": "0123456789abcdef" * 4,
    "message_id": "<0123456789abcdef@kommun.example>",
    "sender": "ivo-rapportor-lss@kommun.example",
    "to": ("anna@kommun.example",),
    "date": WHEN,
}


def made(mail: Rendered = MAIL, **changes: Any) -> bytes:
    """A mail with the usual headers, some of them changed."""
    return compose(mail, **{**USUAL, **changes})


def parsed(raw: bytes) -> EmailMessage:
    """Read as a mail program reads it."""
    return cast(EmailMessage, email.message_from_bytes(raw, policy=email.policy.default))


def content(part: EmailMessage) -> str:
    """What a part says; line ends on the wire are CRLF."""
    return str(part.get_content()).replace("\r\n", "\n")


def test_headers() -> None:
    """Each header as the contract and the RFCs want it."""
    mail = parsed(made(cc=("chef@kommun.example", "b@kommun.example")))
    assert str(mail["From"]) == "IVO-rapportör LSS <ivo-rapportor-lss@kommun.example>"
    assert mail["To"] == "anna@kommun.example"
    assert mail["Cc"] == "chef@kommun.example, b@kommun.example"
    assert mail["Subject"] == MAIL.subject
    assert mail["Date"].datetime == WHEN
    assert made().count(b"Date: Tue, 14 Apr 2026 07:00:00 +0200\r\n") == 1
    assert mail["Message-ID"] == USUAL["message_id"]
    assert mail["Auto-Submitted"] == "auto-generated"
    assert mail["X-Auto-Response-Suppress"] == "All"
    assert " ".join(mail["X-Ivobot"].split()) == f"name=day_before; key={USUAL['key']}"
    assert "In-Reply-To" not in mail
    assert "References" not in mail
    assert mail.get_content_type() == "multipart/alternative"
    assert not mail.defects


def test_answer() -> None:
    """An answer says what it answers, and that it is one (RFC 3834, 5.1)."""
    mail = parsed(made(automatic="auto-replied", in_reply_to="<a@b.example>", references=("<0@b.example>", "<a@b.example>")))
    assert mail["Auto-Submitted"] == "auto-replied"
    assert mail["In-Reply-To"] == "<a@b.example>"
    assert mail["References"].split() == ["<0@b.example>", "<a@b.example>"]


def test_long_message_ids_stay_whole() -> None:
    """Exchange's ids are longer than a line; they are neither cut nor encoded."""
    long = f"<{'A' * 120}@{'b' * 60}.prod.outlook.example>"
    mail = parsed(made(in_reply_to=long, references=tuple([long] * 30)))
    assert str(mail["In-Reply-To"]).strip() == long
    assert mail["References"].split() == [long] * 20


@pytest.mark.parametrize("case", EVERY, ids=lambda case: case.id)
def test_both_parts_come_back(case: Case) -> None:
    """Text first, then HTML, both whole; every line short enough for every server."""
    raw = made(case.mail)
    mail = parsed(raw)
    text, html = cast("list[EmailMessage]", mail.get_payload())
    assert (text.get_content_type(), html.get_content_type()) == ("text/plain", "text/html")
    assert content(text) == case.mail.text
    assert content(html) == case.mail.html
    assert mail["Subject"] == case.mail.subject
    assert max(map(len, raw.split(b"\r\n"))) <= 78
    assert b"\n" not in raw.replace(b"\r\n", b"")
    assert raw.isascii()


def test_the_same_gives_the_same() -> None:
    """Bytes are frozen before the first try to send; making them again gives the same."""
    assert made() == made()
    assert made() != made(key="other")
    assert made(date=WHEN.astimezone(UTC)) != made()


HOSTILE = ["a\r\nBcc: x@y.example", "a\nBcc: x@y.example", "a\x00", "a\u2028Bcc: x", "a\x85Bcc: x", "=?utf-8?q?a=0D=0ABcc:_x?="]


@pytest.mark.parametrize("value", HOSTILE)
def test_no_header_can_be_injected(value: str) -> None:
    """A hostile string is refused, left out or made harmless."""
    for field in ("name", "key", "message_id", "sender"):
        with pytest.raises(TemplateError):
            made(**{field: value})
    for field in ("to", "cc"):
        with pytest.raises(TemplateError):
            made(**{field: (value,)})
    raw = made(Rendered(value, value, value), in_reply_to=f"<{value}>", references=(value, f"<{value}@b>"), team_note=value)
    assert b"\nBcc" not in raw.partition(b"\r\n\r\n")[0]
    assert "Bcc" not in parsed(raw)


@pytest.mark.parametrize(
    "address", ["", "a", "a@", "@b.example", "A <a@b.example>", "a@b.example, c@d.example", "a@b.example <e@evil.example>", "å@b.example"]
)
def test_addresses_are_strict(address: str) -> None:
    """One bare address each, and no more."""
    with pytest.raises(TemplateError):
        made(to=(address,))


def test_errors_quote_nothing() -> None:
    """A malformed value may be somebody's text."""
    with pytest.raises(TemplateError) as caught:
        made(to=("19121212-1212 x",))
    assert "1212" not in str(caught.value)


def test_to_nobody_and_without_zone() -> None:
    """Both are our own mistakes, and told as such."""
    with pytest.raises(TemplateError):
        made(to=())
    with pytest.raises(TemplateError):
        made(date=WHEN.replace(tzinfo=None))


@given(st.text(max_size=300), st.text(max_size=3000))
def test_any_text_can_be_sent(subject: str, text: str) -> None:
    """Whatever the words are, the mail is well formed and its lines are short."""
    text = re.sub(r"[\ud800-\udfff\r]", "", text)
    subject = re.sub(r"[\ud800-\udfff]", "", subject)
    raw = made(Rendered(subject, text + "\n", text + "\n"))
    mail = parsed(raw)
    assert max(map(len, raw.split(b"\r\n"))) <= 998
    parts = cast("list[EmailMessage]", mail.get_payload())
    assert content(parts[0]) == text + "\n"
    assert len(mail.keys()) == len(parsed(made()).keys())


def test_team_note_stands_first() -> None:
    """In mode team the mail says whom it was for, escaped in HTML."""
    raw = made(team_note="anna@kommun.example, <b>")
    text, html = cast("list[EmailMessage]", parsed(raw).get_payload())
    note = "Provläge: mejlet var avsett för anna@kommun.example, <b>."
    assert content(text).startswith(note)
    assert "Hej på dig" in content(text)
    assert Page(content(html)).text.startswith(note)
    assert made(team_note="") == made()

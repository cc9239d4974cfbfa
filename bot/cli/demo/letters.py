"""The demo's letters: what `letters.toml` says of each, and the bytes that a mail server would have made of it."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime
from importlib.resources import files
from typing import Any
from zoneinfo import ZoneInfo

ZONE = ZoneInfo("Europe/Stockholm")
MAILBOX = "ivo-rapportor-lss@kommun.example"  # as in config.toml


@dataclass(frozen=True, slots=True)
class Expected:
    """What must come of a letter: `outcome` when it met the register, else `reason`. `answer` is the ledger's word, "" for none."""

    verdict: str
    folder: str
    outcome: str = ""
    reason: str = ""
    answer: str = ""


@dataclass(frozen=True, slots=True)
class Letter:
    """One letter. `number` counts in order of arrival; `answers` names one of our mails; `empty`: its file holds nothing."""

    number: int
    at: datetime
    sender: str
    title: str
    expect: Expected
    body: str = ""
    answers: str = ""
    headers: Mapping[str, str] = field(default_factory=dict)
    empty: bool = False

    @property
    def file(self) -> str:
        """The name of its file in the Maildir: the second of delivery, then what makes it unique."""
        return f"{int(self.at.timestamp())}.{self.number}_1.demo"

    def raw(self, in_reply_to: str = "") -> bytes:
        """The letter as it lies in the mailbox. `in_reply_to`: the Message-ID that it answers, or ""."""
        if self.empty:
            return b""
        mail = EmailMessage(policy=SMTP)
        mail["From"], mail["To"], mail["Subject"] = self.sender, MAILBOX, self.title
        mail["Date"] = format_datetime(self.at)
        mail["Message-ID"] = f"<demo-{self.number}@{self.sender.rpartition('@')[2]}>"
        if in_reply_to:
            mail["In-Reply-To"] = in_reply_to
        for name, value in self.headers.items():
            mail[name] = value
        mail.set_content(f"{self.body or 'Hej!'}\n")
        return bytes(mail)


def letters() -> tuple[Letter, ...]:
    """The letters of `letters.toml`, in order of arrival."""
    raw = tomllib.loads((files("bot.cli.demo") / "letters.toml").read_text("utf-8"))["letter"]
    return tuple(_letter(number, one) for number, one in enumerate(sorted(raw, key=lambda one: one["at"]), 1))


def _letter(number: int, one: Mapping[str, Any]) -> Letter:
    return Letter(
        number=number,
        at=one["at"].replace(tzinfo=ZONE),
        sender=one["from"],
        title=one["title"],
        expect=Expected(**one["expect"]),
        body=one.get("body", ""),
        answers=one.get("answers", ""),
        headers=one.get("headers", {}),
        empty=one.get("empty", False),
    )

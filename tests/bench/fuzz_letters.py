"""Throws mutated letters of the corpus at their reader: `python tests/bench/fuzz_letters.py [--seconds 60] [--count N] [--seed 1]`.

Fails on an exception, on a letter that breaks what must always hold, and on one that takes more than 200 ms a megabyte (100 ms at least).
"""

import random
import re
import sys
from datetime import UTC, date, datetime
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from bot.mailbox import address
from bot.mailbox.base import LetterId, Unreadable
from bot.mailbox.letter import attached, fingerprint, parse
from rules.automatic import authentic, automatic
from rules.title import read
from tests.bench.fuzzing import fuzz, mutated
from tests.letters import all_letters
from tests.letters.made import Who

NOW = datetime(2026, 4, 15, 8, 0, tzinfo=UTC)
ID = LetterId("1.1_1.test")
BAD = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff]")
TOKENS = (
    *b"From: |Subject: |Message-ID: <|In-Reply-To: <|References: |Content-Type: |multipart/mixed; boundary=|text/html; charset=|utf-16|utf-7".split(b"|"),
    *b"Content-Transfer-Encoding: base64|quoted-printable|message/rfc822|message/delivery-status|Action: failed|--gr-1|--gr-1--|--b\r\n".split(b"|"),
    *b"=?utf-8?q?|=?utf-8?B?|?=|=0D=0A|=C3|=\r\n|<|>|<a@b>|@kommun.example|\"|\\\"|(|)|;|,|:|<!--|-->|<style>|</style>|&#x|&amp;|&#|{{ 7 * 7 }}".split(b"|"),
    *b"Authentication-Results: mx.kommun.example; dmarc=fail|Auto-Submitted: auto-replied|X-Ivobot: |19121212-1212|name*0*=utf-8''%C3".split(b"|"),
    b"\r\n\r\n", b"\n\n", b"\r\n ", b"\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\n", b"\xff\xfe", b"\xfe\xff\0", b"\xef\xbb\xbf",
)  # fmt: skip


def broken(raw: bytes) -> str:
    """What a reading breaks that must hold for every letter; "" if nothing."""
    found = parse(ID, raw, NOW)
    if found.fingerprint != fingerprint(raw):
        return "the fingerprint is not that of the bytes"
    if isinstance(found, Unreadable):
        return "" if found.reason in ("empty", "no_header") else f"unreadable: {found.reason}"
    said = (
        found.subject,
        found.message_id,
        *found.answers,
        *found.concerns,
        *found.files,
        *(v for vs in found.headers.values() for v in vs),
    )
    ids = (*found.answers, *found.concerns, *([found.message_id] if found.message_id else []))
    rules = {
        "no control characters": not any(BAD.search(text) for text in said),
        "the body can be stored": not re.search(r"[\x00-\x08\x0b-\x1f\ud800-\udfff]", found.body),
        "the body is bounded": len(found.body) <= 64_000,
        "headers are bounded": all(len(value) <= 998 for values in found.headers.values() for value in values),
        "a sender is an address": found.sender is None or address.is_address(found.sender),
        "ids are ids": all(re.fullmatch(r"<[!-;=?-~]{1,500}>", one) for one in ids),
        "files are endings": all(re.fullmatch(r"\.[a-z0-9]{1,5}", one) for one in found.files),
    }
    automatic(found.headers, found.subject)
    authentic(found.headers.get("authentication-results", ()), "mx.kommun.example", "kommun.example")
    attached(raw, (".csv", ".png"), 100_000)
    read(found.subject, date(2026, 4, 15))
    return next((rule for rule, holds in rules.items() if not holds), "")


def seeds() -> list[bytes]:
    """The corpus without what is large."""
    made = (
        one.make(Who(n, f"H-{n}", f"p{n}@kommun.example"))
        for n, one in enumerate(all_letters())
        if not one.name.startswith(("huge", "a mega"))
    )
    return [raw for raw in made if len(raw) < 60_000]


def main() -> int:
    known = seeds()
    return fuzz("letters", lambda rng: _made(rng, known), broken, lambda size: max(0.1, 0.2 * size / 2**20), "bot/mailbox")


def _made(rng: random.Random, known: list[bytes]) -> bytes:
    return mutated(rng, known, TOKENS)


if __name__ == "__main__":
    sys.exit(main())

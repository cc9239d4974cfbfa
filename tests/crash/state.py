"""Everything that must be the same after a run with kills as after an undisturbed one."""

import email
import re
from collections import Counter
from typing import Any

from bot.mailbox.base import Folder
from tests.bot.town import ask
from tests.municipality import Municipality

ASKED = {
    "letters": "SELECT fingerprint, verdict, meeting, reason, folder, found_in, answer, settled IS NULL, reported_to_ivo IS NULL, deleted IS NULL FROM letter",
    "reports": 'SELECT r."case", p.k, p.kind, p.mark FROM report p JOIN register_row r ON r.id = p.row_id',
    "rows": 'SELECT "case", insats, start, closed_on, closed_outcome, closed_by, next_due, missing FROM register_row',
    "claims": 'SELECT r."case", c.start, c.k, c.milestone, c.mail_id IS NULL FROM claim c JOIN register_row r ON r.id = c.row_id',
    "mails": 'SELECT "key", name, state, "to" FROM mail',
    "audit": "SELECT what, row_id FROM audit",
}


def observed(place: Municipality) -> dict[str, Any]:
    """The ledger, the register, the outbox, what lies in which folder, and how often each mail was sent."""
    found: dict[str, Any] = {name: sorted(tuple(row) for row in ask(place, sql)) for name, sql in ASKED.items()}
    folders = [f for f in Folder if f is not Folder.SENT]
    found["folders"] = {f.value: sorted(map(_name, place.raws(f.value))) for f in folders}
    found["sent"] = Counter(str(mail["X-Ivobot"]) for mail in map(email.message_from_bytes, place.raws("Skickat")))
    return found


def _name(raw: bytes) -> str:
    found = re.search(rb"(?i)^message-id: *(<[^>]*>)", raw, re.MULTILINE)
    return found[1].decode("ascii", "replace") if found else repr(raw[:20])


def faults(expected: dict[str, Any], found: dict[str, Any]) -> list[str]:
    """What differs, and what was sent more than once."""
    bad = [f"{part} differs: {_difference(expected[part], found[part])}" for part in expected if expected[part] != found[part]]
    doubled = [name for name, number in found["sent"].items() if number > 1]
    return bad + [f"sent twice: {name}" for name in doubled]


def _difference(expected: Any, found: Any) -> str:
    if isinstance(expected, list):
        return f"missing {[x for x in expected if x not in found]}, besides {[x for x in found if x not in expected]}"
    keys = [key for key in {*expected, *found} if expected.get(key) != found.get(key)]
    return "; ".join(f"{key}: {expected.get(key)} → {found.get(key)}" for key in keys)

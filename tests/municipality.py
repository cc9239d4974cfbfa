"""A whole municipality in a folder: the real database, mailbox and jobs, driven day by day. What acceptance scenarios are run on."""

import email
import email.policy
import json
import re
from collections.abc import Mapping, Sequence
from contextlib import suppress
from datetime import datetime
from email.message import EmailMessage
from email.utils import format_datetime, getaddresses
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from bot.cli import build
from bot.config import load
from bot.jobs.importing import Imported, read_file, take
from bot.jobs.office import Office
from bot.jobs.tick import tick
from bot.stop import Stop

ZONE = ZoneInfo("Europe/Stockholm")
EXAMPLE = Path(__file__).parent.parent / "config.example.toml"
PEOPLE = {
    "REPORTER": "ivo.rapportor@kommun.example",
    "MANAGER": "enhetschef@kommun.example",
    "BOENDETEAMET": "boendeteamet@kommun.example",
    "CENTRALEN": "centralen@kommun.example",
}


def instant(now: str) -> datetime:
    """A time as scenarios write it; without a zone it is Stockholm's."""
    found = datetime.fromisoformat(now)
    return found if found.tzinfo else found.replace(tzinfo=ZONE)


class Municipality:
    """An office with its own folder. Every run builds the office anew, as a restart does."""

    def __init__(self, home: Path, **environ: str) -> None:
        self.home, self.box = home, home / "mailbox"
        for part in ("cur", "new", "tmp"):
            (self.box / part).mkdir(parents=True)
        self.environ = {
            "IVOBOT_BOT__DATA_DIR": str(home / "data"),
            "IVOBOT_BOT__MODE": "live",
            "IVOBOT_BOT__OWN_DOMAINS": '["kommun.example"]',
            "IVOBOT_MAILBOX__KIND": "maildir",
            "IVOBOT_MAILBOX__PATH": str(self.box),
            "IVOBOT_MAILBOX__ADDRESS": "ivo-rapportor-lss@kommun.example",
            **{f"IVOBOT_PEOPLE__{role}": address for role, address in PEOPLE.items()},
            **environ,
        }
        self._seen: set[str] = set()
        self._dropped = 0

    def office(self) -> Office:
        return build.office(load(EXAMPLE, self.environ))

    def import_register(self, lines: Sequence[str], now: str, **options: bool) -> Imported:
        file = self.home / "register.csv"
        file.write_text("\n".join(lines) + "\n", encoding="utf-8")
        office = self.office()
        try:
            content = read_file(office, file, instant(now))
            return take(office, content, instant(now), **options)
        finally:
            office.engine.dispose()

    def drop(self, letter: Mapping[str, Any], now: str) -> Path:
        """Puts one letter into the inbox as a delivery agent does."""
        raw = self.bytes_of(letter, now)
        name = f"{1_700_000_000 + self._dropped}.{self._dropped}_1.test"
        (self.box / "tmp" / name).write_bytes(raw)
        return (self.box / "tmp" / name).rename(self.box / "new" / name)

    def bytes_of(self, letter: Mapping[str, Any], now: str) -> bytes:
        """A letter as it comes over the wire."""
        self._dropped += 1
        return letter["raw"].encode("latin-1") if "raw" in letter else self._compose(letter, now)

    def _compose(self, letter: Mapping[str, Any], now: str) -> bytes:
        m = EmailMessage(policy=email.policy.SMTP)
        m["From"], m["To"], m["Subject"] = letter["from"], "ivo-rapportor-lss@kommun.example", letter["subject"]
        m["Date"] = format_datetime(instant(now))
        m["Message-ID"] = letter.get("id", f"<accept-{self._dropped}@kommun.example>")
        for name, value in letter.get("headers", {}).items():
            m[name] = value
        m.set_content(letter.get("body", "Ärende: -\n"))
        return bytes(m)

    def run(self, now: str) -> dict[str, int]:
        office = self.office()
        try:
            return tick(office, instant(now).astimezone(ZONE), Stop())
        finally:
            office.engine.dispose()

    def folder(self, name: str) -> list[Path]:
        root = self.box if name == "INBOX" else self.box / f".{name}"
        return [p for part in ("new", "cur") for p in sorted((root / part).glob("*"))] if root.exists() else []

    def by_hand(self, source: str, target: str) -> None:
        """A person moves the first letter of a folder to another."""
        for path in self.folder(source)[:1]:
            path.rename(self.box / f".{target}" / "cur" / path.name)

    def raws(self, name: str) -> list[bytes]:
        """The letters of a folder."""
        return [path.read_bytes() for path in self.folder(name)]

    def size(self, name: str) -> int:
        """How many letters a folder holds."""
        return len(self.folder(name))

    def sent(self) -> list[EmailMessage]:
        """What lies in Skickat and was not there at the last call."""
        now = {p.name.split(":")[0]: p for p in self.folder("Skickat")}
        new = [p for name, p in now.items() if name not in self._seen]
        self._seen |= set(now)
        return [email.message_from_bytes(p.read_bytes(), policy=email.policy.default) for p in new]  # type: ignore[misc]

    def written(self) -> dict[Path, bytes]:
        """Every file the program wrote; received letters excepted. Mails also decoded."""
        found: dict[Path, bytes] = {}
        for path in [*(self.home / "data").rglob("*"), *self.folder("Skickat")]:
            if path.is_file():
                raw = path.read_bytes()
                with suppress(Exception):
                    m = email.message_from_bytes(raw, policy=email.policy.default)
                    raw += "\n".join([*map(str, m.values()), text(m)]).encode()  # type: ignore[arg-type]
                found[path] = raw
        return found


def mail_name(m: EmailMessage) -> str:
    """Which mail it is, by X-Ivobot."""
    found = re.search(r"name=([a-z0-9_]+)", m.get("X-Ivobot", ""))
    return found[1] if found else "?"


def text(m: EmailMessage) -> str:
    """All text of a mail, plain and HTML."""
    return "\n".join(p.get_content() for p in m.walk() if p.get_content_maintype() == "text")


def play(scenario: Path, home: Path, town: "Municipality | None" = None) -> list[str]:
    """Runs one scenario (the format of the acceptance flows) and gives every check that does not hold. `town`: with another mailbox."""
    plan = json.loads(scenario.read_text("utf-8"))
    town = town or Municipality(home)
    bad: list[str] = []
    if plan.get("register"):
        town.import_register(plan["register"], plan.get("imported", plan["steps"][0]["now"]))
    for step in plan["steps"]:
        for letter in step.get("letters", []):
            town.drop(letter, step["now"])
        town.run(step["now"])
        bad += [f"{step['now']} ({step.get('what', '')}): {why}" for why in _check(town, step)]
    return bad


def _check(town: Municipality, step: Mapping[str, Any]) -> list[str]:
    mails = [m for m in town.sent() if mail_name(m) not in ("digest", "quarter") or step.get("digest")]
    bad: list[str] = []
    if "sent" in step:
        have = sorted((mail_name(m), a) for m in mails for _, a in getaddresses(m.get_all("To", [])))
        want = sorted((s["name"], s["to"]) for s in step["sent"])
        if have != want:
            bad.append(f"sent {have}, not {want}")
        for s in step["sent"]:
            bad += _check_mail([m for m in mails if mail_name(m) == s["name"] and s["to"] in str(m["To"])], s)
    for name, size in step.get("folders", {}).items():
        if town.size(name) != size:
            bad.append(f"folder {name} holds {town.size(name)}, not {size}")
    written = town.written() if step.get("nowhere") else {}
    for secret in step.get("nowhere", []):
        hits = [p.name for p, raw in written.items() if secret.encode() in raw or secret.encode("utf-16-le") in raw]
        if hits:
            bad.append(f"{secret!r} stands in {hits[:3]}")
    return bad


def _check_mail(mails: Sequence[EmailMessage], wanted: Mapping[str, Any]) -> list[str]:
    whole = [f"{m['Subject']}\n{text(m)}" for m in mails]
    bad = [f"no {wanted['name']} has {c!r}" for c in wanted.get("has", []) if not any(c in w for w in whole)]
    bad += [f"a {wanted['name']} has {c!r}" for c in wanted.get("lacks", []) if any(c in w for w in whole)]
    bad += [f"{wanted['name']} lacks Cc {c}" for c in wanted.get("cc", []) if not any(c in str(m.get("Cc", "")) for m in mails)]
    return bad

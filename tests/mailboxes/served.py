"""A municipality whose mailbox lies on a server: the same scenarios, driven from outside by a `Backend`."""

import email
import email.policy
import re
from collections.abc import Mapping
from contextlib import suppress
from email.message import EmailMessage
from pathlib import Path
from typing import Any

from tests.mailboxes.base import Backend
from tests.municipality import Municipality, instant, text


class Served(Municipality):
    """As `Municipality`, with letters delivered to the server and sent mails asked of it."""

    def __init__(self, home: Path, backend: Backend, **environ: str) -> None:
        super().__init__(home, **{**backend.environ, **environ})
        self.backend = backend
        self._known: set[str] = set()

    def drop(self, letter: Mapping[str, Any], now: str) -> Path:
        """Delivers one letter. There is no file to give."""
        self.backend.deliver(self.bytes_of(letter, now))
        return self.home

    def by_hand(self, source: str, target: str) -> None:
        """A person moves the first letter of a folder to another."""
        for raw in self.backend.folder(source)[:1]:
            found = re.search(rb"(?im)^message-id: *<([^@>]*)@", raw)
            assert found is not None
            self.backend.move_by_hand(found[1].decode(), target)

    def raws(self, name: str) -> list[bytes]:
        """The letters of a folder."""
        return self.backend.folder(name)

    def size(self, name: str) -> int:
        """How many letters a folder holds."""
        return len(self.backend.folder(name))

    def sent(self) -> list[EmailMessage]:
        """What lies in Skickat and was not there at the last call."""
        found = [email.message_from_bytes(raw, policy=email.policy.default) for raw in self.backend.folder("Skickat")]
        new = [mail for mail in found if str(mail["Message-ID"]) not in self._known]
        self._known |= {str(mail["Message-ID"]) for mail in new}
        return new  # type: ignore[return-value]

    def run(self, now: str) -> dict[str, int]:
        """One round, connections closed after it as a command does."""
        from bot.jobs.tick import tick
        from bot.stop import Stop

        office = self.office()
        try:
            return tick(office, instant(now), Stop())
        finally:
            office.mailbox.close()
            office.engine.dispose()

    def written(self) -> dict[Path, bytes]:
        """Every file that the program wrote, and every mail that it sent, decoded."""
        found = {path: path.read_bytes() for path in (self.home / "data").rglob("*") if path.is_file()}
        for n, raw in enumerate(self.backend.folder("Skickat")):
            with suppress(Exception):
                mail = email.message_from_bytes(raw, policy=email.policy.default)
                raw += "\n".join([*map(str, mail.values()), text(mail)]).encode()  # type: ignore[arg-type]
            found[Path(f"sent-{n}")] = raw
        return found

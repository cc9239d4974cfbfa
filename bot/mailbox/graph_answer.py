"""An answer of Microsoft Graph, alone or out of a batch."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from bot.errors import MailboxError

Json = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Answer:
    """An answer. `body`: JSON read, text (base64 in a batch) or None. `wait`: seconds of Retry-After, or None."""

    status: int
    body: Any = None
    wait: float | None = None

    @property
    def good(self) -> bool:
        """Whether it was done."""
        return 200 <= self.status < 300

    @property
    def code(self) -> str:
        """Microsoft's word for the error, "" when there is none."""
        error = self.body.get("error") if isinstance(self.body, dict) else None
        code = error.get("code") if isinstance(error, dict) else None
        return code if isinstance(code, str) else ""

    def json(self) -> Json:
        """The object in it. Raises MailboxError for anything else: an answer that was cut or garbled."""
        if not isinstance(self.body, dict):
            raise garbled()
        return self.body

    def rows(self) -> list[Json]:
        """The rows of a listing. Raises MailboxError."""
        rows = self.json().get("value")
        if not isinstance(rows, list) or not all(isinstance(row, dict) for row in rows):
            raise garbled()
        return rows


def garbled() -> MailboxError:
    """An answer that cannot be what Graph meant to say."""
    return MailboxError("Microsoft Graph gave an answer that cannot be read; the program tries again.", again=True)


def seconds(value: object) -> float | None:
    """Retry-After in seconds, as Graph writes it (https://learn.microsoft.com/en-us/graph/throttling); None when it says nothing."""
    try:
        found = float(str(value))
    except ValueError:
        return None
    return min(found, 86_400.0) if found >= 0 else None

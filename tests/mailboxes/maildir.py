"""The embedded mailbox in a fresh folder; letters come as a delivery agent brings them, a second apart."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from bot.mailbox.base import Mailbox
from bot.mailbox.maildir import MaildirMailbox
from tests.mailboxes.base import SENDER


class MaildirBackend:
    """A `tests.mailboxes.base.Backend`."""

    def __init__(self, root: Path) -> None:
        self.root, self.count = root, 0
        for part in ("cur", "new", "tmp"):
            (root / part).mkdir(parents=True)
        self.mailbox: Mailbox = MaildirMailbox(root, SENDER)

    @property
    def environ(self) -> Mapping[str, str]:
        return {"IVOBOT_MAILBOX__KIND": "maildir", "IVOBOT_MAILBOX__PATH": str(self.root), "IVOBOT_MAILBOX__ADDRESS": SENDER}

    def deliver(self, raw: bytes) -> None:
        self.count += 1
        name = f"{1_770_000_000 + self.count}.{self.count}_1.test"
        (self.root / "tmp" / name).write_bytes(raw)
        (self.root / "tmp" / name).rename(self.root / "new" / name)

    def folder(self, name: str) -> list[bytes]:
        root = self.root if name == "INBOX" else self.root / f".{name}"
        files = [path for part in ("new", "cur") for path in (root / part).glob("*")] if root.exists() else []
        return [path.read_bytes() for path in sorted(files, key=lambda path: path.name)]

    def _paths(self, key: str) -> list[Path]:
        mark = f"<{key}@kommun.example>".encode()
        return [p for part in ("new", "cur") for p in self.root.rglob(f"{part}/*") if p.is_file() and mark in p.read_bytes()[:2000]]

    def folder_of(self, key: str) -> list[str]:
        return sorted(str(p.parent.parent.relative_to(self.root)).removeprefix(".") or "INBOX" for p in self._paths(key))

    def move_by_hand(self, key: str, folder: str) -> None:
        (self.root / f".{folder}" / "cur").mkdir(parents=True, exist_ok=True)
        for path in self._paths(key):  # a mail program marks it as seen on the way
            path.rename(self.root / f".{folder}" / "cur" / (path.name.split(":")[0] + ":2,S"))

    def delete_by_hand(self, key: str) -> None:
        for path in self._paths(key):
            path.unlink()

    def restart(self) -> Mailbox:
        self.mailbox.close()
        self.mailbox = MaildirMailbox(self.root, SENDER)
        return self.mailbox


@contextmanager
def backend(home: Path) -> Iterator[MaildirBackend]:
    """A fresh mailbox in a folder."""
    made = MaildirBackend(home / "box")
    yield made
    made.mailbox.close()

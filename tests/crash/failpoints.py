"""Places where a process can be killed: before and after every commit, send, move, delete, rename, link and fsync.

For tests only: the program never imports this. A process that has `installed` it is killed (SIGKILL) at the point of a given number.
"""

import os
import signal
from collections.abc import Callable, Sequence
from typing import Any

from sqlalchemy.engine.default import DefaultDialect

CALLS = ("rename", "replace", "link", "unlink", "rmdir", "fsync")


def acts(mailbox: type) -> tuple[tuple[type, str], ...]:
    """What a mailbox does that lasts."""
    return tuple((mailbox, name) for name in ("file", "send", "delete"))


class Failpoints:
    """Counts the points that are passed; at number `kill` the process ends. `passed` names them in order."""

    def __init__(self, kill: int | None = None) -> None:
        self.kill = kill
        self.passed: list[str] = []

    def point(self, name: str) -> None:
        """One place where the process can be killed."""
        self.passed.append(name)
        if self.kill is not None and len(self.passed) > self.kill:
            os.kill(os.getpid(), signal.SIGKILL)

    def around(self, name: str, call: Callable[..., Any]) -> Callable[..., Any]:
        """The same call with a point before and after it."""

        def called(*args: Any, **kwargs: Any) -> Any:
            self.point(f"before {name}")
            found = call(*args, **kwargs)
            self.point(f"after {name}")
            return found

        return called

    def install(self, calls: Sequence[tuple[type, str]]) -> None:
        """From now on this process can be killed. `calls`: methods that act on a mailbox or a server, which are points too."""
        for name in CALLS:
            setattr(os, name, self.around(name, getattr(os, name)))
        DefaultDialect.do_commit = self.around("commit", DefaultDialect.do_commit)  # type: ignore[method-assign]
        for owner, name in calls:
            setattr(owner, name, self.around(name, getattr(owner, name)))

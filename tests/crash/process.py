"""A piece of the program's work in a process of its own, which may be killed in the middle. Forked: importing again would cost more."""

import contextlib
import os
import pickle
import select
import signal
import sys
import time
import traceback
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from tests.crash.failpoints import Failpoints


@dataclass(frozen=True)
class Ended:
    """How the process ended: `killed`, or with what it `gave`; `passed` names its points when it came to its end."""

    killed: bool
    passed: tuple[str, ...] = ()
    failed: str = ""


def forked(
    work: Callable[[], object], calls: Sequence[tuple[type, str]] = (), *, kill: int | None = None, after: float | None = None
) -> Ended:
    """Does the work in a child process, killed at the point number `kill`, or `after` so many seconds, if it is still at it then."""
    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:
        _work(work, calls, kill, writing)
    os.close(writing)
    if after is not None and not select.select([reading], [], [], after)[0]:
        os.kill(child, signal.SIGKILL)
    with os.fdopen(reading, "rb") as pipe:
        said = pipe.read()
    _, status = os.waitpid(child, 0)
    if os.WIFSIGNALED(status) and os.WTERMSIG(status) == signal.SIGKILL:
        return Ended(killed=True)
    passed, failed = pickle.loads(said)
    return Ended(killed=False, passed=passed, failed=failed)


def _work(work: Callable[[], object], calls: Sequence[tuple[type, str]], kill: int | None, writing: int) -> None:
    points, failed = Failpoints(kill), ""
    try:
        points.install(calls)
        work()
    except BaseException:
        failed = traceback.format_exc()
    with contextlib.suppress(BrokenPipeError), os.fdopen(writing, "wb") as pipe:
        pickle.dump((tuple(points.passed), failed), pipe)
    sys.stdout.flush()
    os._exit(0)


def seconds(work: Callable[[], object]) -> float:
    """How long a piece of work takes in such a process."""
    began = time.monotonic()
    forked(work)
    return time.monotonic() - began

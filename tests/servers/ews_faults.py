"""What can go wrong with the test server, by operation."""

import random
from dataclasses import dataclass

BEFORE = ("drop_before", "hang", "401", "403", "429", "503", "busy", "invalid_state", "500")
AFTER = ("drop_after", "hang_after", "cut", "control", "unknown_class", "slow", "drip", "html")
KINDS = (*BEFORE, *AFTER)


@dataclass(slots=True)
class Fault:
    """operation: "" is any. times: how often still. seconds: for hang, slow and drip, and what the server asks to wait (busy, 429, 503)."""

    kind: str
    operation: str = ""
    times: int = 1
    seconds: float = 1.0


class Faults:
    """The faults that are waiting, and chance."""

    def __init__(self) -> None:
        self.waiting: list[Fault] = []
        self.fired: list[tuple[str, str]] = []
        self._random: random.Random | None = None
        self._rate, self._kinds = 0.0, KINDS

    def add(self, kind: str, operation: str = "", times: int = 1, seconds: float = 1.0) -> None:
        assert kind in KINDS
        self.waiting.append(Fault(kind, operation, times, seconds))

    def chance(self, seed: int | None, rate: float = 0.1, kinds: tuple[str, ...] = KINDS) -> None:
        """From now on each request fails with this probability; None ends it."""
        self._random = None if seed is None else random.Random(seed)
        self._rate, self._kinds = rate, kinds

    def take(self, operation: str) -> Fault | None:
        for fault in self.waiting:
            if fault.operation in ("", operation):
                fault.times -= 1
                if not fault.times:
                    self.waiting.remove(fault)
                self.fired.append((operation, fault.kind))
                return fault
        if self._random is not None and self._random.random() < self._rate:
            kind = self._random.choice(self._kinds)
            self.fired.append((operation, kind))
            return Fault(kind, operation, seconds=0.01)
        return None

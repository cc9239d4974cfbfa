"""What the register does not know and an input file gives: ongoing decisions, requests from IVO, the board's analysis, earlier quarters."""

from dataclasses import dataclass

from rules.report.lists import Request
from rules.report.values import Past


@dataclass(frozen=True, slots=True)
class OngoingGiven:
    """How many decisions of one insats are ongoing."""

    insats: str
    men: int
    women: int


@dataclass(frozen=True, slots=True)
class Analysis:
    """The board's own text on one insats, or on all (`insats` "")."""

    insats: str
    text: str


@dataclass(frozen=True, slots=True)
class Given:
    """All that the input file gives; nothing without one. `past`: earlier quarters as they were published, in any order."""

    ongoing: tuple[OngoingGiven, ...] = ()
    requests: tuple[Request, ...] = ()
    analysis: tuple[Analysis, ...] = ()
    past: tuple[Past, ...] = ()

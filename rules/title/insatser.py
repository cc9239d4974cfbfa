"""The insats of a title: paragraphs and names, each a set of what it can mean, and what they come to together."""

from collections.abc import Sequence
from typing import Final, NamedTuple

from rules.model import Flaw

ALL: Final = frozenset(f"9§{number}" for number in range(1, 11))
"""The ten insatser of LSS (1993:387) 9 §."""


class Found(NamedTuple):
    """What the insatser of a title come to: the one insats, or the flaw, and how many names were no insats alone."""

    insats: str | None
    flaw: Flaw | None
    left_over: int = 0
    repeated: bool = False


_ONE: Final = {frozenset({key}): Found(key, None) for key in ALL}
PLAIN: Final = {f"{sign}{number}": frozenset({f"9§{number}"}) for number in range(1, 11) for sign in ("9§", "9 §", "9§ ", "9 § ")}
"""The usual spellings of a paragraph (the scan's form `plain`)."""


def paragraph(text: str) -> frozenset[str]:
    """Gives what a written paragraph (`9§10`, `9§`, `28f§`) can mean.

    `9§` alone can mean all ten. A paragraph that is no insats gives its own spelling, which is in no list.
    """
    head, _, number = text.partition("§")
    if head in ("", "9") and not number:
        return ALL
    return frozenset({f"{head}§{int(number)}" if number else text})


def settle(mentions: Sequence[frozenset[str]], other_law: bool) -> Found:
    """Gives the insats from everything in a title that names one.

    A name with several meanings fits beside a paragraph that is one of them. `other_law`: SoL or the like is named.
    """
    if len(mentions) == 1 and not other_law and mentions[0] in _ONE:
        return _ONE[mentions[0]]
    if not mentions:
        return Found(None, Flaw.MISSING_INSATS, int(other_law))
    distinct = {item for item in mentions if len(item) == 1}
    open_ones = [item for item in mentions if 1 < len(item) < len(ALL)]
    if not distinct:
        return Found(None, Flaw.MISSING_INSATS, len(open_ones) + other_law)
    if len(distinct) > 1:
        return Found(None, Flaw.MULTIPLE_INSATS)
    only = distinct.pop()
    if other_law or not only <= ALL:
        return Found(None, Flaw.UNKNOWN_INSATS)
    if any(not only <= item for item in open_ones):
        return Found(None, Flaw.MULTIPLE_INSATS)
    return Found(next(iter(only)), None, 0, len(mentions) > 1)

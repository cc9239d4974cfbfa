"""Several letters about one report as one: whoever is asked for what is missing sends it in another letter with the same title."""

from collections.abc import Sequence
from dataclasses import fields, replace
from typing import Any

from rules.body import BodyItems


def merged(said: Sequence[BodyItems]) -> BodyItems | None:
    """The items of all of them, oldest first: the latest that says something of an item counts. None for no letters.

    An item stays unclear while no letter gives it.
    """
    if not said:
        return None
    nothing = type(said[0])()
    names = [field.name for field in fields(nothing) if field.name != "unclear"]
    whole = said[0]
    for later in said[1:]:
        news: dict[str, Any] = {name: getattr(later, name) for name in names if getattr(later, name) != getattr(nothing, name)}
        whole = replace(whole, **news)
    doubtful = dict.fromkeys(name for each in said for name in each.unclear)
    return replace(whole, unclear=tuple(name for name in doubtful if getattr(whole, name, None) in (None, "", ())))

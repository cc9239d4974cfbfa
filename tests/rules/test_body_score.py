"""How near the fields that were read are to those that a person reads: dates and choices equal, texts the same words."""

import re
from typing import Any

from rapidfuzz import fuzz

LISTS = ("contacts", "offers", "answers")


def same_text(read: str, wanted: str) -> bool:
    """Whether two free texts say the same: punctuation and white space are no matter, nor a few words at an end."""
    one, other = (" ".join(re.findall(r"\w+", text.casefold())) for text in (read, wanted))
    return one == other or fuzz.ratio(one, other) >= 90


def differences(read: dict[str, Any], wanted: dict[str, Any]) -> tuple[list[str], list[str], int]:
    """The fields that were not read, those that were read wrongly or invented, and how many there were to read; a list counts an entry each."""
    missed, wrong, total = [], [], 0
    for name in sorted({*read, *wanted}):
        got, right = read.get(name), wanted.get(name)
        if name in LISTS:
            total += len(right or ())
            one, two = _entries(name, got, right)
            missed += one
            wrong += two
            continue
        total += right is not None
        if right is None:
            wrong.append(f"{name}: {got!r} invented")
        elif got is None:
            missed.append(f"{name}: {right!r} missed")
        elif not (got == right or (isinstance(got, str) and isinstance(right, str) and name in TEXTS and same_text(got, right))):
            wrong.append(f"{name}: {got!r}, not {right!r}")
    return missed, wrong, total


TEXTS = ("partly_how", "compensating_how", "summary", "other", "end_reason")


def _entries(name: str, got: list[dict[str, Any]] | None, right: list[dict[str, Any]] | None) -> tuple[list[str], list[str]]:
    left = list(got or ())
    missed, wrong = [], []
    for wanted in right or ():
        fitting = [
            each
            for each in left
            if each["date"] == wanted.get("date") and each.get("answer") == wanted.get("answer") and same_text(each["text"], wanted["text"])
        ]
        if fitting:
            left.remove(fitting[0])
        else:
            missed.append(f"{name}: {wanted} missed")
    return missed, [*wrong, *(f"{name}: {each} invented" for each in left)]


def test_a_wrong_value_is_told_from_a_missing_one() -> None:
    """What is not there is missed, what should not be there is invented, and a text may end a little differently."""
    wanted = {
        "case": "E-1",
        "contacts": [{"date": "2026-04-12", "text": "ringde mamman, som vill vänta till hösten"}],
        "summary": "En text.",
    }
    assert differences(wanted, wanted) == ([], [], 3)
    assert differences({}, wanted)[0::2] == (
        ["case: 'E-1' missed", f"contacts: {wanted['contacts'][0]} missed", "summary: 'En text.' missed"],
        3,
    )
    assert differences({"case": "E-2", "other": "x"}, {"case": "E-1"})[1] == ["case: 'E-2', not 'E-1'", "other: 'x' invented"]
    near = {"contacts": [{"date": "2026-04-12", "text": "Ringde mamman som vill vänta till hösten."}]}
    assert differences(near, wanted)[1] == []

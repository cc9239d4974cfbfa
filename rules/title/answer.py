"""A read title in the forms that others want it: its right spelling, and the object of `ivobot title --json`."""

from datetime import date
from functools import lru_cache
from json import JSONEncoder
from typing import Any

from rules.model import Flaw, Kind, Outcome, Sort, Title, Verdict, canonical

_NO_REPORT, _REJECTED, _FINAL = Verdict.NOT_A_REPORT, Verdict.REJECTED, Kind.FINAL
_encoded = JSONEncoder(ensure_ascii=False).encode
# Stand-ins that nothing else in a line looks like.
_ANY_TITLE, _ANY_DAY, _ANY_INSATS = "\0", date.max, "9§0"


def suggest(title: Title) -> tuple[str, ...]:
    """Gives the right title in full where it can be known, with gaps (`ÅÅÅÅ-MM-DD`, `9§__`) where it cannot.

    Where kind or outcome is unknown: each possible title. A title that is no report gives none.
    """
    if title.verdict is _NO_REPORT:
        return ()
    if title.kind is not None and (title.kind is not _FINAL or title.outcome is not None):
        return (
            canonical(title.kind, title.date, title.insats, cause=title.cause, outcome=title.outcome, advance_ruling=title.advance_ruling),
        )
    return tuple(
        canonical(kind, title.date, title.insats, cause=cause, outcome=outcome, advance_ruling=title.advance_ruling)
        for kind in ((title.kind,) if title.kind else tuple(Kind))
        for cause in _causes(title, kind)
        for outcome in _outcomes(title, kind)
    )


def as_json(title_text: str, title: Title) -> dict[str, Any]:
    """Gives the object that `ivobot title --json` prints, keys in the order of the contract."""
    right = suggest(title)
    rejected = title.verdict is _REJECTED
    return {
        "title": title_text,
        "verdict": title.verdict.value,
        "kind": title.kind and title.kind.value,
        "cause": title.cause and title.cause.value,
        "outcome": title.outcome and title.outcome.value,
        "date": title.date and title.date.isoformat(),
        "insats": title.insats,
        "advance_ruling": title.advance_ruling,
        "canonical": None if rejected or not right else right[0],
        "errors": [flaw.value for flaw in title.errors],
        "notes": list(title.notes),
        "suggestion": right[0] if rejected and len(right) == 1 else None,
    }


def json_line(title_text: str, title: Title) -> str:
    """Gives what `as_json` gives as one line of JSON with its end, many times faster: lines differ in little but title, day and insats."""
    day, key = title.date, title.insats
    line = _line(
        title.verdict,
        title.kind,
        title.cause,
        title.outcome,
        day is not None,
        key is not None,
        title.advance_ruling,
        title.errors,
        title.notes,
    )
    return line % {"title": _encoded(title_text), "day": day, "insats": key}


@lru_cache(maxsize=4096)
def _line(
    verdict: Verdict,
    kind: Kind | None,
    cause: Sort | None,
    outcome: Outcome | None,
    dated: bool,
    named: bool,
    advance_ruling: bool,
    errors: tuple[Flaw, ...],
    notes: tuple[str, ...],
) -> str:
    """The line of every title that is read like this, with places for what they differ in. Nothing of a title's text is remembered."""
    day, key = _ANY_DAY if dated else None, _ANY_INSATS if named else None
    line = _encoded(as_json(_ANY_TITLE, Title(verdict, kind, cause, outcome, day, key, advance_ruling, errors, notes)))
    places = {_encoded(_ANY_TITLE): "%(title)s", _ANY_DAY.isoformat(): "%(day)s", _ANY_INSATS: "%(insats)s"}
    for stand_in, place in places.items():
        line = line.replace(stand_in, place)
    return line + "\n"


def _causes(title: Title, kind: Kind) -> tuple[Sort | None, ...]:
    return (title.cause,) if kind is Kind.NEW else (None,)


def _outcomes(title: Title, kind: Kind) -> tuple[Outcome | None, ...]:
    if kind is not Kind.FINAL:
        return (None,)
    return (title.outcome,) if title.outcome else tuple(Outcome)

"""A read title in the forms that others want it: its right spelling, and the object of `ivobot title --json`."""

from typing import Any

from rules.model import Kind, Outcome, Sort, Title, Verdict, canonical


def suggest(title: Title) -> tuple[str, ...]:
    """Gives the right title in full where it can be known, with gaps (`ÅÅÅÅ-MM-DD`, `9§__`) where it cannot.

    Where kind or outcome is unknown: each possible title. A title that is no report gives none.
    """
    if title.verdict is Verdict.NOT_A_REPORT:
        return ()
    if title.kind is not None and (title.kind is not Kind.FINAL or title.outcome is not None):
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
    rejected = title.verdict is Verdict.REJECTED
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


def _causes(title: Title, kind: Kind) -> tuple[Sort | None, ...]:
    return (title.cause,) if kind is Kind.NEW else (None,)


def _outcomes(title: Title, kind: Kind) -> tuple[Outcome | None, ...]:
    if kind is not Kind.FINAL:
        return (None,)
    return (title.outcome,) if title.outcome else tuple(Outcome)

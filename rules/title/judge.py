"""Pieces → verdict: whether a report is meant, every flaw it has, and what is read without doubt."""

from functools import lru_cache
from typing import Final

from rules.model import Flaw, Kind, Outcome, Sort, Title, Verdict
from rules.title import facts
from rules.title.notes import notes
from rules.title.pieces import Pieces
from rules.title.vocabulary import Role

_NO_REPORT: Final = Verdict.NOT_A_REPORT
_ALONE: Final = facts.roles(Role.IVO, Role.BEFORE, Role.LINK)
_ROLES: Final = facts.roles(*Role)
_SHOWN_DATE: Final = facts.roles(Role.DATE, Role.MONTH, Role.PLACEHOLDER)
_KIND: Final = sum(facts.KINDS.values())
_OUTCOME: Final = sum(facts.OUTCOMES.values())
_EXTRA: Final = facts.UNRECOGNISED | facts.BEYOND


def judge(pieces: Pieces, besides: int = 0) -> Title:
    """Gives the title that the pieces come to; besides: facts that hold for the whole title (PREFIX, BEYOND, PERSONAL_DATA)."""
    said, date, insats, unrecognised = pieces
    found = _judged(said | besides, date.flaw, insats.flaw)
    if found.verdict is _NO_REPORT:
        return Title(found.verdict, errors=found.errors, unrecognised=unrecognised)
    return Title(
        found.verdict,
        found.kind,
        found.cause,
        found.outcome,
        None if said & facts.DOUBTFUL_DATE else date.day,
        insats.insats,
        found.advance_ruling,
        found.errors,
        found.notes,
        unrecognised,
    )


@lru_cache(maxsize=4096)
def _judged(said: int, date_flaw: Flaw | None, insats_flaw: Flaw | None) -> Title:
    """What every title with these facts and flaws comes to; without day, insats and count, in which such titles differ.

    Remembered, since there are few such combinations; nothing of a title's text is in it.
    """
    personal = bool(said & facts.PERSONAL_DATA)
    if not _meant(said, personal):
        return Title(Verdict.NOT_A_REPORT, errors=(Flaw.PERSONAL_DATA,) if personal else ())
    kinds = [kind for kind, bit in facts.KINDS.items() if said & bit]
    outcomes = [outcome for outcome, bit in facts.OUTCOMES.items() if said & bit]
    kind = kinds[0] if len(kinds) == 1 else None
    outcome = outcomes[0] if len(outcomes) == 1 and kind is Kind.FINAL else None
    found = (_kind_flaw(kinds), _outcome_flaw(kinds, outcomes, outcome), date_flaw, insats_flaw)
    flaws = [flaw for flaw in found if flaw is not None]
    if said & _EXTRA:
        flaws.append(Flaw.EXTRA_INFORMATION)
    if personal:
        flaws.append(Flaw.PERSONAL_DATA)
    new = kind is Kind.NEW
    return Title(
        Verdict.REJECTED if flaws else Verdict.ACCEPTED,
        kind=kind,
        cause=(Sort.INTERRUPTION if said & facts.roles(Role.INTERRUPTION) else Sort.DECISION) if new else None,
        outcome=outcome,
        advance_ruling=new and bool(said & facts.roles(Role.ADVANCE)),
        errors=tuple(sorted(flaws)),
        notes=notes(said),
    )


def _meant(said: int, personal_data: bool) -> bool:
    """Whether a title is meant as a report.

    IVO alone; IVO first with a kind, an outcome or an insats; a kind first; a kind with a date or an insats; a kind with personal data.
    """
    if said & facts.BEGINS_WITH_IVO:
        alone = not said & _ROLES & ~_ALONE
        return alone or bool(said & (_KIND | _OUTCOME | facts.SHOWN_INSATS))
    if not said & _KIND:
        return False
    return personal_data or bool(said & (facts.BEGINS_WITH_KIND | _SHOWN_DATE | facts.SHOWN_INSATS))


def _kind_flaw(kinds: list[Kind]) -> Flaw | None:
    if not kinds:
        return Flaw.MISSING_KIND
    return Flaw.CONFLICTING_KINDS if len(kinds) > 1 else None


def _outcome_flaw(kinds: list[Kind], outcomes: list[Outcome], outcome: Outcome | None) -> Flaw | None:
    if len(outcomes) > 1:
        return Flaw.CONFLICTING_OUTCOMES
    if kinds == [Kind.FINAL] and outcome is None:
        return Flaw.MISSING_OUTCOME
    if outcomes and kinds and Kind.FINAL not in kinds:
        return Flaw.MISPLACED_OUTCOME
    return None

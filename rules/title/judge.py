"""Pieces → verdict: whether a report is meant, every flaw it has, and what is read without doubt."""

from rules.model import Flaw, Kind, Outcome, Sort, Title, Verdict
from rules.title.pieces import Pieces
from rules.title.vocabulary import Role


def meant(pieces: Pieces, personal_data: bool) -> bool:
    """Whether a title is meant as a report.

    IVO alone; IVO first with a kind, an outcome or an insats; a kind first; a kind with a date or an insats; a kind with personal data.
    """
    if pieces.begins_with is Role.IVO:
        return pieces.alone or bool(pieces.kinds or pieces.outcomes) or pieces.shown_insats
    if not pieces.kinds:
        return False
    return pieces.begins_with is Role.KIND or pieces.shown_date or pieces.shown_insats or personal_data


def judge(pieces: Pieces, personal_data: bool, beyond: bool, notes: tuple[str, ...]) -> Title:
    """Gives the title that the pieces come to.

    personal_data: an identity number stood in it. beyond: text stood after the characters that are read.
    """
    if not meant(pieces, personal_data):
        return Title(Verdict.NOT_A_REPORT, errors=(Flaw.PERSONAL_DATA,) if personal_data else (), unrecognised=pieces.unrecognised)
    kind = next(iter(pieces.kinds)) if len(pieces.kinds) == 1 else None
    outcome = next(iter(pieces.outcomes)) if len(pieces.outcomes) == 1 and kind is Kind.FINAL else None
    found = (_kind_flaw(pieces), _outcome_flaw(pieces, kind, outcome), pieces.date.flaw, pieces.insats.flaw)
    flaws = [flaw for flaw in found if flaw is not None]
    if pieces.unrecognised or beyond:
        flaws.append(Flaw.EXTRA_INFORMATION)
    if personal_data:
        flaws.append(Flaw.PERSONAL_DATA)
    new = kind is Kind.NEW
    return Title(
        Verdict.REJECTED if flaws else Verdict.ACCEPTED,
        kind=kind,
        cause=(Sort.INTERRUPTION if pieces.interruption else Sort.DECISION) if new else None,
        outcome=outcome,
        date=None if pieces.doubtful_date else pieces.date.day,
        insats=pieces.insats.insats,
        advance_ruling=new and pieces.advance_ruling,
        errors=tuple(sorted(flaws)),
        notes=notes,
        unrecognised=pieces.unrecognised,
    )


def _kind_flaw(pieces: Pieces) -> Flaw | None:
    if not pieces.kinds:
        return Flaw.MISSING_KIND
    return Flaw.CONFLICTING_KINDS if len(pieces.kinds) > 1 else None


def _outcome_flaw(pieces: Pieces, kind: Kind | None, outcome: Outcome | None) -> Flaw | None:
    if len(pieces.outcomes) > 1:
        return Flaw.CONFLICTING_OUTCOMES
    if kind is Kind.FINAL and outcome is None:
        return Flaw.MISSING_OUTCOME
    if pieces.outcomes and pieces.kinds and Kind.FINAL not in pieces.kinds:
        return Flaw.MISPLACED_OUTCOME
    return None

"""The answer to what a reporter wrote in reply to a digest. Dates are Stockholm calendar days."""

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True)
class AnsweredLine:
    """What became of one line of the reply. Nothing of the line's own text stands here.

    `verb`: what was asked (a `rules.commands.Verb`, "" where it could not be read). `undid`: of a line that was taken back, what it had done.
    `why`: a word for what kept it from being done, "" when it was done. `can`: what can be written of that row. `day`: of the closing, or the
    day on which a postponed row comes back. `outcome`: what a settled letter came to. `document`: the line for the journal.
    `told`: words for what the reporter should know besides: mark_unreported, tell_ivo.
    """  # noqa: E501

    n: int
    verb: str
    why: str = ""
    undid: str = ""
    case: str = ""
    insats: str = ""
    kind: str = ""
    day: date | None = None
    letter: int = 0
    outcome: str = ""
    document: str = ""
    told: tuple[str, ...] = ()
    can: tuple[str, ...] = ()

    @property
    def done(self) -> bool:
        """Whether it was done."""
        return self.why == ""


@dataclass(frozen=True, slots=True)
class DigestAnswer:
    """What a reply to a digest did, line by line. `problem`: why nothing could be done at all: old, unknown.

    `day`: the digest's, whose rows the numbers mean; None when it is not known. `digest`: that mail's number in the outbox, so that a reply
    to this answer means the same rows.
    """

    received: date
    lines: tuple[AnsweredLine, ...] = ()
    day: date | None = None
    digest: int = 0
    problem: str = ""

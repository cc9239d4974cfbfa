"""Sample answers to replies to the digest."""

from collections.abc import Iterator
from datetime import date

from bot.samples.base import Sample
from rules.mails import AnsweredLine, DigestAnswer


def commands() -> Iterator[Sample]:
    """All done, some done, and nothing."""
    mail, received, day = "digest_answer", date(2026, 4, 21), date(2026, 4, 21)
    reported = AnsweredLine(1, "reported", case="F-2", insats="9§4", kind="new", document="2026-04-21: rapporterat till IVO.")
    closed = AnsweredLine(3, "executed", case="F-5", insats="9§9", day=date(2026, 5, 2), told=("tell_ivo",))
    later = AnsweredLine(4, "postponed", case="F-7", insats="9§10", day=date(2026, 4, 24))
    settled = AnsweredLine(6, "is", letter=412, case="F-8", outcome="matched")
    yield Sample(mail, "done", DigestAnswer(received, (reported, closed, later, settled), day, 7))
    wrong = AnsweredLine(5, "executed", why="missing_date", case="F-9", insats="9§4", can=("reported", "executed", "ended", "postponed"))
    yield Sample(
        mail,
        "some",
        DigestAnswer(
            received,
            (reported, wrong, AnsweredLine(7, "reported", why="already", case="F-11"), AnsweredLine(99, "reported", why="no_row")),
            day,
            7,
        ),
    )
    yield Sample(mail, "undone", DigestAnswer(received, (AnsweredLine(1, "undo", undid="reported", case="F-2"),), day, 7))
    yield Sample(mail, "nothing", DigestAnswer(received, (AnsweredLine(0, "undo", why="nothing_to_undo"),), day, 7))
    yield Sample(mail, "old", DigestAnswer(received, (), day, 7, problem="old"))
    yield Sample(mail, "unknown", DigestAnswer(received, problem="unknown"))

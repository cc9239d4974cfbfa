"""What to answer a letter: which right titles, and whether an answer may go out at all."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date

from rules.asked import asked, mark_meant, title_at
from rules.mark import count
from rules.model import Kind, Outcome, Row, Title, canonical
from rules.workday import Workdays


@dataclass(frozen=True, slots=True)
class Right:
    """The right title or titles, `case` when they are completed from the register, and the day from which they may be sent."""

    titles: tuple[str, ...]
    row: Row | None = None
    earliest: date | None = None


def right_titles(title: Title, rows: Sequence[Row], workdays: Workdays, today: date, suggest: Callable[[Title], tuple[str, ...]]) -> Right:
    """The right title for one with flaws: from the register when exactly one open row fits, else from the title, with gaps.

    rows: the open rows that the sender may know of and that the body does not rule out.
    """
    fitting = [row for row in rows if row.open and title.insats in (None, row.entry.insats) and _dated(title, row, workdays)]
    if len(fitting) != 1:
        return Right(suggest(title))
    row = fitting[0]
    if title.kind is Kind.FINAL or title.outcome is not None:
        outcomes = (title.outcome,) if title.outcome else tuple(Outcome)
        return Right(tuple(canonical(Kind.FINAL, title.date, row.entry.insats, outcome=o) for o in outcomes), row)
    if title.date is not None and (k := mark_meant(row, title.date, workdays)):
        opens = workdays.summary_day(count(row).mark(k))
        return Right((title_at(row, k),), row, opens if today < opens else None)
    wanted = asked(row, workdays, today)
    return Right((wanted.title,), row, wanted.earliest)


def _dated(title: Title, row: Row, workdays: Workdays) -> bool:
    if title.date is None:
        return True
    if title.kind is Kind.FINAL or title.outcome is not None:
        return title.date >= row.entry.start
    return mark_meant(row, title.date, workdays) is not None


@dataclass(frozen=True, slots=True)
class Limits:
    """How much may be answered: to one sender a day, and in all an hour (the global brake)."""

    per_sender_a_day: int
    per_hour: int


def held(question: str, today: Sequence[str], last_hour: int, limits: Limits) -> str:
    """Why an answer is held back, as one word; "" when it may go out.

    question: a hash of the received title and the case; today: those of this sender's letters that were answered today;
    last_hour: how many letters of all senders were answered in the last hour.
    """
    if question in today:
        return "repeated"
    if len(today) >= limits.per_sender_a_day:
        return "sender"
    return "brake" if last_hour >= limits.per_hour else ""

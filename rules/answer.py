"""What to answer a letter: which right titles, and whether an answer may go out at all."""

import re
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


# What a ticket system puts to a subject, with another number each time: [Ticket#4711], (#12), "Ärende 12:" before all.
_BRACKETS = re.compile(r"[\[(][^\[\]()]{1,80}[\])]")
_NUMBER = re.compile(
    r"#\s?[\w-]{0,40}|^\W{0,5}(?:ärende|ticket|case|request|incident|ref|id|nr)\b[\s.:]{0,3}[\w-]{0,40}[0-9][\w-]{0,40}[\s:.-]{0,3}"
)


def question(subject: str, title: Title) -> str:
    """What a letter asks, to tell whether it was asked before: its title without case, spacing and the numbers of ticket systems.

    What was read stands beside it, so that nothing that was understood is taken for such a number.
    """
    text = _BRACKETS.sub(lambda found: "" if re.search("[0-9]", found[0]) else found[0], " ".join(subject.casefold().split()))
    read = (title.kind, title.outcome, title.date, title.insats, *title.errors)
    return f"{' '.join(_NUMBER.sub(' ', text).split())}\0{' '.join(map(str, read))}"


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

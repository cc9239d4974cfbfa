"""What the answer to a report that differs from the register says."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date

from rules.asked import asked, final_title, must_be, title_at
from rules.mails import ReadyTitle, ReportDiffers
from rules.mark import count
from rules.model import Kind, Row, Title, canonical
from rules.outcomes import DateDiffers, KindDiffers, NotReportable, Premature
from rules.workday import Workdays

Differing = KindDiffers | DateDiffers | Premature | NotReportable

Ready = Callable[[str, str], ReadyTitle]
"""From a title and a case to the title with its link."""


def read_title(title: Title) -> str:
    """A readable title in canonical form."""
    if title.kind is None:
        raise ValueError("a title without a kind has no canonical form")
    return canonical(title.kind, title.date, title.insats, cause=title.cause, outcome=title.outcome, advance_ruling=title.advance_ruling)


def differs(meeting: Differing, title: Title, workdays: Workdays, today: date, ready: Ready, *, told: bool) -> ReportDiffers:
    """The facts of `report_differs`. told: the sender may know the row; others get gaps where the register would speak."""
    if not told:
        return _gaps(meeting, title, ready)
    entry, counted = meeting.row.entry, count(meeting.row)
    base = ReportDiffers((), entry.shown, read_title(title), counted=False, sort=entry.sort, start=entry.start)

    def right(text: str) -> tuple[ReadyTitle, ...]:
        return (ready(text, entry.shown),)

    match meeting:
        case KindDiffers(row, k, what):
            kind = must_be(row, k) or title.kind
            return replace(base, what=what, counted=True, titles=right(title_at(row, k, title.kind)), mark=counted.mark(k), right_kind=kind)
        case Premature(_, 0):
            return replace(base, what=("premature_final",), titles=right(read_title(title)), send_on=title.date)
        case Premature(row, k):
            mark = counted.mark(k)
            return replace(base, what=("premature",), titles=right(title_at(row, k)), mark=mark, send_on=workdays.report_day(mark))
        case NotReportable(row, closing):
            closed = closing or row.closing
            on, outcome = (closed.on, closed.outcome) if closed else (None, None)
            return replace(base, what=("not_reportable",), mark=counted.mark(1), closed_on=on, outcome=outcome)
        case DateDiffers(_, "before_start"):
            gap = canonical(Kind.FINAL, None, entry.insats, outcome=title.outcome)
            return replace(base, what=("before_start",), titles=right(gap))
        case DateDiffers(row, "other_closing") if row.closing is not None:
            closing = row.closing
            titles = right(final_title(row, closing))
            return replace(base, what=("other_closing",), titles=titles, closed_on=closing.on, outcome=closing.outcome)
        case DateDiffers(row, _):
            wanted = asked(row, workdays, today)
            return replace(base, what=("date",), titles=right(wanted.title), mark=wanted.mark, send_on=wanted.earliest)


def _gaps(meeting: Differing, title: Title, ready: Ready) -> ReportDiffers:
    kind = title.kind or Kind.NEW
    gap = canonical(kind, None, title.insats, outcome=title.outcome)
    what: tuple[str, ...]
    match meeting:
        case KindDiffers(_, _, what):
            pass
        case Premature(_, k):
            what = ("premature",) if k else ("premature_final",)
        case NotReportable():
            what = ("not_reportable",)
        case DateDiffers(_, one):
            what = (one,)
    titles = () if isinstance(meeting, NotReportable) else (ready(gap, ""),)
    return ReportDiffers(what=what, case="", read=read_title(title), counted=isinstance(meeting, KindDiffers), titles=titles)


def row_of(meeting: object) -> Row | None:
    """The row that a meeting is about, if it is about one."""
    row = getattr(meeting, "row", None)
    return row if isinstance(row, Row) else None

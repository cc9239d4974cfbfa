"""How well the reports came in, by officer, unit and provider: counted as the definitions below say, and in no other way."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import date

from rules.mark import count
from rules.model import Flaw, Row
from rules.report.quality import Definition, Flaws, Quality, QualityLine
from rules.window import Quarter
from rules.workday import Workdays

DEFINITIONS = (
    Definition("due", "Skulle komma", "Rapporter vars rapportdag, nästa arbetsdag efter tremånadersgränsen, ligger i kvartalet."),
    Definition("on_time", "I tid", "Rapporten kom senast på rapportdagen."),
    Definition("late", "Sena", "Rapporten kom efter rapportdagen, men före nästa uppföljningsdag, som är en månad före nästa gräns."),
    Definition("missing", "Uteblivna", "Ingen rapport kom före nästa uppföljningsdag."),
    Definition("waiting", "Väntar", "Ingen rapport har kommit, men nästa uppföljningsdag har inte heller kommit än."),
    Definition("sent_back", "Tillbaka", "Meddelanden i kvartalet som gick tillbaka till avsändaren, för att titeln eller datumet var fel."),
    Definition("reminders", "Påminnelser", "Påminnelser i kvartalet om en rapport som inte hade kommit. En rapport kan ge två."),
    Definition("wrong", "Fel ärende", "Meddelanden i kvartalet om beslut som inte ska rapporteras till IVO."),
)
ALL = ("all", "Alla")
WHO = ("officer", "unit", "provider")


@dataclass(frozen=True, slots=True)
class LetterFact:
    """A letter in the ledger: who sent it (kind and name, as in a line; ALL when nobody known), and whether it was sent back or wrong."""

    who: tuple[str, str]
    sent_back: bool
    wrong: bool


@dataclass(frozen=True, slots=True)
class Noted:
    """What the store knows of the quarter. `reminders`: how many overdue reminders went out for each row.

    `responsible`: for each row the kind and name of who sends its reports (an officer or a unit).
    """

    rows: Sequence[Row]
    letters: Sequence[LetterFact]
    reminders: Mapping[int, int]
    responsible: Mapping[int, tuple[str, str]]


def quality(noted: Noted, quarter: Quarter, workdays: Workdays, day: date) -> Quality:
    """The table of a quarter as it stands on `day`. A mark taken as reported, or reached by a row that was closed by then, counts nowhere.

    A provider has a line for the rows that it carries out, whoever sends their reports.
    """
    lines: dict[tuple[str, str], Counter[str]] = defaultdict(Counter)
    for row in noted.rows:
        lots = [ALL, noted.responsible[row.id]]
        if row.entry.provider:
            lots.append(("provider", row.entry.provider))
        figures = Counter(_marks(row, quarter, workdays, day))
        figures["reminders"] += noted.reminders.get(row.id, 0)
        for lot in lots if figures.total() else ():
            lines[lot].update(figures)
    for letter in noted.letters:
        for lot in {ALL, letter.who}:
            lines[lot].update(sent_back=letter.sent_back, wrong=letter.wrong)
    order = sorted(lines.keys() - {ALL}, key=lambda who: (WHO.index(who[0]), who[1].casefold()))
    every = tuple(_line(who, lines[who]) for who in (ALL, *order) if who == ALL or lines[who].total())
    return Quality(quarter, day, every, DEFINITIONS)


def _line(who: tuple[str, str], figures: Mapping[str, int]) -> QualityLine:
    kind, name = who
    return QualityLine(kind, name, *(figures.get(one.name, 0) for one in fields(QualityLine)[2:]))


def _marks(row: Row, quarter: Quarter, workdays: Workdays, day: date) -> Iterator[str]:
    """ "due" and how it went, for each mark of a row whose report day lies in the quarter and has passed."""
    if row.entry.judgment:
        return
    received = {report.k: report.day for report in row.reports}
    months = count(row)
    k = max(1, months.last_passed(quarter.first) - 1)
    while (report_day := workdays.report_day(months.mark(k))) <= quarter.last:
        mark, k = months.mark(k), k + 1
        closed = row.closing is not None and row.closing.on <= mark
        if report_day < quarter.first or report_day > day or closed or (mark < row.silent_before and k - 1 not in received):
            continue
        yield "due"
        yield _how(received.get(k - 1), report_day, months.after(months.step * k - 1), day)


def _how(came: date | None, report_day: date, next_follow_up: date, day: date) -> str:
    if came is not None and came < next_follow_up:
        return "on_time" if came <= report_day else "late"
    return "missing" if came is not None or day >= next_follow_up else "waiting"


def common_flaws(titles: Iterable[Sequence[Flaw]]) -> tuple[Flaws, ...]:
    """ "Vanligaste felen": how many letters of a month had each flaw, the commonest first. No person and no text is in it."""
    found = Counter(flaw for flaws in titles for flaw in set(flaws))
    return tuple(Flaws(flaw, number) for flaw, number in sorted(found.items(), key=lambda one: (-one[1], one[0].value)))

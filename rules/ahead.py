"""What lies ahead of a row, in Swedish words: its marks with IVO's windows, the next report, who gets a mail and why, the fee."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from rules.asked import asked
from rules.duty import People, Recipients, address
from rules.explain import long_date, months_words, start_words, weekday
from rules.facts import in_force
from rules.mark import add_months, count
from rules.milestone import Duty
from rules.model import KIND_WORD, Row, Sort
from rules.plan import Event
from rules.routine import MANAGER, OFFICER, OWNER, PROVIDER, REPORTER, Routine
from rules.standing import awaited, reported, taken_as_reported
from rules.window import Quarter as Q
from rules.window import Window, counted_through, window_of
from rules.workday import Workdays


@dataclass(frozen=True, slots=True)
class MarkAhead:
    """A mark with what follows from it. `sum`: how it is counted. `window`: when it is reported to IVO. `standing`: whether it is."""

    k: int
    mark: date
    sum: str
    refs: tuple[str, ...]
    window: Window
    standing: str


def marks(row: Row, workdays: Workdays, cut_off: str, today: date, last: date) -> Iterator[MarkAhead]:
    """The latest passed mark, then every mark through `last`; of a closed row those before its closing day."""
    counted = count(row)
    k = max(1, counted.last_passed(today))
    while (mark := counted.mark(k)) <= last and (row.closing is None or mark < row.closing.on):
        before, after = workdays.summary_day(mark), workdays.report_day(mark)
        sum_ = (
            f"{months_words(row, counted, counted.step * k)}; sista arbetsdag innan = {_full(before)}; "
            f"nästkommande arbetsdag = {_full(after)}"
        )
        refs = (_limit_ref(row), _ref("counting_months", mark), _ref("days_off", mark))
        yield MarkAhead(k, mark, sum_, refs, window_for(mark, cut_off), standing(row, k, today))
        k += 1


def window_for(mark: date, cut_off: str) -> Window:
    """IVO's window in which a mark is reported. cut_off: `quarter_end`, or `window_end`, which lets it into one that is open."""
    early = window_of(Q.of(mark).former)
    return early if mark <= counted_through(early, cut_off) else window_of(Q.of(mark))


def standing(row: Row, k: int, today: date) -> str:
    """Whether the k:th mark is reported."""
    if row.entry.judgment:
        return "en dom rapporteras inte"
    found = next((report for report in row.reports if report.k == k), None)
    if found:
        return f"rapporterad: {KIND_WORD[found.kind].lower()} inkom {long_date(found.day)}"
    if taken_as_reported(row, k):
        return f"räknas som rapporterad: gränsen låg före {long_date(row.silent_before)}, när raden kom in i registret"
    return "har passerat utan rapport" if count(row).mark(k) < today else "ingen rapport ännu"


def next_report(row: Row, workdays: Workdays, today: date) -> str:
    """What is asked for next, with its ready title."""
    if row.entry.judgment:
        return "Ingen: en dom följs, men rapporteras inte."
    if row.closing is not None and (reported(row, 0) or row.closing.on <= count(row).mark(1)):
        return "Ingen: slutrapporten har kommit." if reported(row, 0) else "Ingen: stängt inom tre månader, så det ska inte rapporteras."
    wanted = asked(row, workdays, today)
    when = f"tas emot från {_full(wanted.earliest)}" if wanted.earliest else "kan skickas nu"
    late = " En gräns har passerat utan rapport." if row.closing is None and awaited(row, today) else ""
    return f"{wanted.title} ({when}).{late}"


def duty_words(row: Row, routine: Routine) -> str:
    """Which rule of the routine says who sends the report."""
    number, rule = next((n, rule) for n, rule in enumerate(routine.duty, 1) if rule.fits(row.entry))
    who = "handläggaren" if rule.owner == OFFICER else routine.roles.get(rule.owner, rule.owner)
    return f"{who} skickar rapporten: ansvarsregel {number} ([[duty]]) gäller {_meant(rule)}"


def _meant(rule: Duty) -> str:
    parts = [", ".join(rule.insats), f"form {', '.join(rule.form)}" if rule.form else ""]
    parts += ["" if rule.external is None else "extern utförare" if rule.external else "kommunens egen utförare"]
    parts += [{"decision": "beslut", "interruption": "avbrott"}.get(rule.sort or "", "")]
    return ", ".join(part for part in parts if part) or "alla som ingen tidigare regel gäller"


def whom(event: Event, to: Recipients, routine: Routine, people: People) -> Iterator[str]:
    """Each recipient of a mail, why that one, and the setting that decides it."""
    entry, instead, told = event.row.entry, ", ".join(people.reporter), False
    for copy, roles in (("till", event.milestone.to), ("kopia till", event.milestone.cc)):
        for role in roles:
            real = routine.owner(entry) if role == OWNER else role
            why = " (den som skickar rapporten)" if role == OWNER else ""
            found = instead if real == REPORTER else address(role, entry, routine, people, event.day)
            if not found and real == PROVIDER:
                continue
            if copy == "till":
                told = True
            elif not set(people.reporter if found in ("", instead) else (found,)) & set(to.cc):
                continue  # gets the mail already
            if real == REPORTER:
                yield f"{copy} {instead}: IVO-rapportören; [people] reporter"
            elif found:
                yield f"{copy} {found}: {_role(real, routine)}{why}; {_setting(real, found, event, people)}"
            else:
                setting = _setting(real, "", event, people)
                yield f"{copy} {instead}: IVO-rapportören, för {_role(real, routine)}{why} saknar känd adress; {setting}"
    if not told:
        yield f"till {instead}: IVO-rapportören, för ingen annan har en känd adress; [people] reporter"


def _role(role: str, routine: Routine) -> str:
    return {OFFICER: "handläggaren", MANAGER: "chefen", PROVIDER: "utföraren"}.get(role, routine.roles.get(role, role))


def _setting(role: str, found: str, event: Event, people: People) -> str:
    if role == PROVIDER:
        return "registrets kolumn Utförare"
    if role != OFFICER:
        return f"[people] {role}"
    known = people.officers.get(" ".join(event.row.entry.officer.lower().split()))
    if known is None:
        return "registrets kolumn Handläggare, [people.officers]"
    return "[people.officers], ersättare under frånvaro" if found == known.substitute != known.address else "[people.officers]"


def fee(row: Row) -> Iterator[str]:
    """Until when a court can be asked for a fee, and how large it can be: by the law of the decision's day."""
    entry = row.entry
    decided = entry.decision_date or entry.start
    if row.first_mark is not None:
        yield "Okänd: beslutets dag är inte känd förrän registret har ärendet."
        return
    if entry.judgment and entry.judgment_final is None:
        yield "Okänd: dagen då domen vann laga kraft saknas i registret."
    else:
        begins = entry.judgment_final if entry.judgment and entry.judgment_final else entry.start
        word = f"laga kraft {long_date(begins)}" if entry.judgment else start_words(row)
        rule = in_force("fee_application", _known(begins))
        last = add_months(begins, 12 * int(rule.values["years"]))
        yield f"{word} + {rule.values['years']} år = {_full(last)}: senast då ska ansökan om avgift delges [{rule.ref}, {_at(begins)}]"
    size = in_force("fee", _known(decided))
    low, high = (f"{size.values[name]:,}".replace(",", " ") for name in ("lowest", "highest"))
    of = "avbrottets dag, för beslutets saknas" if entry.sort is Sort.INTERRUPTION and not entry.decision_date else "beslutets dag"
    yield f"{low}–{high} kr, efter {of} [{size.ref}, {_at(decided)}]"


def _known(day: date) -> date:
    return max(day, in_force("lss", date.max).since)


def _limit_ref(row: Row) -> str:
    return f"{in_force('report_limit', _known(row.entry.start)).ref}, {_at(row.entry.start)}"


def _ref(name: str, day: date) -> str:
    return f"{in_force(name, day).ref}, {_at(day)}"


def _at(day: date) -> str:
    return f"som den gäller {day.isoformat()}"


def _full(day: date) -> str:
    return f"{weekday(day)} {long_date(day)}"

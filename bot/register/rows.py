"""One raw row → an entry with its warnings, or the faults for which it is refused."""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import lru_cache, partial
from typing import TYPE_CHECKING

from bot.register import values
from bot.register.columns import DATES, Columns
from bot.register.days import day
from bot.register.findings import judged, written
from bot.register.insats import Insats, form, insats, other_law
from bot.register.person import is_person, may_be_person, person
from bot.register.table import Cell
from bot.register.values import Unread
from rules.facts import in_force
from rules.model import Entry, Sort
from rules.window import Quarter

if TYPE_CHECKING:
    from rules.title import Insatser

REMEMBERED = 8192  # cells of a column kind; a register repeats its days, insatser and names
BEFORE_LSS = "Datumet är före den 1 januari 1994, då LSS började gälla."
NO_START = "Beslutsdatum eller datum för avbrott saknas."
NO_CASE = "Ärendenummer saknas."
PERSON_AS_CASE = "Ärendenumret ser ut som ett personnummer; använd en beteckning som inte pekar ut någon."
YES_IS_NO_DAY = "Ange dagen, inte bara ja; skriv den som ÅÅÅÅ-MM-DD."


@dataclass(slots=True)
class Reading:
    """What a row gives: an entry or none, faults as (field, reason), warning codes; `case` as far as it was read."""

    entry: Entry | None = None
    case: str = ""
    faults: list[tuple[str, str]] = field(default_factory=list)
    codes: list[str] = field(default_factory=list)


class RowReader:
    """Reads the rows of one file. What it remembers of cells goes with it; identity numbers it never remembers."""

    def __init__(
        self,
        columns: Columns,
        *,
        today: date,
        hash_person: Callable[[str], str],
        quarter: Quarter | None = None,
        officers: Collection[str] | None = None,
        names: "Insatser | None" = None,
    ) -> None:
        remember = lru_cache(maxsize=REMEMBERED, typed=True)
        self._at = columns.at
        self._dates = sorted(columns.dates)
        self._today = today
        self._hash = hash_person
        self._quarter = quarter
        self._officers = None if officers is None else frozenset(written(name) for name in officers)
        self._first_day = in_force("lss", date.max).since
        self._day = remember(partial(day, today=today))
        self._insats = remember(partial(insats, today=today, names=names))
        self._form = remember(form)
        self._flag = remember(values.flag)
        self._external = remember(values.external)
        self._sex = remember(values.sex)
        self._said = remember(_said)
        self._contact = remember(_contact)

    def read(self, cells: Sequence[Cell]) -> Reading:
        """Reads one row. A row of another law than LSS gives neither an entry nor a fault, but the warning not_lss."""
        got = {name: cells[place] for name, place in self._at.items() if place < len(cells) and cells[place] != ""}
        reading = Reading()
        if "law" in got and other_law(got["law"]):
            reading.codes.append("not_lss")
            return reading
        case = self._case(got, reading)
        what = self._what(got, reading)
        decision = self._date("decision", got, reading, start=True)
        interruption = self._date("interruption", got, reading, start=True)
        executed = self._date("executed", got, reading)
        ended = self._date("ended", got, reading)
        start = interruption or decision
        if start is None and not any(name in ("decision", "interruption") for name, _ in reading.faults):
            reading.faults.append(("decision" if "decision" in self._at else "interruption", NO_START))
        if reading.faults or start is None or what is None:
            return reading
        protected = "protected" in got and values.protected(got["protected"])
        judgment, judgment_final = self._judgment(got, reading)
        alias = values.text(got["alias"])[:200] if "alias" in got else ""
        sort = Sort.DECISION if interruption is None else Sort.INTERRUPTION
        officer = self._text("officer", got, reading, self._contact)
        entry = Entry(
            case=case,
            insats=what.code,
            sort=sort,
            start=start,
            form=self._which(got, what, reading),
            decision_date=decision,
            officer=officer,
            unit=self._text("unit", got, reading, self._said),
            provider=self._text("provider", got, reading, self._contact),
            external=self._yes("external", got, reading, self._external),
            advance_ruling=values.advance_ruling(got.get("advance_ruling", "")) if "advance_ruling" in self._at else None,
            sex=self._sex(got["sex"]) if "sex" in got else "",
            executed=executed,
            ended=ended,
            partly_from=self._soft("partly_from", got, reading),
            cause=self._text("cause", got, reading, self._said),
            protected=protected,
            alias=alias,
            relative=self._yes("relative", got, reading, self._flag),
            judgment=judgment,
            judgment_final=judgment_final,
            person=self._person(got, reading),
            previous=self._previous(got, reading),
            valid_from=self._soft("valid_from", got, reading),
            dates=tuple((name, day) for name in self._dates if (day := self._soft(DATES + name, got, reading))),
        )
        reading.codes += judged(entry, today=self._today, quarter=self._quarter, officers=self._officers)
        reading.entry = entry
        return reading

    def _case(self, got: Mapping[str, Cell], reading: Reading) -> str:
        said = values.case(got.get("case", ""))
        if isinstance(said, Unread):
            reading.faults.append(("case", said.reason))
        elif not said:
            reading.faults.append(("case", NO_CASE))
        elif is_person(said, self._today):
            reading.faults.append(("case", PERSON_AS_CASE))
        else:
            reading.case = said
        return reading.case

    def _what(self, got: Mapping[str, Cell], reading: Reading) -> Insats | None:
        """The insats; a column for the law helps where the insats column says a local name, and must not contradict it."""
        said = self._insats(got.get("insats", ""))
        law = self._insats(got["law"]) if "law" in got else None
        if isinstance(said, Unread):
            if isinstance(law, Insats):
                return law
            reading.faults.append(("insats", said.reason))
            return None
        if isinstance(law, Insats) and law.code != said.code:
            reading.faults.append(("insats", "Insatsen och lagrummet säger olika insatser."))
            return None
        return said

    def _date(self, name: str, got: Mapping[str, Cell], reading: Reading, *, start: bool = False) -> date | None:
        """A day on which the row hangs: what cannot be read refuses the row."""
        if name not in got:
            return None
        found = self._day(got[name])
        if isinstance(found, Unread):
            yes = self._flag(got[name])
            reading.faults.append((name, YES_IS_NO_DAY if yes else found.reason))
            return None
        if found is not None and start and found < self._first_day:
            reading.faults.append((name, BEFORE_LSS))
        return found

    def _soft(self, name: str, got: Mapping[str, Cell], reading: Reading) -> date | None:
        """A day that the row can do without: what cannot be read is a warning."""
        found = self._day(got[name]) if name in got else None
        if isinstance(found, Unread):
            reading.codes.append("unreadable_date")
            return None
        return found

    def _judgment(self, got: Mapping[str, Cell], reading: Reading) -> tuple[bool, date | None]:
        said = self._flag(got["judgment"]) if "judgment" in got else False
        if said is not None:
            return said, None
        return True, self._soft("judgment", got, reading)

    def _yes(self, name: str, got: Mapping[str, Cell], reading: Reading, read: Callable[[Cell], bool | None]) -> bool:
        found = read(got[name]) if name in got else False
        if found is None:
            reading.codes.append("unclear_yes_no")
        return bool(found)

    def _text(self, name: str, got: Mapping[str, Cell], reading: Reading, read: Callable[[Cell], str | None]) -> str:
        found = read(got[name]) if name in got else ""
        if found is None:
            reading.codes.append("personal_data")
        return found or ""

    def _previous(self, got: Mapping[str, Cell], reading: Reading) -> str:
        said = values.case(got["previous"]) if "previous" in got else ""
        if isinstance(said, Unread) or is_person(said, self._today):
            reading.codes.append("unusable_previous_case")
            return ""
        return said

    def _which(self, got: Mapping[str, Cell], what: Insats, reading: Reading) -> str:
        key, unknown = self._form(got["form"], what.code) if "form" in got else ("", False)
        if unknown:
            reading.codes.append("unknown_form")
        return key or what.form

    def _person(self, got: Mapping[str, Cell], reading: Reading) -> str:
        found = person(got["person"], self._today, self._hash) if "person" in got else ""
        if found is None:
            reading.codes.append("unusable_identity_number")
        return found or ""


def _said(cell: Cell) -> str | None:
    """A text of at most 300 characters; None for an identity number, which has no place there."""
    said = values.text(cell)
    return None if may_be_person(said) else said[:300]


def _contact(cell: Cell) -> str | None:
    said = values.contact(cell)
    return None if may_be_person(said) else said

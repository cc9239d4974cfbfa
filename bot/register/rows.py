"""One raw row → an entry with its warnings, or the faults for which it is refused."""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import lru_cache, partial
from typing import TYPE_CHECKING, Any

from bot.register import values
from bot.register.columns import Columns
from bot.register.days import day
from bot.register.findings import judged, written
from bot.register.insats import Insats, form, insats, other_law
from bot.register.person import is_person
from bot.register.soft import Said, judgment, soft_columns
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
HARD_DAYS = {"decision": True, "interruption": True, "executed": False, "ended": False}  # field → whether it is a start


@dataclass(slots=True)
class Reading:
    """What a row gives: an entry or none, faults as (field, reason), warning codes; `case` as far as it was read."""

    entry: Entry | None = None
    case: str = ""
    faults: list[tuple[str, str]] = field(default_factory=list)
    codes: list[str] = field(default_factory=list)


class RowReader:
    """Reads the rows of one file. What it remembers of cells goes with it; identity numbers it never remembers.

    An empty cell costs nothing, and a cell that came before in its column little: a register is long, but says the same things again.
    """

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
        self._width = max(columns.at.values(), default=-1) + 1
        self._today = today
        self._quarter = quarter
        self._officers = None if officers is None else frozenset(written(name) for name in officers)
        self._first_day = in_force("lss", date.max).since
        self._day = remember(partial(day, today=today))
        self._insats = remember(partial(insats, today=today, names=names))
        self._form = remember(form)
        self._other_law = remember(other_law)
        self._days = [(name, columns.at[name], start) for name, start in HARD_DAYS.items() if name in columns.at]
        self._soft = soft_columns(columns.at, self._day, today, hash_person, remember)
        # Whether there was an advance ruling is known only where the register has a column for it.
        self._always: Mapping[str, Any] = {"advance_ruling": False} if "advance_ruling" in columns.at else {}

    def read(self, cells: Sequence[Cell]) -> Reading:
        """Reads one row. A row of another law than LSS gives neither an entry nor a fault, but the warning not_lss."""
        if len(cells) < self._width:
            cells = [*cells, *[""] * (self._width - len(cells))]
        reading = Reading()
        law: Cell = cells[self._at["law"]] if "law" in self._at else ""
        if law != "" and self._other_law(law):
            reading.codes.append("not_lss")
            return reading
        self._case(cells[self._at["case"]], reading)
        what = self._what(cells[self._at["insats"]], law, reading)
        days = self._hard_days(cells, reading)
        start = days.get("interruption") or days.get("decision")
        if start is None and not any(name in ("decision", "interruption") for name, _ in reading.faults):
            reading.faults.append(("decision" if "decision" in self._at else "interruption", NO_START))
        if reading.faults or start is None or what is None:
            return reading
        entry = Entry(
            case=reading.case,
            insats=what.code,
            sort=Sort.DECISION if days.get("interruption") is None else Sort.INTERRUPTION,
            start=start,
            form=self._which(cells, what, reading),
            decision_date=days.get("decision"),
            executed=days.get("executed"),
            ended=days.get("ended"),
            **self._others(cells, reading),
        )
        reading.codes += judged(entry, today=self._today, quarter=self._quarter, officers=self._officers)
        reading.entry = entry
        return reading

    def _case(self, cell: Cell, reading: Reading) -> None:
        said = values.case(cell)
        if isinstance(said, Unread):
            reading.faults.append(("case", said.reason))
        elif not said:
            reading.faults.append(("case", NO_CASE))
        elif is_person(said, self._today):
            reading.faults.append(("case", PERSON_AS_CASE))
        else:
            reading.case = said

    def _what(self, cell: Cell, law_cell: Cell, reading: Reading) -> Insats | None:
        """The insats; a column for the law helps where the insats column says a local name, and must not contradict it."""
        said = self._insats(cell)
        law = self._insats(law_cell) if law_cell != "" else None
        if isinstance(said, Unread):
            if isinstance(law, Insats):
                return law
            reading.faults.append(("insats", said.reason))
            return None
        if isinstance(law, Insats) and law.code != said.code:
            reading.faults.append(("insats", "Insatsen och lagrummet säger olika insatser."))
            return None
        return said

    def _hard_days(self, cells: Sequence[Cell], reading: Reading) -> dict[str, date]:
        """The days on which a row hangs: what cannot be read refuses the row."""
        days: dict[str, date] = {}
        for name, place, start in self._days:
            if (cell := cells[place]) == "":
                continue
            found = self._day(cell)
            if isinstance(found, Unread):
                reading.faults.append((name, YES_IS_NO_DAY if values.flag(cell) else found.reason))
            elif found is not None:
                days[name] = found
                if start and found < self._first_day:
                    reading.faults.append((name, BEFORE_LSS))
        return days

    def _which(self, cells: Sequence[Cell], what: Insats, reading: Reading) -> str:
        if "form" not in self._at or (cell := cells[self._at["form"]]) == "":
            return what.form
        key, unknown = self._form(cell, what.code)
        if unknown:
            reading.codes.append("unknown_form")
        return key or what.form

    def _others(self, cells: Sequence[Cell], reading: Reading) -> dict[str, Any]:
        """Everything that a row can do without: what cannot be read there is a warning."""
        found: dict[str, Any] = dict(self._always)
        dates: list[tuple[str, date]] = []
        for column in self._soft:
            if (cell := cells[column.place]) == "":
                continue
            said: Said = column.read(cell)
            if said.code:
                reading.codes.append(said.code)
            if said.value:
                if column.date:
                    dates.append((column.date, said.value))
                else:
                    found[column.field] = said.value
        if dates:
            found["dates"] = tuple(dates)
        if "judgment" in self._at and (cell := cells[self._at["judgment"]]) != "":
            found["judgment"], final = judgment(cell, self._day)
            found["judgment_final"] = final.value
            reading.codes += [final.code] if final.code else []
        return found

"""What is to be reported in IVO's open or next window as lists, and the line that is documented when it is done."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from rules.model import KIND_WORD, OUTCOME_WORD, Kind, Row, Sort
from rules.options import text
from rules.sheet.model import Target
from rules.sheet.targets import Ticked, final_done, targets
from rules.window import Window, counted_through, current_window


@dataclass(frozen=True, slots=True)
class Item:
    """One report that is not yet reported to IVO."""

    row: Row
    target: Target


@dataclass(frozen=True, slots=True)
class Work:
    """The lists of a window; in each, those whose letter has come stand first, the oldest first. Final reports do not wait for it."""

    window: Window
    new: tuple[Item, ...]
    follow_up: tuple[Item, ...]
    final: tuple[Item, ...]

    @property
    def items(self) -> tuple[Item, ...]:
        """All of them."""
        return (*self.new, *self.follow_up, *self.final)


def work(rows: Iterable[Row], ticked: Ticked, today: date, cut_off: str = "quarter_end") -> Work:
    """Gives the work lists of a day. What an earlier window left behind is there too; what is ticked off is not.

    cut_off: what the window counts (`quarter_end` or `window_end`). A report before one that is ticked off counts as reported with it, and
    a row that was closed before it entered the register is not asked for.
    """
    window = current_window(today)
    last = counted_through(window, cut_off)
    found: dict[Kind, list[Item]] = {kind: [] for kind in Kind}
    for row in rows:
        if row.entry.judgment or final_done(row, ticked):
            continue
        for target in waiting(row, ticked, today):
            if target.k == 0 and (target.letter or target.day >= row.silent_before):
                found[Kind.FINAL].append(Item(row, target))
            elif target.k and target.day <= last:
                found[target.kind].append(Item(row, target))
    for listed in found.values():
        listed.sort(key=lambda item: (not item.target.letter, item.target.day, item.row.id))
    return Work(window, tuple(found[Kind.NEW]), tuple(found[Kind.FOLLOW_UP]), tuple(found[Kind.FINAL]))


def waiting(row: Row, ticked: Ticked, today: date) -> tuple[Target, ...]:
    """The reports of a row that are not reported to IVO, the final one last."""
    found = targets(row, ticked, today)
    done = max((target.k for target in found if target.reported), default=0)
    return tuple(target for target in found if target.reported is None and not 0 < target.k < done)


def documented(row: Row, target: Target, day: date) -> str:
    """The line for the journal heading "Ej verkställda beslut" when a report is reported to IVO; without case and person.

    day: the day on which it was ticked off.
    """
    entry = row.entry
    began = "avbrott från" if entry.sort is Sort.INTERRUPTION else "beslut"
    about = text(entry.insats, entry.form) + ("" if row.provisional else f", {began} {entry.start}")
    if target.outcome is None:
        return f"{day}: Rapporterat till IVO. {KIND_WORD[target.kind]} för {target.day}: {about}."
    new = " Beslutet var inte rapporterat tidigare." if target.kind is Kind.NEW else ""
    return f"{day}: Rapporterat till IVO att beslutet är {OUTCOME_WORD[target.outcome]} {target.day}: {about}.{new}"

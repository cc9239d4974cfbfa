"""What the register says otherwise of a quarter that was frozen. The frozen figures stay; the differences are told beside them."""

from collections.abc import Collection, Iterable, Mapping, Sequence

from rules.model import Row
from rules.report.lists import Change
from rules.report.values import Reader
from rules.report.words import name_of, word
from rules.stats import Counted, Figures, figures_of
from rules.window import Quarter

FIGURES = ("open", "interruptions_open", "executed", "ended", "reported")
"""Only what is always published is compared: a change of a hidden figure would reveal it."""
_STATE = {None: "ej verkställt", "executed": "verkställt", "ended": "avslutat"}


def changes(
    frozen: Sequence[Counted], now: Iterable[Counted], gone: Collection[int], quarter: Quarter, reader: Reader, rows: Mapping[int, Row]
) -> tuple[Change, ...]:
    """The figures that differ, by insats and then in total.

    gone: rows that were pruned since; they count as they were frozen. rows: of the register, for the cases that the board's own version
    names as the reason.
    """
    new = [*now, *(one for one in frozen if one.row in gone)]
    before, after = figures_of(frozen, quarter), figures_of(new, quarter)
    old_rows, new_rows = {row.insats: row for row in before.rows}, {row.insats: row for row in after.rows}
    reasons = _reasons(frozen, new, rows) if reader is Reader.INTERNAL else {}
    found: list[Change] = []
    for insats in sorted(old_rows.keys() | new_rows.keys(), key=lambda key: int(key.removeprefix("9§"))):
        found += _of(insats, old_rows.get(insats), new_rows.get(insats), reasons.get(insats, ()))
    return (*found, *_of("", before.total, after.total, ()))


def _of(insats: str, old: Figures | None, new: Figures | None, reasons: Sequence[str]) -> Iterable[Change]:
    because = f" {' '.join(reasons)}" if reasons else ""
    for name in FIGURES:
        was, is_ = (getattr(figures, name) if figures else 0 for figures in (old, new))
        if was != is_:
            yield Change(
                insats, name, was, is_, f"{name_of(insats)}, {word('figures', name)}: {was} när kvartalet frystes, nu {is_}.{because}"
            )
            because = ""  # the reasons are told once for each insats
    was_waits, now_waits = (_every(figures) for figures in (old, new))
    if old and new and old.open == new.open > 0 and was_waits != now_waits:
        said = f"{name_of(insats)}: väntetider är rättade sedan kvartalet frystes."
        yield Change(insats, "waits", max(was_waits), max(now_waits), said + because)


def _every(figures: Figures | None) -> tuple[int, ...]:
    return tuple(sorted((*figures.waits_days, *figures.waits_days_interruptions))) if figures else ()


def _reasons(frozen: Iterable[Counted], now: Iterable[Counted], rows: Mapping[int, Row]) -> dict[str, list[str]]:
    """What became of each row, by the insats under which it stands now."""
    old, new = {one.row: one for one in frozen}, {one.row: one for one in now}
    found: dict[str, list[str]] = {}
    for number in sorted(old.keys() | new.keys()):
        was, is_ = old.get(number), new.get(number)
        said = _reason(was, is_)
        if said and (one := is_ or was):
            name = f"Ärende {rows[number].entry.shown}" if number in rows else "Ett beslut"
            found.setdefault(one.insats, []).append(f"{name}: {said}.")
    return found


def _reason(was: Counted | None, is_: Counted | None) -> str:
    if was is None:
        return "tillkom efter frysningen"
    if is_ is None:
        return "räknas inte längre"
    if was.insats != is_.insats:
        return f"stod som {name_of(was.insats)}, nu {name_of(is_.insats)}"
    if was.outcome != is_.outcome:
        return f"var {_STATE[was.outcome]}, nu {_STATE[is_.outcome]}" + (f" {is_.closed_on}" if is_.closed_on else "")
    if was.start != is_.start:
        return f"datumet är rättat från {was.start} till {is_.start}"
    return ""

"""The sheets for IVO's e-service, made of the register, the letters and what is kept of their texts; and their pages in a folder."""

import re
from collections.abc import Sequence
from datetime import date, datetime
from pathlib import Path

from sqlalchemy import Connection

from bot.errors import ConfigError
from bot.jobs.kept import Opened, opened, role_of
from bot.jobs.office import Office
from bot.jobs.worklist import release_done
from bot.report.files import write_whole
from bot.sheets.page import page
from bot.store import audit, imports, jobs, kept
from bot.store import digest as living
from bot.store import engine as db
from rules.model import Kind, Outcome, Row
from rules.sheet import Given, Item, Sheet, Target, Work, merged, sheet, work
from rules.sheet.build import Former
from rules.sheet.work import waiting

_PAGE = re.compile(r"(?:brev|rad)-[1-9][0-9]{0,17}(?:-[0-9]{1,4})?\.html")
_DONE = "sheets"


def sheets(tx: Connection, office: Office, wanted: Sequence[Item], today: date) -> list[Sheet]:
    """The sheet of each wanted report, in their order. Raises ConfigError or SealError where kept texts do not open."""
    rows = {item.row.id: item.row for item in wanted}
    texts = opened(tx, office, rows)
    ticked = kept.ticked(tx, rows.values(), office.config.bot.timezone)
    return [sheet(_given(tx, office, item, texts.get(item.row.id, ()), ticked, today)) for item in wanted]


def _given(tx: Connection, office: Office, item: Item, texts: Sequence[Opened], ticked: dict[int, date], today: date) -> Given:
    row, target = item.row, item.target
    own = [each for each in texts if target.letter and each.about == target.letter]
    former = imports.former(tx, row.id) if target.kind is Kind.NEW else None
    if former is not None and former.closing is not None and former.closing.outcome is Outcome.EXECUTED:
        former = None
    before = [each for each in waiting(row, ticked, today) if each.letter and each.k and (each.k < target.k or not target.k)]
    return Given(
        row,
        target,
        today,
        items=merged([each.items for each in own]),
        role=role_of(office, row, own[0].sender, today) if own else None,
        last=_last(row, target, texts),
        former=former,
        board=office.config.report.board,
        cut_off=office.config.calendar.cut_off,
        unticked=tuple(each.day for each in before),
    )


def _last(row: Row, target: Target, texts: Sequence[Opened]) -> Former | None:
    """What the latest report before this one said, of those whose text is kept."""
    for report in sorted(row.reports, key=lambda one: -one.k):
        if report.k and (report.k < target.k or not target.k) and report.letter:
            said = [each for each in texts if each.about == report.letter]
            if whole := merged([each.items for each in said]):
                return Former(whole, said[0].day)
    return None


def work_lists(tx: Connection, office: Office, today: date) -> Work:
    """IVO's open or next window as lists, with the final reports that wait for no window."""
    rows = [*living.living_rows(tx), *kept.closed_by_letter(tx)]
    return work(rows, kept.ticked(tx, rows, office.config.bot.timezone), today, office.config.calendar.cut_off)


def write_sheets(office: Office, now: datetime) -> int:
    """Keeps one page for each open report in the configured folder; gives how many were written or taken away. May be run at any time.

    No page is made anew while the register, the ticks and the day are as they were at the last time. Reports that nobody works on any more
    are let go of.
    """
    release_done(office, now)
    folder = office.config.sheet.folder
    if folder is None:
        return 0
    today = office.today(now)
    with db.read(office.engine) as tx:
        state = f"{today} {audit.head(tx)} {kept.last_tick(tx)} {folder}"
        if jobs.recall(tx, _DONE) == state and folder.is_dir():
            return 0
        items = work_lists(tx, office, today).items
        pages = {name_of(item): page([one]) for item, one in zip(items, sheets(tx, office, items, today), strict=True)}
    changed = _write(folder, pages)
    with db.write(office.engine) as tx:
        jobs.remember(tx, _DONE, state)
    return changed


def name_of(item: Item) -> str:
    """The file of a report's page: the letter's number in the ledger, or the row's with its mark; never a received text."""
    target = item.target
    return f"brev-{target.letter}.html" if target.letter else f"rad-{item.row.id}-{target.k}.html"


def _write(folder: Path, pages: dict[str, str]) -> int:
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        mode = folder.stat().st_mode
        if mode & 0o007:
            raise ConfigError(f"[sheet] folder {folder} is open to others, and the pages are secret; run: chmod o= {folder}")
        there = {path.name: path for path in folder.iterdir() if _PAGE.fullmatch(path.name)}
        changed = 0
        for name, html in pages.items():
            content = html.encode("utf-8")
            if name not in there or there[name].read_bytes() != content:
                write_whole(folder / name, content)
                (folder / name).chmod(0o600 | mode & 0o040)  # whom the folder lets in may read
                changed += 1
        for name in there.keys() - pages.keys():
            there[name].unlink(missing_ok=True)
            changed += 1
    except OSError as error:
        why = error.strerror or type(error).__name__
        raise ConfigError(f"[sheet] folder {folder} cannot be written ({why}); choose another one or mend its rights.") from None
    return changed

"""`ivobot report`: the quarterly report for each of its readers, as JSON or as documents; and freezing a quarter."""

import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from bot.cli import build
from bot.cli.progress import working
from bot.cli.report_input import read
from bot.cli.report_json import as_json
from bot.config.sections import FORMATS
from bot.errors import BotError, ConfigError
from bot.jobs.quarter import freeze, quarterly
from bot.store import engine as db
from rules.report.values import QuarterReport, Reader
from rules.window import Quarter


@dataclass(frozen=True, slots=True)
class Wanted:
    """What the command was told. `formats`, `readers`: names with commas, "" for the default."""

    formats: str = ""
    readers: str = ""
    internal: bool = False
    out: Path | None = None
    input: Path | None = None
    freeze: bool = False


def run(config_file: Path | None, name: str, wanted: Wanted, now: str = "") -> None:
    """Makes the reports of a quarter and prints or writes them. Raises ConfigError for what cannot be asked for."""
    quarter, readers = parse(name), _readers(wanted)
    config = build.configuration(config_file)
    formats = _formats(wanted, config.report.formats)
    writing = wanted.out is not None
    if not writing and (formats != ["json"] or len(readers) != 1):
        raise ConfigError("Documents, and reports for several readers, need a folder: add --out DIR.")
    given = read(wanted.input)
    office = build.office(config)
    instant = build.instant(config, now)
    with working(f"{quarter}"):
        newly = freeze(office, quarter, given, instant) if wanted.freeze else False
        with db.read(office.engine) as tx:
            made = quarterly(tx, office, quarter, readers, given, instant)
        if wanted.freeze:
            _say(f"{quarter} is frozen now." if newly else f"{quarter} was frozen before; nothing was changed.")
        if made.kept and wanted.input and not newly:
            _say(f"{quarter} is frozen: what the input file gave then counts, not this one.")
        if wanted.out is None:
            print(as_json(made.reports[0]))
            return
        _write(made.reports, formats, wanted.out)


def parse(name: str) -> Quarter:
    """The quarter named. Raises ConfigError."""
    try:
        return Quarter.parse(name)
    except ValueError as error:
        raise ConfigError(f"That is no quarter: {error}.") from None


def _readers(wanted: Wanted) -> list[Reader]:
    if wanted.internal and wanted.readers:
        raise ConfigError("--internal means --for internal; keep one of them.")
    names = ["internal"] if wanted.internal else _names(wanted.readers) or ["fullmaktige"]
    for name in names:
        if name not in [*Reader]:
            raise ConfigError("--for takes fullmaktige, revisorer or internal, several with commas.")
    return [Reader(name) for name in names]


def _formats(wanted: Wanted, configured: Sequence[str]) -> list[str]:
    formats = _names(wanted.formats) or (["json"] if wanted.out is None else [*configured])
    for name in formats:
        if name not in FORMATS:
            raise ConfigError(f"--format takes {', '.join(FORMATS)}, several with commas.")
    return formats


def _names(text: str) -> list[str]:
    return [*dict.fromkeys(part.strip().lower() for part in text.split(",") if part.strip())]


def _write(reports: Sequence[QuarterReport], formats: Sequence[str], folder: Path) -> None:
    """Writes each report in each format, readable by the owner alone, and tells where. Document libraries are loaded in there."""
    from bot.report import file_name, write
    from bot.report.files import write_whole

    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError as error:
        raise BotError(f"The folder {folder} cannot be made ({error.strerror}); choose another --out or mend its rights.") from None
    for report in reports:
        for form in formats:
            if form == "json":
                path = folder / file_name(report, form)
                write_whole(path, (as_json(report) + "\n").encode())
            else:
                path = write(report, form, folder)
            print(path)


def _say(text: str) -> None:
    print(text, file=sys.stderr)

"""`ivobot support-bundle`: what a developer needs to help, in one ZIP file. Of texts only what is ours, and that scrubbed."""

import contextlib
import io
import json
import os
import platform
import sys
import zipfile
from collections.abc import Callable, Mapping
from datetime import datetime, time, timedelta
from importlib.metadata import distributions
from pathlib import Path
from typing import Any, Literal, get_origin

from pydantic.fields import FieldInfo

from bot.cli import build, check, look
from bot.config import Config
from bot.config.model import SECTIONS
from bot.errors import BotError
from bot.jobs.health import known
from bot.jobs.office import Office
from bot.logfile import last_lines
from bot.scrub import scrubbed
from bot.store import engine as db
from bot.store import health, jobs
from rules.health import judge

TABLES = ("register_row", "letter", "mail", "claim", "report", "audit", "import_run", "frozen_quarter", "trouble")


def bundle(config_file: Path | None, target: Path, lines: int, now: str) -> None:
    """Writes the file, for its owner's eyes. A part that cannot be made says so in its place; the others are made all the same."""
    config = build.configuration(config_file)
    instant = build.instant(config, now)
    parts: dict[str, Callable[[], object]] = {
        "versions.json": lambda: _versions(config),
        "configuration.json": lambda: configuration(config),
        "check.txt": lambda: _check(config_file),
    }
    if config.log.file:
        parts["log.txt"] = lambda: "\n".join(last_lines(config.log.file, config.log.keep, lines)) if config.log.file else ""
    try:
        office = build.office(config)
    except BotError as error:
        why = str(error)
        _write(target, parts | {"office.txt": lambda: why})
        return
    try:
        parts |= {
            "status.json": lambda: look.stand(office, instant),
            "health.json": lambda: _health(office, instant),
            "jobs.json": lambda: _jobs(office),
            "sizes.json": lambda: _sizes(office),
        }
        _write(target, parts)
    finally:
        office.mailbox.close()
        office.engine.dispose()


def _write(target: Path, parts: Mapping[str, Callable[[], object]]) -> None:
    try:
        with os.fdopen(os.open(target, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as file, zipfile.ZipFile(file, "w", 8) as made:
            for name, part in parts.items():
                made.writestr(name, _written(part))
    except OSError as error:
        raise BotError(f"{target} cannot be written ({error.strerror}); choose another place.") from None
    print(f"written: {target} ({', '.join(parts)}); it holds no personal data, but look through it before you send it")


def _written(part: Callable[[], object]) -> str:
    try:
        made = part()
    except BotError as error:
        made = f"not made: {error}"
    except Exception as error:
        made = f"not made: {type(error).__name__}"
    text = made if isinstance(made, str) else json.dumps(made, ensure_ascii=False, indent=1, default=str)
    return "\n".join(scrubbed(line) for line in text.splitlines()) + "\n"


def configuration(config: Config) -> Mapping[str, Mapping[str, object]]:
    """Each section's keys: numbers, times, flags and words from a fixed list as they are; of everything else only whether it is set."""
    found: dict[str, dict[str, object]] = {}
    for name, keys in SECTIONS.items():
        section = getattr(config, "register_file" if name == "register" else name)
        found[name] = {key: _told(field, getattr(section, key)) for key, field in keys.items() if hasattr(section, key)}
    return found


def _told(field: FieldInfo, value: Any) -> object:
    if isinstance(value, bool | int | time | timedelta) or value is None:
        return value if isinstance(value, bool | int | None) else str(value)
    if get_origin(field.annotation) is Literal:
        return value
    if isinstance(value, tuple | list | dict | Mapping):
        return f"{len(value)} entries"
    secret = value.get_secret_value() if hasattr(value, "get_secret_value") else value
    return "set" if str(secret) else "not set"


def _versions(config: Config) -> object:
    return {
        "python": sys.version,
        "platform": platform.platform(),
        "mailbox": config.mailbox.kind,
        "packages": dict(sorted((one.metadata["Name"], one.version) for one in distributions())),
    }


def _check(config_file: Path | None) -> str:
    """The lines of `ivobot check --offline`. What it finds in the configuration may name people: only how much that is."""
    said = io.StringIO()
    with contextlib.redirect_stdout(said):
        code = check.run(config_file, offline=True)
    lines = said.getvalue().splitlines()
    kept = [line for line in lines if not line.startswith("configuration:")]
    findings = sum(line.startswith("configuration:") and line != "configuration: ok" for line in lines)
    return "\n".join([f"exit code {code}", f"configuration: {findings} findings", *kept])


def _health(office: Office, now: datetime) -> object:
    return [{"code": i.code, "severity": i.severity, "text": i.text} for i in judge(known(office, now))]


def _jobs(office: Office) -> object:
    with db.read(office.engine) as tx:
        return {name: dict(row) for name, row in jobs.all_jobs(tx).items()}


def _sizes(office: Office) -> object:
    """Rows of each table, letters and mails by state, and how big the database and its disk are."""
    file = Path(db.file_of(office.engine))
    files = {end: Path(f"{file}{end}").stat().st_size for end in ("", "-wal", "-shm") if Path(f"{file}{end}").exists()}
    with db.read(office.engine) as tx:
        return {
            "migration": db.current(office.engine),
            "newest": db.HEAD,
            "rows": {table: tx.exec_driver_sql(f"SELECT count(*) FROM {table}").scalar() for table in TABLES},
            "letters": health.letters_by_verdict(tx),
            "mails": {f"{name} {state}": number for (name, state), number in health.mails_by_state(tx).items()},
            "database": {f"ivobot.db{end}": size for end, size in files.items()},
        }

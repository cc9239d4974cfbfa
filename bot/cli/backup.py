"""`ivobot backup`, `restore` and `db`: keeping the database, and bringing it back."""

from pathlib import Path

from bot.cli import build
from bot.jobs import backup as jobs
from bot.store import engine as db


def backup(config_file: Path | None, file: Path, now: str) -> None:
    """Writes a backup and says what must be kept apart."""
    config = build.configuration(config_file)
    instant = build.instant(config, now)
    key = jobs.backup(build.office(config), file, instant)
    print(f"Backup written to {file}.")
    if key is not None:
        print(f"It opens with the key in {key} only; keep the two apart, or set a passphrase under [backup].")


def restore(config_file: Path | None, file: Path, *, force: bool) -> None:
    """Puts a backup in place of the database and the keys, and says what people must do again."""
    config = build.configuration(config_file)
    taken = jobs.restore(config, file, force=force).astimezone(config.bot.timezone)
    print(f"The database and the keys are as they were {taken:%Y-%m-%d %H:%M}.")
    print("The next run asks the mailbox what came and what was sent since; nothing is sent twice.")
    print("What people did since at the command line, and register files imported since, must be done again.")


def upgrade(config_file: Path | None) -> None:
    """Brings the database to the newest schema."""
    config = build.configuration(config_file)
    engine = db.open_store(config.database.url.get_secret_value())
    print(f"The database stands at schema {db.current(engine)}.")
    engine.dispose()


def current(config_file: Path | None) -> None:
    """Prints the schema of the database and of this version, without changing anything."""
    config = build.configuration(config_file)
    found = db.looked_at(config.database.url.get_secret_value())
    print(f"database: schema {found or 'none'}; this version: schema {db.HEAD}")

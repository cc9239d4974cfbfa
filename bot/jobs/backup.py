"""Backup and restore: the database and the keys together, sealed in one file, since neither is of use without the other."""

import io
import os
import re
import secrets
import shutil
import sqlite3
import tarfile
import tempfile
from collections.abc import Iterator
from contextlib import closing
from datetime import datetime
from pathlib import Path

from bot.clock import local_day
from bot.config import Config
from bot.errors import BotError, ConfigError, StoreError
from bot.jobs.office import Office
from bot.log import Logger
from bot.seal import seal, unseal
from bot.store import engine as db
from bot.store import jobs

DATABASE = "ivobot.db"
RESTORED = "restored"
"""What is remembered after a restore: the instant of the backup, from which on the mailbox knows more than the database."""

_KEY = re.compile(r"keys/[a-z]+-[1-9][0-9]{0,5}\.key")
_NIGHTLY = re.compile(r"ivobot-[0-9]{4}-[0-9]{2}-[0-9]{2}\.backup")

log = Logger("backup")


def backup(office: Office, target: Path, now: datetime) -> Path | None:
    """Writes a backup, whole or not at all, while the service may be running. Gives the file of a new key, if one had to be made.

    Without [backup] passphrase each backup gets a key of its own beside it, FILE.key, to be kept apart. Raises BotError.
    """
    passphrase, key_file = office.config.backup.passphrase.get_secret_value(), None
    data_dir = office.config.bot.data_dir
    try:
        with tempfile.TemporaryDirectory(prefix=".backup-", dir=data_dir) as made:
            copy = Path(made) / DATABASE
            with closing(sqlite3.connect(db.file_of(office.engine))) as source, closing(sqlite3.connect(copy)) as copied:
                source.backup(copied)
                copied.execute("INSERT OR REPLACE INTO setting VALUES (?, ?)", (RESTORED, now.isoformat()))
                copied.commit()
                copied.execute("PRAGMA journal_mode=DELETE").close()
            if not passphrase:
                passphrase, key_file = secrets.token_urlsafe(32), target.with_name(f"{target.name}.key")
                _write_new(key_file, f"{passphrase}\n".encode())
            draft = target.with_name(f".{target.name}.{secrets.token_hex(4)}")
            with open(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
                seal(_packed([copy, *sorted((data_dir / "keys").glob("*.key"))], Path(made), data_dir), file, passphrase)
                file.flush()
                os.fsync(file.fileno())
            os.replace(draft, target)
    except (OSError, sqlite3.Error) as error:
        why = error.strerror if isinstance(error, OSError) else "the database cannot be read"
        raise BotError(f"The backup {target} cannot be written ({why}); see to disk and rights.") from None
    log.info("backup")
    return key_file


def _write_new(path: Path, content: bytes) -> None:
    with open(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as file:
        file.write(content)


def _packed(files: list[Path], made: Path, data_dir: Path) -> Iterator[bytes]:
    """The files as a tar archive, a piece at a time."""
    for file in files:
        entry = tarfile.TarInfo(str(file.relative_to(made if file.is_relative_to(made) else data_dir)))
        entry.size, entry.mode = file.stat().st_size, 0o600
        yield entry.tobuf(tarfile.PAX_FORMAT)
        with file.open("rb") as content:
            while piece := content.read(1 << 20):
                yield piece
        yield b"\0" * (-entry.size % tarfile.BLOCKSIZE)
    yield b"\0" * (2 * tarfile.BLOCKSIZE)


def restore(config: Config, source: Path, *, force: bool) -> datetime:
    """Puts a backup in place of what is there; gives the instant of the backup. Raises BotError, and then nothing was changed.

    What is there is kept beside it with `force`, and is an error without. The next run asks the mailbox what happened since the backup.
    """
    data_dir = config.bot.data_dir
    place = Path(db.path_of(config.database.url.get_secret_value()))
    if (place.exists() or (data_dir / "keys").exists()) and not force:
        raise ConfigError(f"There is a database or a key in {data_dir} already; stop the service, then use --force to set them aside.")
    try:
        data_dir.mkdir(mode=0o700, parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(prefix=".restore-", dir=data_dir) as made:
            _unpack(source, _passphrase(config, source), Path(made))
            taken = _proved(Path(made) / DATABASE)
            _set_aside(data_dir, place)
            place.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            (data_dir / "keys").mkdir(mode=0o700)
            for key in (Path(made) / "keys").glob("*.key"):
                os.replace(key, data_dir / "keys" / key.name)
            shutil.move(Path(made) / DATABASE, place)
            place.chmod(0o600)
    except OSError as error:
        raise BotError(f"The backup cannot be put back ({error.strerror}); see to disk and rights, nothing was lost.") from None
    return taken


def _passphrase(config: Config, source: Path) -> str:
    if given := config.backup.passphrase.get_secret_value():
        return given
    key = source.with_name(f"{source.name}.key")
    if not key.is_file():
        raise ConfigError(f"The backup needs its key; put {key.name} beside it, or set the passphrase under [backup].")
    return key.read_text("ascii", "replace").strip()


def _unpack(source: Path, passphrase: str, target: Path) -> None:
    (target / "keys").mkdir(mode=0o700)
    packed = target / "packed"
    with source.open("rb") as sealed, open(os.open(packed, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
        for piece in unseal(sealed, passphrase):
            file.write(piece)
    with tarfile.open(packed) as archive:
        for entry in archive:
            if not entry.isreg() or not (entry.name == DATABASE or _KEY.fullmatch(entry.name)):
                raise BotError("The backup holds a file that does not belong there; it was not made by ivobot.")
            content = archive.extractfile(entry) or io.BytesIO()
            with open(os.open(target / entry.name, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
                shutil.copyfileobj(content, file)
    packed.unlink()


def _proved(database: Path) -> datetime:
    """When a database was backed up. Raises StoreError when it is damaged or newer than the program."""
    try:
        with closing(sqlite3.connect(database)) as copy:
            whole = copy.execute("PRAGMA quick_check(1)").fetchone()[0] == "ok"
            version = copy.execute("SELECT version_num FROM alembic_version").fetchone()[0]
            taken = datetime.fromisoformat(copy.execute("SELECT value FROM setting WHERE name = ?", (RESTORED,)).fetchone()[0])
    except (sqlite3.Error, TypeError, ValueError):
        raise StoreError("The database in the backup is damaged; take an older backup.") from None
    if not whole:
        raise StoreError("The database in the backup is damaged; take an older backup.")
    if version > db.HEAD:
        raise StoreError(f"The backup was made by a newer ivobot (schema {version}, this one knows {db.HEAD}); install that version.")
    return taken


def _set_aside(data_dir: Path, place: Path) -> None:
    """Keeps what is there in a folder of its own."""
    there = [path for path in (data_dir / "keys", place, *(place.with_name(place.name + end) for end in ("-wal", "-shm"))) if path.exists()]
    if not there:
        return
    number = 1
    while (aside := data_dir / f"before-restore-{number}").exists():
        number += 1
    aside.mkdir(mode=0o700)
    for path in there:
        shutil.move(path, aside / path.name)


def nightly(office: Office, now: datetime) -> int:
    """The day's backup in the configured folder, from its hour, the oldest beyond `keep` taken away; gives how many were made."""
    config = office.config.backup
    day = local_day(now, office.config.bot.timezone)
    if config.folder is None or now < office.instant_at(config.at, now):
        return 0
    target = config.folder / f"ivobot-{day}.backup"
    with db.read(office.engine) as tx:
        if jobs.recall(tx, "backup") == str(day):
            return 0
    backup(office, target, now)
    with db.write(office.engine) as tx:
        jobs.remember(tx, "backup", str(day))
    for old in sorted(file for file in config.folder.iterdir() if _NIGHTLY.fullmatch(file.name))[: -config.keep]:
        old.unlink()
        old.with_name(f"{old.name}.key").unlink(missing_ok=True)
    return 1

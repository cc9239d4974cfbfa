"""Register files that somebody drops in a folder: imported, and moved to Klart or Fel with a report beside them."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

from bot.errors import RegisterError
from bot.jobs.importing import import_file, told
from bot.jobs.office import Office
from bot.log import Logger
from bot.render import passage
from rules.mails import FileTaken

ENDINGS = (".csv", ".txt", ".tsv", ".xlsx", ".xlsm", ".xls")
STILL = timedelta(seconds=5)  # a file that was written to just now may not be whole yet
DONE, FAILED = "Klart", "Fel"

log = Logger("dropped")


def take_dropped(office: Office, now: datetime) -> int:
    """Imports each file in the watched folder, oldest first; gives how many. Raises RegisterError when the folder cannot be used."""
    folder = office.config.register_file.watch
    if folder is None:
        return 0
    try:
        waiting = sorted(
            (f for f in folder.iterdir() if f.is_file() and f.suffix.lower() in ENDINGS), key=lambda f: (f.stat().st_mtime, f.name)
        )
        ready = [f for f in waiting if not timedelta() <= now - datetime.fromtimestamp(f.stat().st_mtime, UTC) < STILL]
        for file in ready:
            _take(office, file, now)
    except OSError as error:
        raise RegisterError(
            f"The folder {folder} cannot be used ({error.strerror}); see that it is there and can be written.", again=True
        ) from None
    return len(ready)


def _take(office: Office, file: Path, now: datetime) -> None:
    try:
        content, done = import_file(office, file, now)
    except RegisterError as error:
        if error.again:
            raise
        log.warning("file_refused")
        _move(file, FAILED, passage(FileTaken(refused=str(error)), "register"), now)
        return
    log.info("file_imported", count=done.created, changed=done.changed)
    _move(file, FAILED if content.errors else DONE, passage(told(content, done), "register"), now)


def _move(file: Path, where: str, said: str, now: datetime) -> None:
    """Moves a file into a subfolder under a name that overwrites nothing, its report first: a file that is left is simply taken again."""
    folder = file.parent / where
    folder.mkdir(exist_ok=True)
    name, number = file.name, 1
    while (folder / name).exists():
        number += 1
        name = f"{file.stem}-{number}{file.suffix}"
    (folder / f"{name}.rapport.txt").write_text(said, "utf-8")
    file.replace(folder / name)

"""The active routine, found by what the configuration says."""

from pathlib import Path
from typing import TYPE_CHECKING

from bot.config.model import Config
from bot.errors import ConfigError

if TYPE_CHECKING:
    from rules.routine import Routine

TEMPLATES = "mail_templates"  # the folder beside a routine file with the mails of its own


def active_routine(config: Config) -> "Routine":
    """The packaged routine of that name, or the one in the file with the mail templates beside it. Raises ConfigError, one line a fault."""
    from rules.routine import RoutineError

    try:
        return read_routine(config)
    except RoutineError as error:
        raise ConfigError(f"[bot] routine does not work; correct it: {error}") from None


def read_routine(config: Config) -> "Routine":
    """The active routine. Raises RoutineError for what is wrong in it, ConfigError for a file that cannot be read."""
    from rules.routine import packaged, parse

    name = config.bot.routine
    if not name.endswith(".toml"):
        return packaged(name)
    templates = Path(name).parent / TEMPLATES
    try:
        return parse(Path(name).read_text("utf-8-sig"), str(templates) if templates.is_dir() else "")
    except (OSError, UnicodeError):
        raise ConfigError(f"The routine file {name} cannot be read as UTF-8 text; correct [bot] routine, or the file.") from None

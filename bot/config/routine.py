"""The active routine, found by what the configuration says."""

from pathlib import Path
from typing import TYPE_CHECKING

from bot.config.model import Config
from bot.errors import ConfigError

if TYPE_CHECKING:
    from rules.routine import Routine


def active_routine(config: Config) -> "Routine":
    """The packaged routine of that name, or the one in the file. Raises ConfigError, one line a fault."""
    from rules.routine import RoutineError, packaged, parse

    name = config.bot.routine
    try:
        if not name.endswith(".toml"):
            return packaged(name)
        return parse(Path(name).read_text("utf-8-sig"))
    except RoutineError as error:
        raise ConfigError(f"[bot] routine does not work; correct it: {error}") from None
    except (OSError, UnicodeError):
        raise ConfigError(f"The routine file {name} cannot be read as UTF-8 text; correct [bot] routine, or the file.") from None

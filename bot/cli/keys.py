"""`ivobot keys rotate`: a new hash key."""

from pathlib import Path

from bot import keys
from bot.cli import build


def rotate(config_file: Path | None) -> None:
    """Makes a new key and says what follows."""
    config = build.configuration(config_file)
    place = keys.rotate(config.bot.data_dir)
    print(f"{place.name} is the key from the next start on. Import the register: its identity numbers move to it. Keep the older keys.")

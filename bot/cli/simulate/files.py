"""Files that a simulation leaves. They hold case numbers and addresses: only their owner may read them."""

import os
from pathlib import Path

from bot.errors import ConfigError


def refused(path: Path, error: OSError) -> ConfigError:
    """The error for a file or folder that cannot be used."""
    return ConfigError(f"{path} cannot be written or read ({error.strerror}); choose another place or mend its rights.")


def write_private(path: Path, content: bytes) -> None:
    """Writes a file for its owner's eyes. Raises ConfigError when it cannot be."""
    try:
        with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as file:
            file.write(content)
    except OSError as error:
        raise refused(path, error) from None

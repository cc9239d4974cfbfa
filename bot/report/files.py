"""A document's file: whole or not at all, and for its owner's eyes only."""

import os
import tempfile
from pathlib import Path

from bot.report.errors import ReportError


def write_whole(path: Path, content: bytes) -> None:
    """Writes a file beside its place and moves it there, so that nobody ever reads half of it. Raises ReportError."""
    try:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        handle, name = tempfile.mkstemp(dir=path.parent, prefix=".ivobot-")  # rights 0600, as its documentation promises
        try:
            with os.fdopen(handle, "wb") as file:
                file.write(content)
                file.flush()
                os.fsync(file.fileno())
            os.replace(name, path)
        except OSError:
            Path(name).unlink(missing_ok=True)
            raise
    except OSError as error:
        raise ReportError(f"{path} cannot be written ({error.strerror}); choose another folder or mend its rights.") from None

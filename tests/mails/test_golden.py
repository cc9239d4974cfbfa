"""The words of every mail, kept as files: a change of a template shows as a change of its golden files.

Rewrite them with `IVOBOT_UPDATE_GOLDEN=1 pytest tests/mails`, and read the difference before it is kept.
"""

import os
from pathlib import Path

import pytest

from bot.render import Rendered
from tests.mails.rendered import EVERY, Case

GOLDEN = Path(__file__).parent / "golden"
UPDATE = os.environ.get("IVOBOT_UPDATE_GOLDEN") == "1"


def _files(case: Case) -> dict[Path, str]:
    mail: Rendered = case.mail
    return {
        GOLDEN / f"{case.id}.txt": f"Ämne: {mail.subject}\n\n{mail.text}",
        GOLDEN / f"{case.id}.html": mail.html,
    }


@pytest.mark.parametrize("case", EVERY, ids=lambda case: case.id)
def test_golden(case: Case) -> None:
    """Subject, text and HTML are as they were read and approved."""
    for path, found in _files(case).items():
        if UPDATE:
            path.parent.mkdir(exist_ok=True)
            path.write_text(found, encoding="utf-8", newline="\n")
        assert path.exists(), f"{path.name} is missing: IVOBOT_UPDATE_GOLDEN=1 pytest tests/mails"
        assert found == path.read_text(encoding="utf-8")


def test_no_golden_file_is_left_over() -> None:
    """Each golden file belongs to a sample."""
    known = {path.name for case in EVERY for path in _files(case)}
    left = {path.name for path in GOLDEN.iterdir()} - known
    if UPDATE:
        for name in left:
            (GOLDEN / name).unlink()
        left = set()
    assert not left

"""Scenarios from the users' side: letters and days in, mails and folders out. Each file says which rule decides its steps."""

from pathlib import Path

import pytest

from tests.municipality import play

FLOWS = sorted((Path(__file__).parent / "flows").glob("*.json"))


@pytest.mark.parametrize("scenario", FLOWS, ids=lambda path: path.stem)
def test_flow(scenario: Path, tmp_path: Path) -> None:
    assert play(scenario, tmp_path) == []

"""The crash matrix on mail servers: a selection; `tests.crash.served` runs it whole."""

from pathlib import Path

import pytest

from tests.crash.served import Matrix


@pytest.mark.slow
@pytest.mark.timeout(900)
@pytest.mark.parametrize("kind", ["ews", "imap"])
def test_some_points(kind: str, tmp_path: Path) -> None:
    matrix = Matrix(kind, tmp_path)
    assert any("send" in name for step in matrix.points for name in step)
    cases = matrix.cases()
    chosen = [*cases[:: len(cases) // 20], *map(matrix.random_case, range(5))]
    assert [fault for kill in chosen for fault in matrix.faults(kill)] == []

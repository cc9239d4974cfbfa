"""The crash matrix on the embedded mailbox."""

import os
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context

import pytest

from tests.crash.maildir import Matrix

QUICK = 10  # points of the default run, spread over all
RANDOM = 200
Case = tuple[int | None, int | None, int]
"""Step and point, none for a random moment, and the number of the case."""


@pytest.fixture(scope="module")
def matrix(tmp_path_factory: pytest.TempPathFactory) -> Matrix:
    return Matrix(tmp_path_factory.mktemp("crash"))


def test_the_points_are_all_there(matrix: Matrix) -> None:
    """Every kind of lasting act is a point: an empty matrix would prove nothing."""
    passed = {name for step in matrix.points for name in step}
    assert {
        f"{when} {what}"
        for when in ("before", "after")
        for what in ("commit", "fsync", "rename", "link", "unlink", "file", "send", "delete")
    } <= passed
    last = matrix.expected[-1]
    assert any(str(row[0]).startswith("gallrad-") for row in last["rows"]) and any(row[0] == "" for row in last["letters"]), "it prunes too"
    assert sum(matrix.expected[-1]["sent"].values()) > 15 and len(matrix.expected[-1]["letters"]) == 11


def test_some_points(matrix: Matrix) -> None:
    cases = matrix.cases()
    assert [fault for n, point in cases[:: len(cases) // QUICK] for fault in matrix.killed_at(n, kill=point, to_the_end=True)] == []


def each(matrix: Matrix, cases: list[Case]) -> list[str]:
    """The faults of all cases, tried by as many processes as there are processors. Not by threads: a fork beside them may hang."""
    global _matrix
    _matrix = matrix
    with ProcessPoolExecutor(os.cpu_count(), get_context("fork")) as several:
        return [fault for found in several.map(_tried, cases) for fault in found]


_matrix: Matrix | None = None


def _tried(case: Case) -> list[str]:
    assert _matrix is not None
    n, point, number = case
    return _matrix.random_case(number) if n is None else _matrix.killed_at(n, kill=point, to_the_end=number % 10 == 0)


@pytest.mark.slow
@pytest.mark.timeout(2400)
def test_every_point(matrix: Matrix) -> None:
    assert each(matrix, [(n, point, number) for number, (n, point) in enumerate(matrix.cases())]) == []


@pytest.mark.slow
@pytest.mark.timeout(2400)
def test_random_moments(matrix: Matrix, figure: Callable[[str, object], None]) -> None:
    figure("kills at random moments", RANDOM)
    assert each(matrix, [(None, None, seed) for seed in range(RANDOM)]) == []

"""The crash matrix on the embedded mailbox."""

import os
from concurrent.futures import ThreadPoolExecutor

import pytest

from tests.crash.maildir import Matrix

QUICK = 25  # points of the default run, spread over all
RANDOM = 200


@pytest.fixture(scope="module")
def matrix(tmp_path_factory: pytest.TempPathFactory) -> Matrix:
    return Matrix(tmp_path_factory.mktemp("crash"))


def test_the_points_are_all_there(matrix: Matrix) -> None:
    """Every kind of lasting act is a point: an empty matrix would prove nothing."""
    passed = {name for step in matrix.points for name in step}
    assert {
        f"{when} {what}" for when in ("before", "after") for what in ("commit", "fsync", "rename", "link", "unlink", "file", "send")
    } <= passed
    assert sum(matrix.expected[-1]["sent"].values()) > 15 and len(matrix.expected[-1]["letters"]) == 11


def test_some_points(matrix: Matrix) -> None:
    cases = matrix.cases()
    assert [fault for n, point in cases[:: len(cases) // QUICK] for fault in matrix.killed_at(n, kill=point, to_the_end=True)] == []


@pytest.mark.slow
@pytest.mark.timeout(1200)
def test_every_point(matrix: Matrix) -> None:
    cases = list(enumerate(matrix.cases()))
    with ThreadPoolExecutor(os.cpu_count()) as several:
        found = several.map(lambda case: matrix.killed_at(*case[1][:1], kill=case[1][1], to_the_end=case[0] % 10 == 0), cases)
    assert [fault for each in found for fault in each] == []


@pytest.mark.slow
@pytest.mark.timeout(1200)
def test_random_moments(matrix: Matrix) -> None:
    with ThreadPoolExecutor(os.cpu_count()) as several:
        found = several.map(matrix.random_case, range(RANDOM))
    assert [fault for each in found for fault in each] == []

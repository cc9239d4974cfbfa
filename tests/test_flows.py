"""Scenarios from the users' side: letters and days in, mails and folders out. Each file says which rule decides its steps."""

import importlib
from pathlib import Path

import pytest

from tests.mailboxes.served import Served
from tests.municipality import play

FLOWS = sorted((Path(__file__).parent / "flows").glob("*.json"))
ACCEPTANCE = sorted((Path(__file__).parents[2] / "shared" / "accept" / "data").glob("flow_*.json"))
SERVERS = ("imap", "ews", "graph")


@pytest.mark.parametrize("scenario", FLOWS, ids=lambda path: path.stem)
def test_flow(scenario: Path, tmp_path: Path) -> None:
    assert play(scenario, tmp_path) == []


@pytest.mark.parametrize("kind", SERVERS)
@pytest.mark.parametrize("scenario", [*FLOWS[::47], *ACCEPTANCE], ids=lambda path: path.stem)
def test_flow_on_a_server(scenario: Path, kind: str, tmp_path: Path) -> None:
    """Some scenarios, and those of the acceptance checks where they are at hand, on each kind of mail server."""
    with importlib.import_module(f"tests.mailboxes.{kind}").backend(tmp_path) as backend:
        assert play(scenario, tmp_path, Served(tmp_path, backend)) == []


@pytest.mark.slow
@pytest.mark.parametrize("kind", SERVERS)
@pytest.mark.parametrize("scenario", FLOWS, ids=lambda path: path.stem)
def test_every_flow_on_a_server(scenario: Path, kind: str, tmp_path: Path) -> None:
    with importlib.import_module(f"tests.mailboxes.{kind}").backend(tmp_path) as backend:
        assert play(scenario, tmp_path, Served(tmp_path, backend)) == []

"""`ivobot mailbox compare`: two kinds on what should be the same letters."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.config import load
from bot.errors import ConfigError
from tests.bot.town import Ran, command
from tests.mailboxes.graph import GraphBackend
from tests.mailboxes.graph import backend as graph
from tests.mailboxes.maildir import MaildirBackend
from tests.municipality import EXAMPLE
from tests.test_mailbox_contract import letter

Pair = tuple[MaildirBackend, GraphBackend]


@pytest.fixture
def pair(tmp_path: Path) -> Iterator[Pair]:
    """A folder and a Graph mailbox, prepared, with the same three letters, one of them filed."""
    with graph(tmp_path) as second:
        first = MaildirBackend(tmp_path / "box")
        for box in (first, second):
            box.mailbox.prepare()
            for key in "abc":
                box.deliver(letter(key))
            box.move_by_hand("c", "Klart")
        yield first, second


def compared(pair: Pair, *arguments: str) -> Ran:
    environ = {**pair[1].environ, **pair[0].environ, "IVOBOT_BOT__DATA_DIR": str(pair[0].root.parent / "data")}
    return command("--config", str(EXAMPLE), "mailbox", "compare", *arguments, environ=environ)


def differences(ran: Ran) -> list[str]:
    return [line.rpartition(": ")[0] for line in ran.out.splitlines() if ": " in line]


def test_no_differences(pair: Pair) -> None:
    """The same letters in the same folders; nothing is moved or sent."""
    ran = compared(pair)
    assert (ran.code, ran.err) == (0, "") and ran.out.endswith("No differences.\n")
    assert [line.split() for line in ran.out.splitlines() if line.strip().startswith(("Klart", "INBOX"))] == [
        ["INBOX", "2", "2"],
        ["Klart", "1", "1"],
    ]
    assert len(pair[0].folder("INBOX")) == len(pair[1].folder("INBOX")) == 2


def test_differences(pair: Pair) -> None:
    """A letter that one does not see, one in another folder, and one that reads otherwise; never a subject, sender or Message-ID."""
    first, second = pair
    first.deliver(letter("d"))
    second.move_by_hand("a", "Oklara")
    for item in second.server.box.items.values():
        item.raw = (
            item.raw.replace(b"F-1", b"F-2") if b"<b@" in item.raw else item.raw.replace(b"IVO", b"OVI") if b"<c@" in item.raw else item.raw
        )
    ran = compared(pair, "graph")
    assert ran.code == 1 and "5 differences." in ran.out
    assert sorted(differences(ran)) == sorted(
        ["INBOX: seen by maildir only"] * 2 + ["Oklara: seen by graph only", "INBOX: body differs", "Klart: subject differs"]
    )
    assert not any(word in ran.out for word in ("Nyrapp", "OVI", "anna", "@", "F-1"))


def test_a_letter_twice(pair: Pair) -> None:
    """Two copies with one Message-ID where the other has one: one is too many."""
    pair[1].deliver(letter("a"))
    assert differences(compared(pair)) == ["INBOX: seen by graph only"]


def test_what_is_missing_is_said(pair: Pair) -> None:
    """The same kind, an unknown one, and one whose keys are not there."""
    for kind, said in [("maildir", "name the other kind"), ("pop", "kind"), ("ews", "url")]:
        ran = compared(pair, kind)
        assert ran.code == 2 and said in ran.err and ran.plain


def test_another_kind_is_read_with_its_secrets_hidden(pair: Pair) -> None:
    config = load(EXAMPLE, {**pair[1].environ, **pair[0].environ})
    assert config.mailbox_of("graph").kind == "graph" and config.mailbox.kind == "maildir"
    assert "hemligt" not in repr(config)
    with pytest.raises(ConfigError):
        config.mailbox_of("imap")

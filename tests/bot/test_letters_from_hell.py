"""The corpus of `tests/letters`: how each letter is read, what becomes of it in the program, and that none takes long."""

import gc
import re
import time
from datetime import UTC, datetime
from pathlib import Path

import pytest

from bot.mailbox.base import Letter, LetterId, Unreadable
from bot.mailbox.letter import parse
from rules.automatic import automatic
from tests.bot.town import HEAD, ask, ivobot, letter
from tests.letters import all_letters
from tests.letters.made import ANY, SERVER, WRONG, Hell, Who
from tests.municipality import Municipality, mail_name

LETTERS = all_letters()
NOW = datetime(2026, 4, 15, 8, 0, tzinfo=UTC)
RUN = "2026-04-15T09:00"
SMALL = [one for one in LETTERS if not one.name.startswith("huge")]
HUGE = [one for one in LETTERS if one.name.startswith("huge")]
MEGABYTES = [one for one in LETTERS if one.name.startswith("a megabyte")]
LIMIT = 0.2  # seconds of processor time for a letter of one megabyte


def who(n: int, ours: str = "<ours@kommun.example>") -> Who:
    return Who(n, f"H-{n}", f"p{n}@kommun.example", ours)


def test_the_corpus_is_large_enough() -> None:
    assert len(LETTERS) >= 300


@pytest.mark.parametrize("n", range(len(LETTERS)), ids=[one.name for one in LETTERS])
def test_how_it_is_read(n: int) -> None:
    """What the parser gives: readable or why not, its sender, automatic or not, the words of its body."""
    one, whose = LETTERS[n], who(n)
    found = parse(LetterId("1.1_1.test"), one.make(whose), NOW)
    if one.unreadable:
        assert isinstance(found, Unreadable) and found.reason == one.unreadable
        return
    assert isinstance(found, Letter)
    if one.sender != ANY:
        assert found.sender == (whose.sender if one.sender == "own" else one.sender)
    assert (automatic(found.headers, found.subject) is not None) is one.is_automatic
    if one.words:
        assert re.search(rf"\b{whose.case}\b", found.body)
    said = (found.subject, found.message_id, *found.answers, *found.concerns, *(v for values in found.headers.values() for v in values))
    assert not [text for text in said if re.search(r"[\x00-\x1f\x7f\u2028\u2029\ud800-\udfff]", text)]
    assert len(found.body) <= 64_000 and "evil" not in (found.message_id, found.sender)


def judged(place: Municipality, dropped: dict[str, tuple[Hell, Who]]) -> list[str]:
    """What became otherwise than it should, letter by letter."""
    rows = {re.split(r"[:,]", row["mailbox_id"])[0]: row for row in ask(place, "SELECT * FROM letter")}
    lying = {p.name.split(":")[0]: p for name in FOLDERS for p in place.folder(name)}
    wrong = []
    for name, (one, _) in dropped.items():
        row = rows.get(name)
        if row is None or name not in lying:
            wrong.append(f"{one.name}: no ledger row" if row is None else f"{one.name}: the letter is gone")
            continue
        root = lying[name].parent.parent
        real = "INBOX" if root == place.box else root.name[1:]
        want = (one.end.folder, one.end.folder, one.end.meeting, one.end.reason, one.end.answer)
        have = (row["folder"], real, row["meeting"], row["reason"], row["answer"])
        if have != want:
            wrong.append(f"{one.name}: {have}, not {want}")
    return wrong


FOLDERS = ("INBOX", "Att rapportera", "Åtgärda titel", "Oklara", "Karantän", "Klart")


def started(home: Path, count: int) -> tuple[Municipality, str]:
    """A municipality with a row for each letter, and the Message-ID of a mail of ours that somebody got."""
    place = Municipality(home, IVOBOT_MAILBOX__AUTHSERV_ID=SERVER, IVOBOT_REPLY__PER_HOUR="10000")
    lines = [f"H-{n};9§4;2026-01-15;handlaggare@kommun.example" for n in range(count)]
    place.import_register([HEAD, *lines], "2026-04-14T08:00")
    place.drop(letter(WRONG, sender="reached@kommun.example"), "2026-04-14T09:00")
    place.run("2026-04-14T09:00")
    ours = next(str(m["Message-ID"]) for m in place.sent() if mail_name(m) == "title_rejected")
    return place, ours


def put(place: Municipality, raw: bytes) -> str:
    return place.drop({"raw": raw.decode("latin-1")}, RUN).name


@pytest.mark.slow
def test_what_becomes_of_each(tmp_path: Path) -> None:
    """All in one mailbox, one run: each in its folder with its reason, answered or not, and a usual letter after the last is read too."""
    place, ours = started(tmp_path, len(LETTERS) + 1)
    dropped = {}
    for n, one in enumerate(LETTERS):
        if one in SMALL:
            dropped[put(place, one.make(who(n, ours)))] = (one, who(n))
    last = Hell("the one after them", SMALL[0].make, SMALL[0].end)
    dropped[put(place, last.make(who(len(LETTERS), ours)))] = (last, who(len(LETTERS)))
    done = ivobot(place, "run", "--once", "--now", RUN)
    assert done.code == 0, done.err[-2000:]
    wrong = judged(place, dropped)
    assert not wrong, "\n".join(wrong)
    for mail in place.sent():
        addresses = re.findall(r"[\w.+-]+@[\w.-]+", f"{mail['To']} {mail['Cc']} {mail['Bcc']}")
        assert all(address.endswith("@kommun.example") for address in addresses) and mail["Bcc"] is None
    answers = ask(place, "SELECT count(*) AS n FROM mail WHERE letter_id IS NOT NULL AND state != 'sent'")
    assert answers[0]["n"] == 0


def test_what_becomes_of_the_huge(tmp_path: Path) -> None:
    """Fifty megabytes, ten thousand attachments or levels: filed like any other, and so is the next."""
    place, ours = started(tmp_path, len(LETTERS) + 1)
    dropped = {}
    for n, one in enumerate(LETTERS):
        if one in HUGE:
            dropped[put(place, one.make(who(n, ours)))] = (one, who(n))
    last = Hell("the one after them", SMALL[0].make, SMALL[0].end)
    dropped[put(place, last.make(who(len(LETTERS), ours)))] = (last, who(len(LETTERS)))
    done = ivobot(place, "run", "--once", "--now", RUN)
    assert done.code == 0, done.err[-2000:]
    wrong = judged(place, dropped)
    assert not wrong, "\n".join(wrong)


@pytest.mark.parametrize("one", MEGABYTES, ids=[one.name for one in MEGABYTES])
def test_no_megabyte_takes_long(one: Hell) -> None:
    """At most 200 ms of processor time, the fastest of three: the machine may be busy with other things."""
    raw = one.make(who(1))
    assert 900_000 < len(raw) < 1_200_000
    took = []
    for _ in range(3):
        gc.collect()
        begun = time.thread_time()
        parse(LetterId("1.1_1.test"), raw, NOW)
        took.append(time.thread_time() - begun)
        if took[-1] < LIMIT / 2:
            break
    assert min(took) < LIMIT

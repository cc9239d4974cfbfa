"""`ivobot mailbox compare`: what two kinds of mailbox see of the same one, before a move from one to the other. Changes no letter."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from bot.cli import build
from bot.cli.progress import working
from bot.cli.table import show
from bot.errors import ConfigError
from bot.mailbox.base import Folder, Letter, LetterId, Mailbox, Unreadable
from bot.mailbox.letter import parse

READ: Final = 200  # letters of a folder that are read by both, the youngest; of the others counts and Message-IDs are compared
EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)

Told = Callable[[Letter | Unreadable], object]
FIELDS: Final[Mapping[str, Told]] = {
    "whether it can be read": lambda one: type(one),
    "subject": lambda one: getattr(one, "subject", ""),
    "sender": lambda one: getattr(one, "sender", ""),
    "body": lambda one: getattr(one, "body", "").split(),
    "attached files": lambda one: getattr(one, "files", ()),
}


@dataclass(frozen=True, slots=True)
class Difference:
    """One thing that both do not see alike. `id`: the letter's id in the kind that sees it; nothing of its content."""

    folder: Folder
    what: str
    id: LetterId


def run(config_file: Path | None, other_kind: str) -> int:
    """Prints counts and differences; 1 when there are any. Raises ConfigError, MailboxError."""
    config = build.configuration(config_file)
    if other_kind == config.mailbox.kind:
        raise ConfigError(f"The mailbox is of kind {other_kind} already; name the other kind.")
    kinds = (config.mailbox.kind, other_kind)
    first, second = build.mailbox(config.mailbox), build.mailbox(config.mailbox_of(other_kind))
    try:
        with working("comparing"):
            counts, found = compare(first, second, kinds)
    finally:
        first.close()
        second.close()
    show(("Folder", *kinds), [(folder.value, *map(str, numbers)) for folder, numbers in counts.items()])
    for one in found:
        print(f"{one.folder.value}: {one.what}: {one.id}")
    print(f"{len(found)} differences." if found else "No differences.")
    return int(bool(found))


def compare(first: Mailbox, second: Mailbox, kinds: tuple[str, str]) -> tuple[dict[Folder, tuple[int, int]], list[Difference]]:
    """How many letters each sees in each folder, and what they see differently."""
    counts: dict[Folder, tuple[int, int]] = {}
    found: list[Difference] = []
    for folder in Folder:
        here, there = list(first.listing(folder)), list(second.listing(folder))
        counts[folder] = len(here), len(there)
        if folder is not Folder.SENT:  # sent mails are found by their Message-ID alone, and never read
            found += _folder(folder, (first, here), (second, there), kinds)
    return counts, found


def _folder(
    folder: Folder, one: tuple[Mailbox, Sequence[LetterId]], other: tuple[Mailbox, Sequence[LetterId]], kinds: tuple[str, str]
) -> Iterator[Difference]:
    here, there = _prints(*one), _prints(*other)
    for mine, theirs, kind in ((here, there, kinds[0]), (there, here, kinds[1])):
        for mark, ids in mine.items():
            yield from (Difference(folder, f"seen by {kind} only", id) for id in ids[len(theirs.get(mark, ())) :])
    both = [(ids[0], there[mark][0]) for mark, ids in here.items() if mark in there][-READ:]
    left, right = _read(one[0], folder, [id for id, _ in both]), _read(other[0], folder, [id for _, id in both])
    for id, same in both:
        if id in left and same in right:  # one that vanished meanwhile says nothing
            yield from (Difference(folder, f"{what} differs", id) for what, of in FIELDS.items() if of(left[id]) != of(right[same]))


def _prints(mailbox: Mailbox, ids: Sequence[LetterId]) -> dict[str, list[LetterId]]:
    """Letters by what they keep when they are moved; two copies of one letter stand together."""
    out: dict[str, list[LetterId]] = {}
    prints = mailbox.fingerprints(ids)
    for id in ids:
        if id in prints:
            out.setdefault(prints[id], []).append(id)
    return out


def _read(mailbox: Mailbox, folder: Folder, ids: Sequence[LetterId]) -> dict[LetterId, Letter | Unreadable]:
    """The letters as the program reads them; outside the inbox from their bytes."""
    if folder is Folder.INBOX:
        return {one.id: one for one in mailbox.fetch(ids)}
    raws = ((id, mailbox.raw(id)) for id in ids)
    return {id: parse(id, raw, EPOCH) for id, raw in raws if raw is not None}

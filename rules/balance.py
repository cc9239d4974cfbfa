"""The mail balance: what the ledger says lies somewhere against what lies there. Everything that nothing explains is an incident."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass

from rules.model import Folder


@dataclass(frozen=True, slots=True)
class Expected:
    """A letter that the ledger says lies in a folder. `missed`: it lay nowhere at the look before."""

    id: int
    mailbox_id: str
    fingerprint: str
    missed: bool


@dataclass(frozen=True, slots=True)
class Stranger:
    """A letter in a folder that no ledger row is about. `told`: it turned up while the program watched, and the reporter is told."""

    mailbox_id: str
    fingerprint: str
    folder: str
    told: bool


@dataclass(frozen=True, slots=True)
class Weighed:
    """What a look over the whole mailbox found: letters that lie nowhere now, that turned up again, and strangers that come or go.

    `moved`: a stranger that a person moved, by its former id. `gone`: ids of strangers that lie nowhere any more.
    """

    missed: tuple[int, ...]
    found: tuple[int, ...]
    new: tuple[Stranger, ...]
    moved: Mapping[str, Stranger]
    gone: tuple[str, ...]


def weigh(
    expected: Iterable[Expected],
    lying: Mapping[str, str],
    strangers: Sequence[Stranger],
    prints: Mapping[str, str],
    read: Collection[str],
    *,
    first: bool,
) -> Weighed:
    """Compares the ledger with the mailbox.

    lying: every letter's id → its folder. prints: fingerprints of those that neither the ledger nor `strangers` knows by id. read: which
    of these fingerprints the ledger knows: a letter that a person moved just now, or copied. first: nobody looked before, so that whatever
    is strange lay there before the program's time.
    """
    elsewhere = set(prints.values())
    missed: list[int] = []
    found: list[int] = []
    for each in expected:
        here = each.mailbox_id in lying or each.fingerprint in elsewhere
        if here is each.missed:
            (found if here else missed).append(each.id)
    left = {each.fingerprint: each for each in strangers if each.mailbox_id not in lying}
    new: list[Stranger] = []
    moved: dict[str, Stranger] = {}
    for id, fingerprint in prints.items():
        if lying[id] == Folder.INBOX:
            continue  # not read yet
        former = left.pop(fingerprint, None)
        if former is not None:
            moved[former.mailbox_id] = Stranger(id, fingerprint, lying[id], former.told)
        else:
            new.append(Stranger(id, fingerprint, lying[id], not first and fingerprint not in read))
    return Weighed(tuple(missed), tuple(found), tuple(new), moved, tuple(each.mailbox_id for each in left.values()))

"""Reading letters over IMAP: small ones whole, of large ones only what is looked at, many in one command."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Final

from bot.mailbox.base import Letter, LetterId, Unreadable
from bot.mailbox.headers import split
from bot.mailbox.imap_faults import Refused
from bot.mailbox.imap_session import Session
from bot.mailbox.imap_structure import Plan, pieces, plan
from bot.mailbox.imap_syntax import Value, body, received, uid_set
from bot.mailbox.letter import assemble, fingerprint, parse

BEGINNING: Final = 32_768  # bytes that are fetched of every letter; most letters are smaller
HEADERS: Final = 8_192  # bytes that mostly hold the header block
LONG_HEADERS: Final = 140_000  # bytes of which a fingerprint is taken when the header block is longer
FEW: Final = 100  # letters with so long a header block in one command
WHOLE: Final = 64 * 1024 * 1024  # bytes; what is cut off is the end of an attachment
TOGETHER: Final = 16 * 1024 * 1024  # bytes of parts in one command

Items = Sequence[tuple[LetterId, int]]
Told = Mapping[bytes, Value]


def read(session: Session, items: Items) -> list[Letter | Unreadable]:
    """These letters of the open folder, in their order; one that is gone is left out.

    One command for all, two more for those that are large, and one for each letter that is odd. Raises Refused, Lost.
    """
    ids = {uid: id for id, uid in items}
    told = dict(session.fetch(list(ids), f"(UID INTERNALDATE BODY.PEEK[]<0.{BEGINNING}>)"))
    begun = {uid: raw for uid, one in told.items() if uid in ids and (raw := body(one)) is not None}
    out: dict[int, Letter | Unreadable] = {}
    large = [uid for uid, raw in begun.items() if len(raw) >= BEGINNING]
    for uid, raw in begun.items():
        if len(raw) < BEGINNING:
            out[uid] = parse(ids[uid], raw, received(told[uid]))
    if large:
        got = _parts(session, large, begun)
        for uid in large:
            if found := got.get(uid):
                out[uid] = assemble(ids[uid], begun[uid], found, received(told[uid]))
            elif (raw := whole(session, uid)) is not None:
                out[uid] = parse(ids[uid], raw, received(told[uid]))
    return [out[uid] for uid in ids if uid in out]


def whole(session: Session, uid: int) -> bytes | None:
    """A letter's bytes; None when it is gone."""
    told = session.fetch([uid], f"(UID BODY.PEEK[]<0.{WHOLE}>)", limit=WHOLE + 1_000_000)
    return body(told[uid]) if uid in told else None


def fingerprints(session: Session, items: Items) -> dict[LetterId, str]:
    """What these letters of the open folder keep when they are moved: by the same bytes that `read` takes it from."""
    ids = {uid: id for id, uid in items}
    begun = _beginnings(session, list(ids), HEADERS)
    long = [uid for uid, raw in begun.items() if len(raw) >= HEADERS and split(raw)[1] >= len(raw)]
    for at in range(0, len(long), FEW):
        begun |= _beginnings(session, long[at : at + FEW], LONG_HEADERS)
    return {ids[uid]: fingerprint(raw) for uid, raw in begun.items() if uid in ids}


def _beginnings(session: Session, uids: Sequence[int], size: int) -> dict[int, bytes]:
    told = session.fetch(uids, f"(UID BODY.PEEK[]<0.{size}>)")
    return {uid: raw for uid, one in told.items() if (raw := body(one)) is not None}


def _parts(session: Session, uids: Sequence[int], begun: Mapping[int, bytes]) -> dict[int, list]:  # type: ignore[type-arg]
    """The parts of large letters; a letter that is better read whole is left out."""
    told = session.fetch([uid for uid in uids if split(begun[uid])[1] < BEGINNING], "(UID BODYSTRUCTURE)")
    groups: dict[str, list[tuple[int, Plan]]] = {}
    for uid, one in told.items():
        if uid in begun and (chosen := plan(one.get(b"BODYSTRUCTURE"))) is not None:
            groups.setdefault(chosen.asked, []).append((uid, chosen))
    out = {}
    for asked, group in groups.items():
        for some in _portions(group):
            answer = session.fetch([uid for uid, _ in some], f"({asked})", limit=TOGETHER * 4)
            for uid, chosen in some:
                if uid in answer and (found := pieces(answer[uid], chosen, begun[uid])) is not None:
                    out[uid] = found
    return out


def _portions(group: Sequence[tuple[int, Plan]]) -> Iterator[list[tuple[int, Plan]]]:
    """Cut so that what comes at once is bounded."""
    some: list[tuple[int, Plan]] = []
    size = 0
    for uid, chosen in group:
        if some and size + chosen.octets > TOGETHER:
            yield some
            some, size = [], 0
        some.append((uid, chosen))
        size += chosen.octets
    if some:
        yield some


def there(session: Session, uids: Sequence[int]) -> set[int]:
    """Which of these still lie in the open folder, marked as deleted or not."""
    return set(session.search("UID", uid_set(uids))) if uids else set()


def refused_one(session: Session, id: LetterId, uid: int) -> Letter | Unreadable | None:
    """One letter by itself, after the server would not give it with the others; None when it is gone. Raises Lost."""
    try:
        found = read(session, [(id, uid)])
        if found:
            return found[0]
        return Unreadable(id, "refused", again=True) if there(session, [uid]) else None
    except Refused:
        return Unreadable(id, "refused", again=True)

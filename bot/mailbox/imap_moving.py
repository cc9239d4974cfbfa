"""Moving letters between folders: by MOVE (RFC 6851), else by COPY and by taking away just our own letters (RFC 4315)."""

from collections.abc import Mapping, Sequence
from typing import Final

from bot.mailbox.base import LetterId
from bot.mailbox.imap_faults import Refused
from bot.mailbox.imap_folders import plain
from bot.mailbox.imap_places import Places
from bot.mailbox.imap_reading import fingerprints, there
from bot.mailbox.imap_session import UNDELETED, Got, Session
from bot.mailbox.imap_syntax import expand, numbers, quoted, responses, uid_set, values

TOGETHER: Final = 500  # UIDs in one command: servers take lines of 8 kB


def move(session: Session, places: Places, targets: Mapping[bytes, Sequence[LetterId]]) -> dict[LetterId, LetterId]:
    """Move these letters to the folders named; gives the new ids. What is gone is left out. Raises Refused, Lost.

    A server without MOVE that dies between copy and removal leaves the letter in both folders: nothing is ever lost.
    """
    out: dict[LetterId, LetterId] = {}
    goal = {id: target for target, ids in targets.items() for id in ids}
    for here, items in places.opened(goal):
        by_target: dict[bytes, list[tuple[LetterId, int]]] = {}
        for id, uid in items:
            by_target.setdefault(goal[id], []).append((id, uid))
        for target, some in by_target.items():
            for at in range(0, len(some), TOGETHER):
                out |= _move(session, places, here.name, target, some[at : at + TOGETHER])
    return out


def _move(
    session: Session, places: Places, source: bytes, target: bytes, items: Sequence[tuple[LetterId, int]]
) -> dict[LetterId, LetterId]:
    places.select(source)
    ids = {uid: id for id, uid in items}
    if target == source:
        return {ids[uid]: ids[uid] for uid in there(session, list(ids))}
    told = "UIDPLUS" in session.capabilities
    before = {} if told else fingerprints(session, [(ids[uid], uid) for uid in _undeleted(session, list(ids))])
    if not told and not before:
        return {}
    first = 0 if told else _next_uid(session, target)
    got = _carried(session, [uid for uid, id in ids.items() if told or id in before], target)
    if copied := _copied(got):
        validity, new = copied
        return {ids[uid]: LetterId(f"{validity}/{at}/{plain(target)}") for uid, at in new.items() if uid in ids}
    if told:  # nothing was there to be moved
        return {}
    return _met_again(session, places, target, first, before)


def _carried(session: Session, uids: Sequence[int], target: bytes) -> Got:
    """Some servers refuse to move anything when one of the letters has vanished (RFC 5530): then those that are there, once more."""
    try:
        return _carry(session, uids, target)
    except Refused as refused:
        if refused.code != "EXPUNGEISSUED":
            raise
        session.noop()
        left = sorted(there(session, uids))
        return _carry(session, left, target) if left else {}


def _carry(session: Session, uids: Sequence[int], target: bytes) -> Got:
    if "MOVE" in session.capabilities:
        return session.run("UID", "MOVE", uid_set(uids), quoted(target))
    got = session.run("UID", "COPY", uid_set(uids), quoted(target))
    copied = _copied(got)
    remove(session, list(copied[1]) if copied else uids)
    return got


def remove(session: Session, uids: Sequence[int]) -> None:
    """Take letters out of the open folder: these and no others. Without UIDPLUS they stay, marked as deleted, and count as gone."""
    if uids:
        session.run("UID", "STORE", uid_set(uids), "+FLAGS.SILENT", r"(\Deleted)")
        if session.open is not None:
            session.open.uids = None
        if "UIDPLUS" in session.capabilities:
            session.run("UID", "EXPUNGE", uid_set(uids))


def _undeleted(session: Session, uids: Sequence[int]) -> list[int]:
    return session.search("UID", uid_set(uids), UNDELETED)


def _copied(got: Got) -> tuple[int, dict[int, int]] | None:
    """The target's UIDVALIDITY and old UID → new (COPYUID, RFC 4315 3), None where the server told none."""
    for line in reversed(got.get("COPYUID", [])):
        words = (line or b"").split()
        if len(words) >= 3 and words[0].isdigit():
            return int(words[0]), dict(zip(expand(words[1]), expand(words[2]), strict=True))
    return None


def _next_uid(session: Session, target: bytes) -> int:
    for chunks in responses(session.run("STATUS", quoted(target), "(UIDNEXT)").get("STATUS", [])):
        return numbers(values(chunks)[-1]).get(b"UIDNEXT", 1)
    return 1


def _met_again(session: Session, places: Places, target: bytes, first: int, before: Mapping[LetterId, str]) -> dict[LetterId, LetterId]:
    """The new ids on a server that does not tell them: among what has come to the target since, by what a letter keeps."""
    here = places.select(target, fresh=True)
    new = [uid for uid in session.search("UID", f"{first}:*", UNDELETED) if uid >= first]  # "n:*" always has the last one
    by_mark: dict[str, list[LetterId]] = {}
    for id, mark in fingerprints(session, [(places.id(here, uid), uid) for uid in new]).items():
        by_mark.setdefault(mark, []).append(id)
    return {id: by_mark[mark].pop(0) for id, mark in before.items() if by_mark.get(mark)}

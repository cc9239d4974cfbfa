"""What lies in the folders, in one request when nothing has changed.

The inbox is listed each time: it is the queue, and no token is believed about it. Of the other folders Graph tells the changes since the
last look (delta); that is a hint, so that now and then all is asked anew.
Sources: https://learn.microsoft.com/en-us/graph/api/message-delta, https://learn.microsoft.com/en-us/graph/api/user-list-messages
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

from bot.mailbox.base import Folder, LetterId
from bot.mailbox.graph_answer import Answer, Json
from bot.mailbox.graph_errors import fault
from bot.mailbox.graph_folders import messages
from bot.mailbox.graph_http import Call, Graph

PAGE: Final = 500  # letters a page; the most that Graph allows is 1000, and large pages time out
FIELDS: Final = "id,receivedDateTime,hasAttachments,internetMessageId,parentFolderId"
ORDER: Final = "$orderby=receivedDateTime"
PAGES: Final = f"odata.maxpagesize={PAGE}"
RENEW: Final = 3600.0  # seconds after which every folder is read anew
PATIENCE: Final = 3  # looks at a folder that may fail, one after the other, before it is told
ROUNDS: Final = 400  # requests of one look; a server that never comes to an end of its pages is told


def inbox_path(id: str) -> str:
    """The first page of the inbox, oldest first."""
    return f"{messages(id)}?$select={FIELDS}&{ORDER}&$top={PAGE}"


def ids_path(id: str) -> str:
    """The first page of a folder's ids, oldest first."""
    return f"{messages(id)}?$select=id&{ORDER}&$top={PAGE}"


def _delta_path(id: str) -> str:
    return f"{messages(id)}/delta?$select=id"


@dataclass(slots=True)
class _Watched:
    """A folder and what is known of it. `link`: where the changes since then are told, "" when all must be asked."""

    id: str
    link: str = ""
    known: dict[LetterId, None] = field(default_factory=dict)
    failed: int = 0  # looks in a row


@dataclass(slots=True)
class _Round:
    """One look at one folder, in the middle of it."""

    watched: _Watched
    path: str
    fresh: bool
    changed: bool = False
    over: bool = False
    link: str = ""
    known: dict[LetterId, None] = field(default_factory=dict)


class Looker:
    """Remembers what it saw. Whoever forgets it sees everything again, and loses nothing."""

    def __init__(self) -> None:
        self._watched: dict[Folder, _Watched] = {}
        self._renewed: float | None = None

    def stale(self, now: float) -> bool:
        """Whether what is known has grown old, so that the next look reads every folder anew."""
        return self._renewed is not None and now - self._renewed >= RENEW

    def look(self, graph: Graph, ids: Mapping[Folder, str], now: float) -> tuple[list[Json], list[tuple[Folder, Sequence[LetterId]]]]:
        """The inbox's rows, and the other folders that changed with their letters. now: seconds of a clock that is never set back."""
        full = self._renewed is None or self.stale(now)
        old = {} if full else self._watched
        wanted = {folder: id for folder, id in ids.items() if folder not in (Folder.INBOX, Folder.SENT)}
        self._watched = {f: old[f] if f in old and old[f].id == id else _Watched(id) for f, id in wanted.items()}
        inbox, changed = self._look(graph, ids[Folder.INBOX])  # what was known stays known when it fails
        if full:
            self._renewed = now
        return inbox, changed

    def _look(self, graph: Graph, inbox_id: str) -> tuple[list[Json], list[tuple[Folder, Sequence[LetterId]]]]:
        inbox: list[Json] = []
        inbox_next = inbox_path(inbox_id)
        rounds = {folder: _begin(watched) for folder, watched in self._watched.items()}
        for _ in range(ROUNDS):
            waiting = {folder: one for folder, one in rounds.items() if one.path}
            calls = [Call("GET", one.path, prefer=PAGES) for one in waiting.values()]
            if not (calls or inbox_next):
                break
            answers = graph.batch(([Call("GET", inbox_next)] if inbox_next else []) + calls)
            if inbox_next:
                answer = answers.pop(0)
                if not answer.good:
                    raise fault(answer)
                inbox += answer.rows()
                inbox_next = graph.rest(answer.json().get("@odata.nextLink"))
            for one, answer in zip(waiting.values(), answers, strict=True):
                _step(graph, one, answer)
        else:
            raise fault(Answer(0))
        return inbox, list(_end(rounds))


def _begin(watched: _Watched) -> _Round:
    if watched.link:
        return _Round(watched, watched.link, fresh=False, known=dict(watched.known))
    return _Round(watched, _delta_path(watched.id), fresh=True)


def _step(graph: Graph, one: _Round, answer: Answer) -> None:
    """One page of a folder's changes. A token that the server no longer knows means that all is asked anew (410)."""
    if not one.fresh and (answer.status == 410 or answer.code.lower() in ("syncstatenotfound", "syncstateinvalid", "resyncrequired")):
        one.path, one.fresh, one.known = _delta_path(one.watched.id), True, {}
        return
    if answer.status >= 500 and one.watched.failed < PATIENCE:
        one.path = ""  # one folder must not hide the others; it is asked from where it was next time
        return
    if not answer.good:
        raise fault(answer)
    for row in answer.rows():
        id = LetterId(str(row.get("id", "")))
        if "@removed" not in row and id not in one.known:
            one.known[id], one.changed = None, True
        elif "@removed" in row and id in one.known:
            del one.known[id]
            one.changed = True
    next_page = graph.rest(answer.json().get("@odata.nextLink"))
    if not next_page:
        one.over = True
        one.link = graph.rest(answer.json().get("@odata.deltaLink"))
    one.path = next_page


def _end(rounds: Mapping[Folder, _Round]) -> Iterator[tuple[Folder, Sequence[LetterId]]]:
    for folder, one in rounds.items():
        one.watched.failed = 0 if one.over else one.watched.failed + 1
        if not one.over:
            continue
        one.watched.known, one.watched.link = one.known, one.link
        if one.fresh or one.changed:
            yield folder, tuple(one.known)

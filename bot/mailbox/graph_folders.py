"""The folders of a mailbox in Microsoft Graph: found by name under the inbox or at the top, made under the inbox where they are missing.

Sources: https://learn.microsoft.com/en-us/graph/api/resources/mailfolder (well-known names),
https://learn.microsoft.com/en-us/graph/api/mailfolder-list-childfolders, https://learn.microsoft.com/en-us/graph/api/mailfolder-post-childfolders
"""

import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final

from bot.errors import MailboxError
from bot.mailbox.base import Folder
from bot.mailbox.graph_answer import Answer, Json, garbled
from bot.mailbox.graph_errors import fault
from bot.mailbox.graph_http import Call, Graph, part

WELL_KNOWN: Final = ("inbox", "sentitems", "drafts", "deleteditems")
UNDER_INBOX: Final = "/mailFolders/inbox/childFolders?$select=id,displayName&$top=250"
AT_TOP: Final = "/mailFolders?$select=id,displayName&$top=250"
OWN: Final = tuple(folder for folder in Folder if folder not in (Folder.INBOX, Folder.SENT))
EXISTS: Final = "ErrorFolderExists"


@dataclass(frozen=True, slots=True)
class Found:
    """Folders by their ids. `missing` holds those that are not there."""

    ids: Mapping[Folder, str]
    drafts: str
    deleted: str

    @property
    def missing(self) -> tuple[Folder, ...]:
        """The folders that nobody has made yet."""
        return tuple(folder for folder in OWN if folder not in self.ids)


def find(graph: Graph) -> Found:
    """Looks where the folders are, in one request unless someone has hundreds of folders."""
    known = [Call("GET", f"/mailFolders/{name}?$select=id,displayName") for name in WELL_KNOWN]
    *single, under, top = graph.batch([*known, Call("GET", UNDER_INBOX), Call("GET", AT_TOP)])
    inbox, sent, drafts, deleted = (_id(_good(answer).json()) for answer in single)
    ids = {Folder.INBOX: inbox, Folder.SENT: sent}
    for listing in (top, under):  # one under the inbox is meant before one at the top
        ids |= _named(_all(graph, _good(listing)))
    return Found(ids, drafts, deleted)


def make(graph: Graph, missing: Iterable[Folder]) -> None:
    """Makes folders under the inbox, in one request; one that is there already is no error."""
    body = [{"displayName": folder.value} for folder in missing]
    for answer in graph.batch([Call("POST", "/mailFolders/inbox/childFolders", one) for one in body]):
        if not answer.good and answer.code != EXISTS:
            raise fault(answer)


def prepared(graph: Graph, found: Found) -> Found:
    """All folders, made where they are missing. Raises MailboxError when one cannot be had."""
    make(graph, found.missing)
    found = find(graph)
    if found.missing:
        names = ", ".join(found.missing)
        raise MailboxError(f"The folders {names} cannot be made in the mailbox; make them under the inbox by hand.", again=True)
    return found


def messages(id: str) -> str:
    """The path of a folder's letters."""
    return f"/mailFolders/{part(id)}/messages"


def _good(answer: Answer) -> Answer:
    if not answer.good:
        raise fault(answer)
    return answer


def _all(graph: Graph, first: Answer) -> list[Json]:
    rest = graph.rest(first.json().get("@odata.nextLink"))
    return [*first.rows(), *(graph.pages(rest) if rest else ())]


def _named(rows: Iterable[Json]) -> dict[Folder, str]:
    """Our folders among these, whatever Unicode spelling and case their names have: Exchange tells no case apart."""
    wanted = {_key(folder.value): folder for folder in OWN}
    return {wanted[key]: _id(row) for row in rows if (key := _key(str(row.get("displayName", "")))) in wanted}


def _key(name: str) -> str:
    return unicodedata.normalize("NFC", name).strip().casefold()


def _id(row: Json) -> str:
    id = row.get("id")
    if not isinstance(id, str) or not id:
        raise garbled()
    return id

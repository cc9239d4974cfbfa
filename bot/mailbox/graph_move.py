"""Moving letters, many in one request (https://learn.microsoft.com/en-us/graph/api/message-move)."""

import time
from collections.abc import Callable, Sequence
from typing import Final

from bot.errors import MailboxError
from bot.mailbox.base import LetterId
from bot.mailbox.graph_answer import Answer
from bot.mailbox.graph_errors import fault, gone
from bot.mailbox.graph_fetch import item
from bot.mailbox.graph_http import BATCH, Call, Graph

PATIENCE: Final = 5.0  # seconds that we wait ourselves; a longer pause is left to the caller


def move(
    graph: Graph, ids: Sequence[LetterId], target: str, pause: Callable[[float], None] = time.sleep
) -> tuple[dict[LetterId, LetterId], MailboxError | None]:
    """Moves letters to a folder: their ids thereafter, and the error of those that could not be moved, if any.

    What is gone is left out. A move that was turned away before it was begun (429) is tried once more, after the pause asked for.
    """
    moved: dict[LetterId, LetterId] = {}
    error: MailboxError | None = None
    for start in range(0, len(ids), BATCH):
        chunk = ids[start : start + BATCH]
        answers = dict(zip(chunk, _ask(graph, chunk, target), strict=True))
        held = [id for id, answer in answers.items() if answer.status == 429]
        wait = max((answers[id].wait or PATIENCE for id in held), default=0.0)
        if held and wait <= PATIENCE:
            pause(wait)
            answers |= dict(zip(held, _ask(graph, held, target), strict=True))
        for id, answer in answers.items():
            if answer.good:
                new = answer.body.get("id") if isinstance(answer.body, dict) else None
                moved[id] = LetterId(new) if isinstance(new, str) and new else id  # immutable ids: it is the same
            elif not gone(answer):
                error = error or fault(answer)
        if any(answer.status == 429 for answer in answers.values()):
            break  # the server wants to be left alone
    return moved, error


def _ask(graph: Graph, ids: Sequence[LetterId], target: str) -> list[Answer]:
    return graph.batch([Call("POST", item(id, "/move"), {"destinationId": target}) for id in ids])

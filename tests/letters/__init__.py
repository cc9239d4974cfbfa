"""Letters from hell: what anybody may send to the mailbox, with what must become of each. `all_letters()` gives them."""

from tests.letters import bodies, fields, huge, machines, mime, real, senders, titles
from tests.letters.made import Hell


def all_letters() -> list[Hell]:
    """Every letter of the corpus; the large ones are made when they are asked for."""
    found = [
        *bodies.LETTERS,
        *mime.LETTERS,
        *fields.LETTERS,
        *titles.LETTERS,
        *senders.LETTERS,
        *machines.LETTERS,
        *real.LETTERS,
        *huge.LETTERS,
    ]
    names = [one.name for one in found]
    assert len(set(names)) == len(names), sorted(name for name in names if names.count(name) > 1)
    return found

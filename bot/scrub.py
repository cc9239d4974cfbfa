"""Takes out of a sentence of ours what may be personal after all: addresses, and whatever may be an identity number."""

import re

from rules import identity

GONE = "[withheld]"
_ADDRESS = re.compile(r"[^\s<>@,;:\"'()\[\]]{1,200}@[^\s<>@,;:\"'()\[\]]{1,200}")


def scrubbed(text: str) -> str:
    """The text without them, for pages and files that leave the service's own hands."""
    plain = _ADDRESS.sub(GONE, text)
    for first, end in reversed(identity.find(plain)):
        plain = f"{plain[:first]}{GONE}{plain[end:]}"
    return plain

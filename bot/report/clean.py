"""Received text made fit for every format."""

import unicodedata

_DROPPED = {"Cc", "Cf", "Cs", "Co", "Cn"}  # control, format (also those that turn the direction), surrogates, private, unassigned
_KEPT = "\u00ad\u00a0"  # soft hyphen and no-break space: harmless, and wanted


def clean(text: str) -> str:
    """One line without characters that XML, PDF or a reader's eye cannot bear; runs of white space are one space."""
    if text.isprintable() and "  " not in text:  # nearly all
        return text.strip()
    spaced = "".join(" " if c.isspace() and c not in _KEPT else c for c in text)
    kept = "".join(c for c in spaced if c in _KEPT or unicodedata.category(c) not in _DROPPED)
    return " ".join(part for part in kept.split(" ") if part)


def paragraphs(text: str) -> tuple[str, ...]:
    """The lines of a text as paragraphs, empty ones left out."""
    found = (clean(line) for line in text.splitlines())
    return tuple(line for line in found if line)

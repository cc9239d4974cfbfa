"""What a letter's body says: the cases that it names, and the routine's items of a report.

Nearly every command compares case numbers and few read a body: the reader is only imported when it is first asked for.
"""

from importlib import import_module
from typing import TYPE_CHECKING

from rules.body.case import Named, case_key, named, unknown_case

if TYPE_CHECKING:
    from rules.body.blank import alternatives, template
    from rules.body.lacking import Missing, Role, missing, sentence
    from rules.body.model import Answer, BodyItems, Event, as_fields
    from rules.body.reader import items

__all__ = [
    "Answer",
    "BodyItems",
    "Event",
    "Missing",
    "Named",
    "Role",
    "alternatives",
    "as_fields",
    "case_key",
    "items",
    "missing",
    "named",
    "sentence",
    "template",
    "unknown_case",
]

_LATER = {
    "rules.body.blank": ("alternatives", "template"),
    "rules.body.lacking": ("Missing", "Role", "missing", "sentence"),
    "rules.body.model": ("Answer", "BodyItems", "Event", "as_fields"),
    "rules.body.reader": ("items",),
}


def __getattr__(name: str) -> object:
    """The reader's names, from the module that has them. Raises AttributeError for any other."""
    for module, names in _LATER.items():
        if name in names:
            return getattr(import_module(module), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")

"""Facts of mails as JSON and back without loss: how they wait in the outbox between the claim and the rendering."""

import json
import types
from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from datetime import date
from enum import Enum
from functools import cache
from typing import Any, TypeVar, Union, get_args, get_origin, get_type_hints

from bot.errors import TemplateError
from rules.mails import (
    Alarm,
    AskCase,
    Digest,
    DigestAnswer,
    Incident,
    MailFacts,
    Quarterly,
    Receipt,
    RegisterReport,
    Reminder,
    ReportDiffers,
    TitleRejected,
)

T = TypeVar("T")

REMINDERS = ("two_months", "day_before", "officer_notice", "overdue_1", "overdue_2")

KINDS: Mapping[str, type[MailFacts]] = {
    **dict.fromkeys(REMINDERS, Reminder),
    "title_rejected": TitleRejected,
    "report_differs": ReportDiffers,
    "ask_case": AskCase,
    "receipt": Receipt,
    "incident": Incident,
    "register_report": RegisterReport,
    "digest": Digest,
    "digest_answer": DigestAnswer,
    "quarter": Quarterly,
    "alarm": Alarm,
}


def facts_class(name: str) -> type[MailFacts]:
    """The facts that a mail needs. A name that is not known is a milestone of the active routine: a reminder."""
    return KINDS.get(name, Reminder)


def dump(facts: object) -> str:
    """Facts, or other frozen values, as one line of JSON: dates in ISO form, enumerations by value, tuples as lists.

    The same facts give the same text.
    """
    return json.dumps(_plain(facts), ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def load(name: str, text: str) -> MailFacts:
    """The facts that `dump` wrote for the mail called `name`.

    A field that is not there gets its default, so that facts stored by an earlier version still load.
    Raises TemplateError, without quoting the text, when it holds something else.
    """
    try:
        found: MailFacts = _typed(json.loads(text), facts_class(name))
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError) as error:
        kind = type(error).__name__
        raise TemplateError(f"The stored facts of a mail {name} cannot be read ({kind}). Cancel it in the outbox.") from error
    return found


def read(text: str, wanted: type[T]) -> T:
    """A frozen value that `dump` wrote. Raises TypeError, ValueError or KeyError when the text holds something else."""
    found: T = _typed(json.loads(text), wanted)
    return found


def _plain(value: object) -> object:
    match value:
        case Enum():
            return value.value
        case None | bool() | int() | str():
            return value
        case date():
            return value.isoformat()
        case tuple():
            return [_plain(one) for one in value]
    if is_dataclass(value) and not isinstance(value, type):
        return {field.name: _plain(getattr(value, field.name)) for field in fields(value)}
    raise TypeError(f"facts hold a {type(value).__name__}")


@cache
def _hints(cls: type) -> Mapping[str, Any]:
    return get_type_hints(cls)


def _typed(value: Any, wanted: Any) -> Any:
    """A JSON value as the type that an annotation names. Raises TypeError or ValueError when it is not one."""
    origin, arguments = get_origin(wanted), get_args(wanted)
    if origin in (Union, types.UnionType):
        if value is None and type(None) in arguments:
            return None
        (one,) = (argument for argument in arguments if argument is not type(None))
        return _typed(value, one)
    if origin is tuple:
        item, dots = arguments
        if dots is not Ellipsis or not isinstance(value, list):
            raise TypeError("a list was expected")
        return tuple(_typed(one, item) for one in value)
    if is_dataclass(wanted):
        return _dataclass(value, wanted)
    if isinstance(wanted, type) and issubclass(wanted, Enum):
        return wanted(value)
    if wanted is date:
        return date.fromisoformat(value)
    if type(value) is not wanted:  # exact: true is no number here
        raise TypeError(f"{wanted} was expected")
    return value


def _dataclass(value: Any, wanted: Any) -> Any:
    if not isinstance(value, dict):
        raise TypeError("an object was expected")
    hints = _hints(wanted)
    return wanted(**{key: _typed(one, hints[key]) for key, one in value.items()})

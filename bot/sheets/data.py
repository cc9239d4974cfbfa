"""The sheet as JSON values with stable keys."""

from typing import Any

from rules.sheet import Field, Sheet


def data(sheet: Sheet) -> dict[str, Any]:
    """The sheet as a JSON object. Keys, in order:

    `case` (the alias of a protected person), `insats` ("9§10"), `form` (a key of the option list, "" when unknown), `start` (the decision's
    or interruption's day); `kind` ("new", "follow_up", "final"), `outcome` ("executed", "ended" or null), `k` (the mark, 0 when the
    row is closed), `day` (the mark, or the closing day), `letter` (number in the ledger, null when none has come), `received`,
    `reported_to_ivo` (the day it was ticked off, or null); `tabs`: [{`name`, `fields`: [{`key`, `name`, `value` ("" when unknown), `source`
    ("letter", "register", "settings", "derived" or null), `required`, `problems`: [{`code`, `level` ("error" or "warning"), `text`}],
    `last` ({`value`, `day`} or null), `complement` (what to write under Komplettera, "" for nothing new, null without a former report)}]}];
    `missing`: the names of required fields without a value; `notices`, `lacking` (what the letter should have said): Swedish sentences;
    `material`: [{`name`, `value`, `day`}] for writing the free texts from. Days are ISO dates. Keys may be added, never renamed.
    """
    target = sheet.target
    return {
        "case": sheet.case,
        "insats": sheet.insats,
        "form": sheet.form,
        "start": sheet.start.isoformat(),
        "kind": target.kind.value,
        "outcome": target.outcome.value if target.outcome else None,
        "k": target.k,
        "day": target.day.isoformat(),
        "letter": target.letter or None,
        "received": target.received.isoformat() if target.received else None,
        "reported_to_ivo": target.reported.isoformat() if target.reported else None,
        "tabs": [{"name": tab.name, "fields": [_field(field) for field in tab.fields]} for tab in sheet.tabs],
        "missing": [field.name for field in sheet.missing],
        "notices": list(sheet.notices),
        "lacking": list(sheet.lacking),
        "material": [{"name": one.name, "value": one.value, "day": one.day.isoformat() if one.day else None} for one in sheet.material],
    }


def _field(field: Field) -> dict[str, Any]:
    last = field.last
    return {
        "key": field.key,
        "name": field.name,
        "value": field.value,
        "source": field.source.value or None,
        "required": field.required,
        "problems": [{"code": one.code, "level": one.level.value, "text": one.text} for one in field.problems],
        "last": {"value": last.value, "day": last.day.isoformat()} if last else None,
        "complement": field.complement,
    }

"""The sheet as plain text: each field's value on lines of its own, ready to paste."""

from collections.abc import Iterator

from bot.sheets.words import LEVELS, about, complement, heading, letter
from rules.sheet import Field, Sheet


def text(sheet: Sheet) -> str:
    """The whole sheet; ends with a line break."""
    return "".join(f"{line}\n" for line in _lines(sheet))


def _lines(sheet: Sheet) -> Iterator[str]:
    yield f"{sheet.case}: {heading(sheet)}"
    yield from filter(None, (letter(sheet),))
    yield from sheet.notices
    if sheet.missing:
        yield f"Saknas: {', '.join(field.name for field in sheet.missing)}."
    for tab in sheet.tabs:
        yield f"\n{tab.name}\n{'-' * len(tab.name)}"
        for field in tab.fields:
            yield from _field(field)
    if sheet.material:
        yield "\nUnderlag ur brevet\n------------------"
        for one in sheet.material:
            yield f"{one.name}{f' {one.day}' if one.day else ''}: {one.value}"
    if sheet.lacking:
        yield "\nDet här saknades i brevet\n-------------------------"
        yield from (f"- {sentence}" for sentence in sheet.lacking)


def _field(field: Field) -> Iterator[str]:
    told = about(field)
    yield f"{field.name}{f' ({told})' if told else ''}:"
    yield f"    {field.value or '–'}"
    for problem in field.problems:
        yield f"    {LEVELS[problem.level]}: {problem.text}"
    if field.last is not None:
        yield f"    Förra gången ({field.last.day}): {field.last.value}"
        yield f"    {complement(field)}"

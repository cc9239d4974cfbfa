"""The Swedish words that text and page share."""

from rules.model import KIND_WORD, OUTCOME_WORD
from rules.options import text
from rules.sheet import Field, Level, Sheet, Source

SOURCES = {
    Source.LETTER: "från brevet",
    Source.REGISTER: "från registret",
    Source.SETTINGS: "från inställningarna",
    Source.DERIVED: "ges av rapporten",
    Source.NONE: "",
}
LEVELS = {Level.ERROR: "Rätta", Level.WARNING: "Kontrollera"}
REQUIRED = "krävs"


def complement(field: Field) -> str:
    """What to do with the e-service's field Komplettera in a follow-up; "" for a field that said nothing the last time."""
    if field.last is None:
        return ""
    if not field.value:
        return "Brevet säger inget om det den här gången."
    if not field.complement:
        return "Samma som förra gången. Inget att komplettera."
    return "Komplettera med texten ovan." if field.limit else "Ändrat sedan förra gången. Ändra i e-tjänsten."


def heading(sheet: Sheet) -> str:
    """Which report it is: "Nyrapportering 2026-04-15, 9 § 4 Kontaktperson"."""
    target = sheet.target
    what = f"{KIND_WORD[target.kind]}{f', {OUTCOME_WORD[target.outcome]}' if target.outcome else ''} {target.day}"
    return f"{what}, {text(sheet.insats, sheet.form)}"


def letter(sheet: Sheet) -> str:
    """Where the report came from, "" when no letter has come."""
    target = sheet.target
    return f"Brev {target.letter}, inkom {target.received}." if target.letter else ""


def about(field: Field) -> str:
    """What stands beside a field's name: whether it is required, and where the value comes from."""
    return ", ".join(part for part in (REQUIRED if field.required else "", SOURCES[field.source]) if part)

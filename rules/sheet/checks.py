"""What the e-service demands of a value: no identity number, at most so many characters, days that can be."""

from collections.abc import Iterable
from datetime import date

from rules.body.words import MASK
from rules.facts import in_force
from rules.identity import find
from rules.model import Row
from rules.sheet.model import Field, Level, Problem, Source

GONE = Problem(
    "identity_number_removed", "Här stod något som ser ut som ett personnummer. Det är borttaget; skriv om meningen.", Level.WARNING
)


def text(key: str, name: str, value: str, source: Source, limit: int, *, required: bool = False, problems: Iterable[Problem] = ()) -> Field:
    """A free text: without identity numbers, and marked where it is longer than the e-service takes. It is never cut."""
    told = list(problems)
    plain = _without_numbers(value)
    if MASK in plain:
        told.append(GONE)
    if len(plain) > limit:
        told.append(Problem("too_long", f"Texten har {_figure(len(plain))} tecken. E-tjänsten tar högst {_figure(limit)}: korta den."))
    return Field(key, name, plain, source if plain else Source.NONE, required, tuple(told), limit=limit)


def day(key: str, name: str, values: tuple[date | None, date | None], today: date, *, required: bool = False, missing: str = "") -> Field:
    """A day that the letter and the register may tell; the letter's goes first, and a difference is told.

    values: the letter's, the register's. No day may be to come, or lie before LSS came into force. missing: what is said of a required
    day that is not there, where its name and "saknas" are not enough.
    """
    letter, register = values
    found = letter or register
    told = []
    if letter and register and letter != register:
        differs = f"Brevet säger {letter}, registret säger {register}. Kontrollera vilket som stämmer."
        told.append(Problem("differs_from_register", differs, Level.WARNING))
    if found and found > today:
        told.append(Problem("in_future", "Datumet ligger framåt i tiden. Kontrollera det."))
    if found and found < in_force("lss", date.max).since:
        told.append(Problem("before_law", "Datumet ligger före 1994, då LSS började gälla. Kontrollera det."))
    if required and missing and not found:
        told.append(Problem("missing", missing))
    source = Source.LETTER if letter else Source.REGISTER if register else Source.NONE
    return Field(key, name, found.isoformat() if found else "", source, required, tuple(told))


def not_before_start(field: Field, row: Row) -> Field:
    """Marks a day that lies before the decision or the interruption."""
    if row.provisional or not field.value or field.value >= row.entry.start.isoformat():
        return field
    early = Problem(
        "before_start", f"Datumet ligger före {row.entry.start}, då beslutet fattades eller avbrottet började. Kontrollera det."
    )
    return _with(field, early)


def demanded(field: Field) -> Field:
    """Says of a required field without a value that it is missing, where nothing else tells why."""
    if not field.required or field.value or field.problems:
        return field
    return _with(field, Problem("missing", f"{field.name} saknas."))


def _with(field: Field, problem: Problem) -> Field:
    return Field(
        field.key, field.name, field.value, field.source, field.required, (*field.problems, problem), last=field.last, limit=field.limit
    )


def _without_numbers(value: str) -> str:
    for first, end in reversed(find(value)):
        value = f"{value[:first]}{MASK}{value[end:]}"
    return value


def _figure(number: int) -> str:
    """ "4 000"."""
    return f"{number:,}".replace(",", " ")

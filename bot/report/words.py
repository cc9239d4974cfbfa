"""The documents' own Swedish words: readers, headings and the like. What the figures mean is said by the report's values."""

from bot.report.clean import clean
from bot.report.parts import Gap
from rules.model import Outcome, Sort
from rules.report import Reader
from rules.window import Quarter

READERS = {Reader.FULLMAKTIGE: "kommunfullmäktige", Reader.REVISORER: "kommunens revisorer", Reader.INTERNAL: "nämnden (internt)"}
SORTS = {Sort.DECISION: "Beslut", Sort.INTERRUPTION: "Avbrott"}
OUTCOMES = {None: "Ej verkställt", Outcome.EXECUTED: "Verkställt", Outcome.ENDED: "Avslutat"}
KINDS = {"all": "Alla", "officer": "Handläggare", "unit": "Enhet", "provider": "Utförare"}

_MONTHS = {1: "januari–mars", 2: "april–juni", 3: "juli–september", 4: "oktober–december"}


def quarter_words(quarter: Quarter) -> str:
    """ "kvartal 4 2023 (oktober–december)"."""
    return f"kvartal {quarter.number} {quarter.year} ({_MONTHS[quarter.number]})"


def quarter_short(quarter: Quarter) -> str:
    """ "2023 kv 4", short enough for a chart."""
    return f"{quarter.year} kv\N{NO-BREAK SPACE}{quarter.number}"


def seen(value: int | None) -> int | Gap:
    """A count that may be suppressed."""
    return Gap.HIDDEN if value is None else value


def known(value: int | None) -> int | Gap:
    """A figure that may not exist or not be known."""
    return Gap.NONE if value is None else value


def clean_name(text: str) -> str:
    """A name as it may stand in a table."""
    return clean(text) or Gap.NONE.value

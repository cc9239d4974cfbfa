"""What a line of a reply can say, as frozen values."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Final

MOST: Final = 60
"""Lines of one reply that are acted on or told; a digest has not many more rows."""
LONGEST_DAYS: Final = 30
"""For so many days a row can be postponed at most."""
LONGEST_WHY: Final = 200
"""Characters of a reason that are kept."""


class Verb(StrEnum):
    """What is to be done with a row. `UNDO` is about no row: it takes back what the sender's last reply did."""

    REPORTED = "reported"
    EXECUTED = "executed"
    ENDED = "ended"
    POSTPONED = "postponed"
    IS = "is"
    UNDO = "undo"


class Fault(StrEnum):
    """Why a line that is meant as a command cannot be carried out as it stands."""

    UNKNOWN = "unknown"  # a row's number, but no word that tells what to do
    UNCLEAR = "unclear"  # such a word, and others beside it that may turn its meaning
    MISSING_DATE = "missing_date"
    INVALID_DATE = "invalid_date"  # no such day, several, or one before LSS
    FUTURE_DATE = "future_date"
    MISSING_DAYS = "missing_days"
    TOO_LONG = "too_long"  # postponed for more than LONGEST_DAYS
    PAST = "past"  # postponed to a day that is not to come
    MISSING_WHY = "missing_why"
    MISSING_CASE = "missing_case"
    PERSONAL_DATA = "personal_data"
    UNDO_ALONE = "undo_alone"  # only the whole last reply can be undone
    TOO_MANY = "too_many"


@dataclass(frozen=True, slots=True)
class Command:
    """One thing to do. `n` is the row's number in the digest, 0 for `UNDO`.

    `day`: of a closing (always set), of the report to IVO (where one was written), or the day on which a postponed row comes back.
    `why`: the reason, at most 200 characters and without identity numbers. `case`: as written, of a letter that is settled.
    """

    verb: Verb
    n: int = 0
    day: date | None = None
    why: str = ""
    case: str = ""


@dataclass(frozen=True, slots=True)
class Unread:
    """A line that is meant as a command and is not one. `verb` is what seems to be meant. Nothing of the line's text is kept."""

    n: int
    fault: Fault
    verb: Verb | None = None


Said = Command | Unread

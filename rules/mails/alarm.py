"""What those are told who look after the service. Dates are Stockholm calendar days, times of day are written."""

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True)
class Trouble:
    """One thing that is or was wrong, in a plain Swedish sentence, and since when."""

    said: str
    day: date
    at: str


@dataclass(frozen=True, slots=True)
class Alarm:
    """Something stands still, or is well again. `day`, `at`: when this was seen."""

    well: bool
    day: date
    at: str
    troubles: tuple[Trouble, ...]

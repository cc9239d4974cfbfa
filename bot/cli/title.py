"""`ivobot title`: reads titles as the service would."""

import sys
from collections.abc import Iterable, Iterator
from datetime import date
from io import TextIOWrapper

from bot.errors import ConfigError
from rules.model import Flaw, Title, Verdict
from rules.title import json_line, read, suggest

WORDS = {Verdict.OK: "godkänd", Verdict.ACCEPTED: "godtagen", Verdict.REJECTED: "underkänd", Verdict.NOT_A_REPORT: "ingen rapport"}


def run(titles: list[str] | None, today: str, *, as_json: bool) -> int:
    """Reads each title and prints what it was read as; gives the exit code."""
    day = _day(today)
    lines = (t.encode("utf-8", "surrogateescape").decode("utf-8", "replace") for t in titles) if titles else _standard_input()
    return _json(lines, day) if as_json else _plain(lines, day)


def _day(text: str) -> date:
    if not text:
        from zoneinfo import ZoneInfo

        from bot.clock import SystemClock, local_day

        return local_day(SystemClock().now(), ZoneInfo("Europe/Stockholm"))
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise ConfigError("--today takes a date such as 2026-11-22.") from None


def _standard_input() -> Iterator[str]:
    """One title a line; only \\n ends a line, and an empty line is a title too."""
    for line in TextIOWrapper(sys.stdin.buffer, encoding="utf-8", errors="replace", newline="\n"):
        yield line.removesuffix("\n")


def _json(lines: Iterable[str], day: date) -> int:
    out = TextIOWrapper(sys.stdout.buffer, encoding="utf-8", newline="\n", write_through=False)
    of_rejected, rejected = Verdict.REJECTED, False
    for line in lines:
        found = read(line, day)
        rejected = rejected or found.verdict is of_rejected
        out.write(json_line(line, found))
    out.flush()
    return int(rejected)


def _plain(lines: Iterable[str], day: date) -> int:
    rejected = False
    for line in lines:
        found = read(line, day)
        rejected = rejected or found.verdict is Verdict.REJECTED
        print(f"{WORDS[found.verdict]}: {_told(found)}")
    return int(rejected)


def _told(found: Title) -> str:
    """What a title was read as, or what is wrong with it and how it should be written; never the title itself."""
    match found.verdict:
        case Verdict.NOT_A_REPORT:
            return "innehåller personuppgifter" if Flaw.PERSONAL_DATA in found.errors else "lämnas i fred"
        case Verdict.REJECTED:
            return f"{', '.join(found.errors)}; skriv {' eller '.join(suggest(found))}"
        case _:
            return suggest(found)[0]

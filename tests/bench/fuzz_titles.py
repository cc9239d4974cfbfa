"""Throws made-up subjects at the reader of titles: `python tests/bench/fuzz_titles.py [--count 1000000] [--seed 1]`.

Fails on an exception, on a verdict that breaks what must always hold, and on a title that takes more than 5 ms of processor time.
"""

import argparse
import heapq
import random
import statistics
import sys
import time
from collections.abc import Callable
from datetime import date
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from rules.model import Flaw, Kind, Title, Verdict
from rules.title import read, suggest

TODAY = date(2026, 11, 22)
LIMIT = 0.005
SLOWEST = 100
REAL = (
    "IVO – Nyrapportering 2026-04-15, 9§10",
    "IVO – Nyrapportering avbrott 2026-04-15, Förhandsbesked, 9§10",
    "IVO – Återrapportering 2026-07-15, 9§9",
    "IVO – Slutrapportering, verkställt 2026-08-03, 9§6",
    "SV: VB: [EXTERN] ivo: Åter-rapportering den 15 april 2026, LSS 9 § punkt 10 daglig verksamhet",
    "IVO – Ny- och slutrapport avslutad 15/4-26 samt 260415, bostad med särskild service för vuxna",
    "IVO – Nyraportering av avbrot 20260415, 9:10, 19121212-1212",
    "Fråga om utbildning i april",
    "Automatiskt svar: Ledig till 15/4",
)
PIECES = (
    *[
        "IVO",
        "IVO:",
        "SV:",
        "[EXTERN]",
        "Nyrapportering",
        "Ny",
        "rapport",
        "åter",
        "slut",
        "Slutrapportering",
        "verkställt",
        "avslutat",
        "ej",
        "delvis",
        "avbrott",
        "Förhandsbesked",
        "9§10",
        "9§",
        "§",
        "9:10",
        "och",
        "LSS",
        "SoL",
    ],
    *[
        "2026-04-15",
        "15/4",
        "2026",
        "260415",
        "15.4.2026",
        "15",
        "april",
        "maj",
        "kontaktperson",
        "boende",
        "bostad",
        "korttidstillsyn",
        "DATUM",
        "INSATS",
        "ÅÅÅÅ-MM-DD",
        "191212-1212",
        "1912121212",
    ],
    *[",", ";", ":", "-", "–", "—", "(", ")", "[", "]", ".", "/", "+", "&", "?", "_"],
)
NASTY = (
    "\u200b\u200e\u200f\u202e\u2066\ufeff\u00ad\u00a0\u2009\u3000\t\r\n\x00\x85\u2028\ufffd?�ÅåÄäÖö\u030a\u0308"
    "§–—−‐０９１٠٩०𝟗ⅨІОаеорсıſﬁ²½％'\"\\%=_*"
)
RUBBISH = (
    "=?utf-8?Q?IVO_=E2=80=93_",
    "=?iso-8859-1?B?SVZP?=",
    "=C3=85",
    "&aring;",
    "%C3%A5",
    "Ã…",
    "Â§",
    "â€“",
    "ð",
    "??",
    "\\u00e5",
    "\ud800",
    "😀",
    "\U000e0041",
)
FILLERS = (
    " ",
    "0",
    "9",
    "-",
    "–",
    "a",
    "å",
    "?",
    "§",
    "(",
    "9§",
    "9 ",
    "1-",
    "1.",
    "o",
    "0o",
    "SV: ",
    "[a]",
    "åter ",
    "ny-",
    "\u0301",
    "a\u0301",
    "\u200b",
    "Ã",
    "ﷺ",
    "boende ",
    "april ",
    "15 ",
)


def noise(rng: random.Random) -> str:
    return "".join(
        chr(rng.choice((rng.randrange(32, 256), rng.randrange(0x110000), ord(rng.choice(NASTY))))) for _ in range(rng.randrange(1, 60))
    )


def mutated(rng: random.Random) -> str:
    chars = list(rng.choice(REAL))
    for _ in range(rng.randrange(1, 6)):
        at = rng.randrange(len(chars) + 1)
        match rng.randrange(4):
            case 0:
                del chars[at : at + rng.randrange(1, 4)]
            case 1:
                chars[at:at] = rng.choice((rng.choice(NASTY), rng.choice(RUBBISH), rng.choice(PIECES)))
            case 2:
                chars[at : at + 2] = reversed(chars[at : at + 2])
            case _:
                chars[at : at + 1] = rng.choice((NASTY[rng.randrange(len(NASTY))], chr(rng.randrange(32, 0x250))))
        chars = chars or [" "]
    return "".join(chars)


def assembled(rng: random.Random) -> str:
    return rng.choice(("", " ", " ", ", ")).join(rng.choice(PIECES) for _ in range(rng.randrange(1, 12)))


def misread(rng: random.Random) -> str:
    text = mutated(rng)
    for _ in range(rng.randrange(1, 3)):
        text = text.encode("utf-8", "replace").decode(rng.choice(("latin-1", "cp1252")), "replace")
    return text


def long(rng: random.Random) -> str:
    filler = rng.choice((*FILLERS, rng.choice(NASTY), rng.choice(RUBBISH), rng.choice(PIECES), rng.choice(PIECES) + " "))
    length = rng.choice((998, 999, 10_000))
    head, tail = rng.choice(
        (("", ""), ("IVO – Nyrapportering 2026-04-15, 9§10 ", ""), ("", " IVO – Nyrapportering 2026-04-15, 9§10 19121212-1212"))
    )
    return (head + filler * (length // len(filler)) + tail)[:10_000]


MAKERS: tuple[tuple[Callable[[random.Random], str], int], ...] = ((noise, 20), (mutated, 45), (assembled, 25), (misread, 9), (long, 1))


def broken(text: str, title: Title) -> str:
    """What a reading breaks that must hold for every title; empty if nothing."""
    flaws, good = set(title.errors), title.verdict in (Verdict.OK, Verdict.ACCEPTED)
    rules = {
        "errors are sorted and told once": list(title.errors) == sorted(flaws),
        "rejected has a flaw, good has none": bool(flaws) == (title.verdict is Verdict.REJECTED) or title.verdict is Verdict.NOT_A_REPORT,
        "no report is null throughout": title.verdict is not Verdict.NOT_A_REPORT
        or (
            (title.kind, title.cause, title.outcome, title.date, title.insats, title.advance_ruling, title.notes)
            == (None, None, None, None, None, False, ())
            and flaws <= {Flaw.PERSONAL_DATA}
        ),
        "good has every piece": not good or (title.kind is not None and title.date is not None and title.insats is not None),
        "a final report that is good has its outcome": not (good and title.kind is Kind.FINAL) or title.outcome is not None,
        "cause of a new report only": (title.cause is not None) == (title.kind is Kind.NEW),
        "outcome of a final report only": title.outcome is None or title.kind is Kind.FINAL,
        "accepted tells why": title.verdict is not Verdict.ACCEPTED or bool(title.notes),
        "one flaw for a piece": len(flaws & {Flaw.MISSING_DATE, Flaw.INVALID_DATE, Flaw.MULTIPLE_DATES, Flaw.IMPLAUSIBLE_DATE}) <= 1
        and len(flaws & {Flaw.MISSING_INSATS, Flaw.UNKNOWN_INSATS, Flaw.MULTIPLE_INSATS}) <= 1
        and len(flaws & {Flaw.MISSING_KIND, Flaw.CONFLICTING_KINDS}) <= 1,
        "ten digits are personal data": not any(len(run) in (10, 11, 13) for run in _runs(text)) or Flaw.PERSONAL_DATA in flaws,
    }
    for right in suggest(title) if good else ():
        again = read(right, TODAY)
        rules["its canonical form reads the same"] = (again.verdict, again.kind, again.outcome, again.date, again.insats) == (
            Verdict.OK,
            title.kind,
            title.outcome,
            title.date,
            title.insats,
        )
    return next((rule for rule, holds in rules.items() if not holds), "")


def _runs(text: str) -> list[str]:
    return "".join(char if "0" <= char <= "9" else " " for char in text).split()


def main() -> int:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--count", type=int, default=1_000_000)
    options.add_argument("--seed", type=int, default=1)
    given = options.parse_args()
    rng = random.Random(given.seed)
    makers, weights = zip(*MAKERS, strict=True)
    read("IVO Nyraportering 9§1", TODAY)  # loads the vocabulary
    slowest: list[tuple[float, str]] = []
    seen: dict[Verdict, int] = dict.fromkeys(Verdict, 0)
    faults, spent = 0, 0.0
    for _ in range(given.count):
        text = rng.choices(makers, weights)[0](rng)
        began = time.process_time()
        try:
            title = read(text, TODAY)
        except Exception as error:
            print(f"{type(error).__name__}: {error} for {text!r:.300}")
            faults += 1
            continue
        took = time.process_time() - began
        spent += took
        seen[title.verdict] += 1
        if len(slowest) < SLOWEST:
            heapq.heappush(slowest, (took, text))
        elif took > slowest[0][0]:
            heapq.heapreplace(slowest, (took, text))
        rule = broken(text, title)
        if rule:
            print(f"broken: {rule}: {text!r:.300} {title}")
            faults += 1
        if faults >= 20:
            break
    again = sorted(((statistics.median(_time(text) for _ in range(5)), text) for _, text in slowest), reverse=True)
    for took, text in again[:3]:
        print(f"{took * 1000:.2f} ms: {text[:50]!r} … {len(text)} characters")
    slow = [(took, text) for took, text in again if took > LIMIT]
    for took, text in slow:
        print(f"slow: {took * 1000:.1f} ms: {text[:60]!r} … {len(text)} characters")
    print(
        f"{sum(seen.values())} titles, {faults} faults, {len(slow)} slow;"
        f" mean {spent / given.count * 1e6:.0f} µs, slowest {again[0][0] * 1000:.2f} ms"
    )
    print(", ".join(f"{verdict}: {count}" for verdict, count in seen.items()))
    return int(bool(faults or slow))


def _time(text: str) -> float:
    began = time.process_time()
    read(text, TODAY)
    return time.process_time() - began


if __name__ == "__main__":
    sys.exit(main())

"""Times the reader of titles: `python tests/bench/bench_titles.py`. No title occurs twice, and nothing remembers whole titles.

(a) titles in their right spelling against a bare `re.fullmatch` of that spelling in the same run, aim at most 12 times; (b) a mixed file
of spellings, flaws and other letters, aim at most 200 times; (c) titles a second of processor time through `ivobot title --json`, aim at
least 20 000.
"""

import itertools
import random
import re
import resource
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from datetime import date, timedelta
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from rules.title import read
from rules.title.reader import CANONICAL

TODAY = date(2026, 11, 22)
COUNT = 20_000
MONTHS = ["januari", "februari", "mars", "april", "maj", "juni", "juli", "augusti", "september", "oktober", "november", "december"]
NAMES = [
    "rådgivning",
    "personlig assistans",
    "ledsagarservice",
    "kontaktperson",
    "avlösarservice",
    "korttidsvistelse",
    "korttidstillsyn",
    "familjehem",
    "gruppbostad",
    "daglig verksamhet",
]
FORMS = (
    "IVO – Nyrapportering {iso}, 9§{n}",
    "IVO - Återrapportering {iso}, 9§{n}",
    "IVO – Slutrapportering, verkställt {iso}, 9§{n}",
    "IVO — Nyrapportering {iso}, 9§{n}",
    "ivo nyrapportering {iso} 9§{n}",
    "IVO: Återrapportering {iso} 9 § {n} LSS",
    "SV: IVO – Aterrapportering {iso}, 9§{n}",
    "[EXTERN] IVO – Nyrapporering {compact}, 9 § punkt {n}",
    "IVO – Slutrapport avslutad den {words}, {name}",
    "IVO – Nyrapportering av avbrott {slash}, 9§{n} {name}",
    "IVO – Nyrapportering {iso}",
    "IVO – Nyrapportering {iso}, 9§{n}, K{tail} {tail2}son",
    "IVO – Slutrapportering {iso}, 9§{n}",
    "IVO – Nyrapportering {iso}, 9§{n} och 9§1",
    "Fråga om {name} i {month}, {tail}",
    "Protokoll {iso} nr {n}, {tail}",
)


def titles(count: int, forms: Sequence[str]) -> list[str]:
    """Gives that many titles, all different."""
    rng = random.Random(7)
    found: dict[str, None] = {}
    for form in itertools.cycle(forms):
        day = TODAY - timedelta(days=rng.randrange(11_000))
        number = rng.randrange(1, 11)
        tail, tail2 = ("".join(rng.choices("abdefghijlmnoprstuvyåäö", k=5)) for _ in range(2))
        title = form.format(
            iso=day,
            compact=f"{day:%Y%m%d}",
            slash=f"{day.day}/{day.month} {day.year}",
            words=f"{day.day} {MONTHS[day.month - 1]} {day.year}",
            month=MONTHS[day.month - 1],
            n=number,
            name=NAMES[number - 1],
            tail=tail,
            tail2=tail2,
        )
        found[title] = None
        if len(found) == count:
            return list(found)
    raise AssertionError("unreachable")


def seconds(work: Callable[[str], object], lines: Sequence[str]) -> float:
    """Gives the least processor time of five runs over all the lines."""
    least = float("inf")
    for _ in range(5):
        began = time.process_time()
        for line in lines:
            work(line)
        least = min(least, time.process_time() - began)
    return least / len(lines)


def main() -> int:
    right, mixed = titles(COUNT, FORMS[:3]), titles(COUNT, FORMS)
    pattern = re.compile(CANONICAL.pattern)
    bare = seconds(pattern.fullmatch, right)
    began = time.process_time()
    read("IVO Nyraportering 9§1", TODAY)
    print(f"first title that needs the vocabulary: {(time.process_time() - began) * 1000:.0f} ms")
    good, all_kinds = (seconds(lambda line: read(line, TODAY), lines) for lines in (right, mixed))
    print(f"bare fullmatch {bare * 1e6:.2f} µs")
    print(f"(a) canonical  {good * 1e6:.1f} µs, {good / bare:.1f} times (aim 12)")
    print(f"(b) mixed file {all_kinds * 1e6:.1f} µs, {all_kinds / bare:.0f} times (aim 200)")
    command = Path(sys.executable).with_name("ivobot")
    if not command.exists():
        print("(c) skipped: no command ivobot beside this Python")
        return int(good > 12 * bare or all_kinds > 200 * bare)
    for name, lines in (("canonical", titles(200_000, FORMS[:3])), ("mixed", titles(200_000, FORMS))):
        before = resource.getrusage(resource.RUSAGE_CHILDREN)
        subprocess.run(
            [command, "title", "--json", "--today", TODAY.isoformat()],
            input="\n".join(lines).encode(),
            stdout=subprocess.DEVNULL,
            check=False,
        )
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
        spent = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
        print(f"(c) {name}: {len(lines) / spent:.0f} titles a second of processor time through `ivobot title --json` (aim 20000)")
    return int(good > 12 * bare or all_kinds > 200 * bare)


if __name__ == "__main__":
    sys.exit(main())

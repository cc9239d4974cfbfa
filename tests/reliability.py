"""Runs the tests behind each promise and writes docs/reliability.md from what they left: `python tests/reliability.py [--only NAME …]`.

Nobody types a figure: tests note them with the fixture `figure`, commands print them in their last line. What a run does not name keeps the
figures of its own last run, which lie in tests/figures.json. All of it takes about half an hour on two cores.
"""

import argparse
import json
import os
import re
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

ROOT = Path(__file__).resolve().parent.parent
KEPT, TABLE = ROOT / "tests" / "figures.json", ROOT / "docs" / "reliability.md"


@dataclass(frozen=True)
class Promise:
    """A promise, and what proves it: tests as pytest names them, or a command (after the interpreter) whose last line tells its figure."""

    name: str
    says: str
    tests: Sequence[str] = ()
    command: Sequence[str] = ()


PROMISES = (
    Promise(
        "crash",
        "Killed at any point, or at any moment, and started again: every letter is filed once, every mail sent once, every state the same.",
        ("tests/crash/test_maildir.py",),
    ),
    Promise("crash-imap", "The same on an IMAP server.", command=("-m", "tests.crash.served", "imap", "--points", "60", "--random", "20")),
    Promise("crash-ews", "The same on Exchange.", command=("-m", "tests.crash.served", "ews", "--points", "60", "--random", "20")),
    Promise("import", "An import is killed anywhere: all of it is in the register, or nothing.", ("tests/bot/test_import_killed.py",)),
    Promise(
        "two",
        "Two services on one database and one mailbox: nothing lost, nothing double, no deadlock.",
        ("tests/bot/test_service.py::test_two_services_lose_and_double_nothing",),
    ),
    Promise(
        "years", "Ten years day by day, 200 rows: every milestone once, on the day that `simulate` foretold.", ("tests/bot/test_years.py",)
    ),
    Promise(
        "clock",
        "Clocks set back and forward, summer time, leap days, year ends, 90 days of downtime: nothing twice, nothing forgotten.",
        ("tests/bot/test_clock.py", "tests/bot/test_clock_jumps.py"),
    ),
    Promise(
        "resources",
        "Full or read-only disk, locked, damaged or rolled-back database, a mailbox gone for days, refused recipients, no file handles: "
        "one plain sentence, and afterwards nothing is lost.",
        ("tests/bot/test_resources.py",),
    ),
    Promise("restore", "A backup comes back whole on an empty machine, and nothing is sent twice after it.", ("tests/bot/test_backup.py",)),
    Promise(
        "letters",
        "Letters from hell: each is read, answered and filed as it should be, and none takes long.",
        ("tests/bot/test_letters_from_hell.py", "tests/bot/test_letter.py"),
    ),
    Promise(
        "fuzz-titles", "Made-up titles: no exception, none slower than 5 ms.", command=("tests/bench/fuzz_titles.py", "--count", "200000")
    ),
    Promise("fuzz-letters", "Made-up letters: no exception.", command=("tests/bench/fuzz_letters.py", "--seconds", "120")),
    Promise("fuzz-imports", "Made-up register files: no exception.", command=("tests/bench/fuzz_imports.py", "--seconds", "120")),
    Promise(
        "loops", "Machines that answer machines: one answer each at most, then silence, told in the digest.", ("tests/bot/test_loops.py",)
    ),
    Promise(
        "secrecy",
        "Identity numbers, names and texts of letters stand in no database, log, mail, file or exception of ours.",
        ("tests/bot/test_secrecy.py", "tests/bot/test_log.py"),
    ),
    Promise(
        "templates",
        "A municipality's own templates and the files it is given can do no harm.",
        ("tests/bot/test_templates_untrusted.py", "tests/report/test_same.py"),
    ),
    Promise(
        "balance", "The mail balance of every day, from ledger and mailbox: what nothing explains is told.", ("tests/bot/test_balance.py",)
    ),
    Promise("prune", "Gallring takes what it may, no earlier, and a frozen quarter's figures survive it.", ("tests/bot/test_prune.py",)),
    Promise("audit", "A changed, dropped or cut-off entry of the audit trail shows.", ("tests/bot/test_audit.py",)),
    Promise("supply", "Each part has an upper bound and its hashes in the lock file.", ("tests/test_supply.py",)),
)


def main() -> int:
    """Runs what is asked for and writes the table; 1 when a promise does not hold."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument(
        "--only", action="append", metavar="NAME", choices=[one.name for one in PROMISES], help="only this promise; repeatable"
    )
    given = parser.parse_args()
    kept: dict[str, Any] = json.loads(KEPT.read_text("utf-8")) if KEPT.exists() else {}
    bad = []
    for one in PROMISES:
        if given.only and one.name not in given.only:
            continue
        print(f"{one.name} …", flush=True)
        began = time.monotonic()
        holds, figures = _tested(one) if one.tests else _commanded(one)
        kept[one.name] = {
            "holds": holds,
            "figures": figures,
            "day": date.today().isoformat(),
            "seconds": round(time.monotonic() - began),
        }
        print(f"{one.name}: {'holds' if holds else 'DOES NOT HOLD'}; {figures}", flush=True)
        KEPT.write_text(
            json.dumps({p.name: kept[p.name] for p in PROMISES if p.name in kept}, ensure_ascii=False, indent=1) + "\n", "utf-8"
        )
        TABLE.write_text(table(kept), "utf-8")
        bad += [] if holds else [one.name]
    return int(bool(bad))


def _tested(one: Promise) -> tuple[bool, str]:
    with tempfile.TemporaryDirectory() as made:
        noted, report = Path(made) / "figures", Path(made) / "report.xml"
        done = subprocess.run(
            [sys.executable, "-m", "pytest", "-n", "0", "-m", "slow or not slow", "--timeout", "3600", f"--junitxml={report}", *one.tests],
            cwd=ROOT,
            env={**os.environ, "IVOBOT_FIGURES": str(noted)},
            stdout=subprocess.DEVNULL,
            check=False,
        )
        if not report.exists():
            return False, f"pytest ended with {done.returncode}"
        suite = ElementTree.parse(report).getroot().find("testsuite")
        counts = {name: int(suite.get(name, "0")) for name in ("tests", "failures", "errors", "skipped")} if suite is not None else {}
        lines = [json.loads(line) for line in noted.read_text("utf-8").splitlines()] if noted.exists() else []
    failed = counts["failures"] + counts["errors"]
    said = [f"{counts['tests'] - counts['skipped']} tests, {failed} failed"]
    said += [f"{counts['skipped']} skipped"] if counts["skipped"] else []
    sums: dict[str, int] = {}
    for line in lines:
        sums[line["name"]] = sums.get(line["name"], 0) + int(line["value"])
    return done.returncode == 0, "; ".join([*said, *(f"{name}: {value}" for name, value in sums.items())])


def _commanded(one: Promise) -> tuple[bool, str]:
    done = subprocess.run([sys.executable, *one.command], cwd=ROOT, capture_output=True, text=True, check=False)
    lines = [line for line in done.stdout.splitlines() if re.search(r"[0-9]+ faults", line)]
    return done.returncode == 0, lines[-1] if lines else f"ended with {done.returncode}"


def table(kept: Mapping[str, Mapping[str, Any]]) -> str:
    """The page, from the figures of each promise's last run."""
    head = (
        "# What can be relied on, and how that is known\n\n"
        "Written by `python tests/reliability.py`; nobody types a figure here. `python tests/reliability.py --only NAME` runs one promise again. How it is built so:\n"
        'see the README, "How the house is built". A send whose answer was lost and of which no copy is found cannot be exactly once by\n'
        "nature: it is sent again after a wait, and `ivobot trace` tells so.\n\n"
        "| promise | proof | last run | figures |\n|---|---|---|---|\n"
    )
    rows = []
    for one in PROMISES:
        last = kept.get(one.name)
        proof = "<br>".join(f"`{test}`" for test in one.tests) or f"`python {' '.join(one.command)}`"
        run = f"{last['day']}, {last['seconds']} s" if last else "–"
        figures = ("" if last["holds"] else "**does not hold**: ") + last["figures"] if last else "not run yet"
        rows.append(f"| {one.says} (`{one.name}`) | {proof} | {run} | {figures} |\n")
    return head + "".join(rows)


if __name__ == "__main__":
    sys.exit(main())

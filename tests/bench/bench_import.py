"""Times the import of register files: `python tests/bench/bench_import.py [--rows N]`.

Makes a CSV and an XLSX file with invented rows, each column of an ordinary export filled, and takes each into a new register, twice, by the
command `ivobot register import`. Beside it, in processes of their own: the csv module reading the CSV into lists, and python-calamine
reading the XLSX into lists. The peers' times are those of the reading alone; ours are the whole command's, from its start to its end. Ratios
are of processor time, since other work on the machine lengthens the seconds of one and not of the other.
Bars: CSV within 60 times its peer, XLSX within 10 times, an unchanged second import at most half of the first, 300 MB at the most, and
`simulate` of 10 000 rows over ten years below a minute. Exit 1 when a bar is missed.
"""

import argparse
import csv
import os
import random
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
NOW = "2026-06-30T08:00"
MOST_MB = 300
HEADER = ("Ärende", "Kön", "Beslutsdatum", "Datum för avbrott", "Lagrum", "Typ av insats LSS", "Handläggare", "Beslutet verkställt",
          "Beslutet avslutat")  # fmt: skip
INSATSER = (
    "9 § 2 Personlig assistans",
    "9 § 3 Ledsagarservice",
    "9 § 4 Kontaktperson",
    "9 § 6 Korttidsvistelse",
    "9 § 9 Bostad för vuxna",
    "9 § 10 Daglig verksamhet",
)
CSV_PEER = """
import csv, sys, time
began = time.process_time()
with open(sys.argv[1], newline="", encoding="utf-8") as file:
    rows = list(csv.reader(file, delimiter=";"))
print(time.process_time() - began)
"""
XLSX_PEER = """
import sys, time
from python_calamine import CalamineWorkbook
began = time.process_time()
rows = CalamineWorkbook.from_path(sys.argv[1]).get_sheet_by_index(0).to_python()
print(time.process_time() - began)
"""


@dataclass(frozen=True, slots=True)
class Ran:
    """A process that has ended: its seconds from start to end, and of the processor; the most memory it held, in MB; what it printed."""

    seconds: float
    processor: float
    megabytes: float
    out: str


def table(count: int) -> Iterator[tuple[str | date | None, ...]]:
    """The rows, always the same ones: every sixth an interruption, every fifth closed."""
    rng = random.Random(7)
    for number in range(count):
        decided = date(2023, 1, 1) + timedelta(days=rng.randrange(1_200))
        interrupted = decided + timedelta(days=rng.randrange(30, 200)) if rng.random() < 0.17 else None
        closed = (interrupted or decided) + timedelta(days=rng.randrange(100, 400)) if rng.random() < 0.2 else None
        executed = closed is not None and rng.random() < 0.7
        yield (
            f"LSS-{2023 + number % 4}-{number:06}",
            rng.choice(("Man", "Kvinna", "Pojke", "Flicka")),
            decided,
            interrupted,
            "LSS",
            rng.choice(INSATSER),
            f"handlaggare.{rng.randrange(60)}@kommun.example",
            closed if executed else None,
            None if executed else closed,
        )


def write_csv(path: Path, count: int) -> None:
    """The rows as CSV, as Swedish Excel writes it."""
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file, delimiter=";")
        writer.writerow(HEADER)
        writer.writerows(table(count))


def write_xlsx(path: Path, count: int) -> None:
    """The rows as a workbook, days as days."""
    from openpyxl import Workbook

    book = Workbook(write_only=True)
    sheet = book.create_sheet("Beslut")
    sheet.append(HEADER)
    for row in table(count):
        sheet.append(row)
    book.save(path)


def run(arguments: list[str], environ: dict[str, str], out: Path) -> Ran:
    """Runs one process to its end."""
    began = time.perf_counter()
    with out.open("wb") as sink:
        process = subprocess.Popen(arguments, stdout=sink, cwd=ROOT, env=os.environ | environ)
        _, status, used = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
    seconds = time.perf_counter() - began
    if process.returncode:
        raise SystemExit(f"{' '.join(arguments[:6])} … ended with {process.returncode}")
    scale = 2**20 if sys.platform == "darwin" else 2**10  # ru_maxrss is in bytes there, in kB elsewhere
    return Ran(
        seconds,
        used.ru_utime + used.ru_stime,
        used.ru_maxrss / scale,
        out.read_text("utf-8", "replace") if out.stat().st_size < 1_000 else "",
    )


class Bench:
    """One run of everything, in a folder of its own."""

    def __init__(self, home: Path) -> None:
        self.home = home
        self.missed = False
        print(f"{'operation':<34}{'seconds':>9}{'cpu':>8}{'ratio':>8}{'bar':>7}{'peak MB':>9}")

    def line(self, what: str, ran: Ran, ratio: float, bar: float) -> None:
        """Prints a line, and marks what is beyond its bar."""
        bad = ratio > bar or ran.megabytes > MOST_MB
        self.missed |= bad
        figures = f"{ran.seconds:>9.2f}{ran.processor:>8.2f}{ratio:>8.2f}{bar:>7g}{ran.megabytes:>9.0f}"
        print(f"{what:<34}{figures}{'  missed' if bad else ''}", flush=True)

    def peer(self, what: str, code: str, file: Path) -> float:
        """The least processor seconds of three runs of a peer."""
        best = min((run([sys.executable, "-c", code, str(file)], {}, self.home / "out") for _ in range(3)), key=lambda ran: float(ran.out))
        seconds = float(best.out)
        print(f"{what:<34}{'':>9}{seconds:>8.2f}{1:>8.2f}{'':>7}{best.megabytes:>9.0f}", flush=True)
        return seconds

    def ivobot(self, place: str, *arguments: str) -> Ran:
        """Runs one command of ours in an office of that name."""
        data = self.home / place
        environ = {"IVOBOT_BOT__DATA_DIR": str(data), "IVOBOT_MAILBOX__PATH": str(data / "mailbox")}
        command = [sys.executable, "-m", "bot", *arguments, "--config", str(ROOT / "config.example.toml")]
        return run(command, environ, self.home / "out")

    def imports(self, name: str, file: Path, peer: float, bar: float) -> None:
        """Imports a file into a new register, and again."""
        first, second = (self.ivobot(name, "register", "import", str(file), "--now", NOW) for _ in range(2))
        self.line(f"import {name}, times the peer", first, first.processor / peer, bar)
        self.line(f"import {name} again, of the first", second, second.processor / first.processor, 0.5)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rows", type=int, default=100_000)
    rows = parser.parse_args().rows
    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder)
        bench = Bench(home)
        write_csv(home / "register.csv", rows)
        bench.imports("CSV", home / "register.csv", bench.peer(f"csv module, {rows} rows", CSV_PEER, home / "register.csv"), 60)
        write_xlsx(home / "register.xlsx", rows)
        bench.imports("XLSX", home / "register.xlsx", bench.peer(f"python-calamine, {rows} rows", XLSX_PEER, home / "register.xlsx"), 10)
        write_csv(home / "simulated.csv", 10_000)
        bench.ivobot("simulated", "register", "import", str(home / "simulated.csv"), "--now", NOW)
        ran = bench.ivobot("simulated", "simulate", "--from", "2026-07-01", "--to", "2036-06-30", "--json")
        bench.line("simulate ten years, 10000 rows", ran, ran.processor, 60)
    return int(bench.missed)


if __name__ == "__main__":
    sys.exit(main())

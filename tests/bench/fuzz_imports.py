"""Throws mutated register files at their reader: `python tests/bench/fuzz_imports.py [--seconds 60] [--count N] [--seed 1]`.

Excel files are taken apart, changed inside and packed again, so that the reader behind the packing is reached. Fails on any exception but
RegisterError, on a message that repeats a cell, on a reading that is not the same twice, and on one that takes more than 4 s a megabyte.
"""

import io
import random
import re
import sys
import zipfile
from datetime import date
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from bot.errors import RegisterError
from bot.register.reader import RegisterFile, read
from tests.bench.fuzzing import ROOT, fuzz, mutated

TODAY = date(2026, 4, 15)
TOKENS = (
    *"Ärende;Insats;Beslutsdatum;Handläggare;Datum för avbrott;Verkställt;Avslutat;Form;Kön;Personnummer;Skyddad;Alias;Gäller från".encode().split(b";"),
    *b"9\xc2\xa74;9 \xc2\xa7 10;2026-01-15;15/1-26;46037;46037.5;1/0;#DIV/0!;#REF!;=1+1;@x;-1;ja;nej;19121212-1212;99999999999;1e308;nan;inf".split(b";"),
    *b'";"";"a"";\';\t;,;sep=,;\xef\xbb\xbf;\xff\xfe;\r;\n;\r\n;<c r="ZZZ9999999" t="s"><v>1</v></c>;<v>9e99</v>;t="d";t="e";<row r="0">'.split(b";"),
    "٢٠٢٦-٠١-١٥".encode(), "９§４".encode(), b";" * 300, b'"' * 99, b"Kunigunda", b"A" * 40_000,
)  # fmt: skip
SECRET = "Kunigunda"


def seeds() -> tuple[list[bytes], list[bytes]]:
    """Texts and workbooks of the register matrix."""
    files = [p.read_bytes() for p in sorted((ROOT / "tests" / "data" / "registers").iterdir()) if p.suffix != ".json"]
    small = [raw for raw in files if len(raw) < 100_000]
    return [raw for raw in small if not raw.startswith(b"PK")], [raw for raw in small if raw.startswith(b"PK")]


def repacked(rng: random.Random, books: list[bytes]) -> bytes:
    """A workbook with something changed in one of its parts."""
    try:
        with zipfile.ZipFile(io.BytesIO(rng.choice(books))) as archive:
            inside = {name: archive.read(name) for name in archive.namelist() if archive.getinfo(name).file_size < 2**20}
    except (zipfile.BadZipFile, RuntimeError, NotImplementedError):
        return mutated(rng, books, TOKENS)
    wanted = [name for name in inside if re.search(r"sheet|shared|workbook|styles", name)] or list(inside)
    if not wanted:
        return mutated(rng, books, TOKENS)
    name = rng.choice(wanted)
    inside[name] = mutated(rng, [inside[name]], TOKENS)
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for each, content in inside.items():
            archive.writestr(each, content)
    return out.getvalue()


def _read(raw: bytes) -> RegisterFile:
    return read(raw, today=TODAY, hash_person=lambda number: f"hash-{len(number)}")


def broken(raw: bytes) -> str:
    """What a reading breaks that must hold for every file; "" if nothing."""
    try:
        found = _read(raw)
    except RegisterError as error:
        return "a refusal repeats the file" if SECRET in str(error) else ""
    if any(SECRET in fault.reason for fault in found.errors):
        return "an error repeats a cell"
    if len(set(found.identities)) != len(found.identities) or len(found.identities) != len(found.entries):
        return "two entries are the same"
    for _, entry in found.entries:
        if not entry.case or re.search(r"[\x00-\x1f\ud800-\udfff]", entry.case) or not date(1990, 1, 1) <= entry.start:
            return f"an entry that is none: {entry!r:.300}"
    return "" if repr(_read(raw)) == repr(found) else "read twice, it is not the same"


def main() -> int:
    texts, books = seeds()
    tables = [raw for raw in texts if b";" in raw or b"\t" in raw]

    def made(rng: random.Random) -> bytes:
        kind = rng.randrange(10)
        return repacked(rng, books) if kind < 3 else mutated(rng, books, TOKENS) if kind == 3 else mutated(rng, tables, TOKENS)

    return fuzz("imports", made, broken, lambda size: max(0.5, 4 * size / 2**20), "bot/register")


if __name__ == "__main__":
    sys.exit(main())

"""Coverage-guided fuzzing with atheris (`pip install atheris`; not needed otherwise) of the readers of titles, letters and register files:

`python tests/bench/fuzz_guided.py titles|letters|imports [--minutes 20] [--corpus DIR]`. What breaks is printed and written to DIR.
"""

import argparse
import sys
from datetime import date
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

try:
    import atheris  # type: ignore[import-not-found,unused-ignore]
except ImportError:
    print("atheris is not installed; run: pip install atheris", file=sys.stderr)
    sys.exit(2)

with atheris.instrument_imports(include=["bot.mailbox", "bot.register", "rules"]):
    from rules.characters import INVISIBLE
    from rules.title import read
    from tests.bench import fuzz_imports, fuzz_letters, fuzz_titles


def title(data: bytes) -> None:
    """A subject: as text, or as the bytes of a header."""
    text = data.decode("utf-8", "surrogatepass" if data[:1] < b"\x80" else "replace") if _clean(data) else data.decode("cp1252", "replace")
    text = INVISIBLE.sub("", text)  # what cannot be seen parts no digits, and the rule about ten of them knows nothing of that
    if rule := fuzz_titles.broken(text, read(text, date(2026, 11, 22))):
        raise AssertionError(rule)


def _clean(data: bytes) -> bool:
    try:
        data.decode("utf-8", "surrogatepass")
    except UnicodeDecodeError:
        return False
    return True


def letter(data: bytes) -> None:
    """A whole letter."""
    if rule := fuzz_letters.broken(data):
        raise AssertionError(rule)


def table(data: bytes) -> None:
    """A register file."""
    if rule := fuzz_imports.broken(data):
        raise AssertionError(rule)


def _seeds(kind: str) -> list[bytes]:
    if kind == "titles":
        return [one.encode() for one in (*fuzz_titles.REAL, *fuzz_titles.PIECES, *fuzz_titles.RUBBISH[:-3])]
    if kind == "letters":
        return [raw for raw in fuzz_letters.seeds() if len(raw) < 8_000]
    texts, books = fuzz_imports.seeds()
    return [raw for raw in [*texts, *books] if len(raw) < 20_000]


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("kind", choices=("titles", "letters", "imports"))
    options.add_argument("--minutes", type=float, default=20.0)
    options.add_argument("--corpus", type=Path, default=Path("fuzz-corpus"))
    given = options.parse_args()
    folder = given.corpus / given.kind
    folder.mkdir(parents=True, exist_ok=True)
    for n, raw in enumerate(_seeds(given.kind)):
        (folder / f"seed-{n:04}").write_bytes(raw)
    words = {"titles": fuzz_titles.PIECES, "letters": fuzz_letters.TOKENS, "imports": fuzz_imports.TOKENS}[given.kind]
    dictionary = given.corpus / f"{given.kind}.dict"
    raws = [one.encode() if isinstance(one, str) else one for one in words]
    dictionary.write_text("".join(f'"{"".join(f"{chr(92)}x{byte:02x}" for byte in raw)}"\n' for raw in raws if 0 < len(raw) < 60), "ascii")
    works = {"titles": title, "letters": letter, "imports": table}
    flags = [
        f"-max_total_time={int(given.minutes * 60)}",
        f"-dict={dictionary}",
        f"-artifact_prefix={given.corpus}/{given.kind}-",
        f"-max_len={1_000 if given.kind == 'titles' else 20_000}",
        "-timeout=10",
        "-rss_limit_mb=2000",
        "-print_final_stats=1",
    ]
    atheris.Setup([sys.argv[0], *flags, str(folder)], works[given.kind])
    atheris.Fuzz()


if __name__ == "__main__":
    main()

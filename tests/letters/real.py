"""Letters as servers and programs wrote them, whole, in `real/`: addresses and names are invented, what is each letter's own stands as @…@."""

import tomllib
from collections.abc import Callable
from pathlib import Path

from tests.letters.made import ANY, ASKED, LEFT, MATCHED, End, Hell, Who, automatic, unreached

FOLDER = Path(__file__).parent / "real"
ENDS: dict[str, End] = {"matched": MATCHED, "asked": ASKED, "left": LEFT}


def _make(file: Path) -> Callable[[Who], bytes]:
    def make(who: Who) -> bytes:
        raw = file.read_bytes().replace(b"\r\n", b"\n").replace(b"\n", b"\r\n")
        for name, value in (("CASE", who.case), ("SENDER", who.sender), ("OURS", who.ours), ("N", str(who.n))):
            raw = raw.replace(f"@{name}@".encode(), value.encode())
        return raw

    return make


def _letter(name: str, wanted: dict[str, str]) -> Hell:
    how, _, reason = wanted["end"].partition(":")
    end = {"automatic": automatic, "unreached": unreached}[how](reason) if reason else ENDS[how]
    return Hell(f"real: {name}", _make(FOLDER / f"{name}.eml"), end, wanted.get("sender", "own") or ANY, words=end is MATCHED)


LETTERS: list[Hell] = [_letter(name, wanted) for name, wanted in tomllib.loads((FOLDER / "expected.toml").read_text("utf-8")).items()]

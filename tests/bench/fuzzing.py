"""What the fuzzers share: a seeded mutator of bytes that needs no package, and the loop that counts faults, times and branches."""

import argparse
import heapq
import random
import time
from collections.abc import Callable, Sequence
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
SLOWEST = 30
ODD = (
    b"\0",
    b"\r",
    b"\n",
    b"\r\n",
    b"\x0b",
    b"\x85",
    b"\xff",
    b"\xfe",
    b"\xed\xa0\x80",
    "\u2028".encode(),
    "\u202e".encode(),
    "å".encode(),
    b"\xe5",
)


def mutated(rng: random.Random, seeds: Sequence[bytes], tokens: Sequence[bytes], longest: int = 200_000) -> bytes:
    """A seed with one to eight changes: bytes turned, pieces lost, doubled, moved, repeated, words put in, two seeds joined, line ends changed."""
    raw = bytearray(rng.choice(seeds))
    for _ in range(rng.choice((1, 1, 2, 3, 5, 8))):
        at = rng.randrange(len(raw) + 1)
        end = min(len(raw), at + rng.choice((1, 2, 4, 16, 64, 512)))
        match rng.randrange(12):
            case 0 if raw:
                raw[min(at, len(raw) - 1)] = rng.randrange(256)
            case 1:
                del raw[at:end]
            case 2:
                raw[at:at] = raw[at:end]
            case 3:
                raw[at:at] = rng.choice(tokens)
            case 4:
                raw[at:end] = rng.choice(tokens)
            case 5:
                raw[at:at] = rng.choice(ODD) * rng.choice((1, 1, 2, 50))
            case 6:
                other = rng.choice(seeds)
                raw[at:] = other[rng.randrange(len(other) + 1) :]
            case 7:
                other = rng.choice(seeds)
                low = rng.randrange(len(other) + 1)
                raw[at:at] = other[low : low + rng.choice((8, 64, 1024))]
            case 8:
                lines = bytes(raw).split(b"\n")
                rng.shuffle(lines)
                raw = bytearray(b"\n".join(lines))
            case 9:
                raw[at:at] = (bytes(raw[at:end]) or b"x") * rng.choice((10, 100, 1000))
            case 10:
                raw = raw.replace(
                    *rng.choice(((b"\r\n", b"\n"), (b"\n", b"\r\n"), (b"\r\n", b"\r"), (b";", b"\t"), (b"\n\n", b"\n"), (b" ", b"")))
                )
            case _:
                del raw[at:]
        del raw[longest:]
    return bytes(raw)


def fuzz(
    name: str, make: Callable[[random.Random], bytes], work: Callable[[bytes], str], limit: Callable[[int], float], watched: str
) -> int:
    """Makes inputs and works on them for a time or a count; prints faults, the slowest, and how many branches of `watched` were reached.

    work: gives what is broken, or "". limit: seconds of processor time for so many bytes. Gives the exit code.
    """
    options = argparse.ArgumentParser(description=name)
    options.add_argument("--count", type=int, default=0)
    options.add_argument("--seconds", type=float, default=60.0)
    options.add_argument("--seed", type=int, default=1)
    options.add_argument("--branches", action="store_true", help="count branches with the package coverage; three times slower")
    given = options.parse_args()
    rng = random.Random(given.seed)
    cover = _coverage(watched) if given.branches else None
    slowest: list[tuple[float, int, bytes]] = []
    faults = done = 0
    end = time.monotonic() + given.seconds
    while (done < given.count if given.count else time.monotonic() < end) and faults < 20:
        raw = make(rng)
        done += 1
        begun = time.thread_time()
        try:
            broken = work(raw)
        except Exception as error:
            broken = f"{type(error).__name__}: {error}"
        took = time.thread_time() - begun
        if broken:
            print(f"fault: {broken:.300} in {raw!r:.2000}")
            faults += 1
        heapq.heappush(slowest, (took, done, raw))
        if len(slowest) > SLOWEST:
            heapq.heappop(slowest)
    again = sorted(((min(_time(work, raw) for _ in range(3)), raw) for _, _, raw in slowest), key=lambda one: -one[0])
    slow = [(took, raw) for took, raw in again if took > limit(len(raw))]
    for took, raw in slow:
        print(f"slow: {took * 1000:.1f} ms for {len(raw)} bytes: {raw!r:.500}")
    worst, raw = again[0] if again else (0.0, b"")
    print(f"{name}: {done} inputs, {faults} faults, {len(slow)} slow; slowest {worst * 1000:.1f} ms ({len(raw)} bytes)")
    if cover is not None:
        cover.stop()  # type: ignore[attr-defined]
        data = cover.get_data()  # type: ignore[attr-defined]
        print(
            f"{sum(len(data.arcs(file) or ()) for file in data.measured_files())} branches in {len(data.measured_files())} files of {watched}"
        )
    return int(bool(faults or slow))


def _coverage(watched: str) -> object | None:
    try:
        from coverage import Coverage
    except ImportError:
        print("the package coverage is not installed: branches are not counted")
        return None
    found = Coverage(branch=True, data_file=None, include=[str(ROOT / watched / "*")])
    found.start()
    return found


def _time(work: Callable[[bytes], str], raw: bytes) -> float:
    begun = time.thread_time()
    try:
        work(raw)
    except Exception:
        return 0.0  # told already
    return time.thread_time() - begun

"""The bodies in `tests/data/bodies`, which were written apart from the reader: how many of their fields are read, and how many are false.

The rule: a field that stands in a letter is read right, or missing, or wrong; so is each entry of a list. What is read but does not stand
there is wrong too, unless the letter's `may` holds it. Dates, choices, answers and the number of entries count strictly. A free text is
right when most of its words are the same: six in ten of the shorter text, and at least three in ten of the longer, or all but
four; the entry's own date is no word of it. An entry that is read without its day, or with a day and no text,
is missing. Score = (right - 10 x wrong) / expected.

Numbers that are odd in a body's id are the half by which the reader was improved; the even ones were only counted. `bodies_third` is a
third set, written before either half was looked at.
"""

import json
import re
from collections import Counter
from collections.abc import Iterator, Mapping
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from rules import dates
from rules.body import as_fields, items
from rules.options import text as option

TODAY = date(2026, 9, 15)
DATA = Path(__file__).parents[1] / "data"
SETS = ("development", "held out", "third")
LISTS = ("contacts", "offers", "answers")
TEXTS = ("partly_how", "compensating_how", "summary", "other", "end_reason")
_DATE_WORDS = re.compile(r"(?i)\b(?:den|(?:mån|tis|ons|tors|fre|lör|sön)dag(?:en)?)\b")
_VERDICT = re.compile(
    r"(?i)\b(?:(?:kunden|hen|familjen|det|de|var|blev|svaret|kom|svar)\b ?)*\b(?:ja|nej|tacka(?:de|t|r)|avböj(?:de|t|er))\b(?: (?:ja|nej|tack|till|de|hen))*"
)

Result = tuple[str, str, str]
"""A field, `right`, `missing` or `wrong`, and what it is about."""


@cache
def corpus(name: str) -> tuple[dict[str, Any], ...]:
    """The bodies of a set."""
    folder = DATA / ("bodies_third" if name == "third" else "bodies")
    read = [json.loads(line) for path in sorted(folder.glob("*.jsonl")) for line in path.read_text("utf-8").splitlines()]
    return tuple(body for body in read if name == "third" or (int(body["id"].rsplit("-", 1)[1]) % 2 == 1) is (name == "development"))


def read_fields(body: str) -> dict[str, Any]:
    """What the reader gives, in the corpus's form: the form as IVO writes it, and a tick only when it is set."""
    read = dict(as_fields(items(body, TODAY)))
    if "form" in read:
        read["form"] = option(str(read["insats"]), str(read["form"]))
    if read.get("relative") is False:
        del read["relative"]
    return read


def words(text: str) -> Counter[str]:
    """The words of a free text, without dates."""
    for found in reversed(dates.find(text, TODAY)):
        text = f"{text[: found.start]} {text[found.end :]}"
    return Counter(re.findall(r"\w+", _DATE_WORDS.sub(" ", text.casefold())))


def same_text(read: str, wanted: str) -> bool:
    """Whether two free texts are the same but for some words at the edges."""
    one, other = words(read), words(wanted)
    common = (one & other).total()
    if not one or not other:
        return one.total() + other.total() <= 4
    enough = common >= 0.6 * min(one.total(), other.total())
    return enough and all(common >= 0.3 * each.total() or each.total() - common <= 4 for each in (one, other))


def same_entry(read: Mapping[str, Any], wanted: Mapping[str, Any]) -> bool:
    """Whether an entry's text is the one that stands in the letter. An answer's yes or no is a field of its own and no part of its text."""
    texts = [str(each["text"]) for each in (read, wanted)]
    if "answer" in wanted:
        texts = [_VERDICT.sub(" ", text) for text in texts]
    return same_text(*texts)


def textless(read: Mapping[str, Any], wanted: Mapping[str, Any]) -> bool:
    """Whether the text of an entry was not read, although it says something."""
    said = _VERDICT.sub(" ", wanted["text"]) if "answer" in wanted else wanted["text"]
    return bool(words(said)) and not words(read["text"])


def same(name: str, read: Any, wanted: Any) -> bool:
    """Whether a single value was read as it stands."""
    if name in TEXTS:
        return same_text(str(read), str(wanted))
    if name == "case":
        return "".join(str(read).casefold().split()) == "".join(str(wanted).casefold().split())
    return bool(read == wanted)


def judged(body: Mapping[str, Any]) -> list[Result]:
    """Each field and entry of a letter with its outcome."""
    read, wanted, may = read_fields(body["body"]), body["fields"], body.get("may", {})
    found: list[Result] = []
    for name in sorted({*read, *wanted}):
        if name in LISTS:
            found += _entries(name, read.get(name, []), wanted.get(name, []), may.get(name, []))
        elif name not in wanted:
            if name not in may or not same(name, read[name], may[name]):
                found.append((name, "wrong", f"invented {read[name]!r}"))
        elif name not in read:
            found.append((name, "missing", f"{wanted[name]!r}"))
        elif same(name, read[name], wanted[name]) or (name in may and same(name, read[name], may[name])):
            found.append((name, "right", ""))
        else:
            found.append((name, "wrong", f"{read[name]!r}, not {wanted[name]!r}"))
    return found


def _entries(name: str, read: list[Any], wanted: list[Any], may: list[Any]) -> Iterator[Result]:
    """The outcome of each entry, and of each entry that was read besides."""
    left = list(read)
    later = []
    for entry in wanted:
        fitting = [each for each in left if each["date"] == entry["date"] and each.get("answer") == entry.get("answer")]
        best = max(fitting, key=lambda each: (same_entry(each, entry), (words(each["text"]) & words(entry["text"])).total()), default=None)
        if best is None:
            later.append(entry)
            continue
        left.remove(best)
        if textless(best, entry):
            yield name, "missing", f"the text of {entry}"
        elif same_entry(best, entry):
            yield name, "right", ""
        else:
            yield name, "wrong", f"{best}, not {entry}"
    for entry in later:
        dayless = [
            each for each in left
            if each["date"] is None and each.get("answer") == entry.get("answer") and same_entry(each, entry)
        ]  # fmt: skip
        if dayless:
            left.remove(dayless[0])
        yield name, "missing", f"{entry}"
    for each in left:
        if not any(each["date"] == entry["date"] and each.get("answer") == entry.get("answer") for entry in may):
            yield name, "wrong", f"invented {each}"


@cache
def counted(name: str) -> dict[tuple[str, str], Counter[str]]:
    """Outcomes of a set, by ("kind" | "field" | "all", its name)."""
    found: dict[tuple[str, str], Counter[str]] = {}
    for body in corpus(name):
        for field, outcome, _ in judged(body):
            for key in (("kind", body["kind"]), ("field", field), ("all", "")):
                found.setdefault(key, Counter())[outcome] += 1
    return found


def expected(name: str, key: tuple[str, str] = ("all", "")) -> int:
    """How many fields stand in a set's bodies."""
    total = 0
    for body in corpus(name):
        if key[0] != "kind" or body["kind"] == key[1]:
            for field, value in body["fields"].items():
                if key[0] != "field" or field == key[1]:
                    total += len(value) if field in LISTS else 1
    return total


def score(name: str, key: tuple[str, str] = ("all", "")) -> float:
    """The share of fields that are right, a wrong one counted as ten that are missing."""
    count = counted(name).get(key, Counter())
    return (count["right"] - 10 * count["wrong"]) / max(1, expected(name, key))


def table(name: str) -> str:
    """The figures of a set: never what stands in a body."""
    rows = [f"{name}: {len(corpus(name))} bodies"]
    for key, count in sorted(counted(name).items()):
        total = expected(name, key)
        rows.append(
            f"  {key[0]:5} {key[1]:18} expected {total:4} right {count['right']:4} missing {count['missing']:3} wrong {count['wrong']:3}"
            f"   read {count['right'] / max(1, total):6.1%}  score {score(name, key):6.1%}"
        )
    return "\n".join(rows)


@pytest.mark.parametrize("name, least_read, most_wrong", [
    # What is reached, with room for three fields and one false value. The bar is 95 % and next to nothing false: the development half and
    # the third set are there, the held-out half is not.
    ("development", 0.98, 2), ("held out", 0.88, 12), ("third", 0.965, 1),
])  # fmt: skip
def test_the_level_that_is_reached(name: str, least_read: float, most_wrong: int) -> None:
    """Prints the figures with `-s`. Whoever reads better raises the level."""
    print(f"\n{table(name)}")
    count = counted(name)[("all", "")]
    assert count["right"] >= least_read * expected(name)
    assert count["wrong"] <= most_wrong
    assert score(name) >= least_read - 10 * most_wrong / expected(name)


def test_the_corpus_is_whole() -> None:
    """Two hundred bodies and more of eight kinds in two halves, and a third set of the same kinds; every field has a known name."""
    kinds = {"tidy", "hurried", "ocr", "mixed", "prose", "case_system", "bullets", "phone"}
    assert all({body["kind"] for body in corpus(name)} == kinds for name in SETS)
    assert len(corpus("development")) + len(corpus("held out")) >= 200
    assert len(corpus("third")) >= 40
    assert not {body["id"] for body in corpus("development")} & {body["id"] for body in corpus("held out")}


def test_how_a_letter_is_judged() -> None:
    """A right text may lack its ends; another day is wrong and the right one missing; a missing text is missing; `may` is neither."""
    body = {
        "body": "Ärende: E-1\nInsats: 9 § 4\nKontakt: 2026-08-01 samtal med mamman\nErbjudande: 2026-08-03, plats på Eken\nÖvrigt: flyttar i höst",
        "fields": {
            "case": "E-1",
            "contacts": [{"date": "2026-08-01", "text": "samtal med mamman"}, {"date": "2026-08-02", "text": "brev"}],
            "reason": "Hos kommunen",
        },
        "may": {"offers": [{"date": "2026-08-03", "text": "plats på Eken"}]},
    }
    outcomes = [(field, outcome) for field, outcome, _ in judged(body)]
    assert outcomes == [
        ("case", "right"), ("contacts", "right"), ("contacts", "missing"), ("insats", "wrong"), ("other", "wrong"), ("reason", "missing"),
    ]  # fmt: skip
    assert same_text("den 12 april ringde mamman, som vill vänta", "ringde mamman som vill vänta till hösten")
    assert not same_text("mamman vill vänta", "lägenhet på Eken med balkong")
    assert not same_text("mamman", "mamman vill inte flytta så långt från skolan och sina vänner som planen säger")

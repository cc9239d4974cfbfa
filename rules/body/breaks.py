"""Line breaks that a letter lacks: boxes to tick on one line, items between slashes, two labels at once, a telephone's text."""

import itertools
import re
from collections.abc import Iterator, Sequence
from datetime import date
from typing import Final

from rules.body.fits import fits
from rules.body.labels import IGNORED, Label, at, leading
from rules.body.words import labels, pattern, spellings

_BOX: Final = re.compile(r"\[[ xX]?\]|\([xX ]\)|[☐☒☑□✓✔]")
_TICKED: Final = re.compile(r"[\s*•·–-]{0,6}(?:\[[xX]\]|\([xX]\)|[☒☑✓✔])\s*(?=\S)")
_EMPTY: Final = re.compile(r"[\s*•·–-]{0,6}(?:\[ ?\]|\( \)|[☐□])\s*(?=\S)")
_HEADING: Final = re.compile(r"\s*\[([^\[\]\n:]{2,40})\]\s*$")
_BRACKETED: Final = re.compile(r"\s*\[(?P<label>[^\[\]\n:\d]{2,40})\][ \t]*:?[ \t]*(?P<value>\S.*)$")
_TAGGED: Final = re.compile(r"\s*<(?P<label>[^<>/\n]{2,40})>(?P<value>[^<>\n]{0,1000})</(?P=label)>\s*$")
_DECORATED: Final = re.compile(
    r"\s*(?:={1,6}|#{1,6}|-{2,6}|~{1,6}|\*{2,6}|<)[ \t]*([^\W\d_][^:=#~*<>\n\d]{2,40}?)[ \t]*(?:[=#~*-]{1,6}|>)?[ \t]*:?\s*$"
)
_PAIR: Final = re.compile(r"(\s*[*•–-]?\s*[^\W\d][^:/\n]{0,29})/\s?([^:/\n]{2,30}):\s*([^\n]{1,120})")
_PAIRED: Final = re.compile(r"\s+/\s+")
_SLASHED: Final = re.compile(r"\s+/\s+")
_STOP: Final = re.compile(r"[.;!] +(?=[^\W\d_])")
_MOST_ITEMS: Final = 20
_SHORT_LABEL: Final = 6
_TYPED: Final = frozenset({"reason", "cause", "reason_cause", "insats", "case"})
_LEAST_SLASHES: Final = 4
_LEAST_RUN_ON: Final = 8
_LEAST_STARTS: Final = 2
_LEAST_SURE: Final = 3
_LABEL: Final = 60
_EVENTS: Final = frozenset({"contacts", "offers", "answers", "compensating", "partly", "summary"})
_FREE: Final = frozenset({"summary", "other"})
_LONGEST: Final = 1_500
_PUNCTUATED: Final = re.compile(r"[.;:!?](?:\s|$)|\t|\|")


def broken(lines: Sequence[str], today: date) -> Iterator[str]:
    """The lines with those breaks. Linear in their length."""
    for each in lines:
        line = pattern("breaks_signature").sub("", each) if len(each) <= _LONGEST else each
        if len(line) > _LONGEST:
            yield line
            continue
        for part in _boxes(line):
            if tagged := _TAGGED.match(part) or _BRACKETED.match(part):
                part = f"{tagged['label']}: {tagged['value']}" if _is_label(tagged["label"]) else part
            if headed := pattern("breaks_headed").match(part):
                part = f"{headed['label']}:" if _is_event(headed["label"]) else part
            if heading := _HEADING.match(part) or _DECORATED.match(part):
                yield f"{heading[1]}:" if _is_label(heading[1]) else part
                continue
            for pair in _pairs(part):
                for item in _run_on(pair):
                    yield from _labelled(item, today)


def _boxes(line: str) -> Iterator[str]:
    """What is ticked, each alternative on a line of its own; the relatives' tick stays as it is, for it is an answer and no choice."""
    if line.count("[") + line.count("(") == 0 and not any(sign in line for sign in "☐☒☑□✓✔"):
        yield line
        return
    starts = [found.start() for found in _BOX.finditer(line)]
    parts = [line]
    if len(starts) > 1 and line[starts[0] :].strip() and line[starts[-1] + 1 :].strip(" ]"):
        edges = [0, *(each for each in starts if each), len(line)]
        parts = [line[begin:end] for begin, end in itertools.pairwise(edges) if line[begin:end].strip()]
    for part in parts:
        if pattern("breaks_relative").search(part):
            yield part
        elif ticked := _TICKED.match(part):
            yield part[ticked.end() :]
        elif not _EMPTY.match(part):
            yield part


def _labelled(line: str, today: date) -> Iterator[str]:
    """A hurried line's items, each after a full stop: cut where a label and its value begin, unless the line is one free text."""
    stops = [found.end() for found in _STOP.finditer(line)]
    opening = leading(line) if stops else None
    if not stops or len(stops) > _MOST_ITEMS or (opening and opening.field in ("summary", "other", IGNORED)):
        yield line
        return
    begin = 0
    for stop in stops:
        label = at(line, stop, slips=False)
        if label and len(line[begin:stop].split()) > 1 and _begins_item(label, line, today) and not _abbreviated(line, stop):
            yield line[begin:stop].rstrip()
            begin = stop
    yield line[begin:]


def _abbreviated(line: str, stop: int) -> bool:
    """Whether the stop belongs to a label's own first word: "Komp. insats"."""
    before = line[:stop].rstrip(" .;!")
    label = at(line, max(before.rfind(sign) for sign in " |;\t(") + 1, slips=False)
    return label is not None and label.end > stop


def _begins_item(label: Label, line: str, today: date) -> bool:
    """Whether a label after a full stop begins an item of a hurried line; a word such as erbjöd begins a sentence."""
    if label.alone or label.field in ("summary", "other", "touch", IGNORED):
        return False
    rest = line[label.end :].lstrip(" .")
    if label.sure or rest[:1].isdigit():
        return True
    short = label.field in _TYPED or label.end - label.start <= _SHORT_LABEL
    return short and fits(label.field, rest, today)


def _is_label(text: str) -> bool:
    return labels().get(next(spellings(text)), IGNORED) != IGNORED


def _is_event(text: str) -> bool:
    return labels().get(next(spellings(text))) in _EVENTS


def _pairs(line: str) -> tuple[str, ...]:
    """Two labels with their two values: "Beslut/rapport: 2026-03-01 / 2026-06-01"."""
    found = _PAIR.match(line)
    if found is None:
        return (line,)
    values = _PAIRED.split(found[3])
    if len(values) != 2 or not (_is_label(found[1].strip(" *•–-")) and _is_label(found[2])):
        return (line,)
    return f"{found[1]}: {values[0]}", f"{found[2]}: {values[1]}"


def _run_on(line: str) -> Iterator[str]:
    """A line between whose items stand slashes, or nothing at all."""
    if line.count(" / ") >= _LEAST_SLASHES:
        yield from _SLASHED.split(line)
        return
    if len(line.split()) < _LEAST_RUN_ON or (":" in line[:_LABEL] and (label := leading(line)) is not None and label.field in _FREE):
        yield line
        return
    starts = {found.start() for found in pattern("breaks_item").finditer(line)}
    if (opening := leading(line)) is not None and opening.field in ("contacts", "touch"):
        starts = {each for each in starts if not line[:each].rstrip(" ,:")[-1:].isdigit()}  # "2/7 ringt god man": the day is its own
    if _PUNCTUATED.search(line.rstrip(" .!")):
        sure = {found.start() for found in pattern("breaks_sure").finditer(line)}
        starts = starts | sure if len(sure) >= _LEAST_SURE else set()
    if len(starts) < _LEAST_STARTS:
        yield line
        return
    edges = sorted({0, *starts, len(line)})
    for begin, end in itertools.pairwise(edges):
        if item := line[begin:end].strip(" ,"):
            yield item

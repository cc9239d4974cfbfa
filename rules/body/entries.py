"""A value cut into dated entries: a new one at each bullet, and at each date that begins a line or a clause."""

import re
from collections.abc import Iterator, Sequence
from datetime import date
from typing import Final, NamedTuple

from rules import dates
from rules.body.model import Event
from rules.body.values import leading_date
from rules.body.words import pattern, phrase, word_list
from rules.options import options

EDGES: Final = " \t\n,;:.!–—-|/=*_>→•·▪●○◦‣▸+"
"""Signs that stand between a date and its text."""
_BULLET: Final = re.compile(r"\s*(?:[*•·▪●○◦‣▸+–—-]+\s+|\(?[0-9]{1,2}[.)]\s+|[a-h]\)\s+)")
_STAMP: Final = re.compile(r"[ ,]*(?:kl\.? ?)?[0-2]?[0-9][:.][0-5][0-9](?::[0-5][0-9])?(?![0-9])[ ,]*", re.IGNORECASE)
_LAST_WORD: Final = re.compile(r"([^\W\d_]+)\.?[\s,]*$")
_CLAUSE: Final = re.compile(r"[,;]\s|\.\s+(?=[\w(])")
_MOST_CLAUSES: Final = 40
_LONGEST: Final = 4_500
_LIST_SIGN: Final = re.compile(r" ?(?: |,|/|&|\+|,? ?(?:och|samt|o|resp\.?)) ?(?:den )?")
_GOES_ON: Final = re.compile(r"\s*(?:[:–,.(-]|[^\W\d_])")


class Entry(NamedTuple):
    """One dated thing: its day and its text."""

    day: date | None
    text: str


def text_of(text: str) -> str:
    """A free text with single spaces, no longer than IVO takes."""
    most: int = options()["free_text_max_chars"]
    return " ".join(text.split()).strip(" |*_•·▪●○◦‣▸")[:most].rstrip()


def trimmed(text: str) -> str:
    """A text without the signs at its ends; a full stop at the end stays, an opened bracket is closed or dropped."""
    text = text.strip().lstrip(EDGES + ")").rstrip(" \t,;:–—-|=(")
    return text[1:-1] if text.startswith("(") and text.endswith(")") and text.count("(") == 1 else text


def past(day: date | None, today: date) -> date | None:
    """The day, if what happened can have happened on it."""
    return day if day and dates.EARLIEST <= day <= today else None


def entries(lines: Sequence[str], today: date, when: str = "") -> tuple[Entry, ...]:
    """Cuts the lines of a value into dated entries: a new one at each bullet, and at each date that begins a line or a clause."""
    bullets = sum(bool(_BULLET.match(line)) for line in lines) > 1
    groups: list[str] = []
    for line in (each.strip() for each in lines[:_MOST_CLAUSES]):
        bullet = _BULLET.match(line)
        bare = line[bullet.end() :] if bullet else line
        dated = leading_date(bare, today)
        if groups and not ((bullets and bullet) or dated.day or not dated.clear):
            groups[-1] += f" {bare}"
        elif bare.strip():
            groups.append(bare)
    found: list[Entry] = []
    groups = [group[:_LONGEST] for group in groups]
    stamp = leading_date(when, today).day if when else None
    for whole in groups:
        group = whole
        if len(dates.find(group, today)) > 1:
            group = pattern("entries_head").sub("", group)
        if listed := several_days(group, today):
            found += [Entry(each.day, each.text) for each in listed]
            continue
        if several := _clauses(group, today):
            found += several
            continue
        for part in _parts(group, today):
            entry = _entry(part, today)
            if entry.day is None and stamp is not None and len(groups) == 1 and not dates.find(part, today):
                entry = Entry(stamp, entry.text)
            if found and found[-1].day is None and not entry.text and entry.day:
                found[-1] = Entry(entry.day, found[-1].text)  # "Vad: …" stands above "Datum: …"
            elif found and not found[-1].text and found[-1].day and entry.day is None:
                found[-1] = Entry(found[-1].day, entry.text)
            elif entry.text or entry.day:
                found.append(entry)
    return tuple(found)


def several_days(text: str, today: date) -> tuple[Event, ...]:
    """Several days with one text ("10/3, 14/4 och 12/5 ringt god man"), each an entry; empty if the text is no such list."""
    text = " ".join(text.split())
    found = dates.find(text, today)
    row = [found[0]] if found else []
    for each in found[1:]:
        if not _LIST_SIGN.fullmatch(text, row[-1].end, each.start):
            break
        row.append(each)
    if len(row) < 2 or len(row) != len(found) or any(each.day is None or each.last or each.day > today for each in row):
        return ()
    rest = trimmed(f"{pattern('events_den').sub('', text[: row[0].start]).rstrip(EDGES)} {text[row[-1].end :].lstrip(EDGES)}")
    return tuple(Event(each.day, text_of(rest)) for each in row)


def _parts(text: str, today: date) -> Iterator[str]:
    """One line's entries: cut where a clause begins with a date, if the line itself begins with one or holds full stops."""
    begin = 0
    opened = leading_date(text, today).day is not None
    for sign in pattern("events_next").finditer(text):
        if sign.start() <= begin or not (opened or sign[0][0] in ";.|"):
            continue
        after = leading_date(text[sign.end() : sign.end() + 40], today)
        if after.day is None or after.rest[:1] in (")",) or not _GOES_ON.match(after.rest):
            continue
        if len(text[begin : sign.start()].split()) < 2:
            continue
        yield text[begin : sign.start()]
        begin, opened = sign.end(), True
    yield text[begin:]


def _clauses(text: str, today: date) -> tuple[Entry, ...]:
    """The entries of a line whose every clause has its own day ("fru 14/4 tel, kund 6/5 sms"); empty if one has none or two."""
    parts = [part.strip() for part in _CLAUSE.split(text) if part.strip(EDGES)]
    if not 2 <= len(parts) <= _MOST_CLAUSES:
        return ()
    read = [_entry(part, today) for part in parts]
    if (
        read[0].day
        and any(each.day is None for each in read)
        and sum(each.day is not None for each in read) > 1
        and not leading_date(text, today).day
    ):
        joined: list[Entry] = []
        for each in read:  # what has no day belongs to what stands before it
            joined[-1:] = (
                [each] if not joined else [joined[-1], each] if each.day else [Entry(joined[-1].day, f"{joined[-1].text}, {each.text}")]
            )
        return tuple(joined)
    if any(pattern("entries_same").match(part) for part in parts[1:]):
        return ()
    if any(len(dates.find(part, today)) != 1 for part in parts) or any(each.day is None or not each.text for each in read):
        return ()
    return tuple(read)


def _entry(text: str, today: date) -> Entry:
    """One entry: the day that it begins with, else the only date in it unless that is another's ("vill vänta till 1 september")."""
    text = " ".join(text.split())
    leading = leading_date(text, today)
    if leading.day is not None or not leading.clear:
        rest = _STAMP.sub("", leading.rest, count=1) if _STAMP.match(leading.rest) else leading.rest
        return Entry(past(leading.day, today), trimmed(rest) if leading.day else trimmed(text))
    found = dates.find(text, today)
    if len(found) != 1 or found[0].day is None or found[0].last is not None:
        return Entry(None, trimmed(text))
    before = pattern("events_den").sub("", text[: found[0].start])
    word = _LAST_WORD.search(before)
    if word and phrase(word[1]) in word_list("another_date") and not pattern("entries_last").search(before):
        return Entry(None, trimmed(text))
    if text[found[0].end :].strip(" .)") == "":
        return Entry(past(found[0].day, today), trimmed(before.rstrip(" (,")))
    return Entry(past(found[0].day, today), trimmed(text))

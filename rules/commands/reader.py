"""From the writer's own lines to commands: the rows that a line names, and what is said of them.

Read is what a person would read without doubt. Doubt is never acted on: it is told, so that the writer can say it otherwise. A number
without brackets is a row's only where a word for something to do follows it: "3 dagar kvar" is no command, and no fault either.
"""

import re
from collections.abc import Iterator
from datetime import date
from typing import Final, NamedTuple

from rules.commands.model import MOST, Command, Fault, Said, Unread, Verb
from rules.commands.own import own_lines
from rules.commands.said import UNDO, begins, is_command, say

_N: Final = "[1-9][0-9]{0,2}(?![0-9])"
_LABEL: Final = r"(?:rad(?:en|erna|er)?|nr|nummer|no|punkt|#)\.? ?(?:nr\.? ?)?"
_BRACKETED: Final = rf"[<\[({{«‹〈] ?(?:{_LABEL})?{_N} ?[>\])}}»›〉]"
_HALF: Final = rf"<{_N}|{_N}>"
_REF: Final = rf"(?:{_BRACKETED}|{_HALF}|{_LABEL}{_N}|{_N})"
_MORE: Final = rf"(?: ?(?:, ?och|[-,;&+]|och|samt) ?{_REF}| ?{_BRACKETED})*+"
_REFS: Final = rf"{_REF}{_MORE}"

_BULLET = re.compile(r"(?:[-*•·–—] ?)+(?=[<\[({«‹〈0-9r#n])", re.IGNORECASE)
_LINE = re.compile(rf"(?P<refs>{_REFS}) ?[-.:)–—>]* ?(?P<rest>.*)", re.IGNORECASE)
_SURE = re.compile(rf"{_BRACKETED}|{_LABEL}{_N}", re.IGNORECASE)
_BRACKET = re.compile(_BRACKETED, re.IGNORECASE)
_NUMBER = re.compile(_N)
_RANGE = re.compile(rf"[^0-9]*({_N})[^0-9-]* ?- ?[^0-9-]*({_N})[^0-9]*")
_TURNED = re.compile(rf"(?P<what>[^0-9<\[(]{{4,30}}?) ?:? ?(?P<refs>(?:{_BRACKETED}|{_LABEL}{_N}){_MORE})(?P<rest>.*)", re.IGNORECASE)
_TURNED_BARE = re.compile(rf"(?P<what>(?:in)?rapportera(?:de|d|t)) ?:? ?(?P<refs>{_REFS})(?P<rest>[ .!]*)", re.IGNORECASE)
_NEXT = re.compile(rf"[,;.] ?(?:och )?(?=(?:{_LABEL})?{_N}[.:)]? (?:.r )?(?:rapport|verkst|avslut))", re.IGNORECASE)
_POSTPONES = re.compile(r"skjut|uppskj|senarel|flytta", re.IGNORECASE)
_AND = re.compile(r"\b(?:och|samt)\b", re.IGNORECASE)
_LONGEST_RANGE: Final = 50


class _Part(NamedTuple):
    """Some rows and what is said of them. `sure`: they are named so that nothing else can be meant."""

    rows: tuple[int, ...]
    sure: bool
    rest: str


def read(body: str, today: date) -> tuple[Said, ...]:
    """Gives what a reply asks for, in its order, each thing once; nothing when it holds no command. At most `MOST`; the rest is told as one.

    body: the reply's plain text with whatever it quotes. today: the local day on which it is read, for days without a year, "i går" and what
    is still to come. `ångra` stands first, wherever it was written: what is said besides is said of the rows as they are then. The time grows
    no faster than the length; never fails.
    """  # noqa: E501
    found: dict[Said, None] = {}
    for line in own_lines(body):
        for said in _line(line, today):
            if len(found) >= MOST:
                return (*_undo_first(found), Unread(0, Fault.TOO_MANY))
            found[said] = None
    return _undo_first(found)


def _undo_first(found: dict[Said, None]) -> tuple[Said, ...]:
    return tuple(sorted(found, key=lambda said: said.n != 0))


def _line(line: str, today: date) -> Iterator[Said]:
    if bullet := _BULLET.match(line):
        line = line[bullet.end() :]
    if undo := UNDO.match(line):
        rest = line[undo.end() :].strip(" .!:,")
        if not rest:
            yield Command(Verb.UNDO)
        elif named := _SURE.match(rest):
            yield from (Unread(n, Fault.UNDO_ALONE, Verb.UNDO) for n in _numbers(named[0]))
        return
    for part in _parts(line):
        for n in part.rows:
            said = say(n, part.rest, today, sure=part.sure)
            if said is not None:
                yield said


def _parts(line: str) -> Iterator[_Part]:
    """The line's groups of rows, each with what is said of it."""
    for piece in _pieces(line):
        if (turned := _TURNED.fullmatch(piece) or _TURNED_BARE.fullmatch(piece)) and is_command(turned["what"]):
            rest = f"{turned['what'].strip(' :')} {turned['rest'].strip()}"
            yield _Part(_numbers(turned["refs"]), True, rest.strip())
        elif (found := _LINE.fullmatch(piece)) and (rows := _numbers(found["refs"])):
            yield _Part(rows, bool(_SURE.match(found["refs"])), found["rest"].strip())


def _pieces(line: str) -> list[str]:
    """A line with several commands cut before each: at a bracketed row that is no part of a list of rows, or at "…, 4 rapporterad"."""
    cuts = [0]
    if _BRACKET.match(line):
        end = 0
        for found in _BRACKET.finditer(line):
            between = _AND.sub("", line[end : found.start()])
            if any(c.isalnum() for c in between) and begins(_LINE.sub(r"\g<rest>", line[found.start() :])):
                cuts.append(found.start())
            end = found.end()
    elif not _POSTPONES.search(line):  # what follows there is a reason, whatever it says
        cuts += [found.end() for found in _NEXT.finditer(line)]
    return [line[first:last].strip(" ,;") for first, last in zip(cuts, (*cuts[1:], len(line)), strict=True)]


def _numbers(refs: str) -> tuple[int, ...]:
    """The rows that are named, a range as each of its rows; none when it is no list of rows but, say, a date."""
    if "-" not in refs:
        return tuple(dict.fromkeys(int(n) for n in _NUMBER.findall(refs)))
    ends = _RANGE.fullmatch(refs)
    if ends is None:
        return ()
    first, last = int(ends[1]), int(ends[2])
    return tuple(range(first, last + 1)) if first < last <= first + _LONGEST_RANGE else ()

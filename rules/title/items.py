"""Signs → items: each word or group of words with its meaning, before what stands beside it is looked at."""

import re
from collections.abc import Sequence
from datetime import date
from typing import Any, Final, NamedTuple

from rules.title import dates, insatser, months
from rules.title.scan import DATES, Sign
from rules.title.text import LOST, fold
from rules.title.vocabulary import Meaning, Role
from rules.title.words import Tries, Words


class Item(NamedTuple):
    """A meaning with its place in the cleaned text. `text` is what was written; right: in the one right spelling of its word."""

    role: Role
    value: Any
    text: str
    start: int
    end: int
    right: bool = True


_LONGEST: Final = 30  # words of a phrase
_PIECES: Final = frozenset({Role.KIND, Role.PART, Role.OUTCOME, Role.INTERRUPTION, Role.ADVANCE, Role.NAME, Role.LSS, Role.IVO})
_TIGHT: Final = frozenset({"-", ":", "'", "’"})
_OF_IVO: Final = ("rapport", "rapporten", "rapportering", "rapporteringen", "rapportor", "rapportoren")
_TIME: Final = re.compile(r"([0-9]+) ?: ?([0-9]+)")
_TWO_DATES: Final = frozenset({12, 14, 16})
_OTHER: Final = Meaning(Role.OTHER)


class Reading:
    """Reads the signs of one title, left to right."""

    def __init__(self, text: str, signs: Sequence[Sign], words: Words, today: date) -> None:
        self._text, self._signs, self._words, self._today = text, signs, words, today
        self._tries = Tries()
        self._items: list[Item] = []

    def items(self) -> list[Item]:
        """Gives the items in order."""
        at, signs, usual, add = 0, self._signs, self._words.usual, self._items.append
        while at < len(signs):
            form, text, start, end = signs[at]
            at += 1
            if form == "word":
                meaning = usual.get(text)
                if meaning is not None:
                    add(Item(meaning.role, meaning.value, text, start, end))
                else:
                    at = self._word(at - 1)
            elif form == "plain":
                add(Item(Role.PARAGRAPH, insatser.PLAIN[text], text, start, end))
            elif form in DATES:
                add(Item(Role.DATE, dates.read(form, text, self._today), text, start, end))
            elif form == "number":
                at = self._number(at - 1)
            else:
                meaning = self._seldom(signs[at - 1])
                add(Item(meaning.role, meaning.value, text, start, end))
        return self._items

    def _seldom(self, sign: Sign) -> Meaning:
        if sign.form == "paragraph":
            return Meaning(Role.DROPPED) if is_reporting_duty(sign.text) else Meaning(Role.PARAGRAPH, insatser.paragraph(sign.text))
        return self._clock(sign) if sign.form == "clock" else _OTHER

    def _add(self, sign: Sign, meaning: Meaning, end: int | None = None, right: bool = True) -> None:
        self._items.append(Item(meaning.role, meaning.value, sign.text, sign.start, sign.end if end is None else end, right))

    def _word(self, at: int) -> int:
        """Reads the word at this sign, or the longest phrase that begins with it; gives the next sign."""
        sign = self._signs[at]
        if sign.text.strip(LOST) == "":
            return at + 1
        if len(sign.text) == 1:  # an initial or a connecting word, never the beginning of more
            self._add(sign, self._words.meaning(fold(sign.text)) or _OTHER)
            return at + 1
        if self._form(at + 1) == "number":
            found = months.from_word(self._signs, at, lambda raw: self._words.vocabulary.months.get(raw.lower()))
            if found is not None:
                self._add(sign, Meaning(Role.DATE, found.day), self._signs[found.after - 1].end)
                return found.after
        word = self._words.word(sign.text, self._tries)
        if len(word.folded) > 1:
            for folded in word.folded:
                self._add(sign, self._words.meaning(folded) or _OTHER, right=word.right)
            return at + 1
        if word.folded[0] == "ivo":
            return self._ivo(at)
        if not word.known and word.folded[0] not in self._words.vocabulary.beginnings:
            self._add(sign, _OTHER)
            return at + 1
        meaning, after = self._phrase(at, word.folded[0])
        if meaning is None and not word.known:
            meant = self._words.corrected(word.folded[0], self._tries)
            if meant is not None:
                meaning, after = self._phrase(at, meant)
            if meaning is None:
                meaning, after = self._torn(at, word.folded[0])
            word = word._replace(right=meaning is None)
        elif meaning is not None and meaning.role is Role.NAME and len(meaning.value) > 1 and after == at + 1:
            torn, beyond = self._torn(at, word.folded[0])
            if torn is not None:
                meaning, after, word = torn, beyond, word._replace(right=False)
        self._add(sign, meaning or _OTHER, self._signs[after - 1].end, word.right)
        return after

    def _phrase(self, at: int, first: str) -> tuple[Meaning | None, int]:
        """The longest phrase from here; words without information inside it may differ."""
        vocabulary = self._words.vocabulary
        meaning, after, key = vocabulary.phrases.get(first), at + 1, first
        for following in range(at + 1, min(at + _LONGEST, len(self._signs))):
            if key not in vocabulary.beginnings:
                break
            sign = self._signs[following]
            if sign.form not in ("number", "word"):
                break
            word = sign.text if sign.form == "number" else fold(sign.text)
            longer = key + word
            if sign.form == "word" and longer not in vocabulary.beginnings and longer not in vocabulary.phrases:
                word = self._words.word(sign.text, self._tries).folded[0]
                longer = key + word
            if longer not in vocabulary.beginnings and longer not in vocabulary.phrases:
                known = vocabulary.phrases.get(word)
                if known is not None and known.role is Role.LINK:
                    continue
                break
            key = longer
            if key in vocabulary.phrases:
                meaning, after = vocabulary.phrases[key], following + 1
        return meaning, after

    def _torn(self, at: int, first: str) -> tuple[Meaning | None, int]:
        """A misspelled word that was also torn in two: `korttids tilsyn`."""
        if at + 1 < len(self._signs) and self._signs[at + 1].form == "word" and first in self._words.vocabulary.beginnings:
            following = self._words.word(self._signs[at + 1].text, self._tries)
            if not following.known:
                meant = self._words.corrected(first + following.folded[0], self._tries)
                if meant is not None and meant in self._words.vocabulary.phrases:
                    return self._words.vocabulary.phrases[meant], at + 2
        return None, at + 1

    def _ivo(self, at: int) -> int:
        """The word IVO, or another word that begins with it: `IVO:s`, `IVO-rapportering`."""
        sign = self._signs[at]
        following = self._signs[at + 1] if at + 1 < len(self._signs) else None
        if following is not None and following.form == "word" and self._text[sign.end : following.start] in _TIGHT:
            first = self._words.word(following.text, self._tries).folded[0]
            meaning, _ = self._phrase(at + 1, first)
            if meaning is None or meaning.role not in _PIECES:
                self._add(sign, Meaning(Role.REPORT if first in _OF_IVO else Role.OTHER, "ivo"), following.end)
                return at + 2
        self._add(sign, Meaning(Role.IVO))
        return at + 1

    def _clock(self, sign: Sign) -> Meaning:
        """`9:10` is an insats; `09:10` and `14:30` are times; `9:30` could be either, which only the rest of the title tells."""
        found = _TIME.match(sign.text)
        head, tail = (found[1], found[2]) if found else ("", "")
        after_hour = bool(self._items) and self._items[-1].text.lower() in ("kl", "klockan")
        if after_hour or sign.text.count(":") > 1 or head != "9" or (len(tail) == 2 and tail[0] == "0"):
            return Meaning(Role.PARAGRAPH, frozenset({f"{head}§{tail}"})) if len(tail) == 1 and not after_hour else Meaning(Role.CLOCK)
        number = int(tail)
        return Meaning(Role.CLOCK, number) if 10 < number < 60 else Meaning(Role.PARAGRAPH, insatser.paragraph(f"9§{number}"))

    def _number(self, at: int) -> int:
        """A number, or the date that begins with it; gives the next sign."""
        sign = self._signs[at]
        if len(sign.text) in _TWO_DATES and self._two_dates(sign):
            return at + 1
        if self._form(at + 1) == "word":
            found = months.from_number(self._signs, at, self._month)
            if found is not None:
                self._add(sign, Meaning(Role.DATE, found.day), self._signs[found.after - 1].end)
                return found.after
        weak = dates.number(sign.text)
        self._add(sign, Meaning(Role.DATE, weak) if weak else Meaning(Role.NUMBER, sign.text))
        return at + 1

    def _two_dates(self, sign: Sign) -> bool:
        """Two dates without anything between, `2026041520260715`; an identity number is no longer in the text here."""
        for cut in (6, 8):
            halves = sign.text[:cut], sign.text[cut:]
            if all(len(half) in (6, 8) for half in halves):
                days = [dates.read("six" if len(half) == 6 else "eight", half, self._today) for half in halves]
                if all(day.day is not None for day in days):
                    for day in days:
                        self._add(sign, Meaning(Role.DATE, day))
                    return True
        return False

    def _month(self, raw: str) -> int | None:
        return self._words.month(raw, self._tries)

    def _form(self, at: int) -> str:
        return self._signs[at].form if at < len(self._signs) else ""


def is_reporting_duty(text: str) -> bool:
    """Whether a paragraph is one of 28 f–h §§ LSS, which demand the report: no insats and no information."""
    return text in ("28f§", "28g§", "28h§")

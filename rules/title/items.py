"""Signs → items: each word or group of words with its meaning, before what stands beside it is looked at."""

from collections.abc import Sequence
from datetime import date
from functools import partial
from typing import Any, Final, NamedTuple

from rules.title import dates, facts, insatser, months, numbers
from rules.title.scan import DATES, Sign
from rules.title.text import LOST, fold
from rules.title.vocabulary import Meaning, Role
from rules.title.words import Tries, Word, Words


class Item(NamedTuple):
    """A meaning with its place in the cleaned text. `text` is what was written; said: the bits of `facts`."""

    role: Role
    value: Any
    text: str
    start: int
    end: int
    said: int


# A look at a member of an enum takes longer than the question that it is for.
_LINK, _IVO, _DATE, _PARAGRAPH, _NAME, _NUMBER = Role.LINK, Role.IVO, Role.DATE, Role.PARAGRAPH, Role.NAME, Role.NUMBER
_item: Final = partial(tuple.__new__, Item)  # an Item of its six values, in half the time
_LONGEST: Final = 30  # words of a phrase
_PIECES: Final = frozenset({Role.KIND, Role.PART, Role.OUTCOME, Role.INTERRUPTION, Role.ADVANCE, Role.NAME, Role.LSS, Role.IVO})
_OF_PHRASES: Final = frozenset({"word", "number"})
_TIGHT: Final = frozenset({"-", ":", "'", "’"})
_HOUR: Final = ("kl", "klockan")
_OF_IVO: Final = ("rapport", "rapporten", "rapportering", "rapporteringen", "rapportor", "rapportoren")
_LIKE_A_DATE: Final = 4  # digits; a shorter number is part of a date only beside the name of a month
_OTHER: Final = Meaning(Role.OTHER)


class Reading:
    """Reads the signs of one title, left to right."""

    def __init__(self, text: str, signs: Sequence[Sign], words: Words, today: date) -> None:
        self._text, self._signs, self._words, self._today = text, signs, words, today
        self._tries = Tries()
        self._seen: dict[str, Word] = {}
        self._items: list[Item] = []

    def items(self) -> list[Item]:
        """Gives the items in order."""
        signs, add, usual, longer = self._signs, self._items.append, self._words.usual, self._words.longer
        at, count, letters = 0, len(signs), self._words.letters
        while at < count:
            form, text, start, end = signs[at]
            at += 1
            if form == "word":
                word = usual.get(text)
                if word is None:
                    if (letter := letters.get(text)) is not None:
                        add(_item((letter.role, letter.value, text, start, end, letter.said)))
                    else:
                        at = self._word(at - 1)
                    continue
                role, value, said, folded, _ = word
                if at < count and signs[at].form in _OF_PHRASES:
                    # The usual case told apart fast: the next word is a usual one too, and no phrase goes on with it.
                    _, following, next_start, _ = signs[at]
                    beside = usual.get(following)
                    if (
                        beside is None
                        or not beside.plain
                        or beside.role is _LINK
                        or folded + beside.folded in longer
                        or (role is _IVO and self._text[end:next_start] in _TIGHT)
                    ):
                        at = self._word(at - 1)
                        continue
                add(_item((role, value, text, start, end, said)))
            elif form in DATES:
                said = facts.ISO_DATE if form == "iso" else facts.of_date(text)
                add(_item((_DATE, dates.read(form, text, self._today), text, start, end, said)))
            elif form == "plain":
                add(_item((_PARAGRAPH, insatser.PLAIN[text], text, start, end, facts.of_paragraph(text))))
            elif form == "number":
                if len(text) < _LIKE_A_DATE and (at == count or signs[at].form != "word"):
                    add(_item((_NUMBER, text, text, start, end, facts.NUMBER)))
                else:
                    at = self._number(at - 1)
            else:
                self._add(signs[at - 1], self._seldom(signs[at - 1]))
        return self._items

    def _seldom(self, sign: Sign) -> Meaning:
        if sign.form == "paragraph":
            return numbers.paragraph(sign.text)
        if sign.form == "clock":
            return numbers.clock(sign.text, bool(self._items) and self._items[-1].text.lower() in _HOUR)
        return _OTHER

    def _add(self, sign: Sign, meaning: Meaning, end: int | None = None, right: bool = True) -> None:
        (role, value), (_, text, start, stop) = meaning, sign
        if end is not None:
            stop = end
        if meaning is _OTHER and right:
            said = facts.OTHER
        elif role is _PARAGRAPH:
            said = facts.of_paragraph(self._text[start:stop])
        else:
            said = facts.of_word(role, value, text, right)
        self._items.append(_item((role, value, text, start, stop, said)))

    def _look_up(self, raw: str) -> Word:
        """A word, looked up once in a title; what the grammar does not know is forgotten with it."""
        word = self._seen.get(raw)
        if word is None:
            word = self._seen[raw] = self._words.word(raw, self._tries)
        return word

    def _word(self, at: int) -> int:
        """Reads the word at this sign, or the longest phrase that begins with it; gives the next sign."""
        sign = self._signs[at]
        text = sign.text
        if text.strip(LOST) == "":
            return at + 1
        if len(text) == 1:  # an initial or a connecting word, never the beginning of more
            self._add(sign, self._words.meaning(fold(text)) or _OTHER)
            return at + 1
        if self._form(at + 1) == "number":
            found = months.from_word(self._signs, at, lambda raw: self._words.vocabulary.months.get(raw.lower()))
            if found is not None:
                self._add(sign, Meaning(_DATE, found.day), self._signs[found.after - 1].end)
                return found.after
        word = self._look_up(text)
        if not word.known and word.folded[0] not in self._words.beginnings:
            self._add(sign, _OTHER)
            return at + 1
        if len(word.folded) > 1:
            for folded in word.folded:
                self._add(sign, self._words.meaning(folded) or _OTHER, right=word.right)
            return at + 1
        if word.folded[0] == "ivo":
            return self._ivo(at)
        meaning, after = self._phrase(at, word.folded[0])
        if meaning is None and not word.known:
            meant = self._words.corrected(word.folded[0], self._tries)
            if meant is not None:
                meaning, after = self._phrase(at, meant)
            if meaning is None:
                meaning, after = self._torn(at, word.folded[0])
            word = word._replace(right=meaning is None)
        elif meaning is not None and meaning.role is _NAME and len(meaning.value) > 1 and after == at + 1:
            torn, beyond = self._torn(at, word.folded[0])
            if torn is not None:
                meaning, after, word = torn, beyond, word._replace(right=False)
        self._add(sign, meaning or _OTHER, self._signs[after - 1].end, word.right)
        return after

    def _phrase(self, at: int, first: str) -> tuple[Meaning | None, int]:
        """The longest phrase from here; words without information inside it may differ."""
        phrases, beginnings, longer = self._words.phrases, self._words.beginnings, self._words.longer
        meaning, after, key = phrases.get(first), at + 1, first
        for following in range(at + 1, min(at + _LONGEST, len(self._signs))):
            form, text, _, _ = self._signs[following]
            if form not in _OF_PHRASES or key not in beginnings:
                break
            usual = self._words.usual.get(text)
            if usual is not None and usual.plain:
                word = usual.folded
            elif form == "number":
                word = text
            else:
                word = fold(text)
                if key + word not in longer:
                    word = self._look_up(text).folded[0]
            if key + word not in longer:
                known = phrases.get(word)
                if known is not None and known.role is _LINK:
                    continue
                break
            key += word
            if key in phrases:
                meaning, after = phrases[key], following + 1
        return meaning, after

    def _torn(self, at: int, first: str) -> tuple[Meaning | None, int]:
        """A misspelled word that was also torn in two: `korttids tilsyn`."""
        if at + 1 < len(self._signs) and self._signs[at + 1].form == "word" and first in self._words.beginnings:
            following = self._look_up(self._signs[at + 1].text)
            if not following.known:
                meant = self._words.corrected(first + following.folded[0], self._tries)
                if meant is not None and meant in self._words.phrases:
                    return self._words.phrases[meant], at + 2
        return None, at + 1

    def _ivo(self, at: int) -> int:
        """The word IVO, or another word that begins with it: `IVO:s`, `IVO-rapportering`."""
        sign = self._signs[at]
        following = self._signs[at + 1] if at + 1 < len(self._signs) else None
        if following is not None and following.form == "word" and self._text[sign.end : following.start] in _TIGHT:
            first = self._look_up(following.text).folded[0]
            meaning, _ = self._phrase(at + 1, first)
            if meaning is None or meaning.role not in _PIECES:
                self._add(sign, Meaning(Role.REPORT if first in _OF_IVO else Role.OTHER, "ivo"), following.end)
                return at + 2
        self._add(sign, Meaning(_IVO))
        return at + 1

    def _number(self, at: int) -> int:
        """A number, or the date that begins with it; gives the next sign."""
        sign = self._signs[at]
        if days := numbers.two_dates(sign.text, self._today):
            for day in days:
                self._add(sign, Meaning(_DATE, day))
            return at + 1
        if self._form(at + 1) == "word":
            found = months.from_number(self._signs, at, self._month)
            if found is not None:
                self._add(sign, Meaning(_DATE, found.day), self._signs[found.after - 1].end)
                return found.after
        weak = dates.number(sign.text)
        self._add(sign, Meaning(_DATE, weak) if weak else Meaning(_NUMBER, sign.text))
        return at + 1

    def _month(self, raw: str) -> int | None:
        return self._words.month(raw, self._tries)

    def _form(self, at: int) -> str:
        return self._signs[at].form if at < len(self._signs) else ""

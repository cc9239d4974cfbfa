"""One written word → the word that is meant: letter case, lost letters, slips of the pen, words written together."""

from functools import cache, lru_cache
from string import ascii_letters
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from rules.title import facts
from rules.title.text import LOST, fold
from rules.title.vocabulary import LONGEST, MIDDLE, Insatser, Meaning, Role, Vocabulary, tolerance, vocabulary

if TYPE_CHECKING:
    from collections.abc import Callable

_REMEMBERED: Final = 4096
_LOST_RUN: Final = 2  # UTF-8 has two bytes for å ä ö, and some programs put a sign for each
_TOGETHER: Final = (Role.IVO, Role.KIND, Role.OUTCOME, Role.INTERRUPTION, Role.ADVANCE, Role.NAME, Role.LSS, Role.REPORT, Role.PART)
_TRIES: Final = 40
FARTHEST: Final = 2
"""Wrong letters that a long word may have."""


_HEAD: Final = 3  # letters that the shortest word has that is written together with others
_LONGEST_TOGETHER: Final = 60


class Word(NamedTuple):
    """A written word as folded words (several if it was written together), whether it is known, and whether it was spelled right."""

    folded: tuple[str, ...]
    known: bool
    right: bool


class Usual(NamedTuple):
    """What a single word means where no phrase goes on after it. folded: the word in phrases; plain: it is that when folded as written."""

    role: Role
    value: Any
    said: int
    folded: str
    plain: bool


class Words:
    """Looks up words in one vocabulary. Remembers words of the vocabulary only, never a text that the grammar does not know.

    usual: the words by their written form, the right ones from the start and others once they have been read. longer: what a phrase may
    go on as, folded. letters: a single letter, an initial or a connecting word, which is never the beginning of more.
    """

    def __init__(self, words: Vocabulary) -> None:
        self.vocabulary = words
        self.phrases, self.beginnings = words.phrases, words.beginnings
        self.longer = words.beginnings | words.phrases.keys()
        self._right = _right(words)
        self.usual = dict(self._right)
        self.letters = {letter: self._letter(letter) for letter in ascii_letters}
        self._seen: dict[str, Word] = {}
        self._near = _by_length({word: tolerance for word, tolerance in words.near.items() if tolerance})
        self._other = _by_length({word: FARTHEST for word, tolerance in words.near.items() if not tolerance})
        self._months = _by_length({name: tolerance(name) for name in words.months if len(name) >= MIDDLE})
        together = (word for word, meaning in words.phrases.items() if meaning.role in _TOGETHER)
        self._heads = frozenset(word[:_HEAD] for word in together)

    def word(self, raw: str, tries: "Tries") -> Word:
        """Gives what the written word means. `tries` bounds the number of misspellings that are looked for in one title."""
        seen = self._seen.get(raw)
        if seen is not None:
            return seen
        found = self._find(raw, tries)
        if found.known:
            if len(self._seen) >= _REMEMBERED:
                self._seen.clear()
                self.usual = dict(self._right)
            self._seen[raw] = found
            if len(found.folded) == 1 and raw not in self.usual:
                self.usual.update(_usual(self.vocabulary, raw, found.folded[0], found.right))
        return found

    def meaning(self, folded: str) -> Meaning | None:
        """Gives the meaning of a folded word or joined phrase, None if it has none by itself."""
        return self.phrases.get(folded)

    def _letter(self, letter: str) -> Usual:
        role, value = self.meaning(fold(letter)) or Meaning(Role.OTHER)
        return Usual(role, value, facts.of_word(role, value, letter, True), letter, False)

    def month(self, raw: str, tries: "Tries") -> int | None:
        """Gives the number of the month whose name, short name or misspelled name this is, else None. Only for a word beside a number."""
        folded = fold(raw)
        number = self.vocabulary.months.get(folded)
        if number is None and folded not in self.phrases and len(folded) >= MIDDLE - 1 and tries.left():
            # Only beside a number: a name such as Augustin is no misspelled month.
            close = self._close(folded, self._months)
            near = {self.vocabulary.months[name] for distance, name in close if distance <= tolerance(name)}
            number = near.pop() if len(near) == 1 else None
        return number

    def corrected(self, folded: str, tries: "Tries") -> str | None:
        """Gives the one word of the vocabulary that this is a misspelling of, None if there is none or a doubt.

        One wrong letter from six letters, two from eight; a swap of neighbours is one. A word that is as near to
        another meaning is left alone.
        """
        if not self._near.get(len(folded)) or not tries.left():
            return None
        near = self.vocabulary.near
        read = [(distance, word) for distance, word in self._close(folded, self._near) if distance <= near[word]]
        if not read:
            return None
        least = min(read)[0]
        if self._close(folded, self._other, least):
            return None
        best = sorted(word for distance, word in read if distance == least)
        meanings = {self.phrases.get(word) for word in best}
        return best[0] if len(meanings) == 1 and (len(best) == 1 or None not in meanings) else None

    @staticmethod
    def _close(folded: str, by_length: dict[int, tuple[str, ...]], farthest: int = FARTHEST) -> list[tuple[int, str]]:
        """The words that are no farther, with their distances."""
        candidates = by_length.get(len(folded))
        if not candidates:
            return []
        scorer, extract = _fuzzy()
        found = extract(folded, candidates, scorer=scorer, score_cutoff=farthest, limit=None)
        return [(int(distance), word) for word, distance, _ in found]

    def _find(self, raw: str, tries: "Tries") -> Word:
        words, low = self.vocabulary, raw.lower()
        if raw in words.small or low in words.exact:
            return Word(("och",), True, True)  # as good a word without information as any
        plain = low.strip(LOST) if LOST in low else low
        folded = fold(low)
        if LOST in low:
            marked = _squeezed(low)
            spellings = (marked, marked.rstrip(LOST), marked.strip(LOST))  # at an end it may be a question mark
            folded = next((words.lost[form] for form in spellings if form in words.lost), fold(plain).replace(LOST, "a"))
        if folded in self.phrases or folded in words.parts:
            return Word((folded,), True, low in words.proper)
        if not folded.isascii():
            return Word((folded,), False, False)  # letters that no Swedish word has
        together = self._together(folded, tries)
        if together:
            return Word(together, True, True)
        if folded not in self.beginnings:
            meant = self.corrected(folded, tries)
            if meant is not None:
                return Word((meant,), True, False)
        return Word((folded,), False, False)

    def _together(self, folded: str, tries: "Tries") -> tuple[str, ...] | None:
        """The pieces of a word that was written without spaces: `ivonyrapportering`, `slutrapporteringverkställt`."""
        if folded[:_HEAD] not in self._heads or len(folded) > _LONGEST_TOGETHER:
            return None
        for end in range(len(folded) - 1, 1, -1):
            head = self.meaning(folded[:end])
            if head is None or head.role not in _TOGETHER:
                continue
            rest = folded[end:]
            tail = self.meaning(rest)
            if tail is not None and tail.role in _TOGETHER and Role.PART not in (head.role, tail.role):
                return (folded[:end], rest)
            if head.role in (Role.IVO, Role.KIND):
                more = self._together(rest, tries) if len(rest) > MIDDLE else None
                if more:
                    return (folded[:end], *more)
                meant = self.corrected(rest, tries) if head.role is Role.IVO else None
                if meant is not None and meant in self.phrases:
                    return (folded[:end], meant)
        return None


class Tries:
    """How many misspellings may still be looked for in a title: past that it is unreadable anyhow, and time is bounded."""

    __slots__ = ("_left",)

    def __init__(self, count: int = _TRIES) -> None:
        self._left = count

    def left(self) -> bool:
        """Takes one; False when there is none."""
        self._left -= 1
        return self._left >= 0


@lru_cache(maxsize=8)
def words_of(names: Insatser) -> Words:
    """Gives the look-up with these names of insatser."""
    return Words(vocabulary(names))


def _by_length(reach: dict[str, int]) -> dict[int, tuple[str, ...]]:
    """For each length of a written word, the words that it can be a misspelling of; reach: wrong letters that each may have."""
    lengths = range(MIDDLE - 1, LONGEST + FARTHEST + 1)
    return {length: tuple(word for word, letters in reach.items() if abs(len(word) - length) <= letters) for length in lengths}


@cache
def _fuzzy() -> "tuple[Callable[..., float], Callable[..., list[tuple[str, float, int]]]]":
    """The distance of two words, and the search for the words within one; only a misspelling pays for this import."""
    from rapidfuzz import process
    from rapidfuzz.distance import OSA

    return OSA.distance, process.extract


def _right(words: Vocabulary) -> dict[str, Usual]:
    """Every single word of the vocabulary in its right spelling: small letters, a capital first, capitals."""
    spelled = {form for word in words.proper - words.exact - words.small for form in (word, word.capitalize(), word.upper())}
    return {form: usual for written in spelled for form, usual in _usual(words, written, fold(written), True).items()}


def _usual(words: Vocabulary, raw: str, folded: str, right: bool) -> dict[str, Usual]:
    """The word with what it means; nothing if that hangs on more than a phrase: a month beside a number, a name torn in two."""
    meaning = words.phrases.get(folded)
    if meaning is None or len(raw) == 1 or raw.lower() in words.months or meaning.role is Role.MONTH:
        return {}
    if meaning.role is Role.NAME and len(meaning.value) > 1:
        return {}
    return {raw: Usual(meaning.role, meaning.value, facts.of_word(meaning.role, meaning.value, raw, right), folded, fold(raw) == folded)}


def _squeezed(low: str) -> str:
    kept: list[str] = []
    for char in low:
        if char == LOST and kept and kept[-1] == LOST:
            continue
        kept.append(char)
    return "".join(kept)

"""Items → pieces: what a title says once each word is seen beside its neighbours."""

from collections.abc import Sequence
from datetime import date
from typing import Final, NamedTuple

from rules.model import Flaw, Kind
from rules.title import dates, facts, insatser
from rules.title.items import Item
from rules.title.vocabulary import Role


class Pieces(NamedTuple):
    """Everything that was read in a title; judging it comes later.

    said: the bits of `facts`. unrecognised: how many words and numbers the grammar does not know.
    """

    said: int
    date: dates.Found
    insats: insatser.Found
    unrecognised: int


_ORDER: Final = (
    {Role.IVO},
    {Role.KIND},
    {Role.INTERRUPTION},
    {Role.OUTCOME},
    {Role.DATE, Role.MONTH},
    {Role.ADVANCE},
    {Role.PARAGRAPH, Role.NAME},
)
# For each role its place in a title, from 1; 0 for one that has none.
_PLACE: Final = tuple(next((place for place, group in enumerate(_ORDER, 1) if role in group), 0) for role in range(max(Role) + 1))
_GAPS: Final = frozenset({" ", ", ", " - ", "", "."})
# A look at a member of an enum takes longer than the question that it is for.
_IS_DATE, _IS_LINK, _IS_PARAGRAPH, _IS_BEFORE, _IS_PART = Role.DATE, Role.LINK, Role.PARAGRAPH, Role.BEFORE, Role.PART
_IS_IVO, _IS_KIND, _IS_NAME, _IS_NUMBER = Role.IVO, Role.KIND, Role.NAME, Role.NUMBER
_PLACEHOLDER: Final = facts.roles(Role.PLACEHOLDER)
_DECISION_DATE: Final = facts.roles(Role.DECISION_DATE)
_OTHER_LAW: Final = facts.roles(Role.OTHER_LAW)
_DATE: Final = facts.roles(Role.DATE, Role.MONTH)
_KIND: Final = sum(facts.KINDS.values())
_INSATS: Final = facts.roles(Role.PARAGRAPH, Role.NAME)

_UNKNOWN: Final = frozenset({Role.OTHER, Role.PARTLY, Role.PLACEHOLDER, Role.DECISION_DATE})
_BESIDE: Final = frozenset({Role.PART, Role.MONTH, Role.CLOCK, Role.NUMBER, Role.DATE_LABEL, Role.INSATS_LABEL})
"""What a word of these roles says hangs on the others."""

_ADJACENT: Final = frozenset({" ", "", "-", " - ", " -", "- ", ", ", ",", ": ", ":", "/", " (", "("})
_BETWEEN_KINDS: Final = frozenset({"/", "-/", " / ", "- / ", "-/-"})
_AND: Final = frozenset({"och", "samt", "eller", "resp", "respektive"})
_JOINING: Final = frozenset({",", "+", "/", "-", ";", "&"})


class Gathering:
    """Goes over the items of one title once, with a look at the neighbours of those that need it."""

    def __init__(self, text: str, items: Sequence[Item], units: frozenset[str]) -> None:
        self._text, self._items, self._units = text, items, units
        self._said = 0
        self._days: list[dates.Day] = []
        self._mentions: list[frozenset[str]] = []
        self._labels: list[Item] = []
        self._others = 0
        self._clocks = 0

    def pieces(self, today: date) -> Pieces:
        """Gives what the items come to."""
        text, items, days, mentions = self._text, self._items, self._days, self._mentions
        whole, highest, end = 0, 0, items[0].start if items else 0
        chain = False  # whether a further number here would be a further insats
        for at, (role, value, _, start, stop, said) in enumerate(items):
            if whole & said & facts.ONCE:
                whole |= facts.DROPPED
            whole |= said
            place = _PLACE[role]
            if place >= highest:
                highest = place
            elif place:
                whole |= facts.ORDER
            if start > end and text[end:start] not in _GAPS:
                whole |= facts.SEPARATOR
            end = stop
            if role is _IS_DATE:
                days.append(value)
            elif role is _IS_LINK:
                continue
            elif role is _IS_PARAGRAPH or role is _IS_NAME:
                mentions.append(value)
                chain = role is _IS_PARAGRAPH and value != insatser.ALL
                continue
            elif role in _UNKNOWN or (role is _IS_NUMBER and not chain):
                self._others += 1
            elif role in _BESIDE:
                self._said = whole
                chain = self._beside(at, items[at])
                whole = self._said
                continue
            chain = False
        self._said = whole
        return self._settled(today)

    def _beside(self, at: int, item: Item) -> bool:
        """Takes an item with its neighbours, a number only after an insats; gives whether a further number would be a further insats."""
        role = item.role
        if role is _IS_NUMBER:
            if self._is_further_insats(at):
                self._mentions.append(insatser.paragraph(f"9§{item.value}"))
                return True
            self._others += 1
        elif role is _IS_PART:
            self._part(at)
        elif role is Role.MONTH:
            self._days.append(dates.Day(None, None, item.value, weak=True))
        elif role is Role.CLOCK:
            self._clocks += item.value is not None
            self._others += item.value is None
        else:
            self._labels.append(item)
        return False

    def _settled(self, today: date) -> Pieces:
        found_date = dates.settle(self._days, today)
        if self._said & _PLACEHOLDER and found_date.flaw is Flaw.INVALID_DATE and all(day.weak or day.dom is None for day in self._days):
            found_date = dates.Found(None, Flaw.MISSING_DATE)  # "2026-MM-DD": the date was never filled in
        if self._clocks:
            self._either_clock()
        for label in self._labels:
            self._label(label)
        found_insats = insatser.settle(self._mentions, bool(self._said & _OTHER_LAW))
        said = self._said
        if found_insats.insats is not None or any(len(item) == 1 or item == insatser.ALL for item in self._mentions):
            said |= facts.SHOWN_INSATS
        begins = self._first()
        if begins is _IS_IVO:
            said |= facts.BEGINS_WITH_IVO
        elif begins is _IS_KIND:
            said |= facts.BEGINS_WITH_KIND
        if found_date.repeated or found_insats.repeated:
            said |= facts.DROPPED
        if said & _DECISION_DATE and self._after_decision_date():
            said |= facts.DOUBTFUL_DATE
        unrecognised = self._others + found_date.left_over + found_insats.left_over
        if unrecognised:
            said |= facts.UNRECOGNISED
        return Pieces(said, found_date, found_insats, unrecognised)

    def _first(self) -> Role | None:
        """The role of the title's first word; what may stand before a title is passed over, with its connecting words."""
        before = False  # the loop ends at the first item, nearly always
        for item in self._items:
            if item.role is _IS_BEFORE:
                before = True
            elif not (before and item.role is _IS_LINK):
                part = item.role is _IS_PART and bool(self._said & _KIND)
                return _IS_KIND if part else item.role
        return None

    def _part(self, at: int) -> None:
        """`ny`, `åter`, `slut`: a kind beside "rapport", or in "ny- och återrapportering"; "ny" before a kind says nothing."""
        item, following = self._items[at], self._at(at + 1)
        if self._beside_report(at) or self._leads_to_kind(at):
            self._said |= facts.KINDS[item.value]
        elif item.value is Kind.NEW and following is not None and following.role is _IS_KIND and self._gap(item, following) == " ":
            self._said |= facts.DROPPED
        else:
            self._others += 1

    def _beside_report(self, at: int) -> bool:
        pairs = ((at, at + 1, at + 1), (at - 1, at, at - 1))
        return any(
            (former := self._at(first)) is not None
            and (latter := self._at(second)) is not None
            and self._items[report].role is Role.REPORT
            and self._gap(former, latter) in _ADJACENT
            for first, second, report in pairs
        )

    def _leads_to_kind(self, at: int) -> bool:
        after = self._items[at + 1 : at + 3]
        if after and after[0].role in (_IS_KIND, _IS_PART) and self._gap(self._items[at], after[0]) in _BETWEEN_KINDS:
            return True
        return len(after) == 2 and after[0].text.lower() in _AND and after[1].role in (_IS_KIND, _IS_PART)

    def _label(self, item: Item) -> None:
        """`datum`, `insats`: nothing where the piece itself stands; a placeholder where not, or in capitals among small letters."""
        piece = _DATE if item.role is Role.DATE_LABEL else _INSATS
        if (item.text.isupper() and not self._text.isupper()) or not piece & self._said:
            self._others += 1
        else:
            self._said |= facts.DROPPED

    def _is_further_insats(self, at: int) -> bool:
        """`9§4, 10`: a number joined to a paragraph, unless a unit follows."""
        item, former = self._items[at], self._items[at - 1]
        if len(item.value) > 2:
            return False
        joined = former.text.lower() in ("och", "samt", "eller", "plus", "resp") or self._gap(former, item).strip() in _JOINING
        following = self._at(at + 1)
        unit = following is not None and following.text.lower() in self._units and self._gap(item, following).strip() == ""
        return joined and not unit and self._text[item.end : item.end + 2].strip()[:1] != "%"

    def _either_clock(self) -> None:
        """`9:30`: a time where the title has its insats, else a paragraph that is none."""
        if any(len(item) == 1 for item in self._mentions):
            self._others += self._clocks
        else:
            values = (item.value for item in self._items if item.role is Role.CLOCK and item.value is not None)
            self._mentions.extend(frozenset({f"9§{value}"}) for value in values)

    def _after_decision_date(self) -> bool:
        pairs = zip(self._items, self._items[1:], strict=False)
        return any(item.role is Role.DECISION_DATE and following.role is _IS_DATE for item, following in pairs)

    def _at(self, at: int) -> Item | None:
        return self._items[at] if 0 <= at < len(self._items) else None

    def _gap(self, former: Item, item: Item) -> str:
        return self._text[former.end : item.start]

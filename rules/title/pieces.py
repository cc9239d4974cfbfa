"""Items → pieces: what a title says once each word is seen beside its neighbours."""

from collections.abc import Sequence
from datetime import date
from typing import Final, NamedTuple

from rules.model import Flaw, Kind, Outcome
from rules.title import dates, insatser
from rules.title.items import Item
from rules.title.vocabulary import Role


class Pieces(NamedTuple):
    """Everything that was read in a title; judging it comes later.

    unrecognised: words and numbers that the grammar does not know. dropped: whether something was read past.
    doubtful_date: the date is said to be that of the decision. shown_*: for the question whether a report is meant.
    """

    kinds: frozenset[Kind]
    outcomes: frozenset[Outcome]
    interruption: bool
    advance_ruling: bool
    date: dates.Found
    insats: insatser.Found
    unrecognised: int
    dropped: bool
    doubtful_date: bool
    begins_with: Role | None
    alone: bool
    shown_date: bool
    shown_insats: bool


_QUIET: Final = frozenset({Role.IVO, Role.INTERRUPTION, Role.ADVANCE, Role.LSS, Role.OTHER_LAW})
_UNKNOWN: Final = frozenset({Role.OTHER, Role.PARTLY, Role.PLACEHOLDER, Role.DECISION_DATE})
_ALONE: Final = frozenset({Role.IVO, Role.BEFORE, Role.LINK})
_DATES: Final = frozenset({Role.DATE, Role.MONTH, Role.PLACEHOLDER})

_ADJACENT: Final = frozenset({" ", "", "-", " - ", " -", "- ", ", ", ",", ": ", ":", "/", " (", "("})
_BETWEEN_KINDS: Final = frozenset({"/", "-/", " / ", "- / ", "-/-"})
_AND: Final = frozenset({"och", "samt", "eller", "resp", "respektive"})
_JOINING: Final = frozenset({",", "+", "/", "-", ";", "&"})


class Gathering:
    """Goes over the items of one title once, with a look at each one's neighbours."""

    def __init__(self, text: str, items: Sequence[Item], units: frozenset[str]) -> None:
        self._text, self._items, self._units = text, items, units
        self._kinds: set[Kind] = set()
        self._outcomes: set[Outcome] = set()
        self._roles = {item.role for item in items}
        self._days: list[dates.Day] = []
        self._mentions: list[frozenset[str]] = []
        self._others = 0
        self._dropped = False
        self._clocks = 0

    def pieces(self, today: date) -> Pieces:
        """Gives what the items come to."""
        chain = False  # whether a further number here would be a further insats
        for at, (role, value, *_) in enumerate(self._items):
            if role is Role.LINK:
                self._dropped = True
                continue
            further = chain
            chain = False
            if role is Role.KIND:
                self._dropped = self._dropped or value in self._kinds
                self._kinds.add(value)
            elif role is Role.DATE:
                self._days.append(value)
            elif role is Role.PARAGRAPH or role is Role.NAME:
                self._mentions.append(value)
                chain = role is Role.PARAGRAPH and value != insatser.ALL
            elif role is Role.OUTCOME:
                self._dropped = self._dropped or value in self._outcomes
                self._outcomes.add(value)
            elif role is Role.NUMBER:
                chain = further and self._is_further_insats(at)
                if chain:
                    self._mentions.append(insatser.paragraph(f"9§{value}"))
                else:
                    self._others += 1
            elif role in _UNKNOWN:
                self._others += 1
            elif role not in _QUIET:
                self._seldom(at, self._items[at])
        return self._settled(today)

    def _seldom(self, at: int, item: Item) -> None:
        role = item.role
        if role is Role.PART:
            self._part(at)
        elif role is Role.MONTH:
            self._days.append(dates.Day(None, None, item.value, weak=True))
        elif role is Role.CLOCK:
            self._clocks += item.value is not None
            self._others += item.value is None
        elif role is Role.DATE_LABEL or role is Role.INSATS_LABEL:
            self._label(item)
        else:
            self._dropped = True

    def _settled(self, today: date) -> Pieces:
        roles = self._roles
        found_date = dates.settle(self._days, today)
        if found_date.flaw is Flaw.INVALID_DATE and Role.PLACEHOLDER in roles and all(day.weak or day.dom is None for day in self._days):
            found_date = dates.Found(None, Flaw.MISSING_DATE)  # "2026-MM-DD": the date was never filled in
        if self._clocks:
            self._either_clock()
        found_insats = insatser.settle(self._mentions, Role.OTHER_LAW in roles)
        return Pieces(
            frozenset(self._kinds),
            frozenset(self._outcomes),
            Role.INTERRUPTION in roles,
            Role.ADVANCE in roles,
            found_date,
            found_insats,
            self._others + found_date.left_over + found_insats.left_over,
            self._dropped or found_date.repeated or found_insats.repeated,
            Role.DECISION_DATE in roles and self._after_decision_date(),
            self._first(),
            Role.IVO in roles and roles <= _ALONE,
            not roles.isdisjoint(_DATES),
            found_insats.insats is not None or any(len(item) == 1 or item == insatser.ALL for item in self._mentions),
        )

    def _first(self) -> Role | None:
        """The role of the title's first word; what may stand before a title is passed over, with its connecting words."""
        before = False  # the loop ends at the first item, nearly always
        for item in self._items:
            if item.role is Role.BEFORE:
                before = True
            elif not (before and item.role is Role.LINK):
                part = item.role is Role.PART and bool(self._kinds)
                return Role.KIND if part else item.role
        return None

    def _part(self, at: int) -> None:
        """`ny`, `åter`, `slut`: a kind beside "rapport", or in "ny- och återrapportering"; "ny" before a kind says nothing."""
        item, following = self._items[at], self._at(at + 1)
        if self._beside_report(at) or self._leads_to_kind(at):
            self._kinds.add(item.value)
        elif item.value is Kind.NEW and following is not None and following.role is Role.KIND and self._gap(item, following) == " ":
            self._dropped = True
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
        if after and after[0].role in (Role.KIND, Role.PART) and self._gap(self._items[at], after[0]) in _BETWEEN_KINDS:
            return True
        return len(after) == 2 and after[0].text.lower() in _AND and after[1].role in (Role.KIND, Role.PART)

    def _label(self, item: Item) -> None:
        """`datum`, `insats`: nothing where the piece itself stands; a placeholder where not, or in capitals among small letters."""
        piece = {Role.DATE, Role.MONTH} if item.role is Role.DATE_LABEL else {Role.PARAGRAPH, Role.NAME}
        if (item.text.isupper() and not self._text.isupper()) or not piece & self._roles:
            self._others += 1
        else:
            self._dropped = True

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
        return any(item.role is Role.DECISION_DATE and following.role is Role.DATE for item, following in pairs)

    def _at(self, at: int) -> Item | None:
        return self._items[at] if 0 <= at < len(self._items) else None

    def _gap(self, former: Item, item: Item) -> str:
        return self._text[former.end : item.start]

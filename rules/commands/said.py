"""What is said of a row: the word for what is to be done, and the day, the days, the reason or the case that belong to it."""

import re
from datetime import date, timedelta
from typing import Final

from rules import dates, identity
from rules.commands.model import LONGEST_DAYS, LONGEST_WHY, Command, Fault, Said, Unread, Verb
from rules.model import Flaw, Outcome
from rules.title import read as read_title

_A: Final = "[aåä?\ufffd]"  # letters may be lost on the way
_O: Final = "[oö?\ufffd]"
_LONGEST: Final = 300  # characters of what is said of a row, the reason aside
_LONGEST_CASE: Final = 60

UNDO = re.compile(rf"[*_\"'”]?{_A}ngra(?![a-zåäö])[*_\"'”]?(?: (?:allt|alla|det|detta|mig|senaste|sista|f{_O}rra|svaret))*", re.IGNORECASE)
"""A line that takes the last reply back, with nothing after it."""

_IS_BEFORE = re.compile(
    rf"(?:{_A}r|har|blev|blivit|nu|redan|nu {_A}r|har blivit|{_A}r nu|{_A}r redan|beslutet|[{{:\"'”*])\s+", re.IGNORECASE
)
_NOT = re.compile(
    rf"(?:ej|inte|icke|aldrig|inga|ingen|{_A}nnu|snart|delvis|n{_A}stan|kanske|n{_A}r|om|ska|skall|kommer|bör|m{_A}ste)\b", re.IGNORECASE
)

_REPORTED = re.compile(
    r"(?:(?:ny|ny-|åter|ater|.ter|åter-|slut|slut-|in)?r[ae]p{1,2}o?r?t?er{0,2}[ae]{1,2}(?:ts|de|d|t|dt)|rapp\.?|reported)(?![a-zåäö])",
    re.IGNORECASE,
)
_BESIDE = re.compile(  # words that change nothing about a report that is made
    rf"(?:till|t\.? ?ivo|ivo|hos|via|i|p{_A}|den|idag|dag|ig{_A}r|g{_A}r|nu|redan|av|mig|oss|e-?tj{_A}nsten|tack|ok|okej|klar|klart|och|rapporten|mvh|allt|"  # noqa: E501
    rf"m{_A}ndag|tisdag|onsdag|torsdag|fredag|l{_O}rdag|s{_O}ndag|f{_O}rmiddags|eftermiddags|morse)(?![a-zåäö])",
    re.IGNORECASE,
)
_SIGNS: Final = " .,;:!()-–—*_\"'”\t👍🙂😊✅"

_POSTPONED = re.compile(
    rf"(?:skjuts?(?:er|en|es)? ?(?:upp|fram{_A}t|fram|p{_A})|uppskj\w{{1,6}}|senarel{_A}gg\w{{0,4}}|flytta (?:fram{_A}t|fram))(?![a-zåäö])",
    re.IGNORECASE,
)
_COUNTED = re.compile(
    rf"(?:i|med|till|om|ytterligare)?\s*(?P<number>[0-9]{{1,4}}|en|ett|tv{_A}|tre|fyra|fem|sex|sju|{_A}tta|nio|tio|fjorton|trettio) ?"
    rf"(?P<unit>dagar|dagars|dags?|dgr|dar|d|veckor|vecka|veckors|v|m{_A}nader|m{_A}nad|m{_A}n)(?![a-zåäö])\.?",
    re.IGNORECASE,
)
_UNTIL = re.compile(r"(?:till och med|t\.? ?o\.? ?m\.?|tills?|fram till|to)\s+", re.IGNORECASE)
_WHY = re.compile(
    rf"^[\s:;,.–—-]*(?:(?:p\.? ?g\.? ?a\.?|p{_A} grund av|eftersom|d{_A}rf{_O}r att|d{_A}rf{_O}r|f{_O}r att|f{_O}r|d{_A}|orsak(?:en)?|sk{_A}l|anledning)"  # noqa: E501
    rf"(?![a-zåäö])[\s:]*)?",
    re.IGNORECASE,
)
_NUMBERS: Final = dict(
    zip(
        ["en", "ett", "tva", "tre", "fyra", "fem", "sex", "sju", "atta", "nio", "tio", "fjorton", "trettio"],
        (1, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 14, 30),
        strict=True,
    )
)

_IS = re.compile(
    rf"(?:(?:{_A}r|g{_A}ller|tillh{_O}r|h{_O}r till|avser)\b|=)\s*(?:{_A}rende(?:t|nr|numret|nummer)?\b\.?:?\s*(?:nr\.?|nummer)?\s*)?(?P<case>.*)",  # noqa: E501
    re.IGNORECASE,
)
_CASE_WORD = re.compile(r"[^\s]*[0-9][^\s]*")
_RELATIVE: Final = ((rf"i ?f{_O}rrg{_A}r", 2), (rf"i ?g{_A}r", 1), (r"i ?dag", 0))


def is_command(words: str) -> bool:
    """Whether these words alone are a word for something to do."""
    words = words.strip(" :")
    return any(each.fullmatch(words) for each in (_REPORTED, _POSTPONED)) or (" " not in words and _outcome(words) is not None)


def begins(words: str) -> bool:
    """Whether what is said of a row begins with a word for something to do."""
    said = _strip_before(words)
    first = said.split(maxsplit=1)[0] if said else ""
    return any(each.match(said) for each in (_REPORTED, _POSTPONED)) or _IS.fullmatch(words) is not None or _outcome(first[:40]) is not None


def say(n: int, rest: str, today: date, *, sure: bool) -> Said | None:
    """Gives what is said of row `n`; None when it is no command at all. sure: the row is named so that a command must be meant."""
    said = _strip_before(rest)
    if postponed := _POSTPONED.match(said):
        return _postpone(n, said[postponed.end() :], today)
    if len(said) > _LONGEST:
        return Unread(n, Fault.UNKNOWN) if sure else None
    if _NOT.match(said) or said.endswith("?"):
        return Unread(n, Fault.UNKNOWN) if sure else None
    if reported := _REPORTED.match(said):
        return _report(n, said[reported.end() :], today)
    if (closing := _close(n, said, today, sure=sure)) is not None:
        return closing
    if is_ := _IS.fullmatch(rest):
        return _settle(n, is_["case"], sure=sure)
    return Unread(n, Fault.UNKNOWN) if sure else None


def _strip_before(rest: str) -> str:
    """Without "är", "har blivit", "nu" before the word that counts."""
    for _ in range(3):
        found = _IS_BEFORE.match(rest)
        if not found:
            break
        rest = rest[found.end() :]
    return rest.strip()


def _report(n: int, rest: str, today: date) -> Said:
    """Reported to IVO, on a day if one stands there; any word that might turn the meaning is asked about."""
    plain = _with_days(rest, today)
    found = dates.find(plain, today)
    for each in reversed(found):
        plain = f"{plain[: each.start]} {plain[each.end :]}"
    left = [word for word in _BESIDE.sub(" ", plain).split() if word.strip(_SIGNS)]
    if left or len(found) > 1:
        return Unread(n, Fault.PERSONAL_DATA if identity.find(rest) else Fault.UNCLEAR, Verb.REPORTED)
    if not found:
        return Command(Verb.REPORTED, n)
    day = found[0].day
    if day is None or found[0].last is not None or day < dates.EARLIEST:
        return Unread(n, Fault.INVALID_DATE, Verb.REPORTED)
    return Unread(n, Fault.FUTURE_DATE, Verb.REPORTED) if day > today else Command(Verb.REPORTED, n, day)


def _close(n: int, said: str, today: date, *, sure: bool) -> Said | None:
    """Executed or ended, read as the end of a final report's title is: the same spellings of words and dates."""
    plain = _with_days(said, today).rstrip(_SIGNS)
    title = read_title(f"Slutrapportering, {plain}, 9§1", today)
    if title.outcome is None:
        several = Flaw.CONFLICTING_OUTCOMES in title.errors
        return Unread(n, Fault.UNCLEAR) if several else None
    verb = Verb.EXECUTED if title.outcome is Outcome.EXECUTED else Verb.ENDED
    flaws, day = set(title.errors), title.date
    if Flaw.PERSONAL_DATA in flaws:
        return Unread(n, Fault.PERSONAL_DATA, verb)
    if Flaw.INVALID_DATE in flaws and day is None:  # perhaps only the year is left out
        found = [each for each in dates.find(plain, today) if each.day and each.last is None]
        day = found[0].day if len(found) == 1 else None
        flaws -= {Flaw.INVALID_DATE} if day else set()
    if not sure and day is None and " " in said and not any(c.isdigit() for c in said):
        return None  # "10 verkställda beslut i maj"
    if Flaw.EXTRA_INFORMATION in flaws or Flaw.MULTIPLE_INSATS in flaws or Flaw.UNKNOWN_INSATS in flaws:
        return Unread(n, Fault.UNCLEAR, verb) if sure or day else None
    if flaws & {Flaw.INVALID_DATE, Flaw.MULTIPLE_DATES} or (Flaw.IMPLAUSIBLE_DATE in flaws and _early(plain, today)):
        return Unread(n, Fault.INVALID_DATE, verb)
    if Flaw.IMPLAUSIBLE_DATE in flaws or (day is not None and day > today):
        return Unread(n, Fault.FUTURE_DATE, verb)
    return Unread(n, Fault.MISSING_DATE, verb) if day is None or flaws else Command(verb, n, day)


def _early(text: str, today: date) -> bool:
    return any(found.day and found.day < dates.EARLIEST for found in dates.find(text, today))


def _postpone(n: int, rest: str, today: date) -> Said:
    rest = rest.lstrip(" :")
    until: date | None = None
    if counted := _COUNTED.match(rest):
        number = counted["number"].lower().translate(str.maketrans("åä?\ufffd", "aaaa"))
        days = int(number) if number.isdigit() else _NUMBERS[number]
        unit = counted["unit"][0].lower()
        days *= {"v": 7, "m": 30}.get(unit, 1)
        if days > LONGEST_DAYS:
            return Unread(n, Fault.TOO_LONG, Verb.POSTPONED)
        until, rest = today + timedelta(days=days), rest[counted.end() :]
    else:
        to = _UNTIL.match(rest)
        plain = _with_days(rest[to.end() if to else 0 :], today)
        found = next((each for each in dates.find(plain[:_LONGEST], today) if not plain[: each.start].strip(" den")), None)
        if found is None or found.day is None or found.last is not None:
            return Unread(n, Fault.MISSING_DAYS, Verb.POSTPONED)
        until, rest = found.day, plain[found.end :]
    if until <= today:
        return Unread(n, Fault.PAST, Verb.POSTPONED)
    if until > today + timedelta(days=LONGEST_DAYS):
        return Unread(n, Fault.TOO_LONG, Verb.POSTPONED)
    why = reason(_WHY.sub("", rest, count=1)) or reason(rest.lstrip(" :;,.–—-"))  # "orsak" alone is a reason, if a poor one
    return Command(Verb.POSTPONED, n, until, why=why) if why else Unread(n, Fault.MISSING_WHY, Verb.POSTPONED)


def reason(text: str) -> str:
    """The writer's own words as they are kept: one line of at most 200 characters, an identity number as ***."""
    for first, end in reversed(identity.find(text)):
        text = f"{text[:first]}***{text[end:]}"
    return " ".join(text.split()).strip(" -–—")[:LONGEST_WHY].strip() if any(c.isalnum() for c in text) else ""


def _settle(n: int, case: str, *, sure: bool) -> Said | None:
    """The case of a letter. After a number without brackets only one word with a figure in it: "3 är kvar" is no command."""
    case = case.strip().strip(".!,;:*_\"'”").strip()
    if identity.find(case):
        return Unread(n, Fault.PERSONAL_DATA, Verb.IS)
    if not sure and not _CASE_WORD.fullmatch(case):
        return None
    if not any(c.isalnum() for c in case) or len(case) > _LONGEST_CASE:
        return Unread(n, Fault.MISSING_CASE, Verb.IS)
    if sure and not any(c.isdigit() for c in case) and " " in case:
        return Unread(n, Fault.UNKNOWN)  # a remark about the row, not a case number
    return Command(Verb.IS, n, case=case)


def _with_days(text: str, today: date) -> str:
    """ "I dag", "i går" and "i förrgår" as dates."""
    for word, back in _RELATIVE:
        text = re.sub(rf"(?<!\w){word}(?!\w)", (today - timedelta(days=back)).isoformat(), text, count=1, flags=re.IGNORECASE)
    return text


def _outcome(words: str) -> Outcome | None:
    return read_title(f"Slutrapportering, {words}, 2000-01-01, 9§1", date(2000, 1, 2)).outcome

"""The report's running text, in plain Swedish, made from nothing but the rows that its reader sees: it can tell no more than the table."""

from collections.abc import Iterable, Sequence

from rules.report.given import Given
from rules.report.lists import Text
from rules.report.values import InsatsRow, Past, Reader
from rules.report.words import plain_name, spoken, word
from rules.window import Quarter

CAUSES = ("no_housing", "no_staff", "declined", "other")


def title(quarter: Quarter) -> str:
    """The report's heading."""
    return f"Ej verkställda beslut enligt LSS, {spoken(quarter)}"


def summary(total: InsatsRow, quarter: Quarter, comparison: Sequence[Past]) -> tuple[str, ...]:
    """What a reader should know first: how many wait, how long, how it was before."""
    return tuple(filter(None, (_standing(total, quarter), _compared(total, comparison), *_waits(total), _closed(total))))


def texts(rows: Iterable[InsatsRow], total: InsatsRow, quarter: Quarter, comparison: Sequence[Past], given: Given) -> tuple[Text, ...]:
    """A text for each insats, and one for all together where the board has written an analysis of all."""
    analysis = {one.insats: one.text for one in given.analysis}
    found = [Text("", "Nämndens analys", (), analysis[""])] if analysis.get("") else []
    for row in rows:
        paragraph = " ".join(filter(None, (_standing(row, quarter), _compared(row, comparison), *_waits(row), _closed(row))))
        about = " ".join(filter(None, (_sexes(row), _ages(row), _partly(row), _causes(row), _ongoing(row))))
        found.append(Text(row.insats, row.name, tuple(filter(None, (paragraph, about))), analysis.get(row.insats, "")))
    return tuple(found)


def notes(reader: Reader, threshold: int, hidden: bool) -> tuple[str, ...]:
    """How to read the figures."""
    found = [
        "Ett beslut ska verkställas utan dröjsmål. Har tre månader gått utan att beslutet är verkställt ska nämnden rapportera det.",
        "Väntetiden är räknad i dagar från beslutet till kvartalets sista dag, för avbrott från avbrottets första dag.",
        "Tabellen räknar beslut, inte personer. En person kan ha flera beslut. Delvis verkställda beslut räknas som ej verkställda.",
        "Rapporterade är de ej verkställda, de verkställda och de avslutade tillsammans. Pojkar räknas som män och flickor som kvinnor.",
    ]
    if hidden:
        few = "1" if threshold == 2 else f"1–{threshold - 1}"
        found.append(f".. betyder att uppgiften inte visas: antalet är {few}, eller så skulle ett så litet antal gå att räkna ut.")
    if reader is Reader.REVISORER:
        found.append("Listan per beslut är avidentifierad. Numret säger inget om personen.")
    if reader is Reader.INTERNAL:
        found.append("Den här versionen innehåller uppgifter som omfattas av sekretess (26 kap. OSL) och är bara för nämndens eget arbete.")
    return tuple(found)


def _standing(row: InsatsRow, quarter: Quarter) -> str:
    what = f"beslut om {plain_name(row.insats)}" if row.insats else "beslut"
    day = quarter.last.isoformat()
    if not row.open:
        return f"Den {day} fanns inga ej verkställda {what} att rapportera."
    said = f"Den {day} var {row.open} {what} ej {'verkställt' if row.open == 1 else 'verkställda'}"
    if row.interruptions_open == row.open:
        return f"{said}. Det är ett avbrott i verkställigheten." if row.open == 1 else f"{said}. Alla är avbrott i verkställigheten."
    return f"{said}, {row.interruptions_open} av dem avbrott i verkställigheten." if row.interruptions_open else f"{said}."


def _waits(row: InsatsRow) -> Iterable[str]:
    both = bool(row.waits.days and row.waits_interruptions.days)
    for found, one, many in (
        (row.waits, "Beslutet utan avbrott" if both else "Beslutet", "besluten utan avbrott" if both else "besluten"),
        (row.waits_interruptions, "Avbrottet", "avbrotten"),
    ):
        verb = "har varat" if found is row.waits_interruptions else "har väntat"
        if len(found.days) == 1:
            yield f"{one} {verb} {days(found.days[0])}."
        elif found.median is not None and found.longest is not None:
            yield f"De {len(found.days)} {many} {verb} {days(found.median)} i median och som längst {days(found.longest)}."


def days(number: int) -> str:
    """A number of days."""
    return "1 dag" if number == 1 else f"{number} dagar"


def _closed(row: InsatsRow) -> str:
    if not row.executed and not row.ended:
        return ""
    told = [f"{count} {what}" for count, what in ((row.executed, "verkställts"), (row.ended, "avslutats")) if count]
    return f"Av de rapporterade besluten har {' och '.join(told)}."


def _compared(row: InsatsRow, comparison: Sequence[Past]) -> str:
    """With the latest earlier quarter, and the one a year ago where that is another."""
    told = []
    for past in dict.fromkeys((*comparison[-1:], *comparison[:1])):
        before = past.open if not row.insats else next((one.open for one in past.rows if one.insats == row.insats), None)
        if before is not None and before != row.open:
            told.append(f"{abs(row.open - before)} {'fler' if row.open > before else 'färre'} än {spoken(past.quarter)} ({before})")
        elif before is not None:
            told.append(f"lika många som {spoken(past.quarter)}")
    return f"Det är {' och '.join(told)}." if told else ""


def _sexes(row: InsatsRow) -> str:
    men, women = row.sexes.men, row.sexes.women
    if men is None or women is None or not men + women:
        return ""
    return f"{men} av de ej verkställda besluten gäller män eller pojkar och {women} gäller kvinnor eller flickor."


def _ages(row: InsatsRow) -> str:
    if not row.ages.children:
        return ""
    return f"{row.ages.children} gäller barn."


def _partly(row: InsatsRow) -> str:
    return f"{row.partly} är delvis {'verkställt' if row.partly == 1 else 'verkställda'}." if row.partly else ""


def _causes(row: InsatsRow) -> str:
    told = [(name, getattr(row.causes, name)) for name in CAUSES]
    known = [f"{word('causes', name)} {count}" for name, count in told if count]
    if not known:
        return ""
    hidden = "; övriga orsaker visas inte" if any(count is None for _, count in told) else ""
    missing = f"; orsak saknas för {row.causes.unknown}" if row.causes.unknown else ""
    return f"Orsaker: {', '.join(known)}{hidden}{missing}."


def _ongoing(row: InsatsRow) -> str:
    if row.ongoing.total is None or row.ongoing.share is None:
        return ""
    said = f"Antalet pågående beslut är {row.ongoing.total}"
    return (
        f"{said}; de ej verkställda motsvarar {row.ongoing.share // 10},{row.ongoing.share % 10} procent av dem."
        if row.open
        else f"{said}."
    )

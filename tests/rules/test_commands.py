"""What a reporter may write in reply to a digest, as people write it: on a phone, above a quoted mail, in passing."""

import time
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.render import render
from bot.samples import REPORTER, SAMPLES
from rules.commands import LONGEST_WHY, MOST, Command, Fault, Said, Unread, Verb, own_lines, read
from rules.identity import find

TODAY = date(2026, 5, 4)  # a Monday


def brief(said: Said) -> str:
    """ "3 executed 2026-05-02", "3 postponed 2026-05-07 (orsak)", "15 is K-17", "3 ?missing_date executed"."""
    match said:
        case Unread(n, fault, verb):
            return " ".join(str(part) for part in (n, f"?{fault}", verb) if part)
        case Command(verb, n, day, why, case):
            return " ".join(str(part) for part in (n or "", verb, day or "", f"({why})" if why else "", case) if part)


def told(body: str) -> list[str]:
    return [brief(said) for said in read(body, TODAY)]


LINES = [
    # Reported: brackets, bare, with a word before the number, and what phones make of it.
    ("<3> rapporterad", "3 reported"),
    ("3 rapporterad", "3 reported"),
    ("3. Rapporterad.", "3 reported"),
    ("3) rapporterat", "3 reported"),
    ("rad 3: rapporterad", "3 reported"),
    ("Rad3 rapporterad", "3 reported"),
    ("raden 3 är rapporterad", "3 reported"),
    ("nr 3 rapporterad!", "3 reported"),
    ("#3 RAPPORTERAD", "3 reported"),
    ("[3] rapporterad", "3 reported"),
    ("(3) rapporterad", "3 reported"),
    ("< 3 > rapporterad", "3 reported"),
    ("<3>rapporterad", "3 reported"),
    ("<3 rapporterad", "3 reported"),
    ("&lt;3&gt; rapporterad", "3 reported"),
    ("❤️> rapporterad", "3 reported"),  # the phone's own idea of "<3"
    ("♥> rapporterad", "3 reported"),
    ("«3» rapporterad", "3 reported"),
    ("- <3> rapporterad", "3 reported"),
    ("* 3 rapporterad", "3 reported"),
    ("<3>\u00a0rapporterad\u200b", "3 reported"),
    ("<3> rapporterad till IVO", "3 reported"),
    ("<3> rapporterad till IVO i dag", "3 reported 2026-05-04"),
    ("<3> rapporterad igår, tack!", "3 reported 2026-05-03"),
    ("<3> rapporterad 2026-05-02", "3 reported 2026-05-02"),
    ("<3> inrapporterad", "3 reported"),
    ("<3> slutrapporterad", "3 reported"),
    ("<3> raporterad", "3 reported"),
    ("<3> rapporterade", "3 reported"),
    ("<3> har rapporterats", "3 reported"),
    ("Rapporterad <3>", "3 reported"),
    ("<3>, <4> och <5> rapporterade", "3 reported|4 reported|5 reported"),
    ("<3> <4> rapporterade", "3 reported|4 reported"),
    ("3, 4 och 5 rapporterade", "3 reported|4 reported|5 reported"),
    ("3-5 rapporterade", "3 reported|4 reported|5 reported"),
    ("rapporterade: 3, 4", "3 reported|4 reported"),
    ("<3> rapporterad <4> rapporterad", "3 reported|4 reported"),
    ("3 rapporterad, 4 rapporterad", "3 reported|4 reported"),
    ("3 rapporterad; rad 4 avslutad 2026-05-02", "3 reported|4 ended 2026-05-02"),
    # Closed, with a date in every spelling that a title may have, and days that a reply knows.
    ("<3> verkställd 2026-05-02", "3 executed 2026-05-02"),
    ("<3> verkställt 2/5 2026", "3 executed 2026-05-02"),
    ("<3> Verkställd den 2 maj 2026", "3 executed 2026-05-02"),
    ("<3> verkställd 20260502", "3 executed 2026-05-02"),
    ("<3> verkställd 260502", "3 executed 2026-05-02"),
    ("<3> verkställd 2.5.2026", "3 executed 2026-05-02"),
    ("<3> verkställd lördag 2/5-26.", "3 executed 2026-05-02"),
    ("<3> verkställd 2 maj", "3 executed 2026-05-02"),
    ("<3> verkställd 2/5", "3 executed 2026-05-02"),
    ("<3> verkställd i går", "3 executed 2026-05-03"),
    ("<3> verkställdes idag", "3 executed 2026-05-04"),
    ("<3> 2026-05-02 verkställd", "3 executed 2026-05-02"),
    ("<3> verkstalld 2026-05-02", "3 executed 2026-05-02"),
    ("<3> verkst?lld 2026-05-02", "3 executed 2026-05-02"),
    ("<3> verkst\ufffdlld 2026-05-02", "3 executed 2026-05-02"),
    ("<3> verkstÃ¤lld 2026-05-02", "3 executed 2026-05-02"),
    ("<3> verkstlld 2026-05-02", "3 executed 2026-05-02"),
    ("<3> VERKSTÄLLD 2026-05-02", "3 executed 2026-05-02"),
    ("<3> verksta\u0308lld 2026-05-02", "3 executed 2026-05-02"),
    ("3 avslutad 2026-05-02", "3 ended 2026-05-02"),
    ("rad 3 är avslutat 2026-05-02", "3 ended 2026-05-02"),
    ("<3> är avslutad 2026-05-02", "3 ended 2026-05-02"),
    ("<3> verkställd", "3 ?missing_date executed"),
    ("<3> verkställd 2026-02-30", "3 ?invalid_date executed"),
    ("<3> verkställd 2026-06-01", "3 ?future_date executed"),
    ("<3> verkställd 2027-06-01", "3 ?future_date executed"),
    ("<3> verkställd 1993-06-01", "3 ?invalid_date executed"),
    ("<3> verkställd 2026-05-01 2026-05-02", "3 ?invalid_date executed"),
    ("<3> verkställd och avslutad 2026-05-02", "3 ?unclear"),
    ("<3> verkställd 2026-05-02 av en ny utförare", "3 ?unclear executed"),
    ("<3> avslutas 2026-05-02", "3 ?unknown"),
    ("<3> ej verkställd 2026-05-02", "3 ?unknown"),
    ("<3> delvis verkställd 2026-05-02", "3 ?unknown"),
    ("<3> verkställd 191212121212", "3 ?personal_data executed"),
    # Postponed: days, weeks, a day; always with a reason.
    ("<3> skjut upp 3 dagar: orsak", "3 postponed 2026-05-07 (orsak)"),
    ("<3> skjut upp 3 dagar, utföraren återkommer", "3 postponed 2026-05-07 (utföraren återkommer)"),
    ("3 skjut upp tre dagar pga semester", "3 postponed 2026-05-07 (semester)"),
    ("<3> uppskjut 3 dgr: väntar svar", "3 postponed 2026-05-07 (väntar svar)"),
    ("<3> uppskjuten 3 dagar: väntar", "3 postponed 2026-05-07 (väntar)"),
    ("<3> Skjut fram en vecka eftersom familjen är bortrest", "3 postponed 2026-05-11 (familjen är bortrest)"),
    ("<3> skjut upp två veckor - sjukdom", "3 postponed 2026-05-18 (sjukdom)"),
    ("<3> skjut upp till 2026-05-10: möte", "3 postponed 2026-05-10 (möte)"),
    ("<3> skjut upp till den 10 maj: möte", "3 postponed 2026-05-10 (möte)"),
    ("skjut upp <3> 3 dagar: sjuk", "3 postponed 2026-05-07 (sjuk)"),
    ("<3> skjut upp 30 dagar: möte <4> rapporterad", "3 postponed 2026-06-03 (möte)|4 reported"),
    ("3 skjut upp 3 dagar: möte, 4 rapporterad i går", "3 postponed 2026-05-07 (möte, 4 rapporterad i går)"),
    ("<3> skjut upp 3 dagar: gäller 191212121212", "3 postponed 2026-05-07 (gäller ***)"),
    ("<3> skjut upp 3 dagar", "3 ?missing_why postponed"),
    ("<3> skjut upp 3 dagar:", "3 ?missing_why postponed"),
    ("<3> skjut upp: möte", "3 ?missing_days postponed"),
    ("<3> skjut upp till fredag: möte", "3 ?missing_days postponed"),
    ("<3> skjut upp 31 dagar: möte", "3 ?too_long postponed"),
    ("<3> skjut upp 5 veckor: möte", "3 ?too_long postponed"),
    ("<3> skjut upp 0 dagar: möte", "3 ?past postponed"),
    ("<3> skjut upp till 2026-05-02: möte", "3 ?past postponed"),
    # Settled.
    ("<15> är K-17", "15 is K-17"),
    ("<15> ar K-17.", "15 is K-17"),
    ("<15> ?r K-17", "15 is K-17"),
    ("<15> är ärende K-17", "15 is K-17"),
    ("<15> gäller ärendenr LSS-1903", "15 is LSS-1903"),
    ("<15> tillhör LSS 2026/17", "15 is LSS 2026/17"),
    ("15 är K-17", "15 is K-17"),
    ("15 = K-17", "15 is K-17"),
    ("<15> är", "15 ?missing_case is"),
    ("<15> är 191212121212", "15 ?personal_data is"),
    ("<15> är samma som i går", "15 ?unknown"),
    # Taken back.
    ("ÅNGRA", "undo"),
    ("Ångra!", "undo"),
    ("angra", "undo"),
    ("?ngra", "undo"),
    ("ångra allt", "undo"),
    ("Ångra det senaste", "undo"),
    ("Ångra <3>", "3 ?undo_alone undo"),
    ("ÅNGRA rad 3", "3 ?undo_alone undo"),
    # A row that is named beyond doubt, but not what to do with it: told, never guessed.
    ("<3> hej", "3 ?unknown"),
    ("<3> ej rapporterad", "3 ?unknown"),
    ("<3> rapporterad?", "3 ?unknown"),
    ("<3> rapporteras i morgon", "3 ?unknown"),
    ("<3> rapportera", "3 ?unknown"),
    ("<3> ska rapporteras", "3 ?unknown"),
    ("<3> rapporterad av Anna inte mig", "3 ?unclear reported"),
    ("<3> rapporterad när Anna har svarat", "3 ?unclear reported"),
    ("Rad 3 stämmer inte", "3 ?unknown"),
    # No command at all: numbers, dates and remarks as they stand in any mail.
    ("3 dagar kvar", ""),
    ("3 rapporter kvar", ""),
    ("3 är kvar", ""),
    ("3 är klar", ""),
    ("3 rapporteras i morgon", ""),
    ("3 inte rapporterad", ""),
    ("10 verkställda beslut i maj", ""),
    ("1 maj", ""),
    ("4 maj 2026", ""),
    ("12-15 april", ""),
    ("2026-05-02 verkställd", ""),
    ("26-04-15 verkställd", ""),
    ("3/5 rapporterad", ""),
    ("07:30", ""),
    ("08-123 45 67", ""),
    ("Jag ångrar mig", ""),
    ("Ångrat", ""),
    ("Tack, jag har rapporterat alla", ""),
    ("Vi ses <3", ""),
    ("<3 kram", ""),
    ("<0> rapporterad", ""),
    ("<1234> rapporterad", ""),
    ("", ""),
]  # fmt: skip


@pytest.mark.parametrize("line, expected", LINES, ids=[line for line, _ in LINES])
def test_a_line(line: str, expected: str) -> None:
    """As a person would read it."""
    assert "|".join(told(line)) == expected


BELOW = {
    "outlook": "Från: IVO-rapportör LSS <ivo@kommun.example>\nSkickat: den 4 maj 2026 07:30\nTill: Eva <eva@kommun.example>\nÄmne: Läget",
    "outlook_line": "________________________________\nFrån: IVO-rapportör LSS <ivo@kommun.example>",
    "outlook_english": "From: IVO <ivo@kommun.example>\nSent: Monday, May 4, 2026 7:30 AM",
    "outlook_one_line": "Från: IVO-rapportör LSS <ivo@kommun.example> Skickat: den 4 maj 2026 07:30",
    "original": "-----Ursprungligt meddelande-----",
    "original_english": "-----Original Message-----",
    "gmail": "Den mån 4 maj 2026 kl 07:30 skrev IVO-rapportör LSS <ivo@kommun.example>:",
    "gmail_wrapped": "Den mån 4 maj 2026 kl 07:30 skrev IVO-rapportör LSS\n<ivo@kommun.example>:",
    "apple": "4 maj 2026 kl. 07:30 skrev IVO-rapportör LSS <ivo@kommun.example>:",
    "english": "On Mon, May 4, 2026 at 7:30 AM IVO <ivo@kommun.example> wrote:",
    "signature": "-- \nEva Ek\nIVO-rapportör",
    "phone": "Skickat från min iPhone\n\n4 maj 2026 kl. 07:30 skrev IVO <ivo@kommun.example>:",
    "heading": "Läget måndag 2026-05-04",
    "answer": "Det här gäller ditt svar på morgonmejlet måndag 2026-05-04.",
}


@pytest.mark.parametrize("below", BELOW.values(), ids=BELOW)
def test_what_is_quoted_below_is_not_the_writers(below: str) -> None:
    """Whatever program quotes it, marked or not."""
    assert told(f"<3> rapporterad\n\n{below}\n\n<4> rapporterad\n5 avslutad 2026-05-02\n") == ["3 reported"]
    assert told(f"{below}\n\n<4> rapporterad\n") == []


def test_marked_lines_are_quoted_and_what_stands_between_is_not() -> None:
    """Answered row by row under the digest's own text."""
    body = "Den mån 4 maj 2026 kl 07:30 skrev IVO <ivo@kommun.example>:\n> 3. K-17: saknas\n<3> rapporterad\n> <4> rapporterad\n>> <5> rapporterad\n| <6> x\n7 rapporterad"
    assert told(body) == ["3 reported", "7 reported"]


@pytest.mark.parametrize("line_end", ["\n", "\r\n", "\r", "\n\n"])
def test_line_ends(line_end: str) -> None:
    assert told(f"<3> rapporterad{line_end}<4> avslutad 2026-05-02{line_end}Mvh{line_end}Eva") == ["3 reported", "4 ended 2026-05-02"]


@pytest.mark.parametrize("sample", [s for s in SAMPLES if s.mail in ("digest", "digest_answer")], ids=lambda s: f"{s.mail}-{s.name}")
def test_our_own_mails_hold_no_command(sample: object) -> None:
    """Quoted without any mark, from any line on, a digest or an answer to one does nothing."""
    mail = render(sample.facts, sample.mail, reporter=REPORTER)  # type: ignore[attr-defined]
    lines = mail.text.splitlines()
    assert [said for line in lines for said in read(line, TODAY)] == []
    assert all(read("\n".join(lines[start:]), TODAY) == () for start in range(len(lines)))


def test_undo_stands_first_and_each_thing_once() -> None:
    assert told("<3> rapporterad\n3 rapporterad\nångra\n<4> rapporterad") == ["undo", "3 reported", "4 reported"]


def test_bounded() -> None:
    """More lines than a digest has rows are not acted on; that is told."""
    found = read("\n".join(f"<{n}> rapporterad" for n in range(1, 200)), TODAY)
    assert len(found) == MOST + 1 and found[-1] == Unread(0, Fault.TOO_MANY)


def test_a_reason_is_short_and_without_numbers() -> None:
    (said,) = read(f"<3> skjut upp 3 dagar: 19121212-1212 {'mycket ' * 60}", TODAY)
    assert isinstance(said, Command) and len(said.why) <= LONGEST_WHY and not find(said.why) and "1212" not in said.why


PIECES = st.sampled_from(
    ["<3>", "3", "rad 4", "<", ">", "-", ",", "och", "rapporterad", "verkställd", "avslutad", "skjut upp", "3 dagar", ": orsak", "är", "K-17", "ångra",
     "2026-05-02", "2 maj", "igår", "i dag", "?", "ej", "\n", "> ", "Från:", "skrev", "❤️", "191212121212", "\ufffd", "\u200b", "&lt;", "7-9"]
)  # fmt: skip


@given(st.text() | st.lists(PIECES | st.text(max_size=4), max_size=30).map(" ".join))
def test_any_text_gives_commands_or_faults(body: str) -> None:
    """Never an exception; a command always holds what it needs, and no identity number."""
    for said in read(body, TODAY):
        if isinstance(said, Command):
            assert (said.n == 0) == (said.verb is Verb.UNDO) and said.n < 1000
            if said.verb in (Verb.EXECUTED, Verb.ENDED):
                assert said.day is not None and date(1994, 1, 1) <= said.day <= TODAY
            if said.verb is Verb.POSTPONED:
                assert said.day is not None and 0 < (said.day - TODAY).days <= 30 and 0 < len(said.why) <= LONGEST_WHY
            assert (said.verb is Verb.IS) == bool(said.case)
            assert not find(f"{said.why} . {said.case}")


@given(st.text())
def test_own_lines_are_clean(body: str) -> None:
    assert all(line and len(line) < 3000 and "\n" not in line for line in own_lines(body))


@pytest.mark.parametrize("piece", [
    "<3> ", "3, ", "3 ", "3-", "rapporterad ", "<3> rapporterad ", "ångra ", "(", "<", "> ", "Från: ", "Från:\n", "den 4 ", "Den 4 skrev\n", "- ", "i dag ",
    "2026-05-02 ", "skjut upp ", "\u2764", " ", "\u200b", "är ", "<3> är ", "8 2", "rad rad ", "3 rapporterad, ", "a" * 40 + "@", "\n", "-- ", "skrev 2026 ",
])  # fmt: skip
def test_linear(piece: str) -> None:
    """Sixty thousand characters of anything take no longer than a blink, on one line or on many."""
    for body in (piece * (60_000 // len(piece)), (piece * 20 + "\n") * (60_000 // (20 * len(piece) + 1))):
        start = time.process_time()
        read(body, TODAY)
        assert time.process_time() - start < 3

"""What the demo prints: the letters, the reminders, the digest, the proof that a second run sends nothing, and how to go on."""

import sys
from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import timedelta
from pathlib import Path
from textwrap import fill

from bot.cli.demo import place
from bot.cli.demo.place import BOX, CONFIG, REGISTER
from bot.cli.demo.story import AGAIN, DAY, IMPORTED, MORNING, Told
from bot.cli.demo.telling import letter_cells, reminder_cells, warnings
from bot.cli.demo.words import MAILS, MILESTONE, VERDICT
from rules.explain import long_date, weekday

WIDTH = 100  # of what is no table; and of the tables in a pipe, where a person may still read them
WIDEST = 160
NARROW = 15  # columns narrower than this keep their width


def program() -> str:
    """How the command was called: a newcomer has it in .venv/bin and not on the path."""
    return sys.argv[0] if Path(sys.argv[0]).name == "ivobot" else "ivobot"


def everything(home: Path, told: Told) -> None:
    """Prints the whole demo."""
    _beginning(told)
    _letters(told)
    _reminders(told)
    _ending(told)
    _onwards(home, told)


def _beginning(told: Told) -> None:
    _say(
        f"Ett påhittat kommunregister lästes in {weekday(IMPORTED)} {long_date(IMPORTED)}: {told.imported.created} beslut och avbrott. "
        f"Varningar: {warnings(told.file.warnings)}. Kolumner som inte läses: {', '.join(told.file.ignored)}."
    )
    _say(
        f"Sedan körde boten kl. {MORNING:%H:%M} {told.mornings} arbetsdagar och skickade {told.before} mejl, vart och ett på sin dag. "
        f"{weekday(DAY).capitalize()} {long_date(DAY)} låg {len(told.outcome.seen)} brev i brevlådan."
    )


def _letters(told: Told) -> None:
    verdicts = Counter(VERDICT[seen.title.verdict] for seen in told.outcome.seen)
    _heading(f"Brev: {', '.join(f'{word} {verdicts[word]}' for word in VERDICT.values())}")
    head = ("Nr", "Titel\nAvsändare", "Läst som", "Vad som hände", "Svar\nMapp")
    _table(head, (2, 40, 13, 26, 14), [letter_cells(seen) for seen in told.outcome.seen])
    _say(f"Svaren: {MAILS}.")


def _reminders(told: Told) -> None:
    _heading(f"Påminnelser som gick {weekday(DAY)} {long_date(DAY)}: {len(told.outcome.reminded)} mejl")
    _table(("Påminnelse", "Till", "Ärende", "Varför i dag"), (12, 34, 9, 39), [reminder_cells(one) for one in told.outcome.reminded])


def _ending(told: Told) -> None:
    outcome = told.outcome
    balance = outcome.balance
    _heading("Det övriga")
    for mail in outcome.mails:
        if mail.name == "digest":
            _say(f"Morgonrapporten till {mail.to}: ”{mail.subject}”")
    answers = len([mail for mail in outcome.mails if mail.name not in (*MILESTONE, "digest")])
    _say(f"Mejl som gick: {len(outcome.mails)}, varav {answers} svar och besked; alla ligger i mappen Skickat.")
    _say(
        f"Brevbalansen: {balance.received} in = {balance.filed} i mappar + {balance.answered} besvarade + {balance.quarantined} i karantän "
        f"+ {balance.left} kvar i inkorgen; {balance.unexplained} oförklarade."
    )
    if outcome.failed:
        _say(f"{outcome.failed} mejl gick inte att göra eller skicka; kör kommandot status nedan.")
    _say(f"En körning till, kl. {AGAIN:%H:%M}: {told.again} mejl skickade. Allt var redan gjort, och ingenting görs två gånger.")


def _onwards(home: Path, told: Told) -> None:
    config = f"--config {place.shown(home / CONFIG)}"
    now = f"{DAY}T08:00"
    unclear = next((seen for seen in told.outcome.seen if seen.ledger["meeting"] == "ambiguous" and seen.ledger["insats"] == "9§9"), None)
    _heading("Se själv")
    print(f"  {place.shown(home / BOX)}  brevlådan, en Maildir: öppna .Skickat, .Åtgärda titel och de andra mapparna")
    print(f"  {place.shown(home / REGISTER)}  registret; kolumnen Anteckning säger vad raden är till för")
    print(f"  {place.shown(home / CONFIG)}  konfigurationen\n")
    commands = [
        ("varje brev, var det ligger och varför", f"{program()} letters {config}"),
        ("morgonrapporten", f"{program()} digest {config} --now {now}"),
        ("hur tjänsten mår", f"{program()} status {config} --now {now}"),
        ("ett ärendes kommande dagar och varför", f"{program()} explain LSS-1905 {config} --now {now}"),
        ("påminnelser de närmaste veckorna", f"{program()} simulate --from {DAY} --to {DAY + timedelta(days=21)} {config}"),
        ("två dagar senare", f"{program()} run --once --now {DAY + timedelta(days=2)}T{MORNING:%H:%M} {config}"),
    ]
    if unclear:
        settle = f"{program()} letters settle {unclear.ledger['id']} LSS-1903 {config} --now {now}"
        commands.insert(1, (f"säg vilket ärende brev {unclear.ledger['id']} gäller", settle))
    for what, command in commands:
        print(f"  # {what}\n  {command}")
    print(f"\n  Lägg ett eget brev i {place.shown(home / BOX / 'new')} och kör det sista kommandot.")


def _say(text: str) -> None:
    print(fill(text, WIDTH, break_long_words=False, break_on_hyphens=False))


def _heading(text: str) -> None:
    print(f"\n{text}\n{'─' * min(len(text), WIDTH)}")


def _table(head: Sequence[str], widths: Sequence[int], body: Iterable[Sequence[str]]) -> None:
    """A table whose columns share the width in the proportion of `widths`; in a pipe there are no colours and no spaces at a line's end."""
    from rich.box import SIMPLE_HEAD
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    piped = not sys.stdout.isatty()
    console = Console(width=WIDTH, color_system=None, force_terminal=False) if piped else Console()
    table = Table(box=SIMPLE_HEAD, show_edge=False, pad_edge=False, padding=(0, 1, 0, 0), width=min(console.width, WIDEST))
    for name, width in zip(head, widths, strict=True):
        fixed = width if width < NARROW else None  # short words need no more room on a wide terminal
        table.add_column(name, overflow="fold", width=fixed, ratio=None if fixed else width)
    for row in body:
        table.add_row(*(Text(cell) for cell in row))
    if not piped:
        console.print(table)
        return
    with console.capture() as printed:
        console.print(table)
    print("\n".join(line.rstrip() for line in printed.get().rstrip().split("\n")))

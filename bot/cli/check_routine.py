"""What `ivobot check` says of the active routine: each fault of its file with its place, and each of its mails that cannot be written."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path

from bot.config import Config
from bot.config.routine import read_routine
from bot.errors import BotError
from rules.mails import Reminder
from rules.routine import EXECUTED, Milestone, Routine, RoutineError


def routine(config: Config, today: date) -> Iterator[str]:
    """One line a fault: first those of the file, and when there are none, those of the mails that its milestones send."""
    from bot.register.columns import date_headers

    try:
        found = read_routine(config)
    except RoutineError as error:
        yield from (f"{config.bot.routine}, {line}; correct it." for line in str(error).splitlines())
        return
    try:
        date_headers(found.columns)
    except BotError as error:
        yield str(error)
    sent = {milestone.mail: milestone for milestone in found.milestone}
    for mail, milestone in sent.items():
        yield from (f"milestone {milestone.name}, mail {mail}: {fault}" for fault in dict.fromkeys(_mail(found, milestone, today)))
    if found.templates:
        yield from _unused(Path(found.templates), set(sent))


def _mail(routine: Routine, milestone: Milestone, today: date) -> Iterator[str]:
    """What is wrong with one mail: files that are missing, or what goes wrong with sample data, single and in bundles."""
    from bot.render import missing, render
    from rules.model import Verdict
    from rules.title import read

    if lacking := missing(milestone.mail, routine.templates):
        yield from (f"{file} is missing; put it into the folder mail_templates beside the routine file." for file in lacking)
        return
    for facts in _samples(milestone):
        try:
            mail = render(
                replace(facts, routine=routine.name, templates=routine.templates), milestone.mail, reporter="reporter@kommun.example"
            )
        except BotError as error:
            yield str(error)
            continue
        if not mail.subject or read(mail.subject, today).verdict is not Verdict.NOT_A_REPORT:
            yield "its subject is empty, or can be read as a report when it is answered; write it otherwise."
        if any(row.insats in "".join(mail.subject.split()) for row in facts.rows):
            yield "its subject holds the insats; leave it out."


def _samples(milestone: Milestone) -> list[Reminder]:
    """The sample reminders of a packaged mail, or for a mail of the routine's own those of one that is counted likewise."""
    from bot.samples import SAMPLES

    names = {sample.mail for sample in SAMPLES}
    like = (
        "overdue_1"
        if milestone.recurs_with_marks
        else "plan_missing"
        if EXECUTED in (milestone.state, milestone.day.anchor)
        else "confirm_order"
    )
    wanted = milestone.mail if milestone.mail in names else like
    return [sample.facts for sample in SAMPLES if sample.mail == wanted and isinstance(sample.facts, Reminder)]


def _unused(folder: Path, sent: set[str]) -> Iterator[str]:
    """Files beside the routine that no milestone uses: their names are probably misspelt. Shared parts begin with _."""
    from bot.render import ENDINGS

    wanted = {f"{mail}{ending}" for mail in sent for ending in ENDINGS}
    for file in sorted(path.name for path in folder.iterdir() if path.is_file()):
        if file not in wanted and not file.startswith(("_", ".")):
            yield f"mail_templates/{file} belongs to no milestone of the routine; correct its name, or take it away."

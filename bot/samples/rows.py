"""The decisions that the sample reminders speak of. All are invented."""

from dataclasses import replace
from datetime import date

from bot.samples.base import linked
from rules.mails import ReminderRow
from rules.model import Sort

LAW = "28 f § LSS (1993:387)"

CONTACT = ReminderRow(
    case="E-7",
    insats="9§4",
    insats_text="9 § 4 Kontaktperson",
    sort=Sort.DECISION,
    start=date(2026, 1, 15),
    k=1,
    months=2,
    mark=date(2026, 4, 15),
    follow_up_day=date(2026, 3, 15),
    contact_by=date(2026, 3, 29),
    summary_day=date(2026, 4, 14),
    report_day=date(2026, 4, 16),
    title=linked("IVO – Nyrapportering 2026-04-15, 9§4", "E-7"),
    why=(
        "Beslut 2026-01-15 + 2 månader = söndag 2026-03-15.",
        "Det är ingen arbetsdag; nästa arbetsdag är måndag 2026-03-16.",
    ),
    law=LAW,
    waited_days=60,
)
FAMILY = replace(
    CONTACT,
    case="K-17",
    insats="9§6",
    insats_text="9 § 6 Korttidsvistelse i form av stödfamilj",
    start=date(2025, 10, 17),
    k=2,
    months=5,
    mark=date(2026, 4, 17),
    follow_up_day=date(2026, 3, 17),
    contact_by=date(2026, 3, 31),
    summary_day=date(2026, 4, 16),
    report_day=date(2026, 4, 20),
    title=linked("IVO – Återrapportering 2026-04-17, 9§6", "K-17"),
    why=("Beslut 2025-10-17 + 5 månader = tisdag 2026-03-17.",),
    advice=(
        "Om ingen stödfamilj är aktuell ännu: informera om verkställighet på korttidsenhet i väntan på stödfamilj, "
        "även om det har avböjts tidigare.",
    ),
    waited_days=151,
)
BREAK = replace(
    CONTACT,
    case="Fiktiv 12",
    insats="9§9",
    insats_text="9 § 9 Bostad vuxna (väljs ENDAST om form för bostad inte är känd)",
    sort=Sort.INTERRUPTION,
    title=linked("IVO – Nyrapportering avbrott 2026-04-15, 9§9", "Fiktiv 12"),
    why=(
        "Avbrott från 2026-01-15 + 2 månader = söndag 2026-03-15.",
        "Det är ingen arbetsdag; nästa arbetsdag är måndag 2026-03-16.",
    ),
)
FOLLOWING = replace(CONTACT, case="E-31", former="E-3", waited_days=60, total_days=425, title=linked(CONTACT.title.title, "E-31"))
DAILY = replace(
    CONTACT,
    case="F-1",
    insats="9§10",
    insats_text="9 § 10 Daglig verksamhet",
    title=linked("IVO – Nyrapportering 2026-04-15, 9§10", "F-1"),
)
BEFORE_WHY = ("Beslut 2026-01-15 + 3 månader = onsdag 2026-04-15.", "Sista arbetsdagen innan: tisdag 2026-04-14.")
OVER_WHY = ("Beslut 2026-01-15 + 3 månader = onsdag 2026-04-15.", "4 arbetsdagar efter: tisdag 2026-04-21.")

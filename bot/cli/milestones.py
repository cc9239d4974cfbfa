"""The Swedish words for milestones, days and weeks in what the commands print. They are those of the digest."""

from datetime import date, timedelta

from rules.explain import MONTHS, weekday

MILESTONES = {
    "two_months": "påminnelse om kontakter",
    "day_before": "påminnelse om sammanfattning och rapport",
    "officer_notice": "fråga om andra insatser i väntan",
    "overdue_1": "första påminnelsen, om ingen rapport har kommit",
    "overdue_2": "andra påminnelsen, om ingen rapport har kommit",
}


def milestone_words(name: str) -> str:
    """What a milestone's mail is about; one of another routine by its own name."""
    return MILESTONES.get(name, name.replace("_", " "))


def day_words(day: date) -> str:
    """ "måndag 16 mars"."""
    return f"{weekday(day)} {day.day} {MONTHS[day.month - 1]}"


def week_words(day: date) -> str:
    """The week of a day: "vecka 12, 16–22 mars 2026" (ISO 8601: from Monday)."""
    first = day - timedelta(days=day.weekday())
    last = first + timedelta(days=6)
    begins = f"{first.day}" if first.month == last.month else f"{first.day} {MONTHS[first.month - 1]}"
    if first.year != last.year:
        begins += f" {first.year}"
    dash = "–" if begins.isdigit() else " – "
    return f"vecka {day.isocalendar().week}, {begins}{dash}{last.day} {MONTHS[last.month - 1]} {last.year}"

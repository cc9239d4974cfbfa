"""From milestones to mails: which go together, what each says, and under which key. The service and `ivobot simulate` share it."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from bot.jobs.office import Office
from rules.duty import Recipients
from rules.mails import Reminder
from rules.model import Row
from rules.plan import Event
from rules.remind import reminder, reminder_row


@dataclass(frozen=True, slots=True)
class Ready:
    """One milestone that goes out, and to whom. `owner`: the role that sends the report; a bundle speaks of one owner."""

    event: Event
    owner: str
    to: Recipients


def bundles(going: Sequence[Ready], bundle_from: int) -> list[list[Ready]]:
    """Mails of one milestone to the same people: one by one, or from `bundle_from` on together in one mail.

    going: what goes out in one run. A provider in a bundle gets a mail of its own rows only.
    """
    groups: dict[tuple[str, str, Recipients], list[Ready]] = {}
    for one in going:
        groups.setdefault((one.event.milestone.name, one.owner, one.to.without_providers), []).append(one)
    found: list[list[Ready]] = []
    for (_, _, main), group in groups.items():
        if len(group) < bundle_from or not main.to:
            found += [[one] for one in group]
            continue
        found.append([Ready(one.event, one.owner, main) for one in group])
        for provider in sorted({address for one in group for address in one.to.providers}):
            own = [Ready(one.event, one.owner, Recipients((provider,), ())) for one in group if provider in one.to.providers]
            found.append(own)
    return found


def said(bundle: Sequence[Ready], office: Office, today: date, *, back: Collection[int], formers: Mapping[int, Row]) -> Reminder:
    """What one mail says on `today`. back: the rows that have a letter sent back. formers: row → the decision that it follows."""
    facts = [
        reminder_row(
            one.event,
            office.planner,
            today,
            mailbox=office.config.mailbox.address,
            sent_back=one.event.row.id in back,
            former=formers.get(one.event.row.id),
        )
        for one in bundle
    ]
    return reminder([one.event for one in bundle], facts, bundle[0].to, office.planner, office.config.reminders.channel)


def event_key(event: Event, office: Office) -> str:
    """The key of a milestone that goes out in a mail of its own."""
    return office.key(event.milestone.name, _part(event))


def mail_key(bundle: Sequence[Ready], office: Office) -> str:
    """The key of a mail: that of its milestone, or for a bundle one of all its rows and its recipients."""
    if len(bundle) == 1:
        return event_key(bundle[0].event, office)
    return office.key(bundle[0].event.milestone.name, *(_part(one.event) for one in bundle), *bundle[0].to.to)


def _part(event: Event) -> tuple[int, date, int]:
    return event.row.id, event.row.entry.start, event.k

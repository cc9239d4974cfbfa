"""What is not well with the service, and what to do about it. Pure.

One judgement serves `ivobot status`, the digest, /healthz, the metrics and the alarm mails. No sentence holds personal data.
"""

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from typing import Final

from rules.health_facts import POLLS_MISSED, Facts, Failing, Issue

__all__ = ["CODES", "Facts", "Failing", "Issue", "daily", "judge", "worst"]

OUTBOX_OLD: Final = timedelta(minutes=30)
HOUR: Final = timedelta(hours=1)
CLOCK_SLACK: Final = timedelta(minutes=2)  # two machines that share a database may differ so much
CLOCK_BELIEVED: Final = timedelta(days=1)  # a clock that was set back is believed after so long
CERTIFICATE_SOON: Final = timedelta(days=30)
DATA_OLD_DAYS: Final = 400
DISK_LOW, DISK_FULL = 500_000_000, 100_000_000  # bytes
SHOWN: Final = 5  # numbers of missing letters that are named
MAILBOX_JOBS: Final = ("mailbox", "watch", "intake")
CODES: Final = (
    *("database", "stopped", "stalled", "letters_unread", "mailbox", "mailbox_denied", "letters_unfiled", "canary"),
    *("sending", "mails_failed", "outbox_old", "job", "reminders_late", "digest_late", "certificate", "disk", "clock", "backup_old"),
    *("letters_missed", "letters_strange", "refused", "brake", "data_old"),
)
"""Every code that an issue may have; docs/service.md says what each means."""


def judge(facts: Facts) -> tuple[Issue, ...]:
    """Every issue, the worst first."""
    found: list[Issue] = []
    for part in (_database, _running, _mailbox, _sending, _due, _machine, _told_only):
        found += part(facts)
    order = {"error": 0, "warning": 1, "notice": 2, "hint": 3}
    return tuple(sorted(found, key=lambda issue: order[issue.severity]))


def daily(issues: Sequence[Issue]) -> tuple[Issue, ...]:
    """Those that are shown every day: all but hints."""
    return tuple(issue for issue in issues if issue.severity != "hint")


def worst(issues: Sequence[Issue]) -> str:
    """The worst severity among them, "ok" without any."""
    return issues[0].severity if issues else "ok"


def _database(f: Facts) -> Iterator[Issue]:
    if f.database:
        yield Issue("database", "error", f.database, "Databasen går inte att använda; it-administratören behöver se efter.")


def _running(f: Facts) -> Iterator[Issue]:
    """That rounds are done at all. Who runs `run --once` now and then is told only when letters lie unread."""
    last = max(filter(None, (f.last_step, f.since)), default=None)
    if f.serving == "stopped" and f.since and last and f.now - last > f.late:
        told = f"The service was stopped at {f.clock(f.since)} and nothing is read or sent; start it again."
        yield Issue("stopped", "error", told, f"Tjänsten stoppades {f.clock(f.since)}; it-administratören behöver starta den.")
    if f.serving == "running" and last and f.now - last > f.late:
        told = f"No round was completed since {f.clock(last)}; see that the service runs, and in its log where it stands still."
        swedish = f"Tjänsten står stilla sedan {f.clock(last)}; it-administratören behöver se efter."
        yield Issue("stalled", "error", told, swedish)
    if f.unread and (f.last_read is None or f.now - f.last_read > POLLS_MISSED * f.poll):
        told = f"{f.unread} letters wait and nobody reads them; see that the service runs."
        yield Issue(
            "letters_unread", "error", told, f"{f.unread} meddelanden ligger olästa i brevlådan; it-administratören behöver se efter."
        )


def _mailbox(f: Facts) -> Iterator[Issue]:
    away = "Brevlådan går inte att nå; inget meddelande går förlorat, men it-administratören behöver se efter."
    denied = "Brevlådan släpper inte in ivobot; it-administratören behöver se över lösenord, certifikat eller rättigheter."
    shut = [one for one in f.failing if one.job in MAILBOX_JOBS]
    said = tuple(f"{one.job}: {one.problem}" for one in shut) or ((f.mailbox,) if f.mailbox else ())
    for text in said:
        yield Issue("mailbox_denied" if f.denied else "mailbox", "error", text, denied if f.denied else away)
    if f.unfiled and f.now - f.unfiled > max(f.late, OUTBOX_OLD) and not said:
        told = f"A letter is read but lies unfiled since {f.clock(f.unfiled)}; see the rights of the account to the mailbox's folders."
        yield Issue("letters_unfiled", "warning", told, "Ett läst meddelande har inte kunnat flyttas till sin mapp.")
    if f.canary_lost:
        told = f"The letter that the mailbox sent itself at {f.clock(f.canary_lost)} did not come back; see that mail reaches the mailbox."
        yield Issue("canary", "error", told, "Dagens provbrev till brevlådan kom inte fram; it-administratören behöver se efter.")


def _sending(f: Facts) -> Iterator[Issue]:
    for one in f.failing:
        if one.job == "deliver":
            swedish = "Mejl kan inte skickas; de skickas så snart det går."
            yield Issue("sending", "error", f"{one.job}: {one.problem}", swedish)
    if f.failed_mails:
        told = f"{f.failed_mails} mails cannot be sent; see the log for their kind, mend the template or the mailbox."
        swedish = f"{f.failed_mails} mejl går inte att skicka; it-administratören behöver se efter."
        yield Issue("mails_failed", "error", told, swedish)
    away = any(one.job in (*MAILBOX_JOBS, "deliver") for one in f.failing)  # then that is what is told, and mended
    if f.outbox_since and f.now - f.outbox_since > max(f.late, OUTBOX_OLD) and not away:
        told = f"{f.outbox} mails wait in the outbox, the oldest since {f.clock(f.outbox_since)}; see `ivobot outbox list` for why."
        swedish = f"{f.outbox} mejl väntar på att skickas, det äldsta sedan {f.clock(f.outbox_since)}."
        yield Issue("outbox_old", "warning", told, swedish)


def _due(f: Facts) -> Iterator[Issue]:
    """What should have gone out today. Only where rounds are expected today."""
    for one in f.failing:
        if one.job not in (*MAILBOX_JOBS, "deliver"):
            swedish = f"Jobbet {one.job} kunde inte göras klart senast; it-administratören ser varför med ivobot status."
            yield Issue("job", "error", f"{one.job}: {one.problem}", swedish, one.job)
    if not f.workday:
        return
    if f.late_rows and f.late_day and f.reminders_at and _expected(f, f.reminders_at):
        told = f"{f.late_rows} rows wait for reminders that were due from {f.late_day} on; see the log for what keeps them."
        yield Issue("reminders_late", "error", told, f"Påminnelser till {f.late_rows} beslut har inte gått ut i tid.")
    if not f.digest_sent and f.digest_at and _expected(f, f.digest_at):
        told = f"Today's digest, due at {f.digest_at.astimezone(f.zone):%H:%M}, has not gone out; see `ivobot outbox list` and the log."
        yield Issue("digest_late", "error", told, "Morgonmejlet till IVO-rapportören har inte gått ut i dag.")


def _expected(f: Facts, hour: datetime) -> bool:
    """Whether what was due at an hour should be done: an hour has passed, and a service, or at least one round since, was to do it."""
    if f.now < hour + HOUR:
        return False
    if f.serving == "running" and f.since is not None:
        return f.now - f.since > HOUR
    return f.last_step is not None and f.last_step >= hour + HOUR


def _machine(f: Facts) -> Iterator[Issue]:
    if f.certificate_fault:
        told = f"The certificate that signs in to the mailbox cannot be read ({f.certificate_fault}); see [mailbox] certificate."
        yield Issue("certificate", "error", told, "Certifikatet till brevlådan går inte att läsa; it-administratören behöver se efter.")
    elif f.certificate_ends and f.certificate_ends - f.now < CERTIFICATE_SOON:
        over, day = f.certificate_ends <= f.now, f.certificate_ends.astimezone(f.zone).date()
        verb, verbet = ("ended", "gick ut") if over else ("ends", "går ut")
        told = f"The certificate that signs in to the mailbox {verb} on {day}; put a new one in its place and restart."
        swedish = f"Certifikatet till brevlådan {verbet} {day}; it-administratören behöver byta det."
        yield Issue("certificate", "error" if over else "warning", told, swedish)
    if f.disk_free is not None and f.disk_free < DISK_LOW:
        told = f"The disk of data_dir has {f.disk_free // 1_000_000} MB left; make room."
        swedish = "Disken är nästan full; it-administratören behöver göra plats."
        yield Issue("disk", "error" if f.disk_free < DISK_FULL else "warning", told, swedish)
    if f.clock_high and f.clock_high - f.now > CLOCK_SLACK and not (f.clock_back and f.now - f.clock_back > CLOCK_BELIEVED):
        told = f"The clock stands before {f.clock(f.clock_high)}, when work was done already; set it by NTP and restart."
        swedish = "Serverns klocka går fel, och då kan dagar räknas fel; it-administratören behöver ställa den."
        yield Issue("clock", "error", told, swedish)
    if f.backups and (f.backup_day is None or (f.today - f.backup_day).days > 1) and f.serving and f.since and f.now - f.since > 25 * HOUR:
        last = f"the last is of {f.backup_day}" if f.backup_day else "there is none"
        told = f"No backup was made since yesterday ({last}); see [backup] folder, its disk and its rights."
        yield Issue("backup_old", "warning", told, "Säkerhetskopian är för gammal; it-administratören behöver se efter.")


def _told_only(f: Facts) -> Iterator[Issue]:
    if f.missed:
        told = f"Letters that should lie in a folder lie nowhere: {', '.join(map(str, f.missed[:10]))}; `ivobot letters` shows them."
        shown = ", ".join(map(str, f.missed[:SHOWN])) + (f" och {len(f.missed) - SHOWN} till" if len(f.missed) > SHOWN else "")
        swedish = f"{len(f.missed)} brev som ska ligga i en mapp finns inte i brevlådan (nr {shown} i ivobot letters); "
        yield Issue("letters_missed", "notice", told, f"{swedish}se efter bland borttagna objekt.")
    for folder, number in f.strangers:
        told = f"{number} letters in {folder} never came through the inbox and are not read; move them to the inbox if they count."
        unread = "brev är inte läst" if number == 1 else "brev är inte lästa"
        swedish = f"{number} {unread}: i {folder}, utan att ha kommit genom inkorgen. Det som ska räknas flyttas till inkorgen."
        yield Issue("letters_strange", "notice", told, swedish, folder)
    if f.refused:
        told = f"{f.refused} addresses were refused by the mail server; the digest names them."
        yield Issue("refused", "notice", told, f"Mejlservern tar inte emot mejl till {f.refused} adresser; morgonmejlet namnger dem.")
    if f.braked:
        told = "The brake on answers is on: more answers in the last hour than [reply] per_hour allows; none is lost."
        swedish = "Nödbromsen för svar är på: ovanligt många svar den senaste timmen. Svar hålls inne, inget brev går förlorat."
        yield Issue("brake", "notice", told, swedish)
    for name, day in f.old_data:
        if (f.today - day).days > DATA_OLD_DAYS:
            told = f"{name} was last compared with its source on {day}; compare it and set `checked`, or install a newer ivobot."
            yield Issue("data_old", "hint", told, f"Uppgifterna i {name} jämfördes senast med källan {day}.", name)

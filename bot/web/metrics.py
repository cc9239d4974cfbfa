"""Figures for Prometheus, read from the database at each scrape. Labels are words of ours: verdicts, mails, jobs, codes."""

from collections.abc import Iterable, Iterator
from datetime import datetime
from importlib.metadata import version

from prometheus_client import CollectorRegistry, generate_latest
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, Metric
from prometheus_client.registry import Collector

from bot.errors import StoreError
from bot.store import engine as db
from bot.store import health, jobs
from bot.web.source import Source
from rules.health import CODES, Facts

RANKS = {"hint": 1, "notice": 2, "warning": 3, "error": 4}


def metrics(source: Source) -> bytes:
    """The text that Prometheus reads."""
    registry = CollectorRegistry(auto_describe=False)
    registry.register(_Figures(source))
    return generate_latest(registry)


def _gauge(name: str, help: str, values: Iterable[tuple[tuple[str, ...], float]], *labels: str) -> Metric:
    family = GaugeMetricFamily(f"ivobot_{name}", help, labels=labels)
    for label, value in values:
        family.add_metric(label, value)
    return family


def _counter(name: str, help: str, values: dict[str, int], label: str) -> Metric:
    family = CounterMetricFamily(f"ivobot_{name}", help, labels=[label])
    for key, value in sorted(values.items()):
        family.add_metric([key], value)
    return family


class _Figures(Collector):
    def __init__(self, source: Source) -> None:
        self._source = source

    def collect(self) -> Iterator[Metric]:
        facts, issues = self._source.judged()
        beat = self._source.pulse.beat
        calls, errors = self._source.counts.seen()
        yield _gauge("info", "The version that runs.", [((version("ivobot"),), 1)], "version")
        yield _gauge("rounds_completed", "Rounds that came to their end since the start.", [((), beat.completed)])
        yield _gauge("seconds_since_round", "Seconds since the last round came to its end.", [((), self._source.pulse.silent())])
        worst = {issue.code: RANKS[issue.severity] for issue in reversed(issues)}  # the worst of a code comes last, and stays
        values = [((code,), worst.get(code, 0)) for code in CODES]
        yield _gauge("issue", "0 all is well, 1 a hint, 2 a notice, 3 a warning, 4 an error; /healthz says what to do.", values, "code")
        yield _counter("mailbox_requests", "Calls to the mailbox since the start.", calls, "call")
        yield _counter("mailbox_errors", "Calls to the mailbox that failed.", errors, "call")
        yield from self._stored(facts)

    def _stored(self, facts: Facts) -> Iterator[Metric]:
        """What the database knows; left out while it cannot be read."""
        try:
            with db.read(self._source.office.engine) as tx:
                letters, mails, done = health.letters_by_verdict(tx), health.mails_by_state(tx), jobs.all_jobs(tx)
        except StoreError:
            return
        yield _gauge("letters", "Letters in the ledger.", [((v,), n) for v, n in sorted(letters.items())], "verdict")
        yield _gauge("mails", "Mails by name and state.", [(key, n) for key, n in sorted(mails.items())], "name", "state")
        yield _gauge("outbox_depth", "Mails that wait to be sent.", [((), facts.outbox)])
        yield _gauge("outbox_age_seconds", "Age of the oldest mail that waits.", [((), _age(facts.outbox_since, facts))])
        unread = _age(facts.last_read, facts) if facts.last_read else 0.0
        yield _gauge("inbox_unread_seconds", "No letter lies unread for longer: seconds since the inbox was read.", [((), unread)])
        yield _gauge("oldest_unfiled_seconds", "Age of the oldest letter that is read and not filed.", [((), _age(facts.unfiled, facts))])
        lag = (facts.today - facts.late_day).days * 86_400 if facts.late_day else 0
        yield _gauge("reminder_lag_seconds", "Age of the oldest reminder that is due and not posted.", [((), lag)])
        yield _gauge("reminders_due", "Rows with a reminder that is due and not posted.", [((), facts.late_rows)])
        when = [((name,), row["last_success"].timestamp()) for name, row in sorted(done.items()) if row["last_success"]]
        yield _gauge("job_last_success_timestamp_seconds", "When each job last came to its end.", when, "job")
        failing = [((name,), float(bool(row["problem"]))) for name, row in sorted(done.items())]
        yield _gauge("job_failing", "1 while a job's last run failed.", failing, "job")


def _age(since: datetime | None, facts: Facts) -> float:
    return max((facts.now - since).total_seconds(), 0.0) if since else 0.0

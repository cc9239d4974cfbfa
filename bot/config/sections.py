"""The sections of a configuration. A new key is a field here and a few lines in config.example.toml; a test holds them together."""

import re
from collections.abc import Mapping
from datetime import time, timedelta
from pathlib import Path
from typing import Annotated, Literal, Self
from zoneinfo import ZoneInfo

from pydantic import BaseModel, BeforeValidator, ConfigDict, SecretStr, field_validator, model_validator

from bot.config.values import (
    Addresses,
    ClockTime,
    Days,
    Domains,
    Every,
    Flag,
    Folder,
    OptionalFolder,
    Secret,
    SendOn,
    Text,
    Zone,
    number,
    several,
)


class Section(BaseModel):
    """A frozen part of the configuration that knows all its keys."""

    model_config = ConfigDict(extra="forbid", frozen=True, hide_input_in_errors=True)


class Bot(Section):
    """[bot]. `routine` is the name of a packaged routine, or the absolute path of a .toml file."""

    data_dir: Folder = Path("ivobot-data")
    timezone: Zone = ZoneInfo("Europe/Stockholm")
    mode: Literal["live", "team", "dry"] = "dry"  # who forgets the key sends nothing
    team: Addresses = ()
    own_domains: Domains
    routine: Text = "ivo-lss"

    @field_validator("own_domains")
    @classmethod
    def _some_domain(cls, value: tuple[str, ...]) -> tuple[str, ...]:
        if not value:
            raise ValueError("must name at least one domain, for no mail leaves the own domains")
        return value

    @model_validator(mode="after")
    def _team_has_members(self) -> Self:
        if self.mode == "team" and not self.team:
            raise ValueError("team must hold at least one address when mode is team")
        return self


class Database(Section):
    """[database]. `load` fills an empty url with SQLite in data_dir."""

    url: Secret = SecretStr("")

    @field_validator("url")
    @classmethod
    def _is_url(cls, value: SecretStr) -> SecretStr:
        if value.get_secret_value() and not re.match(r"[a-z][a-z0-9]*(\+[a-z0-9_]+)?://", value.get_secret_value()):
            raise ValueError("must be a database address such as sqlite:///ivobot.db")
        return value


class Schedule(Section):
    """[schedule]. Times of day are in the configured zone. `empty_digest`: what goes out when there is nothing to tell.

    A round that takes `stall_minutes` ends the process, for the next start to mend.
    """

    poll: Every = timedelta(minutes=2)
    reminders: ClockTime = time(7, 0)
    digest: ClockTime = time(7, 30)
    empty_digest: Literal["line", "none"] = "line"
    stall_minutes: Annotated[int, BeforeValidator(number(5, 1440))] = 30


class Reply(Section):
    """[reply]: which letters are answered, and how many answers at most: to one sender a day, and to all an hour."""

    rejected: Flag = True
    normalised: Flag = False
    matched: Flag = False
    missing: Flag = False
    incident: Flag = False
    per_sender_a_day: Annotated[int, BeforeValidator(number(1, 1000))] = 10
    per_hour: Annotated[int, BeforeValidator(number(1, 100_000))] = 60


class Reminders(Section):
    """[reminders]. From `bundle_from` mails of one milestone to one address in one run they become one mail."""

    bundle_from: Annotated[int, BeforeValidator(number(2, 1000))] = 6
    channel: Literal["mailbox", "case_system"] = "mailbox"


class Calendar(Section):
    """[calendar]. `closed_days` are no workdays, besides weekends and holidays; `cut_off` ends what a reporting window counts."""

    closed_days: Days = ()
    cut_off: Literal["quarter_end", "window_end"] = "quarter_end"


def _columns(value: object) -> dict[str, str]:
    good = isinstance(value, dict) and all(isinstance(v, str) and k.strip() and v.strip() for k, v in value.items())
    if not isinstance(value, dict) or not good:
        raise ValueError('must be a table of header names and column names, such as {"Beslutsdag" = "Beslutsdatum"}')
    return {k.strip(): v.strip() for k, v in value.items()}


class Register(Section):
    """[register]. `columns`: further header names in the unit's own file → the name of the column that they mean.

    `watch`: a folder; what is dropped there is imported. `senders`: who may mail a register file to the mailbox.
    """

    columns: Annotated[Mapping[str, str], BeforeValidator(_columns)] = {}
    watch: OptionalFolder = None
    senders: Addresses = ()


class Secrecy(Section):
    """[secrecy]. An empty `hash_key` means a key file of our own making in data_dir/keys."""

    hash_key: Secret = SecretStr("")


class Log(Section):
    """[log], written to standard error, and with `file` there too: at most `keep` files of `max_mb` megabytes besides the newest."""

    level: Literal["debug", "info", "warning", "error"] = "info"
    format: Literal["text", "json"] = "text"
    file: OptionalFolder = None
    max_mb: Annotated[int, BeforeValidator(number(1, 1000))] = 10
    keep: Annotated[int, BeforeValidator(number(1, 100))] = 5


FORMATS = ("json", "xlsx", "docx", "html", "pdf")


def _format(value: object) -> str:
    if value not in FORMATS:
        raise ValueError(f"must be one of {', '.join(FORMATS)}")
    return str(value)


class Report(Section):
    """[report]: the quarterly report. Counts from 1 to `threshold` − 1 are suppressed for others than the board.

    `send_on`: None never; so many days after the quarter's end; or days of the year ("MM-DD"), each for the quarter that ended last.
    """

    board: Text = ""
    threshold: Annotated[int, BeforeValidator(number(2, 100))] = 5
    formats: Annotated[tuple[str, ...], BeforeValidator(several(_format))] = ("docx", "xlsx")
    send_on: SendOn = None
    to_fullmaktige: Addresses = ()
    to_revisorer: Addresses = ()
    to_internal: Addresses = ()


class Sheet(Section):
    """[sheet]. `folder`: where each open report's page for IVO's e-service is kept."""

    folder: OptionalFolder = None


class Backup(Section):
    """[backup]. `folder`: where a backup is put each day from `at`, the last `keep` of them. Without `passphrase` each has its own key."""

    passphrase: Secret = SecretStr("")
    folder: OptionalFolder = None
    at: ClockTime = time(2, 30)
    keep: Annotated[int, BeforeValidator(number(1, 1000))] = 14


def _never_or_long(value: object) -> int:
    days = number(0, 36_500)(value)
    if 0 < days < LEAST_DAYS:
        raise ValueError(f"must be 0, which is never, or at least {LEAST_DAYS}: until then a quarter's report may need it")
    return days


LEAST_DAYS = 180
"""A quarter and its reporting window, with time to spare: so long what is pruned may still be asked for."""


class Prune(Section):
    """[prune]. `after_days` count from the reporter's tick, `ledger_days` from when a letter was read or a mail sent, `closed_days` from
    the day on which a row was closed; 0 of these two is never.
    """

    delete_reported_letters: Flag = False
    after_days: Annotated[int, BeforeValidator(number(0, 3650))] = 30
    ledger_days: Annotated[int, BeforeValidator(_never_or_long)] = 0
    closed_days: Annotated[int, BeforeValidator(_never_or_long)] = 0

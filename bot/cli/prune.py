"""`ivobot prune`: what [prune] lets go, now, or only counted."""

import json
from dataclasses import asdict
from pathlib import Path

from bot.cli import build
from bot.cli.progress import working
from bot.config import Config
from bot.jobs.prune import prune
from bot.stop import Stop
from bot.store import engine as db
from bot.store import pruning

SAID = {
    "letters": "letters {} to the deleted items",
    "ledger": "letters {} sender and ids in the ledger",
    "mails": "sent mails {} addresses and contents",
    "rows": "closed rows {} anonymous facts",
    "texts": "kept texts {}",
}
DONE = {"letters": "went", "ledger": "lost", "mails": "lost", "rows": "became", "texts": "deleted"}
WOULD = {"letters": "would go", "ledger": "would lose", "mails": "would lose", "rows": "would become"}


def run(config_file: Path | None, stop: Stop, now: str, *, dry_run: bool, as_json: bool) -> None:
    """Prunes, or counts what would go, and prints it."""
    config = build.configuration(config_file)
    instant = build.instant(config, now)
    office = build.office(config)
    try:
        with working("Pruning"):
            if not office.dry:
                office.mailbox.prepare()
            done = prune(office, instant, stop, dry_run=dry_run)
        with db.read(office.engine) as tx:
            ever = pruning.deleted(tx)
    finally:
        office.mailbox.close()
        office.engine.dispose()
    if as_json:
        print(json.dumps(asdict(done) | {"letters_ever": ever, "dry_run": dry_run}))
        return
    for name, word in (WOULD if dry_run else DONE).items():
        print(f"{getattr(done, name)} {SAID[name].format(word)}.")
    print(f"{ever} letters were deleted by the pruning so far.")
    for off in _off(config):
        print(off)


def _off(config: Config) -> list[str]:
    """What is switched off, and by which key."""
    settings = config.prune
    found = [] if settings.delete_reported_letters else ["Letters stay: delete_reported_letters under [prune] is false."]
    if config.bot.mode == "dry":
        found = ["Letters stay: in mode dry the mailbox is left as it is."]
    found += [] if settings.ledger_days else ["Ledger and sent mails stay: ledger_days under [prune] is 0."]
    return found + ([] if settings.closed_days else ["Closed rows stay: closed_days under [prune] is 0."])

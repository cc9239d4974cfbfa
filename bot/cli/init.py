"""`ivobot init`: asks, tries each answer against the real thing, writes a commented configuration, and ends with `check`."""

import os
import secrets
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from bot.cli import build, check
from bot.cli import init_questions as questions
from bot.cli.init_asking import Answers, Asking, File, Terminal
from bot.cli.init_file import example, filled
from bot.cli.init_questions import Question
from bot.cli.init_writing import NOTE, SECRETS, new_file, write
from bot.config import Config, load
from bot.config.faults import variable
from bot.config.sources import PREFIX
from bot.config.sources import SECRETS as SECRET_KEYS
from bot.errors import BotError, ConfigError, MailboxError

ROUTINE = "ivo-lss"
FILE = ("database", "url")  # of a file, it is no secret


def run(config_file: Path | None, folder: Path | None, answers: Path | None) -> int:
    """Sets up a configuration; gives the exit code of its `check`. Raises BotError, and then no configuration was written."""
    if config_file and folder:
        raise ConfigError("--config and --dir both say where the configuration goes; keep one of them.")
    target = (config_file or (folder or Path()) / "config.toml").absolute()
    asking: Asking = File(answers) if answers else Terminal()
    source = example()
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        if target.exists() and not asking.overwrite(target):
            raise ConfigError(f"{target} is there already and was left as it is; name another folder with --dir DIR.")
        given, hidden = _asked(asking, target.parent, source)
        reached = _joined(asking, target.parent, source, given, hidden)
        environ = write(target, source, given, hidden)
    except OSError as error:
        raise ConfigError(
            f"{error.filename or target} cannot be written ({error.strerror}); choose another --dir or mend its rights."
        ) from None
    _tell(target, environ, reached=reached)
    os.environ.update(environ)
    return check.run(target, offline=False)


def _asked(asking: Asking, base: Path, source: str) -> tuple[Answers, dict[tuple[str, str], str]]:
    """Everything but the connection: the answers, and the secrets apart."""
    given: Answers = asking.others()
    hidden = {place: str(given[place[0]].pop(place[1])) for place in SECRET_KEYS if given.get(place[0], {}).get(place[1]) and place != FILE}
    if given.get("bot", {}).get("mode", "dry") != "dry":
        raise ConfigError(
            "`ivobot init` begins with mode dry; leave mode out of the answers, and change it when dry has shown what it does."
        )
    given.setdefault("bot", {})["mode"] = "dry"
    _ask(asking, [questions.domains()], given, hidden)
    people = questions.people(tuple(given["bot"]["own_domains"]), _roles(given["bot"].get("routine", ROUTINE)))
    _ask(asking, [*people, *questions.places(base)], given, hidden)
    for role in questions.FIXED_ROLES:
        given["people"].setdefault(role, "")  # the example's own addresses must not stay
    return given, hidden


def _roles(routine: str) -> Mapping[str, str]:
    """The units that a routine of the program's names; none of any other, for `check` tells what is wrong with it."""
    from rules.routine import RoutineError, packaged

    try:
        return packaged(routine).roles
    except RoutineError:
        return {}


def _ask(
    asking: Asking, some: Iterable[Question], given: Answers, hidden: dict[tuple[str, str], str], before: Mapping[str, Any] | None = None
) -> None:
    """Asks what is to be asked. before: answers that were given before; they are the defaults now."""
    for one in some:
        part = given.setdefault(one.section, {})
        name = variable(one.section, one.key)
        if not one.when(part) or (one.secret and {name, f"{name}_FILE"} & os.environ.keys()):
            part.pop(one.key, None)
            hidden.pop((one.section, one.key), None)
            continue
        default = str((before or {}).get(one.key, one.default))
        answer = asking.ask(one.section, one.key, one.asked, default, one.check, secret=one.secret)
        if one.secret:
            hidden[one.section, one.key] = answer
        else:
            part[one.key] = answer


def _joined(asking: Asking, base: Path, source: str, given: Answers, hidden: dict[tuple[str, str], str]) -> bool:
    """Asks for the connection until the mailbox is as it should be, or the person goes on; whether it is."""
    first, secret = dict(given["mailbox"]), dict(hidden)
    before: Mapping[str, Any] = {}
    while True:
        given["mailbox"] = dict(first)
        hidden.clear()
        hidden.update(secret)
        _ask(asking, [questions.kind()], given, hidden, before)
        _ask(asking, questions.connection(given["mailbox"]["kind"], base), given, hidden, before)
        try:
            _try(_drafted(base, source, given, hidden))
            return True
        except BotError as error:
            if asking.after_fault(error):
                return False
        before = given["mailbox"]


def _drafted(base: Path, source: str, given: Answers, hidden: Mapping[tuple[str, str], str]) -> Config:
    """What the answers would be read as. Raises ConfigError."""
    draft = base / f".ivobot-init-{secrets.token_hex(4)}.toml"
    environ = {variable(*place): value for place, value in hidden.items()}
    try:
        new_file(draft, filled(source, given, {}))
        return load(draft, os.environ | environ)
    except ConfigError as error:
        raise ConfigError(str(error).replace(f"The configuration {draft} needs", "This needs")) from None
    finally:
        draft.unlink(missing_ok=True)


def _try(config: Config) -> None:
    """Asks the mailbox and prints what is right. Raises ConfigError or MailboxError with a sentence for each thing that is not."""
    print(f"Trying the mailbox {config.mailbox.address} …")
    mailbox, faults = build.mailbox(config.mailbox), []
    try:
        for trial in mailbox.examine():
            if trial.good:
                print(f"  {trial.seen}")
            else:
                faults.append(f"{trial.seen[:1].upper()}{trial.seen[1:]}; {trial.mend}.")
    finally:
        mailbox.close()
    if faults:
        raise MailboxError(" ".join(faults))


def _tell(target: Path, environ: Mapping[str, Any], *, reached: bool) -> None:
    print(f"\nWritten: {target}, in mode dry: no mail is sent, and the mailbox is left as it is.")
    if environ:
        print(f"The secrets lie in {target.parent / SECRETS}. Before each command: set -a; . {target.with_name(NOTE)}; set +a")
        print(f"For systemd: EnvironmentFile={target.with_name(NOTE)}, or a LoadCredential for each file in {SECRETS}.")
    if others := sorted(name for name in os.environ if name.startswith(PREFIX) and name not in environ):
        print(f"The environment sets {', '.join(others)}, which goes before the file.")
    if not reached:
        print("The mailbox was not as it should be; what follows says it again.")
    print()

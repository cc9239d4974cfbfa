"""`ivobot service install`, `remove` and `show`. Only files are written: what starts and stops services is said, not done."""

import os
import re
import sys
from collections.abc import Sequence
from pathlib import Path

from bot.cli import build
from bot.cli.service_files import MARK, Place, unit, winsw
from bot.config import Config, Maildir
from bot.errors import BotError, ConfigError

SYSTEMD, UNIT, XML = Path("/etc/systemd/system"), "ivobot.service", "ivobot-service.xml"
HIDDEN = ("/home", "/root", "/run/user", "/tmp", "/var/tmp")  # ProtectHome and PrivateTmp hide them from the service
ACCOUNT = re.compile(r"[a-z_][a-z0-9_-]{0,30}")


def install(config_file: Path | None, user: str, folder: Path | None, *, windows: bool, hiding: Sequence[str] = HIDDEN) -> None:
    """Writes the file. Raises ConfigError where the service could not work as it is. hiding: folders that it will not see."""
    config = build.configuration(config_file)
    place = _place(config, user)
    if not windows and (hidden := _hidden(place, hiding)):
        raise ConfigError(
            f"The service cannot see {hidden[0]}, for /home, /root and /tmp are hidden from it; install the program under /opt, "
            "its configuration under /etc/ivobot and its data under /var/lib/ivobot."
        )
    target = _target(config, folder, windows=windows)
    if target.exists() and MARK not in target.read_text("utf-8", "replace"):
        raise ConfigError(f"{target} is there and was not written by ivobot; move it away first.")
    try:
        target.write_text(winsw(place) if windows else unit(place), encoding="utf-8")
        target.chmod(0o644)
    except OSError as error:
        raise BotError(f"{target} cannot be written ({error.strerror}); run it as an administrator, or name a folder with --dir.") from None
    print(f"written: {target}")
    for line in _windows_next(target) if windows else _systemd_next(place, user):
        print(f"  {line}")


def remove(config_file: Path | None, folder: Path | None, *, windows: bool) -> None:
    """Takes the file away."""
    target = _target(build.configuration(config_file), folder, windows=windows)
    if not target.exists():
        print(f"nothing to do: there is no {target}")
        return
    if MARK not in target.read_text("utf-8", "replace"):
        raise ConfigError(f"{target} was not written by ivobot; it stays.")
    target.unlink()
    print(f"removed: {target}")
    print(
        "  WinSW: stop and uninstall it with ivobot-service.exe" if windows else "  systemctl disable --now ivobot; systemctl daemon-reload"
    )


def show(config_file: Path | None, user: str, *, windows: bool) -> None:
    """Prints the file; what would keep it from working goes to standard error."""
    place = _place(build.configuration(config_file), user)
    print(winsw(place) if windows else unit(place), end="")
    for path in () if windows else _hidden(place):
        print(f"The service will not see {path}: /home, /root and /tmp are hidden from it.", file=sys.stderr)


def _place(config: Config, user: str) -> Place:
    if not ACCOUNT.fullmatch(user):
        raise ConfigError("--user must be the name of an account such as ivobot.")
    folders = [config.bot.data_dir, config.register_file.watch, config.sheet.folder, config.backup.folder]
    folders += [config.mailbox.path] if isinstance(config.mailbox, Maildir) else []
    folders += [config.log.file.parent] if config.log.file else []
    written = [path for path in dict.fromkeys(folders) if path is not None]
    inside = [path for path in written if any(path != other and path.is_relative_to(other) for other in written)]
    schedule = config.schedule
    return Place(
        program=_program(),
        config=config.source.absolute(),
        user=user,
        folders=tuple(path for path in written if path not in inside),
        watchdog=int(schedule.poll.total_seconds()) + 60 * schedule.stall_minutes + 60,
    )


def _program() -> Path:
    """The command as it was called, if that is a file; else the one beside this Python."""
    beside = Path(sys.executable).parent / ("ivobot.exe" if os.name == "nt" else "ivobot")
    return beside if beside.exists() else Path(sys.argv[0]).absolute()


def _hidden(place: Place, hiding: Sequence[str] = HIDDEN) -> Sequence[Path]:
    return [p for p in (place.program, place.config, *place.folders) if any(p.is_relative_to(hidden) for hidden in hiding)]


def _target(config: Config, folder: Path | None, *, windows: bool) -> Path:
    return (folder or (config.source.parent if windows else SYSTEMD)) / (XML if windows else UNIT)


def _systemd_next(place: Place, user: str) -> tuple[str, ...]:
    return (
        f"useradd --system --home-dir {place.folders[0]} --shell /usr/sbin/nologin {user}    # once",
        f"install -d -m 0700 -o {user} -g {user} {' '.join(map(str, place.folders))}",
        f"chown root:{user} {place.config}; chmod 0640 {place.config}",
        "systemctl daemon-reload; systemctl enable --now ivobot",
        f"sudo -u {user} {place.program} --config {place.config} status",
    )


def _windows_next(target: Path) -> tuple[str, ...]:
    return (
        f"put WinSW's program beside it, under the name {target.stem}.exe",
        f"{target.stem}.exe install",
        f"{target.stem}.exe start",
    )

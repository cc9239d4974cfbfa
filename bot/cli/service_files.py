"""What a service manager reads: a systemd unit, and a WinSW file for Windows."""

from dataclasses import dataclass
from pathlib import Path
from xml.sax.saxutils import escape

MARK = "Written by `ivobot service install`"
STATE = Path("/var/lib")


@dataclass(frozen=True, slots=True)
class Place:
    """Where things are on this machine. `folders`: what the service writes to, data_dir first. `watchdog`: seconds."""

    program: Path
    config: Path
    user: str
    folders: tuple[Path, ...]
    watchdog: int


UNIT = """\
# {mark}; changes belong into `systemctl edit ivobot`, this file is written anew.
[Unit]
Description=ivobot: reads the mailbox IVO-rapportör LSS, answers and reminds
After=network-online.target time-sync.target
Wants=network-online.target
# Ten starts in an hour that all fail: a person is needed.
StartLimitIntervalSec=1h
StartLimitBurst=10

[Service]
Type=notify
NotifyAccess=main
ExecStart={program} --config {config} run
Restart=on-failure
RestartSec=15
# Fed by completed rounds only: the poll, the longest round ([schedule] stall_minutes), a minute.
WatchdogSec={watchdog}
# Migrations of a big database come before READY.
TimeoutStartSec=10min
# The round's step in hand is finished; that takes less than five seconds.
TimeoutStopSec=15

User={user}
UMask=0077
{state}{folders}
# Secrets as credentials instead of in the configuration; the names are <section>.<key>:
#LoadCredential=mailbox.password:/etc/ivobot/mailbox.password
#LoadCredential=mailbox.client_secret:/etc/ivobot/mailbox.client_secret
#LoadCredential=secrecy.hash_key:/etc/ivobot/secrecy.hash_key
#LoadCredential=backup.passphrase:/etc/ivobot/backup.passphrase

ProtectSystem=strict
ProtectHome=yes
PrivateTmp=yes
PrivateDevices=yes
PrivateUsers=yes
PrivateMounts=yes
ProtectKernelTunables=yes
ProtectKernelModules=yes
ProtectKernelLogs=yes
ProtectControlGroups=yes
ProtectClock=yes
ProtectHostname=yes
ProtectProc=invisible
ProcSubset=pid
NoNewPrivileges=yes
RestrictSUIDSGID=yes
RestrictRealtime=yes
RestrictNamespaces=yes
RestrictAddressFamilies=AF_UNIX AF_INET AF_INET6
LockPersonality=yes
MemoryDenyWriteExecute=yes
RemoveIPC=yes
KeyringMode=private
CapabilityBoundingSet=
AmbientCapabilities=
DevicePolicy=closed
SystemCallArchitectures=native
SystemCallFilter=@system-service
SystemCallFilter=~@privileged @resources
SystemCallErrorNumber=EPERM
MemoryMax=1G
TasksMax=64

[Install]
WantedBy=multi-user.target
"""

WINSW = """\
<!-- {mark}. For WinSW 2.12 or newer (https://github.com/winsw/winsw). Not tried on Windows yet. -->
<service>
  <id>ivobot</id>
  <name>ivobot</name>
  <description>Reads the mailbox IVO-rapportör LSS, answers and reminds</description>
  <executable>{program}</executable>
  <arguments>--config &quot;{config}&quot; run</arguments>
  <workingdirectory>{folder}</workingdirectory>
  <startmode>Automatic</startmode>
  <delayedAutoStart>true</delayedAutoStart>
  <!-- WinSW sends Ctrl+C, which the service takes as a wish to stop. -->
  <stoptimeout>15 sec</stoptimeout>
  <onfailure action="restart" delay="15 sec"/>
  <onfailure action="restart" delay="5 min"/>
  <resetfailure>1 hour</resetfailure>
  <log mode="roll-by-size">
    <sizeThreshold>10240</sizeThreshold>
    <keepFiles>5</keepFiles>
  </log>
  <!-- An account that may log on as a service and has rights to the configuration and the data folder only:
  <serviceaccount>
    <username>DOMAIN\\ivobot$</username>
    <allowservicelogon>true</allowservicelogon>
  </serviceaccount>
  Secrets as files:
  <env name="IVOBOT_MAILBOX__PASSWORD_FILE" value="C:\\ProgramData\\ivobot\\mailbox.password"/>
  -->
</service>
"""


def _quoted(path: Path) -> str:
    """A path as a unit reads it: % and spaces mean something there."""
    text = str(path).replace("\\", "\\\\").replace("%", "%%").replace('"', '\\"')
    return f'"{text}"' if " " in text else text


def unit(place: Place) -> str:
    """The systemd unit. A data_dir right under /var/lib is made by systemd; every other folder must be there."""
    data = place.folders[0]
    state = f"StateDirectory={data.name}\nStateDirectoryMode=0700\n" if data.parent == STATE else ""
    others = place.folders[1:] if state else place.folders
    folders = f"ReadWritePaths={' '.join(map(_quoted, others))}\n" if others else ""
    return UNIT.format(
        mark=MARK,
        program=_quoted(place.program),
        config=_quoted(place.config),
        user=place.user,
        watchdog=place.watchdog,
        state=state,
        folders=folders,
    )


def winsw(place: Place) -> str:
    """The WinSW file."""
    return WINSW.format(
        mark=MARK, program=escape(str(place.program)), config=escape(str(place.config)), folder=escape(str(place.config.parent))
    )

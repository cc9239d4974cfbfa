"""A real Dovecot on free loopback ports, one for all tests of a process; each test has a user and a Maildir of its own."""

import atexit
import functools
import os
import pwd
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.servers.certificate import Certificate, make

PASSWORD = "hemligt lösen"
CONFIG = """
base_dir = {home}/run
state_dir = {home}/run
log_path = {home}/log
protocols = imap
listen = 127.0.0.1
ssl = yes
ssl_cert = <{home}/cert.pem
ssl_key = <{home}/key.pem
disable_plaintext_auth = no
auth_failure_delay = 0
auth_mechanisms = plain login xoauth2
default_internal_user = {user}
default_internal_group = {group}
default_login_user = {user}
mail_location = maildir:~/Maildir
mail_fsync = never
maildir_very_dirty_syncs = yes
mail_max_userip_connections = 100
namespace inbox {{
  inbox = yes
  separator = /
  mailbox Skickade {{
    special_use = \\Sent
    auto = create
  }}
  mailbox Borttagna {{
    special_use = \\Trash
    auto = create
  }}
}}
namespace plain {{
  disabled = yes
  separator = /
}}
service anvil {{
  chroot =
  unix_listener anvil-auth-penalty {{
    mode = 0
  }}
}}
service auth {{
  client_limit = 3000
}}
service imap-login {{
  chroot =
  service_count = 0
  process_min_avail = 1
  inet_listener imap {{
    port = {port}
  }}
  inet_listener imaps {{
    port = {tls_port}
  }}
}}
service imap {{
  service_count = 0
  process_min_avail = 1
}}
passdb {{
  driver = passwd-file
  mechanisms = plain login
  args = username_format=%u {home}/users/%u
}}
passdb {{
  driver = oauth2
  mechanisms = xoauth2 oauthbearer
  args = {home}/oauth2
}}
userdb {{
  driver = passwd-file
  args = username_format=%u {home}/users/%u
}}
"""
OAUTH2 = """
introspection_mode = post
introspection_url = {url}
active_attribute = active
active_value = true
username_attribute = username
"""


@dataclass(frozen=True, slots=True)
class Dovecot:
    """A running server; files are the user's that it runs as, for it takes no root."""

    home: Path
    port: int
    tls_port: int
    uid: int
    gid: int
    certificate: Certificate

    def add(self, user: str, **settings: str) -> Path:
        """A new user with an empty mailbox, and Dovecot settings of their own; gives the mailbox's folder."""
        box = self.home / "mail" / user / "Maildir"
        for part in ("cur", "new", "tmp"):
            (box / part).mkdir(parents=True)
        for folder in (box.parent, box, *(box / part for part in ("cur", "new", "tmp"))):
            os.chown(folder, self.uid, self.gid)
        extra = " ".join(f"userdb_{key.replace('__', '/')}={value}" for key, value in settings.items())
        # A file for each: Dovecot looks at most once a second whether one that it knows has changed.
        (self.home / "users" / user).write_text(f"{user}:{{PLAIN}}{PASSWORD}:{self.uid}:{self.gid}::{box.parent}::{extra}\n", "utf-8")
        return box

    def give(self, path: Path) -> None:
        """The file becomes the server's."""
        os.chown(path, self.uid, self.gid)

    def introspect(self, url: str) -> None:
        """Tokens are checked with this service from the next process on."""
        (self.home / "oauth2").write_text(OAUTH2.format(url=url), "utf-8")
        master = int((self.home / "run" / "master.pid").read_text())
        os.kill(master, signal.SIGHUP)


def free_port() -> int:
    with socket.socket() as made:
        made.bind(("127.0.0.1", 0))
        return int(made.getsockname()[1])


def required(name: str) -> None:
    """A server that is missing skips the test, or fails it where servers are required."""
    said = f"{name} is not installed on this machine"
    if os.environ.get("REQUIRE_TEST_SERVERS") == "1":
        pytest.fail(said)
    pytest.skip(said)


@functools.cache
def dovecot() -> Dovecot | None:
    """The server, started at the first call and stopped with the process; None where there is no Dovecot."""
    program = shutil.which("dovecot", path=f"{os.environ.get('PATH', '')}:/usr/sbin:/usr/local/sbin")
    if program is None:
        return None
    account = pwd.getpwnam("nobody") if os.getuid() == 0 else pwd.getpwuid(os.getuid())
    memory = "/dev/shm" if os.access("/dev/shm", os.W_OK) else None
    home = Path(tempfile.mkdtemp(prefix="ivobot-dovecot-", dir=memory))
    home.chmod(0o755)
    (home / "run").mkdir()
    (home / "mail").mkdir()
    certificate = make(home)
    (home / "users").mkdir()
    (home / "oauth2").write_text(OAUTH2.format(url="http://127.0.0.1:1/"), "utf-8")
    made = Dovecot(home, free_port(), free_port(), account.pw_uid, account.pw_gid, certificate)
    group = subprocess.run(["id", "-gn", account.pw_name], capture_output=True, text=True, check=True).stdout.strip()
    config = CONFIG.format(home=home, user=account.pw_name, group=group, port=made.port, tls_port=made.tls_port)
    (home / "dovecot.conf").write_text(config, "utf-8")
    for path in (home, *home.iterdir()):
        os.chown(path, account.pw_uid, account.pw_gid)
    who = {"user": account.pw_uid, "group": account.pw_gid, "extra_groups": []} if os.getuid() == 0 else {}
    process = subprocess.Popen([program, "-F", "-c", str(home / "dovecot.conf")], stderr=subprocess.DEVNULL, **who)
    atexit.register(_stop, process, home)
    until = time.monotonic() + 15
    while time.monotonic() < until:
        try:
            with socket.create_connection(("127.0.0.1", made.port), 1) as probe:
                probe.settimeout(5)
                if probe.recv(4) == b"* OK":
                    return made
        except OSError:
            time.sleep(0.02)
    raise RuntimeError(f"Dovecot does not start: {(home / 'log').read_text()[-2000:]}")


def _stop(process: subprocess.Popen[bytes], home: Path) -> None:
    process.terminate()
    try:
        process.wait(10)
    except subprocess.TimeoutExpired:
        process.kill()
    shutil.rmtree(home, ignore_errors=True)

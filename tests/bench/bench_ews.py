"""1 000 new letters: this program's reader against exchangelib's `inbox.all()`, on the same server in the same run.

    .venv/bin/python -m tests.bench.bench_ews [LETTERS]

Both list the inbox and read every letter with its bytes; the mailbox's reader parses each letter too, exchangelib makes its objects. The
server runs in a process of its own. Seconds by the clock hold the server's time too; "work" is the reading process's own on the processor,
which a busy machine does not blur.
"""

import sys
import tempfile
import time
from multiprocessing import Process, Queue
from pathlib import Path
from typing import Any

from bot.mailbox.base import Folder, Letter
from bot.mailbox.ews import EwsMailbox
from bot.mailbox.ews_http import Connection
from tests.mailboxes.base import SENDER
from tests.mailboxes.ews import PASSWORD, USER
from tests.servers.ews import EwsServer
from tests.test_mailbox_contract import letter


def serve(letters: int, home: str, out: "Queue[Any]", ask: "Queue[str]") -> None:
    """The server with its letters; tells its requests when asked."""
    server = EwsServer(SENDER, {USER: PASSWORD}, Path(home))
    for n in range(letters):
        server.store.add(server.store.standard("inbox").id, letter(f"n{n}", body="Ärende: F-1\r\n" * 150))
    out.put(server.url)
    while ask.get() != "end":
        out.put(server.count)


def ours(url: str) -> int:
    mailbox = EwsMailbox(Connection(url, SENDER, user=USER, password=PASSWORD, version="Exchange2016"))
    mailbox.prepare()
    inbox = dict(mailbox.look())[Folder.INBOX]
    return sum(isinstance(one, Letter) for one in mailbox.fetch(inbox))


def theirs(url: str) -> int:
    from exchangelib import DELEGATE, NTLM, UTC, Account, Build, Configuration, Credentials, Version

    version = Version(build=Build(15, 2, 1544, 4), api_version="Exchange2016")
    config = Configuration(service_endpoint=url, credentials=Credentials(USER, PASSWORD), auth_type=NTLM, version=version)
    account = Account(SENDER, config=config, access_type=DELEGATE, default_timezone=UTC)
    return sum(item.mime_content is not None for item in account.inbox.all())


def main() -> None:
    letters = int(sys.argv[1]) if len(sys.argv) > 1 else 1000
    out: Queue[Any] = Queue()
    ask: Queue[str] = Queue()
    with tempfile.TemporaryDirectory() as home:
        process = Process(target=serve, args=(letters, home, out, ask), daemon=True)
        process.start()
        url = out.get()
        took: dict[str, tuple[float, float]] = {}
        before = 0
        for name, read in (("ivobot", ours), ("exchangelib inbox.all()", theirs)) * 3:
            began, worked = time.perf_counter(), time.process_time()
            assert read(url) == letters
            seconds, work = time.perf_counter() - began, time.process_time() - worked
            best = took.get(name, (seconds, work))
            took[name] = min(seconds, best[0]), min(work, best[1])
            ask.put("count")
            count = out.get()
            print(f"{name:24} {letters} letters {seconds:6.2f} s, {work:5.2f} s of them work  {count - before:4} requests")
            before = count
        ask.put("end")
        process.join(5)
        process.terminate()
    (theirs_took, theirs_worked), (ours_took, ours_worked) = took["exchangelib inbox.all()"], took["ivobot"]
    print(f"the best of three: {theirs_took / ours_took:.1f} times as fast, with {theirs_worked / ours_worked:.1f} times less work")


if __name__ == "__main__":
    main()

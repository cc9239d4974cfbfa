"""How much faster 1 000 new letters are read than by imap_tools' own fetch, in the same run and from the same Dovecot.

    python -m tests.bench.bench_imap

Both read subject, sender, text and the names of the files. Half of the letters are plain text, a third have HTML and a picture in the
signature as well, the rest a PDF of 300 kB. Once as it is, once with 20 ms added to each command, as over a network. Aims: 8 and 50 times.
"""

import base64
import gc
import time
from collections.abc import Callable
from multiprocessing import Pipe, Process
from multiprocessing.connection import Connection

from imap_tools.mailbox import MailBoxUnencrypted

from bot.mailbox.base import Letter
from bot.mailbox.imap import ImapMailbox
from bot.mailbox.imap_settings import Server
from tests.mailboxes import imap
from tests.mailboxes.imap import ImapBackend
from tests.servers.dovecot import PASSWORD
from tests.servers.imap_proxy import Proxy

COUNT = 1_000
DELAY = 0.020  # seconds for each command
HEADERS = "".join(
    f"Received: from mx{n}.kommun.example (mx{n}.kommun.example [192.0.2.{n}]) by mail.kommun.example; Wed, 15 Apr 2026 08:00:0{n} +0200\r\n"
    for n in range(6)
)


def letter(n: int) -> bytes:
    """The n:th letter."""
    head = f"{HEADERS}From: Anna Berg <anna.berg@kommun.example>\r\nTo: ivo@kommun.example\r\nMessage-ID: <{n}@kommun.example>\r\n"
    head += "Subject: =?utf-8?q?IVO_=E2=80=93_Nyrapportering_2026-04-15=2C_9_=C2=A7_4?=\r\nMIME-Version: 1.0\r\n"
    text = f"Ärende: F-{n}\r\n\r\n" + "Med vänlig hälsning\r\nAnna Berg, handläggare\r\n" * 12
    plain = f"Content-Type: text/plain; charset=utf-8\r\n\r\n{text}\r\n"
    if n % 2 == 0:
        return (head + plain).encode()
    html = f"Content-Type: text/html; charset=utf-8\r\n\r\n<html><style>{'p {margin: 0}' * 150}</style><p>{text}</p></html>\r\n"
    both = f'Content-Type: multipart/alternative; boundary="inner"\r\n\r\n--inner\r\n{plain}--inner\r\n{html}--inner--\r\n'
    size, kind, name = (300_000, "application/pdf", "beslut.pdf") if n % 6 == 1 else (12_000, "image/png", "logo.png")
    data = base64.encodebytes(bytes(n * k % 251 for k in range(size))).decode().replace("\n", "\r\n")
    file = f'Content-Type: {kind}; name="{name}"\r\nContent-Transfer-Encoding: base64\r\n\r\n{data}'
    return f'{head}Content-Type: multipart/mixed; boundary="outer"\r\n\r\n--outer\r\n{both}--outer\r\n{file}--outer--\r\n'.encode()


def theirs(backend: ImapBackend, port: int) -> Callable[[], int]:
    """imap_tools with its defaults, but that letters are not marked as read."""
    box = MailBoxUnencrypted("127.0.0.1", port)
    box.login_utf8(backend.user, PASSWORD)

    def run() -> int:
        return sum(
            bool(m.subject and m.from_ and m.text is not None and isinstance([a.filename for a in m.attachments], list))
            for m in box.fetch(mark_seen=False)
        )

    return run


def ours(backend: ImapBackend, port: int) -> Callable[[], int]:
    """The program."""
    box = ImapMailbox(backend.connection(imap=Server("127.0.0.1", port, "none")))
    box.prepare()
    return lambda: sum(isinstance(found, Letter) and bool(found.body) for found in box.fetch(list(box.waiting())))


def timed(run: Callable[[], int], times: int) -> float:
    """Seconds of the best run."""
    best = float("inf")
    for _ in range(times):
        gc.collect()
        began = time.perf_counter()
        assert run() == COUNT
        best = min(best, time.perf_counter() - began)
    return best


def slow_line(port: int, delay: float, talk: Connection) -> None:
    """A proxy in a process of its own, so that it takes no time from either reader."""
    proxy = Proxy(port)
    proxy.delay = delay
    talk.send(proxy.port)
    while talk.recv():
        talk.send(len(proxy.commands))
        proxy.clear()
    proxy.stop()


def main() -> None:
    """Prints seconds, commands and the ratio."""
    with imap.backend() as backend:
        backend.mailbox.prepare()
        for n in range(COUNT):
            backend.smtp.deliver(letter(n))
        for delay, aim in ((0.0, 8), (DELAY, 50)):
            here, there = Pipe()
            line = Process(target=slow_line, args=(backend.server.port, delay, there), daemon=True)
            line.start()
            port = here.recv()
            both = {"imap_tools": theirs(backend, port), "ivobot": ours(backend, port)}
            both["ivobot"]()  # the server has seen the letters once, whoever is first
            seconds = {}
            for name, run in both.items():
                here.send(True)
                here.recv()
                times = 2 if delay else 4
                seconds[name] = timed(run, times)
                here.send(True)
                asked = here.recv() / times
                print(f"{name:>10}, {delay * 1000:.0f} ms a command: {seconds[name]:7.3f} s, {asked:.0f} commands for {COUNT} letters")
            ratio = seconds["imap_tools"] / seconds["ivobot"]
            print(f"{'ratio':>10}: {ratio:.1f} times faster (aim {aim}): {'reached' if ratio >= aim else 'MISSED'}")
            here.send(False)
            line.join()


if __name__ == "__main__":
    main()

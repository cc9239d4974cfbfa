"""Stands between the program and a mail server: counts commands, delays them, drips, hangs, and cuts the line."""

import re
import socket
import threading
import time
from contextlib import suppress

COMMAND = re.compile(rb"^[A-Z]{4}[0-9]+ ([A-Z]+(?: [A-Z]+)?)", re.MULTILINE)


class Proxy:
    """A proxy on a free port. `commands`: what the program asked since the last `clear`, imaplib's tags left out.

    `delay`: seconds added to each command. `drip`: seconds between the bytes of an answer; `hang`: no answer comes at all. `cut_at`: the
    line is cut when the program has asked this, `cut_answer`: after the server has done it.
    """

    def __init__(self, port: int) -> None:
        self._target = port
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port = int(self._listener.getsockname()[1])
        self._open: list[socket.socket] = []
        self.commands: list[str] = []
        self.delay = self.drip = 0.0
        self.hang = False
        self.cut_at = ""
        self.cut_answer = False
        self.connections = 0
        threading.Thread(target=self._accept, daemon=True).start()

    def clear(self) -> None:
        self.commands.clear()

    def cut(self) -> None:
        """All connections end, as when a server is restarted."""
        gone, self._open = self._open, []
        for one in gone:
            with suppress(OSError):
                one.shutdown(socket.SHUT_RDWR)

    def stop(self) -> None:
        self._listener.close()
        self.cut()

    def _accept(self) -> None:
        with suppress(OSError):
            while True:
                near, _ = self._listener.accept()
                far = socket.create_connection(("127.0.0.1", self._target))
                for one in (near, far):
                    one.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
                self._open += [near, far]
                self.connections += 1
                threading.Thread(target=self._up, args=(near, far), daemon=True).start()
                threading.Thread(target=self._down, args=(far, near), daemon=True).start()

    def _up(self, near: socket.socket, far: socket.socket) -> None:
        with suppress(OSError):
            while data := near.recv(1 << 20):
                asked = [found.decode() for found in COMMAND.findall(data)]
                self.commands += asked
                if self.delay and asked:
                    time.sleep(self.delay * len(asked))
                if self.cut_at and self.cut_at in asked and not self.cut_answer:
                    self.cut_at = ""
                    self.cut()
                    return
                far.sendall(data)
        for one in (near, far):
            with suppress(OSError):
                one.shutdown(socket.SHUT_RDWR)

    def _down(self, far: socket.socket, near: socket.socket) -> None:
        with suppress(OSError):
            while data := far.recv(1 << 20):
                if self.cut_answer and self.cut_at and self.cut_at in self.commands:
                    self.cut_at = ""
                    self.cut()
                    return
                while self.hang:
                    time.sleep(0.05)
                if self.drip:
                    for at in range(len(data)):
                        near.sendall(data[at : at + 1])
                        time.sleep(self.drip)
                else:
                    near.sendall(data)
        for one in (near, far):
            with suppress(OSError):
                one.shutdown(socket.SHUT_RDWR)

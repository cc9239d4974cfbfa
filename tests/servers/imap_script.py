"""An IMAP server that says what a test has written down, however senseless."""

import re
import socket
import threading
from collections.abc import Callable, Mapping
from contextlib import suppress

Answer = bytes | Callable[[bytes], bytes]
USUAL: Mapping[str, Answer] = {
    "CAPABILITY": b"* CAPABILITY IMAP4rev1\r\n",
    "LOGIN": b"* CAPABILITY IMAP4rev1 MOVE UIDPLUS\r\n",
    "LIST": b'* LIST () "/" INBOX\r\n* LIST () "/" Klart\r\n',
    "SELECT": b"* 1 EXISTS\r\n* OK [UIDVALIDITY 7] ok\r\n* OK [UIDNEXT 9] ok\r\n",
    "UID SEARCH": b"* SEARCH 5\r\n",
    "UID FETCH": b'* 1 FETCH (UID 5 INTERNALDATE "01-Jan-2026 10:00:00 +0100" BODY[]<0> {6}\r\nFrom:x)\r\n',
}


class ScriptedImap:
    """Answers each command by its first words with what stands in `answers`, then with "<tag> OK" unless that holds a tagged answer (TAG)."""

    def __init__(self, **answers: Answer) -> None:
        self.answers: dict[str, Answer] = {**USUAL, **{key.replace("_", " "): value for key, value in answers.items()}}
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port = int(self._listener.getsockname()[1])
        self.asked: list[str] = []
        threading.Thread(target=self._accept, daemon=True).start()

    def stop(self) -> None:
        self._listener.close()

    def _accept(self) -> None:
        with suppress(OSError):
            while True:
                made, _ = self._listener.accept()
                threading.Thread(target=self._serve, args=(made,), daemon=True).start()

    def _serve(self, made: socket.socket) -> None:
        with suppress(OSError), made, made.makefile("rb") as lines:
            made.sendall(b"* OK ready\r\n")
            for line in lines:
                found = re.match(rb"(\S+) (UID \S+|\S+)(.*)", line, re.DOTALL)
                if not found:
                    continue
                name = found[2].decode().upper()
                self.asked.append(name)
                answer = self.answers.get(name, b"")
                said = answer(line) if callable(answer) else answer
                if b"HANGUP" in said:
                    return
                said = said.replace(b"TAG", found[1])
                made.sendall(said if found[1] in said else said + found[1] + b" OK done\r\n")

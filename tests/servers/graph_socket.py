"""The HTTP of the test server for Microsoft Graph: kept-alive connections in threads, without Nagle's wait, and the faults of a network."""

import json
import socket
import threading
import time
from contextlib import suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

if TYPE_CHECKING:
    from tests.servers.graph import GraphServer

HANG = 30.0  # seconds at most; a test lets go of all hanging requests when it ends


class Door:
    """Where requests come in. `url`: its address; `date`: a false Date header, "" for the true one."""

    def __init__(self, server: "GraphServer") -> None:
        owner, self.server, self.date = self, server, ""
        self.released = threading.Event()

        class Handler(_Handler):
            door = owner

        class Http(ThreadingHTTPServer):
            daemon_threads = True
            request_queue_size = 64

            def handle_error(self, request: Any, client_address: Any) -> None:
                """A client that went away is no error."""

        self.http = Http(("127.0.0.1", 0), Handler)
        self.host = f"127.0.0.1:{self.http.server_port}"
        self.url = f"http://{self.host}"

    def open(self) -> None:
        threading.Thread(target=self.http.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()

    def shut(self) -> None:
        self.released.set()
        self.http.shutdown()
        self.http.server_close()


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    wbufsize = -1
    door: Door

    def log_message(self, format: str, *args: Any) -> None:
        """Silence."""

    def date_time_string(self, timestamp: float | None = None) -> str:
        return self.door.date or super().date_time_string(timestamp)

    def do_GET(self) -> None:
        self._handle()

    do_POST = do_PATCH = do_DELETE = do_PUT = do_GET

    def _handle(self) -> None:
        server = self.door.server
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        path = urlsplit(self.path).path
        if path.endswith("/.well-known/openid-configuration"):
            server.counts["metadata"] += 1
            return self._identity(200, server.identity.metadata(f"https://{self.door.host}"))
        if path.endswith("/oauth2/v2.0/token"):
            return self._identity(*server.token(body.decode()))
        headers = {name.lower(): value for name, value in self.headers.items()}
        _, (status, content), fault = server.request(self.command, self.path, headers, body)
        self._play(fault, status, content)

    def _identity(self, status: int, body: dict[str, Any]) -> None:
        fault = self.door.server.order("token", ("drop_before", "hang", "503", "429"))
        if fault.isdigit():
            return self._reply(int(fault), json.dumps({"error": "temporarily_unavailable"}).encode())
        if fault:
            return self._play(fault, status, body)
        self._reply(status, json.dumps(body).encode())

    def _play(self, fault: str, status: int, content: Any) -> None:
        data = content if isinstance(content, bytes) else b"" if content is None else json.dumps(content).encode()
        if fault in ("drop_before", "drop_after"):
            return self._drop()
        if fault == "hang":
            self.door.released.wait(HANG)
            return self._drop()
        if fault == "slow":
            time.sleep(0.05)
        if fault == "drip":
            return self._drip(status, data)
        self._reply(status, data[: len(data) // 2] if fault == "cut" else data, raw=isinstance(content, bytes))

    def _reply(self, status: int, data: bytes, *, raw: bool = False) -> None:
        self.send_response(status)
        self.send_header("Content-Type", "text/plain" if raw else "application/json")
        self.send_header("Content-Length", str(len(data)))
        if status == 429:
            self.send_header("Retry-After", str(self.door.server.retry_after))
        self.end_headers()
        self.wfile.write(data)

    def _drip(self, status: int, data: bytes) -> None:
        """A byte now and then, headers too: each comes in time, the whole never does."""
        for byte in f"HTTP/1.1 {status} OK\r\nX-Slow: ".encode() + b"x" * 10_000:
            if self.door.released.wait(0.05):
                break
            try:
                self.wfile.write(bytes([byte]))
                self.wfile.flush()
            except OSError:
                break
        self._drop()

    def _drop(self) -> None:
        self.close_connection = True
        with suppress(OSError):
            self.connection.shutdown(socket.SHUT_RDWR)

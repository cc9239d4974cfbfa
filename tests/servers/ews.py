"""An Exchange Web Services server for tests: SOAP over real HTTP, with state, ways of signing in, and faults.

Shapes by learn.microsoft.com/exchange/client-developer/web-service-reference/ews-operations-in-exchange. It asks for what Exchange asks for
(change keys, rights) and changes ids when an item is moved. `requests` counts what was carried out or refused, by operation; the steps of
signing in are not among them but in `exchanges`.
"""

import gzip
import socket
import ssl
import sys
import threading
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

from lxml import etree

from tests.servers.ews_auth import Gate
from tests.servers.ews_faults import AFTER, Fault, Faults
from tests.servers.ews_operations import Operations, Quirks, SoapFault, T
from tests.servers.ews_store import Store

S = "{http://schemas.xmlsoap.org/soap/envelope/}"
ENVELOPE = (
    '<?xml version="1.0" encoding="utf-8"?><s:Envelope xmlns:s="http://schemas.xmlsoap.org/soap/envelope/"><s:Header>'
    '<h:ServerVersionInfo MajorVersion="15" MinorVersion="2" MajorBuildNumber="1544" MinorBuildNumber="4" Version="V2017_07_11" '
    'xmlns:h="http://schemas.microsoft.com/exchange/services/2006/types"/></s:Header>'
    '<s:Body xmlns:m="http://schemas.microsoft.com/exchange/services/2006/messages" '
    'xmlns:t="http://schemas.microsoft.com/exchange/services/2006/types">{}</s:Body></s:Envelope>'
)


class EwsServer:
    """Runs from its making to `close`. `address`: the mailbox; others by `add_mailbox`. `users`: who may sign in."""

    def __init__(self, address: str, users: dict[str, str], home: Path, certificate: Path | None = None) -> None:
        self.store = Store(address)
        self.stores = {address: self.store}
        self.quirks = Quirks()
        self.operations = Operations(self.stores, self.quirks)
        self.gate, self.faults = Gate(users, home), Faults()
        self.requests: Counter[str] = Counter()
        self.exchanges = 0
        self.headers: list[dict[str, str]] = []
        self.bodies: list[bytes] = []  # of the last requests
        self.lock = threading.RLock()
        self.stopping = threading.Event()
        self.date: str | None = None
        handler = type("Handler", (Handler,), {"server_of": self})
        self.http = Quiet(("127.0.0.1", 0), handler)
        if certificate:
            context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            context.load_cert_chain(certificate)
            self.http.socket = context.wrap_socket(self.http.socket, server_side=True, do_handshake_on_connect=False)
        self.url = f"{'https' if certificate else 'http'}://127.0.0.1:{self.http.server_address[1]}/EWS/Exchange.asmx"
        threading.Thread(target=self.http.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True).start()

    def add_mailbox(self, address: str) -> Store:
        self.stores[address] = Store(address)
        return self.stores[address]

    @property
    def count(self) -> int:
        """How many requests were made."""
        return self.requests.total()

    def close(self) -> None:
        self.stopping.set()
        self.http.shutdown()
        self.http.server_close()

    def answer(self, data: bytes, caller: str, fault: Fault | None, operation: str, envelope: Any) -> bytes:
        """The body of the answer to one request."""
        request = envelope.find(f"{S}Body")[0]
        version = envelope.find(f"{S}Header/{T}RequestServerVersion")
        acting = envelope.findtext(f"{S}Header/{T}ExchangeImpersonation/{T}ConnectingSID/{T}PrimarySmtpAddress") or ""
        with self.lock:
            try:
                if self.quirks.versions and (version is None or version.get("Version") not in self.quirks.versions):
                    raise SoapFault("ErrorInvalidServerVersion")
                if fault and fault.kind == "busy":
                    raise SoapFault("ErrorServerBusy")
                if fault and fault.kind == "invalid_state":
                    raise SoapFault("ErrorInvalidSyncStateData")
                messages = "".join(self.operations.run(operation, request, caller, acting))
            except SoapFault as error:
                return ENVELOPE.format(self._fault(error.code, fault)).encode()
        if fault and fault.kind == "unknown_class":
            messages = messages.replace("<t:Message>", "<t:SharingMessage>").replace("</t:Message>", "</t:SharingMessage>")
        if fault and fault.kind == "control":
            messages = messages.replace("<m:ResponseCode>", "<m:MessageText>\x01 &#x2;</m:MessageText><m:ResponseCode>", 1)
        out = ENVELOPE.format(
            f"<m:{operation}Response><m:ResponseMessages>{messages}</m:ResponseMessages></m:{operation}Response>"
        ).encode()
        return out[: len(out) * 2 // 3] if fault and fault.kind == "cut" else out

    @staticmethod
    def _fault(code: str, fault: Fault | None) -> str:
        """ews-throttling-in-exchange: the back-off stands in MessageXml."""
        wait = f'<t:MessageXml><t:Value Name="BackOffMilliseconds">{round(fault.seconds * 1000)}</t:Value></t:MessageXml>' if fault else ""
        detail = f'<detail><e:ResponseCode xmlns:e="http://schemas.microsoft.com/exchange/services/2006/errors">{code}</e:ResponseCode>{wait}</detail>'
        return f"<s:Fault><faultcode>a:{code}</faultcode><faultstring>{code}</faultstring>{detail}</s:Fault>"


class Quiet(ThreadingHTTPServer):
    """Says nothing when a caller hangs up."""

    daemon_threads = True

    def handle_error(self, request: Any, client_address: Any) -> None:
        if not isinstance(sys.exception(), OSError):
            super().handle_error(request, client_address)


class Handler(BaseHTTPRequestHandler):
    """One connection."""

    server_of: EwsServer
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    wbufsize = -1
    timeout = 60

    def setup(self) -> None:
        super().setup()
        self.state: dict[str, Any] = {}

    def do_POST(self) -> None:
        server = self.server_of
        data = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        server.exchanges += 1
        caller, challenges = server.gate.check(self.headers.get("Authorization", ""), self.state)
        if not caller:
            return self._send(401, b"", extra=[("WWW-Authenticate", value) for value in challenges])
        envelope = etree.fromstring(data, etree.XMLParser(huge_tree=True))
        operation = etree.QName(envelope.find(f"{S}Body")[0]).localname
        with server.lock:
            server.requests[operation] += 1
            server.bodies = [*server.bodies[-4:], data]
            server.headers = [*server.headers[-4:], dict(self.headers)]
            fault = server.faults.take(operation)
        if fault and fault.kind not in AFTER and self._before(fault):
            return None
        out = server.answer(data, caller, fault, operation, envelope)
        status = 500 if b"<s:Fault>" in out[:1200] else 200
        return self._after(fault, status, out)

    def _before(self, fault: Fault) -> bool:
        match fault.kind:
            case "drop_before":
                self._drop()
            case "hang":
                self._sleep(fault.seconds)
                self._drop()
            case "401" | "403":
                self.state.clear()
                self._send(int(fault.kind), b"", extra=[("WWW-Authenticate", "NTLM")] if fault.kind == "401" else [])
            case "429" | "503":
                self._send(int(fault.kind), b"busy", extra=[("Retry-After", str(max(1, round(fault.seconds))))])
            case "500":
                self._send(500, b"<html>Server Error in '/EWS' Application</html>", kind="text/html")
            case _:
                return False
        return True

    def _after(self, fault: Fault | None, status: int, out: bytes) -> None:
        match fault.kind if fault else "":
            case "drop_after":
                self._drop()
            case "hang_after":
                self._sleep(fault.seconds if fault else 0)
                self._drop()
            case "slow":
                self._sleep(fault.seconds if fault else 0)
                self._send(status, out)
            case "drip":
                self._drip(out)
            case "html":
                self._send(200, b"<html><body>Log on</body></html>", kind="text/html")
            case _:
                self._send(status, out)

    def _send(self, status: int, body: bytes, kind: str = "text/xml; charset=utf-8", extra: list[tuple[str, str]] | None = None) -> None:
        packed = self.server_of.quirks.gzip and "gzip" in self.headers.get("Accept-Encoding", "") and len(body) > 2_000
        if packed:
            body = gzip.compress(body, 1)
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        if packed:
            self.send_header("Content-Encoding", "gzip")
        for name, value in extra or []:
            self.send_header(name, value)
        self.end_headers()
        with suppress(OSError):
            self.wfile.write(body)
            self.wfile.flush()

    def date_time_string(self, timestamp: float | None = None) -> str:
        return self.server_of.date or super().date_time_string(timestamp)

    def _drip(self, out: bytes) -> None:
        """A byte every 50 ms: each is in time, the whole never."""
        self.send_response(200)
        self.send_header("Content-Length", str(len(out)))
        self.end_headers()
        with suppress(OSError):
            for n in range(len(out)):
                self.wfile.write(out[n : n + 1])
                self.wfile.flush()
                if self.server_of.stopping.wait(0.05):
                    break
        self.close_connection = True

    def _drop(self) -> None:
        self.close_connection = True
        with suppress(OSError):
            self.connection.shutdown(socket.SHUT_RDWR)

    def _sleep(self, seconds: float) -> None:
        end = time.monotonic() + seconds
        while time.monotonic() < end and not self.server_of.stopping.wait(0.02):
            pass

    def log_message(self, format: str, *args: Any) -> None:
        """Nothing."""


@contextmanager
def ews_server(home: Path, address: str, users: dict[str, str], certificate: Path | None = None) -> Iterator[EwsServer]:
    """A server on a free loopback port; with TLS when a PEM file with certificate and key is given."""
    server = EwsServer(address, users, home, certificate)
    try:
        yield server
    finally:
        server.close()

"""Serves the pages in a thread of the service's process, which stops with it."""

import socket
import threading

import uvicorn

from bot.errors import ConfigError
from bot.log import Logger
from bot.web.app import app
from bot.web.source import Source

STOP_SECONDS = 2  # the whole service stops within five

log = Logger("web")


class Server:
    """Listens from the constructor on. Raises ConfigError when the address cannot be had."""

    def __init__(self, source: Source) -> None:
        web = source.office.config.web
        host, port = web.address
        try:
            family = socket.AF_INET6 if ":" in host else socket.AF_INET
            self._socket = socket.create_server((host, port), family=family)
        except OSError as error:
            raise ConfigError(f"[web] listen: {host}:{port} cannot be listened on ({error.strerror}); choose another port.") from None
        config = uvicorn.Config(
            app(source, web.token.get_secret_value()),
            log_config=None,
            access_log=False,
            lifespan="off",
            server_header=False,
            timeout_graceful_shutdown=STOP_SECONDS,
            timeout_keep_alive=STOP_SECONDS,
            limit_concurrency=50,
        )
        self._server = uvicorn.Server(config)
        self._thread = threading.Thread(target=self._serve, name="web", daemon=True)

    @property
    def port(self) -> int:
        """The port that is listened on."""
        return int(self._socket.getsockname()[1])

    def start(self) -> None:
        """Begins to answer."""
        self._thread.start()
        log.info("listening", port=self.port)

    def stop(self) -> None:
        """Answers no more; what is being answered gets two seconds."""
        self._server.should_exit = True
        if self._thread.ident is not None:
            self._thread.join(STOP_SECONDS + 1)
        self._socket.close()

    def _serve(self) -> None:
        try:
            self._server.run(sockets=[self._socket])
        except Exception as error:  # the pages are not the service: it goes on without them
            log.error("web_failed", error=error)

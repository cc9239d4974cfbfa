"""The pages: /livez, /readyz, /healthz and /metrics."""

import hmac
from collections.abc import Callable
from datetime import UTC
from importlib.metadata import version

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response
from starlette.routing import Route

from bot.scrub import scrubbed
from bot.web.metrics import metrics
from bot.web.source import Source
from rules.health import worst

TEXT = "text/plain; version=0.0.4; charset=utf-8"  # what Prometheus asks for
Page = Callable[[Request], Response]


def app(source: Source, token: str = "") -> Starlette:
    """The pages of one service. With a token, no page is given without it."""

    def page(show: Callable[[Source], Response]) -> Page:
        def endpoint(request: Request) -> Response:
            if token and not _shown(request, token):
                answer: Response = PlainTextResponse("The token is missing or wrong.\n", 401, {"WWW-Authenticate": "Bearer"})
            else:
                answer = show(source)
            answer.headers["Cache-Control"] = "no-store"
            answer.headers["X-Content-Type-Options"] = "nosniff"
            return answer

        return endpoint

    pages = {"/livez": _live, "/readyz": _ready, "/healthz": _health, "/metrics": _metrics}
    return Starlette(routes=[Route(path, page(show)) for path, show in pages.items()])


def _shown(request: Request, token: str) -> bool:
    given = request.headers.get("authorization", "").encode()
    return hmac.compare_digest(given, f"Bearer {token}".encode())


def _live(source: Source) -> Response:
    """Whether the process does its rounds; who starts processes again asks this."""
    silent = source.pulse.silent()
    good = silent <= source.patience
    return PlainTextResponse(f"{'alive' if good else 'stalled'}: the last round ended {round(silent)} seconds ago\n", 200 if good else 503)


def _ready(source: Source) -> Response:
    """Whether a round was completed with a database that works."""
    beat = source.pulse.beat
    if beat.completed and not beat.fault:
        return PlainTextResponse("ready\n")
    return PlainTextResponse(f"not ready: {scrubbed(beat.fault) or 'no round was completed yet'}\n", 503)


def _health(source: Source) -> Response:
    """Everything that is wrong, and what to do. 503 while there is an error, so that the plainest monitor sees it."""
    facts, issues = source.judged()
    worst_of = worst(issues)
    found = {
        "status": worst_of,
        "time": facts.now.astimezone(UTC).isoformat(timespec="seconds"),
        "version": version("ivobot"),
        "last_round": facts.last_step.astimezone(UTC).isoformat(timespec="seconds") if facts.last_step else None,
        "issues": [
            {"code": issue.code, "severity": issue.severity, "about": scrubbed(issue.about), "text": scrubbed(issue.text)}
            for issue in issues
        ],
    }
    return JSONResponse(found, 503 if worst_of == "error" else 200)


def _metrics(source: Source) -> Response:
    return Response(metrics(source), headers={"Content-Type": TEXT})

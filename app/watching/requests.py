"""Requests as they are watched: each has a number, a line in the log, and its time in the figures.

The line has the name of the endpoint, never the address: an address may have a reference, a name or a key.
"""

import logging
import time
from types import TracebackType
from typing import TYPE_CHECKING

from flask import Flask, Response, g, request

from config import log_lines
from config.settings import Settings

if TYPE_CHECKING:
    from app.watching.request_times import RequestTimes

log = logging.getLogger(__name__)

NUMBER = "X-Request-Id"
"""The header with which each answer says its number."""

UNKNOWN = "unknown address"
METHODS = ("GET", "HEAD", "POST", "OPTIONS")
WITHOUT_A_LINE = ("static",)
"""Endpoints of which a page asks for several, and that say nothing of the service."""


def init_app(app: Flask) -> None:
    """Watch all requests. Called first, so that their time is whole."""

    @app.before_request
    def begin() -> None:
        g.began = time.perf_counter()
        log_lines.begin()

    @app.after_request
    def tell(response: Response) -> Response:
        work = log_lines.current()
        if work is None or "began" not in g:
            return response
        response.headers[NUMBER] = work.number
        seconds = time.perf_counter() - g.began
        endpoint = request.endpoint or UNKNOWN
        settings: Settings = app.extensions["settings"]
        if settings.metrics_token is not None:
            times_of(app).note(endpoint, response.status_code, seconds)
        if endpoint not in WITHOUT_A_LINE:
            facts = {
                "method": request.method if request.method in METHODS else "other",
                "endpoint": endpoint,
                "status": response.status_code,
                "ms": round(seconds * 1000, 1),
            }
            log.info("request", extra=facts)
        return response

    @app.teardown_request
    def end(_error: BaseException | None) -> None:
        log_lines.end()

    def told(
        error: tuple[type[BaseException], BaseException, TracebackType | None] | tuple[None, None, None],
    ) -> None:
        log.error("the request failed", exc_info=error)

    # Flask's own line has the address
    app.log_exception = told  # type: ignore[method-assign,assignment]


def times_of(app: Flask) -> "RequestTimes":
    """Return the times of this process's requests, which are counted where there are metrics."""
    if "request_times" not in app.extensions:
        # here, because it takes memory that a service without metrics does not need
        from app.watching.request_times import RequestTimes

        app.extensions.setdefault("request_times", RequestTimes())
    times: RequestTimes = app.extensions["request_times"]
    return times

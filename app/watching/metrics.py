"""`/metrics`: figures for Prometheus, for those who have the token. No person or thing is in them.

All but the times of requests is read from the database when it is asked for, so that every process on every
machine gives the same answer.
"""

import hmac

from flask import abort, current_app, request
from werkzeug.wrappers import Response

from app.watching.blueprint import watching
from config.settings import Settings


@watching.get("/metrics")
def metrics() -> Response:
    """Give the figures to a program with the token; where no token is set, there are none."""
    settings: Settings = current_app.extensions["settings"]
    if settings.metrics_token is None:
        abort(404)
    scheme, _, token = request.headers.get("Authorization", "").partition(" ")
    is_right = hmac.compare_digest(token.strip().encode(), settings.metrics_token.encode())
    if scheme.lower() != "bearer" or not is_right:
        said = "The token is missing or wrong. Send it as Authorization: Bearer …\n"
        return Response(said, 401, {"WWW-Authenticate": "Bearer"}, content_type="text/plain; charset=utf-8")
    # here, because they take memory that a service without metrics does not need
    from prometheus_client import CONTENT_TYPE_LATEST

    from app.watching.figures import written_out

    return Response(written_out(), content_type=CONTENT_TYPE_LATEST)

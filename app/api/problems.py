"""What the interface answers when it cannot: a problem in JSON (RFC 9457), never what is inside."""

from flask import Response, jsonify
from werkzeug.exceptions import HTTPException

from app.api.blueprint import api

SAID = {
    401: "Send a key that opens something: Authorization: Bearer pa_…",
    403: "The role of this key does not read this.",
    404: "There is no such thing to read.",
}


class BadQuery(HTTPException):
    """What was asked for cannot be understood."""

    code = 400


@api.errorhandler(HTTPException)
def problem(error: HTTPException) -> Response:
    """The answer in the form that programs read."""
    code = error.code or 500
    said = (error.description if isinstance(error, BadQuery) else SAID.get(code)) or "Something went wrong."
    answer = jsonify({"title": error.name, "status": code, "detail": said})
    answer.status_code = code
    answer.mimetype = "application/problem+json"
    if code == 401:
        answer.headers["WWW-Authenticate"] = "Bearer"
    return answer

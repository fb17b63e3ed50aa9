"""The answers of the interface when something is wrong: a problem in JSON (RFC 9457), no inner detail."""

from datetime import date

from flask import Response, jsonify, request
from flask.typing import ResponseReturnValue
from werkzeug.exceptions import HTTPException, MethodNotAllowed, Unauthorized

from app.api.blueprint import api
from app.moves.gone import gone_meanwhile
from app.pages import fault
from app.wording import in_words

SAID = {
    401: "The API key is missing or cannot be used. Send it as Authorization: Bearer pa_…",
    403: "The role of this API key cannot read this",
    404: "There is nothing at this address, or no cycle with this reference",
    405: "This API is read only, so use GET",
}


class BadQuery(HTTPException):
    """A question that cannot be understood."""

    code = 400


class KeyEnded(Unauthorized):
    """A key that was right and is too old."""

    def __init__(self, ended_on: date) -> None:
        super().__init__(
            f"This API key stopped working after {in_words(ended_on)}. Its owner can create a new one on the "
            "page API keys."
        )


@api.errorhandler(HTTPException)
def problem(error: HTTPException) -> Response:
    """Return the answer in the form that programs read."""
    code = error.code or 500
    detail = (
        error.description if isinstance(error, (BadQuery, KeyEnded)) else SAID.get(code)
    ) or "Something went wrong"
    answer = jsonify({"title": error.name, "status": code, "detail": detail})
    answer.status_code = code
    answer.mimetype = "application/problem+json"
    if code == 401:
        answer.headers["WWW-Authenticate"] = "Bearer"
    if isinstance(error, MethodNotAllowed) and error.valid_methods:
        answer.headers["Allow"] = ", ".join(error.valid_methods)
    return answer


@api.app_errorhandler(404)
@api.app_errorhandler(405)
def no_such_address(error: HTTPException) -> ResponseReturnValue:
    """Answer with a problem where the interface has no such address; elsewhere with the service's page."""
    if request.path.startswith(f"{api.url_prefix}/"):
        return problem(error)
    return (gone_meanwhile() if error.code == 404 else None) or fault(error)

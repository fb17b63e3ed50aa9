"""Recording every request, whichever page it is for.

The answer waits for its entry: an answer that cannot be recorded does not leave, and the reader gets the page
of an error instead.
"""

from typing import Any

from flask import Flask, Response, g, request
from flask_login import user_logged_out
from flask_security import current_user
from flask_security.signals import user_authenticated

from app.database import db
from app.readings import writing
from app.readings.kinds import OF_SIGNING_IN, Kind
from app.readings.noting import case_number, leave_out, note, notes_of_request


def init_app(app: Flask) -> None:
    """Give templates the filter that shows a case number, and write what each request reads.

    Set last, so that this comes first after a request, and an error of it is answered like any other.
    """
    app.jinja_env.filters["case_number"] = case_number
    user_authenticated.connect(_signed_in, app)
    user_logged_out.connect(_signed_out, app)
    app.after_request(_write)


def _signed_in(_app: Flask, user: Any, **_more: Any) -> None:
    note(Kind.SIGNED_IN, person_id=user.id)


def _signed_out(_app: Flask, user: Any = None, **_more: Any) -> None:
    if user is not None and user.is_authenticated:
        note(Kind.SIGNED_OUT, person_id=user.id)


def _write(answer: Response) -> Response:
    if answer.status_code >= 500:
        return answer  # the page of an error shows nothing
    if answer.status_code in range(300, 400):
        leave_out(Kind.CASE_NUMBERS)  # another page follows, which notes its own
    pattern = request.url_rule.rule if request.url_rule else ""
    if answer.status_code in (401, 403):
        note(Kind.REFUSED, pattern)
    is_file = "attachment" in answer.headers.get("Content-Disposition", "")
    if is_file and not any(each.kind is Kind.DOWNLOAD for each in notes_of_request()):
        note(Kind.DOWNLOAD).how_many = 1
    if (holder := g.get("holder")) is not None and answer.status_code == 200:
        note(Kind.API, person_id=holder.person.id).how_many = g.get("items", 1)
    if notes := notes_of_request():
        person_id = getattr(current_user, "id", None)
        if not answer.is_streamed:
            db.session.rollback()  # this request needs one connection, not two
        is_of_signing_in = any(each.kind in OF_SIGNING_IN for each in notes)
        writing.write(notes, person_id, request.path, request.remote_addr if is_of_signing_in else None)
        notes.clear()
    g.readings_written = True
    return answer

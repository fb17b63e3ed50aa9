"""A form that is sent twice does its work once, and the second answer shows what the first did.

The same form is one of the same page, sent to the same address with the same entries. The first transaction
of its work that is kept writes its key, so that there is neither work without a key nor a key without work; a
second sending at the same time waits there for the first. A form that comes back as a page, because it lacks
something or asks for more, can be sent again.
"""

import hashlib
import json
import time
from contextlib import suppress
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from flask import Flask, Response, current_app, flash, g, redirect, request, session
from sqlalchemy import delete, select, update
from sqlalchemy.exc import OperationalError
from werkzeug.exceptions import HTTPException
from werkzeug.wrappers import Response as AnyResponse

from app import clock
from app.database import began, begin_with, db, insert_or_leave, transaction
from app.moves.form_ids import FormId, entries, id_of_sent_form, new_form_id, person_signed_in
from app.moves.free_text import shown_on_page
from app.moves.models import FormSent, TypedText

KEPT_FOR = timedelta(days=7)
"""The time after which the service no longer knows that a form was sent."""

LOOKS, SECONDS_BETWEEN_LOOKS = 100, 0.05
"""The patience of a second sending, while the first still prepares its answer."""

ONCE = "You sent this twice. It was done once."
UNKNOWN = "You sent this before. Check what was saved before you send anything again."

SIGNING_IN_AND_OUT = ("security.login", "security.logout")
"""The endpoints that are left out: each browser needs a sign-in of its own."""


class SentBefore(Exception):
    """Raised at the beginning of a transaction for a form that has done its work before."""


@dataclass(frozen=True)
class Sending:
    """The form that this request sends, and the number of messages that waited to be shown before."""

    form: FormId
    key: str
    told_before: int


def init_app(app: Flask) -> None:
    """Look at every form that is sent; set before the check of permissions, which its work may change."""
    app.before_request(_begin)
    app.after_request(_end)
    app.register_error_handler(SentBefore, _second_answer)
    app.jinja_env.globals.update(form_id=form_id, warned_of_texts=shown_on_page)


def form_id() -> str:
    """Return the value of the hidden field of the forms on the page that is being made.

    A page that shows a form again, with its faults or warnings, is still the page that was sent.
    """
    if "form_id" not in g or (g.get("sending") and began()):
        g.form_id = new_form_id()
    made: FormId = g.form_id
    return made.signed


def did_its_work(form: FormId) -> bool:
    """True when the form that was sent has done its work before, with the same entries."""
    return db.session.scalar(select(FormSent.key).where(FormSent.key == _key(form))) is not None


def not_now() -> None:
    """Leave the form of this request unsent: it is not carried out, and can be sent again as it is."""
    g.sending = None
    db.session.info.pop("begin_with", None)


def remove_old() -> None:
    """Forget the forms that were sent so long ago that nobody sends them again."""
    with transaction():
        db.session.execute(delete(FormSent).where(FormSent.sent_at < clock.now() - KEPT_FOR))


def _begin() -> AnyResponse | None:
    g.sending = None
    if request.method != "POST" or request.endpoint in (None, *SIGNING_IN_AND_OUT):
        return None
    form = id_of_sent_form()
    if form is None or form.person_id != person_signed_in():
        return None
    sending = Sending(form, _key(form), len(session.get("_flashes", ())))
    if (answer := _answer_of_first(sending.key)) is not None:
        return answer
    g.sending = sending
    g.form_id = form
    begin_with(_use)
    return None


def _key(form: FormId) -> str:
    sent = [form.person_id, form.page, request.full_path, entries()]
    digest = hashlib.sha256(json.dumps(sent).encode())
    for name, file in request.files.items(multi=True):
        digest.update(json.dumps([name, file.filename]).encode())
        digest.update(hashlib.file_digest(file.stream, "sha256").digest())  # type: ignore[arg-type]
        file.stream.seek(0)
    return digest.hexdigest()


def _use() -> None:
    """Write the key of the form in the transaction of its work. What was kept of it is no longer needed."""
    sending: Sending = g.sending
    row = insert_or_leave(FormSent).values(key=sending.key, sent_at=clock.now(), told=[])
    if db.session.connection().scalar(row.returning(FormSent.key)) is None:
        raise SentBefore
    db.session.execute(delete(TypedText).where(TypedText.page == sending.form.page))


def _answer_of_first(key: str) -> AnyResponse | None:
    """Return the answer that the first sending got, once it is there; None where there was none.

    It is not known when the process of the first ended between its work and its answer.
    """
    query = select(FormSent.led_to, FormSent.told).where(FormSent.key == key)
    for _ in range(LOOKS):
        first = db.session.execute(query).first()
        if first is None:
            return None
        if first.led_to is not None:
            for category, message in first.told:
                flash(message, category)
            return redirect(first.led_to)
        db.session.rollback()
        time.sleep(SECONDS_BETWEEN_LOOKS)
    flash(UNKNOWN, "warning")
    return redirect(page_of_form())


def _second_answer(_again: SentBefore) -> Any:
    """Answer a form whose first sending did the work while this one was about to."""
    sending: Sending = g.sending
    while True:
        if (answer := _answer_of_first(sending.key)) is not None:
            g.sending = None
            return answer
        try:
            return current_app.dispatch_request()
        except SentBefore:
            continue
        except HTTPException as fault:
            return current_app.handle_http_exception(fault)


def _end(response: Response) -> AnyResponse:
    """Note where the answer leads, if the form has done its work.

    A form that comes back with a fault has saved what could be saved, and may be sent again as it is.
    """
    sending: Sending | None = g.get("sending")
    if sending is None:
        return response
    if not began():
        # the work of the first may be why this one is refused, or shown its form again
        if 300 <= response.status_code < 400:
            return response
        db.session.rollback()
        return _answer_of_first(sending.key) or response
    known = FormSent.key == sending.key
    # the work is done, even if the database has no time for this note
    with suppress(OperationalError), transaction():
        if 400 <= response.status_code < 500:
            db.session.execute(delete(FormSent).where(known))
        else:
            db.session.execute(update(FormSent).where(known).values(_answer(response, sending)))
    return response


def _answer(response: Response, sending: Sending) -> dict[str, Any]:
    if response.status_code >= 500:
        return {"led_to": page_of_form(), "told": [("warning", UNKNOWN)]}
    if "Location" not in response.headers:
        return {"led_to": page_of_form(), "told": [("success", ONCE)]}
    told = session.get("_flashes", [])[sending.told_before :]
    return {
        "led_to": response.headers["Location"],
        "told": [(category, str(message)) for category, message in told],
    }


def page_of_form() -> str:
    """Return the address of the page whose form was sent."""
    if request.referrer and request.referrer.startswith(request.host_url):
        return "/" + request.referrer.removeprefix(request.host_url).lstrip("/")
    return "/"

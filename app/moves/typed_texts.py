"""Keeping what was typed in a form that cannot be accepted: the sign-in has ended, or the page is stale.

It is kept on the server for the person that the page was made for. They see it after signing in, and send it
themselves: nothing is sent for them.
"""

import re
from collections.abc import Sequence
from datetime import datetime, timedelta

from flask import Flask, flash, redirect, render_template, request, url_for
from flask_wtf.csrf import CSRFError
from sqlalchemy import Select, delete, select
from werkzeug.wrappers import Response

from app import clock
from app.database import db, transaction
from app.moves import sent_once
from app.moves.form_ids import FormId, entries, id_of_sent_form, person_signed_in
from app.moves.models import TypedText
from app.pages import stale_form

KEPT_FOR = timedelta(days=7)
"""Longer than a long week-end, so that nobody must sign in again the same day."""

Answer = Response | tuple[str, int]

_CHOICE = re.compile(r"[a-z0-9_.:-]*")
_DATE = re.compile(r"[0-9]{1,2} [0-9]{1,2} [0-9]{4}")
_NOT_TYPED = ("let_through", "version")
"""Fields that a page fills in by itself."""
_SECRETS = frozenset({"password", "new_password", "code"})
"""Fields whose form is never kept: what is typed in them is stored nowhere."""


def init_app(app: Flask) -> None:
    """Keep what was typed where the token of a form is out of date."""

    @app.errorhandler(CSRFError)
    def stale(error: CSRFError) -> Answer:
        return kept_instead() or stale_form(error)


def kept_instead() -> Answer | None:
    """Keep what was typed in a form that cannot be accepted now; return the answer that says so.

    None where nothing was typed, or where the form has done its work before.
    """
    form, now_signed_in = id_of_sent_form(), person_signed_in()
    typed = entries()
    if form is None or form.person_id is None or not _is_anything(typed):
        return None
    if sent_once.did_its_work(form):
        return None
    _keep(form, form.person_id, typed)
    if now_signed_in is None:
        flash("You were signed out, so what you typed was not saved. Sign in to send it.", "warning")
        return redirect(url_for("security.login", next=url_for("typed.page")))
    if now_signed_in == form.person_id:
        return redirect(url_for("typed.page"))
    return _of_somebody_else()


def of_somebody_else() -> Answer | None:
    """Keep a form whose page was made for somebody else than the person signed in; None for any other form.

    A person who signs in after another on the same browser must not send in their own name what the other
    typed.
    """
    form, now_signed_in = id_of_sent_form(), person_signed_in()
    if form is None or form.person_id is None or now_signed_in in (None, form.person_id):
        return None
    return kept_instead() or _of_somebody_else()


def _of_somebody_else() -> Answer:
    title = "This page was opened by someone else"
    hint = "It was not sent. What they typed is kept for them until they sign in."
    return render_template("fault.html", title=title, hint=hint), 403


def waits_for(person_id: int) -> bool:
    """True when something that the person typed has not been sent."""
    return bool(db.session.scalar(select(_theirs(person_id).exists())))


def typed_by(person_id: int) -> Sequence[TypedText]:
    """Return what the person typed and did not send, the latest first."""
    return db.session.scalars(_theirs(person_id).order_by(TypedText.typed_at.desc(), TypedText.page)).all()


def words_of(typed: TypedText) -> list[str]:
    """Return what was typed in words, without the ids and choices that a form has too."""
    return [text for name, text in typed.entries if name not in _NOT_TYPED and not _CHOICE.fullmatch(text)]


def words_entered() -> list[str]:
    """Return the words and dates of the form that was sent, to be shown where it cannot be sent any more."""
    typed = entries()
    if any(name in _SECRETS for name, _text in typed):
        return []
    by_name: dict[str, list[str]] = {}
    for name, text in typed:
        if name not in _NOT_TYPED and text.strip():
            by_name.setdefault(name, []).append(text)
    found = [text for texts in by_name.values() for text in _with_dates_whole(texts)]
    return [text for text in found if not _CHOICE.fullmatch(text)]


def _with_dates_whole(texts: Sequence[str]) -> Sequence[str]:
    """Return the texts of a field; the three parts of a date as one, "10 12 2010"."""
    joined = " ".join(texts)
    return [joined] if _DATE.fullmatch(joined) else texts


def drop(person_id: int, page: str) -> None:
    """Delete what the person typed on a page."""
    with transaction():
        db.session.execute(delete(TypedText).where(TypedText.person_id == person_id, TypedText.page == page))


def remove_old() -> None:
    """Delete what nobody sent in time."""
    with transaction():
        db.session.execute(delete(TypedText).where(TypedText.typed_at < _oldest()))


def kept_until_confirmed() -> bool:
    """Keep what was typed in a form that can be sent once the person has given their password again.

    False where nothing was typed: the page has the button still.
    """
    sent_once.not_now()
    form, typed = id_of_sent_form(), entries()
    if form is None or form.person_id is None or not _is_anything(typed):
        return False
    _keep(form, form.person_id, typed)
    return True


def _is_anything(typed: list[tuple[str, str]]) -> bool:
    if any(name in _SECRETS for name, _text in typed):
        return False
    return any(text.strip() for name, text in typed if name not in _NOT_TYPED)


def _theirs(person_id: int) -> Select[TypedText]:
    return select(TypedText).where(TypedText.person_id == person_id, TypedText.typed_at >= _oldest())


def _oldest() -> datetime:
    return clock.now() - KEPT_FOR


def _keep(form: FormId, person_id: int, typed: list[tuple[str, str]]) -> None:
    with transaction():
        db.session.execute(delete(TypedText).where(TypedText.page == form.page))
        db.session.add(
            TypedText(
                page=form.page,
                person_id=person_id,
                address=request.full_path.removesuffix("?"),
                entries=typed,
                typed_at=clock.now(),
            )
        )

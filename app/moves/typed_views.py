"""`/typed`: what a person typed in forms that could not be accepted, to be sent or deleted."""

from flask import Blueprint, flash, redirect, render_template, url_for
from flask_security import current_user
from werkzeug.wrappers import Response

from app.moves import typed_texts
from app.moves.form_ids import FIELD, FormId

typed = Blueprint("typed", __name__)


@typed.get("/typed")
def page() -> str:
    """Show what the person typed and did not send, each with a button that sends it."""
    return render_template(
        "typed.html",
        typed=typed_texts.typed_by(current_user.id),
        words_of=typed_texts.words_of,
        field=FIELD,
        form_id_of=lambda text: FormId(text.person_id, text.page).signed,
        days=typed_texts.KEPT_FOR.days,
    )


@typed.post("/typed/<page>/delete")
def delete(page: str) -> Response:
    """Delete what was typed."""
    typed_texts.drop(current_user.id, page)
    flash("What you typed was deleted", "success")
    return redirect(url_for("typed.page"))

"""A form whose thing is gone: somebody removed it, or did it, while the page was open.

The page was there when it was opened, so "Page not found" would be wrong, and what was entered would be lost.
"""

from flask import render_template

from app.moves import typed_texts
from app.moves.form_ids import id_of_sent_form, person_signed_in

GONE = (
    "This is not here any more, so nothing was saved. Someone removed it, or it was done, while you had the "
    "page open."
)


def gone_meanwhile() -> tuple[str, int] | None:
    """Return the answer to a form of a page that this service made for the person signed in, with what they
    entered; None for any other request."""
    form = id_of_sent_form()
    if form is None or form.person_id != person_signed_in():
        return None
    return render_template("removed.html", refused=GONE, entered=typed_texts.words_entered()), 409

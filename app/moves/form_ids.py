"""The id that every form carries: whom its page was made for, and which page it was.

It is signed, so that it still says whom the page was made for once the sign-in has ended.
"""

import secrets
from dataclasses import dataclass

from flask import current_app, request
from flask_security import current_user
from itsdangerous import BadSignature, URLSafeSerializer

FIELD = "form_id"
"""The name of the hidden field."""

NOT_ENTERED = (FIELD, "csrf_token")
"""The fields of every form that nobody fills in."""


@dataclass(frozen=True)
class FormId:
    """A page with forms, and the person that it was made for; None for somebody not signed in."""

    person_id: int | None
    page: str

    @property
    def signed(self) -> str:
        """Return the value of the hidden field."""
        return _signing().dumps([self.person_id, self.page])


def new_form_id() -> FormId:
    """Return the id for the forms of a page that is being made."""
    return FormId(person_signed_in(), secrets.token_urlsafe(16))


def id_of_sent_form() -> FormId | None:
    """Return the id of the form that was sent; None where it has none that this service gave out."""
    try:
        person_id, page = _signing().loads(request.form.get(FIELD, ""))
    except BadSignature:
        return None
    return FormId(person_id, page)


def entries() -> list[tuple[str, str]]:
    """Return everything that was entered in the form that was sent, files aside."""
    return [(name, text) for name, text in request.form.items(multi=True) if name not in NOT_ENTERED]


def person_signed_in() -> int | None:
    """Return the id of the person signed in; None where nobody is."""
    return current_user.id if current_user.is_authenticated else None


def _signing() -> URLSafeSerializer:
    return URLSafeSerializer(str(current_app.config["SECRET_KEY"]), salt="form id")

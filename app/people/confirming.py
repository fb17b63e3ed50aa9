"""The password again before what matters most: roles, addresses, API keys, second factors, access.

A session has the time at which its person last gave their password on the server, where a copied cookie
cannot change it.
"""

from datetime import timedelta

from flask import Flask, redirect, request, url_for
from werkzeug.wrappers import Response

from app import clock
from app.moves import typed_texts
from app.moves.sent_once import page_of_form
from app.people import signing_in

LASTS = timedelta(minutes=10)
"""The time after which the password is asked for again."""


class PasswordAgain(Exception):
    """Raised before a change that needs the password, where it was given too long ago."""


def init_app(app: Flask) -> None:
    """Ask for the password where a change needs it."""
    app.register_error_handler(PasswordAgain, lambda _needed: ask())


def is_needed() -> bool:
    """Return True when the password was given too long ago."""
    session = signing_in.browser_session()
    return session is None or clock.now() - session.confirmed_at > LASTS


def require() -> None:
    """Raise PasswordAgain when the password was given too long ago."""
    if is_needed():
        raise PasswordAgain


def ask() -> Response:
    """Return the way to the page that asks for the password, and from there to what was asked for.

    The typed text is kept, and waits there to be sent.
    """
    if request.method == "POST":
        then = url_for("typed.page") if typed_texts.kept_until_confirmed() else page_of_form()
    else:
        then = request.full_path.removesuffix("?")
    return redirect(url_for("account.confirm", next=then))

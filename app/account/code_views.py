"""The pages between the password and the service: the code, and setting the authenticator app up."""

from flask import redirect, render_template, request, url_for
from flask_security.utils import validate_redirect_url

from app.account.blueprint import account
from app.account.forms import CodeForm
from app.account.guessing import guess_at_code
from app.moves.page import Page, form_page
from app.people import second_factor
from app.people.sessions import BrowserSession
from app.people.signing_in import go_on_with, remember_device, waiting
from app.readings.kinds import Kind
from app.readings.noting import note

__all__ = ["account"]
"""The pages of accounts, with these among them."""


@account.route("/sign-in/code", methods=["GET", "POST"])
def code() -> Page:
    """Ask someone who has given their password for the code of their app."""
    session = waiting()
    if session is None:
        return redirect(wanted())
    if not session.person.has_second_factor:
        return redirect(url_for("account.enrol", next=wanted()))
    form = CodeForm()
    then = wanted()

    def open_session() -> str:
        with guess_at_code(session):
            token = second_factor.accept(session, form.code.data)
        _has_come_in(session, token)
        return then

    return form_page(
        form,
        lambda shown: render_template("account/code.html", form=form, refused=shown.refused, next=then),
        open_session,
        at=form.code,
    )


@account.route("/sign-in/set-up", methods=["GET", "POST"])
def enrol() -> Page:
    """Set the app up of someone who has given their password and needs one; nothing else opens before."""
    session = waiting()
    if session is None:
        return redirect(wanted())
    if session.person.has_second_factor:
        return redirect(url_for("account.code", next=wanted()))
    return setting_up(session, needed=True, then=wanted())


def _has_come_in(session: BrowserSession, token: str) -> None:
    go_on_with(token)
    remember_device(session.person.id)
    note(Kind.SIGNED_IN, person_id=session.person.id)


def setting_up(session: BrowserSession, *, needed: bool, then: str) -> Page:
    """Show the key and the QR code of a new app; with its first code, show the recovery codes once."""
    form = CodeForm()
    shown_once: list[str] = []

    def set_up() -> str:
        # no guess: the key of the code is on the page
        token, codes = second_factor.set_up(session, form.code.data, by=session.person.email)
        if session.waits_for_code:
            _has_come_in(session, token)
        else:
            go_on_with(token)
        shown_once.extend(codes)
        return then

    answer = form_page(
        form,
        lambda shown: render_template(
            "account/set_up.html",
            form=form,
            refused=shown.refused,
            offered=second_factor.offered(session),
            needed=needed,
            next=then,
        ),
        set_up,
        at=form.code,
    )
    return recovery_codes_page(shown_once, then) if shown_once else answer


def recovery_codes_page(codes: list[str], then: str) -> str:
    """Show new recovery codes, this once."""
    return render_template("account/recovery_codes.html", codes=codes, next=then)


def wanted() -> str:
    """Return the page of this service that was asked for; an address elsewhere is ignored."""
    asked = request.values.get("next", "")
    return asked if asked and validate_redirect_url(asked) else url_for("today.home")

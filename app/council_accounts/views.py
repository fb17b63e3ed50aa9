"""`/sign-in/council`: signing in with the council's own account."""

import logging

from flask import Blueprint, abort, current_app, flash, redirect, render_template, request, session, url_for
from flask_security import current_user
from flask_security.utils import login_user, validate_redirect_url
from werkzeug.wrappers import Response

from app.clock import today
from app.council_accounts.claims import account_of
from app.council_accounts.finding import disconnect, find
from app.council_accounts.no_account import NoAnswer, NotBegun, NotBelieved, TurnedAway
from app.database import db
from app.moves.page import Page
from app.people.models import Person
from app.people.ways_in import COUNCIL_ACCOUNT
from app.readings.kinds import Kind
from app.readings.noting import note
from app.refusal import Refused
from config.settings import IdentityProvider, Settings

council_accounts = Blueprint("council_accounts", __name__)

log = logging.getLogger(__name__)

NO_ANSWER = (
    "The sign-in service of your council does not answer. Try again in a few minutes. If that does not help, "
    "tell the people who look after council accounts."
)
NOT_BELIEVED = (
    "The sign-in service of your council gave an answer that this service cannot accept. Tell the people who "
    "look after council accounts."
)
NOT_BEGUN = "This sign-in has expired or was already used. Start again."
TURNED_AWAY = (
    "The sign-in service of your council did not sign you in. If you did not cancel, tell the people who "
    "look after council accounts."
)

_NEXT = "next_after_council"


@council_accounts.get("/sign-in/council")
def begin() -> Page:
    """Send the browser to the council's sign-in service."""
    settings, identity_provider = _configured()
    # here, because it takes memory and time that a service without council accounts does not need
    from app.council_accounts import provider

    wanted = request.args.get("next", "")
    session[_NEXT] = wanted if validate_redirect_url(wanted) else ""
    try:
        return provider.ask(identity_provider, settings.base_url + url_for("council_accounts.come_back"))
    except NoAnswer as why:
        return _no_answer(why)
    except NotBelieved as why:
        return _not_believed(why)


@council_accounts.get("/sign-in/council/answer")
def come_back() -> Page:
    """Sign in whoever the council's sign-in service sends back, if they are somebody here."""
    _settings, identity_provider = _configured()
    from app.council_accounts import provider

    try:
        said = provider.claims(identity_provider)
    except NoAnswer as why:
        return _no_answer(why)
    except NotBelieved as why:
        return _not_believed(why)
    except NotBegun:
        return _refused(NOT_BEGUN, 400)
    except TurnedAway:
        return _refused(TURNED_AWAY, 403)
    try:
        found = find(account_of(said, identity_provider.role_claim), on=today())
    except Refused as why:
        return _refused(str(why), 403)
    login_user(found.person, authn_via=[COUNCIL_ACCOUNT])
    if found.kept_role:
        flash(found.kept_role)
    return redirect(session.pop(_NEXT, "") or url_for("today.home"))


@council_accounts.post("/people/<int:person_id>/council-account/disconnect")
def disconnect_account(person_id: int) -> Response:
    """Let a person sign in with another council account from now on."""
    person = db.session.get(Person, person_id) or abort(404)
    try:
        disconnect(person.id, by=current_user.email)
    except Refused as why:
        flash(str(why), "refused")
        return redirect(url_for("people.page", person_id=person_id))
    flash(f"Council account disconnected. {person.name} can sign in with a new one.", "success")
    return redirect(url_for("people.page", person_id=person_id))


def _configured() -> tuple[Settings, IdentityProvider]:
    settings: Settings = current_app.extensions["settings"]
    if settings.identity_provider is None:
        abort(404)
    return settings, settings.identity_provider


def _no_answer(why: NoAnswer) -> Page:
    # the kind of failure alone: an address or an answer of the provider can hold names and codes
    log.warning("The council’s sign-in service does not answer: %s", str(why))
    return _refused(NO_ANSWER, 503)


def _not_believed(why: NotBelieved) -> Page:
    log.warning("An answer of the council’s sign-in service was refused: %s", str(why))
    return _refused(NOT_BELIEVED, 403)


def _refused(why: str, status: int) -> tuple[str, int]:
    note(Kind.NOT_SIGNED_IN)
    return render_template("council_accounts/refused.html", why=why), status

"""Signing in and out, by Flask-Security-Too with our own pages."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from flask import Flask, Response, after_this_request, g, request, session, url_for
from flask_login import user_logged_out
from flask_security import LoginForm, Security, SQLAlchemyUserDatastore
from flask_security.signals import user_authenticated
from flask_security.utils import hash_password, validate_redirect_url, verify_password
from flask_wtf import FlaskForm
from sqlalchemy import select

from app import clock
from app.database import db, transaction
from app.moves import typed_texts
from app.moves.fields import LineField, PasswordField
from app.people import browsers, counted_attempts, devices, second_factor, sessions
from app.people.attempts import PASSWORD
from app.people.models import Person, PersonRole
from app.people.passwords import LONGEST
from app.people.sessions import BrowserSession, may_sign_in
from app.people.ways_in import COUNCIL_ACCOUNT, only_with_local_passwords, ways_in
from app.readings.kinds import Kind
from app.readings.noting import leave_out, note
from config.settings import Settings

NOT_RIGHT = "The email address or password is not correct"
_TOO_MANY = "There were too many wrong passwords. Wait 5 minutes and try again"
WAIT = f"{_TOO_MANY}, use a device where you have signed in before, or choose a new password."
WAIT_ON_KNOWN_DEVICE = f"{_TOO_MANY}, or choose a new password."
"""The same on a device that the person has used before, where their own tries alone count."""


class SignInForm(LoginForm):
    """The form for signing in. An unknown address, a wrong password and a leaver get the same answer."""

    email = LineField("Email address", has_names=True, named="your email address")  # type: ignore[assignment]
    password = PasswordField("Password", named="your password")
    remember = None  # type: ignore[assignment]  # a sign-in ends on the server; no cookie outlives it

    def validate(self, **_kwargs: Any) -> bool:
        """Return True when the person may sign in; `user` is then that person."""
        only_with_local_passwords()
        if not validate_redirect_url(self.next.data or ""):
            self.next.data = ""  # an address elsewhere is ignored: the first page follows
        if not FlaskForm.validate(self):
            return False
        email, password = (self.email.data or "").strip().lower(), self.password.data or ""
        person = db.session.scalar(select(Person).where(Person.email == email))
        device_id = devices.known(person.id) if person else None
        attempt = counted_attempts.begin(PASSWORD, email, request.remote_addr, device_id)
        if attempt is None:
            note(Kind.LOCKED_OUT, person_id=person.id if person else None)
            self.form_errors.append(WAIT if device_id is None else WAIT_ON_KNOWN_DEVICE)
            return False
        if not password_is(person, password) or not person or not may_sign_in(person, clock.today()):
            note(Kind.NOT_SIGNED_IN, person_id=person.id if person else None)
            self.form_errors.append(NOT_RIGHT)
            return False
        counted_attempts.take_back(attempt)
        self.user = person
        return True


def init_app(app: Flask, settings: Settings) -> None:
    """Set Flask-Security up: its pages for signing in and out, with our own sessions."""
    app.config.update(
        SECURITY_PASSWORD_SALT=settings.secret_key,
        SECURITY_PASSWORD_HASH="argon2",  # noqa: S106  # nosec B106 # the name of a method
        SECURITY_PASSWORD_SCHEMES=["argon2"],
        SECURITY_PASSWORD_SINGLE_HASH=["argon2"],
        SECURITY_LOGIN_URL="/sign-in",
        SECURITY_LOGOUT_URL="/sign-out",
        SECURITY_LOGOUT_METHODS=["POST"],
        SECURITY_POST_LOGIN_VIEW="/",
        SECURITY_POST_LOGOUT_VIEW="/sign-in",
        SECURITY_STATIC_FOLDER=None,
        SECURITY_FRESHNESS=timedelta(minutes=-1),  # no page that asks for the password again
        SECURITY_EMAIL_VALIDATOR_ARGS={"check_deliverability": False},
        **second_factor.configuration(settings),
    )
    datastore = SQLAlchemyUserDatastore(db, Person, PersonRole)  # type: ignore[arg-type]
    security = Security(app, datastore, login_form=SignInForm, totp_cls=second_factor.OneUseCodes)
    security.want_json(lambda _request: False)
    security.login_context_processor(lambda: {"ways": ways_in()})
    app.login_manager.user_loader(_person_of_cookie)  # type: ignore[attr-defined]
    # Flask-Security's own tokens in headers and addresses would outlive signing out
    app.login_manager.request_loader(lambda _request: None)  # type: ignore[attr-defined]
    user_authenticated.connect(_signed_in, app)
    user_logged_out.connect(_signed_out, app)


def browser_session() -> BrowserSession | None:
    """Return the session of this browser, open or waiting for its code; None where nobody has signed in."""
    token = session.get("sign_in")
    if token is None:
        return None
    if "browser_session" not in g or g.browser_session[0] != token:
        g.browser_session = (token, sessions.of_token(token))
    found: BrowserSession | None = g.browser_session[1]
    return found


def waiting() -> BrowserSession | None:
    """Return the session of this browser while its person has to give a code, or to set their app up."""
    found = browser_session()
    return found if found is not None and found.waits_for_code else None


def go_on_with(token: str) -> None:
    """Give this browser the cookie of the session that takes the place of its own."""
    session["sign_in"] = token
    g.pop("browser_session", None)


def go_on_anew(here: BrowserSession) -> None:
    """Let this browser go on with a new session, after a change that ended all sessions of its person."""
    with transaction():
        token = sessions.begin_anew(here)
    go_on_with(token)


def _person_of_cookie(_id: str) -> Person | None:
    found = browser_session()
    return found.person if found is not None and not found.waits_for_code else None


def _signed_in(_app: Flask, user: Person, authn_via: Sequence[str] | None = None, **_kwargs: Any) -> None:
    if before := session.get("sign_in"):
        sessions.end(before)
    browser = browsers.in_words(request.user_agent.string)
    by_council = COUNCIL_ACCOUNT in (authn_via or ())
    go_on_with(sessions.begin(user.id, browser, second_factor=by_council))
    if waiting() is not None:
        after_this_request(_not_yet)
    elif not by_council:  # devices keep wrong passwords from counting
        remember_device(user.id)
    if typed_texts.waits_for(user.id):
        after_this_request(_to_what_was_typed)


def remember_device(person_id: int) -> None:
    """Know this device again the next time that the person signs in with it."""

    @after_this_request
    def remember(answer: Response) -> Response:
        devices.remember(person_id, answer)
        return answer


def _not_yet(answer: Response) -> Response:
    """Record no sign-in: the code is missing."""
    leave_out(Kind.SIGNED_IN)
    return answer


def _to_what_was_typed(answer: Response) -> Response:
    answer.location = url_for("typed.page")
    return answer


def _signed_out(_app: Flask, **_kwargs: Any) -> None:
    token = session.pop("sign_in", None)
    if token:
        sessions.end(token)


def password_is(person: Person | None, password: str) -> bool:
    """Return True for the password of a person; it takes as long where there is none."""
    if person is None or person.password is None or len(password) > LONGEST:
        hash_password("")  # takes as long as checking a password, so that the time tells nothing
        return False
    return bool(verify_password(password, person.password))

"""The second factor of a person: the codes of their authenticator app, and their recovery codes.

Flask-Security makes, encrypts and checks both, with keys made from the secret key of the installation: a copy
of the database alone gives nobody a code.
"""

import base64
import hmac
from typing import Any

from flask import current_app
from flask_security import Security, UserMixin
from flask_security.totp import Totp

from app import clock
from app.database import transaction
from app.history.record import Event, record
from app.people import caring, counted_attempts, sessions
from app.people.attempts import CODE
from app.people.looking_after import Care
from app.people.models import Person
from app.people.queries import locked_person
from app.people.sessions import BrowserSession
from app.people.telling_of_access import Change, tell
from app.refusal import NotNow, Refused
from config.settings import Settings

METHOD = "authenticator"
"""Flask-Security's name of an authenticator app."""

HALF_MINUTE = 30
"""The seconds that a phone may be slow or fast; a code lasts as long."""

RECOVERY_CODES = 10

NEEDED = "You need an authenticator app for your roles, so you cannot remove it"
WRONG = "The code is not correct. Enter the newest code from your app, or a recovery code."


class OneUseCodes(Totp):
    """The codes of authenticator apps, each of which is accepted once."""

    def __init__(self, secrets: dict[str, str], issuer: str) -> None:
        super().__init__(secrets, issuer)
        self._totp.now = staticmethod(lambda: clock.now().timestamp())

    def get_last_counter(self, user: UserMixin) -> int | None:
        """Return the half minute of the last code that was accepted."""
        assert isinstance(user, Person)
        return user.tf_last_counter

    def set_last_counter(self, user: UserMixin, tmatch: Any) -> None:
        """Keep the half minute of the code that is accepted now."""
        assert isinstance(user, Person)
        user.tf_last_counter = tmatch.counter


def configuration(settings: Settings) -> dict[str, Any]:
    """Return Flask-Security's settings of second factors.

    Its own pages stay off (`TWO_FACTOR`): they keep in the browser's cookie what a session here has on the
    server.
    """
    return {
        "SECURITY_MULTI_FACTOR_RECOVERY_CODES": True,
        "SECURITY_MULTI_FACTOR_RECOVERY_CODES_N": RECOVERY_CODES,
        "SECURITY_MULTI_FACTOR_RECOVERY_CODES_KEYS": [
            base64.urlsafe_b64encode(_key(settings, "recovery codes")).decode()
        ],
        "SECURITY_TOTP_SECRETS": {"1": _key(settings, "second factors").hex()},
        "SECURITY_TOTP_ISSUER": f"{settings.service_name}, {settings.organisation_name}",
    }


def offered(session: BrowserSession) -> dict[str, str]:
    """Return the key to type and the image of the code to scan, for whoever sets their app up in a session.

    They are the same until the first code of the app is given.
    """
    secret = session.offered_secret
    if secret is None:
        secret = _codes().generate_totp_secret()
        sessions.offer(session, secret)
    return _codes().fetch_setup_values(secret, session.person)


def set_up(session: BrowserSession, code: str, *, by: str) -> tuple[str, list[str]]:
    """Set the app of a session's person up with its first code, and end their other sessions.

    Return the new token of the session, and the recovery codes, which are shown once.
    Raises Refused for a wrong code.
    """
    with transaction():
        person = locked_person(session.person.id)
        secret = session.offered_secret
        is_first = not person.has_second_factor
        person.tf_last_counter = None
        if secret is None or not _is_code(person, code, secret):
            raise Refused("Code must be the one that your app shows now")
        _security().datastore.tf_set(person, METHOD, totp_secret=secret)
        recovery_codes = _new_recovery_codes(person)
        counted_attempts.forget(CODE, person.email)
        record(by, [Event("person", str(person.id), "authenticator app set up")])
        tell([Change(person, "authenticator app set up", is_first=is_first)], by=by)
        return sessions.begin_anew(session, second_factor=True), recovery_codes


def accept(session: BrowserSession, code: str) -> str:
    """Open a session that waits, with a code of the app or a recovery code. Return its new token.

    Raises Refused for a wrong code, and for one that was used before.
    """
    with transaction():
        use(session.person.id, code)
        return sessions.passed(session)


def use(person_id: int, code: str) -> None:
    """Use up a code of the app or a recovery code. Raises Refused for one that is wrong or was used."""
    with transaction():
        person = locked_person(person_id)
        if person.tf_totp_secret and _is_code(person, code, person.tf_totp_secret):
            return
        written = "-".join(_in_fours("".join(sign for sign in code.lower() if sign.isalnum())))
        recovery = _security().mf_recovery_codes_util
        if not recovery.check_recovery_code(person, written):
            raise Refused(WRONG)
        recovery.delete_recovery_code(person, written)
        left = recovery_codes_left(person)
        record(person.email, [Event("person", str(person.id), "recovery code used", after=f"{left} left")])


def recovery_codes_left(person: Person) -> int:
    """Return how many recovery codes the person has not used."""
    return len(person.mf_recovery_codes or ())


def make_recovery_codes(session: BrowserSession, *, by: str) -> list[str]:
    """Make new recovery codes; those of before stop working. Raises Refused where there is no app."""
    with transaction():
        person = locked_person(session.person.id)
        if not person.has_second_factor:
            raise Refused("Set up an authenticator app before you create recovery codes")
        codes = _new_recovery_codes(person)
        record(by, [Event("person", str(person.id), "recovery codes created")])
        tell([Change(person, "recovery codes created")], by=by)
    return codes


def remove(session: BrowserSession, *, by: str) -> str:
    """Take the app of a session's own person away, and end their other sessions. Return the new token.

    Raises Refused for someone who must have one.
    """
    with transaction():
        person = locked_person(session.person.id)
        if sessions.must_have_second_factor(person):
            raise Refused(NEEDED)
        _take_away(person, "authenticator app removed", by)
        return sessions.begin_anew(session, second_factor=False)


def reset(person_id: int, *, by: str) -> Person:
    """Take the app of another person away, as when their phone is lost, and sign them out everywhere.

    Raises NotNow where there is none.
    """
    with transaction():
        person = locked_person(person_id)
        caring.require(person, Care.KEEP, by)
        if why := why_no_reset(person):
            raise NotNow(why)
        _take_away(person, "authenticator app reset", by)
        sessions.end_all(person.id)
    return person


def why_no_reset(person: Person) -> str | None:
    """Return why there is no app to take away; None where there is one."""
    if person.has_second_factor:
        return None
    return f"{person.name} has not set up an authenticator app, so there is nothing to reset"


def _take_away(person: Person, what: str, by: str) -> None:
    _security().datastore.tf_reset(person)
    _security().datastore.mf_set_recovery_codes(person, None)
    person.tf_last_counter = None
    counted_attempts.forget(CODE, person.email)
    record(by, [Event("person", str(person.id), what)])
    tell([Change(person, what)], by=by)


def _new_recovery_codes(person: Person) -> list[str]:
    codes: list[str] = _security().mf_recovery_codes_util.create_recovery_codes(person)
    return codes


def _is_code(person: Person, code: str, secret: str) -> bool:
    digits = "".join(code.split())
    return digits.isascii() and digits.isdigit() and _codes().verify_totp(digits, secret, person, HALF_MINUTE)


def _in_fours(signs: str) -> list[str]:
    return [signs[start : start + 4] for start in range(0, len(signs), 4)]


def _codes() -> OneUseCodes:
    codes = _security().totp_factory
    assert isinstance(codes, OneUseCodes)
    return codes


def _security() -> Security:
    security: Security = current_app.extensions["security"]
    return security


def _key(settings: Settings, purpose: str) -> bytes:
    return hmac.digest(settings.secret_key.encode(), purpose.encode(), "sha256")

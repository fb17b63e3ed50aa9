"""The access of another person, from their page: their authenticator app, and whether they can sign in."""

from flask import abort, url_for
from flask_security import current_user

from app.account.views import account
from app.database import db
from app.moves.forms import MoveForm
from app.moves.page import Page, Words, move_page
from app.people import caring, moves, second_factor
from app.people.looking_after import Care
from app.people.models import Person

__all__ = ["account"]

OWN_APP = "You cannot reset your own authenticator app here. Another administrator can do it."
OWN_ACCESS = "You cannot turn off your own access. Another coordinator or administrator can do it."


@account.route("/people/<int:person_id>/reset-authenticator-app", methods=["GET", "POST"])
def reset_app(person_id: int) -> Page:
    """Take away the authenticator app of someone who has lost their phone."""
    person = _person_or_404(person_id)
    return move_page(
        MoveForm(),
        None,
        Words(
            "Reset authenticator app",
            "Check first that it is this person who asks you, for example by phoning them. They will be "
            "signed out everywhere, and their recovery codes will stop working. They will then sign in with "
            "their password and can set up the app again.",
            "Reset authenticator app",
            "Authenticator app reset",
            serious=True,
        ),
        lambda: second_factor.reset(person_id, by=current_user.email),
        thing=person.name,
        is_name=True,
        back=url_for("people.page", person_id=person_id),
        refused=OWN_APP
        if person.id == current_user.id
        else _not_theirs(person) or second_factor.why_no_reset(person),
    )


@account.route("/people/<int:person_id>/turn-off", methods=["GET", "POST"])
def switch_off(person_id: int) -> Page:
    """Turn the access of a person off."""
    person = _person_or_404(person_id)
    return move_page(
        MoveForm(),
        None,
        Words(
            "Turn off access",
            "They will be signed out everywhere at once. Their links for choosing a password will stop "
            "working. Their API keys and calendar address will not work, and emails to them will wait, until "
            "you turn access on again. If they do not come back, enter a leaving date and hand over their "
            "work.",
            "Turn off access",
            "Access turned off",
            serious=True,
        ),
        lambda: moves.switch_off(person_id, by=current_user.email),
        thing=person.name,
        is_name=True,
        back=url_for("people.page", person_id=person_id),
        refused=OWN_ACCESS if person.id == current_user.id else _not_theirs(person),
    )


@account.route("/people/<int:person_id>/turn-on", methods=["GET", "POST"])
def switch_on(person_id: int) -> Page:
    """Turn the access of a person on again."""
    person = _person_or_404(person_id)
    return move_page(
        MoveForm(),
        None,
        Words(
            "Turn on access",
            "They can sign in as before, and emails that waited are sent if they are still needed.",
            "Turn on access",
            "Access turned on",
        ),
        lambda: moves.switch_on(person_id, by=current_user.email),
        thing=person.name,
        is_name=True,
        back=url_for("people.page", person_id=person_id),
        refused=_not_theirs(person),
    )


def _not_theirs(person: Person) -> str | None:
    return caring.why_not(person, Care.KEEP, current_user.email)


def _person_or_404(person_id: int) -> Person:
    return db.session.get(Person, person_id) or abort(404)

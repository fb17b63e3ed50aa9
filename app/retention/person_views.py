"""`/people/ID/anonymous` and `/people/ID/file`: leavers made anonymous, and what is held about a person."""

from flask import abort, make_response, render_template, url_for
from flask_security import current_user
from werkzeug.wrappers import Response

from app.clock import today
from app.database import db
from app.moves.fields import LineField
from app.moves.forms import MoveForm
from app.moves.page import Page, Words, move_page
from app.people import caring
from app.people.looking_after import Care
from app.people.models import Person
from app.retention import about_person, leavers
from app.retention.anonymity import refusals
from app.retention.blueprint import retention


class AnonymousForm(MoveForm):
    """The name of the person, typed to confirm."""

    confirmed = LineField(
        "Enter the name of the person to confirm", named="the name of the person", is_free=False
    )


@retention.route("/people/<int:person_id>/anonymous", methods=["GET", "POST"])
def anonymous(person_id: int) -> Page:
    """Make a leaver anonymous, or say what is still theirs to do."""
    person, on = _person_or_404(person_id), today()
    form = AnonymousForm()
    return move_page(
        form,
        None,
        Words(
            "Make anonymous",
            "Name, email addresses, job title, telephone, leave, sign-ins and keys are removed, also where "
            "texts name this person. What they did stays, with a number in place of the name. You cannot "
            "undo this.",
            "Make anonymous",
            "The person has been made anonymous",
            serious=True,
        ),
        lambda: leavers.make_anonymous(person_id, form.confirmed.data, by=current_user, on=on),
        thing=person.name,
        is_name=True,
        back=url_for("people.page", person_id=person_id),
        refused=caring.why_not(person, Care.KEEP, current_user.email)
        or "; ".join(refusals(leavers.facts_of(person, on), on))
        or None,
    )


@retention.route("/people/<int:person_id>/file", methods=["GET", "POST"])
def file_about(person_id: int) -> str | Response:
    """Show what the file about a person has; make it and send it."""
    person = _person_or_404(person_id)
    form = MoveForm()
    if not form.validate_on_submit():
        return render_template("retention/file.html", person=person)
    answer = make_response(about_person.file_about(person, by=current_user, on=today()))
    answer.headers["Content-Type"] = "application/zip"
    answer.headers["Content-Disposition"] = f'attachment; filename="person-{person.id}.zip"'
    return answer


def _person_or_404(person_id: int) -> Person:
    return db.session.get(Person, person_id) or abort(404)

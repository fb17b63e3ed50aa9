"""`/bodies`: the bodies that decide, their members and meetings, and what they decided."""

from collections.abc import Callable, Mapping, Sequence

from flask import abort, flash, redirect, render_template, request, url_for
from flask_security import current_user
from flask_wtf import FlaskForm
from werkzeug.wrappers import Response
from wtforms.validators import InputRequired

from app.actions.lifecycle import DECISIONS
from app.actions.models import Body, Meeting
from app.actions.owners import owners
from app.bodies import deciding
from app.bodies.blueprint import bodies
from app.clock import today
from app.database import db
from app.history import record
from app.moves.day_field import DayField
from app.moves.forms import PersonField, day_needed, no_choice, text_field, words_field
from app.moves.page import Page, lets_through
from app.people.closures import working_days
from app.people.roles import RoleName
from app.refusal import Refused

OF_DECISION = "decision-"
"""What the choice about one recommendation is called in the form of a meeting, before its reference."""


class BodyForm(FlaskForm):  # type: ignore[misc]
    """A body of the council or of the partnership."""

    name = text_field("Name")


class MemberForm(FlaskForm):  # type: ignore[misc]
    """Who sits on it, and as what."""

    person = PersonField("Person", [InputRequired("Choose a person.")], coerce=str)
    part = text_field("Part (optional)", 100, needed=False)


class MeetingForm(FlaskForm):  # type: ignore[misc]
    """When it meets, and what it said beside its decisions."""

    day = DayField("Day", [day_needed])
    note = words_field(
        "Note (optional)", hint="Where it meets, or what it said beside its decisions. No child or family."
    )


@bodies.get("/bodies")
def listing() -> str:
    """The bodies with their next meeting and what waits for it: all, or those that the person sits on."""
    on = today()
    reads_all = current_user.role_names & {RoleName.COORDINATOR, RoleName.LEADER}
    listed = deciding.every(None if reads_all else current_user.id)
    waiting = deciding.waiting(on)
    rows = [(body, deciding.next_meeting(body, on), waiting[body.id]) for body in listed]
    return render_template("bodies/listing.html", rows=rows, on=on)


@bodies.route("/bodies/new", methods=["GET", "POST"])
def add() -> Page:
    """A body that no file has named yet."""
    form = BodyForm()

    def add() -> str:
        return url_for("bodies.body", number=deciding.add(form.name.data, current_user).id)

    return _filled(form, "Add a body", "Bodies", url_for("bodies.listing"), "The body is added.", add)


@bodies.get("/bodies/<int:number>")
def body(number: int) -> str:
    """One body: what it has to decide, what it decided, when it meets and who is on it."""
    found, on = _found(number), today()
    days = working_days()
    return render_template(
        "bodies/body.html",
        body=found,
        business=deciding.business(number, on),
        state_of=lambda one: deciding.state_of(one, on),
        late=lambda one: days.working_days_late(one.due_on, on) if one.due_on else 0,
        next_meeting=deciding.next_meeting(found, on),
        history=record.of("body", found.name) if RoleName.COORDINATOR in current_user.role_names else [],
        on=on,
    )


@bodies.route("/bodies/<int:number>/members", methods=["GET", "POST"])
def add_member(number: int) -> Page:
    """Seat somebody on it, or say what part they have."""
    found, form = _found(number), MemberForm()
    form.person.choices = no_choice("Choose a person", owners(today()))
    form.part.description = "Such as “chair”."

    def add() -> str:
        deciding.add_member(
            number, current_user, today(), person_id=int(form.person.data), part=form.part.data
        )
        return _address(found)

    return _filled(form, "Add a member", found.name, _address(found), "The members are changed.", add)


@bodies.post("/bodies/<int:number>/members/<int:person_id>/remove")
def remove_member(number: int, person_id: int) -> Response:
    """They are no longer on it."""
    found = _found(number)
    deciding.remove_member(number, current_user, person_id)
    flash("The members are changed.", "success")
    return redirect(_address(found))


@bodies.route("/bodies/<int:number>/meetings/new", methods=["GET", "POST"])
def add_meeting(number: int) -> Page:
    """A day on which it meets."""
    found, form = _found(number), MeetingForm()

    def add() -> str:
        deciding.add_meeting(number, current_user, day=form.day.data, note=form.note.data)
        return _address(found)

    return _filled(form, "Add a meeting", found.name, _address(found), "The meeting is added.", add)


@bodies.route("/bodies/<int:number>/meetings/<int:meeting_id>/change", methods=["GET", "POST"])
def change_meeting(number: int, meeting_id: int) -> Page:
    """Another day, or what it said beside its decisions."""
    found, there = _meeting(number, meeting_id)
    form = MeetingForm(data={"day": there.on, "note": there.note})
    back = url_for("bodies.meeting", number=number, meeting_id=meeting_id)

    def change() -> str:
        deciding.change_meeting(meeting_id, current_user, day=form.day.data, note=form.note.data)
        return back

    return _filled(form, "Change the meeting", found.name, back, "The meeting is changed.", change)


@bodies.post("/bodies/<int:number>/meetings/<int:meeting_id>/cancel")
def cancel_meeting(number: int, meeting_id: int) -> Page:
    """It does not meet on that day."""
    found, _there = _meeting(number, meeting_id)
    try:
        deciding.cancel_meeting(meeting_id, current_user, today())
    except Refused as why:
        return _meeting_page(number, meeting_id, {"": str(why)}), 409
    flash("The meeting is cancelled.", "success")
    return redirect(_address(found))


@bodies.get("/bodies/<int:number>/meetings/<int:meeting_id>")
def meeting(number: int, meeting_id: int) -> str:
    """One meeting: what it decided, and what is still to be decided."""
    return _meeting_page(number, meeting_id, {})


@bodies.post("/bodies/<int:number>/meetings/<int:meeting_id>/decide")
def decide(number: int, meeting_id: int) -> Page:
    """Record the decisions of a meeting in one go: all of them or none."""
    _found_body, there = _meeting(number, meeting_id)
    given = _decisions(request.form)
    warnings = deciding.lacking(given)
    if not lets_through(warnings):
        return _meeting_page(number, meeting_id, {}, warnings)
    try:
        deciding.record_decisions(there, given, current_user, today())
    except deciding.NotDecided as why:
        status = 409 if why.overtaken else 422
        return _meeting_page(number, meeting_id, {why.reference: str(why)}, warnings), status
    except Refused as why:
        return _meeting_page(number, meeting_id, {"": str(why)}), 422
    flash(
        "1 decision is recorded." if len(given) == 1 else f"{len(given)} decisions are recorded.", "success"
    )
    return redirect(url_for("bodies.meeting", number=number, meeting_id=meeting_id))


def _meeting_page(
    number: int, meeting_id: int, errors: Mapping[str, str], warnings: Sequence[str] = ()
) -> str:
    """The page of a meeting; `errors` says why, by the recommendation's reference or "" for the whole."""
    found, there = _meeting(number, meeting_id)
    on = today()
    business = deciding.business(number, on)
    return render_template(
        "bodies/meeting.html",
        body=found,
        meeting=there,
        to_decide=deciding.open_at(there, business),
        decided=[one for one in business.decided if one.decided_on == there.on],
        state_of=lambda one: deciding.state_of(one, on),
        decisions=DECISIONS,
        given=request.form,
        errors=errors,
        warnings=warnings,
        on=on,
    )


def _decisions(form: Mapping[str, str]) -> list[deciding.Decision]:
    """Return what was chosen, also about one that the page would no longer show: it is refused, not lost."""
    given = []
    for name, decision in form.items():
        if name.startswith(OF_DECISION) and decision:
            reference = name.removeprefix(OF_DECISION)
            version = form.get(f"version-{reference}", "")
            given.append(
                deciding.Decision(
                    reference,
                    decision,
                    form.get(f"words-{reference}"),
                    int(version) if version.isdecimal() else None,
                )
            )
    return given


def _found(number: int) -> Body:
    return deciding.found(number) or abort(404)


def _meeting(number: int, meeting_id: int) -> tuple[Body, Meeting]:
    found, there = _found(number), db.session.get(Meeting, meeting_id)
    if there is None or there.body_id != found.id:
        abort(404)
    return found, there


def _address(body: Body) -> str:
    return url_for("bodies.body", number=body.id)


def _filled(
    form: FlaskForm, heading: str, caption: str, back: str, done: str, carry_out: Callable[[], str]
) -> Page:
    """Show a form, or carry out what it says and go to the address that `carry_out` returns."""

    def shown(status: int) -> Page:
        page = render_template("bodies/form.html", form=form, heading=heading, caption=caption, back=back)
        return page, status

    if not form.is_submitted():
        return shown(200)
    if not form.validate():
        return shown(422)
    try:
        then = carry_out()
    except Refused as why:
        form.form_errors = [str(why)]
        return shown(422)
    flash(done, "success")
    return redirect(then)

"""`/bodies`: the bodies that decide, with their members, meetings and decisions."""

from collections.abc import Callable, Mapping, Sequence

from flask import abort, flash, redirect, render_template, request, url_for
from flask_security import current_user
from flask_wtf import FlaskForm

from app.actions.lifecycle import DECISIONS
from app.actions.models import Body, BodyMember, Meeting
from app.bodies import deciding
from app.bodies.blueprint import bodies
from app.clock import today
from app.database import db
from app.history import record
from app.identifying.checking import warned_of_all
from app.moves.fields import DateField, LineField, OwnerField, WordsField, no_choice
from app.moves.forms import MoveForm
from app.moves.meanwhile import Kept, digest
from app.moves.moving import held
from app.moves.page import Page, Shown, form_page, lets_through, removal
from app.people.choosing import people_here
from app.people.closures import working_days
from app.people.roles import SEE_ALL, RoleName
from app.refusal import Refused
from app.wording import counted

OF_DECISION = "decision-"
"""The prefix, before its reference, of the field with the decision on a recommendation."""


class BodyForm(MoveForm):
    """A body of the council or of the partnership."""

    name = LineField(
        "Name",
        has_names=True,
    )


class MemberForm(MoveForm):
    """A member of a body, and their part in it."""

    person = OwnerField("Person", named="a person", hint="")
    part = LineField("Part (optional)", has_names=True, longest=100, needed=False)


class MeetingForm(MoveForm):
    """A day on which a body meets, and a note."""

    day = DateField("Date of the meeting")
    note = WordsField(
        "Note (optional)",
        hint="For example, where it meets, or what people discussed. Do not include decisions. "
        "Do not mention a child or family.",
        needed=False,
    )


@bodies.get("/bodies")
def listing() -> str:
    """Show the bodies, all or those of the person, with their next meeting and what waits for it."""
    on = today()
    reads_all = current_user.role_names & SEE_ALL
    listed = deciding.every(None if reads_all else current_user.id)
    waiting = deciding.waiting(on)
    rows = [(body, deciding.next_meeting(body, on), waiting[body.id]) for body in listed]
    return render_template("bodies/listing.html", rows=rows, on=on)


@bodies.route("/bodies/new", methods=["GET", "POST"])
def add() -> Page:
    """Add a body that no file has named yet."""
    form = BodyForm()

    def add() -> str:
        return url_for("bodies.body", number=deciding.add(form.name.data, current_user).id)

    return _form_page(
        form, "Add a body", "Decision-making bodies", url_for("bodies.listing"), "Body added", add
    )


@bodies.route("/bodies/<int:number>/rename", methods=["GET", "POST"])
def rename(number: int) -> Page:
    """Rename a body."""
    body = _body(number)

    def filled() -> BodyForm:
        return BodyForm(data={"name": body.name})

    form = filled()

    def change() -> str:
        deciding.rename(number, form.name.data, current_user)
        return _address(body)

    kept = Kept(filled, lambda: held(body))
    return _form_page(form, "Rename body", body.name, _address(body), "Body renamed", change, kept)


@bodies.get("/bodies/<int:number>")
def body(number: int) -> str:
    """Show a body: what it has to decide, what it decided, its meetings and its members."""
    return _body_page(number)


def _body_page(number: int, refused: str | None = None) -> str:
    body, on = _body(number), today()
    days = working_days()
    return render_template(
        "bodies/body.html",
        body=body,
        refused=refused,
        mark_of_seat=mark_of_seat,
        business=deciding.business(number, on),
        state_of=lambda recommendation: deciding.state_of(recommendation, on),
        overdue=lambda recommendation: deciding.how_overdue(recommendation, on, days),
        next_meeting=deciding.next_meeting(body, on),
        history=record.of("body", body.name) if RoleName.COORDINATOR in current_user.role_names else [],
        on=on,
    )


@bodies.route("/bodies/<int:number>/members", methods=["GET", "POST"])
def add_member(number: int) -> Page:
    """Add a member to a body, or change their part in it."""
    body, form = _body(number), MemberForm()
    form.person.choices = no_choice("Choose a person", people_here(today()))
    form.part.description = "For example, “chair”"

    def seats() -> list[tuple[int, str | None]]:
        return sorted((member.person_id, member.part) for member in body.members)

    def filled() -> MemberForm:
        parts = {str(person_id): part for person_id, part in seats()}
        person = form.person.data
        return MemberForm(data={"person": person, "part": parts.get(person, form.part.data)})

    def add() -> str:
        deciding.add_member(
            number, current_user, today(), person_id=int(form.person.data), part=form.part.data
        )
        return _address(body)

    kept = Kept(filled, lambda: held(body), mark=lambda: digest(seats()))
    return _form_page(form, "Add a member", body.name, _address(body), "Member saved", add, kept)


@bodies.post("/bodies/<int:number>/members/<int:person_id>/remove")
def remove_member(number: int, person_id: int) -> Page:
    """Remove a member from a body."""
    body = _body(number)

    def mark() -> str:
        return next((mark_of_seat(member) for member in body.members if member.person_id == person_id), "")

    def remove() -> str:
        deciding.remove_member(number, current_user, person_id)
        return _address(body)

    kept = Kept(hold=lambda: held(body), mark=mark)
    return removal(kept, remove, lambda why: _body_page(number, why), done="Member removed")


@bodies.route("/bodies/<int:number>/meetings/new", methods=["GET", "POST"])
def add_meeting(number: int) -> Page:
    """Add a day on which the body meets."""
    body, form = _body(number), MeetingForm()

    def add() -> str:
        deciding.add_meeting(number, current_user, day=form.day.data, note=form.note.data)
        return _address(body)

    return _form_page(form, "Add a meeting", body.name, _address(body), "Meeting added", add)


@bodies.route("/bodies/<int:number>/meetings/<int:meeting_id>/change", methods=["GET", "POST"])
def change_meeting(number: int, meeting_id: int) -> Page:
    """Change the day or the note of a meeting."""
    body, meeting = _meeting(number, meeting_id)

    def filled() -> MeetingForm:
        return MeetingForm(data={"day": meeting.on, "note": meeting.note})

    form, name = filled(), body.name
    back = url_for("bodies.meeting", number=number, meeting_id=meeting_id)

    def change() -> str:
        deciding.change_meeting(meeting_id, current_user, day=form.day.data, note=form.note.data)
        return back

    return _form_page(
        form, "Edit meeting", name, back, "Meeting saved", change, Kept(filled, lambda: _hold(body, meeting))
    )


@bodies.post("/bodies/<int:number>/meetings/<int:meeting_id>/cancel")
def cancel_meeting(number: int, meeting_id: int) -> Page:
    """Cancel a meeting."""
    body, meeting = _meeting(number, meeting_id)

    def cancel() -> str:
        deciding.cancel_meeting(meeting_id, current_user, today())
        return _address(body)

    kept = Kept(hold=lambda: _hold(body, meeting), mark=lambda: mark_of_meeting(meeting))
    return removal(
        kept, cancel, lambda why: _meeting_page(number, meeting_id, {"": why}), done="Meeting cancelled"
    )


@bodies.get("/bodies/<int:number>/meetings/<int:meeting_id>")
def meeting(number: int, meeting_id: int) -> str:
    """Show a meeting: what it decided, and what is still to be decided."""
    return _meeting_page(number, meeting_id, {})


@bodies.post("/bodies/<int:number>/meetings/<int:meeting_id>/decide")
def decide(number: int, meeting_id: int) -> Page:
    """Record the decisions of a meeting in one go: all of them or none."""
    _body_row, meeting = _meeting(number, meeting_id)
    decisions = _decisions(request.form)
    warnings = [*deciding.lacking(decisions), *warned_of_all(decision.words for decision in decisions)]
    if not lets_through(warnings):
        return _meeting_page(number, meeting_id, {}, warnings)
    try:
        deciding.record_decisions(meeting, decisions, current_user, today())
    except deciding.NotDecided as why:
        status = 409 if why.overtaken else 422
        renewed = why.reference if why.overtaken else None
        return _meeting_page(number, meeting_id, {why.reference: str(why)}, warnings, renewed), status
    except Refused as why:
        return _meeting_page(number, meeting_id, {"": str(why)}), 422
    flash(f"{counted(len(decisions), 'decision')} recorded", "success")
    return redirect(url_for("bodies.meeting", number=number, meeting_id=meeting_id))


def _meeting_page(
    number: int,
    meeting_id: int,
    errors: Mapping[str, str],
    warnings: Sequence[str] = (),
    renewed: str | None = None,
) -> str:
    """Return the page of a meeting. `errors` are by the reference of the recommendation, or "".

    `renewed` is that of the recommendation that somebody changed meanwhile: the page shows it as it is now.
    """
    body, meeting = _meeting(number, meeting_id)
    on = today()
    business = deciding.business(number, on)
    return render_template(
        "bodies/meeting.html",
        body=body,
        meeting=meeting,
        to_decide=deciding.open_at(meeting, business),
        decided=[decided for decided in business.decided if decided.decided_on == meeting.on],
        state_of=lambda recommendation: deciding.state_of(recommendation, on),
        decisions=DECISIONS,
        given=request.form,
        errors=errors,
        warnings=warnings,
        renewed=renewed,
        mark_of_meeting=mark_of_meeting,
        on=on,
    )


def _decisions(form: Mapping[str, str]) -> list[deciding.Decision]:
    """Return the decisions chosen, also those that the page no longer offers: they are to be refused."""
    decisions = []
    for name, decision in form.items():
        if name.startswith(OF_DECISION) and decision:
            reference = name.removeprefix(OF_DECISION)
            version = form.get(f"version-{reference}", "")
            decisions.append(
                deciding.Decision(
                    reference,
                    decision,
                    form.get(f"words-{reference}"),
                    int(version) if version.isdecimal() else None,
                )
            )
    return decisions


def mark_of_seat(member: BodyMember) -> str:
    """Return the mark of a member's part."""
    return digest(member.part)


def mark_of_meeting(meeting: Meeting) -> str:
    """Return the mark of a meeting's day and note."""
    return digest((meeting.on, meeting.note))


def _body(number: int) -> Body:
    return deciding.found(number) or abort(404)


def _meeting(number: int, meeting_id: int) -> tuple[Body, Meeting]:
    body, meeting = _body(number), db.session.get(Meeting, meeting_id)
    if meeting is None or meeting.body_id != body.id:
        abort(404)
    return body, meeting


def _hold(body: Body, meeting: Meeting) -> None:
    """Lock a meeting after its body: every change of a meeting takes them in this order."""
    held(body)
    held(meeting)


def _address(body: Body) -> str:
    return url_for("bodies.body", number=body.id)


def _form_page(
    form: FlaskForm,
    heading: str,
    caption: str,
    back: str,
    done: str,
    carry_out: Callable[[], str],
    kept: Kept | None = None,
) -> Page:
    """Show a form, or carry it out and go to the address that `carry_out` returns."""

    def render(shown: Shown) -> str:
        if shown.refused:
            form.form_errors = [shown.refused]
        return render_template("bodies/form.html", form=form, heading=heading, caption=caption, back=back)

    return form_page(form, render, carry_out, done=done, kept=kept)

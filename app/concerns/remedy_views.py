"""`/audits/REF/remedies/new`, `/remedies`, `/remedies/REF`: corrections to make on one child's file."""

from collections.abc import Callable, Mapping
from typing import Any

from flask import abort, flash, render_template, request, url_for
from flask_security import current_user

from app.access import may
from app.audits.facts import found as audit_found
from app.audits.facts import pair_on
from app.audits.models import Audit
from app.clock import today
from app.concerns import remedies, remedy_life, remedy_queries
from app.concerns.blueprint import concerns
from app.concerns.forms import DoneForm, LaterForm, NoteForm, OwnerForm, WithdrawForm
from app.concerns.models import Remedy
from app.concerns.receivers import managers_of
from app.identifying.checking import warned_of
from app.listing import Address, paged
from app.moves.forms import MoveForm
from app.moves.meanwhile import Kept
from app.moves.page import Page, Shown, Words, carried_out, form_page, move_page
from app.people.closures import working_days
from app.people.queries import everyone
from app.people.reading_history import history_for
from app.people.roles import RoleName

NOBODY_YET = "0"


@concerns.route("/audits/<reference>/remedies/new", methods=["GET", "POST"])
def note(reference: str) -> Page:
    """Note as one of the pair what must be put right on the file, for a manager of the case's team."""
    audit = audit_found(reference) or abort(404)
    form = NoteForm()
    owners = _owners_for(audit)
    form.owner.choices = owners
    if len(owners) == 1 and not form.is_submitted():
        form.owner.data, _ = owners[0]

    def render(page: Shown) -> str:
        return render_template("concerns/note.html", audit=audit, form=form, warnings=page.warnings)

    def carry_out() -> str:
        owner_id = int(form.owner.data) or None
        noted = remedies.note(reference, form.text.data, form.due_on.data, owner_id, current_user, today())
        reminded = "Its owner gets an email now, and a reminder before it is due."
        what_next = reminded if owner_id else "A coordinator will choose an owner."
        flash(f"Remedy {noted} added. {what_next}", "success")
        return url_for("concerns.remedy", reference=noted)

    return form_page(form, render, carry_out, warned=lambda: warned_of(form.text.data))


@concerns.get("/remedies", endpoint="remedies")
def all_remedies() -> str:
    """List the remedies that the person may read: their own, their team's, those of their audits, or all."""
    ended = request.args.get("show") == "ended"
    page = paged(remedy_queries.listed(current_user, today(), ended=ended), remedy_queries.PAGE)
    return render_template(
        "concerns/remedies.html",
        page=page,
        rows=[(remedy, _state(remedy)) for remedy in page],
        address=Address.here(),
        ended=ended,
    )


@concerns.get("/remedies/<reference>")
def remedy(reference: str) -> str:
    """Show one remedy: its words, owner, due day and history."""
    remedy = remedy_queries.found(reference) or abort(404)
    audit = audit_found(remedy.audit.reference) or abort(404)
    reads = remedy_queries.may_read(current_user, reference, today())
    history = history_for(current_user, "remedy", reference)
    pair = pair_on(audit, today()).people
    return render_template(
        "concerns/remedy.html",
        remedy=remedy,
        state=_state(remedy),
        overdue=remedy_life.how_overdue(remedies.facts(remedy), today(), working_days()),
        pair=pair,
        to_phone=[person for person in pair or [remedy.raised_by] if not person.has_left(today())],
        reads=reads,
        sees_case=may("concerns.raise", reference=audit.reference),
        is_open=_refused(remedy) is None,
        history=history,
    )


@concerns.route("/remedies/<reference>/done", methods=["GET", "POST"])
def finish(reference: str) -> Page:
    """Record that its owner has put it right."""
    return _change(
        reference,
        DoneForm(),
        Words(
            "Mark remedy as done",
            "No more reminders will be sent. Auditors and coordinators can read how it was put right.",
            "Mark as done",
            f"Remedy {reference} marked as done",
        ),
        remedies.finish,
    )


@concerns.route("/remedies/<reference>/later", methods=["GET", "POST"])
def later(reference: str) -> Page:
    """Give it a later due day."""
    found = remedy_queries.found(reference) or abort(404)
    then = " Reminders start again for the new date." if found.owner_id else ""
    return _change(
        reference,
        LaterForm(),
        Words(
            "Change due date",
            f"The first due date is kept and shown with the new one.{then}",
            "Change due date",
            f"Due date of remedy {reference} changed",
        ),
        remedies.give_more_time,
    )


@concerns.route("/remedies/<reference>/withdraw", methods=["GET", "POST"])
def withdraw(reference: str) -> Page:
    """Withdraw it."""
    return _change(
        reference,
        WithdrawForm(),
        Words(
            "Withdraw remedy",
            "No one will have to put it right, and no more reminders will be sent. You cannot undo this.",
            "Withdraw remedy",
            f"Remedy {reference} withdrawn",
        ),
        remedies.withdraw,
    )


@concerns.route("/remedies/<reference>/owner", methods=["GET", "POST"])
def owner(reference: str) -> Page:
    """Give it another owner, or its first one."""
    form = OwnerForm()
    remedy = remedy_queries.found(reference) or abort(404)
    form.owner.choices = [("", "Choose a person"), *_all_owners(remedy)]
    return _change(
        reference,
        form,
        Words(
            "Change owner" if remedy.owner else "Choose an owner",
            "The owner gets an email now, and reminders from now on. They see what must be put right, but "
            "not the case number. "
            "An auditor of the case can tell them which case it is.",
            "Save owner",
            f"Owner of remedy {reference} saved. They will get reminders about it.",
        ),
        remedies.hand_on,
        lambda: {"owner_id": int(form.owner.data)},
    )


def _change(
    reference: str,
    form: MoveForm,
    words: Words,
    make: Callable[..., object],
    entered: Callable[[], Mapping[str, Any]] | None = None,
) -> Page:
    """Show the form of a change, or carry it out and go back to the remedy."""
    remedy = remedy_queries.found(reference) or abort(404)
    return move_page(
        form,
        Kept(mark=lambda: remedy.mark),
        words,
        carried_out(make, reference, form, entered),
        thing=f"Remedy {reference}",
        back=url_for("concerns.remedy", reference=reference),
        refused=_refused(remedy),
    )


def _state(remedy: Remedy) -> remedy_life.RemedyState:
    return remedy_life.state(remedies.facts(remedy), today(), working_days())


def _refused(remedy: Remedy) -> str | None:
    return remedy_life.refuse_change(remedies.facts(remedy), today(), working_days())


def _owners_for(audit: Audit) -> list[tuple[str, str]]:
    """Return the choices of an owner: the managers of the case's team; nobody yet where there is none."""
    managers = managers_of(audit.team_id, everyone().values(), today())
    if not managers:
        return [(NOBODY_YET, "No one yet: a coordinator will choose an owner")]
    choices = [(str(person.id), f"{person.name}, manager, {audit.team.name}") for person in managers]
    return choices if len(choices) == 1 else [("", "Choose a manager"), *choices]


def _all_owners(remedy: Remedy) -> list[tuple[str, str]]:
    """Return the choices of a coordinator: the people of the case's team and all managers."""
    people = sorted(everyone().values(), key=lambda person: person.name)
    return [
        (str(person.id), person.name)
        for person in people
        if not person.has_left(today())
        and person.id != remedy.owner_id
        and (person.team_id == remedy.audit.team_id or RoleName.MANAGER in person.roles)
    ]

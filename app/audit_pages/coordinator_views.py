"""`/audits/REF/<move>` for the moves that coordinators alone make: due days, ends, reasons, chasing."""

from flask import abort
from flask_security import current_user

from app.answers import second_look
from app.audit_pages.blueprint import audits
from app.audit_pages.forms import (
    ChaseForm,
    ExemptForm,
    ExtendForm,
    LogChaseForm,
    NotReturnedForm,
    ReasonForm,
    SendBackForm,
)
from app.audit_pages.move_views import warnings_of
from app.audits import chasing, moves
from app.audits.facts import found, pair_on
from app.audits.lifecycle import Move
from app.audits.models import Audit
from app.audits.move_page import move_page
from app.clock import today
from app.moves.page import Page, Words


def _audit(reference: str) -> Audit:
    return found(reference) or abort(404)


@audits.route("/audits/<reference>/send-back", methods=["GET", "POST"])
def send_back(reference: str) -> Page:
    """Something is missing from what was returned."""
    form = SendBackForm()
    words = Words(
        "Send back",
        "The pair is told at once what is missing. Reminders start again with the new due day.",
        "Send back",
        f"{reference} has been sent back.",
    )
    return move_page(
        _audit(reference),
        Move.SEND_BACK,
        form,
        words,
        lambda: second_look.send_back(
            reference, current_user, today(), form.because.data, form.due_on.data, form.seen
        ),
    )


@audits.route("/audits/<reference>/extend", methods=["GET", "POST"])
def extend(reference: str) -> Page:
    """A later due day."""
    audit, form = _audit(reference), ExtendForm()
    words = Words(
        "Extend the due day",
        "The first due day is kept beside the new one. Reminders start again with the new due day.",
        "Extend",
        f"The due day of {reference} has been extended.",
    )
    return move_page(
        audit,
        Move.EXTEND,
        form,
        words,
        lambda: moves.extend(
            reference, current_user, today(), form.because.data, form.due_on.data, form.seen
        ),
        lambda: warnings_of(
            audit, [person.id for person in pair_on(audit, today()).people], form.due_on.data
        ),
    )


@audits.route("/audits/<reference>/withdraw", methods=["GET", "POST"])
def withdraw(reference: str) -> Page:
    """Nobody needs to do it any more."""
    form = ReasonForm()
    words = Words(
        "Withdraw",
        "Nobody needs to do it any more and nobody is reminded of it. This cannot be undone. "
        "No message goes to the pair: tell them.",
        "Withdraw",
        f"{reference} has been withdrawn.",
        serious=True,
    )
    return move_page(
        _audit(reference),
        Move.WITHDRAW,
        form,
        words,
        lambda: moves.withdraw(reference, current_user, today(), form.because.data, form.seen),
    )


@audits.route("/audits/<reference>/exempt", methods=["GET", "POST"])
def exempt(reference: str) -> Page:
    """Nobody is chased for it."""
    form = ExemptForm()
    words = Words(
        "Exempt from chasing",
        "Nobody is chased for it any more. It counts as not returned.",
        "Exempt",
        f"{reference} is exempt.",
        serious=True,
    )
    return move_page(
        _audit(reference),
        Move.EXEMPT,
        form,
        words,
        lambda: moves.exempt(
            reference, current_user, today(), form.because.data, form.approved_by.data or "", form.seen
        ),
    )


@audits.route("/audits/<reference>/reason", methods=["GET", "POST"])
def give_reason(reference: str) -> Page:
    """Why it has not come back, and a note for coordinators."""
    audit = _audit(reference)
    form = NotReturnedForm(data={"reason": audit.reason_not_returned or "", "note": audit.note})
    form.reason.choices = [("", "No reason")] + [
        (reason, reason.capitalize()) for reason in moves.reasons_not_returned()
    ]
    words = Words(
        "Reason for not returning",
        "The reason is counted with those of the other audits of the cycle.",
        "Save",
        "Saved.",
    )
    return move_page(
        audit,
        Move.GIVE_REASON,
        form,
        words,
        lambda: moves.give_reason(
            reference, current_user, today(), form.reason.data, form.note.data, form.seen
        ),
    )


@audits.route("/audits/<reference>/chase", methods=["GET", "POST"])
def chase(reference: str) -> Page:
    """Write now to whoever still has something to do."""
    form = ChaseForm()
    words = Words(
        "Chase now",
        "Each auditor who still has something to do gets one email now, also when on leave. "
        "It stands in the chase log.",
        "Send",
        f"The message about {reference} is on its way.",
    )
    return move_page(
        _audit(reference),
        Move.CHASE,
        form,
        words,
        lambda: chasing.chase(reference, current_user, today(), form.sentence.data, form.seen),
    )


@audits.route("/audits/<reference>/log-chase", methods=["GET", "POST"])
def log_chase(reference: str) -> Page:
    """A call, a word in the corridor."""
    form = LogChaseForm(data={"day": today()})
    words = Words(
        "Log a chase",
        "For what you did by hand. Reminders that the service sent stand in the log by themselves.",
        "Save",
        f"The chase of {reference} stands in its log.",
    )
    return move_page(
        _audit(reference),
        Move.LOG_CHASE,
        form,
        words,
        lambda: chasing.log_chase(
            reference,
            current_user,
            today(),
            form.day.data,
            form.channel.data,
            form.outcome.data,
            form.new_expected_on.data,
            form.seen,
        ),
    )

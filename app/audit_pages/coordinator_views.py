"""`/audits/REF/<move>` for the moves that coordinators alone make: due days, ends, reasons, chasing."""

from flask import abort

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
from app.audits.move_page import audit_move_page
from app.clock import today
from app.moves.page import Page, Words


def _audit(reference: str) -> Audit:
    return found(reference) or abort(404)


@audits.route("/audits/<reference>/send-back", methods=["GET", "POST"])
def send_back(reference: str) -> Page:
    """Send a return back from which something is missing."""
    return audit_move_page(
        _audit(reference),
        Move.SEND_BACK,
        SendBackForm(),
        Words(
            "Send back",
            "The pair is told at once what is missing. Reminders start again with the new due day.",
            "Send back",
            f"{reference} has been sent back.",
        ),
        second_look.send_back,
    )


@audits.route("/audits/<reference>/extend", methods=["GET", "POST"])
def extend(reference: str) -> Page:
    """Extend the due day."""
    audit, form = _audit(reference), ExtendForm()
    return audit_move_page(
        audit,
        Move.EXTEND,
        form,
        Words(
            "Extend the due day",
            "The first due day is kept beside the new one. Reminders start again with the new due day.",
            "Extend",
            f"The due day of {reference} has been extended.",
        ),
        moves.extend,
        lambda: warnings_of(
            audit, [person.id for person in pair_on(audit, today()).people], form.due_on.data
        ),
    )


@audits.route("/audits/<reference>/withdraw", methods=["GET", "POST"])
def withdraw(reference: str) -> Page:
    """Withdraw an audit."""
    return audit_move_page(
        _audit(reference),
        Move.WITHDRAW,
        ReasonForm(),
        Words(
            "Withdraw",
            "Nobody needs to do it any more and nobody is reminded of it. This cannot be undone. "
            "No message goes to the pair: tell them.",
            "Withdraw",
            f"{reference} has been withdrawn.",
            serious=True,
        ),
        moves.withdraw,
    )


@audits.route("/audits/<reference>/exempt", methods=["GET", "POST"])
def exempt(reference: str) -> Page:
    """Exempt an audit from chasing."""
    return audit_move_page(
        _audit(reference),
        Move.EXEMPT,
        ExemptForm(),
        Words(
            "Exempt from chasing",
            "Nobody is chased for it any more. It counts as not returned.",
            "Exempt",
            f"{reference} is exempt.",
            serious=True,
        ),
        moves.exempt,
    )


@audits.route("/audits/<reference>/reason", methods=["GET", "POST"])
def give_reason(reference: str) -> Page:
    """Record why it was not returned, and a note for coordinators."""
    audit = _audit(reference)
    form = NotReturnedForm(data={"reason": audit.reason_not_returned or "", "note": audit.note})
    form.reason.choices = [("", "No reason")] + [
        (reason, reason.capitalize()) for reason in moves.reasons_not_returned()
    ]
    return audit_move_page(
        audit,
        Move.GIVE_REASON,
        form,
        Words(
            "Reason for not returning",
            "The reason is counted with those of the other audits of the cycle.",
            "Save",
            "Saved.",
        ),
        moves.give_reason,
    )


@audits.route("/audits/<reference>/chase", methods=["GET", "POST"])
def chase(reference: str) -> Page:
    """Write now to each auditor who still has something to do."""
    return audit_move_page(
        _audit(reference),
        Move.CHASE,
        ChaseForm(),
        Words(
            "Chase now",
            "Each auditor who still has something to do gets one email now, also when on leave. "
            "It stands in the chase log.",
            "Send",
            f"The message about {reference} is on its way.",
        ),
        chasing.chase,
    )


@audits.route("/audits/<reference>/log-chase", methods=["GET", "POST"])
def log_chase(reference: str) -> Page:
    """Log a chase that was made by hand: a call, a word in the corridor."""
    form = LogChaseForm(data={"day": today()})
    return audit_move_page(
        _audit(reference),
        Move.LOG_CHASE,
        form,
        Words(
            "Log a chase",
            "For what you did by hand. Reminders that the service sent stand in the log by themselves.",
            "Save",
            f"The chase of {reference} stands in its log.",
        ),
        chasing.log_chase,
    )

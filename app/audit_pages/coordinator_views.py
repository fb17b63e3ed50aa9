"""`/audits/REF/<move>` for the moves that coordinators alone make: due days, ends, reasons, chasing."""

from typing import Any

from flask import abort, flash, url_for
from flask_security import current_user

from app.answers import second_look
from app.audit_pages.blueprint import audits
from app.audit_pages.forms import (
    CaseNumberForm,
    ChaseForm,
    ExemptForm,
    ExtendForm,
    LogChaseForm,
    NameWorkerForm,
    NotReturnedForm,
    ReasonForm,
    SendBackForm,
)
from app.audit_pages.move_views import promise_ends, warnings_of, warnings_of_case
from app.audits import chasing, lifecycle, moves
from app.audits.facts import facts, found, pair_on
from app.audits.lifecycle import Move
from app.audits.models import Audit
from app.audits.move_page import audit_move_page
from app.clock import today
from app.moves.fields import NO_CHILD, no_choice, number
from app.moves.meanwhile import Kept
from app.moves.page import Page, Words, move_page
from app.people.choosing import people_here
from app.people.closures import due_in_words
from app.readings.noting import case_number
from app.sampling import correcting
from app.wording import capitalised, plural
from app.workers import naming


def _audit(reference: str) -> Audit:
    return found(reference) or abort(404)


@audits.route("/audits/<reference>/send-back", methods=["GET", "POST"])
def send_back(reference: str) -> Page:
    """Send a return back from which something is missing."""
    audit, form = _audit(reference), SendBackForm()
    pair = pair_on(audit, today())
    number, who = len(pair.people), capitalised(pair.in_words())
    form.because.description = f"{who} {plural(number, 'gets', 'get')} this by email now. {NO_CHILD}"
    return audit_move_page(
        audit,
        Move.SEND_BACK,
        form,
        Words(
            "Send audit back",
            f"{who} {plural(number, 'gets', 'get')} an email now that says what is missing. "
            "Reminders start again for the new due date.",
            "Send audit back",
            f"Audit {reference} sent back. {who} {plural(number, 'is', 'are')} being told by email.",
        ),
        second_look.send_back,
    )


@audits.route("/audits/<reference>/extend", methods=["GET", "POST"])
def extend(reference: str) -> Page:
    """Extend the due date."""
    audit, form = _audit(reference), ExtendForm()
    is_exempt = lifecycle.is_exempt(facts(audit, today()), today())
    auditors = [person.id for person in pair_on(audit, today()).people]
    then = (
        "No reminders are sent, because the audit is exempt."
        if is_exempt
        else "Reminders start again for the new due date."
    )
    if auditors and not is_exempt:
        then += " Its auditors find the new date on their first page and in a daily email."
    return audit_move_page(
        audit,
        Move.EXTEND,
        form,
        Words(
            "Extend due date",
            f"The first due date is kept and shown with the new one. {then}{promise_ends(audit)}",
            "Extend due date",
            f"Due date of audit {reference} extended to {due_in_words(form.due_on.data)}",
        ),
        moves.extend,
        lambda: warnings_of(audit, auditors, form.due_on.data),
    )


@audits.route("/audits/<reference>/withdraw", methods=["GET", "POST"])
def withdraw(reference: str) -> Page:
    """Withdraw an audit."""
    return audit_move_page(
        _audit(reference),
        Move.WITHDRAW,
        ReasonForm(),
        Words(
            "Withdraw audit",
            "No one will have to do this audit, and no more reminders will be sent. You cannot undo this. "
            "Its auditors get an email that there is nothing more to do, if they had one about this audit.",
            "Withdraw audit",
            f"Audit {reference} withdrawn",
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
            "Exempt audit",
            "An exempt audit does not have to be returned and counts as not returned. "
            "No more reminders will be sent. Its auditors get an email that there is nothing to do for now, "
            "if they had one about this audit. You can take the exemption back.",
            "Exempt audit",
            f"Audit {reference} is now exempt",
            serious=True,
        ),
        moves.exempt,
    )


@audits.route("/audits/<reference>/lift-exemption", methods=["GET", "POST"])
def lift_exemption(reference: str) -> Page:
    """Take an exemption back."""
    audit = _audit(reference)
    pair = pair_on(audit, today())
    who = pair.in_words("its auditors") if pair.people else "no one is assigned, so coordinators"
    due_on = due_in_words(audit.due_on)
    return audit_move_page(
        audit,
        Move.LIFT_EXEMPTION,
        ReasonForm(),
        Words(
            "Take exemption back",
            f"The audit has to be returned by {due_on}. {capitalised(who)} will get reminders again. "
            "If they need more time, extend the due date afterwards.",
            "Take exemption back",
            f"Audit {reference} is no longer exempt",
        ),
        moves.lift_exemption,
    )


@audits.route("/audits/<reference>/chases/<int:chase_id>/strike", methods=["GET", "POST"])
def strike_chase(reference: str, chase_id: int) -> Page:
    """Strike through an entry of the chase log."""
    audit, form = _audit(reference), ReasonForm()
    logged = next((chase for chase in audit.chases if chase.id == chase_id), None) or abort(404)
    back = url_for("audits.detail", reference=reference)
    # the heading is also the title, which is no place for what somebody wrote
    entry = chasing.chase_in_words(logged.channel, logged.day)
    return move_page(
        form,
        Kept(mark=lambda: audit.mark),
        Words(
            f"Strike through the entry {entry}",
            "Use this if the entry was made by mistake. It stays in the chase log, struck through "
            "with your reason, and counts as no chase. A date that was promised with it no longer counts.",
            "Strike entry through",
            "Entry of the chase log struck through",
        ),
        lambda: chasing.strike_chase(
            reference, chase_id, current_user, today(), form.because.data, form.seen
        ),
        thing=f"Audit {reference}",
        back=back,
        refused=chasing.refuse_striking(audit, chase_id),
        inset=capitalised(chasing.chase_in_words(logged.channel, logged.day, logged.with_whom)),
    )


@audits.route("/audits/<reference>/reason", methods=["GET", "POST"])
def give_reason(reference: str) -> Page:
    """Record why it was not returned, and a note for coordinators."""
    audit = _audit(reference)

    def filled() -> NotReturnedForm:
        return NotReturnedForm(data={"reason": audit.reason_not_returned or "", "note": audit.note})

    form = filled()
    form.reason.choices = [("", "No reason")] + [
        (reason, capitalised(reason)) for reason in moves.reasons_not_returned()
    ]
    return audit_move_page(
        audit,
        Move.GIVE_REASON,
        form,
        Words(
            "Record why it was not returned",
            "The cycle shows how many audits were not returned for each reason.",
            "Save reason",
            f"Reason and note for audit {reference} saved",
        ),
        moves.give_reason,
        filled=filled,
    )


@audits.route("/audits/<reference>/case-number", methods=["GET", "POST"])
def correct_case_number(reference: str) -> Page:
    """Correct the number of the case."""
    audit = _audit(reference)

    def filled() -> CaseNumberForm:
        return CaseNumberForm(data={"case_reference": case_number(audit)})

    form = filled()
    return audit_move_page(
        audit,
        Move.CORRECT_CASE,
        form,
        Words(
            "Correct case number",
            "A wrong case number can hide that a case was audited before, or that an auditor is not "
            "independent of it. No one gets an email.",
            "Correct case number",
            f"Case number of audit {reference} corrected",
        ),
        correcting.correct_case_number,
        lambda: warnings_of_case(audit, form.case_reference.data or ""),
        filled=filled,
    )


@audits.route("/audits/<reference>/name-worker", methods=["GET", "POST"])
def name_worker(reference: str) -> Page:
    """Name the worker of the case, or another one."""
    audit, on = _audit(reference), today()

    def filled() -> NameWorkerForm:
        form = NameWorkerForm(data={"worker": str(audit.worker_id or "")})
        form.worker.choices = no_choice("No one", _with_worker(audit, people_here(on)))
        form.override_reason.description = "Only needed if an auditor is the worker or their line manager"
        if audit.cycle.self_assessment or not any(spell.ended_on is None for spell in audit.assignments):
            del form.override_reason
        return form

    form = filled()
    return audit_move_page(
        audit,
        Move.NAME_WORKER,
        form,
        Words(
            "Change the worker" if audit.worker else "Name the worker",
            naming.who_is_told(audit, on),
            "Save worker",
            f"Worker of audit {reference} saved",
        ),
        naming.name_worker,
        entered=lambda: {
            "worker_id": number(form.worker.data),
            "override_reason": form.entered().get("override_reason"),
        },
        filled=filled,
    )


def _with_worker(audit: Audit, people: list[tuple[str, str]]) -> list[tuple[str, str]]:
    """Return these choices with the present worker, who may have left."""
    worker = audit.worker
    if worker is None or str(worker.id) in dict(people):
        return people
    return [(str(worker.id), f"{worker.name}, has left"), *people]


@audits.route("/audits/<reference>/chase", methods=["GET", "POST"])
def chase(reference: str) -> Page:
    """Write now to each auditor who still has something to do."""
    return audit_move_page(
        _audit(reference),
        Move.CHASE,
        ChaseForm(),
        Words(
            "Chase by email",
            "Each auditor who still has something to do gets one email now, even if they are on leave. "
            "The email is added to the chase log.",
            "Send email",
            f"The email about audit {reference} is on its way",
        ),
        chasing.chase,
    )


@audits.route("/audits/<reference>/log-chase", methods=["GET", "POST"])
def log_chase(reference: str) -> Page:
    """Log a chase that was made by hand: a call, a word in the corridor."""
    form = LogChaseForm(data={"day": today()})

    def log(reference: str, **entered: Any) -> None:
        if said := chasing.log_chase(reference, **entered):
            flash(said)

    return audit_move_page(
        _audit(reference),
        Move.LOG_CHASE,
        form,
        Words(
            "Add to chase log",
            "Use this to record that you phoned, emailed or spoke to an auditor. "
            "Reminders that the service sends are added to the log automatically.",
            "Add to chase log",
            chasing.LOGGED.get(form.channel.data, ""),
        ),
        log,
    )

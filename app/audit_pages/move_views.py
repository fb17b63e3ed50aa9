"""`/audits/REF/<move>`: a small page for each move, with its form and the sentence when it is refused."""

from collections.abc import Sequence
from datetime import date

from flask import abort, redirect, url_for
from flask_security import current_user

from app.assigning import moves as assigning
from app.assigning.choices import auditors, options
from app.assigning.forms import override_hint
from app.assigning.independence import conflicts, warnings, warnings_about_case
from app.assigning.suitability import case_facts
from app.audit_pages.blueprint import audits
from app.audit_pages.forms import AssignForm, AssignOneForm, CannotForm, PromiseForm, ReassignForm
from app.audits import moves, promising
from app.audits.facts import Pair, found, pair_on
from app.audits.lifecycle import Move
from app.audits.models import Audit
from app.audits.move_page import audit_move_page
from app.audits.parts import LEAD, PARTS, SECOND, needed
from app.audits.promises import latest_of_auditor
from app.clock import today
from app.moves.fields import number
from app.moves.forms import MoveForm
from app.moves.page import Page, Words
from app.people.closures import working_days
from app.people.models import Person
from app.people.queries import everyone
from app.people.reaching import with_leaving
from app.wording import capitalised
from app.wording import in_words as day_in_words


def warnings_of(audit: Audit, ids: Sequence[int], due_on: date | None = None) -> list[str]:
    """Return the warnings before these auditors are set, or the audit gets another due day."""
    people, on = everyone(), today()
    case = case_facts([audit], on, due_on)[audit.id]
    return warnings([people[person_id] for person_id in ids if person_id in people], case, on)


def warnings_of_case(audit: Audit, case_reference: str) -> list[str]:
    """Return the warnings before an audit gets another case number."""
    people, on = everyone(), today()
    case = case_facts([audit], on, case_reference=case_reference)[audit.id]
    auditors_now = [people[person_id] for person_id in _ids(pair_on(audit, on))]
    return warnings_about_case(case, on) + conflicts(auditors_now, case)


def promise_ends(audit: Audit) -> str:
    """Return the sentences, each after a space, on the promise that ends with other auditors or another due
    date; nothing where none holds."""
    if (held := promising.who_promised(audit, today())) is None:
        return ""
    name, promised_on = held
    return (
        f" {name} said that it will be back by {day_in_words(promised_on)}. That promise ends, and its "
        "auditors are reminded again."
    )


@audits.route("/audits/<reference>/start", methods=["GET", "POST"])
def start(reference: str) -> Page:
    """Start an audit as one of its auditors."""
    audit = _audit(reference)
    partner = pair_on(audit, today()).partner_of(current_user.id)
    return audit_move_page(
        audit,
        Move.START,
        MoveForm(),
        Words(
            "Mark as started on paper",
            f"{'The other auditor and the' if partner else 'The'} coordinators will see that the audit is in "
            "progress. No one gets an email.",
            "Mark as started",
            f"Audit {reference} is now in progress",
        ),
        moves.start,
    )


@audits.route("/audits/<reference>/return", methods=["GET", "POST"])
def return_audit(reference: str) -> Page:
    """Redirect to the page with all answers and blanks, from which the lead returns it."""
    return redirect(url_for("answers.check", reference=reference))


@audits.route("/audits/<reference>/cannot", methods=["GET", "POST"])
def cannot(reference: str) -> Page:
    """Decline an audit; the coordinators are told at once."""
    return audit_move_page(
        _audit(reference),
        Move.DECLINE,
        CannotForm(),
        Words(
            "I cannot do this audit",
            "The coordinators will be told at once. They will find someone else to do it.",
            "Tell the coordinators",
            f"You do not have to do audit {reference}. The coordinators are being told.",
        ),
        assigning.decline,
    )


@audits.route("/audits/<reference>/promise", methods=["GET", "POST"])
def promise(reference: str) -> Page:
    """Say, as one of its auditors, when an audit will be back."""
    audit, days = _audit(reference), working_days()
    latest = latest_of_auditor(audit.due_on, audit.cycle.cut_off_on, days)
    form, held = PromiseForm(), promising.who_promised(audit, today())
    meaning = (
        f"You can choose a date up to {day_in_words(latest)}, once. Until then you will not be reminded that "
        "the audit is overdue. The due date stays the same, and coordinators can see both dates."
    )
    if held:
        name, promised_on = held
        given = (
            f"{name} said that it will be back by {day_in_words(promised_on)}. Your date replaces that one."
        )
        meaning = f"{given} {meaning}"

    def warned() -> list[str]:
        chosen = form.promised_on.data
        if held is None or chosen is None or chosen >= held[1]:
            return []
        return [f"Your date is earlier than {day_in_words(held[1])}, the date that {held[0]} gave"]

    return audit_move_page(
        audit,
        Move.PROMISE,
        form,
        Words(
            "Say when it will be back",
            meaning,
            "Save date",
            f"Date for audit {reference} saved",
        ),
        promising.promise,
        warned,
        refused=promising.refuse_promise(audit, current_user.id, today()),
    )


@audits.route("/audits/<reference>/assign", methods=["GET", "POST"])
def assign(reference: str) -> Page:
    """Assign the auditors that are missing."""
    audit, on = _audit(reference), today()
    pair = pair_on(audit, on)
    form = AssignForm() if SECOND in needed(pair.auditors) else AssignOneForm()
    case = case_facts([audit], on)[audit.id]
    form.override_reason.description = _override_hint(audit)
    for part, field in ((LEAD, form.lead), (SECOND, form.second)):
        if pair.of(part) is not None:
            del form[field.name]
        else:
            field.choices = [("", "Choose an auditor"), *options(auditors(on), case, _ids(pair))]

    def chosen(part: str) -> int | None:
        return number(form[part].data) if part in form else None

    def assign_pair(reference: str, by: Person, on: date, version: int | None) -> None:
        pair = assigning.NewPair(reference, chosen(LEAD), chosen(SECOND), form.override_reason.data, version)
        assigning.assign(pair, by, on)

    return audit_move_page(
        audit,
        Move.ASSIGN,
        form,
        Words(
            "Assign auditors",
            "They get an email now, unless today is not a working day or they are on leave."
            f"{promise_ends(audit)}",
            "Assign auditors",
            f"Audit {reference} assigned",
        ),
        assign_pair,
        lambda: warnings_of(audit, [id_ for part in PARTS if (id_ := chosen(part)) is not None]),
        dict,
    )


@audits.route("/audits/<reference>/reassign", methods=["GET", "POST"])
def reassign(reference: str) -> Page:
    """Give one part to another auditor."""
    audit, on = _audit(reference), today()
    form, pair = ReassignForm(), pair_on(audit, on)
    form.part.choices = [
        (spell.part, f"{capitalised(pair.called(spell.part))}, {with_leaving(spell.person, on)}")
        for spell in pair.spells
        if spell.person is not None
    ]
    case = case_facts([audit], on)[audit.id]
    form.override_reason.description = _override_hint(audit)
    form.to.choices = [("", "Choose an auditor"), *options(auditors(on), case, _ids(pair))]
    return audit_move_page(
        audit,
        Move.REASSIGN,
        form,
        Words(
            "Replace an auditor",
            "The new auditor gets an email now, unless today is not a working day or they are on leave. "
            "So does the one who is replaced, if they had an email about this audit."
            f"{promise_ends(audit)}",
            "Replace auditor",
            f"Auditor replaced for audit {reference}",
        ),
        assigning.reassign,
        lambda: warnings_of(audit, [int(form.to.data)], form.due_on.data),
        lambda: form.entered() | {"to": int(form.to.data)},
    )


def _override_hint(audit: Audit) -> str:
    return override_hint(
        "the case",
        self_assessment=audit.cycle.self_assessment,
        is_again=audit.re_audit_of_id is not None,
    )


def _ids(pair: Pair) -> list[int]:
    return [person.id for person in pair.people]


def _audit(reference: str) -> Audit:
    return found(reference) or abort(404)

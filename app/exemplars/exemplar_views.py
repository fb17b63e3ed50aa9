"""`/exemplars`: examples of good work for all staff; and their stages, for those who look after them.

Staff see what was good and nothing about where it was found: no audit, no team, no auditor.
"""

from collections.abc import Callable

from flask import abort, render_template, url_for
from flask_security import current_user

from app.access import may
from app.audits.audited_again import unread
from app.audits.standing import standings
from app.clock import today
from app.exemplars import moves, queries
from app.exemplars.blueprint import exemplars
from app.exemplars.life import ExemplarMove, refuse, state
from app.exemplars.models import Exemplar
from app.exemplars.moves import facts_of
from app.findings.questions import key_area_names
from app.history import record
from app.moves.forms import MoveForm, WordsMoveForm
from app.moves.meanwhile import Kept
from app.moves.page import Page, Words, move_page
from app.people.closures import working_days

STEPS = (
    (ExemplarMove.APPROVE, "Approve example", "exemplars.approve"),
    (ExemplarMove.CHANGE, "Edit example", "exemplars.edit"),
    (ExemplarMove.RETIRE, "Retire example", "exemplars.retire"),
)


@exemplars.get("/exemplars")
def shown() -> str:
    """Show the exemplars that staff see, and to those who look after them the others."""
    on = today()
    looks_after, writes = may("exemplars.exemplar", reference=""), may("exemplars.nominations")
    at = standings(on, working_days())
    return render_template(
        "exemplars/shown.html",
        areas=queries.shown(on),
        looks_after=looks_after,
        waiting=queries.waiting(on) if looks_after else [],
        retired=queries.retired(on) if looks_after else [],
        nominated=queries.how_many_nominated(at, unread()) if writes else 0,
    )


@exemplars.get("/exemplars/<reference>")
def exemplar(reference: str) -> str:
    """Show an exemplar, its state and what can be done next."""
    exemplar, on = found(reference), today()
    facts = facts_of(exemplar)
    return render_template(
        "exemplars/exemplar.html",
        exemplar=exemplar,
        key_area=key_area_names().get(exemplar.question or "", queries.OTHER),
        state=state(facts, on),
        steps=[
            (text, endpoint) for move, text, endpoint in STEPS if not refuse(move, facts, on, current_user.id)
        ],
        audit=queries.audit_of(exemplar) if may("exemplars.write") else None,
        history=record.of(exemplar.kind, reference),
        on=on,
    )


@exemplars.route("/exemplars/<reference>/approve", methods=["GET", "POST"])
def approve(reference: str) -> Page:
    """Approve an exemplar, so that all staff may read it."""
    form = MoveForm()
    return _move(
        reference,
        ExemplarMove.APPROVE,
        form,
        Words(
            "Approve example",
            "All staff will be able to read this. Check that no one could tell which child, family or worker "
            "it is about.",
            "Approve",
            "Example approved. All staff can now read it.",
        ),
        lambda: moves.approve(reference, by=current_user, on=today(), seen=form.mark),
    )


@exemplars.route("/exemplars/<reference>/retire", methods=["GET", "POST"])
def retire(reference: str) -> Page:
    """Retire an exemplar, so that staff no longer see it."""
    form = WordsMoveForm()
    form.said.label.text = "Why are you retiring this example?"
    return _move(
        reference,
        ExemplarMove.RETIRE,
        form,
        Words(
            "Retire example",
            "Staff will no longer see this example. You cannot bring it back.",
            "Retire",
            "Example retired",
            serious=True,
        ),
        lambda: moves.retire(reference, form.said.data, by=current_user, on=today(), seen=form.mark),
    )


def _move(
    reference: str,
    move: ExemplarMove,
    form: MoveForm,
    words: Words,
    carry_out: Callable[[], None],
) -> Page:
    exemplar = found(reference)
    return move_page(
        form,
        Kept(mark=lambda: exemplar.mark),
        words,
        carry_out,
        thing=f"Example of good work {reference}",
        back=url_for("exemplars.exemplar", reference=reference),
        refused=refuse(move, facts_of(exemplar), today(), current_user.id),
        inset=exemplar.text,
    )


def found(reference: str) -> Exemplar:
    """Return the exemplar that an address names; 404 when there is none."""
    return queries.found(reference) or abort(404)

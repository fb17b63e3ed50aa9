"""`/exemplars`: examples of good work for all staff; and, for those who look after them, how they get there.

Staff see what was good and nothing of where it was found: no audit, no team, no auditor.
"""

import re
from collections.abc import Callable

from flask import abort, flash, redirect, render_template, request, url_for
from flask_security import current_user

from app.actions import exemplar_queries, exemplars
from app.actions.blueprint import actions
from app.actions.exemplar_life import ExemplarMove, refuse, state
from app.actions.exemplars import KIND, Words, facts_of, words_of
from app.actions.forms import ExemplarForm, WordsForm, no_choice
from app.actions.quick_win_models import Exemplar
from app.answers.identifying import warnings
from app.audits.chase_list_views import Address
from app.audits.forms import MoveForm
from app.audits.moving import NotNow
from app.audits.standing import standings
from app.clock import today
from app.findings.asked import key_area_names
from app.history import record
from app.move_page import Page, Shown, move_page
from app.move_page import Words as Heading
from app.people.closures import working_days
from app.permissions import may
from app.refusal import Refused

PAGE = exemplar_queries.PAGE

STEPS = (
    (ExemplarMove.APPROVE, "Approve it", "actions.approve_exemplar"),
    (ExemplarMove.CHANGE, "Change it", "actions.edit_exemplar"),
    (ExemplarMove.RETIRE, "Retire it", "actions.retire_exemplar"),
)


@actions.get("/exemplars", endpoint="exemplars")
def shown() -> str:
    """What staff see; for those who look after it also what waits and what was retired."""
    on = today()
    looks_after, writes = may("actions.exemplar", reference=""), may("actions.nominations")
    at = standings(on, working_days())
    return render_template(
        "actions/exemplars.html",
        areas=exemplar_queries.shown(on),
        looks_after=looks_after,
        waiting=exemplar_queries.waiting(on) if looks_after else [],
        retired=exemplar_queries.retired(on) if looks_after else [],
        nominated=exemplar_queries.how_many_nominated(at) if writes else 0,
    )


@actions.get("/exemplars/nominations")
def nominations() -> str:
    """The audits that were nominated and that nothing has been written from yet."""
    at = standings(today(), working_days())
    total = exemplar_queries.how_many_nominated(at)
    pages = -(-total // PAGE) or 1
    page = min(max(1, request.args.get("page", 1, int)), pages)
    return render_template(
        "actions/nominations.html",
        nominations=exemplar_queries.nominations(at, skip=(page - 1) * PAGE),
        total=total,
        page=page,
        pages=pages,
        address=Address(request.args.to_dict()),
    )


@actions.get("/exemplars/<reference>")
def exemplar(reference: str) -> str:
    """One exemplar, how far it has got and what can be done next."""
    found, on = _found(reference), today()
    facts = facts_of(found)
    return render_template(
        "actions/exemplar.html",
        exemplar=found,
        key_area=key_area_names().get(found.question or "", exemplar_queries.OTHER),
        state=state(facts, on),
        steps=[
            (text, endpoint) for move, text, endpoint in STEPS if not refuse(move, facts, on, current_user.id)
        ],
        audit=exemplar_queries.audit_of(found) if may("actions.write_exemplar") else None,
        history=record.of(KIND, reference),
        on=on,
    )


@actions.route("/exemplars/new", methods=["GET", "POST"])
def write_exemplar() -> Page:
    """Write up a nominated audit (`?audit=CP-001`) without the case."""
    at = standings(today(), working_days())
    nominated = exemplar_queries.nomination(request.args.get("audit", ""), at) or abort(404)

    def save(said: Words) -> str:
        made = exemplars.write(nominated.audit, said, by=current_user, on=today())
        flash(f"Exemplar {made.reference} is written. Somebody else approves it.", "success")
        return made.reference

    form = ExemplarForm()
    back = url_for("actions.nominations")
    return _writing(form, nominated.audit, nominated.because, "Write up an example of good work", save, back)


@actions.route("/exemplars/<reference>/edit", methods=["GET", "POST"])
def edit_exemplar(reference: str) -> Page:
    """Change its words while it waits for approval."""
    found = _found(reference)
    form = ExemplarForm(obj=found)
    if not form.is_submitted():
        form.version.data = words_of(found).mark

    def save(said: Words) -> str:
        exemplars.change(reference, said, by=current_user, on=today(), seen=form.version.data or None)
        flash("The exemplar is changed.", "success")
        return reference

    audit = exemplar_queries.audit_of(found) or ""
    nominated = exemplar_queries.nomination(audit, standings(today(), working_days()))
    refused = refuse(ExemplarMove.CHANGE, facts_of(found), today(), current_user.id)
    back = url_for("actions.exemplar", reference=reference)
    return _writing(
        form, audit, nominated.because if nominated else None, "Change an exemplar", save, back, refused
    )


@actions.route("/exemplars/<reference>/approve", methods=["GET", "POST"])
def approve_exemplar(reference: str) -> Page:
    """All staff may read it."""
    return _move(
        reference,
        ExemplarMove.APPROVE,
        MoveForm(),
        Heading(
            "Approve it",
            "All staff will read this. Could anybody tell from it which child, family or worker it is?",
            "Approve",
            "It is approved and shown to staff.",
        ),
        lambda form: exemplars.approve(
            reference, by=current_user, on=today(), seen=form.version.data or None
        ),
    )


@actions.route("/exemplars/<reference>/retire", methods=["GET", "POST"])
def retire_exemplar(reference: str) -> Page:
    """Staff see it no more."""
    form = WordsForm()
    form.said.label.text = "Why is it retired?"
    return _move(
        reference,
        ExemplarMove.RETIRE,
        form,
        Heading(
            "Retire it",
            "Staff see it no more. It cannot be brought back.",
            "Retire",
            "It is retired.",
            serious=True,
        ),
        lambda _form: exemplars.retire(reference, form.said.data or "", by=current_user, on=today()),
    )


def _writing(
    form: ExemplarForm,
    audit: str,
    because: str | None,
    heading: str,
    save: Callable[[Words], str],
    back: str,
    refused: str | None = None,
) -> Page:
    """The form; where its words look as if they gave somebody away, the warnings first."""
    form.question.choices = no_choice("None of them", exemplar_queries.questions_for(audit))
    if audit == "" and isinstance(form.question.object_data, str):
        # the audit is gone, and with it the list: it stays what it is
        form.question.choices.append((form.question.object_data, form.question.object_data))

    def shown(status: int, warned: list[str] | None = None, refused: str | None = None) -> Page:
        page = render_template(
            "actions/exemplar_write.html",
            form=form,
            heading=heading,
            because=because,
            written=exemplar_queries.written_from(audit),
            warnings=warned or [],
            refused=refused,
            back=back,
        )
        return page, status

    if refused or not form.is_submitted():
        return shown(409 if refused and form.is_submitted() else 200, refused=refused)
    if not form.validate():
        return shown(422)
    said = Words(form.title.data or "", form.text.data or "", form.question.data or None)
    warned = _warned(said, because, exemplar_queries.gives_away(audit))
    if not set(warned) <= set(request.form.getlist("let_through")):
        return shown(200, warned)
    try:
        return redirect(url_for("actions.exemplar", reference=save(said)))
    except NotNow as why:
        return shown(409, refused=str(why))
    except Refused as why:
        form.form_errors = [str(why)]
        return shown(422)


def _warned(said: Words, because: str | None, gives_away: list[str]) -> list[str]:
    """A sentence for each thing in the words by which somebody could be known, each once."""
    told = f"{said.title}\n{said.text}"
    found = warnings(told)
    if because and because.strip() in told:
        found.append("These are the auditors’ words. Say what is good in your own.")
    found += [
        f"“{name}” tells whose work it was. Take it out."
        for name in dict.fromkeys(gives_away)
        if re.search(rf"(?<!\w){re.escape(name)}(?!\w)", told, re.IGNORECASE)
    ]
    return found


def _move(
    reference: str,
    move: ExemplarMove,
    form: MoveForm,
    words: Heading,
    carry_out: Callable[[MoveForm], None],
) -> Page:
    found, back = _found(reference), url_for("actions.exemplar", reference=reference)

    def render(page: Shown) -> str:
        return render_template(
            "actions/exemplar_move.html",
            exemplar=found,
            form=form,
            words=words,
            refused=page.refused,
            back=back,
        )

    return move_page(
        form,
        words_of(found).mark,
        render,
        lambda: carry_out(form),
        done=words.done,
        then=lambda: back,
        refused=refuse(move, facts_of(found), today(), current_user.id),
    )


def _found(reference: str) -> Exemplar:
    return exemplar_queries.found(reference) or abort(404)

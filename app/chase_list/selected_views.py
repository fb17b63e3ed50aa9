"""`/audits/selected`: chase, extend or reassign the audits that were ticked on the chase list, in one go."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from flask import flash, redirect, render_template, request, url_for
from flask_security import current_user
from flask_wtf import FlaskForm
from sqlalchemy import select

from app.assigning import moves as assigning
from app.assigning.choices import auditors
from app.assigning.independence import warnings
from app.assigning.suitability import case_facts
from app.audit_pages.forms import ChaseForm, ExtendForm
from app.audit_pages.move_views import promise_ends
from app.audits import chasing, lifecycle, moves
from app.audits.facts import facts, pair_on, with_facts
from app.audits.lifecycle import Move
from app.audits.models import Audit
from app.chase_list.blueprint import chase_list
from app.clock import today
from app.database import db
from app.moves.fields import ChoiceField, DateField, WordsField
from app.moves.page import Page, asks_again, lets_through
from app.people.closures import working_days
from app.people.queries import everyone
from app.wording import counted

Refusals = Mapping[str, str]


class HandOverForm(FlaskForm):  # type: ignore[misc]
    """The form that gives the parts of one auditor to another."""

    away = ChoiceField("Which auditor do you want to replace?", named="the auditor to replace")
    to = ChoiceField("New auditor", named="a new auditor")
    because = WordsField("Why are you replacing them?", named="why you are replacing them")
    due_on = DateField("New due date (optional)", hint="Leave this blank to keep the due dates", needed=False)


@dataclass(frozen=True)
class Task:
    """A move of the selected audits: its words, its form, its warnings, and its function."""

    heading: str
    button: str
    done: str
    """The confirmation, with a place for the number of audits: "{audits} extended"."""
    not_done: str
    move: Move
    form: FlaskForm
    warned: Callable[[Sequence[Audit]], list[str]]
    carry_out: Callable[[Sequence[str]], Refusals]


@chase_list.route("/audits/selected", methods=["GET", "POST"])
def selected() -> Page:
    """Show the form for the ticked audits, or carry the move out in one transaction and show the refusals."""
    chosen = _chosen(request.form.getlist("audit"))
    make = TASKS.get(request.form.get("do", ""))
    if not chosen or make is None:
        if request.method == "POST":
            flash("Select at least one audit")
        return redirect(url_for("chase_list.listing"))
    on = today()
    task = make(chosen, on)
    references = [audit.reference for audit in chosen]

    def shown(status: int = 200, warned: Sequence[str] = ()) -> tuple[str, int]:
        page = render_template(
            "chase_list/selected.html",
            task=task,
            form=task.form,
            do=request.form["do"],
            audits=chosen,
            refused=_refusals_now(chosen, task.move, on),
            warnings=warned,
        )
        return page, status

    if "carry_out" not in request.form:
        for field in task.form:
            field.errors = []
        return shown()
    if not task.form.validate():
        return shown(422)
    warned = task.warned(chosen)
    if asks_again(task.form) or not lets_through(warned):
        return shown(warned=warned)
    refused = task.carry_out(references)
    if not refused:
        flash(task.done.format(audits=counted(len(references), "audit")), "success")
        return redirect(url_for("chase_list.listing"))
    done = [reference for reference in references if reference not in refused]
    page = render_template("chase_list/selected_done.html", task=task, done=done, refused=refused)
    return page, 200 if done else 409


def _chosen(references: Sequence[str]) -> Sequence[Audit]:
    return with_facts(db.session.scalars(select(Audit.id).where(Audit.called(*references))))


def _refusals_now(chosen: Sequence[Audit], move: Move, on: date) -> Refusals:
    """Return the reasons of audits whose state does not allow the move, by reference, to show beforehand."""
    days = working_days()
    refusals = {
        audit.reference: lifecycle.refuse(move, facts(audit, on), on, days)
        or (chasing.refuse_without_receiver(audit, on) if move is Move.CHASE else None)
        for audit in chosen
    }
    return {reference: why for reference, why in refusals.items() if why is not None}


def _chase(_chosen: Sequence[Audit], on: date) -> Task:
    form = ChaseForm()
    del form.version
    return Task(
        heading="Chase selected audits by email",
        button="Send emails",
        done="{audits} chased by email",
        not_done="{audits} not chased",
        move=Move.CHASE,
        form=form,
        warned=lambda _audits: [],
        carry_out=lambda references: chasing.chase_all(references, current_user, on, form.sentence.data),
    )


def _extend(_chosen: Sequence[Audit], on: date) -> Task:
    form = ExtendForm()
    del form.version
    return Task(
        heading="Extend due date for selected audits",
        button="Extend due date",
        done="Due date extended for {audits}",
        not_done="Due date not extended for {audits}",
        move=Move.EXTEND,
        form=form,
        warned=lambda audits: _warnings(audits, on, form.due_on.data),
        carry_out=lambda references: moves.extend_all(
            references, current_user, on, form.because.data, form.due_on.data
        ),
    )


def _reassign(chosen: Sequence[Audit], on: date) -> Task:
    form = HandOverForm()
    holders = {person.id: person.name for audit in chosen for person in pair_on(audit, on).people}
    form.away.choices = [
        ("", "Choose an auditor"),
        *((str(person_id), name) for person_id, name in sorted(holders.items(), key=lambda item: item[1])),
    ]
    form.to.choices = [
        ("", "Choose an auditor"),
        *((str(auditor.person.id), auditor.label()) for auditor in auditors(on)),
    ]
    return Task(
        heading="Replace an auditor for selected audits",
        button="Replace auditor",
        done="Auditor replaced for {audits}",
        not_done="Auditor not replaced for {audits}",
        move=Move.REASSIGN,
        form=form,
        warned=lambda audits: _warnings(audits, on, form.due_on.data, int(form.to.data)),
        carry_out=lambda references: assigning.reassign_all(
            references,
            int(form.away.data),
            int(form.to.data),
            current_user,
            on,
            form.because.data,
            form.due_on.data,
        ),
    )


TASKS: Mapping[str, Callable[[Sequence[Audit], date], Task]] = {
    "chase": _chase,
    "extend": _extend,
    "reassign": _reassign,
}


def _warnings(chosen: Sequence[Audit], on: date, due_on: date | None, to_id: int | None = None) -> list[str]:
    """Return the warnings before these audits get another due day, or another auditor, each once."""
    people, cases = everyone(), case_facts(chosen, on, due_on)
    lines: list[str] = []
    for audit in chosen:
        ids = [to_id] if to_id is not None else [person.id for person in pair_on(audit, on).people]
        lines += warnings([people[person_id] for person_id in ids], cases[audit.id], on)
        if ends := promise_ends(audit).strip():
            lines.append(f"{audit.reference}: {ends}")
    return list(dict.fromkeys(lines))

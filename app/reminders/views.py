"""Pages of the ladders, and of what a daily run would send."""

from collections.abc import Sequence
from datetime import timedelta

from flask import abort, flash, redirect, render_template, request, url_for
from flask_security import current_user
from sqlalchemy import select
from werkzeug.datastructures import MultiDict
from werkzeug.wrappers import Response

from app.audits.cycle import Cycle
from app.clock import today
from app.database import db
from app.listing import Address
from app.moves.day_asked import DayToCome
from app.moves.meanwhile import EMPTY, Both
from app.outbox.in_words import kind_in_words, reminder_name
from app.people.closures import working_days
from app.refusal import ChangedMeanwhile
from app.reminders import hold_views, moves, why_views
from app.reminders.blueprint import reminders
from app.reminders.coming import scheduled
from app.reminders.ladder_book import ladder_book
from app.reminders.ladders import Ladder, LadderRefused, Step, ladder_from
from app.reminders.things import things_by_ladder
from app.wording import capitalised, plural

__all__ = ["hold_views", "reminders", "why_views"]


@reminders.get("/settings/ladders")
def ladders() -> str:
    """Show all ladders: who is reminded when."""
    book = ladder_book()
    cycles = list(db.session.scalars(select(Cycle).order_by(Cycle.requested_on.desc())))
    return render_template(
        "reminders/ladders.html",
        general=book.general,
        of_cycles=[(cycle, book.of_cycle[cycle.id]) for cycle in cycles if cycle.id in book.of_cycle],
        cycles=[cycle for cycle in cycles if cycle.is_open(today()) and cycle.id not in book.of_cycle],
        things=things_by_ladder(),
    )


@reminders.get("/settings/ladders/<name>")
def edit_ladder(name: str) -> str:
    """Show a ladder, to change it."""
    cycle = _asked(name)
    return _edit_page(name, cycle, _as_typed(_now(name, cycle)))


@reminders.post("/settings/ladders/<name>")
def save_ladder(name: str) -> str | Response | tuple[str, int]:
    """Change a ladder, or go back to the one that held before it was changed."""
    cycle, seen = _asked(name), request.form.get("version") or None
    try:
        if "reset" in request.form:
            moves.reset_ladder(name, cycle, current_user, seen)
            flash("Reminder schedule reset", "success")
        else:
            moves.change_ladder(name, cycle, _typed(name, request.form), current_user, seen)
            flash("Reminder schedule saved. It applies to emails from the next daily run.", "success")
    except LadderRefused as refused:
        return _edit_page(name, cycle, request.form, str(refused), seen), 422
    except ChangedMeanwhile as changed:
        saved = _as_typed(_now(name, cycle))
        return _edit_page(name, cycle, request.form, str(changed), both=_both(name, saved, request.form)), 409
    return redirect(url_for("reminders.ladders"))


@reminders.get("/messages/coming")
def preview() -> str:
    """Show what the run of a day would send, the next working day unless asked, and why not to others."""
    form = DayToCome()
    following = working_days().offset(today() + timedelta(days=1), 0)
    on = form.day or following
    if not form.on.errors:
        form.on.process_data(on)
    emails, page = scheduled(on)
    return render_template(
        "reminders/coming.html",
        form=form,
        on=on,
        is_following=on == following,
        is_later=on > following,
        scheduled=emails,
        page=page,
        not_sent=emails.not_sent(),
        waiting=emails.waiting_for(today()),
        address=Address({"on": on.isoformat()}),
        kind_in_words=kind_in_words,
    )


def _asked(name: str) -> Cycle | None:
    if name not in things_by_ladder():
        abort(404)
    reference = request.args.get("cycle")
    if reference is None:
        return None
    cycle = db.session.scalar(select(Cycle).where(Cycle.called(reference)))
    if cycle is None or name != "audit":
        abort(404)
    return cycle


def _now(name: str, cycle: Cycle | None) -> Ladder:
    book = ladder_book()
    return book.for_audits_of(cycle.id) if cycle else book.general[name]


def _edit_page(
    name: str,
    cycle: Cycle | None,
    typed: MultiDict[str, str],
    fault: str | None = None,
    seen: str | None = None,
    both: Sequence[Both] = (),
) -> str:
    """Return the page with the mark `seen`, or that of the ladder that holds now."""
    return render_template(
        "reminders/edit_ladder.html",
        name=name,
        cycle=cycle,
        steps=moves.known_steps(name),
        reminder_name=reminder_name,
        things=things_by_ladder()[name],
        typed=typed,
        fault=fault,
        version=seen or moves.mark_of_ladder(name, cycle),
        both=both,
        edited=moves.is_edited(name, cycle.id if cycle else None),
    )


def _both(name: str, saved: MultiDict[str, str], typed: MultiDict[str, str]) -> list[Both]:
    """Return the reminders of a ladder that somebody else saved otherwise than they were typed."""
    beside = [
        Both(
            capitalised(reminder_name(step.name)), _in_words(name, step, saved), _in_words(name, step, typed)
        )
        for step in moves.known_steps(name)
    ]
    return [one for one in beside if one.saved != one.entered]


def _in_words(name: str, step: Step, typed: MultiDict[str, str]) -> str:
    """Return the working days of a reminder, and whom it goes to: "-5 (Owner, Line manager)"."""
    days, to = typed.get(f"{step.name}-days", "").strip(), typed.getlist(f"{step.name}-to")
    audiences = [words for audience, _, words in things_by_ladder()[name][0].audiences if audience in to]
    return f"{days} ({', '.join(audiences)})" if days else EMPTY


def _as_typed(ladder: Ladder) -> MultiDict[str, str]:
    typed: MultiDict[str, str] = MultiDict()
    for step in ladder:
        typed[f"{step.name}-days"] = str(step.offset)
        for audience, _ in step.to:
            typed.add(f"{step.name}-to", audience)
    return typed


def _typed(name: str, form: MultiDict[str, str]) -> Ladder:
    """Return the ladder as typed: a step without days is left out. Raises LadderRefused."""
    rows = []
    for step in moves.known_steps(name):
        days = form.get(f"{step.name}-days", "").strip()
        if not days:
            continue
        if not days.removeprefix("-").removeprefix("+").isdecimal():
            name_of_step = capitalised(reminder_name(step.name))
            raise LadderRefused(f"Working days of “{name_of_step}” must be a whole number, like -5 or 10")
        chosen = form.getlist(f"{step.name}-to")
        audiences = things_by_ladder()[name][0].audiences
        to = {audience: message for audience, message, _ in audiences if audience in chosen}
        rows.append({"step": step.name, "offset": int(days), "anchor": step.anchor, "to": to})
    if not rows:
        raise LadderRefused("Enter the working days of at least one reminder")
    return ladder_from(rows)


@reminders.app_template_filter("step_day")
def step_day(step: Step) -> str:
    """Return in words when a step goes: "5 working days before the due date"."""
    anchor = "due date" if step.anchor == "due" else "date they were assigned"
    if step.offset == 0:
        return f"on the {anchor}"
    n = abs(step.offset)
    return f"{n} {plural(n, 'working day')} {'before' if step.offset < 0 else 'after'} the {anchor}"

"""The pages of cycles: the list, one cycle, creating, changing and closing one."""

from collections.abc import Sequence

from flask import abort, flash, render_template, url_for
from flask_security import current_user

from app import access
from app.actions.answered import unanswered
from app.answers import moderation_queue, second_look
from app.audits.counting import in_states, not_due_yet, reasons_not_returned, returns_by_cycle, returns_of
from app.audits.cycle import Cycle
from app.audits.promising import kept_in_cycle
from app.audits.reasons import told
from app.audits.returns import Returns
from app.audits.standing import Standing, Standings, standings
from app.audits.workers import Workers
from app.chase_list.queries import Asked, counts
from app.clock import today
from app.concerns import response_queries
from app.cycle_pages import again_views, auditor_views, programme_views, reporting_views
from app.cycle_pages.blueprint import cycles
from app.cycle_pages.picture_views import pictures_of
from app.cycles import moves, queries
from app.cycles.forms import CloseForm, EditForm, NewForm
from app.database import transaction
from app.findings import freezing
from app.findings.document import several_returns
from app.history import record
from app.history.models import HistoryRow
from app.moves.meanwhile import Kept, digest
from app.moves.moving import held
from app.moves.page import Page, Shown, form_page
from app.people.closures import working_days
from app.people.roles import RoleName
from app.quick_wins.checks import measured_by
from app.retention.removing import remove_cases_not_drawn
from app.sampling import views as draw_views
from app.small_numbers import small_counts
from app.workers import queries as worker_queries

__all__ = ["again_views", "auditor_views", "cycles", "draw_views", "programme_views", "reporting_views"]

NEXT_STEPS = (
    ("Choose cases", "sampling.cases"),
    ("Request audits", "assigning.request_audits"),
    ("Assign auditors", "assigning.assign_pairs"),
)
"""The first steps of a coordinator in an open cycle: label and endpoint."""


@cycles.get("/cycles")
def listing() -> str:
    """Show all cycles with their returns."""
    on = today()
    return render_template(
        "cycles/listing.html",
        cycles=queries.all_cycles(),
        returns=returns_by_cycle(standings(on, working_days())),
        on=on,
    )


@cycles.get("/cycles/<reference>")
def page(reference: str) -> str:
    """Show a cycle: returns, states, days, reasons for audits not returned, next steps."""
    cycle = _cycle_or_404(reference)
    on = today()
    at = standings(on, working_days())
    returns = returns_of(cycle.id, at)
    return render_template(
        "cycles/page.html",
        cycle=cycle,
        on=on,
        counts=counts(Asked(cycle=reference), at),
        returns=returns,
        pictures=pictures_of(cycle, returns, at),
        states=_states(cycle, returns, at),
        hidden=small_counts(cycle.hide_up_to),
        several_returns=several_returns(
            returns.returned, freezing.different_cases(cycle, on) if returns.returned else 0
        ),
        agencies=freezing.agencies_of(cycle, on),
        reasons=told(
            reasons_not_returned(cycle.id, at) if returns.not_returned else [],
            to_coordinator=RoleName.COORDINATOR in current_user.role_names,
        ),
        next_steps=NEXT_STEPS,
        promises=kept_in_cycle(cycle.id, on) if access.may("cycles.edit", reference=reference) else "",
        workers=Workers(cycle.workers),
        calls_for_responses=queries.calls_for_responses(cycle),
        measures=measured_by(cycle) if cycle.checks else None,
        unanswered=unanswered(cycle, on) if returns.returned else [],
        history=_history(cycle),
    )


@cycles.route("/cycles/new", methods=["GET", "POST"])
def new() -> Page:
    """Create a cycle."""
    form = NewForm(requested_on=today())
    form.tool.choices = [("", "Choose a tool")] + [
        (str(tool.id), f"{tool.title}, version {tool.version}") for tool in queries.tools()
    ]

    def create() -> str:
        cycle = moves.create(form.details(), by=current_user)
        flash(f"Cycle {cycle.reference} created", "success")
        return url_for("cycles.page", reference=cycle.reference)

    return form_page(
        form, lambda _shown: render_template("cycles/new.html", form=form), create, at=form.reference
    )


@cycles.route("/cycles/<reference>/edit", methods=["GET", "POST"])
def edit(reference: str) -> Page:
    """Change the days and words of an open cycle."""
    cycle = _cycle_or_404(reference)
    form = EditForm(obj=cycle)

    def render(shown: Shown) -> str:
        return render_template("cycles/edit.html", cycle=cycle, form=form, refused=shown.refused)

    def change() -> str:
        moves.change(cycle, form.changes(), by=current_user, on=today())
        return url_for("cycles.page", reference=reference)

    return form_page(
        form,
        render,
        change,
        done=f"Cycle {cycle.reference} saved",
        at=form.population,
        refused=moves.refuse_change(cycle, today()),
        kept=Kept(lambda: EditForm(obj=cycle), lambda: held(cycle)),
    )


@cycles.route("/cycles/<reference>/close", methods=["GET", "POST"])
def close(reference: str) -> Page:
    """Close a cycle for good, after a page that says what that means."""
    cycle = _cycle_or_404(reference)
    on = today()
    form = CloseForm(cycle=cycle, on=on)
    kept = Kept(
        lambda: CloseForm(cycle=cycle, on=on, confirmed=form.confirmed.data),
        lambda: held(cycle),
        mark=lambda: digest(cycle.cut_off_on),
    )

    def render(shown: Shown) -> str:
        at = standings(on, working_days())
        return render_template(
            "cycles/close.html",
            cycle=cycle,
            form=form,
            refused=shown.refused,
            counts=counts(Asked(cycle=reference), at),
            not_due=not_due_yet(cycle.id, at),
            to_moderate=len(moderation_queue.queue(at, reference)),
            disputed=[
                called.audit.reference
                for called in response_queries.disputed()
                if called.audit.cycle_id == cycle.id
            ],
            replied=[
                reply.audit.reference
                for reply in worker_queries.undecided()
                if reply.audit.cycle_id == cycle.id
            ],
            to_agree=second_look.waiting_to_agree_in(cycle.id, on),
        )

    def close() -> str:
        with transaction():
            freezing.close(cycle, cut_off_on=form.cut_off_on.data, by=current_user, on=on)
            remove_cases_not_drawn(cycle, by=current_user.email, on=on)
        return url_for("cycles.page", reference=reference)

    return form_page(
        form,
        render,
        close,
        done=f"Cycle {cycle.reference} closed. Its figures can no longer change.",
        refused=moves.refuse_close(cycle, on),
        kept=kept,
    )


def _cycle_or_404(reference: str) -> Cycle:
    return queries.found(reference) or abort(404)


def _history(cycle: Cycle) -> Sequence[HistoryRow]:
    """Return the history of a cycle, without what is for coordinators where another reads it."""
    rows = record.of("cycle", cycle.reference)
    if access.may("cycles.auditors", reference=cycle.reference):
        return rows
    return [row for row in rows if not moves.is_for_coordinators(row.what)]


def _states(cycle: Cycle, returns: Returns, at: Standings) -> list[tuple[Standing, int]]:
    """Return the number of open audits in each state, without empty states."""
    later = (Standing.ASSIGNED, Standing.IN_PROGRESS, Standing.OVERDUE)
    numbers = in_states(cycle.id, later, at)
    requested = (Standing.REQUESTED, returns.open - sum(numbers))
    return [counted for counted in (requested, *zip(later, numbers, strict=True)) if counted[1]]

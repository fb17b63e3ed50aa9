"""`/recommendations`: what bodies were asked to agree, what they decided, and what came of it."""

from collections.abc import Sequence

from flask import Response, abort, render_template, request
from flask_security import current_user
from sqlalchemy import or_, select
from sqlalchemy.orm import joinedload, selectinload

from app.actions import recommending
from app.actions.answered import findings
from app.actions.blueprint import actions
from app.actions.forms import (
    DecisionForm,
    EditRecommendationForm,
    FirstDayForm,
    LaterForm,
    OwnerForm,
    WordsForm,
    no_choice,
    number,
)
from app.actions.lifecycle import RecommendationState, recommendation_is_open, recommendation_state
from app.actions.models import Body, Recommendation
from app.actions.move_views import move_page
from app.actions.moving import recommendation_facts
from app.actions.people_choices import bodies, owners
from app.actions.tracker import row as action_row
from app.audits.chase_list_views import Address
from app.clock import today
from app.cycles.models import Cycle
from app.database import db
from app.downloads import as_file, asked_for
from app.files.writing import Value
from app.history import record
from app.move_page import Page, Words
from app.people.closures import working_days
from app.people.models import Person
from app.people.roles import RoleName

PAGE = 50
COLUMNS = (
    "reference", "cycle", "text", "state", "owner", "due_on", "first_due_on", "times_moved", "body",
    "decided_on", "carried_out_on", "actions",
)  # fmt: skip


@actions.get("/recommendations")
def recommendations() -> str | Response:
    """All of them that the person may see; those without an owner or a date on top."""
    on = today()
    listed = sorted(_listed(), key=_order)
    state = request.args.get("state")
    shown = [one for one in listed if not state or _state(one) == state]
    if ending := asked_for():
        cells = (_cells(one) for one in shown)
        return as_file(f"recommendations {on}", "Recommendations", COLUMNS, cells, ending)
    pages = -(-len(shown) // PAGE) or 1
    page = min(max(1, request.args.get("page", 1, int)), pages)
    return render_template(
        "actions/recommendations.html",
        rows=[(one, _state(one), _late(one)) for one in shown[(page - 1) * PAGE : page * PAGE]],
        total=len(shown),
        page=page,
        pages=pages,
        address=Address(request.args.to_dict()),
        asked=request.args,
        cycles=list(db.session.scalars(select(Cycle.reference).order_by(Cycle.requested_on.desc()))),
        bodies=list(db.session.scalars(select(Body.name).order_by(Body.name))),
        states=[each.value for each in RecommendationState],
        on=on,
    )


@actions.get("/recommendations/<reference>")
def recommendation(reference: str) -> str:
    """One recommendation with its actions."""
    found = _found(reference)
    on, days = today(), working_days()
    names = {one.question: one.key_area for one in findings(found.cycle, on)}
    return render_template(
        "actions/recommendation.html",
        recommendation=found,
        state=_state(found),
        late=_late(found),
        answers=[names.get(one.question, one.question) for one in found.findings],
        actions=[
            action_row(each, sum(one.is_made for one in each.moved_dates), on, days) for each in found.actions
        ],
        moved=[one for one in found.moved_dates if one.is_made],
        history=record.of("recommendation", reference),
        on=on,
    )


@actions.route("/recommendations/<reference>/decide", methods=["GET", "POST"])
def decide(reference: str) -> Page:
    """Record what the body decided."""
    found, form = _found(reference), DecisionForm()
    body = found.body.name if found.body else "The body"
    return move_page(
        found,
        form,
        Words("Record the decision", f"{body} decides.", "Save", "The decision is recorded."),
        lambda: recommending.decide(
            reference,
            current_user,
            today(),
            decision=form.decision.data,
            decided_on=form.decided_on.data,
            said=form.said.data,
            version=form.seen,
        ),
        None,
    )


@actions.route("/recommendations/<reference>/owner", methods=["GET", "POST"])
def recommendation_owner(reference: str) -> Page:
    """Give it to one named person."""
    found, form = _found(reference), OwnerForm()
    form.owner.choices = no_choice("Choose a person", owners(today()))
    del form.due_on
    return move_page(
        found,
        form,
        Words("Give it an owner", "They find it in their next message.", "Save", "It has an owner."),
        lambda: recommending.change_owner(
            reference, current_user, today(), owner_id=int(form.owner.data), version=form.seen
        ),
        None,
    )


@actions.route("/recommendations/<reference>/date", methods=["GET", "POST"])
def recommendation_date(reference: str) -> Page:
    """Its due day; the first where it has none."""
    found = _found(reference)
    has_one = found.due_on is not None
    form = LaterForm() if has_one else FirstDayForm()
    return move_page(
        found,
        form,
        Words("Move the due day" if has_one else "Give it a due day", "", "Save", "The due day is set."),
        lambda: recommending.move_date(
            reference,
            current_user,
            today(),
            due_on=form.due_on.data,
            because=form.because.data if has_one else None,
            version=form.seen,
        ),
        None,
    )


@actions.route("/recommendations/<reference>/carried-out", methods=["GET", "POST"])
def carry_out(reference: str) -> Page:
    """What was agreed has been done."""
    found, form = _found(reference), WordsForm()
    form.said.label.text = "How can that be seen? (optional)"
    return move_page(
        found,
        form,
        Words("It is carried out", "Nobody is reminded of it any more.", "Save", "It is carried out."),
        lambda: recommending.carry_out(
            reference, current_user, today(), how=form.said.data, version=form.seen
        ),
        None,
    )


@actions.route("/recommendations/<reference>/edit", methods=["GET", "POST"])
def edit_recommendation(reference: str) -> Page:
    """Say it better, while nobody has decided."""
    found = _found(reference)
    form = EditRecommendationForm()
    form.questions.choices = [(one.question, one.key_area) for one in findings(found.cycle, today())]
    form.body.choices = no_choice("Not known yet", bodies())
    if not form.is_submitted():
        form.text.data = found.text
        form.questions.data = [one.question for one in found.findings]
        form.body.data = str(found.body_id or "")
    return move_page(
        found,
        form,
        Words(
            "Change the recommendation", "What it said before stays in the history.", "Save", "It is changed."
        ),
        lambda: recommending.edit(
            reference,
            current_user,
            today(),
            text=form.text.data,
            questions=form.questions.data or (),
            body_id=number(form.body.data),
            version=form.seen,
        ),
        None,
    )


def _found(reference: str) -> Recommendation:
    query = (
        select(Recommendation)
        .where(Recommendation.reference == reference)
        .options(joinedload(Recommendation.cycle), joinedload(Recommendation.body))
    )
    return db.session.scalars(query).one_or_none() or abort(404)


def _listed() -> Sequence[Recommendation]:
    query = select(Recommendation).options(
        joinedload(Recommendation.owner),
        joinedload(Recommendation.body),
        joinedload(Recommendation.cycle),
        selectinload(Recommendation.actions),
        selectinload(Recommendation.moved_dates),
    )
    roles = current_user.role_names
    if not roles & {RoleName.COORDINATOR, RoleName.LEADER}:
        own = Recommendation.owner_id == current_user.id
        theirs = [Person.line_manager_id == current_user.id]
        if RoleName.MANAGER in roles and current_user.team_id is not None:
            theirs.append(Person.team_id == current_user.team_id)
        query = query.where(or_(own, Recommendation.owner_id.in_(select(Person.id).where(or_(*theirs)))))
    if request.args.get("whose") == "mine":
        query = query.where(Recommendation.owner_id == current_user.id)
    if cycle := request.args.get("cycle"):
        query = query.join(Cycle, Cycle.id == Recommendation.cycle_id).where(Cycle.reference == cycle)
    if body := request.args.get("body"):
        query = query.join(Body, Body.id == Recommendation.body_id).where(Body.name == body)
    return db.session.scalars(query).all()


def _state(one: Recommendation) -> RecommendationState:
    return recommendation_state(recommendation_facts(one), today())


def _late(one: Recommendation) -> int:
    if one.due_on is None or not recommendation_is_open(recommendation_facts(one), today()):
        return 0
    return working_days().late(one.due_on, today())


def _order(one: Recommendation) -> tuple[int, int, int, str]:
    is_open = recommendation_is_open(recommendation_facts(one), today())
    lacks = one.owner_id is None or one.due_on is None
    group = 0 if is_open and lacks else 1 if is_open else 2
    due_on = one.due_on.toordinal() if one.due_on else 0
    return (group, due_on, len(one.reference), one.reference)


def _cells(one: Recommendation) -> list[Value]:
    return [
        one.reference,
        one.cycle.reference,
        one.text,
        _state(one).value,
        one.owner.name if one.owner else None,
        one.due_on,
        one.first_due_on,
        sum(each.is_made for each in one.moved_dates) or None,
        one.body.name if one.body else None,
        one.decided_on,
        one.carried_out_on,
        "; ".join(each.reference for each in one.actions) or None,
    ]

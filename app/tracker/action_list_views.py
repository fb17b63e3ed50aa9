"""`/actions`: the tracker of actions; and handing over the work of a leaver."""

from collections.abc import Iterator
from datetime import date

from flask import Response, abort, flash, render_template, request, url_for
from flask_security import current_user
from sqlalchemy import select

from app.actions import handing_over
from app.actions.models import Body
from app.actions.standing import Standing, Standings, standings
from app.audits.cycle import Cycle
from app.clock import today
from app.database import db
from app.downloads import Ending, as_file, asked_for, at_once
from app.drawing import svg
from app.files.writing import Value
from app.listing import Address, paged_by
from app.moves.page import Page, Shown, form_page
from app.people.choosing import people_here
from app.people.closures import working_days
from app.people.models import Person
from app.people.roles import SEE_ALL
from app.tracker import ages
from app.tracker.action_list import PAGE, Filters, Row, counts, how_many, ids, rows
from app.tracker.blueprint import actions
from app.tracker.forms import HandOverForm
from app.wording import plural

COUNTED = (
    Standing.WITHOUT_OWNER_OR_DATE,
    Standing.OVERDUE,
    Standing.TO_DO,
    Standing.DONE,
    Standing.SIGNED_OFF,
)
COLUMNS = (
    "reference",
    "text",
    "state",
    "owner",
    "team",
    "due_on",
    "first_due_on",
    "times_moved",
    "working_days_overdue",
    "cycle",
    "recommendation",
    "body",
    "question",
    "done_on",
    "signed_off_on",
    "impact_checked_on",
    "impact",
)


@actions.get("/actions")
def tracker() -> str | Response:
    """List the actions to be done, with owner and due day; those without either on top."""
    on = today()
    at = standings(on, working_days())
    filters = _filters_of(request.args.to_dict())
    if ending := asked_for():
        return _download(filters, at, ending)
    counted = counts(filters, at, *COUNTED, Standing.DRAFT)
    drafts = counted.pop(Standing.DRAFT)
    if filters == Filters(may_see=filters.may_see):
        # without a filter, every action that is not closed is in one of these
        total = drafts + sum(
            counted[standing] for standing in (Standing.TO_DO, Standing.DONE, Standing.SIGNED_OFF)
        )
    else:
        total = how_many(filters, at)
    return render_template(
        "actions/tracker.html",
        page=paged_by(lambda skip: rows(ids(filters, at, skip=skip), on, working_days()), total, PAGE),
        asked=filters,
        address=Address.here(),
        counts=counted,
        states=[(standing, standing.words) for standing in Standing],
        cycles=list(db.session.scalars(select(Cycle.reference).order_by(Cycle.requested_on.desc()))),
        bodies=list(db.session.scalars(select(Body.name).order_by(Body.name))),
        whose=request.args.get("whose", ""),
        sees_all=filters.may_see is None,
        on=on,
    )


@actions.get("/actions/by-age")
def by_age() -> str:
    """Show the ages of the open actions that the person may see."""
    on = today()
    filters = Filters(may_see=_filters_of({}).may_see)
    counted = ages.by_age(filters, standings(on, working_days()))
    drawn = svg(ages.drawing(counted), ages.in_words(counted, on))
    return render_template("actions/by_age.html", counted=counted, drawn=drawn, on=on)


@actions.route("/actions/hand-over/<int:person_id>", methods=["GET", "POST"])
def hand_over(person_id: int) -> Page:
    """Hand over the open work of a person who leaves."""
    on = today()
    person = db.session.get(Person, person_id) or abort(404)
    form = HandOverForm()
    form.to.choices = [
        ("", "Choose a person"),
        *[choice for choice in people_here(on) if choice[0] != str(person_id)],
    ]
    work = handing_over.open_of(person, on)

    def render(_shown: Shown) -> str:
        return render_template("actions/hand_over.html", person=person, form=form, theirs=work)

    def carry_out() -> str:
        number = handing_over.hand_over(person, int(form.to.data), by=current_user, on=on)
        flash(f"{number} {plural(number, 'item')} handed over", "success")
        return url_for("actions.tracker")

    return form_page(form, render, carry_out, at=form.to)


def _filters_of(args: dict[str, str]) -> Filters:
    whose, state = args.get("whose"), args.get("state", "")
    return Filters(
        owned_by=current_user.id if whose == "mine" else None,
        owned_by_people_of=current_user if whose == "team" else None,
        standing=Standing(state) if state in set(Standing) else None,
        cycle=Cycle.asked_for(args.get("cycle")),
        body=Body.asked_for(args.get("body")),
        owner=args.get("owner") or None,
        may_see=None if current_user.role_names & SEE_ALL else current_user,
        with_closed=args.get("closed") == "yes",
    )


def _download(filters: Filters, at: Standings, ending: Ending) -> Response:
    """Return the whole filtered list in its order, as a file that is written while it is read."""
    listed = ids(filters, at, limit=None)
    at_once(len(listed))

    def cells() -> Iterator[list[Value]]:
        for start in range(0, len(listed), 500):
            for row in rows(listed[start : start + 500], at.on, working_days()):
                yield _cells(row)

    return as_file(f"actions {at.on}", "Actions", COLUMNS, cells(), ending)


def _cells(row: Row) -> list[Value]:
    action = row.action
    owner, recommendation = action.owner, action.recommendation

    def happened(day: date | None) -> date | None:
        return day if day is not None and day <= today() else None

    return [
        action.reference,
        action.text,
        row.state.value,
        owner.name if owner else None,
        owner.team.name if owner and owner.team else None,
        action.due_on,
        action.first_due_on,
        row.times_moved or None,
        row.working_days_late or None,
        action.cycle.reference if action.cycle else None,
        recommendation.reference if recommendation else None,
        recommendation.body.name if recommendation and recommendation.body else None,
        action.question,
        happened(action.done_on),
        happened(action.signed_off_on),
        happened(action.impact_checked_on),
        action.impact if happened(action.impact_checked_on) else None,
    ]

"""`/actions`: the tracker of actions, what a manager opens; and handing over what a leaver owns."""

from collections.abc import Iterator
from datetime import date

from flask import Response, abort, flash, render_template, request, url_for
from flask_security import current_user
from sqlalchemy import select

from app.actions import handing_over
from app.actions.models import Body
from app.actions.owners import owners
from app.actions.seen import SEE_ALL
from app.actions.standing import Standing, Standings, standings
from app.audits.cycle import Cycle
from app.clock import today
from app.database import db
from app.downloads import Ending, as_file, asked_for
from app.drawing import svg
from app.files.writing import Value
from app.listing import Address, paged_by
from app.moves.page import Page, Shown, form_page
from app.people.closures import working_days
from app.people.models import Person
from app.tracker import ages
from app.tracker.action_list import PAGE, Asked, Row, counts, how_many, ids, rows
from app.tracker.blueprint import actions
from app.tracker.forms import HandOverForm

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
    """List what has to be done, by whom and until when; what nobody sees to on top."""
    on = today()
    at = standings(on, working_days())
    asked = _asked(request.args.to_dict())
    if ending := asked_for():
        return _download(asked, at, ending)
    counted = counts(asked, at, *COUNTED, Standing.DRAFT)
    drafts = counted.pop(Standing.DRAFT)
    if asked == Asked(may_see=asked.may_see):
        # nothing is narrowed down: what is not closed is in one of these
        total = drafts + sum(counted[each] for each in (Standing.TO_DO, Standing.DONE, Standing.SIGNED_OFF))
    else:
        total = how_many(asked, at)
    return render_template(
        "actions/tracker.html",
        page=paged_by(lambda skip: rows(ids(asked, at, skip=skip), on, working_days()), total, PAGE),
        asked=asked,
        address=Address.here(),
        counts=counted,
        states=list(Standing),
        cycles=list(db.session.scalars(select(Cycle.reference).order_by(Cycle.requested_on.desc()))),
        bodies=list(db.session.scalars(select(Body.name).order_by(Body.name))),
        whose=request.args.get("whose", ""),
        sees_all=asked.may_see is None,
        on=on,
    )


@actions.get("/actions/by-age")
def by_age() -> str:
    """Show the ages of the open actions that the person may see."""
    on = today()
    asked = Asked(may_see=_asked({}).may_see)
    counted = ages.by_age(asked, standings(on, working_days()))
    drawn = svg(ages.drawing(counted), ages.in_words(counted, on))
    return render_template("actions/by_age.html", counted=counted, drawn=drawn, on=on)


@actions.route("/actions/hand-over/<int:person_id>", methods=["GET", "POST"])
def hand_over(person_id: int) -> Page:
    """Hand over what a person owns and has not done: for those who leave."""
    on = today()
    person = db.session.get(Person, person_id) or abort(404)
    form = HandOverForm()
    form.to.choices = [("", "Choose a person"), *[one for one in owners(on) if one[0] != str(person_id)]]
    theirs = handing_over.open_of(person, on)

    def render(_shown: Shown) -> str:
        return render_template("actions/hand_over.html", person=person, form=form, theirs=theirs)

    def carry_out() -> str:
        number = handing_over.hand_over(person, int(form.to.data), by=current_user, on=on)
        flash(f"{number} handed over.", "success")
        return url_for("actions.tracker")

    return form_page(form, render, carry_out, at=form.to)


def _asked(args: dict[str, str]) -> Asked:
    whose, state = args.get("whose"), args.get("state", "")
    return Asked(
        owned_by=current_user.id if whose == "mine" else None,
        owned_by_people_of=current_user if whose == "team" else None,
        standing=Standing(state) if state in set(Standing) else None,
        cycle=args.get("cycle") or None,
        body=args.get("body") or None,
        owner=args.get("owner") or None,
        may_see=None if current_user.role_names & SEE_ALL else current_user,
        with_closed=args.get("closed") == "yes",
    )


def _download(asked: Asked, at: Standings, ending: Ending) -> Response:
    """Return the whole list as asked for, in its order, as a file; written while it is read."""
    listed = ids(asked, at, limit=None)

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

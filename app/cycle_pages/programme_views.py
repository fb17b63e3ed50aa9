"""`/programme`: every cycle planned or under way on one page, with the teams that two ask at once."""

from collections import defaultdict
from datetime import date, timedelta

from flask import render_template
from sqlalchemy import select

from app.audits.cycle import Cycle
from app.audits.models import Audit
from app.audits.open_on import not_yet
from app.clock import today
from app.cycle_pages.blueprint import cycles
from app.cycles.programme import Planned, months, overlaps, period
from app.cycles.queries import all_cycles
from app.database import db
from app.people.models import Team

CLOSED_SHOWN = timedelta(days=365)


@cycles.get("/programme")
def programme() -> str:
    """The cycles that are not closed, by month; those closed in the past year beneath."""
    on = today()
    by_request = sorted(all_cycles(), key=lambda each: (each.requested_on, each.reference))
    going = [each for each in by_request if each.closed_on is None or each.closed_on > on]
    teams = _teams(going, on)
    planned = [
        Planned(
            each.reference,
            each.title,
            each.requested_on,
            each.due_on,
            each.cut_off_on,
            each.reported_on,
            tuple(teams[each.id]),
        )
        for each in going
    ]
    closed = [each for each in by_request if each.closed_on and on - CLOSED_SHOWN <= each.closed_on <= on]
    return render_template(
        "cycles/programme.html",
        cycles=planned,
        overlaps=overlaps(planned),
        months=months(planned),
        closed=closed,
        period=period,
        on=on,
    )


def _teams(going: list[Cycle], on: date) -> dict[int, list[str]]:
    """The teams whose cases each cycle audits, by name; without audits that are withdrawn."""
    query = (
        select(Audit.cycle_id, Team.name)
        .join(Team, Team.id == Audit.team_id)
        .where(Audit.cycle_id.in_([each.id for each in going]), not_yet(Audit.withdrawn_on, on))
        .distinct()
        .order_by(Team.name)
    )
    found = defaultdict(list)
    for cycle_id, name in db.session.execute(query):
        found[cycle_id].append(name)
    return found

"""`/programme`: the cycles planned and under way on one page, with the teams that two ask at once."""

from collections import defaultdict
from datetime import date, timedelta

from flask import render_template
from sqlalchemy import func, select

from app.audits.cycle import Cycle
from app.audits.open_on import not_yet
from app.audits.tallies import Tally
from app.clock import today
from app.cycle_pages.blueprint import cycles
from app.cycles.programme import Planned, months, overlaps, period
from app.cycles.queries import all_cycles
from app.database import db
from app.due_dates import that_counts
from app.people.closures import working_days
from app.people.models import Team

CLOSED_SHOWN = timedelta(days=366)


@cycles.get("/programme")
def programme() -> str:
    """Show the open cycles by month, and beneath them those closed in the past year."""
    on = today()
    by_request = sorted(all_cycles(), key=lambda cycle: (cycle.requested_on, cycle.reference))
    going = [cycle for cycle in by_request if not cycle.is_closed(on)]
    teams = _teams(going, on)
    planned = [
        Planned(
            cycle.reference,
            cycle.title,
            cycle.requested_on,
            that_counts(cycle.due_on, working_days()),
            cycle.cut_off_on,
            cycle.reported_on,
            tuple(teams[cycle.id]),
        )
        for cycle in going
    ]
    closed = [cycle for cycle in by_request if cycle.is_closed(on) and not cycle.is_closed(on - CLOSED_SHOWN)]
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
    """Return the names of the teams whose cases each cycle audits, by its id; withdrawn audits left out."""
    query = (
        select(Tally.cycle_id, Team.name)
        .join(Team, Team.id == Tally.team_id)
        .where(Tally.cycle_id.in_([cycle.id for cycle in going]), not_yet(Tally.withdrawn_on, on))
        .group_by(Tally.cycle_id, Team.name)
        .having(func.sum(Tally.number) > 0)
        .order_by(Team.name)
    )
    names = defaultdict(list)
    for cycle_id, name in db.session.execute(query):
        names[cycle_id].append(name)
    return names

"""The first page, by role, and the pages that every public service has."""

from flask import Blueprint, render_template
from flask_security import current_user

from app.audits.counting import returns_by_cycle
from app.audits.standing import standings
from app.clock import today as the_day
from app.concerns import alert_queries
from app.cycles.queries import all_cycles
from app.people.closures import working_days
from app.people.roles import RoleName
from app.today import queries

today = Blueprint("today", __name__)


@today.get("/")
def home() -> str:
    """What the person signed in has to do, in the parts that their roles give them."""
    roles = {RoleName(name) for name in current_user.role_names}
    on, days = the_day(), working_days()
    at = standings(on, days)
    coordinates = RoleName.COORDINATOR in roles
    reads = RoleName.LEADER in roles and not coordinates
    return render_template(
        "today/home.html",
        on=on,
        roles=roles,
        works_with_audits=bool(roles - {RoleName.PRACTITIONER}),
        open_alerts=alert_queries.open_for(current_user),
        own=queries.own_audits(current_user.id, at, days),
        cycles=queries.open_cycles(at) if coordinates else [],
        waiting=queries.waiting(at) if coordinates else None,
        calls=queries.calls_to_make(at, days) if coordinates else [],
        their_overdue=queries.overdue_of_their_people(current_user.id, at, days),
        all_cycles=all_cycles() if reads else [],
        returns=returns_by_cycle(at) if reads else {},
    )


@today.get("/accessibility")
def accessibility() -> str:
    """How accessible the service is."""
    return render_template("today/accessibility.html")


@today.get("/privacy")
def privacy() -> str:
    """What the service keeps about people."""
    return render_template("today/privacy.html")

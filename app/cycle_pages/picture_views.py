"""The pictures on the page of a cycle: returns over time and, for coordinators, each team's audits."""

from collections.abc import Sequence
from dataclasses import dataclass

from flask_security import current_user
from markupsafe import Markup

from app.audits.counting import cases_by_team, returned_by_day, states_by_team
from app.audits.cycle import Cycle
from app.audits.pictures import FILLS, in_words, returns_over_time, so_far
from app.audits.pictures import states_by_team as drawn_by_team
from app.audits.returns import Returns
from app.audits.standing import Standings
from app.drawing import svg
from app.due_dates import that_counts
from app.people.closures import working_days
from app.people.roles import RoleName
from app.wording import capitalised, counted, short_day


@dataclass(frozen=True)
class Picture:
    """A picture and the table of its data."""

    drawn: Markup
    caption: str
    headings: Sequence[str]
    rows: Sequence[Sequence[str | int]]


def pictures_of(cycle: Cycle, returns: Returns, at: Standings) -> list[Picture]:
    """Return the pictures of a cycle; none before an audit was requested.

    The states by team are in no report: those who see them may see each audit.
    """
    if returns.requested == returns.withdrawn or cycle.requested_on > at.on:
        return []
    due_on = that_counts(cycle.due_on, working_days())
    returned = returned_by_day(cycle.id, at)
    steps = so_far(returned)
    over_time = Picture(
        svg(
            returns_over_time(
                returned,
                requested=returns.requested,
                withdrawn=returns.withdrawn,
                requested_on=min([cycle.requested_on, *returned]),
                due_on=due_on,
                until=min(cycle.last_counting_day(at.on) or at.on, at.on),
            ),
            in_words(steps, returns.requested, returns.withdrawn, due_on, working_days()),
        ),
        "Returns over time",
        ("Date", "Returned so far"),
        [(short_day(day), number) for day, number in steps],
    )
    if RoleName.COORDINATOR not in current_user.role_names:
        return [over_time]
    teams = states_by_team(cycle.id, at)
    cases = cases_by_team(cycle.id) if cycle.agencies else {}
    summary = ". ".join(
        f"{team}: "
        + ", ".join(f"{number} {state}" for state, number in states.items() if number)
        + (f" ({counted(cases[team], 'case')})" if cases else "")
        for team, states in teams.items()
    )
    by_team = Picture(
        svg(drawn_by_team(teams), f"Audits by team. {summary}."),
        "Audits by team and state",
        ("Team", *(capitalised(state) for state in FILLS), *(("Cases",) if cases else ())),
        [
            (team, *(states[state] for state in FILLS), *((cases[team],) if cases else ()))
            for team, states in teams.items()
        ],
    )
    return [over_time, by_team]

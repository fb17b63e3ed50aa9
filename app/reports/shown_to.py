"""The part of the findings that each report's readers may see, where they get the figures as such. Pure."""

from collections.abc import Sequence
from dataclasses import replace

from app.findings.document import Findings
from app.reports.paper import Audience
from app.reports.teams_named import without_teams


def shown_to(audience: Audience, found: Findings, teams: Sequence[str]) -> Findings:
    """The findings as they go to these readers; `teams` are the names of all teams.

    What is by team is for the council alone. By place or context auditors and staff get nothing, nor does the
    partnership where the council hides no small numbers.
    """
    if audience is Audience.COUNCIL:
        return found
    shown = replace(
        found,
        method=without_teams(found.method, teams),
        areas=tuple(replace(area, teams={}) for area in found.areas),
        teams={},
        main_places={},
        reasons=(),
    )
    if has_breakdowns(audience, found.hide_up_to):
        return shown
    areas = tuple(replace(area, places={}, context={}) for area in shown.areas)
    return replace(shown, areas=areas, factors={}, factors_left_out=())


def has_breakdowns(audience: Audience, hide_up_to: int) -> bool:
    """True where these readers may see counts by place and by context."""
    return audience is Audience.COUNCIL or (audience is Audience.PARTNERSHIP and hide_up_to > 0)

"""The findings that the readers of each report may see, when they get the figures themselves. Pure."""

from collections.abc import Sequence
from dataclasses import replace

from app.concerns.response_numbers import NO_RESPONSES
from app.findings.agreement import Agreement
from app.findings.cautions import moderated_in_words
from app.findings.document import Findings
from app.reports.paper import Audience
from app.reports.teams_named import without_teams


def visible_findings(audience: Audience, findings: Findings, teams: Sequence[str]) -> Findings:
    """Return the findings as these readers may see them; `teams` are the names of all teams.

    Counts by team are for the council alone. Auditors and staff get none by place or context, and neither
    does the partnership when the council hides no small numbers.
    """
    if audience is Audience.COUNCIL:
        return findings
    shown = replace(
        findings,
        method=without_teams(findings.method, teams),
        areas=tuple(replace(area, teams={}) for area in findings.areas),
        teams={},
        main_places={},
        reasons=(),
    )
    if has_breakdowns(audience, findings.hide_up_to):
        return shown
    areas = tuple(replace(area, places={}, context={}) for area in shown.areas)
    return replace(shown, areas=areas, factors={}, factors_left_out=())


def without_figures(findings: Findings) -> Findings:
    """Return the findings of an open cycle for a report: its returns so far, and how the audits are done.

    Nothing that was answered is in them: a figure of an open cycle is never quoted.
    """
    of_moderation = moderated_in_words(
        findings.agreement.moderated, findings.returns.returned, findings.agreement.changed
    )
    return replace(
        findings,
        method=tuple(sentence for sentence in findings.method if sentence != of_moderation),
        cautions=(),
        areas=(),
        teams={},
        main_places={},
        factors={},
        factors_left_out=(),
        agreement=Agreement(),
        above_limit=0,
        above_limit_with_reason=0,
        again=None,
        responses=NO_RESPONSES,
        workers=None,
        several_agencies=findings.several_agencies
        and replace(findings.several_agencies, counts={}, leaving=()),
    )


def has_breakdowns(audience: Audience, hide_up_to: int) -> bool:
    """True where these readers may see counts by place and by context."""
    return audience is Audience.COUNCIL or (audience is Audience.PARTNERSHIP and hide_up_to > 0)

"""Texts that name a team, which only the council's own report may do. Pure."""

import re
from collections.abc import Sequence
from functools import cache

from app.sampling.method_note import BY_TEAM


def without_teams(sentences: Sequence[str], teams: Sequence[str]) -> tuple[str, ...]:
    """The sentences of the method that tell nothing of a team."""
    return tuple(
        each for each in sentences if not each.startswith(BY_TEAM) and names_a_team(each, teams) is None
    )


def names_a_team(text: str, teams: Sequence[str]) -> str | None:
    """The first of the teams that a text names; None where it names none."""
    return next((team for team in teams if _named(team).search(text)), None)


@cache
def _named(team: str) -> re.Pattern[str]:
    return re.compile(rf"(?<!\w){re.escape(team)}(?!\w)", re.IGNORECASE)

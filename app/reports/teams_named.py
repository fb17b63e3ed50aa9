"""Texts that name a team, which only the council's own report may do. Pure."""

import re
from collections.abc import Sequence
from functools import cache

from app.names import folded
from app.sampling.method_note import BY_TEAM


def without_teams(sentences: Sequence[str], teams: Sequence[str]) -> tuple[str, ...]:
    """Return the sentences of the method that say nothing about a team."""
    return tuple(
        sentence
        for sentence in sentences
        if not sentence.startswith(BY_TEAM) and names_a_team(sentence, teams) is None
    )


def names_a_team(text: str, teams: Sequence[str]) -> str | None:
    """Return the first of the teams that a text names, in any spelling; None when it names none."""
    text = folded(text)
    return next((team for team in teams if (wanted := folded(team)) and _pattern(wanted).search(text)), None)


@cache
def _pattern(team: str) -> re.Pattern[str]:
    return re.compile(rf"(?<!\w){re.escape(team)}(?!\w)")

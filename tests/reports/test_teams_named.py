"""A text names a team in whatever spelling it is written."""

import pytest

from app.reports.teams_named import names_a_team

TEAMS = ("Crewe", "Children's Services 0-5", "-")


@pytest.mark.parametrize(
    ("text", "team"),
    [
        ("The work in CREWE was good.", "Crewe"),
        ("Crewe’s work was good.", "Crewe"),
        ("The children’s services 0–5 saw every child.", "Children's Services 0-5"),
        ("Screwed up, or Crewed.", None),
        ("Children's services 0–56 and Children services 0-5 are none.", None),
        ("Nothing - of a team.", None),
    ],
)
def test_a_team_is_named_in_any_spelling_as_whole_words(text: str, team: str | None) -> None:
    assert names_a_team(text, TEAMS) == team

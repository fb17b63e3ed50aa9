"""Teams are listed and renamed; a new name reaches all that belongs to the team."""

from collections.abc import Callable
from datetime import date

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from app.database import db, transaction
from app.history import record
from app.people.models import Person, Team
from app.refusal import Refused
from app.sampling.models import Draw, DrawnCase
from app.settings import team_moves
from tests.factories import a_cycle, a_person, a_team
from tests.pages import opened, visible


@pytest.fixture
def coordinator(app: Flask, sign_in: Callable[[Person], FlaskClient]) -> FlaskClient:
    return sign_in(a_person("Jack Denny", roles=["coordinator"], team="Crewe"))


def test_a_team_is_renamed_on_its_page(coordinator: FlaskClient) -> None:
    team = a_team("Nantwich")
    assert "Crewe Rename “Crewe” Nantwich Rename “Nantwich”" in visible(
        opened(coordinator, "/settings/teams")
    )
    address = f"/settings/teams/{team.id}"
    taken = coordinator.post(address, data={"name": "CREWE"})
    assert taken.status_code == 422
    assert "There is already a team Crewe. Enter another name." in visible(taken.get_data(as_text=True))
    coordinator.post(address, data={"name": "Nantwich & Wilmslow"})
    page = visible(opened(coordinator, "/settings/teams"))
    assert "Team renamed" in page
    assert "Nantwich & Wilmslow Rename" in page
    assert coordinator.get("/settings/teams/999").status_code == 404


def test_another_spelling_of_its_own_name_is_no_other_team(service: Flask) -> None:
    team = a_team("crewe")
    team_moves.rename(team.id, "Crewe", by="jack@council.example")
    assert db.session.scalars(select(Team.name)).all() == ["Crewe"]
    with pytest.raises(Refused):
        team_moves.rename(a_team("Nantwich").id, "CREWE", by="jack@council.example")


def test_the_new_name_is_that_of_the_cases_drawn_and_stands_in_the_history(service: Flask) -> None:
    team, jack, cycle = a_team("Crewe"), a_person("Jack Denny"), a_cycle()
    with transaction():
        draw = Draw(
            cycle_id=cycle.id,
            method="random",
            seed=1,
            size=1,
            drawn_on=date(2010, 10, 4),
            drawn_by_id=jack.id,
        )
        for position, stratum in enumerate(("Crewe", "Nantwich"), start=1):
            draw.cases.append(DrawnCase(position=position, stratum=stratum, is_chosen=True))
        db.session.add(draw)
    team_moves.rename(team.id, "Crewe South", by=jack.email)
    strata = select(DrawnCase.stratum).order_by(DrawnCase.position)
    assert db.session.scalars(strata).all() == ["Crewe South", "Nantwich"]
    [row] = record.of("setting", "teams")
    assert (row.what, row.before, row.after) == ("renamed", "Crewe", "Crewe South")

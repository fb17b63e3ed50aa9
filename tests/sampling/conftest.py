"""A coordinator who is signed in, of a council with three teams and a cycle that begins on the day."""

from collections.abc import Callable
from datetime import date

import pytest
from flask.testing import FlaskClient

from app.people.models import Person
from tests.factories import a_cycle, a_person, a_team
from tests.sampling.choosing import ON


@pytest.fixture
def coordinator(sign_in: Callable[[Person], FlaskClient], clock_at: Callable[[date], None]) -> FlaskClient:
    clock_at(ON)
    for team in ("Crewe", "Nantwich", "Wilmslow"):
        a_team(team)
    a_cycle()
    return sign_in(a_person("Jack Denny", roles=["coordinator"]))

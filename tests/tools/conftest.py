"""A coordinator, and one who has begun a new version."""

from collections.abc import Callable
from datetime import date

import pytest
from flask.testing import FlaskClient

from app.people.models import Person
from tests.factories import a_person, a_tool
from tests.tools.drafts import DRAFT, MONDAY


@pytest.fixture
def coordinator(sign_in: Callable[[Person], FlaskClient], clock_at: Callable[[date], None]) -> FlaskClient:
    """A coordinator on the first of November 2010."""
    clock_at(MONDAY)
    return sign_in(a_person("Jack Denny", roles=["coordinator"]))


@pytest.fixture
def draft(coordinator: FlaskClient) -> FlaskClient:
    """A coordinator who has just made a new version."""
    a_tool()
    answer = coordinator.post("/tools/child-protection/1/next")
    assert answer.headers["Location"] == f"{DRAFT}/edit"
    return coordinator

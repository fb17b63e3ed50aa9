"""A case of Nantwich that is audited by two people, its team's manager, and two coordinators."""

import pytest
from flask import Flask

from app.people.models import Person
from tests.factories import a_person, an_audit

CASE_NUMBER = "734512"
TEAM = "Nantwich"


@pytest.fixture
def people(app: Flask) -> dict[str, Person]:
    """The people around audit CP-009, by first name."""
    found = {
        "mona": a_person("Mona Reese", roles=["manager"], team=TEAM, telephone="01270 555 031"),
        "max": a_person("Max Ilford", roles=["manager"], team="Crewe"),
        "jack": a_person("Jack Denny", roles=["coordinator"], telephone="01270 555 001"),
        "cora": a_person("Cora Lane", roles=["coordinator"]),
        "alison": a_person("Alison Hartley", team="Wilmslow", telephone="01270 555 014"),
        "imogen": a_person("Imogen Sayle", team="Wilmslow"),
        "gwen": a_person("Gwen Tattersall", team="Wilmslow"),
    }
    lead, second = found["alison"], found["imogen"]
    an_audit("CP-009", lead=lead, second=second, team=TEAM, case_reference=CASE_NUMBER)
    return found

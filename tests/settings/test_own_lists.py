"""The council's own lists of places and context factors, on the page of settings."""

from collections.abc import Callable

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from app.answers.models import Answer, ContextFactor, EvidencePlace
from app.database import db, transaction
from app.history.record import of
from app.people.models import Person
from app.tools.models import Question
from tests.factories import a_person, an_audit

SignIn = Callable[[Person], FlaskClient]

LISTS = [
    ("places", EvidencePlace, "places where evidence is found"),
    ("context", ContextFactor, "context factors"),
]
Model = type[EvidencePlace] | type[ContextFactor]


@pytest.fixture
def office(client: FlaskClient, sign_in: SignIn) -> FlaskClient:
    return sign_in(a_person("Jack Denny", roles=["administrator"]))


def _labels(model: Model) -> list[str]:
    db.session.expire_all()
    return list(db.session.scalars(select(model.label).order_by(model.position)))


def _id(model: Model, label: str) -> int:
    return db.session.scalars(select(model.id).where(model.label == label)).one()


@pytest.mark.parametrize(("which", "model", "name"), LISTS)
def test_entries_are_added_renamed_and_put_in_order(
    office: FlaskClient, which: str, model: Model, name: str
) -> None:
    before = _labels(model)
    for label in ("Harbour", "Lighthouse"):
        assert office.post(f"/settings/{which}", data={"label": label}).status_code == 302
    office.post(f"/settings/{which}/{_id(model, 'Lighthouse')}/up")
    office.post(f"/settings/{which}/{_id(model, 'Harbour')}", data={"label": " Old  harbour "})
    assert _labels(model) == [*before, "Lighthouse", "Old harbour"]
    page = office.get(f"/settings/{which}").get_data(as_text=True)
    assert page.index("Lighthouse") < page.index("Old harbour")
    told = [(row.what, row.before, row.after) for row in of("setting", name)]
    assert told == [
        ("renamed", "Harbour", "Old harbour"),
        ("moved up", None, "Lighthouse"),
        ("added", None, "Lighthouse"),
        ("added", None, "Harbour"),
    ]


@pytest.mark.parametrize(("which", "model", "name"), LISTS)
def test_an_entry_is_there_once_whatever_its_case_and_spacing(
    office: FlaskClient, which: str, model: Model, name: str
) -> None:
    for label in ("Paper store", "Attic"):
        office.post(f"/settings/{which}", data={"label": label})
    for address in (f"/settings/{which}", f"/settings/{which}/{_id(model, 'Attic')}"):
        answer = office.post(address, data={"label": "paper  STORE"})
        assert answer.status_code == 422
        assert "is already in the list" in answer.get_data(as_text=True)
    assert {"Paper store", "Attic"} <= set(_labels(model))
    office.post(f"/settings/{which}/{_id(model, 'Attic')}", data={"label": "ATTIC"})
    assert "ATTIC" in _labels(model)


@pytest.mark.parametrize(("which", "model", "name"), LISTS)
def test_an_entry_needs_a_name_and_the_first_one_stays_first(
    office: FlaskClient, which: str, model: Model, name: str
) -> None:
    assert "Enter the name" in office.post(f"/settings/{which}", data={"label": " "}).get_data(as_text=True)
    office.post(f"/settings/{which}", data={"label": "Attic"})
    first = _labels(model)[0]
    office.post(f"/settings/{which}/{_id(model, first)}/up")
    assert _labels(model)[0] == first
    assert office.get(f"/settings/{which}/99999").status_code == 404


def test_an_answer_keeps_its_place_when_the_place_is_renamed(office: FlaskClient) -> None:
    audit = an_audit()
    office.post("/settings/places", data={"label": "Attic"})
    place = _id(EvidencePlace, "Attic")
    question = db.session.scalars(select(Question.id)).one()
    with transaction():
        db.session.add(Answer(audit_id=audit.id, question_id=question, found_in_id=place))
    office.post(f"/settings/places/{place}", data={"label": "Loft"})
    found_in = select(EvidencePlace.label).join(Answer, Answer.found_in_id == EvidencePlace.id)
    db.session.expire_all()
    assert db.session.scalars(found_in).one() == "Loft"


def test_the_page_of_settings_leads_to_both(office: FlaskClient) -> None:
    page = office.get("/settings").get_data(as_text=True)
    assert 'href="/settings/places"' in page
    assert 'href="/settings/context"' in page

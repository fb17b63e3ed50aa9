"""Pages name people in one way, which says who has left: no one waits for, or phones, a leaver."""

import re
from collections.abc import Callable
from datetime import date

import pytest
from flask import Flask
from flask.testing import FlaskClient

from app.actions import moves, recommending
from app.concerns import remedies
from app.concerns.models import CalledResponse
from app.database import db, transaction
from app.people.models import Person
from config.settings import PROJECT
from tests.factories import a_cycle, a_person, an_audit
from tests.pages import opened, visible

FRI, LATER = date(2010, 11, 5), date(2010, 12, 20)

PEOPLE = (
    *("acknowledged_by", "answered_by", "approved_by", "by", "decided_by", "noted_by", "raised_by"),
    *("signed_off_by", "written_by", "deputy", "line_manager", "moderator", "owner", "person"),
    *("respond_to", "worker"),
)
"""The words for people in templates."""

BY_NAME = re.compile(rf"""(?<![\w."])(?:\w+\.)*(?:{"|".join(PEOPLE)})\.name\b|attribute=.name.\)\|join""")

SAID_BESIDE = {
    "actions/tracker.html": "action.owner.name",
    "today/calls.html": "each.person.name",
    "bodies/body.html": "member.person.name",
}
"""The templates that say in words of their own, beside the name, that somebody has left."""

ABOUT_ONE_PERSON = (
    *("actions/hand_over.html", "retention/file.html", "people/leave.html", "people/listing.html"),
    *("people/choose_password.html", "people/edit.html", "people/links.html", "people/page.html"),
    # the name of a link to the person, or of who is emailed
    "messages/detail.html",
)
"""The pages about people as such, each of which says of its person how they stand."""


def test_every_template_names_people_by_the_filter_that_says_who_has_left() -> None:
    found = {}
    for template in sorted((PROJECT / "templates").rglob("*.html")):
        name = str(template.relative_to(PROJECT / "templates"))
        if name.startswith("emails/") or name in ABOUT_ONE_PERSON:
            continue
        said = {match for match in BY_NAME.findall(template.read_text()) if match != SAID_BESIDE.get(name)}
        if said:
            found[name] = said
    assert found == {}


@pytest.fixture
def gone(app: Flask, clock_at: Callable[[date], None]) -> Person:
    """Lee Gone, who owns an action, a recommendation, a remedy and an audit, manages a team, and left."""
    clock_at(FRI)
    jack = a_person("Jack Denny", roles=["coordinator"])
    gone = a_person("Lee Gone", roles=["manager", "auditor"], team="Nantwich", telephone="01270 555 066")
    audit = an_audit("CP-001", lead=gone, second=a_person("Imogen Sayle"))
    moves.raise_action(text="Send it", by=jack, on=FRI, owner_id=gone.id, due_on=FRI)
    recommending.recommend(a_cycle(), text="Agree it", by=jack, on=FRI, owner_id=gone.id, due_on=LATER)
    remedies.note("CP-001", "The chronology stops in June", LATER, gone.id, jack, FRI)
    with transaction():
        called = {"reference": "CP-001-P1", "audit_id": audit.id, "called_on": FRI, "due_on": FRI}
        db.session.add(CalledResponse(**called, questions=["child_seen"]))
        db.session.get_one(Person, gone.id).leaving_on = FRI
    clock_at(LATER)
    return gone


@pytest.mark.parametrize(
    "page",
    [
        *("/actions", "/actions/A1", "/recommendations", "/recommendations/R1", "/remedies"),
        *("/remedies/CP-001-F1", "/audits/CP-001", "/audits"),
    ],
)
def test_a_page_with_work_of_a_leaver_says_that_they_have_left(
    gone: Person, sign_in: Callable[[Person], FlaskClient], page: str
) -> None:
    shown = visible(opened(sign_in(db.session.query(Person).filter_by(name="Jack Denny").one()), page))
    assert re.search(r"Lee Gone \(has left\)|Lee Gone,? (auditor|lead,)? ?has left", shown), shown
    assert "01270 555 066" not in shown, "nobody is there to answer"


def test_whoever_may_not_see_the_case_number_is_not_told_to_phone_a_leaver(
    gone: Person, sign_in: Callable[[Person], FlaskClient], clock_at: Callable[[date], None]
) -> None:
    boss = a_person("Bob Bell", roles=["manager"], team="Nantwich")
    client, address = sign_in(boss), "/remedies/CP-001-F1"
    assert "Phone Imogen Sayle to ask which case it is." in visible(opened(client, address))
    with transaction():
        for person in db.session.query(Person).filter(Person.name.in_(("Imogen Sayle", "Jack Denny"))):
            person.leaving_on = FRI
    assert "Ask an audit coordinator which case it is." in visible(opened(client, address))

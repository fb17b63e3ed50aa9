"""Two people save the same section at the same moment: on both databases no answer of either is lost."""

from concurrent.futures import ThreadPoolExecutor
from datetime import date
from threading import Barrier

from flask import Flask
from sqlalchemy import select

from app.answers.merging import BLANK, Content
from app.answers.models import Answer, LookedIn
from app.answers.saving import Outcome, Sent, save_section
from app.audits.facts import found
from app.database import db
from app.people.models import Person
from tests.factories import a_person, an_audit

FRI_5 = date(2010, 11, 5)


def test_the_later_is_told_and_the_earlier_ones_answer_stands(service: Flask) -> None:
    pair = [a_person("Alison Hartley"), a_person("Imogen Sayle")]
    people = [person.id for person in pair]
    an_audit("CP-001", lead=pair[0], second=pair[1])
    db.session.rollback()
    together = Barrier(2)

    def save(place: int) -> tuple[int, Outcome]:
        with service.app_context():
            by = db.session.get_one(Person, people[place])
            content = Content(place + 1, 1, frozenset({1, 2}), f"by {place}")
            together.wait()
            try:
                return place, save_section("CP-001", 1, by, FRI_5, {1: Sent(content, BLANK.fingerprint)})
            finally:
                db.session.remove()

    with ThreadPoolExecutor(2) as pool:
        outcomes = list(pool.map(save, (0, 1)))
    (winner,) = [place for place, outcome in outcomes if outcome.written == [1]]
    assert [outcome.conflicts for place, outcome in outcomes if place != winner] == [[1]]
    answer = db.session.scalars(select(Answer)).one()
    assert (answer.comment, answer.version) == (f"by {winner}", 1)
    assert set(db.session.scalars(select(LookedIn.place_id))) == {1, 2}
    audit = found("CP-001")
    assert audit is not None
    assert audit.started_on == FRI_5

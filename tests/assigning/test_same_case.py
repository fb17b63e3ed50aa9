"""Two spellings of a case number are one case wherever it matters; two that rules tell apart are two."""

from datetime import date

import pytest
from flask import Flask
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import delete, select

from app.answers.moderation_queue import ever_audited
from app.answers.side_by_side import moderation_facts
from app.assigning import moves
from app.assigning.independence import not_independent, warnings_about_case
from app.assigning.suitability import case_facts
from app.audit_files.known import conflicts_declared
from app.audits.models import Assignment, Audit
from app.case_keys.mark import as_compared
from app.case_numbers import without_slashes
from app.database import db, transaction
from app.migrating import migrate
from app.people.models import Person
from app.people.queries import everyone
from app.refusal import Refused
from app.sampling.case_list import pasted
from app.sampling.requesting import audited_recently
from tests.factories import a_cycle, a_person, an_audit
from tests.spelling import SPELLINGS, NumberSpelt, numbers

ON, EARLIER = date(2010, 11, 5), date(2010, 9, 1)
IN_THE_DATABASE = settings(max_examples=12, suppress_health_check=[HealthCheck.function_scoped_fixture])


def a_number() -> st.SearchStrategy[NumberSpelt]:
    """Spellings in which a file or a form can have a number."""
    return SPELLINGS.filter(lambda spelt: len(spelt.written) <= 60)


def two_audits(one: str, other: str) -> tuple[Audit, Audit]:
    """Make an audit of an earlier cycle, whose lead declared a conflict, and one of now."""
    with transaction():
        db.session.execute(delete(Assignment))
        db.session.execute(delete(Audit))
    imogen = db.session.scalars(select(Person).where(Person.name == "Imogen Sayle")).one()
    before = an_audit("OLD-1", cycle=a_cycle("2009-1"), second=imogen, case_reference=one)
    with transaction():
        spell = Assignment(part="lead", person_id=imogen.id, assigned_on=EARLIER, ended_on=EARLIER)
        spell.ended_because, spell.why = "declined", "conflict"
        db.session.get_one(Audit, before.id).assignments.append(spell)
        db.session.get_one(Audit, before.id).returned_on = ON
    now = an_audit("CP-001", case_reference=other)
    return before, now


def seen_as_one(before: Audit, now: Audit, other: str) -> dict[str, bool]:
    """Return, by the name of each place, whether it takes the two audits for audits of one case."""
    imogen = db.session.scalars(select(Person).where(Person.name == "Imogen Sayle")).one()
    case = case_facts([now], ON)[now.id]
    said = " ".join(warnings_about_case(case, ON))
    return {
        "audited again": f"was audited in the last 12 months: {before.reference}" in said,
        "conflict": not_independent(everyone()[imogen.id], case) is not None,
        "conflict in files": imogen.id in conflicts_declared().get(as_compared(other) or "", ()),
        "the page of a draw": before.reference in str([*audited_recently(now.cycle, [other], ON).values()]),
        "the queue of moderation": now.id in ever_audited(imogen.id, [now.id]),
        "moderation": imogen.id in moderation_facts(now).auditors,
    }


@IN_THE_DATABASE
@given(spelt=a_number())
def test_two_spellings_are_one_case(service: Flask, spelt: NumberSpelt) -> None:
    migrate()
    if not everyone():
        a_person("Imogen Sayle")
    before, now = two_audits(spelt.number, spelt.written)
    seen = seen_as_one(before, now, spelt.written)
    assert {place for place, as_one in seen.items() if not as_one} == set()
    written = spelt.written.replace("\t", " ")
    in_a_list = pasted(f"{spelt.number}\tCrewe\n{written}\tCrewe", ["Crewe"])
    assert (len(in_a_list.cases), in_a_list.repeated, in_a_list.faults) == (1, 1, [])
    the_other_way = pasted(f"{written}\tCrewe\n{spelt.number}\tCrewe", ["Crewe"])
    assert the_other_way.cases == in_a_list.cases


@IN_THE_DATABASE
@given(one=numbers(), other=numbers())
def test_two_numbers_are_two_cases(service: Flask, one: str, other: str) -> None:
    if one == other:
        return
    migrate()
    if not everyone():
        a_person("Imogen Sayle")
    before, now = two_audits(one, other)
    seen = seen_as_one(before, now, other)
    assert {place for place, as_one in seen.items() if as_one} == set()
    in_a_list = pasted(f"{one}\tCrewe\n{other}\tCrewe", ["Crewe"])
    assert (len(in_a_list.cases), in_a_list.repeated) == (2, 0)
    warned = " ".join(warnings_about_case(case_facts([now], ON)[now.id], ON))
    assert ("may be the case of OLD-1" in warned) == (without_slashes(one) == without_slashes(other) != "")


@pytest.mark.parametrize(("one", "other"), [("P/12", "P12"), ("12/34", "1-2/3/4"), ("0/12", "/012")])
def test_two_that_differ_by_slashes_alone_are_warned_about(service: Flask, one: str, other: str) -> None:
    migrate()
    a_person("Imogen Sayle")
    _, now = two_audits(one, other)
    assert warnings_about_case(case_facts([now], ON)[now.id], ON) == [
        "The case of CP-001 may be the case of OLD-1: only slashes in their case numbers are different"
    ]


def test_who_declared_a_conflict_cannot_be_assigned_under_another_spelling(app: Flask) -> None:
    a_person("Imogen Sayle"), a_person("Alison Hartley")
    people = {person.name: person.id for person in everyone().values()}
    jack = a_person("Jack Denny", roles=["coordinator"])
    two_audits("615739", "0615-739")
    pair = moves.NewPair("CP-001", people["Imogen Sayle"], people["Alison Hartley"])
    with pytest.raises(Refused, match="Imogen Sayle declared a conflict with the case of CP-001"):
        moves.assign(pair, jack, ON)

"""A day between a return and its sending back reads what was returned, whatever was changed since."""

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

import pytest
from flask import Flask
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import delete, func, insert, select, update

from app.answers import moderating, second_look
from app.answers.as_returned import rows_of
from app.answers.models import Answer, AnswerView, EvidencePlace, Moderation, SectionSetAside
from app.answers.viewing import Change
from app.audits import moves
from app.audits.counting import reasons_not_returned, returned_by_day
from app.audits.cycle import Cycle
from app.audits.facts import facts, found
from app.audits.lifecycle import State, is_exempt, state
from app.audits.models import Audit, Return
from app.audits.standing import standings
from app.database import db, transaction
from app.findings import comments
from app.findings.compiling import compiled
from app.findings.data import as_data
from app.people.closures import working_days
from app.people.models import Person
from app.reports.material import gather
from app.tools.content import Content
from tests.answers.graded import ON as RETURNED
from tests.answers.graded import a_graded_cycle, answered, question, response
from tests.factories import a_person, an_audit
from tests.findings.any_tool import ON, Form, audited, written
from tests.statements import statements

SENT_BACK = RETURNED + timedelta(days=4)
AGAIN = RETURNED + timedelta(days=7)
BETWEEN = [RETURNED + timedelta(days=days) for days in range(4)]


@settings(
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
    deadline=None,
    max_examples=40,
)
@given(tool_and_audits=audited(), data=st.data())
def test_findings_of_a_day_in_between_are_what_they_were(
    service: Flask, tool_and_audits: tuple[Content, Sequence[Form]], data: st.DataObject
) -> None:
    content, audits = tool_and_audits
    cycle = written(content, audits, hide_up_to=0)
    with_all_that_is_said_of_answers(len(audits))
    then = compiled(cycle, ON)
    returned = [at for at, form in enumerate(audits, start=1) if form.returned_on and form.returned_on <= ON]
    sent_back = data.draw(st.lists(st.sampled_from(returned), unique=True)) if returned else []
    for number in sent_back:
        send_back_at_once(db.session.get_one(Audit, number))
    change_everything(sent_back)
    assert compiled(cycle, ON) == then
    db.session.rollback()


def with_all_that_is_said_of_answers(audits: int) -> None:
    """Give answers places, comments and reasons, and audits confirmations and moderations."""
    with transaction():
        places = list(db.session.scalars(select(EvidencePlace.id).order_by(EvidencePlace.id)))
        by = a_person()
        for answer in db.session.scalars(select(Answer)):
            answer.found_in_id = [*places, None][answer.id % (len(places) + 1)]
            answer.comment = [None, " ", "Because"][answer.id % 3]
            answer.above_limit_because = [None, "", "Still good"][answer.id % 3]
        for number in range(1, audits + 1):
            audit = db.session.get_one(Audit, number)
            if number % 2:
                audit.returned_in_product = True
                audit.confirmed_on = ON + timedelta(days=number % 3 - 1)
                audit.confirmed_in_product = bool(number % 3)
                audit.differs = "Not so" if number % 4 == 1 else None
            if number % 3:
                db.session.add(
                    Moderation(
                        audit_id=number,
                        chosen_because="by hand",
                        moderator_id=by.id,
                        decided_on=ON + timedelta(days=number % 3 - 1),
                        outcome="changed",
                    )
                )


def send_back_at_once(audit: Audit) -> None:
    """Do with a return what sending it back does with its answers, without emails."""
    with transaction():
        assert audit.returned_on is not None
        audit.returns.append(
            Return(
                returned_on=audit.returned_on,
                sent_back_on=ON + timedelta(days=2),
                because="Reasons",
                confirmed_on=audit.confirmed_on,
                kept=rows_of(audit),
            )
        )
        audit.returned_on = audit.confirmed_on = audit.differs = None
        audit.confirmed_in_product = False
        db.session.execute(delete(AnswerView).where(AnswerView.audit_id == audit.id))
        db.session.execute(delete(Moderation).where(Moderation.audit_id == audit.id))


def change_everything(audits: Sequence[int]) -> None:
    """Give each audit the answers of another, set other sections aside, and return every second again."""
    with transaction():
        by_agency: dict[Any, list[Audit]] = {}
        for number in audits:
            audit = db.session.get_one(Audit, number)
            by_agency.setdefault((audit.agency_id, audit.is_together), []).append(audit)
            if number % 2:
                audit.returned_on = audit.confirmed_on = ON + timedelta(days=3)
                audit.differs = "Otherwise"
        for together in by_agency.values():
            ids = [audit.id for audit in together]
            rows = [
                {**row, "audit_id": ids[(ids.index(row["audit_id"]) + 1) % len(ids)]}
                for row in db.session.execute(
                    select(Answer.__table__).where(Answer.audit_id.in_(ids)).order_by(Answer.id)
                ).mappings()
            ]
            db.session.execute(delete(Answer).where(Answer.audit_id.in_(ids)))
            some = [row for row in rows if row["id"] % 4]
            if some:
                db.session.execute(insert(Answer), some)
            aside = set(db.session.scalars(select(SectionSetAside.section_id)))
            db.session.execute(delete(SectionSetAside).where(SectionSetAside.audit_id.in_(ids)))
            if aside:
                db.session.execute(
                    insert(SectionSetAside), [{"audit_id": ids[0], "section_id": id_} for id_ in aside]
                )
        db.session.execute(update(Answer).where(Answer.audit_id.in_(audits)).values(comment="Otherwise"))
        db.session.expire_all()


@pytest.fixture
def in_a_cycle(service: Flask) -> Cycle:
    """A cycle of which CP-001 was returned, confirmed, agreed and moderated, a day each; then sent back,
    answered otherwise, and returned again."""
    lead, second = a_person("Alison Hartley"), a_person("Imogen Sayle")
    a_person("Cora Coordinator", roles=["coordinator"])
    cycle = a_graded_cycle()
    audit = an_audit("CP-001", lead=lead, second=second, cycle=cycle, case_reference="717275")
    answered(audit, {"child_seen": "yes", "plan_quality": "good"}, found_in="ICS", comment="As in 717275.")
    moves.return_audit("CP-001", lead, RETURNED)
    second_look.confirm("CP-001", second, BETWEEN[1], changed("plan_quality", "inadequate"))
    second_look.agree("CP-001", lead, BETWEEN[2], changed("plan_quality", "adequate"))
    moderator = a_person(roles=["moderator"])
    moderating.moderate(
        "CP-001", moderator, BETWEEN[3], changed("plan_quality", "outstanding"), read_before_grade=True
    )
    return cycle


def named(name: str) -> Person:
    return db.session.scalars(select(Person).where(Person.name == name)).one()


def changed(key: str, word: str) -> dict[int, Change]:
    return {question(key): Change(response(word), reason="The plan names no dates.")}


def sent_back_and_answered_again() -> None:
    by, lead = named("Cora Coordinator"), named("Alison Hartley")
    second_look.send_back("CP-001", by, SENT_BACK, "Reasons.", date(2010, 11, 19))
    with transaction():
        for answer in db.session.scalars(select(Answer)):
            answer.response_id, answer.comment, answer.found_in_id = response("no"), "Otherwise", None
            if answer.question_id == question("plan_quality"):
                db.session.delete(answer)
    moves.return_audit("CP-001", lead, AGAIN)


def told_of(cycle: Cycle, on: date) -> tuple[object, ...]:
    """Return all that the product says of a cycle on a day."""
    db.session.rollback()
    at = standings(on, working_days())
    audit = found("CP-001")
    assert audit is not None
    known = facts(audit, on)
    return (
        compiled(cycle, on),
        as_data(compiled(cycle, on)),
        gather(cycle, on, None),
        returned_by_day(cycle.id, at),
        comments.questions(cycle, at, ()),
        comments.comments(cycle, at, "child_seen", 0, ()),
        comments.comments(cycle, at, "plan_quality", 0, ()),
        state(known, on, working_days()),
        known.confirmed_on if known.confirmed_on and known.confirmed_on <= on else None,
    )


def test_every_day_reads_what_was_returned_then(in_a_cycle: Cycle) -> None:
    then = {on: told_of(in_a_cycle, on) for on in BETWEEN}
    sent_back_and_answered_again()
    for on in BETWEEN:
        assert told_of(in_a_cycle, on) == then[on], on
    grades = [
        next(given.response for given in area.responses or () if given.count)
        for on in BETWEEN
        for area in compiled(in_a_cycle, on).areas
        if area.question == "plan_quality"
    ]
    assert grades == ["good", "good", "adequate", "outstanding"]
    assert [compiled(in_a_cycle, on).agreement.confirmed for on in BETWEEN] == [0, 1, 1, 1]
    assert [compiled(in_a_cycle, on).agreement.moderated for on in BETWEEN] == [0, 0, 0, 1]
    at = standings(BETWEEN[0], working_days())
    assert [told.text for told in comments.comments(in_a_cycle, at, "child_seen", 0, ())] == [
        "As in [case number]."
    ]


def test_from_the_day_it_is_sent_back_it_is_not_returned(in_a_cycle: Cycle) -> None:
    sent_back_and_answered_again()
    for on, returned in ((SENT_BACK, 0), (AGAIN - timedelta(days=1), 0), (AGAIN, 1)):
        assert compiled(in_a_cycle, on).returns.returned == returned
        audit = found("CP-001")
        assert audit is not None
        assert (state(facts(audit, on), on, working_days()) is State.RETURNED) is bool(returned)
    seen = {area.question: area.figure.counts for area in compiled(in_a_cycle, AGAIN).areas}
    assert (seen["child_seen"].met, seen["child_seen"].not_met) == (0, 1)
    assert seen["plan_quality"].not_answered == 1


def test_a_second_sending_back_keeps_both_returns(in_a_cycle: Cycle) -> None:
    then = told_of(in_a_cycle, RETURNED)
    sent_back_and_answered_again()
    between = told_of(in_a_cycle, AGAIN)
    by = named("Cora Coordinator")
    second_look.send_back("CP-001", by, AGAIN + timedelta(days=1), "Again.", date(2010, 11, 26))
    with transaction():
        db.session.execute(delete(Answer))
    assert told_of(in_a_cycle, RETURNED) == then
    assert told_of(in_a_cycle, AGAIN) == between


def test_a_return_that_was_sent_back_before_it_was_kept_is_read_as_it_is_now(in_a_cycle: Cycle) -> None:
    sent_back_and_answered_again()
    with transaction():
        db.session.execute(update(Return).values(kept=None))
    counts = {area.question: area.figure.counts for area in compiled(in_a_cycle, RETURNED).areas}
    assert counts["child_seen"].not_met == 1


def test_where_nothing_was_sent_back_no_query_is_made_for_it(in_a_cycle: Cycle) -> None:
    def queries(on: date) -> int:
        db.session.rollback()
        with statements() as sent:
            compiled(in_a_cycle, on)
        return len(sent)

    queries(BETWEEN[3])
    before = queries(BETWEEN[3])
    sent_back_and_answered_again()
    assert queries(AGAIN) == before
    assert queries(BETWEEN[3]) > before
    assert db.session.scalar(select(func.count()).select_from(Return)) == 1


def test_a_day_before_an_exemption_was_taken_back_reads_it(service: Flask) -> None:
    by, cycle = a_person(roles=["coordinator"]), a_graded_cycle()
    an_audit("CP-001", lead=a_person(), second=a_person(), cycle=cycle)
    moves.exempt("CP-001", by, RETURNED, "Record closed", "Head of service")

    def told(on: date) -> tuple[object, ...]:
        db.session.rollback()
        at, audit = standings(on, working_days()), found("CP-001")
        assert audit is not None
        returns = compiled(cycle, on).returns
        return returns, reasons_not_returned(cycle.id, at), is_exempt(facts(audit, on), on)

    then = told(BETWEEN[1])
    assert then[1:] == ([("exempt", 1)], True)
    moves.lift_exemption("CP-001", by, BETWEEN[2], "By mistake")
    assert told(BETWEEN[1]) == then
    assert told(BETWEEN[2])[1:] == ([], False)

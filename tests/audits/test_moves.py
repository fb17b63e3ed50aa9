"""The moves of an audit, each whole or refused with a sentence that changes nothing."""

from datetime import date

import pytest
from flask import Flask
from sqlalchemy import select

from app.assigning import moves as assigning
from app.assigning import requesting
from app.assigning.moves import NewPair, SomeRefused
from app.assigning.suitability import case_facts
from app.audits import chasing, moves
from app.audits.facts import facts, found, pair_on
from app.audits.lifecycle import state
from app.audits.models import Audit
from app.database import db
from app.history.record import of
from app.outbox.models import Message, MessageItem
from app.people.closures import working_days
from app.people.models import Person
from app.refusal import Refused
from tests.factories import a_cycle, a_person, a_team, an_audit

FRI_5, SAT_6, MON_8 = date(2010, 11, 5), date(2010, 11, 6), date(2010, 11, 8)
DUE = date(2010, 11, 12)


@pytest.fixture
def jack(app: Flask) -> Person:
    return a_person("Jack Denny", roles=["coordinator"])


@pytest.fixture
def alison(app: Flask) -> Person:
    return a_person("Alison Hartley", team="Crewe", telephone="01270 111111")


@pytest.fixture
def imogen(app: Flask) -> Person:
    return a_person("Imogen Sayle", team="Safeguarding Unit", telephone="01270 222222")


def read(reference: str = "CP-001") -> Audit:
    audit = found(reference)
    assert audit is not None
    return audit


def words_on(day: date) -> str:
    return str(state(facts(read(), day), day, working_days()))


def messages(kind: str) -> list[Message]:
    return list(db.session.scalars(select(Message).where(Message.kind == kind).order_by(Message.id)))


def what_happened() -> list[str]:
    return [row.what for row in reversed(of("audit", "CP-001"))]


def test_an_audit_goes_from_request_to_confirmation(jack: Person, alison: Person, imogen: Person) -> None:
    cycle, team = a_cycle(), a_team("Nantwich")
    requesting.request(cycle.reference, "CP-001", "717275", team.id, jack, FRI_5)
    assert words_on(FRI_5) == "requested"
    assigning.assign(NewPair("CP-001", alison.id, imogen.id), jack, FRI_5)
    assert words_on(FRI_5) == "assigned"
    moves.start("CP-001", imogen, MON_8)
    assert (words_on(FRI_5), words_on(MON_8)) == ("assigned", "in progress")
    moves.return_audit("CP-001", alison, DUE)
    assert words_on(DUE) == "returned"
    moves.confirm("CP-001", imogen, DUE, differs="The plan is better than that.")
    assert read().confirmed_on == DUE
    assert read().differs == "The plan is better than that."
    assert what_happened() == ["requested", "assigned", "started", "returned", "disagreed"]


def test_a_pair_assigned_on_a_working_day_is_told_at_once(
    jack: Person, alison: Person, imogen: Person
) -> None:
    an_audit("CP-001")
    an_audit("CP-002", due_on=date(2010, 11, 19))
    pairs = [NewPair("CP-001", alison.id, imogen.id), NewPair("CP-002", alison.id, imogen.id)]
    assigning.assign_all(pairs, jack, FRI_5)
    assert [message.address for message in messages("assigned")] == [alison.email, imogen.email]
    items = db.session.scalars(select(MessageItem).where(MessageItem.person_id == alison.id)).all()
    assert [(item.reference, item.kind, item.step, item.anchor_on, item.due_on) for item in items] == [
        ("CP-001", "digest", "assigned", FRI_5, DUE),
        ("CP-002", "digest", "assigned", FRI_5, date(2010, 11, 19)),
    ]


def test_a_pair_assigned_on_a_saturday_or_in_leave_is_left_to_the_daily_run(
    jack: Person, alison: Person
) -> None:
    away = a_person("Owen Bickerton", leave=[(FRI_5, MON_8)])
    an_audit("CP-001")
    an_audit("CP-002")
    assigning.assign(NewPair("CP-001", alison.id, away.id), jack, SAT_6)
    assert messages("assigned") == []
    assigning.assign(NewPair("CP-002", alison.id, away.id), jack, FRI_5)
    assert [message.address for message in messages("assigned")] == [alison.email]


def test_assigning_the_same_person_again_on_the_same_day_does_not_repeat_the_message(
    jack: Person, alison: Person, imogen: Person
) -> None:
    owen = a_person("Owen Bickerton")
    an_audit("CP-001", lead=owen, second=imogen)
    assigning.reassign("CP-001", "lead", alison.id, jack, FRI_5, "sick")
    assigning.reassign("CP-001", "lead", owen.id, jack, FRI_5, "back again")
    assigning.reassign("CP-001", "lead", alison.id, jack, FRI_5, "sick after all")
    assert [message.address for message in messages("assigned")] == [alison.email, owen.email]


def test_an_auditor_of_the_cases_own_team_needs_a_reason(
    jack: Person, alison: Person, imogen: Person
) -> None:
    an_audit("CP-001", team="Crewe")
    with pytest.raises(Refused, match="own team"):
        assigning.assign(NewPair("CP-001", alison.id, imogen.id), jack, FRI_5)
    assert read().assignments == []
    assigning.assign(NewPair("CP-001", alison.id, imogen.id, "Nobody else is there."), jack, FRI_5)
    assert [spell.override_reason for spell in read().assignments] == ["Nobody else is there.", None]


def test_a_conflict_declared_once_holds_for_the_same_case_later(
    jack: Person, alison: Person, imogen: Person
) -> None:
    an_audit("CP-001", lead=alison, second=imogen, case_reference="717275")
    an_audit("CP-002", case_reference="717275")
    an_audit("CP-003", case_reference="999999")
    assigning.decline("CP-001", alison, FRI_5, "conflict", "I know the family.")
    with pytest.raises(Refused, match="declared a conflict"):
        assigning.assign(NewPair("CP-002", alison.id, imogen.id), jack, FRI_5)
    assigning.assign(NewPair("CP-003", alison.id, imogen.id), jack, FRI_5)
    facts_of = case_facts([read("CP-001"), read("CP-003")], FRI_5)
    assert [case.in_conflict for case in facts_of.values()] == [frozenset({alison.id}), frozenset()]


def test_declining_frees_the_part_and_tells_every_coordinator_at_once(
    jack: Person, alison: Person, imogen: Person
) -> None:
    ingrid = a_person("Ingrid Solomon", roles=["coordinator"], leave=[(FRI_5, MON_8)])
    a_person("Gone Away", roles=["coordinator"], leaving_on=date(2010, 1, 1))
    an_audit("CP-001", lead=alison, second=imogen)
    assigning.decline("CP-001", alison, SAT_6, "capacity", "Two inspections this month.")
    assert pair_on(read(), SAT_6).lead is None
    assert pair_on(read(), FRI_5).lead is not None
    assert {message.address for message in messages("declined")} == {jack.email, ingrid.email}
    assert "Two inspections" not in str(messages("declined")[0].text)
    owen = a_person("Owen Bickerton")
    assigning.assign(NewPair("CP-001", owen.id, None), jack, MON_8)
    pair = pair_on(read(), MON_8)
    assert [person.name for person in pair.people] == ["Owen Bickerton", "Imogen Sayle"]


def test_sending_back_opens_it_again_and_keeps_the_return_it_had(
    jack: Person, alison: Person, imogen: Person
) -> None:
    an_audit("CP-001", lead=alison, second=imogen, returned_on=FRI_5, confirmed_on=FRI_5)
    moves.send_back("CP-001", jack, MON_8, "Two judgements lack a reason.", date(2010, 11, 19))
    assert words_on(FRI_5) == "returned"
    assert words_on(MON_8) == "assigned"
    audit = read()
    assert (audit.due_on, audit.first_due_on, audit.confirmed_on) == (date(2010, 11, 19), DUE, None)
    assert facts(audit, FRI_5).due_on == DUE
    assert [message.address for message in messages("chase")] == [alison.email, imogen.email]
    (to_alison, _) = messages("chase")
    assert to_alison.subject == "Audit CP-001 sent back: add what is missing by 19 November"
    assert to_alison.why == "Jack Denny sent the audit back"
    assert "sent it back. What is missing: Two judgements lack a reason." in str(to_alison.text)


def test_extending_keeps_the_first_due_day_and_every_day_reads_as_it_was(
    jack: Person, alison: Person, imogen: Person
) -> None:
    an_audit("CP-001", lead=alison, second=imogen)
    moves.extend("CP-001", jack, FRI_5, "File is elsewhere", date(2010, 11, 19))
    moves.extend("CP-001", jack, MON_8, "Still elsewhere", date(2010, 11, 26))
    audit = read()
    assert audit.first_due_on == DUE
    days = [date(2010, 11, 4), FRI_5, SAT_6, MON_8]
    assert [facts(audit, day).due_on.day for day in days] == [12, 19, 19, 26]


@pytest.mark.parametrize("due_on", [DUE, date(2010, 11, 11)])
def test_an_extension_must_be_later(jack: Person, app: Flask, due_on: date) -> None:
    an_audit("CP-001")
    with pytest.raises(Refused, match="must be after the current due date, 12 November 2010"):
        moves.extend("CP-001", jack, FRI_5, "why", due_on)


def test_reassigning_gives_one_part_to_somebody_else_with_a_new_due_day(
    jack: Person, alison: Person, imogen: Person
) -> None:
    an_audit("CP-001", lead=alison, second=imogen)
    owen = a_person("Owen Bickerton")
    assigning.reassign("CP-001", "lead", owen.id, jack, FRI_5, "sick", due_on=date(2010, 11, 19))
    audit = read()
    assert [person.name for person in pair_on(audit, FRI_5).people] == ["Owen Bickerton", "Imogen Sayle"]
    assert audit.due_on == date(2010, 11, 19)
    assert [message.address for message in messages("assigned")] == [owen.email]


def test_a_chase_writes_one_message_per_person_and_stands_in_the_log(
    jack: Person, alison: Person, imogen: Person
) -> None:
    an_audit("CP-001", lead=alison, second=imogen)
    an_audit("CP-002", lead=alison, second=imogen, returned_on=FRI_5)
    an_audit("CP-003", lead=alison, second=imogen, returned_on=FRI_5, confirmed_on=FRI_5)
    refused = chasing.chase_all(["CP-001", "CP-002", "CP-003"], jack, SAT_6, "The paper goes on Monday.")
    assert refused == {
        "CP-003": "This audit was returned on 5 November 2010 and confirmed, so no one needs to be chased"
    }
    to_alison, to_imogen = messages("chase")
    assert to_alison.subject == "Return audit CP-001 by Friday 12 November 2010"
    assert to_imogen.subject == "2 audits to do: the first due Friday 12 November 2010"
    assert [(chase.day, chase.channel, chase.by_id) for chase in read("CP-002").chases] == [
        (SAT_6, "email", jack.id)
    ]
    with pytest.raises(Refused, match="The chase log already has"):
        chasing.chase("CP-001", jack, SAT_6, "Again.")


def test_a_case_number_never_goes_into_words_that_others_read(
    jack: Person, alison: Person, imogen: Person
) -> None:
    an_audit("CP-001", lead=alison, second=imogen, case_reference="717275")
    with pytest.raises(Refused, match="case number"):
        chasing.chase("CP-001", jack, FRI_5, "Where is 717275?")
    with pytest.raises(Refused, match="case number"):
        assigning.decline("CP-001", alison, FRI_5, "conflict", "717275 is my niece")
    assert messages("chase") == messages("declined") == []


def test_only_the_lead_returns_and_only_the_second_confirms(
    jack: Person, alison: Person, imogen: Person
) -> None:
    an_audit("CP-001", lead=alison, second=imogen)
    with pytest.raises(Refused, match="Only the lead auditor, Alison Hartley, can return this audit"):
        moves.return_audit("CP-001", imogen, FRI_5)
    moves.return_audit("CP-001", alison, FRI_5)
    with pytest.raises(Refused, match="Only the second auditor can confirm this audit"):
        moves.confirm("CP-001", alison, FRI_5)
    assert [message.address for message in messages("confirm")] == [imogen.email]


def test_an_exempt_audit_is_not_chased_and_says_who_approved(
    jack: Person, alison: Person, imogen: Person
) -> None:
    an_audit("CP-001", lead=alison, second=imogen)
    moves.exempt("CP-001", jack, FRI_5, "Lead is sick", "Harriet Vance")
    with pytest.raises(Refused, match="exempt"):
        chasing.chase("CP-001", jack, FRI_5, "Please.")
    assert read().exemption_approved_by == "Harriet Vance"


def test_a_page_seen_before_somebody_elses_change_is_refused(jack: Person, app: Flask) -> None:
    seen = an_audit("CP-001").version
    moves.extend("CP-001", jack, FRI_5, "File is elsewhere", date(2010, 11, 19), version=seen)
    with pytest.raises(Refused, match="Someone changed this audit"):
        moves.withdraw("CP-001", jack, FRI_5, "duplicate", version=seen)
    assert read().withdrawn_on is None


def test_a_day_has_any_number_of_calls_each_with_whom_it_was(jack: Person, alison: Person) -> None:
    an_audit("CP-001", lead=alison, case_reference="717275")
    for with_whom in ("Alison Hartley", "Imogen Sayle", None):
        chasing.log_chase("CP-001", jack, MON_8, FRI_5, "phone", with_whom, "will do")
    chasing.log_chase("CP-001", jack, MON_8, FRI_5, "phone", "Alison Hartley", "cannot do it after all")
    assert [(chase.with_whom, chase.outcome) for chase in read().chases] == [
        ("Alison Hartley", "will do"),
        ("Imogen Sayle", "will do"),
        (None, "will do"),
        ("Alison Hartley", "cannot do it after all"),
    ]
    with pytest.raises(Refused, match="already has a phone call on 5 November 2010 with the same details"):
        chasing.log_chase("CP-001", jack, MON_8, FRI_5, "phone", "Alison Hartley ", "will do")
    with pytest.raises(Refused, match="case number"):
        chasing.log_chase("CP-001", jack, MON_8, FRI_5, "phone", "the worker of 717275")
    assert len(read().chases) == 4


def test_a_change_of_the_log_alone_is_a_change_of_the_audit(jack: Person, alison: Person) -> None:
    before = an_audit("CP-001", lead=alison).version
    chasing.log_chase("CP-001", jack, MON_8, FRI_5, "phone", "Alison Hartley", "will do")
    assert read().version > before


def test_several_are_assigned_together_or_not_at_all(jack: Person, alison: Person) -> None:
    an_audit("CP-001", team="Crewe")
    an_audit("CP-002")
    owen = a_person("Owen Bickerton")
    pairs = [NewPair("CP-002", alison.id, owen.id), NewPair("CP-001", alison.id, owen.id)]
    with pytest.raises(SomeRefused) as refusal:
        assigning.assign_all(pairs, jack, FRI_5)
    assert list(refusal.value.refused) == ["CP-001"]
    assert read("CP-002").assignments == read("CP-001").assignments == []
    assert messages("assigned") == []


def test_of_several_extended_those_that_cannot_be_are_left_as_they_are(jack: Person) -> None:
    an_audit("CP-001")
    an_audit("CP-002", withdrawn_on=FRI_5)
    later = date(2010, 11, 19)
    refused = moves.extend_all(["CP-001", "CP-002"], jack, FRI_5, "File is elsewhere", later)
    assert list(refused) == ["CP-002"]
    assert (read("CP-001").due_on, read("CP-002").due_on) == (later, DUE)


def test_what_one_auditor_has_goes_to_another_who_gets_one_message(
    jack: Person, alison: Person, imogen: Person
) -> None:
    owen = a_person("Owen Bickerton")
    an_audit("CP-001", lead=alison, second=imogen)
    an_audit("CP-002", lead=imogen, second=alison)
    an_audit("CP-003", lead=imogen)
    references = ["CP-001", "CP-002", "CP-003"]
    refused = assigning.reassign_all(references, alison.id, owen.id, jack, FRI_5, "sick")
    assert refused == {"CP-003": "This person is not an auditor of this audit"}
    assert [message.address for message in messages("assigned")] == [owen.email]
    assert "2 new audits" in messages("assigned")[0].subject


def test_reasons_come_from_the_councils_list(jack: Person, app: Flask) -> None:
    an_audit("CP-001")
    with pytest.raises(Refused, match="not in the list of reasons"):
        moves.give_reason("CP-001", jack, FRI_5, "the dog", None)
    moves.give_reason("CP-001", jack, FRI_5, "sickness", "Back in March.")
    assert (read().reason_not_returned, read().note) == ("sickness", "Back in March.")
    assert "Back in March." not in str([(row.after, row.why) for row in of("audit", "CP-001")])


def test_a_reference_is_proposed_from_the_last_one_of_the_cycle(jack: Person, app: Flask) -> None:
    cycle = a_cycle("2011-1")
    assert requesting.proposed_reference(cycle) == "2011-1-001"
    an_audit("CP-009", cycle=cycle)
    an_audit("CP-010", cycle=a_cycle("2010-1"))
    assert requesting.proposed_reference(cycle) == "CP-011"


@pytest.mark.parametrize(
    ("reference", "case", "sentence"),
    [
        ("CP 1", "717275", "letters, digits"),
        ("selected", "717275", "letters, digits"),
        ("CP-717275", "717275", "must not include the case number"),
        ("CP-001", "717275", "already"),
        ("CP-002", " ", "Enter the case number"),
    ],
)
def test_a_request_is_refused(jack: Person, reference: str, case: str, sentence: str) -> None:
    cycle, team = a_cycle(), a_team()
    an_audit("CP-001")
    with pytest.raises(Refused, match=sentence):
        requesting.request(cycle.reference, reference, case, team.id, jack, FRI_5)


def test_a_closed_cycle_takes_no_request(jack: Person, app: Flask) -> None:
    cycle, team = a_cycle(closed_on=FRI_5), a_team()
    with pytest.raises(Refused, match="closed"):
        requesting.request(cycle.reference, "CP-001", "717275", team.id, jack, FRI_5)

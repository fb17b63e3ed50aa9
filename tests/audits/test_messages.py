"""Messages about audits, word for word, and whether they are still true when they are sent."""

import html
import re
from collections.abc import Callable, Sequence
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import select

from app.answers.models import Answer
from app.assigning import moves as assigning
from app.assigning.moves import NewPair
from app.audits import chasing, moves
from app.audits.models import Audit
from app.audits.own_part import own_part
from app.database import db, transaction
from app.outbox.kinds import KINDS, Changed, Holds, Overtaken, Verdict, Waits
from app.outbox.models import Message, MessageItem
from app.people.models import Leave, Person
from tests.factories import a_cycle, a_person, an_audit

GOLDEN = Path(__file__).parent / "golden"
FRI_5, MON_8, TUE_9 = date(2010, 11, 5), date(2010, 11, 8), date(2010, 11, 9)
DUE, LATER = date(2010, 11, 12), date(2010, 11, 19)


@pytest.fixture(autouse=True)
def _on_5_november(app: Flask, clock_at: Callable[[date], None]) -> None:
    clock_at(FRI_5)


@pytest.fixture
def jack() -> Person:
    return a_person("Jack Denny", roles=["coordinator"], telephone="01270 333333")


@pytest.fixture
def alison() -> Person:
    return a_person("Alison Hartley", telephone="01270 111111")


@pytest.fixture
def imogen() -> Person:
    return a_person("Imogen Sayle", telephone="01270 222222")


def messages(kind: str) -> Sequence[Message]:
    db.session.rollback()
    return db.session.scalars(select(Message).where(Message.kind == kind).order_by(Message.id)).all()


def verdict(message: Message, on: date) -> Verdict:
    with transaction():
        return KINDS[message.kind].recheck([message], on)[message.id]


def items_carried(message: Message) -> list[str]:
    query = select(MessageItem.reference).where(MessageItem.carrier_id == message.id)
    return list(db.session.scalars(query.order_by(MessageItem.reference)))


def compare(name: str, message: Message) -> None:
    golden = (GOLDEN / f"{name}.txt").read_text()
    assert f"Subject: {message.subject}\n\n{message.text}" == golden
    # the HTML part says the same, the addresses behind its links aside
    body = (message.html or "").split("<body", 1)[1].split(">", 1)[1]
    words = html.unescape(re.sub(r"<[^>]+>", " ", body)).split()
    told = re.sub(r":? http\S+", "", re.sub(r"^- ", "", str(message.text), flags=re.MULTILINE))
    assert words == told.split()
    links = re.findall(r"http\S+", str(message.text))
    assert re.findall('href="([^"]+)"', message.html or "") == links


def test_a_new_audit(jack: Person, alison: Person, imogen: Person) -> None:
    an_audit("CP-001", case_reference="717275")
    assigning.assign(NewPair("CP-001", alison.id, imogen.id), jack, FRI_5)
    compare("assigned", messages("assigned")[0])


def test_several_new_audits(jack: Person, alison: Person, imogen: Person) -> None:
    an_audit("CP-001")
    an_audit("CP-002", due_on=LATER)
    pairs = [NewPair("CP-001", alison.id, imogen.id), NewPair("CP-002", imogen.id, alison.id)]
    assigning.assign_all(pairs, jack, FRI_5)
    compare("assigned_several", messages("assigned")[0])


@pytest.mark.usefixtures("jack")
def test_an_auditor_who_cannot(alison: Person, imogen: Person) -> None:
    an_audit("CP-001", lead=alison, second=imogen, due_on=date(2010, 11, 3))
    assigning.decline("CP-001", alison, FRI_5, "capacity", "Two inspections this month.")
    compare("declined", messages("declined")[0])


def test_a_return_to_confirm(alison: Person, imogen: Person) -> None:
    an_audit("CP-001", lead=alison, second=imogen)
    moves.return_audit("CP-001", alison, FRI_5)
    compare("confirm", messages("confirm")[0])


def test_a_chase(jack: Person, alison: Person, imogen: Person) -> None:
    an_audit("CP-001", lead=alison, second=imogen, due_on=date(2010, 11, 3))
    chasing.chase("CP-001", jack, FRI_5, "The paper for the management team is written on Monday.")
    compare("chase", messages("chase")[0])


def test_an_audit_that_was_sent_back(jack: Person, alison: Person, imogen: Person) -> None:
    an_audit("CP-001", lead=alison, second=imogen, returned_on=date(2010, 11, 4))
    moves.send_back("CP-001", jack, FRI_5, "Two judgements lack a reason.", LATER)
    compare("sent_back", messages("chase")[0])


def test_a_chase_of_several(jack: Person, alison: Person, imogen: Person) -> None:
    an_audit("CP-001", lead=alison, second=imogen, due_on=date(2010, 11, 3))
    an_audit("CP-002", lead=alison, second=imogen, returned_on=date(2010, 11, 4))
    an_audit("CP-003", lead=alison, second=imogen)
    chasing.chase_all(["CP-003", "CP-002", "CP-001"], jack, FRI_5, "The paper is written on Monday.")
    compare("chase_several", messages("chase")[1])


def test_a_chase_of_several_to_confirm_names_no_due_date(
    jack: Person, alison: Person, imogen: Person
) -> None:
    for reference, day in (("CP-001", 4), ("CP-002", 3)):
        an_audit(reference, lead=alison, second=imogen, returned_on=date(2010, 11, day))
    chasing.chase_all(["CP-001", "CP-002"], jack, FRI_5, "Please.")
    (message,) = messages("chase")
    assert message.subject == "2 audits to confirm: the first returned 3 November 2010"
    assert str(message.text).startswith("Please confirm these 2 audits, or say if you disagree.\n")
    # their pages have no such link
    assert "cannot do" not in f"{message.text}{message.html}"


def test_what_no_longer_holds_is_taken_out_of_a_new_assignment(
    jack: Person, alison: Person, imogen: Person
) -> None:
    an_audit("CP-001")
    an_audit("CP-002")
    an_audit("CP-003")
    owen = a_person("Owen Bickerton")
    pairs = [NewPair(reference, alison.id, imogen.id) for reference in ("CP-001", "CP-002", "CP-003")]
    assigning.assign_all(pairs, jack, FRI_5)
    message = messages("assigned")[0]
    assert verdict(message, FRI_5) == Holds()
    assigning.reassign("CP-001", "lead", owen.id, jack, MON_8, "sick")
    moves.extend("CP-002", jack, MON_8, "File is elsewhere", LATER)
    found = verdict(message, MON_8)
    assert isinstance(found, Changed)
    assert found.rendered.subject == "New audit CP-003: due Friday 12 November 2010"
    assert items_carried(message) == ["CP-003"]
    moves.withdraw("CP-003", jack, TUE_9, "duplicate")
    assert isinstance(verdict(message, TUE_9), Overtaken)
    assert items_carried(message) == []


def test_a_new_assignment_waits_while_its_receiver_is_on_leave(
    jack: Person, alison: Person, imogen: Person
) -> None:
    an_audit("CP-001")
    assigning.assign(NewPair("CP-001", alison.id, imogen.id), jack, FRI_5)
    with transaction():
        db.session.add(Leave(person_id=alison.id, from_on=MON_8, to_on=MON_8))
    message = messages("assigned")[0]
    assert isinstance(verdict(message, MON_8), Waits)
    assert isinstance(verdict(message, TUE_9), Changed)


def test_a_new_assignment_of_a_leaver_is_not_sent(jack: Person, alison: Person, imogen: Person) -> None:
    an_audit("CP-001")
    assigning.assign(NewPair("CP-001", alison.id, imogen.id), jack, FRI_5)
    with transaction():
        alison.leaving_on = FRI_5
    message = messages("assigned")[0]
    assert verdict(message, FRI_5) == Holds()
    assert isinstance(verdict(message, MON_8), Overtaken)


def test_a_chase_of_what_has_come_back_is_not_sent_and_goes_also_in_leave(
    jack: Person, alison: Person, imogen: Person
) -> None:
    an_audit("CP-001", lead=alison, second=imogen)
    an_audit("CP-002", lead=alison, second=imogen)
    with transaction():
        db.session.add(Leave(person_id=alison.id, from_on=FRI_5, to_on=TUE_9))
    chasing.chase_all(["CP-001", "CP-002"], jack, FRI_5, "Please.")
    to_alison, to_imogen = messages("chase")
    assert verdict(to_alison, FRI_5) == Holds()
    moves.return_audit("CP-001", alison, MON_8)
    changed = verdict(to_alison, MON_8)
    assert isinstance(changed, Changed)
    assert "CP-001" not in changed.rendered.text
    moves.return_audit("CP-002", alison, MON_8)
    assert isinstance(verdict(to_alison, MON_8), Overtaken)
    assert isinstance(verdict(to_imogen, MON_8), Overtaken)


def test_a_chase_sent_on_a_later_day_says_how_late_it_is_then(jack: Person, alison: Person) -> None:
    an_audit("CP-001", lead=alison, due_on=FRI_5)
    chasing.chase("CP-001", jack, FRI_5, "Please.")
    changed = verdict(messages("chase")[0], TUE_9)
    assert isinstance(changed, Changed)
    assert changed.rendered.subject == "Return audit CP-001: overdue since Friday 5 November 2010"
    assert "is overdue by 2 working days" in changed.rendered.text


def test_a_confirmation_is_asked_for_only_while_it_is_missing(
    jack: Person, alison: Person, imogen: Person
) -> None:
    an_audit("CP-001", lead=alison, second=imogen)
    moves.return_audit("CP-001", alison, FRI_5)
    message = messages("confirm")[0]
    assert verdict(message, FRI_5) == Holds()
    assert isinstance(verdict(message, MON_8), Changed)
    moves.confirm("CP-001", imogen, MON_8)
    assert isinstance(verdict(message, MON_8), Overtaken)
    moves.send_back("CP-001", jack, TUE_9, "Reasons are missing", LATER)
    assert isinstance(verdict(message, TUE_9), Overtaken)


def test_coordinators_are_not_told_of_a_gap_that_was_filled(
    jack: Person, alison: Person, imogen: Person
) -> None:
    an_audit("CP-001", lead=alison, second=imogen)
    assigning.decline("CP-001", alison, FRI_5, "leave")
    message = messages("declined")[0]
    assert verdict(message, FRI_5) == Holds()
    assert isinstance(verdict(message, MON_8), Changed)
    assigning.assign(NewPair("CP-001", a_person("Owen Bickerton").id, None), jack, MON_8)
    assert isinstance(verdict(message, MON_8), Overtaken)


def test_a_delivering_run_for_an_earlier_day_sees_the_day_it_was_written(
    jack: Person, alison: Person, imogen: Person
) -> None:
    an_audit("CP-001")
    assigning.assign(NewPair("CP-001", alison.id, imogen.id), jack, MON_8)
    assert verdict(messages("assigned")[0], FRI_5) == Holds()


def test_messages_about_the_meeting_of_a_case_say_so(jack: Person, alison: Person, imogen: Person) -> None:
    together = a_cycle("da-1", agencies=["Police"])
    for number, agency in enumerate(("together", "Police", "together"), start=1):
        an_audit(f"DA{number}", cycle=together, agency=agency, due_on=DUE)
    said = "DA1 (the meeting of the case)"
    assigning.assign(NewPair("DA1", alison.id, imogen.id), jack, FRI_5)
    assigning.assign_all(
        [NewPair(reference, alison.id, imogen.id) for reference in ("DA2", "DA3")], jack, FRI_5
    )
    one, _, both, _ = messages("assigned")
    for written in (one.text, one.html):
        assert f"Please complete audit {said} by Friday 12 November 2010" in (written or "")
    for written in (both.text, both.html):
        assert "DA3 (the meeting of the case) by" in (written or "")
        assert "DA2 by" in (written or "")
    chasing.chase("DA1", jack, FRI_5, "Please do it.")
    assert f"return audit {said} by" in (messages("chase")[0].text or "")
    assigning.decline("DA1", alison, FRI_5, "leave")
    assert f"for audit {said}." in (messages("declined")[0].text or "")


def test_a_late_audit_that_was_begun_is_handed_over_with_all_that_its_new_auditor_needs(
    jack: Person, alison: Person, imogen: Person
) -> None:
    an_audit("CP-001", lead=alison, second=imogen, due_on=date(2010, 11, 3))
    with transaction():
        cycle = db.session.query(Audit).one().cycle
        question = cycle.tool.sections[0].questions[0]
        saved = datetime(2010, 11, 4, 12, tzinfo=UTC)
        db.session.add(
            Answer(
                audit_id=db.session.query(Audit).one().id,
                question_id=question.id,
                saved_by_id=alison.id,
                saved_at=saved,
            )
        )
        db.session.get_one(Person, imogen.id).leaving_on = date(2010, 11, 4)
    owen = a_person("Owen Hale")
    assigning.reassign("CP-001", "lead", owen.id, jack, FRI_5, "Leave")
    [told] = messages("assigned")
    assert told.subject == "New audit CP-001: overdue since Wednesday 3 November 2010"
    text = " ".join((told.text or "").split())
    for said in (
        "It was due on Wednesday 3 November 2010 and is overdue by 2 working days.",
        "You are the lead auditor, with Imogen Sayle (has left). Partly filled in by Alison Hartley.",
        "The theme of the audit is",
        "ask an audit coordinator: Jack Denny (01270 333333).",
    ):
        assert said in text


@pytest.mark.parametrize(
    ("part", "held", "auditors", "partner", "left", "said"),
    [
        ("lead", {"lead", "second"}, 2, "Ann Lee", False, "You are the lead auditor, with Ann Lee."),
        ("lead", {"lead"}, 2, "", False, "You are the lead auditor. There is no second auditor yet."),
        ("lead", {"lead"}, 1, "", False, "You are the auditor."),
        (
            "second",
            {"second"},
            2,
            "",
            False,
            (
                "You are the second auditor. There is no lead auditor yet. You can fill in the form. A new "
                "lead auditor will return it."
            ),
        ),
        (
            "second",
            {"lead", "second"},
            2,
            "Ann Lee (has left)",
            True,
            (
                "You are the second auditor, with Ann Lee (has left). You can fill in the form. A new lead "
                "auditor will return it."
            ),
        ),
    ],
)
def test_the_part_of_an_auditor_in_sentences(
    part: str, held: set[str], auditors: int, partner: str, left: bool, said: str
) -> None:
    assert own_part(part, held, auditors, partner, partner_left=left) == said

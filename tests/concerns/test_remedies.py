"""A remedy is noted by the pair, put right by its owner, and its text stays on its page."""

from datetime import date

import pytest
from sqlalchemy import select

from app.concerns import remedies
from app.concerns.models import Remedy
from app.concerns.remedy_queries import found
from app.database import db, transaction
from app.history import record
from app.outbox.kinds import Changed, Holds, Overtaken, Verdict
from app.outbox.models import Message
from app.people.models import Person
from app.refusal import Refused
from app.reminders.daily_run import Item, run
from app.reminders.recheck import recheck
from tests.factories import a_person, an_audit

from .conftest import CASE_NUMBER

MONDAY, TUESDAY = date(2010, 11, 1), date(2010, 11, 2)
DUE, LATER = date(2010, 11, 15), date(2010, 12, 15)
TEXT = "The chronology stops in June"


def noted(people: dict[str, Person], owner: str | None = "mona", due_on: date = DUE) -> str:
    owner_id = people[owner].id if owner else None
    return remedies.note("CP-009", TEXT, due_on, owner_id, people["alison"], MONDAY)


def remedy(reference: str = "CP-009-F1") -> Remedy:
    db.session.expire_all()
    one = found(reference)
    assert one is not None
    return one


def digests(*of: Person) -> list[Message]:
    """The digests of these people."""
    db.session.rollback()
    query = select(Message).where(Message.kind == "digest", Message.recipient.in_([each.id for each in of]))
    return list(db.session.scalars(query.order_by(Message.id)))


def verdict(message: Message, on: date) -> Verdict:
    with transaction():
        return recheck([db.session.get_one(Message, message.id)], on)[message.id]


def test_each_remedy_of_an_audit_has_a_reference_of_its_own(people: dict[str, Person]) -> None:
    assert noted(people) == "CP-009-F1"
    assert noted(people) == "CP-009-F2"


@pytest.mark.parametrize(
    ("text", "due_on", "owner", "why"),
    [
        ("  ", DUE, "mona", "what must be put right"),
        (f"{TEXT} of {CASE_NUMBER}", DUE, "mona", "case number"),
        (TEXT, date(2010, 10, 29), "mona", "must be today or in the future"),
        (TEXT, DUE, "max", "a manager of Nantwich"),
        (TEXT, DUE, "alison", "a manager of Nantwich"),
    ],
)
def test_what_is_noted_is_refused_where_it_cannot_stand(
    people: dict[str, Person], text: str, due_on: date, owner: str, why: str
) -> None:
    with pytest.raises(Refused, match=why):
        remedies.note("CP-009", text, due_on, people[owner].id, people["alison"], MONDAY)
    assert db.session.scalars(select(Remedy)).all() == []


def test_its_owner_alone_says_that_it_is_done_and_how_and_then_nothing_changes(
    people: dict[str, Person],
) -> None:
    noted(people)
    for who in ("jack", "alison", "max"):
        with pytest.raises(Refused, match="Only the owner"):
            remedies.finish("CP-009-F1", "It is complete.", people[who], TUESDAY)
    with pytest.raises(Refused, match="Enter how"):
        remedies.finish("CP-009-F1", " ", people["mona"], TUESDAY)
    remedies.finish("CP-009-F1", "It is complete.", people["mona"], TUESDAY)
    assert (remedy().done_on, remedy().done_how) == (TUESDAY, "It is complete.")
    with pytest.raises(Refused, match="is done"):
        remedies.give_more_time("CP-009-F1", LATER, "leave", people["mona"], TUESDAY)


def test_a_later_day_keeps_the_first_and_an_old_page_is_refused(people: dict[str, Person]) -> None:
    noted(people)
    seen = remedy().version
    remedies.give_more_time("CP-009-F1", LATER, "leave", people["mona"], TUESDAY, seen)
    assert (remedy().due_on, remedy().first_due_on) == (LATER, DUE)
    with pytest.raises(Refused, match="Someone changed"):
        remedies.withdraw("CP-009-F1", "case closed", people["alison"], TUESDAY, seen)
    remedies.withdraw("CP-009-F1", "case closed", people["alison"], TUESDAY)
    assert remedy().withdrawn_on == TUESDAY


def test_without_an_owner_nobody_is_reminded_until_a_coordinator_names_somebody(
    people: dict[str, Person],
) -> None:
    noted(people, owner=None)
    run(MONDAY)
    managers = (people["mona"], people["max"])
    assert digests(*managers, people["jack"], people["cora"]) == []
    remedies.hand_on("CP-009-F1", people["max"].id, people["jack"], TUESDAY)
    run(TUESDAY)
    assert [message.address for message in digests(*managers)] == ["max.ilford@council.example"]
    with pytest.raises(Refused, match="already owns this remedy"):
        remedies.hand_on("CP-009-F1", people["max"].id, people["jack"], TUESDAY)
    leaver = a_person("Lea", leaving_on=MONDAY)
    with pytest.raises(Refused, match="works here"):
        remedies.hand_on("CP-009-F1", leaver.id, people["jack"], TUESDAY)


def test_the_history_says_who_did_what_and_never_the_case(people: dict[str, Person]) -> None:
    noted(people)
    remedies.give_more_time("CP-009-F1", LATER, "leave", people["mona"], TUESDAY)
    rows = record.of("remedy", "CP-009-F1")
    assert [(row.who, row.what) for row in rows] == [
        ("mona.reese@council.example", "due date changed"),
        ("alison.hartley@council.example", "added"),
    ]
    assert rows[0].why == "leave"
    assert not any(CASE_NUMBER in f"{row.before}{row.after}{row.why}" for row in rows)


def test_the_ladder_of_actions_reminds_owner_manager_and_coordinators(people: dict[str, Person]) -> None:
    harriet = a_person("Harriet Vance", roles=["leader"])
    with transaction():
        db.session.get_one(Person, people["mona"].id).line_manager_id = harriet.id
    noted(people)
    said = {}
    for on in (MONDAY, date(2010, 11, 15), date(2010, 11, 22), date(2010, 11, 29), date(2010, 12, 6)):
        said[on] = sorted(
            (message.to.split("@")[0], message.kind, item.step)
            for message in run(on).messages
            for item in message.items
            if item.item == "CP-009-F1"
        )
    assert list(said.values()) == [
        [("mona.reese", "digest", "due-soon")],
        [("mona.reese", "digest", "due-today")],
        [("mona.reese", "digest", "overdue")],
        [("harriet.vance", "manager", "overdue-manager"), ("mona.reese", "digest", "overdue-manager")],
        [("cora.lane", "calls", "phone-call"), ("jack.denny", "calls", "phone-call")],
    ]


def test_no_message_says_what_must_be_put_right(people: dict[str, Person]) -> None:
    noted(people)
    run(MONDAY)
    (message,) = digests(people["mona"])
    assert message.text
    assert message.subject == "Remedy CP-009-F1 due Monday 15 November"
    assert (
        "CP-009-F1: Something to put right on the file of audit CP-009. Due Monday 15 November."
        in message.text
    )
    assert "Open remedy CP-009-F1: http://127.0.0.1:8000/remedies/CP-009-F1" in message.text
    assert "I cannot do this audit" not in message.text
    for part in (message.text, message.html or "", message.subject):
        assert TEXT not in part
        assert CASE_NUMBER not in part


def test_one_digest_tells_of_an_audit_and_a_remedy(people: dict[str, Person]) -> None:
    an_audit("CP-020", lead=people["mona"], second=people["gwen"], due_on=date(2010, 11, 8))
    noted(people)
    run(MONDAY)
    (message,) = digests(people["mona"])
    assert message.subject == "1 audit and 1 remedy due soon, the first on 8 November"
    assert "Open the Today page: http://127.0.0.1:8000/\n" in (message.text or "")


def test_a_reminder_is_overtaken_when_it_is_done_moved_or_somebody_elses(people: dict[str, Person]) -> None:
    for _ in range(3):
        noted(people)
    run(MONDAY)
    (message,) = digests(people["mona"])
    assert verdict(message, MONDAY) == Holds()
    remedies.finish("CP-009-F1", "It is complete.", people["mona"], MONDAY)
    changed = verdict(message, MONDAY)
    assert isinstance(changed, Changed)
    assert "CP-009-F1" not in changed.rendered.text
    remedies.hand_on("CP-009-F2", people["max"].id, people["jack"], MONDAY)
    remedies.give_more_time("CP-009-F3", LATER, "leave", people["mona"], MONDAY)
    assert isinstance(verdict(message, MONDAY), Overtaken)


def test_what_a_leaver_still_has_is_handed_on_by_coordinators(people: dict[str, Person]) -> None:
    noted(people, due_on=LATER)
    with transaction():
        db.session.get_one(Person, people["mona"].id).leaving_on = MONDAY
    told = {(message.to, item) for message in run(TUESDAY).messages for item in message.items}
    item = Item("CP-009-F1", "reassign", LATER)
    assert {to for to, told_of in told if told_of == item} == {people["cora"].email, people["jack"].email}
    (message,) = digests(people["jack"])
    assert message.subject == "Remedy CP-009-F1 needs a new owner: due 15 December"
    assert verdict(message, TUESDAY) == Holds()
    remedies.hand_on("CP-009-F1", people["max"].id, people["jack"], TUESDAY)
    assert isinstance(verdict(message, TUESDAY), Overtaken)

"""News: what became of one's own work is an item of one's next daily email, once, while it is theirs."""

from collections.abc import Callable
from datetime import UTC, date, datetime

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select, update

from app.actions.models import Action, Recommendation
from app.answers.models import Moderation
from app.assigning.moves import reassign
from app.audits.models import Audit
from app.concerns.models import Alert, CalledResponse, Remedy
from app.database import db, transaction
from app.news.happenings import Happening
from app.news.models import News
from app.news.telling import tell
from app.outbox.kinds import Changed, Holds, Overtaken, Verdict
from app.outbox.models import OVERTAKEN, SENT, Message
from app.outbox.names import DIGEST
from app.people.models import Person
from app.reminders.daily_run import Item, Outcome, run
from app.reminders.models import NotSent
from app.reminders.recheck import NEWS_ALONE, NOTHING_LEFT, recheck
from app.workers.models import WorkerReply
from tests.factories import a_person, an_audit
from tests.pages import opened, visible

THU, FRI, MON, TUE = date(2010, 11, 4), date(2010, 11, 5), date(2010, 11, 8), date(2010, 11, 9)
DUE, LONG_AGO = date(2010, 11, 12), date(2010, 10, 4)


@pytest.fixture
def lea(app: Flask) -> Person:
    """The lead of an audit, CP-001, who has been told of it."""
    lea = a_person("Lea")
    an_audit("CP-001", lead=lea, second=a_person("Sam"), due_on=date(2010, 12, 20))
    run(LONG_AGO)
    deliver_all()
    return lea


def deliver_all() -> None:
    with transaction():
        db.session.execute(update(Message).values(state=SENT))


def the_audit(reference: str = "CP-001") -> tuple[str, int, str]:
    audit_id = db.session.scalar(select(Audit.id).where(Audit.called(reference)))
    assert audit_id is not None
    return "audit", audit_id, reference


def tell_of(
    person: Person,
    what: Happening = Happening.GRADE_CHANGED,
    about: tuple[str, int, str] | None = None,
    on: date = FRI,
    **facts: str,
) -> None:
    with transaction():
        tell([person.id], what, about or the_audit(), on, by=None, **facts)


def items_to(person: Person, outcome: Outcome) -> list[Item]:
    return [item for message in outcome.messages if message.to == person.email for item in message.items]


THE_NEWS = Item("CP-001", "news", None)


def test_news_is_an_item_of_the_next_daily_email_once(lea: Person) -> None:
    tell_of(lea, Happening.OTHER_DUE_DATE, due_on="2010-11-26")
    assert items_to(lea, run(FRI)) == [THE_NEWS]
    [message] = db.session.scalars(select(Message).where(Message.on == FRI, Message.recipient == lea.id))
    assert message.subject.endswith("News about CP-001")
    assert "- CP-001: The due date is now Friday 26 November 2010.\n" in (message.text or "")
    assert "Open the Today page: " in (message.text or "")
    assert message.why == "Sent because there is news about their work"
    for on in (FRI, MON, TUE):
        assert items_to(lea, run(on)) == []


def test_news_on_both_databases(service: Flask) -> None:
    lea, mo = a_person("Lea"), a_person("Mo", roles=["moderator"])
    an_audit("CP-001", lead=lea, second=a_person("Sam"), returned_on=THU)
    tell_of(lea)
    tell_of(mo, Happening.TO_MODERATE)
    tell_of(mo, Happening.RESPONSE_FELL_AWAY, ("response", 1, "CP-001-P1"))
    outcome = run(FRI)
    assert [items_to(person, outcome) for person in (lea, mo)] == [[THE_NEWS], [THE_NEWS]]
    assert items_to(lea, run(MON)) == []
    assert verdict(lea) == Holds()
    read_the_news()
    assert verdict(lea) == Overtaken(NOTHING_LEFT)


def test_each_piece_of_news_is_an_item_of_its_own_beside_the_ladder(lea: Person) -> None:
    an_audit("CP-002", lead=lea, second=a_person("Una"), due_on=DUE, assigned_on=LONG_AGO)
    run(THU)
    deliver_all()
    tell_of(lea)
    tell_of(lea, Happening.SECOND_DIFFERS, auditor="Sam")
    tell_of(lea, Happening.SECOND_DIFFERS, the_audit("CP-002"), auditor="Una")
    outcome = run(FRI)
    assert items_to(lea, outcome) == [
        Item("CP-002", "due-soon", DUE),
        THE_NEWS,
        THE_NEWS,
        Item("CP-002", "news", None),
    ]
    [message] = db.session.scalars(select(Message).where(Message.on == FRI, Message.recipient == lea.id))
    assert message.subject.endswith("Audit CP-002 due Friday 12 November")
    text = message.text or ""
    assert "Please complete audit CP-002, which is due on Friday 12 November." in text
    first, last = text.index("Due soon"), text.index("\nNews\n")
    assert first < text.index("- CP-002: due Friday 12 November") < last
    assert last < text.index("- CP-001: A moderator has changed an answer.")
    assert message.why == "Sent because it is due in 5 working days"


def test_who_turned_off_emails_with_news_alone_gets_news_with_what_is_to_do(lea: Person) -> None:
    with transaction():
        db.session.get_one(Person, lea.id).news_by_email = False
    tell_of(lea)
    assert items_to(lea, run(FRI)) == []
    assert db.session.scalars(select(NotSent).where(NotSent.step == "news")).all() == []
    an_audit("CP-002", lead=lea, second=a_person("Una"), due_on=DUE, assigned_on=LONG_AGO)
    assert items_to(lea, run(MON)) == [Item("CP-002", "due-soon", DUE), THE_NEWS]


def test_leave_makes_news_wait_leaving_ends_it_and_a_second_email_a_day_is_not_sent(lea: Person) -> None:
    away = a_person("Away", leave=[(FRI, MON)])
    gone = a_person("Gone", leaving_on=THU)
    an_audit("CP-003", lead=away, second=gone, due_on=date(2010, 12, 20))
    run(THU)
    for person in (away, gone):
        tell_of(person, about=the_audit("CP-003"), on=THU)
    tell_of(lea, on=THU)
    outcome = run(FRI)
    told = {(held.to, held.reason) for held in outcome.not_sent if held.step == "news"}
    assert told == {(away.email, "on leave"), (gone.email, "left")}
    assert items_to(lea, outcome) == [THE_NEWS]
    tell_of(lea, Happening.SECOND_DIFFERS, auditor="Sam")
    again = run(FRI)
    assert items_to(lea, again) == []
    assert (lea.email, "today's message already sent") in {(one.to, one.reason) for one in again.not_sent}
    assert items_to(lea, run(MON)) == [THE_NEWS]
    assert items_to(away, run(TUE)) == [Item("CP-003", "news", None)]


def test_news_that_was_read_or_is_old_or_of_a_day_to_come_is_not_sent(lea: Person) -> None:
    tell_of(lea, on=MON)
    assert items_to(lea, run(FRI)) == []
    with transaction():
        db.session.scalars(select(News)).one().read_on = TUE
    # read on a later day: on this one it was not
    assert items_to(lea, run(MON)) == [THE_NEWS]
    assert items_to(lea, run(TUE)) == []
    tell_of(lea, Happening.SECOND_DIFFERS, on=TUE, auditor="Sam")
    # the 20th working day after 9 November is 7 December
    assert items_to(lea, run(date(2010, 12, 8), dry_run=True)) == []
    assert items_to(lea, run(date(2010, 12, 7))) == [THE_NEWS]


def owned(model: type, lea: Person, **more: object) -> int:
    with transaction():
        row = model(owner_id=lea.id, **more)
        db.session.add(row)
        db.session.flush()
        return int(row.id)


A_TEXT = {"reference": "X1", "text": "Do it", "due_on": date(2011, 3, 1), "first_due_on": date(2011, 3, 1)}


def an_action(lea: Person) -> int:
    return owned(Action, lea, agreed_on=LONG_AGO, **A_TEXT)


def a_recommendation(lea: Person) -> int:
    cycle_id = db.session.scalar(select(Audit.cycle_id))
    return owned(Recommendation, lea, cycle_id=cycle_id, raised_on=LONG_AGO, **A_TEXT)


def a_remedy(lea: Person) -> int:
    more = {"audit_id": the_audit()[1], "raised_by_id": lea.id, "raised_on": LONG_AGO}
    return owned(Remedy, lea, **more, **A_TEXT)


@pytest.mark.parametrize(
    ("kind", "model", "made"),
    [
        ("action", Action, an_action),
        ("recommendation", Recommendation, a_recommendation),
        ("remedy", Remedy, a_remedy),
    ],
)
def test_news_of_what_has_an_owner_is_for_who_owns_it(
    lea: Person, kind: str, model: type[Action | Recommendation | Remedy], made: Callable[[Person], int]
) -> None:
    id_, other = made(lea), a_person("Other")
    tell_of(lea, Happening.LATER_REFUSED, (kind, id_, "X1"))
    assert items_to(lea, run(FRI, dry_run=True)) == [Item("X1", "news", None)]
    with transaction():
        db.session.execute(update(model).where(model.id == id_).values(owner_id=other.id))
    assert items_to(lea, run(FRI)) == []


def test_news_of_an_audit_is_for_its_auditors(lea: Person) -> None:
    jack, tom = a_person("Jack", roles=["coordinator"]), a_person("Tom")
    tell_of(lea)
    reassign("CP-001", "lead", tom.id, jack, FRI, "leave")
    assert items_to(lea, run(FRI)) == []


def test_news_of_an_alert_is_for_who_raised_it(lea: Person) -> None:
    with transaction():
        at = datetime(2010, 11, 4, 10, tzinfo=UTC)
        said = {"told_whom": "Duty", "told_when": "10am", "told_how": "phone", "answer": "We go now"}
        alert = Alert(
            reference="CP-001-N1",
            audit_id=the_audit()[1],
            raised_by_id=lea.id,
            raised_at=at,
            last_told_at=at,
            **said,
        )
        db.session.add(alert)
        db.session.flush()
        about = ("alert", alert.id, "CP-001-N1")
    for person in (lea, a_person("Other")):
        tell_of(person, Happening.ALERT_TAKEN_UP, about, taken_up_by="Mona Reed")
    assert [message.to for message in run(FRI).messages if message.kind == "digest"] == [lea.email]


def test_news_for_moderators_is_for_those_who_are_while_it_waits_for_one(lea: Person) -> None:
    mo, former = a_person("Mo", roles=["moderator"]), a_person("Former")
    an_audit("CP-004", lead=lea, returned_on=THU)
    about = the_audit("CP-004")
    for person in (mo, former):
        tell_of(person, Happening.TO_MODERATE, about)
    told = [message.to for message in run(FRI, dry_run=True).messages if message.kind == "digest"]
    assert told == [mo.email]
    with transaction():
        moderated = {"chosen_because": "lowest", "outcome": "agreed", "moderator_id": former.id}
        db.session.add(Moderation(audit_id=about[1], decided_on=FRI, **moderated))
    assert items_to(mo, run(FRI)) == []
    replied = {"asked_on": THU, "due_on": DUE, "replied_on": MON, "reply": "No", "changed": {}}
    with transaction():
        reply = WorkerReply(reference="CP-004-W1", audit_id=about[1], worker_id=former.id, **replied)
        db.session.add(reply)
    # the return is moderated; the reply waits
    assert items_to(mo, run(MON, dry_run=True)) == []
    for person in (mo, former):
        tell_of(person, Happening.TO_MODERATE, about, on=MON, because="reply")
    assert items_to(mo, run(MON)) == [Item("CP-004", "news", None)]


def test_the_worker_whose_reply_was_decided_has_news(lea: Person) -> None:
    worker, other = a_person("Wendy", roles=["practitioner"]), a_person("Olu", roles=["practitioner"])
    an_audit("CP-005", lead=lea, worker=worker, returned_on=THU)
    for person in (worker, other):
        tell_of(person, Happening.REPLY_DECIDED, the_audit("CP-005"))
    assert [message.to for message in run(FRI).messages if message.kind == "digest"] == [worker.email]


def test_a_response_that_fell_away_is_news_to_those_asked(lea: Person) -> None:
    mona, other = (a_person(name, roles=["manager"], team="Nantwich") for name in ("Mona", "Other"))
    with transaction():
        called = CalledResponse(
            reference="CP-001-P1",
            audit_id=the_audit()[1],
            called_on=LONG_AGO,
            due_on=DUE,
            questions=["grade"],
            fell_away_on=FRI,
        )
        db.session.add(called)
        db.session.flush()
        about = ("response", called.id, "CP-001-P1")
    for person in (mona, other):
        tell_of(person, Happening.RESPONSE_FELL_AWAY, about)
    with transaction():
        db.session.get_one(Person, other.id).team_id = None
    assert [message.to for message in run(FRI).messages if message.kind == "digest"] == [mona.email]


# Looking again before it goes


def verdict(person: Person, on: date = FRI) -> Verdict:
    with transaction():
        query = select(Message).where(
            Message.recipient == person.id, Message.on == FRI, Message.kind == DIGEST
        )
        message = db.session.scalars(query).one()
        return recheck([message], on)[message.id]


def read_the_news() -> None:
    with transaction():
        for news in db.session.scalars(select(News)):
            news.read_on = FRI


def test_news_that_was_read_in_the_meantime_is_taken_out(lea: Person) -> None:
    tell_of(lea)
    run(FRI)
    assert verdict(lea) == Holds()
    read_the_news()
    assert verdict(lea) == Overtaken(NOTHING_LEFT)


def test_what_is_to_do_goes_without_news_that_was_read(lea: Person) -> None:
    an_audit("CP-002", lead=lea, second=a_person("Una"), due_on=DUE, assigned_on=LONG_AGO)
    tell_of(lea)
    run(FRI)
    read_the_news()
    left = verdict(lea)
    assert isinstance(left, Changed)
    assert "CP-001" not in left.rendered.text
    assert "CP-002" in left.rendered.text


def test_news_of_an_audit_that_went_to_somebody_else_is_taken_out(lea: Person) -> None:
    jack, tom = a_person("Jack", roles=["coordinator"]), a_person("Tom")
    tell_of(lea)
    run(FRI)
    reassign("CP-001", "lead", tom.id, jack, FRI, "leave")
    assert verdict(lea) == Overtaken(NOTHING_LEFT)


def test_an_email_with_nothing_but_news_left_is_not_sent_to_who_turned_these_off(lea: Person) -> None:
    jack, tom = a_person("Jack", roles=["coordinator"]), a_person("Tom")
    an_audit("CP-002", lead=lea, second=a_person("Una"), due_on=DUE, assigned_on=LONG_AGO)
    tell_of(lea)
    with transaction():
        db.session.get_one(Person, lea.id).news_by_email = False
    run(FRI)
    reassign("CP-002", "lead", tom.id, jack, FRI, "leave")
    assert verdict(lea) == Overtaken(NEWS_ALONE)


def test_an_unsent_daily_email_hands_its_news_to_the_next(lea: Person) -> None:
    tell_of(lea)
    run(FRI)
    tell_of(lea, Happening.SECOND_DIFFERS, on=MON, auditor="Sam")
    run(MON)
    query = select(Message).where(Message.recipient == lea.id, Message.on.in_((FRI, MON)))
    first, second = db.session.scalars(query.order_by(Message.id))
    assert first.state == OVERTAKEN
    assert (second.text or "").count("- CP-001: ") == 2


def test_the_same_news_of_two_moves_is_told_once(
    lea: Person, sign_in: Callable[[Person], FlaskClient], clock_at: Callable[[date], None]
) -> None:
    clock_at(FRI)
    tell_of(lea)
    tell_of(lea)
    tell_of(lea, Happening.OTHER_DUE_DATE, due_on="2010-11-26")
    changed = "A moderator has changed an answer."
    assert items_to(lea, run(FRI)) == [THE_NEWS] * 2
    [message] = db.session.scalars(select(Message).where(Message.on == FRI, Message.recipient == lea.id))
    for said in (message.text or "", message.html or "", visible(opened(sign_in(lea), "/"))):
        assert said.count(changed) == 1
        assert said.count("The due date is now") == 1

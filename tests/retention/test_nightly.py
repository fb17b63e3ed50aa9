"""Retention by itself: a warning, then the removal; cases that were not drawn; texts of old emails."""

from datetime import UTC, date, datetime, timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from app import clock
from app.audits.cycle import Cycle
from app.audits.models import Audit
from app.database import db, transaction
from app.history import record
from app.news.models import News
from app.outbox.models import HELD, SENT, Message
from app.people.models import Person
from app.retention import moves, nightly
from app.retention.models import Removal, RetentionPeriods
from app.sampling.models import Draw, DrawnCase
from tests.factories import a_cycle, a_person, an_audit

DUE = date(2012, 12, 22)
"""A Saturday, 24 months after the report."""


@pytest.fixture
def cora(app: Flask) -> Person:
    """A coordinator, and a cycle whose texts are due on DUE."""
    cycle = a_cycle(closed_on=date(2010, 11, 26), reported_on=date(2010, 12, 22))
    an_audit("CP-1", cycle=cycle, case_reference="600123", returned_on=date(2010, 11, 12))
    with transaction():
        cycle.frozen_on = date(2010, 11, 26)
    return a_person("Cora", roles=["coordinator"])


def at(day: date, hour: int = 9) -> None:
    """Do what is due at that hour."""
    moment = datetime(day.year, day.month, day.day, hour, tzinfo=UTC)
    clock.clock().fixed = moment
    db.session.rollback()
    nightly.run(clock.clock().local())


def warnings() -> list[tuple[str, str]]:
    rows = db.session.scalars(select(Message).where(Message.kind == "retention").order_by(Message.id))
    return [(message.address, message.subject) for message in rows]


def removals() -> list[tuple[str, date, str]]:
    rows = db.session.scalars(select(Removal).order_by(Removal.id))
    return [(row.what, row.removed_on, row.removed_by) for row in rows]


def test_coordinators_are_warned_once_and_the_texts_go_20_working_days_later(cora: Person) -> None:
    a_person("Gone", roles=["coordinator"], leaving_on=date(2012, 1, 1))
    a_person("Mona", roles=["manager"])
    at(date(2012, 11, 23))
    at(date(2012, 11, 25))  # a Sunday
    at(date(2012, 11, 26), hour=7)
    assert warnings() == []
    for hour in (9, 10):
        at(date(2012, 11, 26), hour)
    assert warnings() == [(cora.email, "Texts of cycle 2010-1 are removed on 24 December 2012")]
    for day in range(1, 24):
        at(date(2012, 12, day))
    assert removals() == []
    at(date(2012, 12, 24), hour=1)
    assert removals() == [("texts", date(2012, 12, 24), "retention")]
    at(date(2012, 12, 27))
    assert len(removals()) == len(warnings()) == 1


def test_a_hold_after_the_warning_stops_it_and_its_end_is_warned_of_anew(cora: Person) -> None:
    at(date(2012, 11, 26))
    moves.hold("2010-1", "A complaint", by=cora, on=date(2012, 12, 3))
    at(date(2013, 1, 7))
    assert removals() == []
    moves.let_go("2010-1", by=cora, on=date(2013, 1, 8))
    at(date(2013, 1, 8))
    assert [subject for _, subject in warnings()] == [
        "Texts of cycle 2010-1 are removed on 24 December 2012",
        "Texts of cycle 2010-1 are removed on 5 February 2013",
    ]
    at(date(2013, 2, 4))
    assert removals() == []
    at(date(2013, 2, 5))
    assert removals() == [("texts", date(2013, 2, 5), "retention")]


def test_what_is_written_after_the_removal_goes_at_the_next_look(cora: Person) -> None:
    at(date(2012, 11, 26))
    at(date(2012, 12, 24))
    with transaction():
        db.session.scalars(select(Audit)).one().note = "Rang again"
    at(date(2013, 1, 7))
    assert [removal[1] for removal in removals()] == [date(2012, 12, 24), date(2013, 1, 7)]


@pytest.mark.parametrize("frozen_on", [None, date(2012, 12, 1)])
def test_a_cycle_that_a_later_one_audits_again_is_kept_until_that_is_final(
    cora: Person, frozen_on: date | None
) -> None:
    later = a_cycle("2012-1", requested_on=date(2012, 1, 9), due_on=date(2012, 2, 9))
    with transaction():
        later.audits_again, later.frozen_on = "2010-1", frozen_on
    at(date(2012, 12, 3))
    assert len(warnings()) == (frozen_on is not None)


def test_cases_that_were_not_drawn_go_once_the_cycle_is_closed(cora: Person) -> None:
    cycle = a_cycle("2012-1", requested_on=date(2012, 1, 9), due_on=date(2012, 2, 9))
    with transaction():
        draw = Draw(
            cycle_id=cycle.id, method="random", seed=1, size=1, drawn_on=date(2012, 1, 9), drawn_by_id=cora.id
        )
        draw.cases = [
            DrawnCase(position=one, case_reference=str(700000 + one), stratum="Crewe", is_chosen=one == 1)
            for one in (1, 2, 3)
        ]
        db.session.add(draw)
    at(date(2012, 2, 9))
    assert removals() == []
    with transaction():
        db.session.get_one(Cycle, cycle.id).closed_on = date(2012, 2, 10)
    at(date(2012, 2, 10))
    assert removals() == [("cases not drawn", date(2012, 2, 10), "retention")]
    cases = db.session.scalars(select(DrawnCase).order_by(DrawnCase.position))
    assert [(case.case_reference, case.case_folded is None) for case in cases] == [
        ("700001", False),
        (None, True),
        (None, True),
    ]


def test_the_texts_of_old_emails_go_and_to_whom_when_and_about_what_stays(cora: Person) -> None:
    audit = db.session.scalars(select(Audit)).one()
    with transaction():
        for number, (state, ended) in enumerate(
            ((SENT, date(2010, 11, 1)), (SENT, date(2010, 11, 2)), (HELD, date(2010, 1, 1)))
        ):
            moment = datetime.combine(ended, datetime.min.time(), tzinfo=UTC) + timedelta(hours=9)
            message = Message(
                uid=str(number),
                kind="chase",
                recipient=cora.id,
                address=cora.email,
                subject="Return audit CP-1",
                text="Please ring me",
                html="<p>Please ring me</p>",
                facts={"audits": [[audit.id, "2010-11-12", "return"]], "sentence": "Please ring me"},
                why="Sent",
                on=ended,
                rendered_on=ended,
                written_at=moment,
                next_try_at=moment,
                state=state,
                ended_at=moment if state == SENT else None,
            )
            db.session.add(message)
    before = [
        (row.kind, row.address, row.subject, row.on, row.ended_at)
        for row in db.session.scalars(select(Message))
    ]
    at(date(2011, 11, 2))
    messages = db.session.scalars(select(Message).order_by(Message.id)).all()
    assert [(row.text, row.html) for row in messages] == [
        (None, None),
        *[("Please ring me", "<p>Please ring me</p>")] * 2,
    ]
    assert messages[0].facts == {"audits": [[audit.id, "2010-11-12", "return"]]}
    assert [(row.kind, row.address, row.subject, row.on, row.ended_at) for row in messages] == before
    assert removals() == [("emails", date(2011, 11, 2), "retention")]


def test_old_news_goes_with_the_texts_of_emails_and_later_news_stays(cora: Person) -> None:
    with transaction():
        for number, made_on in enumerate((date(2010, 11, 1), date(2011, 11, 1), date(2011, 11, 2))):
            db.session.add(
                News(
                    person_id=cora.id,
                    what="accepted",
                    about_kind="action",
                    about_id=number,
                    reference=f"A-{number}",
                    facts={"who": "Jack Denny"},
                    made_on=made_on,
                )
            )
    at(date(2011, 11, 1))
    assert left() == ["A-0", "A-1", "A-2"]
    at(date(2011, 11, 2))
    assert left() == ["A-1", "A-2"]
    assert removals() == [("emails", date(2011, 11, 2), "retention")]
    assert [str(row.after).partition(",")[0] for row in record.of("setting", "retention")] == [
        "1 line of news"
    ]
    with transaction():
        db.session.add(RetentionPeriods(id=1, months=24, email_months=1))
    at(date(2011, 12, 2))
    assert left() == ["A-2"], "the number of the newest is not given again"
    at(date(2012, 12, 2))
    assert left() == ["A-2"]


def test_news_that_still_stands_on_first_pages_stays(cora: Person) -> None:
    with transaction():
        db.session.add(RetentionPeriods(id=1, months=24, email_months=1))
        for number in range(2):
            about = {"about_kind": "action", "about_id": number, "reference": f"A-{number}"}
            db.session.add(News(person_id=cora.id, what="accepted", made_on=date(2011, 12, 12), **about))
    at(date(2012, 1, 12))  # a month later, with 3 days of bank holidays: the 21st working day
    assert left() == ["A-0", "A-1"]
    at(date(2012, 1, 14))
    assert left() == ["A-1"]


def left() -> list[str]:
    db.session.rollback()
    return list(db.session.scalars(select(News.reference).order_by(News.id)))

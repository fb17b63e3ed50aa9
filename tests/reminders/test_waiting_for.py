"""The page of scheduled emails lists what already waits for somebody who is back on its date."""

from collections.abc import Callable
from datetime import date

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from app.actions import moves as actions
from app.database import db
from app.outbox.delivery import deliver
from app.outbox.models import SENT, Message
from app.people.models import Person
from tests.factories import a_person
from tests.mail_server import MailServer, mail_server
from tests.outbox.messages import connect_to
from tests.pages import opened, visible

__all__ = ["mail_server"]

FRI, WED, SAT, MON = date(2010, 11, 5), date(2010, 11, 10), date(2010, 11, 13), date(2010, 11, 15)


def test_what_waits_is_listed_on_the_date_on_which_it_goes(
    app: Flask,
    clock_at: Callable[[date], None],
    sign_in: Callable[[Person], FlaskClient],
    mail_server: MailServer,
) -> None:
    clock_at(FRI)
    connect_to(mail_server.port)
    jack = a_person("Jack Denny", roles=["coordinator"])
    owen = a_person("Owen Hale", leave=[(FRI, WED), (date(2010, 11, 11), date(2010, 11, 12))])
    made = actions.raise_action(text="Send it", by=jack, on=FRI, owner_id=owen.id, due_on=date(2010, 12, 10))
    deliver(FRI)
    client = sign_in(jack)
    for on in (WED, MON):
        assert "already written" not in visible(opened(client, f"/messages/coming?on={on}"))
    page = visible(opened(client, f"/messages/coming?on={SAT}"))
    assert "1 email already written" in page
    assert "This email waits for someone who is back from leave on Saturday 13 November 2010." in page
    assert f"New action {made.reference}: due Friday 10 December 2010" in page
    db.session.rollback()
    clock_at(SAT)
    deliver(SAT)
    assert db.session.scalars(select(Message.state).where(Message.kind == "given")).all() == [SENT]


def test_what_falls_away_meanwhile_is_not_listed_and_nothing_changes(
    app: Flask, clock_at: Callable[[date], None], sign_in: Callable[[Person], FlaskClient]
) -> None:
    clock_at(FRI)
    jack = a_person("Jack Denny", roles=["coordinator"])
    owen = a_person("Owen Hale", leave=[(FRI, WED)])
    made = actions.raise_action(text="Send it", by=jack, on=FRI, owner_id=owen.id, due_on=date(2010, 12, 10))
    client = sign_in(jack)
    thursday = f"/messages/coming?on={date(2010, 11, 11)}"
    assert "1 email already written" in visible(opened(client, thursday))
    actions.withdraw(made.reference, jack, FRI, "Twice")
    assert "already written" not in visible(opened(client, thursday))
    assert db.session.scalars(select(Message.ended_at).where(Message.kind == "given")).all() == [None]


def test_a_later_date_says_that_the_runs_before_it_are_left_out(
    app: Flask, clock_at: Callable[[date], None], sign_in: Callable[[Person], FlaskClient]
) -> None:
    clock_at(FRI)
    client = sign_in(a_person("Jack Denny", roles=["coordinator"]))
    left_out = "as if no daily emails went before that date"
    assert left_out in visible(opened(client, f"/messages/coming?on={WED}"))
    assert left_out not in visible(opened(client, "/messages/coming"))

"""A database that was started from a copy sends nothing until it is released, and nothing twice then."""

import shutil
from collections.abc import Callable, Iterator
from contextlib import suppress
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from flask import Flask, current_app
from flask.testing import FlaskClient
from sqlalchemy import delete, select, update

from app import clock
from app.database import db, transaction
from app.history.record import of
from app.outbox import copies, marks
from app.outbox.copies import ON_HOLD, SENT_BEFORE
from app.outbox.copy_signs import OLDER, OTHER, UNKNOWN, Mark
from app.outbox.delivery import Delivery, deliver
from app.outbox.models import HELD, SENT, DatabaseIdentity, Message, MessageItem
from app.people.models import Person
from app.reminders import daily_run
from config.settings import Settings
from tests.conftest import let_in
from tests.factories import a_cycle, a_person, an_audit
from tests.mail_server import MailServer
from tests.outbox.messages import ON, a_message, connect_to, fresh
from tests.pages import opened, visible

SignIn = Callable[[Person], FlaskClient]


@pytest.fixture
def server(service: Flask) -> Iterator[MailServer]:
    with MailServer() as running:
        connect_to(running.port)
        yield running


def instance() -> Path:
    settings: Settings = current_app.extensions["settings"]
    return settings.instance_path


def put_back_without(messages: list[Message]) -> None:
    """Make the database what it was before these messages were written."""
    ids = [message.id for message in messages]
    with transaction():
        db.session.execute(delete(MessageItem).where(MessageItem.message_id.in_(ids)))
        db.session.execute(delete(Message).where(Message.id.in_(ids)))
    db.session.expire_all()


def test_messages_go_on_being_sent_from_one_start_to_the_next(server: MailServer) -> None:
    assert copies.look() is None
    a_message()
    deliver(ON)
    a_message()
    assert copies.look() is None
    assert deliver(ON).sent == 1
    assert len(server.messages) == 2


def test_the_mark_is_of_the_last_message_that_was_kept(server: MailServer) -> None:
    first = a_message()
    mark = marks.read_mark()
    assert mark is not None
    assert (mark.message, mark.uid) == (first.id, first.uid)
    with suppress(ZeroDivisionError), transaction():
        a_message()
        _ = 1 / 0
    assert marks.read_mark() == mark
    with transaction():
        a_message()
        last = a_message()
    mark = marks.read_mark()
    assert mark is not None
    assert (mark.message, mark.uid) == (last.id, last.uid)
    assert (instance() / "last_email").stat().st_mode & 0o777 == 0o600


def test_a_database_put_back_from_an_earlier_copy_sends_nothing(server: MailServer) -> None:
    a_message()
    lost = a_message()
    waits = a_message()
    put_back_without([lost, waits])
    again = a_message()
    assert deliver(ON) == Delivery(sent=0, failed=0, overtaken=0, queued=0, held=2, paused=False)
    assert server.messages == []
    assert copies.held_because() == OLDER
    assert (fresh(again).state, again.answer) == (HELD, ON_HOLD)


def test_what_a_copy_writes_first_does_not_hide_that_it_is_one(server: MailServer) -> None:
    """Also where it has as many messages by then as it had before."""
    lost = [a_message(), a_message()]
    put_back_without(lost)
    for _ in range(3):
        a_message()
    assert copies.held_because() == OLDER


def test_a_database_in_a_new_place_sends_nothing(server: MailServer) -> None:
    a_message()
    (instance() / "last_email").unlink()
    assert copies.look() == UNKNOWN
    assert deliver(ON).held == 1
    assert server.messages == []


def test_a_database_of_another_installation_sends_nothing(server: MailServer) -> None:
    a_message()
    with transaction():
        db.session.execute(update(DatabaseIdentity).values(uid="that of another"))
    assert copies.look() == OTHER
    deliver(ON)
    assert server.messages == []


def test_an_installation_that_kept_no_marks_goes_on_after_an_update(server: MailServer) -> None:
    a_message()
    with transaction():
        db.session.execute(update(DatabaseIdentity).values(marked_at=None))
    (instance() / "last_email").unlink()
    assert deliver(ON).sent == 1
    assert marks.read_mark() is not None


def test_a_new_database_in_the_place_of_an_old_one_sends(server: MailServer) -> None:
    marks.keep_mark(Mark("an old one", 500, "uid", clock.now()))
    a_message()
    assert deliver(ON).sent == 1


def test_a_release_lets_messages_go_and_is_kept(server: MailServer) -> None:
    put_back_without([a_message()])
    a_message()
    assert deliver(ON).held == 1
    before = a_message("on-hold-for-another-reason@council.example")
    with transaction():
        db.session.execute(update(Message).where(Message.id == before.id).values(state=HELD, answer="Other"))
    assert copies.release("jack@council.example") == 1
    assert deliver(ON).sent == 1
    assert len(server.messages) == 1
    assert fresh(before).state == HELD
    row = db.session.scalars(select(DatabaseIdentity)).one()
    assert (row.released_by, row.held_because, row.held_since) == ("jack@council.example", None, None)
    assert [(each.who, each.what, each.why) for each in of("delivery", "delivery")] == [
        ("jack@council.example", "released", OLDER),
        ("practice-audits", "put on hold", OLDER),
    ]
    assert copies.release("jack@council.example") == 0


def test_a_release_from_one_machine_holds_for_the_others(server: MailServer, tmp_path: Path) -> None:
    a_message()
    shutil.copytree(instance(), tmp_path / "other machine")
    put_back_without([a_message()])
    shutil.copy(instance() / "last_email", tmp_path / "other machine" / "last_email")
    clock.clock().fixed = clock.now() + timedelta(minutes=5)
    assert copies.look() == OLDER
    copies.release("jack@council.example")
    assert copies.look() is None
    shutil.copy(tmp_path / "other machine" / "last_email", instance() / "last_email")
    assert copies.look() is None
    assert deliver(ON).sent == 1


def test_the_command_that_releases_what_is_held_releases_a_copy(server: MailServer) -> None:
    put_back_without([a_message()])
    a_message()
    deliver(ON)
    assert deliver(ON, release=True).sent == 1
    assert db.session.scalars(select(DatabaseIdentity.released_by)).all() == ["command line"]


def test_the_reminders_of_a_day_go_out_once_also_from_a_copy(server: MailServer, tmp_path: Path) -> None:
    """A machine does not send again what it sent after the copy was made, on hold or released."""
    on = date(2010, 11, 24)
    clock.clock().fixed = datetime(2010, 11, 24, 8, 30, tzinfo=UTC)
    people = [a_person(roles=["auditor"]) for _ in range(6)]
    cycle = a_cycle("2010-1", due_on=date(2010, 11, 26))
    for number in range(3):
        an_audit(f"CP-{number}", lead=people[2 * number], second=people[2 * number + 1], cycle=cycle)
    waited = a_message()
    written = daily_run.run(on)
    sent = deliver(on).sent
    assert sent > len(written.messages) > 0
    # the copy was made before the run: one message waited then
    there = db.session.scalars(select(Message).where(Message.id != waited.id)).all()
    put_back_without(list(there))
    with transaction():
        db.session.execute(update(Message).values(state="queued", ended_at=None))
    assert copies.look() == OLDER
    assert daily_run.run(on).messages == []
    assert deliver(on) == Delivery(sent=0, failed=0, overtaken=0, queued=0, held=0, paused=False)
    assert (fresh(waited).state, waited.answer) == (SENT, SENT_BEFORE)
    copies.release("jack@council.example")
    assert daily_run.run(on).messages == []
    assert deliver(on).sent == 0
    assert len(server.messages) == sent
    kept = "".join(path.read_text() for path in (instance() / "sent_emails").iterdir())
    assert not any(person.email in kept or person.name in kept for person in people)


def test_what_was_sent_long_ago_is_no_longer_noted(server: MailServer) -> None:
    a_message()
    deliver(ON)
    today = datetime.now(UTC).date()
    [day] = (instance() / "sent_emails").iterdir()
    assert day.stat().st_mode & 0o777 == 0o600
    marks.remove_old(today + marks.KEPT_FOR)
    assert day.exists()
    marks.remove_old(today + marks.KEPT_FOR + timedelta(days=1))
    assert not day.exists()


@pytest.mark.parametrize("role", ["coordinator", "administrator"])
def test_every_page_says_that_emails_are_on_hold_until_they_are_released(
    app: Flask, client: FlaskClient, role: str
) -> None:
    let_in(client, a_person("Jack Denny", roles=[role]))
    put_back_without([a_message()])
    a_message()
    deliver(ON)
    says = "Emails are on hold, because the database was started from a copy"
    for address in ("/", "/people", "/settings"):
        assert says in visible(opened(client, address)), address
    page = visible(opened(client, "/messages/on-hold"))
    assert f"{OLDER}. Emails have been on hold since" in page
    assert "1 email on hold for this reason" in page
    health = client.get("/health").get_json()
    if health["status"] == "ok":
        assert health["on_hold"] is True
    answer = client.post("/messages/on-hold", follow_redirects=True)
    assert "Emails are sent again. 1 email released." in visible(answer.get_data(as_text=True))
    assert says not in visible(opened(client, "/people"))


def test_others_are_not_told_of_it(app: Flask, client: FlaskClient) -> None:
    let_in(client, a_person("Ada Byrne", roles=["auditor"]))
    put_back_without([a_message()])
    copies.look()
    assert "on hold" not in visible(opened(client, "/"))
    assert client.get("/messages/on-hold").status_code == 403


def test_a_message_on_hold_because_of_a_copy_is_not_released_alone(app: Flask, client: FlaskClient) -> None:
    let_in(client, a_person("Jack Denny", roles=["coordinator"]))
    put_back_without([a_message()])
    held = a_message()
    deliver(ON)
    with MailServer() as running:
        connect_to(running.port)
        answer = client.post(f"/messages/{held.id}/release")
        assert answer.status_code == 409
        assert "The database was started from a copy" in visible(answer.get_data(as_text=True))
        client.post("/messages/release")
        assert running.messages == []
    assert fresh(held).state == HELD

"""Emails that come back, with a real SMTP server and a real IMAP server."""

import threading
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from app import clock
from app.bounces.mailbox import SET_ASIDE, MailboxError
from app.bounces.reading import read_bounces
from app.commands.checking import Check, run_checks
from app.database import db
from app.history import record
from app.outbox.delivery import deliver
from app.outbox.models import FAILED, SENT, Bounce, Message
from app.people.models import Person
from app.watching.heartbeat import BOUNCES, beat, bounces_unread, last_beat
from app.watching.tasks import failures, watched
from tests.bounces.reports import a_report
from tests.conftest import let_in
from tests.factories import a_person
from tests.imap_server import PASSWORD, ImapServer
from tests.mail_server import MailServer
from tests.outbox.messages import ON, a_message, connect_to, fresh
from tests.pages import opened, visible

JACK = "jack.wrong@council.example"


@pytest.fixture(scope="module")
def imap() -> Iterator[ImapServer]:
    """A server for all tests of this file."""
    server = ImapServer()
    yield server
    server.stop()


@pytest.fixture
def mailbox(imap: ImapServer, service: Flask) -> ImapServer:
    """The empty mailbox that the service reads."""
    imap.empty()
    settings = service.extensions["settings"]
    mail = replace(settings.mail, bounce_imap_url=imap.url)
    service.extensions["settings"] = replace(settings, mail=mail)
    return imap


@pytest.fixture
def smtp() -> Iterator[MailServer]:
    with MailServer() as server:
        connect_to(server.port, return_path="Bounces <bounces@council.example>")
        yield server


def sent(smtp: MailServer, address: str = JACK, **values: Any) -> Message:
    message = a_message(address, **values)
    deliver(ON)
    assert fresh(message).state == SENT
    return message


def test_a_hard_bounce_is_failed_with_its_reason_on_the_page_of_emails(
    service: Flask, mailbox: ImapServer, smtp: MailServer
) -> None:
    message = sent(smtp)
    received = smtp.messages[-1]
    assert received.sender == "bounces@council.example"  # the envelope, not the header
    mailbox.receive(a_report(received, JACK))
    read_bounces()
    assert fresh(message).state == FAILED
    assert message.answer == "It came back: 550 5.1.1 <(the address)>: no such user"
    assert mailbox.count() == 0
    client = let_in(service.test_client(), a_person("Cora", roles=["coordinator"]))
    assert JACK in visible(opened(client, "/messages?state=failed"))
    page = visible(opened(client, f"/messages/{message.id}"))
    assert "Could not be delivered" in page
    assert "no such user" in page
    assert [row.what for row in record.of("message", str(message.id))] == ["reported as undeliverable"]
    # the coordinator corrects the address and sends it again, as with all that failed
    service.config["WTF_CSRF_ENABLED"] = False
    client.post(f"/messages/{message.id}/send-again", data={"address": "jack.denny@council.example"})
    assert fresh(message).state == SENT
    assert smtp.messages[-1].recipients == ["jack.denny@council.example"]
    # a late second report about the earlier address changes nothing
    mailbox.receive(a_report(received, JACK))
    read_bounces()
    assert fresh(message).state == SENT


def test_a_delay_is_only_noted(service: Flask, mailbox: ImapServer, smtp: MailServer) -> None:
    message = sent(smtp)
    mailbox.receive(
        a_report(smtp.messages[-1], JACK, action="delayed", status="4.2.2", said="smtp; mailbox is full")
    )
    read_bounces()
    assert fresh(message).state == SENT
    assert mailbox.count() == 0
    client = let_in(service.test_client(), a_person("Cora", roles=["coordinator"]))
    page = visible(opened(client, f"/messages/{message.id}"))
    assert "Delayed 4.2.2 mailbox is full. Reported by another mail server" in page


def test_what_is_forged_or_foreign_changes_nothing_and_is_set_aside(
    service: Flask, mailbox: ImapServer, smtp: MailServer
) -> None:
    message, waiting = sent(smtp), a_message("anne@council.example")
    received, before = smtp.messages[-1], mailbox.count(SET_ASIDE)
    foreign = [
        a_report(received, "anne@council.example"),  # ours, but not to this recipient
        a_report("<11111111-2222-4333-8444-555555555555@council.example>", JACK),  # not ours
        a_report(f"<{waiting.uid}@council.example>", "anne@council.example"),  # never sent
        a_report(f"<{message.uid[:-1]}@council.example>", JACK),
        f"Subject: {received.message_id}\r\n\r\nAction: failed\r\nFinal-Recipient: {JACK}\r\n".encode(),
        b"Subject: On leave\r\n\r\nI am on leave.\r\n",
        b"Subject: Large\r\n\r\n" + b"x" * 2_100_000,
    ]
    for content in foreign:
        mailbox.receive(content)
    read_bounces()
    assert (fresh(message).state, fresh(waiting).state) == (SENT, "queued")
    assert db.session.scalars(select(Bounce)).all() == []
    assert (mailbox.count(), mailbox.count(SET_ASIDE) - before) == (0, len(foreign))


def test_several_workers_at_once_handle_each_report_once(
    service: Flask, mailbox: ImapServer, smtp: MailServer
) -> None:
    messages = [sent(smtp, f"person{number}@council.example") for number in range(10)]
    for message, received in zip(messages, smtp.messages[-10:], strict=True):
        mailbox.receive(a_report(received, message.address))
    db.session.remove()
    errors: list[BaseException] = []

    def read() -> None:
        with service.app_context():
            try:
                read_bounces()
            except MailboxError as error:  # another one has removed it meanwhile
                errors.append(error)

    threads = [threading.Thread(target=read) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    read_bounces()
    assert len(db.session.scalars(select(Bounce)).all()) == 10
    after = db.session.scalars(select(Message)).all()
    assert {message.state for message in after} == {FAILED}
    for message in after:
        assert len(record.of("message", str(message.id))) == 1
    assert mailbox.count() == 0


def test_a_report_that_comes_twice_is_handled_once(
    service: Flask, mailbox: ImapServer, smtp: MailServer
) -> None:
    message = sent(smtp)
    report = a_report(smtp.messages[-1], JACK)
    mailbox.receive(report)
    read_bounces()
    service.config["WTF_CSRF_ENABLED"] = False
    client = let_in(service.test_client(), a_person("Cora", roles=["coordinator"]))
    client.post(f"/messages/{message.id}/send-again", data={"address": JACK})
    mailbox.receive(report)
    read_bounces()
    assert fresh(message).state == SENT
    assert len(db.session.scalars(select(Bounce)).all()) == 1


def test_an_email_whose_text_is_gone_is_not_sent_again(
    service: Flask, mailbox: ImapServer, smtp: MailServer
) -> None:
    message = sent(smtp, secret=True)
    mailbox.receive(a_report(smtp.messages[-1], JACK))
    read_bounces()
    assert fresh(message).state == FAILED
    service.config["WTF_CSRF_ENABLED"] = False
    client = let_in(service.test_client(), a_person("Cora", roles=["coordinator"]))
    assert "no longer kept, so you cannot send it again" in visible(opened(client, f"/messages/{message.id}"))
    answer = client.post(f"/messages/{message.id}/send-again", data={"address": "jack@council.example"})
    assert answer.status_code == 422
    assert fresh(message).state == FAILED


FAILS_AT = {"port": "cannot connect", "password": "cannot sign in", "folder": "cannot open the folder"}


@pytest.mark.parametrize("wrong", FAILS_AT)
def test_a_mailbox_that_cannot_be_read_is_said_without_its_password(
    app: Flask, imap: ImapServer, wrong: str, sign_in: Callable[[Person], FlaskClient]
) -> None:
    settings = app.extensions["settings"]
    url = {
        "port": "imap://user:K4NARY@127.0.0.1:9/INBOX",
        "password": f"imap://bounces%40council.example:K4NARY@127.0.0.1:{imap.port}/INBOX",
        "folder": imap.url.replace("INBOX", "K4NARY"),
    }[wrong]
    mail = replace(settings.mail, bounce_imap_url=url)
    app.extensions["settings"] = replace(settings, mail=mail)
    watched(app, BOUNCES, read_bounces)()
    [failure] = failures()
    assert (failure.task, failure.failures, failure.over_at) == (BOUNCES, 1, None)
    page = visible(opened(sign_in(a_person("Adam", roles=["administrator"])), "/settings/service"))
    assert "Emails that came back Needs attention They have not been read yet. Reading them fails:" in page
    assert f"MailboxError: {FAILS_AT[wrong]}" in page
    [check] = [each for each in run_checks() if each.name == "emails that come back"]
    assert (check.ok, check.says.partition(": ")[2]) == (False, f"the service {FAILS_AT[wrong]}")
    assert "K4NARY" not in page + failure.why
    assert PASSWORD not in page + failure.why
    assert last_beat(BOUNCES) is None
    assert bounces_unread(clock.now())
    beat(BOUNCES)
    assert not bounces_unread(clock.now() + timedelta(minutes=59))
    assert bounces_unread(clock.now() + timedelta(minutes=61))


def test_a_mailbox_that_was_read_is_said(
    app: Flask, imap: ImapServer, sign_in: Callable[[Person], FlaskClient]
) -> None:
    imap.empty()
    client = sign_in(a_person("Adam", roles=["administrator"]))
    assert "They are not read, because MAIL_BOUNCE_IMAP_URL is not set" in visible(
        opened(client, "/settings/service")
    )
    settings = app.extensions["settings"]
    mail = replace(settings.mail, bounce_imap_url=imap.url)
    app.extensions["settings"] = replace(settings, mail=mail)
    watched(app, BOUNCES, read_bounces)()
    assert "Emails that came back Well Last read on" in visible(opened(client, "/settings/service"))
    assert Check("emails that come back", True, f"127.0.0.1 port {imap.port} can be read") in run_checks()

"""Messages arrive at a real mail server as they were written, and no header takes a line break."""

import random
from collections.abc import Iterator
from datetime import UTC, datetime
from email import message_from_bytes
from email.header import decode_header, make_header
from email.policy import default

import pytest
from flask import Flask, current_app

from app.outbox.composing import compose
from app.outbox.models import Message
from app.outbox.smtp import Connection
from tests.mail_server import MailServer
from tests.outbox.messages import connect_to

SUBJECTS = 1000
PIECES = (
    "Audit CP-009",
    "‘assigned’",
    "“due today”",
    "– overdue",
    "— was due",
    "council’s",
    "Łukasz",
    "12 November",
    "safeguarding",
    "Donaudampfschifffahrtselektrizitätenhauptbetriebswerkbauunterbeamtengesellschaft",
    "x" * 90,
    "a;b,c:d",
    "“",
    "–",
    "5 of 25 (20%)",
    "=",
    "_",
    "?",
)


@pytest.fixture
def server(app: Flask) -> Iterator[MailServer]:
    with MailServer() as running:
        connect_to(running.port)
        yield running


def a_row(**values: str) -> Message:
    """Return a row of the outbox that is in no database."""
    words = {"uid": "a-uid", "address": "jack@council.example", "subject": "Two audits"}
    texts = {"text": "Two audits.\n", "html": "<p>Two audits.</p>\n"}
    return Message(**(words | texts | values), written_at=datetime(2010, 11, 5, 12, tzinfo=UTC))


def test_every_subject_arrives_as_it_was_written(app: Flask, server: MailServer) -> None:
    chance = random.Random(20101105)
    subjects = [" ".join(chance.choices(PIECES, k=chance.randint(1, 12))) for _ in range(SUBJECTS)]
    connect_to(server.port)
    with Connection(lease_seconds=120) as connection:
        for subject in subjects:
            connection.send(compose(a_row(subject=subject)))
    heads = [message.content.partition(b"\r\n\r\n")[0] for message in server.messages]
    assert [message_from_bytes(head, policy=default)["Subject"] for head in heads] == subjects
    assert all(len(line) <= 998 and b"\n" not in line for head in heads for line in head.split(b"\r\n"))


@pytest.mark.parametrize(
    "sender",
    [
        "audits@council.example",
        "Council’s audits – “quality” <audits@council.example>",
        '"Audits, QA" <a@b.c>',
        "Audits, Crewe <audits@council.example>",
        "Quality: Crewe (North); <audits@council.example>",
    ],
)
def test_the_sender_arrives_as_it_was_set(app: Flask, server: MailServer, sender: str) -> None:
    connect_to(server.port, default_sender=sender, reply_to=sender)
    with Connection(lease_seconds=120) as connection:
        connection.send(compose(a_row()))
    message = message_from_bytes(server.messages[0].content, policy=default)
    named = sender if "<" in sender else f"Practice audits <{sender}>"
    assert str(message["From"].addresses[0]).replace('"', "") == named.replace('"', "")
    assert str(message["Reply-To"].addresses[0]).replace('"', "") == sender.replace('"', "")
    assert server.messages[0].sender == message["From"].addresses[0].addr_spec


def test_a_long_name_of_the_sender_arrives_whole(app: Flask, server: MailServer) -> None:
    name = "The Quality Assurance and Audit Team, " * 4 + "Crewe"
    connect_to(server.port, default_sender=f"{name} <audits@council.example>")
    with Connection(lease_seconds=120) as connection:
        connection.send(compose(a_row()))
    assert server.messages[0].sender == "audits@council.example"
    header = message_from_bytes(server.messages[0].content)["From"]
    assert str(make_header(decode_header(header))) == f"{name} <audits@council.example>"


BREAKS = ["\r\nBcc: all@council.example", "\nBcc: all@council.example", "\r\n folded", "\r", "\u2028x"]


@pytest.mark.parametrize("line_break", BREAKS)
def test_a_line_break_is_refused_in_every_header(app: Flask, line_break: str) -> None:
    for header in ("subject", "address", "uid"):
        row = a_row()
        setattr(row, header, getattr(row, header) + line_break)
        with pytest.raises(ValueError):
            compose(row)
    connect_to(25, reply_to=f"quality{line_break}@council.example")
    with pytest.raises(ValueError):
        compose(a_row())
    connect_to(25, reply_to=None, subject_prefix=f"[OFFICIAL]{line_break} -")
    with pytest.raises(ValueError):
        compose(a_row())
    connect_to(25, subject_prefix="")
    assert compose(a_row()).as_bytes()
    current_app.extensions["mail"].default_sender = f"Audits{line_break} <audits@council.example>"
    with pytest.raises(ValueError):
        compose(a_row())

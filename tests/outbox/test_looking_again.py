"""A claimed batch is looked at again at once, and what is left of it when something has happened since."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date

import pytest
from flask import Flask

from app.database import transaction
from app.history.record import Event, record
from app.outbox.delivery import deliver
from app.outbox.kinds import Holds, Overtaken, Verdict, register
from app.outbox.models import OVERTAKEN, QUEUED, SENT, Message
from tests.mail_server import MailServer
from tests.outbox.messages import ON, a_message, connect_to, fresh, states
from tests.smtp_conversation import Received


@pytest.fixture
def server(app: Flask) -> Iterator[MailServer]:
    with MailServer() as running:
        connect_to(running.port)
        yield running


class Asked:
    """A kind of message that notes the batches it is asked about."""

    def __init__(self, name: str, verdict: Callable[[Message], Verdict] = lambda _message: Holds()) -> None:
        self.name, self.verdict = name, verdict
        self.batches: list[list[int]] = []
        register(name, 5, self.recheck)

    def recheck(self, messages: Sequence[Message], _on: date) -> Mapping[int, Verdict]:
        self.batches.append([message.id for message in messages])
        return {message.id: self.verdict(message) for message in messages}

    def messages(self, number: int) -> list[Message]:
        return [a_message(kind=self.name) for _ in range(number)]


def test_a_batch_is_asked_about_at_once(server: MailServer) -> None:
    kind = Asked("at once")
    ids = [message.id for message in kind.messages(4)]
    assert deliver(ON).sent == 4
    assert kind.batches == [ids]


def test_what_is_left_is_asked_about_again_when_something_happens(app: Flask, server: MailServer) -> None:
    done = False
    kind = Asked("again", lambda _message: Overtaken("It is done.") if done else Holds())
    messages = kind.messages(5)
    ids = [message.id for message in messages]
    accept = server.accept

    def accept_and_let_something_happen(message: Received) -> None:
        nonlocal done
        accept(message)
        if len(server.messages) == 2:
            with app.app_context(), transaction():
                record("lea@council.example", [Event("audit", "CP-001", "returned")])
                done = True

    server.accept = accept_and_let_something_happen  # type: ignore[method-assign]
    delivery = deliver(ON)
    assert (delivery.sent, delivery.overtaken) == (2, 3)
    assert kind.batches == [ids, ids[2:]]
    assert [fresh(message).state for message in messages] == [SENT, SENT, OVERTAKEN, OVERTAKEN, OVERTAKEN]


def test_a_message_that_cannot_be_judged_blocks_no_other(server: MailServer) -> None:
    def verdict(message: Message) -> Verdict:
        if message.address == "odd@council.example":
            raise LookupError("nobody knows")
        return Holds()

    kind = Asked("judged", verdict)
    kind.messages(2)
    odd = a_message("odd@council.example", kind=kind.name)
    kind.messages(2)
    assert deliver(ON).sent == 4
    assert (fresh(odd).state, odd.build_failures) == (QUEUED, 1)
    assert odd.answer == "The email could not be written: LookupError"
    assert states() == {SENT: 4, QUEUED: 1}

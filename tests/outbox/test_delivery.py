"""Messages reach a real mail server, once, in the right order, with words that hold."""

import email
import email.policy
import time
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, timedelta
from email.message import EmailMessage
from itertools import pairwise

import pytest
from flask import Flask

from app.database import db, transaction
from app.outbox import claims
from app.outbox.delivery import Delivery, deliver
from app.outbox.kinds import Changed, Holds, Overtaken, Rendered, Verdict, Waits, each, register
from app.outbox.models import FAILED, HELD, OVERTAKEN, QUEUED, SENDING, SENT, Message
from tests.mail_server import MailServer
from tests.outbox.messages import ON, a_message, connect_to, fresh, states

NOON = datetime(2010, 11, 5, 12, tzinfo=UTC)
ClockAt = Callable[[date | datetime], None]


@pytest.fixture
def server(app: Flask) -> Iterator[MailServer]:
    with MailServer() as running:
        connect_to(running.port)
        yield running


def received(server: MailServer, number: int = 0) -> EmailMessage:
    found = email.message_from_bytes(server.messages[number].content, policy=email.policy.default)
    assert isinstance(found, EmailMessage)
    return found


def a_kind(name: str, verdict: Callable[[Message, date], Verdict], urgency: int = 5) -> str:
    register(name, urgency, each(verdict))
    return name


def test_a_message_arrives_and_the_servers_answer_is_kept(server: MailServer) -> None:
    message = a_message("katarzyna.wilk@council.example")
    assert deliver(ON) == Delivery(sent=1, failed=0, overtaken=0, queued=0, held=0, paused=False)
    assert [one.recipients for one in server.messages] == [["katarzyna.wilk@council.example"]]
    assert (fresh(message).state, message.answer, message.tries) == (SENT, "250 2.0.0 Ok: queued", 1)


def test_nothing_is_sent_twice(server: MailServer) -> None:
    a_message()
    deliver(ON)
    assert deliver(ON) == Delivery(sent=0, failed=0, overtaken=0, queued=0, held=0, paused=False)
    assert len(server.messages) == 1


def test_headers_say_that_a_machine_wrote_it_and_when(server: MailServer, clock_at: ClockAt) -> None:
    clock_at(NOON)
    connect_to(server.port, reply_to="quality@council.example", subject_prefix="[OFFICIAL]")
    message = a_message("jack@council.example")
    clock_at(NOON + timedelta(hours=5))
    deliver(ON)
    got = received(server)
    assert got["From"] == "Practice audits <audits@council.example>"
    assert got["To"] == "jack@council.example"
    assert got["Reply-To"] == "quality@council.example"
    assert got["Subject"] == "[OFFICIAL] Two audits, due Monday"
    assert got["Message-ID"] == f"<{message.uid}@council.example>"
    assert got["Date"].datetime == NOON
    assert got["Auto-Submitted"] == "auto-generated"
    assert got["X-Auto-Response-Suppress"] == "All"
    assert got["Cc"] is None


WORDS = (
    "Caf\u00e9 \u2013 5\u00a0days.\n.a line that begins with a dot\nFrom here on = long " + "x" * 2000 + "\n"
)


def test_any_words_arrive_as_they_were_written(server: MailServer) -> None:
    html = f"<p>{WORDS}</p>\n"
    a_message(rendered=Rendered("Zwei Pr\u00fcfungen \u2013 bald", WORDS, html))
    deliver(ON)
    got = received(server)
    assert got["Subject"] == "Zwei Pr\u00fcfungen \u2013 bald"
    plain, rich = got.iter_parts()
    assert (plain.get_content_type(), plain.get_content().replace("\r\n", "\n")) == ("text/plain", WORDS)
    assert (rich.get_content_type(), rich.get_content().replace("\r\n", "\n")) == ("text/html", html)
    lines = server.messages[0].content.split(b"\r\n")
    assert max(map(len, lines)) <= 998
    assert all(b"\n" not in line and b"\r" not in line for line in lines)


def test_urgent_messages_go_first(server: MailServer) -> None:
    urgent = a_kind("urgent", lambda _message, _on: Holds(), urgency=1)
    for kind in ("plain words", urgent, "plain words", urgent):
        a_message(kind=kind, rendered=Rendered(kind, "words\n", "words\n"))
    deliver(ON)
    assert [one.subject for one in server.messages] == [urgent, urgent, "plain words", "plain words"]


def test_what_no_longer_holds_is_not_sent(server: MailServer) -> None:
    message = a_message(kind=a_kind("overtaken", lambda _message, _on: Overtaken("The audit was returned.")))
    assert deliver(ON).overtaken == 1
    assert server.messages == []
    assert (fresh(message).state, message.answer) == (OVERTAKEN, "The audit was returned.")


def test_what_changed_is_sent_and_kept_in_its_new_words(server: MailServer) -> None:
    def changed(_message: Message, on: date) -> Verdict:
        return Changed(Rendered(f"True on {on}", "new words\n", "<p>new words</p>\n"))

    message = a_message(kind=a_kind("changed", changed))
    later = ON + timedelta(days=3)
    deliver(later)
    assert server.messages[0].subject == "True on 2010-11-08"
    assert (fresh(message).subject, message.text, message.rendered_on) == (
        "True on 2010-11-08",
        "new words\n",
        later,
    )


def test_a_message_waits_while_its_receiver_is_on_leave(server: MailServer) -> None:
    back = ON + timedelta(days=3)

    def on_leave(_message: Message, on: date) -> Verdict:
        return Waits("On leave until Sunday.") if on < back else Holds()

    message = a_message(kind=a_kind("on leave", on_leave))
    other = a_message()
    assert deliver(ON).queued == 1
    assert (fresh(message).state, message.answer) == (QUEUED, "On leave until Sunday.")
    assert fresh(other).state == SENT
    assert deliver(back).sent == 1


def test_without_a_mail_server_messages_are_held_until_released(app: Flask, clock_at: ClockAt) -> None:
    message = a_message()
    assert deliver(ON) == Delivery(sent=0, failed=0, overtaken=0, queued=0, held=1, paused=False)
    assert fresh(message).state == HELD
    with MailServer() as server:
        connect_to(server.port)
        assert deliver(ON).held == 1
        assert server.messages == []
        assert deliver(ON, release=True) == Delivery(1, 0, 0, 0, 0, paused=False)
        assert len(server.messages) == 1


def test_a_key_is_not_kept_once_sent(server: MailServer) -> None:
    message = a_message(secret=True)
    deliver(ON)
    assert b"Two audits." in server.messages[0].content
    assert (fresh(message).state, message.text, message.html) == (SENT, None, None)


def test_a_key_that_could_not_be_sent_yet_is_kept(server: MailServer) -> None:
    server.answer("rcpt", "450 4.2.1 later")
    message = a_message(secret=True)
    deliver(ON)
    assert fresh(message).text == "Two audits.\n"


@pytest.mark.parametrize(
    "unbuildable",
    [
        {"rendered": Rendered("a line\r\nBcc: all@council.example", "text\n", "html\n")},
        {"address": "one@council.example, two@council.example"},
        {"address": "nobody"},
        {"address": "one@council.example\r\nBcc: two@council.example"},
        {"kind": "of which nobody knows"},
    ],
    ids=[
        "a line break in the subject",
        "two addresses",
        "no address",
        "a line break in the address",
        "no kind",
    ],
)
def test_what_cannot_be_built_fails_after_five_tries_and_blocks_nobody(
    server: MailServer, clock_at: ClockAt, unbuildable: dict[str, str]
) -> None:
    clock_at(NOON)
    kind = unbuildable.get("kind")
    message = a_message(**{name: value for name, value in unbuildable.items() if name != "kind"})
    if kind:
        with transaction():
            db.session.execute(db.update(Message).values(kind=kind))
    a_message("other@council.example")
    for attempt in range(1, 6):
        assert fresh(message).state == QUEUED
        deliver(ON)
        assert fresh(message).build_failures == attempt
        clock_at(NOON + attempt * timedelta(hours=1))
    assert message.state == FAILED
    assert message.answer is not None
    assert message.answer.startswith("The email could not be written")
    assert [one.recipients for one in server.messages] == [["other@council.example"]]


def test_whoever_lost_the_message_records_nothing(server: MailServer) -> None:
    message = a_message()
    now = datetime.now(UTC)
    with transaction():
        (slow,) = claims.claim(now, now, timedelta(seconds=1), 20)
    later = now + timedelta(seconds=2)
    with transaction():
        (quick,) = claims.claim(later, later, timedelta(seconds=60), 20)
    with transaction():
        assert not claims.end(slow, FAILED, "from the slow one", later)
        assert not claims.renew_all([slow], later, timedelta(seconds=60))
    with transaction():
        assert claims.end(quick, SENT, "from the quick one", later)
    assert (fresh(message).state, message.answer) == (SENT, "from the quick one")


def test_a_claimed_message_is_left_alone_until_its_lease_ends(server: MailServer, clock_at: ClockAt) -> None:
    message = a_message()
    now = datetime.now(UTC)
    clock_at(now)
    with transaction():
        claims.claim(now, now, timedelta(seconds=120), 20)
    assert deliver(ON).sent == 0
    clock_at(now + timedelta(seconds=119))
    assert deliver(ON).sent == 0
    assert fresh(message).state == SENDING
    clock_at(now + timedelta(seconds=120))
    assert deliver(ON).sent == 1


def test_so_many_a_minute_and_no_more(
    server: MailServer, clock_at: ClockAt, monkeypatch: pytest.MonkeyPatch
) -> None:
    connect_to(server.port, rate_per_minute=3)
    for _ in range(7):
        a_message()
    moments = [NOON]
    sent_after = []

    def sleep(seconds: float) -> None:
        moments.append(moments[-1] + timedelta(seconds=seconds))
        sent_after.append(((moments[-1] - NOON).total_seconds(), len(server.messages)))
        clock_at(moments[-1])

    clock_at(NOON)
    with transaction():
        db.session.execute(db.update(Message).values(next_try_at=NOON))
    monkeypatch.setattr(time, "sleep", sleep)
    assert deliver(ON).sent == 7
    assert all(sent <= 3 for seconds, sent in sent_after if seconds <= 60)
    assert all(sent <= 6 for seconds, sent in sent_after if seconds <= 120)
    assert all(later >= earlier for earlier, later in pairwise(moments))
    assert sent_after[-1][0] == pytest.approx(120, abs=2)


def test_several_connections_share_the_work(server: MailServer) -> None:
    connect_to(server.port, connections=3)
    for _ in range(100):
        a_message()
    assert deliver(ON).sent == 100
    assert len({one.message_id for one in server.messages}) == len(server.messages) == 100
    assert server.connections == 3
    assert states() == {SENT: 100}


def test_only_the_one_asked_for_is_delivered(server: MailServer) -> None:
    a_message("others@council.example")
    mine = a_message("me@council.example")
    assert deliver(ON, only=mine.id).sent == 1
    assert [one.recipients for one in server.messages] == [["me@council.example"]]


def test_a_pass_stops_when_the_service_does(server: MailServer) -> None:
    for _ in range(30):
        a_message()
    asked = iter([False] * 12)
    assert deliver(ON, stopping=lambda: next(asked, True)).sent < 30
    assert states()[SENDING] == 0
    assert deliver(ON).queued == 0
    assert len(server.messages) == 30


@pytest.mark.parametrize("connections", [1, 3])
def test_a_message_that_waits_is_tried_once_in_a_call_also_when_the_clock_stands_still(
    server: MailServer, clock_at: ClockAt, connections: int
) -> None:
    clock_at(NOON)
    connect_to(server.port, connections=connections)
    looked_at: list[int] = []

    def waits(message: Message, on: date) -> Verdict:
        looked_at.append(message.id)
        return Waits("They are on leave") if on == ON else Holds()

    waiting = [a_message(kind=a_kind("waits", waits), on=ON) for _ in range(3)]
    goes = a_message()
    assert deliver(ON) == Delivery(sent=1, failed=0, overtaken=0, queued=3, held=0, paused=False)
    assert fresh(goes).state == SENT
    assert sorted(looked_at) == sorted(message.id for message in waiting)
    # at the same moment another call tries them again
    assert deliver(ON + timedelta(days=3)).sent == 3


def test_a_message_that_waits_is_tried_once_in_a_call_that_doubts_the_server(
    server: MailServer, clock_at: ClockAt
) -> None:
    looked_at: list[int] = []

    def waits(message: Message, on: date) -> Verdict:
        looked_at.append(message.id)
        return Waits("They are on leave")

    waiting = a_message(kind=a_kind("waits", waits))
    refused = a_message("refused@council.example")
    server.answer("rcpt", "554 5.7.1 relay access denied", to="refused@council.example")
    deliver(ON)
    assert looked_at == [waiting.id]
    assert fresh(refused).state == FAILED

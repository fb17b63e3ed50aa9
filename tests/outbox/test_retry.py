"""The consequences of a mail server's answer, as tables."""

from datetime import UTC, datetime, timedelta

import pytest

from app.outbox.retry import (
    BUILD_TRIES,
    CLOSING,
    LONG_OUT_OF_REACH,
    About,
    Again,
    Answer,
    Failed,
    GivenUp,
    SenderRefused,
    Sent,
    Stage,
    consequence,
    delay,
    pass_ends,
    pauses,
    probe_is_due,
    refusal_is_about,
)

NOW = datetime(2010, 11, 5, 8, 30, tzinfo=UTC)
CONNECT, AUTH, MAIL, RCPT, DATA, END = Stage
SENDER, RECIPIENT, MESSAGE = About


def follows(answer: Answer, tries: int = 1, first: datetime = NOW) -> object:
    return consequence(answer, tries=tries, first_tried_at=first, now=NOW)


@pytest.mark.parametrize(
    ("stage", "code", "text", "about"),
    [
        (CONNECT, 554, "5.7.1 your address is blocked", SENDER),
        (AUTH, 535, "5.7.8 authentication failed", SENDER),
        (MAIL, 550, "5.7.1 not allowed to send as this sender", SENDER),
        (MAIL, 501, "syntax error", SENDER),
        (RCPT, 550, "5.1.1 no such user", RECIPIENT),
        (RCPT, 550, "no such user", RECIPIENT),
        (RCPT, 554, "5.7.1 relay access denied", RECIPIENT),
        (RCPT, 550, "5.7.30 basic authentication is not supported", SENDER),
        (RCPT, 554, "5.7.30 only 550 counts here", RECIPIENT),
        (RCPT, 550, "5.7.300 another code that begins alike", RECIPIENT),
        (DATA, 554, "5.5.1 no valid recipients", MESSAGE),
        (DATA, 554, "5.2.0 only the end of the text counts", MESSAGE),
        (END, 554, "5.2.0 STOREDRV.Submission.Exception:OutboundSpamException", SENDER),
        (END, 554, "5.2.2 mailbox full of the sender", SENDER),
        (END, 552, "5.2.2 only 554 counts here", MESSAGE),
        (END, 550, "5.7.30 basic authentication is not supported", SENDER),
        (END, 554, "5.7.60 client does not have permissions to send as this sender", SENDER),
        (END, 550, "5.7.60 whatever the code", SENDER),
        (END, 554, "5.7.1 message looks like spam", MESSAGE),
        (END, 552, "5.3.4 message too big", MESSAGE),
        (END, 554, "transaction failed", MESSAGE),
    ],
)
def test_whom_a_refusal_is_about(stage: Stage, code: int, text: str, about: About) -> None:
    assert refusal_is_about(Answer(stage, code, text)) == about


@pytest.mark.parametrize(
    ("answer", "what_follows"),
    [
        (Answer(END, 250, "2.0.0 taken"), Sent()),
        (Answer(END, 451, "4.3.0 try later"), Again(NOW + timedelta(minutes=1))),
        (Answer(RCPT, 450, "4.2.1 greylisted"), Again(NOW + timedelta(minutes=1))),
        (Answer(MAIL, 452, "4.5.3 too many messages"), Again(NOW + timedelta(minutes=1))),
        (Answer(DATA, 421, "4.3.2 closing"), Again(NOW + timedelta(minutes=1))),
        (Answer(END, 0, "the connection was lost"), Again(NOW + timedelta(minutes=1))),
        (Answer(MAIL, 0, "no answer in time"), Again(NOW + timedelta(minutes=1))),
        # 2xx, 4xx and 5xx from their first number to their last
        (Answer(END, 200, "taken"), Sent()),
        (Answer(END, 299, "taken"), Sent()),
        (Answer(END, 300, "neither taken nor refused"), Again(NOW + timedelta(minutes=1))),
        (Answer(RCPT, 499, "try later"), Again(NOW + timedelta(minutes=1))),
        (Answer(RCPT, 500, "not understood"), Failed(RECIPIENT)),
        (Answer(RCPT, 550, "5.1.1 no such user"), Failed(RECIPIENT)),
        (Answer(RCPT, 554, "5.7.1 relay access denied"), Failed(RECIPIENT, denied=True)),
        (Answer(END, 554, "5.7.1 looks like spam"), Failed(MESSAGE)),
        (Answer(MAIL, 550, "5.7.1 sender unknown"), SenderRefused()),
        (Answer(END, 554, "5.2.0 outbound spam"), SenderRefused()),
    ],
)
def test_what_follows_from_an_answer(answer: Answer, what_follows: object) -> None:
    assert follows(answer) == what_follows


@pytest.mark.parametrize(
    ("tries", "minutes"), [(1, 1), (2, 2), (3, 4), (4, 8), (5, 16), (6, 32), (7, 60), (8, 60), (80, 60)]
)
def test_delays_grow_up_to_an_hour(tries: int, minutes: int) -> None:
    assert delay(tries) == timedelta(minutes=minutes)


LATER = Answer(END, 451, "4.3.0 try later")


@pytest.mark.parametrize(
    ("first_try_ago", "what_follows"),
    [
        (timedelta(hours=2), Again(NOW + timedelta(minutes=60))),
        (timedelta(hours=71, minutes=30), Again(NOW + timedelta(minutes=30))),
        (timedelta(hours=72), GivenUp()),
        (timedelta(hours=90), GivenUp()),
    ],
)
def test_it_is_given_up_72_hours_after_the_first_try(first_try_ago: timedelta, what_follows: object) -> None:
    assert follows(LATER, tries=20, first=NOW - first_try_ago) == what_follows


def test_a_pass_ends_after_three_connections_lost_in_a_row() -> None:
    assert [pass_ends(n) for n in range(5)] == [False, False, False, True, True]
    assert CLOSING == 421


def test_what_is_given_up_says_after_how_long() -> None:
    assert str(GivenUp()) == "Given up after 72 hours"


def test_an_hour_without_a_mail_server_is_long() -> None:
    assert timedelta(hours=1) == LONG_OUT_OF_REACH


def test_what_cannot_be_built_is_tried_five_times() -> None:
    assert BUILD_TRIES == 5


def test_delivery_pauses_after_three_refusals_in_a_row() -> None:
    assert [pauses(n) for n in range(5)] == [False, False, False, True, True]


@pytest.mark.parametrize(
    ("minutes_ago", "due"), [(None, True), (0, False), (9, False), (10, True), (60, True)]
)
def test_a_probe_every_ten_minutes(minutes_ago: int | None, due: bool) -> None:
    last = None if minutes_ago is None else NOW - timedelta(minutes=minutes_ago)
    assert probe_is_due(last, NOW) == due


def test_an_answer_reads_as_one_line() -> None:
    assert str(Answer(RCPT, 550, "5.1.1 no\nsuch user")) == "550 5.1.1 no such user"
    assert str(Answer(END, 0, "no answer in time")) == "no answer in time"

"""The tests' own mail server follows its orders; otherwise tests of delivery would prove nothing."""

import signal
import smtplib
import socket
import threading
import time
from email.message import EmailMessage
from email.policy import SMTP
from pathlib import Path

import pytest

from tests.mail_server import MailServer, MailServerProcess, mail_server
from tests.smtp_conversation import Stage

__all__ = ["mail_server"]

SENDER, RECIPIENT = "audits@council.example", "jack@council.example"


def message(number: int = 1) -> EmailMessage:
    written = EmailMessage(policy=SMTP)
    written["From"], written["To"] = SENDER, RECIPIENT
    written["Subject"] = f"Two audits – due Monday {number}"
    written["Date"] = "Mon, 08 Nov 2010 08:30:00 +0000"
    written["Message-ID"] = f"<{number}.{'x' * 70}@council.example>"
    written.set_content(f"Dear Jack\n.\n..two dots\nLast line {number}")
    return written


def client_of(server: MailServer | MailServerProcess, timeout: float = 5) -> smtplib.SMTP:
    return smtplib.SMTP("127.0.0.1", server.port, timeout=timeout)


def test_it_keeps_what_was_sent(mail_server: MailServer) -> None:
    with client_of(mail_server) as client:
        client.login("audits", "secret")
        for number in (1, 2):
            client.send_message(message(number))
    first, second = mail_server.messages
    assert (first.sender, first.recipients, first.to) == (SENDER, [RECIPIENT], RECIPIENT)
    assert second.subject == "Two audits – due Monday 2"
    assert second.message_id == message(2)["Message-ID"]
    assert second.date == "Mon, 08 Nov 2010 08:30:00 +0000"
    assert first.content == message(1).as_bytes()
    assert (mail_server.accepted, mail_server.connections) == (2, 1)
    assert mail_server.signed_in == [("audits", "secret")]


@pytest.mark.parametrize("stage", ["mail", "rcpt", "data", "end"])
@pytest.mark.parametrize("answer", ["451 4.3.0 Try again later", "554 5.7.1 Not wanted"])
def test_it_refuses_a_message_at_each_stage(mail_server: MailServer, stage: Stage, answer: str) -> None:
    mail_server.answer(stage, answer, times=1)
    with client_of(mail_server) as client:
        with pytest.raises(smtplib.SMTPException) as refused:
            client.send_message(message(1))
        client.rset()  # smtplib does so by itself, save after a refused DATA
        client.send_message(message(2))
    assert answer[4:] in str(refused.value)
    assert [kept.subject[-1] for kept in mail_server.messages] == ["2"]


def test_it_refuses_connections_and_signing_in(mail_server: MailServer) -> None:
    mail_server.answer("connect", "554 5.3.2 Not accepting", times=1)
    with pytest.raises(smtplib.SMTPConnectError):
        client_of(mail_server)
    mail_server.answer("auth", "535 5.7.8 Wrong password")
    with client_of(mail_server) as client, pytest.raises(smtplib.SMTPAuthenticationError):
        client.login("audits", "wrong")
    mail_server.answer("ehlo", "421 4.3.2 Closing")
    with client_of(mail_server) as client, pytest.raises(smtplib.SMTPServerDisconnected):
        client.ehlo_or_helo_if_needed()
    assert mail_server.signed_in == []


def test_it_refuses_one_recipient_only(mail_server: MailServer) -> None:
    mail_server.answer("rcpt", "550 5.1.1 No such user", to="gone@council.example")
    with client_of(mail_server) as client:
        refused = client.sendmail(SENDER, [RECIPIENT, "gone@council.example"], b"\r\nHello")
    assert refused == {"gone@council.example": (550, b"5.1.1 No such user")}
    assert mail_server.messages[0].recipients == [RECIPIENT]


@pytest.mark.parametrize("stage", ["connect", "ehlo", "mail", "rcpt", "data", "end", "accepted"])
def test_it_hangs_or_drops_the_connection_at_each_stage(mail_server: MailServer, stage: Stage) -> None:
    mail_server.hang(stage, times=1)
    with (
        pytest.raises((TimeoutError, smtplib.SMTPServerDisconnected)) as hung,
        client_of(mail_server, 0.1) as client,
    ):
        client.send_message(message())
    assert isinstance(hung.value, TimeoutError) or "timed out" in str(hung.value)
    mail_server.drop(stage, times=1)
    with pytest.raises(smtplib.SMTPServerDisconnected), client_of(mail_server) as client:
        client.send_message(message())
    with client_of(mail_server) as client:
        client.send_message(message())
    assert mail_server.accepted == (3 if stage == "accepted" else 1)


def test_an_order_can_begin_later_and_be_forgotten(mail_server: MailServer) -> None:
    mail_server.answer("end", "452 4.3.1 Full", after=2)
    with client_of(mail_server) as client:
        client.send_message(message(1))
        client.send_message(message(2))
        for _ in range(2):
            with pytest.raises(smtplib.SMTPDataError):
                client.send_message(message(3))
        mail_server.behave()
        client.send_message(message(4))
    assert [kept.subject[-1] for kept in mail_server.messages] == ["1", "2", "4"]


def test_it_allows_only_so_many_connections_at_a_time(mail_server: MailServer) -> None:
    mail_server.most_connections = 1
    with client_of(mail_server), pytest.raises(smtplib.SMTPConnectError, match="421"):
        client_of(mail_server)
    deadline = time.monotonic() + 5
    while True:
        try:
            client_of(mail_server).quit()
        except smtplib.SMTPConnectError:
            assert time.monotonic() < deadline, "the connection that was closed still counts"
        else:
            break


def test_it_is_slow_when_told(mail_server: MailServer) -> None:
    mail_server.delay = 0.02
    started = time.monotonic()
    with client_of(mail_server) as client:
        client.noop()
    assert time.monotonic() - started >= 0.06


def test_it_goes_down_and_comes_up_on_the_same_port(mail_server: MailServer) -> None:
    port = mail_server.port
    client = client_of(mail_server)
    mail_server.down()
    with pytest.raises(smtplib.SMTPServerDisconnected):
        client.send_message(message())
    with pytest.raises(ConnectionRefusedError):
        client_of(mail_server)
    mail_server.up()
    with client_of(mail_server) as again:
        again.send_message(message())
    assert (mail_server.port, mail_server.accepted) == (port, 1)


def test_one_can_wait_for_messages(mail_server: MailServer) -> None:
    def send() -> None:
        with client_of(mail_server) as client:
            client.send_message(message())

    threading.Thread(target=send).start()
    assert mail_server.wait_for(1)
    assert not mail_server.wait_for(2, seconds=0.01)


def test_a_process_of_its_own_logs_each_message_before_it_answers(tmp_path: Path) -> None:
    with MailServerProcess(tmp_path / "log") as server:
        client = client_of(server)
        for number in range(1, 4):
            client.send_message(message(number))
            assert [kept.message_id for kept in server.messages][-1] == message(number)["Message-ID"]
        server.process.send_signal(signal.SIGKILL)
    assert len(server.messages) == 3
    with socket.socket() as probe:
        assert probe.connect_ex(("127.0.0.1", server.port)) != 0
    with (
        MailServerProcess(tmp_path / "log", "--delay-ms=1", port=server.port) as again,
        client_of(again) as client,
    ):
        client.send_message(message(4))
    assert [kept.subject[-1] for kept in again.messages] == ["1", "2", "3", "4"]

"""A connection to the mail server on which no exchange takes longer than it may."""

import io
import smtplib
import socket
import ssl
import time
from email.utils import parseaddr
from types import TracebackType
from typing import Any, Self, cast

import flask_mail
from flask import current_app

from app.outbox.composing import sender_domain
from app.outbox.retry import CLOSING, Answer, Stage
from config.settings import Settings

CONNECTING_SECONDS = 30.0
LEAVING_SECONDS = 2.0
SHARE_OF_THE_LEASE = 0.75

NO_ANSWER = "The mail server did not answer in time."
LOST = "The connection to the mail server was lost."

STAGES = {"mail": Stage.MAIL, "rcpt": Stage.RCPT, "data": Stage.DATA}
"""The stage of a message that begins with a command of SMTP."""


class NoConnection(Exception):
    """The failure to connect or sign in; `answer` says why. With a 5xx the server refuses us as a sender."""

    def __init__(self, answer: Answer) -> None:
        super().__init__(str(answer))
        self.answer = answer


class Connection(flask_mail.Connection):
    """Flask-Mail's connection with a deadline for each message and the server's last answer kept.

    Its own has no time-out, and does not keep what the server answers to a message that it takes.
    """

    client: "Client"

    def __init__(self, lease_seconds: float) -> None:
        super().__init__(current_app.extensions["mail"])
        # a message that takes as long as its lease would be sent by another deliverer as well
        self.seconds_for_a_message = lease_seconds * SHARE_OF_THE_LEASE

    @property
    def alive(self) -> bool:
        """False once nothing can be sent on it any more."""
        return self.client.sock is not None

    @property
    def answer(self) -> Answer:
        """The server's last answer, or how the connection failed."""
        return self.client.answer

    def __enter__(self) -> Self:
        """Connect and sign in. Raises NoConnection."""
        try:
            self.host = self.client = self.configure_host()
        except smtplib.SMTPAuthenticationError as refused:
            raise NoConnection(Answer(Stage.AUTH, refused.smtp_code, _text(refused.smtp_error))) from refused
        except smtplib.SMTPResponseException as refused:
            answer = Answer(Stage.CONNECT, refused.smtp_code, _text(refused.smtp_error))
            raise NoConnection(answer) from refused
        except smtplib.SMTPNotSupportedError as refused:
            raise NoConnection(Answer(Stage.CONNECT, 502, str(refused))) from refused
        except OSError as lost:
            raise NoConnection(Answer(Stage.CONNECT, 0, _why_unreachable(lost))) from lost
        return self

    def configure_host(self) -> "Client":
        """Connect, encrypt where the settings say so, and sign in."""
        mail = self.mail
        seconds = min(CONNECTING_SECONDS, self.seconds_for_a_message)
        client: Client
        if mail.use_ssl:
            client = ClientOverTLS(mail.server, mail.port, seconds, context=ssl.create_default_context())
        else:
            client = Client(mail.server, mail.port, seconds)
        try:
            if mail.use_tls:
                client.starttls(context=ssl.create_default_context())
            client.ehlo_or_helo_if_needed()
            if mail.username:
                client.login(mail.username, mail.password or "")
        except BaseException:
            client.close()
            raise
        return client

    def send(self, message: flask_mail.Message, envelope_from: str | tuple[str, str] | None = None) -> None:
        """Hand one message to the server; `answer` then says what became of it."""
        client = self.client
        client.allow(self.seconds_for_a_message)
        try:
            super().send(message, envelope_from or _return_path())
        except (smtplib.SMTPSenderRefused, smtplib.SMTPRecipientsRefused):
            pass
        except smtplib.SMTPDataError:
            if client.stage is Stage.DATA:
                self._begin_anew()
        except OSError as lost:  # smtplib's own errors are among them
            client.close()
            client.answer = Answer(client.stage, 0, NO_ANSWER if _timed_out(lost) else LOST)

    def _begin_anew(self) -> None:
        """Take back sender and recipient after DATA was refused, which smtplib does at other stages."""
        if self.answer.code == CLOSING:
            self.client.close()
            return
        try:
            self.client.rset()
        except OSError:
            self.client.close()

    def __exit__(
        self, exc_type: type[BaseException] | None, exc_value: BaseException | None, tb: TracebackType | None
    ) -> None:
        """Take leave of the server, if it is still there."""
        if not self.alive:
            return
        self.client.allow(LEAVING_SECONDS)
        try:
            self.client.quit()
        except OSError:
            self.client.close()


class Client(smtplib.SMTP):
    """smtplib's client with one deadline for a whole exchange, and the last answer kept.

    Its own time-out starts anew with every byte, so that a server that drips could hold a message for ever.
    """

    def __init__(self, host: str, port: int | None, seconds: float, **tls: Any) -> None:
        """Connect. Raises OSError, of which smtplib's errors are kinds."""
        self.deadline = time.monotonic() + seconds
        self.stage = Stage.CONNECT
        self.answer = Answer(Stage.CONNECT, 0, LOST)
        super().__init__(host, port or 0, _own_name(), timeout=seconds, **tls)

    def allow(self, seconds: float) -> None:
        """Let what follows take so many seconds."""
        self.deadline = time.monotonic() + seconds

    def seconds_left(self) -> float:
        """Return the seconds until the deadline. Raises TimeoutError after it."""
        left = self.deadline - time.monotonic()
        if left <= 0:
            raise TimeoutError
        return left

    def putcmd(self, cmd: str, args: str = "") -> None:
        """Send a command, which begins a stage."""
        self.stage = STAGES.get(cmd.lower(), self.stage)
        super().putcmd(cmd, args)

    def send(self, s: Any) -> None:
        """Send bytes before the deadline."""
        if self.sock:
            self.sock.settimeout(self.seconds_left())
        super().send(s)

    def getreply(self) -> tuple[int, bytes]:
        """Read an answer before the deadline, and keep it."""
        if self.file is None and self.sock:
            self.file = io.BufferedReader(_UntilTheDeadline(self))
        code, text = super().getreply()
        self.answer = Answer(self.stage, code, _text(text))
        if self.stage is Stage.DATA and code == 354:
            self.stage = Stage.END
        return code, text

    def rset(self) -> tuple[int, bytes]:
        """Take back sender and recipient; the answer that is kept is the one before, which says why."""
        answer = self.answer
        try:
            return super().rset()
        finally:
            self.answer = answer


class ClientOverTLS(Client, smtplib.SMTP_SSL):
    """The client with TLS from the first byte."""


class _UntilTheDeadline(io.RawIOBase):
    """Reads from the client's socket no longer than until its deadline."""

    def __init__(self, client: Client) -> None:
        self.client = client

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        sock = cast(socket.socket, self.client.sock)
        sock.settimeout(self.client.seconds_left())
        return sock.recv_into(buffer)


def _return_path() -> str | None:
    """Return the address that emails come back to, where it is not that of the sender."""
    settings: Settings = current_app.extensions["settings"]
    return_path = settings.mail.return_path
    return parseaddr(return_path)[1] if return_path else None


def _own_name() -> str:
    """Return the full name to introduce ourselves by, without asking a name service, which may hang."""
    own = socket.gethostname()
    return own if "." in own else sender_domain()


def _text(text: bytes | str) -> str:
    return text if isinstance(text, str) else text.decode("utf-8", "replace")


def _timed_out(error: OSError) -> bool:
    # smtplib raises an error of its own in place of the socket's
    return isinstance(error, TimeoutError) or isinstance(error.__context__, TimeoutError)


def _why_unreachable(error: OSError) -> str:
    if _timed_out(error):
        return NO_ANSWER
    match error:
        case ConnectionRefusedError():
            return "The mail server refuses connections."
        case socket.gaierror():
            return "The mail server's name is not known."
        case ssl.SSLCertVerificationError():
            return f"The mail server's certificate is not accepted: {error.verify_message}."
        case ssl.SSLError():
            return "No encrypted connection to the mail server could be made."
        case _:
            return LOST

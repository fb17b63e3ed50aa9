"""One connection to the mail server, on which nothing takes longer than it may."""

import io
import re
import smtplib
import socket
import ssl
import time
from email.utils import parseaddr
from typing import Any, cast

from app.outbox.envelope import Envelope
from app.outbox.retry import Answer, Stage
from config.settings import MailSettings

CONNECTING_SECONDS = 30.0
SHARE_OF_THE_LEASE = 0.75

NO_ANSWER = "The mail server did not answer in time."
LOST = "The connection to the mail server was lost."

_LEADING_DOT = re.compile(rb"^\.", re.MULTILINE)


class NoConnection(Exception):
    """No connection is to be had; `answer` says why. With a 5xx the server refuses us as a sender."""

    def __init__(self, answer: Answer) -> None:
        super().__init__(str(answer))
        self.answer = answer


class Connection:
    """A connection that is open and signed in. `alive` is False once nothing can be sent on it any more."""

    def __init__(self, mail: MailSettings) -> None:
        """Connect and sign in. Raises NoConnection."""
        # a message that takes as long as its lease would be sent by somebody else as well
        self.seconds_for_a_message = mail.lease_seconds * SHARE_OF_THE_LEASE
        self.alive = True
        self.stage = Stage.CONNECT
        try:
            self.server = self._open(mail)
        except smtplib.SMTPResponseException as refused:
            raise NoConnection(Answer(self.stage, refused.smtp_code, _words(refused.smtp_error))) from refused
        except smtplib.SMTPNotSupportedError as refused:
            raise NoConnection(Answer(self.stage, 502, str(refused))) from refused
        except OSError as lost:
            raise NoConnection(Answer(self.stage, 0, _why_unreachable(lost))) from lost

    def _open(self, mail: MailSettings) -> "_Timed":
        seconds = min(CONNECTING_SECONDS, self.seconds_for_a_message)
        server = (_TimedSSL if mail.use_ssl else _Timed)(mail, seconds)
        try:
            code, text = server.connect(mail.server or "", mail.port)
            if code != 220:
                raise smtplib.SMTPConnectError(code, text)
            if mail.use_tls:
                server.starttls(context=ssl.create_default_context())
            server.ehlo_or_helo_if_needed()
            if mail.username:
                self.stage = Stage.AUTH
                server.login(mail.username, mail.password or "")
        except BaseException:
            server.close()
            raise
        return server

    def send(self, envelope: Envelope) -> Answer:
        """Hand one message to the server; what it answered, or how the connection failed."""
        self.server.allow(self.seconds_for_a_message)
        try:
            return self._send(envelope)
        except OSError as lost:  # which smtplib's own are as well
            self.close()
            return Answer(self.stage, 0, NO_ANSWER if _timed_out(lost) else LOST)

    def _send(self, envelope: Envelope) -> Answer:
        server = self.server
        self.stage = Stage.MAIL
        code, text = server.mail(envelope.sender)
        if code == 250:
            self.stage = Stage.RCPT
            code, text = server.rcpt(envelope.recipient)
        if code in (250, 251) and self.stage is Stage.RCPT:
            self.stage = Stage.DATA
            code, text = server.docmd("DATA")
        if code == 354 and self.stage is Stage.DATA:
            self.stage = Stage.END
            server.send(_LEADING_DOT.sub(b"..", envelope.content) + b".\r\n")
            code, text = server.getreply()
        answer = Answer(self.stage, code, _words(text))
        if code == 421:
            self.close()
        elif self.stage is not Stage.END:
            server.rset()
        return answer

    def close(self) -> None:
        """Hang up without a word: for a connection that is lost."""
        self.alive = False
        self.server.close()

    def quit(self) -> None:
        """Take leave of the server."""
        if not self.alive:
            return
        self.server.allow(2)
        try:
            self.server.quit()
        except OSError:
            self.server.close()
        self.alive = False


class _Timed(smtplib.SMTP):
    """smtplib's client with one deadline for a whole exchange.

    Its own time-out starts anew with every byte, so that a server that drips could hold a message for ever.
    """

    def __init__(self, mail: MailSettings, seconds: float) -> None:
        self.deadline = time.monotonic() + seconds
        super().__init__(timeout=seconds, local_hostname=_own_name(mail))
        self._host = mail.server or ""  # the name that the server's certificate must carry

    def allow(self, seconds: float) -> None:
        """What follows must be over in so many seconds."""
        self.deadline = time.monotonic() + seconds

    def seconds_left(self) -> float:
        left = self.deadline - time.monotonic()
        if left <= 0:
            raise TimeoutError
        return left

    def send(self, s: Any) -> None:
        if self.sock:
            self.sock.settimeout(self.seconds_left())
        super().send(s)

    def getreply(self) -> tuple[int, bytes]:
        if self.file is None and self.sock:
            self.file = io.BufferedReader(_UntilTheDeadline(self))
        return super().getreply()


class _TimedSSL(_Timed):
    """The same, with TLS from the first byte."""

    def _get_socket(self, host: str, port: int, timeout: float) -> socket.socket:
        plain = super()._get_socket(host, port, timeout)  # type: ignore[misc]
        return ssl.create_default_context().wrap_socket(plain, server_hostname=host)


class _UntilTheDeadline(io.RawIOBase):
    """Reads from the client's socket no longer than until its deadline."""

    def __init__(self, client: _Timed) -> None:
        self.client = client

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        sock = cast(socket.socket, self.client.sock)
        sock.settimeout(self.client.seconds_left())
        return sock.recv_into(buffer)


def _own_name(mail: MailSettings) -> str:
    """How we introduce ourselves: a full name, found without asking a name service, which may hang."""
    own = socket.gethostname()
    return own if "." in own else parseaddr(mail.default_sender)[1].partition("@")[2] or "localhost"


def _words(text: bytes | str) -> str:
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

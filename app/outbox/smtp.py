"""One connection to the mail server, on which nothing takes longer than it may."""

import io
import re
import smtplib
import socket
import ssl
import time
from collections.abc import Callable
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

    def send(self, envelope: Envelope, meanwhile: Callable[[], None]) -> Answer:
        """Hand one message to the server; what it answered, or how the connection failed.

        `meanwhile` is done while the server is busy with the message; it must be quick.
        """
        self.server.allow(self.seconds_for_a_message)
        try:
            return self._send(envelope, meanwhile)
        except OSError as lost:  # which smtplib's own are as well
            self.close()
            return Answer(self.stage, 0, NO_ANSWER if _timed_out(lost) else LOST)

    def _send(self, envelope: Envelope, meanwhile: Callable[[], None]) -> Answer:
        server = self.server
        answer = self._announce(envelope)
        if answer.code == 354:
            self.stage = Stage.END
            server.send(_LEADING_DOT.sub(b"..", envelope.content) + b".\r\n")
            meanwhile()
            answer = self._reply()
        if answer.code == 421:
            self.close()
        elif answer.stage is not Stage.END:
            server.rset()
        return answer

    def _announce(self, envelope: Envelope) -> Answer:
        """Name sender and recipient: 354 when the server waits for the text, else the refusal.

        Where the server allows it (PIPELINING), all is said at once, which saves two ways there and back.
        """
        commands = (
            (Stage.MAIL, f"MAIL FROM:{smtplib.quoteaddr(envelope.sender)}", (250,)),
            (Stage.RCPT, f"RCPT TO:{smtplib.quoteaddr(envelope.recipient)}", (250, 251)),
            (Stage.DATA, "DATA", (354,)),
        )
        at_once = self.server.has_extn("pipelining")
        if at_once:
            self.server.send("".join(f"{command}\r\n" for _, command, _ in commands))
        refusal: Answer | None = None
        for self.stage, command, welcome in commands:
            if not at_once:
                self.server.send(f"{command}\r\n")
            answer = self._reply()
            if answer.code not in welcome and refusal is None:
                refusal = answer
            if refusal and (not at_once or answer.code == 421):
                return refusal
        if refusal and answer.code == 354:
            self.server.docmd(".")  # it waits for a text although it refused
        return refusal or answer

    def _reply(self) -> Answer:
        code, text = self.server.getreply()
        return Answer(self.stage, code, _words(text))

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

"""The server's half of SMTP: one connection from its greeting to its end, and the messages received."""

import base64
import re
import socket
import ssl
import time
from dataclasses import dataclass
from email.header import decode_header, make_header
from typing import Literal, Protocol, Self

Stage = Literal["connect", "ehlo", "auth", "mail", "rcpt", "data", "end", "accepted"]
"""The stages of a connection: `end` is the end of a message's content, `accepted` is when the message has
been counted and only the answer is missing (a client that gets none sends it again)."""

USUAL_ANSWERS: dict[Stage, str] = {
    "connect": "220 mail.example ESMTP",
    "ehlo": "250-mail.example\r\n250-PIPELINING\r\n250-SIZE 36700160\r\n250-AUTH PLAIN LOGIN\r\n"
    "250-8BITMIME\r\n250-SMTPUTF8\r\n250 ENHANCEDSTATUSCODES",
    "auth": "235 2.7.0 Authentication successful",
    "mail": "250 2.1.0 Ok",
    "rcpt": "250 2.1.5 Ok",
    "data": "354 End data with <CR><LF>.<CR><LF>",
    "accepted": "250 2.0.0 Ok: queued",
}

_HEADERS = ("message-id", "date", "to", "subject")


@dataclass(frozen=True)
class Received:
    """A message that was accepted. `content` is as it was sent; it is not kept in the log of a process."""

    sender: str
    recipients: list[str]
    message_id: str
    date: str
    to: str
    subject: str
    content: bytes = b""

    @classmethod
    def of(cls, sender: str, recipients: list[str], content: bytes) -> Self:
        head = re.sub(rb"\r\n(?=[ \t])", b"", content.partition(b"\r\n\r\n")[0]).decode("utf-8", "replace")
        headers = {}
        for line in head.split("\r\n"):
            name, _, value = line.partition(":")
            value = value.strip()
            headers[name.lower()] = str(make_header(decode_header(value))) if "=?" in value else value
        message_id, date, to, subject = (headers.get(name, "") for name in _HEADERS)
        return cls(sender, recipients, message_id, date, to, subject, content)


class Server(Protocol):
    """The protocol of the server that the conversation uses."""

    delay: float
    tls: ssl.SSLContext | None
    signed_in: list[tuple[str, str]]

    def order_at(self, stage: Stage, to: str | None) -> str | None:
        """Return the order for this moment: an answer, "hang" or "drop"; None for the usual answer."""

    def accept(self, message: Received) -> None:
        """Count a message."""


class ConversationOver(Exception):
    """Raised when the client has gone, or the server was ordered to drop it."""


class Conversation:
    """The conversation on a connection: the commands of RFC 5321 that clients use, in their order."""

    def __init__(self, server: Server, connection: socket.socket) -> None:
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.server = server
        self.connection = connection
        self.incoming = connection.makefile("rb", buffering=65536)
        self.greeted = False
        self.sender: str | None = None
        self.recipients: list[str] = []

    def hold(self) -> None:
        """Talk until either side ends it. Raises `ConversationOver` or `OSError`."""
        if not self.reach("connect"):
            return
        while True:
            verb, _, rest = self.line().rstrip("\r\n").partition(" ")
            if verb.upper() == "QUIT":
                self.say("221 2.0.0 Bye")
                return
            self.obey(verb.upper(), rest)

    def obey(self, verb: str, rest: str) -> None:
        match verb:
            case "EHLO" | "HELO":
                self.greeted = self.reach("ehlo")
            case "STARTTLS" if self.server.tls:
                self.say("220 2.0.0 Ready to start TLS")
                self.connection = self.server.tls.wrap_socket(self.connection, server_side=True)
                self.incoming = self.connection.makefile("rb", buffering=65536)
            case "AUTH":
                self.sign_in(rest)
            case "MAIL":
                self.take_sender(rest)
            case "RCPT":
                self.take_recipient(rest)
            case "DATA":
                self.take_content()
            case "RSET":
                self.sender, self.recipients = None, []
                self.say("250 2.0.0 Ok")
            case "NOOP":
                self.say("250 2.0.0 Ok")
            case _:
                self.say("500 5.5.2 Command not recognised")

    def line(self) -> str:
        line = self.incoming.readline()
        if not line.endswith(b"\n"):
            raise ConversationOver
        return line.decode("utf-8", "replace")

    def say(self, answer: str) -> None:
        if self.server.delay:
            time.sleep(self.server.delay)
        self.connection.sendall(f"{answer}\r\n".encode())

    def reach(self, stage: Stage, to: str | None = None) -> bool:
        """Do what is ordered for the stage, else answer as usual; return True if the client may go on."""
        order = self.server.order_at(stage, to)
        if order == "drop":
            raise ConversationOver
        if order == "hang":
            while self.connection.recv(65536):
                pass
            raise ConversationOver
        answer = order or USUAL_ANSWERS.get(stage)
        if stage == "ehlo" and not order and self.server.tls:
            answer = USUAL_ANSWERS["ehlo"].replace("\r\n", "\r\n250-STARTTLS\r\n", 1)
        if answer is not None:
            self.say(answer)
            if answer.startswith("421"):
                raise ConversationOver
        return answer is None or answer[0] in "23"

    def sign_in(self, rest: str) -> None:
        method, _, first = rest.partition(" ")
        if method.upper() == "PLAIN":
            _, name, password = self.asked("", first).split("\0")
        elif method.upper() == "LOGIN":
            name = self.asked("Username:", first)
            password = self.asked("Password:")
        else:
            self.say("504 5.5.4 Authentication method not known")
            return
        if self.reach("auth"):
            self.server.signed_in.append((name, password))

    def asked(self, question: str, answer: str = "") -> str:
        if not answer:
            self.say(f"334 {base64.b64encode(question.encode()).decode()}")
            answer = self.line()
        return base64.b64decode(answer).decode()

    def take_sender(self, rest: str) -> None:
        if not self.greeted or self.sender is not None:
            self.say("503 5.5.1 Not now")
        elif self.reach("mail"):
            self.sender = _address(rest)

    def take_recipient(self, rest: str) -> None:
        recipient = _address(rest)
        if self.sender is None:
            self.say("503 5.5.1 Who is the sender?")
        elif self.reach("rcpt", recipient):
            self.recipients.append(recipient)

    def take_content(self) -> None:
        if self.sender is None or not self.recipients:
            self.say("554 5.5.1 No valid recipients")
            return
        if not self.reach("data"):
            return
        lines = []
        while (line := self.incoming.readline()) != b".\r\n":
            if not line:
                raise ConversationOver
            lines.append(line[1:] if line.startswith(b".") else line)
        message = Received.of(self.sender, self.recipients, b"".join(lines))
        self.sender, self.recipients = None, []
        if self.reach("end"):
            self.server.accept(message)
            self.reach("accepted")


def _address(rest: str) -> str:
    """Return the address of `FROM:<jack@council.example> SIZE=512`."""
    return rest.partition("<")[2].partition(">")[0]

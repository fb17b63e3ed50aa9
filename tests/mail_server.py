"""A real SMTP server on loopback that fails on demand in the ways in which mail servers fail.

In the test's own process, in threads (the fixture `mail_server` is one that is up):

    mail_server.answer("rcpt", "550 5.1.1 No such user", to="jack@council.example")
    ...  # deliver to 127.0.0.1, mail_server.port
    assert [message.subject for message in mail_server.messages] == ["Two audits, due Monday"]

In a process of its own, so that it counts on when a delivery is killed, and so that a benchmark measures the
delivery alone: `python -m tests.mail_server --port 0 --log FILE`, from a test `MailServerProcess(log=path)`.

Each connection has a thread with a blocking socket: it answers in microseconds, and to hang is to wait.
"""

import argparse
import contextlib
import json
import os
import signal
import socket
import ssl
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from dataclasses import asdict, dataclass, field
from pathlib import Path
from types import TracebackType
from typing import Literal, Self

import pytest

from tests.smtp_conversation import Conversation, ConversationOver, Received, Stage

PROJECT = Path(__file__).parents[1]


@dataclass
class Order:
    """An order for a stage of the conversation: send `answer`, hang, or drop the connection."""

    stage: Stage
    answer: str | Literal["hang", "drop"]
    to: str | None
    after: int
    times: int | None

    def takes(self, stage: Stage, to: str | None) -> bool:
        """Return True if the order applies this time; counts the times."""
        if stage != self.stage or (self.to is not None and to != self.to) or self.times == 0:
            return False
        if self.after > 0:
            self.after -= 1
            return False
        if self.times is not None:
            self.times -= 1
        return True


@dataclass
class MailServer:
    """A server that is up from `up()` to `down()`, any number of times, on one port.

    `messages` are what it accepted, in order (only counted in `accepted` without `keep`). `connections`
    counts all that came, `signed_in` has names and passwords. `delay` is how many seconds each answer takes.
    Above `most_connections` at a time, it answers 421. With `tls` it offers STARTTLS, or speaks TLS from the
    first byte (`tls_at_once`). With a `log`, each accepted message is a line of it
    before the answer is sent (with `sync`, on the disk as well).
    """

    port: int = 0
    log: Path | None = None
    sync: bool = False
    delay: float = 0
    most_connections: int | None = None
    tls: ssl.SSLContext | None = None
    tls_at_once: bool = False
    keep: bool = True
    messages: list[Received] = field(default_factory=list, init=False)
    accepted: int = field(default=0, init=False)
    connections: int = field(default=0, init=False)
    turned_away: int = field(default=0, init=False)
    """The connections above the most at a time."""
    signed_in: list[tuple[str, str]] = field(default_factory=list, init=False)
    _orders: list[Order] = field(default_factory=list, init=False)
    _open: dict[socket.socket, threading.Thread] = field(default_factory=dict, init=False)
    _changed: threading.Condition = field(default_factory=threading.Condition, init=False)
    _listener: socket.socket | None = field(default=None, init=False)
    _log_file: int | None = field(default=None, init=False)

    def answer(
        self, stage: Stage, answer: str, *, to: str | None = None, after: int = 0, times: int | None = None
    ) -> None:
        """Give this answer at a stage: from the time after the first `after`, and `times` times, else for
        good.

        With `to`, only for that recipient (stage rcpt). The order given last goes first. A 421, and any
        refusal of a connection, ends it.
        """
        with self._changed:
            self._orders.insert(0, Order(stage, answer, to, after, times))

    def hang(self, stage: Stage, *, to: str | None = None, after: int = 0, times: int | None = None) -> None:
        """Hang at a stage."""
        self.answer(stage, "hang", to=to, after=after, times=times)

    def drop(self, stage: Stage, *, to: str | None = None, after: int = 0, times: int | None = None) -> None:
        """Close the connection at a stage without an answer."""
        self.answer(stage, "drop", to=to, after=after, times=times)

    def behave(self) -> None:
        """Forget all orders and limits."""
        with self._changed:
            self._orders.clear()
            self.delay, self.most_connections = 0, None

    def wait_for(self, accepted: int, seconds: float = 10) -> bool:
        """Wait until that many messages have been accepted; return False if it takes longer."""
        with self._changed:
            return self._changed.wait_for(lambda: self.accepted >= accepted, seconds)

    def up(self) -> None:
        """Listen, on the earlier port if it was up before."""
        listener = socket.socket()
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind(("127.0.0.1", self.port))
        listener.listen(128)
        self.port = listener.getsockname()[1]
        if self.log is not None:
            self._log_file = os.open(self.log, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
        self._listener = listener
        threading.Thread(target=self._listen, args=(listener,), daemon=True).start()

    def down(self) -> None:
        """Refuse connections and cut those that are open."""
        if self._listener is None:
            return
        listener, self._listener = self._listener, None
        with contextlib.suppress(OSError):
            listener.shutdown(socket.SHUT_RDWR)
        listener.close()
        with self._changed:
            still_open = dict(self._open)
        for connection, thread in still_open.items():
            with contextlib.suppress(OSError):
                connection.shutdown(socket.SHUT_RDWR)
            thread.join(5)
        if self._log_file is not None:
            os.close(self._log_file)
            self._log_file = None

    def __enter__(self) -> Self:
        self.up()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.down()

    def order_at(self, stage: Stage, to: str | None) -> str | None:
        """Return the order for this moment; None for the usual answer."""
        with self._changed:
            return next((order.answer for order in self._orders if order.takes(stage, to)), None)

    def accept(self, message: Received) -> None:
        """Count a message, and write it into the log before anything else happens."""
        with self._changed:
            if self._log_file is not None:
                line = {**asdict(message), "content": len(message.content), "at": time.time()}
                os.write(self._log_file, json.dumps(line).encode() + b"\n")
                if self.sync:
                    os.fsync(self._log_file)
            if self.keep:
                self.messages.append(message)
            self.accepted += 1
            self._changed.notify_all()

    def _listen(self, listener: socket.socket) -> None:
        while True:
            try:
                connection, _ = listener.accept()
            except OSError:
                return
            thread = threading.Thread(target=self._serve, args=(connection,), daemon=True)
            with self._changed:
                self.connections += 1
                too_many = self.most_connections is not None and len(self._open) >= self.most_connections
                if not too_many:
                    self._open[connection] = thread
            if too_many:
                self.turned_away += 1
                connection.sendall(b"421 4.7.0 Too many connections\r\n")
                connection.close()
            else:
                thread.start()

    def _serve(self, connection: socket.socket) -> None:
        try:
            spoken = connection
            if self.tls and self.tls_at_once:
                spoken = self.tls.wrap_socket(connection, server_side=True)
            Conversation(self, spoken).hold()
        except (OSError, ConversationOver):
            pass
        finally:
            with self._changed:
                del self._open[connection]
            connection.close()


class MailServerProcess:
    """A mail server in a process of its own, which writes each message it accepts into `log`.

    `options` are those of the command, such as `--delay-ms=5`.
    """

    def __init__(self, log: Path, *options: str, port: int = 0) -> None:
        self.log = log
        command = [
            sys.executable,
            "-m",
            "tests.mail_server",
            "--port",
            str(port),
            "--log",
            str(log),
            *options,
        ]
        self.process = subprocess.Popen(command, cwd=PROJECT, stdout=subprocess.PIPE, text=True)
        assert self.process.stdout is not None
        self.port = int(self.process.stdout.readline().rpartition(":")[2])

    @property
    def messages(self) -> list[Received]:
        """Return the messages accepted so far, in order, without contents; also after it has ended."""
        lines = self.log.read_bytes().split(b"\n")[:-1]
        wanted = ("sender", "recipients", "message_id", "date", "to", "subject")
        return [Received(*(logged[name] for name in wanted)) for logged in map(json.loads, lines)]

    def down(self) -> None:
        """End the process. Another one can be started on the same port."""
        self.process.terminate()
        self.process.communicate()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.down()


@pytest.fixture
def mail_server() -> Iterator[MailServer]:
    """A mail server that is up, on a port of its own, and accepts everything until ordered otherwise."""
    with MailServer() as server:
        yield server


def main() -> None:
    """Serve until terminated, or until the process that started it has gone."""
    parser = argparse.ArgumentParser(description="An SMTP server that accepts everything, for tests.")
    parser.add_argument(
        "--port", type=int, default=0, help="0 takes a free one; the first line printed says which"
    )
    parser.add_argument(
        "--log", type=Path, help="one line of JSON for each accepted message, before its answer"
    )
    parser.add_argument("--sync", action="store_true", help="each line on the disk before the answer")
    parser.add_argument("--delay-ms", type=float, default=0, help="how late each answer comes")
    given = parser.parse_args()
    server = MailServer(given.port, given.log, given.sync, given.delay_ms / 1000, keep=False)
    signal.signal(signal.SIGTERM, lambda *_: sys.exit())
    parent = os.getppid()
    with server:
        sys.stdout.write(f"listening on 127.0.0.1:{server.port}\n")
        sys.stdout.flush()
        while os.getppid() == parent:
            time.sleep(0.5)


if __name__ == "__main__":
    main()

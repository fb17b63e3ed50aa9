"""Kills deliveries with `kill -9` while they send, again and again, and counts what came of it.

    python -m tests.faults.killing --messages 2000 --kills 200 [--database-url postgresql://…]

prints one JSON document: how many kills landed in a sending, and how often each message reached a mail server
that counts, in a process of its own. Only kills count that came after the delivery had sent something, while
there was more to send.
"""

import argparse
import json
import multiprocessing
import os
import random
import signal
import sys
import tempfile
import time
from collections import Counter, defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from multiprocessing.process import BaseProcess
from pathlib import Path

from flask import Flask

from app import create_app
from app.database import db, transaction
from app.migrating import migrate
from app.outbox.claims import count
from app.outbox.delivery import deliver
from app.outbox.models import QUEUED, SENDING, SENT
from config.settings import from_environment
from tests.mail_server import MailServerProcess
from tests.outbox.messages import ON, a_message

LEASE_SECONDS = "1"
LONGEST_SENDING = 0.010
FORK = multiprocessing.get_context("fork")


@dataclass
class Found:
    """The outcome of all attempts."""

    messages: int
    kills: int
    sent: int
    """Messages that the outbox says are sent."""
    reached: int
    """Messages that the server has."""
    repeats: int
    """Times that the server got a message it had."""
    changed: int
    """Messages that came with more than one Message-ID or Date."""


class Installation:
    """An outbox full of messages, a mail server, and deliveries in processes of their own."""

    def __init__(self, folder: Path, port: int, database_url: str | None) -> None:
        environ = {
            "INSTANCE_PATH": str(folder),
            "SECRET_KEY": "the secret key of a test, long enough",
            "MAIL_SERVER": "127.0.0.1",
            "MAIL_PORT": str(port),
            "MAIL_LEASE_SECONDS": LEASE_SECONDS,
        } | ({"DATABASE_URL": database_url} if database_url else {})
        self.here = create_app(from_environment(environ))
        # never used in this process, so that a fork inherits no connection of it
        self.there: Flask = create_app(from_environment(environ))

    def fill(self, messages: int) -> None:
        with self.here.app_context():
            migrate()
            with transaction():
                for number in range(messages):
                    a_message(f"person{number}@council.example")
            db.session.remove()

    def left(self) -> int:
        """Return the number of messages that are not sent yet."""
        with self.here.app_context():
            return count(QUEUED) + count(SENDING)

    def claimed(self) -> int:
        """Return the number of messages that deliveries have taken and not sent yet."""
        with self.here.app_context():
            return count(SENDING)

    def sent(self) -> int:
        with self.here.app_context():
            return count(SENT)

    def delivery(self) -> BaseProcess:
        """A delivery that has begun, in a process of its own."""
        process = FORK.Process(target=self._deliver)
        process.start()
        return process

    def _deliver(self) -> None:
        with self.there.app_context():
            deliver(ON)

    def finish(self) -> None:
        """Deliver until nothing is left."""
        while self.left():
            process = self.delivery()
            process.join()
            time.sleep(0.1)


@contextmanager
def installation(
    messages: int, database_url: str | None, *server_options: str
) -> Iterator[tuple[Installation, MailServerProcess]]:
    """A full outbox and a server that counts."""
    with (
        tempfile.TemporaryDirectory() as folder,
        MailServerProcess(Path(folder) / "received", *server_options) as server,
    ):
        full = Installation(Path(folder), server.port, database_url)
        full.fill(messages)
        yield full, server


def kill_again_and_again(
    messages: int, kills: int, database_url: str | None = None, chance: random.Random | None = None
) -> Found:
    """Kill so many deliveries while they send, then let one finish."""
    chance = chance or random.Random()
    with installation(messages, database_url) as (full, server):
        landed = 0
        while landed < kills and full.left():
            landed += killed_in_a_sending(full, server, chance)
        full.finish()
        return found(full, server, messages, landed)


def delivery_in_a_sending(
    full: Installation, server: MailServerProcess, chance: random.Random
) -> BaseProcess:
    """Begin a delivery, and return it a moment after its first message."""
    before = server.log.stat().st_size
    process = full.delivery()
    while process.is_alive() and server.log.stat().st_size == before:
        time.sleep(0.0005)
    time.sleep(chance.uniform(0, LONGEST_SENDING))
    return process


def killed_in_a_sending(full: Installation, server: MailServerProcess, chance: random.Random) -> bool:
    """Begin a delivery and kill it a moment after its first message; whether it was sending then."""
    process = delivery_in_a_sending(full, server, chance)
    if process.pid is not None and process.is_alive():
        os.kill(process.pid, signal.SIGKILL)
    process.join()
    return process.exitcode == -signal.SIGKILL and full.left() > 0


def found(full: Installation, server: MailServerProcess, messages: int, kills: int) -> Found:
    received = server.messages
    times = Counter(one.to for one in received)
    words = defaultdict(set)
    for one in received:
        words[one.to].add((one.message_id, one.date))
    return Found(
        messages=messages,
        kills=kills,
        sent=full.sent(),
        reached=len(times),
        repeats=len(received) - len(times),
        changed=sum(len(said) > 1 for said in words.values()),
    )


def main() -> None:
    parser = argparse.ArgumentParser(description="Kill deliveries while they send.")
    parser.add_argument("--messages", type=int, default=2000)
    parser.add_argument("--kills", type=int, default=200)
    parser.add_argument("--database-url")
    given = parser.parse_args()
    json.dump(asdict(kill_again_and_again(given.messages, given.kills, given.database_url)), sys.stdout)


if __name__ == "__main__":
    main()

"""Guesses a password at four processes at once, behind a proxy, while other people sign in.

    python -m tests.faults.guessing [postgresql] --people 500 --guesses 400

prints one JSON document. The proxy is played: it adds the address it sees to what the visitor forged.
"""

import argparse
import json
import os
import random
import re
import socket
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from functools import partial
from pathlib import Path

import requests
from sqlalchemy import update

from app import create_app
from app.database import db, transaction
from app.migrating import migrate
from app.people.attempts import LIMITS
from app.people.attempts import PASSWORD as KIND
from app.people.models import Person
from config.settings import PROJECT
from tests.conftest import HISTORY_KEY, PASSWORD, hashed_password, settings_in
from tests.factories import a_person
from tests.postgresql import Server

PROCESSES = 4
STARTS_WITHIN_SECONDS = 120
COUNCIL = "198.51.100.1"
"""The address that everybody of the council shares, the guesser among them."""
TOKEN = re.compile(r'name="csrf_token" value="([^"]+)"')


@dataclass
class Found:
    """The outcome: how many guesses were checked, and how many people got in meanwhile."""

    guesses: int
    checked: int
    """Guesses at one account that reached its password."""
    most_checked: int
    """The most of them that surely fell into the same 5 minutes."""
    most_checked_from_one_address: int
    """The same for another account, all from the shared address with forged headers."""
    victim_gets_in: bool
    """True when the person of the guessed account gets in on the device they have used before."""
    people: int
    signed_in: int
    """Those who got in on a device that was never used, from the shared address."""
    seconds: float


class Service:
    """The service in four processes, as a browser behind the proxy reaches it."""

    def __init__(self, address: str) -> None:
        self._address = address

    def sign_in(
        self, browser: requests.Session, email: str, password: str, seen: str, forged: str = ""
    ) -> str:
        """Send the form; return how it was answered."""
        headers = {"X-Forwarded-For": f"{forged}, {seen}" if forged else seen}
        page = browser.get(f"{self._address}/sign-in", headers=headers, timeout=300)
        token = TOKEN.search(page.text)
        assert token, page.text[:500]
        form = {"email": email, "password": password, "csrf_token": token[1]}
        answer = browser.post(
            f"{self._address}/sign-in", form, headers=headers, allow_redirects=False, timeout=300
        )
        if answer.status_code == 302:
            return "in"
        return "refused" if "too many wrong passwords" in answer.text else "checked"


@contextmanager
def serving(folder: Path, people: int, database_url: str | None) -> Iterator[Service]:
    """An installation with people, in four processes."""
    environ = {
        "INSTANCE_PATH": str(folder),
        "SECRET_KEY": "the secret key of a test, long enough",
        "PROXY_COUNT": "1",
        "SECOND_FACTOR": "false",
        "PYTHONPATH": str(PROJECT),
        "HISTORY_KEY": HISTORY_KEY,
    } | ({"DATABASE_URL": database_url} if database_url else {})
    # with the keys of the databases that tests copy
    app = create_app(settings_in(folder, **environ))
    with app.app_context():
        migrate()
        for name in ("Victim", "Another", *(f"Person {number}" for number in range(people))):
            a_person(name, roles=["auditor"])
        with transaction():
            db.session.execute(update(Person).values(password=hashed_password()))
        db.session.remove()
        db.engine.dispose()
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    gunicorn = str(Path(sys.executable).parent / "gunicorn")
    command = [
        gunicorn,
        "--timeout",
        "120",
        "--workers",
        str(PROCESSES),
        "--bind",
        f"127.0.0.1:{port}",
        "wsgi:app",
    ]
    with (folder / "log").open("wb") as log:
        process = subprocess.Popen(
            command, cwd=PROJECT, env=os.environ | environ, stdout=log, stderr=subprocess.STDOUT
        )
        try:
            _wait_for(f"http://127.0.0.1:{port}")
            yield Service(f"http://127.0.0.1:{port}")
        finally:
            process.terminate()
            process.wait(60)


def guess(people: int, guesses: int, database_url: str | None = None) -> Found:
    """Guess from many addresses and from one, with forged headers, while all people sign in."""
    with tempfile.TemporaryDirectory() as folder, serving(Path(folder), people, database_url) as service:
        own = requests.Session()
        assert service.sign_in(own, "victim@council.example", PASSWORD, COUNCIL) == "in"
        own.cookies.clear(domain="127.0.0.1", path="/")  # signed out; the device stays
        since = time.monotonic()
        jobs: list[tuple[str, Callable[[], str]]] = []
        for number in range(guesses):
            many = f"203.0.113.{number % 100}"
            jobs.append(("many", partial(_guess, service, "victim@council.example", many)))
            jobs.append(("one", partial(_guess, service, "another@council.example", COUNCIL)))
            jobs.append(("", partial(_guess, service, f"invented{number}@council.example", COUNCIL)))
        jobs += [
            ("people", partial(_sign_in, service, f"person.{number}@council.example"))
            for number in range(people)
        ]
        random.shuffle(jobs)
        with ThreadPoolExecutor(3 * PROCESSES) as at_once:
            answers = list(at_once.map(_timed, jobs))
        outcomes = Counter((answer.whose, answer.outcome) for answer in answers)
        return Found(
            guesses=guesses,
            checked=outcomes["many", "checked"],
            most_checked=_most_checked(answers, "many"),
            most_checked_from_one_address=_most_checked(answers, "one"),
            victim_gets_in=service.sign_in(own, "victim@council.example", PASSWORD, COUNCIL) == "in",
            people=people,
            signed_in=outcomes["people", "in"],
            seconds=round(time.monotonic() - since, 1),
        )


@dataclass(frozen=True)
class Answer:
    """The answer to one sign-in, and the times between which it was given."""

    whose: str
    outcome: str
    began: float
    ended: float


def _timed(job: tuple[str, Callable[[], str]]) -> Answer:
    whose, sign_in = job
    began = time.monotonic()
    return Answer(whose, sign_in(), began, time.monotonic())


def _most_checked(answers: list[Answer], whose: str) -> int:
    checked = [answer for answer in answers if (answer.whose, answer.outcome) == (whose, "checked")]
    within = LIMITS[KIND].within.total_seconds()
    return max(
        (
            sum(first.began <= answer.began and answer.ended <= first.began + within for answer in checked)
            for first in checked
        ),
        default=0,
    )


def _guess(service: Service, email: str, seen: str) -> str:
    forged = ", ".join(f"10.{random.randrange(256)}.0.{random.randrange(256)}" for _ in range(2))
    return service.sign_in(requests.Session(), email, f"guess {random.random()}", seen, forged)


def _sign_in(service: Service, email: str) -> str:
    return service.sign_in(requests.Session(), email, PASSWORD, COUNCIL)


def _wait_for(address: str) -> None:
    until = time.monotonic() + STARTS_WITHIN_SECONDS
    while True:
        try:
            requests.get(f"{address}/sign-in", timeout=10)
        except requests.RequestException:
            if time.monotonic() > until:
                raise
            time.sleep(0.2)
        else:
            return


@contextmanager
def a_database(kind: str) -> Iterator[str | None]:
    """Yield the URL of an empty database on a PostgreSQL server of its own; None for a SQLite file."""
    if kind == "sqlite":
        yield None
        return
    with tempfile.TemporaryDirectory(prefix="postgresql-") as folder:
        server = Server(Path(folder))
        try:
            with server.database() as url:
                yield url
        finally:
            server.stop()


def main() -> None:
    """Guess as the command line says."""
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--people", type=int, default=500)
    arguments.add_argument("--guesses", type=int, default=400)
    arguments.add_argument("database", choices=("sqlite", "postgresql"), nargs="?", default="sqlite")
    given = arguments.parse_args()
    with a_database(given.database) as database_url:
        found = guess(given.people, given.guesses, database_url)
    sys.stdout.write(json.dumps(asdict(found), indent=2) + "\n")


if __name__ == "__main__":
    main()

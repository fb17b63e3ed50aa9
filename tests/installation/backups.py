"""Many backups during writing, on both databases, each restored into an empty installation and checked:

    python -m tests.installation.backups 200
    python -m tests.installation.backups 100 sqlite

While each backup is taken, people write pairs of events and emails as fast as they can, and the daily run
sends emails to a mail server. They rest while the copy is looked at: what they wrote then would only be more
for each further copy to check and send. A restored backup must have both of each pair or neither, pass every
check of `practice-audits check` but that of its scheduler, and send nothing until a person releases it. Half
of the backups are encrypted, and each second one goes to the other kind of database.
"""

import os
import shutil
import sys
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

from flask import Flask, current_app
from sqlalchemy import select

from app.commands.checking import run_checks
from app.database import db, transaction
from app.example import loading
from app.history.models import HistoryRow
from app.history.record import Event, record
from app.installation.backing_up import back_up
from app.migrating import migrate
from app.outbox import composing
from app.outbox.delivery import deliver
from config.settings import Settings
from tests.installation.conftest import ON, Installation
from tests.mail_server import MailServer
from tests.outbox.messages import a_message, connect_to
from tests.postgresql import Server

KEY = "the key of backups, which nobody can guess"
WRITERS = 3
SECONDS_BEFORE = 0.5
"""The time for which people write before each backup begins."""
SAYS_EVERY = 5
NOT_HERE = "scheduler"
"""The check that a restored installation cannot pass before it is started."""


@contextmanager
def servers() -> Iterator[tuple[Server, MailServer]]:
    with tempfile.TemporaryDirectory(prefix="postgresql-") as folder, MailServer() as mail:
        server = Server(Path(folder))
        try:
            yield server, mail
        finally:
            server.stop()


class Writers:
    """People who write, and the daily run that sends, in threads of their own."""

    def __init__(self, app: Flask) -> None:
        self._app = app
        self._at_work, self._stop = threading.Event(), threading.Event()
        self.written = 0
        """The pairs that were written."""
        self._threads = [threading.Thread(target=self._write_pairs) for _ in range(WRITERS)]
        self._threads.append(threading.Thread(target=self._send))

    def __enter__(self) -> "Writers":
        for thread in self._threads:
            thread.start()
        return self

    def __exit__(self, *_error: object) -> None:
        self._stop.set()
        self._at_work.set()
        for thread in self._threads:
            thread.join()

    @contextmanager
    def at_work(self) -> Iterator[None]:
        """Let them write from some time before until the block ends."""
        self._at_work.set()
        try:
            time.sleep(SECONDS_BEFORE)
            yield
        finally:
            self._at_work.clear()

    def _works(self) -> bool:
        self._at_work.wait()
        return not self._stop.is_set()

    def _write_pairs(self) -> None:
        """Write pairs of events, each with an email."""
        with self._app.app_context():
            while self._works():
                with transaction():
                    record("jack", [Event("setting", "pair", "first half")])
                    a_message()
                    record("jack", [Event("setting", "pair", "second half")])
                self.written += 1

    def _send(self) -> None:
        with self._app.app_context():
            while self._works():
                deliver(ON, stopping=lambda: not self._at_work.is_set())
                db.session.remove()


def an_empty_database(folder: Path) -> Path:
    """Make a database of the current version without people, tools or cycles, to be copied."""
    folder.mkdir()
    with Installation(folder).opened():
        migrate()
        with db.engine.connect() as connection:
            connection.exec_driver_sql("ROLLBACK")
            connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
            connection.exec_driver_sql("BEGIN")
    return folder / "practice-audits.sqlite"


def with_key(encrypted: bool) -> None:
    settings: Settings = current_app.extensions["settings"]
    current_app.extensions["settings"] = replace(settings, backup_key=KEY if encrypted else None)


def faults_of(restored: Installation) -> list[str]:
    """Return what is wrong with a restored installation."""
    faults = []
    with restored.opened() as app, MailServer() as mail:
        faults += [
            f"{each.name}: {each.says}" for each in run_checks() if not (each.ok or each.name == NOT_HERE)
        ]
        halves = Counter(db.session.scalars(select(HistoryRow.what).where(HistoryRow.subject == "pair")))
        if halves["first half"] != halves["second half"]:
            faults.append(f"a pair is torn: {halves}")
        connect_to(mail.port)
        composing.init_app(app, app.extensions["settings"])
        for _ in range(2):
            delivery = deliver(ON)
            if delivery.sent or mail.messages:
                faults.append("it sent emails before it was released")
        held = delivery.held
        # one that goes shows that the release works
        deliver(ON, release=True, stopping=lambda: bool(mail.messages))
        if held and not mail.messages:
            faults.append("it sent nothing after its release")
    return faults


def backups_of(
    kind: str, number: int, server: Server, mail: MailServer, migrated: Path, folder: Path
) -> list[str]:
    """Take this many backups of an installation that is written to; return what was wrong with them."""
    faults: list[str] = []
    with server.database() as url:
        there = Installation(folder / kind, url if kind == "postgresql" else "")
        there.folder.mkdir()
        with there.opened() as app:
            migrate()
            loading.load(ON, "a password that is long")
            connect_to(mail.port)
            with Writers(app) as writers:
                for turn in range(number):
                    with_key(turn % 2 == 0)
                    path, before = folder / f"{turn}.backup", writers.written
                    with writers.at_work():
                        back_up(path)
                    if writers.written == before:
                        faults.append(f"{kind} {turn}: nobody wrote")
                    faults += [
                        f"{kind} {turn}: {fault}"
                        for fault in restored(kind, turn, path, there, server, migrated)
                    ]
                    path.unlink()
                    if (turn + 1) % SAYS_EVERY == 0:
                        say(f"{kind}: {turn + 1} backups, {writers.written} pairs, {len(faults)} faults")
    return faults


def restored(
    kind: str, turn: int, path: Path, there: Installation, server: Server, migrated: Path
) -> list[str]:
    """Restore a backup, each second one into the other kind of database; return what is wrong with it."""
    other = {"sqlite": "postgresql", "postgresql": "sqlite"}
    into = kind if turn // 2 % 2 == 0 else other[kind]
    with server.database(server.migrated) as url:
        copy = Installation(path.with_suffix(""), url if into == "postgresql" else "")
        copy.folder.mkdir()
        try:
            if into == "sqlite":
                shutil.copy(migrated, copy.folder / "practice-audits.sqlite")
            for name in ("case_number_key", "history_key"):
                if (there.folder / name).exists():
                    shutil.copy(there.folder / name, copy.folder / name)
            result = copy.run("restore", path)
            if result.exit_code != 0:
                return [f"not restored into {into}: {result.output}"]
            return faults_of(copy)
        finally:
            shutil.rmtree(copy.folder)


def say(line: str) -> None:
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


def main() -> int:
    number = int(sys.argv[1]) if len(sys.argv) > 1 else 200
    kinds = sys.argv[2:] or ["sqlite", "postgresql"]
    os.environ["BACKUP_KEY"] = KEY
    begun, faults = time.monotonic(), []
    with servers() as (server, mail), tempfile.TemporaryDirectory(prefix="backups-") as folder:
        migrated = an_empty_database(Path(folder) / "empty")
        for kind in kinds:
            faults += backups_of(kind, number // len(kinds), server, mail, migrated, Path(folder))
    for fault in faults:
        say(fault)
    minutes = (time.monotonic() - begun) / 60
    say(
        f"{number // len(kinds) * len(kinds)} backups during writing, {len(faults)} faults, "
        f"{minutes:.0f} minutes"
    )
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())

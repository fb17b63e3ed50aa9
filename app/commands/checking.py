"""`practice-audits check`: whether everything that the service stands on is there."""

from collections.abc import Iterator
from dataclasses import asdict, dataclass
from zoneinfo import available_timezones

import click
from flask import current_app

from app import clock, database, migrating
from app.commands.running import Refusal, say_json, service
from app.history.record import broken_at
from app.outbox.smtp import Connection, NoConnection
from app.scheduling.heartbeat import scheduler_late
from config.settings import MailSettings, Settings

MAIL_SECONDS = 5
"""How long the mail server may take to greet."""


@dataclass(frozen=True)
class Looked:
    """A thing that was looked at."""

    name: str
    ok: bool
    says: str


@click.command()
@click.option("--json", "as_json", is_flag=True, help="Print one JSON document and nothing else.")
def check(*, as_json: bool) -> None:
    """Check database, history, mail server, scheduler and time zone. Ends with status 1 if one is not right.

    \b
    Example:
      practice-audits check
    """
    with service():
        found = list(_look())
    wrong = [one for one in found if not one.ok]
    if as_json:
        say_json({"ok": not wrong, "checks": [asdict(one) for one in found]})
    else:
        for one in found:
            click.echo(f"{'ok   ' if one.ok else 'WRONG'}  {one.name}: {one.says}")
    if wrong:
        raise Refusal("\n".join(f"{one.name}: {one.says}" for one in wrong))


def _look() -> Iterator[Looked]:
    settings: Settings = current_app.extensions["settings"]
    yield _database()
    yield _history()
    yield _mail(settings.mail)
    yield _scheduler()
    yield _time_zone(settings)


def _database() -> Looked:
    if not database.reachable():
        return Looked("database", False, "it does not answer")
    if not migrating.is_current():
        return Looked("database", False, f"it is at version {migrating.current()}, not {migrating.head()}")
    return Looked("database", True, f"reachable, at version {migrating.head()}")


def _history() -> Looked:
    broken = broken_at()
    if broken is not None:
        return Looked("history", False, f"row {broken} was edited, or a row before it was removed")
    return Looked("history", True, "unbroken")


def _mail(mail: MailSettings) -> Looked:
    if mail.server is None:
        return Looked("mail server", True, "none is set (MAIL_SERVER): messages are held")
    where = f"{mail.server} port {mail.port}"
    try:
        with Connection(min(mail.lease_seconds, MAIL_SECONDS)):
            pass
    except NoConnection as refused:
        return Looked("mail server", False, f"{where}: {refused}")
    return Looked("mail server", True, f"{where} can be reached")


def _scheduler() -> Looked:
    late = scheduler_late(clock.now())
    return Looked("scheduler", late is None, late or "alive")


def _time_zone(settings: Settings) -> Looked:
    name = settings.time_zone.key
    if name not in available_timezones():
        return Looked("time zone data", False, f"there is none for {name}")
    return Looked("time zone data", True, f"{name} is known")

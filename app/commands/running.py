"""The parts that commands share: the service with a current database, refusals, days, JSON."""

import json
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from typing import Any

import click
from flask import Flask
from sqlalchemy.exc import DataError, DBAPIError, IntegrityError, ProgrammingError

from app import clock, create_app, migrating
from app.case_keys.fitting import take_key
from app.command_line import command
from app.commands import loading
from app.database import db
from app.files.cells import day
from app.files.faults import Unreadable
from app.files.imported import Imported
from app.history.checking import refuse_other_key
from app.outbox import copies
from app.refusal import Refused
from app.wording import counted
from config.faults_told import of_database
from config.log_lines import task
from config.values import SettingRefused

SECONDS_BETWEEN_NEWS = 1.0

WARNINGS_SAID = 100
"""The most warnings of a file that are printed."""


class Refusal(click.ClickException):
    """The end of a command with exit status 1; its sentences go to standard error."""

    exit_code = 1

    def show(self, file: Any = None) -> None:
        """Print the sentences without click's "Error:"."""
        click.echo(self.message, err=True, file=file)


@contextmanager
def service(*, any_key: bool = False, as_it_is: bool = False) -> Iterator[Flask]:
    """Yield the application inside its context, its database migrated. A Refused inside ends the command.

    It is refused where a key does not fit, unless the command goes on with any: without that of case numbers
    none can be read, and with another key of the history each row would be wrong for good. With `as_it_is`
    the database is not migrated, and refused where it has another version.
    """
    with refusing(), loading():
        app = create_app()
    with app.app_context(), task(_name_of_command()), refusing():
        try:
            if as_it_is:
                migrating.refuse_unless_current()
            else:
                migrating.migrate()
            if not any_key:
                take_key()
                refuse_other_key()
            if (sign := copies.look()) is not None:
                click.echo(
                    f"Emails are on hold until someone releases them. {sign}. To see them, open the page "
                    f"Emails. To release them, run: {command('deliver --release')}",
                    err=True,
                )
            yield app
        finally:
            db.session.remove()
            db.engine.dispose()


def _name_of_command() -> str:
    """Return the name of the command that runs, without what it was given."""
    running = click.get_current_context(silent=True)
    return running.command_path.partition(" ")[2] if running else "command"


@contextmanager
def refusing() -> Iterator[None]:
    """Say in a sentence what whoever runs the service can put right: settings, database, files, folders."""
    try:
        yield
    except (SettingRefused, Refused) as refused:
        raise Refusal(str(refused)) from refused
    except BrokenPipeError:
        raise  # the output is no longer read: click ends it quietly
    except DBAPIError as error:
        raise Refusal(database_in_words(error)) from error
    except OSError as error:
        what = f"{error.filename} cannot be read or written" if error.filename else "The command stopped"
        raise Refusal(f"{what}: {error.strerror or error}") from error


def database_in_words(error: DBAPIError) -> str:
    """Return in a sentence why the database did not do what it was asked; it names no values of rows."""
    why = of_database(error.orig or error)
    # refusals have these kinds; other errors are about the connection
    if isinstance(error, IntegrityError | DataError | ProgrammingError):
        return f"The database refused a change: {why}"
    return f"The database cannot be reached or used: {why}"


class Progress:
    """A printer of the progress of a long import or export, on standard error about once a second."""

    def __init__(self) -> None:
        self._next = time.monotonic() + SECONDS_BETWEEN_NEWS

    def __call__(self, file: str, rows: int) -> None:
        """Note how many rows of a file are done."""
        now = time.monotonic()
        if now >= self._next:
            self._next = now + SECONDS_BETWEEN_NEWS
            click.echo(f"{file}: {rows:,} rows", err=True)


def say_warnings(outcome: Imported) -> None:
    """Print the warnings of an import, on standard error: on standard output there is what was done."""
    if not outcome.warnings:
        return
    click.echo(f"{outcome.file}: {counted(len(outcome.warnings), 'thing')} to check", err=True)
    for line in outcome.warnings[:WARNINGS_SAID]:
        click.echo(f"  {line}", err=True)
    if (more := len(outcome.warnings) - WARNINGS_SAID) > 0:
        click.echo(f"  and {more:,} more", err=True)


class Day(click.ParamType):  # type: ignore[type-arg]
    """A day, as 2010-11-05 or 05/11/2010."""

    name = "YYYY-MM-DD"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> date:
        """Return the day; refuse as wrong usage if there is no such day."""
        if isinstance(value, date):
            return value
        try:
            on = day(str(value))
        except Unreadable as fault:
            option = param.opts[0] if param else self.name
            raise click.UsageError(f"{option} must be a real date, such as 2010-11-05", ctx) from fault
        return on


on_a_day = click.option("--on", type=Day(), help="The date, such as 2010-11-05. The default is today.")
as_json = click.option("--json", "as_json", is_flag=True, help="Print only one JSON document.")


def day_or_today(on: date | None) -> date:
    """Return the day, today if it is None."""
    return on or clock.today()


def say_json(document: dict[str, Any]) -> None:
    """Print one JSON document on standard output."""
    click.echo(json.dumps(document, ensure_ascii=False, indent=2, default=str))

"""`practice-audits serve`, `worker` and `migrate`: running the service."""

import signal
import sys
import threading
from contextlib import suppress
from types import FrameType
from typing import Any

import click
from flask import Flask, current_app
from sqlalchemy import select
from waitress.server import create_server

from app import migrating
from app.command_line import GIVE_ACCESS, command
from app.commands.running import Refusal, service
from app.database import db
from app.example.accounts import SIGN_IN_AS
from app.people.models import Person
from app.people.ways_in import has_way_in, ways_in
from app.scheduling import clockwork
from app.watching.history_check import put_protection_back
from config.logging_setup import clean_threads
from config.settings import Settings

THREADS = 8


@click.command()
@click.option("--host", default="127.0.0.1", show_default=True, help="The address to listen on.")
@click.option(
    "--port", default=8000, show_default=True, type=click.IntRange(0, 65535), help="The port to listen on."
)
def serve(host: str, port: int) -> None:
    """Run the service in one process: show the web pages, do the daily run at 8:30am and send emails.

    \b
    Example:
      practice-audits serve --host 0.0.0.0 --port 8080
    """
    clean_threads()
    with service() as app:
        server = _listening(app, host, port)
        signal.signal(signal.SIGTERM, _leave)
        with clockwork.running(app):
            for line in _welcome(f"http://{host}:{server.effective_port}"):
                click.echo(line)
            db.session.remove()
            server.run()  # until it is interrupted


@click.command()
def worker() -> None:
    """Do the daily run and send emails, without the web pages.

    Use it if the web pages run separately with gunicorn wsgi:app, on this machine or another.

    \b
    Example:
      practice-audits worker
    """
    clean_threads()
    with service() as app:
        signal.signal(signal.SIGTERM, _leave)
        with clockwork.running(app), suppress(KeyboardInterrupt, SystemExit):
            click.echo("The service sends reminders and other emails from now on. Press Ctrl+C to stop.")
            db.session.remove()
            threading.Event().wait()


@click.command()
def migrate() -> None:
    """Update the database to the current version, and put back what protects the history.

    Other commands update the database automatically. Only this one makes triggers of the database again that
    someone has removed or changed. First it checks the history, so that administrators know.

    \b
    Example:
      practice-audits migrate
    """
    with service():
        click.echo(f"The database has version {migrating.head()}.")
        for trigger in put_protection_back():
            click.echo(f"Put back: {trigger}.")


def _listening(app: Flask, host: str, port: int) -> Any:
    settings: Settings = current_app.extensions["settings"]
    try:
        return create_server(
            app,
            host=host,
            port=port,
            threads=THREADS,
            ident=None,
            # the application itself counts which of them to believe
            clear_untrusted_proxy_headers=not settings.proxy_count,
        )
    except OSError as error:
        raise Refusal(
            f"The service cannot use {host} port {port}: {error.strerror}. Choose another port with --port."
        ) from error
    except ValueError as error:  # waitress has tried to find it
        raise Refusal(
            f'--host must be an address of this machine, such as 127.0.0.1 or 0.0.0.0. It is "{host}".'
        ) from error


def _welcome(address: str) -> list[str]:
    """Return the lines that say where the service is and how to sign in."""
    settings: Settings = current_app.extensions["settings"]
    lines = [f"{settings.service_name} is ready at {address}/", "Press Ctrl+C to stop."]
    if settings.base_url != address:
        lines.append(f"Links in emails go to {settings.base_url}/. To change this, set BASE_URL.")
    example, what = SIGN_IN_AS[0]
    can_sign_in = set(db.session.scalars(select(Person.email).where(has_way_in())))
    if not ways_in().local_passwords:
        lines.append("People sign in with their council accounts.")
    elif not can_sign_in:
        lines.append(f"No one can sign in yet. To give someone access, run: {command(GIVE_ACCESS)}")
    elif example in can_sign_in:
        known_by = (
            "set in DEMO_PASSWORD" if settings.demo_password else "that was shown when the example was loaded"
        )
        lines.append(f"Sign in as {example} ({what}) with the password {known_by}.")
        again = command(f'user create --email {example} --name "Jack Denny" --role coordinator')
        lines.append(f"To set a new password, run: {again}")
    if settings.mail.server is None:
        lines.append(
            "No mail server is set (MAIL_SERVER), so emails are on hold. A coordinator can read them on the "
            f"page Emails: {address}/messages"
        )
    return lines


def _leave(_signal: int, _frame: FrameType | None) -> None:
    sys.exit(0)

"""`practice-audits demo`: loading the example."""

import click
from flask import current_app

from app import clock
from app.commands.running import service
from app.example import loading
from app.example.accounts import SIGN_IN_AS
from app.installation.emptiness import is_empty
from config.settings import Settings


@click.command()
@click.option("--if-empty", is_flag=True, help="Do nothing if there is already data.")
def demo(*, if_empty: bool) -> None:
    """Load the example into an empty database: a finished first cycle and a second cycle in progress.

    Everyone in it is invented. They sign in with DEMO_PASSWORD, or with a password that is shown once.

    \b
    Example:
      practice-audits demo --if-empty
    """
    with service():
        if if_empty and not is_empty():
            return
        settings: Settings = current_app.extensions["settings"]
        password = settings.demo_password or loading.new_password()
        loading.load(clock.today(), password)
        click.echo("The example is loaded: a finished first cycle and a second cycle in progress.")
        known_by = "set in DEMO_PASSWORD" if settings.demo_password else password
        click.echo(
            f"Sign in at {settings.base_url}/sign-in with the password {known_by} as one of these people:"
        )
        for email, what in SIGN_IN_AS:
            click.echo(f"  {email:32} {what}")
        if not settings.demo_password:
            click.echo(
                "The password is shown only once. To choose your own, set DEMO_PASSWORD before you load the "
                "example."
            )

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
@click.option("--if-empty", is_flag=True, help="Do nothing, and say nothing, where there are data already.")
def demo(*, if_empty: bool) -> None:
    """Load the example into an empty database: a finished first cycle, and a second one around today.

    Everybody in it is invented. They sign in with DEMO_PASSWORD, or with a password that is printed once.

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
        click.echo("The example is loaded: a finished first cycle, and a second one that is under way.")
        known_by = "set in DEMO_PASSWORD" if settings.demo_password else password
        click.echo(f"Sign in on {settings.base_url}/sign-in with the password {known_by} as one of these:")
        for email, what in SIGN_IN_AS:
            click.echo(f"  {email:32} {what}")
        if not settings.demo_password:
            click.echo(
                "The password is shown this once. Set DEMO_PASSWORD before loading to choose your own."
            )

"""`practice-audits user …`: giving people access, removing a lost app, confirming a new address."""

import sys
from collections.abc import Sequence

import click

from app.commands.running import service
from app.files.faults import nearest
from app.people import new_addresses, second_factor
from app.people.moves import create_user
from app.people.queries import with_email
from app.people.roles import RoleName
from app.people.telling_of_access import COMMAND_LINE
from app.people.ways_in import ways_in
from app.refusal import Refused


@click.group()
def user() -> None:
    """Give someone access, reset their authenticator app, or confirm their new email address.

    \b
    Example:
      practice-audits user create --email jack.denny@council.example --name "Jack Denny" --role coordinator
    """


@user.command()
@click.option("--email", required=True, help="The email address that the person signs in with.")
@click.option("--name", required=True, help="First and last name.")
@click.option("--role", "roles", multiple=True, required=True, help="A role. You can give more than one.")
@click.option("--password-stdin", is_flag=True, help="Read the password from standard input.")
def create(email: str, name: str, roles: Sequence[str], *, password_stdin: bool) -> None:
    """Add a person who can sign in, or give access to someone who is already in the service.

    You are asked for a password, unless it comes from standard input, or people sign in with their council
    accounts alone. The person keeps the roles that they already have. No second person confirms new roles:
    all coordinators get an email about them.

    \b
    Example:
      practice-audits user create --email jack.denny@council.example --name "Jack Denny" --role coordinator
    """
    with service():
        wanted = frozenset(_role(role) for role in roles)
        with_password = ways_in().local_passwords
        password = None
        if with_password or password_stdin:
            password = _password(from_standard_input=password_stdin)
        person = create_user(email, " ".join(name.split()), wanted, password, by=COMMAND_LINE)
        how = "" if with_password else " with their council account"
        click.echo(f"{person.email} can now sign in{how}. Roles: {', '.join(sorted(person.role_names))}.")


@user.command("second-factor")
@click.option("--email", required=True, help="The email address that the person signs in with.")
@click.option("--reset", is_flag=True, required=True, help="Remove their authenticator app.")
def reset_second_factor(email: str, *, reset: bool) -> None:  # noqa: ARG001 (it says what the command does)
    """Remove the authenticator app of someone who has lost their phone and their recovery codes.

    They are signed out everywhere. They then sign in with their password, and set up the app again if they
    need one for their roles.

    \b
    Example:
      practice-audits user second-factor --email jack.denny@council.example --reset
    """
    with service():
        person = second_factor.reset(with_email(email).id, by=COMMAND_LINE)
        click.echo(
            f"{person.name} can now sign in with their password, and set up an authenticator app again."
        )


@user.command("new-address")
@click.option("--email", required=True, help="The new email address of the person.")
@click.option("--allow-links", is_flag=True, required=True, help="Send links to it at once.")
def allow_links(email: str, *, allow_links: bool) -> None:  # noqa: ARG001 (it says what the command does)
    """Let links to choose a password go at once to an email address that was changed in the last 24 hours.

    Run this when you know whose address it is. If a person is a coordinator, a moderator or an administrator,
    no link goes to their new address for 24 hours. All coordinators get an email about this command.

    \b
    Example:
      practice-audits user new-address --email jack.denny@council.example --allow-links
    """
    with service():
        person = new_addresses.allow_links(with_email(email).id, by=COMMAND_LINE)
        click.echo(f"Links to choose a password now go to {person.email}.")


def _role(written: str) -> RoleName:
    try:
        return RoleName(written)
    except ValueError:
        known = ", ".join(RoleName)
        near = nearest(written, list(RoleName))
        hint = f" The nearest is {near}." if near else ""
        raise Refused(f'"{written}" is not a role.{hint} The roles are {known}.') from None


def _password(*, from_standard_input: bool) -> str:
    if from_standard_input:
        try:
            return sys.stdin.readline().rstrip("\r\n")
        except UnicodeDecodeError:
            raise Refused("The password must be text in UTF-8") from None
    entered: str = click.prompt("Password", hide_input=True, confirmation_prompt=True, err=True)
    return entered

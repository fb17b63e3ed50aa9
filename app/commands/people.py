"""`practice-audits user …`: giving people access."""

import sys
import uuid
from collections.abc import Sequence

import click
from flask_security.utils import hash_password
from sqlalchemy import select

from app.commands.running import service
from app.database import db, transaction
from app.files.cells import email as an_email
from app.files.faults import Unreadable, nearest
from app.history.record import Event, record
from app.people import passwords, sessions
from app.people.models import Person, PersonRole
from app.people.roles import RoleName
from app.refusal import Refused

COMMAND_LINE = "command line"


@click.group()
def user() -> None:
    """Give people access.

    \b
    Example:
      practice-audits user create --email jack.denny@council.example --name "Jack Denny" --role coordinator
    """


@user.command()
@click.option("--email", required=True, help="The address that the person signs in with.")
@click.option("--name", required=True, help="First and last name.")
@click.option("--role", "roles", multiple=True, required=True, help="A role; may be given several times.")
@click.option("--password-stdin", is_flag=True, help="Read the password from standard input.")
def create(email: str, name: str, roles: Sequence[str], *, password_stdin: bool) -> None:
    """Create a person who can sign in, or give a person who is there already access.

    Asks for a password, unless it comes by standard input.

    \b
    Example:
      practice-audits user create --email jack.denny@council.example --name "Jack Denny" --role coordinator
    """
    with service():
        address, named = _address(email), " ".join(name.split())
        if not named:
            raise Refused("Give a name.")
        wanted = [_role(role) for role in roles]
        password = _password(from_standard_input=password_stdin)
        if why := passwords.refuse(password, address):
            raise Refused(why)
        created = give_access(address, named, wanted, password)
        click.echo(f"{address} {'was created and ' if created else ''}can sign in ({', '.join(wanted)}).")


def give_access(email: str, name: str, roles: Sequence[str], password: str) -> bool:
    """Let a person sign in with this password and have these roles beside those they have.

    Returns True when the person is new.
    """
    hashed = hash_password(password)
    with transaction():
        person = db.session.scalars(select(Person).where(Person.email == email)).one_or_none()
        is_new = person is None
        if person is None:
            person = Person(email=email, name=name, fs_uniquifier=uuid.uuid4().hex, roles=[])
            db.session.add(person)
        else:
            person.name = name
        person.password, person.active = hashed, True
        added = [role for role in dict.fromkeys(roles) if role not in person.role_names]
        person.roles.extend(PersonRole(name=role) for role in added)
        db.session.flush()
        sessions.end_all(person.id)
        what = "created" if is_new else "given access"
        record(
            COMMAND_LINE, [Event("person", str(person.id), what, after=" ".join(sorted(person.role_names)))]
        )
    return is_new


def _address(written: str) -> str:
    try:
        return an_email(written)
    except Unreadable as fault:
        raise Refused(f'"{written}" {fault}.') from fault


def _role(written: str) -> str:
    names = [str(role) for role in RoleName]
    if written not in names:
        near = nearest(written, names)
        raise Refused(f'"{written}" is not a role; the nearest is {near}. Roles are {", ".join(names)}.')
    return written


def _password(*, from_standard_input: bool) -> str:
    if from_standard_input:
        return sys.stdin.readline().rstrip("\r\n")
    entered: str = click.prompt("Password", hide_input=True, confirmation_prompt=True, err=True)
    return entered

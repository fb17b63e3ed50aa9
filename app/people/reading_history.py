"""The history of a thing as its reader may see it."""

from collections.abc import Sequence

from flask import g
from sqlalchemy import select

from app.clock import today
from app.database import db
from app.history import record
from app.history.models import HistoryRow
from app.people.models import FormerEmail, Person
from app.people.naming import names
from app.people.queries import addresses
from app.people.roles import RoleName


def history_for(reader: Person, subject_kind: str, subject: str) -> Sequence[HistoryRow]:
    """Return the rows of a subject, latest first, that this reader may see."""
    return record.told_to(RoleName.COORDINATOR in reader.role_names, record.of(subject_kind, subject))


def history_of_person(person: Person) -> Sequence[HistoryRow]:
    """Return the rows of a person, latest first. Some older rows have their address as the subject."""
    former = db.session.scalars(select(FormerEmail.email).where(FormerEmail.person_id == person.id))
    subjects = (str(person.id), person.email, *former)
    rows = [row for subject in subjects for row in record.of("person", subject)]
    return sorted(rows, key=lambda row: row.id, reverse=True)


def who_in_words(who: str) -> str:
    """Return the person who did what a row of the history says, as pages name them; a program keeps its name.

    An address that they had before leads to their name as well.
    """
    if "names_by_address" not in g:
        named = names(today())
        g.names_by_address = {address: named[person_id] for address, person_id in addresses().items()}
    name: str = g.names_by_address.get(who, who)
    return name

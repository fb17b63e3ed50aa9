"""The history of a thing as its reader may see it."""

from collections.abc import Sequence

from sqlalchemy import select

from app.database import db
from app.history import record
from app.history.models import HistoryRow
from app.people.models import FormerEmail, Person
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

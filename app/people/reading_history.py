"""The history of a thing as its reader may see it."""

from collections.abc import Sequence

from app.history import record
from app.history.models import HistoryRow
from app.people.models import Person
from app.people.roles import RoleName


def history_for(reader: Person, subject_kind: str, subject: str) -> Sequence[HistoryRow]:
    """Return the rows of a subject, latest first, that this reader may see."""
    return record.told_to(RoleName.COORDINATOR in reader.role_names, record.of(subject_kind, subject))

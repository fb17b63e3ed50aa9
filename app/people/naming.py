"""The names of people as pages say them: of who has left, that they have."""

from datetime import date

from app.people import reaching
from app.people.queries import everyone


def names(on: date) -> dict[int, str]:
    """Return everyone's name, by id: "Ann Lee", "Ann Lee (has left)"."""
    return {person.id: reaching.with_leaving(person, on) for person in everyone().values()}

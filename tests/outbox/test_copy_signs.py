"""The signs that a database was started from a copy."""

from datetime import UTC, datetime, timedelta

import pytest

from app.outbox.copy_signs import OLDER, OTHER, UNKNOWN, Database, Mark, sign_of_copy

THEN = datetime(2010, 11, 5, 8, 30, tzinfo=UTC)
BEFORE, AFTER = THEN - timedelta(minutes=1), THEN + timedelta(minutes=1)


def mark(database: str = "this", message: int = 126) -> Mark:
    return Mark(database, message, f"uid of {message}", THEN)


def database(
    *,
    has_messages: bool = True,
    was_marked: bool = True,
    released_at: datetime | None = None,
    knows_mark: bool = True,
) -> Database:
    return Database("this", has_messages, was_marked, released_at, knows_mark)


@pytest.mark.parametrize(
    ("kept", "found", "sign"),
    [
        # it goes on from where it was, also where other machines have written messages since
        (mark(), database(), None),
        # put back from an earlier copy, with messages and without
        (mark(), database(knows_mark=False), OLDER),
        (mark(), database(knows_mark=False, has_messages=False), OLDER),
        # another database in this place: a new one has nothing to send twice
        (mark("other"), database(knows_mark=False), OTHER),
        (mark("other"), database(), OTHER),
        (mark("other"), database(knows_mark=False, has_messages=False), None),
        # moved to another place, or its mark was lost
        (None, database(), UNKNOWN),
        (None, database(has_messages=False), None),
        # new, or from a version that kept no marks
        (None, database(was_marked=False), None),
        (None, database(was_marked=False, has_messages=False), None),
        # a person has released it since the mark was made, from another machine
        (mark(), database(knows_mark=False, released_at=AFTER), None),
        (mark(), database(knows_mark=False, released_at=THEN), None),
        (mark("other"), database(released_at=AFTER), None),
        # a release before the mark was of an earlier copy
        (mark(), database(knows_mark=False, released_at=BEFORE), OLDER),
        (mark("other"), database(released_at=BEFORE), OTHER),
        (None, database(released_at=AFTER), UNKNOWN),
    ],
)
def test_what_is_the_sign_of_a_copy(kept: Mark | None, found: Database, sign: str | None) -> None:
    assert sign_of_copy(kept, found) == sign

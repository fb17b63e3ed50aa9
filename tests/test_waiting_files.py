"""Files that wait for a person to say that they are to be imported: whose they are, and for how long."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
from flask import Flask
from sqlalchemy import text

from app.case_keys.keys import NotSealed
from app.database import db, transaction
from app.waiting_files import WaitingFile, as_file, content_of, found, keep, remove, remove_old
from tests.factories import a_person

SENT = datetime(2010, 11, 5, 8, 30, tzinfo=UTC)
DAY = timedelta(days=1)
CONTENT = b"audit_reference,case_reference\nCP-001,615739\n"

ClockAt = Callable[[datetime], None]


@pytest.fixture
def sender(app: Flask, clock_at: ClockAt) -> int:
    clock_at(SENT)
    return a_person("Jack Denny").id


def sent(sender: int) -> str:
    return keep(CONTENT, person_id=sender, kind="audits", sent_as="Audits.csv", ending=".csv", cycle="2010-1")


@pytest.mark.parametrize(
    ("by_other", "after", "there"),
    [
        (False, timedelta(0), True),
        (False, DAY, True),
        (False, DAY + timedelta(seconds=1), False),
        (True, timedelta(0), False),
    ],
)
def test_a_file_waits_a_day_for_who_sent_it(
    sender: int, clock_at: ClockAt, by_other: bool, after: timedelta, there: bool
) -> None:
    token = sent(sender)
    clock_at(SENT + after)
    got = found(token, a_person("Somebody Else").id if by_other else sender)
    assert (got is not None) is there
    if got:
        assert (got.kind, got.cycle, got.sent_as, got.size) == (
            "audits",
            "2010-1",
            "Audits.csv",
            len(CONTENT),
        )
        assert content_of(got) == CONTENT


def test_no_case_number_of_it_can_be_read_in_the_database(sender: int) -> None:
    token = sent(sender)
    db.session.rollback()
    kept = db.session.execute(text("select * from waiting_files")).one()
    assert b"615739" not in repr(tuple(kept)).encode()
    waiting = db.session.get_one(WaitingFile, token)
    with transaction():
        waiting.sealed = waiting.sealed[:-1] + bytes([waiting.sealed[-1] ^ 1])
    with pytest.raises(NotSealed):
        content_of(waiting)


def test_it_is_on_the_disk_only_while_it_is_read_and_for_the_service_alone(sender: int) -> None:
    waiting = db.session.get_one(WaitingFile, sent(sender))
    with as_file(waiting) as path:
        assert (path.name, path.read_bytes()) == ("audits.csv", CONTENT)
        assert path.parent.stat().st_mode & 0o077 == 0
    assert not path.parent.exists()


@pytest.mark.parametrize("guess", ["", "..", "a" * 31, "a" * 32, "%"])
def test_a_token_that_nobody_was_given_finds_nothing(sender: int, guess: str) -> None:
    token = sent(sender)
    assert found(guess, sender) is None
    remove(guess)
    assert found(token, sender) is not None
    assert len(token) == 32


def test_what_is_not_needed_or_waited_for_more_than_a_day_is_removed(sender: int, clock_at: ClockAt) -> None:
    def there() -> set[str]:
        db.session.rollback()
        return set(db.session.scalars(db.select(WaitingFile.token)))

    first, second = sent(sender), sent(sender)
    remove(first)
    assert there() == {second}
    clock_at(SENT + DAY)
    third = sent(sender)
    assert there() == {second, third}
    clock_at(SENT + DAY + timedelta(seconds=1))
    remove_old()
    assert there() == {third}

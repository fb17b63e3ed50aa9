"""Files that wait for a person to say that they are to be imported: whose they are, and for how long."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from app.files.waiting import Waiting, found, keep, remove, remove_old

SENT = datetime(2010, 11, 5, 8, 30, tzinfo=UTC)
WAITING = Waiting(1, "audits", "2010-1", "Audits.csv", "sent.csv", SENT.isoformat())
DAY = timedelta(days=1)


@pytest.fixture
def token(tmp_path: Path) -> str:
    return keep(tmp_path, b"content", WAITING)


@pytest.mark.parametrize(
    ("person", "after", "there"),
    [
        (1, timedelta(0), True),
        (1, DAY, True),
        (1, DAY + timedelta(seconds=1), False),
        (2, timedelta(0), False),  # sent in by another person
    ],
)
def test_a_file_waits_a_day_for_who_sent_it(
    tmp_path: Path, token: str, person: int, after: timedelta, there: bool
) -> None:
    got = found(tmp_path, token, person, SENT + after)
    assert (got is not None) is there
    if got:
        assert got[0] == WAITING
        assert got[1].read_bytes() == b"content"


def test_nobody_but_the_service_can_read_it(tmp_path: Path, token: str) -> None:
    own = tmp_path / token
    assert own.stat().st_mode & 0o777 == 0o700
    assert {path.stat().st_mode & 0o777 for path in own.iterdir()} == {0o600}
    assert len(token) == 32


@pytest.mark.parametrize("guess", ["", "..", "a" * 31, "a" * 33, "a" * 32, "../" + "a" * 29])
def test_a_token_that_nobody_was_given_finds_nothing(tmp_path: Path, token: str, guess: str) -> None:
    assert found(tmp_path / token, guess, 1, SENT) is None
    remove(tmp_path / token, guess)
    assert (tmp_path / token / "sent.csv").exists()


def test_what_is_not_needed_any_more_is_removed(tmp_path: Path, token: str) -> None:
    remove(tmp_path, token)
    assert list(tmp_path.iterdir()) == []


def test_what_waited_for_more_than_a_day_is_removed(tmp_path: Path, token: str) -> None:
    newer = keep(tmp_path, b"newer", replace(WAITING, kept_at=(SENT + DAY).isoformat()))
    (tmp_path / "broken").mkdir()
    remove_old(tmp_path, SENT + DAY)
    assert {path.name for path in tmp_path.iterdir()} == {token, newer}  # the broken one has no facts
    remove_old(tmp_path, SENT + DAY + timedelta(seconds=1))
    assert [path.name for path in tmp_path.iterdir()] == [newer]

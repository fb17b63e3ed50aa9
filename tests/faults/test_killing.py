"""A crash at any moment loses no message, and repeats at most the one in flight, recognisably."""

from collections import Counter

import pytest

from tests.faults.killing import Found, installation, kill_again_and_again

pytestmark = pytest.mark.faults


def holds(found: Found, messages: int, kills: int) -> None:
    assert (found.messages, found.kills) == (messages, kills), "the kills must land in a sending"
    assert found.sent == found.reached == messages, "none is lost"
    assert found.repeats <= kills, "a kill repeats one message at most"
    assert found.changed == 0, "a repeat has the same Message-ID and Date"


def test_two_hundred_kills_lose_nothing() -> None:
    holds(kill_again_and_again(2000, 200), 2000, 200)


@pytest.mark.postgresql
def test_kills_lose_nothing_on_postgresql(postgresql_url: str) -> None:
    holds(kill_again_and_again(300, 20, postgresql_url), 300, 20)


def four_at_once_send_each_message_once(database_url: str | None = None) -> None:
    # a slow server, so that all four have their share
    with installation(300, database_url, "--delay-ms", "1") as (full, server):
        together = [full.delivery() for _ in range(4)]
        for process in together:
            process.join()
        assert [process.exitcode for process in together] == [0] * 4
        assert full.left() == 0
        times = Counter(one.to for one in server.messages)
        assert len(times) == 300
        assert set(times.values()) == {1}


def test_four_deliveries_at_once_send_each_message_once() -> None:
    four_at_once_send_each_message_once()


@pytest.mark.postgresql
def test_four_deliveries_at_once_send_each_message_once_on_postgresql(postgresql_url: str) -> None:
    four_at_once_send_each_message_once(postgresql_url)

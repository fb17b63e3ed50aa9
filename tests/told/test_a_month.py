"""A coordinator's month, day by day: who is told what, judged from the messages that arrived.

With `pytest -rP` it prints its numbers. `MONTHS=5 pytest tests/told/test_a_month.py` lives through five more,
smaller months.
"""

import os
from collections import Counter

import pytest
from flask import Flask

from tests.mail_server import MailServer
from tests.outbox.messages import connect_to
from tests.told.month import MOVES, Month, a_month

SEED = 17
MORE_MONTHS = int(os.environ.get("MONTHS", "0"))


@pytest.mark.parametrize(
    ("seed", "audits"), [(SEED, 200), *((seed, 40) for seed in range(1, MORE_MONTHS + 1))]
)
def test_in_a_month_everyone_is_told_what_they_need_once_and_no_more(
    app: Flask, mail_server: MailServer, seed: int, audits: int
) -> None:
    connect_to(mail_server.port)
    month = a_month(app, mail_server, seed, audits_requested=audits)
    month.live()
    for line in numbers(month, seed):
        print(line)  # noqa: T201
    assert [*month.judge.faults, *month.judge.too_often()] == []
    if seed == SEED:
        # the story is worth its name: everything happened, and every kind of message arrived
        assert {move.__name__ for move in MOVES} - month.story.made.keys() == set()
        assert KINDS_OF_A_MONTH - month.judge.by_kind.keys() == set()
        assert month.judge.news.total() > 0
        assert sum(month.story.refused.values()) < month.story.made.total() / 10


KINDS_OF_A_MONTH = {
    *("digest", "manager", "calls", "weekly", "practice", "audited", "assigned", "chase", "declined"),
    *("confirm", "alert", "handed-over", "given", "response", "reply", "replied"),
}


def numbers(month: Month, seed: int) -> list[str]:
    """Return the numbers of a month in lines."""
    judge, per_day = month.judge, month.judge.per_day
    by_number = sorted(Counter(per_day.values()).items())
    made, refused = month.story.made, month.story.refused
    mean, most = per_day.total() / len(per_day), max(per_day.values())
    dates = ", ".join(f"{many}: {dates}" for many, dates in by_number)
    return [
        f"seed {seed}: {made.total()} moves made, {refused.total()} refused",
        f"{judge.by_kind.total()} messages: {_counted(judge.by_kind)}",
        f"per person and date with a message: {mean:.2f} in the mean, {most} at most",
        f"dates of people by number of messages: {dates}",
        f"{judge.late.total()} times a message of an earlier date arrived before that of the date",
        f"{judge.links} links opened, {judge.news.total()} pieces of news, each once",
        f"moves: {_counted(made)}",
    ]


def _counted(numbers_by_name: Counter[str]) -> str:
    return ", ".join(f"{number} {name.replace('_', ' ')}" for name, number in numbers_by_name.most_common())

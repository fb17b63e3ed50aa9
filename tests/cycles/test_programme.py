"""The audit programme: which cycles ask a team at the same time, and what comes in which month."""

from collections.abc import Callable
from datetime import date

import pytest
from flask import Flask
from flask.testing import FlaskClient

from app.cycles.programme import Overlap, Planned, months, overlaps, period
from app.people.models import Person
from tests.factories import a_cycle, a_person, an_audit
from tests.pages import opened, visible

MARCH_3, MARCH_20 = date(2026, 3, 3), date(2026, 3, 20)


def planned(
    reference: str, requested_on: date, due_on: date, *teams: str, cut_off_on: date | None = None
) -> Planned:
    return Planned(reference, "A cycle", requested_on, due_on, cut_off_on, None, teams)


@pytest.mark.parametrize(
    ("other", "shared"),
    [
        (planned("2026-2", MARCH_3, date(2026, 4, 10), "Crewe"), (MARCH_3, MARCH_20)),
        (planned("2026-2", MARCH_20, date(2026, 4, 10), "Crewe"), (MARCH_20, MARCH_20)),
        (planned("2026-2", date(2026, 3, 21), date(2026, 4, 10), "Crewe"), None),
        (planned("2026-2", MARCH_3, date(2026, 4, 10), "Nantwich"), None),
        (
            planned("2026-2", date(2026, 1, 5), date(2026, 2, 1), "Crewe", cut_off_on=date(2026, 2, 13)),
            (date(2026, 2, 9), date(2026, 2, 13)),
        ),
    ],
)
def test_two_cycles_overlap_where_they_share_a_team_on_a_day(
    other: Planned, shared: tuple[date, date] | None
) -> None:
    one = planned("2026-1", date(2026, 2, 9), MARCH_20, "Crewe", "Wilmslow")
    found = overlaps([one, other])
    if shared is None:
        assert found == {}
    else:
        assert found["2026-1"] == [Overlap("Crewe", "2026-2", *shared)]
        assert found["2026-2"] == [Overlap("Crewe", "2026-1", *shared)]


def test_the_days_come_by_month_with_what_goes_on_meanwhile() -> None:
    long = planned("2026-1", date(2026, 1, 5), date(2026, 3, 31))
    short = planned("2026-2", date(2026, 2, 9), date(2026, 2, 20), cut_off_on=date(2026, 2, 27))
    january, february, march = months([long, short])
    assert [what for _, _, what in january.days] == ["Audits requested"]
    assert [day.day for day, _, _ in february.days] == [9, 20, 27]
    assert february.under_way == [long]
    assert (march.first, march.under_way) == (date(2026, 3, 1), [])


@pytest.mark.parametrize(
    ("from_on", "to_on", "words"),
    [
        (date(2026, 3, 3), date(2026, 3, 20), "3 to 20 March 2026"),
        (date(2026, 3, 3), date(2026, 4, 2), "3 March to 2 April 2026"),
        (date(2025, 12, 3), date(2026, 1, 2), "3 December 2025 to 2 January 2026"),
        (date(2026, 3, 3), date(2026, 3, 3), "3 March 2026"),
    ],
)
def test_a_period_is_written_as_people_say_it(from_on: date, to_on: date, words: str) -> None:
    assert period(from_on, to_on) == words


def test_the_page_shows_what_is_planned_and_under_way_and_says_which_team_is_in_two(
    app: Flask, clock_at: Callable[[date], None], sign_in: Callable[[Person], FlaskClient]
) -> None:
    on = date(2011, 1, 24)
    clock_at(on)
    first = a_cycle("2011-1", requested_on=date(2011, 1, 10), due_on=date(2011, 2, 18))
    second = a_cycle("2011-2", requested_on=date(2011, 2, 7), due_on=date(2011, 3, 18))
    a_cycle("2011-3", requested_on=date(2011, 6, 6), due_on=date(2011, 7, 8))
    a_cycle("2010-1", closed_on=on)
    a_cycle("2009-1", requested_on=date(2009, 1, 5), due_on=date(2009, 2, 6), closed_on=date(2009, 3, 2))
    for cycle, team in ((first, "Crewe"), (first, "Nantwich"), (second, "Crewe")):
        an_audit(cycle=cycle, team=team)
    an_audit(cycle=second, team="Nantwich", withdrawn_on=on)
    client = sign_in(a_person(roles=["manager"]))
    assert 'href="/programme"' in opened(client, "/cycles")
    page = visible(opened(client, "/programme"))
    assert "Overlap: Crewe is also in 2011-2, 7 to 18 February 2011" in page
    assert "Nantwich is also in" not in page
    assert (
        "2011-3: A cycle 6 June to 8 July 2011, planned No teams yet: no audits have been requested" in page
    )
    assert "January 2011, this month Monday 10: audits requested for cycle 2011-1" in page
    assert "Closed in the past year 2010-1" in page
    assert "2009-1" not in page

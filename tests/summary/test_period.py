"""The periods of summaries: quarters, years, months, and what comes before them."""

from datetime import date

import pytest

from app.summary.period import Period, joined, last_quarter, offered


def period(first: str, last: str) -> Period:
    return Period(date.fromisoformat(first), date.fromisoformat(last))


@pytest.mark.parametrize(
    ("on", "quarter"),
    [
        ("2026-11-30", ("2026-07-01", "2026-09-30")),
        ("2026-10-01", ("2026-07-01", "2026-09-30")),
        ("2026-09-30", ("2026-04-01", "2026-06-30")),
        ("2027-01-01", ("2026-10-01", "2026-12-31")),
        ("2027-03-31", ("2026-10-01", "2026-12-31")),
    ],
)
def test_the_last_whole_quarter_has_ended_before_the_day(on: str, quarter: tuple[str, str]) -> None:
    assert last_quarter(date.fromisoformat(on)) == period(*quarter)


@pytest.mark.parametrize(
    ("on", "names"),
    [
        (
            date(2026, 11, 30),
            [
                "July to September 2026",
                "April to June 2026",
                "January to March 2026",
                "October to December 2025",
                "October 2025 to September 2026",
                "April 2025 to March 2026",
            ],
        ),
        # the last 4 quarters are the financial year: it is offered once
        (
            date(2026, 4, 1),
            [
                "January to March 2026",
                "October to December 2025",
                "July to September 2025",
                "April to June 2025",
                "April 2025 to March 2026",
            ],
        ),
    ],
)
def test_quarters_and_years_are_offered(on: date, names: list[str]) -> None:
    assert [name for name, _ in offered(on)] == names
    assert all(one.to_on < on for _, one in offered(on))


@pytest.mark.parametrize(
    ("first", "last", "label", "in_a_sentence"),
    [
        ("2026-07-01", "2026-09-30", "July to September 2026", "from 1 July to 30 September 2026"),
        ("2026-07-01", "2026-07-31", "July 2026", "from 1 to 31 July 2026"),
        ("2025-07-01", "2026-06-30", "July 2025 to June 2026", "from 1 July 2025 to 30 June 2026"),
        ("2026-07-02", "2026-09-30", "2 July to 30 September 2026", "from 2 July to 30 September 2026"),
        ("2026-07-02", "2026-07-02", "2 July 2026", "on 2 July 2026"),
    ],
)
def test_a_period_is_called_by_its_months_or_its_days(
    first: str, last: str, label: str, in_a_sentence: str
) -> None:
    assert (period(first, last).label, period(first, last).in_a_sentence) == (label, in_a_sentence)


@pytest.mark.parametrize(
    ("first", "last", "months"),
    [
        ("2026-07-01", "2026-08-31", [("2026-07-01", "2026-07-31"), ("2026-08-01", "2026-08-31")]),
        ("2026-12-15", "2027-01-03", [("2026-12-15", "2026-12-31"), ("2027-01-01", "2027-01-03")]),
        ("2026-07-05", "2026-07-05", [("2026-07-05", "2026-07-05")]),
    ],
)
def test_its_first_and_last_month_may_be_parts(first: str, last: str, months: list[tuple[str, str]]) -> None:
    assert list(period(first, last).months) == [period(*month) for month in months]


@pytest.mark.parametrize(
    ("first", "before"),
    [
        ("2026-07-01", ("2024-07-01", "2026-06-30")),
        ("2024-02-29", ("2022-02-28", "2024-02-28")),
        ("2026-01-31", ("2024-01-31", "2026-01-30")),
    ],
)
def test_the_24_months_before_end_on_the_day_before(first: str, before: tuple[str, str]) -> None:
    assert period(first, "2027-12-31").before == period(*before)


def test_both_ends_are_in_it() -> None:
    july = period("2026-07-01", "2026-07-31")
    inside = [date(2026, 7, 1), date(2026, 7, 31)]
    outside = [date(2026, 6, 30), date(2026, 8, 1), None]
    assert [day in july for day in (*inside, *outside)] == [True, True, False, False, False]


@pytest.mark.parametrize(
    ("on", "passed"),
    [
        (date(2026, 6, 30), None),
        (date(2026, 7, 1), period("2026-07-01", "2026-07-01")),
        (date(2026, 8, 31), period("2026-07-01", "2026-07-31")),
    ],
)
def test_what_has_passed_of_it_ends_on_the_day(on: date, passed: Period | None) -> None:
    assert period("2026-07-01", "2026-07-31").until(on) == passed


def test_months_that_follow_each_other_are_one_stretch() -> None:
    months = period("2026-01-10", "2026-06-30").months
    chosen = [months[0], months[1], months[3], months[5]]
    assert [one.label for one in joined(chosen)] == [
        "10 January to 28 February 2026",
        "April 2026",
        "June 2026",
    ]
    assert joined([]) == []

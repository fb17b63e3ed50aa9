"""Days as people and programs write them."""

from collections.abc import Callable
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.files.cells import day
from app.files.days import written_day
from app.files.faults import Unreadable

MONTHS = (
    *("January", "February", "March", "April", "May", "June"),
    *("July", "August", "September", "October", "November", "December"),
)


@pytest.mark.parametrize(
    "written",
    [
        *(
            "2026-12-11",
            "2026-12-11 00:00",
            "2026-12-11 00:00:00",
            "2026-12-11T00:00",
            "2026-12-11T00:00:00.000Z",
        ),
        *("2026-12-11T00:00:00+00:00", "2026-12-11t00:00:00+0100", "2026-12-11 00:00:00.000000"),
        *(
            "11/12/2026",
            "11/12/2026 00:00",
            "11/12/2026 0:00",
            "11/12/2026 0:00:00",
            "11/12/2026 12:00:00 AM",
        ),
        *("11.12.2026", "11.12.2026 00:00:00", "11-12-2026", "11-12-2026 12:00 am"),
        *("11 December 2026", "11 dec 2026", "11-Dec-2026", "11-Dec-26", "11 Dec 26", "11-DECEMBER-26 00:00"),
        *("11\u00a0December  2026", "\u200e11/\u200e12/\u200e2026", "\ufeff11-Dec-26 "),
    ],
)
def test_a_day_is_read_in_the_ways_of_offices(written: str) -> None:
    assert written_day(written) == date(2026, 12, 11)


A_DATE = "must be a date, such as 2010-11-12 or 12/11/2010"
NO_TIME = "must be a date without a time, such as 2010-11-12"
FOUR_DIGITS = "the year must have 4 digits"


@pytest.mark.parametrize(
    ("written", "why"),
    [
        # the day and the month cannot be told apart
        *[
            (written, FOUR_DIGITS)
            for written in ("11/12/26", "11.12.26", "11-12-26", "26-12-11", "11/12/26 00:00")
        ],
        *[
            (f"{written}", NO_TIME)
            for written in (
                "2026-12-11 09:30",
                "2026-12-11T23:00:00Z",
                "11/12/2026 12:00",
                "11/12/2026 12:00 PM",
                "11/12/2026 00:00:01",
                "11/12/2026 00:01 am",
            )
        ],
        *[
            (written, A_DATE)
            for written in (
                *(
                    "46367",
                    "11/12-2026",
                    "11-Dec 26",
                    "11 Dez 2026",
                    "Dec 11 2026",
                    "2026/12/11",
                    "December 2026",
                ),
                *(
                    "11 Dec 6",
                    "11 Dec 126",
                    "11 D 2026",
                    "11th December 2026",
                    "00:00",
                    "2026-12-11T",
                    "11 ſep 2026",
                ),
                "1" * 200_000,
            )
        ],
        ("31-Nov-26", "must be a real date"),
        ("29 February 2026", "must be a real date"),
        ("0 December 2026", "must be a real date"),
        ("12.31.2026", "must be a real date: put the day before the month"),
        ("12-31-2026 00:00", "must be a real date: put the day before the month"),
    ],
)
def test_what_is_no_day_is_refused_with_a_reason(written: str, why: str) -> None:
    with pytest.raises(Unreadable) as refused:
        written_day(written)
    assert str(refused.value) == why


@pytest.mark.parametrize(
    ("written", "year"), [("1 Jan 00", 2000), ("1-Jan-68", 2068), ("1-Jan-69", 1969), ("1 Jan 99", 1999)]
)
def test_a_short_year_is_from_1969_to_2068(written: str, year: int) -> None:
    assert written_day(written).year == year


IN_DIGITS: dict[str, Callable[[date], str]] = {
    "iso": date.isoformat,
    "iso without noughts": lambda on: f"{on.year}-{on.month}-{on.day}",
    **{
        f"with {mark}": lambda on, mark=mark: on.strftime(f"%d{mark}%m{mark}%Y")  # type: ignore[misc]
        for mark in "/.-"
    },
    "without noughts": lambda on: f"{on.day}/{on.month}/{on.year}",
}
WITH_A_MONTH: dict[str, Callable[[date], str]] = {
    f"{length} letters of the month, {mark!r}": lambda on, mark=mark, length=length: (  # type: ignore[misc]
        f"{on.day}{mark}{MONTHS[on.month - 1][:length]}{mark}{on.year}"
    )
    for mark in " -"
    for length in (3, 9)
}
MIDNIGHTS = (
    "",
    " 00:00",
    " 0:00:00",
    " 00:00:00.000",
    " 12:00:00 AM",
    "T00:00:00",
    "T00:00:00Z",
    "T00:00:00.000+01:00",
)
LETTERS: tuple[Callable[[str], str], ...] = (str, str.lower, str.upper)

years_as_a_whole = st.dates(date(1900, 1, 1), date(2199, 12, 31))


@given(
    years_as_a_whole,
    st.sampled_from([*IN_DIGITS.values(), *WITH_A_MONTH.values()]),
    st.sampled_from(MIDNIGHTS),
    st.sampled_from(LETTERS),
)
def test_any_day_in_any_spelling_reads_as_itself(
    on: date, spelt: Callable[[date], str], midnight: str, letters: Callable[[str], str]
) -> None:
    assert day(letters(spelt(on) + midnight)) == on


@given(st.dates(date(1969, 1, 1), date(2068, 12, 31)), st.sampled_from(" -"), st.sampled_from(MIDNIGHTS))
def test_any_day_with_a_short_year_reads_as_itself(on: date, mark: str, midnight: str) -> None:
    assert day(f"{on.day}{mark}{MONTHS[on.month - 1][:3]}{mark}{on.year % 100:02}{midnight}") == on


@given(st.text())
def test_whatever_is_written_is_a_day_or_refused(written: str) -> None:
    try:
        found = written_day(written)
    except Unreadable:
        return
    assert isinstance(found, date)

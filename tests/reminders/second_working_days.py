"""Working days, written a second time from the rules, without the `holidays` package and without the product.

Good for 2009 to 2030 and whatever year follows the general rules; special days are those proclaimed up to
2023.
"""

from collections.abc import Iterable
from datetime import date, timedelta
from functools import cache

ONE_DAY = timedelta(days=1)
MONDAY, FRIDAY, SATURDAY, SUNDAY = 0, 4, 5, 6

# Days that were a bank holiday once, and days on which the usual one was not, because it had been moved.
ONCE = {
    date(2011, 4, 29),  # royal wedding
    date(2012, 6, 4),  # spring bank holiday, moved
    date(2012, 6, 5),  # diamond jubilee
    date(2020, 5, 8),  # early May bank holiday, moved for VE day
    date(2022, 6, 2),  # spring bank holiday, moved
    date(2022, 6, 3),  # platinum jubilee
    date(2022, 9, 19),  # state funeral
    date(2023, 5, 8),  # coronation
}
MOVED_AWAY = {date(2012, 5, 28), date(2020, 5, 4), date(2022, 5, 30)}


def easter_sunday(year: int) -> date:
    """Easter Sunday of the Gregorian calendar (the anonymous algorithm of 1876, as Meeus prints it)."""
    a = year % 19
    b, c = divmod(year, 100)
    d, e = divmod(b, 4)
    f = (b + 8) // 25
    g = (b - f + 1) // 3
    h = (19 * a + b - d - g + 15) % 30
    i, k = divmod(c, 4)
    m = (32 + 2 * e + 2 * i - h - k) % 7
    n = (a + 11 * h + 22 * m) // 451
    month, day_less_one = divmod(h + m - 7 * n + 114, 31)
    return date(year, month, day_less_one + 1)


def first_monday(year: int, month: int) -> date:
    day = date(year, month, 1)
    while day.weekday() != MONDAY:
        day += ONE_DAY
    return day


def last_monday(year: int, month: int) -> date:
    day = date(year, month, 31)  # asked of May and August alone
    while day.weekday() != MONDAY:
        day -= ONE_DAY
    return day


def substitute(day: date, taken: Iterable[date] = ()) -> date:
    """A holiday that falls on a Saturday or Sunday is taken on the next weekday that is not a holiday
    already."""
    taken = set(taken)
    while day.weekday() in (SATURDAY, SUNDAY) or day in taken:
        day += ONE_DAY
    return day


@cache
def bank_holidays(year: int) -> frozenset[date]:
    """The weekdays of a year that are bank holidays of England."""
    new_year = substitute(date(year, 1, 1))
    good_friday = easter_sunday(year) - 2 * ONE_DAY
    easter_monday = easter_sunday(year) + ONE_DAY
    early_may = first_monday(year, 5)
    spring = last_monday(year, 5)
    summer = last_monday(year, 8)
    # Christmas Day on a Sunday: which of the 26th and 27th makes up for which does not matter here
    christmas = substitute(date(year, 12, 25))
    boxing_day = substitute(date(year, 12, 26), {christmas})
    usual = {new_year, good_friday, easter_monday, early_may, spring, summer, christmas, boxing_day}
    return frozenset((usual - MOVED_AWAY) | {day for day in ONCE if day.year == year})


def is_working_day(day: date, closures: Iterable[date] = ()) -> bool:
    """The rule: "A working day is Monday to Friday, less the bank holidays of England, less the council's own
    closure days."""
    if day.weekday() in (SATURDAY, SUNDAY):
        return False
    if day in bank_holidays(day.year):
        return False
    return day not in set(closures)


def offset(day: date, n: int, closures: Iterable[date] = ()) -> date:
    """The rule: "`offset(day, n)`: roll `day` forward to a working day if it is not one, then move n working
    days, n negative too." """
    while not is_working_day(day, closures):
        day += ONE_DAY
    step = ONE_DAY if n > 0 else -ONE_DAY
    for _ in range(abs(n)):
        day += step
        while not is_working_day(day, closures):
            day += step
    return day


def monday_of(day: date) -> date:
    """The Monday of the week that the day is in."""
    while day.weekday() != MONDAY:
        day -= ONE_DAY
    return day

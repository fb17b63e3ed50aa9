"""Days as people and programs write them."""

import calendar
import re
from datetime import date

from app.files.faults import Unreadable
from app.names import without_unseen

_ISO = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})", re.ASCII)
_BRITISH = re.compile(r"(\d{1,2})([/.-])(\d{1,2})\2(\d{4})", re.ASCII)
_WITH_MONTH = re.compile(r"(\d{1,2})([ -])([a-z]+)\2(\d{4}|\d{2})", re.ASCII)
_SHORT_YEAR = re.compile(r"\d{1,2}([/.-])\d{1,2}\1\d{2}", re.ASCII)

_CLOCK = r"\d{1,2}:\d\d(?::\d\d(?:[.,]\d+)?)?(?: ?[ap]m)?"
_WITH_TIME = re.compile(rf"(.*\d)[t ]({_CLOCK})(?:z|[+-]\d\d:?\d\d)?", re.ASCII)
_MIDNIGHT = re.compile(r"0?0:00(?::00(?:[.,]0+)?)?(?: ?am)?|12:00(?::00(?:[.,]0+)?)? ?am", re.ASCII)

_MONTH = {name.lower(): number for number, name in enumerate(calendar.month_name) if name}
_MONTH |= {name[:3]: number for name, number in _MONTH.items()} | {"sept": 9}

FIRST_SHORT_YEAR = 1969
"""A year of two digits is from 1969 to 2068, as in most programs."""


def written_day(written: str) -> date:
    """Return the day of a text such as 2010-11-12, 12/11/2010, 12.11.2010 or 12-11-2010 (the day first),
    12 November 2010, 12-Nov-10.

    The midnight that programs add to a day is left out; any other time is refused, as is a year of two digits
    beside a month in digits: what is what cannot be known. Raises `Unreadable`.
    """
    written = " ".join(without_unseen(written).lower().split())
    if match := _WITH_TIME.fullmatch(written):
        if not _MIDNIGHT.fullmatch(match[2]):
            raise Unreadable("must be a date without a time, such as 2010-11-12")
        written = match[1]
    if match := _ISO.fullmatch(written):
        year, month, day_of_month = map(int, match.groups())
    elif match := _BRITISH.fullmatch(written):
        day_of_month, month, year = map(int, match.group(1, 3, 4))
    elif (match := _WITH_MONTH.fullmatch(written)) and match[3] in _MONTH:
        day_of_month, month, year = int(match[1]), _MONTH[match[3]], _full_year(match[4])
    elif _SHORT_YEAR.fullmatch(written):
        raise Unreadable("the year must have 4 digits")
    else:
        raise Unreadable("must be a date, such as 2010-11-12 or 12/11/2010")
    try:
        return date(year, month, day_of_month)
    except ValueError:
        if month > 12 and day_of_month <= 12:
            raise Unreadable("must be a real date: put the day before the month") from None
        raise Unreadable("must be a real date") from None


def _full_year(written: str) -> int:
    if len(written) == 4:
        return int(written)
    year = 1900 + int(written)
    return year if year >= FIRST_SHORT_YEAR else year + 100

"""Troubles of the service: when there is one, and when administrators are told."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from app.watching.troubles import (
    GB,
    Facts,
    Finding,
    Kind,
    NotKnown,
    Seen,
    Step,
    Well,
    Wrong,
    find,
    next_step,
    told_at_first,
)

FRIDAY = date(2010, 11, 5)
LONDON = ZoneInfo("Europe/London")


def at(hour: int, minute: int = 0, on: date = FRIDAY) -> datetime:
    """Return a moment on the council's clock."""
    return datetime(on.year, on.month, on.day, hour, minute, tzinfo=LONDON)


def facts(moment: datetime, **values: object) -> Facts:
    well = Facts(
        now=moment.astimezone(UTC),
        local=moment,
        is_working_day=True,
        mail_goes=True,
        stopped_since=None,
        due_since=None,
        last_sent_at=None,
        last_run_on=moment.date(),
        history_broken=False,
        free=100 * GB,
        total=200 * GB,
    )
    return replace(well, **values)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("values", "since"),
    [
        ({}, None),
        ({"stopped_since": at(11, 1)}, None),
        ({"stopped_since": at(11)}, at(11)),
        ({"stopped_since": at(9), "last_sent_at": at(8)}, at(9)),
        ({"due_since": at(11, 1)}, None),
        ({"due_since": at(11)}, at(11)),
        # 10,000 emails at 30 a minute: each is due from the start, and one goes every 2 seconds
        ({"due_since": at(8), "last_sent_at": at(11, 59)}, None),
        ({"due_since": at(8), "last_sent_at": at(11)}, at(11)),
        ({"due_since": at(10), "last_sent_at": at(9)}, at(10)),
        ({"stopped_since": at(11, 30), "due_since": at(10)}, at(10)),
        # no server is set, or all is on hold: nothing is pretended to be sent, and pages say so
        ({"stopped_since": at(9), "due_since": at(9), "mail_goes": False}, None),
    ],
)
def test_delivery_stands_still(values: dict[str, object], since: datetime | None) -> None:
    found = find(Kind.DELIVERY, facts(at(12), **values))
    assert found == (Well() if since is None else Wrong(since))


YESTERDAY = date(2010, 11, 4)


@pytest.mark.parametrize(
    ("moment", "values", "found"),
    [
        (at(9, 59), {"last_run_on": YESTERDAY}, NotKnown()),
        (at(10), {"last_run_on": YESTERDAY}, Wrong(at(10))),
        (at(23, 59), {"last_run_on": YESTERDAY}, Wrong(at(10))),
        (at(12), {"last_run_on": YESTERDAY, "is_working_day": False}, NotKnown()),
        (at(12), {}, Well()),
        (at(8), {}, Well()),
        # a first start: wrong while a run could have been done, and not in the evening
        (at(12), {"last_run_on": None}, Wrong(at(10))),
        (at(18), {"last_run_on": None}, NotKnown()),
        # 10:00 on the council's clock, on the two days when it changes as well
        (at(9, 59, date(2010, 3, 29)), {"last_run_on": YESTERDAY - timedelta(300)}, NotKnown()),
        (at(10, 0, date(2010, 3, 29)), {"last_run_on": YESTERDAY - timedelta(300)}, "wrong"),
    ],
)
def test_the_daily_run_did_not_happen(
    moment: datetime, values: dict[str, object], found: Finding | str
) -> None:
    expected = Wrong(moment) if found == "wrong" else found
    assert find(Kind.DAILY_RUN, facts(moment, **values)) == expected


@pytest.mark.parametrize(
    ("free", "total", "found"),
    [
        (5 * GB, 200 * GB, NotKnown),
        (8 * GB, 200 * GB, Well),
        (7 * GB, 200 * GB, NotKnown),
        (5 * GB - 1, 200 * GB, Wrong),
        (2 * GB, 20 * GB, NotKnown),
        (2 * GB - 1, 20 * GB, Wrong),
        (3 * GB, 20 * GB, Well),
        (0, 20 * GB, Wrong),
    ],
)
def test_the_disk_fills(free: int, total: int, found: type[Finding]) -> None:
    moment = at(12)
    assert isinstance(find(Kind.DISK, facts(moment, free=free, total=total)), found)


@pytest.mark.parametrize("broken", [True, False])
def test_the_history_breaks(broken: bool) -> None:
    assert find(Kind.HISTORY, facts(at(12), history_broken=broken)) == (Wrong(at(12)) if broken else Well())


WRONG, WELL, NOT_KNOWN = Wrong(at(9)), Well(), NotKnown()
MINUTES = timedelta(minutes=1)


@pytest.mark.parametrize(
    ("finding", "seen", "step"),
    [
        (WELL, None, None),
        (NOT_KNOWN, None, None),
        (WRONG, None, Step.NOTE),
        (WRONG, Seen(at(12) - 4 * MINUTES, None), None),
        (WRONG, Seen(at(12) - 5 * MINUTES, None), Step.TELL),
        (WRONG, Seen(at(9), FRIDAY), None),
        (WRONG, Seen(at(9, on=YESTERDAY), YESTERDAY), Step.TELL),
        (NOT_KNOWN, Seen(at(9, on=YESTERDAY), YESTERDAY), None),
        (WELL, Seen(at(12) - 4 * MINUTES, None), Step.FORGET),
        (WELL, Seen(at(9), FRIDAY), Step.TELL_OVER),
        (WELL, Seen(at(9, on=YESTERDAY), YESTERDAY), Step.TELL_OVER),
    ],
)
def test_what_is_to_be_done(finding: Finding, seen: Seen | None, step: Step | None) -> None:
    assert next_step(finding, seen, at(12), FRIDAY) is step


def test_a_broken_history_was_told_by_its_check() -> None:
    assert {kind: told_at_first(kind, FRIDAY) for kind in Kind if told_at_first(kind, FRIDAY)} == {
        Kind.HISTORY: FRIDAY
    }

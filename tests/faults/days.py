"""Faults of time and number: clocks that change and jump, days without the service, many programs at once."""

from collections import Counter
from datetime import UTC, date, datetime, time, timedelta
from random import Random
from zoneinfo import ZoneInfo

from app.reminders.time_of_run import NOT_AFTER, RUN_AT, run_is_due
from tests.faults.places import New, Place
from tests.faults.scenario import PURE, Scenario
from tests.faults.sending import mail, none_lost
from tests.faults.whole import FRIDAY, with_audits, working_days
from tests.mail_server import MailServerProcess

LONDON = ZoneInfo("Europe/London")
LOOK = timedelta(seconds=15)
FIRST_YEAR = 2010


def change_the_clocks(_new: New, times: int, _chance: Random) -> str:
    """Look every quarter of a minute on the days when the clocks change and on those around them."""
    changes = 0
    for year in range(FIRST_YEAR, FIRST_YEAR + times):
        for change in _changes(year):
            changes += 1
            for day in (change - timedelta(days=1), change, change + timedelta(days=1)):
                _runs_once_at_half_past_eight(day)
    assert changes == 2 * times
    return f"{times} years, {changes} changes, each day's run once, at 08:30"


def _changes(year: int) -> list[date]:
    """Return the two days of a year on which the clocks change."""
    days = [date(year, 1, 1) + timedelta(days=number) for number in range(365)]
    noons = [datetime.combine(day, time(12), LONDON).utcoffset() for day in days]
    return [day for day, before, after in zip(days[1:], noons, noons[1:], strict=False) if before != after]


def _runs_once_at_half_past_eight(day: date) -> None:
    moment = datetime.combine(day, time(5), UTC)
    done: list[datetime] = []
    while moment.astimezone(LONDON).date() == day:
        local = moment.astimezone(LONDON)
        if run_is_due(local, done_today=bool(done)):
            done.append(local)
        moment += LOOK
    assert [local.time() for local in done] == [RUN_AT], day


def jump_the_clock(_new: New, times: int, chance: Random) -> str:
    """Let the clock jump, to and fro and by hours, and look at random moments, for years of days."""
    jumps = caught_up = 0
    for number in range(365 * times):
        day = date(FIRST_YEAR, 1, 1) + timedelta(days=number)
        moment = datetime.combine(day, time(4), UTC)
        looks: list[datetime] = []
        done: list[datetime] = []
        while moment.astimezone(LONDON).date() == day:
            local = moment.astimezone(LONDON)
            looks.append(local)
            if run_is_due(local, done_today=bool(done)):
                done.append(local)
            moment += timedelta(minutes=chance.uniform(1, 60))
            if chance.random() < 0.1:
                jumps += 1
                moment += timedelta(hours=chance.uniform(-3, 3))
        in_time = [local for local in looks if RUN_AT <= local.time() < NOT_AFTER]
        # the first look at a moment of the day's span does it, and no other
        assert done == in_time[:1], day
        caught_up += bool(done) and done[0].hour > RUN_AT.hour
    return f"{times} years, {jumps} jumps, never twice a day; {caught_up} days caught up later"


GAPS = {"a minute": 0, "a day": 1, "a month": 31}


def be_down(new: New, times: int, _chance: Random) -> str:
    """Run a day, then again and again after the service was down for longer and longer."""
    said = []
    with_all = with_audits(new())
    for number in range(times):
        place, day = new(of=with_all), next(working_days(FRIDAY + timedelta(days=number)))
        place.run("remind", "--no-deliver", "--on", day)
        for name, days in GAPS.items():
            before = place.messages()
            day = next(working_days(day + timedelta(days=days)))
            place.run("remind", "--no-deliver", "--on", day)
            after = place.messages() - before
            _each_person_once(after)
            assert days or not after, "the day sent something twice"
            said.append(f"{after.total()} after {name}")
    return f"messages: {', '.join(said[:3])}; one of a kind for a person, each item once in it"


def _each_person_once(messages: Counter[tuple[object, ...]]) -> None:
    receivers = Counter((address, kind) for address, kind, _on, _items in messages.elements())
    assert all(number == 1 for number in receivers.values()), receivers.most_common(1)
    for _address, _kind, _on, items in messages:
        assert isinstance(items, tuple)
        references = Counter(reference for reference, _step in items)
        assert all(number == 1 for number in references.values()), "an obligation stands in it twice"


def run_at_once(new: New, times: int, _chance: Random) -> str:
    """Do the day in so many programs at once, and hold the messages against those of one run."""
    place = with_audits(new())
    twin = new(of=place)
    with MailServerProcess(place.folder / "received") as server:
        settings = mail(server.port, MAIL_LEASE_SECONDS="60")
        programs = [place.start("remind", "--on", FRIDAY, environ=settings) for _ in range(times)]
        for program in programs:
            code, _out, err = Place.ended(program)
            assert code == 0, err
        assert place.left() == 0
        twin.run("remind", "--no-deliver", "--on", FRIDAY)
        expected = twin.messages()
        assert place.messages() == expected
        none_lost(server.messages, expected.total(), 0)
    return f"{times} runs that also send, {expected.total()} messages, each once"


EXACT = "The messages are those of one run"

DAYS = (
    Scenario(
        "clock-changes",
        "The daily run once a day at 08:30",
        "the clocks change",
        change_the_clocks,
        25,
        25,
        PURE,
    ),
    Scenario(
        "clock-jumps",
        "The daily run at most once a day, between 08:30 and 18:00",
        "the clock jumps",
        jump_the_clock,
        2,
        25,
        PURE,
    ),
    Scenario(
        "downtime",
        "One message of a kind for a person, whatever was missed",
        "the service is down for a minute, a day, a month",
        be_down,
        1,
        5,
    ),
    Scenario("at-once", EXACT, "many programs do the day at once", run_at_once, 3, 16),
)

"""Emails of earlier runs that could go just before the run of a date, as after an outage, wait for that run.

It takes over what they still say, so that a person finds one email and not the same twice.
"""

from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime

from app import clock
from app.database import db
from app.outbox.kinds import Waits
from app.outbox.models import Message
from app.people.closures import working_days
from app.reminders.models import DailyRun
from app.reminders.time_of_run import WRITTEN_BY, run_is_near

WHY = "Today’s daily run will send it, with what is new"


def those_that_wait(messages: Sequence[Message], on: date) -> Mapping[int, Waits]:
    """Return those messages of daily runs that wait for the run of this date, by their ids."""
    earlier = [message.id for message in messages if message.on < on]
    local = clock.clock().local()
    if not earlier or local.date() != on or not working_days().is_working_day(on):
        return {}
    if not run_is_near(local, done_today=db.session.get(DailyRun, on) is not None):
        return {}
    until = datetime.combine(on, WRITTEN_BY, local.tzinfo).astimezone(UTC)
    return dict.fromkeys(earlier, Waits(WHY, until))

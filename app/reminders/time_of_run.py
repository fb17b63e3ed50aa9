"""The time of the daily run. Pure."""

from datetime import datetime, time

RUN_AT = time(8, 30)
NOT_AFTER = time(18)
WRITTEN_BY = time(8, 45)
"""The time by which the run has written its emails."""


def run_is_due(local: datetime, *, done_today: bool) -> bool:
    """Return True when today's run should happen now: from 08:30 on the council's clock, once, and before
    18:00.

    `local` is the moment in the council's time zone. A service that was down at 08:30 catches up as soon as
    it is up. Clock times are compared, so that it is 08:30 also on the days when the clocks change.
    """
    return not done_today and RUN_AT <= local.time() < NOT_AFTER


def run_is_near(local: datetime, *, done_today: bool) -> bool:
    """Return True in the night and morning before today's run, where there is one.

    Reminders of an earlier date wait then, as after an outage: the run takes them over, and a person finds
    one email.
    """
    return not done_today and local.time() < WRITTEN_BY

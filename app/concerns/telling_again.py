"""The rule for sending an alert again that nobody has acknowledged. Pure."""

from datetime import UTC, datetime, time, timedelta

EVERY = timedelta(hours=2)
FROM, UNTIL = time(9), time(17)


def is_due(last_told_at: datetime, now: datetime, *, working_day: bool) -> bool:
    """True two hours or more after everybody was last told, from 09:00 to 17:00 of a working day.

    `now` is the moment in the council's time zone; `working_day` says whether its day is one. An alert raised
    on Friday at 16:30 is told again on Monday at 09:00.
    """
    waited = now.astimezone(UTC) - last_told_at.astimezone(UTC)
    return working_day and FROM <= now.time() <= UNTIL and waited >= EVERY

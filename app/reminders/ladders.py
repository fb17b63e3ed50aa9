"""Ladders: who is reminded when. Pure: steps, an anchor day and a day in; what has been reached out.

A ladder has steps; each has a name, an offset in working days from its anchor, and says who gets it in
which kind of message. Of the steps that a person gets in one kind of message, the latest that has been
reached counts: by its day, and of two on one day the lower in the table.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from app.outbox.in_words import next_reminder, reminder_in_words, reminder_name
from app.outbox.names import CALLS, DIGEST, MANAGER
from app.wording import capitalised
from app.working_days import WorkingDays

AUDITORS, OWNER, ASKED, LINE_MANAGERS, RESPOND_TO, COORDINATORS = AUDIENCES = (
    "auditors",
    "owner",
    "asked",
    "line_managers",
    "respond_to",
    "coordinators",
)
KINDS = (DIGEST, MANAGER, CALLS)
DUE, ASSIGNED = ANCHORS = ("due", "assigned")

DUE_SOON, DUE_TODAY = "due-soon", "due-today"
OVERDUE, OVERDUE_MANAGER, PHONE_CALL = "overdue", "overdue-manager", "phone-call"

WITHOUT_AUDITORS = (DUE_SOON, DUE_TODAY, OVERDUE)
"""The steps of an audit that nobody, or only half a pair, is assigned to: the coordinators get these."""


AFTER_THE_DUE_DAY = (OVERDUE, OVERDUE_MANAGER, PHONE_CALL)
"""Steps whose words would be wrong on or before the due day."""


class LadderRefused(ValueError):
    """A ladder that cannot be used; the text says which step and why."""


@dataclass(frozen=True)
class Step:
    """A row of a ladder. `offset` is in working days; `to` pairs audiences with kinds of message."""

    name: str
    offset: int
    anchor: str
    to: tuple[tuple[str, str], ...]

    @property
    def words(self) -> str:
        """Return it as the schedule names it: "overdue by 5 working days, manager told"."""
        return reminder_in_words(self.name, self.offset)

    def day(self, anchor_on: date, days: WorkingDays) -> date:
        """The day of this step for an anchor day."""
        return days.offset(anchor_on, self.offset)

    def goes_to(self, audience: str, kind: str) -> bool:
        """True when this audience gets the step in this kind of message."""
        return (audience, kind) in self.to


Ladder = tuple[Step, ...]


def ladder_from(rows: Iterable[Mapping[str, Any]]) -> Ladder:
    """A ladder from rows as in config/ladders.toml. Raises LadderRefused."""
    ladder = tuple(
        Step(row["step"], int(row["offset"]), row.get("anchor", DUE), tuple(row["to"].items()))
        for row in rows
    )
    names = [step.name for step in ladder]
    for step in ladder:
        name = capitalised(reminder_name(step.name))
        if names.count(step.name) > 1:
            raise LadderRefused(f"Reminder “{name}” must be in the schedule only once")
        if step.anchor not in ANCHORS:
            raise LadderRefused(f"Reminder “{name}” must count from “due” or “assigned”")
        if not step.to:
            raise LadderRefused(f"Select who gets the reminder “{name}”")
        if any(audience not in AUDIENCES or kind not in KINDS for audience, kind in step.to):
            raise LadderRefused(f"Reminder “{name}” must have a known audience and kind of email")
        if step.anchor == ASSIGNED and step.to != ((AUDITORS, DIGEST),):
            raise LadderRefused(f"Reminder “{name}” can only go to the auditors")
        if step.name in AFTER_THE_DUE_DAY and step.offset <= 0:
            raise LadderRefused(f"Working days of “{name}” must be 1 or more, after the due date")
        if abs(step.offset) > 250:
            raise LadderRefused(f"Working days of “{name}” must be between -250 and 250")
    return ladder


def rows_of(ladder: Ladder) -> list[dict[str, object]]:
    """A ladder as rows, as it is stored."""
    return [
        {"step": step.name, "offset": step.offset, "anchor": step.anchor, "to": dict(step.to)}
        for step in ladder
    ]


@dataclass(frozen=True)
class Band:
    """The due days for which a step is the latest that has been reached on a day."""

    step: Step
    place: int
    after: date | None
    """Due days later than this; None where there is no bound."""
    until: date
    """And up to and with this one."""


def bands(ladder: Ladder, audience: str, kind: str, on: date, days: WorkingDays) -> list[Band]:
    """Return, for one audience and kind of message, the steps counted from the due day as ranges of due days.

    Because an offset is monotone in the due day, each obligation whose due day lies in a band has that step
    as its latest on `on`, and the daily run needs no loop over obligations.
    """
    reached = sorted(
        (days.latest_reaching(on, step.offset), -place)
        for place, step in enumerate(ladder)
        if step.anchor == DUE and step.goes_to(audience, kind)
    )
    ranges = []
    after: date | None = None
    for until, minus_place in reached:
        if after is None or until > after:
            ranges.append(Band(ladder[-minus_place], -minus_place, after, until))
            after = until
    return ranges


def step_from_assignment(ladder: Ladder, audience: str, kind: str) -> tuple[int, Step] | None:
    """The step that counts from the day an auditor was assigned, with its place in the table."""
    for place, step in enumerate(ladder):
        if step.anchor == ASSIGNED and step.goes_to(audience, kind):
            return place, step
    return None


def only(ladder: Ladder, names: Sequence[str], audience: str, kind: str) -> Ladder:
    """The named steps of a ladder, addressed to one audience in one kind of message instead."""
    return tuple(
        Step(step.name, step.offset, step.anchor, ((audience, kind),))
        for step in ladder
        if step.name in names and step.anchor == DUE
    )


def coming_in_words(
    coming: tuple[str, date] | None, promised_on: date | None, until: date | None
) -> tuple[str | None, date | None]:
    """Return the next step, given by its name, in words and its day.

    If a promise that holds `until` a day keeps it back, the words say so. If nothing follows on it, they are
    about the promise alone.
    """
    if coming is None:
        return (next_reminder(None, promised_on), until) if promised_on else (None, None)
    step, day = coming
    waits = until is not None and day > until and step in AFTER_THE_DUE_DAY
    return next_reminder(step, promised_on if waits else None), day

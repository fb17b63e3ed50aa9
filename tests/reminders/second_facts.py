"""The facts that the second implementation of the daily run reads, and what it remembers from run to run.

A person is known by their email; every day is a calendar day in the council's time zone. Every fact that has
a day carries it, also the days still to come: `second_implementation.run` reads them as of the day it is
asked for.
"""

from dataclasses import dataclass, field
from datetime import date
from typing import NamedTuple


@dataclass(frozen=True)
class Leave:
    """Days away, both included, and who stands in, if anyone."""

    from_on: date
    to_on: date
    deputy: str | None = None


@dataclass(frozen=True)
class Person:
    email: str
    roles: tuple[str, ...] = ()
    team: str = ""
    line_manager: str | None = None
    leaves: tuple[Leave, ...] = ()
    leaving_on: date | None = None
    news_by_email: bool = True


@dataclass(frozen=True)
class Step:
    """A row of the ladder's table. `to` pairs an audience ("auditors", "owner", "line managers",
    "coordinators", "those asked", "respond_to") with the kind of message ("digest", "manager", "calls");
    `from_assigned` says that the anchor is not the due day."""

    name: str
    offset: int
    to: tuple[tuple[str, str], ...]
    from_assigned: bool = False


@dataclass(frozen=True)
class Telling:
    """The choice of a cycle whether workers are told, and the day it was made on: None for the first."""

    are_told: bool
    since: date | None = None


@dataclass(frozen=True)
class Named:
    """The worker whose case it is, and the day on which they were named: None for the first."""

    worker: str | None
    since: date | None = None


@dataclass(frozen=True)
class Cycle:
    """`ladder` is the cycle's own for its audits, if it has one; `auditors` is how many each audit needs;
    `respond_to` is whom it names for responses; `telling` says from when on workers are told."""

    reference: str
    requested_on: date
    due_on: date
    closed_on: date | None = None
    ladder: tuple[Step, ...] | None = None
    auditors: int = 2
    respond_to: str | None = None
    telling: tuple[Telling, ...] = ()


@dataclass(frozen=True)
class DueDay:
    """A due day, and the day it was set on: None for the one that was there from the beginning."""

    due_on: date
    since: date | None = None


@dataclass(frozen=True)
class Assignment:
    """A spell of a person in a part ("lead", "second") of an audit; `ended_by` is "decline" or
    "reassignment"."""

    person: str
    part: str
    assigned_on: date
    ended_on: date | None = None
    ended_by: str | None = None


@dataclass(frozen=True)
class Returned:
    """An audit came back on a day, and was perhaps sent back on a later one."""

    returned_on: date
    sent_back_on: date | None = None


@dataclass(frozen=True)
class Promise:
    """A promise on a day that an audit will be back by another: by an auditor themselves, or noted with a
    chase, which was perhaps struck through later, because it was logged by mistake."""

    given_on: date
    promised_on: date
    auditor: str | None = None
    struck_on: date | None = None
    number: int = 0
    """Its place in what was recorded: two may say the same."""


@dataclass(frozen=True)
class Audit:
    """`declined_on` is the column of that name in a file: the half of the pair that nobody names said no on
    that day. Who declined in the product is told by their assignment instead. `moderated` is by whom, and on
    which day."""

    reference: str
    cycle: str
    requested_on: date
    due_days: tuple[DueDay, ...]
    team: str = ""
    assignments: tuple[Assignment, ...] = ()
    started_on: date | None = None
    returns: tuple[Returned, ...] = ()
    declined_on: date | None = None
    exempted_on: date | None = None
    withdrawn_on: date | None = None
    first_due_on: date | None = None
    moderated: tuple[str, date] | None = None
    promises: tuple[Promise, ...] = ()
    workers: tuple[Named, ...] = ()


@dataclass(frozen=True)
class Recommendation:
    reference: str
    owner: str | None = None
    due_days: tuple[DueDay, ...] = ()
    raised_on: date | None = None
    decision: str | None = None
    decided_on: date | None = None
    carried_out_on: date | None = None


@dataclass(frozen=True)
class Action:
    reference: str
    owner: str | None = None
    due_days: tuple[DueDay, ...] = ()
    agreed_on: date | None = None
    done_on: date | None = None
    impact_checked_on: date | None = None
    withdrawn_on: date | None = None


@dataclass(frozen=True)
class Remedy:
    """A remedy: a thing to put right on a child's file. Its owner and due day have no history."""

    reference: str
    owner: str | None
    due_days: tuple[DueDay, ...]
    raised_on: date
    done_on: date | None = None
    withdrawn_on: date | None = None


@dataclass(frozen=True)
class Called:
    """A response that a grade of an audit called for on a day."""

    reference: str
    audit: str
    called_on: date
    due_on: date
    answered_on: date | None = None
    fell_away_on: date | None = None


@dataclass(frozen=True)
class News:
    """Something that became of a person's own work: of an audit, an action, a recommendation or a remedy,
    which `about` names as keys do. `number` tells pieces of news apart."""

    number: int
    person: str
    about: tuple[str, str]
    made_on: date
    read_on: date | None = None
    for_moderators: bool = False


@dataclass(frozen=True)
class QuickWin:
    reference: str
    audience_roles: tuple[str, ...]
    starts_on: date
    every_working_days: int
    times: int
    action: str | None = None
    audience_teams: tuple[str, ...] = ()
    stopped_on: date | None = None


# The table at the head of rules 4.
AUDIT_LADDER = (
    Step("assigned", 0, (("auditors", "digest"),), from_assigned=True),
    Step("due-soon", -5, (("auditors", "digest"),)),
    Step("due-today", 0, (("auditors", "digest"),)),
    Step("overdue", 2, (("auditors", "digest"),)),
    Step("overdue-manager", 5, (("auditors", "digest"), ("line managers", "manager"))),
    Step("phone-call", 10, (("coordinators", "calls"),)),
)
TRACKER_LADDER = (
    Step("due-soon", -10, (("owner", "digest"),)),
    Step("due-today", 0, (("owner", "digest"),)),
    Step("overdue", 5, (("owner", "digest"),)),
    Step("overdue-manager", 10, (("owner", "digest"), ("line managers", "manager"))),
    Step("phone-call", 15, (("coordinators", "calls"),)),
)
RESPONSE_LADDER = (
    Step("due-today", 0, (("those asked", "digest"),)),
    Step("overdue", 1, (("those asked", "digest"),)),
    Step("overdue-manager", 3, (("respond_to", "manager"),)),
    Step("phone-call", 5, (("coordinators", "calls"),)),
)


@dataclass(frozen=True)
class Facts:
    people: tuple[Person, ...] = ()
    closures: frozenset[date] = frozenset()
    cycles: tuple[Cycle, ...] = ()
    audits: tuple[Audit, ...] = ()
    recommendations: tuple[Recommendation, ...] = ()
    actions: tuple[Action, ...] = ()
    quick_wins: tuple[QuickWin, ...] = ()
    remedies: tuple[Remedy, ...] = ()
    responses: tuple[Called, ...] = ()
    news: tuple[News, ...] = ()
    audit_ladder: tuple[Step, ...] = AUDIT_LADDER
    tracker_ladder: tuple[Step, ...] = TRACKER_LADDER
    response_ladder: tuple[Step, ...] = RESPONSE_LADDER


class Key(NamedTuple):
    """The key of a thing that is never sent twice. `about` is the kind of thing and its reference,
    ("audit", "CP-001"); `person` is whom it is for, also where a deputy gets it; `leaver` is set for the
    step `reassign` alone."""

    about: tuple[str, str]
    anchor: date
    step: str
    person: str
    kind: str
    leaver: str = ""


@dataclass(frozen=True)
class Sent:
    """The results of earlier runs. Pass the one from a run's result to the next run.

    `keys`: what was sent, with the day; `written`: which messages exist, (day, receiver, kind); `runs`: the
    working days on which the run happened; `waiting`: what a run within its time would have sent, had nothing
    kept it back; `on_hold`: what the messages carry that are written and not sent, by receiver and kind.
    """

    keys: dict[Key, date] = field(default_factory=dict)
    written: frozenset[tuple[date, str, str]] = frozenset()
    runs: frozenset[date] = frozenset()
    waiting: frozenset[Key] = frozenset()
    on_hold: dict[tuple[str, str], dict[Key, "Item"]] = field(default_factory=dict)


class Item(NamedTuple):
    """An item of `remind --json`: the reference, the step, and the due day (a step's own for a quick win)."""

    item: str
    step: str
    due_on: date | None


class Message(NamedTuple):
    to: str
    kind: str
    items: tuple[Item, ...]


class NotSent(NamedTuple):
    """A decision not to send. `to` is "" where there is nobody; `item` is "" for a weekly."""

    to: str
    item: str
    step: str
    reason: str


@dataclass(frozen=True)
class Result:
    """The result of a run: messages by receiver and kind, decisions not to send, `Sent` for the next run."""

    on: date
    working_day: bool
    messages: tuple[Message, ...]
    not_sent: tuple[NotSent, ...]
    sent: Sent

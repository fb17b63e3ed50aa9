"""The lines of a reminder in words: what is asked, by when, how late, whom it concerns. Pure."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum

from app.actions.waiting import Waiting
from app.audits.own_part import NO_LEAD, own_part
from app.audits.parts import MOST_AUDITORS
from app.outbox.names import ASSIGNED, CALLS, DIGEST, MANAGER
from app.people.presence import PersonFacts
from app.people.reaching import named, reach
from app.reminders.due import AUDIT, CHECK, NEWS, REASSIGN, Due
from app.reminders.thing import OF_THOSE_ASKED, Thing
from app.wording import capitalised, day_and_month, have, listed, working_days
from app.wording import sentence as as_sentence
from app.working_days import WorkingDays

LINES_SHOWN = 100
"""A message lists this many lines and says how many more there are: nobody reads a thousand."""


class Group(StrEnum):
    """Under which heading an item stands in a digest, the most urgent first."""

    OVERDUE = "Overdue"
    TODAY = "Due today"
    SOON = "Due soon"
    NEW = "New"
    NOBODY = "No one is assigned"
    HALF = "Only one auditor: the other declined"
    LEFT = "The auditor or owner has left: choose someone else"
    CHECK = "Quick wins that have ended: say if the figure changed"
    NEWS = "News"


THEIR_OWN = (Group.OVERDUE, Group.TODAY, Group.SOON, Group.NEW)
"""The groups of a digest that are about what the receiver has to do as an auditor or owner."""

TO_ASSIGN = (Group.NOBODY, Group.HALF, Group.LEFT)
"""The groups of a digest that need another person."""

Obligation = tuple[str, int]
"""The kind of thing and its id."""


@dataclass(frozen=True)
class Words:
    """The facts that a message may tell of an obligation. Never a child, a case number, an answer or a
    comment."""

    thing: Thing
    reference: str
    due_on: date | None
    """None for what has no due day."""
    holders: tuple[PersonFacts, ...]
    """The auditors of an audit, or the one owner; nobody for news."""
    team: str = ""
    """The team whose case it is, for an audit."""
    parts: tuple[str, ...] = ()
    """The parts of the auditors, in their order."""
    auditors: int = MOST_AUDITORS
    """The number of auditors that an audit needs."""
    about: str = ""
    """The words on what it is about, for all but audits; of those, that one is the meeting of its case. The
    sentence of news."""
    address: str = ""
    """The address of its page, where that is not made from its reference."""
    theme: str = ""
    """The theme of the cycle, for an audit."""
    filled_in_by: tuple[PersonFacts, ...] = ()
    """Those of the auditors who have saved answers; nobody where the form is blank."""
    waiting: Waiting | None = None
    """The step of others that it waits for that its owner cannot do; None where it is theirs to complete."""


@dataclass(frozen=True)
class Line:
    """An item of a message."""

    what: Words
    reference: str
    group: Group
    due_on: date | None
    """The working day that the due day counts as; None without a due day."""
    late: int
    """Working days after the due day; 0 when it is not, or not yet by a working day."""
    is_late: bool
    step: str
    colleagues: tuple[PersonFacts, ...]
    """The people it concerns: the other auditor; for a manager, whose it is; for a call, whom to call."""
    filled_in_by: tuple[str, ...] = ()
    """The people who have begun to fill in the form: names, and "you"."""
    own_part: str = ""
    """The sentences that tell an auditor their part, where the audit is new to them or has no lead."""
    is_new: bool = False
    """True where this tells an auditor that it is theirs."""
    is_again: bool = False
    """True where it was theirs before, and they knew it."""
    is_receivers: bool = False
    """True where the receiver of an email to managers, a deputy, has it themselves, and nobody else has."""


def lines_of(
    items: Iterable[Due],
    known: Mapping[Obligation, Words],
    people: dict[int, PersonFacts],
    on: date,
    days: WorkingDays,
    new: Collection[tuple[int, int]] = (),
    again: Collection[tuple[int, int]] = (),
) -> list[Line]:
    """Return the lines of a message, each item once, most urgent first (due day, then reference).

    `new` are the ids of audits, each with that of an auditor who was not told yet that it is theirs; `again`
    are those of them who had it before.
    """
    by_key: dict[tuple[Obligation, str], Line] = {}
    for item in items:
        obligation = (item.obligation_kind, item.obligation_id)
        key = (obligation, item.step)
        line = _line(item, known[obligation], people, on, days)
        auditor = (item.obligation_id, item.person_id)
        if item.obligation_kind == AUDIT and item.kind == DIGEST:
            is_new, own = auditor in new, _own_part(item, known[obligation], on)
            if is_new or NO_LEAD in own:
                line = replace(line, own_part=own, is_new=is_new, is_again=auditor in again)
        if key in by_key:
            line = _joined(by_key[key], line)
        by_key[key] = line
    return sorted(
        by_key.values(), key=lambda line: (line.due_on or date.max, line.reference, line.group == Group.LEFT)
    )


def as_read_by(receiver: int, line: Line) -> Line:
    """Return a line of an email to managers as a deputy reads it, who may be an auditor or the owner."""
    others = tuple(person for person in line.colleagues if person.id != receiver)
    return replace(line, colleagues=others, is_receivers=bool(line.colleagues) and not others)


def _joined(first: Line, second: Line) -> Line:
    colleagues = (
        *first.colleagues,
        *(person for person in second.colleagues if person not in first.colleagues),
    )
    return replace(first, colleagues=colleagues)


def _own_part(item: Due, words: Words, on: date) -> str:
    """Return the sentences that tell an auditor their part in an audit that is theirs from now on."""
    held = dict(zip((person.id for person in words.holders), words.parts, strict=True))
    if item.person_id not in held:
        return ""
    other = next((person for person in words.holders if person.id != item.person_id), None)
    return own_part(
        held[item.person_id],
        words.parts,
        words.auditors,
        reach(other, on) if other else "",
        partner_left=other is not None and other.has_left(on),
    )


def _line(item: Due, words: Words, people: dict[int, PersonFacts], on: date, days: WorkingDays) -> Line:
    return Line(
        words,
        words.reference,
        _group(item, words, on, days),
        days.offset(words.due_on, 0) if words.due_on else None,
        days.working_days_late(words.due_on, on) if words.due_on else 0,
        words.due_on is not None and days.is_late(words.due_on, on),
        item.step,
        _colleagues(item, words, people),
        tuple(
            "you" if person.id == item.person_id and item.kind == DIGEST else person.name
            for person in words.filled_in_by
        ),
    )


def _group(item: Due, words: Words, on: date, days: WorkingDays) -> Group:
    if item.step == NEWS:
        return Group.NEWS
    if item.step == REASSIGN or words.due_on is None:
        return Group.LEFT
    if item.step == CHECK:
        return Group.CHECK
    if item.kind == DIGEST and item.person_id not in {person.id for person in words.holders}:
        return Group.HALF if words.holders else Group.NOBODY
    if days.is_late(words.due_on, on):
        return Group.OVERDUE
    if days.is_due(words.due_on, on):
        return Group.TODAY
    return Group.NEW if item.step == ASSIGNED else Group.SOON


def _colleagues(item: Due, words: Words, people: dict[int, PersonFacts]) -> tuple[PersonFacts, ...]:
    if item.step == REASSIGN:
        return (people[item.leaver_id],)
    if item.kind == MANAGER:
        theirs = tuple(person for person in words.holders if person.line_manager_id == item.person_id)
        if theirs or words.thing.audiences != OF_THOSE_ASKED:
            return theirs
    return tuple(person for person in words.holders if person.id != item.person_id)


def sentences(line: Line, kind: str, on: date) -> str:
    """Return a line of a message in one or more sentences, the same in plain text and HTML."""
    if line.group is Group.NEWS:
        return line.what.about
    when = _when(line)
    if line.what.about:
        when = f"{as_sentence(line.what.about)} {capitalised(when)}"
    names = listed(reach(person, on) for person in line.colleagues)
    begun = f" Partly filled in by {listed(line.filled_in_by)}." if line.filled_in_by else ""
    if line.what.waiting:
        begun += f" {line.what.waiting.said}"
    if kind == CALLS:
        return f"{when}. {_whom_to_call(line.colleagues, on)}{begun}"
    match line.group:
        case Group.NOBODY:
            return f"{when}. Team: {line.what.team}." if line.what.team else f"{when}."
        case Group.HALF:
            return f"{when}. Only {names} is assigned.{begun}"
        case Group.LEFT:
            left = listed(
                named(person.name, person.telephone, away_until=None, has_left=False)
                for person in line.colleagues
            )
            return f"{when}. {left} {have(len(line.colleagues))} left.{begun}"
    if line.is_receivers:
        return f"{when}. {_YOURS}{begun}"
    if line.own_part:
        return f"{when}. {line.own_part}{_new_or_again(line)}{begun}"
    return (f"{when}, with {names}." if names else f"{when}.") + begun


def _new_or_again(line: Line) -> str:
    """Return the sentence, after a space, that an audit is new to its auditor or theirs again; nothing where
    the heading says that it is new."""
    if line.is_again:
        return " It is yours again."
    return " It is new to you." if line.is_new and line.group is not Group.NEW else ""


def _when(line: Line) -> str:
    if line.due_on is None:
        return "no due date"
    due = day_and_month(line.due_on)
    if line.group is Group.CHECK:
        return f"ended {due}"
    if line.late:
        return f"was due {due}, {working_days(line.late)} ago"
    return f"{'was ' if line.is_late else ''}due {due}"


_YOURS = "It is yours."


def _whom_to_call(people: Sequence[PersonFacts], on: date) -> str:
    """Return whom to call. Who has left is not called; where all have, somebody else has to be chosen."""
    if not people:
        return _YOURS
    here = [reach(person, on) for person in people if not person.has_left(on)]
    left = [person.name for person in people if person.has_left(on)]
    gone = f"{listed(left)} {have(len(left))} left"
    if not here:
        return f"{gone}: choose someone else."
    return f"Call {listed(here)}. {gone}." if left else f"Call {listed(here)}."

"""The lines of a reminder in words: what is asked, by when, how late, whom it concerns. Pure."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum

from app.people.presence import PersonFacts
from app.reminders.due import REASSIGN, Due
from app.reminders.ladders import CALLS, MANAGER
from app.working_days import WorkingDays

LINES_SHOWN = 100
"""A message lists this many lines and says how many more there are: nobody reads a thousand."""


class Group(StrEnum):
    """Under which heading an item stands in a digest, the most urgent first."""

    OVERDUE = "Overdue"
    TODAY = "Due today"
    SOON = "Due soon"
    NEW = "New"
    NOBODY = "Nobody is assigned"
    HALF = "Half a pair: one auditor declined"
    LEFT = "To hand on: the auditor has left"


THE_AUDITORS_OWN = (Group.OVERDUE, Group.TODAY, Group.SOON, Group.NEW)
"""The groups of a digest that are about what the receiver has to do as an auditor."""


@dataclass(frozen=True)
class AuditWords:
    """What a message may say of an audit. Never a child, a case number, an answer or a comment."""

    reference: str
    team: str
    due_on: date
    started: bool
    pair: tuple[PersonFacts, ...]


@dataclass(frozen=True)
class Line:
    """One item of a message."""

    reference: str
    group: Group
    due_on: date
    """The working day that the due day counts as."""
    late: int
    """Working days after the due day; 0 when it is not."""
    step: str
    team: str
    started: bool
    colleagues: tuple[PersonFacts, ...]
    """Whom it concerns: the other auditor; for a manager, whose audit it is; for a call, whom to call."""


def lines(
    items: Iterable[Due],
    audits: dict[int, AuditWords],
    people: dict[int, PersonFacts],
    on: date,
    days: WorkingDays,
) -> list[Line]:
    """The lines of one message, each item once, most urgent first (due day, then reference)."""
    found: dict[tuple[int, str], Line] = {}
    for item in items:
        audit = audits[item.obligation_id]
        key = (item.obligation_id, item.step)
        line = _line(item, audit, people, on, days)
        if key in found:
            line = _joined(found[key], line)
        found[key] = line
    return sorted(found.values(), key=lambda line: (line.due_on, line.reference, line.group == Group.LEFT))


def _joined(first: Line, second: Line) -> Line:
    colleagues = (*first.colleagues, *(one for one in second.colleagues if one not in first.colleagues))
    return replace(first, colleagues=colleagues)


def _line(item: Due, audit: AuditWords, people: dict[int, PersonFacts], on: date, days: WorkingDays) -> Line:
    late = days.late(audit.due_on, on)
    return Line(
        audit.reference,
        _group(item, audit, on, days),
        days.offset(audit.due_on, 0),
        late,
        item.step,
        audit.team,
        audit.started,
        _colleagues(item, audit, people),
    )


def _group(item: Due, audit: AuditWords, on: date, days: WorkingDays) -> Group:
    if item.step == REASSIGN:
        return Group.LEFT
    if item.kind == "digest" and item.person_id not in {person.id for person in audit.pair}:
        return Group.HALF if audit.pair else Group.NOBODY
    due = days.offset(audit.due_on, 0)
    if on > due:
        return Group.OVERDUE
    if on == due:
        return Group.TODAY
    return Group.NEW if item.step == "assigned" else Group.SOON


def _colleagues(item: Due, audit: AuditWords, people: dict[int, PersonFacts]) -> tuple[PersonFacts, ...]:
    if item.step == REASSIGN:
        return (people[item.leaver_id],)
    if item.kind == "manager":
        return tuple(person for person in audit.pair if person.line_manager_id == item.person_id)
    return tuple(person for person in audit.pair if person.id != item.person_id)


def sentence(line: Line, kind: str, on: date) -> str:
    """One line of a message in words, the same in plain text and HTML."""
    due = in_words(line.due_on)
    when = f"was due {due}, {_working_days(line.late)} ago" if line.late else f"due {due}"
    names = " and ".join(_named(person, on, told_leave=kind == CALLS) for person in line.colleagues)
    if kind == CALLS:
        return f"{when}; call {names}"
    if kind == MANAGER:
        return f"{when}; with {names}"
    match line.group:
        case Group.NOBODY:
            return f"{when}; the case is {line.team}’s"
        case Group.HALF:
            return f"{when}; {names} is left"
        case Group.LEFT:
            return f"{when}; {names} had it"
    return f"{when}, with {names}" if names else when


def _named(person: PersonFacts, on: date, *, told_leave: bool) -> str:
    known = [person.telephone] if person.telephone else []
    leave = person.leave_on(on)
    if told_leave and person.has_left(on):
        known.append("has left")
    elif told_leave and leave:
        known.append(f"away until {in_words(leave.to_on)}")
    return f"{person.name} ({', '.join(known)})" if known else person.name


def _working_days(n: int) -> str:
    return f"{n} working day{'' if n == 1 else 's'}"


def counted(found: Sequence[Line]) -> str:
    """What a digest is about, for its subject: "2 audits: 1 overdue, 1 due today"."""
    one = found[0]
    what = (
        f"Audit {one.reference}" if len(found) == 1 else f"{len({line.reference for line in found})} audits"
    )
    parts = []
    for group, word in (
        (Group.OVERDUE, "overdue"),
        (Group.TODAY, "due today"),
        (Group.SOON, "due soon"),
        (Group.NEW, "new"),
        (Group.NOBODY, "with nobody assigned"),
        (Group.HALF, "with half a pair"),
        (Group.LEFT, "to hand on"),
    ):
        n = sum(line.group == group for line in found)
        if n == len(found):
            return _all_alike(what, group, word, found)
        if n:
            parts.append(f"{n} {word}")
    return f"{what}: {', '.join(parts)}"


def _all_alike(what: str, group: Group, word: str, found: Sequence[Line]) -> str:
    due_days = {line.due_on for line in found}
    if len(due_days) > 1:
        return f"{what} {word}"
    due = in_words(due_days.pop())
    match group:
        case Group.OVERDUE:
            return f"{what} overdue since {due}"
        case Group.TODAY:
            return f"{what} due today, {due}"
        case Group.SOON:
            return f"{what} due {due}"
        case Group.NEW:
            return f"{what} for you, due {due}"
    return f"{what} {word}, due {due}"


def in_words(day: date) -> str:
    """ "Monday 10 January"."""
    return f"{day:%A} {day.day} {day:%B}"

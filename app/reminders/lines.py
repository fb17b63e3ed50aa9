"""The lines of a reminder in words: what is asked, by when, how late, whom it concerns. Pure."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum

from app.outbox.names import ASSIGNED, CALLS, DIGEST, MANAGER
from app.people.presence import PersonFacts
from app.reminders.due import CHECK, REASSIGN, Due
from app.reminders.thing import MIXED, Thing, ToOthers
from app.wording import day_and_month, plural, working_days
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
    LEFT = "To hand on: somebody has left"
    CHECK = "Quick wins that have ended: did the figure move?"


THEIR_OWN = (Group.OVERDUE, Group.TODAY, Group.SOON, Group.NEW)
"""The groups of a digest that are about what the receiver has to do as an auditor or owner."""

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
    """The auditors of an audit, or the one owner."""
    team: str = ""
    """Of an audit: whose case it is."""
    about: str = ""
    """The words on what it is about, for all but audits."""


@dataclass(frozen=True)
class Line:
    """An item of a message."""

    what: Words
    reference: str
    group: Group
    due_on: date | None
    """The working day that the due day counts as; None without a due day."""
    late: int
    """Working days after the due day; 0 when it is not."""
    step: str
    colleagues: tuple[PersonFacts, ...]
    """The people it concerns: the other auditor; for a manager, whose it is; for a call, whom to call."""


def lines_of(
    items: Iterable[Due],
    known: Mapping[Obligation, Words],
    people: dict[int, PersonFacts],
    on: date,
    days: WorkingDays,
) -> list[Line]:
    """Return the lines of a message, each item once, most urgent first (due day, then reference)."""
    by_key: dict[tuple[Obligation, str], Line] = {}
    for item in items:
        obligation = (item.obligation_kind, item.obligation_id)
        key = (obligation, item.step)
        line = _line(item, known[obligation], people, on, days)
        if key in by_key:
            line = _joined(by_key[key], line)
        by_key[key] = line
    return sorted(
        by_key.values(), key=lambda line: (line.due_on or date.max, line.reference, line.group == Group.LEFT)
    )


def _joined(first: Line, second: Line) -> Line:
    colleagues = (
        *first.colleagues,
        *(person for person in second.colleagues if person not in first.colleagues),
    )
    return replace(first, colleagues=colleagues)


def _line(item: Due, words: Words, people: dict[int, PersonFacts], on: date, days: WorkingDays) -> Line:
    return Line(
        words,
        words.reference,
        _group(item, words, on, days),
        days.offset(words.due_on, 0) if words.due_on else None,
        days.working_days_late(words.due_on, on) if words.due_on else 0,
        item.step,
        _colleagues(item, words, people),
    )


def _group(item: Due, words: Words, on: date, days: WorkingDays) -> Group:
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
        return tuple(person for person in words.holders if person.line_manager_id == item.person_id)
    return tuple(person for person in words.holders if person.id != item.person_id)


def sentence(line: Line, kind: str, on: date) -> str:
    """Return a line of a message in words, the same in plain text and HTML."""
    when = _when(line)
    if line.what.about:
        when = f"{line.what.about}, {when}"
    names = " and ".join(_named(person, on, told_leave=kind == CALLS) for person in line.colleagues)
    if kind == CALLS:
        return f"{when}; call {names}"
    if kind == MANAGER:
        return f"{when}; with {names}"
    match line.group:
        case Group.NOBODY:
            return f"{when}; the case is {line.what.team}’s"
        case Group.HALF:
            return f"{when}; {names} is left"
        case Group.LEFT:
            return f"{when}; {names} had it"
    return f"{when}, with {names}" if names else when


def _when(line: Line) -> str:
    if line.due_on is None:
        return "no due day"
    due = day_and_month(line.due_on)
    if line.group is Group.CHECK:
        return f"ended {due}"
    return f"was due {due}, {working_days(line.late)} ago" if line.late else f"due {due}"


def _named(person: PersonFacts, on: date, *, told_leave: bool) -> str:
    known = [person.telephone] if person.telephone else []
    leave = person.leave_on(on)
    if told_leave and person.has_left(on):
        known.append("has left")
    elif told_leave and leave:
        known.append(f"away until {day_and_month(leave.to_on)}")
    return f"{person.name} ({', '.join(known)})" if known else person.name


def counted(lines: Sequence[Line], things: Sequence[Thing]) -> str:
    """Return what a digest is about, for its subject: "2 audits: 1 overdue, 1 due today".

    `things` are those of the lines, in the order in which they are counted.
    """
    single = f"{things[0].name.capitalize()} {lines[0].reference}"
    what = single if len(lines) == 1 else _numbers(lines, things)
    parts = []
    for group, word in (
        (Group.OVERDUE, "overdue"),
        (Group.TODAY, "due today"),
        (Group.SOON, "due soon"),
        (Group.NEW, "new"),
        (Group.NOBODY, "with nobody assigned"),
        (Group.HALF, "with half a pair"),
        (Group.LEFT, "to hand on"),
        (Group.CHECK, "to look at"),
    ):
        n = sum(line.group == group for line in lines)
        if n == len(lines):
            return _all_alike(what, group, word, lines)
        if n:
            parts.append(f"{n} {word}")
    return f"{what}: {', '.join(parts)}"


def _numbers(lines: Sequence[Line], things: Sequence[Thing]) -> str:
    """ "5 audits", "2 audits and 1 remedy"."""
    numbers = []
    for thing in things:
        n = len({line.reference for line in lines if line.what.thing == thing})
        numbers.append(f"{n} {plural(n, thing.name, thing.many)}")
    return " and ".join(numbers)


def _all_alike(what: str, group: Group, word: str, lines: Sequence[Line]) -> str:
    due_days = {line.due_on for line in lines}
    due_on = due_days.pop()
    if due_days or due_on is None or group is Group.CHECK:
        return f"{what} {word}"
    due = day_and_month(due_on)
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


def advice(lines: Sequence[Line], things: Sequence[Thing]) -> list[str]:
    """Return the sentences on what to do when what the receiver has to do cannot be done in time."""
    own = {line.what.thing for line in lines if line.group in THEIR_OWN}
    advices = dict.fromkeys(thing.advice for thing in things if thing in own and thing.advice)
    sentences = []
    for each in sorted(advices, key=lambda one: one.is_general):
        if len(lines) == 1:
            sentences.append(each.alone)
        else:
            sentences.append(each.among_its_kind if len(things) == 1 else each.among_others)
    return sentences


def to_others(things: Sequence[Thing]) -> ToOthers:
    """Return the words for line managers and coordinators of a message about these things."""
    return things[0].to_others if len(things) == 1 else MIXED


def link(lines: Sequence[Line], things: Sequence[Thing], message: str) -> str:
    """Return the path that a message leads to: the one thing it is about, or the page on which all stand."""
    if len(lines) == 1:
        return f"{things[0].place}/{lines[0].reference}"
    if message == MANAGER or len(things) > 1:
        return "/"
    return (message == CALLS and things[0].list_to_call) or things[0].place

"""The life of a response that a grade called for, and the people it is asked of. Pure.

It is called for by a return or a moderation in the product. It is open until somebody answers it, or until it
is no longer needed because no grade calls for it.
"""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from app import due_dates
from app.case_numbers import SHOWN_FOR
from app.concerns.receivers import managers_of
from app.people.presence import PersonFacts
from app.people.roles import RoleName
from app.people.standing_in import deputy_of
from app.wording import listed
from app.working_days import WorkingDays, happened


class ResponseState(StrEnum):
    """The state of a response on a day."""

    OPEN = "open"
    OVERDUE = "overdue"
    ANSWERED = "answered"
    FELL_AWAY = "no longer needed"


@dataclass(frozen=True)
class ResponseFacts:
    """The days that the state follows from, and those of a dispute."""

    due_on: date
    answered_on: date | None = None
    fell_away_on: date | None = None
    is_disputed: bool = False
    dispute_answered_on: date | None = None
    disputed_by: int | None = None
    worker_id: int | None = None
    """The worker of the case, where the audit names them."""
    is_returned: bool = True
    """False while the audit is with its auditors again: what they write now is no grade yet."""


def state(facts: ResponseFacts, on: date, days: WorkingDays) -> ResponseState:
    """Return the state: answered, else no longer needed, else overdue (it is late), else open."""
    if happened(facts.answered_on, on):
        return ResponseState.ANSWERED
    if happened(facts.fell_away_on, on):
        return ResponseState.FELL_AWAY
    return ResponseState.OVERDUE if days.is_late(facts.due_on, on) else ResponseState.OPEN


def how_overdue(facts: ResponseFacts, on: date, days: WorkingDays) -> str:
    """Return "by 2 working days" for a response that is overdue; nothing for any other."""
    overdue = state(facts, on, days) is ResponseState.OVERDUE
    return due_dates.how_overdue(facts.due_on, on, days) if overdue else ""


def in_time(due_on: date, answered_on: date | None, on: date, days: WorkingDays) -> bool:
    """Return True for a response that was answered by a day, and not after its due date."""
    return answered_on is not None and answered_on <= on and not days.is_late(due_on, answered_on)


def due_on(called_on: date, working_days: Iterable[int], days: WorkingDays) -> date:
    """Return the due date: the fewest of the questions' working days, from the day it was called for."""
    return days.offset(called_on, min(working_days))


def asked_of(
    team_id: int,
    respond_to: int | None,
    took_part: Collection[int],
    people: Mapping[int, PersonFacts],
    on: date,
) -> list[PersonFacts]:
    """Return the people whom a response is asked of, as of a day; any of them answers for all.

    They are the managers of the case's team who neither audited nor moderated it (`took_part` did), and the
    person whom the cycle names (`respond_to`). If there is none, the line managers of the team's managers;
    else the coordinators.
    """
    managers = managers_of(team_id, people.values(), on)
    asked = [person for person in managers if person.id not in took_part]
    named = people.get(respond_to) if respond_to is not None else None
    if named is not None and not named.has_left(on) and named not in asked:
        asked.append(named)
    if not asked:
        asked = [person for person in line_managers_of(managers, people) if not person.has_left(on)]
    return asked or _coordinators(people, on)


def answering(
    asked: Iterable[PersonFacts], took_part: Collection[int], people: Mapping[int, PersonFacts], on: date
) -> dict[int, PersonFacts]:
    """Return the people who can answer, by id: those asked, then the deputies of those who are away.

    A deputy who audited or moderated the case stands in for nobody here.
    """
    found = {person.id: person for person in asked}
    for person in list(found.values()):
        deputy = deputy_of(person, people, on)
        if deputy is not None and deputy not in took_part:
            found.setdefault(deputy, people[deputy])
    return found


def told_late(
    respond_to: int | None, asked: Iterable[PersonFacts], people: Mapping[int, PersonFacts]
) -> list[PersonFacts]:
    """Return the people who are told when it is late: the person whom the cycle names; where it names nobody,
    the line managers of those asked. Also who has left is one: that nobody was told is then recorded."""
    named = people.get(respond_to) if respond_to is not None else None
    return [named] if named is not None else line_managers_of(asked, people)


def line_managers_of(persons: Iterable[PersonFacts], people: Mapping[int, PersonFacts]) -> list[PersonFacts]:
    """Return the line managers of these people, each once."""
    ids = dict.fromkeys(person.line_manager_id for person in persons if person.line_manager_id)
    return [people[id_] for id_ in ids if id_ in people]


def _coordinators(people: Mapping[int, PersonFacts], on: date) -> list[PersonFacts]:
    found = [p for p in people.values() if RoleName.COORDINATOR in p.roles and not p.has_left(on)]
    return sorted(found, key=lambda person: person.name)


def sees_case(facts: ResponseFacts, on: date, days: WorkingDays) -> bool:
    """Return True while those asked see the number of the case: until 20 working days after the answer, and
    no longer once no response is needed."""
    if facts.answered_on is None:
        return not happened(facts.fell_away_on, on)
    return on <= days.offset(facts.answered_on, SHOWN_FOR)


def refuse_answer(facts: ResponseFacts, on: date, days: WorkingDays) -> str | None:
    """Return why it cannot be answered, in a sentence; None while it is open."""
    match state(facts, on, days):
        case ResponseState.ANSWERED:
            return "Someone has already answered this"
        case ResponseState.FELL_AWAY:
            return "A response is no longer needed, because the grade was changed or the audit was sent back"
    return None


def refuse_decision(facts: ResponseFacts, person_id: int, took_part: Collection[int], on: date) -> str | None:
    """Return why this moderator cannot decide the dispute, in a sentence; None where they can.

    The moderator has neither audited nor moderated the case, is not its worker and does not dispute its
    grade. The decision waits while the audit is with its auditors again. After the cycle is frozen it is
    kept, and no figure changes.
    """
    if not facts.is_disputed or not happened(facts.answered_on, on):
        return "The grade is not disputed"
    if facts.dispute_answered_on is not None:
        return "The dispute has already been decided"
    if why := _refuse_moderator(facts, person_id, took_part):
        return why
    if not facts.is_returned:
        return "The audit was sent back, so there is no grade to decide about until it is returned"
    return None


def _refuse_moderator(facts: ResponseFacts, person_id: int, took_part: Collection[int]) -> str | None:
    if person_id in took_part:
        return "You audited or moderated this case, so someone else must decide the dispute"
    if person_id == facts.worker_id:
        return "You are the worker of this case, so someone else must decide the dispute"
    if person_id == facts.disputed_by:
        return "You disputed the grade, so someone else must decide"
    return None


def who_can_decide(
    facts: ResponseFacts, took_part: Collection[int], people: Iterable[PersonFacts], on: date
) -> str:
    """Return who can decide a dispute, as a sentence without its full stop, or why nobody can yet."""
    moderators = [one for one in people if RoleName.MODERATOR in one.roles and not one.has_left(on)]
    able = [one.name for one in moderators if _refuse_moderator(facts, one.id, took_part) is None]
    if not moderators:
        why = "no one has the moderator role"
    elif not able:
        why = "every moderator audited or moderated this case, works on it or disputes its grade"
    elif not facts.is_returned:
        why = "the audit was sent back, and has no grade until it is returned"
    else:
        return f"{listed(sorted(able), 'or')} can decide"
    return f"No moderator can decide this yet: {why}"

"""The emails that the run of a day would write, as the page of scheduled emails shows them.

With very many open audits, only the emails to a few people are decided: those on the page.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

from flask_sqlalchemy.pagination import Pagination
from sqlalchemy import exists, select

from app.audits.counting import open_by_auditor
from app.audits.models import Assignment
from app.audits.promising import promised_among
from app.audits.standing import standings
from app.database import db
from app.listing import page_number, paged_by
from app.outbox.in_words import reminder_on, reminder_with_date
from app.outbox.kinds import Rendered
from app.outbox.names import WEEKLY
from app.people.models import Person
from app.people.presence import PersonFacts
from app.people.standing_in import deputy_of, stood_in_for
from app.reminders.day import Day
from app.reminders.deciding import day_of, decide, due_besides_audits, number_of_open_audits
from app.reminders.due import NOBODY, REASSIGN, Due
from app.reminders.holds import can_be_held, held_on
from app.reminders.messages import render_all
from app.reminders.settle import HELD, LEFT, ON_LEAVE, PROMISED, NotSentToday, Settled
from app.reminders.takeover import given_back_of, with_taken_over, would_take_over
from app.reminders.waiting_for import WaitingEmail, waiting_until
from app.reminders.why import reason_in_words

PAGE = 50
"""The emails on a page."""

MANY_AUDITS = 5_000
"""The most open audits of which the emails to everyone are decided at once."""

PEOPLE = 10
"""The most people on a page where there are more."""

AUDITS_OF_A_PAGE = 1_000
"""The most open audits that the people on such a page have, unless one of them alone has more."""

Receiver = tuple[int, str]
"""The receiver of an email and its kind."""


@dataclass(frozen=True)
class Reminder:
    """A reminder of an email, in words. `to` is the person it is for, where their deputy gets it."""

    due: Due
    words: str
    to: str
    can_be_held: bool


@dataclass(frozen=True)
class ScheduledEmail:
    """An email as the run of the day would write it."""

    to: PersonFacts
    kind: str
    reminders: Sequence[Reminder]
    rendered: Rendered

    @property
    def waits(self) -> bool:
        """True where it is written and not sent, until the access of its receiver is turned on."""
        return not self.to.has_access


@dataclass(frozen=True)
class NotScheduled:
    """A reminder that is due and does not go, with its reason in words; `held_id` where somebody holds it."""

    to: str
    reference: str
    words: str
    why: str
    held_id: int | None = None


class Scheduled:
    """The run of a day as it would decide, looked at once: the emails to everyone, or to some people."""

    def __init__(
        self,
        on: date,
        day: Day | None = None,
        to: Sequence[PersonFacts] = (),
        besides: Iterable[Due] | None = None,
    ) -> None:
        self.day: Day = day or day_of(on)
        self.to = to
        """The people whose emails these are, by name; none where they are everyone's."""
        self.is_working_day = self.day.days.is_working_day(on)
        self._settled = decide(self.day, besides) if self.is_working_day else Settled()
        if to:
            self._leave_out_others({person.id for person in to})
        batch = self._settled.messages
        self._taken = would_take_over(batch, self.day)
        self._messages = with_taken_over(batch, self._taken)
        self._receivers = sorted(self._settled.messages, key=lambda key: (self.day.people[key[0]].name, key))

    @property
    def number(self) -> int:
        """The number of emails."""
        return len(self._receivers)

    @property
    def waiting(self) -> int:
        """The number of those that wait until the access of their receivers is turned on."""
        return sum(not self.day.people[receiver].has_access for receiver, _ in self._receivers)

    def waiting_for(self, today: date) -> list[WaitingEmail]:
        """Return the emails that wait today for somebody who is back on the day."""
        replaced = {number for one in self._taken.values() for number in one.earlier}
        return waiting_until(self.day.on, today, self.day.people, replaced)

    def _leave_out_others(self, to: set[int]) -> None:
        """Leave out what goes to others, and what does not go to the people for whom somebody stands in."""
        messages = self._settled.messages.items()
        shown = to | {NOBODY} if self.day.concerns(NOBODY) else to
        self._settled = Settled(
            {key: due for key, due in messages if key[0] in to},
            [one for one in self._settled.not_sent if one.due.person_id in shown],
        )

    def page(self) -> Pagination:
        """Return the page of emails that the address names, by the names of their receivers."""
        return paged_by(self.emails, self.number, PAGE)

    def emails(self, skip: int, limit: int = PAGE) -> list[ScheduledEmail]:
        """Return the emails of a page, which begins after so many."""
        batch = {key: self._messages[key] for key in self._receivers[skip : skip + limit]}
        rendered = render_all(batch, self.day)
        return [
            ScheduledEmail(self.day.people[key[0]], key[1], self._reminders(key, due), rendered[key])
            for key, due in batch.items()
        ]

    def _reminders(self, key: Receiver, due: Sequence[Due]) -> list[Reminder]:
        if key[1] == WEEKLY:
            return []
        ordered = sorted(due, key=lambda one: (one.due_on or date.max, one.reference, one.step == REASSIGN))
        return [
            Reminder(
                item,
                self._with_reference(item),
                self.day.people[item.person_id].name if item.person_id != key[0] else "",
                can_be_held(item),
            )
            for item in ordered
        ]

    def not_sent(self) -> list[NotScheduled]:
        """Return what is due and does not go, each once, by the names of people."""
        decisions = [*self._settled.not_sent, *given_back_of(self._taken)]
        held = held_on(self.day.on, (one.due.key for one in decisions if one.reason == HELD))
        promised = (
            promised_among(self.day.audits, self.day.on)
            if any(one.reason == PROMISED for one in decisions)
            else {}
        )
        found = []
        for one in decisions:
            hold = held.get(one.due.key) if one.reason == HELD else None
            because = f"{hold.because} ({hold.by.name})" if hold else ""
            until = hold.until_on if hold else self._until(one, promised)
            why = reason_in_words(one.reason, until, because)
            person = self.day.people.get(one.due.person_id)
            to = person.name if person and one.due.person_id != NOBODY else ""
            found.append(
                NotScheduled(to, one.due.reference, self._words(one.due), why, hold.id if hold else None)
            )
        by_name = sorted(found, key=lambda one: (one.to, one.reference, one.words, one.why))
        return list(dict.fromkeys(by_name))

    def _until(self, decision: NotSentToday, promised: dict[int, date]) -> date | None:
        """Return the date that goes with a reason: the end of a leave, a leaving date, a promised date."""
        person = self.day.people.get(decision.due.person_id)
        if decision.reason == PROMISED:
            return promised.get(decision.due.obligation_id)
        if person is not None and decision.reason == ON_LEAVE:
            leave = person.leave_on(self.day.on)
            return leave.to_on if leave else None
        return person.leaving_on if person is not None and decision.reason == LEFT else None

    def _words(self, item: Due) -> str:
        return reminder_on(item.step, item.due_on, self.day.on, self.day.days)

    def _with_reference(self, item: Due) -> str:
        """Return "CP-009: due in 5 working days (due Friday 12 November 2010)"."""
        words = reminder_with_date(item.step, item.due_on, self.day.on, self.day.days)
        return f"{item.reference}: {words}"


def scheduled(on: date) -> tuple[Scheduled, Pagination]:
    """Return the emails of a day and the page of them that the address names: of a few people at a time where
    very many audits are open."""
    day = day_of(on)
    if not day.days.is_working_day(on) or number_of_open_audits(day) <= MANY_AUDITS:
        everyones = Scheduled(on, day)
        return everyones, everyones.page()
    besides = list(due_besides_audits(day))
    pages = list(pages_of(people_to_email(day, besides), _audits_behind(day)))
    number = min(page_number(), len(pages))
    theirs = scheduled_for(day, pages[number - 1], nobodys=number == 1, besides=besides)
    return theirs, paged_by(lambda _: theirs.emails(0, theirs.number), len(pages), 1)


def pages_of(people: Iterable[PersonFacts], audits: Mapping[int, int]) -> Iterator[Sequence[PersonFacts]]:
    """Yield the people of each page: few of those who have many audits, whose emails say much. At least one
    page, which may have nobody."""
    page: list[PersonFacts] = []
    for person in people:
        more = sum(audits.get(each.id, 0) for each in (*page, person)) > AUDITS_OF_A_PAGE
        if page and (len(page) == PEOPLE or more):
            yield page
            page = []
        page.append(person)
    yield page


def _audits_behind(day: Day) -> Mapping[int, int]:
    """Return the number of open audits that the emails to a person may be about, by their id: their own,
    those of the people whom they manage, and all for coordinators."""
    own = open_by_auditor(standings(day.on, day.days))
    behind = Counter(own)
    for person_id, number in own.items():
        if (manager_id := day.people[person_id].line_manager_id) is not None:
            behind[manager_id] += number
    behind.update(dict.fromkeys(day.coordinators(), sum(own.values())))
    return behind


def scheduled_for(
    day: Day, to: Sequence[PersonFacts], *, nobodys: bool, besides: Iterable[Due] | None = None
) -> Scheduled:
    """Return the emails to some people; `nobodys`: with what has nobody to go to. `besides` is what is due to
    everyone besides audits, where it was read already."""
    persons = {person.id for person in to}
    persons |= {away.id for person in to for away in stood_in_for(person.id, day.people, day.on)}
    only = frozenset(persons | {NOBODY} if nobodys else persons)
    theirs = replace(day, only=only)
    others = None if besides is None else (item for item in besides if theirs.concerns(item.person_id))
    return Scheduled(day.on, theirs, to, others)


def people_to_email(day: Day, besides: Iterable[Due] | None = None) -> list[PersonFacts]:
    """Return the people who may be emailed on a day, by name: auditors, their line managers, coordinators,
    all to whom anything else is due, and who stands in for them."""
    others = due_besides_audits(day) if besides is None else besides
    audits_something = exists().where(Assignment.person_id == Person.id)
    persons = set(db.session.scalars(select(Person.id).where(audits_something)))
    persons |= {manager for each in persons if (manager := day.people[each].line_manager_id) is not None}
    persons |= {*day.coordinators(), *(item.person_id for item in others)}
    known = [day.people[each] for each in persons if each in day.people]
    deputies = {deputy_of(person, day.people, day.on) for person in known}
    known += [day.people[each] for each in deputies - persons if each is not None]
    return sorted(known, key=lambda person: (person.name, person.id))

"""The smallest facts for the tests of the daily run: a coordinator, a manager, two auditors, days of 2010.

In November 2010 an audit due on Friday the 12th is due soon on the 5th, overdue on the 16th, told to the
managers on the 19th and a call to make on the 26th.
"""

from collections.abc import Iterable
from dataclasses import replace
from datetime import date, timedelta

from .second_facts import Assignment, Audit, Cycle, DueDay, Facts, Person, Result, Sent
from .second_implementation import run

Told = tuple[str, str, tuple[tuple[str, str], ...]]


def october(day: int) -> date:
    return date(2010, 10, day)


def november(day: int) -> date:
    return date(2010, 11, day)


def december(day: int) -> date:
    return date(2010, 12, day)


CORA = Person("cora", ("coordinator",))
MAX = Person("max", ("manager",))
LEA = Person("lea", ("auditor",), line_manager="max")
SAM = Person("sam", ("auditor",), line_manager="max")
STAFF = (CORA, MAX, LEA, SAM)
LONG_AGO = date(2010, 9, 1)


def pair(lead: str = "lea", second: str = "sam", assigned_on: date = LONG_AGO) -> tuple[Assignment, ...]:
    return Assignment(lead, "lead", assigned_on), Assignment(second, "second", assigned_on)


def an_audit(reference: str = "A1", due_on: date = date(2010, 11, 12), **facts: object) -> Audit:
    audit = Audit(reference, "C1", LONG_AGO, (DueDay(due_on),), assignments=pair())
    return replace(audit, **facts)  # type: ignore[arg-type]


def facts_of(*audits: Audit, people: tuple[Person, ...] = STAFF, closed_on: date | None = None) -> Facts:
    return Facts(people=people, cycles=(Cycle("C1", LONG_AGO, november(12), closed_on),), audits=audits)


def with_person(people: Iterable[Person], changed: Person) -> tuple[Person, ...]:
    return tuple(changed if person.email == changed.email else person for person in people)


def told(result: Result) -> list[Told]:
    """Return (receiver, kind, items) of each message, without the weekly ones."""
    return [
        (message.to, message.kind, tuple((item.item, item.step) for item in message.items))
        for message in result.messages
        if message.kind != "weekly"
    ]


def told_on_days(facts: Facts, days: Iterable[date], sent: Sent | None = None) -> dict[date, list[Told]]:
    """Return the messages of each day's run, without days that have none."""
    sent = sent or Sent()
    found = {}
    for day in days:
        result = run(facts, sent, day)
        sent = result.sent
        if told(result):
            found[day] = told(result)
    return found


def sent_after(facts: Facts, *days: date) -> Sent:
    sent = Sent()
    for day in days:
        sent = run(facts, sent, day).sent
    return sent


def days(first: date, last: date) -> list[date]:
    return [first + timedelta(days=n) for n in range((last - first).days + 1)]


def digest(to: str, *items: tuple[str, str]) -> Told:
    return to, "digest", items

"""A seeded random story: who is there on a day, and the moves that people make, one after the other."""

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from random import Random
from typing import NamedTuple, TypeVar

from flask import current_app
from sqlalchemy import ColumnElement, select

from app import clock
from app.actions.models import Action, Recommendation
from app.answers.models import Moderation
from app.audits.models import Assignment, Audit
from app.clock import Clock
from app.concerns.models import Remedy
from app.database import db
from app.news.models import News
from app.people.models import Leave, Person
from app.refusal import Refused
from tests.told.office import SECRET, Office

T = TypeVar("T", Audit, Action, Recommendation, Remedy)


class NobodyThere(Exception):
    """The reason why a move is not made: nothing to make it with, or nobody who could."""


class Expected(NamedTuple):
    """A message that has to reach somebody once they are there, unless it is overtaken by events."""

    kind: str
    person: int
    reference: str


class TickingClock(Clock):
    """A clock that is set, and goes on by a moment with each look at it: what waits is looked at once."""

    def now(self) -> datetime:
        assert self.fixed is not None
        self.fixed += timedelta(milliseconds=1)
        return self.fixed


@dataclass
class Story:
    """The state of the story while the month goes on."""

    office: Office
    random: Random
    on: date
    made: Counter[str] = field(default_factory=Counter)
    refused: Counter[str] = field(default_factory=Counter)
    handed_over: Counter[tuple[int, str]] = field(default_factory=Counter)
    """Moves that took an audit from a person, by person and reference."""
    given: Counter[tuple[int, str]] = field(default_factory=Counter)
    """Moves that gave an agreed thing to a person."""
    silent: Counter[tuple[int, str]] = field(default_factory=Counter)
    """Those of them by which a person got back what they never heard they had lost: nothing is said of it."""
    lost: set[tuple[int, str]] = field(default_factory=set)
    """The things that were a person's and went to another."""
    owner_of: dict[str, int | None] = field(default_factory=dict)
    """The person to whom a thing was given last."""
    awaited: set[Expected] = field(default_factory=set)
    written_to: set[tuple[int, str]] = field(default_factory=set)
    """The people and the references that a message has told them of, as they arrived."""
    _texts: int = 0

    def at(self, on: date, hour: int, minute: int = 0) -> None:
        """Set the clock."""
        self.on = on
        ticking = TickingClock(clock.clock().zone)
        ticking.fixed = datetime.combine(on, time(hour, minute), tzinfo=UTC)
        current_app.extensions["clock"] = ticking

    def secret(self, what: str) -> str:
        """Return words that no email may carry."""
        self._texts += 1
        return f"{what} {SECRET} {self._texts}"

    def person(self, person_id: int) -> Person:
        return db.session.get_one(Person, person_id)

    def has_left(self, person_id: int) -> bool:
        leaving_on = self.person(person_id).leaving_on
        return leaving_on is not None and leaving_on < self.on

    def is_away(self, person_id: int) -> bool:
        """True for somebody on leave today."""
        spells = select(Leave.id).where(
            Leave.person_id == person_id, Leave.from_on <= self.on, Leave.to_on >= self.on
        )
        return db.session.scalar(spells.limit(1)) is not None

    def is_there(self, person_id: int) -> bool:
        return not self.has_left(person_id) and not self.is_away(person_id)

    def one_of(self, people: Sequence[int]) -> Person:
        """Return one of these people who is there today."""
        there = [person for person in people if self.is_there(person)]
        if not there:
            raise NobodyThere
        return self.person(self.random.choice(there))

    def coordinator(self) -> Person:
        return self.one_of(self.office.coordinators)

    def audit(self, *which: ColumnElement[bool]) -> Audit:
        """Return some audit of those."""
        return _some(self, Audit, *which)

    def action(self, *which: ColumnElement[bool]) -> Action:
        return _some(self, Action, *which)

    def recommendation(self, *which: ColumnElement[bool]) -> Recommendation:
        return _some(self, Recommendation, *which)

    def remedy(self, *which: ColumnElement[bool]) -> Remedy:
        return _some(self, Remedy, *which)

    def is_true(self, likely: float = 0.5) -> bool:
        return self.random.random() < likely

    def lose(self, person_id: int, reference: str) -> None:
        """Note that an audit was taken from somebody who had been written to about it."""
        self.handed_over[person_id, reference] += 1
        if (person_id, reference) in self.written_to and not self.has_left(person_id):
            self.awaited.add(Expected("handed-over", person_id, reference))

    def give(self, person_id: int | None, reference: str, by: Person) -> None:
        """Note that somebody was given an agreed thing by somebody else."""
        before = self.owner_of.get(reference)
        if before is not None and before != person_id:
            self.lost.add((before, reference))
        self.owner_of[reference] = person_id
        if person_id is not None and person_id != by.id:
            self.given[person_id, reference] += 1
            got_back = (person_id, reference) in self.lost & self.written_to
            self.lost.discard((person_id, reference))
            if got_back and not _heard_of_losing(person_id, reference):
                self.silent[person_id, reference] += 1
                return
            self.awaited.add(Expected("given", person_id, reference))

    def make(self, name: str, move: Callable[["Story"], None]) -> None:
        """Make one move; the product may refuse it, as it may refuse people."""
        try:
            move(self)
        except Refused as why:
            self.refused[f"{name}: {why}"] += 1
        except NobodyThere:
            pass
        else:
            self.made[name] += 1
        db.session.rollback()


def _heard_of_losing(person_id: int, reference: str) -> bool:
    """True for who was told that there is nothing more to do; such news is gone where nobody had heard it."""
    over = ("no longer theirs", "nothing more to do")
    told = select(News.id).where(
        News.person_id == person_id, News.reference == reference, News.what.in_(over)
    )
    return db.session.scalar(told.limit(1)) is not None


def _some(story: Story, table: type[T], *which: ColumnElement[bool]) -> T:
    ids = db.session.scalars(select(table.id).where(*which).order_by(table.id)).all()
    if not ids:
        raise NobodyThere
    return db.session.get_one(table, story.random.choice(ids))


OUT = (Audit.returned_on.is_(None), Audit.withdrawn_on.is_(None))
OPEN = (*OUT, Audit.exempted_on.is_(None))
BACK = (Audit.returned_on.is_not(None), Audit.withdrawn_on.is_(None))


def pair_of(audit: Audit) -> dict[str, int]:
    """Return the auditors of today, by part."""
    query = select(Assignment.part, Assignment.person_id).where(
        Assignment.audit_id == audit.id, Assignment.ended_on.is_(None), Assignment.person_id.is_not(None)
    )
    return {part: person for part, person in db.session.execute(query) if person is not None}


def is_moderated(audit: Audit) -> bool:
    return db.session.get(Moderation, audit.id) is not None


def took_part_in(audit: Audit) -> set[int]:
    """Return all who ever audited or moderated it."""
    spells = select(Assignment.person_id).where(Assignment.audit_id == audit.id)
    moderation = db.session.get(Moderation, audit.id)
    return {
        *(person for person in db.session.scalars(spells) if person),
        *([moderation.moderator_id] if moderation else []),
    }

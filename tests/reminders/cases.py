"""Hypothesis makes cases of the daily run: a few people, cycles, audits and whatever else has an owner or an
audience, three months.

Each case is possible: nobody returns an audit that they do not have, no move follows the closing of a
cycle, and an audit that goes on in the product has at most one move a day.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta

from hypothesis import strategies as st

from .case_files import Case
from .case_loading import PARTS
from .second_facts import (
    RESPONSE_LADDER,
    Action,
    Assignment,
    Audit,
    Called,
    Cycle,
    DueDay,
    Facts,
    Leave,
    Named,
    News,
    Person,
    Promise,
    Recommendation,
    Remedy,
    Returned,
    Step,
    Telling,
)
from .tracker_cases import actions, quick_wins, recommendations

PERIODS = (
    (date(2010, 10, 1), date(2010, 12, 31)),
    (date(2026, 10, 1), date(2026, 12, 31)),
)
STAFF_TEAMS = ("Crewe", "Nantwich")
Owned = Action | Recommendation | Remedy
ALL_ARE_TOLD = (("those asked", "digest"), ("respond_to", "manager"), ("coordinators", "calls"))
TEAM_OF_CASES = "Wilmslow"  # no auditor's own team: everybody may audit there
ALL_TEAMS = (*STAFF_TEAMS, TEAM_OF_CASES)


def days_later(least: int, most: int) -> st.SearchStrategy[timedelta]:
    return st.integers(least, most).map(lambda days: timedelta(days=days))


def around(day: date, before: int, after: int) -> st.SearchStrategy[date]:
    return days_later(-before, after).map(lambda later: day + later)


@st.composite
def leaves(draw: st.DrawFn, hub: date, deputies: Sequence[str]) -> tuple[Leave, ...]:
    """Up to two spells of leave that do not overlap, with or without somebody who stands in."""
    spells = []
    day = hub - timedelta(days=20)
    for _ in range(draw(st.integers(0, 2))):
        from_on = day + draw(days_later(0, 30))
        to_on = from_on + draw(days_later(0, 15))
        spells.append(Leave(from_on, to_on, draw(st.none() | st.sampled_from(deputies))))
        day = to_on + timedelta(days=1)
    return tuple(spells)


@st.composite
def staff(draw: st.DrawFn, hub: date) -> tuple[Person, ...]:
    """Draw one to three coordinators (some audit as well), two managers, three or four auditors.

    Some are away, some are leaving.
    """
    managers = [Person(f"manager{n}@council.example", ("manager",)) for n in (1, 2)]
    coordinators = [
        Person(
            f"coordinator{n}@council.example",
            draw(st.sampled_from((("coordinator",), ("coordinator", "auditor"), ("coordinator", "manager")))),
        )
        for n in range(1, 1 + draw(st.integers(1, 3)))
    ]
    auditors = [
        Person(
            f"auditor{n}@council.example",
            draw(st.sampled_from((("auditor",), ("auditor",), ("auditor", "moderator")))),
        )
        for n in range(1, 1 + draw(st.integers(3, 4)))
    ]
    above = [person.email for person in managers]
    above_auditors = above + [person.email for person in coordinators]
    everybody = [*managers, *coordinators, *auditors]
    finished = []
    for person in everybody:
        choices = above if person in coordinators else above_auditors if person in auditors else []
        others = [other.email for other in everybody if other != person]
        finished.append(
            replace(
                person,
                team=draw(st.sampled_from(STAFF_TEAMS if "auditor" in person.roles else ALL_TEAMS)),
                line_manager=draw(st.sampled_from([*choices, None])),
                leaves=draw(leaves(hub, others)),
                leaving_on=draw(st.none() | st.none() | st.none() | around(hub, 20, 20)),
                news_by_email=draw(st.sampled_from((True, True, False))),
            )
        )
    return tuple(finished)


def due_days(hub: date, last: date) -> st.SearchStrategy[date]:
    """Due days mostly about one day, so that they meet leave and one another; some at the turn of the year,
    where the bank holidays are; some anywhere."""
    return around(hub, 5, 5) | around(last, 9, 5) | around(last, 105, 10)


@st.composite
def cycles(
    draw: st.DrawFn, hub: date, first: date, last: date, people: Sequence[Person]
) -> tuple[Cycle, ...]:
    made = []
    for number in range(1, 1 + draw(st.integers(1, 2))):
        requested_on = first + draw(days_later(-30, 10))
        due_on = max(requested_on, draw(due_days(hub, last)))
        closed_on = draw(st.none() | around(first + timedelta(days=60), 30, 30))
        auditors = draw(st.sampled_from((2, 2, 1)))
        named = draw(st.none() | st.sampled_from([person.email for person in people]))
        reference = f"{first.year}-{number}"
        cycle = Cycle(reference, requested_on, due_on, closed_on, auditors=auditors, respond_to=named)
        made.append(replace(cycle, telling=draw(tellings(first))))
    return tuple(made)


@st.composite
def tellings(draw: st.DrawFn, first: date) -> tuple[Telling, ...]:
    """Draw whether workers are told, sometimes chosen otherwise within the period."""
    if draw(st.integers(0, 3)) == 3:
        return ()
    changed_on = sorted(draw(st.lists(around(first, 0, 80), max_size=2, unique=True)))
    at_first = draw(st.sampled_from((True, True, False)))
    later = [Telling(at_first == (n % 2 == 1), day) for n, day in enumerate(changed_on)]
    return (Telling(at_first), *later)


@st.composite
def workers(draw: st.DrawFn, first: date, people: Sequence[Person]) -> tuple[Named, ...]:
    """Draw the worker of a case: mostly one, sometimes named within the period, or another one, or none."""
    emails = [person.email for person in people]
    days = draw(st.sampled_from(((), (None,), (None,), (first,), (None, first), (None, first, first))))
    found: list[Named] = []
    for day in days:
        since = None if day is None else draw(around(first, 0, 80))
        if not found or since is None or found[-1].since is None or found[-1].since < since:
            found.append(Named(draw(st.sampled_from(emails * 3 + [None])), since))
    return tuple(found)


@dataclass
class Story:
    """An audit while it is being made up, for moves in the product from `day` on, before `ends_on`.

    `auditors` is how many its cycle needs.
    """

    audit: Audit
    auditors: int
    day: date
    people: Sequence[Person]
    assignments: list[Assignment] = field(default_factory=list)
    due_days: list[DueDay] = field(default_factory=list)
    returns: list[Returned] = field(default_factory=list)
    over: bool = False

    def holders(self) -> dict[str, str]:
        return {spell.part: spell.person for spell in self.assignments if spell.ended_on is None}

    def empty(self) -> list[str]:
        """The parts that nobody has."""
        return [part for part in PARTS if part not in self.holders()]

    def missing(self) -> list[str]:
        """Those of them that the cycle needs."""
        return [part for part in self.empty() if part in PARTS[: self.auditors]]

    def is_returned(self) -> bool:
        return bool(self.returns) and self.returns[-1].sent_back_on is None

    def possible(self) -> list[str]:
        """The moves that the audit's state allows."""
        if self.over:
            return []
        if self.is_returned():
            return ["send back"]
        moves = ["extend"]
        holders = self.holders()
        if self.missing():
            moves.append("assign")
        if holders:
            moves += ["decline", "reassign"]
        if "lead" in holders:
            moves.append("return")
        return moves

    def last_ones(self) -> list[str]:
        """The moves after which no other comes."""
        return [] if self.is_returned() else ["withdraw", "exempt"]

    def free(self) -> list[str]:
        """Return the auditors who could be assigned: still here and not assigned already."""
        taken = self.holders().values()
        return [
            person.email
            for person in self.people
            if "auditor" in person.roles
            and person.email not in taken
            and (person.leaving_on is None or person.leaving_on >= self.day)
        ]

    def end_spell(self, part: str, how: str) -> None:
        self.assignments = [
            replace(spell, ended_on=self.day, ended_by=how)
            if spell.part == part and spell.ended_on is None
            else spell
            for spell in self.assignments
        ]

    def finished(self) -> Audit:
        return replace(
            self.audit,
            assignments=tuple(self.assignments),
            due_days=tuple(self.due_days),
            returns=tuple(self.returns),
        )


@st.composite
def stories(
    draw: st.DrawFn, audit: Audit, cycle: Cycle, people: Sequence[Person], first: date, ends_on: date
) -> Audit:
    """An audit that goes on in the product: up to five moves, each on a day of its own."""
    story = Story(
        audit,
        cycle.auditors,
        max(first, audit.requested_on),
        people,
        list(audit.assignments),
        list(audit.due_days),
    )
    for _ in range(draw(st.integers(1, 5))):
        story.day += draw(days_later(1, 15))
        possible = story.possible()
        if story.day >= ends_on or not possible:
            break
        move(draw, story, draw(st.sampled_from(possible * 3 + story.last_ones())))
    return story.finished()


def move(draw: st.DrawFn, story: Story, what: str) -> None:
    day = story.day
    if what in ("extend", "send back"):
        due_on = max(day, story.due_days[-1].due_on) + draw(days_later(1, 25))
        story.due_days.append(DueDay(due_on, since=day))
        if what == "send back":
            story.returns[-1] = replace(story.returns[-1], sent_back_on=day)
    elif what == "return":
        story.returns.append(Returned(day))
        story.audit = replace(story.audit, started_on=story.audit.started_on or day)
    elif what == "withdraw":
        story.audit, story.over = replace(story.audit, withdrawn_on=day), True
    elif what == "exempt":
        story.audit, story.over = replace(story.audit, exempted_on=day), True
    elif what == "assign":
        # a second may be named also where none is needed
        empty = story.empty() if draw(st.booleans()) else story.missing()
        free = draw(st.permutations(story.free()))
        if len(free) >= len(empty):
            story.assignments += [Assignment(who, part, day) for who, part in zip(free, empty, strict=False)]
    else:
        part = draw(st.sampled_from(sorted(story.holders())))
        if what == "decline":
            story.end_spell(part, "decline")
        elif free := story.free():
            story.end_spell(part, "reassignment")
            story.assignments.append(Assignment(draw(st.sampled_from(free)), part, day))


@st.composite
def audits(
    draw: st.DrawFn,
    reference: str,
    people: Sequence[Person],
    cycle: Cycle,
    hub: date,
    first: date,
    last: date,
) -> tuple[Audit, bool]:
    """An audit, and whether it goes on in the product: otherwise a file tells all of it, days to come
    included."""
    requested_on = cycle.requested_on + draw(days_later(0, 15))
    due_on = max(requested_on, draw(due_days(hub, last)))
    audit = Audit(reference, cycle.reference, requested_on, (DueDay(due_on),), TEAM_OF_CASES)
    pair = draw(st.permutations([person.email for person in people if "auditor" in person.roles]))[:2]
    assigned_on = requested_on + draw(days_later(0, 25))
    what = draw(st.sampled_from(("pair", "half", "nobody", "pair goes on", "nobody goes on")))
    # where one is enough, mostly one is there
    alone = cycle.auditors == 1 and draw(st.sampled_from((True, True, False)))
    if what == "pair":
        returned_on = draw(st.none() | days_later(1, 60).map(lambda later: assigned_on + later))
        first_due_on = draw(st.none() | days_later(0, 20).map(lambda earlier: due_on - earlier))
        audit = replace(
            audit,
            assignments=both(pair, assigned_on)[: 1 if alone else 2],
            started_on=returned_on,
            returns=(Returned(returned_on),) if returned_on else (),
            first_due_on=None if first_due_on is None else max(requested_on, first_due_on),
        )
    if what == "half":
        half = both(pair, assigned_on)[draw(st.integers(0, 1)) :][:1]
        audit = replace(audit, assignments=half, declined_on=assigned_on + draw(days_later(0, 30)))
    if what in ("pair", "half", "nobody"):
        latest = audit.declined_on or assigned_on
        if not audit.returns:
            withdrawn_on = draw(st.none() | st.none() | days_later(0, 60).map(lambda later: latest + later))
            audit = replace(audit, withdrawn_on=withdrawn_on)
        return audit, False
    if what == "pair goes on" and requested_on < first:
        before = min(assigned_on, first - timedelta(days=1))
        audit = replace(audit, assignments=both(pair, before)[: 1 if alone else 2])
    ends_on = last if cycle.closed_on is None else min(last, cycle.closed_on)
    return draw(stories(audit, cycle, people, first, ends_on)), True


@st.composite
def promises(draw: st.DrawFn, audit: Audit) -> tuple[Promise, ...]:
    """Up to four promises about a due day of an audit: noted with a chase or by an auditor, long and short,
    recorded in any order, some of them struck through again."""
    if draw(st.booleans()):
        return ()
    auditors = sorted({spell.person for spell in audit.assignments})
    made = []
    for number in range(draw(st.integers(1, 4))):
        given_on = draw(around(draw(st.sampled_from(audit.due_days)).due_on, 3, 25))
        promised_on = given_on + draw(days_later(0, 8) | days_later(0, 35))
        auditor = draw(st.none() | st.sampled_from(auditors)) if auditors else None
        struck_on = given_on + draw(days_later(0, 15)) if draw(st.integers(0, 3)) == 0 else None
        made.append(Promise(given_on, promised_on, auditor, None if auditor else struck_on, number))
    return tuple(made)


@st.composite
def remedies(
    draw: st.DrawFn, reference: str, people: Sequence[Person], hub: date, first: date, last: date
) -> Remedy:
    """Something to put right on one file, mostly with an owner, sometimes done or withdrawn."""
    raised_on = first + draw(days_later(-30, 40))
    due_on = max(raised_on, draw(due_days(hub, last)))
    ended_on = raised_on + draw(days_later(1, 70))
    how = draw(st.sampled_from(("open", "open", "done", "withdrawn")))
    owner = draw(st.sampled_from([None, *(person.email for person in people)]))
    return Remedy(
        reference,
        owner,
        (DueDay(due_on),),
        raised_on,
        done_on=ended_on if how == "done" else None,
        withdrawn_on=ended_on if how == "withdrawn" else None,
    )


@st.composite
def responses(draw: st.DrawFn, audit: Audit, number: int, hub: date, first: date, last: date) -> Called:
    """A response that a grade called for, mostly waited for, sometimes answered or fallen away."""
    called_on = first + draw(days_later(-30, 60))
    due_on = max(called_on, draw(due_days(hub, last)))
    ended_on = called_on + draw(days_later(0, 40))
    how = draw(st.sampled_from(("open", "open", "answered", "fell away")))
    return Called(
        f"{audit.reference}-P{number}",
        audit.reference,
        called_on,
        due_on,
        answered_on=ended_on if how == "answered" else None,
        fell_away_on=ended_on if how == "fell away" else None,
    )


@st.composite
def news(
    draw: st.DrawFn, people: Sequence[Person], audits: Sequence[Audit], owned: Sequence[Owned], first: date
) -> tuple[News, ...]:
    """Up to six pieces of news about these things: mostly to people who have them on some day, some of them
    read, some for moderators."""
    everybody = [person.email for person in people]
    made = []
    for number in range(1, 1 + draw(st.integers(0, 6))):
        thing = draw(st.sampled_from([*audits, *owned]))
        if isinstance(thing, Audit):
            whose = [spell.person for spell in thing.assignments]
        else:
            whose = [thing.owner] if thing.owner else []
        made_on = first + draw(days_later(-10, 80))
        read_on = made_on + draw(days_later(0, 30)) if draw(st.integers(0, 2)) == 0 else None
        made.append(
            News(
                number,
                draw(st.sampled_from(whose or everybody) | st.sampled_from(everybody)),
                (type(thing).__name__.lower(), thing.reference),
                made_on,
                read_on,
                for_moderators=isinstance(thing, Audit) and draw(st.integers(0, 3)) == 0,
            )
        )
    return tuple(made)


@st.composite
def ladders_of_responses(draw: st.DrawFn) -> tuple[Step, ...]:
    """Mostly the ladder of the table; sometimes other days, a step left out, or more people told."""
    if draw(st.booleans()):
        return RESPONSE_LADDER
    found = []
    for step in RESPONSE_LADDER:
        if draw(st.integers(0, 5)) == 0:
            continue
        offset = draw(st.integers(-5, 0) if step.offset == 0 else st.integers(1, 12))
        told = draw(st.sampled_from((step.to, step.to, ALL_ARE_TOLD)))
        found.append(replace(step, offset=offset, to=told))
    return tuple(found)


def both(pair: Sequence[str], assigned_on: date) -> tuple[Assignment, ...]:
    return tuple(Assignment(person, part, assigned_on) for person, part in zip(pair, PARTS, strict=True))


@st.composite
def run_days(draw: st.DrawFn, first: date, last: date) -> tuple[date, ...]:
    """The days of the period, weekends included, less up to three times when nothing ran; some runs are
    repeated."""
    days = [first + timedelta(days=n) for n in range((last - first).days + 1)]
    for _ in range(draw(st.integers(0, 3))):
        down_from = first + draw(days_later(0, 85))
        down_to = down_from + draw(days_later(0, 12))
        days = [day for day in days if not down_from <= day <= down_to]
    twice = draw(st.lists(st.sampled_from(days), max_size=2))
    return tuple(sorted(days + twice))


@st.composite
def cases(draw: st.DrawFn) -> Case:
    """A case within October to December of 2010 or 2026."""
    first, last = draw(st.sampled_from(PERIODS))
    hub = draw(around(first, 0, 91))
    people = draw(staff(hub))
    of_cycles = draw(cycles(hub, first, last, people))
    made = []
    in_product = set()
    for number in range(1, 1 + draw(st.integers(1, 5))):
        reference = f"A-{number:02d}"
        audit, goes_on = draw(audits(reference, people, draw(st.sampled_from(of_cycles)), hub, first, last))
        if draw(st.integers(0, 3)) == 0:
            moderator = draw(st.sampled_from([person.email for person in people]))
            audit = replace(audit, moderated=(moderator, draw(around(first, 0, 91))))
        named = draw(workers(first, people))
        made.append(replace(audit, promises=draw(promises(audit)), workers=named))
        if goes_on:
            in_product.add(reference)
    closures = draw(st.sets(around(first, 0, 91), max_size=3))
    put_right = tuple(
        draw(remedies(f"R-{number}", people, hub, first, last))
        for number in range(1, 1 + draw(st.integers(0, 3)))
    )
    tracked = [draw(actions(f"T-{n}", people, first)) for n in range(1, 1 + draw(st.integers(0, 3)))]
    asked = [draw(recommendations(f"B-{n}", people, first)) for n in range(1, 1 + draw(st.integers(0, 2)))]
    practised = [draw(quick_wins(f"Q-{n}", tracked, first)) for n in range(1, 1 + draw(st.integers(0, 2)))]
    waited_for = tuple(
        draw(responses(draw(st.sampled_from(made)), n, hub, first, last))
        for n in range(1, 1 + draw(st.integers(0, 3)))
    )
    facts = Facts(
        responses=waited_for,
        response_ladder=draw(ladders_of_responses()),
        recommendations=tuple(asked),
        actions=tuple(tracked),
        quick_wins=tuple(practised),
        people=people,
        closures=frozenset(closures),
        cycles=of_cycles,
        audits=tuple(made),
        remedies=put_right,
        news=draw(news(people, made, (*tracked, *asked, *put_right), first)),
    )
    return Case(facts, first, draw(run_days(first, last)), frozenset(in_product))

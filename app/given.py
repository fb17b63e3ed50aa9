"""The message `given`: an action, recommendation or remedy has a new owner, who is told at once.

Areas whose things have owners tell here how they are read, and call `write_given` in the transaction of the
move. One message tells a person of all that they were given in one step. What it says of a thing that was
theirs before is in `app.news.coming_back`.
"""

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import select

from app.database import db
from app.due_dates import that_counts
from app.history import record as history
from app.moves.owners import owners_before
from app.news import telling
from app.news.coming_back import Said, said_of_what_comes_back, said_of_what_is_agreed
from app.nothing_more import OVER, ever_sent
from app.outbox import kinds
from app.outbox.kinds import Changed, Holds, Overtaken, Rendered, Verdict, Waits
from app.outbox.models import HELD, QUEUED, Message
from app.outbox.rendering import render
from app.outbox.writing import write
from app.people.closures import working_days
from app.people.models import Person
from app.people.presence import PersonFacts
from app.people.queries import everyone
from app.people.reaching import reach
from app.wording import sentence

KIND = "given"

LONGEST = 120
"""Characters of a text that a message repeats."""


@dataclass(frozen=True)
class Given:
    """An agreed thing that its owner has to do."""

    kind: str
    """The kind as people read it: "action"."""
    reference: str
    about: str
    """The words on what it is about, which an email may have."""
    due_on: date | None
    owner_id: int
    address: str
    otherwise: str
    """The sentence on what an owner can do who cannot do it, or until the others have decided."""
    waits: str = ""
    """The sentence on what it waits for from others, so that it cannot be completed yet."""


@dataclass(frozen=True)
class Line:
    """The line of a message about a thing, true on a day, with the due date that counts."""

    given: Given
    about: str
    """A whole sentence."""
    due_on: date | None
    is_late: bool
    is_again: bool
    """True where it was theirs before."""
    is_agreed: bool
    """True where they were told of it before it was agreed."""


Thing = tuple[str, int]
"""The kind and the id of a thing."""

Reader = Callable[[Collection[int], date], Mapping[int, Given]]
"""Returns those of these things of a kind, by id, that are agreed, still to be done and have an owner."""

_READERS: dict[str, Reader] = {}


def register(kind: str, reader: Reader) -> None:
    """Make a kind of thing known that people can be given."""
    _READERS[kind] = reader


def shortened(text: str) -> str:
    """Return enough of a text to be recognised in a message."""
    return text if len(text) <= LONGEST else f"{text[: LONGEST - 1]}…"


def write_given(things: Iterable[Thing], by: Person, on: date, *, are_agreed: bool = False) -> None:
    """Tell the owners of these things, each a kind and an id, in one message each, on any day and hour.

    `are_agreed` where they were agreed just now, and have the owners that they had. Nobody is told who gave
    it to themselves or has left, and nothing is said of drafts. While the owner is on leave it waits.
    """
    theirs: dict[int, list[Thing]] = defaultdict(list)
    asked = list(dict.fromkeys(things))
    read = _read(asked, on)
    for thing in asked:
        if thing in read and read[thing].owner_id != by.id:
            theirs[read[thing].owner_id].append(thing)
    people = everyone() if theirs else {}
    for person_id, of_theirs in sorted(theirs.items()):
        of_person = {thing: read[thing] for thing in of_theirs}
        said = _said(person_id, people[person_id].name, of_person, are_agreed=are_agreed)
        given = [thing for thing in of_theirs if said[thing] is not Said.NOTHING]
        if people[person_id].has_left(on) or not given:
            continue
        again = [thing for thing in given if said[thing] is Said.AGAIN]
        agreed = [thing for thing in given if said[thing] is Said.AGREED]
        message_facts = {
            "things": [list(thing) for thing in given],
            "from": by.id,
            "again": [list(thing) for thing in again],
            "agreed": [list(thing) for thing in agreed],
        }
        write(
            KIND,
            recipient=person_id,
            address=people[person_id].email,
            rendered=_rendered({thing: read[thing] for thing in given}, again, agreed, people.get(by.id), on),
            why="Sent at once, because they were given this to do",
            on=on,
            facts=message_facts,
        )


def _read(things: Iterable[Thing], on: date) -> dict[Thing, Given]:
    ids: dict[str, set[int]] = defaultdict(set)
    for kind, number in things:
        ids[kind].add(number)
    return {
        (kind, number): given
        for kind, some in ids.items()
        for number, given in _READERS[kind](some, on).items()
    }


def _said(person_id: int, name: str, given: Mapping[Thing, Given], *, are_agreed: bool) -> dict[Thing, Said]:
    """Return what is said to the owner of each of these things; the news that they had nothing more to do is
    taken back where they have not heard it."""
    waiting, said = on_their_way(person_id), {}
    for (kind, number), one in given.items():
        not_heard = telling.take_back(OVER, kind, number, of=person_id)
        heard_of_it = (number, person_id) in ever_sent(kind, {person_id: [number]})
        email_waits = (kind, number) in waiting
        if are_agreed:
            said[kind, number] = said_of_what_is_agreed(heard_of_it=heard_of_it, email_waits=email_waits)
        elif _was_owner(name, kind, one.reference):
            knew = heard_of_it or telling.ever_told(OVER, kind, number, person_id)
            said[kind, number] = said_of_what_comes_back(
                heard_of_it=heard_of_it, heard_it_was_over=knew and not not_heard, email_waits=email_waits
            )
        else:
            said[kind, number] = Said.AS_NEW
    return said


def on_their_way(person_id: int) -> set[Thing]:
    """Return the things that an email which has not gone yet gives to a person."""
    query = select(Message.facts).where(
        Message.kind == KIND, Message.recipient == person_id, Message.state.in_((QUEUED, HELD))
    )
    return {(kind, number) for facts in db.session.scalars(query) for kind, number in facts["things"]}


def _was_owner(name: str, kind: str, reference: str) -> bool:
    """Return True where the history of a thing has this owner before the one of now."""
    return name in owners_before(history.of(kind, reference))


def _rendered(
    given: Mapping[Thing, Given],
    again: Collection[Thing],
    agreed: Collection[Thing],
    by: PersonFacts | None,
    on: date,
) -> Rendered:
    days = working_days()
    lines = [
        Line(
            one,
            about=sentence(one.about),
            due_on=that_counts(one.due_on, days),
            is_late=one.due_on is not None and days.is_late(one.due_on, on),
            is_again=thing in again,
            is_agreed=thing in agreed and not one.waits,
        )
        for thing, one in given.items()
    ]
    ordered = sorted(lines, key=lambda line: (line.due_on or date.max, line.given.reference))
    return render(KIND, lines=ordered, by=reach(by, on) if by else None)


def recheck(message: Message, on: date) -> Verdict:
    """Hold for each thing that is still theirs to do, with its due date of the day; wait while they are on
    leave."""
    on = max(on, message.on)
    people = everyone()
    person = people.get(message.recipient or 0)
    if person is None or person.has_left(on):
        return Overtaken("They have left")
    message_facts: Mapping[str, Any] = message.facts
    read = _read(((kind, number) for kind, number in message_facts["things"]), on)
    theirs = {thing: given for thing, given in read.items() if given.owner_id == person.id}
    again, agreed = (
        [(kind, number) for kind, number in message_facts.get(said, ())] for said in ("again", "agreed")
    )
    if not theirs:
        return Overtaken("They no longer have to do any of it")
    if all(thing in agreed and given.waits for thing, given in theirs.items()):
        return Overtaken("The decision was taken back")
    if person.leave_on(on):
        return Waits("They are on leave")
    rendered = _rendered(theirs, again, agreed, people.get(message_facts["from"]), on)
    return Holds() if rendered.text == message.text else Changed(rendered)


kinds.register(KIND, 3, kinds.each(recheck))

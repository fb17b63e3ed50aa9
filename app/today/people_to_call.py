"""The phone calls that coordinators have to make, by person, and the log of what was said."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date

from app.audits import lifecycle
from app.audits.chasing import chase_in_words, log_chase, refuse_contact
from app.audits.standing import Standings
from app.concerns.responses_open import OpenResponse, open_responses
from app.database import db, transaction
from app.history.record import Event, record
from app.moves.moving import without_case_number
from app.people.models import Person
from app.people.presence import PersonFacts
from app.people.queries import everyone
from app.refusal import Refused
from app.reminders.case_of import case_of
from app.reminders.due import AUDIT, RESPONSE
from app.reminders.ladder_book import ladder_book
from app.reminders.models import CallMade
from app.today import their_work
from app.working_days import WorkingDays


@dataclass(frozen=True)
class ToCallAbout:
    """An overdue thing that a person is called about. `words` say what it is, besides its reference."""

    kind: str
    id: int
    reference: str
    address: str
    words: str
    overdue: str

    @property
    def key(self) -> str:
        """Return what tells it from others on a page: "action A-1"."""
        return f"{self.kind} {self.reference}"


@dataclass(frozen=True)
class PersonToCall:
    """A person to call, with all that they are called about, the most overdue first."""

    person: PersonFacts
    has_left: bool
    """True for who has left work that nobody else has: somebody is to be chosen for it, not called."""
    about: list[ToCallAbout] = field(default_factory=list)


def people_to_call(
    at: Standings, days: WorkingDays, responses: Sequence[OpenResponse] | None = None
) -> list[PersonToCall]:
    """Return the people to call, each once with everything of theirs; whom the most overdue thing concerns
    comes first. Who has left is not called, and comes last with what nobody else has."""
    everybody, book = everyone(), ladder_book()
    found: dict[int, PersonToCall] = {}

    def add(ids: Iterable[int], about: ToCallAbout) -> None:
        people = [everybody[number] for number in ids]
        for person in [each for each in people if not each.has_left(at.on)] or people:
            to_call = found.setdefault(person.id, PersonToCall(person, person.has_left(at.on)))
            to_call.about.append(about)

    for row in their_work.audits_to_call(book, at, days):
        about = ToCallAbout(
            AUDIT,
            row.id,
            row.reference,
            f"/audits/{row.reference}",
            f"{row.team}, {lifecycle.progress(row.facts, at.on)}",
            row.overdue,
        )
        add([auditor.person_id for auditor in row.pair.values()], about)
    for late in their_work.owned_to_call(book, at, days):
        add(
            [late.owner.id],
            ToCallAbout(late.kind, late.id, late.reference, late.address, late.subject, late.overdue),
        )
    waiting = open_responses(at.on) if responses is None else responses
    for response in their_work.responses_to_call(waiting, book, at, days):
        address = f"/audits/{response.audit}/response"
        words = f"response to audit {response.audit}"
        about = ToCallAbout(RESPONSE, response.id, response.reference, address, words, response.overdue)
        add([person.id for person in response.asked], about)
    return sorted(found.values(), key=lambda each: each.has_left)


def log_calls(
    person: PersonFacts,
    about: Collection[ToCallAbout],
    channel: str,
    day: date,
    outcome: str | None,
    new_expected_on: date | None,
    by: Person,
    on: date,
) -> list[str]:
    """Log one call to a person, about several things at once; of audits with the date by which they promise
    them.

    Returns what that date does to reminders, for each audit of which they do not wait until then. Raises
    Refused, and has then logged nothing.
    """
    if not about:
        raise Refused("Select what you talked about")
    refuse_contact(channel, day, on)
    said = []
    with transaction():
        for thing in about:
            if thing.kind != AUDIT:
                _log(thing, person, channel, day, outcome, by)
            elif does := log_chase(
                thing.reference, by, on, day, channel, person.name, outcome, new_expected_on
            ):
                said.append(f"Audit {thing.reference}: {does[0].lower()}{does[1:]}")
    return said


def _log(
    thing: ToCallAbout, person: PersonFacts, channel: str, day: date, outcome: str | None, by: Person
) -> None:
    said = without_case_number((outcome or "").strip(), case_of(thing.kind, thing.id)) or None
    db.session.add(
        CallMade(
            obligation_kind=thing.kind,
            obligation_id=thing.id,
            reference=thing.reference,
            day=day,
            channel=channel,
            with_id=person.id,
            by_id=by.id,
            outcome=said,
        )
    )
    how = chase_in_words(channel, day, person.name)
    record(by.email, [Event(thing.kind, thing.reference, "chased", after=how, why=said, on=day)])

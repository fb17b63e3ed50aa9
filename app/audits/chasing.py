"""Chasing by hand: writing to the auditors who still have something to do, and keeping the log of chases.

Like every move, each raises Refused with one sentence and then has changed nothing.
"""

from collections.abc import Mapping, Sequence
from datetime import date

from app.audits import messages
from app.audits.chase_message import write_chases
from app.audits.lifecycle import Move
from app.audits.models import Audit, Chase
from app.audits.moving import moving
from app.audits.promising import keep_promise_of, refuse_late, what_promise_does
from app.database import transaction
from app.moves import moving as moves
from app.moves.moving import for_each, tell, without_case_number, words
from app.people.models import Person
from app.refusal import Refused
from app.wording import in_words

CHASE_STRUCK = "chase struck through"
"""The event of an entry of the chase log that was made by mistake."""

EMAIL = "email"
CHANNELS = (EMAIL, "phone", "in person")
LOGGED = {EMAIL: "Email logged", "phone": "Phone call logged", "in person": "Conversation logged"}
"""The confirmation after a chase is logged, by its channel."""
_A = {EMAIL: "an email", "phone": "a phone call", "in person": "a conversation"}


def log_chase(
    reference: str,
    by: Person,
    on: date,
    day: date,
    channel: str,
    with_whom: str | None = None,
    outcome: str | None = None,
    new_expected_on: date | None = None,
    version: int | None = None,
) -> str:
    """Log a chase that somebody made by hand: with whom, and its outcome.

    Returns what its new expected date does to reminders, in a sentence, where they do not wait until then.
    """
    with moving(reference, Move.LOG_CHASE, on, version) as audit:
        refuse_contact(channel, day, on)
        if day < audit.requested_on:
            requested = f"{in_words(audit.requested_on)}, when the audit was requested"
            raise Refused(f"Date of the contact must be on or after {requested}")
        if new_expected_on is not None and new_expected_on < day:
            raise Refused("New expected date must be on or after the date of the contact")
        if new_expected_on is not None:
            refuse_late(audit, new_expected_on, "New expected date")
        said_to, outcome = (
            without_case_number((text or "").strip(), audit.case_reference) or None
            for text in (with_whom, outcome)
        )
        chase = Chase(
            day=day, channel=channel, with_whom=said_to, outcome=outcome, new_expected_on=new_expected_on
        )
        _log(audit, chase, by)
        tell(audit, by, on, "chased", after=chase_in_words(channel, day, said_to), why=outcome)
        return what_promise_does(audit, chase, on)


def refuse_contact(channel: str, day: date, on: date) -> None:
    """Raise Refused for a contact of no known channel, or of a day to come."""
    if channel not in CHANNELS:
        raise Refused("Select how you contacted them")
    if day > on:
        raise Refused("Date of the contact must be today or in the past")


def chase(reference: str, by: Person, on: date, sentence: str, version: int | None = None) -> None:
    """Write at once to each auditor who still has something to do, with the coordinator's own sentence."""
    with transaction():
        audit = _chase(reference, by, on, sentence, version)
        write_chases([audit], by, on, sentence.strip())


def chase_all(references: Sequence[str], by: Person, on: date, sentence: str) -> Mapping[str, str]:
    """Chase several audits, with one message per person. Returns the reasons of refusals, by reference."""
    chased: list[Audit] = []
    with transaction():
        refused = for_each(references, lambda reference: chased.append(_chase(reference, by, on, sentence)))
        write_chases(chased, by, on, sentence.strip())
    return refused


def refuse_without_receiver(audit: Audit, on: date) -> str | None:
    """Return why nobody can be written to about an audit that has auditors; None where somebody can."""
    if messages.still_to_do(audit, on):
        return None
    return "The auditors who still have something to do have left. Replace them first."


def _chase(reference: str, by: Person, on: date, sentence: str, version: int | None = None) -> Audit:
    with moving(reference, Move.CHASE, on, version) as audit:
        sentence = without_case_number(words(sentence, "Enter your message"), audit.case_reference)
        if no_one := refuse_without_receiver(audit, on):
            raise Refused(no_one)
        receivers = messages.still_to_do(audit, on)
        outcome = "Email to " + " and ".join(person.name for person, _ in receivers)
        _log(audit, Chase(day=on, channel=EMAIL, outcome=outcome), by)
        tell(audit, by, on, "chased", after=chase_in_words(EMAIL, on), why=sentence)
        return audit


def strike_chase(
    reference: str, chase_id: int, by: Person, on: date, because: str, version: int | None = None
) -> None:
    """Strike through an entry of the chase log that was made by mistake: it stays in the log, and counts for
    nothing. A promise that it noted ends."""
    with moves.moving(Audit, reference, lambda audit: refuse_striking(audit, chase_id), version) as audit:
        logged = next(chase for chase in audit.chases if chase.id == chase_id)
        logged.struck_on = on
        logged.struck_because = without_case_number(
            words(because, "Enter why this entry is wrong"), audit.case_reference
        )
        if logged.promise is not None and logged.promise.ended_on is None:
            logged.promise.ended_on = on
        before = chase_in_words(logged.channel, logged.day, logged.with_whom)
        tell(audit, by, on, CHASE_STRUCK, before=before, why=logged.struck_because)


def refuse_striking(audit: Audit, chase_id: int) -> str | None:
    """Return why an entry of the chase log cannot be struck through, in a sentence; None when it can."""
    logged = next((chase for chase in audit.chases if chase.id == chase_id), None)
    if logged is None:
        return "This entry is no longer in the chase log"
    return "This entry has already been struck through" if logged.struck_on is not None else None


def chase_in_words(channel: str, day: date, with_whom: str | None = None) -> str:
    """Return "by phone on 5 November 2010 with Ann Lee", "in person on 5 November 2010"."""
    how = channel if channel.startswith("in ") else f"by {channel}"
    return f"{how} on {in_words(day)}" + (f" with {with_whom}" if with_whom else "")


def what_is_said_of(chase: Chase) -> tuple[object, ...]:
    """Return all that tells a chase of an audit from the others in its log."""
    return chase.day, chase.channel, chase.by_id, chase.with_whom, chase.outcome, chase.new_expected_on


def _log(audit: Audit, chase: Chase, by: Person) -> None:
    chase.by_id = by.id
    if what_is_said_of(chase) in {what_is_said_of(each) for each in audit.chases if each.struck_on is None}:
        same = "with the same details"
        raise Refused(f"The chase log already has {_A[chase.channel]} on {in_words(chase.day)} {same}")
    audit.chases.append(chase)
    keep_promise_of(audit, chase)

"""Rules of making a leaver anonymous: never while anything is still theirs to do. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from app.people.reaching import FORMER
from app.wording import in_words


@dataclass(frozen=True)
class LeaverFacts:
    """The facts of a person: their leaving date, what is still theirs, in words, and the day on which they
    were made anonymous."""

    leaving_on: date | None
    still_theirs: Sequence[str] = ()
    anonymous_on: date | None = None


def refusals(facts: LeaverFacts, on: date) -> list[str]:
    """Return the reasons why a person cannot be made anonymous on a day, each a sentence."""
    if facts.anonymous_on is not None:
        return [f"This person was made anonymous on {in_words(facts.anonymous_on)}"]
    if facts.leaving_on is None:
        return ["This person has no leaving date"]
    if facts.leaving_on >= on:
        return [f"This person works here until {in_words(facts.leaving_on)}"]
    return list(facts.still_theirs)


def former_name(person_id: int) -> str:
    """Return the name of a person who was made anonymous: figures and history keep their number."""
    return f"{FORMER} {person_id}"


def former_address(person_id: int) -> str:
    """Return the address of a person who was made anonymous: no email goes there."""
    return f"former-member-of-staff-{person_id}@removed.invalid"

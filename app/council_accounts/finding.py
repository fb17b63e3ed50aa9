"""The person of a council account: found by verified address once, then known by the provider's subject.

Former addresses of a person are not looked at: the council may have given one of them to somebody else.
"""

from dataclasses import dataclass, replace
from datetime import date

from sqlalchemy import delete, select

from app import clock
from app.council_accounts.claims import Account
from app.database import db, transaction
from app.history.record import Event, record
from app.pages import moment
from app.people import caring, moves, new_addresses, sessions
from app.people.lockout import taken_away, why_not
from app.people.looking_after import Care
from app.people.models import CouncilAccount, Person
from app.people.queries import locked_person, office
from app.people.roles import RoleName
from app.people.sessions import may_sign_in
from app.people.telling_of_access import Change, tell
from app.people.ways_in import CONNECTED, COUNCIL_ACCOUNT
from app.refusal import Refused

DISCONNECTED = "council account disconnected"

WHOM_TO_ASK = "If that is wrong, ask an audit coordinator."


@dataclass(frozen=True)
class Found:
    """The person of an account, and a sentence where they kept a role that the provider no longer gives."""

    person: Person
    kept_role: str | None


def find(account: Account, *, on: date) -> Found:
    """Return the person who signs in with a council account, with the roles that the provider gives them.

    Raises Refused with the sentence for whoever may not come in. Nobody is ever created.
    """
    with transaction():
        person = _known(account) or _bound(account, on)
        _refuse_who_left(person, on)
        kept = None if account.roles is None else _give_roles(person, account.roles, on)
    return Found(person, kept)


def disconnect(person_id: int, *, by: str) -> None:
    """Let a person sign in with another council account, as when the council had to make them a new one.

    All sessions of this person end. Raises Refused where `by` may not look after the account.
    """
    with transaction():
        person = locked_person(person_id)
        caring.require(person, Care.KEEP, by)
        ended = delete(CouncilAccount).where(CouncilAccount.person_id == person.id)
        if db.session.execute(ended.returning(CouncilAccount.person_id)).first() is None:
            return
        sessions.end_all(person.id)
        record(by, [Event("person", str(person.id), DISCONNECTED)])
        tell([Change(person, DISCONNECTED)], by=by)


def _known(account: Account) -> Person | None:
    query = (
        select(Person)
        .join(CouncilAccount, CouncilAccount.person_id == Person.id)
        .where(CouncilAccount.issuer == account.issuer, CouncilAccount.subject == account.subject)
    )
    return db.session.scalar(query)


def _bound(account: Account, on: date) -> Person:
    """Return the person with the address of the account, who is known by it from now on."""
    if account.email is None:
        raise Refused(
            "Your council account has no verified email address, so you cannot sign in with it. "
            "Ask the people who look after council accounts."
        )
    moves.hold_all()
    person = db.session.scalar(select(Person).where(Person.email == account.email))
    if person is None:
        raise Refused(
            f"No one in this service has the email address {account.email}. "
            "If you need access, ask an audit coordinator to add you."
        )
    _refuse_who_left(person, on)
    present = db.session.get(CouncilAccount, (person.id, account.issuer))
    if present is not None and present.subject == account.subject:
        return person  # two requests at once
    if present is not None:
        raise Refused(
            f"Someone else’s council account is already connected with the email address {account.email}. "
            "Ask an audit coordinator to check who has this address now."
        )
    if (until := new_addresses.waits_until(person)) is not None:
        raise Refused(
            f"The email address {account.email} was changed in the last {new_addresses.IN_WORDS}. You can "
            f"sign in with your council account from {moment(until)}. {WHOM_TO_ASK}"
        )
    db.session.add(
        CouncilAccount(
            person_id=person.id,
            issuer=account.issuer,
            subject=account.subject,
            connected_at=clock.now(),
        )
    )
    record(COUNCIL_ACCOUNT, [Event("person", str(person.id), CONNECTED)])
    tell([Change(person, CONNECTED, is_first=True)], by=COUNCIL_ACCOUNT)
    return person


def _refuse_who_left(person: Person, on: date) -> None:
    if not may_sign_in(person, on):
        raise Refused(f"You can no longer sign in to this service. {WHOM_TO_ASK}")


def _give_roles(person: Person, given: frozenset[RoleName], on: date) -> str | None:
    """Give a person exactly these roles, but keep one that nobody else has who could give it back."""
    if person.role_names == given:
        return None
    moves.hold_all()
    before = office()
    after = before | {person.id: replace(before[person.id], roles=given)} if person.id in before else before
    kept = sorted({role for _last, role in taken_away(before, after, on) if role in person.role_names})
    moves.change_person(
        person.id, replace(moves.details_of(person), roles=given.union(kept)), by=COUNCIL_ACCOUNT
    )
    told = [
        f"Your council account no longer gives you the role of {role}. You still have it, because "
        f"{why_not(role)}."
        for role in kept
    ]
    return " ".join(told) or None

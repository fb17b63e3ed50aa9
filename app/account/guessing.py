"""The limit of guesses at a password or a code of someone who is known already."""

from collections.abc import Iterator
from contextlib import contextmanager

from flask import request

from app.people import counted_attempts, devices
from app.people.attempts import CODE, PASSWORD
from app.people.sessions import BrowserSession
from app.readings.kinds import Kind
from app.readings.noting import note
from app.refusal import NotNow, Refused

WAIT = "There were too many wrong tries. Wait 5 minutes, then try again."


@contextmanager
def guess_at_code(session: BrowserSession) -> Iterator[None]:
    """Count what is refused inside as a wrong code of the person. Raises NotNow after too many of them."""
    person = session.person
    with _limited(CODE, person.email, devices.known(person.id), person.id):
        yield


@contextmanager
def guess_at_password(session: BrowserSession) -> Iterator[None]:
    """Count what is refused inside as a wrong password in this session: no one outside can use its tries up.

    Raises NotNow after too many of them.
    """
    with _limited(PASSWORD, f"session {session.id}", None, session.person.id):
        yield


@contextmanager
def _limited(kind: str, account: str, device_id: int | None, person_id: int) -> Iterator[None]:
    attempt = counted_attempts.begin(kind, account, request.remote_addr, device_id)
    if attempt is None:
        note(Kind.LOCKED_OUT, person_id=person_id)
        raise NotNow(WAIT)
    try:
        yield
    except Refused:
        note(Kind.NOT_SIGNED_IN, person_id=person_id)
        raise
    counted_attempts.take_back(attempt)

"""The attempts that were made, in the database: all processes count together, and a restart forgets none."""

import hashlib
import hmac

from flask import current_app
from sqlalchemy import ColumnElement, case, delete, func, or_, select, text

from app import clock
from app.database import db, transaction
from app.people.attempts import LIMITS, Earlier, Limits, allows, client_of
from app.people.models import Attempt

LONGEST_KEPT = max(limits.within for limits in LIMITS.values())


def begin(kind: str, account: str, address: str | None, device_id: int | None = None) -> int | None:
    """Count an attempt before it is made; return its number, None where it must not be made.

    It counts as a failed one until it is taken back, so that attempts at the same time are not too many
    together. One that must not be made does not count.
    """
    of_account, of_client = _digest(account), _digest(client_of(address))
    with transaction():
        _lock(of_account)
        _thin()
        limits = LIMITS[kind]
        if not allows(limits, _earlier(kind, limits, of_account, of_client, device_id)):
            return None
        attempt = Attempt(
            kind=kind, account=of_account, client=of_client, device_id=device_id, at=clock.now()
        )
        db.session.add(attempt)
        db.session.flush()
        return attempt.id


def take_back(number: int) -> None:
    """Count an attempt no longer, because it was right."""
    with transaction():
        db.session.execute(delete(Attempt).where(Attempt.id == number))


def forget(kind: str, account: str) -> None:
    """Lift the lock of an account, in the caller's transaction: what was guessed at is no longer what opens
    it."""
    its = (Attempt.kind == kind, Attempt.account == _digest(account))
    db.session.execute(delete(Attempt).where(*its))


def _earlier(kind: str, limits: Limits, account: str, client: str, device_id: int | None) -> Earlier:
    at_account = Attempt.account == account
    from_client = Attempt.client == client
    from_device = Attempt.device_id == device_id
    asked = or_(at_account, from_client) if device_id is None else from_device
    counts = select(
        _count(at_account & Attempt.device_id.is_(None)),
        _count(at_account & from_client & Attempt.device_id.is_(None)),
        _count(from_client & Attempt.device_id.is_(None)),
        _count(from_device),
    ).where(asked, Attempt.kind == kind, Attempt.at > clock.now() - limits.within)
    everywhere, here, by_client, by_device = db.session.execute(counts).one()
    return Earlier(everywhere, here, by_client, None if device_id is None else by_device)


def _count(condition: ColumnElement[bool]) -> ColumnElement[int]:
    return func.count(case((condition, 1)))


def _lock(account: str) -> None:
    """Let attempts at one account come one after the other on PostgreSQL; SQLite has one writer anyway."""
    if db.session.get_bind().dialect.name == "postgresql":
        db.session.execute(text("select pg_advisory_xact_lock(:key)"), {"key": int(account[:15], 16)})


def _thin() -> None:
    """Remove the attempts that count no longer; those that another process removes are left to it."""
    old = select(Attempt.id).where(Attempt.at < clock.now() - LONGEST_KEPT)
    db.session.execute(delete(Attempt).where(Attempt.id.in_(old.with_for_update(skip_locked=True))))


def _digest(words: str) -> str:
    key = str(current_app.config["SECRET_KEY"]).encode()
    return hmac.new(key, b"attempts " + words.encode(), hashlib.sha256).hexdigest()

"""The devices that people have signed in with: a browser is known again by a cookie of its own.

The cookie is signed and lasts for a year; the database keeps the hash of what it says, for each person who
has signed in with the browser. It opens nothing: it only keeps the guesses of others from counting here.
"""

import hashlib
import secrets
from datetime import timedelta

from flask import Response, current_app, request
from itsdangerous import BadData, URLSafeSerializer
from sqlalchemy import ColumnElement, delete, select, update

from app import clock
from app.database import db, insert_or_leave, transaction
from app.people.models import Device
from config.settings import Settings

COOKIE = "practice_audits_device"
KEPT_FOR = timedelta(days=365)
PATH = "/sign-in"
"""The cookie goes to no other page."""


def known(person_id: int) -> int | None:
    """Return the number of the device of this request; None where the person has not used it before."""
    token = _token()
    if token is None:
        return None
    query = select(Device.id).where(Device.mark == _mark(token), Device.person_id == person_id, _lasts())
    return db.session.scalar(query)


def remember(person_id: int, answer: Response) -> None:
    """Know the device of this request again the next time that the person signs in with it."""
    token, on = _token() or secrets.token_urlsafe(32), clock.today()
    settings: Settings = current_app.extensions["settings"]
    with transaction():
        db.session.execute(delete(Device).where(Device.person_id == person_id, ~_lasts()))
        new = {"mark": _mark(token), "person_id": person_id, "used_on": on}
        db.session.execute(insert_or_leave(Device).values(new))
        this = (Device.mark == new["mark"], Device.person_id == person_id)
        db.session.execute(update(Device).where(*this).values(used_on=on))
    answer.set_cookie(
        COOKIE,
        _signer().dumps(token),
        max_age=KEPT_FOR,
        path=PATH,
        secure=settings.served_over_https,
        httponly=True,
        samesite="Strict",
    )


def forget_all(person_id: int) -> None:
    """Forget all devices of a person, in the caller's transaction."""
    db.session.execute(delete(Device).where(Device.person_id == person_id))


def _lasts() -> ColumnElement[bool]:
    return Device.used_on >= clock.today() - KEPT_FOR


def _token() -> str | None:
    try:
        token = _signer().loads(request.cookies.get(COOKIE, ""))
    except BadData:
        return None
    return token if isinstance(token, str) else None


def _mark(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()


def _signer() -> URLSafeSerializer:
    return URLSafeSerializer(str(current_app.config["SECRET_KEY"]), salt="a device that was used before")

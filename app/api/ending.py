"""The message `key-ends`: an API key stops working soon, and its owner has to make a new one."""

from datetime import date, timedelta

from sqlalchemy import select

from app.api.models import ApiToken
from app.api.tokens import has_ended
from app.database import db, transaction
from app.outbox import kinds
from app.outbox.models import Message
from app.outbox.rendering import render
from app.outbox.writing import write
from app.people.models import Person
from app.people.sessions import may_sign_in

KIND = "key-ends"
BEFORE = timedelta(days=14)
AMONG_REMINDERS = 5
WHY = "Sent 2 weeks before an API key stops working"


def warn(on: date) -> int:
    """Tell the owners of keys that end within two weeks, once for each; return how many were told."""
    with transaction():
        told = select(Message.once).where(Message.once.startswith(f"{KIND} "))
        known = set(db.session.scalars(told))
        soon = select(ApiToken, Person).join(Person, Person.id == ApiToken.person_id)
        soon = soon.where(ApiToken.revoked_at.is_(None), ApiToken.ends_on.between(on, on + BEFORE))
        written = 0
        for key, owner in db.session.execute(soon.order_by(ApiToken.id).with_for_update(of=ApiToken)):
            if _once(key) in known or not may_sign_in(owner, on):
                continue
            write(
                KIND,
                recipient=owner.id,
                address=owner.email,
                rendered=render(KIND, made_on=key.made_at.date(), role=key.role, ends_on=key.ends_on),
                why=WHY,
                on=on,
                once=_once(key),
                facts={"key": key.id},
            )
            written += 1
        return written


def _once(key: ApiToken) -> str:
    return f"{KIND} {key.id}"


def _recheck(message: Message, on: date) -> kinds.Verdict:
    key = db.session.get(ApiToken, message.facts["key"], populate_existing=True)
    if key is None or key.revoked_at is not None:
        return kinds.Overtaken("The API key was revoked")
    if has_ended(key.ends_on, on):
        return kinds.Overtaken("The API key has stopped working")
    if not may_sign_in(db.session.get_one(Person, key.person_id), on):
        return kinds.Overtaken("They have left")
    return kinds.Holds()


kinds.register(KIND, AMONG_REMINDERS, kinds.each(_recheck))

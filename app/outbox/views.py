"""Pages of the outbox: the messages, when and why each was sent; failures to put right; a test message."""

from collections.abc import Collection, Iterable, Iterator, Mapping
from datetime import date, datetime, timedelta
from functools import partial
from typing import Any, NamedTuple

from flask import Blueprint, abort, flash, g, redirect, render_template, request, url_for
from flask_security import current_user
from flask_sqlalchemy.pagination import Pagination
from sqlalchemy import Select, select
from werkzeug.wrappers import Response

from app.access import may, may_each
from app.clock import clock, now, today
from app.database import db
from app.downloads import as_file, asked_for, at_once
from app.files.writing import Value
from app.history import record
from app.listing import Address, length_of, paged, paged_by
from app.outbox import copies, moves, queries
from app.outbox.delivery import deliver
from app.outbox.in_words import STATES as STATES_IN_WORDS
from app.outbox.in_words import kind_in_words, reminder_with_date
from app.outbox.models import HELD, QUEUED, SENT, STATES, Message, MessageItem
from app.outbox.names import CALLS, DIGEST, MANAGER
from app.outbox.retry import PROBE_EVERY
from app.people.closures import working_days
from app.people.models import Person
from app.refusal import Refused
from app.wording import counted

outbox = Blueprint("outbox", __name__)

HOLDABLE = (DIGEST, MANAGER, CALLS)
"""The kinds of message whose reminders coordinators can hold."""

COLUMNS = (
    "number",
    "to",
    "name",
    "kind",
    "subject",
    "state",
    "decided_for",
    "written_at",
    "ended_at",
    "tries",
)


@outbox.get("/messages")
def listing() -> str | Response:
    """Show the outbox, latest first, with filters that can be bookmarked."""
    asked = {name: request.args.get(name, "").strip() for name in ("state", "kind", "to")}
    if ending := asked_for():
        listed = queries.listed(**asked, recipients=_people_called(asked["to"]))
        at_once(length_of(listed))
        rows = _rows(queries.one_by_one(listed))
        return as_file(f"messages {today()}", "Emails", COLUMNS, rows, ending)
    page = paged(queries.listed(**asked, recipients=_people_called(asked["to"])), queries.PAGE)
    counts = queries.counts_by_state()
    return render_template(
        "messages/listing.html",
        asked=asked,
        address=Address.here(),
        page=page,
        people=_people(page),
        counts=counts,
        states=[(state, STATES_IN_WORDS[state]) for state in STATES],
        kinds=[(kind, kind_in_words(kind)) for kind in queries.kinds_in_use()],
        **_shared(counts),
    )


@outbox.get("/messages/<int:message_id>")
def detail(message_id: int) -> str:
    """Show a message: its receiver, when and why it was written, its text, and the server's answer."""
    return _page(message_id)


@outbox.post("/messages/<int:message_id>/send-again")
def send_again(message_id: int) -> Response | tuple[str, int]:
    """Send a failed message again, to a corrected address."""
    address = request.form.get("address", "")
    try:
        moves.send_again(message_id, address, by=current_user.email)
    except Refused as why:
        return _page(message_id, refused=str(why), address=address), 422
    return _delivered_now(message_id)


@outbox.post("/messages/<int:message_id>/release")
def release(message_id: int) -> Response | tuple[str, int]:
    """Send a message that was held."""
    try:
        moves.release(message_id, by=current_user.email)
    except Refused as why:
        return _page(message_id, refused=str(why)), 409
    return _delivered_now(message_id)


@outbox.post("/messages/<int:message_id>/drop")
def drop(message_id: int) -> Response | tuple[str, int]:
    """Drop a message."""
    try:
        moves.drop(message_id, by=current_user.email)
    except Refused as why:
        return _page(message_id, refused=str(why)), 409
    flash("Email dropped. It will not be sent.", "success")
    return redirect(url_for("outbox.detail", message_id=message_id))


@outbox.post("/messages/release")
def release_held() -> Response:
    """Send all messages that were held."""
    try:
        released = moves.release_held(by=current_user.email)
    except Refused as why:
        flash(str(why), "warning")
    else:
        flash(_counted(released, "released"), "success")
    return redirect(url_for("outbox.listing"))


@outbox.route("/messages/drop-held", methods=["GET", "POST"])
def drop_held() -> str | Response:
    """Drop all messages that are held, after asking."""
    if request.method == "GET":
        return render_template("messages/drop_held.html", held=queries.standing().held)
    flash(_counted(moves.drop_held(by=current_user.email), "dropped"), "success")
    return redirect(url_for("outbox.listing", state=""))


@outbox.app_template_global()
def emails_on_hold_because() -> str | None:
    """Return the sign that the database was started from a copy, for which all emails are on hold.

    It is read with the session: every page of a coordinator says it.
    """
    because: str | None = g.get("emails_on_hold_because")
    return because


@outbox.app_template_global()
def emails_stand_still_since() -> datetime | None:
    """Return since when no email has been sent that should have been. It is read with the session, too."""
    since: datetime | None = g.get("emails_stand_still_since")
    return since


@outbox.route("/messages/on-hold", methods=["GET", "POST"])
def release_copy() -> str | Response:
    """Say why all emails are on hold, and let them go."""
    if request.method == "GET":
        return render_template(
            "messages/on_hold.html", identity=copies.identity(), held=copies.count_on_hold(), **_shared()
        )
    released = moves.release_copy(by=current_user.email)
    flash(f"Emails are sent again. {_counted(released, 'released')}.", "success")
    return redirect(url_for("outbox.listing" if may("outbox.listing") else "today.home"))


@outbox.post("/messages/resume")
def resume() -> Response:
    """Resume delivery."""
    moves.resume(by=current_user.email)
    flash("Delivery resumed. Waiting emails are sent within seconds.", "success")
    return redirect(url_for("outbox.listing"))


@outbox.post("/messages/test")
def send_test() -> Response:
    """Send a test message to oneself, at once."""
    message = moves.write_test(current_user.id, current_user.name, current_user.email, today())
    return _delivered_now(message.id)


def _rows(messages: Iterable[Message]) -> Iterator[list[Value]]:
    """Return what may leave the service of each message: never its text."""
    names: dict[int | None, str] = dict(db.session.execute(select(Person.id, Person.name)).all())
    zone = clock().zone
    for message in messages:
        yield [
            message.id,
            message.address,
            names.get(message.recipient),
            kind_in_words(message.kind),
            message.subject,
            STATES_IN_WORDS[message.state],
            message.on,
            message.written_at.astimezone(zone),
            message.ended_at.astimezone(zone) if message.ended_at else None,
            message.tries,
        ]


def _delivered_now(message_id: int) -> Response:
    """Try a message at once, and say on its page what became of it."""
    deliver(today(), only=message_id)
    message = db.session.get(Message, message_id, populate_existing=True)
    if message is None:
        abort(404)
    if message.state == SENT:
        flash(f"Email sent to {message.address}", "success")
    elif message.state == HELD:
        flash("Email put on hold, because no mail server is set", "warning")
    else:
        why = queries.why_not_sent(message)
        flash(f"Email not sent: {why}" if why else "Email not sent yet. The service tries again.", "warning")
    return redirect(url_for("outbox.detail", message_id=message_id))


def _page(message_id: int, *, refused: str | None = None, address: str | None = None) -> str:
    message = db.session.get(Message, message_id)
    if message is None:
        abort(404)
    person = db.session.get(Person, message.recipient) if message.recipient is not None else None
    about = _page_about(message)
    return render_template(
        "messages/detail.html",
        message=message,
        person=person,
        # an address that was put right among the people is most likely the right one
        address=address if address is not None else person.email if person else message.address,
        about=about,
        address_of_page=Address(request.args.to_dict(), at=url_for("outbox.detail", message_id=message_id)),
        readable=may_each("audits.detail", {one.reference for one in about if one.kind == "audit"}),
        history=record.of("message", str(message_id)),
        bounces=queries.bounces_of(message),
        refused=refused,
        waits=message.state == QUEUED,
        **_shared(),
    )


class _About(NamedTuple):
    """A thing that a message is about, with its reminder in words, as on the day it was decided for."""

    kind: str
    reference: str
    reminder: str
    to_hold: dict[str, Mapping[str, str]]
    """While the message is not sent: by whose reminder it is, the parts of the address where a coordinator
    holds it."""


def _page_about(message: Message) -> Pagination:
    """Return the page that the address names of what a message is about."""
    things = queries.things_of(message)
    return paged_by(partial(_about, message, things), length_of(things), queries.PAGE)


def _about(message: Message, things: Select[str, str, str, date | None], skip: int) -> list[_About]:
    """Return what a message is about on the page that begins after so many."""
    days = working_days()
    told: list[queries.ThingTold] = [*db.session.execute(things.offset(skip).limit(queries.PAGE))]
    about = {
        each: _About(each[0], each[1], reminder_with_date(each[2], each[3], message.on, days), {})
        for each in told
    }
    if message.state in (QUEUED, HELD) and message.kind in HOLDABLE:
        items = queries.items_of(message, told)
        names = _names({item.person_id for item in items})
        for item in items:
            one = about.get((item.obligation_kind, item.reference, item.step, item.due_on))
            # news is told once, and there is nothing to hold
            if one is not None and item.due_on is not None:
                one.to_hold[names[item.person_id]] = _to_hold(item)
    return list(about.values())


def _to_hold(item: MessageItem) -> Mapping[str, str]:
    return {
        "about": item.obligation_kind,
        "number": str(item.obligation_id),
        "person": str(item.person_id),
        "email": item.kind,
        "step": item.step,
        "anchor": item.anchor_on.isoformat(),
    }


def _shared(counts: Mapping[str, int] | None = None) -> dict[str, Any]:
    stands = queries.standing(counts)
    return {
        "state_words": STATES_IN_WORDS,
        "kind_in_words": kind_in_words,
        "standing": stands,
        "probe_minutes": PROBE_EVERY // timedelta(minutes=1),
        "out_of_reach_for_long": stands.unreachable_for_long(now()),
        "mail_goes": queries.mail_goes(),
    }


def _people(messages: Iterable[Message]) -> dict[int, Person]:
    ids = {message.recipient for message in messages if message.recipient is not None}
    return {person.id: person for person in db.session.scalars(select(Person).where(Person.id.in_(ids)))}


def _names(ids: Collection[int]) -> dict[int, str]:
    return dict(db.session.execute(select(Person.id, Person.name).where(Person.id.in_(ids))).all())


def _people_called(words: str) -> list[int]:
    if not words:
        return []
    return list(db.session.scalars(select(Person.id).where(Person.name.icontains(words, autoescape=True))))


def _counted(number: int, done: str) -> str:
    return f"{counted(number, 'email')} {done}"

"""The content of a person's calendar: their due days, the meetings of their bodies, the days of cycles.

Outlook fetches it without signing in, so it holds references and the words of actions and recommendations:
no case number, no child, no comment.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from urllib.parse import quote

from flask import url_for
from sqlalchemy import exists, select

from app.actions.models import Body, BodyMember, Meeting
from app.audits.cycle import Cycle
from app.audits.open_on import not_yet, open_audits, pairs
from app.audits.parts import LEAD, PARTS, SECOND, is_for_one, name_of
from app.database import db
from app.due_dates import that_counts
from app.people.closures import working_days
from app.people.models import Person
from app.people.roles import READERS
from app.reminders.things import owned_things
from app.wording import capitalised

SHOWN_PAST = timedelta(days=365)
"""Meetings, and the days of closed cycles, stay so long in the calendar."""
REFRESHED_EVERY = timedelta(hours=4)
ONE_DAY = timedelta(days=1)


@dataclass(frozen=True)
class Entry:
    """An entry of a calendar, for a whole day."""

    name: str
    """Its name for good, such as "audit-CP-001": a calendar that has it already moves it."""
    day: date
    title: str
    words: str
    address: str
    """The path of its page."""


def entries(person: Person, on: date) -> list[Entry]:
    """Return the entries of a person's calendar, as their rights allow, in a fixed number of queries."""
    all_ = [
        *_audits(person.id, on),
        *_owned(person.id, on),
        *_meetings(person.id, on),
    ]
    if READERS & person.role_names:
        all_ += _cycles(on)
    return sorted(all_, key=lambda entry: (entry.day, entry.name))


def written(entries: Iterable[Entry], *, title: str, base_url: str, now: datetime) -> bytes:
    """Return the calendar as iCalendar (RFC 5545), for programs that subscribe to it."""
    import icalendar

    calendar = icalendar.Calendar()
    calendar.add("prodid", "-//Practice Audits//EN")
    calendar.add("version", "2.0")
    calendar.add("method", "PUBLISH")
    calendar.add("x-wr-calname", title)
    calendar.add("refresh-interval", REFRESHED_EVERY, parameters={"VALUE": "DURATION"})
    # what Outlook reads instead
    calendar.add("x-published-ttl", f"PT{REFRESHED_EVERY // timedelta(hours=1)}H")
    for entry in entries:
        event = icalendar.Event()
        event.add("uid", f"{entry.name}@practice-audits")
        event.add("dtstamp", now)
        event.add("dtstart", entry.day)
        event.add("dtend", entry.day + ONE_DAY)
        event.add("summary", entry.title)
        event.add("description", f"{entry.words}\n{base_url}{entry.address}".strip())
        event.add("url", base_url + entry.address)
        event.add("transp", "TRANSPARENT")  # a due day does not make anybody busy
        calendar.add_component(event)
    text: bytes = calendar.to_ical()
    return text


def _audits(person_id: int, on: date) -> Iterator[Entry]:
    audit, pair = open_audits(on), pairs(on)
    of_second = pair.alias("seconds")
    has_second = exists().where(of_second.c.audit_id == audit.c.id, of_second.c.part == SECOND)
    query = (
        select(audit.c.reference, audit.c.due_on, pair.c.part, Cycle.auditors, has_second)
        .join(pair, pair.c.audit_id == audit.c.id)
        .join(Cycle, Cycle.id == audit.c.cycle_id)
        .where(pair.c.person_id == person_id)
    )
    for reference, due_on, part, auditors, with_second in db.session.execute(query):
        called = name_of(part, for_one=is_for_one(PARTS if with_second else (LEAD,), auditors))
        yield Entry(
            f"audit-{reference}",
            that_counts(due_on, working_days()),
            f"Audit {reference} due",
            f"You are the {called}. You return the audit." if part == LEAD else f"You are the {called}.",
            url_for("audits.detail", reference=reference),
        )


def _owned(person_id: int, on: date) -> Iterator[Entry]:
    for thing in owned_things():
        if thing.in_calendar is None:
            continue
        still, words = thing.open_on(on), thing.in_calendar()
        number, text = words.c
        query = (
            select(still.c.reference, still.c.due_on, text)
            .join(words, number == still.c.id)
            .where(still.c.owner_id == person_id, still.c.due_on.is_not(None))
        )
        for reference, due_on, described in db.session.execute(query):
            title = f"{capitalised(thing.name)} {reference} due"
            address = f"{thing.place}/{quote(reference)}"
            day = that_counts(due_on, working_days())
            yield Entry(f"{thing.name}-{reference}", day, title, described, address)


def _meetings(person_id: int, on: date) -> Iterator[Entry]:
    query = (
        select(Meeting.id, Meeting.on, Body.id.label("body_id"), Body.name)
        .join(Body, Body.id == Meeting.body_id)
        .join(BodyMember, BodyMember.body_id == Body.id)
        .where(BodyMember.person_id == person_id, Meeting.on >= on - SHOWN_PAST)
    )
    for meeting_id, day, body_id, name in db.session.execute(query):
        address = url_for("bodies.meeting", number=body_id, meeting_id=meeting_id)
        yield Entry(f"meeting-{meeting_id}", day, f"Meeting of {name}", "", address)


def _cycles(on: date) -> Iterator[Entry]:
    query = select(Cycle.reference, Cycle.title, Cycle.due_on, Cycle.cut_off_on, Cycle.reported_on).where(
        not_yet(Cycle.closed_on, on - SHOWN_PAST)
    )
    for reference, title, due_on, cut_off_on, reported_on in db.session.execute(query):
        for name, day, what in (
            ("due", that_counts(due_on, working_days()), "audits due"),
            ("cut-off", cut_off_on, "cut-off date"),
            ("report", reported_on, "reporting date"),
        ):
            if day is not None:
                address = url_for("cycles.page", reference=reference)
                yield Entry(f"cycle-{reference}-{name}", day, f"Cycle {reference}: {what}", title, address)

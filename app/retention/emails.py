"""The emails, lines of news and unsent forms about the audits of a cycle."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, and_, func, or_, select, update

from app import clock
from app.audits.cycle import Cycle
from app.audits.models import Audit
from app.database import db
from app.moves.models import TypedText
from app.news.models import News
from app.outbox.models import DROPPED, FAILED, HELD, OVERTAKEN, QUEUED, SENT, Message, MessageItem
from app.outbox.named import things_named
from app.retention.belonging import AS_IT_IS, THINGS, about, of_cycle, table_of, things

ENDED = (SENT, FAILED, OVERTAKEN, DROPPED)

AT_ONCE = 5_000
"""The most emails that one look thins."""

WRITTEN_FACTS = frozenset({"sentence", "reason", "who", "from"})
"""The facts of emails that somebody wrote, or that name a person. The others say what it was about."""


@dataclass(frozen=True)
class Email:
    """The part of an email that goes."""

    id: int
    kind: str
    text: str | None
    html: str | None
    facts: Mapping[str, Any]


def emails_of(cycle_id: int) -> list[Email]:
    """Return the emails about audits of a cycle, or what belongs to them, that still have a text."""
    news = select(News.id).where(is_news(cycle_id))
    items = or_(
        about(MessageItem.obligation_kind, MessageItem.obligation_id, cycle_id),
        and_(MessageItem.obligation_kind == "news", MessageItem.obligation_id.in_(news)),
    )
    by_item = set(db.session.scalars(select(MessageItem.message_id).where(items)))
    by_item |= set(db.session.scalars(select(MessageItem.carrier_id).where(items)))
    ids = {kind: set(db.session.scalars(things(kind, cycle_id))) for kind in THINGS}
    query = select(Message.id, Message.kind, Message.text, Message.html, Message.facts, Message.state)
    found = []
    for row in db.session.execute(query.order_by(Message.id).execution_options(yield_per=500)):
        by_facts = _names(row.facts, ids)
        # a daily email that still waits is rendered anew when it goes, or another takes its place
        waits = row.state not in ENDED and not by_facts
        has_text = row.text is not None or not WRITTEN_FACTS.isdisjoint(row.facts)
        if has_text and (by_facts or row.id in by_item) and not waits:
            found.append(Email(row.id, row.kind, row.text, row.html, row.facts))
    return found


def _names(facts: Mapping[str, Any], ids: Mapping[str, Collection[int]]) -> bool:
    """Return True where the facts of an email name an audit of the cycle, or what belongs to one."""
    return any(number in ids.get(kind, ()) for kind, number in things_named(facts))


def take_out_texts(ids: Sequence[int]) -> None:
    """Take the texts of emails out. One that was still to go is dropped: it would say what is gone."""
    for some in some_of(ids):
        waiting = and_(Message.id.in_(some), Message.state.in_((QUEUED, HELD)))
        db.session.execute(
            update(Message)
            .where(waiting)
            .values(state=DROPPED, ended_at=clock.now(), answer="The texts of its cycle were removed"),
            execution_options=AS_IT_IS,
        )
        for id_, facts in db.session.execute(
            select(Message.id, Message.facts).where(Message.id.in_(some))
        ).all():
            left = {name: value for name, value in facts.items() if name not in WRITTEN_FACTS}
            db.session.execute(
                update(Message).where(Message.id == id_).values(text=None, html=None, facts=left),
                execution_options=AS_IT_IS,
            )


def some_of(ids: Sequence[int], at_once: int = 500) -> Iterable[Sequence[int]]:
    """Return ids in parts that one statement can hold."""
    return (ids[first : first + at_once] for first in range(0, len(ids), at_once))


def sent_before(moment: datetime) -> list[Email]:
    """Return the emails that reached their end before a moment and still have a text."""
    query = select(Message.id, Message.kind, Message.text, Message.html, Message.facts).where(
        Message.state.in_(ENDED), Message.ended_at < moment, Message.text.is_not(None)
    )
    return [Email(*row) for row in db.session.execute(query.order_by(Message.id).limit(AT_ONCE))]


def news_before(day: date) -> list[tuple[int, int, Mapping[str, Any]]]:
    """Return lines of news from before a day: number, person and facts.

    The newest stays: its number must not be given again, to what would then pass for sent.
    """
    newest = select(func.max(News.id)).scalar_subquery()
    query = select(News.id, News.person_id, News.facts).where(News.made_on < day, News.id < newest)
    return [(*row,) for row in db.session.execute(query.order_by(News.id).limit(AT_ONCE))]


def is_news(cycle_id: int) -> ColumnElement[bool]:
    """Return the condition of news about an audit of a cycle, or about what belongs to one."""
    return about(News.about_kind, News.about_id, cycle_id)


def unsent_of(cycle_id: int) -> list[tuple[str, Any]]:
    """Return the forms about a cycle and its audits that were typed and not sent, by the part of their id."""
    references = set(db.session.scalars(select(Audit.reference).where(Audit.cycle_id == cycle_id)))
    for kind in ("alert", "remedy"):
        table = table_of(THINGS[kind])
        references |= set(db.session.scalars(select(table.c.reference).where(of_cycle(table, cycle_id))))
    references.add(db.session.get_one(Cycle, cycle_id).reference)
    query = select(TypedText.page, TypedText.address, TypedText.entries).order_by(TypedText.page)
    return [
        (page, entries)
        for page, address, entries in db.session.execute(query)
        if references & set(address.partition("?")[0].split("/"))
    ]

"""Writing news, in the transaction of the move that makes it.

News that its person has neither read nor been sent is netted with what happens next to the same thing:
`netting`.
"""

from collections.abc import Iterable, Sequence
from datetime import date
from typing import ClassVar, Protocol

from sqlalchemy import ColumnElement, and_, exists, select

from app.database import db
from app.news.happenings import Happening
from app.news.models import News
from app.news.netting import MAKES_OVER, Piece, netted, question, topic
from app.outbox.models import SENDING, SENT, Message, MessageItem

About = tuple[str, int, str]
"""The kind, the id and the reference of the thing that news is about."""

ITEM_OF_NEWS = "news"
"""The kind of thing that an item of an email has which is a piece of news."""


class Thing(Protocol):
    """A thing that news can be about."""

    kind: ClassVar[str]

    @property
    def id(self) -> int: ...

    @property
    def reference(self) -> str: ...


def about(thing: Thing) -> About:
    """Return what news about a thing is about."""
    return thing.kind, thing.id, thing.reference


def piece(news: News) -> Piece:
    """Return what a piece of news says."""
    return Piece(Happening(news.what), news.facts)


def tell(
    people: Iterable[int | None],
    what: Happening,
    about: About,
    on: date,
    *,
    by: int | None = None,
    **facts: str,
) -> None:
    """Tell each of these people, by id, once; not `by`, who made the move.

    A piece of news stands for all of the same topic that they were not told of yet. None is left if all is as
    they were last told.
    """
    kind, id_, reference = about
    new = Piece(what, facts)
    for person_id in dict.fromkeys(people):
        if person_id is None:
            continue
        if over := MAKES_OVER.get(what):
            take_back(over, kind, id_, of=person_id)
        earlier, told = _earlier(person_id, new, kind, id_)
        for each in earlier:
            db.session.delete(each)
        left = netted([*map(piece, earlier), new], told)
        if left is not None and person_id != by:
            db.session.add(
                News(
                    person_id=person_id,
                    what=left.what.value,
                    about_kind=kind,
                    about_id=id_,
                    reference=reference,
                    facts=dict(left.facts),
                    made_on=on,
                )
            )


def _earlier(person_id: int, new: Piece, kind: str, id_: int) -> tuple[Sequence[News], Piece | None]:
    """Return the news of the same topic that a person was not told of yet, and what they were told last."""
    query = (
        select(News, was_told())
        .where(
            News.person_id == person_id,
            News.about_kind == kind,
            News.about_id == id_,
            News.what.in_([happening.value for happening in topic(new.what)]),
        )
        .order_by(News.id)
    )
    found = [
        (each, told) for each, told in db.session.execute(query) if question(piece(each)) == question(new)
    ]
    last_told = next((piece(each) for each, told in reversed(found) if told), None)
    return [each for each, told in found if not told], last_told


def was_told() -> ColumnElement[bool]:
    """Return the condition that its person has read a piece of news or was sent it. What is on its way counts
    as sent."""
    is_sent = (
        exists()
        .where(
            MessageItem.obligation_kind == ITEM_OF_NEWS,
            MessageItem.obligation_id == News.id,
            MessageItem.person_id == News.person_id,
        )
        .where(and_(Message.id == MessageItem.carrier_id, Message.state.in_((SENT, SENDING))))
    )
    return News.read_on.is_not(None) | is_sent


def untold(
    whats: Iterable[Happening], about_kind: str, about_id: int, of: int | None = None
) -> Sequence[News]:
    """Return the news of these happenings about a thing, of a person or of everyone, that they were not told
    yet."""
    query = select(News).where(
        News.about_kind == about_kind,
        News.about_id == about_id,
        News.what.in_([what.value for what in whats]),
        ~was_told(),
    )
    return db.session.scalars(query if of is None else query.where(News.person_id == of)).all()


def ever_told(whats: Iterable[Happening], about_kind: str, about_id: int, of: int) -> bool:
    """Return True for who was told news of one of these happenings about a thing."""
    told = exists().where(
        News.person_id == of,
        News.about_kind == about_kind,
        News.about_id == about_id,
        News.what.in_([what.value for what in whats]),
        was_told(),
    )
    return bool(db.session.scalar(select(told)))


def take_back(whats: Iterable[Happening], about_kind: str, about_id: int, of: int | None = None) -> set[int]:
    """Remove such news that is not true any more, and return the ids of those who will not hear of it."""
    taken_back = untold(whats, about_kind, about_id, of)
    for each in taken_back:
        db.session.delete(each)
    return {each.person_id for each in taken_back}

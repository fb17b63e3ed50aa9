"""The end of somebody's part in a thing: it went to someone else, or was withdrawn.

Those who were ever sent something about it are told in an email that there is nothing more to do; the others
find it on their first page alone, and those who cannot have seen that it was theirs hear nothing.
"""

from collections.abc import Collection, Mapping
from datetime import date

from sqlalchemy import and_, or_, select

from app.database import db
from app.history import record as history
from app.news import telling as news
from app.news.happenings import Happening
from app.news.models import News
from app.news.telling import ITEM_OF_NEWS
from app.outbox.models import SENDING, SENT, Message, MessageItem
from app.outbox.named import things_named
from app.outbox.names import DIGEST
from app.people.been_here import been_here_since
from app.people.models import Person

REPLACED, WITHDRAWN, EXEMPT = "replaced", "withdrawn", "exempt"
"""The reasons why somebody has nothing more to do."""

AT_ONCE = ("chase", "confirm", "given")
"""The kinds of email, sent at once, that ask somebody to do a thing."""

OVER = (Happening.NO_LONGER_THEIRS, Happening.NOTHING_MORE_TO_DO)
"""The news that somebody has nothing more to do for a thing."""


def tell_nothing_more(
    thing: news.Thing,
    person_id: int | None,
    because: str,
    by: Person,
    on: date,
    *,
    to: Person | None = None,
) -> None:
    """Let the owner of a thing know that they have nothing more to do for it; `to` is its new owner.

    Nobody is told who has left, or who made the move. News of where it went that others were not told yet
    says where it is now.
    """
    person = db.session.get(Person, person_id) if person_id is not None else None
    if person is None:
        return
    correct_where_it_went(thing, person.name, because, to.name if to else "")
    if person.has_left(on):
        return
    was_told = (thing.id, person.id) in ever_sent(thing.kind, {person.id: [thing.id]})
    if not was_told and not may_have_seen(thing, person.id, person.name):
        return
    what = Happening.NOTHING_MORE_TO_DO if was_told else Happening.NO_LONGER_THEIRS
    facts = {"because": because, "to": to.name if to else ""}
    news.tell([person.id], what, news.about(thing), on, by=by.id, **facts)


def may_have_seen(thing: news.Thing, person_id: int, name: str) -> bool:
    """Return True unless a person has not been here since the history names them for a thing, or since it
    was made where it does not."""
    rows = history.of(thing.kind, thing.reference)
    naming = [row.at for row in rows if row.after is not None and name in row.after]
    since = min(naming or [row.at for row in rows], default=None)
    return since is None or been_here_since(person_id, since)


def correct_where_it_went(thing: news.Thing, was_with: str, because: str, now_with: str) -> None:
    """Correct the news that this person took a thing over, for those who were not told so yet: it has gone to
    another, or was withdrawn."""
    for each in news.untold(OVER, thing.kind, thing.id):
        if each.facts.get("to") == was_with:
            each.facts = {"because": because, "to": now_with}


def ever_sent(kind: str, theirs: Mapping[int, Collection[int]]) -> set[tuple[int, int]]:
    """Return (thing id, person id) for those who were sent something about one of their things of a kind.

    `theirs` are the things' ids by the person's. What is on its way counts as sent.
    """
    has_gone = Message.state.in_((SENT, SENDING))
    ids = {id_ for some in theirs.values() for id_ in some}
    is_news = and_(
        MessageItem.obligation_kind == ITEM_OF_NEWS, News.about_kind == kind, News.about_id.in_(ids)
    )
    is_reminder = and_(MessageItem.obligation_kind == kind, MessageItem.obligation_id.in_(ids))
    items = (
        select(MessageItem.obligation_kind, MessageItem.obligation_id, News.about_id, MessageItem.person_id)
        .join(Message, Message.id == MessageItem.carrier_id)
        .outerjoin(
            News,
            and_(MessageItem.obligation_kind == ITEM_OF_NEWS, News.id == MessageItem.obligation_id),
        )
        .where(has_gone, MessageItem.kind == DIGEST, MessageItem.person_id.in_(theirs))
        .where(or_(is_reminder, is_news))
    )
    sent = {
        (about_id if of_kind == ITEM_OF_NEWS else thing_id, person_id)
        for of_kind, thing_id, about_id, person_id in db.session.execute(items)
    }
    at_once = select(Message.recipient, Message.facts).where(
        has_gone, Message.kind.in_(AT_ONCE), Message.recipient.in_(theirs)
    )
    for person_id, facts in db.session.execute(at_once):
        sent |= {(number, person_id) for named, number in things_named(facts) if named == kind}
    return sent

"""The news that is due on a day: each piece once, in the next daily email of the person it is for."""

from collections.abc import Iterable, Iterator

from sqlalchemy import exists

from app.news.happenings import FIRST_PAGE_ALONE
from app.news.models import News
from app.outbox.models import MessageItem
from app.outbox.names import DIGEST
from app.reminders.day import Day
from app.reminders.due import NEWS, Due
from app.reminders.whose_news import holds, theirs


def due_news(day: Day) -> Iterator[Due]:
    """Yield the news that nobody has read and that was not sent yet. It stands beside the ladders."""
    sent = exists().where(
        MessageItem.obligation_kind == NEWS,
        MessageItem.obligation_id == News.id,
        MessageItem.person_id == News.person_id,
    )
    in_emails = News.what.not_in([happening.value for happening in FIRST_PAGE_ALONE])
    for each in theirs(day.on, day.days, day.people, holds(day.on), in_emails, ~sent):
        yield Due(
            NEWS, each.id, each.reference, each.person_id, DIGEST, NEWS, each.made_on, each.made_on, None
        )


def news_that_holds(ids: Iterable[int], day: Day) -> set[int]:
    """Return those pieces of news that still go into an email on a day, by id."""
    held = theirs(day.on, day.days, day.people, holds(day.on), News.id.in_(list(ids)))
    return {each.id for each in held}

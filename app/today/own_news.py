"""News on the first page: what became of the reader's own work lately. Showing it marks it as read."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from flask import url_for
from sqlalchemy import select, update

from app.database import db, transaction
from app.news.happenings import Happening
from app.news.models import News
from app.news.netting import MAKES_OVER, question
from app.news.telling import piece
from app.news.words import sentence
from app.people.models import Person
from app.people.queries import everyone
from app.reminders.due import RESPONSE
from app.reminders.whose_news import theirs
from app.working_days import WorkingDays, happened


@dataclass(frozen=True)
class ShownNews:
    """A piece of news as the first page shows it; without an address where its page may be closed to the
    reader."""

    reference: str
    sentence: str
    made_on: date
    is_new: bool
    address: str | None


def show_news(person: Person, on: date, days: WorkingDays) -> Sequence[ShownNews]:
    """Return the reader's news of the last 20 working days, the latest first, and mark it as read."""
    own = News.person_id == person.id
    kinds = set(db.session.scalars(select(News.about_kind).where(own).distinct()))
    if not kinds:
        return []
    # who is asked for a response follows from what everyone is
    found = theirs(on, days, everyone() if RESPONSE in kinds else {}, own)
    unread = [news.id for news in found if not happened(news.read_on, on)]
    shown = [
        ShownNews(
            news.reference,
            sentence(news.what, news.facts, days),
            news.made_on,
            news.id in unread,
            _address(news),
        )
        for news in _latest(found)
    ]
    if unread:
        with transaction():
            db.session.execute(update(News).where(News.id.in_(unread)).values(read_on=on))
    return shown


def _latest(found: Sequence[News]) -> list[News]:
    """Return the latest news of each topic about each thing, from all, the latest first: what was told before
    is not true any more, or is no news of what is done."""
    latest: dict[object, News] = {}
    over: set[object] = set()
    for news in found:
        if (news.about_kind, news.about_id, news.what) in over:
            continue
        over |= {
            (news.about_kind, news.about_id, what.value) for what in MAKES_OVER.get(Happening(news.what), ())
        }
        latest.setdefault((news.about_kind, news.about_id, question(piece(news))), news)
    return list(latest.values())


def _address(news: News) -> str | None:
    if news.what in _OVER:
        return None
    if news.what == Happening.TO_MODERATE.value:
        return url_for("answers.moderation")
    if news.what == Happening.REPLY_DECIDED.value:
        return url_for("workers.page", reference=news.reference)
    if news.what == Happening.DISPUTE_DECIDED.value:
        return url_for("concerns.response", reference=news.reference.rpartition("-P")[0])
    page = _PAGES.get(news.about_kind)
    return url_for(page, reference=news.reference) if page else None


_OVER = (Happening.NO_LONGER_THEIRS.value, Happening.NOTHING_MORE_TO_DO.value)
"""News of things whose pages may be closed to whoever had them."""

_PAGES = {
    "audit": "audits.detail",
    "action": "actions.action",
    "recommendation": "actions.recommendation",
    "remedy": "concerns.remedy",
    "alert": "concerns.alert",
}
"""The pages that who has such a thing may open."""

"""The news that is still its person’s: what became of some work is news to people while they have it."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, timedelta

from sqlalchemy import ColumnElement, and_, exists, false, not_, or_, select
from sqlalchemy.orm import InstrumentedAttribute

from app.actions.models import Action, Recommendation
from app.answers.models import Moderation
from app.audits.models import Assignment, Audit
from app.audits.open_on import not_yet
from app.audits.standing import held_on
from app.concerns.models import Alert, CalledResponse, Remedy
from app.concerns.responses_open import asked_about
from app.database import db
from app.news.happenings import HOLDS_FOR, Happening
from app.news.models import News
from app.people.models import PersonRole
from app.people.presence import PersonFacts
from app.people.roles import RoleName
from app.reminders.due import AUDIT, RESPONSE
from app.workers.models import WorkerReply
from app.working_days import WorkingDays


def first_day(on: date, days: WorkingDays) -> date:
    """Return the first day whose news still holds on a day, and stands on the first page."""
    return days.latest_reaching(on - timedelta(days=1), HOLDS_FOR) + timedelta(days=1)


def theirs(
    on: date, days: WorkingDays, people: Mapping[int, PersonFacts], *which: ColumnElement[bool]
) -> list[News]:
    """Return the news of the last days, of those that conditions pick, that is still its person's; the latest
    first."""
    lately = (News.made_on <= on, News.made_on >= first_day(on, days))
    query = select(News).where(*lately, _has_the_thing(on), *which)
    found = db.session.scalars(query.order_by(News.made_on.desc(), News.id.desc())).all()
    return _of_those_asked(found, on, people)


def holds(on: date) -> ColumnElement[bool]:
    """Return the condition that its person has not read it by a day."""
    return not_yet(News.read_on, on)


def _has_the_thing(on: date) -> ColumnElement[bool]:
    """Return the condition that the person of a piece of news still has what it is about.

    This is the table of it: by the kind of thing while it has to be done, save what goes to moderators and to
    workers, and what is over for its person. Who is asked for a response follows from several things, and is
    read afterwards.
    """
    by_kind = {
        AUDIT: exists().where(
            Assignment.audit_id == News.about_id, Assignment.person_id == News.person_id, held_on(on)
        ),
        "action": _owns(Action.id, Action.owner_id),
        "recommendation": _owns(Recommendation.id, Recommendation.owner_id),
        "remedy": _owns(Remedy.id, Remedy.owner_id),
        "alert": _owns(Alert.id, Alert.raised_by_id),
        RESPONSE: News.person_id.is_not(None),
    }
    is_over = or_(
        *(
            and_(News.about_kind == kind, or_(not_(by_kind[kind]), need_not_be_done))
            for kind, need_not_be_done in _need_not_be_done(on).items()
        )
    )
    by_happening = {
        Happening.TO_MODERATE: and_(_is_moderator(), _waits_for_a_moderator(on)),
        Happening.NO_LONGER_THEIRS: is_over,
        Happening.NOTHING_MORE_TO_DO: is_over,
        Happening.REPLY_DECIDED: _owns(Audit.id, Audit.worker_id),
        Happening.OWNER_NEEDED: _needs_an_owner(),
    }
    others = News.what.not_in([happening.value for happening in by_happening])
    over = _need_not_be_done(on)
    return or_(
        *(
            and_(News.about_kind == kind, others, has_it, not_(over.get(kind, false())))
            for kind, has_it in by_kind.items()
        ),
        *(and_(News.what == happening.value, has_it) for happening, has_it in by_happening.items()),
    )


def _owns(
    thing_id: InstrumentedAttribute[int],
    person_id: InstrumentedAttribute[int] | InstrumentedAttribute[int | None],
) -> ColumnElement[bool]:
    return exists().where(thing_id == News.about_id, person_id == News.person_id)


def _need_not_be_done(on: date) -> Mapping[str, ColumnElement[bool]]:
    """Return the condition of a thing that was withdrawn or is exempt, by its kind."""
    is_over = or_(Audit.withdrawn_on <= on, Audit.exempted_on <= on)
    return {
        AUDIT: exists().where(Audit.id == News.about_id, is_over),
        "action": exists().where(Action.id == News.about_id, Action.withdrawn_on <= on),
        "recommendation": false(),
        "remedy": exists().where(Remedy.id == News.about_id, Remedy.withdrawn_on <= on),
    }


def _needs_an_owner() -> ColumnElement[bool]:
    """An action or a recommendation that has no owner, for coordinators and who raised it."""
    has_role = exists().where(
        PersonRole.person_id == News.person_id, PersonRole.name == RoleName.COORDINATOR.value
    )
    return or_(
        *(
            and_(
                News.about_kind == of.kind,
                exists().where(
                    of.id == News.about_id,
                    of.owner_id.is_(None),
                    or_(has_role, of.raised_by_id == News.person_id),
                ),
            )
            for of in (Action, Recommendation)
        )
    )


def _is_moderator() -> ColumnElement[bool]:
    return exists().where(PersonRole.person_id == News.person_id, PersonRole.name == RoleName.MODERATOR.value)


def _waits_for_a_moderator(on: date) -> ColumnElement[bool]:
    """A returned audit that nobody moderated yet, or whose reply or dispute nobody decided."""
    audit_id, because = News.about_id, News.facts["because"].as_string()
    return or_(
        because.is_(None)
        & exists().where(Audit.id == audit_id, Audit.returned_on <= on)
        & ~exists().where(Moderation.audit_id == audit_id, Moderation.decided_on <= on),
        (because == "reply")
        & exists().where(
            WorkerReply.audit_id == audit_id,
            WorkerReply.replied_on <= on,
            not_yet(WorkerReply.decided_on, on),
            not_yet(WorkerReply.ended_on, on),
        ),
        (because == "dispute")
        & exists().where(
            CalledResponse.audit_id == audit_id,
            CalledResponse.dispute.is_not(None),
            CalledResponse.answered_on <= on,
            not_yet(CalledResponse.decided_on, on),
        ),
    )


def _of_those_asked(news: Sequence[News], on: date, people: Mapping[int, PersonFacts]) -> list[News]:
    """Return them without what is about responses that other people are asked for today."""
    asked = asked_about({each.about_id for each in news if each.about_kind == RESPONSE}, people, on)
    return [
        each
        for each in news
        if each.about_kind != RESPONSE or each.person_id in _ids(asked.get(each.about_id, ()))
    ]


def _ids(people: Iterable[PersonFacts]) -> set[int]:
    return {person.id for person in people}

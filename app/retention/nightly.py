"""The part of retention that nobody starts by hand: warnings, removals that are due, and thinning emails."""

import logging
from datetime import date, datetime, time

from sqlalchemy import delete, select

from app import clock
from app.audits.cycle import Cycle
from app.database import db, transaction
from app.history.record import Event, record
from app.moves.moving import locked
from app.news.models import News
from app.overwriting import written_over
from app.people.closures import working_days
from app.reminders.whose_news import first_day
from app.retention import due, queries, removing
from app.retention.belonging import AS_IT_IS
from app.retention.emails import news_before, sent_before, some_of, take_out_texts
from app.retention.models import EMAILS, Removal, Retention
from app.retention.proof import Proof
from app.retention.texts import EMAILS as TEXTS_OF_EMAILS
from app.retention.texts import NEWS
from app.retention.warning import write_warning
from app.wording import counted
from app.working_days import months_later

log = logging.getLogger(__name__)

RETENTION = "retention"
"""Does what is due by itself, in the place of a person."""

FROM, UNTIL = time(8, 30), time(18)
"""The time of working days at which coordinators are warned."""


def run(local: datetime) -> None:
    """Do what is due at a moment of the council's clock; a second run finds nothing left."""
    on = local.date()
    if working_days().is_working_day(on) and FROM <= local.time() < UNTIL:
        warn(on)
    remove_due(on)
    thin_emails(on)
    compact()


def warn(on: date) -> None:
    """Warn coordinators by email of each removal that comes, once for each date."""
    days, months = working_days(), queries.periods().months
    for kept in queries.all_kept(on):
        if not due.wants_warning(kept.facts, months, on, days):
            continue
        with transaction():
            cycle = locked(Cycle, kept.cycle.reference)
            now = queries.of(cycle, on)
            if not due.wants_warning(now.facts, months, on, days) or not removing.what_goes(cycle):
                continue
            row = db.session.get(Retention, cycle.id)
            if row is None:
                db.session.add(row := Retention(cycle_id=cycle.id))
            row.warned_on, row.warned_of = on, now.due_on
            db.session.flush()
            removed_on = queries.of(cycle, on).by_itself_on
            assert removed_on is not None
            write_warning(cycle, removed_on, on)


def remove_due(on: date) -> None:
    """Remove the texts of each cycle whose date has come, 20 working days after the warning at the earliest;
    and the numbers of cases that a draw listed for a cycle that is closed and that are not audited."""
    days, months = working_days(), queries.periods().months
    for kept in queries.all_kept(on):
        if kept.cycle.is_closed(on):
            removing.remove_cases_not_drawn(kept.cycle, by=RETENTION, on=on)
        if not due.goes_by_itself(kept.facts, months, on, days):
            continue
        with transaction():
            cycle = locked(Cycle, kept.cycle.reference)
            if due.goes_by_itself(queries.of(cycle, on).facts, months, on, days):
                removing.remove(cycle.reference, by=RETENTION, on=on)


def thin_emails(on: date) -> None:
    """Remove the texts of emails that were sent long ago, and lines of news from then. To whom, when and
    about what emails went stays."""
    first_kept = months_later(on, -queries.periods().email_months)
    before = datetime.combine(first_kept, time(), tzinfo=clock.clock().zone)
    with transaction():
        emails = sent_before(before)
        # news still stands on first pages for some working days
        news = news_before(min(first_kept, first_day(on, working_days())))
        if not emails and not news:
            return
        proof = Proof()
        for email in emails:
            proof.take(TEXTS_OF_EMAILS, "messages", email.id, [email.text, email.html, email.facts])
        for number, person_id, facts in news:
            proof.take(NEWS, "news", number, [person_id, facts])
        take_out_texts([email.id for email in emails])
        for some in some_of([number for number, *_ in news]):
            db.session.execute(delete(News).where(News.id.in_(some)), execution_options=AS_IT_IS)
        proof.keep(EMAILS, by=RETENTION, on=on)
        if emails:
            _note("texts of emails removed", counted(len(emails), "email"), proof)
        if news:
            _note("news removed", counted(len(news), "line of news", "lines of news"), proof)
        db.session.flush()
        db.session.expire_all()


def _note(what: str, how_many: str, proof: Proof) -> None:
    record(RETENTION, [Event("setting", "retention", what, after=f"{how_many}, proof {proof.digest}")])


def compact() -> None:
    """Write over the space of what was removed, so that the files of the database do not hold it any more.

    If others use the database at this moment it is left for the next look.
    """
    left = select(Removal.id).where(Removal.compacted_at.is_(None))
    ids = db.session.scalars(left).all()
    db.session.rollback()
    if not ids:
        return
    if not written_over():
        log.info("the database is in use, so its free space is written over later")
        return
    with transaction():
        for removal in db.session.scalars(select(Removal).where(Removal.id.in_(ids))):
            removal.compacted_at = clock.now()

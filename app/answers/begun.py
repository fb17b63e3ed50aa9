"""Reads who has begun to fill in the forms of audits."""

from collections import defaultdict
from collections.abc import Collection, Mapping
from datetime import date, datetime, time, timedelta

from sqlalchemy import select

from app import clock
from app.answers.models import Answer
from app.audits import begun as begun_audits
from app.database import db


def begun_by(audit_ids: Collection[int], on: date) -> Mapping[int, set[int]]:
    """Return the people who had saved an answer by the end of a day, by audit."""
    end = datetime.combine(on + timedelta(days=1), time(), clock.clock().zone)
    query = (
        select(Answer.audit_id, Answer.saved_by_id)
        .where(Answer.audit_id.in_(audit_ids), Answer.saved_at < end)
        .distinct()
    )
    begun: dict[int, set[int]] = defaultdict(set)
    for audit_id, person_id in db.session.execute(query):
        if person_id is not None:
            begun[audit_id].add(person_id)
    return begun


begun_audits.read_with(begun_by)

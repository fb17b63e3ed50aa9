"""Reports in the making: the draft of a day, or a final report."""

from datetime import date

from sqlalchemy import select

from app.audits.cycle import Cycle
from app.database import db
from app.people.models import Person
from app.reports.content import draft
from app.reports.material import gather
from app.reports.models import FinalReport
from app.reports.paper import Audience, Paper, from_json


def report_of(cycle: Cycle, audience: Audience, on: date, by: Person | None) -> Paper:
    """Return the draft of a report as of a day. `by` is the person who makes it; None: nobody is named."""
    return draft(gather(cycle, on, by), audience)


def latest(cycle: Cycle, audience: Audience, on: date | None = None) -> Paper | None:
    """Return the last final report for these readers, as it was frozen; None when there is none.

    With a day, the last one of that day: a final report keeps the day that it was made for.
    """
    query = select(FinalReport.content).where(
        FinalReport.cycle_id == cycle.id, FinalReport.audience == audience
    )
    papers = map(from_json, db.session.scalars(query.order_by(FinalReport.number.desc())))
    return next((paper for paper in papers if on in (None, paper.made_on)), None)

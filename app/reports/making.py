"""Making a report: a draft from what is known today, or the final one that was made last."""

from datetime import date

from sqlalchemy import select

from app.audits.cycle import Cycle
from app.database import db
from app.people.models import Person
from app.reports.content import written
from app.reports.material import gather
from app.reports.models import FinalReport
from app.reports.paper import Audience, Paper, from_json


def report_of(cycle: Cycle, audience: Audience, on: date, by: Person | None) -> Paper:
    """The draft of a report from what is known on a day. `by` is who makes it; None: nobody is named."""
    return written(gather(cycle, on, by), audience)


def latest(cycle: Cycle, audience: Audience) -> Paper | None:
    """The final report of that kind that was made last, as it was frozen; None where there is none."""
    query = (
        select(FinalReport.content)
        .where(FinalReport.cycle_id == cycle.id, FinalReport.audience == audience)
        .order_by(FinalReport.number.desc())
        .limit(1)
    )
    content = db.session.scalar(query)
    return None if content is None else from_json(content)

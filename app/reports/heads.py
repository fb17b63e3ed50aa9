"""The head of a report: its author, how to reach them, and its protective marking, on each of its pages.

Until a coordinator writes them, the author is who makes the report, and the marking that of the installation.
"""

from datetime import date

from sqlalchemy import select

from app.audits.cycle import Cycle
from app.database import db, transaction
from app.moves.moving import locked, tell
from app.people.models import Person
from app.reports.facts import Head
from app.reports.models import PaperHead
from app.reports.narratives import refuse_case_number
from app.reports.paper import Audience


def heads_of(cycle: Cycle) -> dict[str, Head]:
    """Return the heads that somebody wrote, by the readers of the report."""
    stored = db.session.scalars(select(PaperHead).where(PaperHead.cycle_id == cycle.id))
    return {head.audience: Head(head.author, head.contact, head.marking) for head in stored}


def write_head(cycle: Cycle, audience: Audience, head: Head, *, by: Person, on: date) -> None:
    """Write the head of a report; what is empty is left out of it. Raises Refused for a case number."""
    refuse_case_number(cycle, " ".join((head.author, head.contact, head.marking)))
    with transaction():
        cycle = locked(Cycle, cycle.reference)
        stored = db.session.get(PaperHead, (cycle.id, audience.value), populate_existing=True)
        if stored is None:
            stored = PaperHead(cycle_id=cycle.id, audience=audience.value)
            db.session.add(stored)
        stored.author, stored.contact, stored.marking = head.author, head.contact, head.marking
        tell(cycle, by, on, "author or marking of the report changed", after=f"for the {audience}")

"""The final versions of a report. Each is frozen as it is; a correction is a new version with its reason."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date

from sqlalchemy import select

from app import clock
from app.audits.cycle import Cycle
from app.database import db, transaction
from app.history import documents
from app.moves.moving import locked, tell
from app.people.models import Person
from app.refusal import ChangedMeanwhile, NotNow, Refused
from app.reports.making import report_of
from app.reports.models import FinalReport, SentReport
from app.reports.narratives import refuse_case_number
from app.reports.paper import Audience, Paper, from_json
from app.wording import in_words


def versions(cycle: Cycle, audience: Audience) -> Sequence[FinalReport]:
    """Return the final versions of a report, the latest first."""
    query = select(FinalReport).where(FinalReport.cycle_id == cycle.id, FinalReport.audience == audience)
    return db.session.scalars(query.order_by(FinalReport.number.desc())).all()


def paper_of(final: FinalReport) -> Paper:
    """Return the report of a final version, as it was frozen."""
    return from_json(final.content)


def why_not_final(cycle: Cycle, of: date) -> str | None:
    """Return why no report of this cycle, of that day, can be made final; None when it can."""
    if not cycle.is_frozen():
        return (
            f"Cycle {cycle.reference} is not closed and frozen yet, so its figures can still change. "
            "You can make this report final after the cycle is closed and frozen."
        )
    if not cycle.is_closed(of):
        return (
            f"Cycle {cycle.reference} was still open on {in_words(of)}, so the report of that date has no "
            "figures. You can make a report of a later date final."
        )
    return None


def make(
    cycle: Cycle,
    audience: Audience,
    *,
    of: date,
    by: Person,
    on: date,
    seen: int,
    because: str | None = None,
) -> FinalReport:
    """Freeze the report of a day as it is now. `seen` is the number of the latest version that the person
    saw, 0 for none; from the second version of a day on, `because` says what was corrected.

    Raises ChangedMeanwhile when somebody else made a version, NotNow when the cycle is not frozen, Refused
    when the reason is missing or a case number is in it.
    """
    because = (because or "").strip() or None
    refuse_case_number(cycle, because or "")
    with transaction():
        cycle = locked(Cycle, cycle.reference)
        if reason := why_not_final(cycle, of):
            raise NotNow(reason)
        earlier = versions(cycle, audience)
        number = earlier[0].number if earlier else 0
        if number != seen:
            raise ChangedMeanwhile(
                f"Version {number} was made final while you had this page open. Read it first."
            )
        if because is None and any(paper_of(final).made_on == of for final in earlier):
            raise Refused("Enter what you corrected")
        paper = replace(
            report_of(cycle, audience, of, by), is_draft=False, number=number + 1, because=because
        )
        final = FinalReport(
            cycle_id=cycle.id,
            audience=audience,
            number=number + 1,
            because=because,
            made_by_id=by.id,
            made_at=clock.now(),
            content=paper.to_json(),
        )
        db.session.add(final)
        after = f"for the {audience}, version {number + 1}"
        tell(cycle, by, on, "report made final", after=after, why=because)
        documents.seal(final, f"report of cycle {cycle.reference} {after}", who=by.email)
    return final


def sent(final: FinalReport) -> Sequence[SentReport]:
    """Return the records of sending this version, the earliest first."""
    query = select(SentReport).where(SentReport.final_report_id == final.id)
    return db.session.scalars(query.order_by(SentReport.sent_on, SentReport.id)).all()


def note_sent(final: FinalReport, cycle: Cycle, *, to: str, sent_on: date, by: Person, on: date) -> None:
    """Record that this version was sent to somebody. The service itself sends no report.

    Raises Refused for a day in the future or before the version was made, or for a case number.
    """
    if sent_on > on:
        raise Refused("Date you sent it must be today or in the past")
    made_on = final.made_at.astimezone(clock.clock().zone).date()
    if sent_on < made_on:
        raise Refused(f"Date you sent it must be on or after {in_words(made_on)}, when this version was made")
    refuse_case_number(cycle, to)
    with transaction():
        db.session.add(
            SentReport(final_report_id=final.id, sent_to=to.strip(), sent_on=sent_on, feedback=None)
        )
        after = f"version {final.number} for the {final.audience}, to {to.strip()}"
        tell(cycle, by, on, "report sent", after=after)


def note_feedback(
    number: int, final: FinalReport, cycle: Cycle, *, feedback: str, by: Person, on: date
) -> None:
    """Record the feedback of those who got the report.

    Raises NotNow when the record of sending is gone, Refused for a case number.
    """
    refuse_case_number(cycle, feedback)
    with transaction():
        record = db.session.get(SentReport, number, with_for_update=True)
        if record is None or record.final_report_id != final.id:
            raise NotNow("Someone removed this record while you had the page open")
        record.feedback = feedback.strip() or None
        tell(cycle, by, on, "feedback on the report recorded", after=record.sent_to)


def remove_sent(number: int, final: FinalReport, cycle: Cycle, *, by: Person, on: date) -> None:
    """Delete a record of sending that was a mistake, if it is there. The history keeps it."""
    with transaction():
        record = db.session.get(SentReport, number, with_for_update=True)
        if record is None or record.final_report_id != final.id:
            return
        before = f"version {final.number} for the {final.audience}, to {record.sent_to}"
        tell(cycle, by, on, "record of sending the report removed", before=before)
        db.session.delete(record)

"""A paper of a day knows no later fact: none of its dates is one, and without any it would be the same."""

from collections.abc import Callable, Iterator
from dataclasses import fields, is_dataclass
from datetime import date, timedelta
from itertools import pairwise
from typing import Any

import pytest
from sqlalchemy import Column, Date, Table, delete, func, select, update
from sqlalchemy import text as sql

from app.actions.models import Action, FindingLeft, MovedDate, Recommendation
from app.answers.models import AnswerView, Moderation
from app.audits.cycle import Cycle
from app.audits.models import Audit, Chase
from app.concerns.models import CalledResponse
from app.cycles import queries
from app.database import db, transaction
from app.exemplars.models import Exemplar
from app.history.models import HistoryRow
from app.history.record import IMPORT, Event, record
from app.moves.moving import tell
from app.people.models import Person
from app.quick_wins.models import QuickWin
from app.reports.facts import Material
from app.reports.material import gather
from app.reports.paper import Audience, Paper
from app.tools.models import Question, ScaleResponse, Tool
from tests.reports.cases import text
from tests.reports.conftest import MEETING

FOUND = {
    "answer_views.made_on",
    "assignments.assigned_on",
    "assignments.ended_on",
    "audits.confirmed_on",
    "audits.exempted_on",
    "audits.requested_on",
    "audits.returned_on",
    "audits.started_on",
    "audits.withdrawn_on",
    "actions.raised_on",
    "called_responses.called_on",
    "called_responses.fell_away_on",
    "cycles.closed_on",
    "cycles.frozen_on",
    "exemplars.approved_on",
    "exemplars.retired_on",
    "extensions.made_on",
    "findings_left.on",
    "form_notes.entered_on",
    "lifted_exemptions.lifted_on",
    "moderations.decided_on",
    "quick_wins.raised_on",
    "recommendations.raised_on",
    "snapshots.made_on",
}
"""The days that count on the day itself: raised, returned or found."""

DONE = {
    "actions.agreed_on",
    "actions.done_on",
    "actions.impact_checked_on",
    "actions.signed_off_on",
    "actions.started_on",
    "actions.withdrawn_on",
    "called_responses.answered_on",
    "called_responses.decided_on",
    "chases.day",
    "chases.struck_on",
    "messages.on",
    "moved_dates.made_on",
    "people.trained_on",
    "quick_wins.moved_on",
    "quick_wins.stopped_on",
    "recommendations.carried_out_on",
    "recommendations.decided_on",
    "tools.published_on",
}
"""The days that count from the next day on: decided, agreed, carried out or sent."""

PLANNING = {"history.on"}
"""The day on which a cycle was planned in the product: from the next day on a paper knows it."""

PLANNED = {
    "actions.due_on",
    "actions.first_due_on",
    "actions.impact_due_on",
    "audits.due_on",
    "audits.first_due_on",
    "called_responses.due_on",
    "cycles.cut_off_on",
    "cycles.due_on",
    "cycles.reported_on",
    "cycles.requested_on",
    "moved_dates.from_due_on",
    "moved_dates.to_due_on",
    "quick_wins.starts_on",
    "recommendations.due_on",
    "recommendations.first_due_on",
}
"""The planned days, which may be later."""

IN_NO_PAPER = {
    # counts of audits by their days, which pages of today read alone
    "audit_tallies.confirmed_on",
    "audit_tallies.due_on",
    "audit_tallies.exempted_on",
    "audit_tallies.returned_on",
    "audit_tallies.started_on",
    "audit_tallies.withdrawn_on",
    "auditor_tallies.exempted_on",
    "auditor_tallies.first_due_on",
    "auditor_tallies.returned_on",
    "auditor_tallies.withdrawn_on",
    "answer_views.from_on",
    "answer_views.to_on",
    "answers.from_on",
    "answers.to_on",
    "api_tokens.ends_on",
    "api_tokens.last_used_on",
    "audit_promises.ended_on",
    "audit_promises.given_on",
    "audit_promises.promised_on",
    "calls_made.day",
    "chases.new_expected_on",
    "closures.day",
    "daily_runs.on",
    "devices.used_on",
    "draws.drawn_on",
    "earlier_cycles.reported_on",
    "exemplars.written_on",
    "extensions.from_due_on",
    "extensions.to_due_on",
    "feedback_talks.day",
    "feedback_talks.noted_on",
    "held_items.anchor_on",
    "held_items.let_go_on",
    "held_items.made_on",
    "held_items.until_on",
    "history_checks.on",
    "leave.from_on",
    "leave.to_on",
    "lifted_exemptions.exempted_on",
    "meetings.on",
    "message_items.anchor_on",
    "message_items.due_on",
    "message_items.step_on",
    "messages.rendered_on",
    "moved_dates.asked_on",
    "moved_dates.refused_on",
    "narratives.written_on",
    "news.made_on",
    "news.read_on",
    "nominations_set_aside.on",
    "not_sent.anchor_on",
    "not_sent.on",
    "people.anonymous_on",
    "people.leaving_on",
    "progress_notes.on",
    "progress_notes.struck_on",
    "recommendations.proposed_on",
    "remedies.done_on",
    "remedies.due_on",
    "remedies.first_due_on",
    "remedies.raised_on",
    "remedies.withdrawn_on",
    "removals.removed_on",
    "report_templates.uploaded_on",
    "retentions.held_on",
    "retentions.remove_on",
    "retentions.warned_of",
    "retentions.warned_on",
    "sent_reports.sent_on",
    "troubles.told_on",
    "worker_replies.asked_on",
    "worker_replies.decided_on",
    "worker_replies.due_on",
    "worker_replies.ended_on",
    "worker_replies.replied_on",
}
"""Days of answers, emails, words and moves of which no paper says anything."""

SENT_BACK = {"returns.confirmed_on", "returns.returned_on", "returns.sent_back_on"}
"""The days of returns that were sent back, of which tests/findings/test_sent_back.py is."""

WITH_IT: dict[str, dict[str, Any]] = {
    "actions.agreed_on": {"is_draft": True},
    "actions.impact_checked_on": {"impact": None, "impact_words": None},
    "actions.signed_off_on": {"signed_off_by_id": None},
    "quick_wins.moved_on": {"moved": None},
    "recommendations.decided_on": {"decision": None, "decision_words": None},
}
"""The columns that say nothing without the day beside them."""

DELETED = {
    "actions.raised_on",
    "extensions.made_on",
    "quick_wins.raised_on",
    "recommendations.raised_on",
    "tools.published_on",
}
"""The days that may be missing and without which the row would hold on every day."""

DAYS = [
    date(2010, 11, 5),
    date(2010, 12, 16),
    date(2010, 12, 17),
    MEETING,
    MEETING + timedelta(days=1),
    date(2011, 1, 14),
    date(2011, 1, 17),
    date(2011, 3, 4),
    date(2011, 7, 1),
]


@pytest.fixture
def first_cycle_with_more(whole_first_cycle: None) -> Cycle:
    """The first cycle with facts of every kind that a paper tells, of many days."""
    cycle = queries.found("2010-1")
    assert cycle is not None
    with transaction():
        people = db.session.scalars(select(Person).order_by(Person.id)).all()
        by = people[0]
        cycle.tool.published_on = date(2010, 9, 1)
        for number, person in enumerate(people):
            person.trained_on = MEETING + timedelta(days=number - 60)
        audits = db.session.scalars(
            select(Audit).where(Audit.returned_on.is_not(None)).order_by(Audit.reference)
        ).all()
        question = db.session.scalars(select(Question).where(Question.key == "child_seen")).one()
        no = db.session.scalars(select(ScaleResponse).where(ScaleResponse.response == "no")).first()
        assert no is not None
        for number, day in enumerate(DAYS):
            audit = audits[number]
            db.session.add_all(
                (
                    Exemplar(
                        reference=f"E{number}",
                        audit_id=audit.id,
                        title=f"Example {number}",
                        text="Good",
                        written_on=day,
                        written_by_id=by.id,
                        approved_on=day,
                        retired_on=day + timedelta(days=30),
                    ),
                    Moderation(
                        audit_id=audit.id,
                        chosen_because="by hand",
                        moderator_id=by.id,
                        decided_on=day,
                        outcome="changed",
                    ),
                    AnswerView(
                        audit_id=audit.id,
                        question_id=question.id,
                        whose="moderated",
                        response_id=no.id,
                        reason="Read again",
                        by_id=by.id,
                        made_on=day,
                    ),
                    CalledResponse(
                        reference=f"{audit.reference}-P1",
                        audit_id=audit.id,
                        called_on=day,
                        due_on=day + timedelta(days=10),
                        questions=["child_seen"],
                        answered_on=day + timedelta(days=5),
                    ),
                    Recommendation(reference=f"R{number}0", cycle_id=cycle.id, text="More", raised_on=day),
                    Action(
                        reference=f"A{number}0",
                        text="Do more",
                        cycle_id=cycle.id,
                        question="supervision_notes",
                        raised_on=day,
                        owner_id=by.id,
                        due_on=day,
                        agreed_on=day,
                        withdrawn_on=day + timedelta(days=40),
                    ),
                    Tool(
                        reference=cycle.tool.reference,
                        version=number + 2,
                        title="New",
                        minimum_answered=0.8,
                        minimum_count=10,
                        published_on=day,
                    ),
                )
            )
            db.session.flush()
            action = db.session.scalars(select(Action).where(Action.reference == f"A{number}0")).one()
            db.session.add(
                QuickWin(
                    reference=f"Q{number}0",
                    subject="More",
                    message="Write it down.",
                    action_id=action.id,
                    raised_on=day + timedelta(days=1),
                    starts_on=day + timedelta(days=2),
                    every_working_days=1,
                    times=2,
                )
            )
            missing = db.session.scalars(select(Audit.id).where(Audit.returned_on.is_(None))).first()
            assert missing is not None
            db.session.add(
                Chase(
                    audit_id=missing,
                    day=day,
                    channel="phone",
                    struck_on=day + timedelta(days=3),
                    struck_because="Another audit",
                )
            )
        for number, day in enumerate(DAYS):
            # each later one would be told instead of those before it
            requested_on = date(2012, 6, 1) - timedelta(days=number)
            later = Cycle(
                reference=f"2012-{number}",
                title="Later",
                theme="Neglect",
                tool_id=cycle.tool_id,
                requested_on=requested_on,
                due_on=requested_on,
            )
            db.session.add(later)
            tell(later, by, day, "created")
        db.session.add(
            FindingLeft(
                cycle_id=cycle.id, question="gatekeeping", because="No", by_id=by.id, on=date(2011, 1, 14)
            )
        )
        for action in db.session.scalars(select(Action).where(Action.reference.in_(("A1", "A2")))):
            action.moved_dates.append(
                MovedDate(
                    from_due_on=action.due_on, to_due_on=date(2011, 6, 1), because="Ill", made_on=MEETING
                )
            )
            action.due_on = date(2011, 6, 1)
        for win in db.session.scalars(select(QuickWin)):
            win.stopped_on, win.moved, win.moved_on = date(2011, 7, 1), "yes", date(2011, 7, 1)
    return cycle


def test_every_day_that_is_stored_is_told_apart(app: object) -> None:
    stored = {f"{table.name}.{column.name}" for table, column in days_stored()}
    told_apart = [FOUND, DONE, PLANNING, PLANNED, IN_NO_PAPER, SENT_BACK]
    assert stored == set().union(*told_apart)
    assert len(stored) == sum(map(len, told_apart))


@pytest.mark.parametrize("day", DAYS, ids=str)
def test_a_paper_is_the_same_as_if_nothing_later_had_happened(
    first_cycle_with_more: Cycle, day: date
) -> None:
    told = gather(first_cycle_with_more, day, None)
    for name, later in dates_of(told):
        assert later <= day or name in {"due_on", "meeting_on", "starts_on"}, name
        assert later < day or name != "decided_on"
    assert undo_what_is_later(day) > 0
    assert gather(first_cycle_with_more, day, None) == told


def test_the_days_make_a_difference(first_cycle_with_more: Cycle) -> None:
    papers = [gather(first_cycle_with_more, day, None) for day in DAYS]
    for earlier, later in pairwise(papers):
        for part in ("findings", "own", "examples", "next"):
            if not (part == "findings" and earlier.findings.frozen_on):
                assert getattr(earlier, part) != getattr(later, part), (part, later.made_on)


def test_before_the_meeting_nothing_was_decided_agreed_or_sent(report: Callable[..., Paper]) -> None:
    cycle = queries.found("2010-1")
    assert cycle is not None
    own = gather(cycle, MEETING, None).own
    assert [str(each.state) for each in own.recommendations] == ["awaiting decision"] * 6
    assert {str(each.state) for each in own.actions} == {"draft"}
    assert (own.quick_wins, gather(cycle, MEETING, None).next) == ((), None)
    for audience in Audience:
        words = text(report(audience))
        assert "Evidence that the child was seen" not in words
        assert "The next cycle" not in words
        assert words == text(report(audience))
    after = gather(cycle, MEETING + timedelta(days=1), None).own
    assert {str(each.state) for each in after.actions} == {"agreed"}
    assert {str(each.state) for each in after.quick_wins} == {"planned"}
    assert "accepted" in {str(each.state) for each in after.recommendations}


def test_a_cycle_from_a_file_is_known_within_a_year_before_its_request(first_cycle: None) -> None:
    cycle = queries.found("2010-1")
    assert cycle is not None
    with transaction():
        later = Cycle(
            reference="2012-1",
            title="Later",
            theme="Neglect",
            tool_id=cycle.tool_id,
            requested_on=date(2011, 12, 22),
            due_on=date(2012, 1, 20),
        )
        db.session.add(later)
        record(IMPORT, [Event("cycle", "2012-1", "created", on=date(2010, 12, 1))])
    known = gather(cycle, date(2010, 12, 22), None).next
    assert known is not None
    assert known.reference == "2012-1"
    assert gather(cycle, date(2010, 12, 21), None).next is None


def days_stored() -> Iterator[tuple[Table, Column[Any]]]:
    """Yield each column that stores a day."""
    for table in db.metadata.sorted_tables:
        for column in table.columns:
            if isinstance(column.type, Date):
                yield table, column


def dates_of(thing: object, name: str = "") -> Iterator[tuple[str, date]]:
    """Yield each date in the facts of a paper, with the name of its field."""
    if isinstance(thing, date):
        yield name, thing
    elif is_dataclass(thing):
        for field in fields(thing):
            if not (isinstance(thing, Material) and field.name == "next"):
                yield from dates_of(getattr(thing, field.name), field.name)
    elif isinstance(thing, tuple | list):
        for each in thing:
            yield from dates_of(each, name)
    elif isinstance(thing, dict):
        for each in thing.values():
            yield from dates_of(each, name)


def undo_what_is_later(day: date) -> int:
    """Take out of the database all that counts in no paper of the day; return how many facts that were."""
    undone = 0
    with transaction():
        for moved in db.session.scalars(select(MovedDate).where(MovedDate.made_on >= day)):
            thing = db.session.get_one(Action, moved.action_id)
            thing.due_on = moved.from_due_on
        # what is frozen can be undone in this test alone
        for name in db.session.scalars(sql("select name from sqlite_master where type = 'trigger'")).all():
            db.session.execute(sql(f"drop trigger {name}"))
        # nothing carries out a recommendation that nobody has made
        later = select(Action.id).join(Recommendation).where(Recommendation.raised_on > day)
        db.session.execute(delete(QuickWin).where(QuickWin.action_id.in_(later)))
        db.session.execute(delete(Action).where(Action.id.in_(later)))
        db.session.flush()
        planned = select(HistoryRow.subject).where(
            HistoryRow.subject_kind == "cycle",
            HistoryRow.what == "created",
            HistoryRow.who != IMPORT,
            HistoryRow.on >= day,
        )
        is_planned_later = Cycle.reference.in_(planned)
        undone += db.session.scalar(select(func.count()).select_from(Cycle).where(is_planned_later)) or 0
        db.session.execute(delete(Cycle).where(is_planned_later))
        for table, column in reversed(list(days_stored())):
            name = f"{table.name}.{column.name}"
            if name not in FOUND | DONE:
                continue
            is_later = column > day if name in FOUND else column >= day
            undone += db.session.scalar(select(func.count()).select_from(table).where(is_later)) or 0
            if name in DELETED or not column.nullable or table.name == "moved_dates":
                db.session.execute(delete(table).where(is_later))
            else:
                db.session.execute(
                    update(table).where(is_later).values({column: None, **WITH_IT.get(name, {})})
                )
        db.session.expire_all()
    return undone

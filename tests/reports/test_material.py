"""The material for a report: who audited, how it went, what was recommended; never a case number."""

from datetime import UTC, date, datetime, time
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import update

from app.actions.models import Action, Recommendation
from app.answers.models import ContextFactor, ContextNote, FormNote
from app.audits.cycle import Cycle
from app.audits.models import Audit, Chase
from app.database import db, transaction
from app.exemplars.models import Exemplar
from app.outbox.models import HELD, SENT, Message
from app.quick_wins.models import AudienceRole, QuickWin
from app.reminders import daily_run
from app.reports.facts import Auditors, Comment, Example, Material, Work
from app.reports.making import latest, report_of
from app.reports.material import gather
from app.reports.models import ChosenComment, FinalReport, Narrative
from app.reports.paper import Audience
from app.tools.models import Tool
from tests.factories import DUE, a_cycle, a_person, an_audit
from tests.reports.cases import text
from tests.statements import statements

ON = date(2010, 12, 22)
RETURNED = date(2010, 11, 1)


def gathered(cycle: Cycle | None = None, on: date = ON) -> Material:
    db.session.rollback()
    return gather(cycle or a_cycle(), on, None)


def add(*rows: Any) -> None:
    with transaction():
        db.session.add_all(rows)


def test_auditors_are_counted_by_job_and_by_pair(app: Flask) -> None:
    manager = a_person("Ann Lee", job_title="Group Manager", trained_on=date(2010, 9, 1))
    chair = a_person("Bob Day", job_title="Chair", trained_on=date(2010, 10, 20))
    other = a_person("Cy Gale", trained_on=None)
    an_audit(lead=manager, second=chair, started_on=date(2010, 10, 20), returned_on=RETURNED)
    an_audit(lead=manager, second=chair, started_on=date(2010, 10, 21), returned_on=RETURNED)
    an_audit(lead=other, returned_on=RETURNED)
    # who only has an audit that did not come back, or is no longer in the pair, did none
    an_audit(lead=a_person("Di Moss"), second=other)
    assert gathered().auditors == Auditors(
        people=3,
        by_job=(("Chair", 1), ("Group Manager", 1), (None, 1)),
        in_pairs=2,
        alone=1,
        pairs=((("Group Manager", "Chair"), 2),),
        trained_before=2,
        trained_later=0,
        training_is_recorded=True,
    )


@pytest.mark.parametrize(
    ("trained_on", "before", "later"),
    [
        (date(2010, 10, 20), 1, 0),
        (date(2010, 10, 21), 0, 1),
        (None, 0, 0),
    ],
)
def test_training_counts_by_the_day_of_the_first_audit(
    app: Flask, trained_on: date | None, before: int, later: int
) -> None:
    person = a_person("Ann Lee", trained_on=trained_on)
    an_audit(lead=person, started_on=date(2010, 10, 25), returned_on=RETURNED)
    an_audit(lead=person, started_on=date(2010, 10, 20), returned_on=RETURNED)
    found = gathered().auditors
    assert (found.trained_before, found.trained_later) == (before, later)


def test_context_factors_are_rare_up_to_the_count_that_the_cycle_hides(app: Flask) -> None:
    often, rare, late = (
        ContextFactor(label=label, position=90 + at)
        for at, label in enumerate(("sick leave", "illness", "new office"))
    )
    add(often, rare, late)
    audits = [an_audit(returned_on=RETURNED) for _ in range(5)]
    add(*(ContextNote(audit_id=audit.id, factor_id=often.id) for audit in audits))
    add(*(ContextNote(audit_id=audit.id, factor_id=rare.id) for audit in audits[:4]))
    add(ContextNote(audit_id=an_audit().id, factor_id=late.id))  # not returned
    assert gathered().rare_factors == {"illness"}


def test_how_the_audits_went(app: Flask) -> None:
    in_time = an_audit(returned_on=DUE)
    late = an_audit(returned_on=date(2010, 11, 15))
    exempt = an_audit(exempted_on=date(2010, 11, 20))
    still_open = an_audit()
    add(
        Chase(audit_id=exempt.id, day=date(2010, 11, 15), channel="phone"),
        Chase(audit_id=exempt.id, day=date(2010, 11, 16), channel="email"),
        # chasing of what came back, or is still to be returned, is not told; nor is what comes later
        Chase(audit_id=late.id, day=date(2010, 11, 13), channel="phone"),
        Chase(audit_id=still_open.id, day=date(2010, 11, 13), channel="phone"),
        Chase(audit_id=exempt.id, day=date(2011, 1, 4), channel="phone"),
        FormNote(audit_id=in_time.id, minutes=120, hard_to_find="The minutes", exemplar_because=" "),
        FormNote(audit_id=late.id, minutes=80, exemplar_because="Her own words"),
        FormNote(audit_id=still_open.id, minutes=5, hard_to_find="All"),
    )
    assert gathered().work == Work(
        in_time=1,
        chased=1,
        contacts=2,
        could_be_chased=True,
        minutes=(80, 120),
        hard_to_find=1,
        nominated=1,
    )


def test_automatic_reminders_about_missing_audits_are_counted_apart_from_chases(app: Flask) -> None:
    lead = a_person("Lea")
    an_audit(lead=lead, exempted_on=date(2010, 11, 20))
    an_audit(lead=lead, returned_on=date(2010, 11, 18))
    for on in (date(2010, 11, 5), date(2010, 11, 16), date(2010, 11, 19)):
        daily_run.run(on)
        with transaction():
            sent_at = datetime.combine(on, time(9), UTC)
            db.session.execute(update(Message).where(Message.on == on).values(state=SENT, ended_at=sent_at))
    assert (gathered().work.reminders, gathered().work.chased) == (3, 0)
    # what went out on the day of the paper is not in it, nor what never went out
    with transaction():
        db.session.execute(
            update(Message)
            .where(Message.on == date(2010, 11, 19))
            .values(ended_at=datetime.combine(ON, time(9), UTC))
        )
        db.session.execute(update(Message).where(Message.on == date(2010, 11, 16)).values(state=HELD))
    assert gathered().work.reminders == 1


@pytest.mark.parametrize(
    ("from_file", "chased", "could_be"),
    [(True, False, False), (True, True, True), (False, False, True)],
)
def test_a_chase_could_be_known_of_where_it_was_worked_on_or_a_file_has_one(
    app: Flask, from_file: bool, chased: bool, could_be: bool
) -> None:
    an_audit(returned_on=RETURNED, from_file=from_file)
    missing = an_audit()
    if chased:
        add(Chase(audit_id=missing.id, day=date(2010, 11, 15), channel="phone"))
    assert gathered().work.could_be_chased is could_be


def test_training_is_recorded_where_anybody_has_a_day_of_it(app: Flask) -> None:
    an_audit(lead=a_person(trained_on=None), returned_on=RETURNED)
    assert not gathered().auditors.training_is_recorded
    a_person(trained_on=date(2010, 9, 1))
    assert gathered().auditors.training_is_recorded


def test_a_due_day_at_the_weekend_counts_as_the_monday(app: Flask) -> None:
    an_audit(due_on=date(2010, 11, 13), returned_on=date(2010, 11, 15))
    assert gathered().work.in_time == 1


def test_what_comes_after_the_day_has_not_happened(app: Flask) -> None:
    owner = a_person("Ann Lee", roles=("manager",), job_title="Head", team="Crewe")
    early = Recommendation(
        reference="R1", cycle_id=a_cycle().id, text="Early", decision="accepted", decided_on=date(2011, 1, 5)
    )
    late = Recommendation(reference="R2", cycle_id=a_cycle().id, text="Late", raised_on=date(2011, 1, 5))
    add(early, late)
    add(
        Action(
            reference="A1", text="Do", recommendation_id=early.id, owner_id=owner.id, due_on=date(2010, 12, 1)
        ),
        Action(reference="A2", text="Later", cycle_id=a_cycle().id, raised_on=date(2011, 1, 5)),
    )
    then = gathered()
    assert [(one.reference, one.state.value, one.decision) for one in then.own.recommendations] == [
        ("R1", "awaiting decision", None)
    ]
    (action,) = then.own.actions
    assert (action.reference, action.recommendation, action.owner, action.owner_job, action.team) == (
        "A1",
        "R1",
        "Ann Lee",
        "Head",
        "Crewe",
    )
    assert action.is_overdue
    later = gathered(on=date(2011, 2, 1))
    assert [one.decision for one in later.own.recommendations] == ["accepted", None]
    assert [one.reference for one in later.own.actions] == ["A1", "A2"]


def test_a_case_number_that_somebody_wrote_is_masked_in_every_text(app: Flask) -> None:
    audit = an_audit(case_reference="615739", returned_on=RETURNED)
    before = a_cycle("2010-0", requested_on=date(2010, 5, 4), due_on=date(2010, 6, 1))
    an_audit(case_reference="717275", cycle=before)
    writer = a_person("Ann Lee")
    add(Recommendation(reference="R0", cycle_id=before.id, text="As in 717275"))
    recommended = Recommendation(
        reference="R1",
        cycle_id=a_cycle().id,
        text="See 615739",
        decision="amended",
        decision_words="not 615739",
    )
    acted = Action(reference="A1", text="Look at 615739", cycle_id=a_cycle().id, is_quick_win=True)
    add(recommended, acted)
    add(
        QuickWin(
            reference="Q1",
            subject="615739",
            message="Not as in 615739",
            where="in 615739",
            action_id=acted.id,
            starts_on=ON,
            every_working_days=5,
            times=2,
            roles=[AudienceRole(role="practitioner")],
        ),
        Narrative(
            cycle_id=a_cycle().id,
            section="analysis",
            text="615739 is odd",
            written_by_id=writer.id,
            written_on=ON,
        ),
        Narrative(
            cycle_id=a_cycle().id, section="findings", text="  ", written_by_id=writer.id, written_on=ON
        ),
        ChosenComment(cycle_id=a_cycle().id, theme="615739", question="child_seen", text="Seen on 615739"),
        Exemplar(
            reference="E1",
            audit_id=audit.id,
            title="615739",
            text="615739",
            written_on=ON,
            written_by_id=writer.id,
            approved_on=ON,
        ),
    )
    found = gathered()
    assert "615739" not in repr(found)
    assert "717275" not in repr(found)
    assert found.narratives == {"analysis": "[case number] is odd"}
    assert found.comments == (Comment("[case number]", "Child seen", "Seen on [case number]"),)
    for audience in Audience:
        assert "615739" not in text(report_of(a_cycle(), audience, ON, None))


def test_examples_are_told_once_they_are_approved_and_until_they_are_retired(app: Flask) -> None:
    audit, writer = an_audit(returned_on=RETURNED), a_person("Ann Lee")
    elsewhere = an_audit(cycle=a_cycle("2009-1", requested_on=date(2009, 5, 4), due_on=date(2009, 6, 1)))
    days: list[tuple[str, int, date | None, date | None]] = [
        ("E1", audit.id, ON, None),
        ("E2", audit.id, None, None),
        ("E3", audit.id, date(2010, 12, 23), None),
        ("E4", audit.id, date(2010, 12, 1), ON),
        ("E5", elsewhere.id, ON, None),
    ]
    add(
        *(
            Exemplar(
                reference=name,
                audit_id=of,
                title=name,
                text="Good",
                written_on=date(2010, 12, 1),
                written_by_id=writer.id,
                approved_on=approved,
                retired_on=retired,
            )
            for name, of, approved, retired in days
        )
    )
    assert gathered().examples == (Example("E1", "Good"),)


def test_the_cycles_before_and_after_are_the_nearest_that_are_no_quick_checks(app: Flask) -> None:
    for reference, day in (("A", date(2009, 1, 5)), ("B", date(2010, 1, 4)), ("D", date(2011, 1, 4))):
        a_cycle(reference, requested_on=day, due_on=day)
    for reference, day in (("check-1", date(2010, 6, 1)), ("check-2", date(2010, 12, 1))):
        check = a_cycle(reference, requested_on=day, due_on=day)
        with transaction():
            db.session.get_one(Cycle, check.id).checks = "A1"
    found = gathered()
    assert found.before is not None
    assert found.next is not None
    assert (found.before.cycle.reference, found.next.reference) == ("B", "D")


def test_a_comparable_cycle_is_put_beside_it(app: Flask) -> None:
    a_cycle("2009-1", requested_on=date(2009, 5, 4), due_on=date(2009, 6, 1))
    assert gathered().comparison is None
    with transaction():
        db.session.get_one(Cycle, a_cycle().id).comparable_with = "2009-1"
        db.session.get_one(Cycle, a_cycle("2009-1").id).closed_on = date(2009, 7, 1)
    # a figure of an open cycle is never quoted
    assert gathered().comparison is None
    with transaction():
        db.session.get_one(Cycle, a_cycle().id).closed_on = ON
    assert gathered(on=date(2010, 12, 21)).comparison is None
    beside = gathered().comparison
    assert beside is not None
    assert beside.cycle == "2009-1, A cycle"
    assert [(row.name, row.before) for row in beside.rows] == [("Child seen", "0 of 0, result not shown")]


def test_a_newer_published_tool_tells_what_it_changes(app: Flask) -> None:
    assert gathered().tool_changes is None
    with transaction():
        db.session.add(
            Tool(reference="child-protection", version=2, title="New", minimum_answered=0.8, minimum_count=10)
        )
    changes = gathered().tool_changes
    assert changes is not None
    assert ("removed", "Child seen") in [(one.what, one.question) for one in changes]


def test_the_number_of_queries_does_not_grow_with_the_audits(app: Flask) -> None:
    def queries() -> int:
        db.session.rollback()
        db.session.expire_all()
        cycle = a_cycle()
        with statements() as sent:
            report_of(cycle, Audience.COUNCIL, ON, None)
        return len(sent)

    lead, second = a_person("Ann Lee"), a_person("Bob Day")
    for _ in range(2):
        an_audit(lead=lead, second=second, returned_on=RETURNED)
    assert queries() < 70
    few = queries()
    for _ in range(20):
        an_audit(lead=lead, second=second, returned_on=RETURNED)
    assert queries() == few


def test_the_last_final_report_is_read_as_it_was_frozen(app: Flask) -> None:
    cycle, by = a_cycle(), a_person("Ann Lee")
    assert latest(cycle, Audience.COUNCIL) is None
    first = report_of(cycle, Audience.COUNCIL, ON, by)
    made_at = datetime(2010, 12, 22, 12, tzinfo=UTC)
    second = report_of(cycle, Audience.COUNCIL, date(2011, 1, 4), by)
    for number, paper in ((1, first), (2, second)):
        add(
            FinalReport(
                cycle_id=cycle.id,
                audience=Audience.COUNCIL,
                number=number,
                made_by_id=by.id,
                made_at=made_at,
                content=paper.to_json(),
            )
        )
    assert latest(cycle, Audience.COUNCIL) == second
    assert latest(cycle, Audience.STAFF) is None
    assert dict(second.said_of_it)["Author"] == "Ann Lee"


def test_an_audit_may_lose_its_case_number(app: Flask) -> None:
    audit = an_audit(returned_on=RETURNED)
    with transaction():
        db.session.get_one(Audit, audit.id).case_reference = None
    assert gathered().findings.returns.returned == 1


def test_the_marking_is_a_setting(app: Flask, tmp_path: Path) -> None:
    from tests.conftest import settings_in

    assert gathered().marking == "OFFICIAL-SENSITIVE"
    for said, marking in (("OFFICIAL", "OFFICIAL"), ("None", None)):
        app.extensions["settings"] = settings_in(tmp_path, PROTECTIVE_MARKING=said)
        assert gathered().marking == marking

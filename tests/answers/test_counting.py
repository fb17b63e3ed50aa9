"""The answer that counts, and the sums of the counts whatever people answered."""

from collections.abc import Mapping
from datetime import date, timedelta

import pytest
from flask import Flask
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import delete

from app.answers.agreement import agreement
from app.answers.models import Answer, AnswerView, Moderation
from app.audits.models import Audit
from app.audits.standing import standings
from app.cycles import queries
from app.database import db, transaction
from app.findings.tallies import Tally, tallies
from app.people.closures import working_days
from tests.answers.graded import ON, a_graded_cycle, answered, question, response, viewed
from tests.factories import a_person, an_audit

BEFORE = ON - timedelta(days=1)


def counted(on: date = ON) -> Mapping[str, Tally]:
    db.session.rollback()
    cycle = queries.found("2010-1")
    assert cycle is not None
    return {each.question: each for each in tallies(cycle, standings(on, working_days())).questions}


def figures(tally: Tally) -> tuple[int, int, int, int]:
    counts = tally.counts
    return counts.met, counts.not_met, counts.not_applicable, counts.not_answered


@pytest.mark.parametrize(
    ("returned", "views", "met"),
    [
        ("yes", {}, (1, 0, 0, 0)),
        ("yes", {"second": "no"}, (1, 0, 0, 0)),
        ("yes", {"second": "no", "agreed": "no"}, (0, 1, 0, 0)),
        ("yes", {"agreed": "no", "moderated": "yes"}, (1, 0, 0, 0)),
        ("yes", {"moderated": "not applicable"}, (0, 0, 1, 0)),
        ("not applicable", {"moderated": "no"}, (0, 1, 0, 0)),
        ("yes", {"agreed": None}, (0, 0, 0, 1)),
        (None, {"agreed": "yes"}, (1, 0, 0, 0)),
        (None, {}, (0, 0, 0, 1)),
    ],
)
def test_the_moderated_answer_counts_else_the_agreed_one_else_the_pairs(
    app: Flask, returned: str | None, views: dict[str, str | None], met: tuple[int, int, int, int]
) -> None:
    audit = an_audit(cycle=a_graded_cycle(), returned_on=BEFORE)
    answered(audit, {"child_seen": returned})
    for whose, word in views.items():
        viewed(audit, whose, {"child_seen": word})
    assert figures(counted()["child_seen"]) == met


def test_a_view_counts_from_its_day_on_and_also_where_the_pair_answered_nothing(app: Flask) -> None:
    audit = an_audit(cycle=a_graded_cycle(), returned_on=BEFORE)
    viewed(audit, "agreed", {"child_seen": "yes"})
    assert figures(counted(BEFORE)["child_seen"]) == (0, 0, 0, 1)
    assert figures(counted(ON)["child_seen"]) == (1, 0, 0, 0)


def test_the_place_stays_the_pairs_and_counts_once_the_answer_does(app: Flask) -> None:
    changed = an_audit(cycle=a_graded_cycle(), returned_on=BEFORE)
    answered(changed, {"child_seen": "not applicable"}, found_in="Paper file")
    assert counted()["child_seen"].found_in["Paper file"] == 0
    viewed(changed, "moderated", {"child_seen": "yes"})
    assert counted()["child_seen"].found_in["Paper file"] == 1


def test_views_of_audits_that_do_not_count_change_nothing(app: Flask) -> None:
    cycle = a_graded_cycle()
    answered(an_audit(cycle=cycle, returned_on=BEFORE), {"child_seen": "yes"})
    open_one = an_audit(cycle=cycle)
    answered(open_one, {"child_seen": "yes"})
    viewed(open_one, "moderated", {"child_seen": "no"})
    assert figures(counted()["child_seen"]) == (1, 0, 0, 0)


WORDS = st.sampled_from([None, "yes", "no", "not applicable"])
RETURNED = st.sampled_from([None, BEFORE, ON, ON + timedelta(days=1)])
VIEWS = st.dictionaries(
    st.sampled_from(["second", "agreed", "moderated"]), st.tuples(WORDS, st.sampled_from([BEFORE, ON]))
)
AUDITS = st.lists(st.tuples(RETURNED, st.one_of(st.just("no row"), WORDS), VIEWS), min_size=6, max_size=6)


@settings(
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
    deadline=None,
    max_examples=60,
)
@given(audits=AUDITS)
def test_met_not_met_not_applicable_and_not_answered_are_all_returned_audits_that_count(
    app: Flask, audits: list[tuple[date | None, str | None, dict[str, tuple[str | None, date]]]]
) -> None:
    cycle = a_graded_cycle()
    for number in range(6):
        if db.session.query(Audit).filter_by(reference=f"CP-{number}").one_or_none() is None:
            an_audit(f"CP-{number}", cycle=cycle)
    asked = question("child_seen")
    with transaction():
        db.session.execute(delete(AnswerView))
        db.session.execute(delete(Answer))
        for number, (returned_on, word, views) in enumerate(audits):
            audit = db.session.query(Audit).filter_by(reference=f"CP-{number}").one()
            audit.returned_on = returned_on
            if word != "no row":
                db.session.add(Answer(audit_id=audit.id, question_id=asked, response_id=response(word)))
            for whose, (seen, made_on) in views.items():
                db.session.add(
                    AnswerView(
                        audit_id=audit.id,
                        question_id=asked,
                        whose=whose,
                        response_id=response(seen),
                        made_on=made_on,
                    )
                )
    returned = sum(returned_on is not None and returned_on <= ON for returned_on, _, _ in audits)
    for counts in counted().values():
        assert sum(figures(counts)) == returned
        assert min(figures(counts)) >= 0
    met = sum(expected(word, views) == "yes" for day, word, views in audits if day is not None and day <= ON)
    assert counted()["child_seen"].counts.met == met


def expected(word: str | None, views: Mapping[str, tuple[str | None, date]]) -> str | None:
    """The rule once more, answer by answer."""
    for whose in ("moderated", "agreed"):
        if whose in views:
            return views[whose][0]
    return None if word == "no row" else word


def test_a_judgement_without_a_reason_is_counted_unless_a_view_with_its_reason_counts(app: Flask) -> None:
    cycle = a_graded_cycle()
    for comment in (None, "  ", "A clear plan"):
        audit = an_audit(cycle=cycle, returned_on=BEFORE)
        answered(audit, {"plan_quality": "good", "child_seen": "yes"}, comment=comment)
    answered(an_audit(cycle=cycle), {"plan_quality": "good"})
    answered(an_audit(cycle=cycle, returned_on=BEFORE), {"plan_quality": None})

    def lacking() -> dict[str, int]:
        return {key: tally.without_reason for key, tally in counted().items() if tally.without_reason}

    assert lacking() == {"plan_quality": 2}
    blank = db.session.query(Answer).filter(Answer.comment.is_(None), Answer.response_id.is_not(None)).first()
    assert blank is not None
    reviewed = db.session.get_one(Audit, blank.audit_id)
    viewed(reviewed, "moderated", {"plan_quality": "adequate"})
    assert lacking() == {"plan_quality": 1}


def test_agreement_tells_how_the_second_and_the_moderator_saw_it(app: Flask) -> None:
    cycle, moderator = a_graded_cycle(), a_person(roles=["moderator"])
    audits = [an_audit(cycle=cycle, returned_on=BEFORE, confirmed_on=ON) for _ in range(3)]
    audits.append(an_audit(cycle=cycle, returned_on=BEFORE))
    of_a_pair = {"lead": a_person(), "second": a_person(), "cycle": cycle, "returned_on": BEFORE}
    for from_file in (False, True):
        an_audit(**of_a_pair, from_file=from_file)  # type: ignore[arg-type]
    for audit in audits:
        answered(audit, {"plan_quality": "good", "child_seen": "yes"})
    viewed(audits[0], "second", {"plan_quality": "adequate", "child_seen": "no"})
    viewed(audits[0], "agreed", {"plan_quality": "good"})
    viewed(audits[1], "moderated", {"child_seen": "no"})
    viewed(audits[2], "moderated", {"plan_quality": "adequate"})
    with transaction():
        audits[0].differs = "Sees 2 answers differently."
        for audit in audits[1:]:
            changed = audit is not audits[3]
            db.session.add(
                Moderation(
                    audit_id=audit.id,
                    chosen_because="random",
                    moderator_id=moderator.id,
                    decided_on=ON,
                    outcome="changed" if changed else "agreed",
                )
            )
    told = agreement(cycle, standings(ON, working_days()))
    assert (told.returned, told.returned_here, told.confirmed, told.differing) == (6, 5, 3, 1)
    # returned by a single auditor, or in a file, an audit lacks no confirmation
    assert told.unconfirmed == 1
    assert told.differing_answers == {"child_seen": 1, "plan_quality": 1}
    assert (told.moderated, told.grade_changed) == (3, 1)
    assert told.changed_answers == {"child_seen": 1, "plan_quality": 1}
    earlier = agreement(cycle, standings(BEFORE, working_days()))
    assert (earlier.confirmed, earlier.moderated, earlier.grade_changed) == (0, 0, 0)
    assert sum(earlier.changed_answers.values()) == 0

"""Moderation: the returns that are read, the people who may moderate, the changes, and the people told."""

from collections.abc import Callable
from datetime import date, timedelta

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from app.answers import moderating, moderation_queue
from app.answers.models import Answer, AnswerView, Moderation
from app.answers.moderation import (
    Grade,
    ModerationFacts,
    chosen_because,
    is_drawn,
    refuse_agreeing,
    refuse_moderator,
)
from app.answers.viewing import Change
from app.audits.models import Audit
from app.audits.standing import standings
from app.database import db, transaction
from app.findings.tallies import tallies
from app.history import record
from app.people.closures import working_days
from app.people.models import Person
from app.refusal import NotNow
from app.tools.models import ScaleKind, ScaleResponse
from tests.answers.graded import (
    ON,
    a_graded_cycle,
    answered,
    ask_for_grades,
    question,
    response,
    viewed,
)
from tests.factories import a_cycle, a_person, an_audit
from tests.pages import opened, visible

SignIn = Callable[[Person], FlaskClient]
BEFORE = date(2010, 11, 4)
REASON = "The plan names no dates."


@pytest.fixture(autouse=True)
def on_5_november(clock_at: Callable[[date], None]) -> None:
    clock_at(ON)


@pytest.fixture
def moderator() -> Person:
    return a_person("Morag Dell", roles=["moderator"])


def a_return(reference: str, grade: str | None, *, share: int = 0, **given: object) -> Audit:
    """A returned audit whose plan has that grade, in a cycle that draws that share of the middle ones."""
    cycle = a_graded_cycle()
    with transaction():
        cycle.moderated_share = share
    audit = an_audit(reference, cycle=cycle, **{"returned_on": BEFORE, **given})  # type: ignore[arg-type]
    answered(audit, {"child_seen": "yes", "plan_quality": grade}, comment="A clear plan.")
    return audit


def queued(cycle: str | None = None) -> dict[str, str]:
    db.session.rollback()
    return {
        each.reference: each.because for each in moderation_queue.queue(standings(ON, working_days()), cycle)
    }


def moderate(reference: str, by: Person, word: str | None = None) -> None:
    changes = {question("plan_quality"): Change(response(word), REASON)} if word else {}
    moderating.moderate(reference, by, ON, changes, read_before_grade=True)


@pytest.mark.parametrize(
    ("grades", "share", "because"),
    [
        ([Grade(4, 4)], 0, "lowest"),
        ([Grade(1, 4)], 0, "highest"),
        ([Grade(1, 4), Grade(4, 4)], 0, "lowest"),
        ([Grade(3, 3), Grade(2, 4)], 0, "lowest"),
        ([Grade(2, 4), Grade(3, 4)], 0, None),
        ([Grade(2, 4)], 100, "random"),
        ([], 100, "random"),
        ([], 0, None),
    ],
)
def test_the_ends_of_a_scale_are_always_read_and_a_share_of_the_rest(
    grades: list[Grade], share: int, because: str | None
) -> None:
    assert chosen_because(grades, "2010-1", "CP-001", share, calls_for_response=False) == because


@pytest.mark.parametrize(
    ("grades", "because"),
    [([Grade(4, 4)], "lowest"), ([Grade(1, 4)], "response"), ([Grade(2, 4)], "response"), ([], "response")],
)
def test_an_audit_that_calls_for_a_response_is_always_read(grades: list[Grade], because: str) -> None:
    assert chosen_because(grades, "2010-1", "CP-001", 0, calls_for_response=True) == because


def test_the_share_is_drawn_alike_whenever_it_is_asked_and_differs_between_cycles() -> None:
    audits = [f"CP-{number:04}" for number in range(2000)]
    drawn = {audit for audit in audits if is_drawn("2010-1", audit, 10)}
    assert drawn == {audit for audit in audits if is_drawn("2010-1", audit, 10)}
    assert 150 < len(drawn) < 250
    assert drawn < {audit for audit in audits if is_drawn("2010-1", audit, 20)}
    assert drawn != {audit for audit in audits if is_drawn("2011-1", audit, 10)}


@pytest.mark.parametrize(
    ("audit", "lot"),
    # the first 16 digits of `printf '2010-1\nCP-001' | sha256sum` are 926b8693a7c1b420: of a hundred, 76
    [("CP-001", 76), ("CP-002", 27), ("CP-003", 39), ("CP-004", 88), ("CP-005", 34), ("CP-006", 28)],
)
def test_an_audit_is_drawn_when_its_lot_is_below_the_share(audit: str, lot: int) -> None:
    assert [share for share in range(101) if is_drawn("2010-1", audit, share)] == [*range(lot + 1, 101)]


@pytest.mark.parametrize(
    ("facts", "why"),
    [
        (ModerationFacts(auditors=(7,)), None),
        (
            ModerationFacts(auditors=(7,), moderated_on=BEFORE),
            "This audit has been moderated, so the moderator’s decision is final",
        ),
        (
            ModerationFacts(auditors=(7,), disputes_decided={8: BEFORE}),
            "A moderator decided the dispute about this audit, so that decision is final",
        ),
        (ModerationFacts(auditors=(7,), cycle_frozen_on=ON), "The cycle of this audit is frozen"),
        (ModerationFacts(auditors=(7,), cycle_frozen_on=ON + timedelta(days=1)), None),
    ],
)
def test_a_pair_agrees_before_moderation_and_before_the_freeze(
    facts: ModerationFacts, why: str | None
) -> None:
    said = refuse_agreeing(facts, ON)
    assert said is None if why is None else said is not None and said.startswith(why)


@pytest.mark.parametrize(
    ("facts", "why"),
    [
        (ModerationFacts(auditors=()), None),
        (ModerationFacts(auditors=(7,)), "You are or were an auditor of this case"),
        (ModerationFacts(auditors=(), worker=7), "You are the worker of this case"),
        (ModerationFacts(auditors=(), worker=8), None),
        (ModerationFacts(auditors=(8,), moderated_on=BEFORE), "This audit has already been moderated"),
        (ModerationFacts(auditors=(), disputes_decided={7: BEFORE}), "You decided the dispute about this"),
        (ModerationFacts(auditors=(), disputes_decided={8: BEFORE}), None),
        (ModerationFacts(auditors=(), cycle_frozen_on=ON), "The cycle of this audit is frozen"),
        (ModerationFacts(auditors=(), cycle_frozen_on=ON + timedelta(days=1)), None),
    ],
)
def test_who_moderates(facts: ModerationFacts, why: str | None) -> None:
    said = refuse_moderator(facts, 7, ON)
    assert said is None if why is None else said is not None and said.startswith(why)


def test_the_queue_holds_both_ends_of_the_scale_by_the_answer_that_counts(moderator: Person) -> None:
    a_return("CP-LOW", "inadequate")
    a_return("CP-HIGH", "outstanding")
    a_return("CP-MIDDLE", "good")
    a_return("CP-BLANK", None)
    a_return("CP-OPEN", "inadequate", returned_on=None)
    viewed(a_return("CP-RAISED", "inadequate"), "agreed", {"plan_quality": "adequate"})
    viewed(a_return("CP-LOWERED", "good"), "agreed", {"plan_quality": "inadequate"})
    viewed(a_return("CP-SECOND", "good"), "second", {"plan_quality": "inadequate"})
    assert queued() == {"CP-LOW": "lowest", "CP-HIGH": "highest", "CP-LOWERED": "lowest"}
    moderate("CP-LOW", moderator)
    assert set(queued()) == {"CP-HIGH", "CP-LOWERED"}
    assert queued("2011-1") == {}
    with transaction():
        a_graded_cycle().frozen_on = ON
    assert queued() == {}


def test_the_rest_is_in_the_queue_as_the_cycle_says(moderator: Person) -> None:
    a_return("CP-MIDDLE", "good", share=100)
    assert queued() == {"CP-MIDDLE": "random"}


def test_a_changed_grade_counts_and_the_pairs_own_stays(moderator: Person) -> None:
    audit = a_return("CP-001", "inadequate")
    moderate("CP-001", moderator, "good")
    counts = tallies(a_graded_cycle(), standings(ON, working_days())).questions
    assert [each.counts.met for each in counts if each.question == "plan_quality"] == [1]
    kept = db.session.get_one(Moderation, audit.id)
    assert (kept.outcome, kept.chosen_because, kept.moderator_id) == ("changed", "lowest", moderator.id)
    assert (kept.decided_on, kept.read_before_grade) == (ON, True)
    own = db.session.scalars(select(Answer).where(Answer.question_id == question("plan_quality"))).one()
    assert own.response_id == response("inadequate")
    row = record.of("audit", "CP-001")[0]
    assert (row.what, row.after, row.why) == ("moderated", "1 answer changed", None)


def test_nobody_moderates_a_tool_of_categories_alone(moderator: Person) -> None:
    cycle = a_cycle()
    with transaction():
        cycle.moderated_share = 100
    an_audit("CP-001", cycle=cycle, returned_on=ON)
    assert queued() == {"CP-001": "random"}
    with transaction():
        db.session.query(ScaleResponse).filter_by(counts_as="met").update({"counts_as": "neither"})
        db.session.query(ScaleResponse).filter_by(counts_as="not met").update({"counts_as": "neither"})
        db.session.query(ScaleKind).update({"kind": "category"})
    assert queued() == {}


def test_one_that_nobody_queued_can_be_moderated_by_hand(moderator: Person) -> None:
    audit = a_return("CP-001", "good")
    moderate("CP-001", moderator)
    kept = db.session.get_one(Moderation, audit.id)
    assert (kept.outcome, kept.chosen_because) == ("agreed", "by hand")


@pytest.mark.parametrize("when", ["now", "earlier", "in another cycle"])
def test_a_moderator_is_never_an_auditor_of_the_case(when: str) -> None:
    both = a_person("Both Roles", roles=["auditor", "moderator"])
    audit = a_return("CP-001", "inadequate", case_reference="717275", lead=None if "cycle" in when else both)
    if when == "earlier":
        with transaction():
            spell = db.session.get_one(Audit, audit.id).assignments[0]
            spell.ended_on, spell.ended_because = BEFORE, "reassigned"
    if when == "in another cycle":
        an_audit("CP-OLD", lead=both, case_reference="717275")
    assert moderation_queue.ever_audited(both.id, [audit.id]) == {audit.id}
    with pytest.raises(NotNow, match="auditor of this case"):
        moderate("CP-001", both, "good")
    assert db.session.scalars(select(AnswerView)).all() == []


def test_it_is_moderated_once_after_its_return_and_before_the_cycle_is_frozen(moderator: Person) -> None:
    a_return("CP-OPEN", "inadequate", returned_on=None)
    with pytest.raises(NotNow, match="has not been returned"):
        moderate("CP-OPEN", moderator)
    a_return("CP-001", "inadequate")
    moderate("CP-001", moderator)
    with pytest.raises(NotNow, match="already been moderated"):
        moderate("CP-001", moderator, "good")
    a_return("CP-002", "inadequate")
    with transaction():
        a_graded_cycle().frozen_on = ON
    with pytest.raises(NotNow, match="frozen"):
        moderate("CP-002", moderator, "good")


def test_the_share_changed_is_told_by_cycle(moderator: Person) -> None:
    for number in range(3):
        a_return(f"CP-{number}", "inadequate")
    moderate("CP-0", moderator, "good")
    moderate("CP-1", moderator)
    at = standings(ON, working_days())
    [told] = moderation_queue.by_cycle(at, moderation_queue.queue(at))
    assert (told.waiting, told.moderated, told.share_changed) == (1, 2, "1 of 2 (50%)")


def test_the_pair_is_told_for_twenty_working_days(moderator: Person) -> None:
    lead = a_person("Alison Hartley")
    a_return("CP-001", "inadequate", lead=lead)
    moderate("CP-001", moderator, "good")
    days = working_days()

    def told(on: date) -> list[tuple[str, str, int]]:
        return [
            (each.reference, each.moderator, each.changed)
            for each in moderation_queue.recent_notices(lead.id, on, days)
        ]

    assert told(BEFORE) == []
    assert told(ON) == told(days.offset(ON, 19)) == [("CP-001", "Morag Dell", 1)]
    assert told(days.offset(ON, 20)) == []
    assert moderation_queue.recent_notices(moderator.id, ON, days) == []


def test_a_moderator_reads_the_reasons_first_then_changes_a_grade_and_the_pair_reads_why(
    client: FlaskClient, sign_in: SignIn, moderator: Person
) -> None:
    lead = a_person("Alison Hartley")
    a_return("CP-001", "inadequate", lead=lead)
    sign_in(moderator)
    assert "1 audit to moderate" in visible(opened(client, "/"))
    queue = visible(opened(client, "/moderation")).split("Audit Cycle Team", 1)[1]
    assert "CP-001 2010-1 Nantwich Thu 4 Nov 2010 1 working day" in queue
    assert not {"Lowest", "Highest", "random"} & set(queue.split())
    first = visible(opened(client, "/audits/CP-001/moderate"))
    assert "A clear plan." in first
    assert "Inadequate" not in first
    ask_for_grades(client, "CP-001")
    assert "Inadequate" in visible(opened(client, "/audits/CP-001/moderate"))
    key = question("plan_quality")
    form = {"decision": "agree", f"response-{key}": response("good")}
    answer = client.post("/audits/CP-001/moderate", data=form)
    assert (answer.status_code, "You changed some answers" in answer.get_data(as_text=True)) == (422, True)
    form = {**form, "decision": "change", f"reason-{key}": REASON, "said": "Thank you for the detail."}
    answer = client.post("/audits/CP-001/moderate", data=form, follow_redirects=True)
    assert "You changed 1 answer." in visible(answer.get_data(as_text=True))
    client.post("/sign-out")
    sign_in(lead)
    assert "Morag Dell moderated CP-001 on Friday 5 November 2010: 1 answer changed." in visible(
        opened(client, "/")
    )
    page = visible(opened(client, "/audits/CP-001/answers"))
    for seen in (REASON, "Thank you for the detail.", "Good, decided by the moderator"):
        assert seen in page


def test_after_each_audit_the_next_of_the_queue_that_they_can_moderate_is_shown(
    client: FlaskClient, sign_in: SignIn, moderator: Person
) -> None:
    a_return("CP-001", "inadequate")
    a_return("CP-002", "inadequate", lead=moderator)
    a_return("CP-003", "outstanding")
    sign_in(moderator)
    form = {"decision": "agree"}
    ask_for_grades(client, "CP-001")
    answer = client.post("/audits/CP-001/moderate", data=form)
    assert answer.headers["Location"] == "/audits/CP-003/moderate"
    following = visible(opened(client, "/audits/CP-003/moderate"))
    assert "This is the next one" in following
    assert "Outstanding" not in following.split("Read the answers", 1)[1]
    ask_for_grades(client, "CP-003")
    answer = client.post("/audits/CP-003/moderate", data=form)
    assert answer.headers["Location"] == "/moderation"
    assert "You have no more audits to moderate" in visible(opened(client, "/moderation"))


def test_a_coordinator_reads_the_queue_and_moderates_nothing(sign_in: SignIn) -> None:
    a_return("CP-001", "inadequate")
    client = sign_in(a_person("Jack Denny", roles=["coordinator"]))
    assert "/audits/CP-001/answers" in opened(client, "/moderation")
    assert client.post("/audits/CP-001/moderate", data={"decision": "agree"}).status_code == 403


def test_a_coordinator_is_told_who_moderates_or_that_nobody_does(sign_in: SignIn) -> None:
    client = sign_in(a_person("Jack Denny", roles=["coordinator"]))
    a_person("Left Already", roles=["moderator"], leaving_on=BEFORE)
    page = opened(client, "/moderation")
    assert "Only moderators can moderate these audits, and no one has that role yet." in visible(page)
    assert 'href="/people"' in page.split("<main")[1]
    a_person("Morag Dell", roles=["moderator"])
    assert (
        "Only moderators can moderate these audits. You can read the answers. Moderators: Morag Dell."
        in visible(opened(client, "/moderation"))
    )


def test_a_moderator_is_not_told_that_moderators_read_it(sign_in: SignIn, moderator: Person) -> None:
    assert "Only moderators can moderate these audits" not in visible(
        opened(sign_in(moderator), "/moderation")
    )


def test_whoever_audited_the_case_sees_no_way_to_moderate_it(sign_in: SignIn) -> None:
    both = a_person("Both Roles", roles=["auditor", "moderator"])
    a_return("CP-001", "inadequate", lead=both)
    client = sign_in(both)
    page = opened(client, "/moderation")
    assert "You audited this case" in visible(page)
    assert "/audits/CP-001/moderate" not in page
    assert "auditor of this case" in visible(opened(client, "/audits/CP-001/moderate"))
    assert client.post("/audits/CP-001/moderate", data={"decision": "agree"}).status_code == 409


PATHS = ("/answers", "/form", "/form/1", "/form/check", "/form/end", "/form/returned", "/response")


@pytest.mark.parametrize(("how", "noted"), [("read", "after"), ("at-once", "before")])
def test_nothing_shows_the_grade_to_a_moderator_before_they_ask_and_asking_is_noted(
    client: FlaskClient, sign_in: SignIn, moderator: Person, how: str, noted: str
) -> None:
    a_return("CP-001", "inadequate", lead=a_person("Alison Hartley"))
    sign_in(moderator)
    for path in PATHS:
        assert client.get(f"/audits/CP-001{path}").status_code == 403, path
    for page in ("/", "/moderation", "/audits/CP-001", "/audits/CP-001/moderate"):
        assert "nadequate" not in visible(opened(client, page)), page
    assert "Moderate this audit" in visible(opened(client, "/audits/CP-001"))
    # an address with the answer of old does not show it, nor does a decision that is sent without asking
    assert "nadequate" not in visible(opened(client, "/audits/CP-001/moderate?grades=read"))
    answer = client.post("/audits/CP-001/moderate", data={"decision": "agree"})
    assert (answer.status_code, "nadequate" in visible(answer.get_data(as_text=True))) == (409, False)
    for _ in range(2):
        ask_for_grades(client, "CP-001", how)
    assert "Inadequate" in visible(opened(client, "/audits/CP-001/answers"))
    told = [(row.who, row.after) for row in record.of("audit", "CP-001") if row.what == "grades asked for"]
    assert told == [(moderator.email, f"{noted} reading the answers")]
    client.post("/audits/CP-001/moderate", data={"decision": "agree"})
    assert moderation_of_cp_001().read_before_grade == (how == "read")


def moderation_of_cp_001() -> Moderation:
    db.session.rollback()
    return db.session.query(Moderation).one()


def test_a_draft_is_closed_to_moderators_and_open_to_coordinators(
    client: FlaskClient, sign_in: SignIn, moderator: Person
) -> None:
    an_audit("CP-001", cycle=a_graded_cycle(), lead=a_person("Alison Hartley"))
    sign_in(moderator)
    assert client.get("/audits/CP-001/form").status_code == 403
    assert client.post("/audits/CP-001/moderate/grades", data={"how": "read"}).status_code == 409
    client.post("/sign-out")
    sign_in(a_person("Cora Ames", roles=["coordinator", "moderator"]))
    assert client.get("/audits/CP-001/form").status_code == 200

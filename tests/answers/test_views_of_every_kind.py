"""Answers of every kind differed from, agreed, moderated and in files; what applies, on both databases."""

from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select, update

from app.answers import moderating, second_look
from app.answers.merging import Content
from app.answers.models import Answer, AnswerView, FurtherViewResponse
from app.answers.moderation_queue import queue
from app.answers.saving import Sent, save_section
from app.answers.side_by_side import side_by_side
from app.answers.stored_form import form_of
from app.answers.viewing import Change, WrongChanges
from app.answers.what_applies import applied_in
from app.audits.cycle import Cycle
from app.audits.facts import found
from app.audits.models import Audit
from app.audits.standing import standings
from app.database import db, transaction
from app.findings import comments
from app.findings.compiling import compiled
from app.people.closures import working_days
from app.people.models import Person
from app.refusal import Refused
from app.tools.models import Tool
from tests.answers.every_kind import (
    DAYS,
    EARLY,
    EARLY_GRADE,
    MEETING,
    OVERALL,
    REVIEW,
    VISITS,
    WHO,
    WHY_NOT,
    a_cycle_of_every_kind,
    hand_in,
    set_early_help_aside,
)
from tests.answers.filling import Filling, question_id, response_to
from tests.answers.graded import ask_for_grades
from tests.factories import a_cycle, a_person, an_audit
from tests.pages import opened, visible

SignIn = Callable[[Person], FlaskClient]
BEFORE, ON = date(2010, 11, 4), date(2010, 11, 5)


@pytest.fixture(autouse=True)
def on_5_november(clock_at: Callable[[date], None]) -> None:
    clock_at(ON)


@pytest.fixture
def lead(app: Flask) -> Person:
    return a_person("Alison Hartley")


@pytest.fixture
def second(app: Flask) -> Person:
    return a_person("Imogen Sayle")


def read(reference: str = "CP-001") -> Audit:
    db.session.rollback()
    audit = found(reference)
    assert audit is not None
    return audit


@pytest.fixture
def returned(lead: Person, second: Person, tmp_path: Path) -> Audit:
    """CP-001: a meeting within 1 working day, with the police; 3 visits; good, but early help was not."""
    cycle = a_cycle_of_every_kind(tmp_path)
    audit = an_audit("CP-001", lead=lead, second=second, cycle=cycle, returned_on=BEFORE)
    hand_in("CP-001", {MEETING: "yes", WHO: "police", REVIEW: "no", EARLY: "yes"})
    hand_in("CP-001", {EARLY_GRADE: "inadequate", OVERALL: "good"}, comment="As found.")
    hand_in("CP-001", {VISITS: "given"}, number=3)
    dates = {"from_on": date(2010, 10, 4), "to_on": date(2010, 10, 5)}
    hand_in("CP-001", {DAYS: "within the limit"}, number=1, **dates)
    return audit


def view(question: str, whose: str) -> AnswerView:
    db.session.rollback()
    query = select(AnswerView).where(
        AnswerView.question_id == question_id(question), AnswerView.whose == whose
    )
    return db.session.scalars(query).one()


def further_of(question: str, whose: str) -> set[int]:
    query = select(FurtherViewResponse.response_id)
    return set(db.session.scalars(query.where(FurtherViewResponse.view_id == view(question, whose).id)))


def reasons(page: Filling, *questions: str) -> Filling:
    for question in questions:
        page.fields[f"reason-{question_id(question)}"] = ["Read again."]
    return page


def test_the_second_differs_in_a_number_dates_and_several_and_the_pair_agrees(
    sign_in: SignIn, returned: Audit, second: Person
) -> None:
    client = sign_in(second)
    page = Filling(client, "/audits/CP-001/confirm")
    assert WHY_NOT not in visible(page.page)
    page.fields["sees"] = ["differently"]
    page.number(VISITS, "many").dates(DAYS, "4 10 2010", "18 10 2010").select(WHO, "police", "school")
    assert reasons(page, VISITS, DAYS, WHO).send().status_code == 422
    assert f"Enter a number, such as 12 or 2.5: {VISITS}" in visible(page.page)
    assert page.fields[f"number-{question_id(VISITS)}"] == ["many"]
    assert page.fields[f"to-{question_id(DAYS)}"] == ["18", "10", "2010"]
    assert page.number(VISITS, "3").send().status_code == 422
    assert "Enter a different number, or delete the reason if you agree" in visible(page.page)
    assert page.number(VISITS, "2").send().status_code == 302
    assert (view(VISITS, "second").number, view(DAYS, "second").number) == (2, 10)
    assert view(WHO, "second").response_id == response_to(WHO, "police")
    assert further_of(WHO, "second") == {response_to(WHO, "school")}

    page = Filling(client, "/audits/CP-001/agree")
    words = visible(page.page)
    for theirs in ("2 visits", "10 working days, within the limit", "Police, school"):
        assert theirs in words
    page.number(VISITS, "2.5").dates(DAYS, "4 10 2010", "19 10 2010").select(WHO, "police", "health")
    assert reasons(page, VISITS, DAYS, WHO).send().status_code == 302
    assert view(VISITS, "agreed").number == 2.5
    assert (view(DAYS, "agreed").number, view(DAYS, "agreed").response_id) == (
        11,
        response_to(DAYS, "outside the limit"),
    )
    words = visible(opened(client, "/audits/CP-001/answers"))
    assert "Answer that counts 2.5 visits, agreed by both auditors" in words
    assert "Police, health" in words


def test_a_date_after_today_is_warned_of_before_it_is_sent(
    sign_in: SignIn, returned: Audit, second: Person
) -> None:
    page = Filling(sign_in(second), "/audits/CP-001/confirm")
    page.fields["sees"] = ["differently"]
    page.dates(DAYS, "4 10 2010", "18 10 2027")
    answer = reasons(page, DAYS).send()
    assert answer.status_code == 200
    assert "“Meeting” (18 October 2027) is after today." in visible(answer.get_data(as_text=True))
    assert not db.session.query(AnswerView).count()


def test_a_moderator_changes_numbers_and_dates_and_never_a_category(sign_in: SignIn, returned: Audit) -> None:
    moderator = a_person("Marta Quill", roles=["moderator"])
    client = sign_in(moderator)
    assert "As found." in visible(opened(client, "/audits/CP-001/moderate"))
    ask_for_grades(client, "CP-001")
    page = Filling(client, "/audits/CP-001/moderate")
    assert f"Change this answer: {VISITS}" in visible(page.page)
    assert f"Change this answer: {WHO}" not in visible(page.page)
    page.address = "/audits/CP-001/moderate"
    page.fields["decision"] = ["change"]
    page.number(VISITS, "4").select(DAYS, "not found")
    assert reasons(page, VISITS, DAYS).send().status_code == 302
    assert view(VISITS, "moderated").number == 4
    assert view(DAYS, "moderated").response_id == response_to(DAYS, "not found")
    words = visible(opened(client, "/audits/CP-001/answers"))
    assert "Answer that counts: 4 visits, decided by the moderator" in words
    assert "Above its limit." in words


def test_what_is_no_question_of_the_page_is_refused(returned: Audit, lead: Person, second: Person) -> None:
    moderator = a_person(roles=["moderator"])
    category = {question_id(WHO): Change(response_to(WHO, "health"), "Read again.")}
    with pytest.raises(Refused, match="not on this page"):
        moderating.moderate("CP-001", moderator, ON, category, read_before_grade=True)
    does_not_apply = {question_id(WHY_NOT): Change(response_to(WHY_NOT, "yes"), "Read again.")}
    with pytest.raises(Refused, match="not on this page"):
        second_look.confirm("CP-001", second, ON, does_not_apply)
    same_dates = Change(
        response_to(DAYS, "outside the limit"),
        "Read again.",
        number=20,
        from_on=date(2010, 10, 4),
        to_on=date(2010, 10, 5),
    )
    with pytest.raises(WrongChanges, match="different dates"):
        second_look.confirm("CP-001", second, ON, {question_id(DAYS): same_dates})


def test_the_answer_that_counts_decides_what_applies(returned: Audit, lead: Person, second: Person) -> None:
    no_meeting = {question_id(MEETING): Change(response_to(MEETING, "no"), "It was a phone call.")}
    moderating.moderate("CP-001", a_person(roles=["moderator"]), ON, no_meeting, read_before_grade=True)
    applies = {beside.question.text: beside.does_apply for beside in side_by_side(read(), ON)}
    assert [applies[question] for question in (DAYS, WHO, REVIEW, WHY_NOT)] == [False, False, False, True]


def test_what_the_two_disagree_on_and_does_not_apply_any_more_waits_for_nobody(
    returned: Audit, lead: Person, second: Person
) -> None:
    differing = {
        question_id(MEETING): Change(response_to(MEETING, "no"), "It was a phone call."),
        question_id(REVIEW): Change(response_to(REVIEW, "yes"), "In the minutes."),
    }
    second_look.confirm("CP-001", second, ON, differing)
    assert second_look.waiting_to_agree(lead.id, ON) == ["CP-001"]
    agreed = {question_id(MEETING): Change(response_to(MEETING, "no"), "It was a phone call.")}
    second_look.agree("CP-001", lead, ON, agreed)
    assert second_look.waiting_to_agree(lead.id, ON) == []
    assert second_look.answers_to_agree(read(), ON) == 0


def test_what_applies_in_a_cycle_goes_by_the_answers_that_count_on_both_databases(
    service: Flask, tmp_path: Path
) -> None:
    cycle_id = a_cycle_of_every_kind(tmp_path).id
    lead, second = a_person("Alison Hartley"), a_person("Imogen Sayle")
    ids = {}
    for reference, meeting in (
        ("CP-001", "yes"),
        ("CP-002", "no"),
        ("CP-003", "not applicable"),
        ("CP-004", ""),
    ):
        cycle = db.session.get_one(Cycle, cycle_id)
        ids[reference] = an_audit(reference, lead=lead, second=second, cycle=cycle, returned_on=BEFORE).id
        if meeting:
            hand_in(reference, {MEETING: meeting})
    set_early_help_aside("CP-001")
    moderator = a_person(roles=["moderator"])
    change = {question_id(MEETING): Change(response_to(MEETING, "yes"), "In the minutes.")}
    moderating.moderate("CP-002", moderator, ON, change, read_before_grade=True)

    def audits(question: str) -> tuple[set[str], set[str]]:
        found = applied_in(db.session.get_one(Cycle, cycle_id), ON)[question_id(question)]
        names = {id_: reference for reference, id_ in ids.items()}
        return {names[id_] for id_ in found.applies}, {names[id_] for id_ in found.not_applicable}

    assert question_id(MEETING) not in applied_in(db.session.get_one(Cycle, cycle_id), ON)
    assert audits(DAYS) == ({"CP-001", "CP-002"}, {"CP-003"})
    assert audits(REVIEW) == ({"CP-001", "CP-002"}, {"CP-003"})
    assert audits(WHY_NOT) == (set(), {"CP-001", "CP-002", "CP-003"})
    assert audits(EARLY) == ({"CP-002", "CP-003", "CP-004"}, {"CP-001"})
    assert applied_in(a_cycle("another"), ON) == {}


def test_the_queue_goes_by_the_overall_grade_and_without_one_by_grades_that_apply(
    returned: Audit, lead: Person, second: Person
) -> None:
    def because() -> dict[str, str]:
        return {audit.reference: audit.because for audit in queue(standings(ON, working_days()))}

    cycle_id = read().cycle_id
    with transaction():
        db.session.get_one(Cycle, cycle_id).moderated_share = 0
    # the inadequate grade of early help is not the overall grade
    assert because() == {"CP-001": "highest"}
    with transaction():
        db.session.scalars(select(Tool).where(Tool.reference == "every-kind")).one().overall = None
    assert because() == {"CP-001": "lowest"}
    moderator = a_person(roles=["moderator"])
    set_early_help_aside("CP-001")
    assert because() == {"CP-001": "highest"}
    moderating.moderate("CP-001", moderator, ON, {}, read_before_grade=True)
    assert because() == {}


def test_the_file_of_answers_has_numbers_dates_several_and_what_does_not_apply(
    sign_in: SignIn, returned: Audit
) -> None:
    client = sign_in(a_person(roles=["coordinator"]))
    lines = (
        client.get("/cycles/2010-1/answers?download=csv").get_data(as_text=True).lstrip("\ufeff").splitlines()
    )
    heading, *rows = [line.split(",") for line in lines]
    by_question = {row[1]: dict(zip(heading, row, strict=True)) for row in rows}
    assert {key: row["response"] for key, row in by_question.items()} == {
        "meeting": "yes",
        "days": "2010-10-04/2010-10-05",
        "who": "police",
        "why_not": "does not apply",
        "visits": "3",
        "early": "yes",
        "early_grade": "inadequate",
        "review": "no",
        "overall": "good",
    }
    assert (by_question["days"]["number"], by_question["visits"]["number"]) == ("1", "3")


def test_the_printed_form_says_when_a_question_applies_and_has_room_for_its_answer(
    sign_in: SignIn, returned: Audit, lead: Person
) -> None:
    page = visible(opened(sign_in(lead), "/audits/CP-001/form/print"))
    assert "Only if “Was a strategy meeting held?” is “yes”." in page
    assert "This section does not apply to this case" in page
    assert "Referral day, month, year" in page
    assert "Number visits Or not found not applicable" in page
    assert "Responses (tick all that apply) police health school not applicable" in page
    assert "If any grade is “inadequate”, the overall grade is at most “requires improvement”." in page


def test_the_form_speaks_of_what_the_tool_is_about(sign_in: SignIn, lead: Person, tmp_path: Path) -> None:
    an_audit(
        "CP-001", lead=lead, second=a_person(), cycle=a_cycle_of_every_kind(tmp_path, "supervision file")
    )
    client = sign_in(lead)
    assert "Answer from what the supervision file shows." in visible(opened(client, "/audits/CP-001/form"))
    section = visible(opened(client, "/audits/CP-001/form/2"))
    assert "This section does not apply to this supervision file" in section
    assert "Context of the supervision file" in visible(opened(client, "/audits/CP-001/form/context"))
    assert "This section does not apply to this supervision file" in visible(
        opened(client, "/audits/CP-001/form/print")
    )


def test_a_comment_on_an_answer_that_does_not_count_is_not_among_the_comments(returned: Audit) -> None:
    def of_early_help() -> tuple[int, list[str]]:
        cycle, at = read().cycle, standings(ON, working_days())
        number = next(
            each.comments for each in comments.questions(cycle, at, ()) if each.key == "early_grade"
        )
        return number, [comment.text for comment in comments.comments(cycle, at, "early_grade", 0, ())]

    assert of_early_help() == (1, ["As found."])
    set_early_help_aside("CP-001")
    assert of_early_help() == (0, [])


def test_answers_of_every_kind_are_saved_and_changed_on_both_databases(
    service: Flask, tmp_path: Path
) -> None:
    lead = a_person("Alison Hartley")
    cycle = a_cycle_of_every_kind(tmp_path)
    an_audit("CP-001", lead=lead, second=a_person("Imogen Sayle"), cycle=cycle)
    hand_in("CP-001", {MEETING: "yes"})

    def save(*further: str, **values: Any) -> None:
        who = Content(
            response_to(WHO, "police"), further=frozenset(response_to(WHO, each) for each in further)
        )
        days = Content(response_to(DAYS, "within the limit"), **values)
        contents = {question_id(WHO): who, question_id(DAYS): days}
        saved = {question.id: question.content for _, question in form_of(read()).questions}
        sent = {key: Sent(content, saved[key].fingerprint) for key, content in contents.items()}
        person = db.session.get_one(Person, lead.id)
        assert save_section("CP-001", 1, person, ON, sent).is_whole
        now = {question.id: question.content for _, question in form_of(read()).questions}
        assert {key: now[key] for key in contents} == contents

    save("health", "school", number=1, from_on=date(2010, 10, 4), to_on=date(2010, 10, 5))
    save("health", number=2, from_on=date(2010, 10, 4), to_on=date(2010, 10, 6))
    save()
    person = db.session.get_one(Person, lead.id)
    for wanted in (True, True, False):
        assert save_section("CP-001", 2, person, ON, {}, set_aside=wanted).is_whole
        assert [section.is_set_aside for section in form_of(read()).sections] == [False, wanted, False, False]
    # only an optional section can be set aside
    save_section("CP-001", 1, person, ON, {}, set_aside=True)
    assert not form_of(read()).sections[0].is_set_aside


def test_a_grade_that_does_not_apply_is_no_grade_without_a_reason_on_both_databases(
    service: Flask, tmp_path: Path
) -> None:
    cycle_id = a_cycle_of_every_kind(tmp_path).id
    lead, second = a_person("Alison Hartley"), a_person("Imogen Sayle")
    for reference in ("CP-001", "CP-002"):
        cycle = db.session.get_one(Cycle, cycle_id)
        an_audit(reference, lead=lead, second=second, cycle=cycle, returned_on=BEFORE)
        hand_in(reference, {EARLY: "yes", EARLY_GRADE: "inadequate"})

    def said() -> tuple[int, list[str]]:
        db.session.rollback()
        found = compiled(db.session.get_one(Cycle, cycle_id), ON)
        cautions = [caution for caution in found.cautions if "reason" in caution]
        return sum(area.no_reason_given for area in found.areas), cautions

    assert said() == (2, ["No reason is given for any of the 2 grades."])
    set_early_help_aside("CP-001")
    assert said() == (1, ["No reason is given for 1 of 1 grade."])
    set_early_help_aside("CP-002")
    assert said() == (0, [])


def test_the_form_of_a_moderated_audit_goes_by_the_answers_that_count(
    sign_in: SignIn, lead: Person, second: Person, tmp_path: Path
) -> None:
    an_audit("CP-001", lead=lead, second=second, cycle=a_cycle_of_every_kind(tmp_path), returned_on=BEFORE)
    hand_in("CP-001", {MEETING: "no", WHO: "police"})
    client = sign_in(lead)
    for page in ("/check", "/1"):
        assert "Kept, does not count. Who came? Police" in visible(
            opened(client, f"/audits/CP-001/form{page}")
        )
    assert "changed after that" not in visible(opened(client, "/audits/CP-001/form"))
    meeting = {question_id(MEETING): Change(response_to(MEETING, "yes"), "In the minutes.")}
    moderating.moderate("CP-001", a_person(roles=["moderator"]), ON, meeting, read_before_grade=True)
    for page in ("/check", "/1"):
        said = visible(opened(client, f"/audits/CP-001/form{page}"))
        assert "Kept, does not count" not in said
        assert "No Answer that counts: Yes, decided by the moderator" in said
        assert (
            "Did not apply when the audit was returned Answer that counts: Police, the returned answer"
            in said
        )
    for page in ("", "/check", "/1"):
        said = visible(opened(client, f"/audits/CP-001/form{page}"))
        assert "1 answer was changed after that. Read who changed what." in said
    assert '<a class="govuk-link" href="/audits/CP-001/answers">' in opened(client, "/audits/CP-001/form")


def test_an_answer_decided_on_a_dispute_is_said_to_be(returned: Audit, lead: Person, sign_in: SignIn) -> None:
    with transaction():
        db.session.add(
            AnswerView(
                audit_id=read().id,
                question_id=question_id(MEETING),
                whose="dispute",
                response_id=response_to(MEETING, "no"),
                reason="It was a phone call.",
                made_on=ON,
            )
        )
    client = sign_in(lead)
    decided = "Answer that counts: No, decided on the dispute"
    assert decided in visible(opened(client, "/audits/CP-001/form/check"))
    answers = visible(opened(client, "/audits/CP-001/answers"))
    assert decided in answers
    assert "Decided on the dispute No It was a phone call." in answers


def test_a_view_of_an_answer_that_does_not_apply_is_no_disagreement_and_no_change(
    service: Flask, tmp_path: Path
) -> None:
    cycle_id = a_cycle_of_every_kind(tmp_path).id
    lead, second = a_person("Alison Hartley"), a_person("Imogen Sayle")
    cycle = db.session.get_one(Cycle, cycle_id)
    an_audit("CP-001", lead=lead, second=second, cycle=cycle, returned_on=BEFORE)
    hand_in("CP-001", {MEETING: "yes", EARLY: "yes", EARLY_GRADE: "inadequate"}, comment="As found.")
    grade = {question_id(EARLY_GRADE): Change(response_to(EARLY_GRADE, "good"), "In time.")}
    second_look.confirm("CP-001", second, ON, grade)
    moderating.moderate("CP-001", a_person(roles=["moderator"]), ON, grade, read_before_grade=True)

    def counted() -> tuple[int, int, int, int]:
        db.session.rollback()
        found = compiled(db.session.get_one(Cycle, cycle_id), ON)
        differed, changed = (sum(getattr(a, name) for a in found.areas) for name in ("differed", "changed"))
        return differed, changed, found.agreement.differed, found.agreement.changed

    assert counted() == (1, 1, 1, 1)
    with transaction():
        db.session.execute(
            update(Answer)
            .where(Answer.question_id == question_id(EARLY))
            .values(response_id=response_to(EARLY, "no"))
        )
    assert counted() == (0, 0, 0, 0)

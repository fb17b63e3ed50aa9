"""The form with numbers, dates, several responses, conditions, sections set aside and a limited grade."""

from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from app.answers.models import Answer, FurtherResponse, SectionSetAside
from app.audits.models import Audit
from app.database import db, transaction
from app.people.models import Closure, Person
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
)
from tests.answers.filling import Filling, question_id, response_to
from tests.conftest import let_in
from tests.factories import a_person, an_audit
from tests.pages import opened, visible

SignIn = Callable[[Person], FlaskClient]
FORM = "/audits/CP-001/form"


@pytest.fixture(autouse=True)
def on_5_november(clock_at: Callable[[date], None]) -> None:
    clock_at(date(2010, 11, 5))


@pytest.fixture
def alison(app: Flask) -> Person:
    return a_person("Alison Hartley")


@pytest.fixture(autouse=True)
def audit(alison: Person, tmp_path: Path) -> Audit:
    cycle = a_cycle_of_every_kind(tmp_path)
    return an_audit("CP-001", lead=alison, second=a_person("Imogen Sayle"), cycle=cycle)


@pytest.fixture
def client(sign_in: SignIn, alison: Person) -> FlaskClient:
    return sign_in(alison)


def stored(question: str) -> Answer:
    db.session.rollback()
    return db.session.scalars(select(Answer).where(Answer.question_id == question_id(question))).one()


def test_a_number_is_saved_and_read_back(client: FlaskClient) -> None:
    Filling(client, f"{FORM}/1").number(VISITS, " 1,200.5 ").send()
    assert (stored(VISITS).number, stored(VISITS).response_id) == (1200.5, response_to(VISITS, "given"))
    page = Filling(client, f"{FORM}/1")
    assert page.fields[f"number-{question_id(VISITS)}"] == ["1200.5"]
    assert "1,200.5 visits" in visible(opened(client, f"{FORM}/check"))


def test_what_hangs_on_an_answer_is_shown_when_its_section_is_saved(client: FlaskClient) -> None:
    page = Filling(client, f"{FORM}/1")
    assert [page.shows(question) for question in (DAYS, WHO, WHY_NOT, VISITS)] == [False, False, False, True]
    answer = page.answer(MEETING, "yes").send()
    assert answer.headers["Location"] == f"{FORM}/1#question-{question_id(DAYS)}"
    page = Filling(client, f"{FORM}/1")
    assert "Saved. 2 more questions apply now." in visible(page.page)
    assert [page.shows(question) for question in (DAYS, WHO, WHY_NOT)] == [True, True, False]
    assert page.send().headers["Location"] == f"{FORM}/2"


def in_meeting(client: FlaskClient) -> Filling:
    """The first section of an audit in whose case there was a meeting."""
    if not db.session.query(Answer).count():
        hand_in("CP-001", {MEETING: "yes"})
    return Filling(client, f"{FORM}/1")


@pytest.mark.parametrize(
    ("first", "last", "days", "response"),
    [
        ("22 12 2010", "22 12 2010", 0, "within the limit"),
        # 27 and 28 December and 3 January are holidays, the 5th is closed
        ("22 12 2010", "11 1 2011", 10, "within the limit"),
        ("22 12 2010", "12 1 2011", 11, "outside the limit"),
    ],
)
def test_working_days_between_two_dates_are_counted_and_kept(
    client: FlaskClient, first: str, last: str, days: int, response: str
) -> None:
    with transaction():
        db.session.add(Closure(day=date(2011, 1, 5)))
    assert in_meeting(client).dates(DAYS, first, last).send().status_code == 302
    answer = stored(DAYS)
    assert (answer.number, answer.response_id) == (days, response_to(DAYS, response))
    with transaction():
        db.session.add(Closure(day=date(2011, 1, 6)))
    page = in_meeting(client).answer(DAYS, comment="A comment on the same dates.")
    assert page.fields[f"from-{question_id(DAYS)}"] == first.split()
    page.send()
    assert (stored(DAYS).number, stored(DAYS).comment) == (days, "A comment on the same dates.")
    counted = "1 working day" if days == 1 else f"{days} working days"
    assert f"{counted}, {response}" in visible(opened(client, f"{FORM}/check"))


def test_a_date_after_today_is_saved_with_a_warning(client: FlaskClient) -> None:
    answer = in_meeting(client).dates(DAYS, "1 11 2010", "9 11 2010").send()
    assert answer.headers["Location"] == f"{FORM}/1#question-{question_id(DAYS)}"
    warning = (
        "Saved. “Meeting” (9 November 2010) is after today. "
        "A planned date does not show that something happened."
    )
    assert warning in visible(opened(client, f"{FORM}/1"))
    assert stored(DAYS).number == 6
    listed = f"The audit can be returned without changing these dates. {DAYS}"
    assert listed in visible(opened(client, f"{FORM}/check"))
    in_meeting(client).dates(DAYS, "1 11 2010", "5 11 2010").send()
    assert "Dates after today" not in visible(opened(client, f"{FORM}/check"))


@pytest.mark.parametrize(
    ("first", "last", "also", "sentence"),
    [
        (
            "5 1 2026",
            "4 1 2026",
            None,
            "“Meeting” (4 January 2026) must be the same as or after “Referral” (5 January 2026)",
        ),
        ("31 2 2026", "4 3 2026", None, "“Referral” must be a real date, such as 27 3 2027"),
        ("5 1 26", "4 3 2026", None, "“Referral” must have a year of 4 digits, such as 2027"),
        ("5 1 2026", "", None, "Enter both dates: “Meeting” is missing"),
        ("5 1 2026", "6 1 2026", "not found", "Enter dates or select a response, not both"),
    ],
)
def test_dates_that_cannot_be_come_back_as_they_were_typed_and_the_rest_is_saved(
    client: FlaskClient, first: str, last: str, also: str | None, sentence: str
) -> None:
    page = in_meeting(client).dates(DAYS, first, last).number(VISITS, "3")
    if also:
        page.select(DAYS, also)
    assert page.send().status_code == 422
    assert f"{sentence}: {DAYS}" in visible(page.page)
    assert f'href="#from-{question_id(DAYS)}-day"' in page.page
    assert page.fields[f"from-{question_id(DAYS)}"] == first.split()
    assert stored(VISITS).number == 3
    assert page.dates(DAYS, "5 1 2026", "6 1 2026").select(DAYS).send().status_code == 302
    assert stored(DAYS).number == 1


@pytest.mark.parametrize("typed", ["many", "1.", "1,20", "1e5", "--3", "9999999999", "١٢"])
def test_what_is_no_number_comes_back_as_it_was_typed(client: FlaskClient, typed: str) -> None:
    page = Filling(client, f"{FORM}/1").number(VISITS, typed)
    assert page.send().status_code == 422
    assert f"Enter a number, such as 12 or 2.5: {VISITS}" in visible(page.page)
    assert page.fields[f"number-{question_id(VISITS)}"] == [typed]
    assert db.session.query(Answer).count() == 0


def test_in_place_of_a_number_it_was_not_found_or_is_not_applicable(client: FlaskClient) -> None:
    page = Filling(client, f"{FORM}/1").select(VISITS, "not found")
    page.send()
    assert (stored(VISITS).number, stored(VISITS).response_id) == (None, response_to(VISITS, "not found"))
    page = Filling(client, f"{FORM}/1").select(VISITS, "not found", "not applicable")
    assert page.send().status_code == 422
    assert "Select only one response" in visible(page.page)
    page = Filling(client, f"{FORM}/1").select(VISITS, "not found").number(VISITS, "3")
    assert page.send().status_code == 422
    assert "Enter a number or select a response, not both" in visible(page.page)
    # a response that only a number can give is not selected
    assert Filling(client, f"{FORM}/1").select(VISITS, "given").send().status_code == 422
    Filling(client, f"{FORM}/1").select(VISITS).number(VISITS, "0").send()
    assert (stored(VISITS).number, stored(VISITS).response_id) == (0, response_to(VISITS, "given"))
    Filling(client, f"{FORM}/1").number(VISITS, "").send()
    assert (stored(VISITS).number, stored(VISITS).response_id) == (None, None)


def further(question: str) -> set[int]:
    query = select(FurtherResponse.response_id).join(Answer)
    return set(db.session.scalars(query.where(Answer.question_id == question_id(question))))


def test_several_responses_are_one_answer_the_first_of_the_scale_first(client: FlaskClient) -> None:
    in_meeting(client).select(WHO, "school", "police").send()
    assert (stored(WHO).response_id, further(WHO)) == (
        response_to(WHO, "police"),
        {response_to(WHO, "school")},
    )
    assert "Police, school" in visible(opened(client, f"{FORM}/check"))
    page = in_meeting(client)
    assert set(page.fields[f"response-{question_id(WHO)}"]) == {
        str(response_to(WHO, response)) for response in ("police", "school")
    }
    page.select(WHO, "school").send()
    assert (stored(WHO).response_id, further(WHO)) == (response_to(WHO, "school"), set())
    page = in_meeting(client).select(WHO, "school", "not applicable")
    assert page.send().status_code == 422
    assert "“Not applicable” cannot be selected together with another response" in visible(page.page)
    in_meeting(client).select(WHO).send()
    assert (stored(WHO).response_id, further(WHO)) == (None, set())


def test_a_change_of_several_responses_by_both_is_a_conflict(
    app: Flask, client: FlaskClient, alison: Person
) -> None:
    hers = in_meeting(client)
    imogen = db.session.scalars(select(Person).where(Person.name == "Imogen Sayle")).one()
    his = in_meeting(let_in(app.test_client(), imogen))
    hers.select(WHO, "police", "health").dates(DAYS, "5 1 2026", "6 1 2026").number(VISITS, "1").send()
    his.select(WHO, "police", "school").dates(DAYS, "5 1 2026", "7 1 2026").number(VISITS, "2")
    assert his.send().status_code == 409
    words = visible(his.page)
    for theirs in ("Police, health", "(Referral: 5 January 2026, Meeting: 6 January 2026)", "1 visit"):
        assert theirs in words
    assert his.fields[f"to-{question_id(DAYS)}"] == ["7", "1", "2026"]
    for question in (WHO, DAYS, VISITS):
        his.keep(question, "mine")
    assert his.send().status_code == 302
    assert (further(WHO), stored(DAYS).number, stored(VISITS).number) == (
        {response_to(WHO, "school")},
        2,
        2,
    )


def test_an_answer_that_ceased_to_apply_is_kept_does_not_count_and_counts_again(client: FlaskClient) -> None:
    in_meeting(client).select(WHO, "police").dates(DAYS, "5 1 2026", "6 1 2026").send()
    tasks = visible(opened(client, FORM))
    assert "Meeting 3 of 4 answered" in tasks
    assert "After the meeting 0 of 1 answered" in tasks
    answer = in_meeting(client).answer(MEETING, "no").send()
    assert answer.headers["Location"] == f"{FORM}/1#question-{question_id(WHY_NOT)}"
    page = Filling(client, f"{FORM}/1")
    assert [page.shows(question) for question in (DAYS, WHO, WHY_NOT)] == [False, False, True]
    assert "Kept, does not count. Who came? Police" in visible(page.page)
    tasks = visible(opened(client, FORM))
    assert "Meeting 1 of 3 answered" in tasks
    assert "1 section does not apply." in tasks
    check = visible(opened(client, f"{FORM}/check"))
    assert "Kept, does not count. Who came? Police" in check
    assert "1 section does not apply to this case: After the meeting." in check
    assert REVIEW not in check
    assert stored(DAYS).number == 1
    in_meeting(client).answer(MEETING, "yes").send()
    check = visible(opened(client, f"{FORM}/check"))
    assert "Kept, does not count" not in check
    assert "Who came? Police" in check


def test_what_waits_for_a_blank_answer_is_neither_shown_nor_listed(client: FlaskClient) -> None:
    blanks = visible(opened(client, f"{FORM}/check")).split("Meeting Was")[0]
    assert MEETING in blanks
    assert not any(question in blanks for question in (DAYS, WHO, WHY_NOT, REVIEW))
    tasks = visible(opened(client, FORM))
    assert "After the meeting Cannot start yet" in tasks
    page = visible(opened(client, f"{FORM}/3"))
    assert "It applies only if “Was a strategy meeting held?” is “yes”. Answer that question first." in page
    assert "Save and continue" not in page
    hand_in("CP-001", {MEETING: "not applicable"})
    assert "After the meeting Does not apply" in visible(opened(client, FORM))


def test_an_optional_section_is_set_aside_in_one_step_and_its_answers_are_kept(client: FlaskClient) -> None:
    Filling(client, f"{FORM}/2").answer(EARLY, "yes").send()
    page = Filling(client, f"{FORM}/2").answer(EARLY_GRADE, "inadequate", "Too late.").tick("aside", on=True)
    assert page.send().headers["Location"] == f"{FORM}/4"
    assert db.session.query(SectionSetAside).count() == 1
    page = Filling(client, f"{FORM}/2")
    assert not page.shows(EARLY)
    assert "Kept, does not count. How good was early help? Inadequate Too late." in visible(page.page)
    assert "Early help Does not apply" in visible(opened(client, FORM))
    check = visible(opened(client, f"{FORM}/check"))
    assert "1 section does not apply to this case: Early help." in check
    # a page from before leaves it set aside, and says that what it saved does not count
    answer = page.tick("aside", on=False).send()
    assert answer.headers["Location"] == f"{FORM}/2#question-{question_id(EARLY)}"
    assert db.session.query(SectionSetAside).count() == 0
    assert Filling(client, f"{FORM}/2").shows(EARLY_GRADE)


def test_an_older_page_leaves_a_section_set_aside_and_is_told_that_its_answers_do_not_count(
    app: Flask, client: FlaskClient
) -> None:
    imogen = db.session.scalars(select(Person).where(Person.name == "Imogen Sayle")).one()
    others = let_in(app.test_client(), imogen)
    older = Filling(others, f"{FORM}/2")
    Filling(client, f"{FORM}/2").tick("aside", on=True).send()
    older.answer(EARLY, "yes").send()
    assert db.session.query(SectionSetAside).count() == 1
    assert "The answers in “Early help” are kept, but they do not count." in visible(opened(others, FORM))


def test_what_is_wrong_in_a_question_that_does_not_apply_any_more_is_left_alone(client: FlaskClient) -> None:
    page = in_meeting(client).answer(MEETING, "no").dates(DAYS, "31 2 2026", "")
    assert page.send().status_code == 302
    assert db.session.query(Answer).where(Answer.question_id == question_id(DAYS)).count() == 0


def test_a_grade_above_its_limit_is_let_through_with_a_reason(client: FlaskClient) -> None:
    Filling(client, f"{FORM}/2").answer(EARLY, "yes").send()
    Filling(client, f"{FORM}/2").answer(EARLY_GRADE, "inadequate", "Too late.").send()
    page = Filling(client, f"{FORM}/4").answer(OVERALL, "good", "Very good since.")
    assert f"above-{question_id(OVERALL)}" not in page.fields
    answer = page.send()
    assert answer.headers["Location"] == f"{FORM}/4#question-{question_id(OVERALL)}"
    why = "“How good was early help?” is “inadequate”, so the limit is “requires improvement”"
    page = Filling(client, f"{FORM}/4")
    assert why in visible(page.page)
    # nobody is kept on the page without a reason
    assert page.send().headers["Location"] == f"{FORM}/context"
    assert f"{why}. The audit can be returned" in visible(opened(client, f"{FORM}/check"))
    check = Filling(client, f"{FORM}/check")
    check.fields |= {"seen": ["3"], "blanks": ["2"]}
    assert check.send().status_code == 422
    assert f"Enter the reason why this grade is above its limit: {OVERALL}" in visible(check.page)
    page = Filling(client, f"{FORM}/4")
    page.fields[f"above-{question_id(OVERALL)}"] = ["All was put right within a week."]
    page.send()
    assert stored(OVERALL).above_limit_because == "All was put right within a week."
    check = Filling(client, f"{FORM}/check")
    assert "Return the audit with 2 questions not answered" in visible(check.page)
    check.fields["blanks"] = ["2"]
    assert check.send().headers["Location"] == f"{FORM}/returned"
    assert "All was put right within a week." in visible(opened(client, "/audits/CP-001/answers"))


def test_a_reason_that_is_missing_twice_is_said_in_one_message(client: FlaskClient) -> None:
    hand_in("CP-001", {EARLY: "yes"})
    hand_in("CP-001", {EARLY_GRADE: "inadequate"}, comment="Too late.")
    answer = Filling(client, f"{FORM}/4").answer(OVERALL, "good").send()
    page = opened(client, answer.headers["Location"])
    assert page.count("govuk-notification-banner__header") == 1
    said = "Enter the reason why the overall grade is above its limit."
    assert f"still needs a reason: {OVERALL} {said}" in visible(page)


def test_a_reason_that_is_not_asked_for_stays_as_it_was(client: FlaskClient) -> None:
    hand_in("CP-001", {OVERALL: "good"}, comment="Good.", above_limit_because="Put right.")
    Filling(client, f"{FORM}/4").answer(OVERALL, comment="Very good.").send()
    assert (stored(OVERALL).comment, stored(OVERALL).above_limit_because) == ("Very good.", "Put right.")


def test_the_audit_is_returned_with_the_blanks_that_apply(client: FlaskClient) -> None:
    hand_in("CP-001", {MEETING: "no"})
    Filling(client, f"{FORM}/2").tick("aside", on=True).send()
    check = Filling(client, f"{FORM}/check")
    assert "2 sections do not apply to this case: Early help, After the meeting." in visible(check.page)
    assert "Return the audit with 3 questions not answered" in visible(check.page)
    check.fields["blanks"] = ["3"]
    Filling(client, f"{FORM}/2").tick("aside", on=False).send()
    assert check.send().status_code == 409  # other questions apply since
    Filling(client, f"{FORM}/2").tick("aside", on=True).send()
    check = Filling(client, f"{FORM}/check")
    check.fields["blanks"] = ["3"]
    assert check.send().headers["Location"] == f"{FORM}/returned"

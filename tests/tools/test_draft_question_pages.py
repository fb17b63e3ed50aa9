"""Writing what a question asks in the product: numbers, days, conditions, levels, the overall grade."""

import re
from collections.abc import Mapping

import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from app.database import transaction
from app.history.record import of
from app.tools.conditions import Condition
from app.tools.content import UNLIMITED, CallsForResponse, Ceiling, Content, Limit
from app.tools.queries import asked, content_of
from tests.pages import opened, visible
from tests.tools.drafts import DRAFT, a_question, add, change, text_of, the_question, the_tool

GRADES: dict[str, object] = {
    "name": "grade",
    "met": "outstanding\ngood",
    "not_met": "requires improvement\ninadequate",
    "excluded": "",
}


def questions_of(section: int = 0) -> str:
    """The address of new questions of a section."""
    return f"{DRAFT}/edit/sections/{the_tool().sections[section].id}/questions"


def details_of(key: str) -> str:
    return f"{DRAFT}/edit/questions/{the_question(key).id}"


def save(client: FlaskClient, address: str, data: Mapping[str, object]) -> None:
    answer: TestResponse = change(client, address, data)
    assert answer.status_code == 302, visible(answer.get_data(as_text=True))


def content() -> Content:
    return content_of(the_tool())


def told() -> list[tuple[str, str | None, str | None]]:
    return [(row.what, row.before, row.after) for row in of("tool", "child-protection 2")]


@pytest.fixture
def graded(draft: FlaskClient) -> FlaskClient:
    """A draft whose section 2 asks for two grades, after the evidence of section 1."""
    draft.post(f"{DRAFT}/edit/scale?kind=grade", data=GRADES)
    draft.post(f"{DRAFT}/edit/sections", data={"title": "Grades"})
    for key in ("plan", "overall"):
        section = the_tool().sections[1].id
        form = a_question(text=f"How good is {key}?", key=key, key_area=key, section=section, scale="grade")
        assert draft.post(questions_of(1), data=form).status_code == 302
    return draft


@pytest.mark.parametrize(
    ("kind", "form", "responses", "several"),
    [
        (
            "evidence",
            {"met": "yes\npartly", "not_met": "no", "excluded": ""},
            ("met", "met", "not met"),
            False,
        ),
        ("grade", {"met": "good", "not_met": "poor", "excluded": ""}, ("met", "not met"), False),
        (
            "category",
            {"neither": "home\nschool", "excluded": "unknown"},
            ("neither", "neither", "excluded"),
            False,
        ),
        ("category", {"neither": "home\nschool", "several": "y"}, ("neither", "neither"), True),
    ],
)
def test_a_scale_has_the_kind_that_was_chosen(
    draft: FlaskClient, kind: str, form: dict[str, object], responses: tuple[str, ...], several: bool
) -> None:
    assert "What kind of scale is it?" in visible(opened(draft, f"{DRAFT}/edit/scale"))
    opened(draft, f"{DRAFT}/edit/scale?kind={kind}")
    answer = draft.post(f"{DRAFT}/edit/scale?kind={kind}", data={"name": "new", **form})
    assert answer.status_code == 302, visible(answer.get_data(as_text=True))
    scale = content().scale("new")
    assert scale is not None
    assert (scale.kind, scale.several) == (kind, several)
    assert tuple(counts_as for _, counts_as in scale.responses) == responses


@pytest.mark.parametrize(
    ("kind", "form", "said"),
    [
        ("grade", {"met": "good", "not_met": ""}, "Enter at least 2 grades"),
        ("evidence", {"met": "", "not_met": "", "excluded": "unknown"}, "Enter at least one response"),
        ("category", {"neither": "", "excluded": "unknown"}, "Enter at least one response"),
        ("category", {"neither": "home\nHome"}, "Response “home” must be in the list only once"),
    ],
)
def test_a_scale_without_what_its_kind_needs_is_refused(
    draft: FlaskClient, kind: str, form: dict[str, object], said: str
) -> None:
    assert said in text_of(draft, f"{DRAFT}/edit/scale?kind={kind}", {"name": "new", **form})


def test_a_scale_that_gets_another_kind_loses_no_response(draft: FlaskClient) -> None:
    save(draft, f"{DRAFT}/edit/scale?name=evidence&kind=category", {"name": "evidence", "neither": "yes\nno"})
    assert (
        "scale “evidence”: kind changed",
        "evidence: found or not found",
        "category: neither met nor not met",
    ) in told()
    page = opened(draft, f"{DRAFT}/edit/scale?name=evidence&kind=grade")
    assert "yes\nno</textarea>" in page


def test_a_question_asks_for_a_number_with_its_limit(draft: FlaskClient) -> None:
    assert "What is the answer?" in visible(opened(draft, questions_of()))
    form = a_question(key="visits", unit="visits", limit="met_from", limit_at="2.5")
    wrong = draft.post(f"{questions_of()}?answer=number", data=form | {"limit_at": "many"})
    assert 'value="many"' in wrong.get_data(as_text=True)
    assert draft.post(f"{questions_of()}?answer=number", data=form).status_code == 302
    visits = content().question("visits")
    assert visits is not None
    assert (visits.answer, visits.unit, visits.met_from, visits.met_up_to) == ("number", "visits", 2.5, None)
    assert visits.scale is None
    assert "Asks for a number of visits. Met from 2.5." in visible(opened(draft, f"{DRAFT}/edit"))
    assert draft.post(f"{DRAFT}/publish").status_code == 302
    assert "a number of visits · not found · not applicable" in visible(opened(draft, DRAFT))


def test_a_question_asks_for_days_and_can_ask_for_a_response_instead(draft: FlaskClient) -> None:
    form = a_question(
        key="delay",
        from_label="Referral",
        to_label="First visit",
        counted_in="working",
        limit="met_up_to",
        limit_at="10",
    )
    assert draft.post(f"{questions_of()}?answer=days", data=form).status_code == 302
    said = "Asks for the working days from “Referral” to “First visit”. Met up to 10."
    assert said in visible(opened(draft, f"{DRAFT}/edit"))
    assert re.search(r'name="limit_at"[^>]* value="10"', opened(draft, details_of("delay")))
    save(draft, f"{details_of('delay')}?answer=response", a_question(key="delay"))
    delay = content().question("delay")
    assert delay is not None
    assert (delay.answer, delay.scale, delay.from_label, delay.met_up_to) == (
        "response",
        "evidence",
        None,
        None,
    )
    assert ("question delay: limit changed", "met up to 10", None) in told()
    assert (
        "question delay: answer changed",
        "the working days from “Referral” to “First visit”",
        None,
    ) in told()


@pytest.mark.parametrize(
    ("answer", "wrong", "said"),
    [
        ("days", {"from_label": ""}, "Enter the name of the first date"),
        ("days", {"to_label": ""}, "Enter the name of the second date"),
        ("days", {"counted_in": ""}, "Select which days count"),
        ("number", {"limit": "met_up_to"}, "Enter the limit"),
        ("number", {"limit": "", "limit_at": "4"}, "Select when it is met, or leave the limit empty"),
        ("number", {"limit": "met_from", "limit_at": "many"}, "Limit must be a number, such as 5 or 2.5"),
        ("number", {"limit": "met_from", "limit_at": "99999999999"}, "Limit must be from -1,000,000,000 to"),
    ],
)
def test_a_number_is_refused_with_what_is_wrong(
    draft: FlaskClient, answer: str, wrong: dict[str, object], said: str
) -> None:
    right = {"from_label": "Referral", "to_label": "Visit", "counted_in": "working", "limit": ""}
    assert said in text_of(draft, f"{questions_of()}?answer={answer}", a_question(**(right | wrong)))


def test_a_question_applies_only_if_an_earlier_one_has_an_answer(graded: FlaskClient) -> None:
    address = f"{details_of('plan')}/condition"
    assert "Question that decides" in visible(opened(graded, address))
    save(graded, f"{address}?question=child_seen", {"responses": ["no"]})
    plan = content().question("plan")
    assert plan is not None
    assert plan.applies_if == Condition("child_seen", ("no",))
    assert "Applies only if “Child seen” is “no”." in visible(opened(graded, f"{DRAFT}/edit"))
    assert ("question plan: condition changed", None, "only if child_seen is “no”") in told()
    assert "Select at least one response" in text_of(
        graded, f"{address}?question=child_seen", {"version": ""}
    )
    save(graded, f"{address}?question=", {})
    plan = content().question("plan")
    assert plan is not None
    assert plan.applies_if is None


def test_a_section_applies_only_if_and_can_be_set_aside(graded: FlaskClient) -> None:
    section = the_tool().sections[1].id
    save(graded, f"{DRAFT}/edit/sections/{section}", {"title": "The grades", "optional": "y", "key": ""})
    save(graded, f"{DRAFT}/edit/sections/{section}/condition?question=child_seen", {"responses": ["yes"]})
    part = content().sections[1]
    assert (part.key, part.optional) == ("the_grades", True)
    assert part.applies_if == Condition("child_seen", ("yes",))
    said = "Applies only if “Child seen” is “yes”. Auditors can set it aside for a case. Key: the_grades."
    assert said in visible(opened(graded, f"{DRAFT}/edit"))
    assert ("section “The grades”: use changed", "for every case", "may be set aside for a case") in told()


def test_only_earlier_questions_of_one_response_can_decide(graded: FlaskClient) -> None:
    def offered(address: str) -> list[str]:
        page = opened(graded, address)
        return [key for key in ("child_seen", "plan", "overall") if f'<option value="{key}"' in page]

    assert offered(f"{details_of('child_seen')}/condition") == []
    assert offered(f"{details_of('overall')}/condition") == ["child_seen", "plan"]
    section = the_tool().sections[1].id
    assert offered(f"{DRAFT}/edit/sections/{section}/condition") == ["child_seen"]


def test_what_another_part_names_is_not_removed_and_stays_before_it(graded: FlaskClient) -> None:
    save(graded, f"{details_of('overall')}/condition?question=plan", {"responses": ["good"]})
    save(
        graded,
        f"{DRAFT}/edit/sections/{the_tool().sections[1].id}/condition?question=child_seen",
        {"responses": ["yes"]},
    )
    first, second = (section.id for section in the_tool().sections)
    before = content()
    for address, said in (
        (f"{details_of('plan')}/remove", "Question plan decides if question overall applies."),
        (f"{details_of('child_seen')}/remove", "Question child_seen decides if section 2 applies."),
        (f"{details_of('plan')}/down", "Question overall must come after question plan, which decides if"),
        (f"{details_of('overall')}/up", "Question overall must come after question plan, which decides if"),
        (f"{DRAFT}/edit/sections/{first}/down", "Section 1 must come after question child_seen, which"),
        (f"{DRAFT}/edit/sections/{second}/up", "Section 1 must come after question child_seen, which"),
    ):
        assert said in text_of(graded, address)
        assert content() == before
    moved = a_question(text="Was the child seen?", key="child_seen", key_area="Child seen", section=second)
    assert "Section 2 must come after question child_seen" in text_of(graded, details_of("child_seen"), moved)


def test_a_new_key_is_followed_by_what_names_the_question(graded: FlaskClient) -> None:
    save(graded, f"{details_of('plan')}/condition?question=child_seen", {"responses": ["no"]})
    save(graded, f"{DRAFT}/edit/overall", {"overall": "overall"})
    assert (
        graded.post(
            f"{DRAFT}/edit/limits", data={"if_any": ["inadequate"], "of": ["plan"], "at_most": "good"}
        ).status_code
        == 302
    )
    for old, new in (("child_seen", "seen"), ("plan", "the_plan"), ("overall", "grade")):
        one = asked(the_question(old))
        section = the_question(old).section_id
        form = a_question(text=one.text, key=new, key_area=one.key_area, scale=one.scale, section=section)
        save(graded, details_of(old), form)
    now = content()
    assert (now.overall, now.limits) == ("grade", (Limit(("inadequate",), ("the_plan",), "good"),))
    plan = now.question("the_plan")
    assert plan is not None
    assert plan.applies_if == Condition("seen", ("no",))


def test_a_level_is_at_least_or_no_more_than(graded: FlaskClient) -> None:
    address = f"{details_of('plan')}/level"
    save(
        graded,
        address,
        {"percent": "10", "of": ["inadequate"], "calling": ["inadequate"], "working_days": "3"},
    )
    plan = content().question("plan")
    assert plan is not None
    assert (plan.at_most, plan.expected_level) == (Ceiling(("inadequate",), 10), None)
    assert plan.calls_for_response == CallsForResponse(("inadequate",), 3)
    edit = opened(graded, f"{DRAFT}/edit")
    assert f'href="{address}#response-needed">When a response is needed<' in edit
    assert 'id="response-needed">When a response is needed<' in opened(graded, address)
    page = visible(edit)
    assert "Expected level: no more than 10% “inadequate”." in page
    assert "Calls for a response: “inadequate”, within 3 working days." in page
    save(graded, address, {"expected_level": "80", "percent": "", "working_days": ""})
    assert (
        "question plan: expected level changed",
        "no more than 10% “inadequate”",
        "at least 80% met",
    ) in told()
    assert (
        "question plan: call for a response changed",
        "“inadequate”, within 3 working days",
        None,
    ) in told()


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"expected_level": "0"}, "Expected level must be a whole number from 1 to 100"),
        ({"expected_level": "101"}, "Expected level must be a whole number from 1 to 100"),
        ({"expected_level": "high"}, "Expected level must be a whole number"),
        ({"percent": "10"}, "Select the responses of the highest percentage"),
        ({"of": ["inadequate"]}, "Enter the highest percentage of these responses"),
        (
            {"percent": "10", "of": ["inadequate"], "expected_level": "80"},
            "Enter either the expected level or the highest percentage, not both",
        ),
        ({"calling": ["inadequate"], "working_days": ""}, "Enter the working days to respond"),
        ({"calling": ["unheard of"]}, "Select the responses that call for a response"),
    ],
)
def test_a_level_is_refused_with_what_is_wrong(
    graded: FlaskClient, wrong: dict[str, object], said: str
) -> None:
    assert said in text_of(graded, f"{details_of('plan')}/level", wrong)


def test_a_question_that_asks_for_a_number_instead_loses_what_its_responses_had(graded: FlaskClient) -> None:
    form = {"percent": "10", "of": ["inadequate"], "calling": ["inadequate"], "working_days": "3"}
    save(graded, f"{details_of('plan')}/level", form)
    section = the_tool().sections[1].id
    save(graded, f"{details_of('plan')}?answer=number", a_question(key="plan", section=section, limit=""))
    plan = content().question("plan")
    assert plan is not None
    assert (plan.at_most, plan.calls_for_response) == (None, None)
    assert graded.post(f"{DRAFT}/publish").status_code == 302


def test_findings_say_the_theme_and_the_place_of_a_question(draft: FlaskClient) -> None:
    address = f"{details_of('child_seen')}/findings"
    save(draft, address, {"theme": "families", "recorded_in": "ICS", "is_core": "y", "per_case": "y"})
    seen = content().question("child_seen")
    assert seen is not None
    assert (seen.theme, seen.recorded_in, seen.is_core, seen.per_case) == ("families", "ICS", True, True)
    said = (
        "Asked at the meeting of all agencies only. Theme: families. Must be recorded in: ICS. Core question."
    )
    assert said in visible(opened(draft, f"{DRAFT}/edit"))
    assert "Select the standard" in text_of(draft, address, {"standard": "unheard of"})


def test_the_overall_grade_has_limits(graded: FlaskClient) -> None:
    save(graded, f"{DRAFT}/edit/overall", {"overall": "overall"})
    limits = f"{DRAFT}/edit/limits"
    assert (
        graded.post(limits, data={"if_any": ["inadequate"], "at_most": "requires improvement"}).status_code
        == 302
    )
    said = "With “inadequate” in any grade: at most “requires improvement”"
    for address in (f"{DRAFT}/edit", DRAFT):
        assert said.lower() in visible(opened(graded, address)).lower()
    assert "The overall grade already has this limit" in text_of(
        graded, limits, {"if_any": ["inadequate"], "at_most": "requires improvement"}
    )
    assert "Select at least one grade" in text_of(graded, limits, {"at_most": "good"})
    assert "The overall grade has limits. Remove them first." in text_of(
        graded, f"{DRAFT}/edit/overall", {"overall": ""}
    )
    assert "Question overall is the overall grade. Select another overall grade first." in text_of(
        graded, f"{details_of('overall')}/remove"
    )
    assert graded.post(f"{limits}/1/remove").status_code == 302
    assert "This limit is no longer in the draft" in text_of(graded, f"{limits}/1/remove")
    save(graded, f"{DRAFT}/edit/overall", {"overall": ""})
    assert (content().overall, content().limits) == (None, ())


def test_a_question_that_a_limit_names_is_not_removed(graded: FlaskClient) -> None:
    save(graded, f"{DRAFT}/edit/overall", {"overall": "overall"})
    graded.post(f"{DRAFT}/edit/limits", data={"if_any": ["inadequate"], "of": ["plan"], "at_most": "good"})
    said = "A limit of the overall grade names question plan. Remove the limit first."
    assert said in text_of(graded, f"{details_of('plan')}/remove")


def test_what_dangles_is_said_before_it_is_published(graded: FlaskClient) -> None:
    save(graded, f"{details_of('plan')}/condition?question=child_seen", {"responses": ["no"]})
    save(graded, f"{details_of('overall')}/level", {"percent": "10", "of": ["inadequate"]})
    save(graded, f"{DRAFT}/edit/overall", {"overall": "overall"})
    save(graded, f"{DRAFT}/edit/scale?name=evidence", {"name": "evidence", "met": "yes", "not_met": "none"})
    save(graded, f"{DRAFT}/edit/scale?name=grade", GRADES | {"not_met": "poor"})
    save(graded, f"{details_of('overall')}/condition?question=plan", {"responses": ["poor"]})
    refused = text_of(graded, f"{DRAFT}/publish")
    for said in (
        "Section 2, question 1: the condition “no” is not a response of the scale “evidence”",
        "Section 2, question 2: the expected level “inadequate” is not a response of the scale “grade”",
        "The overall grade “overall” must be asked in every audit",
    ):
        assert said in refused


def test_add_is_still_possible_without_a_choice_of_answer(draft: FlaskClient) -> None:
    add(draft)
    assert the_question("home_seen").answer == "response"


def test_an_older_draft_gets_what_a_number_is_answered_with(draft: FlaskClient) -> None:
    tool = the_tool()
    own = [row for row in tool.responses if row.scale == "evidence"]
    with transaction():
        tool.responses[:] = own
    assert (
        draft.post(f"{questions_of()}?answer=number", data=a_question(key="visits", limit="")).status_code
        == 302
    )
    answers = {row.response for row in the_tool().responses if row.scale == UNLIMITED.name}
    assert answers == {response for response, _ in UNLIMITED.responses}
    assert "Not found" in visible(opened(draft, f"{DRAFT}/preview"))

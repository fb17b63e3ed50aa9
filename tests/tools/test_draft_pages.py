"""Writing an audit tool in the product: begun, changed as a whole, published or deleted."""

import pytest
from flask.testing import FlaskClient

from app.cycles import queries as cycle_queries
from app.database import db, transaction
from app.history.record import of
from app.tools.queries import content_of, found
from tests.factories import a_cycle, a_tool
from tests.pages import opened, visible
from tests.test_meanwhile import Fields
from tests.tools.drafts import DRAFT, MONDAY, a_question, add, change, text_of, the_question, the_tool


def test_a_new_tool_is_written_and_published_and_a_cycle_can_use_it(coordinator: FlaskClient) -> None:
    form = {
        "reference": "cared-for",
        "title": "Cared for children",
        "minimum_answered": "75",
        "minimum_count": "8",
    }
    assert coordinator.post("/tools/new", data=form).headers["Location"] == "/tools/cared-for/1/edit"
    assert [tool.reference for tool in cycle_queries.tools()] == []
    coordinator.post("/tools/cared-for/1/edit/sections", data={"title": "Plans"})
    section = the_tool(1, "cared-for").sections[0].id
    address = f"/tools/cared-for/1/edit/sections/{section}/questions"
    question = {
        "text": "Is there a plan?",
        "key_area": "Plan’s place on file",
        "section": section,
        "scale": "evidence",
    }
    assert coordinator.post(address, data=question).status_code == 302
    kept = the_tool(1, "cared-for").sections[0].questions[0]
    at = f"/tools/cared-for/1/edit/questions/{kept.id}"
    assert coordinator.post(f"{at}/level", data={"expected_level": "85%"}).status_code == 302
    assert coordinator.post(f"{at}/findings", data={"is_core": "y"}).status_code == 302
    answer = coordinator.post("/tools/cared-for/1/publish")
    assert answer.headers["Location"] == "/tools/cared-for/1"
    tool = the_tool(1, "cared-for")
    assert (tool.is_draft, tool.published_on, tool.minimum_answered) == (False, MONDAY, 0.75)
    kept = tool.sections[0].questions[0]
    assert (kept.key, kept.expected_level, kept.is_core) == ("plans_place_on_file", 85, True)
    assert [tool.reference for tool in cycle_queries.tools()] == ["cared-for"]
    told = [row.what for row in of("tool", "cared-for 1")]
    assert told == [
        "published",
        "question plans_place_on_file: core changed",
        "question plans_place_on_file: expected level changed",
        "question plans_place_on_file added",
        "section added",
        "draft created",
    ]


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"reference": ""}, "Enter the reference"),
        ({"reference": "child/protection"}, "Reference can only have letters, digits, dots and hyphens"),
        ({"reference": "standards"}, "Reference must not be “standards”"),
        ({"reference": "Child-Protection"}, "There is already a tool child-protection."),
        ({"title": ""}, "Enter the title"),
        ({"minimum_answered": "101"}, "must be a whole number from 0 to 100"),
        ({"minimum_answered": "most"}, "must be a whole number"),
        ({"minimum_count": ""}, "Enter the minimum number of answers"),
    ],
)
def test_a_new_tool_is_refused_with_what_is_wrong(
    coordinator: FlaskClient, wrong: dict[str, str], said: str
) -> None:
    a_tool()
    form = {"reference": "cared-for", "title": "T", "minimum_answered": "80", "minimum_count": "10"}
    assert said in text_of(coordinator, "/tools/new", {**form, **wrong})
    assert found("cared-for", 1) is None


def test_a_new_version_begins_as_a_copy_and_there_is_one_draft_at_a_time(draft: FlaskClient) -> None:
    first, second = content_of(the_tool(1)), content_of(the_tool(2))
    assert (first.sections, first.scales) == (second.sections, second.scales)
    assert the_tool(2).is_draft
    assert "There is already a draft of version 2" in text_of(
        draft, "/tools/child-protection/1/next", status=409
    )


def test_a_version_says_what_the_next_one_begins_as_a_copy_of(draft: FlaskClient) -> None:
    draft.post(f"{DRAFT}/publish")
    first = visible(opened(draft, "/tools/child-protection/1"))
    assert (
        "This is an older version. Version 3 will start as a copy of version 2, the newest. Create"
    ) in first
    second = visible(opened(draft, DRAFT))
    assert "older version" not in second
    assert "Version 3 will start as a copy of this version. Create new version" in second
    answer = draft.post("/tools/child-protection/1/next", follow_redirects=True)
    assert "Version 3 created as a copy of version 2." in visible(answer.get_data(as_text=True))


def test_a_version_can_not_be_made_from_a_tool_that_was_never_published(coordinator: FlaskClient) -> None:
    tool = a_tool()
    with transaction():
        tool.is_draft = True
    assert "There is already a draft of version 1" in text_of(
        coordinator, "/tools/child-protection/1/next", status=409
    )


PARTS = (
    "edit",
    "edit/details",
    "edit/scale",
    "edit/scale/remove?name=evidence",
    "edit/sections",
    "edit/sections/1",
    "edit/sections/1/up",
    "edit/sections/1/remove",
    "edit/sections/1/questions",
    "edit/questions/1",
    "edit/questions/1/down",
    "edit/questions/1/remove",
    "publish",
    "delete",
)


@pytest.mark.parametrize("part", PARTS)
def test_a_published_version_never_changes(coordinator: FlaskClient, part: str) -> None:
    before = content_of(a_tool())
    sentence = "Version 1 of Case file audit is published, so you cannot change it. Create a new version"
    tried = 0
    for method in ("GET", "POST"):
        answer = coordinator.open(f"/tools/child-protection/1/{part}", method=method)
        if answer.status_code == 405:
            continue
        tried += 1
        assert answer.status_code == 409
        assert sentence in visible(answer.get_data(as_text=True))
    assert tried
    assert content_of(the_tool(1)) == before


def test_the_title_and_the_least_numbers_change_with_their_history(draft: FlaskClient) -> None:
    form = {"title": "New title", "minimum_answered": "70", "minimum_count": "12"}
    assert draft.post(f"{DRAFT}/edit/details", data=form).status_code == 302
    tool = the_tool()
    assert (tool.title, tool.minimum_answered, tool.minimum_count) == ("New title", 0.7, 12)
    told = [(row.what, row.before, row.after) for row in of("tool", "child-protection 2")]
    assert told[:3] == [
        ("minimum number changed", "10", "12"),
        ("minimum share changed", "80%", "70%"),
        ("title changed", "Case file audit", "New title"),
    ]
    assert "Enter the title" in text_of(draft, f"{DRAFT}/edit/details", {**form, "title": " "})


def test_a_tool_without_section_or_with_an_empty_one_is_not_published(draft: FlaskClient) -> None:
    draft.post(f"{DRAFT}/edit/questions/{the_question().id}/remove")
    assert "Section 1 has no questions" in text_of(draft, f"{DRAFT}/publish")
    draft.post(f"{DRAFT}/edit/sections/{the_tool().sections[0].id}/remove")
    assert "The list of sections is empty" in text_of(draft, f"{DRAFT}/publish")
    draft.post(f"{DRAFT}/edit/scale/remove?name=evidence")
    assert "The list of scales is empty" in text_of(draft, f"{DRAFT}/publish")
    assert the_tool().is_draft


def test_a_scale_that_counts_nothing_is_not_published(draft: FlaskClient) -> None:
    tool = the_tool()
    with transaction():
        for response in [row for row in tool.responses if row.scale == "evidence"]:
            response.counts_as = "excluded"
    said = "Scale “evidence” needs a response that counts as met or not met"
    assert said in visible(opened(draft, f"{DRAFT}/publish"))
    assert said in text_of(draft, f"{DRAFT}/publish")


def test_a_key_twice_and_an_unknown_scale_are_not_published(draft: FlaskClient) -> None:
    draft.post(f"{DRAFT}/edit/sections", data={"title": "Plans"})
    draft.post(
        f"{DRAFT}/edit/sections/{the_tool().sections[1].id}/questions",
        data=a_question(section=the_tool().sections[1].id),
    )
    question = the_question("home_seen")
    with transaction():
        question.key, question.scale = "child_seen", "evidense"
    said = text_of(draft, f"{DRAFT}/publish")
    assert "Section 2, question 1: the key “child_seen” is also the key of section 1, question 1" in said
    assert "the scale “evidense” is not one of the scales: the nearest is evidence" in said


def test_a_core_question_that_means_something_else_is_not_published(draft: FlaskClient) -> None:
    other = a_tool("cared-for")
    with transaction():
        core = other.sections[0].questions[0]
        core.is_core, core.key_area = True, "Young person seen"
    said = text_of(draft, f"{DRAFT}/publish")
    assert "Section 1, question 1: the key “child_seen” is a core question, so it must be the same" in said
    assert "in cared-for version 1, but its key area there is “Young person seen”. Enter another key." in said


def test_a_draft_is_deleted_after_asking(draft: FlaskClient) -> None:
    assert "This deletes everything in the draft." in visible(opened(draft, f"{DRAFT}/delete"))
    assert draft.post(f"{DRAFT}/delete").headers["Location"] == "/tools"
    db.session.rollback()
    assert found("child-protection", 2) is None
    assert of("tool", "child-protection 2")[0].what == "draft deleted"


def test_the_list_tells_versions_drafts_and_the_cycles_that_use_each(coordinator: FlaskClient) -> None:
    a_cycle("2010-1")
    coordinator.post("/tools/child-protection/1/next")
    page = visible(opened(coordinator, "/tools"))
    assert "Version 2 of Case file audit draft: edit" in page
    assert "Version 1 of Case file audit published 2010-1" in page


def test_a_version_shows_its_questions_and_what_changed_since_the_one_before(draft: FlaskClient) -> None:
    form = a_question(
        text="Was the child seen alone?", key="child_seen", key_area="Child seen", guidance="Look."
    )
    change(draft, f"{DRAFT}/edit/questions/{the_question().id}", form)
    page = visible(opened(draft, DRAFT))
    assert "What changed since version 1" in page
    assert "Question child_seen: reworded, from “Was the child seen?” to “Was the child seen alone?”" in page
    assert "A coordinator must decide if its figures can still be compared" in page
    assert "yes (met) no (not met) not applicable (left out of the figure)" in page
    first = visible(opened(draft, "/tools/child-protection/1"))
    assert "Was the child seen? yes · no · not applicable" in first
    assert "What changed" not in first
    assert draft.get("/tools/child-protection/3").status_code == 404


def test_what_is_typed_is_shown_as_text_and_never_as_markup(draft: FlaskClient) -> None:
    add(draft, text="<script>alert(1)</script>", key_area="<b>bold</b>", key="x", guidance="<i>look</i>")
    for address in (DRAFT, f"{DRAFT}/edit", f"{DRAFT}/publish"):
        page = opened(draft, address)
        assert "<script>alert" not in page
        assert "<b>bold" not in page
        assert "<i>look" not in page


def test_a_draft_that_somebody_changed_meanwhile_is_published_knowingly(draft: FlaskClient) -> None:
    shown = Fields(opened(draft, f"{DRAFT}/publish")).held
    form = a_question(text="Was the child seen alone?", key="child_seen", key_area="Child seen")
    change(draft, f"{DRAFT}/edit/questions/{the_question().id}", form)
    answer = draft.post(f"{DRAFT}/publish", data=shown)
    page = answer.get_data(as_text=True)
    assert answer.status_code == 409
    assert "while you had the page open" in visible(page)
    assert "to “Was the child seen alone?”" in visible(page)
    assert the_tool().is_draft
    assert draft.post(f"{DRAFT}/publish", data=Fields(page).held).status_code == 302
    assert not the_tool().is_draft

"""Writing an audit tool in the product: its sections, its questions, its scales."""

import pytest
from flask.testing import FlaskClient

from app.database import transaction
from app.history.record import of
from app.tools.content import LIMITED
from app.tools.queries import content_of
from tests.pages import opened, visible
from tests.tools.drafts import (
    DRAFT,
    a_question,
    add,
    change,
    questions,
    seen_on,
    text_of,
    the_question,
    the_tool,
)


def test_sections_are_added_renamed_moved_and_removed(draft: FlaskClient) -> None:
    draft.post(f"{DRAFT}/edit/sections", data={"title": "Plans"})
    first, second = [section.id for section in the_tool().sections]
    draft.post(f"{DRAFT}/edit/sections/{second}", data={"title": "The plan"})
    draft.post(f"{DRAFT}/edit/sections/{second}/up")
    assert [section.title for section in the_tool().sections] == ["The plan", "Assessment"]
    draft.post(f"{DRAFT}/edit/sections/{second}/up")
    draft.post(f"{DRAFT}/edit/sections/{second}/down")
    assert [section.title for section in the_tool().sections] == ["Assessment", "The plan"]
    draft.post(f"{DRAFT}/edit/sections/{second}/remove")
    assert [section.title for section in the_tool().sections] == ["Assessment"]
    refused = text_of(draft, f"{DRAFT}/edit/sections/{first}/remove")
    assert "Section “Assessment” has questions. Move or remove them first." in refused
    assert "no longer in the draft" in text_of(draft, f"{DRAFT}/edit/sections/{second}/up")
    assert draft.post(f"{DRAFT}/edit/sections/{first}/sideways").status_code == 404


@pytest.mark.parametrize(
    ("title", "said"), [("", "Enter the title"), ("assessment", "This draft already has a section")]
)
def test_a_section_needs_a_title_of_its_own(draft: FlaskClient, title: str, said: str) -> None:
    assert said in text_of(draft, f"{DRAFT}/edit/sections", {"title": title})
    draft.post(f"{DRAFT}/edit/sections", data={"title": "Plans"})
    other = the_tool().sections[1].id
    assert said in text_of(draft, f"{DRAFT}/edit/sections/{other}", {"title": title})


def test_questions_are_added_changed_moved_and_removed(draft: FlaskClient) -> None:
    add(draft)
    add(draft, key="views", key_area="Views")
    draft.post(f"{DRAFT}/edit/questions/{the_question('views').id}/up")
    assert [key for _, key in questions()] == ["child_seen", "views", "home_seen"]
    draft.post(f"{DRAFT}/edit/questions/{the_question('child_seen').id}/down")
    draft.post(f"{DRAFT}/edit/questions/{the_question('home_seen').id}/remove")
    assert [key for _, key in questions()] == ["views", "child_seen"]
    draft.post(f"{DRAFT}/edit/sections", data={"title": "Views"})
    other = the_tool().sections[1].id
    form = a_question(text="Was the child heard?", key="views", section=other)
    address = f"{DRAFT}/edit/questions/{the_question('views').id}"
    change(draft, address, form)
    change(draft, f"{address}/level", {"expected_level": "90"})
    assert questions() == [("Assessment", "child_seen"), ("Views", "views")]
    assert (the_question("views").text, the_question("views").expected_level) == ("Was the child heard?", 90)
    told = [row.what for row in of("tool", "child-protection 2")]
    assert "question views: wording changed" in told
    assert "question views: expected level changed" in told
    assert "question home_seen removed" in told


def test_a_missing_key_area_is_one_mistake_where_the_key_is_to_be_made_from_it(draft: FlaskClient) -> None:
    address = f"{DRAFT}/edit/sections/{the_tool().sections[0].id}/questions"
    page = text_of(draft, address, a_question(key_area="", key=""))
    assert "Enter the key area" in page
    assert "Use letters, digits" not in page


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"text": ""}, "Enter the question"),
        ({"key_area": ""}, "Enter the key area"),
        ({"key": "child seen"}, "Key can only have letters, digits, hyphens and underscores"),
        ({"key": "child_seen"}, "“child_seen” is also the key of section 1, question 1. Enter another key."),
        (
            {"key": "Child-seen"},
            (
                "“Child-seen” is also the key of section 1, question 1, in another spelling. "
                "Enter another key."
            ),
        ),
        ({"scale": ""}, "Select a scale"),
        ({"scale": "unheard of"}, "Select a scale"),
        ({"section": "99"}, "Select the section"),
    ],
)
def test_a_question_is_refused_with_what_is_wrong(
    draft: FlaskClient, wrong: dict[str, object], said: str
) -> None:
    address = f"{DRAFT}/edit/sections/{the_tool().sections[0].id}/questions"
    assert said in text_of(draft, address, a_question(**wrong))
    assert [key for _, key in questions()] == ["child_seen"]


def test_two_questions_in_one_are_warned_of_and_saved_all_the_same(draft: FlaskClient) -> None:
    add(draft, text="Were visits regular and good?", key="visits")
    assert the_question("visits").text == "Were visits regular and good?"
    for address in (f"{DRAFT}/edit", f"{DRAFT}/edit/questions/{the_question('visits').id}"):
        assert "may ask 2 things at once: “regular and good”" in visible(opened(draft, address))
    assert "visits: “regular and good”" in visible(opened(draft, f"{DRAFT}/publish"))
    assert draft.post(f"{DRAFT}/publish").status_code == 302


@pytest.mark.parametrize(
    ("met", "not_met", "why"),
    [
        ("yes", "", "No response counts as not met, so every figure will be 100%"),
        ("", "no", "No response counts as met, so every figure will be 0%"),
    ],
)
def test_a_scale_that_tells_nothing_is_warned_of_and_saved_all_the_same(
    draft: FlaskClient, met: str, not_met: str, why: str
) -> None:
    draft.post(f"{DRAFT}/edit/scale", data={"name": "grade", "met": met, "not_met": not_met, "excluded": ""})
    assert why in visible(opened(draft, f"{DRAFT}/edit"))
    assert f"grade: {why}" in visible(opened(draft, f"{DRAFT}/publish"))
    assert draft.post(f"{DRAFT}/publish").status_code == 302


def test_two_keys_or_a_nameless_response_of_an_older_draft_keep_it_from_being_published(
    draft: FlaskClient,
) -> None:
    add(draft)
    tool = the_tool()
    with transaction():
        tool.sections[0].questions[1].key = "CHILD_SEEN"
        next(row for row in tool.responses if row.scale == "evidence").response = ""
    refused = text_of(draft, f"{DRAFT}/publish")
    assert "the key “CHILD_SEEN” is also the key of section 1, question 1, in another spelling" in refused
    assert "Scale “evidence” has a response without a name" in refused


def test_a_scale_is_added_changed_and_renamed_with_its_questions(draft: FlaskClient) -> None:
    grade = {"name": "grade", "met": "outstanding\r\ngood", "not_met": "inadequate", "excluded": ""}
    draft.post(f"{DRAFT}/edit/scale?kind=grade", data=grade)
    scale = content_of(the_tool()).scale("grade")
    assert scale is not None
    assert scale.responses == (("outstanding", "met"), ("good", "met"), ("inadequate", "not met"))
    assert scale.is_grade
    form = {"name": "on file", "met": "yes", "not_met": "no", "excluded": ""}
    change(draft, f"{DRAFT}/edit/scale?name=evidence", form)
    assert the_question().scale == "on file"
    assert [one.name for one in content_of(the_tool()).scales] == ["grade", "on file"]
    draft.post(f"{DRAFT}/edit/scale/remove?name=grade")
    assert [one.name for one in content_of(the_tool()).scales] == ["on file"]
    refused = text_of(draft, f"{DRAFT}/edit/scale/remove?name=on+file")
    assert "1 question uses the scale “on file”. Give it another scale first." in refused
    assert draft.get(f"{DRAFT}/edit/scale?name=unheard").status_code == 404


def test_the_responses_of_numbers_are_in_every_draft(draft: FlaskClient) -> None:
    draft.post(f"{DRAFT}/edit/scale/remove", query_string={"name": LIMITED.name})
    assert LIMITED.name in {row.scale for row in the_tool().responses}


def test_a_scale_that_is_saved_as_it_was_keeps_its_own_order(draft: FlaskClient) -> None:
    tool = the_tool()
    with transaction():
        for response in [row for row in tool.responses if row.scale == "evidence"]:
            response.position = {"not applicable": 1, "no": 2, "yes": 3}[response.response]
    before = content_of(the_tool()).scales
    form = {"name": "evidence", "met": "yes", "not_met": "no", "excluded": "not applicable"}
    assert change(draft, f"{DRAFT}/edit/scale?name=evidence", form).status_code == 302
    assert content_of(the_tool()).scales == before


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"name": ""}, "Enter the name of the scale"),
        ({"name": "Evidence"}, "This draft already has a scale “Evidence”."),
        ({"met": "", "not_met": ""}, "Enter at least one response"),
        ({"met": "yes\nYes"}, "must be in the list only once"),
        ({"met": "y" * 81}, "80 characters or fewer"),
    ],
)
def test_a_scale_is_refused_with_what_is_wrong(
    draft: FlaskClient, wrong: dict[str, object], said: str
) -> None:
    form: dict[str, object] = {"name": "new", "met": "yes", "not_met": "no", "excluded": ""}
    assert said in text_of(draft, f"{DRAFT}/edit/scale", {**form, **wrong})


def test_of_two_who_change_a_question_at_once_the_later_is_shown_what_the_first_wrote(
    draft: FlaskClient,
) -> None:
    address = f"{DRAFT}/edit/questions/{the_question().id}"
    seen = seen_on(opened(draft, address))
    mine = a_question(text="Mine?", key="child_seen", key_area="Child seen", version=seen)
    change(draft, address, {**mine, "text": "Theirs?"})
    slip = draft.post(address, data={**mine, "key_area": ""})  # a slip does not make the other's words seen
    assert (slip.status_code, seen_on(slip.get_data(as_text=True))) == (422, seen)
    answer = draft.post(address, data=mine)
    page = answer.get_data(as_text=True)
    assert answer.status_code == 409
    assert "Someone changed this while you had the page open" in visible(page)
    assert "Question Theirs? Mine?" in visible(page)
    assert the_question().text == "Theirs?"
    assert draft.post(address, data={**mine, "version": seen_on(page)}).status_code == 302
    assert the_question().text == "Mine?"


def test_of_two_who_change_a_scale_at_once_the_later_is_shown_what_the_first_wrote(
    draft: FlaskClient,
) -> None:
    address = f"{DRAFT}/edit/scale?name=evidence"
    form: dict[str, object] = {"name": "evidence", "met": "yes", "not_met": "no", "excluded": ""}
    seen = seen_on(opened(draft, address))
    change(draft, address, {**form, "met": "found"})
    answer = draft.post(address, data={**form, "version": seen})
    assert answer.status_code == 409
    said = "Responses that count as met found (you did not change this)"
    assert said in visible(answer.get_data(as_text=True))
    again = seen_on(answer.get_data(as_text=True))
    assert draft.post(address, data={**form, "version": again}).status_code == 302

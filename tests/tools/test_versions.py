"""The changes from one version of a tool to the next."""

from dataclasses import replace

import pytest

from app.tools.content import Asked, Content, Part, Scale
from app.tools.versions import Change, changes, is_reworded

EVIDENCE = Scale("evidence", (("yes", "met"), ("no", "not met")))
GRADE = Scale("grade", (("good", "met"), ("adequate", "not met"), ("inadequate", "not met")))


def a_question(key: str, **told: object) -> Asked:
    usual = {"key_area": f"Area of {key}", "text": f"Is there {key}?", "scale": "evidence"}
    return Asked(key=key, **(usual | told))  # type: ignore[arg-type]


SEEN, VIEWS, PLAN, NOTES = (a_question(key) for key in ("seen", "views", "plan", "notes"))


def a_version(*sections: Part, **told: object) -> Content:
    usual = {
        "reference": "cp",
        "version": 1,
        "title": "Case file audit",
        "minimum_answered": 0.8,
        "minimum_count": 10,
        "scales": (EVIDENCE, GRADE),
    }
    return Content(sections=sections, **(usual | told))  # type: ignore[arg-type]


CHILD, WORK = Part("The child", (SEEN, VIEWS)), Part("The work", (PLAN, NOTES))
FIRST = a_version(CHILD, WORK)


def child(*questions: Asked) -> Content:
    return a_version(Part("The child", questions), WORK)


@pytest.mark.parametrize(
    ("after", "found"),
    [
        (a_version(CHILD, WORK, version=2), []),
        (a_version(CHILD, WORK, title="New"), [Change("title changed", None, "Case file audit", "New")]),
        (a_version(CHILD, WORK, minimum_answered=0.7), [Change("minimum share changed", None, "80%", "70%")]),
        (a_version(CHILD, WORK, minimum_count=12), [Change("minimum number changed", None, "10", "12")]),
        (
            a_version(CHILD, WORK, scales=(GRADE, replace(EVIDENCE, responses=(("yes", "met"),)))),
            [Change("scale “evidence” changed", None, "yes (met), no (not met)", "yes (met)")],
        ),
        (
            a_version(CHILD, WORK, scales=(EVIDENCE,)),
            [Change("scale “grade” removed", None, "good (met), adequate (not met), inadequate (not met)")],
        ),
        (child(SEEN), [Change("removed", "views", before="Is there views?")]),
        (child(SEEN, VIEWS, a_question("home")), [Change("added", "home", after="Is there home?")]),
        (
            child(replace(SEEN, text="Was the child seen?"), VIEWS),
            [Change("reworded", "seen", "Is there seen?", "Was the child seen?")],
        ),
        (
            child(replace(SEEN, key_area="Seen alone"), VIEWS),
            [Change("key area renamed", "seen", "Area of seen", "Seen alone")],
        ),
        (
            child(replace(SEEN, scale="grade"), VIEWS),
            [Change("scale changed", "seen", "evidence", "grade")],
        ),
        (
            child(replace(SEEN, expected_level=85), VIEWS),
            [Change("expected level changed", "seen", None, "at least 85% met")],
        ),
        (
            child(replace(SEEN, standard="Act"), VIEWS),
            [Change("standard changed", "seen", None, "Act")],
        ),
        (
            child(replace(SEEN, guidance="Look."), VIEWS),
            [Change("guidance changed", "seen", None, "Look.")],
        ),
        (
            child(replace(SEEN, is_core=True), VIEWS),
            [Change("core changed", "seen", "not a core question", "a core question")],
        ),
    ],
)
def test_each_change_is_told_with_what_was_and_what_is(after: Content, found: list[Change]) -> None:
    assert changes(FIRST, after) == found


def moved(after: Content) -> list[str | None]:
    found = changes(FIRST, after)
    assert {change.what for change in found} <= {"moved"}
    return [change.key for change in found]


def test_a_question_that_changes_its_place_has_moved_and_those_around_it_have_not() -> None:
    last = a_version(Part("The child", (VIEWS,)), Part("The work", (PLAN, NOTES, SEEN)))
    assert moved(last) == ["seen"]
    assert len(moved(a_version(Part("The child", (VIEWS, SEEN)), WORK))) == 1
    assert moved(a_version(Part("The child", (SEEN,)), Part("The work", (VIEWS, PLAN, NOTES)))) == ["views"]


def test_a_section_with_a_new_title_moves_none_of_its_questions() -> None:
    assert moved(a_version(replace(CHILD, title="Child and family"), WORK)) == []


def test_a_new_question_moves_none_of_the_others() -> None:
    found = changes(FIRST, child(a_question("home"), SEEN, VIEWS))
    assert [(change.what, change.key) for change in found] == [("added", "home")]


def test_only_other_words_of_a_question_that_stays_are_a_rewording() -> None:
    assert is_reworded(changes(FIRST, child(replace(SEEN, text="Seen?"), VIEWS)))
    assert not is_reworded(changes(FIRST, child(SEEN, a_question("home"))))

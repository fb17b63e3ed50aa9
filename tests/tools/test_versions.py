"""The changes from one version of a tool to the next."""

from dataclasses import fields, replace

import pytest

from app.tools.conditions import Condition
from app.tools.content import Asked, CallsForResponse, Ceiling, Content, Limit, Part, Scale
from app.tools.saying import FIELDS
from app.tools.versions import Change, changes, is_reworded

EVIDENCE = Scale("evidence", (("yes", "met"), ("no", "not met")))
GRADE = Scale("grade", (("good", "met"), ("adequate", "not met"), ("inadequate", "not met")))

PLACES = Scale("places", (("home", "neither"), ("school", "neither"), ("unknown", "excluded")), several=True)


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
        # all that a version can ask and expect
        (a_version(CHILD, WORK, unit="file"), [Change("unit changed", None, "child’s record", "file")]),
        (a_version(CHILD, WORK, overall="plan"), [Change("overall grade changed", None, None, "plan")]),
        (
            a_version(CHILD, WORK, limits=(Limit(("inadequate",), ("plan",), "adequate"),)),
            [
                Change(
                    "limit of the overall grade added",
                    after="with “inadequate” in “Area of plan”: at most “adequate”",
                )
            ],
        ),
        (
            a_version(CHILD, WORK, scales=(EVIDENCE, replace(GRADE, kind="evidence"))),
            [
                Change(
                    "kind of scale “grade” changed",
                    None,
                    "grade: from best to worst, with a reason for each answer",
                    "evidence: found or not found",
                )
            ],
        ),
        (
            a_version(CHILD, WORK, scales=(EVIDENCE, GRADE, PLACES)),
            [
                Change(
                    "scale “places” added",
                    after="home, school, unknown (left out of the figure) (several in an answer)",
                )
            ],
        ),
        (
            a_version(replace(CHILD, key="child", optional=True), WORK),
            [
                Change("section “The child”: key changed", after="child"),
                Change(
                    "section “The child”: use changed", None, "for every case", "may be set aside for a case"
                ),
            ],
        ),
        (
            a_version(CHILD, replace(WORK, applies_if=Condition("seen", ("no",)))),
            [Change("section “The work”: condition changed", after="only if seen is “no”")],
        ),
        (
            child(SEEN, replace(VIEWS, applies_if=Condition("seen", ("yes", "no")))),
            [Change("condition changed", "views", after="only if seen is “yes” or “no”")],
        ),
        (
            child(SEEN, replace(VIEWS, scale=None, answer="number", unit="visits", met_from=2.5)),
            [
                Change("scale changed", "views", "evidence", None),
                Change("answer changed", "views", None, "a number of visits"),
                Change("limit changed", "views", None, "met from 2.5"),
            ],
        ),
        (
            child(SEEN, replace(VIEWS, at_most=Ceiling(("no",), 10), theme="families", recorded_in="ICS")),
            [
                Change("expected level changed", "views", None, "no more than 10% “no”"),
                Change("theme changed", "views", None, "families"),
                Change("place where it is recorded changed", "views", None, "ICS"),
            ],
        ),
        (
            child(SEEN, replace(VIEWS, per_case=True, calls_for_response=CallsForResponse(("no",), 3))),
            [
                Change("call for a response changed", "views", None, "“no”, within 3 working days"),
                Change(
                    "question for the meeting changed", "views", "asked in each audit", "asked at the meeting"
                ),
            ],
        ),
    ],
)
def test_each_change_is_told_with_what_was_and_what_is(after: Content, found: list[Change]) -> None:
    assert changes(FIRST, after) == found


OTHER: dict[str, object] = {
    "is_core": True,
    "per_case": True,
    "answer": "number",
    "expected_level": 80,
    "met_up_to": 3.0,
    "met_from": 3.0,
    "applies_if": Condition("seen", ("no",)),
    "at_most": Ceiling(("no",), 10),
    "calls_for_response": CallsForResponse(("no",)),
}
"""Values of the fields of a question that are no text, each other than what a plain question has."""


@pytest.mark.parametrize("name", [field.name for field in fields(Asked) if field.name != "key"])
def test_each_field_of_a_question_is_told_where_it_changes(name: str) -> None:
    days = {"answer": "days", "from_label": "A", "to_label": "B", "counted_in": "calendar"}
    before = replace(VIEWS, **days) if name in days.keys() - {"answer"} else VIEWS  # type: ignore[arg-type]
    number = {"answer": "number"} if name == "unit" else {}
    before = replace(before, **number)  # type: ignore[arg-type]
    after = replace(before, **{name: OTHER.get(name, "working")})  # type: ignore[arg-type]
    assert [change.key for change in changes(child(SEEN, before), child(SEEN, after))] == ["views"]
    assert name in FIELDS


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

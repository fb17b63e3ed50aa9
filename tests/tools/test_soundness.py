"""The reasons for which a version of a tool cannot be published, as a table of cases."""

from dataclasses import replace

import pytest

from app.tools.content import Asked, Content, Part, Scale
from app.tools.soundness import Elsewhere, counts_alike, one_sided, refuse_reference, unsound

EVIDENCE = Scale("evidence", (("yes", "met"), ("no", "not met"), ("not applicable", "excluded")))
SEEN = Asked("seen", "Child seen", "Was the child seen?", "evidence")
PLAN = Asked("plan", "Plan", "Is there a plan?", "evidence")
SOUND = Content(
    "cp", 2, "Case file audit", 0.8, 10, (EVIDENCE,), (Part("The child", (SEEN,)), Part("The work", (PLAN,)))
)


def with_scale(*responses: tuple[str, str], name: str = "evidence") -> Content:
    return replace(SOUND, scales=(Scale(name, responses),))


def asking(*questions: Asked) -> Content:
    return replace(SOUND, sections=(Part("The child", questions),))


@pytest.mark.parametrize(
    ("content", "reasons"),
    [
        (SOUND, []),
        (
            replace(SOUND, reference="child protection"),
            [("The reference “child protection” can only have letters, digits, dots and hyphens")],
        ),
        (replace(SOUND, scales=()), ["The list of scales is empty"]),
        (replace(SOUND, sections=()), ["The list of sections is empty"]),
        (replace(SOUND, sections=(SOUND.sections[0], Part("Empty", ()))), ["Section 2 has no questions"]),
        (
            with_scale(("yes", "met"), (" ", "not met")),
            ["Scale “evidence” has a response without a name"],
        ),
        (
            with_scale(("of no use", "excluded")),
            ["Scale “evidence” needs a response that is not left out"],
        ),
        (with_scale(("yes", "met")), []),  # one kind alone is only warned of
        (with_scale(("no", "not met")), []),
        (
            with_scale(("yes", "met"), ("Yes ", "met"), ("no", "not met")),
            ["Scale “evidence”, response “yes”, is there twice, in another spelling"],
        ),
        (
            asking(SEEN, replace(PLAN, key="seen")),
            ["Section 1, question 2: the key “seen” is also the key of section 1, question 1"],
        ),
        (
            replace(SOUND, sections=(SOUND.sections[0], Part("The work", (replace(PLAN, key="Seen"),)))),
            [
                (
                    "Section 2, question 1: the key “Seen” is also the key of section 1, question 1, in "
                    "another spelling"
                )
            ],
        ),
        (
            asking(SEEN, replace(PLAN, scale="evidense")),
            [
                (
                    "Section 1, question 2: the scale “evidense” is not one of the scales: the nearest is "
                    "evidence"
                )
            ],
        ),
    ],
)
def test_each_reason_names_its_place(content: Content, reasons: list[str]) -> None:
    assert [str(reason) for reason in unsound(content)] == reasons


def test_a_scale_has_a_name() -> None:
    found = unsound(replace(SOUND, scales=(EVIDENCE, Scale(" ", EVIDENCE.responses))))
    assert [str(reason) for reason in found] == ["The list of scales has a scale without a name"]


@pytest.mark.parametrize(
    ("reference", "why"),
    [
        ("cp", None),
        ("1.a_B-2", None),
        ("", "can only have letters, digits, dots and hyphens"),
        ("-cp", "can only have letters, digits, dots and hyphens"),
        ("c/p", "can only have letters, digits, dots and hyphens"),
        ("cp ", "can only have letters, digits, dots and hyphens"),
        ("New", "must not be “New”, which the service uses for something else"),
        ("standards", "must not be “standards”, which the service uses for something else"),
    ],
)
def test_a_reference_is_part_of_addresses(reference: str, why: str | None) -> None:
    refusal = refuse_reference(reference)
    assert refusal is None if why is None else str(refusal).startswith(why)


CORE = replace(SEEN, is_core=True)
RENAMED = replace(SEEN, key_area="Voice of the child")
OTHERWISE = Scale("evidence", (("yes", "met"), ("no", "excluded"), ("not found", "not met")))


@pytest.mark.parametrize(
    ("here", "there", "clash"),
    [
        # the same key in another tool: only a core question has to mean the same
        (SEEN, ("other", 1, RENAMED, EVIDENCE), None),
        (SEEN, ("other", 1, replace(RENAMED, is_core=True), EVIDENCE), "its key area there is “Voice of the"),
        (CORE, ("other", 1, RENAMED, EVIDENCE), "its key area there is “Voice of the child”"),
        (CORE, ("other", 1, SEEN, EVIDENCE), None),
        (CORE, ("other", 1, replace(CORE, key_area="CHILD  seen"), EVIDENCE), None),
        (CORE, ("other", 1, CORE, OTHERWISE), "its responses count differently there"),
        (CORE, ("other", 1, replace(RENAMED, key="heard", is_core=True), EVIDENCE), None),
        # an earlier version of its own: what was not core was free to change
        (CORE, ("cp", 1, RENAMED, EVIDENCE), None),
        (CORE, ("cp", 1, replace(RENAMED, is_core=True), EVIDENCE), "its key area there is"),
        (SEEN, ("cp", 1, replace(RENAMED, is_core=True), EVIDENCE), "its key area there is"),
        # the version itself, as it was published before
        (CORE, ("cp", 2, replace(RENAMED, is_core=True), EVIDENCE), None),
        (CORE, ("other", 2, replace(RENAMED, is_core=True), EVIDENCE), "its key area there is"),
    ],
)
def test_a_core_question_keeps_its_meaning(
    here: Asked, there: tuple[str, int, Asked, Scale], clash: str | None
) -> None:
    found = [str(reason) for reason in unsound(asking(here), [Elsewhere(*there)])]
    assert len(found) == (clash is not None)
    if clash:
        assert found[0].startswith("Section 1, question 1: the key “seen” is a core question, so it must be")
        assert f"the same in {there[0]} version {there[1]}, but {clash}" in found[0]


def test_of_several_clashes_only_the_real_one_is_told() -> None:
    alike = Elsewhere("alike", 1, CORE, EVIDENCE)
    other = Elsewhere("other", 1, replace(RENAMED, is_core=True), EVIDENCE)
    found = [str(reason) for reason in unsound(asking(CORE), [alike, other])]
    assert len(found) == 1
    assert "must be the same in other version 1" in found[0]


@pytest.mark.parametrize(
    ("responses", "alike"),
    [
        (EVIDENCE.responses, True),
        ((("found", "met"), ("not found", "not met")), True),  # other names, as many of each
        ((("yes", "met"), ("no", "not met"), ("partly", "not met")), False),
        ((("yes", "met"), ("partly", "met"), ("no", "not met")), False),
        ((("NO", "met"), ("yes", "not met")), False),  # the same response counts differently
        ((("yes", "met"), ("not applicable", "not met")), False),
    ],
)
def test_scales_count_alike_where_figures_mean_the_same(
    responses: tuple[tuple[str, str], ...], alike: bool
) -> None:
    other = Scale("other", responses)
    assert counts_alike(EVIDENCE, other) is alike
    assert counts_alike(other, EVIDENCE) is alike


@pytest.mark.parametrize(
    ("responses", "warning"),
    [
        (EVIDENCE.responses, None),
        ((("yes", "met"), ("not applicable", "excluded")), "every figure will be 100%"),
        ((("no", "not met"),), "every figure will be 0%"),
        ((("of no use", "excluded"),), None),  # that is refused, not warned of
    ],
)
def test_a_scale_of_one_kind_is_warned_of(
    responses: tuple[tuple[str, str], ...], warning: str | None
) -> None:
    said = one_sided(Scale("evidence", responses))
    assert said is None if warning is None else str(said).endswith(warning)


@pytest.mark.parametrize(
    ("responses", "is_grade"),
    [
        (EVIDENCE.responses, False),  # what is not applicable is no counted response
        ((*EVIDENCE.responses, ("partly", "not met")), True),
    ],
)
def test_a_scale_of_more_than_two_counted_responses_is_a_judgement(
    responses: tuple[tuple[str, str], ...], is_grade: bool
) -> None:
    assert Scale("evidence", responses).is_grade is is_grade

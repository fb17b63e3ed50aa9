"""The words for what a figure is a share of, and for what the key areas below half have in common."""

import pytest

from app.findings.met_words import AT_LEAST, FEWER, half_in_words, in_so_many, met_as, met_words
from app.findings.themes import theme_below_half
from app.tools.content import Scale

EVIDENCE = Scale("evidence", (("yes", "met"), ("partly", "met"), ("no", "not met")), "evidence")
GRADES = Scale(
    "grades",
    (("outstanding", "met"), ("good", "met"), ("adequate", "not met"), ("n/a", "excluded")),
)
OF_ONE = Scale("grades", (("good", "met"), ("adequate", "not met"), ("inadequate", "not met")))
PROFESSIONS = Scale("who", (("consultant", "neither"), ("nurse", "neither")))
GRADED = "graded outstanding or good"


@pytest.mark.parametrize(
    ("scale", "kind", "words"),
    [
        (EVIDENCE, "evidence", "evidence found"),
        (GRADES, "grade", GRADED),
        (OF_ONE, "grade", "graded good"),
        # no response of a category is a grade, or is met
        (PROFESSIONS, "category", ""),
        (EVIDENCE, "number", "within the limit"),
        (EVIDENCE, "days", "within the limit"),
    ],
)
def test_each_kind_has_its_own_words(scale: Scale, kind: str, words: str) -> None:
    assert met_words(kind, met_as(scale)) == words


def test_a_grade_of_which_no_response_is_known_is_not_called_evidence() -> None:
    assert met_words("grade", ()) == "graded as met"


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ("evidence found", "found in 15 of 25 cases"),
        (GRADED, f"{GRADED} in 15 of 25 cases"),
        ("within the limit", "within the limit in 15 of 25 cases"),
    ],
)
def test_a_share_is_told_with_its_words(words: str, said: str) -> None:
    assert in_so_many(words, "15 of 25 cases") == said


@pytest.mark.parametrize(
    ("words", "fewer", "at_least"),
    [
        (
            ["evidence found", "evidence found"],
            "evidence was found in fewer than half of these cases",
            "evidence was found in at least half of these cases",
        ),
        (
            [GRADED],
            f"fewer than half of these cases were {GRADED}",
            f"at least half of these cases were {GRADED}",
        ),
        # figures of several kinds have no words in common
        (["evidence found", GRADED], "the figure is below half", "the figure is half or more"),
        ([GRADED, "graded good"], "the figure is below half", "the figure is half or more"),
    ],
)
def test_a_half_is_told_of_what_the_figures_are_shares_of(
    words: list[str], fewer: str, at_least: str
) -> None:
    assert half_in_words(words, FEWER, "these cases") == fewer
    assert half_in_words(words, AT_LEAST, "these cases") == at_least


@pytest.mark.parametrize(
    ("themes", "said"),
    [
        # the first cycle: complaints information, and involvement at initial assessment
        (["families", "families"], "Both areas below half are about families."),
        (["families", "families", "plans"], None),
        (["families", "families", None], None),
        (["families", "families", "families"], "All 3 areas below half are about families."),
        (["families", "Families"], "Both areas below half are about families."),
        (["families"], None),
        ([None, None], None),
        ([None, "families"], None),
        (["", ""], None),
        ([], None),
    ],
)
def test_the_theme_is_told_where_all_areas_below_half_share_it(
    themes: list[str | None], said: str | None
) -> None:
    assert theme_below_half(themes) == said

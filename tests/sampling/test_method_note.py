"""The note in a report on how cases were chosen."""

from datetime import date

import pytest

from app.audits.selection import Selection
from app.sampling.method_note import BY_HAND, DrawFacts, MethodFacts, method_note

LISTED, DRAWN = {"Crewe": 90, "Nantwich": 60, "Wilmslow": 30}, {"Crewe": 15, "Nantwich": 10, "Wilmslow": 5}


def facts(method: Selection, population: int | None = 180, **more: object) -> MethodFacts:
    """A draw of 30 of 180 cases."""
    given: dict[str, object] = {
        "listed": LISTED,
        "drawn": DRAWN,
        "replaced": {},
        "left_out": {},
        **more,
    }
    return MethodFacts(method, population, 4, DrawFacts(method, 42, date(2011, 1, 4), **given))  # type: ignore[arg-type]


def test_a_stratified_draw_is_told_with_its_list_seed_and_teams() -> None:
    assert method_note(facts(Selection.STRATIFIED)) == [
        (
            "30 of 180 cases were drawn at random on 4 January 2011, from each team in proportion to its "
            "cases. The draw can be repeated with the seed 42."
        ),
        "The list included every case that could have been chosen.",
        "By team: Crewe 15 of 90, Nantwich 10 of 60, Wilmslow 5 of 30.",
    ]


def test_a_list_that_is_not_said_to_be_whole_is_told() -> None:
    assert "It is not stated if the list included every case that could have been chosen." in method_note(
        facts(Selection.RANDOM, population=None)
    )


def test_numbers_by_team_are_not_told_where_one_is_small() -> None:
    """The number of cases of a team would give away what a breakdown by team hides."""
    drawn = {"Crewe": 15, "Nantwich": 11, "Wilmslow": 4}
    note = " ".join(method_note(facts(Selection.RANDOM, drawn=drawn)))
    assert (
        "The cases belong to 3 teams. Counts for each team are hidden to protect privacy, because some are "
        "small."
    ) in note
    assert "Nantwich" not in note


def test_replacements_are_counted_by_reason() -> None:
    note = method_note(
        facts(
            Selection.STRATIFIED,
            replaced={"record cannot be opened": 1, "case closed or transferred": 2},
            left_out={"other": 1},
        )
    )
    assert note[-2:] == [
        (
            "3 drawn cases could not be audited and were replaced by the next case of the same team: case "
            "closed or transferred (2), record cannot be opened (1)."
        ),
        "1 case could not be audited and was not replaced: other (1).",
    ]


def test_reasons_that_are_as_frequent_stand_by_their_names() -> None:
    note = method_note(facts(Selection.RANDOM, left_out={"record cannot be opened": 1, "other": 1}))
    assert note[-1].endswith("and were not replaced: other (1), record cannot be opened (1).")


@pytest.mark.parametrize(
    ("number", "said"),
    [
        (1, "1 audit was requested for cases that were not drawn. Its answers count in the figures."),
        (2, "2 audits were requested for cases that were not drawn. Their answers count in the figures."),
    ],
)
def test_audits_of_cases_that_were_not_drawn_are_told(number: int, said: str) -> None:
    assert method_note(facts(Selection.RANDOM, requested_otherwise=number))[-1] == said


@pytest.mark.parametrize(
    ("listed", "drawn", "said"),
    [
        ({"Crewe": 180}, {"Crewe": 30}, None),  # one team is no division
        ({"Crewe": 90, "Wilmslow": 90}, {"Crewe": 14, "Wilmslow": 16}, "Crewe 14 of 90, Wilmslow 16 of 90"),
        ({"Crewe": 90, "Wilmslow": 90}, {"Crewe": 30}, "Crewe 30 of 90, Wilmslow 0 of 90"),
    ],
)
def test_a_draw_of_several_teams_is_told_by_team(
    listed: dict[str, int], drawn: dict[str, int], said: str | None
) -> None:
    note = method_note(facts(Selection.RANDOM, listed=listed, drawn=drawn))
    told = [line for line in note if line.startswith("By team")]
    assert told == ([] if said is None else [f"By team: {said}."])


@pytest.mark.parametrize(
    ("listed", "drawn", "told"),
    [
        # 6 of 180 is exactly 1 of 30
        (
            {"Crewe": 150, "Nantwich": 24, "Wilmslow": 6},
            {"Crewe": 25, "Nantwich": 4, "Wilmslow": 1},
            False,
        ),
        (
            {"Crewe": 151, "Nantwich": 24, "Wilmslow": 5},
            {"Crewe": 25, "Nantwich": 4, "Wilmslow": 1},
            True,
        ),
        ({"Crewe": 176, "Wilmslow": 4}, {"Crewe": 1, "Wilmslow": 1}, True),  # one case to each team
        ({"Crewe": 176, "Wilmslow": 4}, {"Crewe": 1, "Wilmslow": 0}, False),  # too few for every team
    ],
)
def test_small_teams_weigh_more_where_their_share_was_below_one_case(
    listed: dict[str, int], drawn: dict[str, int], told: bool
) -> None:
    note = method_note(facts(Selection.STRATIFIED, listed=listed, drawn=drawn))
    assert any(line.startswith("Every small team has at least 1 case") for line in note) is told


def test_small_teams_that_got_more_than_their_share_are_told() -> None:
    note = method_note(
        facts(Selection.STRATIFIED, listed={"Crewe": 176, "Wilmslow": 4}, drawn={"Crewe": 29, "Wilmslow": 1})
    )
    assert "Every small team has at least 1 case, so small teams count for more than their share." in note


@pytest.mark.parametrize(("method", "told"), [(Selection.STRATIFIED, True), (Selection.RANDOM, False)])
def test_a_draw_by_team_that_takes_no_case_of_a_team_says_so_and_not_of_which(
    method: Selection, told: bool
) -> None:
    note = method_note(facts(method, drawn={"Crewe": 1, "Nantwich": 1, "Wilmslow": 0}))
    said = "No case was drawn from 1 of 3 teams, because there were more teams than cases to draw."
    assert (said in note) is told
    assert "Wilmslow" not in " ".join(note)


def test_an_earlier_draw_is_told() -> None:
    assert "2 earlier draws for this cycle were set aside before any audit was requested." in method_note(
        facts(Selection.RANDOM, before=2)
    )


def test_hand_picked_cases_carry_their_caution_and_no_seed() -> None:
    note = method_note(facts(Selection.HAND_PICKED, population=None))
    assert note[0] == "180 cases were hand-picked on 4 January 2011."
    assert note[-1] == BY_HAND
    assert "42" not in " ".join(note)


def test_a_whole_population_has_no_interval() -> None:
    note = method_note(facts(Selection.WHOLE_POPULATION))
    assert note[0] == "All cases were selected for audit: 180 cases, listed on 4 January 2011."
    assert note[-1] == "No sample was drawn, so the figures have no interval."


@pytest.mark.parametrize(
    ("method", "said"),
    [
        (Selection.RANDOM, "There were 180 cases to choose from."),
        (Selection.HAND_PICKED, "There were 180 cases to choose from."),
        (Selection.WHOLE_POPULATION, "There were 180 cases."),
    ],
)
def test_the_number_of_cases_to_choose_from_is_said_where_there_was_a_choice(
    method: Selection, said: str
) -> None:
    assert method_note(MethodFacts(method, 180, 4))[1] == said


@pytest.mark.parametrize(
    ("method", "population", "first"),
    [
        (None, None, "How the cases were chosen is not stated, so it is not known if the figures"),
        (Selection.RANDOM, 180, "The cases were drawn at random."),
        (Selection.STRATIFIED, None, "The cases were drawn at random within each team."),
        (Selection.HAND_PICKED, None, "The cases were hand-picked."),
        (Selection.WHOLE_POPULATION, 180, "All cases on the theme were selected for audit."),
    ],
)
def test_without_a_draw_the_note_says_what_is_stated(
    method: Selection | None, population: int | None, first: str
) -> None:
    note = method_note(MethodFacts(method, population, 4))
    assert note[0].startswith(first)
    assert ("180" in " ".join(note)) == (population is not None)

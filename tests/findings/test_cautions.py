"""The cautions that write themselves."""

from typing import Any

import pytest

from app.audits.returns import Returns
from app.findings.cautions import Facts, cautions, how_it_was_done
from app.findings.figures import Counts, Minimum, Sample, figure

ALL = Returns(requested=26, returned=26)
FIRST = Returns(requested=29, returned=26, not_returned=3)


def facts(*areas: tuple[str, Counts], returns: Returns = ALL, **further: Any) -> Facts:
    told = [(name, figure(counts, Minimum(0.8, 10), Sample())) for name, counts in areas]
    known = {"selection": "random", "comparable_with": "2009-1"}
    return Facts(returns=returns, areas=told, **(known | further))


FULL = ("Child seen", Counts(13, 13))


def test_a_cycle_of_which_nothing_is_to_be_said_has_no_cautions() -> None:
    assert cautions(facts(FULL)) == []
    assert how_it_was_done(facts(FULL)) == []


@pytest.mark.parametrize(
    ("further", "said"),
    [
        (
            {"selection": None},
            (
                "It is not known how the cases were chosen. The ranges are correct only if the cases were "
                "chosen at random."
            ),
        ),
        (
            {"selection": "hand-picked"},
            "The cases were hand-picked, so the figures describe these cases only.",
        ),
        (
            {"selection": "whole population"},
            "All cases were due to be audited, so the figures have no ranges.",
        ),
        ({"population": 26}, None),
        (
            {"population": 25},
            (
                "26 audits were requested, but there were only 25 cases to choose from. One of these numbers "
                "is wrong. The ranges do not take the number of cases into account."
            ),
        ),
        (
            {"comparable_with": None},
            (
                "This is the first cycle in this service, so it is the baseline. The figures do not show "
                "whether practice got better or worse."
            ),
        ),
        (
            {"comparable_with": None, "earlier": True},
            (
                "No earlier cycle has been declared comparable, so the figures do not show whether practice "
                "got better or worse."
            ),
        ),
        (
            {"hides_something": True},
            (
                "Counts under 5 are hidden to protect privacy in results by place, team or context. "
                "Other counts are hidden too if small counts could be worked out from them."
            ),
        ),
        (
            {"hides_something": True, "hide_up_to": 1},
            (
                "Counts of 1 are hidden to protect privacy in results by place, team or context. "
                "Other counts are hidden too if small counts could be worked out from them."
            ),
        ),
        (
            {"several_returns": "12 returns about 2 cases"},
            "There are 12 returns about 2 cases, so figures that count all returns have no ranges.",
        ),
        # a file of grades alone says nothing of their reasons
        ({"judgements": 1, "no_reason": 1}, None),
        ({"judgements": 1, "no_reason": 1, "returned_here": 1}, "No reason is given for 1 of 1 grade."),
        ({"judgements": 50, "no_reason": 1}, "No reason is given for 1 of 50 grades."),
        ({"judgements": 2500, "no_reason": 1033}, "No reason is given for 1,033 of 2,500 grades."),
        (
            {"judgements": 120, "no_reason": 120, "returned_here": 1},
            "No reason is given for any of the 120 grades.",
        ),
        # had the other three all been met, or none of them, 13 of 26 would be 16 or 13 of 29
        (
            {"returns": FIRST},
            (
                "26 of 29 audits (90%) were returned. The other 3 could change a figure by up to "
                "6 percentage points."
            ),
        ),
        (
            {"returns": Returns(requested=27, returned=26)},
            (
                "26 of 27 audits (96%) were returned. The other one could change a figure by up to "
                "2 percentage points."
            ),
        ),
        # 13 of 26 is half, and 26 of 52 or 39 of 52 had all the others come back: exactly a quarter
        (
            {"returns": Returns(requested=52, returned=26)},
            (
                "26 of 52 audits (50%) were returned. The other 26 could change a figure by up to "
                "25 percentage points."
            ),
        ),
    ],
)
def test_a_caution_follows_from_each_fact_alone(further: dict[str, Any], said: str | None) -> None:
    assert cautions(facts(FULL, **further)) == ([said] if said else [])


def test_more_audits_than_cases_are_told_without_ranges_where_there_are_none() -> None:
    told = cautions(facts(FULL, selection="hand-picked", population=1))
    assert told[1] == (
        "26 audits were requested, but there was only 1 case to choose from. One of these numbers is wrong."
    )
    withdrawn = Returns(requested=28, returned=26, withdrawn=2)
    assert cautions(facts(FULL, returns=withdrawn, population=26)) == []


@pytest.mark.parametrize(
    ("further", "said"),
    [
        (
            {"unconfirmed": 1},
            "1 audit has not been confirmed by the second auditor. This does not change any figures.",
        ),
        (
            {"overridden": 2},
            (
                "2 audits were done by an auditor who is not independent of the case. The coordinator gave a "
                "reason."
            ),
        ),
        (
            {"overridden": 2, "overrides": {"own team": 1, "conflict": 1}},
            (
                "2 audits were done by an auditor who is not independent of the case (own team: 1, conflict: "
                "1). The coordinator gave a reason."
            ),
        ),
        ({"self_assessment": True}, "This is a self-assessment: those audited assessed themselves."),
        ({"on_paper": 1}, "1 form was filled in on paper and typed in."),
        ({"on_paper": 3}, "3 forms were filled in on paper and typed in."),
        ({"moderated": 4}, "4 of 26 audits were moderated. No grades were changed."),
        ({"moderated": 4, "changed": 1}, "4 of 26 audits were moderated. A grade was changed in 1 audit."),
    ],
)
def test_how_it_was_done_counts_what_was_not_as_usual(further: dict[str, Any], said: str) -> None:
    assert how_it_was_done(facts(FULL, **further)) == [said]


def test_blanks_and_areas_without_a_figure_are_told() -> None:
    told = cautions(facts(FULL, ("Gatekeeping", Counts(5, 4, 0, 17))))
    assert told == [
        "Result not shown for “Gatekeeping”: too few answers.",
        "Auditors left 17 of 52 answers blank. A blank does not count as a “no”.",
    ]
    missing = cautions(facts(("Gatekeeping", Counts(0, 1)), returns=Returns(2, 1)))
    assert missing[0] == "1 of 2 audits (50%) was returned."
    one = cautions(facts(("Gatekeeping", Counts(0, 0, 0, 1)), returns=Returns(1, 1)))
    assert one[-1] == "Auditors left 1 of 1 answer blank. A blank does not count as a “no”."
    three = cautions(facts(*((f"Area {n}", Counts(1, 1, 24, 0)) for n in range(3))))
    assert three == ["Results not shown for “Area 0”, “Area 1”, “Area 2”: too few answers."]
    many = cautions(facts(*((f"Area {n}", Counts(1, 1, 24, 0)) for n in range(4))))
    assert many == ["Results are not shown for any of the 4 key areas: too few answers."]


def test_what_is_missing_could_move_the_figure_with_fewest_answers_most() -> None:
    told = cautions(facts(FULL, ("Supervision", Counts(16, 7, 0, 3)), returns=FIRST))
    # 16 of 23 is 69.6%; with three more not met 16 of 26 is 61.5%
    assert told[0].endswith("by up to 9 percentage points.")
    without_figure = cautions(facts(("Gatekeeping", Counts(5, 4, 0, 17)), returns=FIRST))
    assert without_figure[0] == "26 of 29 audits (90%) were returned."


def test_withdrawn_audits_are_not_missing() -> None:
    assert cautions(facts(FULL, returns=Returns(requested=28, returned=26, withdrawn=2))) == []


def test_without_returns_there_is_nothing_to_say() -> None:
    none = Returns(requested=3)
    assert cautions(facts(returns=none)) == ["No returned audits count yet, so there are no figures."]


@pytest.mark.parametrize(
    ("selection", "said"),
    [
        (None, "It is not known how the cases were chosen."),
        ("whole population", "All cases were due to be audited."),
    ],
)
def test_nothing_is_said_of_ranges_that_several_returns_about_one_case_rule_out(
    selection: str | None, said: str
) -> None:
    told = cautions(facts(FULL, selection=selection, several_returns="12 returns about 2 cases"))
    assert told == [
        "There are 12 returns about 2 cases, so figures that count all returns have no ranges.",
        said,
    ]


def test_a_population_is_compared_with_the_cases_and_not_with_their_audits() -> None:

    def told(population: int) -> list[str]:
        several = "26 returns about 13 cases"
        return cautions(facts(FULL, several_returns=several, population=population, cases_asked=13))

    assert len(told(13)) == 1
    assert told(12)[1] == (
        "Audits of 13 cases were requested, but there were only 12 cases to choose from. One of these "
        "numbers is wrong."
    )

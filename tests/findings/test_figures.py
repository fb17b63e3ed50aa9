"""The figure of a key area: its words, when there is none, its interval."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.audits.selection import Selection
from app.findings.figures import HALF, Counts, Figure, Minimum, Sample, figure, sample_of

USUAL = Minimum(answered=0.8, count=10)


def a_figure(
    met: int, not_met: int, not_applicable: int = 0, not_answered: int = 0, sample: Sample | None = None
) -> Figure:
    return figure(Counts(met, not_met, not_applicable, not_answered), USUAL, sample or Sample())


@pytest.mark.parametrize(
    ("met", "not_met", "not_applicable", "not_answered", "said", "percent", "interval"),
    [
        (15, 10, 0, 1, "15 of 25 (60%)", 60, "41% to 77%"),
        (13, 13, 0, 0, "13 of 26 (50%)", 50, "32% to 68%"),
        (12, 13, 1, 0, "12 of 25 (48%)", 48, "30% to 67%"),
        (16, 7, 2, 1, "16 of 23 (70%)", 70, "49% to 84%"),
        (0, 12, 0, 0, "0 of 12 (0%)", 0, "0% to 24%"),
        (12, 0, 0, 0, "12 of 12 (100%)", 100, "76% to 100%"),
        (5, 35, 0, 0, "5 of 40 (13%)", 13, "5% to 26%"),  # 12.5 is half up
        (1, 199, 0, 0, "1 of 200 (1%)", 1, "0% to 3%"),
    ],
)
def test_a_figure_is_said_with_its_counts_and_its_interval(
    met: int, not_met: int, not_applicable: int, not_answered: int, said: str, percent: int, interval: str
) -> None:
    found = a_figure(met, not_met, not_applicable, not_answered)
    assert str(found) == said
    assert (found.percent, str(found.interval), found.why_no_figure) == (percent, interval, None)


@pytest.mark.parametrize(
    ("counts", "minimum", "why_not"),
    [
        (Counts(4, 5, 0, 17), USUAL, "answered in 9 of 26 audits where it applied"),
        (Counts(10, 10, 1, 5), USUAL, None),  # 20 of 25 is four fifths
        (Counts(10, 9, 1, 5), USUAL, "answered in 19 of 24 audits where it applied"),
        (Counts(5, 5, 16, 0), USUAL, None),  # 10 is enough
        (Counts(5, 4, 17, 0), USUAL, "answered in 9 of 9 audits where it applied"),
        (Counts(5, 5, 0, 2), Minimum(0.9, 10), "answered in 10 of 12 audits where it applied"),
        (Counts(5, 4, 0, 0), Minimum(0.8, 5), None),
        (Counts(1, 0, 0, 9), Minimum(0, 1), None),
        (Counts(0, 0, 0, 9), Minimum(0, 0), "answered in 0 of 9 audits where it applied"),
        (Counts(0, 0, 0, 1), USUAL, "answered in 0 of 1 audit where it applied"),
        (Counts(0, 0, 26, 0), USUAL, "not applicable in 26 audits"),
        (Counts(), USUAL, "no returned audit counts yet"),
    ],
)
def test_too_few_answers_give_no_figure_and_say_why(
    counts: Counts, minimum: Minimum, why_not: str | None
) -> None:
    found = figure(counts, minimum, Sample())
    assert found.why_no_figure == why_not
    assert (found.percent is None) == (why_not is not None)
    assert (found.interval is None) == (why_not is not None)


def test_without_a_figure_the_counts_are_still_given() -> None:
    found = a_figure(4, 5, not_answered=17)
    assert str(found) == "4 of 9"
    assert found.counts == Counts(4, 5, 0, 17)


@pytest.mark.parametrize(
    ("selection", "population", "interval"),
    [
        (None, None, "41% to 77%"),  # the caution says that the method is not known
        (None, 180, "41% to 77%"),
        ("random", None, "41% to 77%"),
        ("random", 180, "42% to 76%"),
        ("random", 25, None),  # every case there is was answered
        ("random", 20, "41% to 77%"),  # fewer than were audited cannot be right
        ("stratified", 180, "41% to 77%"),
        ("hand-picked", 180, None),
        ("whole population", 25, None),
        ("whole population", None, None),
    ],
)
def test_an_interval_is_shown_only_where_chance_chose_the_cases(
    selection: str | None, population: int | None, interval: str | None
) -> None:
    found = a_figure(15, 10, sample=Sample(selection, population))
    assert found.interval is None if interval is None else str(found.interval) == interval
    assert found.percent == 60


@pytest.mark.parametrize(
    ("stated", "counted"),
    [
        (None, None),
        (180, 180),
        (26, 26),  # all of them were audited
        (25, None),  # fewer than were audited cannot be right
    ],
)
def test_a_population_smaller_than_the_audits_counts_as_not_stated(
    stated: int | None, counted: int | None
) -> None:
    assert sample_of("random", stated, cases=26) == Sample("random", counted)


@pytest.mark.parametrize(
    ("met", "not_met", "level", "below"),
    [
        (13, 13, HALF, False),
        (12, 13, HALF, True),
        (99, 100, HALF, True),  # 49.7, shown as 50%
        (100, 99, HALF, False),
        (16, 7, 70, True),  # 69.6, shown as 70%
        (1, 4, HALF, False),  # no figure
    ],
)
def test_below_is_strict_and_compares_before_rounding(
    met: int, not_met: int, level: int, below: bool
) -> None:
    assert a_figure(met, not_met).is_below(level) is below


def test_a_blank_is_never_a_no() -> None:
    assert a_figure(12, 8, not_answered=5).percent == a_figure(12, 8).percent == 60


@given(*[st.integers(0, 40)] * 5)
def test_every_audit_that_counts_is_in_one_of_the_five(
    met: int, not_met: int, not_applicable: int, not_answered: int, neither: int
) -> None:
    counts = Counts(met, not_met, not_applicable, not_answered, neither)
    assert counts.audits == met + not_met + not_applicable + not_answered + neither
    assert counts.applicable == counts.answered + not_answered == counts.audits - not_applicable


@given(*[st.integers(0, 40)] * 4)
def test_a_figure_or_the_reason_why_there_is_none(
    met: int, not_met: int, not_applicable: int, not_answered: int
) -> None:
    found = a_figure(met, not_met, not_applicable, not_answered)
    assert (found.percent is None) == (found.why_no_figure is not None)
    if found.percent is not None:
        # whole per cents are never further off than half, and a half goes up
        assert 2 * (100 * met / (met + not_met) - found.percent) >= -1 - 1e-9
        assert 2 * (100 * met / (met + not_met) - found.percent) < 1


@pytest.mark.parametrize("selection", [*Selection, None])
def test_several_returns_about_one_case_have_no_interval(selection: str | None) -> None:
    counts = Counts(met=15, not_met=10)
    assert figure(counts, USUAL, Sample(selection, 180, has_several_returns=True)).interval is None
    assert figure(counts, USUAL, Sample(selection, 180, has_several_returns=True)).percent == 60


@pytest.mark.parametrize(
    ("counts", "minimum", "said"),
    [
        (Counts(1, 0), USUAL, "answered in 1 of 1 audit where it applied, fewer than 10 answers"),
        (Counts(5, 4), USUAL, "answered in 9 of 9 audits where it applied, fewer than 10 answers"),
        (Counts(0, 0), Minimum(0, 1), "no returned audit counts yet"),
        (
            Counts(0, 0, 0, 9),
            Minimum(0, 1),
            "answered in 0 of 9 audits where it applied, fewer than 1 answer",
        ),
        # the audits that did not answer are the reason
        (Counts(5, 4, 0, 17), USUAL, "answered in 9 of 26 audits where it applied"),
        (Counts(10, 10, 0, 20), USUAL, "answered in 20 of 40 audits where it applied"),
        (Counts(0, 0, 26, 0), USUAL, "not applicable in 26 audits"),
        (Counts(5, 5), USUAL, None),
    ],
)
def test_where_the_fewest_answers_are_the_reason_readers_are_told(
    counts: Counts, minimum: Minimum, said: str | None
) -> None:
    shown = figure(counts, minimum, Sample())
    assert shown.why_in_words == said
    assert (shown.why_no_figure or "") == (said or "").partition(", fewer")[0]

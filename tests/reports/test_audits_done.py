"""The sentences on how audits were done, each by itself."""

from typing import Any

import pytest

from app.audits.returns import Returns
from app.reports.audits_done import cautions, method, of_answers, returned, who
from app.reports.facts import Auditors, Material, Work
from app.reports.paper import Paragraph, Part
from tests.reports.cases import a_cycle, a_material, an_area, the_findings

HEAD, CHAIR = "Group Manager", "Independent Chair"


def a_return(returns: Returns, *, is_open: bool = False, **more: Any) -> Material:
    told = {key: more.pop(key) for key in ("reasons", "cut_off_on", "method", "cautions") if key in more}
    findings = the_findings(an_area("Child seen"), returns=returns, **told)
    return a_material(findings=findings, cycle=a_cycle(None) if is_open else a_cycle(), **more)


def text(parts: list[Part]) -> str:
    lines: list[str] = []
    for part in parts:
        lines += [part.text] if isinstance(part, Paragraph) else getattr(part, "items", ())
    return " ".join(lines)


def test_without_a_request_there_is_nothing_to_count() -> None:
    assert text(returned(a_return(Returns()), with_reasons=True)) == "No audits have been requested yet."


CUT_OFF = "17 December 2010"


@pytest.mark.parametrize(
    ("returns", "is_open", "said"),
    [
        (
            Returns(26, 26),
            False,
            (
                f"All 26 audits requested were returned by the cut-off date, {CUT_OFF}. "
                "None of the 26 were returned by their first due date."
            ),
        ),
        (
            Returns(1, 1),
            False,
            (
                f"1 audit was requested. 1 of 1 (100%) was returned by the cut-off date, {CUT_OFF}. It was "
                "returned after its first due date."
            ),
        ),
        (
            Returns(3, 1),
            True,
            (
                "3 audits were requested. 1 of 3 (33%) was returned by 22 December 2010. It was "
                "returned after its first due date. 2 are still to be returned."
            ),
        ),
        (
            Returns(3, 2),
            True,
            (
                "3 audits were requested. 2 of 3 (67%) were returned by 22 December 2010. None of the "
                "2 were returned by their first due date. 1 is still to be returned."
            ),
        ),
        (
            Returns(3, 0, withdrawn=1),
            True,
            (
                "3 audits were requested. 0 of 3 (0%) were returned by 22 December 2010. 2 are still "
                "to be returned. 1 was withdrawn."
            ),
        ),
        (
            Returns(3, 0, withdrawn=2),
            True,
            (
                "3 audits were requested. 0 of 3 (0%) were returned by 22 December 2010. 1 is still "
                "to be returned. 2 were withdrawn."
            ),
        ),
    ],
)
def test_what_came_back_is_counted(returns: Returns, is_open: bool, said: str) -> None:
    assert text(returned(a_return(returns, is_open=is_open), with_reasons=True)) == said


@pytest.mark.parametrize(
    ("in_time", "of", "said"),
    [
        (0, 1, "It was returned after its first due date."),
        (1, 1, "It was returned by its first due date."),
        (0, 2, "None of the 2 were returned by their first due date."),
        (1, 2, "1 of the 2 was returned by their first due date."),
        (2, 2, "Both were returned by their first due date."),
        (2400, 2600, "2,400 of the 2,600 were returned by their first due date."),
    ],
)
def test_those_in_time_are_counted_against_the_first_due_day(in_time: int, of: int, said: str) -> None:
    parts = returned(a_return(Returns(of, of), work=Work(in_time=in_time)), with_reasons=True)
    assert text(parts).endswith(said)


BY_HAND = "followed up by phone, email or in person"
NO_CHASE = "No phone call or other follow-up of them by a person is recorded."
UNCHASED = Work(could_be_chased=True)


@pytest.mark.parametrize(
    ("returns", "work", "said"),
    [
        # of audits that files brought, nobody knows whether they were chased
        (Returns(2, 1, 1), Work(), "1 audit was not returned."),
        (
            Returns(2, 1, 1),
            UNCHASED,
            "1 audit was not returned. No phone call or other follow-up of it by a person is recorded.",
        ),
        (Returns(4, 1, 3), UNCHASED, f"3 audits were not returned. {NO_CHASE}"),
        (
            Returns(4, 1, 3, after_cut_off=1),
            UNCHASED,
            "3 audits were not returned. 1 of them was returned after the cut-off date and is not in "
            "any figures. " + NO_CHASE,
        ),
        (
            Returns(4, 1, 3, after_cut_off=2),
            UNCHASED,
            "3 audits were not returned. 2 of them were returned after the cut-off date and are not "
            "in any figures. " + NO_CHASE,
        ),
        (
            Returns(2, 1, 1),
            Work(chased=1, contacts=1),
            f"1 audit was not returned. It was {BY_HAND}, once.",
        ),
        (
            Returns(2, 1, 1),
            Work(chased=1, contacts=2),
            f"1 audit was not returned. It was {BY_HAND}, 2 times in total.",
        ),
        (
            Returns(4, 1, 3),
            Work(chased=1, contacts=1),
            f"3 audits were not returned. 1 of the 3 was {BY_HAND}, once.",
        ),
        (
            Returns(4, 1, 3),
            Work(chased=2, contacts=5),
            f"3 audits were not returned. 2 of the 3 were {BY_HAND}, 5 times in total.",
        ),
        (
            Returns(4, 1, 3),
            Work(chased=3, contacts=3),
            f"3 audits were not returned. All 3 were {BY_HAND}, 3 times in total.",
        ),
        # what the service sent by itself is told apart from what people did
        (
            Returns(2, 1, 1),
            Work(could_be_chased=True, reminders=2),
            (
                "1 audit was not returned. The service sent 2 automatic reminders about it. No phone call or "
                "other follow-up of it by a person is recorded."
            ),
        ),
        (
            Returns(4, 1, 3),
            Work(chased=2, contacts=2, reminders=1),
            (
                "3 audits were not returned. The service sent 1 automatic reminder about them. 2 of the 3 "
                f"were {BY_HAND}, 2 times in total."
            ),
        ),
    ],
)
def test_what_was_not_returned_is_told_with_what_was_done(returns: Returns, work: Work, said: str) -> None:
    told = text(returned(a_return(returns, work=work), with_reasons=True))
    assert told.partition("due date. ")[2] == said


def test_reasons_are_told_where_the_report_has_them() -> None:
    material = a_return(Returns(4, 1, 3), reasons=(("sickness", 2), ("leave", 1)))
    with_reasons = text(returned(material, with_reasons=True))
    assert with_reasons.endswith("3 audits were not returned: sickness (2) and leave (1).")
    without = text(returned(material, with_reasons=False))
    assert without.endswith("3 audits were not returned.")


def of_auditors(returns: int = 26, **told: Any) -> str:
    usual: dict[str, Any] = {"people": 2, "in_pairs": returns, "by_job": ((HEAD, 1), (CHAIR, 1))}
    auditors = Auditors(**(usual | told))
    return text(who(a_return(Returns(returns, returns), auditors=auditors)))


@pytest.mark.parametrize(
    ("told", "said"),
    [
        ({"in_pairs": 0, "alone": 26}, "Each returned audit was done by one auditor."),
        (
            {"in_pairs": 25, "alone": 1},
            "25 of the returned audits were done by 2 auditors and 1 by one auditor.",
        ),
        (
            {"in_pairs": 1, "alone": 25},
            "1 of the returned audits was done by 2 auditors and 25 by one auditor.",
        ),
        (
            {"pairs": (((HEAD, CHAIR), 26),)},
            f"Each returned audit was done by a pair: a {HEAD} as lead and an {CHAIR} as second auditor.",
        ),
        (
            {"pairs": (((HEAD, HEAD), 26),)},
            f"Each returned audit was done by 2 auditors, both with the job title {HEAD}.",
        ),
        ({"pairs": (((HEAD, CHAIR), 25),)}, "Each returned audit was done by 2 auditors."),
        ({"pairs": (((HEAD, None), 26),)}, "Each returned audit was done by 2 auditors."),
        ({"pairs": (((None, HEAD), 26),)}, "Each returned audit was done by 2 auditors."),
        (
            {"returns": 1, "in_pairs": 1, "pairs": (((HEAD, CHAIR), 1),)},
            f"The returned audit was done by a pair: a {HEAD} as lead and an {CHAIR} as second auditor.",
        ),
    ],
)
def test_pairs_are_told_by_job_title_where_all_are_alike(told: dict[str, Any], said: str) -> None:
    told = {"pairs": (((HEAD, CHAIR), 1),)} | told
    assert of_auditors(**told).startswith(said)


PAIRS: dict[str, Any] = {"pairs": (((HEAD, CHAIR), 26),)}


@pytest.mark.parametrize(
    ("told", "said"),
    [
        ({"people": 1, "by_job": ((HEAD, 1),)}, f"1 person took part. By job title: {HEAD} (1)."),
        ({}, f"2 people took part. By job title: {HEAD} (1) and {CHAIR} (1)."),
        (
            {"people": 3, "by_job": ((HEAD, 2), (None, 1))},
            f"3 people took part. By job title: {HEAD} (2) and no job title recorded (1).",
        ),
        ({"by_job": ((None, 2),)}, "2 people took part."),
    ],
)
def test_people_are_counted_by_job_title(told: dict[str, Any], said: str) -> None:
    assert said in of_auditors(**(PAIRS | told))


@pytest.mark.parametrize(
    ("people", "before", "later", "said"),
    [
        (1, 1, 0, "That person had been trained before their first audit."),
        (2, 2, 0, "Both had been trained before their first audit."),
        (3, 3, 0, "All 3 had been trained before their first audit."),
        (3, 2, 0, "2 of the 3 had been trained before their first audit."),
        (
            3,
            1,
            2,
            "1 of the 3 had been trained before their first audit. For 2 of them, the only training date",
        ),
        (1, 0, 0, "That person has no record of training before their first audit."),
        (
            1,
            0,
            1,
            (
                "That person has no record of training before their first audit. The only training date "
                "recorded is later."
            ),
        ),
        (3, 0, 0, "None of the 3 has a record of training before their first audit."),
    ],
)
def test_training_before_the_first_audit_is_told(people: int, before: int, later: int, said: str) -> None:
    told = {"people": people, "trained_before": before, "trained_later": later}
    assert said in of_auditors(**(PAIRS | told), training_is_recorded=True)


def test_training_is_not_spoken_of_where_nobody_has_a_day_of_it() -> None:
    assert "train" not in of_auditors(**PAIRS, people=3)


def test_without_returns_or_names_nobody_is_counted() -> None:
    assert who(a_return(Returns(3))) == []
    assert who(a_return(Returns(3, 3))) == []


def test_the_method_and_its_cautions_are_told() -> None:
    note = ("The cases were drawn at random.", "By team: Crewe 15 of 90.")
    material = a_return(Returns(3, 3), method=note, cautions=("This is the first cycle.",), teams=["Crewe"])
    assert text(method(material, with_teams=True)) == " ".join(note)
    assert text(method(material, with_teams=False)) == note[0]
    assert cautions(material) == ["This is the first cycle."]
    assert cautions(a_return(Returns(3, 3))) == []


def test_cautions_tell_no_number_that_another_place_tells() -> None:
    said = (
        (
            "3 of 4 audits (75%) were returned. The other one could change a figure by up to 9 percentage "
            "points."
        ),
        "Auditors left 2 of 8 answers blank. A blank does not count as a “no”.",
        "No reason is given for 3 of 5 grades.",
    )
    material = a_return(Returns(4, 3, 1), cautions=said)
    assert cautions(material) == ["The missing one could change a figure by up to 9 percentage points."]
    assert text(of_answers(material)) == " ".join(said[1:])
    assert cautions(a_return(Returns(4, 3, 1), cautions=("3 of 4 audits (75%) were returned.",))) == []

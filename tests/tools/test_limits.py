"""The limits of an overall grade, as cases of the rule."""

import pytest

from app.tools.content import Limit
from app.tools.limits import above

ORDER = ("good", "requires improvement", "inadequate")
GRADES = ("plan", "visits", "overall")
ANY = Limit(("inadequate",), (), "requires improvement")
OF_PLANS = Limit(("inadequate", "requires improvement"), ("plan",), "inadequate")


@pytest.mark.parametrize(
    ("limit", "answers", "is_above"),
    [
        (ANY, {"overall": "good", "plan": "inadequate"}, True),
        (ANY, {"overall": "good", "visits": "inadequate"}, True),
        (ANY, {"overall": "requires improvement", "plan": "inadequate"}, False),
        (ANY, {"overall": "inadequate", "plan": "inadequate"}, False),
        (ANY, {"overall": "good", "plan": "requires improvement"}, False),
        (ANY, {"overall": "good"}, False),
        (ANY, {"plan": "inadequate"}, False),
        # the overall grade does not limit itself
        (ANY, {"overall": "inadequate"}, False),
        (ANY, {"overall": "not applicable", "plan": "inadequate"}, False),
        (OF_PLANS, {"overall": "requires improvement", "plan": "requires improvement"}, True),
        (OF_PLANS, {"overall": "good", "visits": "inadequate"}, False),
        (OF_PLANS, {"overall": "inadequate", "plan": "inadequate"}, False),
    ],
)
def test_an_overall_grade_is_above_its_limit(limit: Limit, answers: dict[str, str], is_above: bool) -> None:
    given = {key: {response: {"the case"}} for key, response in answers.items()}
    assert bool(above(limit, "overall", ORDER, GRADES, given)) is is_above


def test_of_many_cases_those_above_are_found() -> None:
    given = {
        "overall": {"good": {1, 2, 3}, "inadequate": {4}},
        "plan": {"inadequate": {2, 4}, "good": {1}},
        "visits": {"inadequate": {3, 5}},
    }
    assert above(ANY, "overall", ORDER, GRADES, given) == {2, 3}

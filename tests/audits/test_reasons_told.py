"""The reasons for not returning audits that each reader is told."""

from collections.abc import Callable

import pytest
from flask.testing import FlaskClient
from hypothesis import given
from hypothesis import strategies as st

from app.audits.reasons_told import DIFFERENT, PERSONAL, WITHOUT_A_LABEL, in_words, told_to_others
from app.database import transaction
from app.people.models import Person
from app.small_numbers import HIDE_UP_TO
from tests.factories import a_cycle, a_person, an_audit
from tests.pages import opened, visible

WORK = ("capacity", "record access")


@pytest.mark.parametrize(
    ("reasons", "told", "words"),
    [
        ([], [], ""),
        ([("sickness", 1)], [], ""),
        ([("capacity", 4)], [], ""),
        ([("capacity", 1), ("exempt", 1), ("sickness", 1)], [(DIFFERENT, None)], "different reasons"),
        ([("capacity", 1), ("exempt", 1)], [(DIFFERENT, None)], "different reasons"),
        ([("sickness", 4), ("capacity", 4), ("exempt", 4)], [(DIFFERENT, None)], "different reasons"),
        (
            [("record access", 12), ("exempt", 9), ("sickness", 1), ("capacity", 1)],
            [("record access", 12), ("capacity", None), ("exempt", None), (PERSONAL, None)],
            "record access (12); numbers not shown for capacity, exempt and personal reasons",
        ),
        ([("sickness", 5)], [(PERSONAL, 5)], "personal reasons (5)"),
        ([("sickness", 3), ("leave", 2)], [(PERSONAL, 5)], "personal reasons (5)"),
        ([("sickness", 2), ("capacity", 1)], [(DIFFERENT, None)], "different reasons"),
        (
            [("sickness", 2), ("capacity", 3)],
            [("capacity", None), (PERSONAL, None)],
            "capacity and personal reasons",
        ),
        (
            [("capacity", 12), ("record access", 7), ("sickness", 1)],
            [("capacity", 12), (PERSONAL, None), ("record access", None)],
            "capacity (12); numbers not shown for personal reasons and record access",
        ),
        (
            [("capacity", 12), ("exempt", 6)],
            [("capacity", 12), ("exempt", 6)],
            "capacity (12) and exempt (6)",
        ),
        ([("a label of old", 9)], [(PERSONAL, 9)], "personal reasons (9)"),
    ],
)
def test_others_read_no_reason_of_a_person_and_no_small_number(
    reasons: list[tuple[str, int]], told: list[tuple[str, int | None]], words: str
) -> None:
    assert list(told_to_others(reasons, WORK)) == told
    assert in_words(told_to_others(reasons, WORK)) == words


LABELS = st.sampled_from([*WORK, *WITHOUT_A_LABEL, "sickness", "leave", "left post"])


@given(st.dictionaries(LABELS, st.integers(1, 40)))
def test_the_total_gives_no_hidden_number_away(reasons: dict[str, int]) -> None:
    told = told_to_others(reasons.items(), WORK)
    total = sum(reasons.values())
    if total <= HIDE_UP_TO or told == ((DIFFERENT, None),):
        assert told in ((), ((DIFFERENT, None),))
        return
    assert {label for label, _ in told} <= {*WORK, *WITHOUT_A_LABEL, PERSONAL}
    shown = {label: number for label, number in told if number is not None}
    assert all(number > HIDE_UP_TO for number in shown.values())
    if hidden := [label for label, number in told if number is None]:
        # not all are 1, and not all the highest that is hidden
        left = total - sum(shown.values())
        assert left > len(hidden) > 1
        assert len(hidden) == 2 or left != HIDE_UP_TO * len(hidden)
    personal = sum(number for label, number in reasons.items() if label not in (*WORK, *WITHOUT_A_LABEL))
    assert all(number == reasons.get(label, personal) for label, number in shown.items())


@pytest.mark.parametrize("page", ["/cycles/2010-1", "/cycles/2010-1/findings"])
@pytest.mark.parametrize(
    ("role", "reads"), [("coordinator", "sickness"), ("leader", PERSONAL), ("manager", PERSONAL)]
)
def test_sickness_is_for_coordinators(
    client: FlaskClient, sign_in: Callable[[Person], FlaskClient], page: str, role: str, reads: str
) -> None:
    cycle = a_cycle()
    audits = [an_audit(cycle=cycle) for _ in range(HIDE_UP_TO + 1)]
    with transaction():
        for audit in audits:
            audit.reason_not_returned = "sickness"
        cycle.cut_off_on = cycle.closed_on = audits[0].due_on
    words = visible(opened(sign_in(a_person("A Reader", roles=(role,))), page))
    assert [reason for reason in ("sickness", PERSONAL) if reason in words] == [reads]

"""The rules of cycles with agencies, as tables of cases."""

import pytest

from app.audits.agencies import (
    TOGETHER,
    Agencies,
    are_returns_of_one_case,
    asks,
    references,
    refuse_names,
    refuse_tool,
    stem,
)

SUMMER = Agencies("da-2015", ["Children’s social care", "Police & Probation", "School"])


@pytest.mark.parametrize(
    ("agencies", "written", "read"),
    [
        (SUMMER, "School", "School"),
        (SUMMER, " school", "School"),
        (SUMMER, "children's social-care", "Children’s social care"),
        (SUMMER, "Police and probation", "Police & Probation"),
        (SUMMER, "Together", TOGETHER),
        (Agencies("2010-1"), None, None),
    ],
)
def test_an_agency_is_read_in_the_spelling_of_its_cycle(
    agencies: Agencies, written: str | None, read: str | None
) -> None:
    assert agencies.read(written) == read


@pytest.mark.parametrize(
    ("agencies", "written", "why"),
    [
        (SUMMER, "Scool", "is not an agency of cycle da-2015: the nearest is School"),
        (SUMMER, None, "is empty: cycle da-2015 has agencies, so give one of them or “together”"),
        (Agencies("2010-1"), "School", "cycle 2010-1 has no agencies, so leave this empty"),
        (Agencies("2010-1"), TOGETHER, "cycle 2010-1 has no agencies, so leave this empty"),
    ],
)
def test_an_audit_has_an_agency_exactly_where_its_cycle_has_some(
    agencies: Agencies, written: str | None, why: str
) -> None:
    with pytest.raises(ValueError) as refused:
        agencies.read(written)
    assert str(refused.value) == why


def test_a_case_has_an_audit_of_each_agency_and_its_meeting() -> None:
    assert SUMMER.audits_of_a_case == ("Children’s social care", "Police & Probation", "School", TOGETHER)
    assert Agencies("2010-1").audits_of_a_case == ()


@pytest.mark.parametrize(
    ("names", "faults"),
    [
        (["Police", "School"], {}),
        (["Police", "School", "POLICE"], {3: "is named twice"}),
        (
            ["Together", "School"],
            {1: "is the meeting of a case, which a cycle with agencies has anyway: leave it out"},
        ),
        ([], {}),
    ],
)
def test_agencies_of_a_cycle_are_each_named_once(names: list[str], faults: dict[int, str]) -> None:
    assert refuse_names(names) == faults


@pytest.mark.parametrize(
    ("per_case", "is_together", "asked"),
    [(True, True, True), (True, False, False), (False, True, False), (False, False, True)],
)
def test_what_is_asked_once_per_case_is_asked_in_its_meeting_alone(
    per_case: bool, is_together: bool, asked: bool
) -> None:
    assert asks(per_case=per_case, is_together=is_together) is asked


@pytest.mark.parametrize(
    ("asks_per_case", "agencies", "is_refused"),
    [(True, [], True), (True, ["Police"], False), (False, [], False), (False, ["Police"], False)],
)
def test_a_tool_that_asks_once_per_case_needs_agencies(
    asks_per_case: bool, agencies: list[str], is_refused: bool
) -> None:
    assert (refuse_tool(asks_per_case=asks_per_case, agencies=agencies) is not None) is is_refused


@pytest.mark.parametrize(
    ("one", "other", "are"),
    [
        ("Police", "School", True),
        ("Police", TOGETHER, True),
        ("Police", "Police", False),
        (TOGETHER, TOGETHER, False),
        (None, None, False),
        (None, "Police", False),
    ],
)
def test_returns_of_one_case_are_of_different_agencies(one: str | None, other: str | None, are: bool) -> None:
    assert are_returns_of_one_case(one, other) is are


def test_references_of_one_case_have_letters_that_are_free() -> None:
    taken = {"DA1-A", "DA1-C"}
    named = references("DA1", SUMMER.audits_of_a_case, taken.__contains__)
    assert list(named.values()) == ["DA1-B", "DA1-D", "DA1-E", "DA1-together"]
    assert list(named) == list(SUMMER.audits_of_a_case)
    many = references("DA1", [str(number) for number in range(28)], lambda _reference: False)
    assert [*many.values()][-3:] == ["DA1-Z", "DA1-AA", "DA1-AB"]


@pytest.mark.parametrize("reference", ["DA-001-A", "DA-001-AB", "DA-001-together", "DA-001"])
def test_the_reference_of_a_case_is_found_again(reference: str) -> None:
    assert stem(reference) == "DA-001"

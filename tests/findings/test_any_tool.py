"""The sums of rules 9 for any tool and any answers, against a slow second counting, on both databases."""

from collections.abc import Sequence

from flask import Flask
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from app.database import db
from app.findings.compiling import compiled
from app.findings.document import from_json
from app.small_numbers import is_small
from app.tools.content import MET, NEITHER, NOT_MET, Content
from tests.findings.any_tool import ON, Form, SecondCounting, audited, written


@settings(
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
    deadline=None,
    max_examples=40,
)
@given(tool_and_audits=audited(), hide_up_to=st.sampled_from([0, 1, 2]))
def test_every_answer_that_counts_is_counted_once_and_nothing_else_is(
    service: Flask, tool_and_audits: tuple[Content, Sequence[Form]], hide_up_to: int
) -> None:
    content, audits = tool_and_audits
    cycle = written(content, audits, hide_up_to)
    found = compiled(cycle, ON)
    second = SecondCounting(content, audits)
    assert found.returns.returned == len(second.audits)
    assert [area.question for area in found.areas] == [question.key for question in content.questions()]
    for area in found.areas:
        key, counts, responses = area.question, area.figure.counts, area.responses
        assert responses is not None
        assert (counts.met, counts.not_met, counts.neither) == (
            second.number(key, MET),
            second.number(key, NOT_MET),
            second.number(key, NEITHER),
        )
        assert counts.not_applicable == second.not_applicable(key)
        assert counts.audits == len(second.asking(key))
        assert {row.response: row.count for row in responses if row.count} == second.responses(key)
        assert area.asked_in == second.asked_in(key)
        assert area.waiting == second.waiting(key)
        assert area.blanks >= 0
        # the sums of rules 9
        together = sum(row.count for row in responses)
        if not area.several:
            assert together + counts.not_applicable + counts.not_answered == len(second.asking(key))
        assert together >= counts.answered
        assert all(row.count <= counts.answered for row in responses)
        if area.numbers is not None:
            assert area.numbers.answered == len(second.numbers(key))
            middle = (area.numbers.lower_quartile, area.numbers.median, area.numbers.upper_quartile)
            assert middle == (second.middle(key) or (None, None, None))
        # by team there is met and not met, never a response, and no small number
        for team in (area.teams or {}).values():
            assert area.is_met_or_not
            assert key not in second.conditional
            if team is not None:
                numbers = team.met, team.not_met, team.not_applicable, team.not_answered
                assert not any(is_small(number, hide_up_to) for number in numbers)
                assert sum(numbers) == team.audits
    for agency, of in (found.several_agencies.counts if found.several_agencies else {}).items():
        for key, numbers_of in of.items():
            counted = {response: number for response, number in numbers_of.items() if number}
            assert counted == second.responses(key, agency)
    assert found.above_limit == second.above_limit()
    assert from_json(found.to_json()) == found
    db.session.rollback()

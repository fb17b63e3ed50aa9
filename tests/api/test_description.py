"""The interface does what its description says, role by role: tried by schemathesis."""

from datetime import date
from typing import Any

import pytest
import schemathesis
from flask import Flask
from hypothesis import HealthCheck, Phase, given, settings
from schemathesis import GenerationMode
from schemathesis.core.result import Ok
from schemathesis.specs.openapi.checks import ignored_auth

from app.api import tokens
from app.people.roles import READERS
from tests.factories import a_person
from tests.findings.asked_cycles import a_cycle_that_found, a_tool_asking

CASES = 15
"""Tried of each address and role."""


@pytest.fixture
def keys(app: Flask) -> dict[str, str]:
    a_cycle_that_found("2010-1", a_tool_asking("child_seen"), date(2010, 10, 4), {"child_seen": (15, 10)})
    return {role: tokens.make("Power BI", role, a_person(roles=[role])) for role in READERS}


@pytest.mark.parametrize("mode", list(GenerationMode))
@pytest.mark.parametrize("role", [*sorted(READERS), "nobody"])
def test_every_answer_is_as_described(
    app: Flask, keys: dict[str, str], role: str, mode: GenerationMode
) -> None:
    described = schemathesis.openapi.from_wsgi("/api/v1/openapi.json", app)
    headers = {"Authorization": f"Bearer {keys.get(role, 'pa_nothing')}"}
    tried = set()
    for result in described.get_all_operations():
        assert isinstance(result, Ok)
        operation = result.ok()

        @given(case=operation.as_strategy(generation_mode=mode))
        @settings(
            max_examples=CASES,
            deadline=None,
            database=None,
            derandomize=True,
            phases=[Phase.generate],
            suppress_health_check=list(HealthCheck),
        )
        def answered(case: schemathesis.Case[Any]) -> None:
            response = case.call(headers=headers)
            # the key goes over what schemathesis makes up as one, so it cannot judge by that: "nobody" does
            case.validate_response(response, excluded_checks=[ignored_auth])
            assert response.status_code < 500
            if role == "nobody":
                assert response.status_code == 401

        answered()
        tried.add(operation.path)
    assert tried == {
        "/cycles",
        "/cycles/{reference}",
        "/cycles/{reference}/figures",
        "/audits",
        "/actions",
    }

"""The short form of the faults: each scenario a few times, on the databases that it is about."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.faults.places import POSTGRESQL, Places, breakable_server
from tests.faults.scenario import Scenario
from tests.faults.suite import SCENARIOS, SEED, carry_out
from tests.postgresql import Server

pytestmark = pytest.mark.faults

TESTED_ELSEWHERE = {"kill-delivery"}
"""Scenarios of which test_killing.py is the short form."""


@pytest.fixture(scope="session")
def server_to_break() -> Iterator[Server]:
    with breakable_server() as server:
        yield server


@pytest.mark.parametrize(
    ("scenario", "database"),
    [
        pytest.param(
            scenario,
            database,
            id=f"{scenario.name} {database}",
            marks=[pytest.mark.postgresql] if database == POSTGRESQL else [],
        )
        for scenario in SCENARIOS
        for database in scenario.databases
        if scenario.name not in TESTED_ELSEWHERE
    ],
)
def test_the_promise_is_kept_under_the_fault(
    scenario: Scenario, database: str, migrated_sqlite: Path, request: pytest.FixtureRequest
) -> None:
    with Places(migrated_sqlite, lambda: request.getfixturevalue("server_to_break")) as places:
        carry_out(scenario, database, scenario.short, SEED, places)


def test_every_scenario_has_a_name_and_a_number_of_its_own() -> None:
    names = [scenario.name for scenario in SCENARIOS]
    assert len(set(names)) == len(names)
    assert set(names) >= TESTED_ELSEWHERE
    assert all(0 < scenario.short <= scenario.long for scenario in SCENARIOS)

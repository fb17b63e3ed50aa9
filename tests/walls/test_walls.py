"""The walls: no former manager, no deputy after the leave and no colleague passes them."""

from collections.abc import Iterator

import pytest
from flask import Flask

from app import clock
from app.relations import RELATIONS
from tests.walls import expected, looking, world


@pytest.fixture
def council(service: Flask) -> world.World:
    clock.clock().fixed = world.MOMENT
    return world.make()


@pytest.fixture
def relations_put_back() -> Iterator[None]:
    before = dict(RELATIONS)
    yield
    RELATIONS.update(before)


def test_each_relation_is_had_by_those_who_should_and_nobody_else(council: world.World) -> None:
    assert list(looking.wrong_relations(council)) == []


@pytest.mark.parametrize("relation", expected.WITHIN)
def test_a_relation_within_another_is_had_by_nobody_without_that_one(relation: str) -> None:
    wider = expected.RELATED[expected.WITHIN[relation]]
    things = expected.RELATED[relation].keys() & wider.keys()
    assert things
    for thing in things:
        assert expected.RELATED[relation][thing] <= wider[thing]


@pytest.mark.usefixtures("relations_put_back")
def test_each_address_is_open_to_those_to_whom_it_should_be_and_nobody_else(
    app: Flask,
) -> None:
    clock.clock().fixed = world.MOMENT
    council = world.make()
    RELATIONS.update(looking.relations_as_agreed(council))
    assert list(looking.wrong_addresses(app, council)) == []

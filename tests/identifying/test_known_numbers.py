"""Numbers of cases that the service knows, found in free text by comparing what may be one."""

from datetime import date

import pytest
from flask import Flask

from app.database import db, transaction
from app.identifying.checking import those_warned_of, warned_of
from app.identifying.known_numbers import holds_known_number
from app.sampling.models import Draw, DrawnCase
from tests.factories import a_cycle, a_person, an_audit


@pytest.fixture(autouse=True)
def cases(service: Flask) -> None:
    an_audit("CP-001", case_reference="SC-004711/B")
    an_audit("CP-002", case_reference="12345")
    jack, cycle = a_person("Jack Denny"), a_cycle()
    with transaction():
        draw = Draw(
            cycle_id=cycle.id,
            method="random",
            seed=1,
            size=0,
            drawn_on=date(2010, 11, 1),
            drawn_by_id=jack.id,
        )
        db.session.add(draw)
        db.session.flush()
        drawn = {"position": 1, "stratum": "Crewe", "is_chosen": False}
        db.session.add(DrawnCase(draw_id=draw.id, case_reference="88 77 66 55", **drawn))


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("The plan of SC-004711/B was late.", True),
        ("See sc 4711", False),
        ("See sc 004711/b.", True),
        ("(SC004711/B)", True),
        ("Drawn as 88776655, not audited", True),
        ("Drawn as 0088-7766-55", True),
        ("887766551", False),
        ("A short one, 12345, is too common", False),
        ("Visits on 8, 8, 7 and 7 November", False),
        ("", False),
        ("Nothing of the kind", False),
    ],
)
def test_a_known_number_is_found_as_it_may_be_written(text: str, found: bool) -> None:
    assert holds_known_number(text) is found


def test_several_texts_are_looked_at_as_each_by_itself() -> None:
    texts = [
        "The plan of SC-004711/B was late.",
        "Drawn as 88776655, not audited",
        "A short one, 12345, is too common",
        "Born on 3 March 2004",
        "Nothing of the kind",
        "",
        None,
    ]
    found = those_warned_of(texts)
    assert found == {text for text in texts if text and warned_of(text)}
    assert len(found) > 1

"""The writer is asked about a text that may say who a child is, or it is refused: never both on one page."""

from collections.abc import Callable
from datetime import date

import pytest
from flask import Flask
from flask.testing import FlaskClient

from app.people.models import Person
from tests.factories import a_person, an_audit
from tests.pages import visible

ASKED, REFUSED = "send the form again as it is", "Remove the case number, because other people can read this"


@pytest.mark.parametrize(
    ("sentence", "asked", "refused"),
    [
        ("Where is it?", False, False),
        ("Is it 780499?", True, False),
        ("Is it 717,275?", False, True),
        ("Is it ７１７２７５?", False, True),
        ("Is it 7 1 7 2 7 5, or 780499, of Liam?", False, True),
    ],
)
def test_a_text_is_asked_about_or_refused_and_never_both(
    app: Flask,
    sign_in: Callable[[Person], FlaskClient],
    clock_at: Callable[[date], None],
    sentence: str,
    asked: bool,
    refused: bool,
) -> None:
    clock_at(date(2010, 11, 5))
    alison = a_person("Alison")
    an_audit("CP-001", lead=alison, case_reference="717275")
    an_audit("CP-002", lead=alison, case_reference="780499")
    answer = sign_in(a_person("Cora", roles=["coordinator"])).post(
        "/audits/CP-001/chase", data={"sentence": sentence}
    )
    said = visible(answer.get_data(as_text=True))
    assert (ASKED in said, REFUSED in said) == (asked, refused)
    assert (answer.status_code == 302) is not (asked or refused)

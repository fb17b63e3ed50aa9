"""Telephone numbers: what is one, and that every place where one is entered looks."""

from collections.abc import Callable

import pytest
from flask.testing import FlaskClient

from app.people.models import Person
from app.telephones import is_telephone
from tests.factories import a_person
from tests.pages import visible

SignIn = Callable[[Person], FlaskClient]


@pytest.mark.parametrize(
    "number",
    [
        "999",
        "4021",
        "01632 960 001",
        "(01632) 960001",
        "+44 1632 960-001",
        "01632 960001 / 960002",
        "01632.960.001",
        "01632 960001 ext 12",
        "01632 960001, Extension 12",
        "01632960001x12",
    ],
)
def test_a_number_as_people_write_it(number: str) -> None:
    assert is_telephone(number)


@pytest.mark.parametrize(
    "text", ["", "12", "()", "ext 12", "01632 960999<b>", "call Ann", "01632 960001 ext", "٠١٦٣٢ ٩٦٠"]
)
def test_what_is_no_number(text: str) -> None:
    assert not is_telephone(text)


@pytest.mark.parametrize(
    ("address", "entered"),
    [
        ("/settings/duty-team", {"name": "Front door"}),
        ("/people/new", {"name": "Ann Lee", "email": "ann@council.example"}),
    ],
)
def test_a_form_takes_a_number_alone(sign_in: SignIn, address: str, entered: dict[str, str]) -> None:
    client = sign_in(a_person("Cora Ames", roles=["coordinator"]))
    answer = client.post(address, data={**entered, "telephone": "01632 960999<b>"})
    assert answer.status_code == 422
    assert "Enter a phone number, such as 01632 960 001" in visible(answer.get_data(as_text=True))

"""The pages of retention are for coordinators and administrators, the file about a person for the latter."""

from collections.abc import Callable

import pytest
from flask import Flask
from flask.testing import FlaskClient

from app.people.models import Person
from app.people.roles import RoleName as R
from tests.factories import a_cycle, a_person

OFFICE = (R.COORDINATOR, R.ADMINISTRATOR)
PAGES = {
    **dict.fromkeys(
        (
            "/retention",
            "/retention/2010-1",
            "/retention/2010-1/date",
            "/retention/2010-1/hold",
            "/retention/2010-1/let-go",
            "/retention/2010-1/remove",
            "/settings/retention",
            "/people/1/anonymous",
        ),
        OFFICE,
    ),
    "/people/1/file": (R.ADMINISTRATOR,),
}


@pytest.mark.parametrize("role", list(R))
def test_nobody_else_opens_a_page_of_retention(
    app: Flask, sign_in: Callable[[Person], FlaskClient], role: R
) -> None:
    a_cycle()
    client = sign_in(a_person("Somebody", roles=[role]))
    for address, roles in PAGES.items():
        for answer in (client.get(address), client.post(address) if role not in roles else None):
            if answer is not None:
                # two addresses are only read
                refused = answer.status_code in (403, 405)
                assert refused == (role not in roles), (address, answer.status_code)
                assert answer.status_code < 500

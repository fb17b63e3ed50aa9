"""Looking at a page changes nothing: no address that is only opened ends a session or changes a row."""

from collections.abc import Callable, Mapping

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from app.database import db
from app.people.models import Person
from app.people.roles import RoleName
from tests.factories import a_person, an_audit
from tests.test_permissions import addresses

NOTED = {"readings", "cases_read"}
"""Tables that note who looks."""


def rows() -> Mapping[str, list[tuple[object, ...]]]:
    """All rows of all tables except those that note who looks."""
    db.session.rollback()
    return {
        table.name: [tuple(row) for row in db.session.execute(select(table).order_by(*table.primary_key))]
        for table in db.metadata.sorted_tables
        if table.name not in NOTED
    }


@pytest.mark.parametrize("method", ["GET", "HEAD"])
def test_no_address_that_is_opened_changes_anything(
    app: Flask, sign_in: Callable[[Person], FlaskClient], method: str
) -> None:
    an_audit("CP-001", lead=a_person(), second=a_person())
    client = sign_in(a_person("Everybody", roles=list(RoleName)))
    opened = {address for _rule, address, way in addresses(app) if way == "GET"}
    assert "/sign-out" in opened
    before, changed = rows(), []
    for address in sorted(opened):
        client.open(address, method=method)
        if (after := rows()) != before:
            names = [name for name in after if after[name] != before[name]]
            changed.append((address, names))
            before = after
    assert changed == []
    assert client.get("/").status_code == 200, "and nobody is signed out"

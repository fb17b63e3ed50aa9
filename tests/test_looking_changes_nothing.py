"""Looking at a page changes nothing: no address that is only opened ends a session or changes a row."""

from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from typing import Any

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import Select, Table, select

from app.database import db
from app.people.models import Person
from app.people.roles import RoleName
from tests.factories import a_person, an_audit
from tests.test_permissions import addresses

NOTED = {"readings", "cases_read"}
"""Tables that note who looks."""

OFFERED = {"sign_ins.offered_secret"}
"""Columns of what a page offers: the secret of an authenticator app that may be set up there."""


def rows() -> Mapping[str, list[tuple[object, ...]]]:
    """Return the rows of all tables except those that note who looks."""
    db.session.rollback()
    return {
        table.name: [tuple(row) for row in db.session.execute(_select(table))]
        for table in db.metadata.sorted_tables
        if table.name not in NOTED
    }


def _select(table: Table) -> Select[Any]:
    columns = [column for column in table.columns if f"{table.name}.{column.name}" not in OFFERED]
    return select(*columns).order_by(*table.primary_key)


def test_no_address_that_is_opened_changes_anything(
    app: Flask, sign_in: Callable[[Person], FlaskClient], clock_at: Callable[[datetime], None]
) -> None:
    clock_at(datetime(2026, 11, 30, 12, tzinfo=UTC))
    an_audit("CP-001", lead=a_person(), second=a_person())
    client = sign_in(a_person("Everybody", roles=list(RoleName)))
    opened = {address for _rule, address, method in addresses(app) if method == "GET"}
    assert "/sign-out" in opened
    before = rows()
    for address in sorted(opened):
        client.get(address)
    after = rows()
    assert [table for table in after if after[table] != before[table]] == []
    assert client.get("/").status_code == 200, "and nobody is signed out"

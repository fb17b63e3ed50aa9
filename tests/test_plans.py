"""The plans of queries on PostgreSQL fit the sizes that tables have now, not those that they once had."""

import pytest
from flask import Flask
from sqlalchemy import select, text

from app.audits.models import Audit
from app.database import db, engine_options
from tests.factories import DUE

OFTEN = 20
"""A query is prepared when it was asked five times, and its plan would be kept after five more."""


@pytest.mark.postgresql
def test_no_plan_is_kept_of_the_time_when_tables_were_small(postgresql_app: Flask) -> None:
    for _ in range(OFTEN):
        db.session.execute(select(Audit.id).where(Audit.due_on <= DUE, Audit.returned_on.is_(None)))
    plans = text("select sum(generic_plans), sum(custom_plans) from pg_prepared_statements")
    kept, made = db.session.execute(plans).one()
    assert kept == 0
    assert made >= OFTEN / 2


def test_options_in_the_address_of_the_database_stay() -> None:
    options = engine_options("postgresql://server/audits?options=-csearch_path%3Dcouncil")
    assert options["connect_args"]["options"] == "-csearch_path=council -c plan_cache_mode=force_custom_plan"

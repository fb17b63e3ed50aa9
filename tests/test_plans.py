"""The plans of queries on PostgreSQL fit the sizes that tables have now, not those that they once had."""

import pytest
from flask import Flask
from sqlalchemy import func, insert, select, text, update

from app.audits.models import Assignment, Audit
from app.audits.parts import LEAD
from app.audits.tallies import Tally
from app.database import db, engine_options, transaction
from tests.factories import DUE, a_person, an_audit

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


ROWS, A_STATEMENT = 1_000, 50
LOOKED_UP = 6
"""The most times that the triggers may look up an audit of a spell."""


@pytest.mark.postgresql
def test_counting_looks_up_the_rows_of_a_statement_and_no_others(postgresql_app: Flask) -> None:
    """The functions of the triggers are planned when there is almost nothing to count."""
    first = an_audit("CP-0000", lead=a_person("Gwen"))
    auditor = a_person("Owen")
    alike = {name: getattr(first, name) for name in ("team_id", "cycle_id", "requested_on", "due_on")}
    audits = [
        alike | {"reference": f"CP-{n:04}", "version": 1, "first_due_on": first.due_on}
        for n in range(1, ROWS)
    ]
    with transaction():
        ids = db.session.scalars(insert(Audit).returning(Audit.id), audits).all()
        before = db.session.scalar(FETCHED)
        for begin in range(0, ROWS, A_STATEMENT):
            some = ids[begin : begin + A_STATEMENT]
            spells = [
                {"audit_id": n, "part": LEAD, "person_id": auditor.id, "assigned_on": DUE} for n in some
            ]
            db.session.execute(insert(Assignment).values(spells))
        for begin in range(0, ROWS, A_STATEMENT):
            some = ids[begin : begin + A_STATEMENT]
            db.session.execute(update(Audit).where(Audit.id.in_(some)).values(returned_on=DUE))
        fetched = db.session.scalar(FETCHED) - before
    assert db.session.scalar(select(func.sum(Tally.number)).where(Tally.has_lead)) == ROWS
    assert fetched <= LOOKED_UP * ROWS


FETCHED = text("select pg_stat_get_xact_tuples_fetched('audits'::regclass)")

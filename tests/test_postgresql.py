"""The tests' PostgreSQL server gives every test a database of its own."""

import psycopg
import pytest

pytestmark = pytest.mark.postgresql


def tables(url: str) -> set[str]:
    with psycopg.connect(url) as connection:
        rows = connection.execute("select tablename from pg_tables where schemaname = 'public'").fetchall()
    return {name for (name,) in rows}


def test_an_empty_database_has_no_tables(empty_postgresql_url: str) -> None:
    assert tables(empty_postgresql_url) == set()


@pytest.mark.parametrize("_time", ["first", "second"])
def test_what_one_test_wrote_is_not_there_in_the_next(postgresql_url: str, _time: str) -> None:
    assert {"alembic_version", "audits"} <= tables(postgresql_url)
    with psycopg.connect(postgresql_url) as connection:
        connection.execute("create table mine ()")  # fails where it exists

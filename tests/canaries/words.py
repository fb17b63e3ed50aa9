"""Canaries: texts that no log may have, and what a process logs while they are written."""

import io
import logging
from collections.abc import Iterator
from contextlib import contextmanager

from flask import Flask
from sqlalchemy import Table, text

from app.database import db
from config.log_lines import JsonLines, PlainLines

CANARY = "K4NARY"
"""A word in every text that a test writes."""


@contextmanager
def logged() -> Iterator[io.StringIO]:
    """Collect what is logged meanwhile by any logger at any level, in each form of lines."""
    out = io.StringIO()
    root = logging.getLogger()
    before = root.level
    handlers = []
    # as programs read it, as a person does, and as gunicorn and others write it
    for form in (JsonLines(), PlainLines(), logging.Formatter("%(asctime)s %(levelname)s: %(message)s")):
        handler = logging.StreamHandler(out)
        handler.setFormatter(form)
        handlers.append(handler)
        root.addHandler(handler)
    root.setLevel(logging.DEBUG)
    try:
        yield out
    finally:
        for handler in handlers:
            root.removeHandler(handler)
        root.setLevel(before)


def refuse_writes(tables: list[Table]) -> None:
    """Let every insert and update of these tables fail, with the whole row in the database's error."""
    with db.engine.execution_options(writing=True).begin() as connection:
        if connection.dialect.name == "postgresql":
            connection.execute(
                text(
                    "create function refuse() returns trigger language plpgsql as $$ begin "
                    "raise exception 'no: %', new::text using detail = new::text, hint = new::text; end $$"
                )
            )
        for table in tables:
            for what in ("insert", "update"):
                connection.exec_driver_sql(_trigger(connection.dialect.name, table, what))


def _trigger(dialect: str, table: Table, what: str) -> str:
    head = f"create trigger refuse_{what}_{table.name} before {what} on {table.name}"
    if dialect == "postgresql":
        return f"{head} for each row execute function refuse()"
    row = " || ".join(f"coalesce(new.\"{column.name}\", '')" for column in table.columns)
    return f"{head} begin select raise(abort, {row}); end"


def tables_of_work(app: Flask) -> list[Table]:
    """Return the tables, without those that every request writes to before it does its work."""
    every_request = {"forms_sent", "sign_ins", "readings", "cases_read", "heartbeats", "sign_in_failures"}
    return [table for table in db.metadata.sorted_tables if table.name not in every_request]

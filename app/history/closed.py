"""The tables that the database itself keeps from being changed: by triggers, which refuse every statement.

Anybody who can run SQL can drop the triggers, so the check of the history looks whether they are there, as
they were made. Putting them back is for the person who runs the service, by command.
"""

from collections.abc import Iterator, Mapping

from sqlalchemy import Connection, text

from app.command_line import named
from app.history.chain import TEXTS
from app.wording import listed

REFUSALS: Mapping[str, str] = {
    "history": "the history is never changed: words can be removed from it in the service, with a reason",
    "snapshots": "the findings of a closed cycle are never changed",
    "final_reports": "a final report is never changed: a correction is a new version",
}
"""The refusals of the database where a statement would change or remove a row, by table."""

_NEVER_CHANGED = ("id", "at", "on", "subject_kind", "subject", "what", "previous_hash", "hash")

_SQLITE = "sqlite"


def why_open(connection: Connection) -> str | None:
    """Return a sentence on what no longer protects the history and what is frozen; None where all does."""
    lost = missing(connection)
    if not lost:
        return None
    tables = [table for table in REFUSALS if any(table == _table_of(name) for name in lost)]
    return (
        f"The database no longer refuses changes of {listed(tables)}: someone removed or changed "
        f"{listed(lost)}. Find out who did it and why, and ask them to keep all backups. To put the "
        f"protection back, run: {named('migrate')}"
    )


def missing(connection: Connection) -> list[str]:
    """Return the names of the triggers that are not there, or not as they were made."""
    there = _there(connection)
    return [
        name for name, made in _triggers(connection) if there.get(name) != _as_found(connection, name, made)
    ]


def put_back(connection: Connection) -> list[str]:
    """Make the triggers that are missing, in the caller's transaction; return their names."""
    lost = missing(connection)
    made = dict(_triggers(connection))
    is_sqlite = connection.dialect.name == _SQLITE
    for name in lost:
        table = _table_of(name)
        on_table = "" if is_sqlite else f" on {table}"
        connection.execute(text(f"drop trigger if exists {name}{on_table}"))
        if not is_sqlite:
            connection.execute(
                text(
                    f"create or replace function {table}_refuses() returns trigger language plpgsql as "
                    f"$${_body(table)}$$"
                )
            )
        connection.execute(text(made[name].replace(":", r"\:")))
    return lost


def _table_of(trigger: str) -> str:
    return trigger.partition("_refuses_")[0]


def _body(table: str) -> str:
    return f" begin raise exception '{REFUSALS[table]}'; end "


def _triggers(connection: Connection) -> Iterator[tuple[str, str]]:
    """Yield each trigger with the statement that makes it."""
    is_sqlite = connection.dialect.name == _SQLITE
    for table, says in REFUSALS.items():
        more_than_words = _takes_more_than_words(connection) if table == "history" else ""
        for event, when in (("update", more_than_words), ("delete", ""), ("truncate", "")):
            name = f"{table}_refuses_{event}"
            begins = f"create trigger {name} before {event} on {table}"
            if not is_sqlite:
                each = "statement" if event == "truncate" else "row"
                yield name, f"{begins} for each {each} {when} execute function {table}_refuses()"
            elif event != "truncate":
                yield name, f"{begins} {when} begin select raise(abort, '{says}'); end"


def _takes_more_than_words(connection: Connection) -> str:
    """Return the condition that an update does more to a row of the history than take words out of it."""
    same = "is" if connection.dialect.name == _SQLITE else "is not distinct from"
    allowed = [
        *(f'new."{name}" {same} old."{name}"' for name in _NEVER_CHANGED),
        # a person who was made anonymous, or the worker of a case
        "(new.who = old.who or new.who = '(removed)' or new.who like '%@removed.invalid')",
        *(f'(new."{name}" {same} old."{name}" or new."{name}" is null)' for name in TEXTS),
        "new.salt is null",
        "new.removed is not null",
    ]
    return f"when (not ({' and '.join(allowed)}))"


def _there(connection: Connection) -> Mapping[str, str]:
    """Return what there is of triggers, by name, in a form in which two that do the same are the same."""
    if connection.dialect.name == _SQLITE:
        rows = connection.execute(text("select name, sql from sqlite_master where type = 'trigger'"))
        return {row.name: _in_one_line(row.sql) for row in rows}
    rows = connection.execute(
        text(
            "select t.tgname as name, c.relname as its_table, t.tgenabled::text as enabled, "
            "t.tgtype as what, t.tgqual is not null as has_condition, p.prosrc as does "
            "from pg_trigger t join pg_class c on c.oid = t.tgrelid join pg_proc p on p.oid = t.tgfoid "
            "where not t.tgisinternal and pg_table_is_visible(c.oid)"
        )
    )
    return {
        row.name: _in_one_line(f"{row.its_table} {row.enabled} {row.what} {row.has_condition} {row.does}")
        for row in rows
    }


_TYPES = {"update": 1 | 2 | 16, "delete": 1 | 2 | 8, "truncate": 2 | 32}
"""The bits by which PostgreSQL says that a trigger is for each row, before, and on which event."""


def _as_found(connection: Connection, name: str, statement: str) -> str:
    """Return a trigger as `_there` returns it where it is as it was made."""
    if connection.dialect.name == _SQLITE:
        return _in_one_line(statement)
    table, event = _table_of(name), name.rpartition("_")[2]
    return _in_one_line(f"{table} O {_TYPES[event]} {' when ' in statement} {_body(table)}")


def _in_one_line(statement: str) -> str:
    return " ".join(statement.split()).replace("CREATE TRIGGER", "create trigger")

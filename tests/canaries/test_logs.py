"""No log has what a row has: neither a case number, a comment, a link nor a hash, whatever fails."""

import logging
import re
import subprocess
import sys
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from flask import Flask
from sqlalchemy import JSON, LargeBinary, String, Table, event, insert, select, text
from sqlalchemy.exc import DBAPIError, SQLAlchemyError, StatementError

from app import clock
from app.commands import main
from app.commands.running import database_in_words
from app.database import db, transaction
from app.people.models import Person
from config import faults_told, logging_setup
from tests.canaries.words import CANARY, logged, refuse_writes, tables_of_work
from tests.conftest import Browser, let_in
from tests.factories import a_person, an_audit
from tests.forms import Entries
from tests.installation.everything import fill
from tests.test_sent_twice import FORMS, NOON, Sender, made

ROOT = Path(__file__).parents[2]


def with_canaries(table: Table) -> dict[str, Any]:
    """Return a row of the table again, with a canary in every text."""
    row = dict(db.session.execute(select(table).limit(1)).mappings().one())
    for column in table.columns:
        if isinstance(column.type, String) and not column.foreign_keys:
            row[column.name] = f"{CANARY}-{column.name}-{'0' * 40}"
        elif isinstance(column.type, JSON):
            row[column.name] = {CANARY: CANARY}
        elif isinstance(column.type, LargeBinary):
            row[column.name] = CANARY.encode()
    return row


def incomplete(table: Table) -> dict[str, Any]:
    """Return the row without one of its values, for which PostgreSQL gives the whole row in its error."""
    needed = [each for each in table.columns if not each.nullable and not each.primary_key]
    return with_canaries(table) | {each.name: None for each in needed[-1:]}


def told_of(error: BaseException) -> str:
    """Return all that the service could say of an error: logged, on the command line, at its end."""
    try:
        raise RuntimeError(f"{CANARY}: {error}") from error
    except RuntimeError as caught:
        with logged() as out:
            log = logging.getLogger("a library")
            log.exception("it failed")
            log.warning("it failed: %s", caught)
            log.warning("it failed: %r and %s", error, {"a": 1})
            log.warning(caught)
            log.warning("it failed", exc_info=error)
        said = [out.getvalue(), faults_told.traced(caught), faults_told.in_words(caught)]
    if isinstance(error, DBAPIError):
        said.append(database_in_words(error))
    return "\n".join(said)


def attempt(table: Table, row: dict[str, Any]) -> SQLAlchemyError | Exception | None:
    """Write a row; return the error that this raises."""
    try:
        with transaction():
            db.session.execute(insert(table), row)
            raise LookupError("undo")
    except LookupError:
        return None
    except Exception as error:  # noqa: BLE001
        return error


@pytest.mark.parametrize("row_of", [with_canaries, incomplete], ids=["again", "incomplete"])
def test_a_row_that_the_database_refuses_is_in_no_log(
    service: Flask, row_of: Callable[[Table], dict[str, Any]]
) -> None:
    fill()
    refused, with_the_row = [], []
    for table in db.metadata.sorted_tables:
        error = attempt(table, row_of(table))
        if error is not None:
            refused.append(table.name)
            with_the_row += [table.name] if CANARY in str(error) else []
            assert CANARY not in told_of(error), table.name
    assert len(refused) > 70  # a few have no key that is there already, and need no value
    if db.engine.dialect.name == "postgresql" and row_of is incomplete:
        assert len(with_the_row) > 60  # the database's own words have the row: the test can fail


def test_a_row_that_a_trigger_refuses_is_in_no_log(service: Flask) -> None:
    fill()
    rows = {table: with_canaries(table) for table in db.metadata.sorted_tables}
    refuse_writes(db.metadata.sorted_tables)
    for table, row in rows.items():
        error = attempt(table, row)
        assert error is not None
        assert CANARY not in told_of(error), table.name


@pytest.mark.parametrize(
    "odd",
    [f"{CANARY}\x00", f"{CANARY}\ud800", f"{CANARY}" * 200_000],
    ids=["nul", "half a character", "a page"],
)
def test_a_text_that_cannot_be_kept_is_in_no_log(service: Flask, odd: str) -> None:
    audit = an_audit("CP-1")
    for table, row in (
        ("teams", {"name": odd, "folded": odd}),
        ("chases", {"audit_id": audit.id, "day": odd, "channel": odd, "by_id": odd}),
        ("answers", {"audit_id": odd, "comment": odd}),
    ):
        error = attempt(db.metadata.tables[table], row)
        if error is not None:
            assert CANARY not in told_of(error)


def test_a_locked_database_tells_nothing(app: Flask, tmp_path: Path) -> None:
    app.test_client_class = Browser
    an_audit("CP-1")
    client = let_in(app.test_client(), a_person("Cora", roles=["coordinator"]))

    def soon(driver: Any, _record: Any) -> None:
        driver.execute("PRAGMA busy_timeout=50")

    db.engine.dispose()
    event.listen(db.engine, "connect", soon)
    try:
        with db.engine.execution_options(writing=True).begin(), logged() as out:
            sent = {"case_reference": f"{CANARY}1", "because": CANARY, "said": CANARY}
            answer = client.post("/audits/CP-1/case-number", data=sent)
    finally:
        event.remove(db.engine, "connect", soon)
    assert answer.status_code == 500
    assert "database is locked" in out.getvalue()
    assert CANARY not in out.getvalue() + answer.get_data(as_text=True)


ON_HOLD = "/messages/on-hold"


def test_no_form_that_fails_leaves_what_was_sent_in_a_log(
    service: Flask, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    service.test_client_class = Browser
    service.config["WTF_CSRF_ENABLED"] = False
    clock.clock().fixed = NOON
    things = made(service.test_client())
    senders = []
    for sent in FORMS:
        # these need a mail server, or a database that was started from a copy
        if sent.who and sent.first is None and not (sent.to.endswith("/release") or sent.page == ON_HOLD):
            client = let_in(service.test_client(), db.session.get_one(Person, things[sent.who]))
            senders.append(Sender(client, sent, things))
    prepared = [
        (sender, form, canaries(sender.entries(form))) for sender in senders for form in [sender.form()]
    ]
    refuse_writes(tables_of_work(service))
    failed = 0
    for sender, form, entries in prepared:
        with logged() as out:
            answer = sender.send(form, entries)
        failed += answer.status_code == 500
        assert CANARY not in out.getvalue(), sender.page
        if answer.status_code == 500:
            assert CANARY not in answer.get_data(as_text=True), sender.page
            assert "Traceback" in out.getvalue()
    seen = capfd.readouterr()
    assert CANARY not in seen.out + seen.err
    assert failed > len(prepared) * 0.6


def canaries(entries: Mapping[str, Any]) -> Entries:
    """Return the entries of a form with a canary in every text that somebody writes."""
    return {
        name: [f"{value} {CANARY}" if " " in value else value for value in values]
        for name, given in entries.items()
        for values in [given if isinstance(given, list) else [given]]
    }


def test_a_command_that_the_database_refuses_says_nothing_of_the_row(
    service: Flask, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "closures.csv"
    file.write_text(f"day,name\n2010-12-29,{CANARY}\n")
    refuse_writes([db.metadata.tables["closures"]])
    db.session.remove()
    monkeypatch.setenv("INSTANCE_PATH", str(tmp_path))
    monkeypatch.setenv("DATABASE_URL", service.config["SQLALCHEMY_DATABASE_URI"])
    ended = CliRunner().invoke(main, ["import", "closures", str(file)])
    assert ended.exit_code == 1
    assert "The database" in ended.stderr
    assert CANARY not in ended.output


def test_an_error_that_nobody_caught_ends_the_process_without_its_text() -> None:
    code = (
        "from config.logging_setup import clean_end, clean_threads; import threading;"
        "clean_end(); clean_threads();"
        f"t = threading.Thread(target=lambda: int('{CANARY[:3]}' + '{CANARY[3:]}')); t.start(); t.join();"
        f"int('{CANARY[:3]}' + '{CANARY[3:]}')"
    )
    ended = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert ended.returncode == 1
    assert ended.stderr.count("ValueError") == 2
    assert CANARY not in ended.stderr + ended.stdout


SECRETS = (
    "kfJ3q_8Zr-vT1xW5yB7nM2cD4eF6gH8jK0lP9oQ1sU",
    "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
)


@pytest.mark.parametrize("secret", SECRETS)
def test_addresses_in_access_logs_have_no_secret(secret: str) -> None:
    with logged() as out:
        log = logging.getLogger("gunicorn.access")
        atoms = {
            "h": "10.0.0.1",
            "r": f"GET /calendar/{secret}.ics HTTP/1.1",
            "s": "200",
            "f": f"/choose-password/{secret}",
        }
        log.error('"%(r)s" %(s)s "%(f)s"', atoms)
        logging.getLogger("waitress").error("Exception while serving %s", f"/choose-password/{secret}?next=/")
        logging.getLogger("app").error("Exception on " + f"/calendar/{secret}.ics [GET]")  # noqa: G003
    assert secret not in out.getvalue()
    assert out.getvalue().count("(secret)") == 4 * 3


def test_what_helps_to_mend_a_fault_is_logged(service: Flask) -> None:
    an_audit("CP-1")
    table = db.metadata.tables["audits"]
    error = attempt(table, dict(db.session.execute(select(table)).mappings().one()))
    assert error is not None
    said = told_of(error)
    assert "audits" in said
    assert "attempt" in said  # the place in the code
    assert "IntegrityError" in said


def test_no_engine_is_made_without_hiding_its_parameters() -> None:
    made_in = [
        str(path.relative_to(ROOT))
        for folder in ("app", "config", "migrations")
        for path in (ROOT / folder).rglob("*.py")
        if re.search(r"create_engine\((?!url, \*\*engine_options\(url\)\))", path.read_text(encoding="utf-8"))
    ]
    assert made_in == []


def test_every_engine_hides_its_parameters(service: Flask) -> None:
    assert db.engine.hide_parameters
    with pytest.raises(StatementError) as refused:
        db.session.execute(text("select * from nowhere where a = :a"), {"a": CANARY})
    assert CANARY not in str(refused.value)


def test_the_record_of_the_log_is_ours(app: Flask) -> None:
    assert logging.getLogRecordFactory() is logging_setup.CleanRecord
    assert not logging.raiseExceptions

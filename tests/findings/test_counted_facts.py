"""The facts that frozen findings count are checked: changed by SQL they are found, by moves they are not."""

import json
from collections.abc import Callable
from datetime import date

import pytest
from click.testing import CliRunner
from flask import Flask
from sqlalchemy import text, update

from app.answers.list_moves import PLACES, rename
from app.answers.models import EvidencePlace
from app.commands import main
from app.database import db, transaction
from app.findings.counted_facts import EXPLAINING, KEPT_AS, check_facts
from app.findings.document import from_json
from app.findings.freezing import findings_of, freeze_closed
from app.findings.models import Snapshot
from app.history.checking import check
from app.history.checks import standing_breaks
from app.history.closed import put_back
from app.history.record import MERGED, Event, record
from app.outbox.models import Message
from app.retention import removing
from app.watching.history_check import check_history
from tests.factories import a_person
from tests.findings.conftest import Import, take_first_cycle_in, taken_in
from tests.findings.test_freezing import cycle, found
from tests.history.tampered import drop_triggers

FROZEN = date(2010, 12, 22)
COUNTED = (
    "update answers set response_id = (select min(id) from scale_responses where response = 'no') "
    "where audit_id = (select id from audits where reference = 'CP-003')"
)


@pytest.fixture
def first_cycle(service: Flask) -> None:
    """The first cycle, closed and not frozen yet, on each database."""
    take_first_cycle_in()


@pytest.fixture
def frozen(first_cycle: None) -> None:
    """The first cycle, frozen."""
    freeze_closed(FROZEN)


def why() -> str | None:
    db.session.rollback()
    with db.engine.connect() as connection:
        broken = check_facts(connection).broken
    return broken.why if broken else None


def run_sql(statement: str) -> None:
    with transaction():
        db.session.execute(text(statement))


NAMED = (
    "Frozen: findings of cycle 2010-1. The facts of audit CP-003 are not those that were counted, and no row "
    "says why"
)


def test_changed_answers_are_found_told_and_stand(frozen: None) -> None:
    a_person("Cora", roles=["coordinator"])
    assert (why(), check_history().broken) == (None, None)
    run_sql(COUNTED)
    assert check().broken is None, "the history itself is whole"
    found = check_history().broken
    assert found is not None
    assert (found.why, why()) == (NAMED, NAMED)
    assert [one.why for one in standing_breaks()] == [NAMED]
    messages = db.session.query(Message).filter_by(kind="history").all()
    assert messages
    assert all(NAMED in (message.text or "") for message in messages)


def test_the_first_of_several_is_named(frozen: None) -> None:
    run_sql(COUNTED.replace("= 'CP-003'", "= 'CP-020'"))
    run_sql(COUNTED)
    assert why() == NAMED


@pytest.mark.parametrize("what", sorted(EXPLAINING))
def test_what_the_history_tells_is_explained(frozen: None, what: str) -> None:
    run_sql(COUNTED)
    with transaction():
        record("import", [Event("audit", "CP-003", what)])
    assert why() is None


@pytest.mark.parametrize(
    "event",
    [
        Event("audit", "CP-003", "chased"),
        Event("audit", "CP-003", "grades asked for"),
        Event("audit", "CP-003", "note changed"),
        Event("audit", "CP-004", "returned"),
        Event("action", "CP-003", "returned"),
        Event("setting", "teams", MERGED),
    ],
    ids=lambda event: f"{event.subject} {event.what}",
)
def test_what_changes_no_answer_explains_none(frozen: None, event: Event) -> None:
    run_sql(COUNTED)
    with transaction():
        record("import", [event])
    assert why() == NAMED


def test_an_event_from_before_the_freezing_explains_nothing(first_cycle: None) -> None:
    with transaction():
        record("import", [Event("audit", "CP-003", "returned")])
    freeze_closed(FROZEN)
    run_sql(COUNTED)
    assert why() == NAMED


def test_what_the_product_does_after_the_freezing_is_no_break(
    frozen: None, late_return: Callable[[str], None], answers: Import, newer_tool: Callable[[], None]
) -> None:
    late_return("CP-009")
    assert why() is None
    assert taken_in(answers("CP-009,child_seen,yes,ICS,", "CP-009,gatekeeping,yes,ICS,")).added == 2
    newer_tool()
    with transaction():
        place = db.session.query(EvidencePlace).first()
        assert place is not None
        rename(PLACES, place.id, "Another name", by="jack.denny@council.example")
    assert why() is None


def test_drafts_of_an_audit_that_is_not_returned_are_not_counted(frozen: None) -> None:
    run_sql("delete from answers where audit_id = (select id from audits where reference = 'CP-009')")
    run_sql(
        "insert into answers (audit_id, question_id, version) "
        "select audits.id, min(questions.id), 1 from audits, questions where reference = 'CP-009' "
        "group by audits.id"
    )
    assert why() is None


def test_entries_of_lists_that_were_merged_change_audits(frozen: None) -> None:
    run_sql(
        "update audits set team_id = (select min(id) from teams where id != audits.team_id) "
        "where reference = 'CP-003'"
    )
    assert why() == NAMED
    with transaction():
        record("update", [Event("setting", "teams", MERGED, before="Crewe", after="Nantwich")])
    assert why() is None


def test_removed_texts_change_nothing_that_was_counted(first_cycle: None) -> None:
    with transaction():
        db.session.execute(text("update answers set comment = ' Seen at home '"))
        db.session.execute(text("update context_notes set note = 'A vacancy'"))
    freeze_closed(FROZEN)
    removed = removing.remove("2010-1", by="jack.denny@council.example", on=date(2013, 1, 1))
    assert removed is not None
    assert removed.counts["comments and reasons of answers"]
    assert why() is None


def without_facts() -> None:
    """Let the findings be as an earlier version froze them."""
    with transaction():
        drop_triggers(db.session.connection())
        document = json.loads(db.session.scalars(db.select(Snapshot.findings)).one())
        del document[KEPT_AS]
        db.session.execute(update(Snapshot).values(findings=json.dumps(document)))


def test_earlier_snapshots_open_and_are_said_to_be_unchecked(frozen: None) -> None:
    before = findings_of(cycle(), FROZEN)
    without_facts()
    assert findings_of(cycle(), FROZEN) == before
    run_sql(COUNTED)
    with db.engine.connect() as connection:
        found = check_facts(connection)
    assert (found.broken, found.not_checked) == (None, ("2010-1",))


def test_the_command_says_what_it_cannot_check(
    first_cycle: None, service: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("app.findings.freezing.with_facts", lambda _connection, findings, _id: findings)
    freeze_closed(FROZEN)
    monkeypatch.setenv("INSTANCE_PATH", str(service.extensions["settings"].instance_path))
    monkeypatch.setenv("DATABASE_URL", service.config["SQLALCHEMY_DATABASE_URI"])
    answer = CliRunner().invoke(main, ["check"], catch_exceptions=False)
    assert (
        ". The answers behind the findings of 1 closed cycle cannot be checked, because these were frozen by "
        "an earlier version: 2010-1\n" in answer.stdout
    )


def test_the_document_is_read_as_before(frozen: None) -> None:
    document = db.session.scalars(db.select(Snapshot.findings)).one()
    facts = json.loads(document)[KEPT_AS]
    assert len(facts) == 29
    assert all(len(one) == 32 and one.isalpha() for one in facts.values())
    assert from_json(document) == found()


def test_a_digest_changed_in_the_snapshot_is_found(frozen: None) -> None:
    document = db.session.scalars(db.select(Snapshot.findings)).one()
    facts = json.loads(document)[KEPT_AS]
    changed = document.replace(facts["CP-003"], facts["CP-004"])
    with transaction():
        drop_triggers(db.session.connection())
        db.session.execute(update(Snapshot).values(findings=changed))
        put_back(db.session.connection())
    broken = check().broken
    assert broken is not None
    assert broken.why.startswith("Frozen: findings of cycle 2010-1. This was changed after row ")

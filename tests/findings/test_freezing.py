"""The findings of a frozen cycle are read from its snapshot, whatever comes later."""

import json
from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from click.testing import CliRunner
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import delete, update

from app.answers.models import MODERATED, Answer, AnswerView, ContextNote
from app.audits.cycle import Cycle
from app.audits.models import Audit
from app.commands import main
from app.cycles import queries
from app.database import db, transaction
from app.findings.document import Findings, from_json
from app.findings.freezing import close, findings_of, freeze_closed, keep
from app.findings.models import Snapshot
from app.people.models import Person
from app.tools.models import Question, ScaleResponse
from tests.factories import a_cycle, a_person, an_audit
from tests.findings.conftest import Import, taken_in
from tests.history.tampered import drop_triggers
from tests.pages import opened, visible

FROZEN, LATER = date(2010, 12, 22), date(2011, 3, 1)
FIGURES = [60, 50, None, 60, 60, 48, 48, 70]
RANGES = ["41% to 77%", "32% to 68%", "None", *["41% to 77%"] * 2, *["30% to 67%"] * 2, "49% to 84%"]


def cycle(reference: str = "2010-1") -> Cycle:
    db.session.rollback()
    known = queries.found(reference)
    assert known is not None
    return known


def found(on: date = LATER) -> Findings:
    return findings_of(cycle(), on)


def snapshot() -> Snapshot | None:
    return db.session.get(Snapshot, cycle().id)


@pytest.fixture
def frozen(first_cycle: None) -> Findings:
    """The first cycle, frozen; what it found."""
    freeze_closed(FROZEN)
    return found()


def test_the_first_cycle_gives_the_same_when_frozen_as_before(first_cycle: None) -> None:
    before = found()
    freeze_closed(FROZEN)
    after = found()
    assert [area.figure.percent for area in after.areas] == FIGURES
    assert [str(area.figure.interval) for area in after.areas] == RANGES
    assert after.areas == before.areas
    assert after.returns == before.returns
    assert after.frozen_on == FROZEN


def test_a_late_return_and_its_answers_change_no_figure(
    frozen: Findings, late_return: Callable[[str], None], answers: Import
) -> None:
    late_return("CP-009")
    assert taken_in(answers("CP-009,child_seen,yes,ICS,", "CP-009,gatekeeping,yes,ICS,")).added == 2
    after = found()
    assert after.areas == frozen.areas
    assert after.returns.after_cut_off == 1  # it is told, and is among the not returned as before
    assert (after.returns.returned, after.returns.not_returned) == (26, 3)


def test_a_newer_version_of_the_tool_changes_no_figure(
    frozen: Findings, newer_tool: Callable[[], None]
) -> None:
    newer_tool()
    assert found() == frozen


def test_a_moderation_that_comes_too_late_changes_no_figure(frozen: Findings) -> None:
    with transaction():
        audit = db.session.query(Audit).filter_by(reference="CP-001").one()
        question = db.session.query(Question).filter_by(key="core_groups_quality").one()
        outstanding = db.session.query(ScaleResponse).filter_by(response="outstanding").one()
        view = AnswerView(
            audit_id=audit.id,
            question_id=question.id,
            whose=MODERATED,
            response_id=outstanding.id,
            made_on=LATER,
        )
        db.session.add(view)
    assert found() == frozen


def test_answers_that_are_removed_after_their_time_leave_the_figures(frozen: Findings) -> None:
    with transaction():
        db.session.execute(delete(Answer))
        db.session.execute(delete(ContextNote))
        db.session.execute(update(Audit).values(case_reference=None))
    assert found() == frozen


def test_a_changed_setting_of_the_cycle_changes_nothing_that_was_frozen(frozen: Findings) -> None:
    with transaction():
        cycle().hide_up_to = 0
    assert found() == frozen


def test_a_frozen_cycle_says_so_by_page_and_by_command(
    frozen: Findings,
    sign_in: Callable[[Person], FlaskClient],
    clock_at: Callable[[date], None],
    monkeypatch: pytest.MonkeyPatch,
    app: Flask,
) -> None:
    clock_at(LATER)
    client = sign_in(a_person(roles=["leader"]))
    words = visible(opened(client, "/cycles/2010-1/findings"))
    assert (
        "Figures frozen on 22 December 2010. Audits returned after the cut-off date (17 December 2010) are "
        "not included." in words
    )
    monkeypatch.setenv("INSTANCE_PATH", str(app.extensions["settings"].instance_path))
    monkeypatch.delenv("DATABASE_URL", raising=False)
    answer = CliRunner().invoke(main, ["findings", "2010-1", "--json"], catch_exceptions=False)
    told: dict[str, Any] = json.loads(answer.stdout)
    assert [area["percent"] for area in told["areas"]] == FIGURES


def test_before_the_day_it_was_frozen_the_cycle_is_read_from_its_answers(frozen: Findings) -> None:
    earlier = found(date(2010, 10, 14))
    assert earlier.areas[0].figure.counts.audits == 4
    assert earlier.frozen_on is None


def test_closing_in_the_product_keeps_what_was_found(
    sign_in: Callable[[Person], FlaskClient], clock_at: Callable[[date], None]
) -> None:
    clock_at(FROZEN)
    an_audit(returned_on=date(2010, 11, 1))
    client = sign_in(a_person("Jack Denny", roles=["coordinator"]))
    form = {"cut_off_on": ["10", "12", "2010"], "confirmed": "y"}
    assert client.post("/cycles/2010-1/close", data=form).status_code == 302
    kept = snapshot()
    assert kept is not None
    assert kept.made_on == FROZEN
    assert from_json(kept.findings) == found()
    assert found().cut_off_on == date(2010, 12, 10)
    assert found().returns.returned == 1


def test_a_cycle_is_not_closed_when_what_it_found_cannot_be_kept(
    app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fails(_findings: Findings) -> str:
        raise RuntimeError("no")

    an_audit(returned_on=date(2010, 11, 1))
    monkeypatch.setattr(Findings, "to_json", fails)
    with pytest.raises(RuntimeError):
        close(a_cycle(), cut_off_on=None, by=a_person(), on=FROZEN)
    assert cycle().closed_on is None
    assert cycle().frozen_on is None


def test_a_cycle_frozen_before_snapshots_were_kept_is_read_as_of_the_day_it_was_frozen(
    frozen: Findings, late_return: Callable[[str], None]
) -> None:
    with transaction():
        drop_triggers(db.session.connection())
        db.session.execute(delete(Snapshot))
    assert found() == frozen
    late_return("CP-009")
    assert found().areas == frozen.areas
    keep(cycle())
    assert from_json(snapshot().findings).areas == frozen.areas  # type: ignore[union-attr]


def test_only_a_frozen_cycle_is_kept(first_cycle: None) -> None:
    with pytest.raises(ValueError, match="is not frozen"):
        keep(cycle())


def test_the_document_survives_being_written_and_read(frozen: Findings) -> None:
    assert from_json(frozen.to_json()) == frozen


def test_no_comment_and_no_case_number_is_in_the_snapshot(frozen: Findings) -> None:
    kept = snapshot()
    assert kept is not None
    for comment in db.session.query(Answer.comment).filter(Answer.comment.is_not(None)):
        assert str(comment[0]) not in kept.findings
    for number in db.session.query(Audit.case_reference):
        assert str(number[0]) not in kept.findings


def test_a_snapshot_from_before_kinds_were_kept_tells_grades_from_evidence(frozen: Findings) -> None:
    since = ("kind", "responses", "several", "is_met_or_not", "numbers", "theme", "recorded_in", "met_as")
    kept = json.loads(snapshot().findings)  # type: ignore[union-attr]
    for area in kept["areas"]:
        for name in since:
            del area[name]
    for name in ("unconfirmed", "confirmed_here", "returned_here"):
        del kept["agreement"][name]
    with transaction():
        drop_triggers(db.session.connection())
    with transaction():
        snapshot().findings = json.dumps(kept)  # type: ignore[union-attr]
    opened = found()
    assert [area.figure for area in opened.areas] == [area.figure for area in frozen.areas]
    assert [area.met_words for area in opened.areas] == [area.met_words for area in frozen.areas]
    assert opened.met_words == ("graded outstanding or good", "evidence found")
    # of what was not done it knows nothing
    assert (opened.agreement.confirmed_in_words, opened.moderated_in_words) == (None, None)

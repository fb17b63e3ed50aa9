"""Answers from a file."""

from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import func, select

from app.answers.importing import import_answers
from app.answers.models import Answer, EvidencePlace
from app.audits.cycle import Cycle
from app.audits.models import Audit
from app.database import db, transaction
from app.files.imported import Imported
from app.history.record import of
from app.tools.models import Question, ScaleResponse
from config.settings import PROJECT
from tests.factories import a_cycle, a_tool, an_audit

from .conftest import counted, said

HEADING = "audit_reference,question,response,evidence_location,comment"
ROW = "CP-009,child_seen,yes,ICS,seen alone"

Load = Callable[..., Imported]


@pytest.fixture
def load(app: Flask, tmp_path: Path) -> Load:
    """Import answers of CP-009 and CP-010, whose tool asks child_seen and plan_quality."""
    tool = a_tool()
    with transaction():
        tool = db.session.merge(tool)
        for position, (response, counts_as) in enumerate((("good", "met"), ("adequate", "not met")), start=1):
            tool.responses.append(
                ScaleResponse(scale="judgement", position=position, response=response, counts_as=counts_as)
            )
        tool.sections[0].questions.append(
            Question(position=2, key="plan_quality", key_area="Plan", text="Plan?", scale="judgement")
        )
    an_audit("CP-009", case_reference="390984")
    an_audit("CP-010", case_reference="390985")

    def rows(*rows: str, heading: str = HEADING, dry_run: bool = False) -> Imported:
        path = tmp_path / "answers.csv"
        path.write_text("\n".join([heading, *rows]) + "\n", encoding="utf-8")
        return import_answers(path, dry_run=dry_run)

    return rows


def answers() -> list[tuple[str, str, str | None, str | None, str | None]]:
    """Audit, question, response, place and comment of every answer."""
    db.session.rollback()
    query = (
        select(Audit.reference, Question.key, ScaleResponse.response, EvidencePlace.label, Answer.comment)
        .select_from(Answer)
        .join(Audit, Audit.id == Answer.audit_id)
        .join(Question, Question.id == Answer.question_id)
        .outerjoin(ScaleResponse, ScaleResponse.id == Answer.response_id)
        .outerjoin(EvidencePlace, EvidencePlace.id == Answer.found_in_id)
        .order_by(Audit.reference, Question.key)
    )
    return [
        (audit, question, response, place, comment)
        for audit, question, response, place, comment in db.session.execute(query)
    ]


def places() -> list[str]:
    db.session.rollback()
    return list(db.session.scalars(select(EvidencePlace.label).order_by(EvidencePlace.position)))


def freeze(*, returned: dict[str, date]) -> None:
    """Freeze the cycle with its cut-off on 12 November 2010, these audits returned on these days."""
    with transaction():
        cycle = db.session.scalars(select(Cycle)).one()
        cycle.closed_on, cycle.cut_off_on = date(2010, 12, 17), date(2010, 11, 12)
        cycle.frozen_on = date(2010, 12, 20)
        for audit in db.session.scalars(select(Audit)):
            audit.returned_on = returned.get(audit.reference)


def test_an_answer_is_taken_in_once(load: Load) -> None:
    assert counted(load(ROW)) == (1, 0, 0, 0)
    assert counted(load(ROW)) == (0, 0, 1, 0)
    assert answers() == [("CP-009", "child_seen", "yes", "ICS", "seen alone")]


def test_checking_only_changes_nothing(load: Load) -> None:
    assert counted(load("CP-009,child_seen,yes,Archive,", dry_run=True)) == (1, 0, 0, 0)
    assert answers() == []
    assert "Archive" not in places()


@pytest.mark.parametrize(
    ("row", "after"),
    [
        ("CP-009,child_seen,no,,", ("no", "ICS", "seen alone")),
        ("CP-009,child_seen,,Paris,", ("yes", "Paris", "seen alone")),
        ("CP-009,child_seen,,,seen twice", ("yes", "ICS", "seen twice")),
    ],
)
def test_only_filled_cells_change_an_answer(load: Load, row: str, after: tuple[str, str, str]) -> None:
    load(ROW)
    assert counted(load(row)) == (0, 1, 0, 0)
    assert answers() == [("CP-009", "child_seen", *after)]


def test_an_empty_response_changes_nothing(load: Load) -> None:
    load(ROW)
    assert counted(load("CP-009,child_seen,,,", "CP-010,child_seen,,,")) == (0, 0, 2, 0)
    assert answers() == [("CP-009", "child_seen", "yes", "ICS", "seen alone")]


def test_a_comment_without_a_response_is_kept_and_not_answered(load: Load) -> None:
    load("CP-009,child_seen,,,the paper file was in storage")
    assert answers() == [("CP-009", "child_seen", None, None, "the paper file was in storage")]


@pytest.mark.parametrize(
    ("written", "response"),
    [
        *[
            (written, "not applicable")
            for written in ("Not Applicable", "not_applicable", " NOT APPLICABLE ")
        ],
        *[(written, "not applicable") for written in ("N/A", "n/a", "NA")],
        *[(written, "yes") for written in ("YES", "Y", "1", "true")],
        *[(written, "no") for written in ("No", "n", "0", "FALSE")],
    ],
)
def test_a_response_is_known_as_people_and_programs_write_it(load: Load, written: str, response: str) -> None:
    assert said(load(f"CP-009,child_seen,{written},,")) == []
    assert answers()[0][2] == response


@pytest.mark.parametrize("written", ["N/A", "NA", "Y", "1", "-", "none", "not applicable"])
def test_nothing_else_is_suggested_for_a_response_that_the_scale_lacks(load: Load, written: str) -> None:
    (line,) = said(load(f"CP-009,plan_quality,{written},,"))
    assert line == f'answers.csv: row 2, column response, "{written}": must be one of good, adequate'
    assert answers() == []


def test_a_new_place_is_added_at_the_end_of_the_list_once(load: Load) -> None:
    before = places()
    load("CP-009,child_seen,yes,Off-site Archive,", "CP-010,child_seen,yes,off-site archive,")
    load("CP-009,plan_quality,good,PAPER FILE,")
    assert places() == [*before, "Off-site Archive"]
    assert [place for *_, place, _ in answers()] == ["Off-site Archive", "Paper file", "Off-site Archive"]


@pytest.mark.parametrize(
    ("row", "fault"),
    [
        ("CP-011,child_seen,yes,,", 'column audit_reference, "CP-011": there is no such audit'),
        (
            "CP-009,child_sen,yes,,",
            (
                'column question, "child_sen": is not a question of child-protection, version 1: '
                "the nearest is child_seen"
            ),
        ),
        (
            "CP-009,child_seen,yess,,",
            'column response, "yess": must be one of yes, no, not applicable: the nearest is yes',
        ),
        (
            "CP-009,plan_quality,yes,,",
            'column response, "yes": must be one of good, adequate',
        ),
        ("CP-009,,yes,,", "column question: must not be empty"),
        (",child_seen,yes,,", "column audit_reference: must not be empty"),
        (
            "CP-009,child_seen,yes,drawer of 390984,",
            "column evidence_location: contains the case number: remove it",
        ),
    ],
)
def test_a_wrong_answer_is_named_and_nothing_is_taken_in(load: Load, row: str, fault: str) -> None:
    (line,) = said(load("CP-010,child_seen,yes,ICS,", row))
    assert line.startswith(f"answers.csv: row 3, {fault}")
    assert answers() == []


def test_every_fault_of_a_file_is_said(load: Load) -> None:
    outcome = load("CP-011,child_seen,yes,,", "CP-009,child_sen,yes,,", "CP-009,child_seen,perhaps,,")
    assert [(fault.row, fault.column) for fault in outcome.faults] == [
        (2, "audit_reference"),
        (3, "question"),
        (4, "response"),
    ]


def test_the_same_question_of_an_audit_twice_in_one_file_is_a_fault(load: Load) -> None:
    (fault,) = load(ROW, ROW).faults
    assert (fault.row, fault.value, fault.why) == (3, "CP-009 + child_seen", "also in row 2")


def test_a_file_without_responses_is_refused(load: Load) -> None:
    (line,) = said(load("CP-009,child_seen", heading="audit_reference,question"))
    assert line == "answers.csv: row 1, column response: this column is missing"


@pytest.mark.parametrize(
    "row",
    [
        "390984,child_seen,yes,,",
        "CP-009,390984,yes,,",
        "CP-009,child_seen,390984,,",
        f"CP-009,child_seen,perhaps,,{'390984 ' * 2000}",
    ],
)
def test_no_fault_repeats_the_number_of_a_case_or_a_comment(load: Load, row: str) -> None:
    lines = said(load(row))
    assert lines
    assert "390984" not in " ".join(lines)


def test_a_frozen_cycle_refuses_a_changed_answer_and_takes_the_same_again(load: Load) -> None:
    load(ROW)
    freeze(returned={"CP-009": date(2010, 11, 12)})
    assert counted(load(ROW)) == (0, 0, 1, 0)
    (changed,) = said(load("CP-009,child_seen,no,,"))
    (added,) = said(load("CP-009,plan_quality,good,,"))
    why = "cycle 2010-1 was frozen on 2010-12-20, so only late returns can be imported"
    assert changed == added == f'answers.csv: row 2, column audit_reference, "CP-009": {why}'
    assert answers() == [("CP-009", "child_seen", "yes", "ICS", "seen alone")]


def test_a_frozen_cycle_takes_in_answers_of_late_returns_alone(load: Load) -> None:
    freeze(returned={"CP-009": date(2010, 11, 13)})
    assert counted(load(ROW)) == (1, 0, 0, 0)
    assert load("CP-010,child_seen,yes,,").refused
    assert [audit for audit, *_ in answers()] == ["CP-009"]


def test_a_closed_cycle_takes_answers_until_it_is_frozen(load: Load) -> None:
    with transaction():
        db.session.merge(a_cycle()).closed_on = date(2010, 12, 17)
    assert counted(load(ROW)) == (1, 0, 0, 0)


def test_the_history_tells_which_questions_and_no_answer(load: Load) -> None:
    load(ROW, "CP-009,plan_quality,good,,")
    load("CP-009,child_seen,no,,")
    changed, taken_in = of("audit", "CP-009")
    assert (taken_in.who, taken_in.what) == ("import", "answers imported")
    assert (taken_in.before, taken_in.after) == (None, "child_seen, plan_quality")
    assert (changed.what, changed.before, changed.after) == ("answers changed", None, "child_seen")


def test_answers_of_one_tool_are_read_by_that_tool(load: Load, app: Flask) -> None:
    """A question of the cycle's own tool version is asked, not one of any other."""
    other = a_tool("another-tool")
    with transaction():
        other = db.session.merge(other)
        other.sections[0].questions[0].key = "asked_elsewhere"
        theirs = Cycle(
            reference="2011-1",
            title="Another",
            theme="Another",
            tool_id=other.id,
            requested_on=date(2011, 1, 4),
            due_on=date(2011, 2, 4),
        )
        db.session.add(theirs)
    an_audit("CC-001", cycle=theirs)
    assert load("CP-009,asked_elsewhere,yes,,", "CC-001,child_seen,yes,,").refused
    assert counted(load("CC-001,asked_elsewhere,yes,,", ROW)) == (2, 0, 0, 0)


@pytest.mark.postgresql
def test_answers_and_context_are_taken_in_and_counted_on_postgresql(
    tmp_path: Path, postgresql_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    from app import create_app
    from app.answers.importing_context import import_context
    from app.answers.models import ContextNote
    from app.audit_files.audits import import_audits
    from app.audits.standing import standings
    from app.cycles import queries
    from app.cycles.importing import import_cycle
    from app.findings.tallies import tallies
    from app.people.closures import working_days
    from app.people.importing_staff import import_staff
    from app.tools.importing import import_tool
    from tests.conftest import settings_in

    files = PROJECT / "app" / "example" / "first-cycle"
    application = create_app(settings_in(tmp_path, DATABASE_URL=postgresql_url))
    with application.app_context():
        import_staff(files / "staff.csv")
        import_tool(files / "tool.toml")
        import_cycle(files / "cycle.toml")
        import_audits(files / "audits.csv", on=date(2010, 12, 22), cycle="2010-1")
        new_place = tmp_path / "answers.csv"
        new_place.write_text(f"{HEADING}\nCP-001,child_seen,yes,Archive,\n", encoding="utf-8")
        for added in (True, False):
            answers, context = import_answers(files / "answers.csv"), import_context(files / "context.csv")
            assert (answers.added, context.added) == ((185, 8) if added else (0, 0))
            assert (answers.unchanged, context.unchanged) == ((0, 0) if added else (185, 8))
        assert counted(import_answers(new_place)) == (0, 1, 0, 0)
        db.session.rollback()
        cycle = queries.found("2010-1")
        assert cycle is not None
        counts = tallies(cycle, standings(date(2010, 12, 22), working_days())).questions
        assert [one.counts.met for one in counts] == [15, 13, 5, 15, 16, 12, 12, 16]
        assert db.session.scalar(select(func.count(ContextNote.id))) == 8
        assert places()[-1] == "Archive"
        db.session.remove()
        db.engine.dispose()

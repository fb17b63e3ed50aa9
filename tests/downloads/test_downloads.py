"""Lists as files: the same rows in csv and xlsx, nothing in them that a spreadsheet program calculates."""

from collections.abc import Callable
from datetime import date, datetime

import pytest
from flask import Flask
from flask.testing import FlaskClient

from app.actions.models import Action, Recommendation
from app.answers import download_views
from app.answers.models import AGREED, Answer, AnswerView, EvidencePlace
from app.audits.cycle import Cycle
from app.audits.models import Audit
from app.database import db, transaction
from app.outbox.kinds import Rendered
from app.outbox.writing import write
from app.people.models import Person
from app.tools.models import Question, ScaleResponse
from tests.downloads.files import calculates, csv_of, downloaded, rows_of
from tests.factories import a_cycle, a_person, an_audit
from tests.files.formulas import FORMULAS
from tests.pages import opened

SignIn = Callable[[Person], FlaskClient]

ANSWERS = "/cycles/2010-1/answers?download="


@pytest.fixture(autouse=True)
def the_day(clock_at: Callable[[date], None]) -> None:
    clock_at(date(2010, 11, 22))


@pytest.fixture
def coordinator(app: Flask, sign_in: SignIn) -> FlaskClient:
    return sign_in(a_person("Jack Somebody", roles=["coordinator"]))


def response(name: str) -> ScaleResponse:
    return db.session.query(ScaleResponse).filter_by(response=name).one()


def an_answer(audit: Audit, said: str, comment: str | None = None) -> None:
    question = db.session.query(Question).one()
    with transaction():
        place = db.session.query(EvidencePlace).filter_by(label="Paper file").one_or_none()
        place = place or EvidencePlace(label="Paper file", position=90)
        db.session.add(place)
        db.session.flush()
        db.session.add(
            Answer(
                audit_id=audit.id,
                question_id=question.id,
                response_id=response(said).id,
                found_in_id=place.id,
                comment=comment,
            )
        )


def test_the_chase_list_is_a_spreadsheet_with_dates_and_numbers_and_no_case_number(
    coordinator: FlaskClient,
) -> None:
    an_audit("CP-001", lead=a_person("Maeve Roe"), second=a_person(), case_reference="77771")
    assert 'href="?download=xlsx"' in opened(coordinator, "/audits")
    (row,) = rows_of(coordinator, "/audits?download=xlsx")
    assert (row["reference"], row["lead_auditor"]) == ("CP-001", "Maeve Roe")
    assert (row["due_on"], row["working_days_overdue"]) == (date(2010, 11, 12), 6)
    assert "77771" not in str(row)


def test_actions_and_recommendations_are_spreadsheets(coordinator: FlaskClient) -> None:
    cycle = a_cycle()
    with transaction():
        recommended = Recommendation(
            reference="R1", cycle_id=cycle.id, text="=1+1", raised_on=date(2010, 11, 1)
        )
        db.session.add(recommended)
        db.session.flush()
        action = Action(
            reference="A1", text="@SUM(A1)", recommendation_id=recommended.id, due_on=date(2011, 1, 4)
        )
        db.session.add(action)
    assert [one["text"] for one in rows_of(coordinator, "/actions?download=xlsx")] == ["@SUM(A1)"]
    assert rows_of(coordinator, "/actions?download=xlsx")[0]["due_on"] == date(2011, 1, 4)
    assert [one["text"] for one in rows_of(coordinator, "/recommendations?download=xlsx")] == ["=1+1"]
    assert "download=xlsx" in opened(coordinator, "/actions")
    assert "download=xlsx" in opened(coordinator, "/recommendations")


def test_the_answers_of_many_audits_are_read_part_by_part(
    coordinator: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(download_views, "AT_A_TIME", 2)
    lead, second, on = a_person(), a_person(), date(2010, 11, 5)
    for number in (3, 1, 5, 2, 4):
        an_answer(an_audit(f"CP-{number}", lead=lead, second=second, returned_on=on), "yes")
    found = [row["audit_reference"] for row in rows_of(coordinator, f"{ANSWERS}xlsx")]
    assert found == [f"CP-{number}" for number in range(1, 6)]


def test_answers_have_what_was_found_and_where_without_the_case_number(coordinator: FlaskClient) -> None:
    returned = an_audit(
        "CP-001", lead=a_person(), second=a_person(), case_reference="AB77771", returned_on=date(2010, 11, 5)
    )
    an_answer(returned, "yes", "See ab77771, page 4")
    an_answer(an_audit("CP-002", lead=a_person(), second=a_person()), "no")
    (row,) = rows_of(coordinator, f"{ANSWERS}xlsx")
    assert (row["audit_reference"], row["response"], row["evidence_location"]) == (
        "CP-001",
        "yes",
        "Paper file",
    )
    assert row["comment"] == "See [case number], page 4"
    assert [one["response"] for one in csv_of(coordinator, f"{ANSWERS}csv")] == ["yes"]
    assert f"{ANSWERS}xlsx".split("?")[0] in opened(coordinator, "/cycles/2010-1")


def test_a_question_without_an_answer_has_its_row(coordinator: FlaskClient) -> None:
    an_audit("CP-001", lead=a_person(), second=a_person(), returned_on=date(2010, 11, 5))
    assert [(one["audit_reference"], one["response"]) for one in rows_of(coordinator, f"{ANSWERS}xlsx")] == [
        ("CP-001", "")
    ]


def test_the_response_that_counts_stands_beside_the_one_it_replaced(coordinator: FlaskClient) -> None:
    audit = an_audit("CP-001", lead=a_person(), second=a_person(), returned_on=date(2010, 11, 5))
    an_answer(audit, "yes")
    with transaction():
        db.session.add(
            AnswerView(
                audit_id=audit.id,
                question_id=db.session.query(Question).one().id,
                whose=AGREED,
                response_id=response("no").id,
                reason="Not on file.",
                made_on=date(2010, 11, 9),
            )
        )
    (row,) = rows_of(coordinator, f"{ANSWERS}xlsx")
    assert (row["response"], row["response_before_it_was_changed"]) == ("no", "yes")


def test_there_are_no_answers_of_a_cycle_that_there_is_not(coordinator: FlaskClient) -> None:
    assert coordinator.get("/cycles/1999-1/answers?download=csv").status_code == 404


def test_messages_tell_to_whom_and_when_and_never_what_they_say(coordinator: FlaskClient) -> None:
    with transaction():
        for kind in ("digest", "weekly"):
            write(
                kind,
                recipient=None,
                address=f"{kind}@council.example",
                rendered=Rendered("Audits due", "The secret words", "<p>The secret words</p>"),
                why="It was due.",
                on=date(2010, 11, 22),
            )
    rows = rows_of(coordinator, "/messages?download=xlsx&kind=digest")
    assert [(row["to"], row["kind"], row["subject"]) for row in rows] == [
        ("digest@council.example", "daily email", "Audits due")
    ]
    assert isinstance(rows[0]["written_at"], datetime)
    assert len(csv_of(coordinator, "/messages?download=csv")) == 2
    assert b"secret words" not in downloaded(coordinator, "/messages?download=csv")
    assert "download=xlsx" in opened(coordinator, "/messages")


def test_no_formula_text_is_calculated_in_any_download(coordinator: FlaskClient) -> None:
    owner = a_person()
    cycle = a_cycle()
    for number, formula in enumerate(FORMULAS[:: len(FORMULAS) // 12]):
        audit = an_audit(f"CP-{number}", lead=owner, second=a_person(), returned_on=date(2010, 11, 5))
        an_answer(audit, "yes", formula)
    with transaction():
        owner.name = "=Maeve"
        for number, formula in enumerate(FORMULAS):
            db.session.add(
                Recommendation(
                    reference=f"R{number}", cycle_id=cycle.id, text=formula, raised_on=date(2010, 11, 1)
                )
            )
            db.session.add(Action(reference=f"A{number}", text=formula, owner_id=owner.id))
            write(
                "digest",
                recipient=None,
                address="a@council.example",
                rendered=Rendered(formula, "", ""),
                why="It was due.",
                on=date(2010, 11, 22),
            )
    for address, column, texts in (
        ("/recommendations?download=", "text", 500),
        ("/actions?download=", "text", 500),
        ("/messages?download=", "subject", 500),
        (ANSWERS, "comment", 13),
        ("/audits?state=returned&download=", "lead_auditor", 13),
    ):
        assert not calculates(downloaded(coordinator, f"{address}xlsx")), address
        guarded = [row[column] for row in csv_of(coordinator, f"{address}csv")]
        assert len(guarded) == texts, address
        assert all(text.startswith("'") for text in guarded), address


def test_only_coordinators_download_answers(app: Flask, sign_in: SignIn) -> None:
    a_cycle()
    for role in ("leader", "manager", "auditor", "moderator", "administrator"):
        assert sign_in(a_person(roles=[role])).get(f"{ANSWERS}csv").status_code == 403


def test_the_cycle_has_its_name_in_the_file(coordinator: FlaskClient) -> None:
    assert a_cycle().reference == "2010-1"
    assert db.session.query(Cycle).count() == 1
    answer = coordinator.get(f"{ANSWERS}csv")
    assert (
        answer.headers["Content-Disposition"]
        == 'attachment; filename="answers 2010-1 2010-11-22 OFFICIAL-SENSITIVE.csv"'
    )

"""Names and references in files: what is one, what is new, and that one team stays one from end to end."""

import csv
import io
from collections.abc import Callable
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import func, select

from app.actions.importing_actions import import_actions
from app.actions.importing_recommendations import import_recommendations
from app.actions.models import Action, Body, Recommendation
from app.answers.importing import import_answers
from app.answers.importing_context import import_context
from app.answers.models import Answer, ContextFactor, ContextNote, EvidencePlace
from app.audit_files.audits import import_audits
from app.audit_files.chases import import_chases
from app.audits.models import Audit, Chase
from app.concerns import alerts
from app.concerns.alerts import PhoneCall
from app.cycles.importing import import_cycle
from app.database import db, transaction
from app.files.imported import Imported
from app.files.new_names import MOST_COMPARED
from app.history import record
from app.names import folded
from app.outbox.models import Message
from app.people.importing_staff import import_staff
from app.people.models import Person, Team
from app.quick_wins.importing import import_quick_wins
from app.quick_wins.models import QuickWin
from app.tools.importing import import_tool
from app.tools.models import Standard, Tool
from tests.factories import a_cycle, a_person, a_team, an_audit
from tests.pages import visible
from tests.test_names import WORDS, written

from .conftest import said

TODAY = date(2010, 11, 1)
STRAIGHT, CURLY, WIDE = (
    "Children's Services 0-5",
    "Children’s Services 0–5",
    "Children’s\u00a0Services\u00a00‑5",
)

File = Callable[..., Path]


@pytest.fixture
def file(tmp_path: Path) -> File:
    """Write a file of these lines."""

    def write(name: str, *lines: str) -> Path:
        path = tmp_path / name
        path.write_text("\n".join(lines) + "\n", encoding="utf-8")
        return path

    return write


def how_many(model: type) -> int:
    return db.session.scalar(select(func.count()).select_from(model)) or 0


def taken_in(outcome: Imported) -> tuple[int, int, int]:
    assert said(outcome) == []
    return outcome.added, outcome.changed, outcome.unchanged


def test_one_team_in_three_spellings_stays_one_from_the_file_to_the_alert(service: Flask, file: File) -> None:
    """Apostrophes and dashes made a second team: its auditor audited their own team's case, and its manager
    was not told that a child was at risk."""
    a_cycle()
    staff = import_staff(
        file(
            "staff.csv",
            "email,name,team,roles,trained_on",
            f"ann@council.example,Ann O'Neil,{STRAIGHT},auditor,2010-01-04",
            f"ben@council.example,Ben Lee,{CURLY},manager,2010-01-04",
            f"cat@council.example,Cat Dee,{WIDE},auditor,2010-01-04",
            "leo@council.example,Leo Marsh,Crewe,auditor,2010-01-04",
            "mia@council.example,Mia Low,Nantwich,auditor,2010-01-04",
        )
    )
    assert taken_in(staff) == (5, 0, 0)
    assert sorted(db.session.scalars(select(Team.name))) == [STRAIGHT, "Crewe", "Nantwich"]
    columns = "reference,case_reference,team,lead_auditor,second_auditor"
    case = f"AU-20,811120,{CURLY}"
    own = import_audits(
        file("audits.csv", columns, f"{case},ann@council.example,leo@council.example"),
        on=TODAY,
        cycle="2010-1",
    )
    assert said(own) == [
        (
            'audits.csv: row 2, column lead_auditor, "ann@council.example": '
            f"Ann O'Neil is in {STRAIGHT}, the team of the case: name someone else or give an override_reason"
        )
    ]
    others = import_audits(
        file("audits.csv", columns, f"{case},mia@council.example,leo@council.example"),
        on=TODAY,
        cycle="2010-1",
    )
    assert (taken_in(others), others.warnings) == ((1, 0, 0), [])
    mia = db.session.scalars(select(Person).where(Person.name == "Mia Low")).one()
    call = PhoneCall("Ben Lee", "today, 22:05", "by telephone", "He visits within the hour.")
    alerts.raise_alert("au-20", call, mia, datetime(2010, 11, 1, 22, 15, tzinfo=UTC), TODAY)
    assert [message.address for message in db.session.scalars(select(Message))] == ["ben@council.example"]


@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(one=WORDS, other=WORDS, data=st.data())
def test_two_spellings_in_a_file_are_one_team_where_they_are_one_name_and_else_two(
    app: Flask, tmp_path: Path, one: list[list[str]], other: list[list[str]], data: st.DataObject
) -> None:
    teams = [data.draw(written(one)), data.draw(written(one)), data.draw(written(other))]
    path = tmp_path / "staff.csv"
    with path.open("w", encoding="utf-8", newline="") as opened_file:
        rows = csv.writer(opened_file)
        rows.writerow(["email", "name", "team"])
        rows.writerows(
            [f"p{number}@council.example", f"P {number}", team] for number, team in enumerate(teams)
        )
    told = import_staff(path, dry_run=True)
    assert said(told) == []
    assert len(told.warnings) == len(set(map(folded, teams)))
    assert folded(teams[0]) == folded(teams[1])


def test_a_reference_in_small_letters_is_the_same_everywhere(service: Flask, file: File) -> None:
    a_person("Lena Lead", team="Crewe")
    an_audit("AU-01", team="Nantwich", case_reference="615739")
    again = file(
        "audits.csv", "reference,case_reference,team,note", "au-01,615739,nantwich,From the register"
    )
    assert taken_in(import_audits(again, on=TODAY, cycle="2010-1")) == (0, 1, 0)
    assert taken_in(import_audits(again, on=TODAY, cycle="2010-1")) == (0, 0, 1)
    assert db.session.scalars(select(Audit.reference)).all() == ["AU-01"]
    assert [row.what for row in record.of("audit", "AU-01")] == ["note changed"]
    answers = file("answers.csv", "audit_reference,question,response", "Au-01,child_seen,yes")
    assert taken_in(import_answers(answers)) == (1, 0, 0)
    context = file("context.csv", "audit_reference,factor", "AU-01,System Trouble")
    assert taken_in(import_context(context)) == (1, 0, 0)
    chases = file("chases.csv", "audit_reference,day,channel", "au-01,2010-11-01,phone")
    assert taken_in(import_chases(chases)) == (1, 0, 0)
    assert (how_many(Answer), how_many(ContextNote), how_many(Chase)) == (1, 1, 1)
    assert {row.subject for row in record.of("audit", "AU-01")} == {"AU-01"}
    assert len(record.of("audit", "AU-01")) == 4


def test_the_same_reference_twice_in_a_file_is_a_fault_whatever_its_case(app: Flask, file: File) -> None:
    a_cycle()
    columns = "reference,case_reference,team"
    twice = file("audits.csv", columns, "AU-01,615739,Nantwich", "au-01,615739,Nantwich")
    assert said(import_audits(twice, on=TODAY, cycle="2010-1")) == [
        'audits.csv: row 3, column reference, "au-01": also in row 2'
    ]


def test_what_follows_from_findings_is_found_in_any_spelling(service: Flask, file: File) -> None:
    a_cycle("Spring-1")
    a_cycle("Autumn-1", requested_on=date(2010, 10, 5))
    with transaction():
        db.session.add(Body(name="Children’s Board"))
        db.session.add(Team(name=STRAIGHT))
    recommendations = file(
        "recommendations.csv",
        "reference,cycle,text,body",
        "R1,AUTUMN-1,Agree,children's  board",
        "R2,autumn-1,Go,SMT",
    )
    outcome = import_recommendations(recommendations)
    assert (taken_in(outcome), outcome.warnings) == (
        (2, 0, 0),
        ["New body: SMT. The nearest in the list is Children’s Board."],
    )
    assert sorted(db.session.scalars(select(Body.name))) == ["Children’s Board", "SMT"]
    assert taken_in(import_recommendations(recommendations)) == (0, 0, 2)
    actions = file("actions.csv", "reference,text,recommendation", "A1,Do it,r1")
    assert taken_in(import_actions(actions)) == (1, 0, 0)
    of_r1 = select(Action.reference).join(Recommendation).where(Recommendation.reference == "R1")
    assert db.session.scalars(of_r1).all() == ["A1"]
    quick_wins = file(
        "quick_wins.csv",
        "reference,subject,message,audience_roles,starts_on,every_working_days,times,action,audience_teams",
        f"Q1,S,M,auditor,2011-01-17,5,6,a1,{CURLY}; {WIDE}",
    )
    assert taken_in(import_quick_wins(quick_wins)) == (1, 0, 0)
    assert [team.team.name for team in db.session.scalars(select(QuickWin)).one().teams] == [STRAIGHT]
    cycle = file(
        "cycle.toml",
        "[cycle]",
        'reference = "autumn-1"\ntitle = "Next"\ntheme = "Child protection"\ntool = "CHILD-protection"',
        'requested_on = 2010-10-05\ndue_on = 2010-11-12\ncomparable_with = "SPRING-1"',
    )
    assert taken_in(import_cycle(cycle)) == (0, 1, 0)
    assert taken_in(import_cycle(cycle)) == (0, 0, 1)


TOOL = """
[tool]
reference = "{reference}"
title = "A tool"
version = {version}
minimum_answered = 0.8
minimum_count = 10
[scales.evidence]
yes = "met"
no = "not met"
[[section]]
title = "First"
[[section.question]]
key = "seen"
key_area = "Seen"
text = "Seen?"
scale = "evidence"
standard = "{standard}"
[[standard]]
name = "{standard}"
source = "statute"
"""


def test_a_tool_and_its_standards_keep_the_spelling_that_came_first(service: Flask, file: File) -> None:
    first = import_tool(
        file("tool.toml", TOOL.format(reference="Short", version=1, standard="Children's Act"))
    )
    assert (taken_in(first), first.warnings) == ((1, 0, 0), ["New standard: Children's Act."])
    second = import_tool(
        file("tool.toml", TOOL.format(reference="SHORT", version=2, standard="Children’s act"))
    )
    assert (taken_in(second), second.warnings) == ((1, 0, 0), [])
    assert set(db.session.scalars(select(Tool.reference))) == {"Short"}
    assert db.session.scalars(select(Standard.name)).all() == ["Children's Act"]
    again = import_tool(
        file("tool.toml", TOOL.format(reference="short", version=2, standard="CHILDREN’S ACT"))
    )
    assert taken_in(again) == (0, 0, 1)


def test_places_and_factors_are_one_in_any_spelling_and_new_ones_are_told(service: Flask, file: File) -> None:
    an_audit("AU-01")
    an_audit("AU-02")
    answers = import_answers(
        file(
            "answers.csv",
            "audit_reference,question,response,evidence_location",
            "AU-01,child_seen,yes,paper–file",
            "AU-02,child_seen,yes,Paper files",
        )
    )
    assert answers.warnings == ["New place: Paper files. The nearest in the list is Paper file."]
    context = import_context(
        file(
            "context.csv",
            "audit_reference,factor",
            "AU-01,Change_of_team-manager",
            "AU-02,Change of managers",
        )
    )
    assert context.warnings == [
        "New factor: Change of managers. The nearest in the list is change of team manager."
    ]
    places = set(db.session.scalars(select(EvidencePlace.label)))
    assert places == {"ICS", "Paris", "Paper file", "Supervision file", "Paper files"}
    assert how_many(ContextFactor) == 5


@pytest.fixture
def coordinator(app: Flask, sign_in: Callable[[Person], FlaskClient]) -> FlaskClient:
    return sign_in(a_person("Jack Somebody", roles=["coordinator"], team="Crewe"))


def preview(client: FlaskClient, kind: str, content: str, name: str = "file.csv") -> tuple[str, str]:
    data = {"kind": kind, "cycle": "", "file": (io.BytesIO(content.encode()), name)}
    address = client.post("/imports", data=data, content_type="multipart/form-data").headers["Location"]
    return address, visible(client.get(address).get_data(as_text=True))


def test_the_preview_lists_new_teams_each_with_the_nearest_before_anything_changes(
    coordinator: FlaskClient,
) -> None:
    rows = "a@council.example,Ann,Crew\nb@council.example,Ben,CREWE\nc@council.example,Cy,Crew\n"
    address, words = preview(coordinator, "staff", f"email,name,team\n{rows}")
    assert (
        "Check these first New team: Crew. The nearest in the list is Crewe. Nothing changes until" in words
    )
    assert db.session.scalars(select(Team.name)).all() == ["Crewe"]
    coordinator.post(address)
    assert sorted(db.session.scalars(select(Team.name))) == ["Crew", "Crewe"]


def test_the_preview_says_nothing_of_new_names_where_there_are_none(coordinator: FlaskClient) -> None:
    _, words = preview(coordinator, "staff", "email,name,team\na@council.example,Ann,crewe\n")
    assert ("Check what will change" in words, "New team" in words) == (True, False)


def test_of_very_many_new_names_the_first_are_compared(app: Flask, file: File) -> None:
    a_team("Crewe")
    rows = [f"p{number}@council.example,Ann {number},Team {number:03}" for number in range(MOST_COMPARED + 2)]
    told = import_staff(file("staff.csv", "email,name,team", *rows), dry_run=True).warnings
    assert len(told) == MOST_COMPARED + 2
    assert told[MOST_COMPARED - 1 : MOST_COMPARED + 1] == [
        "New team: Team 099. The nearest in the list is Crewe.",
        "New team: Team 100.",
    ]

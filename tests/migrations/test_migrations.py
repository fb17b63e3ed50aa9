"""The migrations go up and down with data in the tables, on both databases."""

import json
from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from flask import Flask
from sqlalchemy import Connection, MetaData, Table, func, insert, inspect, select, text
from sqlalchemy.exc import DBAPIError, IntegrityError

from app import create_app
from app.answers import models as answer_models
from app.case_keys import ring as ring_of_keys
from app.case_keys.ring import KeyMissing, ring
from app.case_numbers import folded
from app.concerns import models as concern_models
from app.database import db
from app.findings import models as finding_models
from app.history.chain import BEGINNING, bare_hash
from app.history.checking import first_break
from app.migrating import head, migrate, unwatched
from app.refusal import Refused
from config.settings import CASE_NUMBER_KEY, PROJECT
from tests.conftest import settings_in

LISTS_OF_0002 = {
    "evidence_places": ["ICS", "Paris", "Paper file", "Supervision file"],
    "context_factors": [
        "social worker vacancy",
        "change of social worker",
        "change of team manager",
        "system trouble",
    ],
}
TABLES_OF_0002 = {"answers", "context_notes", *LISTS_OF_0002}

TABLES_OF_0003 = {
    "alerts",
    "answer_views",
    "completed_sections",
    "drawn_cases",
    "draws",
    "earlier_cycles",
    "earlier_figures",
    "form_notes",
    "looked_in",
    "moderations",
    "remedies",
    "snapshots",
    "standards",
}

TABLES_OF_0004 = {
    "actions",
    "answered_findings",
    "audience_roles",
    "audience_teams",
    "bodies",
    "body_members",
    "calendar_addresses",
    "exemplars",
    "findings_left",
    "meetings",
    "moved_dates",
    "progress_notes",
    "quick_wins",
    "recommendations",
}

TABLES_OF_0005 = {
    "api_tokens",
    "chosen_comments",
    "final_reports",
    "narratives",
    "report_templates",
    "sent_reports",
}


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgresql)])
def empty(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Flask]:
    """The service on a database without tables."""
    environ = {}
    if request.param == "postgresql":
        environ["DATABASE_URL"] = request.getfixturevalue("empty_postgresql_url")
    application = create_app(settings_in(tmp_path, **environ))
    with application.app_context():
        yield application
        db.session.remove()
        db.engine.dispose()


def go(to: str, *, down: bool = False) -> None:
    """Bring the database to a version, as the product does it."""
    with (
        db.engine.connect().execution_options(writing=True) as connection,
        unwatched(connection),
        connection.begin(),
    ):
        config = Config()
        config.set_main_option("script_location", str(PROJECT / "migrations"))
        config.attributes["connection"] = connection
        (command.downgrade if down else command.upgrade)(config, to)


def tables() -> set[str]:
    with db.engine.connect() as connection:
        return set(inspect(connection).get_table_names())


def as_it_is(connection: Connection, name: str) -> Table:
    """A table as the database has it at its version, not as the code would have it."""
    return Table(name, MetaData(), autoload_with=connection)


def write(table: str, /, **values: object) -> int:
    with db.engine.connect().execution_options(writing=True) as connection, connection.begin():
        there = as_it_is(connection, table)
        if "folded" in there.c:
            name = values.get("reference") or values.get("name") or values.get("label")
            values.setdefault("folded", str(name).casefold())
        key = connection.execute(insert(there).values(values)).inserted_primary_key
        assert key is not None
        return int(key[0])


def how_many(name: str) -> int:
    with db.engine.connect() as connection:
        return connection.execute(select(func.count()).select_from(as_it_is(connection, name))).scalar_one()


def column(table: str, name: str) -> list[object]:
    with db.engine.connect() as connection:
        return list(connection.scalars(select(as_it_is(connection, table).c[name])))


def indexes_of(table: str) -> dict[str, tuple[object, ...]]:
    """The indexes of a table by name, each with its columns and the rows that it has."""
    with db.engine.connect() as connection:
        kind = connection.dialect.name
        return {
            str(index.name): (*index.columns.keys(), str(index.dialect_options[kind]["where"]))
            for index in as_it_is(connection, table).indexes
        }


def labels(name: str) -> list[str]:
    with db.engine.connect() as connection:
        table = as_it_is(connection, name)
        return list(connection.scalars(select(table.c.label).order_by(table.c.position)))


def change(statement: str, **values: object) -> None:
    """Change rows by a statement."""
    with db.engine.connect().execution_options(writing=True) as connection, connection.begin():
        connection.execute(text(statement), values)


DAYS_OF_A_CYCLE = {"requested_on": date(2010, 10, 4), "due_on": date(2010, 11, 12)}


def an_audit_with_a_question() -> dict[str, int]:
    """Write an audit as version 0001 holds it; return the ids of the audit, its question and a response."""
    tool = write("tools", reference="t", version=1, title="A tool", minimum_answered=0.8, minimum_count=10)
    section = write("sections", tool_id=tool, position=1, title="A section")
    days = DAYS_OF_A_CYCLE
    cycle = write("cycles", reference="2010-1", title="First", theme="A theme", tool_id=tool, **days)
    return {
        "question_id": write(
            "questions", section_id=section, position=1, key="q", key_area="Q", text="Q?", scale="s"
        ),
        "response_id": write(
            "scale_responses", tool_id=tool, scale="s", position=1, response="yes", counts_as="met"
        ),
        "audit_id": write(
            "audits",
            reference="CP-001",
            team_id=write("teams", name="Crewe"),
            cycle_id=cycle,
            first_due_on=days["due_on"],
            version=1,
            **days,
        ),
    }


def rows_of_cases(name: str) -> list[tuple[str | None, str | None]]:
    """The numbers of cases in the order of their rows: as they are kept, and as they are compared."""
    with db.engine.connect() as connection:
        table = as_it_is(connection, name).c
        query = select(table.case_reference, table.case_folded).order_by(table.id)
        return [(row[0], row[1]) for row in connection.execute(query)]


def test_0001_comes_and_goes_and_leaves_nothing(empty: Flask) -> None:
    go("0001")
    an_audit_with_a_question()
    assert "capacity" in labels("not_returned_reasons")
    go("base", down=True)
    assert tables() == {"alembic_version"}
    go("0001")
    assert how_many("audits") == 0


def test_0002_adds_answers_and_lists_to_the_audits_that_are_there(empty: Flask) -> None:
    go("0001")
    before = tables()
    ids = an_audit_with_a_question()
    go("0002")
    assert tables() - before == TABLES_OF_0002
    assert {name: labels(name) for name in LISTS_OF_0002} == LISTS_OF_0002
    write("answers", found_in_id=1, comment="seen", **ids)
    write("context_notes", audit_id=ids["audit_id"], factor_id=1)
    assert (how_many("audits"), how_many("answers"), how_many("context_notes")) == (1, 1, 1)
    go("0001", down=True)
    assert tables() == before
    assert (how_many("audits"), how_many("questions")) == (1, 1)
    go("0002")
    assert (how_many("audits"), how_many("answers")) == (1, 0)
    assert labels("evidence_places") == LISTS_OF_0002["evidence_places"]


def test_0003_keeps_the_answers_that_are_there_and_goes_back_without_what_it_added(empty: Flask) -> None:
    go("0002")
    before = tables()
    ids = an_audit_with_a_question()
    answer = write("answers", found_in_id=1, comment="seen", **ids)
    go("0003")
    assert tables() - before == TABLES_OF_0003
    assert column("answers", "version") == [1]
    assert (column("cycles", "hide_up_to"), column("cycles", "moderated_share")) == ([4], [10])
    assert (column("questions", "is_core"), column("tools", "is_draft")) == ([False], [False])
    person = write("people", email="a@council.example", name="A", active=True, fs_uniquifier="a")
    write("looked_in", answer_id=answer, place_id=2)
    write("answer_views", whose="moderated", by_id=person, made_on=date(2010, 11, 20), **ids)
    standard = write("standards", name="Section 47", source="statute")
    with pytest.raises(IntegrityError):
        write("standards", name="Hearsay", source="hearsay")
    question = {"section_id": 1, "position": 2, "key": "r", "key_area": "R", "text": "R?", "scale": "s"}
    write("questions", standard_id=standard, expected_level=80, **question)
    with pytest.raises(IntegrityError):
        write("questions", **{**question, "position": 3, "key": "t", "expected_level": 101})
    go("0002", down=True)
    assert tables() == before
    assert (how_many("answers"), how_many("questions"), column("answers", "comment")) == (1, 2, ["seen"])
    go("0003")
    assert column("answers", "version") == [1]


def test_0004_adds_actions_to_the_cycles_that_are_there(empty: Flask) -> None:
    go("0003")
    before = tables()
    an_audit_with_a_question()
    go("0004")
    assert tables() - before == TABLES_OF_0004
    assert column("cycles", "checks") == [None]
    people = {
        name: write("people", email=f"{name}@council.example", name=name, active=True, fs_uniquifier=name)
        for name in ("owner", "other")
    }
    recommendation = write("recommendations", reference="R1", cycle_id=1, text="Agree", version=1)
    a = {"text": "Do it", "is_quick_win": False, "is_draft": False, "version": 1}
    action = write("actions", reference="A1", recommendation_id=recommendation, owner_id=people["owner"], **a)
    write("moved_dates", action_id=action, to_due_on=date(2011, 1, 14), because="later", is_made=True)
    with pytest.raises(IntegrityError):
        write("moved_dates", to_due_on=date(2011, 1, 14), because="of nothing", is_made=True)
    own = {"owner_id": people["owner"], "signed_off_by_id": people["owner"]}
    with pytest.raises(IntegrityError):
        write("actions", reference="A2", **own, **a)
    write("actions", reference="A2", owner_id=people["owner"], signed_off_by_id=people["other"], **a)
    go("0003", down=True)
    assert (tables(), how_many("cycles"), how_many("people")) == (before, 1, 2)
    go("0004")
    assert (how_many("actions"), column("cycles", "hide_up_to")) == (0, [4])


def test_0005_adds_reports_and_tokens_and_goes_back_without_them(empty: Flask) -> None:
    go("0004")
    before = tables()
    an_audit_with_a_question()
    person = write("people", email="a@council.example", name="A", active=True, fs_uniquifier="a")
    go("0005")
    assert tables() - before == TABLES_OF_0005
    report = {
        "cycle_id": 1,
        "made_by_id": person,
        "made_at": datetime(2011, 1, 3, tzinfo=UTC),
        "content": "{}",
    }
    write("final_reports", audience="council", number=1, **report)
    with pytest.raises(IntegrityError):
        write("final_reports", audience="council", number=1, **report)
    with pytest.raises(IntegrityError):
        write("final_reports", audience="press", number=1, **report)
    go("0004", down=True)
    assert (tables(), how_many("cycles")) == (before, 1)
    go("0005")
    assert how_many("final_reports") == 0


def test_0006_adds_nominations_that_are_set_aside_and_goes_back_without_them(empty: Flask) -> None:
    go("0005")
    before = tables()
    audit = an_audit_with_a_question()["audit_id"]
    person = write("people", email="a@council.example", name="A", active=True, fs_uniquifier="a")
    go("0006")
    assert tables() - before == {"nominations_set_aside"}
    one = {"audit_id": audit, "on": date(2011, 1, 3), "because": "Already told.", "by_id": person}
    write("nominations_set_aside", **one)
    with pytest.raises(IntegrityError):
        write("nominations_set_aside", **one)
    with pytest.raises(IntegrityError):
        write("nominations_set_aside", **(one | {"audit_id": 999}))
    go("0005", down=True)
    assert (tables(), how_many("audits")) == (before, 1)
    go("0006")
    assert how_many("nominations_set_aside") == 0


FACTS_OF_0007 = ("started", "returned", "withdrawn", "paired")


def with_fact(name: str, fact: str) -> set[str]:
    """The references of a table that have the fact."""
    with db.engine.connect() as connection:
        table = as_it_is(connection, name)
        return set(connection.scalars(select(table.c.reference).where(table.c[fact])))


def told(number: int, who: str, kind: str, subject: str, what: str) -> None:
    write(
        "history",
        id=number,
        at=datetime(2010, 11, 5, tzinfo=UTC),
        on=date(2010, 11, 5),
        who=who,
        subject_kind=kind,
        subject=subject,
        what=what,
        previous_hash="",
        hash="",
    )


def test_0007_keeps_what_the_history_said_of_moves_and_goes_back_to_it(empty: Flask) -> None:
    go("0006")
    an_audit_with_a_question()
    days = {
        "requested_on": date(2010, 10, 4),
        "due_on": date(2010, 11, 12),
        "first_due_on": date(2010, 11, 12),
    }
    for reference in ("CP-002", "CP-003"):
        write("audits", reference=reference, team_id=1, cycle_id=1, version=1, **days)
    a = {"text": "Do it", "is_quick_win": False, "is_draft": False, "version": 1}
    for reference in ("A1", "A2"):
        write("actions", reference=reference, **a)
    write("recommendations", reference="A1", cycle_id=1, text="Agree", version=1)
    spread = {"starts_on": date(2011, 1, 17), "every_working_days": 5, "times": 6}
    write("quick_wins", reference="Q1", subject="S", message="M", version=1, **spread)
    jack = "jack@council.example"
    told(1, jack, "audit", "CP-001", "returned")
    told(2, jack, "audit", "CP-001", "sent back")
    told(3, jack, "audit", "CP-001", "reassigned")
    told(4, "import", "audit", "CP-002", "returned")
    told(5, jack, "cycle", "CP-002", "started")
    told(6, jack, "audit", "CP-003", "started")
    told(7, jack, "audit", "CP-003", "withdrawn")
    told(8, jack, "action", "A1", "progress")
    told(9, "import", "action", "A2", "taken in")
    told(10, jack, "quick win", "Q1", "stopped")
    for _ in range(2):
        go("0007")
        assert {fact: with_fact("audits", f"{fact}_in_product") for fact in FACTS_OF_0007} == {
            "started": {"CP-003"},
            "returned": {"CP-001"},
            "withdrawn": {"CP-003"},
            "paired": {"CP-001"},
        }
        tracked = ("actions", "recommendations", "quick_wins")
        moved = {name: with_fact(name, "moved_in_product") for name in tracked}
        assert moved == {"actions": {"A1"}, "recommendations": set(), "quick_wins": {"Q1"}}
        go("0006", down=True)
        assert (how_many("audits"), how_many("actions"), how_many("history")) == (3, 2, 10)


def test_0009_folds_the_case_numbers_that_are_there_and_goes_back_without_them(empty: Flask) -> None:
    go("0008")
    an_audit_with_a_question()
    days = {
        "requested_on": date(2010, 10, 4),
        "due_on": date(2010, 11, 12),
        "first_due_on": date(2010, 11, 12),
    }
    numbers = {"CP-002": "0615-739", "CP-003": "cr 12/34", "CP-004": "000", "CP-005": None}
    for reference, number in numbers.items():
        rest = {"team_id": 1, "cycle_id": 1, "version": 1, **days}
        write("audits", reference=reference, case_reference=number, **rest)
    person = write("people", email="a@council.example", name="A", active=True, fs_uniquifier="a")
    draw = {"method": "random", "seed": 7, "size": 1, "drawn_on": date(2010, 10, 4), "drawn_by_id": person}
    case = {"draw_id": write("draws", cycle_id=1, **draw), "position": 1, "stratum": "Crewe"}
    write("drawn_cases", case_reference="00615 739", is_chosen=True, **case)
    for _ in range(2):
        go("0009")
        with db.engine.connect() as connection:
            audits = as_it_is(connection, "audits").c
            found = dict(connection.execute(select(audits.reference, audits.case_folded)).all())
        assert found == {
            "CP-001": None,
            "CP-002": "615739",
            "CP-003": "cr12/34",
            "CP-004": None,
            "CP-005": None,
        }
        assert column("drawn_cases", "case_folded") == ["615739"]
        assert {*column("audits", "numbered_in_product")} == {False}
        go("0008", down=True)
        assert {*column("audits", "case_reference")} == {*numbers.values()}
        assert column("drawn_cases", "case_reference") == ["00615 739"]


def test_0010_adds_the_forms_that_were_sent_and_goes_back_without_them(empty: Flask) -> None:
    go("0009")
    before = tables()
    person = write("people", email="a@council.example", name="A", active=True, fs_uniquifier="a")
    go("0010")
    assert tables() - before == {"forms_sent", "typed_texts"}
    at = datetime(2011, 1, 3, tzinfo=UTC)
    with db.engine.connect().execution_options(writing=True) as connection, connection.begin():
        connection.execute(insert(as_it_is(connection, "forms_sent")).values(key="k", sent_at=at, told=[]))
        typed = {"page": "p", "person_id": person, "address": "/", "entries": [["a", "b"]], "typed_at": at}
        connection.execute(insert(as_it_is(connection, "typed_texts")).values(typed))
        connection.execute(as_it_is(connection, "people").delete())
    assert (how_many("forms_sent"), how_many("typed_texts")) == (1, 0)
    go("0009", down=True)
    assert tables() == before
    go("0010")
    assert how_many("forms_sent") == 0


def test_0012_lets_a_day_have_any_number_of_chases_and_goes_back_to_the_first(empty: Flask) -> None:
    go("0010")
    ids = an_audit_with_a_question()
    day, call = date(2010, 11, 8), {"audit_id": ids["audit_id"], "channel": "phone"}
    write("chases", **call, day=day, outcome="first")
    go("0012")
    assert column("chases", "with_whom") == [None]
    write("chases", **call, day=day, with_whom="Ann Lee", outcome="second")
    write("chases", **call, day=date(2010, 11, 9), with_whom="Ann Lee")
    with pytest.raises(IntegrityError):
        write("chases", **call | {"channel": "fax"}, day=day)
    go("0010", down=True)
    assert column("chases", "outcome") == ["first", None]
    with pytest.raises(IntegrityError):
        write("chases", **call, day=day)
    with pytest.raises(IntegrityError):
        write("chases", **call | {"channel": "fax"}, day=date(2010, 11, 10))
    go("0012")
    assert how_many("chases") == 2


SCALES = {
    "evidence": ("met", "not met", "excluded"),
    "grade": ("met", "met", "not met", "excluded"),
    "one of many": ("met", "met"),
    "nothing counts": ("excluded", "excluded"),
}
KINDS = {
    ("evidence", "evidence"),
    ("grade", "grade"),
    ("one of many", "evidence"),
    ("nothing counts", "category"),
    ("s", "evidence"),
}


def test_0013_stores_the_kind_of_each_scale_and_goes_back_without_what_it_added(empty: Flask) -> None:
    go("0012")
    before, ids = tables(), an_audit_with_a_question()
    tool, section = column("tools", "id")[0], column("sections", "id")[0]
    for scale, ways in SCALES.items():
        for position, counts_as in enumerate(ways, start=1):
            said = {"position": position, "response": f"{scale} {position}", "counts_as": counts_as}
            write("scale_responses", tool_id=tool, scale=scale, **said)
    answer = write("answers", comment="seen", **ids)
    go("0013")
    added = {"scales", "further_responses", "further_view_responses", "sections_set_aside"}
    assert tables() - before == added
    assert pairs("scales", "scale", "kind") == KINDS
    assert set(column("scales", "several")) == {False}
    kept = pairs("questions", "key", "answer", "per_case", "unit", "met_up_to", "applies_if")
    assert kept == {("q", "response", False, None, None, None)}
    assert pairs("sections", "title", "optional", "key") == {("A section", False, None)}
    assert pairs("answers", "comment", "number", "from_on", "above_limit_because") == {
        ("seen", None, None, None)
    }
    write_all_that_0013_holds(ids, answer)
    go("0012", down=True)
    assert tables() == before
    assert {"answer", "met_up_to", "theme"}.isdisjoint(columns_of("questions"))
    assert pairs("answers", "id", "comment") == {(answer, "seen"), (answer + 1, None)}
    assert pairs("questions", "key", "scale") == {("q", "s"), ("days", "a number with a limit")}
    with pytest.raises(IntegrityError):
        write("questions", **{**A_QUESTION, "section_id": section, "expected_level": 101})
    go("0013")
    assert how_many("sections_set_aside") == 0
    assert pairs("scales", "scale", "kind") >= KINDS


A_QUESTION = {"position": 9, "key": "r", "key_area": "R", "text": "R?", "scale": "s"}


def write_all_that_0013_holds(ids: dict[str, int], answer: int) -> None:
    """Write a number of days with its limit, a further response, and a section that was set aside."""
    section, tool = column("sections", "id")[0], column("tools", "id")[0]
    with pytest.raises(IntegrityError):
        write("questions", **A_QUESTION, section_id=section, answer="text")
    asks = {"answer": "days", "counted_in": "working", "met_up_to": 10.5, "scale": "a number with a limit"}
    days = write("questions", **A_QUESTION | {"key": "days"} | asks, section_id=section)
    limit = {"tool_id": tool, "scale": "a number with a limit", "position": 1}
    within = write("scale_responses", **limit, response="within the limit", counts_as="met")
    given = {"audit_id": ids["audit_id"], "question_id": days, "response_id": within}
    write("answers", **given, number=2, from_on=date(2010, 11, 1), to_on=date(2010, 11, 3))
    assert pairs("questions", "key", "met_up_to") == {("q", None), ("days", 10.5)}
    with db.engine.connect().execution_options(writing=True) as connection, connection.begin():
        for name, row in (
            ("further_responses", {"answer_id": answer, "response_id": within}),
            ("sections_set_aside", {"audit_id": ids["audit_id"], "section_id": section}),
            ("scales", {"tool_id": tool, "scale": "x", "kind": "category", "several": True}),
        ):
            connection.execute(insert(as_it_is(connection, name)).values(row))
    with pytest.raises(IntegrityError):
        write("scales", tool_id=tool, scale="y", kind="marks", several=False)


def test_0014_adds_agencies_to_the_audits_that_are_there_and_goes_back_without_them(empty: Flask) -> None:
    go("0013")
    before, indexes = tables(), indexes_of("audits")
    audit = an_audit_with_a_question()["audit_id"]
    go("0014")
    assert tables() - before == {"agencies", "cycle_agencies"}
    assert indexes_of("audits") == indexes
    assert column("audits", "agency_id") == [None]
    assert column("audits", "is_together") == [False]
    police = write("agencies", name="Police")
    with pytest.raises(IntegrityError):
        write("agencies", name="POLICE")
    cycle = column("audits", "cycle_id")[0]
    with db.engine.connect().execution_options(writing=True) as connection, connection.begin():
        of_cycle = as_it_is(connection, "cycle_agencies")
        connection.execute(insert(of_cycle).values(cycle_id=cycle, agency_id=police, position=1))
    change = "update audits set agency_id = :agency, is_together = :together"
    for agency, together in ((police, False), (None, True)):
        with db.engine.connect().execution_options(writing=True) as connection, connection.begin():
            connection.execute(text(change), {"agency": agency, "together": together})
    with (
        pytest.raises(IntegrityError),
        db.engine.connect().execution_options(writing=True) as connection,
        connection.begin(),
    ):
        connection.execute(text(change), {"agency": police, "together": True})
    go("0013", down=True)
    assert tables() == before
    assert indexes_of("audits") == indexes
    assert column("audits", "id") == [audit]
    go("0014")
    assert how_many("agencies") == 0


def test_0015_gives_each_cycle_two_auditors_and_goes_back_without_them(empty: Flask) -> None:
    go("0015")
    go("-1", down=True)
    ids = an_audit_with_a_question()
    person = write("people", email="a@council.example", name="A", active=True, fs_uniquifier="a")
    spell = {"audit_id": ids["audit_id"], "person_id": person, "assigned_on": date(2010, 10, 4)}
    write("assignments", **spell, part="lead", override_reason="no one else is trained")
    go("0015")
    assert pairs("cycles", "auditors", "self_assessment") == {(2, False)}
    assert column("assignments", "overridden") == [None]
    tool = column("cycles", "tool_id")[0]
    cycle = {"reference": "one", "title": "One", "theme": "A theme", "tool_id": tool, **DAYS_OF_A_CYCLE}
    for auditors in (0, 3):
        with pytest.raises(IntegrityError):
            write("cycles", **cycle, auditors=auditors)
    write("cycles", **cycle, auditors=1, self_assessment=True)
    go("-1", down=True)
    assert set(column("cycles", "reference")) == {"2010-1", "one"}
    assert column("assignments", "override_reason") == ["no one else is trained"]
    go("0015")
    assert set(column("cycles", "auditors")) == {2}


def test_0016_lets_an_audit_repeat_an_earlier_one_and_goes_back_without_that(empty: Flask) -> None:
    go("0016")
    go("-1", down=True)
    indexes, audit = indexes_of("audits"), an_audit_with_a_question()["audit_id"]
    go("0016")
    assert column("audits", "re_audit_of_id") == [None]
    assert column("cycles", "audits_again") == [None]
    for earlier in (audit, None):
        change("update audits set re_audit_of_id = :earlier", earlier=earlier)
    with pytest.raises(IntegrityError):
        change("update audits set re_audit_of_id = :earlier", earlier=audit + 1)
    go("-1", down=True)
    assert indexes_of("audits") == indexes
    assert column("audits", "id") == [audit]
    go("0016")
    assert column("audits", "re_audit_of_id") == [None]


def test_0017_knows_that_all_was_confirmed_and_moderated_in_the_product(empty: Flask) -> None:
    go("0017")
    go("-1", down=True)
    an_audit_with_a_question()
    days = {"requested_on": date(2010, 10, 4), "due_on": date(2010, 11, 12)}
    rest = {"team_id": 1, "cycle_id": 1, "version": 1, "first_due_on": days["due_on"], **days}
    returned = {"returned_on": date(2010, 11, 8), "confirmed_on": date(2010, 11, 9)}
    audit = write("audits", reference="CP-002", **rest, **returned)
    person = write("people", email="a@council.example", name="A", active=True, fs_uniquifier="a")
    moderated = {"chosen_because": "random", "decided_on": date(2010, 11, 9), "outcome": "agreed"}
    write("moderations", audit_id=audit, moderator_id=person, read_before_grade=False, **moderated)
    for _ in range(2):
        go("0017")
        assert pairs("audits", "reference", "confirmed_in_product") == {("CP-001", False), ("CP-002", True)}
        assert column("moderations", "in_product") == [True]
        go("-1", down=True)
        assert set(column("audits", "confirmed_on")) == {None, date(2010, 11, 9)}


STRAIGHT, CURLY = "Children's Services 0-5", "Children’s Services 0–5"


def pairs(table: str, *names: str) -> set[tuple[Any, ...]]:
    """The rows of a table, as these columns."""
    with db.engine.connect() as connection:
        columns = as_it_is(connection, table).c
        return {tuple(row) for row in connection.execute(select(*(columns[name] for name in names)))}


def two_spellings_of_everything() -> None:
    """Entries of each list in two spellings, the first with the lower id, and what points at them."""
    ids = an_audit_with_a_question()
    days = {"requested_on": date(2010, 10, 4), "due_on": date(2010, 11, 12)}
    teams = [write("teams", name=name) for name in (STRAIGHT, CURLY, "Children’s Services 6–11")]
    people = [
        write(
            "people",
            email=f"{number}@council.example",
            name="A",
            active=True,
            fs_uniquifier=f"{number}",
            team_id=team,
        )
        for number, team in enumerate(teams)
    ]
    reasons = [
        write("not_returned_reasons", label=label, position=20) for label in ("On a course", "on-a-course")
    ]
    assert reasons == sorted(reasons)
    for number, team in enumerate(teams):
        audit = write(
            "audits",
            reference=f"CP-1{number}",
            team_id=team,
            cycle_id=1,
            first_due_on=days["due_on"],
            version=1,
            reason_not_returned="on-a-course" if number else "On a course",
            started_in_product=False,
            returned_in_product=False,
            withdrawn_in_product=False,
            paired_in_product=False,
            **days,
        )
        place = write(
            "evidence_places", label=("Visit record", "visit–record", "Visits")[number], position=20
        )
        answer = write(
            "answers", audit_id=audit, question_id=ids["question_id"], found_in_id=place, version=1
        )
        for looked in {place, place - bool(number)}:
            write("looked_in", answer_id=answer, place_id=looked)
    draw = {"cycle_id": 1, "method": "random", "seed": 1, "size": 1, "drawn_on": date(2010, 10, 4)}
    draw_id = write("draws", drawn_by_id=people[0], **draw)
    for position, team_name in enumerate((STRAIGHT, CURLY), start=1):
        write("drawn_cases", draw_id=draw_id, position=position, stratum=team_name, is_chosen=True)
    factors = [
        write("context_factors", label=label, position=20) for label in ("Court & care", "court and care")
    ]
    for factor, note in zip(factors, ("first", "second"), strict=True):
        write("context_notes", audit_id=1, factor_id=factor, note=note)
    write("context_notes", audit_id=2, factor_id=factors[1], note="alone")
    bodies = [write("bodies", name=name) for name in ("Children’s Board", "Children's  board")]
    for body, said in zip(bodies, (None, "Moved"), strict=True):
        write("body_members", body_id=body, person_id=people[0], part="chair")
        write("meetings", body_id=body, on=date(2011, 1, 10), note=said)
    write("body_members", body_id=bodies[1], person_id=people[1])
    write(
        "recommendations",
        reference="R1",
        cycle_id=1,
        text="Agree",
        version=1,
        body_id=bodies[1],
        moved_in_product=False,
    )
    standards = [write("standards", name=name, source="statute") for name in ("Section 47", "SECTION_47")]
    question = {"section_id": 1, "position": 2, "key": "r", "key_area": "R", "text": "R?", "scale": "s"}
    write("questions", standard_id=standards[1], is_core=False, **question)
    spread = {"starts_on": date(2011, 1, 17), "every_working_days": 5, "times": 6}
    quick_win = write(
        "quick_wins", reference="Q1", subject="S", message="M", version=1, moved_in_product=False, **spread
    )
    for team in teams:
        write("audience_teams", quick_win_id=quick_win, team_id=team)


def test_0008_merges_names_that_are_one_and_says_so_in_the_history(empty: Flask) -> None:
    go("0007")
    two_spellings_of_everything()
    first, gone = (id_ for id_, name in pairs("teams", "id", "name") if name in (STRAIGHT, CURLY))
    kept = min(first, gone)
    go("0008")
    assert set(column("teams", "name")) == {"Crewe", STRAIGHT, "Children’s Services 6–11"}
    of_teams = {(f"{number}@council.example", kept + 2 * (number == 2)) for number in range(3)}
    assert pairs("people", "email", "team_id") == of_teams
    assert pairs("audits", "reference", "team_id") == {
        ("CP-001", 1),
        ("CP-10", kept),
        ("CP-11", kept),
        ("CP-12", kept + 2),
    }
    assert pairs("audience_teams", "team_id") == {(kept,), (kept + 2,)}
    assert set(column("drawn_cases", "stratum")) == {STRAIGHT}
    assert pairs("audits", "reference", "reason_not_returned") >= {
        ("CP-10", "On a course"),
        ("CP-11", "On a course"),
    }
    labels_now: dict[int, str] = dict(pairs("evidence_places", "id", "label"))
    assert set(labels_now.values()) == {*LISTS_OF_0002["evidence_places"], "Visit record", "Visits"}
    found = [(number, labels_now[place]) for number, place in sorted(pairs("answers", "id", "found_in_id"))]
    assert found == [(1, "Visit record"), (2, "Visit record"), (3, "Visits")]
    looked = {(answer, labels_now[place]) for answer, place in pairs("looked_in", "answer_id", "place_id")}
    assert looked == {(1, "Visit record"), (2, "Visit record"), (3, "Visit record"), (3, "Visits")}
    assert pairs("context_notes", "audit_id", "note") == {(1, "first; second"), (2, "alone")}
    assert len(set(column("context_notes", "factor_id"))) == 1
    assert column("bodies", "name") == ["Children’s Board"]
    assert pairs("body_members", "person_id", "part") == {(1, "chair"), (2, None)}
    assert pairs("meetings", "on", "note") == {(date(2011, 1, 10), "Moved")}
    assert set(column("recommendations", "body_id")) == set(column("bodies", "id"))
    assert column("standards", "name") == ["Section 47"]
    assert set(column("questions", "standard_id")) == {None, *column("standards", "id")}
    merged = pairs("history", "who", "subject_kind", "subject", "what", "before", "after")
    assert merged == {
        ("update", "setting", "teams", "merged", CURLY, STRAIGHT),
        ("update", "setting", "places where evidence is found", "merged", "visit–record", "Visit record"),
        ("update", "setting", "context factors", "merged", "court and care", "Court & care"),
        ("update", "setting", "reasons for not returning", "merged", "on-a-course", "On a course"),
        ("update", "body", "Children’s Board", "merged", "Children's  board", "Children’s Board"),
        ("update", "standard", "Section 47", "merged", "SECTION_47", "Section 47"),
    }
    assert is_chained_without_a_key()
    with pytest.raises(IntegrityError):
        write("teams", name="CREWE", folded="crewe")
    go("0007", down=True)
    assert ("folded" in columns_of("teams"), set(column("teams", "name")) >= {"Crewe", STRAIGHT}) == (
        False,
        True,
    )
    go("0008")
    assert how_many("history") == len(merged)
    assert set(column("audits", "folded")) == {"cp-001", "cp-10", "cp-11", "cp-12"}


def is_chained_without_a_key() -> bool:
    """True when the history and its end hold as they did until 0029."""
    names = ("who", "subject_kind", "subject", "what", "before", "after", "why")
    previous, number = BEGINNING, 0
    with db.engine.connect() as connection:
        history = as_it_is(connection, "history")
        for row in connection.execute(select(history).order_by(history.c.id)).mappings():
            at = row["at"] if row["at"].tzinfo else row["at"].replace(tzinfo=UTC)
            moment = at.astimezone(UTC).isoformat(timespec="microseconds")
            words = [moment, str(row["on"]), *(row[name] for name in names)]
            if (row["previous_hash"], row["hash"]) != (previous, bare_hash(previous, words)):
                return False
            previous, number = row["hash"], number + 1
        end = as_it_is(connection, "history_end").c
        return connection.execute(select(end.rows, end.hash)).one() == (number, previous)


def columns_of(table: str) -> set[str]:
    with db.engine.connect() as connection:
        return {each["name"] for each in inspect(connection).get_columns(table)}


def test_0031_encrypts_the_numbers_that_are_there_and_goes_back_to_them(empty: Flask) -> None:
    go("0030")
    an_audit_with_a_question()
    numbers = {"CP-002": "0615-739", "CP-003": "cr 12/34", "CP-004": "000", "CP-005": None, "CP-006": ""}
    for reference, number in numbers.items():
        rest = {"team_id": 1, "cycle_id": 1, "version": 1, "first_due_on": date(2010, 11, 12)}
        case = {"case_reference": number, "case_folded": folded(number or "") or None}
        write("audits", reference=reference, **case, **rest, **DAYS_OF_A_CYCLE)
    person = write("people", email="a@council.example", name="A", active=True, fs_uniquifier="a")
    draw = {"method": "random", "seed": 7, "size": 1, "drawn_on": date(2010, 10, 4), "drawn_by_id": person}
    drawn = {"draw_id": write("draws", cycle_id=1, **draw), "stratum": "Crewe", "is_chosen": True}
    write("drawn_cases", position=1, case_reference="700 100", case_folded="700100", **drawn)
    # its audit was corrected, and is CP-003
    write("drawn_cases", position=2, case_reference="700 200", case_folded="cr12/34", **drawn)
    typed = [["case_reference", "0615-739"], ["because", "“new”"]]
    at = {"typed_at": datetime(2010, 11, 5, tzinfo=UTC)}
    with db.engine.connect().execution_options(writing=True) as connection, connection.begin():
        waiting = {"page": "a page", "person_id": person, "address": "/", "entries": typed, **at}
        connection.execute(insert(as_it_is(connection, "typed_texts")).values(waiting))

    before = {name: rows_of_cases(name) for name in ("audits", "drawn_cases")}
    for _ in range(2):
        go("0031")
        (mark,) = column("case_number_key", "fingerprint")
        key = ring().named(str(mark))
        audits = rows_of_cases("audits")
        shown = [None if number is None else key.open(number) for number, _ in audits]
        assert shown == [None, *numbers.values()]
        assert [case for _, case in audits] == [
            None,
            key.compared("615739"),
            key.compared("cr12/34"),
            None,
            None,
            None,
        ]
        assert [(key.open(shown or ""), case) for shown, case in rows_of_cases("drawn_cases")] == [
            ("700 100", key.compared("700100")),
            ("700 200", key.compared("cr12/34")),
        ]
        (entries,) = column("typed_texts", "entries")
        assert json.loads(key.open(str(entries))) == typed
        go("0030", down=True)
        assert {name: rows_of_cases(name) for name in before} == before
        assert column("typed_texts", "entries") == [typed]
        assert "case_number_key" not in tables()


def test_0031_goes_back_with_the_key_that_encrypted_alone(empty: Flask) -> None:
    go("0030")
    an_audit_with_a_question()
    change("update audits set case_reference = '0615-739', case_folded = '615739'")
    go("0031")
    (empty.extensions["settings"].instance_path / CASE_NUMBER_KEY).unlink()
    ring_of_keys.init_app(empty, empty.extensions["settings"])
    with pytest.raises(KeyMissing):
        go("0030", down=True)
    assert "case_number_key" in tables()


def three_events() -> None:
    """Write a history as the service did until 0029."""
    previous = BEGINNING
    for number, why in enumerate((None, "leave", "sickness"), start=1):
        row = {
            "at": datetime(2010, 11, number, 9, tzinfo=UTC),
            "on": date(2010, 11, number),
            "who": "jack@council.example",
            "subject_kind": "audit",
            "subject": "CP-001",
            "what": "extended",
            "before": None,
            "after": None,
            "why": why,
        }
        words = [f"2010-11-0{number}T09:00:00.000000+00:00", str(row["on"]), *list(row.values())[2:]]
        linked = bare_hash(previous, words)  # type: ignore[arg-type]
        write("history", id=number + 10, previous_hash=previous, hash=linked, **row)
        previous = linked
    change("update history_end set rows = 3, hash = :hash", hash=previous)


def frozen_things() -> None:
    """Write what is frozen: the findings of a cycle, a final report, and what an audit was returned with."""
    audit = an_audit_with_a_question()["audit_id"]
    person = write("people", email="a@council.example", name="A", active=True, fs_uniquifier="a")
    write("snapshots", cycle_id=1, made_on=date(2011, 1, 3), findings="{}")
    made = {"made_by_id": person, "made_at": datetime(2011, 1, 3, 9, 30, tzinfo=UTC), "content": "{}"}
    write("final_reports", cycle_id=1, audience="council", number=1, **made)
    sent_back = {"returned_on": date(2010, 11, 4), "sent_back_on": date(2010, 11, 8), "because": "Reasons"}
    write("returns", audit_id=audit, kept={"answers": [{"id": 1, "number": 0.1}]}, **sent_back)
    write("returns", audit_id=audit, **sent_back)


SEALED = {
    ("document", "snapshots 1", "findings of cycle 2010-1"),
    ("document", "final_reports 1", "report of cycle 2010-1 for the council, version 1"),
    ("document", "returns 1", "answers that audit CP-001 was returned with"),
}


def test_0029_links_the_history_with_the_key_and_goes_back_to_the_chain_without_one(empty: Flask) -> None:
    go("0028")
    three_events()
    frozen_things()
    assert is_chained_without_a_key()
    for _ in range(2):
        go(head())  # the check reads columns of later versions
        assert first_break() is None
        events = pairs("history", "subject_kind", "subject", "what")
        assert events == {("audit", "CP-001", "extended")} | SEALED
        for table, name in (("history", "hash"), ("snapshots", "findings"), ("final_reports", "content")):
            for statement in (f"update {table} set {name} = ''", f"delete from {table}"):  # noqa: S608
                with pytest.raises(DBAPIError, match="never changed"):
                    change(statement)
        change("update returns set because = 'More reasons'")
        found = first_break()
        assert found is not None
        assert found.why.startswith("Frozen: answers that audit CP-001 was returned with")
        change("update returns set because = 'Reasons'")
        go("0028", down=True)
        assert is_chained_without_a_key()
        assert pairs("history", "id", "why") == {(11, None), (12, "leave"), (13, "sickness")}
        assert "history_checks" not in tables()


@pytest.mark.parametrize(
    ("tampered", "row"),
    [
        ("update history set why = 'a course' where id = 12", 12),
        ("delete from history where id = 13", 13),
    ],
)
def test_0029_says_for_good_that_the_old_chain_was_broken(empty: Flask, tampered: str, row: int) -> None:
    go("0028")
    three_events()
    change(tampered)
    go(head())
    assert first_break() is None
    assert ("update", "found changed", f"row {row} was changed, or a row before it was removed") in pairs(
        "history", "who", "what", "after"
    )


def test_0022_lets_a_cycle_expect_a_number_of_audits_and_goes_back_without_it(empty: Flask) -> None:
    go("0022")
    go("-1", down=True)
    an_audit_with_a_question()
    before = columns_of("cycles")
    go("0022")
    assert column("cycles", "expected_per_auditor") == [None]
    for wrong in (0, 1001):
        with pytest.raises(IntegrityError):
            change("update cycles set expected_per_auditor = :number", number=wrong)
    change("update cycles set expected_per_auditor = :number", number=3)
    go("-1", down=True)
    assert columns_of("cycles") == before
    assert column("cycles", "reference") == ["2010-1"]
    go("0022")
    assert column("cycles", "expected_per_auditor") == [None]


def test_0037_counts_the_audits_that_are_there_and_goes_back_without_tallies(empty: Flask) -> None:
    go("0021")
    audit_id = an_audit_with_a_question()["audit_id"]
    go("0036")
    before = columns_of("audits"), indexes_of("audits"), indexes_of("assignments")
    go("0037")
    assert column("audit_tallies", "number") == [1]
    assert column("audits", "has_lead") == [False]
    person_id = write("people", name="Ann", email="ann@council.example", active=True, fs_uniquifier="a")
    write("assignments", audit_id=audit_id, part="lead", person_id=person_id, assigned_on=date(2010, 11, 1))
    assert column("audits", "has_lead") == [True]
    assert sum(column("audit_tallies", "number")) == 1  # type: ignore[arg-type]
    go("-1", down=True)
    assert before == (columns_of("audits"), indexes_of("audits"), indexes_of("assignments"))
    go("0037")
    assert column("audits", "has_lead") == [True]
    assert column("audit_tallies", "has_lead") == [True]


def test_0044_counts_the_audits_of_each_auditor_and_goes_back_without_tallies(empty: Flask) -> None:
    go("0021")
    audit_id = an_audit_with_a_question()["audit_id"]
    go("0043")
    ann, bob = (
        write("people", name=name, email=f"{name}@council.example", active=True, fs_uniquifier=name)
        for name in ("ann", "bob")
    )
    write("assignments", audit_id=audit_id, part="lead", person_id=ann, assigned_on=date(2010, 11, 1))
    before = indexes_of("assignments"), indexes_of("audits")
    go("0044")
    assert indexes_of("assignments").keys() - before[0].keys() == {"ix_assignments_ended_because"}
    assert indexes_of("audits").keys() - before[1].keys() == {"ix_audits_cycle_id_returned_on"}
    assert column("auditor_tallies", "person_id") == [ann]
    write("assignments", audit_id=audit_id, part="second", person_id=bob, assigned_on=date(2010, 11, 1))
    assert sorted(column("auditor_tallies", "person_id")) == [ann, bob]  # type: ignore[type-var]
    assert column("auditor_tallies", "number") == [1, 1]
    go("-1", down=True)
    assert (indexes_of("assignments"), indexes_of("audits")) == before
    spell = {"audit_id": audit_id, "part": "lead", "assigned_on": date(2010, 11, 1)}
    write("assignments", **spell, ended_on=date(2010, 11, 2))
    change("delete from assignments where person_id = :bob", bob=bob)
    go("0044")
    assert column("auditor_tallies", "person_id") == [ann]
    change("delete from audits")
    assert sum(column("auditor_tallies", "number")) == 0  # type: ignore[arg-type]


def test_migrations_follow_each_other_in_the_order_of_their_numbers() -> None:
    chain = ScriptDirectory(str(PROJECT / "migrations")).walk_revisions()
    versions = [script.revision for script in chain][::-1]
    assert versions == sorted(versions)
    assert versions[-1] == head()


def test_0041_makes_indexes_of_reminders_and_teams_and_goes_back_without_them(empty: Flask) -> None:
    go("0021")
    an_audit_with_a_question()
    go("0040")
    before = indexes_of("message_items"), indexes_of("audits")
    go("0041")
    assert indexes_of("message_items").keys() - before[0].keys() == {"ix_message_items_reminders"}
    assert indexes_of("audits").keys() ^ before[1].keys() == {"ix_audits_team_id", "ix_audits_team_id_due_on"}
    go("-1", down=True)
    assert (indexes_of("message_items"), indexes_of("audits")) == before
    assert column("audits", "id")


def test_0043_lets_no_function_that_counts_read_whole_tables_and_goes_back(empty: Flask) -> None:
    def may_read_whole_tables() -> set[str]:
        query = (
            "select proname from pg_proc join pg_trigger on tgfoid = pg_proc.oid "
            "where prosrc ~ 'tallies|update audits' "
            "and not coalesce(proconfig @> array['enable_seqscan=off', 'enable_hashjoin=off', "
            "'enable_mergejoin=off'], false)"
        )
        with db.engine.connect() as connection:
            return set(connection.scalars(text(query)))

    go("0021")
    an_audit_with_a_question()
    go("head")
    if db.engine.dialect.name == "postgresql":
        assert not may_read_whole_tables()
        go("0042", down=True)
        assert len(may_read_whole_tables()) == 6
    else:
        go("0042", down=True)
    go("head")
    assert len(column("audits", "id")) == 1


def test_0023_keeps_who_wrote_a_report_and_its_marking_and_goes_back_without_them(empty: Flask) -> None:
    go("0022")
    ids = an_audit_with_a_question()
    with db.engine.connect() as connection:
        cycle = connection.scalar(text("select cycle_id from audits where id = :id"), {"id": ids["audit_id"]})
    go("0023")
    head = {"cycle_id": cycle, "author": "Ann Lee", "contact": "", "marking": "OFFICIAL"}
    write("paper_heads", audience="council", **head)
    write("paper_heads", audience="staff", **head)
    for wrong in ("council", "public"):
        with pytest.raises(IntegrityError):
            write("paper_heads", audience=wrong, **head)
    go("-1", down=True)
    assert "paper_heads" not in tables()
    assert column("cycles", "reference") == ["2010-1"]
    go("0023")
    assert how_many("paper_heads") == 0


def test_0033_adds_council_accounts_and_texts_about_privacy_and_goes_back_without_them(empty: Flask) -> None:
    go("0032")
    person = write("people", email="a@council.example", name="A", active=True, fs_uniquifier="a")
    go("0033")
    account = {"issuer": "https://login.council.example", "connected_at": datetime(2026, 11, 30, tzinfo=UTC)}
    write("council_accounts", person_id=person, subject="s-1", **account)
    with pytest.raises(IntegrityError):
        write("council_accounts", person_id=person, subject="s-2", **account)
    change("insert into privacy_texts (name, text) values ('retention', '6 years')")
    go("-1", down=True)
    assert not {"council_accounts", "privacy_texts"} & tables()
    assert column("people", "id") == [person]
    go("0033")
    assert how_many("council_accounts") == how_many("privacy_texts") == 0


def test_0035_keeps_former_numbers_and_goes_back_without_them(empty: Flask) -> None:
    go("0034")
    ids = an_audit_with_a_question()
    names = '"on", at, rows, hash, broken_row, why, seal'
    values = "'2010-11-05', '2010-11-05 02:00:00', 3, 'a', 2, 'Row 2 was changed', 'b'"
    change(f"insert into history_checks ({names}) values ({values})")  # noqa: S608
    go("0035")
    assert column("history_checks", "acknowledged") == [None]
    write("former_case_numbers", audit_id=ids["audit_id"], case_reference="sealed", case_folded="keyed")
    change("delete from audits")
    assert how_many("former_case_numbers") == 0
    go("-1", down=True)
    assert "former_case_numbers" not in tables()
    assert "acknowledged" not in columns_of("history_checks")
    assert column("history_checks", "why") == ["Row 2 was changed"]
    go("0035")
    assert how_many("former_case_numbers") == 0


def test_0026_ends_the_keys_that_are_there_in_a_year_and_goes_back_without_limits(empty: Flask) -> None:
    go("0025")
    person = write(
        "people",
        email="ann.lee@council.example",
        name="Ann",
        active=True,
        fs_uniquifier="1",
        news_by_email=True,
    )
    before = columns_of("people"), columns_of("api_tokens"), tables()
    made_at = datetime(2020, 1, 1, tzinfo=UTC)
    write("api_tokens", person_id=person, name="Power BI", role="leader", digest="1", made_at=made_at)
    go("0026")
    (ends_on,) = column("api_tokens", "ends_on")
    assert isinstance(ends_on, date)
    assert 364 <= (ends_on - datetime.now(UTC).date()).days <= 367
    assert column("people", "link_number") == [0]
    device = write("devices", mark="1", person_id=person, used_on=date(2026, 11, 30))
    write("attempts", kind="password", account="1", client="2", device_id=device, at=made_at)
    write("links_asked", email="ann.lee@council.example", at=made_at)
    write("role_requests", person_id=person, role="coordinator", asked_at=made_at)
    with pytest.raises(IntegrityError):
        write("role_requests", person_id=person, role="coordinator", asked_at=made_at)
    with pytest.raises(IntegrityError):
        write("devices", mark="1", person_id=person, used_on=date(2026, 11, 30))
    with pytest.raises(IntegrityError):
        change("update api_tokens set ends_on = null")
    go("-1", down=True)
    assert (columns_of("people"), columns_of("api_tokens"), tables()) == before
    assert column("api_tokens", "digest") == ["1"]
    go("0026")


def test_0030_keeps_replies_without_their_worker_and_goes_back_without_these(empty: Flask) -> None:
    go("0029")
    ids = an_audit_with_a_question()
    reply = {
        "audit_id": ids["audit_id"],
        "worker_id": 1,
        "asked_on": date(2010, 11, 12),
        "due_on": date(2010, 11, 26),
        "changed": {},
        "version": 1,
    }
    write("people", id=1, email="a@council.example", name="Ann", active=True, fs_uniquifier="1")
    write("worker_replies", reference="CP-1-W1", folded="cp-1-w1", **reply)
    before = columns_of("worker_replies"), columns_of("people"), tables()
    go("0030")
    assert pairs("worker_replies", "worker_id", "worker_number") == {(1, None)}
    assert column("people", "anonymous_on") == [None]
    write("worker_replies", reference="CP-2-W1", folded="cp-2-w1", **{**reply, "worker_id": None})
    cycle_id = column("cycles", "id")[0]
    for wrong in (
        {"remove_on": date(2012, 1, 1)},
        {"held_because": "a complaint"},
    ):
        with pytest.raises(IntegrityError):
            write("retentions", cycle_id=cycle_id, version=1, **wrong)
    write("retentions", cycle_id=cycle_id, version=1, held_on=date(2012, 1, 1), held_because="a complaint")
    with pytest.raises(IntegrityError):
        write("retention_periods", id=1, months=0, email_months=12)
    write("retention_periods", id=1, months=24, email_months=12)
    go("-1", down=True)
    assert (columns_of("worker_replies"), columns_of("people"), tables()) == before
    assert column("worker_replies", "reference") == ["CP-1-W1"]
    go("0030")
    assert how_many("retentions") == 0


def test_0027_keeps_the_sessions_that_are_there_and_goes_back_without_second_factors(empty: Flask) -> None:
    go("0026")
    write("people", email="a@council.example", name="A", fs_uniquifier="1", active=True, news_by_email=True)
    at = datetime(2026, 11, 23, 12, tzinfo=UTC)
    write("sign_ins", token_hash="h", person_id=1, started_at=at, last_seen_at=at)
    go("0027")
    assert column("sign_ins", "browser") == [""]
    assert column("sign_ins", "confirmed_at") == column("sign_ins", "started_at")
    assert column("sign_ins", "second_factor_at") == [None]
    assert column("people", "tf_totp_secret") == column("people", "mf_recovery_codes") == [None]
    change("update people set tf_totp_secret = 'x', tf_last_counter = 1")
    go("0026", down=True)
    # a session that waited for its code does not open without one
    assert column("sign_ins", "token_hash") == []
    assert column("people", "email") == ["a@council.example"]
    assert "tf_totp_secret" not in columns_of("people")
    go("0027")
    assert column("people", "tf_totp_secret") == [None]


def test_0032_gives_the_database_an_id_and_goes_back_without_it(empty: Flask) -> None:
    go("0031")
    an_audit_with_a_question()
    go("0032")
    [uid] = column("database_identity", "uid")
    assert len(str(uid)) == 36
    assert column("database_identity", "marked_at") == [None]
    with pytest.raises(IntegrityError):
        write("database_identity", id=2, uid="a second one")
    change("update database_identity set held_because = :why", why="A copy")
    go("-1", down=True)
    assert "database_identity" not in tables()
    assert column("cycles", "reference") == ["2010-1"]
    go("0032")
    assert column("database_identity", "uid") != [uid]


def test_0021_keeps_what_was_returned_and_goes_back_without_it(empty: Flask) -> None:
    go("0020")
    ids = an_audit_with_a_question()
    sent_back = {"returned_on": date(2010, 11, 4), "sent_back_on": date(2010, 11, 8), "because": "Reasons"}
    write("returns", audit_id=ids["audit_id"], **sent_back)
    write("quick_wins", **A_QUICK_WIN)
    before = columns_of("returns"), columns_of("quick_wins")
    go("0021")
    assert pairs("returns", "confirmed_on", "kept") == {(None, None)}
    assert column("quick_wins", "raised_on") == [None]
    write("returns", audit_id=ids["audit_id"], kept={"answers": [{"id": 1}]}, **sent_back)
    assert column("returns", "kept") == [None, {"answers": [{"id": 1}]}]
    go("0020", down=True)
    assert (columns_of("returns"), columns_of("quick_wins")) == before
    assert column("returns", "because") == ["Reasons", "Reasons"]
    assert column("quick_wins", "reference") == ["Q1"]
    go("0021")


A_QUICK_WIN = {
    "reference": "Q1",
    "folded": "q1",
    "subject": "Child seen",
    "message": "Write it down.",
    "starts_on": date(2011, 1, 17),
    "every_working_days": 5,
    "times": 2,
    "version": 1,
    "moved_in_product": False,
}


def test_0008_stops_where_references_differ_by_case_alone_and_lists_them(empty: Flask) -> None:
    go("0007")
    an_audit_with_a_question()
    a = {"text": "Do it", "is_quick_win": False, "is_draft": False, "version": 1, "moved_in_product": False}
    for reference in ("A1", "a1", "A2"):
        write("actions", reference=reference, **a)
    write("earlier_cycles", reference="autumn", title="T", reported_on=date(2009, 1, 5), source="S")
    with db.engine.connect().execution_options(writing=True) as connection, connection.begin():
        connection.execute(text("update cycles set reference = 'Autumn'"))
    write("teams", name="crewe")
    with pytest.raises(Refused) as refused:
        go("0008")
    assert str(refused.value).splitlines() == [
        (
            "The database was not updated, because these references differ only in letter case. A reference "
            "is now the same in capital and small letters."
        ),
        "action: A1 and a1",
        "cycle: Autumn and autumn",
        (
            "Give one of each a reference of its own in the database, then start again. For example: "
            "update actions set reference = 'a1-2' where reference = 'a1'"
        ),
    ]
    assert (column("teams", "name"), "folded" in columns_of("teams")) == (["Crewe", "crewe"], False)
    with db.engine.connect().execution_options(writing=True) as connection, connection.begin():
        connection.execute(text("update earlier_cycles set reference = 'autumn-2'"))
        connection.execute(text("update actions set reference = 'a1-2' where reference = 'a1'"))
    go("0008")
    assert sorted(map(str, column("actions", "folded"))) == ["a1", "a1-2", "a2"]


def test_an_audit_has_one_answer_to_a_question_and_each_factor_once(empty: Flask) -> None:
    go("0002")
    ids = an_audit_with_a_question()
    write("answers", **ids)
    with pytest.raises(IntegrityError):
        write("answers", audit_id=ids["audit_id"], question_id=ids["question_id"])
    write("context_notes", audit_id=ids["audit_id"], factor_id=2)
    with pytest.raises(IntegrityError):
        write("context_notes", audit_id=ids["audit_id"], factor_id=2)


@pytest.mark.parametrize("column", ["audit_id", "question_id", "response_id", "found_in_id"])
def test_an_answer_names_only_what_is_there(empty: Flask, column: str) -> None:
    go("0002")
    ids = an_audit_with_a_question()
    with pytest.raises(IntegrityError):
        write("answers", **(ids | {column: 999}))


def test_0028_keeps_who_read_what_and_goes_back_without_it(empty: Flask) -> None:
    go("0027")
    before = tables()
    audit = an_audit_with_a_question()["audit_id"]
    person = write("people", email="a@council.example", name="A", active=True, fs_uniquifier="a")
    go("0028")
    assert tables() - before == {"readings", "cases_read", "readings_kept"}
    one = {"at": datetime(2011, 1, 3, tzinfo=UTC), "person_id": person, "what": "/audits/CP-001"}
    reading = write("readings", kind="case numbers", how_many=1, **one)
    with pytest.raises(IntegrityError):
        write("readings", kind="hearsay", how_many=1, **one)
    write("cases_read", reading_id=reading, audit_id=audit)
    with pytest.raises(IntegrityError):
        write("cases_read", reading_id=reading)
    with pytest.raises(IntegrityError):
        write("readings_kept", id=1, months=1)
    change("delete from readings")
    assert how_many("cases_read") == 0
    go("0027", down=True)
    assert (tables(), how_many("audits"), how_many("people")) == (before, 1, 1)
    go("0028")
    assert how_many("readings") == 0


def test_0038_keeps_the_emails_that_are_there_and_goes_back_without_their_bounces(empty: Flask) -> None:
    go("0037")
    before, at = tables(), datetime(2026, 11, 30, 9, tzinfo=UTC)
    message = write("messages", **A_MESSAGE)
    go("0038")
    bounce = {"message_id": message, "report": "d1", "read_at": at, "is_hard": True, "why": "5.1.1"}
    write("bounces", **bounce)
    with pytest.raises(IntegrityError):
        write("bounces", **bounce)
    write("bounces", **bounce | {"report": "d2"})
    go("0037", down=True)
    assert (tables(), how_many("messages")) == (before, 1)
    go("0038")
    assert how_many("bounces") == 0


def test_0039_keeps_heartbeats_and_goes_back_without_what_is_watched(empty: Flask) -> None:
    go("0038")
    before, at = tables(), datetime(2026, 11, 30, 9, tzinfo=UTC)
    change("insert into heartbeats (name, at) values (:name, :at)", name="scheduler", at=at)
    go("0039")
    assert tables() - before == {"troubles", "task_failures", "delivery_counts"}
    change("insert into troubles (kind, machine, seen_at, since) values ('disk', 'a', :at, :at)", at=at)
    with pytest.raises(IntegrityError):
        change("insert into troubles (kind, machine, seen_at, since) values ('disk', 'a', :at, :at)", at=at)
    go("0038", down=True)
    assert (tables(), column("heartbeats", "name")) == (before, ["scheduler"])
    go("0039")
    assert how_many("troubles") == 0


A_MESSAGE = {
    "uid": "u-1",
    "kind": "test",
    "address": "a@council.example",
    "subject": "Test",
    "text": "A test.",
    "html": "<p>A test.</p>",
    "facts": {},
    "why": "A test",
    "on": date(2026, 11, 30),
    "rendered_on": date(2026, 11, 30),
    "written_at": datetime(2026, 11, 30, 9, tzinfo=UTC),
    "urgency": 5,
    "secret": False,
    "state": "sent",
    "tries": 1,
    "build_failures": 0,
    "next_try_at": datetime(2026, 11, 30, 9, tzinfo=UTC),
    "fence": 1,
}


def test_0040_keeps_the_news_and_never_gives_its_numbers_again(empty: Flask) -> None:
    go("0039")
    kept = {"email": "a@council.example", "name": "A", "fs_uniquifier": "a", "active": True}
    person = write("people", **kept, news_by_email=True, link_number=0)
    news = {"person_id": person, "what": "no longer exempt", "about_kind": "audit", "about_id": 1}
    news |= {"reference": "CP-1", "facts": {}, "made_on": date(2026, 11, 30)}
    for _ in range(2):
        write("news", **news)
    go("0040")
    assert column("news", "id") == [1, 2]
    change("delete from news where id = 2")
    assert write("news", **news) == 3
    go("0039", down=True)
    assert column("news", "id") == [1, 3]
    assert {index["name"] for index in inspect(db.engine).get_indexes("news")} == {"ix_news_person_id"}


def test_0042_keeps_the_people_and_goes_back_without_the_files_that_wait(empty: Flask) -> None:
    go("0040")
    before = tables()
    kept = {"email": "a@council.example", "name": "A", "fs_uniquifier": "a", "active": True}
    person = write("people", **kept, news_by_email=True, link_number=0)
    go("0042")
    file = (
        "insert into waiting_files (token, person_id, kind, sent_as, ending, kept_at, size, sealed)"
        " values ('t', :person, 'audits', 'a.csv', '.csv', '2026-11-30 09:00', 1, :sealed)"
    )
    with pytest.raises(IntegrityError):
        change(file, person=person + 1, sealed=b"k:1")
    change(file, person=person, sealed=b"k:1")
    change(
        "insert into long_imports (token, asked_by, asked_at, attempts, rows, failed)"
        " values ('t', 'a', '2026-11-30 09:00', 0, 0, :failed)",
        failed=False,
    )
    change("delete from waiting_files")
    assert how_many("long_imports") == 0
    go("0040", down=True)
    assert (tables(), how_many("people")) == (before, 1)
    go("0042")
    assert how_many("waiting_files") == 0


def test_0045_keeps_the_imports_that_wait_and_goes_back_without_made_files(empty: Flask) -> None:
    go("0044")
    before = tables()
    kept = {"email": "a@council.example", "name": "A", "fs_uniquifier": "a", "active": True}
    person = write("people", **kept, news_by_email=True, link_number=0)
    file = (
        "insert into waiting_files (token, person_id, kind, sent_as, ending, kept_at, size, sealed)"
        " values (:token, :person, :kind, 'a.csv', '.csv', '2026-11-30 09:00', 1, :sealed)"
    )
    change(file, token="t", kind="audits", person=person, sealed=b"k:1")
    change(
        "insert into long_imports (token, asked_by, asked_at, attempts, rows, ended, failed)"
        " values ('t', 'a', '2026-11-30 09:00', 2, 7, 'Done', :failed)",
        failed=True,
    )
    go("0045")
    assert [column("long_work", name) for name in ("token", "kind", "attempts", "rows", "ended")] == [
        ["t"], ["imports"], [2], [7], ["Done"]
    ]  # fmt: skip
    change(file, token="f", kind="files", person=person, sealed=b"k:1")
    change(
        "insert into long_work (token, kind, asked_by, asked_at, attempts, rows, address, failed)"
        " values ('f', 'files', 'a', '2026-11-30 09:00', 0, 0, :address, :failed)",
        address=b"k:/audits",
        failed=False,
    )
    go("0044", down=True)
    assert (tables(), column("waiting_files", "token")) == (before, ["t"])
    assert (column("long_imports", "token"), column("long_imports", "rows")) == (["t"], [7])
    go("0045")
    assert column("long_work", "kind") == ["imports"]


def test_0046_keeps_what_was_sent_and_read(empty: Flask) -> None:
    go("0045")
    before = indexes()
    reading = {"at": datetime(2026, 11, 30, tzinfo=UTC), "kind": "download", "what": "/audits", "how_many": 1}
    write("readings", **reading)
    go("0046")
    added = {name for table in indexes().items() for name in table[1] - before[table[0]]}
    assert added == {
        "ix_messages_listed",
        "ix_messages_of_state",
        "ix_messages_of_kind",
        "ix_readings_of_kind",
    }
    assert write("readings", **reading) == 2
    go("0045", down=True)
    assert (indexes(), column("readings", "id")) == (before, [1, 2])
    go("0046")


def test_0047_counts_as_before_and_goes_back(empty: Flask) -> None:
    def functions() -> dict[str, str]:
        if db.engine.dialect.name == "sqlite":
            return {}
        query = text("select proname, prosrc from pg_proc where proname ~ 'counted|of_auditors'")
        with db.engine.connect() as connection:
            return {row.proname: row.prosrc for row in connection.execute(query)}

    go("0046")
    before = functions()
    an_audit_with_a_question()
    go("0047")
    assert {name for name, does in functions().items() if does != before[name]} == (
        {
            *(f"assignments_{what}_at_{event}" for what in ("counted", "of_auditors") for event in EVENTS),
            "audits_of_auditors_at_update",
        }
        if before
        else set()
    )
    assert column("audit_tallies", "number") == [1]
    go("0046", down=True)
    assert functions() == before
    go("0047")


EVENTS = ("insert", "update", "delete")


def indexes() -> dict[str, set[str | None]]:
    """The names of the indexes of emails and of what was read."""
    now = inspect(db.engine)
    return {table: {each["name"] for each in now.get_indexes(table)} for table in ("messages", "readings")}


OF_THE_QUEUE = """
    select count(*) from (
        select relname from pg_class
        union all select proname from pg_proc union all select typname from pg_type
    ) as named (name) where name like '%procrastinate%'
"""


def not_of_the_queue(name: str | None, kind: str, _within: object) -> bool:
    """The queue's tables are its own: tests/scheduling/test_queue.py compares them."""
    return not (kind == "table" and (name or "").startswith("procrastinate_"))


def test_0036_brings_the_queue_and_takes_all_of_it_away(empty: Flask) -> None:
    go("0035")
    before = tables()
    go("0036")
    is_postgresql = db.engine.dialect.name == "postgresql"
    if is_postgresql:
        change("select procrastinate_register_worker_v1()")
        assert how_many("procrastinate_workers") == 1
    go("0035", down=True)
    assert tables() == before
    if is_postgresql:
        with db.engine.connect() as connection:
            assert connection.scalar(text(OF_THE_QUEUE)) == 0
    go("0036")
    assert (tables() == before) == (not is_postgresql)


def test_the_migrations_make_the_tables_that_the_code_expects(empty: Flask) -> None:
    assert migrate()
    assert not migrate()
    known = {answer_models.Answer, concern_models.Alert, finding_models.Snapshot}
    assert {model.__tablename__ for model in known} <= tables()
    with db.engine.connect() as connection:
        opts = {"compare_type": True, "include_name": not_of_the_queue}
        context = MigrationContext.configure(connection, opts=opts)
        assert compare_metadata(context, db.metadata) == []
        assert context.get_current_revision() == head()

"""Things are found by their name or reference however it is spelt, and the database holds each once."""

import re
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import insert, select
from sqlalchemy.exc import IntegrityError

from app.actions.models import Action, Body, Recommendation
from app.addresses import ADDRESSED
from app.answers import list_moves
from app.answers.models import EvidencePlace
from app.assigning import requesting
from app.audits import reasons
from app.audits.models import Audit
from app.bodies import deciding
from app.called import Called, Referenced
from app.cycles.models import EarlierCycle
from app.cycles.moves import refuse_reference
from app.database import Base, db, transaction
from app.people.models import Person, Team
from app.quick_wins.models import QuickWin
from app.references import next_reference
from app.refusal import Refused
from app.tools import standards
from tests.factories import a_cycle, a_person, a_team, an_audit
from tests.pages import opened, visible

APP = Path(__file__).parents[1] / "app"

CALLED = {mapper.class_ for mapper in Base.registry.mappers if issubclass(mapper.class_, Called)}


def test_every_list_and_every_reference_is_found_in_any_spelling() -> None:
    tables = Base.metadata.tables.values()
    named = {table.name for table in tables if {"reference", "label"} & {*table.c.keys()}}
    # messages, news, calls and held reminders repeat the references of what they are about
    repeating = {"not_sent", "message_items", "news", "held_items", "calls_made"}
    assert {str(vars(model)["__tablename__"]) for model in CALLED} == (named - repeating) | {
        "teams",
        "agencies",
        "bodies",
        "standards",
    }


def test_the_database_holds_a_name_once_in_all_its_spellings(service: Flask) -> None:
    with transaction():
        db.session.execute(insert(Team), [{"name": "Children's Services"}, {"name": "Crewe"}])
    for statement in (insert(Team).values(name="CHILDREN’S_SERVICES"), insert(Team).values(name="crewe ")):
        with pytest.raises(IntegrityError), transaction():
            db.session.execute(statement)
    with pytest.raises(IntegrityError), transaction():
        db.session.add(Team(name="CREWE"))
    an_audit("AU-01")
    with pytest.raises(IntegrityError):
        an_audit("au-01")


def test_a_renamed_entry_is_found_by_its_new_name_alone(service: Flask) -> None:
    place = list_moves.entries(list_moves.PLACES)[0]
    list_moves.rename(list_moves.PLACES, place.id, "Children’s record", by="jack@council.example")
    found = select(EvidencePlace.label).where(EvidencePlace.called("children's  RECORD"))
    assert db.session.scalars(found).all() == ["Children’s record"]
    assert EvidencePlace.as_stored("ics") == "ics"
    assert EvidencePlace.as_stored("childrens-record") == "childrens-record"


def test_a_page_takes_no_second_spelling_of_what_is_there(service: Flask) -> None:
    jack = a_person("Jack Denny", roles=["coordinator"])
    by, on = jack.email, date(2010, 11, 1)
    cycle = a_cycle("Autumn-1")
    audit = an_audit("AU-01", cycle=cycle)
    team_id = audit.team_id
    with transaction():
        db.session.add(Body(name="Children's Board"))
        db.session.add(EarlierCycle(reference="Old-1", title="T", reported_on=on, source="S"))
    standards.add("Section 47", "statute", None, by=by)
    reasons.add_reason("On a course", by=by)
    tries: list[Callable[[], object]] = [
        lambda: list_moves.add(list_moves.PLACES, "PAPER–FILE", by=by),
        lambda: list_moves.add(list_moves.CONTEXT, "change-of team manager", by=by),
        lambda: standards.add("section_47", "statute", None, by=by),
        lambda: reasons.add_reason("On-a-course", by=by),
        lambda: deciding.add("CHILDREN’S board", jack),
        lambda: requesting.request("autumn-1", "au-01", "777", team_id, jack, on),
    ]
    for attempt in tries:
        with pytest.raises(Refused, match="already"):
            attempt()
    assert refuse_reference("AUTUMN-1") == "Cycle Autumn-1 already exists. Enter another reference."
    assert refuse_reference("old-1") == "Cycle Old-1 already exists. Enter another reference."


def test_the_next_reference_is_free_in_any_letter_case(service: Flask) -> None:
    cycle = a_cycle()
    an_audit("cp-009", cycle=cycle)
    an_audit("CP-008", cycle=cycle)
    assert requesting.proposed_reference(cycle) == "CP-010"
    with transaction():
        db.session.add(Action(reference="a7", text="Do it"))
    assert next_reference(Action, "A") == "A8"


def test_every_reference_in_an_address_is_of_a_known_kind(app: Flask) -> None:
    rules = [rule.rule for rule in app.url_map.iter_rules() if "<reference>" in rule.rule]
    assert {rule.partition("<reference>")[0] for rule in rules} == set(ADDRESSED)
    assert all(issubclass(kind, Referenced) for kind in ADDRESSED.values())


@pytest.fixture
def coordinator(app: Flask, sign_in: Callable[[Person], FlaskClient]) -> FlaskClient:
    return sign_in(a_person("Jack Denny", roles=["coordinator"], team="Crewe"))


def test_pages_open_in_any_letter_case_and_show_the_reference_as_it_is(coordinator: FlaskClient) -> None:
    cycle = a_cycle("Autumn-1")
    an_audit("AU-01", cycle=cycle)
    with transaction():
        db.session.add(Recommendation(reference="Rec-1", cycle_id=cycle.id, text="Agree"))
        db.session.add(Action(reference="Act-1", text="Do it"))
        quick_win = {"subject": "S", "message": "M", "starts_on": date(2011, 1, 17)}
        db.session.add(QuickWin(reference="Quick-1", every_working_days=5, times=6, **quick_win))
    shown = {
        "/audits/au-01": "AU-01",
        "/audits/AU-01": "AU-01",
        "/audits/aU-01/extend": "AU-01",
        "/cycles/AUTUMN-1": "Autumn-1",
        "/cycles/autumn-1/findings": "Autumn-1",
        "/recommendations/rec-1": "Rec-1",
        "/actions/ACT-1": "Act-1",
        "/quick-wins/quick-1": "Quick-1",
    }
    for address, reference in shown.items():
        page, written = opened(coordinator, address), address.split("/")[2]
        assert reference in page, address
        assert written == reference or written not in page, address
    assert coordinator.get("/audits/au-02").status_code == 404
    assert coordinator.get("/audits/au-01%00").status_code == 404


def test_an_auditor_opens_their_own_audit_in_any_letter_case(
    app: Flask, sign_in: Callable[[Person], FlaskClient]
) -> None:
    lena = a_person("Lena Lead")
    an_audit("AU-01", lead=lena, second=a_person("Sam Second"))
    an_audit("AU-02", lead=a_person("Tom Third"), second=a_person("Uma Other"))
    client = sign_in(lena)
    answers = [client.get(f"/audits/{reference}") for reference in ("AU-01", "au-01", "AU-02", "au-02")]
    assert [answer.status_code for answer in answers] == [200, 200, 403, 403]


def test_a_move_is_recorded_under_the_reference_as_it_is(coordinator: FlaskClient) -> None:
    an_audit("AU-01")
    coordinator.post("/audits/au-01/withdraw", data={"because": "Duplicate", "version": "1"})
    page = visible(opened(coordinator, "/audits/AU-01"))
    assert "Audit AU-01 withdrawn" in page
    assert "Duplicate" in page
    assert db.session.scalars(select(Audit.withdrawn_because)).all() == ["Duplicate"]


def test_filters_find_a_name_in_any_spelling_and_show_it_as_chosen(coordinator: FlaskClient) -> None:
    a_team("Children's Services 0-5")
    an_audit("AU-01", team="Children's Services 0-5", cycle=a_cycle("Autumn-1"))
    an_audit("AU-02", team="Nantwich", cycle=a_cycle("Autumn-1"))
    page = opened(coordinator, "/audits?team=children’s+services+0–5&cycle=AUTUMN-1")
    assert ("AU-01" in visible(page), "AU-02" in visible(page)) == (True, False)
    assert re.search(r'<option value="Children&#39;s Services 0-5" selected', page)
    assert "Audits in cycle Autumn-1" in page
    people = visible(opened(coordinator, "/people?team=CREWE"))
    assert "Jack Denny" in people.partition("Name")[2]


COMPARED = re.compile(
    r"\b([A-Z]\w+)\.(?:reference|label|name)\s*(?:==|!=|\.in_\(|\.not_in\()\s*(?!latest\.c\.)", re.ASCII
)


def test_no_query_compares_a_name_or_a_reference_as_it_is_written() -> None:
    """`called` does: whatever is compared otherwise is another thing in another spelling."""
    kinds = {model.__name__ for model in CALLED}
    found = [
        f"{path.relative_to(APP.parent)}: {match[0]}"
        for path in sorted(APP.rglob("*.py"))
        for match in COMPARED.finditer(path.read_text(encoding="utf-8"))
        if match[1] in kinds
    ]
    assert found == []

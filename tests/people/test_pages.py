"""Coordinators and administrators manage people on the pages."""

import re
from collections.abc import Callable
from dataclasses import replace
from datetime import date

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from app.database import db, transaction
from app.history.record import Event, of, record
from app.people.leave_moves import add_leave
from app.people.models import FormerEmail, Leave, Person, Team
from app.people.moves import change_person, details_of
from app.people.roles import RoleName
from app.refusal import NotNow
from config.settings import PROJECT
from tests.factories import a_person
from tests.statements import statements

SignIn = Callable[[Person], FlaskClient]
ClockAt = Callable[[date], None]

KEPT = {"name": "Ann Lee", "email": "ann.lee@council.example", "roles": ["auditor"]}


@pytest.fixture
def jack(clock_at: ClockAt, sign_in: SignIn) -> Person:
    """A coordinator who is signed in on 23 November 2026."""
    clock_at(date(2026, 11, 23))
    person = a_person("Jack Denny", roles=["coordinator"])
    sign_in(person)
    return person


def text(client: FlaskClient, address: str) -> str:
    answer = client.get(address)
    assert answer.status_code == 200, address
    return answer.get_data(as_text=True)


def day(prefix: str, value: date) -> dict[str, list[str]]:
    return {prefix: [str(value.day), str(value.month), str(value.year)]}


@pytest.mark.parametrize("role", [role for role in RoleName if role not in ("coordinator", "administrator")])
def test_people_and_settings_are_closed_to(role: RoleName, client: FlaskClient, sign_in: SignIn) -> None:
    person = a_person(roles=[role])
    sign_in(person)
    for address in ("/people", f"/people/{person.id}", "/people/new", "/settings"):
        assert client.get(address).status_code == 403, address
    assert client.post("/people/invite").status_code == 403


def test_an_administrator_opens_people_and_settings(client: FlaskClient, sign_in: SignIn) -> None:
    sign_in(a_person(roles=["administrator"]))
    assert "Add a person" in text(client, "/people")
    assert "Closure days" in text(client, "/settings")


def test_the_list_is_searched_and_filtered(client: FlaskClient, jack: Person) -> None:
    a_person("Chitra Menon", team="Congleton", leave=[(date(2026, 11, 16), date(2026, 12, 4))])
    a_person("Miriam Kaye", roles=["moderator"], leaving_on=date(2026, 12, 31))
    a_person("Walter Gone", leaving_on=date(2026, 11, 22))
    for address, names in (
        ("/people", ["Chitra Menon", "Jack Denny", "Miriam Kaye"]),
        ("/people?q=CHIT", ["Chitra Menon"]),
        ("/people?q=kaye@council", ["Miriam Kaye"]),
        ("/people?q=100%25", []),
        ("/people?role=moderator", ["Miriam Kaye"]),
        ("/people?team=Congleton", ["Chitra Menon"]),
        ("/people?state=away", ["Chitra Menon"]),
        ("/people?state=leaving", ["Miriam Kaye"]),
        ("/people?state=left", ["Walter Gone"]),
        ("/people?state=not+invited", ["Chitra Menon", "Miriam Kaye"]),
        ("/people?page=99&role=boss", ["Chitra Menon", "Jack Denny", "Miriam Kaye"]),
    ):
        rows = text(client, address).split("<tbody")[-1] if names else text(client, address)
        for name in ("Chitra Menon", "Jack Denny", "Miriam Kaye", "Walter Gone"):
            assert (f">{name}</a>" in rows) is (name in names), (address, name)
    assert "on leave until" in text(client, "/people")


def test_the_list_has_pages_and_a_fixed_number_of_queries(client: FlaskClient, jack: Person) -> None:
    def queries() -> int:
        with statements() as sent:
            text(client, "/people")
        return len(sent)

    few = queries()
    for number in range(60):
        a_person(f"Somebody {number:02}", team=f"Team {number % 7}")
    assert queries() <= few + 1
    assert "Page 1 of 2" in text(client, "/people")
    assert "Somebody 59" in text(client, "/people?page=2")
    assert "Somebody 59" not in text(client, "/people")


def test_a_person_is_added(client: FlaskClient, jack: Person) -> None:
    answer = client.post(
        "/people/new",
        data={**KEPT, "team": "Crewe", "line_manager": "jack denny", **day("trained_on", date(2026, 1, 5))},
        follow_redirects=True,
    )
    assert "Ann Lee added" in answer.get_data(as_text=True)
    ann = db.session.scalars(select(Person).where(Person.name == "Ann Lee")).one()
    assert ann.line_manager_id == jack.id
    assert (ann.role_names, ann.trained_on) == ({"auditor"}, date(2026, 1, 5))
    assert [(row.what, row.who) for row in of("person", str(ann.id))] == [("added", jack.email)]


@pytest.mark.parametrize(
    ("entered", "said"),
    [
        ({"name": ""}, "Enter the name"),
        ({"email": "ann"}, "Enter an email address in the correct format, such as"),
        ({"email": "Jack.Denny@council.example"}, "Jack Denny already has this email address"),
        ({"email": "jack.old@council.example"}, "This is an earlier email address of Jack Denny"),
        ({"line_manager": "Nobody"}, "Line manager: no one has this name or email address"),
        ({"line_manager": "Two Alike"}, "several people have this name"),
        ({"leaving_on": ["31", "2", "2027"]}, "Leaving date must be a real date"),
        ({"leaving_on": ["1", "2", "27"]}, "Leaving date must have a year of 4 digits"),
        ({"roles": ["boss"]}, "There is a problem"),
    ],
)
def test_a_person_is_not_added(
    client: FlaskClient, jack: Person, entered: dict[str, object], said: str
) -> None:
    db.session.add(FormerEmail(email="jack.old@council.example", person_id=jack.id))
    db.session.commit()
    a_person("Two Alike").email = "two@council.example"
    db.session.commit()
    a_person("Two Alike")
    answer = client.post("/people/new", data={**KEPT, **entered})
    assert answer.status_code == 422
    assert said in answer.get_data(as_text=True)
    assert db.session.scalar(select(Person).where(Person.email == KEPT["email"])) is None


def test_a_changed_address_keeps_the_person_and_both_addresses(client: FlaskClient, jack: Person) -> None:
    ann = a_person("Ann Lee", team="Crewe")
    page = text(client, f"/people/{ann.id}/edit")
    assert 'value="ann.lee@council.example"' in page
    client.post(f"/people/{ann.id}/edit", data={**KEPT, "email": "ann.moss@council.example", "team": "Crewe"})
    db.session.expire_all()
    assert ann.email == "ann.moss@council.example"
    assert db.session.get_one(FormerEmail, "ann.lee@council.example").person_id == ann.id
    assert "email changed" in text(client, f"/people/{ann.id}")
    client.post(f"/people/{ann.id}/edit", data={**KEPT, "team": "Crewe"})
    assert db.session.scalars(select(FormerEmail.email)).all() == ["ann.moss@council.example"]


def test_an_edit_records_only_what_changed(client: FlaskClient, jack: Person) -> None:
    ann = a_person("Ann Lee", trained_on=None)
    client.post(f"/people/{ann.id}/edit", data={**KEPT, "roles": ["auditor", "manager"], "team": "New team"})
    rows = [(row.what, row.before, row.after) for row in of("person", str(ann.id))]
    assert sorted(rows) == [
        ("roles changed", "auditor", "auditor manager"),
        ("team changed", None, "New team"),
    ]
    assert db.session.scalars(select(Team.name)).all() == ["New team"]


def test_nobody_gets_into_their_own_line_of_management(client: FlaskClient, jack: Person) -> None:
    ann = a_person("Ann Lee")
    worker = a_person("Worker", manager=a_person("Middle", manager=ann))
    for manager in ("Ann Lee", "Worker"):
        answer = client.post(f"/people/{ann.id}/edit", data={**KEPT, "line_manager": manager})
        assert answer.status_code == 422
        assert "would make the person their own manager" in answer.get_data(as_text=True)
    db.session.expire_all()
    assert ann.line_manager_id is None
    assert worker.line_manager_id is not None


def test_the_last_coordinator_stays_one(client: FlaskClient, jack: Person) -> None:
    entered = {"name": "Jack Denny", "email": jack.email, "roles": ["auditor"]}
    answer = client.post(f"/people/{jack.id}/edit", data=entered)
    assert (
        "This would leave no coordinator who can sign in: first give the role to someone else"
        in answer.get_data(as_text=True)
    )
    assert "coordinator" in text(client, f"/people/{jack.id}")


def test_leave_is_entered_changed_and_removed(client: FlaskClient, jack: Person) -> None:
    ann = a_person("Ann Lee")
    page = f"/people/{ann.id}"
    spell = {**day("from_on", date(2026, 11, 23)), **day("to_on", date(2026, 11, 27)), "deputy": jack.email}
    assert client.post(f"{page}/leave", data=spell).status_code == 302
    assert "23 November 2026 to 27 November 2026" in text(client, page)
    leave_id = db.session.scalars(select(Leave.id)).one()
    longer = {**spell, **day("to_on", date(2026, 12, 4))}
    client.post(f"{page}/leave/{leave_id}", data=longer)
    assert "23 November 2026 to 4 December 2026" in text(client, page)
    client.post(f"{page}/leave/{leave_id}/remove")
    assert "No leave recorded" in text(client, page)
    what = [row.what for row in of("person", str(ann.id))]
    assert what == ["leave removed", "leave changed", "leave added"]


@pytest.mark.parametrize(
    ("from_on", "to_on", "deputy", "said"),
    [
        (date(2026, 11, 23), date(2026, 11, 20), "", "Last day of leave must be on or after the first day"),
        (date(2026, 11, 23), date(2026, 11, 27), "Ann Lee", "The deputy must not be the person on leave"),
        (date(2026, 11, 23), date(2026, 11, 27), "Zed", "Deputy: no one has this name"),
    ],
)
def test_leave_is_refused(
    client: FlaskClient, jack: Person, from_on: date, to_on: date, deputy: str, said: str
) -> None:
    ann = a_person("Ann Lee", leave=[(date(2026, 1, 5), date(2026, 1, 7))])
    entered = {**day("from_on", from_on), **day("to_on", to_on), "deputy": deputy}
    answer = client.post(f"/people/{ann.id}/leave", data=entered)
    assert answer.status_code == 422
    assert said in answer.get_data(as_text=True)
    assert db.session.scalars(select(Leave.to_on)).all() == [date(2026, 1, 7)]


@pytest.mark.parametrize(
    ("from_on", "to_on"),
    [
        (date(2026, 12, 1), date(2026, 12, 4)),  # inside
        (date(2026, 11, 30), date(2026, 12, 4)),  # the same first day
        (date(2027, 1, 29), date(2027, 1, 30)),  # one day
        (date(2026, 11, 2), date(2027, 2, 26)),  # around
    ],
)
def test_leave_that_overlaps_leave_is_shown_and_replaces_it(
    client: FlaskClient, jack: Person, from_on: date, to_on: date
) -> None:
    ann = a_person("Ann Lee", leave=[(date(2026, 11, 30), date(2027, 1, 29))])
    entered = {**day("from_on", from_on), **day("to_on", to_on), "deputy": jack.email}
    asked = "This overlaps leave from 30 November 2026 to 29 January 2027: replace it?"
    answer = client.post(f"/people/{ann.id}/leave", data=entered)
    page = answer.get_data(as_text=True)
    assert answer.status_code == 200
    assert asked in page
    assert "Replace leave" in page
    assert f'value="{jack.email}"' in page
    assert db.session.scalars(select(Leave.to_on)).all() == [date(2027, 1, 29)]
    answer = client.post(f"/people/{ann.id}/leave", data={**entered, "let_through": asked})
    assert answer.status_code == 302
    assert db.session.execute(select(Leave.from_on, Leave.to_on)).all() == [(from_on, to_on)]
    (event, *_) = of("person", str(ann.id))
    assert (event.what, event.before) == ("leave replaced", "2026-11-30 to 2027-01-29")


def test_leave_beside_leave_is_entered_without_asking(client: FlaskClient, jack: Person) -> None:
    ann = a_person("Ann Lee", leave=[(date(2026, 11, 30), date(2026, 12, 4))])
    beside = {**day("from_on", date(2026, 12, 5)), **day("to_on", date(2026, 12, 11)), "deputy": ""}
    assert client.post(f"/people/{ann.id}/leave", data=beside).status_code == 302


def test_leave_that_is_changed_replaces_what_it_overlaps(client: FlaskClient, jack: Person) -> None:
    first, second = (date(2026, 11, 2), date(2026, 11, 6)), (date(2026, 11, 9), date(2026, 11, 13))
    ann = a_person("Ann Lee", leave=[first, second])
    leave_id = db.session.scalars(select(Leave.id).order_by(Leave.from_on)).first()
    longer = {**day("from_on", first[0]), **day("to_on", second[1]), "deputy": ""}
    address = f"/people/{ann.id}/leave/{leave_id}"
    page = client.post(address, data=longer).get_data(as_text=True)
    asked = "This overlaps leave from 9 November 2026 to 13 November 2026: replace it?"
    assert asked in page
    assert client.post(address, data={**longer, "let_through": asked}).status_code == 302
    assert db.session.execute(select(Leave.from_on, Leave.to_on)).all() == [(first[0], second[1])]


def test_leave_that_came_meanwhile_is_not_replaced_unseen(client: FlaskClient, jack: Person) -> None:
    ann = a_person("Ann Lee", leave=[(date(2026, 11, 30), date(2026, 12, 4))])
    with pytest.raises(NotNow, match="This overlaps other leave of this person"):
        add_leave(ann.id, date(2026, 12, 1), date(2026, 12, 2), None, by="a test")
    assert db.session.scalars(select(Leave.to_on)).all() == [date(2026, 12, 4)]


def test_somebody_elses_leave_cannot_be_reached_by_address(client: FlaskClient, jack: Person) -> None:
    ann = a_person("Ann Lee", leave=[(date(2026, 1, 5), date(2026, 1, 7))])
    leave_id = ann.leave[0].id
    assert client.post(f"/people/{jack.id}/leave/{leave_id}/remove").status_code == 404
    assert client.get("/people/999999").status_code == 404


def test_a_person_is_one_subject_of_the_history_and_older_rows_are_found(
    client: FlaskClient, jack: Person
) -> None:
    ann = a_person("Ann Lee")
    with transaction():
        # the way in which keys and calendars were recorded
        record(ann.email, [Event("person", ann.email, "API key created", after="Power BI")])
    change_person(ann.id, replace(details_of(ann), email="ann.moss@council.example"), by=jack.email)
    with transaction():
        record(ann.email, [Event("person", ann.email, "calendar address made")])
    page = client.get(f"/people/{ann.id}").get_data(as_text=True)
    assert "API key created: “Power BI”" in page
    assert page.index("calendar address made") < page.index("email changed") < page.index("API key created")


def test_no_code_records_a_person_by_an_address() -> None:
    code = "".join(path.read_text(encoding="utf-8") for path in (PROJECT / "app").rglob("*.py"))
    subjects = set(re.findall(r'Event\(\s*"person",\s*([^,]+),', code))
    assert len(subjects) > 3
    assert {subject for subject in subjects if not re.fullmatch(r"str\([\w.]*id\)|subject", subject)} == set()

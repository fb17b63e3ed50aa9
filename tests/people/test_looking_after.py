"""The accounts of others: who may look after them, and who can be the second person for a role."""

from collections.abc import Collection
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from flask import Flask

from app import clock
from app.database import db, transaction
from app.history.record import Event, record
from app.people import caring, inviting, moves, own_roles
from app.people.beholden import givers
from app.people.importing_staff import import_staff
from app.people.looking_after import Care, why_not, why_not_given
from app.people.models import Person
from app.people.moves import Details, add_person, change_person, details_of
from app.people.roles import RoleName as R
from app.people.telling_of_access import COMMAND_LINE
from app.people.ways_in import CONNECTED
from app.refusal import Refused
from tests.conftest import give_password, let_in
from tests.factories import a_person
from tests.pages import opened, visible

NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)
C, A, M = R.COORDINATOR, R.ADMINISTRATOR, R.MODERATOR


@pytest.mark.parametrize(
    ("own", "theirs", "may"),
    [
        ({C}, {R.AUDITOR, R.LEADER, R.MANAGER, R.PRACTITIONER}, "invite open keep"),
        ({C}, {C}, "invite open keep"),
        ({C}, {A}, ""),
        ({C}, {C, A}, ""),
        ({C}, {M}, "invite"),
        ({C, M}, {M}, "invite open keep"),
        ({A}, {A}, "invite open keep"),
        ({A}, {C}, "invite keep"),
        ({A}, {M}, "invite keep"),
        ({A}, {A, C}, "invite keep"),
        ({A, C}, {A, C}, "invite open keep"),
        ({A, C}, {A, C, M}, "invite keep"),
        ((), {C}, "invite"),
        ((), {A}, ""),
    ],
)
def test_the_table_of_roles(own: Collection[R], theirs: Collection[R], may: str) -> None:
    assert {care.value for care in Care if why_not("Ann", own, theirs, care) is None} == set(may.split())


def test_a_refusal_says_who_can() -> None:
    assert why_not("Ada", {C}, {A, C}, Care.OPEN) == (
        "Ada has the role administrator, so only someone else with the same role can do this"
    )
    assert why_not("Mo", {C}, {M}, Care.KEEP) == (
        "Mo has the role moderator, so only an administrator or someone else with the same role can do this"
    )
    assert why_not_given({C}, {C, A}) == (
        "Only an administrator, or a command on the server, can give the role administrator"
    )


def test_givers_reach_over_others() -> None:
    assert givers(3, [(1, 2), (2, 3), (3, 4), (5, 1)]) == {1, 2, 5}
    assert givers(1, [(1, 2), (2, 1)]) == {2}
    assert givers(1, []) == set()


@pytest.fixture
def office(service: Flask) -> tuple[Person, Person]:
    """A coordinator and an administrator who has signed in."""
    clock.clock().fixed = NOON
    cora, ada = a_person("Cora", roles=["coordinator"]), a_person("Ada", roles=["administrator"])
    give_password(ada)
    give_password(cora)
    return cora, ada


def test_a_coordinator_does_nothing_to_the_account_of_an_administrator(
    office: tuple[Person, Person], tmp_path: Path
) -> None:
    cora, ada = office
    file = tmp_path / "staff.csv"
    file.write_text(f"email,name,roles\n{ada.email},Ada,auditor\nnew@council.example,New,administrator\n")
    by, theirs = cora.email, details_of(ada)
    for refused in (
        lambda: inviting.invite(ada.id, by=by, on=clock.today()),
        lambda: change_person(ada.id, replace(theirs, email="mine@council.example"), by=by),
        lambda: change_person(ada.id, replace(theirs, roles=frozenset()), by=by),
        lambda: moves.switch_off(ada.id, by=by),
        lambda: add_person(Details(email="x@council.example", name="X", roles=frozenset({A})), by=by),
    ):
        with pytest.raises(Refused, match="administrator"):
            refused()
    faults = import_staff(file, by=by).faults
    by_file = [fault for fault in faults if fault.why.startswith("cannot be changed by this file: ")]
    assert [(fault.row, fault.column) for fault in by_file] == [(2, "roles"), (3, "roles")]
    assert (ada.email, ada.role_names, ada.active) == (theirs.email, {"administrator"}, True)
    change_person(ada.id, replace(theirs, telephone="01270 1"), by=by)
    assert caring.why_not(ada, Care.OPEN, ada.email) is None
    assert caring.why_not(ada, Care.OPEN, COMMAND_LINE) is None


@pytest.mark.parametrize(
    ("by", "theirs", "may"),
    [
        ("coordinator", "administrator", False),
        ("coordinator", "moderator", False),
        ("coordinator", "auditor", True),
        ("coordinator", "coordinator", True),
        ("administrator", "coordinator", True),
    ],
)
@pytest.mark.parametrize("before", [None, date(2026, 11, 20)], ids=["sets it", "takes it back"])
@pytest.mark.parametrize("how", ["page", "file"])
def test_whoever_may_not_turn_access_off_does_not_end_it_by_a_leaving_date(
    office: tuple[Person, Person],
    tmp_path: Path,
    by: str,
    theirs: str,
    may: bool,
    before: date | None,
    how: str,
) -> None:
    cora, ada = office
    doer = cora if by == "coordinator" else ada
    other = give_password(a_person("Olu", roles=[theirs], leaving_on=before))
    after = date(2026, 11, 22) if before is None else date(2027, 12, 31)
    file = tmp_path / "staff.csv"
    file.write_text(f"email,name,leaving_on\n{other.email},Olu,{after}\n")
    refused = ""
    if how == "page":
        try:
            change_person(other.id, replace(details_of(other), leaving_on=after), by=doer.email)
        except Refused as why:
            refused = str(why)
    else:
        for fault in import_staff(file, by=doer.email).faults:
            assert (fault.row, fault.column) == (2, "leaving_on")
            refused = fault.why
    db.session.rollback()
    assert db.session.get_one(Person, other.id).leaving_on == (after if may else before)
    assert bool(refused) is not may
    if not may:
        assert f"Olu has the role {theirs}, so only " in refused


def test_ones_own_leaving_date_and_that_of_an_account_not_used_are_free(
    office: tuple[Person, Person],
) -> None:
    cora, ada = office
    day = date(2027, 1, 29)
    a_person("Another", roles=["coordinator", "administrator"])
    give_password(a_person("Second", roles=["coordinator", "administrator"]))
    change_person(cora.id, replace(details_of(cora), leaving_on=day), by=cora.email)
    new = a_person("New Moderator", roles=["moderator"])
    change_person(new.id, replace(details_of(new), leaving_on=day), by=cora.email)
    change_person(ada.id, replace(details_of(ada), leaving_on=day), by=COMMAND_LINE)
    assert {cora.leaving_on, ada.leaving_on, new.leaving_on} == {day}


def test_an_account_that_was_disconnected_was_used(office: tuple[Person, Person]) -> None:
    mo = a_person("Mo", roles=["moderator"])
    assert not caring.was_used(mo)
    with transaction():
        record("council account", [Event("person", str(mo.id), CONNECTED)])
    assert caring.was_used(mo)
    cora, _ = office
    with pytest.raises(Refused, match="only someone else with the same role"):
        change_person(mo.id, replace(details_of(mo), email="mine@council.example"), by=cora.email)


def test_invitations_of_administrators_are_not_among_a_coordinators(office: tuple[Person, Person]) -> None:
    cora, ada = office
    a_person("New Admin", roles=["administrator", "auditor"])
    a_person("New Auditor")
    on = clock.today()
    assert [person.name for person in inviting.not_invited(on, cora.email)] == ["New Auditor"]
    assert [one.person.name for one in inviting.invite_all(by=ada.email, on=on)] == [
        "New Admin",
        "New Auditor",
    ]


@pytest.mark.parametrize("how", ["added", "added by another", "link", "address", "role", "file"])
def test_whom_one_lets_in_is_no_second_person(
    office: tuple[Person, Person], tmp_path: Path, how: str
) -> None:
    cora, _ada = office
    new = Details(email="sock@council.example", name="Sock", roles=frozenset({C}))
    by = cora.email
    sock = None if how in ("added", "added by another", "file") else a_person("Sock", roles=["coordinator"])
    match how:
        case "added":
            sock = add_person(new, by=by)
        case "added by another":
            between = add_person(replace(new, email="between@council.example"), by=by)
            sock = add_person(new, by=between.email)
        case "link":
            assert sock is not None
            inviting.invite(sock.id, by=by, on=clock.today())
        case "address":
            assert sock is not None
            change_person(sock.id, replace(details_of(sock), email="mine@council.example"), by=by)
        case "role":
            assert sock is not None
            change_person(sock.id, replace(details_of(sock), roles=frozenset({C, R.LEADER})), by=by)
        case "file":
            file = tmp_path / "staff.csv"
            file.write_text("email,name,roles\nsock@council.example,Sock,coordinator; auditor\n")
            with transaction():
                assert not import_staff(file, by=by).refused
                record(by, [Event("import", "staff", "imported", after="1 added")])
            sock = db.session.query(Person).filter_by(email="sock@council.example").one()
            assert sock.role_names == {"coordinator", "auditor"}
    assert sock is not None
    wanted = replace(details_of(cora), roles=frozenset({C, M}))
    change_person(cora.id, wanted, by=by)
    with pytest.raises(Refused, match="in the last 30 days"):
        own_roles.confirm(cora.id, M, by=sock.email)
    with pytest.raises(Refused, match="in the last 30 days"):
        change_person(cora.id, wanted, by=sock.email)
    assert cora.role_names == {"coordinator"}
    clock.clock().fixed = NOON + timedelta(days=31)
    own_roles.confirm(cora.id, M, by=sock.email)
    assert cora.role_names == {"coordinator", "moderator"}


def test_a_coordinator_does_not_confirm_an_administrator(office: tuple[Person, Person]) -> None:
    cora, ada = office
    own = a_person("Own", roles=["coordinator"])
    change_person(own.id, replace(details_of(own), roles=frozenset({C, A})), by=own.email)
    with pytest.raises(Refused, match="Only an administrator"):
        own_roles.confirm(own.id, A, by=cora.email)
    own_roles.confirm(own.id, A, by=ada.email)
    assert own.role_names == {"coordinator", "administrator"}


def test_the_pages_show_what_one_may_do(app: Flask) -> None:
    clock.clock().fixed = NOON
    cora, ada = a_person("Cora", roles=["coordinator"]), a_person("Ada", roles=["administrator"])
    give_password(ada)
    office = let_in(app.test_client(), cora)
    page = visible(opened(office, f"/people/{ada.id}"))
    assert "Ada has the role administrator, so only someone else with the same role can do this." in page
    for button in ("Show link to choose a new password", "Turn off access"):
        assert button not in page
    for address in ("invite", "turn-off", "turn-on"):
        answer = office.post(f"/people/{ada.id}/{address}")
        assert answer.status_code == 409
        assert "/choose-password/" not in answer.text
    page = visible(opened(let_in(app.test_client(), ada), f"/people/{cora.id}"))
    assert "You cannot send or show a link. Cora has the role coordinator, so only someone else" in page
    assert "Turn off access" in page

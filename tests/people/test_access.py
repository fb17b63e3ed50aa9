"""Changes of access: who is told, whom they need, which links they end."""

import re
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select

from app import clock
from app.api import ending, tokens
from app.database import db, transaction
from app.history.record import of
from app.imports.kinds import KINDS
from app.outbox.kinds import KINDS as MESSAGES
from app.outbox.kinds import Holds, Overtaken
from app.outbox.models import Message
from app.people import inviting, links, moves, own_roles
from app.people.counted_attempts import begin
from app.people.importing_staff import import_staff
from app.people.models import LinkAsked, Person, RoleRequest
from app.people.moves import add_person, change_person, create_user, details_of, set_password
from app.people.roles import RoleName as R
from app.people.telling_of_access import COMMAND_LINE
from app.refusal import NotNow, Refused
from tests.conftest import PASSWORD, give_password
from tests.factories import a_person
from tests.outbox.messages import KIND, a_message

NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)
ON = NOON.date()

SignIn = Callable[[Person], FlaskClient]
ClockAt = Callable[[date | datetime], None]


def told(kind: str = "access") -> dict[str, str]:
    """The messages of a kind in words, by the address that they went to; they are taken out."""
    db.session.rollback()
    messages = list(db.session.scalars(select(Message).where(Message.kind == kind).order_by(Message.id)))
    words = {message.address: f"{message.subject}\n{message.text}" for message in messages}
    assert len(words) == len(messages), "one message each"
    with transaction():
        for message in messages:
            db.session.delete(message)
    return words


@pytest.fixture(autouse=True)
def noon(service: Flask) -> None:
    clock.clock().fixed = NOON


@pytest.fixture
def cora() -> Person:
    return a_person("Cora", roles=["coordinator"])


@pytest.fixture
def ann(cora: Person) -> Person:
    return a_person("Ann Lee", roles=["auditor"])


def change(person: Person, by: Person, **details: object) -> frozenset[R]:
    return change_person(person.id, replace(details_of(person), **details), by=by.email)  # type: ignore[arg-type]


# who is told


def test_a_new_address_is_told_to_both_addresses_and_all_coordinators(ann: Person, cora: Person) -> None:
    a_person("Left", roles=["coordinator"], leaving_on=date(2026, 11, 20))
    other = a_person("Olu", roles=["coordinator", "administrator"])
    admin = a_person("Adam", roles=["administrator"])
    change(ann, admin, email="adams.second@council.example")
    words = told()
    assert words.keys() == {
        "ann.lee@council.example",
        "adams.second@council.example",
        cora.email,
        other.email,
    }
    for text in words.values():
        assert "Ann Lee: email address changed" in text
        assert "Changed by: Adam, 23 November 2026 at midday" in text
        # an address that was wrong is not told to a stranger
        assert "@" not in text
    assert f"/people/{ann.id}" in words[cora.email]
    assert f"/people/{ann.id}" not in words["ann.lee@council.example"]


@pytest.mark.parametrize(
    ("details", "words"),
    [
        ({"roles": frozenset({R.AUDITOR, R.LEADER})}, "roles changed from auditor to auditor, leader"),
        ({"roles": frozenset()}, "roles changed from auditor to none"),
        ({"name": "Ann Moss", "telephone": "01270 1"}, None),
    ],
)
def test_changed_roles_are_told_and_other_details_are_not(
    ann: Person, cora: Person, details: dict[str, object], words: str | None
) -> None:
    change(ann, cora, **details)
    there = told()
    assert there.keys() == ({ann.email, cora.email} if words else set())
    assert all((words or "") in text for text in there.values())


LEAVES = date(2026, 12, 18)


@pytest.mark.parametrize(
    ("how", "before", "after", "words"),
    [
        ("page", None, LEAVES, "leaving date set to 18 December 2026"),
        ("page", LEAVES, date(2027, 1, 8), "leaving date changed from 18 December 2026 to 8 January 2027"),
        ("page", LEAVES, None, "leaving date removed"),
        ("page", LEAVES, LEAVES, None),
        ("file", None, LEAVES, "leaving date set to 18 December 2026"),
        ("file", LEAVES, date(2027, 1, 8), "leaving date changed from 18 December 2026 to 8 January 2027"),
        ("file", LEAVES, LEAVES, None),
    ],
)
def test_when_someone_with_rights_over_others_leaves_is_told(
    cora: Person, tmp_path: Path, how: str, before: date | None, after: date | None, words: str | None
) -> None:
    mo, auditor = (a_person(name, roles=[name], leaving_on=before) for name in ("moderator", "auditor"))
    admin = a_person("Adam", roles=["administrator"])
    if how == "page":
        for one in (mo, auditor):
            change(one, admin, leaving_on=after)
    else:
        file = tmp_path / "staff.csv"
        rows = [f"{one.email},{one.name},{after}" for one in (mo, auditor)]
        file.write_text("\n".join(["email,name,leaving_on", *rows]))
        assert import_staff(file, by=admin.email).faults == []
    there = told()
    assert there.keys() == ({mo.email, cora.email} if words else set())
    assert all(f"moderator: {words}" in text for text in there.values())


def test_a_leaving_date_ends_no_link(cora: Person) -> None:
    other = a_person("Olu", roles=["coordinator"])
    link = links.link_for(other, links.INVITATION)
    change(other, cora, leaving_on=LEAVES)
    assert links.person_of(link.rpartition("/")[2]) is other


@pytest.mark.parametrize(
    ("roles", "is_told"),
    [
        ({R.AUDITOR}, False),
        ({R.MANAGER, R.ADMINISTRATOR}, True),
        ({R.MODERATOR}, True),
        ({R.COORDINATOR}, True),
    ],
)
def test_nobody_is_added_with_much_access_unseen(cora: Person, roles: set[R], is_told: bool) -> None:
    details = moves.Details(email="new@council.example", name="New", roles=frozenset(roles))
    add_person(details, by=a_person("Adam", roles=["administrator"]).email)
    assert told().keys() == ({cora.email} if is_told else set())


def test_a_first_password_by_its_owner_is_no_change_and_each_later_one_is_told(
    ann: Person, cora: Person
) -> None:
    set_password(ann.id, "three unrelated words", by=ann.email)
    assert told() == {}
    set_password(ann.id, "four unrelated words too", by=ann.email)
    words = told()
    assert words.keys() == {ann.email, cora.email}
    assert all("Ann Lee: password changed" in text and "words too" not in text for text in words.values())


def test_a_command_on_the_server_is_allowed_and_told(ann: Person, cora: Person) -> None:
    create_user(ann.email, "Ann Lee", frozenset({R.COORDINATOR}), PASSWORD, by=COMMAND_LINE)
    words = told()
    assert words.keys() == {ann.email, cora.email}
    for text in words.values():
        assert "roles changed from auditor to auditor, coordinator" in text
        assert "password set" in text
        assert "Someone on the server, with the command line" in text
        assert PASSWORD not in text
    assert ann.role_names == {"auditor", "coordinator"}
    create_user("new@council.example", "New", frozenset({R.AUDITOR}), PASSWORD, by=COMMAND_LINE)
    assert told().keys() == {ann.email, cora.email}, "they were invited by nobody"


def test_the_first_person_of_an_installation_is_told_nothing() -> None:
    create_user("first@council.example", "First", frozenset({R.COORDINATOR}), PASSWORD, by=COMMAND_LINE)
    assert told() == {}


def test_keys_are_told_when_they_are_made_and_revoked(cora: Person) -> None:
    lee = a_person("Lee", roles=["leader"])
    key = tokens.make("Power BI of 123456", R.LEADER, lee)
    words = told()
    assert words.keys() == {lee.email, cora.email}
    assert all("Lee: API key created" in text for text in words.values())
    assert not any(key in text or "123456" in text for text in words.values())
    tokens.revoke(tokens.keys_of(lee)[0].id, lee)
    assert all("Lee: API key revoked" in text for text in told().values())


def staff_file(folder: Path, *rows: str) -> Path:
    path = folder / "staff.csv"
    path.write_text("\n".join(("email,name,roles", *rows)), encoding="utf-8")
    return path


def test_roles_from_a_file_are_told_together(ann: Person, cora: Person, tmp_path: Path) -> None:
    rows = ("ann.lee@council.example,Ann Lee,auditor moderator", "bob@council.example,Bob,administrator")
    file = staff_file(tmp_path, *rows, "cat@council.example,Cat,auditor")
    adam = a_person("Adam", roles=["administrator"])
    import_staff(file, by=adam.email)
    words = told()
    assert words.keys() == {ann.email, cora.email}
    assert "Bob" not in words[ann.email]
    assert "Ann Lee: roles changed by a staff file from auditor to auditor, moderator" in words[cora.email]
    assert "Bob: added by a staff file with the roles administrator" in words[cora.email]
    assert "Cat" not in words[cora.email]
    import_staff(file, by=adam.email)
    assert told() == {}


def test_a_file_of_hundreds_makes_one_message_of_bounded_length(cora: Person, tmp_path: Path) -> None:
    people = [a_person(f"Person {number}", roles=["auditor"]) for number in range(30)]
    import_staff(staff_file(tmp_path, *(f"{person.email},{person.name},leader" for person in people)))
    words = told()
    assert len(words) == 31
    assert "10 more changes" in words[cora.email]
    assert "Check changes to the access of 30 people" in words[cora.email]


def test_the_first_file_of_an_installation_tells_nobody(tmp_path: Path) -> None:
    import_staff(staff_file(tmp_path, "a@council.example,A,coordinator", "b@council.example,B,coordinator"))
    assert told() == {}


# one's own role


OFFICE_CASES: Sequence[tuple[str, R]] = [
    (role, own) for role in ("coordinator", "administrator") for own in R if own.value != role
]


@pytest.mark.parametrize(("role", "wanted"), OFFICE_CASES)
def test_nobody_gives_themselves_a_role(role: str, wanted: R) -> None:
    own = a_person("Own", roles=[role])
    other = a_person("Other", roles=["administrator"])
    assert change(own, own, roles=frozenset({R(role), wanted}), telephone="01270 2") == {wanted}
    assert (own.role_names, own.telephone) == ({role}, "01270 2")
    assert told() == {}
    asked = told("role-request")
    assert asked.keys() == {other.email}
    assert f"Own asked for more roles for themselves ({wanted})" in asked[other.email]
    with pytest.raises(Refused, match="Another coordinator or administrator"):
        own_roles.confirm(own.id, wanted, by=own.email)
    own_roles.confirm(own.id, wanted, by=other.email)
    assert own.role_names == {role, wanted}
    assert own.email in told()
    with pytest.raises(NotNow):
        own_roles.confirm(own.id, wanted, by=other.email)


def test_asking_again_waits_as_before_and_taking_a_role_away_needs_nobody(cora: Person) -> None:
    both = a_person("Both", roles=["administrator", "leader"])
    wanted = frozenset({R.ADMINISTRATOR, R.MODERATOR})
    assert change(both, both, roles=wanted) == {R.MODERATOR}
    assert both.role_names == {"administrator"}
    told()
    told("role-request")
    assert change(both, both, roles=wanted) == {R.MODERATOR}
    assert told("role-request") == {}
    assert db.session.scalar(select(func.count()).select_from(RoleRequest)) == 1


def test_a_refused_role_is_gone_and_its_emails_are_overtaken(cora: Person) -> None:
    own = a_person("Own", roles=["administrator"])
    change(own, own, roles=frozenset({R.ADMINISTRATOR, R.LEADER}))
    message = db.session.scalars(select(Message).where(Message.kind == "role-request")).one()

    def verdict() -> object:
        return MESSAGES["role-request"].recheck([message], ON)[message.id]

    assert verdict() == Holds()
    own_roles.refuse(own.id, "leader", by=cora.email)
    assert verdict() == Overtaken("Someone has decided about the role")
    assert own.role_names == {"administrator"}
    rows = [(row.what, row.before, row.after, row.who) for row in of("person", str(own.id))]
    assert rows == [
        ("role refused", "leader", None, cora.email),
        ("role asked for", None, "leader", own.email),
    ]


def test_a_file_gives_its_importer_no_role(cora: Person, tmp_path: Path) -> None:
    own = a_person("Own", roles=["administrator"])
    file = staff_file(tmp_path, f"{own.email},Own,administrator coordinator")
    (kind,) = (kind for kind in KINDS if kind.name == "staff")
    for dry_run in (True, False):
        outcome = kind.take_in(file, on=ON, by=own.email, dry_run=dry_run)
        assert "You cannot give yourself the role coordinator" in outcome.warnings[0]
    assert own.role_names == {"administrator"}
    assert [request.role for request in own_roles.requests_of([own.id])] == ["coordinator"]
    kind.take_in(file, on=ON)
    assert own.role_names == {"administrator", "coordinator"}, "a command on the server may"
    assert "command line" in told()[cora.email]


def test_the_page_says_that_a_second_person_is_needed(app: Flask) -> None:
    clock.clock().fixed = NOON
    own, cora = a_person("Own Person", roles=["administrator"]), a_person("Cora", roles=["coordinator"])
    for person in (own, cora):
        give_password(person)
    client = app.test_client()
    client.post("/sign-in", data={"email": own.email, "password": PASSWORD})
    form = {"name": "Own Person", "email": own.email, "roles": ["administrator", "moderator"]}
    page = client.post(f"/people/{own.id}/edit", data=form, follow_redirects=True).text
    assert "Another coordinator or administrator must confirm your role moderator" in page
    assert "Do not ask for role moderator" in page
    assert "Confirm role" not in page
    answer = client.post(f"/people/{own.id}/roles/moderator/confirm")
    assert answer.status_code == 409
    client.post("/sign-out")
    client.post("/sign-in", data={"email": cora.email, "password": PASSWORD})
    assert "Own Person</a>" in client.get("/people").text.split("must confirm roles")[1]
    page = client.post(f"/people/{own.id}/roles/moderator/confirm", follow_redirects=True).text
    assert "Role confirmed" in page
    assert "Roles to confirm" not in page
    db.session.rollback()
    assert own.role_names == {"administrator", "moderator"}
    assert client.post(f"/people/{own.id}/roles/moderator/confirm").status_code == 409
    assert client.post(f"/people/{own.id}/roles/nonsense/refuse").status_code == 409


# links


def works(link: str) -> bool:
    db.session.rollback()
    return links.person_of(link.rpartition("/")[2]) is not None


@pytest.mark.parametrize("purpose", [links.INVITATION, links.PASSWORD])
@pytest.mark.parametrize(
    "what",
    [
        "address",
        "address and back",
        "roles",
        "roles and back",
        "roles by a file",
        "disabled",
        "newer",
        "password",
    ],
)
def test_a_link_ends_with_what_it_was_made_for(
    ann: Person, cora: Person, tmp_path: Path, purpose: str, what: str
) -> None:
    link = links.link_for(ann, purpose)
    assert works(link)
    change(ann, cora, telephone="01270 3")
    assert works(link), "other details change nothing"
    email, roles = ann.email, frozenset({R.AUDITOR})
    match what:
        case "address" | "address and back":
            change(ann, cora, email="right@council.example")
        case "roles" | "roles and back":
            change(ann, cora, roles=roles | {R.LEADER})
        case "roles by a file":
            import_staff(staff_file(tmp_path, f"{email},Ann Lee,leader"))
        case "disabled":
            with transaction():
                ann.active = False
        case "newer":
            assert works(links.link_for(ann, links.PASSWORD))
        case "password":
            set_password(ann.id, "three unrelated words", by=ann.email)
    if what.endswith("back"):
        change(ann, cora, email=email, roles=roles)
    assert not works(link)


def test_a_waiting_invitation_to_a_corrected_address_is_not_sent(app: Flask, clock_at: ClockAt) -> None:
    clock_at(NOON)
    cora, ann = a_person("Cora", roles=["coordinator"]), a_person("Ann Lee")
    app.extensions["settings"] = replace(
        app.extensions["settings"], mail=replace(app.extensions["settings"].mail, server="mail.example")
    )
    for _ in range(2):
        inviting.invite(ann.id, by=cora.email, on=ON)
    old, new = db.session.scalars(select(Message).where(Message.kind == "invitation").order_by(Message.id))

    def verdicts() -> list[bool]:
        recheck = MESSAGES["invitation"].recheck
        return [isinstance(verdict, Holds) for verdict in recheck([old, new], ON).values()]

    assert verdicts() == [False, True]
    change(ann, cora, email="right@council.example")
    assert verdicts() == [False, False]


def test_what_waits_goes_to_the_corrected_address(ann: Person, cora: Person) -> None:
    with transaction():
        for kind, state in (
            ("digest", "queued"),
            ("chase", "held"),
            ("digest", "sent"),
            ("access", "queued"),
        ):
            message = a_message(ann.email, recipient=ann.id)
            message.kind, message.state = kind, state
        a_message("bob@council.example")
    change(ann, cora, email="right@council.example")
    query = select(Message.kind, Message.state, Message.address).order_by(Message.id).limit(5)
    assert db.session.execute(query).all() == [
        ("digest", "queued", "right@council.example"),
        ("chase", "held", "right@council.example"),
        ("digest", "sent", "ann.lee@council.example"),
        ("access", "queued", "ann.lee@council.example"),
        (KIND, "queued", "bob@council.example"),
    ]


# a forgotten password


def test_asking_looks_nothing_up_and_is_counted(ann: Person, cora: Person) -> None:
    for _ in range(9):
        inviting.ask_for_new_password(" Ann.Lee@council.example", "192.0.2.1")
        inviting.ask_for_new_password("nobody@council.example", "192.0.2.1")
    assert db.session.scalar(select(func.count()).select_from(LinkAsked)) == 12
    assert db.session.scalar(select(func.count()).select_from(Message)) == 0
    inviting.write_links_asked_for(ON)
    assert db.session.scalars(select(Message.address)).all() == [ann.email]
    assert db.session.scalar(select(func.count()).select_from(LinkAsked)) == 0
    inviting.write_links_asked_for(ON)
    assert db.session.scalar(select(func.count()).select_from(Message)) == 1


def test_one_client_does_not_write_to_everybody(cora: Person) -> None:
    for number in range(120):
        inviting.ask_for_new_password(f"person{number}@council.example", "192.0.2.1")
    assert db.session.scalar(select(func.count()).select_from(LinkAsked)) == 100
    inviting.ask_for_new_password("person119@council.example", "198.51.100.1")
    assert db.session.scalar(select(func.count()).select_from(LinkAsked)) == 101
    assert begin("password", "person1@council.example", "192.0.2.1") is not None


# keys


def test_a_key_ends_after_a_year_and_says_so(app: Flask, clock_at: ClockAt, sign_in: SignIn) -> None:
    clock_at(NOON)
    lee = a_person("Lee", roles=["leader"])
    key = tokens.make("Power BI", R.LEADER, lee)

    def asked(with_key: str = key) -> tuple[int, str]:
        answer = app.test_client().get("/api/v1/cycles", headers={"Authorization": f"Bearer {with_key}"})
        return answer.status_code, str(answer.get_json().get("detail"))

    assert "Tue 23 Nov 2027" in sign_in(lee).get("/keys").text
    clock_at(datetime(2027, 11, 23, 23, tzinfo=UTC))
    assert asked()[0] == 200
    clock_at(datetime(2027, 11, 24, 1, tzinfo=UTC))
    status, why = asked()
    assert status == 401
    assert "This API key stopped working after 23 November 2027" in why
    assert "stopped" not in asked("pa_another")[1]
    tokens.revoke(tokens.keys_of(lee)[0].id, lee)
    assert "stopped" not in asked()[1]


@pytest.mark.parametrize(
    ("day", "ends_on"), [(date(2026, 11, 30), date(2027, 11, 30)), (date(2028, 2, 29), date(2029, 2, 28))]
)
def test_a_year_after(day: date, ends_on: date) -> None:
    assert tokens.a_year_after(day) == ends_on


def test_the_owner_of_a_key_is_told_once_before_it_ends(cora: Person) -> None:
    lee = a_person("Lee", roles=["leader"])
    tokens.make("Power BI", R.LEADER, lee)
    ends_on = date(2027, 11, 23)
    assert [ending.warn(ends_on - timedelta(days=days)) for days in (15, 14, 13, 0, -1)] == [0, 1, 0, 0, 0]
    message = db.session.scalars(select(Message).where(Message.kind == "key-ends")).one()
    assert message.address == lee.email
    assert message.subject == "Replace your API key by Tuesday 23 November 2027"

    def verdict(on: date) -> object:
        return MESSAGES["key-ends"].recheck([message], on)[message.id]

    assert verdict(ends_on) == Holds()
    assert verdict(ends_on + timedelta(days=1)) == Overtaken("The API key has stopped working")
    tokens.revoke(tokens.keys_of(lee)[0].id, lee)
    assert verdict(ends_on) == Overtaken("The API key was revoked")


def test_no_message_holds_a_link_or_a_key(cora: Person) -> None:
    lee = a_person("Lee", roles=["leader"])
    key = tokens.make("Power BI", R.LEADER, lee)
    link = links.link_for(lee, links.PASSWORD)
    change(lee, cora, email="lee.new@council.example", roles=frozenset({R.AUDITOR}))
    own = a_person("Own", roles=["administrator"])
    change(own, own, roles=frozenset({R.ADMINISTRATOR, R.LEADER}))
    for message in db.session.scalars(select(Message)):
        words = f"{message.subject} {message.text} {message.html}"
        assert key not in words
        assert link not in words
        assert not re.search(r"pa_|choose-password", words)

"""Changes that would lock everyone out are refused: by rule, by page, by file, and by two people at once."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, date, datetime, time
from pathlib import Path
from threading import Barrier

import pytest
from flask import Flask
from flask.testing import FlaskClient
from hypothesis import given
from hypothesis import strategies as st

from app import clock
from app.database import db
from app.files.imported import Imported
from app.people.importing_staff import import_staff
from app.people.lockout import KEPT, Access, nobody_is, taken_away, why_not
from app.people.models import Person
from app.people.moves import change_person, create_user, details_of
from app.people.queries import no_coordinator
from app.people.roles import RoleName
from app.refusal import Refused
from config.settings import PROJECT
from tests.conftest import PASSWORD, give_password
from tests.factories import a_person

FIRST_CYCLE = PROJECT / "app" / "example" / "first-cycle"
YESTERDAY, TODAY, TOMORROW = date(2026, 11, 22), date(2026, 11, 23), date(2026, 11, 24)
COORDINATOR, ADMINISTRATOR = KEPT

JACK = Access(frozenset({COORDINATOR}), has_way_in=True)
NEVER_INVITED = Access(frozenset({COORDINATOR}))
NEIL = Access(frozenset({ADMINISTRATOR}), has_way_in=True)
AUDITOR = Access(frozenset({RoleName.AUDITOR}), has_way_in=True)

TAKEN = [("jack", COORDINATOR)]


@pytest.mark.parametrize(
    ("before", "after", "taken"),
    [
        ({"jack": JACK}, {"jack": JACK}, []),
        ({"jack": JACK}, {"jack": AUDITOR}, TAKEN),
        ({"jack": JACK}, {"jack": replace(JACK, active=False)}, TAKEN),
        ({"jack": JACK}, {"jack": replace(JACK, leaving_on=YESTERDAY)}, TAKEN),
        ({"jack": JACK}, {"jack": replace(JACK, leaving_on=TODAY)}, TAKEN),
        ({"jack": JACK}, {"jack": replace(JACK, leaving_on=TOMORROW)}, []),
        # another one is enough if that one can sign in
        ({"jack": JACK, "ann": JACK}, {"jack": AUDITOR, "ann": JACK}, []),
        ({"jack": JACK, "ann": NEVER_INVITED}, {"jack": AUDITOR, "ann": NEVER_INVITED}, TAKEN),
        ({"jack": JACK, "ann": AUDITOR}, {"jack": AUDITOR, "ann": JACK}, []),
        ({"jack": JACK, "ann": replace(JACK, active=False)}, {"jack": AUDITOR, "ann": AUDITOR}, TAKEN),
        ({"jack": JACK, "ann": NEVER_INVITED}, {"jack": JACK, "ann": AUDITOR}, []),
        # two people lose the role at once, though either would be enough
        ({"jack": JACK, "ann": JACK}, {"jack": AUDITOR, "ann": AUDITOR}, [*TAKEN, ("ann", COORDINATOR)]),
        # before anyone has a password, one who can be invited must remain
        ({"ann": NEVER_INVITED}, {"ann": AUDITOR}, [("ann", COORDINATOR)]),
        ({"ann": NEVER_INVITED}, {"ann": AUDITOR, "new": NEVER_INVITED}, []),
        # the two roles do not stand in for each other
        ({"jack": JACK, "neil": NEIL}, {"jack": NEIL, "neil": NEIL}, TAKEN),
        ({"jack": JACK, "neil": NEIL}, {"jack": JACK, "neil": AUDITOR}, [("neil", ADMINISTRATOR)]),
        # roles that nobody had before need nobody afterwards
        ({"ann": AUDITOR}, {"ann": AUDITOR}, []),
        ({"jack": replace(JACK, leaving_on=TODAY)}, {"jack": AUDITOR}, []),
        ({}, {}, []),
    ],
)
def test_the_last_one_who_can_sign_in_keeps_the_role(
    before: dict[str, Access], after: dict[str, Access], taken: list[tuple[str, RoleName]]
) -> None:
    assert taken_away(before, after, TODAY) == taken


ACCESS = st.builds(
    Access,
    st.frozensets(st.sampled_from([*KEPT, RoleName.AUDITOR])),
    st.none() | st.sampled_from([YESTERDAY, TODAY, TOMORROW]),
    st.booleans(),
    st.booleans(),
)
PEOPLE = st.dictionaries(st.integers(1, 4), ACCESS)


@given(PEOPLE, st.lists(st.tuples(st.integers(1, 4), ACCESS), max_size=5))
def test_no_row_of_changes_that_are_let_through_locks_anyone_out(
    people: dict[int, Access], changes: list[tuple[int, Access]]
) -> None:
    for role in KEPT:
        could = any(
            role in one.roles and one.can_sign_in(TODAY) and one.stays(TODAY) for one in people.values()
        )
        now = people
        for person, access in changes:
            # a change of a person leaves their password as it is
            kept = replace(access, has_way_in=person in now and now[person].has_way_in)
            if not taken_away(now, now | {person: kept}, TODAY):
                now = now | {person: kept}
        assert not (could and nobody_is(role, now, TODAY))


Staff = Callable[..., Imported]


@pytest.fixture
def staff(service: Flask, tmp_path: Path) -> Staff:
    """Import rows of email, roles and leaving date."""

    def from_rows(*rows: str) -> Imported:
        file = tmp_path / "staff.csv"
        file.write_text("\n".join(["email,name,roles,leaving_on", *rows]), encoding="utf-8")
        return import_staff(file)

    return from_rows


def last_coordinators_taken_away(folder: Path, *more: str) -> Path:
    """Write a file that takes the role of every coordinator and of the administrator away."""
    file = folder / "staff.csv"
    rows = [
        "email,name,roles",
        "jack.denny@council.example,Jack Denny,auditor",
        "ingrid.solomon@council.example,Ingrid Solomon,manager",
        "neil.ashworth@council.example,Neil Ashworth,practitioner",
    ]
    file.write_text("\n".join([*rows, *more]), encoding="utf-8")
    return file


@pytest.mark.usefixtures("service")
def test_a_file_that_takes_all_away_at_once_is_refused_row_by_row(tmp_path: Path) -> None:
    import_staff(FIRST_CYCLE / "staff.csv")
    file = last_coordinators_taken_away(tmp_path)
    faults = import_staff(file).faults
    assert [(fault.row, fault.column) for fault in faults] == [(2, "roles"), (3, "roles"), (4, "roles")]
    assert [fault.why for fault in faults] == [
        why_not(role) for role in (COORDINATOR, COORDINATOR, ADMINISTRATOR)
    ]
    # those without a password cannot take over from one who has signed in
    create_user("jack.denny@council.example", "Jack Denny", frozenset({COORDINATOR}), PASSWORD, by="a test")
    faults = import_staff(
        last_coordinators_taken_away(tmp_path, "new@council.example,New,coordinator")
    ).faults
    assert [(fault.row, fault.why) for fault in faults] == [
        (2, why_not(COORDINATOR)),
        (4, why_not(ADMINISTRATOR)),
    ]
    assert import_staff(FIRST_CYCLE / "staff.csv").changed == 0


def test_leaving_dates_of_all_in_a_file_are_refused(
    staff: Staff, service: Flask, clock_at_both: Callable[[date], None]
) -> None:
    clock_at_both(TODAY)
    for name in ("Jack", "Ingrid"):
        give_password(a_person(name, roles=["coordinator"]))
    faults = staff(
        "jack@council.example,Jack,,2026-11-23", "ingrid@council.example,Ingrid,auditor,2026-11-01"
    ).faults
    assert [(fault.row, fault.column) for fault in faults] == [(2, "leaving_on"), (3, "roles")]
    assert not staff("jack@council.example,Jack,,2026-11-24", "ingrid@council.example,Ingrid,,").faults


@pytest.fixture
def clock_at_both(service: Flask) -> Callable[[date], None]:
    def set_to(day: date) -> None:
        clock.clock().fixed = datetime.combine(day, time(12), tzinfo=UTC)

    return set_to


def test_of_two_coordinators_who_remove_each_other_at_once_one_remains(service: Flask) -> None:
    ids = [give_password(a_person(name, roles=["coordinator"])).id for name in ("Jack", "Ingrid")]
    db.session.rollback()
    together = Barrier(2)

    def remove(person_id: int) -> str:
        with service.app_context():
            details = details_of(db.session.get_one(Person, person_id))
            together.wait()
            try:
                change_person(
                    person_id, replace(details, roles=frozenset({RoleName.AUDITOR})), by="the other"
                )
            except Refused as refusal:
                return str(refusal)
            finally:
                db.session.remove()
            return "done"

    with ThreadPoolExecutor(2) as pool:
        answers = sorted(pool.map(remove, ids))
    assert answers == [
        f"T{why_not(COORDINATOR)[1:]}",
        "done",
    ]


@pytest.mark.parametrize(
    "entered",
    [
        {"roles": ["auditor"]},
        {"roles": ["coordinator"], "leaving_on": ["23", "11", "2026"]},
        {"roles": ["coordinator"], "leaving_on": ["1", "1", "2026"]},
    ],
)
def test_the_page_of_the_last_coordinator_says_why_and_the_way_out(
    client: FlaskClient,
    clock_at: Callable[[date], None],
    sign_in: Callable[[Person], FlaskClient],
    entered: dict[str, list[str]],
) -> None:
    clock_at(TODAY)
    jack = a_person("Jack Denny", roles=["coordinator"])
    ann = a_person("Ann Lee", roles=["coordinator"])
    sign_in(jack)
    edit = f"/people/{jack.id}/edit"
    data = {"name": "Jack Denny", "email": jack.email, **entered}
    answer = client.post(edit, data=data)
    assert answer.status_code == 422
    assert "This would leave no coordinator who can sign in: first give the role" in answer.get_data(
        as_text=True
    )
    give_password(ann)
    assert client.post(edit, data=data).status_code == 302


def test_an_installation_without_a_coordinator_says_so(service: Flask) -> None:
    assert no_coordinator(TODAY) == "No coordinator can sign in"
    jack = a_person("Jack Denny", roles=["coordinator"], leaving_on=TODAY)
    assert no_coordinator(TODAY) is not None
    give_password(jack)
    assert no_coordinator(TODAY) is None
    assert no_coordinator(TOMORROW) is not None

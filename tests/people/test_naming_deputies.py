"""Deputies: nobody who looks after leave names themselves, or lets whoever they let in name them."""

from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest
from flask import Flask

from app.database import db
from app.history.record import of
from app.people import leave_moves
from app.people.importing import import_leave
from app.people.models import Leave, Person
from app.people.moves import Details, add_person
from app.people.naming_deputies import adds_to
from app.people.presence import LeaveSpell
from app.people.roles import RoleName as R
from app.people.standing_in_sql import stands_in_for_a_coordinator
from app.refusal import Refused
from tests.conftest import let_in
from tests.factories import a_person
from tests.pages import visible

FROM, TO = date(2026, 11, 16), date(2026, 11, 27)
ON = date(2026, 11, 23)
MYSELF = "Another coordinator or administrator must name you as the deputy"

Office = tuple[Person, Person, Person]
Load = Callable[..., list[tuple[int | None, str | None, str]]]


@pytest.fixture
def office(service: Flask) -> Office:
    """Return a coordinator, an administrator and another person without a role of the office."""
    return (
        a_person("Cora", roles=["coordinator"]),
        a_person("Ada", roles=["administrator"]),
        a_person("Bo", roles=["auditor"]),
    )


def test_an_administrator_does_not_become_the_deputy_of_a_coordinator_alone(office: Office) -> None:
    cora, ada, _bo = office
    with pytest.raises(Refused, match=MYSELF):
        leave_moves.add_leave(cora.id, FROM, TO, ada.id, by=ada.email)
    assert db.session.query(Leave).count() == 0
    leave_moves.add_leave(cora.id, FROM, TO, None, by=ada.email)
    spell = db.session.query(Leave).one()
    with pytest.raises(Refused, match=MYSELF):
        leave_moves.change_leave(spell.id, FROM, TO, ada.id, by=ada.email)
    with pytest.raises(Refused, match=MYSELF):
        leave_moves.add_leave(cora.id, FROM, TO, ada.id, by=ada.email, replacing=[(FROM, TO)])
    db.session.rollback()
    assert not stands_in_for_a_coordinator(ada.id, ON)
    leave_moves.change_leave(spell.id, FROM, TO, ada.id, by=cora.email)
    assert stands_in_for_a_coordinator(ada.id, ON)


def test_the_page_says_why(service: Flask, office: Office) -> None:
    service.config["WTF_CSRF_ENABLED"] = False
    cora, ada, _bo = office
    dates = {
        name: [str(day.day), str(day.month), str(day.year)]
        for name, day in (("from_on", FROM), ("to_on", TO))
    }
    client = let_in(service.test_client(), ada)
    answer = client.post(f"/people/{cora.id}/leave", data={**dates, "deputy": ada.email})
    assert MYSELF in visible(answer.text)
    assert answer.status_code == 422
    assert db.session.query(Leave).count() == 0


def test_a_deputy_shortens_the_leave_but_does_not_lengthen_it(office: Office) -> None:
    cora, ada, _bo = office
    leave_moves.add_leave(cora.id, FROM, TO, ada.id, by=cora.email)
    spell = db.session.query(Leave).one()
    for from_on, to_on in ((FROM, date(2026, 11, 30)), (date(2026, 11, 13), TO)):
        with pytest.raises(Refused, match=MYSELF):
            leave_moves.change_leave(spell.id, from_on, to_on, ada.id, by=ada.email)
    db.session.rollback()
    leave_moves.change_leave(spell.id, FROM, ON, ada.id, by=ada.email)
    assert (spell.from_on, spell.to_on) == (FROM, ON)


def test_whom_an_administrator_let_in_does_not_name_them(office: Office) -> None:
    cora, ada, _bo = office
    accomplice = add_person(
        Details(email="new@council.example", name="New", roles=frozenset({R.COORDINATOR})), by=ada.email
    )
    with pytest.raises(Refused, match=r"Ada added you.*someone else must name them as the deputy"):
        leave_moves.add_leave(cora.id, FROM, TO, ada.id, by=accomplice.email)
    db.session.rollback()
    assert not stands_in_for_a_coordinator(ada.id, ON)


def test_who_gains_nothing_or_is_somebody_else_is_named(office: Office) -> None:
    cora, ada, bo = office
    carl = a_person("Carl", roles=["coordinator"])
    leave_moves.add_leave(carl.id, FROM, TO, cora.id, by=cora.email)
    leave_moves.add_leave(cora.id, FROM, TO, bo.id, by=ada.email)
    leave_moves.add_leave(bo.id, FROM, TO, ada.id, by="command line")
    assert {spell.deputy_id for spell in db.session.query(Leave)} == {cora.id, bo.id, ada.id}


def test_the_history_says_who_named_whom(office: Office, load: Load) -> None:
    cora, ada, bo = office
    leave_moves.add_leave(cora.id, FROM, TO, bo.id, by=ada.email)
    spell = db.session.query(Leave).one()
    leave_moves.change_leave(spell.id, FROM, TO, None, by=ada.email)
    assert load(f"{cora.email},2026-11-16,2026-11-20,{ada.email}", None) == []
    leave_moves.remove_leave(spell.id, by=cora.email)
    dates = "2026-11-16 to 2026-11-27"
    assert [(row.who, row.what, row.before, row.after) for row in reversed(of("person", str(cora.id)))] == [
        (ada.email, "leave added", None, f"{dates}, deputy {bo.email}"),
        (ada.email, "leave changed", f"{dates}, deputy {bo.email}", dates),
        ("import", "leave changed", dates, f"2026-11-16 to 2026-11-20, deputy {ada.email}"),
        (cora.email, "leave removed", f"2026-11-16 to 2026-11-20, deputy {ada.email}", None),
    ]


@pytest.fixture
def load(tmp_path: Path) -> Load:
    """Import leave as somebody; return the faults."""

    def of(row: str, by: str | None) -> list[tuple[int | None, str | None, str]]:
        file = tmp_path / "leave.csv"
        file.write_text(f"email,from_on,to_on,deputy_email\n{row}\n", encoding="utf-8")
        return [(fault.row, fault.column, fault.why) for fault in import_leave(file, by=by).faults]

    return of


def test_a_file_gives_nobody_more(office: Office, load: Load) -> None:
    cora, ada, _bo = office
    fault = (2, "deputy_email", f"cannot be changed by this file: {MYSELF}")
    mine, longer = (
        f"{cora.email},2026-11-16,2026-11-27,{ada.email}",
        f"{cora.email},2026-11-16,2026-11-30,",
    )
    assert load(mine, ada.email) == [fault]
    assert db.session.query(Leave).count() == 0
    assert load(mine, cora.email) == []
    assert load(mine, ada.email) == []
    # without a deputy in the file, the one of before stays
    assert load(longer, ada.email) == [fault]
    assert load(longer, None) == []
    assert [(spell.to_on, spell.deputy_id) for spell in db.session.query(Leave)] == [
        (date(2026, 11, 30), ada.id)
    ]


@pytest.mark.parametrize(
    ("before", "after", "adds"),
    [
        (None, (16, 27, None), False),
        (None, (16, 27, 1), True),
        ((16, 27, None), (16, 27, 1), True),
        ((16, 27, 2), (16, 27, 1), True),
        ((16, 27, 1), (16, 27, 1), False),
        ((16, 27, 1), (17, 26, 1), False),
        ((16, 27, 1), (15, 27, 1), True),
        ((16, 27, 1), (16, 28, 1), True),
        ((16, 27, 1), (16, 28, None), False),
    ],
)
def test_the_dates_that_a_deputy_gains(
    before: tuple[int, int, int | None] | None, after: tuple[int, int, int | None], adds: bool
) -> None:
    def spell(of: tuple[int, int, int | None]) -> LeaveSpell:
        return LeaveSpell(date(2026, 11, of[0]), date(2026, 11, of[1]), of[2])

    assert adds_to(spell(before) if before else None, spell(after)) is adds

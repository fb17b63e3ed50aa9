"""The ages of the open actions, for those who may see them."""

from collections.abc import Callable
from datetime import date, timedelta

from flask.testing import FlaskClient

from app.actions.models import Action
from app.database import db, transaction
from app.people.models import Person
from tests.factories import a_person
from tests.pages import opened, visible

ON = date(2011, 3, 1)
SignIn = Callable[[Person], FlaskClient]


def test_open_actions_are_counted_by_age_and_closed_ones_are_not(
    sign_in: SignIn, clock_at: Callable[[date], None]
) -> None:
    clock_at(ON)
    owner = a_person()
    with transaction():
        for number, (age, withdrawn) in enumerate(
            [(0, False), (30, False), (31, False), (400, False), (None, False), (5, True)], start=1
        ):
            db.session.add(
                Action(
                    reference=f"A{number}",
                    text="Do it",
                    owner_id=owner.id,
                    due_on=date(2011, 4, 1),
                    first_due_on=date(2011, 4, 1),
                    agreed_on=None if age is None else ON - timedelta(days=age),
                    withdrawn_on=ON if withdrawn else None,
                    withdrawn_because="no need" if withdrawn else None,
                )
            )
    client = sign_in(a_person(roles=["leader"]))
    page = visible(opened(client, "/actions/by-age"))
    assert "0 to 30 days 2 31 to 90 days 1 91 to 180 days 0" in page
    assert "more than 365 days 1 no date known 1" in page
    client.post("/sign-out")
    assert "0 to 30 days 0" in visible(opened(sign_in(a_person(roles=["auditor"])), "/actions/by-age"))

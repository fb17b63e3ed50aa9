"""Old links: who once had a part in a thing is told kindly that there is nothing to do."""

from collections.abc import Callable
from datetime import date

import pytest
from flask.testing import FlaskClient

from app.actions import moves as actions
from app.actions import recommending
from app.assigning import moves as assigning
from app.concerns import remedies
from app.concerns.models import CalledResponse
from app.database import db, transaction
from app.outbox.kinds import Rendered
from app.outbox.writing import write
from app.people.models import Person
from tests.factories import a_cycle, a_person, an_audit
from tests.pages import visible

SignIn = Callable[[Person], FlaskClient]
ON, DUE = date(2010, 11, 5), date(2010, 12, 10)
OVER = "is no longer part of your work"


@pytest.fixture
def cora(clock_at: Callable[[date], None]) -> Person:
    clock_at(ON)
    return a_person("Cora Ames", roles=["coordinator"], telephone="01270 555 000")


@pytest.fixture
def ann() -> Person:
    return a_person("Ann Lee", roles=["auditor"])


@pytest.fixture
def bob() -> Person:
    return a_person("Bob Hill", roles=["auditor"])


def handed_on(kind: str, cora: Person, ann: Person, bob: Person) -> list[str]:
    """Give a thing to Ann and then to Bob; return the addresses of links that Ann has."""
    if kind == "audit":
        an_audit("CP-001", lead=ann, case_reference="717275")
        assigning.reassign("CP-001", "lead", bob.id, cora, ON, "Leave")
        pages = ("", "/form", "/form/1", "/form/check", "/confirm", "/reminders", "/cannot")
        return [f"/audits/CP-001{page}" for page in pages]
    if kind == "action":
        made = actions.raise_action(text="Send it", by=cora, on=ON, owner_id=ann.id, due_on=DUE)
        actions.change_owner(made.reference, cora, ON, owner_id=bob.id)
        return [f"/actions/{made.reference}", f"/actions/{made.reference}/done"]
    if kind == "recommendation":
        made_too = recommending.recommend(
            a_cycle(), text="Agree it", by=cora, on=ON, owner_id=ann.id, due_on=DUE
        )
        recommending.decide(made_too.reference, cora, ON, decision="accepted", decided_on=ON)
        recommending.change_owner(made_too.reference, cora, ON, owner_id=bob.id)
        return [f"/recommendations/{made_too.reference}"]
    audit = an_audit("CP-001", lead=bob)
    if kind == "remedy":
        mona = a_person("Mona Reed", roles=["manager"], team="Nantwich")
        reference = remedies.note("CP-001", "The chronology stops in June", DUE, mona.id, bob, ON)
        remedies.hand_on(reference, ann.id, cora, ON)
        remedies.hand_on(reference, cora.id, cora, ON)
        return [f"/remedies/{reference}"]
    with transaction():
        called = CalledResponse(
            reference="CP-001-P1",
            audit_id=audit.id,
            called_on=ON,
            due_on=DUE,
            questions=["plan_quality"],
        )
        db.session.add(called)
        db.session.flush()
        write(
            "response",
            recipient=ann.id,
            address=ann.email,
            rendered=Rendered("Respond", "Respond", "Respond"),
            why="",
            on=ON,
            facts={"response": called.id},
        )
    return ["/audits/CP-001/response"]


KINDS = ("audit", "action", "recommendation", "remedy", "response")


@pytest.mark.parametrize("kind", KINDS)
def test_an_old_link_leads_to_a_kind_page(
    cora: Person, ann: Person, bob: Person, sign_in: SignIn, kind: str
) -> None:
    addresses = handed_on(kind, cora, ann, bob)
    client = sign_in(ann)
    for address in addresses:
        answer = client.get(address)
        words = visible(answer.get_data(as_text=True))
        assert (answer.status_code, OVER in words) == (403, True), address
        assert "You do not have to do anything for it." in words
        assert "ask an audit coordinator: Cora Ames (01270 555 000)" in words
        # no facts of the case
        assert not {"717275", "Nantwich", "Bob Hill", "chronology"} & set(words.split())


@pytest.mark.parametrize("kind", KINDS)
def test_who_never_had_a_part_is_told_what_anybody_is(
    cora: Person, ann: Person, bob: Person, sign_in: SignIn, kind: str
) -> None:
    addresses = handed_on(kind, cora, ann, bob)
    client = sign_in(a_person("Zoe Old", roles=["auditor"]))
    for address in addresses:
        answer = client.get(address)
        words = visible(answer.get_data(as_text=True))
        assert (answer.status_code, OVER in words) == (403, False), address
        assert "You do not have permission to see this page" in words


def test_who_has_it_now_is_not_told_that_it_is_over(
    cora: Person, ann: Person, bob: Person, sign_in: SignIn
) -> None:
    handed_on("audit", cora, ann, bob)
    answer = sign_in(bob).get("/audits/CP-001/withdraw")
    assert (answer.status_code, OVER in answer.get_data(as_text=True)) == (403, False)

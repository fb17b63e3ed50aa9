"""A paper form that a coordinator types in for an auditor."""

from datetime import date

import pytest

from app.answers.models import FormNote
from app.answers.paper_entry import Paper, begin_paper, may_save, paper_of, refuse_return, return_form
from app.audits.facts import found
from app.audits.models import Audit
from app.audits.moves import return_audit, send_back
from app.database import db
from app.history.record import of
from app.outbox.models import Message
from app.people.models import Person
from app.refusal import NotNow, Refused
from tests.factories import a_person, an_audit

pytestmark = pytest.mark.usefixtures("app")

BEGUN, LATER = date(2010, 11, 3), date(2010, 11, 5)


@pytest.fixture
def jack() -> Person:
    return a_person("Jack Denny", roles=["coordinator"])


@pytest.fixture
def audit() -> Audit:
    return an_audit("CP-001", lead=a_person("Eirlys Pugh"), second=a_person("Katarzyna Wilk"))


def _now(reference: str = "CP-001") -> Audit:
    db.session.expire_all()
    audit = found(reference)
    assert audit is not None
    return audit


def test_a_form_is_marked_as_entered_from_paper_by_whom_and_when(audit: Audit, jack: Person) -> None:
    assert paper_of(audit, BEGUN) is None
    begin_paper("CP-001", jack, BEGUN)
    assert paper_of(_now(), BEGUN) == Paper("Jack Denny", BEGUN)
    assert paper_of(_now(), date(2010, 11, 2)) is None
    told = of("audit", "CP-001")[0]
    assert (told.who, told.what, told.after) == (jack.email, "entered from paper", "for Eirlys Pugh")


def test_what_the_pair_had_saved_of_the_form_stays(audit: Audit, jack: Person) -> None:
    with db.session.begin_nested():
        db.session.add(FormNote(audit_id=audit.id, minutes=40))
    db.session.commit()
    begin_paper("CP-001", jack, BEGUN)
    assert db.session.get_one(FormNote, _now().id).minutes == 40


def test_it_is_begun_once(audit: Audit, jack: Person) -> None:
    begin_paper("CP-001", jack, BEGUN)
    with pytest.raises(NotNow, match="already being entered from paper"):
        begin_paper("CP-001", jack, LATER)
    assert paper_of(_now(), LATER) == Paper("Jack Denny", BEGUN)


def test_a_form_that_has_been_returned_or_belongs_to_nobody_is_not_entered(jack: Person) -> None:
    an_audit("CP-002")
    an_audit("CP-003", lead=a_person(), returned_on=date(2010, 11, 1))
    for reference in ("CP-002", "CP-003"):
        with pytest.raises(NotNow):
            begin_paper(reference, jack, BEGUN)
        assert paper_of(_now(reference), LATER) is None


def test_coordinators_save_only_what_is_entered_from_paper_and_nobody_else_does(
    audit: Audit, jack: Person
) -> None:
    colleague, stranger = a_person(roles=["coordinator"]), a_person(roles=["auditor", "moderator"])
    lead, second = _now().assignments[0].person, _now().assignments[1].person
    assert lead is not None
    assert second is not None
    everybody = (lead, second, jack, colleague, stranger)
    assert [may_save(_now(), person, BEGUN) for person in everybody] == [True, True, False, False, False]
    begin_paper("CP-001", jack, BEGUN)
    assert [may_save(_now(), person, BEGUN) for person in everybody] == [True, True, True, True, False]


def test_a_coordinator_returns_it_in_the_name_of_the_lead_and_the_second_is_asked(
    audit: Audit, jack: Person
) -> None:
    begin_paper("CP-001", jack, BEGUN)
    return_form("CP-001", jack, LATER)
    returned = _now()
    assert (returned.returned_on, returned.returned_by_id) == (LATER, jack.id)
    told = of("audit", "CP-001")[0]
    assert (told.who, told.what, told.after) == (jack.email, "returned", "from paper, for Eirlys Pugh")
    (message,) = db.session.query(Message).all()
    assert (message.kind, message.address) == ("confirm", "katarzyna.wilk@council.example")


def test_a_coordinator_does_not_return_what_is_not_from_paper(audit: Audit, jack: Person) -> None:
    with pytest.raises(Refused, match="Only the lead auditor, Eirlys Pugh, can return this audit"):
        return_form("CP-001", jack, LATER)
    assert _now().returned_on is None


def test_the_lead_may_return_it_themselves_and_the_second_may_not(audit: Audit, jack: Person) -> None:
    begin_paper("CP-001", jack, BEGUN)
    lead, second = _now().assignments[0].person, _now().assignments[1].person
    assert lead is not None
    assert second is not None
    assert refuse_return(_now(), second, LATER) == "Only the lead auditor, Eirlys Pugh, can return this audit"
    return_audit("CP-001", lead, LATER)
    assert of("audit", "CP-001")[0].after is None


def test_without_a_lead_nobody_returns_it(jack: Person) -> None:
    an_audit("CP-004", second=a_person())
    begin_paper("CP-004", jack, BEGUN)
    with pytest.raises(Refused, match="no lead auditor"):
        return_form("CP-004", jack, LATER)


def test_what_was_sent_back_is_entered_again_by_the_same_hand(audit: Audit, jack: Person) -> None:
    begin_paper("CP-001", jack, BEGUN)
    return_form("CP-001", jack, LATER)
    send_back("CP-001", jack, LATER, "Two reasons are missing.", date(2010, 11, 26))
    assert may_save(_now(), jack, LATER)

"""A coordinator corrects the number of an audit's case, with a reason; nobody reads the number elsewhere."""

from collections.abc import Callable
from datetime import date

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from app.assigning import moves as assigning
from app.audits.facts import found
from app.audits.models import Audit
from app.case_keys.mark import as_compared
from app.database import db, transaction
from app.history.record import of
from app.people.models import Person
from app.sampling import queries as drawn
from tests.factories import a_cycle, a_person, an_audit
from tests.pages import opened, visible
from tests.sampling.choosing import CASES, LIST, audits, keep, kept

FRI_5 = date(2010, 11, 5)
PAGE = "/audits/CP-001/case-number"
WARNED = "The case of CP-001 is also being audited now, as CP-002"
SignIn = Callable[[Person], FlaskClient]


@pytest.fixture(autouse=True)
def on_5_november(clock_at: Callable[[date], None]) -> None:
    clock_at(FRI_5)


@pytest.fixture
def coordinator(sign_in: SignIn) -> FlaskClient:
    a_cycle()
    return sign_in(a_person("Jack Denny", roles=["coordinator"]))


def the_audit() -> Audit:
    db.session.rollback()
    audit = found("CP-001")
    assert audit is not None
    return audit


def sent(
    coordinator: FlaskClient, number: str, because: str = "Two digits were swapped", **more: str
) -> tuple[int, str]:
    answer = coordinator.post(PAGE, data={"case_reference": number, "because": because, **more})
    return answer.status_code, visible(answer.get_data(as_text=True))


@pytest.mark.parametrize("facts", [{}, {"started_on": FRI_5}, {"returned_on": FRI_5}])
def test_it_is_corrected_with_who_and_why_in_the_history(
    coordinator: FlaskClient, facts: dict[str, date]
) -> None:
    an_audit("CP-001", case_reference="615739", **facts)  # type: ignore[arg-type]
    assert 'value="615739"' in opened(coordinator, PAGE)
    assert "615739" not in opened(coordinator, PAGE).split("</title>")[0]
    answer = coordinator.post(
        PAGE,
        data={"case_reference": " 0717-275 ", "because": "Two digits were swapped"},
        follow_redirects=True,
    )
    said = visible(answer.get_data(as_text=True))
    assert "Case number of audit CP-001 corrected" in said
    assert "Two digits were swapped" in said
    audit = the_audit()
    assert (audit.case_reference, audit.case_folded) == ("0717-275", as_compared("717275"))
    (row, *_) = of("audit", "CP-001")
    assert (row.who, row.what, row.why) == (
        "jack.denny@council.example",
        "case number corrected",
        "Two digits were swapped",
    )
    assert (row.before, row.after) == (None, None)


@pytest.mark.parametrize(
    ("number", "because", "error"),
    [
        ("", "Why", "Enter the case number"),
        ("717275", "", "Enter why the case number was wrong"),
        ("000", "Why", "Case number must have a letter, or a digit other than 0"),
        ("1.23457E+11", "Why", "A spreadsheet has cut this case number. Enter all its digits."),
        ("615739", "Why", "Enter a case number that is not the present one"),
        ("717275", "It is not 615 739", "Remove the case number, because other people can read this"),
        ("717275", "It is 717-275", "Remove the case number, because other people can read this"),
    ],
)
def test_what_is_wrong_is_said_and_nothing_changes(
    coordinator: FlaskClient, number: str, because: str, error: str
) -> None:
    an_audit("CP-001", case_reference="615739")
    status, said = sent(coordinator, number, because)
    assert status == 422
    assert error in said
    assert the_audit().case_reference == "615739"


def test_a_spelling_can_be_corrected_too(coordinator: FlaskClient) -> None:
    an_audit("CP-001", case_reference="615739")
    assert sent(coordinator, "0615739")[0] == 302
    assert the_audit().case_reference == "0615739"


def test_the_number_of_an_audit_in_a_closed_cycle_stays(coordinator: FlaskClient) -> None:
    an_audit("CP-001", cycle=a_cycle("2009-1", closed_on=FRI_5), case_reference="615739")
    status, said = sent(coordinator, "717275")
    assert status == 409
    assert "in a cycle that was closed on 5 November 2010, so you cannot correct its case number" in said
    assert PAGE not in opened(coordinator, "/audits/CP-001")


def test_what_the_new_number_shows_is_said_once(coordinator: FlaskClient) -> None:
    imogen = a_person("Imogen Sayle")
    an_audit("OLD-1", cycle=a_cycle("2009-1"), lead=imogen, case_reference="717 275")
    assigning.decline("OLD-1", imogen, FRI_5, "conflict", None)
    an_audit("CP-001", lead=imogen, case_reference="615739")
    an_audit("CP-002", case_reference="0717275")
    conflict = "Imogen Sayle declared a conflict with the case of CP-001"
    status, said = sent(coordinator, "717275")
    assert status == 200
    assert WARNED in said
    assert conflict in said
    assert the_audit().case_reference == "615739"
    old = "The case of CP-001 is also being audited now, as OLD-1"
    answer = coordinator.post(
        PAGE,
        data={"case_reference": "717275", "because": "Swapped", "let_through": [WARNED, conflict, old]},
    )
    assert answer.status_code == 302
    assert the_audit().case_reference == "717275"


def test_of_two_coordinators_the_later_is_told(coordinator: FlaskClient) -> None:
    seen = an_audit("CP-001", case_reference="615739").version
    assert sent(coordinator, "717275", version=str(seen))[0] == 302
    status, said = sent(coordinator, "717276", version=str(seen))
    assert status == 409
    assert "Someone changed this audit while you had the page open" in said
    assert the_audit().case_reference == "717275"


def test_it_is_coordinators_alone_who_correct_one(sign_in: SignIn) -> None:
    alison = a_person("Alison Hartley")
    an_audit("CP-001", lead=alison, case_reference="615739")
    other = sign_in(alison)
    assert other.get(PAGE).status_code == 403
    assert sent(other, "717275")[0] == 403


def test_a_drawn_case_stays_the_case_of_its_audit_and_the_draw_can_be_repeated(
    coordinator: FlaskClient,
) -> None:
    form = {"cases": LIST, "method": "random", "size": "5", "seed": "42", "team": ""}
    for team in ("Crewe", "Nantwich", "Wilmslow"):
        an_audit(f"T-{team}", cycle=a_cycle("2009-1"), team=team)
    assert keep(coordinator, **form).status_code == 200
    coordinator.post(f"{CASES}/request")
    audit = next(each for each in audits() if each.cycle.reference == "2010-1")
    with transaction():
        db.session.get_one(Audit, audit.id).reference = "CP-001"
    assert sent(coordinator, "123456")[0] == 302
    listed = [case.case_reference for case in drawn.chosen(kept())]
    assert "123456" not in listed
    assert "An audit has been requested for every case." in visible(opened(coordinator, CASES))
    assert "got the same 5 cases in the same order" in visible(opened(coordinator, f"{CASES}/repeat"))
    numbers = db.session.scalars(select(Audit.case_reference).where(Audit.cycle_id == kept().cycle_id)).all()
    assert len(numbers) == 5

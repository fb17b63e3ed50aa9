"""The page of an audit of one agency: whose it is, and the other audits of its case."""

from collections.abc import Callable
from datetime import date

import pytest
from flask.testing import FlaskClient

from app.answers.models import FormNote
from app.database import db, transaction
from app.people.models import Person
from tests.factories import a_cycle, a_person, an_audit
from tests.pages import opened, visible

SignIn = Callable[[Person], FlaskClient]


@pytest.fixture
def people(app: object, clock_at: Callable[[date], None]) -> dict[str, Person]:
    """Those who audit a case for the police and the school and lead its meeting, and others."""
    clock_at(date(2010, 11, 10))
    people = {name: a_person(name.capitalize()) for name in ("polly", "sally", "mo", "olga")}
    people["jack"] = a_person("Jack Denny", roles=["coordinator"])
    cycle = a_cycle("da-1", agencies=["Police", "School"])
    for reference, agency, lead, returned_on in (
        ("DA1-A", "Police", "polly", date(2010, 11, 8)),
        ("DA1-B", "School", "sally", None),
        ("DA1-together", "together", "mo", None),
    ):
        an_audit(
            reference,
            cycle=cycle,
            agency=agency,
            lead=people[lead],
            returned_on=returned_on,
            case_reference="700001",
        )
    an_audit("DA2-A", cycle=cycle, agency="Police", lead=people["olga"], case_reference="700002")
    return people


def page(reader: FlaskClient, reference: str) -> str:
    return visible(opened(reader, f"/audits/{reference}"))


def test_a_coordinator_goes_from_one_return_of_a_case_to_the_others(
    people: dict[str, Person], sign_in: SignIn
) -> None:
    coordinator = sign_in(people["jack"])
    said = page(coordinator, "DA1-A")
    assert "Agency Police" in said
    assert "School DA1-B Assigned" in said
    assert "Meeting of the case DA1-together Assigned" in said
    assert 'href="/audits/DA1-B"' in opened(coordinator, "/audits/DA1-A")
    assert "DA2-A" not in said
    meeting = page(coordinator, "DA1-together")
    assert "All agencies together: the meeting of the case" in meeting
    assert "Police DA1-A Returned" in meeting


def test_the_auditors_of_a_case_see_which_returns_are_in_and_can_open_none(
    people: dict[str, Person], sign_in: SignIn
) -> None:
    sally = sign_in(people["sally"])
    said = page(sally, "DA1-B")
    assert "Police DA1-A Returned" in said
    assert "Polly" not in said
    assert 'href="/audits/DA1-A"' not in opened(sally, "/audits/DA1-B")
    assert sally.get("/audits/DA1-A").status_code == 403


def test_an_audit_alone_in_its_case_or_without_agencies_lists_no_others(
    people: dict[str, Person], sign_in: SignIn
) -> None:
    assert "Other audits of this case" not in page(sign_in(people["olga"]), "DA2-A")
    for reference in ("CP-1", "CP-2"):
        an_audit(reference, cycle=a_cycle("2010-1"), case_reference="700009")
    said = page(sign_in(people["jack"]), "CP-1")
    assert "Other audits of this case" not in said
    assert "Agency" not in said


def test_the_meeting_says_who_took_part(people: dict[str, Person], sign_in: SignIn) -> None:
    mo = sign_in(people["mo"])
    end = opened(mo, "/audits/DA1-together/form/end")
    assert "Who took part in the meeting?" in end
    names = "Polly, police\r\nHead teacher"
    form = {"took_part": names, "minutes": "90", "hard_to_find": "", "exemplar_because": ""}
    assert mo.post("/audits/DA1-together/form/end", data=form).status_code == 302
    assert "Took part in the meeting Polly, police Head teacher" in page(mo, "DA1-together")
    assert "Polly, police Head teacher" in visible(opened(mo, "/audits/DA1-together/form/check"))
    assert "Who took part, by name or role" in visible(opened(mo, "/audits/DA1-together/form/print"))
    sally = sign_in(people["sally"])
    assert "Who took part" not in opened(sally, "/audits/DA1-B/form/end")
    assert "Who took part" not in opened(sally, "/audits/DA1-B/form/print")


def test_the_case_number_is_not_in_the_list_of_who_took_part(
    people: dict[str, Person], sign_in: SignIn
) -> None:
    form = {"took_part": "Polly about 700001", "minutes": "", "hard_to_find": "", "exemplar_because": ""}
    answer = sign_in(people["mo"]).post("/audits/DA1-together/form/end", data=form)
    assert answer.status_code == 422
    assert "List of who took part must not include the case number" in visible(answer.get_data(as_text=True))


def test_reading_a_returned_meeting_shows_who_took_part(people: dict[str, Person], sign_in: SignIn) -> None:
    audit = an_audit("DA2-together", cycle=a_cycle("da-1"), agency="together", returned_on=date(2010, 11, 9))
    with transaction():
        db.session.add(FormNote(audit_id=audit.id, took_part="Head teacher"))
    reading = visible(opened(sign_in(people["jack"]), "/audits/DA2-together/answers"))
    assert "Who took part in the meeting Head teacher" in reading

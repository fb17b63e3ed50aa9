"""The page of one audit and the small pages of its moves, used by the words that people see."""

from collections.abc import Callable
from datetime import UTC, date, datetime

import pytest
from flask.testing import FlaskClient
from sqlalchemy import update

from app.audits.facts import found
from app.audits.models import Audit
from app.database import db, transaction
from app.outbox.models import SENT, Message
from app.people.models import Person
from app.reminders import daily_run
from tests.factories import a_cycle, a_person, an_audit
from tests.pages import opened, visible

LEAVE = (
    "Chitra Menon is on leave from 8 November 2010 to 12 November 2010, and CP-001 is due on 12 November 2010"
)
FRI_5, MON_8, DUE = date(2010, 11, 5), date(2010, 11, 8), date(2010, 11, 12)
SignIn = Callable[[Person], FlaskClient]


@pytest.fixture(autouse=True)
def on_5_november(clock_at: Callable[[date], None]) -> None:
    clock_at(FRI_5)


@pytest.fixture
def jack() -> Person:
    return a_person("Jack Denny", roles=["coordinator"])


@pytest.fixture
def harriet() -> Person:
    return a_person("Harriet Vance", roles=["manager"])


@pytest.fixture
def alison(harriet: Person) -> Person:
    return a_person("Alison Hartley", manager=harriet, telephone="01270 111111")


@pytest.fixture
def imogen() -> Person:
    return a_person("Imogen Sayle", telephone="01270 222222")


def read(reference: str = "CP-001") -> Audit:
    db.session.rollback()
    audit = found(reference)
    assert audit is not None
    return audit


def day(name: str, value: date) -> dict[str, list[str]]:
    return {name: [str(value.day), str(value.month), str(value.year)]}


def text_of(answer: object) -> str:
    return answer.get_data(as_text=True)  # type: ignore[attr-defined, no-any-return]


COORDINATORS_MOVES = (
    "assign",
    "reassign",
    "send-back",
    "extend",
    "withdraw",
    "exempt",
    "reason",
    "chase",
    "log-chase",
    "case-number",
    "name-worker",
)


def test_the_pair_sees_case_number_partner_and_what_to_do(
    sign_in: SignIn, alison: Person, imogen: Person
) -> None:
    an_audit("CP-001", lead=alison, second=imogen, case_reference="717275")
    page = text_of(sign_in(alison).get("/audits/CP-001"))
    for seen in ("717275", "tel:01270222222", "Fill in the form", "I cannot do this audit"):
        assert seen in page
    assert "Confirm" not in page
    assert "Withdraw" not in page


def test_the_case_number_is_in_no_title(sign_in: SignIn, alison: Person) -> None:
    an_audit("CP-001", lead=alison, case_reference="717275")
    page = text_of(sign_in(alison).get("/audits/CP-001"))
    assert "717275" not in page.split("</title>")[0]


def test_a_line_manager_sees_state_and_days_but_neither_case_number_nor_history(
    sign_in: SignIn, alison: Person, imogen: Person, harriet: Person
) -> None:
    an_audit("CP-001", lead=alison, second=imogen, case_reference="717275", due_on=date(2010, 11, 1))
    page = text_of(sign_in(harriet).get("/audits/CP-001"))
    assert "Overdue by 4 working days, assigned" in page
    assert "Chase log" in page
    assert "717275" not in page
    assert "History" not in page


def test_a_deputy_of_the_line_manager_sees_as_much_while_standing_in(sign_in: SignIn) -> None:
    deputy = a_person("Ursula Deputy", roles=["manager"])
    away = a_person("Harriet Vance", roles=["manager"], leave=[(FRI_5, MON_8, deputy)])
    an_audit("CP-001", lead=a_person("Alison Hartley", manager=away), case_reference="717275")
    answer = sign_in(deputy).get("/audits/CP-001")
    assert answer.status_code == 200
    assert "717275" not in text_of(answer)


def test_others_cannot_open_it(sign_in: SignIn, alison: Person) -> None:
    an_audit("CP-001", lead=alison)
    assert sign_in(a_person("Owen Bickerton")).get("/audits/CP-001").status_code == 403


@pytest.mark.parametrize("move", COORDINATORS_MOVES)
def test_an_auditor_cannot_make_a_coordinators_move(sign_in: SignIn, alison: Person, move: str) -> None:
    before = an_audit("CP-001", lead=alison).version
    client = sign_in(alison)
    assert client.get(f"/audits/CP-001/{move}").status_code == 403
    assert client.post(f"/audits/CP-001/{move}").status_code == 403
    assert read().version == before


def test_an_audit_is_started_returned_and_confirmed_on_its_pages(
    sign_in: SignIn, alison: Person, imogen: Person
) -> None:
    an_audit("CP-001", lead=alison, second=imogen)
    client = sign_in(alison)
    answer = client.post("/audits/CP-001/start", follow_redirects=True)
    assert "Audit CP-001 is now in progress" in text_of(answer)
    client.post("/audits/CP-001/form/check", data={"seen": "0", "blanks": "1"})
    assert "waiting for the second auditor to confirm" in text_of(client.get("/audits/CP-001"))
    client.post("/sign-out")
    client = sign_in(imogen)
    answer = client.post("/audits/CP-001/confirm", data={"sees": "same"}, follow_redirects=True)
    assert "Audit CP-001 confirmed" in text_of(answer)
    assert (read().returned_on, read().confirmed_on) == (FRI_5, FRI_5)


def test_who_cannot_do_it_says_so_on_one_page_and_the_coordinator_knows(
    sign_in: SignIn, alison: Person, imogen: Person, jack: Person
) -> None:
    an_audit("CP-001", lead=alison, second=imogen)
    client = sign_in(alison)
    assert "Select a reason" in text_of(client.post("/audits/CP-001/cannot", data={}))
    answer = client.post("/audits/CP-001/cannot", data={"reason": "capacity"})
    assert answer.headers["Location"] == "/"
    db.session.rollback()
    message = db.session.query(Message).one()
    assert (message.kind, message.address) == ("declined", jack.email)
    assert client.get("/audits/CP-001").status_code == 403


def test_a_pair_is_assigned_and_warnings_are_shown_once(sign_in: SignIn, jack: Person) -> None:
    away = a_person("Chitra Menon", leave=[(MON_8, DUE)])
    untrained = a_person("Owen Bickerton", trained_on=None)
    an_audit("CP-001")
    client = sign_in(jack)
    form = {"lead": str(away.id), "second": str(untrained.id)}
    page = text_of(client.post("/audits/CP-001/assign", data=form))
    warnings = [
        LEAVE,
        "Owen Bickerton has not been trained",
    ]
    assert all(warning in page for warning in warnings)
    assert "Assign auditors anyway" in page
    assert read().assignments == []
    answer = client.post("/audits/CP-001/assign", data={**form, "let_through": warnings})
    assert answer.status_code == 302
    assert len(read().assignments) == 2


def test_an_auditor_of_the_cases_team_is_let_in_with_a_reason_only(sign_in: SignIn, jack: Person) -> None:
    own, other = a_person("Alison Hartley", team="Crewe"), a_person("Imogen Sayle")
    an_audit("CP-001", team="Crewe")
    client = sign_in(jack)
    assert "Alison Hartley, Crewe (0 open audits, not independent of this case)" in text_of(
        client.get("/audits/CP-001/assign")
    )
    form = {"lead": str(own.id), "second": str(other.id)}
    answer = client.post("/audits/CP-001/assign", data=form)
    assert answer.status_code == 422
    assert "CP-001 is a case of Alison Hartley’s own team." in text_of(answer)
    client.post("/audits/CP-001/assign", data={**form, "override_reason": "Nobody else is there."})
    assert [spell.override_reason for spell in read().assignments] == ["Nobody else is there.", None]


def test_one_part_is_reassigned_with_a_new_due_day(
    sign_in: SignIn, jack: Person, alison: Person, imogen: Person
) -> None:
    owen = a_person("Owen Bickerton")
    an_audit("CP-001", lead=alison, second=imogen)
    client = sign_in(jack)
    form = {"part": "lead", "to": str(owen.id), "because": "sick", **day("due_on", date(2010, 11, 19))}
    answer = client.post("/audits/CP-001/reassign", data=form, follow_redirects=True)
    assert "Owen Bickerton" in text_of(answer)
    assert read().due_on == date(2010, 11, 19)


def test_extending_needs_a_real_later_day_and_a_reason(sign_in: SignIn, jack: Person, alison: Person) -> None:
    an_audit("CP-001", lead=alison)
    client = sign_in(jack)
    answer = client.post("/audits/CP-001/extend", data={"due_on": ["31", "2", "2010"]})
    assert answer.status_code == 422
    assert "Enter why more time is needed" in text_of(answer)
    answer = client.post("/audits/CP-001/extend", data={**day("due_on", DUE), "because": "File is away"})
    assert answer.status_code == 422
    assert "New due date must be after the current due date, 12 November 2010" in text_of(answer)
    later = {**day("due_on", date(2010, 11, 19)), "because": "File is away"}
    page = text_of(client.post("/audits/CP-001/extend", data=later, follow_redirects=True))
    assert "Friday 19 November 2010" in page
    assert "First due date" in page


def test_sending_back_withdrawing_exempting_and_giving_reasons(
    sign_in: SignIn, jack: Person, alison: Person, imogen: Person
) -> None:
    an_audit("CP-001", lead=alison, second=imogen, returned_on=FRI_5)
    client = sign_in(jack)
    form = {"because": "Two reasons are missing", **day("due_on", date(2010, 11, 19))}
    assert client.post("/audits/CP-001/send-back", data=form).status_code == 302
    form = {"because": "Lead is sick", "approved_by": "Harriet Vance"}
    assert client.post("/audits/CP-001/exempt", data=form).status_code == 302
    form = {"reason": "sickness", "note": "Back in March."}
    page = text_of(client.post("/audits/CP-001/reason", data=form, follow_redirects=True))
    assert "Back in March." in page
    assert ", exempt." in page
    assert client.post("/audits/CP-001/withdraw", data={"because": "Duplicate"}).status_code == 302
    assert read().withdrawn_because == "Duplicate"


def test_a_coordinator_chases_and_logs_a_call(sign_in: SignIn, jack: Person, alison: Person) -> None:
    an_audit("CP-001", lead=alison)
    client = sign_in(jack)
    client.post("/audits/CP-001/chase", data={"sentence": "The paper goes on Monday."})
    form = {**day("day", FRI_5), "channel": "phone", "outcome": "tomorrow", **day("new_expected_on", MON_8)}
    page = text_of(client.post("/audits/CP-001/log-chase", data=form, follow_redirects=True))
    for seen in ("Email to Alison Hartley", "Phone call logged", "phone", "tomorrow", "Mon 8 Nov 2010"):
        assert seen in page
    # any number of calls on a day, each with whom it was
    form |= {"with_whom": "Harriet Vance"}
    answer = client.post("/audits/CP-001/log-chase", data=form, follow_redirects=True)
    page = visible(answer.get_data(as_text=True))
    logged = "Fri 5 Nov 2010 phone Jack Denny Harriet Vance tomorrow"
    assert f"{logged} Strike through the entry of 5 November 2010 Mon 8 Nov 2010" in page
    assert "by phone on 5 November 2010 with Harriet Vance" in page
    again = client.post("/audits/CP-001/log-chase", data=form)
    assert again.status_code == 422
    assert "The chase log already has a phone call on 5 November 2010 with the same details" in text_of(again)


@pytest.mark.parametrize("move", ["start", "return", "confirm", "cannot"])
def test_a_move_of_the_pair_is_theirs_alone(sign_in: SignIn, jack: Person, alison: Person, move: str) -> None:
    before = an_audit("CP-001", lead=alison).version
    assert sign_in(jack).post(f"/audits/CP-001/{move}").status_code == 403
    assert read().version == before


@pytest.mark.parametrize(
    ("move", "sentence"),
    [
        ("assign", "This audit was withdrawn on 5 November 2010, so you cannot assign auditors to it"),
        ("reassign", "This audit was withdrawn on 5 November 2010, so you cannot replace its auditors"),
        ("send-back", "This audit has not been returned, so you cannot send it back"),
        ("extend", "This audit was withdrawn on 5 November 2010, so you cannot change its due date"),
        ("withdraw", "This audit was withdrawn on 5 November 2010, so you cannot withdraw it"),
        ("exempt", "This audit was withdrawn on 5 November 2010, so you cannot exempt it"),
        ("reason", "This audit was withdrawn on 5 November 2010, so you do not need to give a reason"),
        ("chase", "This audit was withdrawn on 5 November 2010, so no one needs to be chased"),
        ("log-chase", "This audit was withdrawn on 5 November 2010, so no one needs to be chased"),
    ],
)
def test_a_wrong_move_is_refused_by_page_and_by_address(
    sign_in: SignIn, jack: Person, alison: Person, move: str, sentence: str
) -> None:
    before = an_audit("CP-001", lead=alison, withdrawn_on=FRI_5).version
    client = sign_in(jack)
    assert f'href="/audits/CP-001/{move}"' not in text_of(client.get("/audits/CP-001"))
    assert sentence in text_of(client.get(f"/audits/CP-001/{move}"))
    answer = client.post(f"/audits/CP-001/{move}", data={"because": "x"})
    assert answer.status_code == 409
    assert sentence in text_of(answer)
    assert read().version == before


def test_of_two_people_at_once_the_later_is_told(sign_in: SignIn, jack: Person, alison: Person) -> None:
    seen = an_audit("CP-001", lead=alison).version
    client = sign_in(jack)
    assert f'value="{seen}"' in text_of(client.get("/audits/CP-001/extend"))
    form = {**day("due_on", date(2010, 11, 19)), "because": "File is away", "version": str(seen)}
    assert client.post("/audits/CP-001/extend", data=form).status_code == 302
    form = {**day("due_on", date(2010, 11, 26)), "because": "Other", "version": str(seen)}
    answer = client.post("/audits/CP-001/extend", data=form)
    assert answer.status_code == 409
    assert "Someone changed this audit while you had the page open." in text_of(answer)
    assert read().due_on == date(2010, 11, 19)


def test_reasons_and_notes_are_for_coordinators(
    sign_in: SignIn, jack: Person, alison: Person, imogen: Person
) -> None:
    an_audit("CP-001", lead=alison, second=imogen)
    client = sign_in(alison)
    client.post("/audits/CP-001/cannot", data={"reason": "leave", "said": "An operation."})
    client.post("/sign-out")
    client = sign_in(jack)
    client.post("/audits/CP-001/reason", data={"reason": "sickness", "note": "Back in March."})
    assert "An operation." in text_of(client.get("/audits/CP-001"))
    client.post("/sign-out")
    page = text_of(sign_in(imogen).get("/audits/CP-001"))
    for hidden in ("An operation.", "sickness", "Back in March."):
        assert hidden not in page


def test_an_audit_that_does_not_exist_is_not_found(sign_in: SignIn, jack: Person) -> None:
    a_cycle()
    client = sign_in(jack)
    assert client.get("/audits/CP-999").status_code == 404
    assert client.post("/audits/CP-999/extend").status_code == 404


def test_the_chase_log_has_the_reminders_that_were_sent(
    sign_in: SignIn, jack: Person, alison: Person, imogen: Person
) -> None:
    an_audit("CP-001", lead=alison, second=imogen, due_on=date(2010, 11, 3))
    daily_run.run(FRI_5)
    with transaction():
        db.session.execute(update(Message).values(state=SENT, ended_at=datetime(2010, 11, 5, 9, tzinfo=UTC)))
    page = visible(opened(sign_in(jack), "/audits/CP-001"))
    log = page[page.index("Chase log, latest first") :]
    assert "Fri 5 Nov 2010 automatic email Reminder to Alison Hartley (overdue by 2 working days)" in log


def test_the_chase_log_dates_an_email_by_when_it_was_sent(
    sign_in: SignIn, jack: Person, alison: Person, imogen: Person, clock_at: Callable[[date], None]
) -> None:
    an_audit("CP-001", lead=alison, second=imogen, due_on=date(2010, 11, 3))
    daily_run.run(FRI_5)
    with transaction():
        db.session.execute(update(Message).values(state=SENT, ended_at=datetime(2010, 11, 8, 9, tzinfo=UTC)))
    assert "automatic email" not in visible(opened(sign_in(jack), "/audits/CP-001"))
    clock_at(date(2010, 11, 8))
    client = sign_in(jack)
    log = visible(opened(client, "/audits/CP-001"))
    assert "Mon 8 Nov 2010 automatic email Reminder to Alison Hartley (overdue by 3 working days)" in log
    assert "Mon 8 Nov automatic reminder" in visible(opened(client, "/audits"))


@pytest.mark.parametrize("page", ["lift-exemption", "log-chase", "withdraw"])
def test_a_form_says_that_auditors_can_read_what_is_entered(
    sign_in: Callable[[Person], FlaskClient], jack: Person, alison: Person, page: str
) -> None:
    an_audit("CP-001", lead=alison, exempted_on=date(2010, 11, 4) if page == "lift-exemption" else None)
    shown = visible(sign_in(jack).get(f"/audits/CP-001/{page}").get_data(as_text=True))
    assert "The auditors of the audit can read this. Do not name a child or parent" in shown
